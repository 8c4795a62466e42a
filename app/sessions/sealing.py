"""Where the reasons of absences are sealed and opened: the roster of the group."""

from __future__ import annotations

from app.accounts.viewer import Viewer
from app.groups.models import Group
from app.groups.queries import roster_of
from app.sessions.models import Attendance
from app.vault import vaults
from app.vault.envelope import place


def seal_reason(group: Group, attendance: Attendance, text: str) -> None:
    """Seal why someone was absent to the roster; empty where nothing was typed."""
    at = reason_place(attendance)
    attendance.reason = vaults.seal_text(roster_of(group), text, at) if text else None


def reason(viewer: Viewer, group: Group, attendance: Attendance) -> str:
    """Why someone was absent. Raises Locked without the roster."""
    if attendance.reason is None:
        return ""
    return vaults.open_text(
        viewer.keys, roster_of(group), attendance.reason, reason_place(attendance)
    )


def reason_place(attendance: Attendance) -> bytes:
    """Where the reason of an absence lives."""
    row = f"{attendance.session_uid}/{attendance.membership_uid}"
    return place("attendance", "reason", row)
