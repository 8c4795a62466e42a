"""How long the trail is kept: acts for longer than openings, each from the beginning of its chain.

Apart, since they weigh differently: of a hundred rows some ninety say that a page
was opened, and answer a person who asks who looked. What was done answers for
what stands in the notebook, and is asked about later.
"""

from __future__ import annotations

from datetime import UTC, datetime

from flask_babel import lazy_gettext as _
from sqlalchemy import bindparam, func, select

from app.audit.head import ROWS
from app.audit.pruning import prune
from app.extensions import read_one
from app.web.keeping import MONTHS, Kept

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
OF_CHAIN = ROWS.c.is_opening == bindparam("is_opening")
# Found from the beginning on: a chain is as old as its rows are numbered, and is never read whole.
FIRST_KEPT = (
    select(ROWS.c.seq)
    .where(OF_CHAIN, ROWS.c.at >= bindparam("before"))
    .order_by(ROWS.c.seq)
    .limit(1)
    .scalar_subquery()
)
LAST = select(func.coalesce(func.max(ROWS.c.seq), 0) + 1).scalar_subquery()
DUE = select(func.count()).where(OF_CHAIN, ROWS.c.seq < func.coalesce(FIRST_KEPT, LAST))


def _due(is_opening: bool, before: datetime) -> int:
    number: int = read_one(DUE, {"is_opening": is_opening, "before": before})[0]
    return number


def let_go_acts(before: datetime, _at: datetime) -> int:
    """The beginning of the acts."""
    return prune(acts_before=before, openings_before=NEVER)[0]


def let_go_openings(before: datetime, _at: datetime) -> int:
    """The beginning of the openings."""
    return prune(acts_before=NEVER, openings_before=before)[1]


ACTS = Kept(
    "acts",
    *(24, MONTHS, 12, 120),
    called=_("Access log: what was done"),
    since=_("the act"),
    goes=_("Who did what, and when."),
    remains=_("What stood there last, so that the rest can be checked."),
    count=lambda before: _due(False, before),
    let_go=let_go_acts,
    tables=("audit",),
)
OPENINGS = Kept(
    "openings",
    *(12, MONTHS, 3, 60),
    called=_("Access log: what was opened"),
    since=_("the opening"),
    goes=_("Who looked at what, and when."),
    remains=_("What stood there last, so that the rest can be checked."),
    count=lambda before: _due(True, before),
    let_go=let_go_openings,
    tables=("audit",),
)
