"""How the demo tells of a group: who came, what was written, what is to be followed up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from typing import NamedTuple

from app.notes.sealing import Boxes

IN_MARKS = {"P": "present", "L": "late", "A": "absent", "E": "excused"}
OUTSIDE, NEWCOMER = ".", "N"  # not in the group at that meeting; came without being enrolled


class Written(NamedTuple):
    """A note or a reflection, and what became of it."""

    number: int
    """Of the meeting it is about."""
    author: str
    """User name."""
    state: str = "signed"
    """signed, draft, error (signed, then struck out) or reflection."""
    hours: int = 3
    """After the beginning of the meeting."""
    addition: str = ""
    """Added three days later."""


def boxes(text: str, codes: Mapping[str, str]) -> Boxes:
    """What happened, what to follow up, for next time: with people's codes filled in."""
    paragraphs = text.format_map(codes).strip().split("\n\n")
    return Boxes(*(" ".join(paragraph.split()) for paragraph in paragraphs))


class Due(NamedTuple):
    """A follow-up for a person after a meeting."""

    number: int
    person: str
    owner: str
    """User name."""
    days: int
    """From the meeting to the date it is due."""
    text: str = ""
    """Empty: the mere tick *needs follow-up*."""
    ended_as: str = ""
    """Empty: still open."""


@dataclass(frozen=True)
class Story:
    """A group, its team and what was recorded, meeting after meeting."""

    name: str
    place: str
    """Its English name."""
    kind: str = "support"
    capacity: int = 12
    sessions: int = 15
    hour: time = time(18, 0)
    room: str = ""
    team: tuple[str, ...] = ()
    """User names of the facilitators; the first one gets the notes with the assignment."""
    supervisor: str = ""
    without_notes: str = ""
    """A facilitator to whom nobody has given the notes yet."""
    came: Mapping[str, str] = field(default_factory=dict)
    """Person -> one sign for each meeting held: IN_MARKS, - not recorded, OUTSIDE or NEWCOMER."""
    absences: Mapping[tuple[str, int], str] = field(default_factory=dict)
    """(person, number of the meeting) -> the reason of the absence."""
    departures: Mapping[str, str] = field(default_factory=dict)
    """Person -> why they left."""
    missed: Mapping[int, str] = field(default_factory=dict)
    """Which of the dates first planned did not happen, from 1 on -> reason."""
    guests: Mapping[int, int] = field(default_factory=dict)
    written: Mapping[Written, str] = field(default_factory=dict)
    """Its text: an empty line parts the boxes; {key} stands for a person's code."""
    due: tuple[Due, ...] = ()
