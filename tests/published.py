"""A report of the invented organisation that was published before anything else happens."""

from __future__ import annotations

from app.accounts.models import User
from app.extensions import db
from app.people.models import Site
from app.reports.models import Report, ReportCell
from tests.organisation import NOW


def published(by: User, site: Site) -> str:
    """A report of the quarter before, in which the one place had enough people and one kind had few."""
    report = Report(year=2026, quarter=3, threshold=10, published_at=NOW, published_by=by.uid)
    db.session.add(report)
    db.session.flush()
    told = {
        ("total", "total"): ("shown", 44),
        ("kind", "support"): ("hidden", None),
        ("kind", "workshops"): ("shown", 21),
        ("kind", "individual"): ("few", None),
        ("place", site.uid): ("shown", 44),
        ("done", "support-sessions"): ("shown", 12),
    }
    db.session.add_all(
        ReportCell(
            report_uid=report.uid,
            part=part,
            row=row,
            column=0,
            position=position,
            name=site.name if part == "place" else "",
            name_en=site.name_en if part == "place" else "",
            told=as_,
            number=number,
        )
        for position, ((part, row), (as_, number)) in enumerate(told.items())
    )
    return report.uid
