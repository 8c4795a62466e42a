"""Files: what opens and recalls one, the list, one file, its fee and supervision, resting, closing, opening it again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import Blueprint, Response, abort

from app.accounts import confirmation
from app.accounts.models import User
from app.accounts.queries import receiver, staff, working_names
from app.accounts.rules import check_words
from app.accounts.viewer import viewer
from app.audit import trail
from app.cases import appointment_queries, files, queries, referrals, sealing
from app.cases.appointment_queries import InFigures
from app.cases.forms import CloseForm, FeeForm, SupervisionForm
from app.cases.models import PAUSED
from app.clock import now, today
from app.errors import or_404
from app.i18n import language
from app.notes import queries as notes
from app.people import queries as people
from app.policy import allow
from app.requests import referral_queries
from app.requests.models import CLOSED, OPEN
from app.web import lists
from app.web.answers import back_to, changed, page, query
from app.web.paging import Page

bp = Blueprint("cases", __name__)
UNBOOKED = "unbooked"
"""In progress, and nobody knows when they meet next."""
STATES = (OPEN, UNBOOKED, PAUSED, CLOSED)
ORDERS: Mapping[str, Callable[[tuple[queries.File, InFigures]], Any]] = {
    "name": lambda line: line[0].card and line[0].card.folded,
    "last": lambda line: line[1].last,
    "next": lambda line: line[1].next,
}


@bp.get("/files")
@allow("files.list")
def index() -> Response:
    """One's own files and those one supervises; of one's places, numbers and dates alone."""
    everything = queries.files(viewer())
    figures = appointment_queries.of_files(viewer(), at=now())
    names = working_names({f.case.counsellor_uid for f in everything})
    places = {f.case.site_uid: f.case.site.called(language()) for f in everything}
    asked_for = lists.asked(sort=ORDERS, state=STATES, place=places, who=names)
    found = _narrowed(everything, figures, asked_for)
    trail.saw("files-opened", "list", "")
    return page(
        "cases/index.html",
        files=Page.of(lists.in_order(found, asked_for, ORDERS)),
        asked_for=asked_for,
        whole=len(everything),
        names=names,
        places=sorted(places.items(), key=lambda place: place[1]),
    )


def _narrowed(
    everything: Sequence[queries.File], figures: defaultdict[str, InFigures], to: dict[str, str]
) -> list[tuple[queries.File, InFigures]]:
    """The files that the address asks for, each with its appointments in figures."""
    state = to.get("state", "")
    return [
        (file, figures[file.uid])
        for file in everything
        if to.get("place", file.case.site_uid) == file.case.site_uid
        and to.get("who", file.case.counsellor_uid) == file.case.counsellor_uid
        and state in ("", file.case.state, _unbooked(file, figures[file.uid]))
    ]


def _unbooked(file: queries.File, appointments: InFigures) -> str:
    return UNBOOKED if file.case.state == OPEN and appointments.next is None else ""


@bp.post("/letters/<uid>/answer/yes")
@allow("referrals.answer")
@back_to("notebook.today")
def accept(uid: str) -> Response:
    """The file that opens; or Today, where the referral was revoked meanwhile."""
    referral = referral_queries.received_or_404(viewer(), uid)
    case = referrals.accept(referral, at=now())
    return changed("cases.show", uid=case.uid, said="file-opened")


@bp.post("/letters/<uid>/recall")
@allow("referrals.keep")
@back_to("requests.referral")
def recall(uid: str) -> Response:
    """The referral, taken back; a file that it opened is closed."""
    found = referral_queries.of_desk_or_404(viewer(), uid)
    referrals.revoke(found.referral, at=now())
    return changed("requests.referral", uid=uid, said="letter-recall")


@bp.get("/files/<uid>")
@allow("files.open")
def show(uid: str) -> Response:
    """A file: the person, the agreed fee, appointments with their notes."""
    found = queries.file_or_404(viewer(), uid)
    case = found.case
    everything = appointment_queries.appointments(uid)
    appointments = Page.of(everything)
    trail.saw("file-opened", "file", uid, person_uid=case.person_uid)
    return page(
        "cases/show.html",
        file=found,
        case=case,
        keeps=case.counsellor_uid == viewer().uid,
        appointments=appointments,
        notes=notes.by_occasion(viewer(), case.referral_uid),
        names=working_names({case.counsellor_uid, case.supervisor_uid or ""}),
        fee_note=sealing.field_text(viewer(), case, "fee_note"),
        closing_note=sealing.field_text(viewer(), case, "closing_note"),
        owed=sum(one.fee for one in everything if one.owes and one.fee_state == "due"),
        today=today(case.site.zone),
        at=now(),
    )


@bp.get("/files/<uid>/fee")
@allow("files.keep")
def fee(uid: str) -> Response:
    """What each appointment costs."""
    case = queries.own_or_404(viewer(), uid).case
    note = sealing.field_text(viewer(), case, "fee_note")
    form = FeeForm.shown(fee=case.fee, review_on=case.fee_review_on, note=note)
    trail.saw("file-opened", "file", uid, person_uid=case.person_uid)
    return page("cases/fee.html", form=form, case=case)


@bp.post("/files/<uid>/fee")
@allow("files.keep")
@back_to("cases.fee")
def agree_fee(uid: str) -> Response:
    """The file, with the fee as agreed; appointments already booked keep theirs."""
    case = queries.own_or_404(viewer(), uid, lock=True).case
    form = FeeForm.checked()
    files.agree_fee(
        case, fee=form.fee.data or 0, review_on=form.review_on.data, note=form.note.data or ""
    )
    return changed("cases.show", uid=uid, said="saved")


@bp.get("/files/<uid>/closing")
@allow("files.keep")
def closing(uid: str) -> Response:
    """Why the file is closed, what closing means, and which notes are not signed."""
    case = queries.own_or_404(viewer(), uid).case
    return page(
        "cases/close.html",
        form=CloseForm.shown(),
        case=case,
        unsigned=appointment_queries.unsigned_of(viewer(), case),
    )


@bp.post("/files/<uid>/closing")
@allow("files.keep")
@back_to("cases.closing")
def close(uid: str) -> Response:
    """The files; this one is closed, and its texts open no more for its counsellor.

    Closed already, by a second tap or meanwhile by something else, it says the same.
    """
    case = queries.file_or_404(viewer(), uid, lock=True).case
    if case.counsellor_uid != viewer().uid:
        abort(404)
    if case.state == CLOSED:
        return changed("cases.index", said="file-closed")
    form = CloseForm.checked()
    files.close(case, form.as_.data, form.note.data or "", at=now())
    return changed("cases.index", said="file-closed")


@bp.post("/files/<uid>/state/<any(pause, resumption):as_>")
@allow("files.keep")
@back_to("cases.show")
def turn(uid: str, as_: str) -> Response:
    """The file, resting or going on."""
    case = queries.own_or_404(viewer(), uid, lock=True).case
    if as_ == "pause":
        files.pause(case, at=now())
    else:
        files.resume(case)
    return changed("cases.show", uid=uid, said="saved")


@bp.post("/files/<uid>/review-reopening")
@allow("files.review")
@back_to("cases.show")
def reopen_whole(uid: str) -> Response:
    """The file, open again: its supervisor gives the counsellor all of it back."""
    case = queries.file_or_404(viewer(), uid, lock=True).case
    if case.supervisor_uid != viewer().uid:
        abort(404)
    files.reopen_by_supervisor(viewer(), case, at=now())
    return changed("cases.show", uid=uid, said="file-reopened")


@bp.post("/files/<uid>/reopening")
@allow("files.reopen")
@back_to("cases.index")
def reopen(uid: str) -> Response:
    """The list of files; what is new opens for its counsellor, older notes once they are given back."""
    case = queries.case_of_place_or_404(viewer(), uid)
    person = people.get_or_404(viewer(), case.person_uid)
    files.reopen_by_desk(viewer(), case, person, at=now())
    return changed("cases.index", said="file-reopened")


@bp.get("/files/<uid>/team")
@allow("files.keep")
def supervision(uid: str) -> Response:
    """A supervisor to choose; then their check words to compare, and one's own passphrase."""
    case = queries.own_or_404(viewer(), uid).case
    users = [user for user in staff("supervisor") if user.uid != viewer().uid]
    return page(
        "cases/supervision.html",
        form=SupervisionForm.shown(user=query("user")).offering(user=_named(users)),
        case=case,
        words=[(user, check_words(user.public_key)) for user in users],
        names=working_names({case.supervisor_uid or ""}),
    )


@bp.post("/files/<uid>/team")
@allow("files.keep")
@back_to("cases.supervision")
def give_supervision(uid: str) -> Response:
    """The file; the supervisor reads it from their next request on."""
    case = queries.own_or_404(viewer(), uid).case
    form = SupervisionForm.checked(user=_named(staff("supervisor")))
    confirmation.check(form)
    case = queries.own_or_404(viewer(), uid, lock=True).case
    # Looked for again: the role may have been lost during the slow derivation.
    supervisor = or_404(receiver(form.user.data, "supervisor"))
    confirmation.compared(check_words(supervisor.public_key), of=supervisor.uid)
    files.give_supervision(viewer(), case, supervisor, at=now())
    return changed("cases.show", uid=uid, said="access-given")


@bp.post("/files/<uid>/team/end")
@allow("files.keep")
def end_supervision(uid: str) -> Response:
    """The file without a supervisor."""
    files.end_supervision(queries.own_or_404(viewer(), uid, lock=True).case, at=now())
    return changed("cases.show", uid=uid, said="unassigned")


def _named(users: Sequence[User]) -> list[tuple[str, str]]:
    return [(user.uid, user.working_name) for user in users]
