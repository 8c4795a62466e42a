"""Today, the groups, a group, a person and the people."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
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
    SignUp,
    Staff,
    Workshop,
)
from bench.peer.page import page, signed_in


@signed_in
def today(request: HttpRequest, user: Staff) -> HttpResponse:
    """The next meeting, what is to be written and to be done, workshops, meetings to come."""
    at, on = timezone.now(), timezone.localdate()
    since, until = at - timedelta(hours=12), at + timedelta(days=14)
    coming = queries.coming(user, since)
    workshops = [_counted(one, at) for one in queries.workshops(user, since, until)]
    found: dict[str, Any] = {}
    for following in coming[:1]:
        found = _strip(queries.meetings(following.group_id))
        found["m"] = following
        found["of"] = max(following.group.planned_sessions, found["counting"])
        found["number"] = next(m.number for m in found["meetings"] if m.uid == following.uid)
        if following.on <= on:
            found["tally"] = queries.tally(following)
    return page(
        request,
        "today",
        "اليوم",
        "today",
        today=on,
        coming=coming[1:],
        unsigned=queries.unsigned(user, at),
        due=queries.due(user, on + timedelta(days=7)),
        workshops=workshops,
        offers=[offer for workshop in workshops for offer in workshop.offers],
        **found,
    )


@signed_in
def groups(request: HttpRequest, user: Staff) -> HttpResponse:
    """One's groups."""
    found = queries.groups(user, timezone.now())
    return page(request, "groups", "المجموعات", "groups", groups=found)


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
    return page(
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
    return page(
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
    return page(
        request,
        "people",
        "الأشخاص",
        "people",
        people=mine.only("person_id", "name", "code", "do_not_contact").order_by("folded")[:50],
        total=total,
        last_page=-(-total // 50),
    )


def _strip(meetings: list[Meeting]) -> dict[str, Any]:
    return {
        "meetings": meetings,
        "counting": sum(bool(meeting.number) for meeting in meetings),
        "held": sum(meeting.state == "held" for meeting in meetings),
    }


def _counted(workshop: Workshop, at: datetime) -> Workshop:
    """A workshop with how many of each state there are on its list."""
    of_state: dict[str, list[SignUp]] = {}
    for sign_up in workshop.sign_ups.all():
        of_state.setdefault(sign_up.state(at), []).append(sign_up)
    taken = sum(len(of_state.get(state, [])) for state in ("confirmed", "offered", "attended"))
    workshop.asked = len(of_state.get("requested", []))
    workshop.waiting = len(of_state.get("waiting", []))
    workshop.left = workshop.seats - taken
    workshop.untold = sum(
        bool(one.moved_up_at) and not one.told_at for one in of_state.get("confirmed", [])
    )
    soon = at + timedelta(days=2)
    workshop.offers = [one for one in of_state.get("offered", []) if one.offered_until <= soon]
    return workshop


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
