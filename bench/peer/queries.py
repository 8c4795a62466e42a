"""What the pages read, from what a colleague has a part in."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db.models import (
    BooleanField,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    FilteredRelation,
    Min,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
)

from bench.peer.models import (
    Assignment,
    Attendance,
    Consent,
    FollowUp,
    Group,
    Meeting,
    Membership,
    Remark,
    SignUp,
    Staff,
    Workshop,
)

TAKES_PLACE = Q(missed_at=None, cancelled_at=None)
MEETING_FIELDS = ("uid", "group_id", "on", "at", "held_at", "missed_at", "cancelled_at")
OF_GROUP = ("group__name", "group__planned_sessions", "group__site__name")


def reached(user: Staff, to: str = "") -> Q:
    """What a colleague has a part in: the thing itself, or its place."""
    return Q(**{f"{to}uid__in": user.parts}) | Q(**{f"{to}site_id__in": user.parts})


def stopped(person: str = "person_id", card: str = "person__") -> Any:
    """Whether somebody asked not to be contacted, or took back that they may be."""
    asked = Consent.objects.filter(person=OuterRef(person), purpose="contact")
    withdrew = Exists(asked) & ~Exists(asked.filter(withdrawn_on=None))
    said = Q(**{f"{card}do_not_contact": True})
    return ExpressionWrapper(said | withdrew, output_field=BooleanField())


def coming(user: Staff, since: datetime) -> list[Meeting]:
    """The next meetings of one's groups."""
    return list(
        Meeting.objects.filter(
            reached(user, "group__"),
            TAKES_PLACE,
            starts_at__gte=since,
            group__completed_at=None,
            group__cancelled_at=None,
        )
        .select_related("group__site")
        .only(*MEETING_FIELDS, *OF_GROUP)
        .order_by("starts_at")[:8]
    )


def meetings(group_uid: str) -> list[Meeting]:
    """The meetings of a group, numbered."""
    found = list(
        Meeting.objects.filter(group_id=group_uid).only(*MEETING_FIELDS).order_by("on", "at")
    )
    number = 0
    for meeting in found:
        if meeting.state in ("held", "scheduled"):
            number += 1
            meeting.number = number
    return found


def tally(meeting: Meeting) -> dict[str, int]:
    """How many are marked, of how many."""
    return _covering(meeting).aggregate(
        expected=Count("uid", distinct=True),
        marked=Count("marks__mark", filter=Q(marks__meeting=meeting)),
    )


def expected(meeting: Meeting) -> QuerySet[Membership]:
    """Everyone expected at a meeting, by name, with their mark."""
    of_meeting = Attendance.objects.filter(meeting=meeting, membership=OuterRef("uid"))
    return (
        _covering(meeting)
        .select_related("person")
        .only("uid", "person_id", "person__name", "person__code")
        .annotate(mark=of_meeting.values("mark")[:1])
        .order_by("person__folded")
    )


def _covering(meeting: Meeting) -> QuerySet[Membership]:
    return Membership.objects.filter(
        Q(ended_on=None) | Q(ended_on__gte=meeting.on),
        group_id=meeting.group_id,
        joined_on__lte=meeting.on,
    )


def open_follow_ups(meeting: Meeting) -> QuerySet[FollowUp]:
    """What is to be followed up after a meeting."""
    return (
        FollowUp.objects.filter(meeting=meeting, ended_at=None)
        .select_related("person", "owner")
        .only("person_id", "due_on", "person__name", "person__code", "owner__working_name")
        .order_by("due_on", "uid")
    )


def unsigned(user: Staff, at: datetime) -> list[Meeting]:
    """Meetings past that one has not signed a note of, and how far it is."""
    facilitates = Assignment.objects.filter(user=user, part="facilitator", ended_at=None)
    since = facilitates.filter(of_uid=OuterRef("group_id"), began_at__lte=OuterRef("starts_at"))
    comments = Remark.objects.filter(note=OuterRef("mine"), kind="comment")
    is_mine = Q(notes__author=user, notes__kind="note", notes__error_at=None)
    return list(
        Meeting.objects.annotate(mine=FilteredRelation("notes", condition=is_mine))
        .annotate(returned=Exists(comments), begun=F("mine__uid"))
        .filter(
            TAKES_PLACE,
            Q(mine__isnull=False) | Exists(since),
            Q(returned=True) | Q(group__completed_at=None, group__cancelled_at=None),
            group__in=facilitates.values("of_uid"),
            starts_at__lte=at,
            mine__signed_at=None,
            mine__awaiting_at=None,
        )
        .select_related("group")
        .only("uid", "on", "group__name")
        .order_by("-returned", "-starts_at")[:6]
    )


def due(user: Staff, until: date) -> list[FollowUp]:
    """One's own follow-ups that are due until a day."""
    return list(
        FollowUp.objects.filter(
            reached(user, "group__"), owner=user, ended_at=None, due_on__lte=until
        )
        .select_related("person", "thing")
        .only("uid", "due_on", "person_id", "person__name", "person__code", "thing__what")
        .annotate(stopped=stopped())
        .order_by("due_on", "uid")[:50]
    )


def workshops(user: Staff, since: datetime, until: datetime) -> list[Workshop]:
    """The workshops to come, with their lists."""
    lists = SignUp.objects.only(
        *("workshop_id", "line", "offered_until", "confirmed_at", "moved_up_at", "told_at"),
        *("ended_as", "came_as"),
    )
    return list(
        Workshop.objects.filter(
            reached(user),
            starts_at__range=(since, until),
            opened_at__isnull=False,
            held_at=None,
            cancelled_at=None,
        )
        .select_related("site")
        .prefetch_related(Prefetch("sign_ups", lists))
        .only("uid", "title_ar", "title_en", "starts_at", "seats", "site__name", "site__zone")
        .order_by("starts_at")[:8]
    )


def groups(user: Staff, at: datetime) -> QuerySet[Group]:
    """One's groups, those that meet first."""
    to_come = Q(meetings__starts_at__gte=at, meetings__missed_at=None, meetings__cancelled_at=None)
    return (
        Group.objects.filter(reached(user))
        .select_related("site")
        .annotate(next_on=Min("meetings__on", filter=to_come))
        .order_by(F("completed_at").asc(nulls_first=True), "-planned_at")
    )
