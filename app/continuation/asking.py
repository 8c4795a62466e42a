"""Writing down what comes next, and proposing what follows from it."""

from __future__ import annotations

from datetime import date, datetime

from app.accounts.viewer import Viewer
from app.audit import trail
from app.continuation import queries, rules
from app.continuation.models import NextStep
from app.errors import RuleBroken
from app.extensions import db, new_uid
from app.groups import roster
from app.groups.models import Group, Membership
from app.support import referring
from app.vault import vaults


def answer(
    viewer: Viewer,
    group: Group,
    stay: Membership,
    *,
    choice: str,
    agreed: bool,
    ask_again_on: date | None,
    remark: str,
    other_group: Group | None,
    on: date,
    at: datetime,
) -> NextStep:
    """Write a member's answer down, or change it; once agreed, it proposes what follows.

    Counselling proposes a referral to the desk, another group puts the person
    on its waiting list; what was proposed once is not proposed again.
    """
    step = queries.step_of(stay.uid)
    if step is None:
        step = NextStep(
            uid=new_uid(),
            membership_uid=stay.uid,
            group_uid=group.uid,
            person_uid=stay.person_uid,
        )
        db.session.add(step)
    step.choice, step.ask_again_on = choice, ask_again_on
    step.agreed_on = (step.agreed_on or on) if agreed else None
    step.recorded_by, step.recorded_at = viewer.uid, at
    vault = vaults.find("roster", group.uid)
    if vault is None:
        raise RuntimeError("A group without a roster vault.")
    step.remark = vaults.seal_text(vault, remark, rules.remark_place(step.uid)) if remark else None
    leads_to = rules.leads_on(choice, agreed)
    if leads_to == "referral" and step.referral_uid is None:
        step.referral_uid = referring.propose(
            viewer,
            person_uid=stay.person_uid,
            site_uid=group.site_uid,
            service="counselling",
            reason=remark,
            at=at,
        ).uid
    elif leads_to == "waiting" and step.stay_uid is None and other_group is not None:
        step.stay_uid = _waits_in(other_group, stay.person_uid, at=at)
    db.session.flush()
    trail.record("next-step", "group", group.uid, vault_uid=vault, person_uid=stay.person_uid)
    return step


def _waits_in(group: Group, person_uid: str, *, at: datetime) -> str | None:
    """A place on the other group's waiting list; who is there already keeps the one they have."""
    try:
        return roster.wait(group, person_uid=person_uid, at=at).uid
    except RuleBroken:
        return None
