"""Individual support in figures: appointments, and what they cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from flask_babel import lazy_gettext as _
from sqlalchemy import and_, func, select

from app.accounts.viewer import Viewer
from app.cases.models import BOOKED, OWING, Appointment, Case
from app.extensions import read
from app.people.figures import SPANS, asked, at_moments, of_places, reached
from app.web.figures import BARS, MONEY, Figure, Part, Period

ATTENDED = "attended"
MET = (
    select(
        Appointment.ended_as,
        Appointment.fee_state,
        func.count().label("number"),
        func.sum(Appointment.fee).label("fees"),
    )
    .join(Case, Case.uid == Appointment.case_uid)
    .where(at_moments(Appointment.starts_at))
    .group_by(Appointment.ended_as, Appointment.fee_state)
)
OF_VIEWER = MET.where(of_places(Case.site_uid))
OPENED = select(func.count()).where(at_moments(Case.opened_at), of_places(Case.site_uid))
CLOSED = select(func.count()).where(at_moments(Case.closed_at), of_places(Case.site_uid))
FILES = select(OPENED.scalar_subquery().label("opened"), CLOSED.scalar_subquery().label("closed"))
REACHED = (
    select(*reached(Case.person_uid, Case.site_uid, "individual"))
    .join(Appointment, Appointment.case_uid == Case.uid)
    .join(
        SPANS, and_(Appointment.starts_at >= SPANS.c.begins, Appointment.starts_at < SPANS.c.ends)
    )
    .where(Appointment.ended_as == ATTENDED)
)
BECAME = {
    "attended": _("attended"),
    "no-show": _("did not come"),
    "cancelled": _("cancelled by the person"),
    "cancelled-late": _("cancelled late"),
    "cancelled-by-us": _("cancelled by us"),
    BOOKED: _("booked"),
}


def figures(viewer: Viewer, period: Period, place: str) -> Iterator[Figure]:
    """Appointments and what became of them, fees, files opened and closed."""
    parameters = asked(viewer, period, place)
    rows = read(OF_VIEWER, parameters)
    ((opened, closed),) = read(FILES, parameters)
    became = Counter[str]()
    for row in rows:
        became[row.ended_as or BOOKED] += row.number
    fees = counted((row.ended_as, row.fee_state, row.fees) for row in rows)
    yield Figure(
        _("Appointments"),
        sum(became.values()),
        _("Appointments of the period, by what became of them."),
        parts=tuple(Part(word, became[as_]) for as_, word in BECAME.items()),
        drawn=BARS,
    )
    yield Figure(
        _("Fees agreed"),
        fees["agreed"],
        _("What was agreed for appointments that were attended, missed or cancelled late."),
        MONEY,
        (
            Part(_("paid"), fees["paid"]),
            Part(_("waived"), fees["waived"]),
            Part(_("due"), fees["due"]),
        ),
    )
    yield Figure(_("Files opened"), opened, _("Files that were opened in the period."))
    yield Figure(_("Files closed"), closed, _("Files that were closed in it, and not reopened."))


def counted(rows: Iterable[tuple[str | None, str, int]]) -> Counter[str]:
    """Fees agreed, paid, waived and due, in agorot. Of rows of MET: what became of it, of the fee, how much."""
    found: Counter[str] = Counter()
    for became, fee_state, fees in rows:
        if became in OWING:
            found[fee_state] += fees
            found["agreed"] += fees
    return found
