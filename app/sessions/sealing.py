"""Where the reasons of absences and what is to be followed up are sealed and opened."""

from __future__ import annotations

from app.accounts.viewer import Viewer
from app.errors import Locked
from app.groups.models import Group
from app.sessions.models import Attendance, FollowUp
from app.vault import vaults
from app.vault.envelope import place


def seal_reason(group: Group, attendance: Attendance, text: str) -> None:
    """Seal why someone was absent to the roster; empty where nothing was typed."""
    at = reason_place(attendance)
    attendance.reason = vaults.seal_text(_roster(group), text, at) if text else None


def reason(viewer: Viewer, group: Group, attendance: Attendance) -> str:
    """Why someone was absent. Raises Locked without the roster."""
    if attendance.reason is None:
        return ""
    return vaults.open_text(
        viewer.keys, _roster(group), attendance.reason, reason_place(attendance)
    )


def seal_what(group: Group, follow_up: FollowUp, text: str) -> None:
    """Seal what is to be done to the roster; empty where nothing was typed."""
    at = place("follow_ups", "what", follow_up.uid)
    follow_up.what = vaults.seal_text(_roster(group), text, at) if text else None


def what(viewer: Viewer, follow_up: FollowUp) -> str:
    """What is to be done. Raises Locked without the roster."""
    if follow_up.what is None:
        return ""
    vault = viewer.keys.vault("roster", follow_up.group_uid)
    if vault is None:
        raise Locked
    return vaults.open_text(
        viewer.keys, vault, follow_up.what, place("follow_ups", "what", follow_up.uid)
    )


def reason_place(attendance: Attendance) -> bytes:
    """Where the reason of an absence lives."""
    row = f"{attendance.session_uid}/{attendance.membership_uid}"
    return place("attendance", "reason", row)


def _roster(group: Group) -> str:
    vault = vaults.find("roster", group.uid)
    if vault is None:
        raise Locked
    return vault
