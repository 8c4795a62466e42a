"""Known people whom somebody can sign up for a workshop."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from app.accounts.viewer import Viewer
from app.errors import or_404
from app.extensions import db
from app.people import queries as people
from app.people.queries import SHARE_COLUMNS
from app.people.rules import Listed
from app.vault.models import Share
from app.workshops.models import Workshop

STILL_ON = select(Share.person_uid).where(
    Share.vault_uid.in_(bindparam("vaults", expanding=True)), Share.ended_at.is_(None)
)
SHARED = select(*SHARE_COLUMNS).where(
    Share.person_uid == bindparam("uid"),
    Share.vault_uid.in_(bindparam("vaults", expanding=True)),
    Share.ended_at.is_(None),
)


def search(viewer: Viewer, workshop: Workshop, text: str) -> list[Listed]:
    """Whom the viewer can sign up for one of their workshops, by name.

    Its coordinators: everybody of the place. Others: those on their own
    rosters, without who left them and whose contact is closed to them since.
    """
    desk = viewer.keys.vault("desk", workshop.site_uid) if "coordinator" in viewer.roles else None
    if desk:
        return people.search_in(viewer, [desk], text)
    rosters = _own_rosters(viewer)
    still = set(db.session.scalars(STILL_ON, {"vaults": rosters}))
    return [one for one in people.search_in(viewer, rosters, text) if one.uid in still]


def person_key_or_404(viewer: Viewer, person_uid: str) -> bytes:
    """The key of somebody at one of the viewer's desks, or still on one of their rosters."""
    vaults_ = [*people.desks(viewer), *_own_rosters(viewer)]
    row = or_404(db.session.execute(SHARED, {"uid": person_uid, "vaults": vaults_}).first())
    return people.person_key(viewer, person_uid, row)


def _own_rosters(viewer: Viewer) -> list[str]:
    return sorted(viewer.keys.vaults("roster").values()) if "facilitator" in viewer.roles else []
