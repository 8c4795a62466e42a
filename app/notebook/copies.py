"""A copy of one person's record, for them: every part that the one who prints it can open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.accounts.viewer import Viewer
from app.continuation import queries as continuation
from app.groups import queries as groups
from app.notebook import queries
from app.sessions import follow_up_queries
from app.sessions import queries as sessions
from app.support import case_note_queries, case_queries, rules
from app.support import queries as support
from app.support.models import Appointment, Case, Referral, Request


@dataclass(frozen=True)
class FilePart:
    """A file with what its keeper can open of it."""

    case: Case
    appointments: list[Appointment]
    notes: list[case_note_queries.OpenCaseNote]


def requests(viewer: Viewer, person_uid: str) -> list[tuple[Request, str]]:
    """The person's requests with what was said; for coordinators."""
    if "coordinator" not in viewer.roles:
        return []
    found = []
    for request in support.requests_of_person(viewer, person_uid):
        place = rules.field_place("requests", "remark", request.uid)
        text = support.at_desk(viewer, request.site_uid, request.remark, place)
        found.append((request, text or ""))
    return found


def referrals(viewer: Viewer, person_uid: str) -> list[tuple[Referral, str]]:
    """The person's referrals with the reason, as far as the viewer may."""
    if not viewer.roles & {"coordinator", "counsellor"}:
        return []
    found = []
    for one in support.referrals_of_person(viewer, person_uid):
        at_desk = rules.field_place("referrals", "reason", one.uid)
        in_case = rules.field_place("referrals", "reason_for_receiver", one.uid)
        text = support.at_desk(viewer, one.site_uid, one.reason, at_desk)
        text = text or support.opened(viewer, "case", one.uid, one.reason_for_receiver, in_case)
        found.append((one, text or ""))
    return found


def files(viewer: Viewer, person_uid: str) -> list[FilePart]:
    """The person's files that the viewer keeps, with appointments and signed notes."""
    parts = []
    for case in case_queries.cases_of_person(viewer, person_uid):
        if case.counsellor_uid != viewer.uid:
            continue
        notes = [
            case_note_queries.open_note(viewer, case, note, "")
            for of in case_note_queries.notes_of(viewer, case).values()
            for note in of
            if note.signed_at and not note.error_at
        ]
        booked = sorted(case_queries.appointments(case.uid), key=lambda one: one.starts_at)
        parts.append(FilePart(case, booked, sorted(notes, key=lambda o: o.note.saved_at)))
    return parts


def attendance(viewer: Viewer, person_uid: str) -> list[tuple[str, list[tuple[date, str | None]]]]:
    """For each group: its name, and day by day how the person came."""
    if not viewer.roles & {"coordinator", "facilitator"}:
        return []
    found = []
    for stay, group in groups.stays_of_person(viewer, person_uid):
        held = [m for m in sessions.meetings(group) if m.state == "held" and stay.covers(m.on)]
        marks = sessions.marks_by_stay(group, held, [stay]).get(stay.uid, [])
        found.append((group.name, list(zip((m.on for m in held), marks, strict=False))))
    return found


def next_steps(viewer: Viewer, person_uid: str) -> list[tuple[str, str, str]]:
    """For each group: its name, what was wished for, and what was said beside it."""
    if not viewer.roles & {"coordinator", "facilitator"}:
        return []
    return [
        (group.name, step.choice, continuation.remark(viewer, group, step))
        for step, group in continuation.of_person(viewer, person_uid)
    ]


def follow_ups(viewer: Viewer, person_uid: str) -> list[tuple[object, str]]:
    """What was to be done for the person."""
    if not viewer.roles & {"coordinator", "facilitator"}:
        return []
    found = follow_up_queries.follow_ups_of_person(viewer, person_uid)
    return [(f, queries.what(viewer, f) or "") for f in found]
