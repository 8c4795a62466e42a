"""Bringing in spreadsheets: the file, its columns, what each row becomes, confirming it, taking it back."""

from __future__ import annotations

from collections import Counter

from flask import Blueprint, Response, abort, g, request
from werkzeug.exceptions import NotFound

from app.accounts.viewer import viewer
from app.audit import trail
from app.clock import now
from app.errors import RuleBroken, or_404
from app.i18n import language
from app.importing import bringing_in, fits, plans, queries, taking_back
from app.importing.fits import Into
from app.importing.forms import (
    ColumnsForm,
    DoubtsForm,
    FileForm,
    SheetForm,
    columns_shown,
    sheets_to_choose,
)
from app.importing.headings import CALLED, FIELDS_OF, MARKS
from app.importing.lines import Line
from app.importing.models import Import
from app.importing.queries import Chosen
from app.policy import allow
from app.web.answers import back_to, changed, page, query
from app.web.idempotency import idempotent
from app.web.paging import Page

bp = Blueprint("importing", __name__)
FATES = ("new", "same", "there", "doubt", "out", "fault")


@bp.get("/imports")
@allow("imports.keep")
def index() -> Response:
    """What can be brought in, and what one brought in of late."""
    return page("importing/index.html", imports=queries.mine(viewer()))


@bp.get("/imports/new/<kind>")
@allow("imports.keep")
def new(kind: str) -> Response:
    """A file to choose and where it goes; which columns are known."""
    fields = or_404(FIELDS_OF.get(kind))
    into = queries.targets(viewer(), kind, language())
    form = FileForm.shown(into=query("of")).offering(into=into)
    known = [CALLED[name] for name in fields]
    return page("importing/new.html", kind=kind, form=form, known=known)


@bp.post("/imports/new/<kind>")
@allow("imports.keep")
@idempotent
@back_to("importing.new")
def begin(kind: str) -> Response:
    """What each of its rows would become."""
    or_404(FIELDS_OF.get(kind))
    form = FileForm.checked(into=queries.targets(viewer(), kind, language()))
    file = request.files.get("file")
    data = file.read() if file else b""
    one = bringing_in.begin(viewer(), kind, form.into.data, data, at=now())
    return changed("importing.show", uid=one.uid)


@bp.get("/imports/<uid>")
@allow("imports.keep")
def show(uid: str) -> Response:
    """What its columns are, what each row becomes, and what is wrong where; what came of one that is in."""
    one = queries.one_or_404(viewer(), uid)
    into = _into(one)
    name = queries.name_of(into, language())
    if one.done_at is not None:
        return page("importing/done.html", one=one, name=name, site=into.site)
    said = queries.chosen(viewer(), one)
    sheet = queries.sheet_of(viewer(), one, said)
    matched = queries.matched(sheet, into, said)
    lines = queries.planned(viewer(), one, into, said)
    asked = query("show") if query("show") in FATES else ""
    trail.saw("import-opened", "import", uid)
    return page(
        "importing/show.html",
        one=one,
        name=name,
        columns=[
            (column, heading, field, day)
            for (column, heading, _said), field, day in zip(
                columns_shown(sheet, matched), matched.fields, matched.days, strict=True
            )
        ],
        called=CALLED,
        sheet=sheet.name,
        names_somebody=matched.names_somebody,
        counts=Counter(line.fate for line in lines),
        going=sum(line.goes_in for line in lines),
        waiting=sum(line.waits for line in lines),
        new_days=fits.new_days(into, lines),
        lines=Page.of([line for line in lines if asked in ("", line.fate)]),
        asked={"show": asked} if asked else {},
        seen=plans.digest(lines),
        form=DoubtsForm.shown(),
        zone=into.site.zone,
    )


