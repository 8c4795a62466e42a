"""The nine pages."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from bench.peer import queries
from bench.peer.models import (
    Assignment,
    Attendance,
    Card,
    FollowUp,
    Group,
    Meeting,
    Membership,
    NextStep,
    Note,
    SignUp,
    Staff,
)

View = Callable[..., HttpResponse]


def signed_in(view: View) -> View:
    """Refuse strangers; hand the colleague on."""

    @wraps(view)
    def guarded(request: HttpRequest, **asked: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return HttpResponseForbidden()
        return view(request, request.user, **asked)

    return guarded


def _page(request: HttpRequest, name: str, title: str, here: str, **found: Any) -> HttpResponse:
    return render(
        request, f"{name}.html", {**found, "title": title, "here": here, "user": request.user}
    )


@signed_in
def today(request: HttpRequest, user: Staff) -> HttpResponse:
    """The next meeting, what is to be written and to be done, workshops, meetings to come."""
    at, on = timezone.now(), timezone.localdate()
    since, until = at - timedelta(hours=12), at + timedelta(days=14)
    coming = queries.coming(user, since)
    workshops = queries.workshops(user, at, since, until)
    found: dict[str, Any] = {}
    for following in coming[:1]:
        found = _strip(queries.meetings(following.group_id))
        found["m"] = following
        found["of"] = max(following.group.planned_sessions, found["counting"])
        found["number"] = next(m.number for m in found["meetings"] if m.uid == following.uid)
        if following.on <= on:
            found["tally"] = queries.tally(following)
    return _page(
        request,
        "today",
        "اليوم",
        "today",
        today=on,
        coming=coming[1:],
        unsigned=queries.unsigned(user, at),
        due=queries.due(user, on + timedelta(days=7)),
        workshops=workshops,
        offers=queries.offers(workshops, at, at + timedelta(days=2)),
        **found,
    )


@signed_in
def groups(request: HttpRequest, user: Staff) -> HttpResponse:
    """One's groups."""
    found = queries.groups(user, timezone.now())
    return _page(request, "groups", "المجموعات", "groups", groups=found)


@signed_in
def group(request: HttpRequest, user: Staff, uid: str) -> HttpResponse:
    """A group with its members, their rates, and its meetings."""
    found = get_object_or_404(
        Group.objects.select_related("site").filter(queries.reached(user)), uid=uid
    )
    strip, at, on = _strip(queries.meetings(uid)), timezone.now(), timezone.localdate()
    meetings = strip["meetings"]
    marks: dict[str, list[str]] = {}
    of_group = Attendance.objects.filter(meeting__group_id=uid, meeting__held_at__isnull=False)
    for stay, mark in of_group.order_by("meeting__on", "meeting__at").values_list(
        "membership_id", "mark"
    ):
        marks.setdefault(stay, []).append(mark)
    held = [meeting.on for meeting in meetings if meeting.state == "held"]
    roster = list(
        Membership.objects.filter(group_id=uid)
        .select_related("person")
        .only(
            *("uid", "person_id", "waiting_at", "offered_until", "joined_on", "ended_on"),
            *("ended_as", "person__name", "person__code"),
        )
        .annotate(stopped=queries.stopped())
        .order_by("person__folded")
    )
    by_state: dict[str, list[Membership]] = {}
    for stay in roster:
        by_state.setdefault(_rated(stay, marks.get(stay.uid, []), held).state(at), []).append(stay)
    team = list(
        Assignment.objects.filter(of_uid=uid, ended_at=None)
        .select_related("user")
        .only("part", "user__working_name")
        .order_by("part", "user__working_name")
    )
    offered = len(by_state.get("offered", []))
    return _page(
        request,
        "group",
        "مجموعة",
        "groups",
        g=found,
        today=on,
        meets_today=next((m.uid for m in meetings if m.on == on and m.number), ""),
        of=max(found.planned_sessions, strip["counting"]),
        last=meetings[-1],
        facilitators=[one for one in team if one.part == "facilitator"],
        supervisors=[one for one in team if one.part == "supervisor"],
        members=by_state.get("active", []),
        taken=len(by_state.get("active", [])) + offered,
        waiting=len(by_state.get("waiting", [])) + offered,
        former=[stay for stay in roster if stay.ended_as in ("left", "completed")],
        **strip,
    )


@signed_in
def session(request: HttpRequest, user: Staff, uid: str) -> HttpResponse:
    """One meeting."""
    found = _meeting(user, uid)
    notes = [
        note
        for note in Note.objects.filter(meeting_id=uid, kind="note")
        .select_related("author")
        .only("uid", "author_id", "signed_at", "author__working_name")
        .order_by("saved_at")
        if note.signed_at or note.author_id == user.uid
    ]
    return _page(
        request,
        "session",
        f"اللقاء {found['number']} من {found['of']}",
        "groups",
        tally=queries.tally(found["m"]),
        notes=notes,
        has_own=any(note.author_id == user.uid for note in notes),
        follow_ups=queries.open_follow_ups(found["m"]),
        **found,
    )


@signed_in
def roll(request: HttpRequest, user: Staff, uid: str) -> HttpResponse:
    """Everyone expected, with four marks each."""
    found = _expected(user, uid)
    return _page(request, "roll", f"الحضور — {found['number']}", "groups", **found)


@signed_in
def one(request: HttpRequest, user: Staff, uid: str) -> HttpResponse:
    """Everyone expected, of whom the first who is not marked is shown."""
    found = _expected(user, uid)
    following = next((person.uid for person in found["people"] if person.mark is None), "")
    return _page(request, "one", "الحضور", "groups", next=following, **found)


