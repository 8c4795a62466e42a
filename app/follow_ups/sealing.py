"""Where what is to be followed up is sealed and opened: the roster of the group."""

from __future__ import annotations

from app.accounts.viewer import Viewer
from app.errors import Locked
from app.follow_ups.models import FollowUp
from app.groups.models import Group
from app.groups.queries import roster_of
from app.vault import vaults
from app.vault.envelope import place


def seal_what(group: Group, follow_up: FollowUp, text: str) -> None:
    """Seal what is to be done to the roster; empty where nothing was typed."""
    at = place("follow_ups", "what", follow_up.uid)
    follow_up.what = vaults.seal_text(roster_of(group), text, at) if text else None


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
