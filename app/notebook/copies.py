"""A copy of one person's record, for them: every part that the one who prints it can open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from app.accounts.viewer import Viewer
from app.continuation import queries as continuation
from app.errors import Locked
from app.groups import queries as groups
from app.groups.models import Group, Membership
from app.notebook import queries
from app.notebook.timeline import without_supervision
from app.notes.queries import OpenNote, all_within
from app.sessions import follow_up_queries
from app.sessions import queries as sessions
from app.sessions.models import FollowUp
from app.support import case_queries, case_sealing, rules
from app.support import queries as support
from app.support.models import Appointment, Case, ContactAttempt, Referral, Request


@dataclass(frozen=True)
class StayPart:
    """A stay in a group, why it ended, and day by day how the person came."""

    group: Group
    state: str
    reason: str
    marks: list[tuple[date, str | None]]


@dataclass(frozen=True)
class RequestPart:
    """A request with what was said, why it was declined, and who tried to reach the person."""

    request: Request
    text: str
    end_reason: str
    attempts: Sequence[ContactAttempt]


@dataclass(frozen=True)
class ReferralPart:
    """A referral: to which service outside, why, and why it was declined."""

    referral: Referral
    outside: str
    text: str
    decline_reason: str


@dataclass(frozen=True)
class FilePart:
    """A file with what its keeper or its supervisor can open of it."""

    case: Case
    fee_note: str
    closing_note: str
    appointments: list[Appointment]
    notes: list[tuple[Appointment, OpenNote]]


def requests(viewer: Viewer, person_uid: str) -> list[RequestPart]:
    """The person's requests; for coordinators."""
    if "coordinator" not in viewer.roles:
        return []
    found = support.requests_of_person(viewer, person_uid)
    attempts = support.attempts_of([request.uid for request in found])
    return [
        RequestPart(
            one,
            _at_desk(viewer, one, "requests", "remark"),
            _at_desk(viewer, one, "requests", "end_reason"),
            attempts[one.uid],
        )
        for one in found
    ]


def referrals(viewer: Viewer, person_uid: str) -> list[ReferralPart]:
    """The person's referrals, as far as the viewer may."""
    if not viewer.roles & {"coordinator", "counsellor"}:
        return []
    found = []
    for one in support.referrals_of_person(viewer, person_uid):
        place = rules.field_place("referrals", "reason_for_receiver", one.uid)
        text = _at_desk(viewer, one, "referrals", "reason")
        in_case = support.opened(viewer, "case", one.uid, one.reason_for_receiver, place)
        outside = support.outside_name(viewer, one)
        declined = _at_desk(viewer, one, "referrals", "decline_reason")
        found.append(ReferralPart(one, outside, text or in_case or "", declined))
    return found


def files(viewer: Viewer, person_uid: str) -> list[FilePart]:
    """The person's files that the viewer keeps or supervises, with appointments and signed notes."""
    parts = []
    for case in case_queries.cases_of_person(viewer, person_uid):
        if viewer.keys.vault("case", case.referral_uid) is None:
            continue
        booked = sorted(case_queries.appointments(case.uid), key=lambda one: one.starts_at)
        notes = all_within(viewer, case.referral_uid)
        parts.append(
            FilePart(
                case,
                case_sealing.field_text(viewer, case, "fee_note"),
                case_sealing.field_text(viewer, case, "closing_note"),
                booked,
                [(one, n) for one in booked for n in notes if n.note.of_uid == one.uid],
            )
        )
    return parts


def stays(viewer: Viewer, person_uid: str, *, at: datetime) -> list[StayPart]:
    """The person's groups, for those who lead or coordinate them."""
    if not viewer.roles & {"coordinator", "facilitator"}:
        return []
    found = []
    for stay, group in groups.stays_of_person(without_supervision(viewer), person_uid):
        held = [m for m in sessions.meetings(group) if m.state == "held" and stay.covers(m.on)]
        marks = sessions.marks_by_stay(group, held, [stay]).get(stay.uid, [])
        by_day = list(zip((m.on for m in held), marks, strict=False))
        found.append(StayPart(group, stay.state(at), _reason(viewer, group, stay), by_day))
    return found


def next_steps(viewer: Viewer, person_uid: str) -> list[tuple[str, str, str]]:
    """For each group: its name, what was wished for, and what was said beside it."""
    if not viewer.roles & {"coordinator", "facilitator"}:
        return []
    return [
        (group.name, step.choice, continuation.remark(viewer, group, step))
        for step, group, _stay in continuation.of_person(without_supervision(viewer), person_uid)
    ]


def follow_ups(viewer: Viewer, person_uid: str) -> list[tuple[FollowUp, str]]:
    """What was to be done for the person."""
    if not viewer.roles & {"coordinator", "facilitator"}:
        return []
    found = follow_up_queries.follow_ups_of_person(without_supervision(viewer), person_uid)
    return [(f, queries.what(viewer, f) or "") for f in found]


def staff_named(
    asked: Sequence[RequestPart], referred: Sequence[ReferralPart], kept: Sequence[FilePart]
) -> set[str]:
    """The colleagues whose names the copy says."""
    named = {one.made_by for part in asked for one in part.attempts}
    named |= {uid for part in referred if (uid := part.referral.receiver_uid)}
    return named | {part.case.counsellor_uid for part in kept}


def _at_desk(viewer: Viewer, row: Request | Referral, table: str, column: str) -> str:
    place = rules.field_place(table, column, row.uid)
    return support.at_desk(viewer, row.site_uid, getattr(row, column), place) or ""


def _reason(viewer: Viewer, group: Group, stay: Membership) -> str:
    try:
        return groups.open_reason(viewer, group, stay)
    except Locked:
        return ""
