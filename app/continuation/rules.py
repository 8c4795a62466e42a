"""When a group asks what comes next, and what each answer leads to. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.groups.models import Group
from app.sessions.models import GroupSession
from app.vault.envelope import place

ASKED_BEFORE_THE_END = 3  # sessions


def is_asked(group: Group, meetings: Sequence[GroupSession], planned: int) -> bool:
    """Whether it is time to ask: from three sessions before the end of a support group on."""
    if not group.is_support or group.cancelled_at:
        return False
    held = sum(meeting.state == "held" for meeting in meetings)
    return group.completed_at is not None or planned - held <= ASKED_BEFORE_THE_END


def leads_on(choice: str, agreed: bool) -> str:
    """What an answer proposes, where the member agrees: referral, waiting or nothing."""
    if not agreed:
        return ""
    return {"counselling": "referral", "group": "waiting"}.get(choice, "")


def is_due(ask_again_on: date | None, *, today: date) -> bool:
    """Whether somebody is to be asked again."""
    return ask_again_on is not None and ask_again_on <= today


def remark_place(uid: str) -> bytes:
    """Where a remark lives."""
    return place("next_steps", "remark", uid)
