"""Marking attendance as a list and one by one; why someone was absent."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any

from flask import Response, abort, request

from app.accounts.viewer import viewer
from app.audit import trail
from app.clock import now, today
from app.errors import RuleBroken, or_404
from app.follow_ups import following_up
from app.groups import queries as groups
from app.groups.models import Group
from app.policy import allow
from app.sessions import attendance, queries, rules, sealing
from app.sessions.forms import AbsenceForm
from app.sessions.grid import NOT_RECORDED, PENS
from app.sessions.models import MARKS, GroupSession
from app.sessions.queries import Expected
from app.sessions.views import bp
from app.web import taps
from app.web.answers import back_to, changed, page, query, refused

CELL = re.compile(r"c[0-9]{1,4}-[0-9]{1,4}")  # the name of a sign of the grid
FLAG = "f-"  # a button named f-<stay> ticks or unticks "needs follow-up"


@bp.get("/sessions/<uid>/attendance")
@allow("attendance.mark")
def roll(uid: str) -> Response:
    """Everyone expected, with four marks each; every tap saves by itself."""
    return page("sessions/roll.html", region="tally", one=False, **_roll(uid))


@bp.get("/sessions/<uid>/attendance/one")
@allow("attendance.mark")
def one(uid: str) -> Response:
    """One person with four large buttons: the first unmarked, or the next after ?after=; then done."""
    shown = _roll(uid)
    at = query("at") or next(iter(shown["replaced"]), "")
    person = _next(shown["expected"], query("after"), at)
    return page("sessions/one.html", region="tally", one=True, person=person, **shown)


def _roll(uid: str) -> dict[str, Any]:
    """Everybody expected, and how far it is: what both ways to mark show."""
    meeting, group = queries.meeting_or_404(viewer(), uid)
    meetings = queries.meetings(group)
    expected = queries.expected(viewer(), meeting, group)
    trail.saw("roster-opened", "session", uid)
    return {
        "meeting": meeting,
        "group": group,
        "number": rules.numbers(meetings).get(uid),
        "of": rules.planned_number(group, meetings),
        "expected": expected,
        "reads": bool(groups.roster_vault(viewer(), group)),
        "tally": queries.counted(expected),
        "facilitates": "facilitator" in viewer().roles,
        **taps.led_to(MARKS),
    }


@bp.post("/sessions/<uid>/attendance")
@allow("attendance.mark")
def mark(uid: str) -> Response:
    """The taps, saved: htmx gets the rows that changed and the count, a browser the list at the same place."""
    # What is followed up names the group: that is locked above the meeting, as everywhere.
    follows_up = any(name.startswith(FLAG) for name in request.form)
    meeting, group = queries.meeting_or_404(viewer(), uid, lock=True, with_group=follows_up)
    typed = taps.typed(_is_tap)
    flags = [(name, value) for name, value in typed if name.startswith(FLAG)]
    marked = [tap for tap in typed if tap not in flags]
    day, at = today(group.site.zone), now()
    taken = attendance.take(viewer(), group, meeting, marked, today=day, at=at)
    _flag(meeting, group, taken, flags, today=day, at=at)
    one_by_one = "one" in request.form
    back = "sessions.one" if one_by_one else "sessions.roll"
    if taken.was_in_vain:
        return refused(back, message=taken.refused[0], uid=uid)

    def rows_and_count() -> Response:
        return page(
            "sessions/roll.html",
            region="tally",
            meeting=meeting,
            tally=taken.tally(meeting.on),
            flags=[(name.removeprefix(FLAG), value == "yes") for name, value in flags],
            one=one_by_one,
            **taken.rows(taken.marks, MARKS),
        )

    return changed(
        back,
        region="tally",
        lighter=rows_and_count,
        uid=uid,
        after=taken.last if one_by_one and marked else None,
        **taken.address(),
    )


@bp.post("/groups/<uid>/attendance")
@allow("attendance.mark")
def correct(uid: str) -> Response:
    """The group's grid with one mark as it was tapped, what stood there, and a button that takes it back."""
    of_address = groups.get_or_404(viewer(), uid)
    stay_uid, meeting_uid, cell, wanted = _cell()
    meeting, group = queries.meeting_or_404(viewer(), meeting_uid, lock=True)
    if group.uid != of_address.uid:
        abort(404)
    before = queries.attendance(meeting, stay_uid)
    was = before.mark if before else NOT_RECORDED
    tap = (stay_uid, "" if wanted == NOT_RECORDED else wanted)
    day, at = today(group.site.zone), now()
    taken = attendance.take(viewer(), group, meeting, [tap], today=day, at=at)
    if taken.was_in_vain:
        return refused("notebook.group", message=taken.refused[0], uid=uid)
    return changed(
        "notebook.group",
        region="corrected",
        at="grid",
        uid=uid,
        mark=request.form["mark"][0],
        cell=cell,
        stay=stay_uid,
        meeting=meeting_uid,
        was=was[0] if taken.changed else None,
    )


