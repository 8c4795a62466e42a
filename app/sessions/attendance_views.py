"""Marking attendance as a list and one by one; why someone was absent."""

from __future__ import annotations

from flask import Response, abort, request

from app.accounts.viewer import viewer
from app.audit import trail
from app.clock import now, today
from app.errors import RuleBroken
from app.groups import queries as groups
from app.policy import allow
from app.sessions import attendance, follow_ups, queries, rules, sealing
from app.sessions.forms import AbsenceForm
from app.sessions.models import MARKS
from app.sessions.queries import Expected
from app.sessions.views import bp
from app.web.answers import changed, page, query, refused

FLAG = "f-"  # a button named f-<stay> ticks or unticks "needs follow-up"


@bp.get("/sessions/<uid>/attendance")
@allow("attendance.mark")
def roll(uid: str) -> Response:
    """Everyone expected, with four marks each; every tap saves by itself."""
    meeting, group = queries.meeting_or_404(viewer(), uid)
    meetings = queries.meetings(group)
    expected = queries.expected(viewer(), meeting, group)
    trail.saw("roster-opened", "session", uid)
    return page(
        "sessions/roll.html",
        region="tally",
        meeting=meeting,
        group=group,
        number=rules.numbers(meetings).get(uid),
        of=rules.planned_number(group, meetings),
        expected=expected,
        reads=bool(groups.roster_vault(viewer(), group)),
        tally=(sum(person.mark is not None for person in expected), len(expected)),
        tapped=None,
        facilitates="facilitator" in viewer().roles,
    )


@bp.post("/sessions/<uid>/attendance")
@allow("attendance.mark")
def mark(uid: str) -> Response:
    """The tap, saved: htmx gets one row and the count, a browser the list at the same place."""
    meeting, group = queries.meeting_or_404(viewer(), uid, lock=True)
    name, wanted = _tapped()
    stay = queries.stay_of_group_or_404(group, name.removeprefix(FLAG))
    one_by_one = "one" in request.form
    back = "sessions.one" if one_by_one else "sessions.roll"
    flagged = name.startswith(FLAG)
    try:
        if flagged:
            follow_ups.flag(
                viewer(),
                group,
                meeting,
                stay.person_uid,
                wanted=wanted == "yes",
                today=today(group.site.zone),
                at=now(),
            )
        else:
            attendance.mark(
                viewer(), group, meeting, stay, wanted, today=today(group.site.zone), at=now()
            )
    except RuleBroken as broken:
        return refused(back, message=broken, uid=uid)
    if one_by_one:
        return changed(back, uid=uid, after=stay.uid if not flagged else None)

    def row_and_count() -> Response:
        return page(
            "sessions/roll.html",
            region="tally",
            meeting=meeting,
            tally=queries.tally(meeting),
            tapped=(stay.uid, wanted, flagged),
        )

    return changed(back, uid=uid, at=f"p{stay.uid}", region="tally", lighter=row_and_count)


@bp.get("/sessions/<uid>/attendance/one")
@allow("attendance.mark")
def one(uid: str) -> Response:
    """One person with four large buttons: the first unmarked, or the next after ?after=; then done."""
    meeting, group = queries.meeting_or_404(viewer(), uid)
    expected, meetings = queries.expected(viewer(), meeting, group), queries.meetings(group)
    person = _next(expected, query("after"), query("at"))
    trail.saw("roster-opened", "session", uid)
    return page(
        "sessions/one.html",
        region="one",
        meeting=meeting,
        group=group,
        number=rules.numbers(meetings).get(uid),
        of=rules.planned_number(group, meetings),
        person=person,
        position=expected.index(person) + 1 if person else 0,
        expected=expected,
        reads=bool(groups.roster_vault(viewer(), group)),
        tally=(sum(p.mark is not None for p in expected), len(expected)),
        facilitates="facilitator" in viewer().roles,
    )


@bp.get("/sessions/<uid>/attendance/<stay_uid>")
@allow("attendance.mark")
def absence(uid: str, stay_uid: str) -> Response:
    """One person's mark, why they were absent, and a way to take the mark back."""
    meeting, group = queries.meeting_or_404(viewer(), uid)
    person = queries.expected_or_404(viewer(), meeting, group, stay_uid)
    opens = groups.opens_roster(viewer(), group)
    reason = (
        sealing.reason(viewer(), group, person.attendance) if person.attendance and opens else ""
    )
    form = AbsenceForm.shown(reason=reason)
    trail.saw("attendance-opened", "session", uid, person_uid=person.person_uid)
    return page(
        "sessions/absence.html",
        form=form,
        meeting=meeting,
        group=group,
        person=person,
        opens=opens,
    )


@bp.post("/sessions/<uid>/attendance/<stay_uid>")
@allow("attendance.mark")
def explain(uid: str, stay_uid: str) -> Response:
    """The list again, with the reason kept for those who know the group's members.

    Who cannot read the reason that stands there writes no other over it.
    """
    meeting, group = queries.meeting_or_404(viewer(), uid, lock=True)
    person = queries.expected_or_404(viewer(), meeting, group, stay_uid)
    form = AbsenceForm.typed()
    if not form.validate():
        return refused("sessions.absence", form=form, uid=uid, stay_uid=stay_uid)
    if person.attendance is None:
        abort(404)
    try:
        groups.refuse_without_roster(viewer(), group)
    except RuleBroken as broken:
        return refused("sessions.absence", form=form, message=broken, uid=uid, stay_uid=stay_uid)
    attendance.explain(group, person.person_uid, person.attendance, form.reason.data or "")
    return changed("sessions.roll", uid=uid, said="saved", at=f"p{stay_uid}")


@bp.post("/sessions/<uid>/attendance/<stay_uid>/removal")
@allow("attendance.mark")
def unmark(uid: str, stay_uid: str) -> Response:
    """The list again: this person is not recorded."""
    meeting, group = queries.meeting_or_404(viewer(), uid, lock=True)
    stay = queries.stay_of_group_or_404(group, stay_uid)
    attendance.unmark(meeting, stay)
    return changed("sessions.roll", uid=uid, said="undone", at=f"p{stay_uid}")


def _tapped() -> tuple[str, str]:
    """The button that was tapped: its name is the stay, its value the mark wanted."""
    for name, value in request.form.items():
        if value in MARKS or (name.startswith(FLAG) and value in ("yes", "no")):
            return name, value
    abort(400)


def _next(expected: list[Expected], after: str, at: str) -> Expected | None:
    """Who is shown: the one asked for, the one after another, or the first unmarked."""
    uids = [person.uid for person in expected]
    if at in uids:
        return expected[uids.index(at)]
    start = uids.index(after) + 1 if after in uids else 0
    unmarked = [person for person in expected[start:] + expected[:start] if person.mark is None]
    return unmarked[0] if unmarked else None
