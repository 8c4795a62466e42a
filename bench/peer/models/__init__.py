"""The tables of the unsealed copy as Django's models; only sessions and staff are Django's own."""

from __future__ import annotations

from bench.peer.models.groups import (
    Attendance,
    FollowUp,
    Group,
    Meeting,
    Membership,
    Note,
    Remark,
    Text,
    Thing,
)
from bench.peer.models.people import (
    Assignment,
    Card,
    Consent,
    Person,
    Site,
    Staff,
)
from bench.peer.models.workshops import (
    NextStep,
    SignUp,
    Workshop,
)

__all__ = [
    "Assignment",
    "Attendance",
    "Card",
    "Consent",
    "FollowUp",
    "Group",
    "Meeting",
    "Membership",
    "NextStep",
    "Note",
    "Person",
    "Remark",
    "SignUp",
    "Site",
    "Staff",
    "Text",
    "Thing",
    "Workshop",
]
