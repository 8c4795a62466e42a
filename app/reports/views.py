"""Reports: what is published and what can be, one's own figures by chapter, and both as files."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, current_app, request

from app.accounts.viewer import viewer
from app.audit import trail
from app.clock import ZONE, now, today
from app.errors import or_404
from app.i18n import DIRECTIONS, LANGUAGES, language, speaking
from app.people.queries import sites
from app.policy import allow, may
from app.reports import chapters, files, publishing, queries
from app.reports.forms import PeriodForm
from app.reports.periods import Span, named, presets
from app.web import spreadsheets
from app.web.answers import back_to, changed, page
from app.web.spreadsheets import Rows

bp = Blueprint("reports", __name__)


@bp.get("/reports")
@allow("reports.read")
def index() -> Response:
    """The reports that were published, those that can be now, and the chapters of one's own figures."""
    there = queries.published()
    return page(
        "reports/index.html",
        reports=there.reports,
        missing=there.missing(today(ZONE)) if may("reports.publish") else [],
        called=files.called,
        chapters=chapters.CALLED,
    )


@bp.get("/reports/<uid>")
@allow("reports.read")
def show(uid: str) -> Response:
    """A report as it was published: to read, to print on one page, to fetch as a file."""
    report, content = queries.content_or_404(uid)
    return page("reports/show.html", report=report, content=content, words=files.words())


@bp.get("/reports/<uid>/<any(xlsx, csv):as_>")
@allow("reports.read")
def fetch(uid: str, as_: str) -> Response:
    """The same as a file: a spreadsheet in both languages, or a plain table in one's own."""
    report, content = queries.content_or_404(uid)
    trail.saw("report-fetched", "report", report.uid)
    return _file("report", as_, lambda: files.of_report(content, report.published_at))


@bp.get("/reports/drafts/<name>")
@allow("reports.publish")
def draft(name: str) -> Response:
    """What a report would tell if it were published now, and the button that publishes it."""
    span, there = _span_or_404(name), queries.published()
    or_404(span if span in there.missing(today(ZONE)) else None)
    content = queries.draft(span, there, threshold=_threshold())
    return page("reports/draft.html", content=content, words=files.words())


@bp.post("/reports/drafts/<name>")
@allow("reports.publish")
@back_to("reports.index")
def publish(name: str) -> Response:
    """The report, which nothing changes any more."""
    uid = publishing.publish(
        _span_or_404(name), threshold=_threshold(), by=viewer().uid, today=today(ZONE), at=now()
    )
    return changed("reports.show", uid=uid, said="published")


@bp.get("/reports/figures/<chapter>")
@allow("figures.view")
def figures(chapter: str) -> Response:
    """A chapter of figures of one's own places, for any period: for one's own use."""
    or_404(chapters.CHAPTERS.get(chapter))
    form = _asked_for()
    given = form.validate()
    answer = page(
        "reports/figures.html",
        chapter=chapter,
        chapters=chapters.CALLED,
        form=form,
        presets=presets(today(ZONE)),
        figures=chapters.figures(viewer(), chapter, form.period, form.place.data) if given else [],
        asked=form.asked if given else {},
    )
    answer.status_code = 200 if given else 422
    return answer


@bp.get("/reports/figures/<chapter>/<any(xlsx, csv):as_>")
@allow("figures.view")
def fetch_figures(chapter: str, as_: str) -> Response:
    """The same as a file, which says in itself that it is not to be passed on."""
    or_404(chapters.CHAPTERS.get(chapter))
    form = _asked_for()
    or_404(form.validate() or None)
    found = chapters.figures(viewer(), chapter, form.period, form.place.data)
    trail.saw("figures-fetched", "figures", "")
    place = dict(form.place.choices).get(form.place.data, "") if form.place.data else ""
    return _file("figures", as_, lambda: files.of_figures(chapter, form.period, place, found))


def _asked_for() -> PeriodForm:
    """The period and place that stand in the address; this quarter and every place of one's own without them."""
    known = [(site.uid, site.called(language())) for site in sites(viewer())]
    this = presets(today(ZONE))["this"]
    form = PeriodForm(request.args) if "first" in request.args else PeriodForm(None, obj=this)
    form.offering(place=[("", files.EVERY_PLACE), *known])
    if form.place.data not in dict(form.place.choices):
        form.place.data = ""  # a place that is none of theirs, or is gone
    return form


def _file(name: str, as_: str, rows: Callable[[], Rows]) -> Response:
    if as_ == "csv":
        return spreadsheets.download(spreadsheets.table(rows()), name, as_)
    sheets = {}
    for one in sorted(LANGUAGES, key=lambda of: of != language()):
        with speaking(one):
            sheets[files.SHEETS[one]] = (rows(), DIRECTIONS[one] == "rtl")
    return spreadsheets.download(spreadsheets.workbook(sheets), name, as_)


def _span_or_404(name: str) -> Span:
    return or_404(named(name))


def _threshold() -> int:
    threshold: int = current_app.config["DAFTAR"].report_threshold
    return threshold
