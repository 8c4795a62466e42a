"""Closing a file that may not go on: its referral was revoked, the consent withdrawn, the counsellor left."""

from __future__ import annotations

from datetime import datetime

from app.assignments import assigning
from app.audit import trail
from app.support import case_queries, rules
from app.support.models import Case
from app.vault import vaults


def stop(case: Case, as_: str, *, at: datetime) -> None:
    """Close a file at once; its counsellor no longer opens it. Its supervisor and recovery still do.

    `case` was read with its row locked.
    """
    rules.stop(case, as_, case_queries.appointments(case.uid), at=at)
    vault = vaults.find("case", case.referral_uid)
    assigning.end_all(case.referral_uid, "counsellor", at=at)
    trail.record("file-closed", "file", case.uid, vault_uid=vault or "", person_uid=case.person_uid)
