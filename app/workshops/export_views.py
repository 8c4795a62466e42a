"""What leaves the notebook: the public link and its poster, the printed sheet, the list as a file."""

from __future__ import annotations

from datetime import datetime

import segno
from flask import Response, abort, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup

from app.accounts import confirmation, shown_once
from app.accounts.viewer import viewer
from app.audit import trail
from app.clock import now
from app.i18n import DIRECTIONS, LANGUAGES, language
from app.people.rules import CHANNEL_WORDS
from app.policy import allow
from app.web import spreadsheets
from app.web.answers import back_to, changed, leave_for, page
from app.workshops import planning, queries, signing_up
from app.workshops.forms import ExportForm
from app.workshops.models import TAKES_SEAT, Workshop
from app.workshops.queries import Listed
from app.workshops.views import bp

EXPORT = "export"  # what is kept between the passphrase and the file


@bp.post("/workshops/<uid>/link/<any(on, off, anew):as_>")
@allow("workshops.keep")
@back_to("workshops.show")
def turn_link(uid: str, as_: str) -> Response:
    """The workshop's page: its public address answers, or answers no more."""
    workshop = queries.get_or_404(viewer(), uid, lock=True)
    if as_ == "on":
        planning.turn_link_on(workshop, at=now())
    else:
        planning.turn_link_off(workshop, anew=as_ == "anew")
    return changed("workshops.show", uid=uid, said=f"link-{as_}", at="link")


@bp.get("/workshops/<uid>/poster")
@allow("workshops.view")
def poster(uid: str) -> Response:
    """A page to print and hang up: title and text, every open date, and the link as a QR code."""
    workshop, at = queries.get_or_404(viewer(), uid), now()
    if not workshop.link_answers(at):
        abort(404)
    both = bool(workshop.title_ar and workshop.title_en)
    own_first = sorted(LANGUAGES, key=lambda of: of != language())
    address = planning.link_address(workshop)
    drawn = segno.make(address, error="m").svg_inline(border=2, omitsize=True)
    return page(
        "workshops/poster.html",
        workshop=workshop,
        dates=queries.dates_open_to_the_public(workshop, at=at),
        languages=own_first if both else own_first[:1],
        address=address,
        qr=Markup(drawn),  # noqa: S704 - drawn by segno
    )


@bp.get("/workshops/<uid>/sheet")
@allow("workshops.view")
def sheet(uid: str) -> Response:
    """A sheet to sign on paper, with codes; one with names is asked for like a file."""
    workshop, at = queries.get_or_404(viewer(), uid), now()
    signing_up.settle_first([workshop], at=at)
    trail.saw("sheet", "workshop", uid)
    return _sheet(workshop, with_names=False, at=at)


@bp.get("/workshops/<uid>/export")
@allow("workshops.keep")
def export(uid: str) -> Response:
    """What leaves with names: the kind of file, or a sheet to print, and one's own passphrase or code."""
    workshop = queries.get_or_404(viewer(), uid)
    form = ExportForm.shown(as_="sheet" if request.args.get("as") == "sheet" else "xlsx")
    reads = bool(queries.list_vault(viewer(), workshop))
    return page("workshops/export.html", form=form, workshop=workshop, reads=reads)


@bp.post("/workshops/<uid>/export")
@allow("workshops.keep")
@back_to("workshops.export")
def make_export(uid: str) -> Response:
    """Lead on to what was asked for, which can be fetched for ten minutes."""
    queries.get_or_404(viewer(), uid)
    form = ExportForm.checked()
    confirmation.check(form)
    asked = shown_once.keep(viewer().uid, f"{uid} {form.as_.data}", EXPORT, at=now())
    trail.record("list-exported", "workshop", uid)
    return leave_for(url_for("workshops.exported", uid=uid, asked=asked))


@bp.get("/workshops/<uid>/export/<asked>")
@allow("workshops.keep")
def exported(uid: str, asked: str) -> Response:
    """The sheet with names, or a link to the file: the form with the passphrase is gone from the page."""
    workshop, as_, at = queries.get_or_404(viewer(), uid), _asked_for(uid, asked), now()
    if as_ != "sheet":
        return page("workshops/exported.html", workshop=workshop, asked=asked)
    trail.saw("sheet-with-names", "workshop", uid)
    return _sheet(workshop, with_names=True, at=at)


@bp.get("/workshops/<uid>/export/<asked>/file")
@allow("workshops.keep")
def file(uid: str, asked: str) -> Response:
    """The list as a file with a neutral name; without the passphrase of before it does not exist."""
    workshop, as_ = queries.get_or_404(viewer(), uid), _asked_for(uid, asked)
    if as_ not in spreadsheets.KINDS:
        abort(404)
    rows = _rows(queries.listed(viewer(), workshop, at=now()))
    if as_ == "xlsx":
        body = spreadsheets.spreadsheet(rows, right_to_left=DIRECTIONS[language()] == "rtl")
    else:
        body = spreadsheets.table(rows)
    trail.saw("list-file-fetched", "workshop", uid)
    return spreadsheets.download(body, "list", as_)


def _asked_for(uid: str, asked: str) -> str:
    """What was asked for with the passphrase within the last ten minutes, of this workshop."""
    kept = shown_once.read(current_user.keys, asked, EXPORT, at=now()) or ""
    of, _space, as_ = kept.partition(" ")
    if of != uid:
        abort(404)
    return as_


def _sheet(workshop: Workshop, *, with_names: bool, at: datetime) -> Response:
    on_list = queries.listed(viewer(), workshop, at=at)
    return page(
        "workshops/sheet.html",
        workshop=workshop,
        on_list=[one for one in on_list if one.state in TAKES_SEAT],
        with_names=with_names,
    )


def _rows(on_list: list[Listed]) -> list[list[str]]:
    """The heading, and a row for each sign-up."""
    words = {
        "requested": _("asked"),
        "confirmed": _("has a seat"),
        "waiting": _("waits"),
        "offered": _("seat offered"),
        "declined": _("declined"),
        "expired": _("offer ran out"),
        "cancelled": _("cancelled"),
        "attended": _("came"),
        "no-show": _("did not come"),
    }
    heading = [_("Name"), _("Code"), _("State"), _("Safe contact"), _("Number"), _("Safe time")]
    rows = [heading]
    for one in on_list:
        card = one.card
        if card is None:
            rows.append([_("Someone"), "", words[one.state], "", "", ""])
        elif one.stopped or one.sign_up.ended_as:
            no = _("Do not contact") if one.stopped else ""
            rows.append([card.name, card.code, words[one.state], no, "", ""])
        else:
            channel = str(CHANNEL_WORDS[card.channel])
            rows.append([card.name, card.code, words[one.state], channel, card.number, card.hours])
    return rows
