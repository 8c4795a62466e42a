"""When a group asks what comes next, and what each answer leads to. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask_babel import lazy_gettext as _

from app.errors import RuleBroken
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


def leads_on(choice: str, agreed: bool, group: Group, other_group: Group | None) -> str:
    """What an answer leads to, where the member agrees: referral, waiting, request or nothing.

    A group of the same place is waited for; one of another place is asked for at its desk.
    """
    if not agreed or choice not in ("counselling", "group"):
        return ""
    if choice == "counselling":
        return "referral"
    if other_group is None:
        raise RuleBroken(_("Choose the group, or leave the agreement open."), "group")
    return "waiting" if other_group.site_uid == group.site_uid else "request"


def ask_again(on: date | None, *, before: date | None, today: date) -> None:
    """Whether somebody can be asked again on a day; a day that has come meanwhile may stand."""
    if on is not None and on < today and on != before:
        raise RuleBroken(_("This day is past. Choose a later one."), "ask_again_on")


def remark_place(uid: str) -> bytes:
    """Where a remark lives."""
    return place("next_steps", "remark", uid)
