"""Marking attendance as a list and one by one; a newcomer; why someone was absent; follow-ups."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, abort, request

from app.accounts.queries import working_names
from app.accounts.viewer import viewer
from app.audit import trail
from app.clock import now, today
from app.errors import RuleBroken
from app.groups import queries as groups
from app.people import cards
from app.policy import allow
from app.sessions import attendance, follow_up_queries, follow_ups, queries, rules, sealing
from app.sessions.forms import AbsenceForm, FollowUpForm, NewcomerForm
from app.sessions.models import MARKS
from app.sessions.queries import Expected
from app.sessions.views import bp
from app.web.answers import changed, page, query, refused
from app.web.once import once

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
        tally=(sum(p.mark is not None for p in expected), len(expected)),
        facilitates="facilitator" in viewer().roles,
    )


@bp.get("/sessions/<uid>/attendance/<stay_uid>")
@allow("attendance.mark")
def absence(uid: str, stay_uid: str) -> Response:
    """One person's mark, why they were absent, and a way to take the mark back."""
    meeting, group = queries.meeting_or_404(viewer(), uid)
    person = queries.expected_or_404(viewer(), meeting, group, stay_uid)
    reason = sealing.reason(viewer(), group, person.attendance) if person.attendance else ""
    form = AbsenceForm.shown(reason=reason)
    trail.saw("attendance-opened", "session", uid, person_uid=person.person_uid)
    return page("sessions/absence.html", form=form, meeting=meeting, group=group, person=person)


@bp.post("/sessions/<uid>/attendance/<stay_uid>")
@allow("attendance.mark")
def explain(uid: str, stay_uid: str) -> Response:
    """The list again, with the reason kept for those who know the group's members."""
    meeting, group = queries.meeting_or_404(viewer(), uid, lock=True)
    person = queries.expected_or_404(viewer(), meeting, group, stay_uid)
    form = AbsenceForm.typed()
    if not form.validate():
        return refused("sessions.absence", form=form, uid=uid, stay_uid=stay_uid)
    if person.attendance is None:
        abort(404)
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


@bp.get("/sessions/<uid>/people/new")
@allow("attendance.add_person")
def newcomer(uid: str) -> Response:
    """The least that is asked of someone who came for the first time."""
    meeting, group = queries.meeting_or_404(viewer(), uid)
    return page("sessions/newcomer.html", form=NewcomerForm.shown(), meeting=meeting, group=group)


@bp.post("/sessions/<uid>/people/new")
@allow("attendance.add_person")
@once
def add_newcomer(uid: str) -> Response:
    """The list with one more person in it, marked as present."""
    meeting, group = queries.meeting_or_404(viewer(), uid, lock=True)
    groups.get_or_404(viewer(), group.uid, lock=True)
    form = NewcomerForm.typed()
    if not form.validate():
        return refused("sessions.newcomer", form=form, uid=uid)
    try:
        stay = attendance.add_person(
            viewer(), group, meeting, form.card(), today=today(group.site.zone), at=now()
        )
    except RuleBroken as broken:
        return refused("sessions.newcomer", form=form, message=broken, uid=uid)
    agreed = {"contact"} if form.agrees_contact.data else set()
    cards.agree(stay.person_uid, agreed, by=viewer().uid, on=today(group.site.zone))
    return changed("sessions.roll", uid=uid, said="person-added", at=f"p{stay.uid}")


@bp.get("/sessions/<uid>/follow-ups/<person_uid>")
@allow("follow_ups.keep")
def follow_up(uid: str, person_uid: str) -> Response:
    """What is to be done for one person after this meeting, by whom and until when."""
    meeting, group = queries.meeting_or_404(viewer(), uid)
    person = _expected_person(uid, person_uid)
    existing = next(
        (
            f
            for f in follow_up_queries.follow_ups(viewer(), of_meeting=meeting)
            if f.person_uid == person_uid
        ),
        None,
    )
    form = FollowUpForm.shown(
        what=sealing.what(viewer(), existing) if existing else "",
        owner=existing.owner_uid if existing else viewer().uid,
        due_on=existing.due_on if existing else today(group.site.zone) + timedelta(days=7),
    )
    form.owner.choices = _owners(group)
    trail.saw("follow-up-opened", "session", uid, person_uid=person_uid)
    return page(
        "sessions/follow_up.html",
        form=form,
        meeting=meeting,
        group=group,
        person=person,
        existing=existing,
    )


@bp.post("/sessions/<uid>/follow-ups/<person_uid>")
@allow("follow_ups.keep")
def keep_follow_up(uid: str, person_uid: str) -> Response:
    """The meeting's page with the follow-up."""
    meeting, group = queries.meeting_or_404(viewer(), uid, lock=True)
    _expected_person(uid, person_uid)
    form = FollowUpForm.typed()
    form.owner.choices = _owners(group)
    if not form.validate():
        return refused("sessions.follow_up", form=form, uid=uid, person_uid=person_uid)
    existing = next(
        (
            f
            for f in follow_up_queries.follow_ups(viewer(), of_meeting=meeting)
            if f.person_uid == person_uid
        ),
        None,
    )
    try:
        follow_ups.keep(
            viewer(),
            group,
            meeting,
            person_uid,
            owner_uid=form.owner.data,
            due_on=form.due_on.day,
            text=form.what.data or "",
            at=now(),
            follow_up=existing,
        )
    except RuleBroken as broken:
        form.refuse(broken.message, broken.field)
        return refused("sessions.follow_up", form=form, uid=uid, person_uid=person_uid)
    return changed("sessions.show", uid=uid, said="saved")


@bp.post("/follow-ups/<uid>/<as_>")
@allow("follow_ups.keep")
def end_follow_up(uid: str, as_: str) -> Response:
    """Today, without what is done or dropped; a strip takes it back."""
    found, _meeting, _group = follow_up_queries.follow_up_or_404(viewer(), uid, lock=True)
    if as_ not in ("done", "dropped", "undo"):
        abort(404)
    if as_ == "undo":
        try:
            follow_ups.reopen(found)
        except RuleBroken as broken:
            return refused("notebook.today", message=broken)
        return changed("notebook.today", said="undone")
    follow_ups.end(found, as_=as_, at=now())
    return changed("notebook.today", said="follow-up-ended", of=uid)


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


def _expected_person(uid: str, person_uid: str) -> Expected:
    meeting, group = queries.meeting_or_404(viewer(), uid)
    for person in queries.expected(viewer(), meeting, group):
        if person.person_uid == person_uid:
            return person
    abort(404)


def _owners(group: object) -> list[tuple[str, str]]:
    names = working_names(follow_ups.owners(group))  # type: ignore[arg-type]
    return sorted(names.items(), key=lambda pair: pair[1])
