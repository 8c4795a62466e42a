"""What was done, in numbers that are of no people: groups, sessions, workshops, seats, money."""

from __future__ import annotations

from collections import Counter
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import func, literal, select, union_all

from app.cases import figures as cases
from app.extensions import read
from app.sessions import figures as sessions
from app.workshops import figures as workshops

HAPPENED, DATES = sessions.HAPPENED.subquery(), workshops.DATES.subquery()
MET = cases.MET.subquery()
# All of it in one statement; of what, of which kind, what became of it, how many, and how much.
DONE = union_all(
    select(
        literal("sessions").label("of"),
        HAPPENED.c.kind,
        HAPPENED.c.state,
        HAPPENED.c.number,
        HAPPENED.c.groups.label("much"),
    ),
    select(literal("workshops"), literal(""), DATES.c.state, DATES.c.number, DATES.c.seats),
    select(
        literal("fees"),
        func.coalesce(MET.c.ended_as, ""),
        MET.c.fee_state,
        MET.c.number,
        MET.c.fees,
    ),
)
CALLED = {
    "support-groups": _("Support groups that met"),
    "support-sessions": _("Sessions of support groups"),
    "discussion-groups": _("Discussion groups that met"),
    "discussion-sessions": _("Sessions of discussion groups"),
    "not-held": _("Sessions that did not take place"),
    "workshops-held": _("Workshops that took place"),
    "seats": _("Seats of workshops that took place"),
    "agreed": _("Fees agreed"),
    "paid": _("Fees paid"),
    "waived": _("Fees waived"),
}
OF_MONEY = frozenset({"agreed", "paid", "waived"})
# What a row of people came for takes place as this; where there was none of it, nobody came.
TOOK_PLACE = {
    "support": "support-sessions",
    "discussion": "discussion-sessions",
    "workshops": "workshops-held",
}


def done(parameters: dict[str, Any]) -> Counter[str]:
    """What was done in a period, by the words of CALLED; money in agorot."""
    rows = read(DONE, parameters)
    return (
        sessions.counted((r.kind, r.state, r.number, r.much) for r in rows if r.of == "sessions")
        + workshops.counted((r.state, r.number, r.much) for r in rows if r.of == "workshops")
        + cases.counted((r.kind, r.state, r.much) for r in rows if r.of == "fees")
    )
