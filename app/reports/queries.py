"""Reading reports: what is published, what one holds, and what one would hold that is not published yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import bindparam, func, select, true

from app.clock import day
from app.errors import or_404
from app.extensions import Reading, read, read_one
from app.people.figures import KINDS, of_period
from app.people.models import Person, Site
from app.people.queries import every_site
from app.reports import done, reached
from app.reports.disclosure import SHOWN, Column, Told, quarter, year
from app.reports.models import DONE, KIND, PLACE, TOTAL, WHOLE, Report, ReportCell
from app.reports.periods import Span, can_be_published, needed

REPORT, CELL = Reading(Report), Reading(ReportCell)
BEGUN = select(func.min(Person.added_at).label("begun")).subquery("begun")
# Every report, and in each row when the organisation's first record was made; one row where there is none.
PUBLISHED = select(BEGUN.c.begun, *REPORT.columns).select_from(BEGUN.outerjoin(Report, true()))
ONE = select(*REPORT.columns).where(Report.uid == bindparam("uid"))
CELLS = (
    select(*CELL.columns)
    .where(ReportCell.report_uid.in_(bindparam("uids", expanding=True)))
    .order_by(ReportCell.position, ReportCell.column)
)


@dataclass
class Line:
    """One row of a report, as it is told in each column."""

    row: str
    name: str = ""
    name_en: str = ""
    told: dict[int, Told] = field(default_factory=dict)

    def called(self, language: str) -> str:
        """Of a place: what it was called."""
        return self.name if language == "ar" else self.name_en


@dataclass
class Content:
    """What a report tells: its parts, each with its rows in order."""

    span: Span
    threshold: int
    parts: dict[str, dict[str, Line]] = field(
        default_factory=lambda: {part: {} for part in (TOTAL, KIND, PLACE, DONE)}
    )

    @property
    def columns(self) -> list[int]:
        """The quarters that a year's report shows, and its own."""
        return sorted(self.parts[TOTAL][TOTAL].told, key=lambda column: (column == WHOLE, column))

    def tell(
        self, part: str, row: str, column: int, told: Told, called: Site | ReportCell | None = None
    ) -> None:
        """Put a figure where it stands. `called`: what a place is called, or was."""
        line = self.parts[part].setdefault(row, Line(row))
        if called is not None:
            line.name, line.name_en = called.name, called.name_en
        line.told[column] = told

    def cells(self) -> Iterator[tuple[str, int, Line, int, Told]]:
        """Every figure: its part, the row's place in it, the row, the column, and how it is told."""
        for part, lines in self.parts.items():
            for position, line in enumerate(lines.values()):
                for column, told in line.told.items():
                    yield part, position, line, column, told


@dataclass(frozen=True)
class Published:
    """The reports there are, and since when there is anything to report."""

    reports: Mapping[Span, Report]
    first_day: date | None

    def missing(self, today: date) -> list[Span]:
        """What can be published now."""
        return can_be_published(self.reports, first_day=self.first_day, today=today)


def published() -> Published:
    """Every report there is. They are of the whole organisation, and nobody's in it."""
    rows = read(PUBLISHED)
    reports = [REPORT.of(row, 1) for row in rows if row.uid is not None]
    begun: datetime | None = rows[0].begun
    spans = {Span(report.year, report.quarter): report for report in reports}
    return Published(
        {span: spans[span] for span in sorted(spans, key=_latest, reverse=True)},
        day(begun) if begun else None,
    )


def content_or_404(uid: str) -> tuple[Report, Content]:
    """A report, and what it told when it was published."""
    report = REPORT.of(or_404(read_one(ONE, {"uid": uid})))
    content = Content(Span(report.year, report.quarter), report.threshold)
    for cell in _cells([uid]):
        content.tell(cell.part, cell.row, cell.column, Told(cell.told, cell.number), cell)
    return report, content


def draft(span: Span, there: Published, *, threshold: int) -> Content:
    """What the report of a period would tell, if it were published now."""
    parameters = of_period(span.period)
    people, did = reached.reached(reached.EVERYWHERE, parameters), done.done(parameters)
    sites = {site.uid: site for site in every_site()}
    content = Content(span, threshold)
    kinds = {kind: people.kinds[kind] for kind in KINDS}
    places = {uid: people.places[uid] for uid in sites}
    if span.quarter:
        nothing = {kind for kind, what in done.TOOK_PLACE.items() if not did[what]}
        by_kind = quarter(people.total, kinds, threshold, none_in=nothing)
        by_place = quarter(people.total, places, threshold)
        _tell(content, by_kind.total, by_kind.rows, by_place.rows, sites)
    else:
        _tell_quarters(content, there)
        tables = [(kinds, _columns(content, KIND)), (places, _columns(content, PLACE))]
        total, (by_kind_, by_place_) = year(people.total, tables)
        _tell(content, total, by_kind_, by_place_, sites)
    for what in done.CALLED:
        content.tell(DONE, what, WHOLE, Told(SHOWN, did[what]))
    return content


def _tell(
    content: Content,
    total: Told,
    kinds: Mapping[str, Told],
    places: Mapping[str, Told],
    sites: Mapping[str, Site],
) -> None:
    content.tell(TOTAL, TOTAL, WHOLE, total)
    for kind, told in kinds.items():
        content.tell(KIND, kind, WHOLE, told)
    for uid, told in places.items():
        content.tell(PLACE, uid, WHOLE, told, sites[uid])


def _tell_quarters(content: Content, there: Published) -> None:
    """The quarters of a year as they were published; the highest threshold among them is true of each."""
    quarters = [there.reports[span] for span in needed(content.span, there.first_day)]
    content.threshold = max(content.threshold, *(one.threshold for one in quarters))
    of = {one.uid: one.quarter for one in quarters}
    for cell in _cells(of):
        content.tell(cell.part, cell.row, of[cell.report_uid], Told(cell.told, cell.number), cell)


def _columns(content: Content, part: str) -> list[Column]:
    """The quarters of a year's table."""
    totals, lines = content.parts[TOTAL][TOTAL].told, content.parts[part]
    return [
        Column(total, {row: line.told[at] for row, line in lines.items() if at in line.told})
        for at, total in totals.items()
        if at != WHOLE
    ]


def _cells(uids: Iterable[str]) -> Sequence[ReportCell]:
    return [CELL.of(row) for row in read(CELLS, {"uids": list(uids)})]


def _latest(span: Span) -> tuple[int, int]:
    """A year after its quarters."""
    return span.year, span.quarter or 5