@signed_in
def note(request: HttpRequest, user: Staff, uid: str) -> HttpResponse:
    """Three boxes, and last time's notes."""
    found = _meeting(user, uid)
    signed = Note.objects.filter(kind="note", signed_at__isnull=False, error_at=None)
    before = signed.filter(meeting__group_id=found["m"].group_id, meeting__on__lt=found["m"].on)
    own = Note.objects.filter(meeting_id=uid, author=user, kind="note", error_at=None)
    return _page(
        request,
        "note",
        f"ملاحظات {found['number']}",
        "groups",
        own=own.select_related("text").first(),
        last=signed.filter(meeting=before.order_by("-meeting__on").values("meeting")[:1])
        .select_related("author", "text")
        .only("author__working_name", "text")
        .order_by("signed_at"),
        page=secrets.token_hex(5),
        **found,
    )


@signed_in
def person(request: HttpRequest, user: Staff, uid: str) -> HttpResponse:
    """A person's card, what has been, and follow-ups."""
    at = timezone.now()
    stays = list(
        Membership.objects.filter(queries.reached(user, "group__"), person_id=uid).select_related(
            "group"
        )
    )
    card = get_object_or_404(
        Card.objects.annotate(is_stopped=queries.stopped("person_id", "")), pk=uid
    )
    return _page(
        request,
        "person",
        "شخص",
        "people" if user.role == "coordinator" else "",
        p=card,
        stopped=card.is_stopped,
        in_group=next((stay.group_id for stay in stays if stay.state(at) == "active"), ""),
        events=_events(user, uid, stays, at),
        follow_ups=FollowUp.objects.filter(queries.reached(user, "group__"), person_id=uid)
        .select_related("thing", "owner")
        .only(
            *("uid", "person_id", "owner_id", "meeting_id", "due_on", "ended_at", "ended_as"),
            *("thing__what", "owner__working_name"),
        )
        .order_by("ended_at", "due_on"),
    )


@signed_in
def people(request: HttpRequest, user: Staff) -> HttpResponse:
    """The first fifty of one's places."""
    mine = Card.objects.filter(person__site_id__in=user.parts)
    total = mine.count()
    return _page(
        request,
        "people",
        "الأشخاص",
        "people",
        people=mine.only("person_id", "name", "code", "do_not_contact").order_by("folded")[:50],
        total=total,
        last_page=-(-total // 50),
    )


def _meeting(user: Staff, uid: str) -> dict[str, Any]:
    found = get_object_or_404(
        Meeting.objects.filter(queries.reached(user, "group__"))
        .select_related("group__site")
        .only(*queries.MEETING_FIELDS, "guests", *queries.OF_GROUP),
        uid=uid,
    )
    days = list(
        Meeting.objects.filter(queries.TAKES_PLACE, group_id=found.group_id).values_list(
            "on", flat=True
        )
    )
    of = max(found.group.planned_sessions, len(days))
    return {"m": found, "number": sum(on <= found.on for on in days), "of": of}


def _expected(user: Staff, uid: str) -> dict[str, Any]:
    found = _meeting(user, uid)
    people = list(queries.expected(found["m"]))
    by_person: dict[str, list[FollowUp]] = {}
    for follow_up in queries.open_follow_ups(found["m"]):
        by_person.setdefault(follow_up.person_id, []).append(follow_up)
    for each in people:
        of_person = by_person.get(each.person_id, [])
        each.flagged = any(one.owner_id == user.uid for one in of_person)
        others = [one.owner.working_name for one in of_person if one.owner_id != user.uid]
        each.followed_up_by = "، ".join(others)
    marked = sum(each.mark is not None for each in people)
    return {**found, "people": people, "marked": marked}


def _strip(meetings: list[Meeting]) -> dict[str, Any]:
    return {
        "meetings": meetings,
        "counting": sum(bool(meeting.number) for meeting in meetings),
        "held": sum(meeting.state == "held" for meeting in meetings),
    }


def _rated(stay: Membership, marks: list[str], held: list[date]) -> Membership:
    """A stay with how often they came, of what was held during it."""
    counted = [mark for mark in marks if mark != "excused"]
    came = sum(mark in ("present", "late") for mark in counted)
    stay.percent = (200 * came + len(counted)) // (2 * len(counted)) if counted else None
    stay.missed_two = counted[-2:] == ["absent", "absent"]
    stay.missing = sum(stay.covers(on) for on in held) - len(marks)
    return stay


def _events(user: Staff, uid: str, stays: list[Membership], at: datetime) -> list[dict[str, Any]]:
    """What has been with a person, the latest first."""
    sign_ups = SignUp.objects.filter(
        queries.reached(user, "workshop__"), person_id=uid
    ).select_related("workshop__site")
    steps = NextStep.objects.filter(queries.reached(user, "group__"), person_id=uid).select_related(
        "group__site"
    )
    events = [
        (
            datetime.combine(stay.joined_on, time(), UTC) if stay.joined_on else stay.waiting_at,
            "UTC",
            ("مجموعة", stay.group.name, stay.state(at), f"/groups/{stay.group_id}"),
        )
        for stay in stays
    ]
    events += [
        (
            one.signed_up_at,
            one.workshop.site.zone,
            ("ورشة", one.workshop.title, one.state(at), f"/sign-ups/{one.uid}"),
        )
        for one in sign_ups
    ]
    events += [
        (
            step.recorded_at,
            step.group.site.zone,
            ("الاستمرار", step.group.name, step.choice, f"/stays/{step.membership_id}/next"),
        )
        for step in steps
    ]
    names = ("what", "name", "state", "address")
    return [
        {"on": moment.astimezone(ZoneInfo(zone)).date(), **dict(zip(names, said, strict=True))}
        for moment, zone, said in sorted(events, key=lambda event: event[0], reverse=True)
    ]
