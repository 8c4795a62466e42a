"""Where the texts of a file are sealed and opened: to its own vault."""

from __future__ import annotations

from app.accounts.viewer import Viewer
from app.cases.models import Case
from app.errors import Locked
from app.vault import vaults
from app.vault.envelope import place


def seal_field(case: Case, column: str, text: str) -> bytes | None:
    """Seal a text of the file's own row; nothing where nothing was typed."""
    return (
        vaults.seal_text(vault_of(case), text, place("cases", column, case.uid)) if text else None
    )


def field_text(viewer: Viewer, case: Case, column: str) -> str:
    """A text of the file's own row, or a neutral nothing without the key."""
    sealed = getattr(case, column)
    if sealed is None:
        return ""
    try:
        at = place("cases", column, case.uid)
        return vaults.open_text(viewer.keys, _held(viewer, case), sealed, at)
    except Locked:
        return ""


def vault_of(case: Case) -> str:
    """The vault a file lives on: its referral's. Raises Locked once it was revoked."""
    vault = vaults.find("case", case.referral_uid)
    if vault is None:
        raise Locked
    return vault


def _held(viewer: Viewer, case: Case) -> str:
    """The same vault, where the viewer holds it: asks the database nothing. Raises Locked."""
    vault = viewer.keys.vault("case", case.referral_uid)
    if vault is None:
        raise Locked
    return vault
