"""What comes next for the members of a group: one row each, filled in with the member."""

from __future__ import annotations

from flask import Blueprint, Response, abort

from app.accounts.viewer import viewer
from app.audit import trail
from app.clock import now, today
from app.continuation import asking, queries
from app.continuation.forms import CHOICE_WORDS, NextStepForm
from app.errors import RuleBroken
from app.groups import queries as groups
from app.groups import roster
from app.groups import rules as group_rules
from app.groups.models import Group, Membership
from app.i18n import language
from app.policy import allow
from app.web.answers import back_to, changed, page

bp = Blueprint("continuation", __name__)


@bp.get("/groups/<uid>/next")
@allow("continuation.keep")
def index(uid: str) -> Response:
    """One row per member: what they wish for, and who was not asked yet."""
    group = groups.get_or_404(viewer(), uid)
    trail.saw("roster-opened", "group", uid)
    rows = queries.rows(viewer(), group, at=now())
    return page(
        "continuation/index.html",
        group=group,
        rows=rows,
        words=CHOICE_WORDS,
        answered=sum(row.step is not None for row in rows),
        today=today(group.site.zone),
    )


@bp.get("/stays/<uid>/next")
@allow("continuation.keep")
def ask(uid: str) -> Response:
    """One member's answer, to be filled in together; and whether their stay counts as completed."""
    stay, group = _stay_or_404(uid)
    member = groups.member(viewer(), group, stay, at=now())
    step = queries.steps_of(group.uid).get(uid)
    values = (
        {
            "choice": step.choice,
            "group": queries.chosen_group(step),
            "agreed": step.agreed_on is not None,
            "ask_again_on": step.ask_again_on,
            "remark": queries.remark(viewer(), group, step),
        }
        if step
        else {}
    )
    form = _with_groups(NextStepForm.shown(**values), group)
    trail.saw("person-opened", "person", stay.person_uid, person_uid=stay.person_uid)
    return page(
        "continuation/ask.html",
        form=form,
        group=group,
        member=member,
        step=step,
        opens=groups.opens_roster(viewer(), group),
        facilitates="facilitator" in groups.with_parts_or_404(viewer(), group.uid)[1],
    )


@bp.post("/stays/<uid>/next")
@allow("continuation.keep")
@back_to("continuation.ask")
def answer(uid: str) -> Response:
    """The list with their answer; what follows from it is proposed to the coordinators."""
    stay, group = _stay_or_404(uid)
    group = groups.get_or_404(viewer(), group.uid, lock=True)
    form = _with_groups(NextStepForm.typed(), group).check()
    chosen = form.group.data if form.choice.data == "group" else ""
    try:
        asking.answer(
            viewer(),
            group,
            groups.member(viewer(), group, stay, at=now()),
            choice=form.choice.data,
            agreed=form.agreed.data,
            ask_again_on=form.ask_again_on.data,
            remark=form.remark.data or "",
            other_group=queries.group_to_join(group, chosen) if chosen else None,
            on=today(group.site.zone),
            at=now(),
        )
    except RuleBroken as broken:
        raise RuleBroken(broken.message, broken.field or ("group" if chosen else "")) from broken
    return changed("continuation.index", uid=group.uid, said="saved")


@bp.post("/stays/<uid>/completion/<any(yes, no):as_>")
@allow("continuation.count")
@back_to("continuation.ask")
def count(uid: str, as_: str) -> Response:
    """The member's answer again: their stay counts as completed because a facilitator says so."""
    stay, group = _stay_or_404(uid)
    group = groups.get_or_404(viewer(), group.uid, lock=True)
    roster.count_as_completed(group, stay, yes=as_ == "yes", on=today(group.site.zone))
    return changed("continuation.ask", uid=uid, said="saved")


def _stay_or_404(uid: str) -> tuple[Membership, Group]:
    stay, group = groups.stay_and_group_or_404(viewer(), uid)
    if not group_rules.stayed_to_the_end(stay, group):
        abort(404)
    return stay, group


def _with_groups(form: NextStepForm, group: Group) -> NextStepForm:
    form.group.choices = [("", "–")]
    for other in queries.groups_to_join(group):
        elsewhere = (
            "" if other.site_uid == group.site_uid else f" · {other.site.called(language())}"
        )
        form.group.choices.append((other.uid, other.name + elsewhere))
    return form