def _cell() -> tuple[str, str, str, str]:
    """What was tapped: the stay and the meeting, where they stand on the page, and the mark that is wanted.

    A sign is named by its line and its column in those that the page was made of, and takes the
    mark in hand; what takes a change back says the mark that was there.
    """
    form, cell = request.form, next(filter(CELL.fullmatch, request.form), "c")
    wanted = form.get(cell) or form.get("mark", "")
    lines, meetings = form.get("lines", "").split(), form.get("meetings", "").split()
    try:
        line, column = map(int, cell[1:].split("-"))
        stay, meeting = lines[line], meetings[column]
    except (ValueError, IndexError):
        abort(400)
    if wanted not in PENS or form.get("mark") not in PENS:
        abort(400)
    return stay, meeting, cell[1:], wanted


def _is_tap(name: str, value: str) -> bool:
    """Whether a field is a button of the roll: a mark, everyone else, an undo, or a tick."""
    ticks = name.startswith(FLAG) and value in ("yes", "no")
    return ticks or name == taps.UNDO or (value in MARKS and not name.startswith(FLAG))


def _flag(
    meeting: GroupSession,
    group: Group,
    taken: attendance.TakenDown,
    flags: list[tuple[str, str]],
    *,
    today: date,
    at: datetime,
) -> None:
    """Tick or untick "needs follow-up" for those whose tick was tapped."""
    since = max(meeting.on, today)
    for name, value in flags:
        row = taken.roll.get(name.removeprefix(FLAG))
        if row is None:
            if not taken.touched:
                abort(404)
            continue
        person_uid, wanted = row.stay.person_uid, value == "yes"
        try:
            following_up.flag(
                viewer(), group, meeting.uid, person_uid, wanted=wanted, since=since, at=at
            )
        except RuleBroken as broken:
            taken.refused.append(broken.message)
        else:
            taken.changed += 1


@bp.get("/sessions/<uid>/attendance/<stay_uid>")
@allow("attendance.mark")
def absence(uid: str, stay_uid: str) -> Response:
    """One person's mark, why they were absent, and a way to take the mark back."""
    meeting, group = queries.meeting_or_404(viewer(), uid)
    person = queries.expected_or_404(viewer(), meeting, group, stay_uid)
    opens = groups.opens_roster(viewer(), group)
    marked = queries.attendance(meeting, stay_uid) if opens else None
    reason = sealing.reason(viewer(), group, marked) if marked else ""
    form = AbsenceForm.shown(reason=reason)
    trail.saw("attendance-opened", "session", uid, person_uid=person.person_uid)
    return page(
        "sessions/absence.html", form=form, meeting=meeting, group=group, person=person, opens=opens
    )


@bp.post("/sessions/<uid>/attendance/<stay_uid>")
@allow("attendance.mark")
@back_to("sessions.absence")
def explain(uid: str, stay_uid: str) -> Response:
    """The list again, with the reason kept for those who know the group's members.

    Who cannot read the reason that stands there writes no other over it.
    """
    meeting, group = queries.meeting_or_404(viewer(), uid, lock=True)
    person = queries.expected_or_404(viewer(), meeting, group, stay_uid)
    form = AbsenceForm.checked()
    marked = or_404(queries.attendance(meeting, stay_uid))
    groups.refuse_without_roster(viewer(), group)
    attendance.explain(group, person.person_uid, marked, form.reason.data or "")
    return changed("sessions.roll", uid=uid, said="saved", at=f"p{stay_uid}")


@bp.post("/sessions/<uid>/attendance/<stay_uid>/removal")
@allow("attendance.mark")
def unmark(uid: str, stay_uid: str) -> Response:
    """The list again: this person is not recorded."""
    meeting, group = queries.meeting_or_404(viewer(), uid, lock=True)
    stay = queries.stay_of_group_or_404(group, stay_uid)
    attendance.unmark(meeting, stay)
    return changed("sessions.roll", uid=uid, said="undone", at=f"p{stay_uid}")


def _next(expected: list[Expected], after: str, at: str) -> Expected | None:
    """Who is shown: the one asked for, the one after another, or the first unmarked."""
    uids = [person.uid for person in expected]
    if at in uids:
        return expected[uids.index(at)]
    start = uids.index(after) + 1 if after in uids else 0
    unmarked = [person for person in expected[start:] + expected[:start] if person.mark is None]
    return unmarked[0] if unmarked else None
