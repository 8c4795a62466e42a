"""A meeting, its roll twice, and its notes."""

from __future__ import annotations

import secrets
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404

from bench.peer import queries
from bench.peer.models import FollowUp, Meeting, Note, Staff
from bench.peer.page import page, signed_in


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
    return page(
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
    return page(request, "roll", f"الحضور — {found['number']}", "groups", **found)


@signed_in
def one(request: HttpRequest, user: Staff, uid: str) -> HttpResponse:
    """Everyone expected, of whom the first who is not marked is shown."""
    found = _expected(user, uid)
    following = next((person.uid for person in found["people"] if person.mark is None), "")
    return page(request, "one", "الحضور", "groups", next=following, **found)


@signed_in
def note(request: HttpRequest, user: Staff, uid: str) -> HttpResponse:
    """Three boxes, and last time's notes."""
    found = _meeting(user, uid)
    signed = Note.objects.filter(kind="note", signed_at__isnull=False, error_at=None)
    before = signed.filter(meeting__group_id=found["m"].group_id, meeting__on__lt=found["m"].on)
    own = Note.objects.filter(meeting_id=uid, author=user, kind="note", error_at=None)
    return page(
        request,
        "note",
        f"ملاحظات {found['number']}",
        "groups",
        own=own.select_related("text").first(),
        last=signed.filter(meeting=before.order_by("-meeting__on").values("meeting")[:1])
        .select_related("author", "text")
        .only("author__working_name", "text")
        .order_by("signed_at"),
        page_id=secrets.token_hex(5),
        **found,
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
