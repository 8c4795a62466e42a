"""Where the texts of requests and referrals are sealed and opened: at the desk of their place."""

from __future__ import annotations

from app.accounts.viewer import Viewer
from app.errors import Locked
from app.requests.models import Referral, Request
from app.vault import vaults
from app.vault.envelope import place


def at_desk(viewer: Viewer, row: Request | Referral, column: str) -> str | None:
    """A text sealed to a place's desk; None without its key, empty where there is none."""
    return _text(viewer, viewer.keys.vault("desk", row.site_uid), row, column)


def outside_name(viewer: Viewer, referral: Referral) -> str:
    """The service outside a referral goes to, for those who hold the desk; empty for the others."""
    return at_desk(viewer, referral, "outside_name") or ""


def why(viewer: Viewer, referral: Referral) -> str:
    """Why somebody is referred, for the desk and for whom they were referred to."""
    if at_the_desk := at_desk(viewer, referral, "reason"):
        return at_the_desk
    vault = viewer.keys.vault("case", referral.uid)
    return _text(viewer, vault, referral, "reason_for_receiver") or ""


def desk_of(site_uid: str) -> str:
    """The vault of a place's desk. Raises Locked before its first coordinator."""
    vault = vaults.find("desk", site_uid)
    if vault is None:
        raise Locked
    return vault


def _text(viewer: Viewer, vault: str | None, row: Request | Referral, column: str) -> str | None:
    sealed = getattr(row, column)
    if sealed is None:
        return ""
    if vault is None:
        return None
    try:
        at = place(row.__tablename__, column, row.uid)
        return vaults.open_text(viewer.keys, vault, sealed, at)
    except Locked:
        return None
