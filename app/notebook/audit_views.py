"""Who did and who saw what, each for those whom it concerns."""

from __future__ import annotations

from typing import Any

from flask import Response

from app.accounts.queries import working_names
from app.accounts.viewer import viewer
from app.audit import queries, trail
from app.audit.verifying import verify
from app.clock import ZONE
from app.groups import queries as groups
from app.notebook.queries import records_of_group
from app.notebook.views import bp
from app.people import queries as people
from app.policy import allow
from app.vault import vaults
from app.web.answers import page

CHECKED = 1000  # rows, each time an administrator looks; `flask audit verify --all` checks each one


@bp.get("/audit")
@allow("audit.acts")
def acts() -> Response:
    """The acts, the latest first, and whether the end of the chain fits, with its head to be kept."""
    verdict = verify(newest=CHECKED)
    shown = _rows(queries.acts())
    return page("notebook/audit.html", verdict=verdict, checked=CHECKED, **shown)


@bp.get("/groups/<uid>/activity")
@allow("audit.group")
def group_activity(uid: str) -> Response:
    """Who did and saw what in one of one's groups."""
    group = groups.get_or_404(viewer(), uid)
    vault_uids = [v for kind in ("roster", "notes") if (v := vaults.find(kind, uid))]
    rows = queries.of_subjects(records_of_group(uid), vault_uids)
    trail.saw("activity-opened", "group", uid)
    return page("notebook/activity.html", group=group, card=None, **_rows(rows))


@bp.get("/people/<uid>/openings")
@allow("audit.person")
def openings(uid: str) -> Response:
    """Who opened one person's record, to answer them; made to be printed."""
    person = people.get_or_404(viewer(), uid)
    rows = queries.of_person(uid)
    trail.saw("activity-opened", "person", uid, person_uid=uid)
    return page("notebook/activity.html", group=None, card=person.card, **_rows(rows))


@bp.get("/activity")
@allow("more")
def own_activity() -> Response:
    """What one did and saw oneself."""
    rows = queries.of_actor(viewer().uid)
    return page("notebook/activity.html", group=None, card=None, **_rows(rows))


def _rows(rows: queries.Page) -> dict[str, Any]:
    names = working_names({uid for row in rows.rows for uid in (row.actor_uid, row.subject_uid)})
    return {"rows": rows, "names": names, "zone": ZONE}
