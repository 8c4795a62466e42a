"""Publishing a report: from then on it stands as it was told, whatever is written down later."""

from __future__ import annotations

from datetime import date, datetime

from flask_babel import lazy_gettext as _
from sqlalchemy import insert

from app.audit import trail
from app.errors import RuleBroken
from app.extensions import db, insert_once, new_uid
from app.reports import queries
from app.reports.models import Report, ReportCell
from app.reports.periods import Span

CELLS = insert(ReportCell)


def publish(span: Span, *, threshold: int, by: str, today: date, at: datetime) -> str:
    """Publish the report of a quarter or a year; its uid. `by`: who publishes it, by uid.

    Raises RuleBroken where it is there already, not over yet, or a year of which
    a quarter is missing.
    """
    there = queries.published()
    if span not in there.missing(today):
        raise RuleBroken(_("This cannot be published: look at what there is now."))
    content, uid = queries.draft(span, there, threshold=threshold), new_uid()
    made = db.session.execute(
        insert_once(
            Report,
            uid=uid,
            year=span.year,
            quarter=span.quarter,
            threshold=content.threshold,
            published_at=at,
            published_by=by,
        )
    )
    if made.rowcount == 0:  # type: ignore[attr-defined]
        raise RuleBroken(_("A colleague has published this at the same moment."))
    rows = [
        {
            "report_uid": uid,
            "part": part,
            "row": line.row,
            "column": column,
            "position": position,
            "name": line.name,
            "name_en": line.name_en,
            "told": told.as_,
            "number": told.number,
        }
        for part, position, line, column, told in content.cells()
    ]
    db.session.execute(CELLS, rows)
    trail.record("report-published", "report", uid, actor_uid=by)
    return uid
