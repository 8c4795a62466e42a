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
    sealed, at = getattr(case, column), place("cases", column, case.uid)
    return vaults.text_or_none(viewer.keys, "case", case.referral_uid, sealed, at) or ""


def vault_of(case: Case) -> str:
    """The vault a file lives on: its referral's. Raises Locked once it was revoked."""
    vault = vaults.find("case", case.referral_uid)
    if vault is None:
        raise Locked
    return vault
