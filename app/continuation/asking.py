"""Writing down what comes next, proposing what follows from it, and taking that back."""

from __future__ import annotations

from datetime import date, datetime

from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.audit import trail
from app.continuation import queries, rules
from app.continuation.models import NextStep
from app.extensions import db, new_uid
from app.groups import queries as groups
from app.groups import roster
from app.groups.models import Group, Membership
from app.groups.queries import Member
from app.requests import referring, requesting
from app.requests.models import CLOSED, Referral, Request
from app.requests.requesting import Wish
from app.requests.sealing import desk_of
from app.vault import vaults


def answer(
    viewer: Viewer,
    group: Group,
    member: Member,
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

    Counselling proposes a referral to the desk, another group of the place puts
    the person on its waiting list, one of another place asks its desk. What was
    proposed once is not proposed again; what the answer no longer leads to is
    taken back, where nobody went on with it. Raises RuleBroken.
    """
    groups.refuse_without_roster(viewer, group)
    stay, vault = member.stay, viewer.keys.vault("roster", group.uid) or ""
    step = queries.step_of(stay.uid)
    leads_to = rules.leads_on(choice, agreed, group, other_group)
    rules.ask_again(ask_again_on, before=step.ask_again_on if step else None, today=on)
    if step is None:
        step = NextStep(
            uid=new_uid(), membership_uid=stay.uid, group_uid=group.uid, person_uid=stay.person_uid
        )
        db.session.add(step)
    step.choice, step.ask_again_on = choice, ask_again_on
    step.agreed_on = (step.agreed_on or on) if agreed else None
    step.recorded_by, step.recorded_at = viewer.uid, at
    step.remark = vaults.seal_text(vault, remark, rules.remark_place(step.uid)) if remark else None
    _take_back(step, leads_to, other_group, on=on, at=at)
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
        step.stay_uid = roster.wait(
            other_group, person_uid=stay.person_uid, card=member.card, at=at
        ).uid
    elif leads_to == "request" and step.request_uid is None and other_group is not None:
        step.request_uid = _ask_elsewhere(viewer, group, stay, other_group, remark, at=at).uid
    db.session.flush()
    trail.record("next-step", "group", group.uid, vault_uid=vault, person_uid=stay.person_uid)
    return step


def _take_back(
    step: NextStep, leads_to: str, other_group: Group | None, *, on: date, at: datetime
) -> None:
    """End what the answer before had led to, unless the desk went on with it."""
    if step.referral_uid and leads_to != "referral":
        referral = db.session.get_one(Referral, step.referral_uid, with_for_update=True)
        if referral.state in ("proposed", "agreed"):
            referring.take_back(referral, at=at)
            step.referral_uid = None
    if step.stay_uid:
        there = db.session.get_one(Membership, step.stay_uid)
        stands = leads_to == "waiting" and other_group and there.group_uid == other_group.uid
        if there.ended_as is not None:
            step.stay_uid = None
        elif there.joined_on is None and not stands:
            roster.stop_waiting(there, on=on)
            step.stay_uid = None
    if step.request_uid:
        request = db.session.get_one(Request, step.request_uid, with_for_update=True)
        stands = leads_to == "request" and other_group and request.site_uid == other_group.site_uid
        if request.ended_at is None and not stands:
            requesting.end(request, CLOSED, "", at=at)
            step.request_uid = None
    db.session.flush()


def _ask_elsewhere(
    viewer: Viewer, group: Group, stay: Membership, other_group: Group, remark: str, *, at: datetime
) -> Request:
    """A request to the desk of another place, which can open the person's card from now on."""
    key = queries.person_key(viewer, group, stay.person_uid)
    vaults.share(desk_of(other_group.site_uid), stay.person_uid, key, viewer.keys)
    said = [_("For the group %(group)s.", group=other_group.name), remark]
    wish = Wish("facilitator", "support_group", "routine", " ".join(filter(None, said)))
    return requesting.open_request(
        viewer, wish, person_uid=stay.person_uid, site_uid=other_group.site_uid, at=at
    )