@bp.get("/imports/<uid>/columns")
@allow("imports.keep")
def columns(uid: str) -> Response:
    """Each column with its heading and its first cells, and what it is taken for."""
    one, into, said = _unfinished(uid)
    sheets = queries.sheets(viewer(), one)
    sheet = queries.sheet_of(viewer(), one, said)
    matched = queries.matched(sheet, into, said)
    sheet_form = SheetForm.shown(sheet=str(said.sheet), head=said.head)
    trail.saw("import-opened", "import", uid)
    return page(
        "importing/columns.html",
        one=one,
        form=ColumnsForm.of_sheet(one.kind, matched),
        columns=columns_shown(sheet, matched),
        sheet_form=sheet_form.offering(sheet=sheets_to_choose(sheets)),
        has_days=one.kind == MARKS,
        head=sheet.rows[matched.first][0],
    )


@bp.post("/imports/<uid>/columns")
@allow("imports.keep")
@idempotent
@back_to("importing.columns")
def match(uid: str) -> Response:
    """The rows again, read by these columns."""
    one, _into, said = _unfinished(uid, lock=True)
    g.form = form = ColumnsForm.of(ColumnsForm.typed(), one.kind)
    form.check()
    width = queries.sheet_of(viewer(), one, said).width
    bringing_in.choose(viewer(), one, form.said(said, one.kind, width))
    return changed("importing.show", uid=uid)


@bp.post("/imports/<uid>/sheet")
@allow("imports.keep")
@back_to("importing.columns")
def choose_sheet(uid: str) -> Response:
    """The columns again, of that sheet, below that row."""
    one, _into, said = _unfinished(uid, lock=True)
    form = SheetForm.checked(sheet=sheets_to_choose(queries.sheets(viewer(), one)))
    bringing_in.choose(viewer(), one, form.said(said))
    return changed("importing.columns", uid=uid)


@bp.get("/imports/<uid>/doubts")
@allow("imports.keep")
def doubts(uid: str) -> Response:
    """Rows that may be somebody who is there already, and whom they may be."""
    lines, said = _in_doubt(uid)
    found = Page.of(lines)
    trail.saw("import-opened", "import", uid)
    return page(
        "importing/doubts.html", uid=uid, lines=found, form=DoubtsForm.about(found.rows, said)
    )


@bp.post("/imports/<uid>/doubts")
@allow("imports.keep")
@back_to("importing.doubts")
def decide(uid: str) -> Response:
    """The rows again, as it was decided."""
    lines, said = _in_doubt(uid)
    form = DoubtsForm.typed().of(lines)
    form.check()
    bringing_in.choose(viewer(), queries.get_or_404(viewer(), uid), form.said(said))
    return changed("importing.show", uid=uid)


@bp.post("/imports/<uid>/confirmation")
@allow("imports.keep")
@idempotent
@back_to("importing.show")
def confirm(uid: str) -> Response:
    """What came of it: how many rows are in, and that it can be taken back."""
    bringing_in.confirm(viewer(), uid, seen=request.form.get("seen", "")[:16], at=now())
    return changed("importing.show", uid=uid, said="imported")


@bp.post("/imports/<uid>/end")
@allow("imports.keep")
@back_to("importing.show")
def give_up(uid: str) -> Response:
    """One's imports; the file is forgotten."""
    bringing_in.give_up(viewer(), uid)
    return changed("importing.index", said="import-given-up")


@bp.post("/imports/<uid>/undo")
@allow("imports.keep")
@back_to("importing.show")
def undo(uid: str) -> Response:
    """One's imports; everything is as it was before."""
    taking_back.undo(viewer(), uid, at=now())
    return changed("importing.index", said="import-undone")


def _into(one: Import) -> Into:
    """Where it goes; 404 where the viewer does not hold that any more, on a page that says so."""
    try:
        return queries.into_or_404(viewer(), one.kind, one.of_uid, at=now())
    except RuleBroken:
        raise NotFound from None


def _unfinished(uid: str, *, lock: bool = False) -> tuple[Import, Into, Chosen]:
    one = (queries.get_or_404 if lock else queries.one_or_404)(viewer(), uid)
    if one.done_at is not None:
        abort(404)
    return one, _into(one), queries.chosen(viewer(), one)


def _in_doubt(uid: str) -> tuple[list[Line], Chosen]:
    one, into, said = _unfinished(uid)
    undecided = Chosen(said.sheet, said.head, said.fields, said.days)
    lines = queries.planned(viewer(), one, into, undecided)
    return [line for line in lines if line.fate == "doubt"], said
