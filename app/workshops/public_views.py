"""What anybody with a link sees: signing up without an account, and what a code word opens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response, current_app, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.accounts import public_tries
from app.clock import now
from app.errors import RuleBroken, or_404
from app.i18n import language
from app.policy import public
from app.web import transaction
from app.web.answers import asked, leave_for, page, refused
from app.web.kept_forms import shown_again
from app.workshops import code_words, planning, queries, rules, signing_up
from app.workshops.forms import CodeWordForm, OutsideForm
from app.workshops.models import SignUp, Workshop
from app.workshops.views import bp

WITHOUT_ACCOUNT = "Somebody with the link signs up without an account."
WITH_CODE = "A code word stands in for an account."


@bp.get("/open/<link>")
@public(WITHOUT_ACCOUNT, host="public")
def outside(link: str) -> Response:
    """One workshop, how many seats are left in words, and a form that asks for a nickname."""
    found = or_404(_dates(link))
    workshop, dates = found
    signing_up.settle_first([workshop, *dates], at=now())
    form = OutsideForm.shown(dates=[workshop.uid])
    return page("workshops/outside.html", **_shown(form, workshop, dates))


@bp.post("/open/<link>")
@public(WITHOUT_ACCOUNT, host="public")
def sign_up_outside(link: str) -> Response:
    """Lead on to the seat or the place in the waiting line, and the code word."""
    url: dict[str, Any] = {"link": link, "language": _chosen_language()}
    found = _dates(link)
    if found is None:
        transaction.refuse()
        return leave_for(url_for("workshops.outside", **url))  # which says that it works no longer
    _workshop, dates = found
    form = OutsideForm.typed(dates=[(date.uid, date.uid) for date in dates])
    if not dates or not set(form.dates.data or ()) <= {date.uid for date in dates}:
        form.refuse(rules.NOT_OPEN, "dates" if dates else "")
        return refused("workshops.outside", form=form, **url)
    if not form.validate():
        return refused("workshops.outside", form=form, **url)
    if form.website.data:
        form.refuse(_("Leave this empty, then send the form again."), "website")
        return refused("workshops.outside", form=form, **url)
    if not form.has_key():
        form.take_new_key()
        form.refuse(_("Something was missing from the form. It is whole now: send it again."))
        return refused("workshops.outside", form=form, **url)
    key = current_app.config["DAFTAR"].server_key
    word = code_words.code_word(key, form.once.data or "", language())
    at, chosen = now(), list(form.dates.data)
    try:
        if not queries.by_code(code_words.digest_of(key, word)):
            tried = public_tries.from_network("sign-up", request.remote_addr or "")
            public_tries.claim({**tried, "link": link}, at=at)
        new = signing_up.sign_up_from_outside(
            queries.locked(chosen), form.card(), code_digest=code_words.digest_of(key, word), at=at
        )
    except RuleBroken as broken:
        return refused("workshops.outside", form=form, message=broken, **url)
    return _answer_for(word, again=None if new else "yes")


@bp.get("/code")
@public(WITH_CODE, host="public")
def code() -> Response:
    """A field for the code word; once it was right, what it opens."""
    form, kept = CodeWordForm.shown(), shown_again()
    found = _opened_by(form.code.data or "") if kept and not kept.wrong else []
    if not found:
        return page("workshops/code.html", form=form)
    at = now()
    signing_up.settle_first([workshop for _sign_up, workshop in found], at=at)
    found = _opened_by(form.code.data or "")
    lists = queries.sign_ups_of([workshop.uid for _s, workshop in found])
    return page(
        "workshops/standing.html",
        code=form.code.data,
        again=request.args.get("again") == "yes",
        found=[
            (sign_up, workshop, sign_up.state(at), _position(sign_up, lists[workshop.uid]))
            for sign_up, workshop in found
        ],
        states={workshop.uid: workshop.state(at) for _s, workshop in found},
        may_undo={s.uid for s, w in found if not w.is_over() and rules.they_may_undo(s, at=at)},
        has_seat=any(s.state(at) == "confirmed" and not w.is_over() for s, w in found),
        live=sum(s.ended_as is None and not w.is_over() for s, w in found),
    )


@bp.post("/code")
@public(WITH_CODE, host="public")
def look_up() -> Response:
    """Lead on to what the code word opens, or back to the field with one kind sentence."""
    form = CodeWordForm.typed()
    url = {"language": _chosen_language()}
    if not form.validate():
        return refused("workshops.code", form=form, **url)
    try:
        _claimed(form.code.data or "")
    except RuleBroken as broken:
        form.refuse(broken.message, "code")
        return refused("workshops.code", form=form, **url)
    return asked("workshops.code", form=form, **url)


@bp.post("/code/<uid>/<any(acceptance, no, cancellation, 'return', undo):as_>")
@public(WITH_CODE, host="public")
def answer(uid: str, as_: str) -> Response:
    """Lead on to what the code word opens now: the seat taken, given back or asked for again."""
    form = CodeWordForm.typed()
    url = {"language": _chosen_language()}
    if not form.validate():
        return refused("workshops.code", form=form, **url)
    try:
        found = _claimed(form.code.data or "")
        mine = [workshop.uid for sign_up, workshop in found if sign_up.uid == uid]
        if not mine:
            raise _nothing_found()
        at = now()
        (workshop,) = queries.locked(mine)
        waiting = signing_up.begun(workshop, at=at)
        signing_up.act(waiting, waiting.one(uid), as_, by_the_person=True, at=at)
    except RuleBroken as broken:
        form.refuse(broken.message, "code")
        return refused("workshops.code", form=form, **url)
    return _answer_for(form.code.data or "")


def _dates(link: str) -> tuple[Workshop, list[Workshop]] | None:
    """The workshop behind a link that is on, and the dates one can choose; a guess never reaches the table."""
    workshop = queries.by_link(link) if planning.is_link(link) else None
    if workshop is None or workshop.link_on_at is None:
        return None
    return workshop, queries.dates_open_to_the_public(workshop, at=now())


def _shown(form: OutsideForm, workshop: Workshop, dates: Sequence[Workshop]) -> dict[str, Any]:
    """What the page shows: how full each date is, and what one's place would be."""
    at = now()
    lists = queries.sign_ups_of([workshop.uid, *(date.uid for date in dates)])
    form.dates.choices = [(date.uid, date.uid) for date in dates]
    return {
        "form": form,
        "workshop": workshop,
        "dates": dates,
        "only_this": dates == [workshop] and form.dates.data == [workshop.uid],
        "state": workshop.state(at),
        "left": {uid: _left(date, lists[uid]) for uid, date in _by_uid(workshop, dates)},
        "line": {uid: len(rules.waiting_line(of, at=at)) for uid, of in lists.items()},
    }


def _left(workshop: Workshop, sign_ups: Sequence[SignUp]) -> int:
    """The seats one could have now: none while others wait for them."""
    at = now()
    full = rules.is_full(workshop, sign_ups, at=at)
    return 0 if full else rules.seats_left(workshop, sign_ups, at=at)


def _by_uid(workshop: Workshop, dates: Sequence[Workshop]) -> list[tuple[str, Workshop]]:
    return [(date.uid, date) for date in (workshop, *dates)]


def _position(sign_up: SignUp, sign_ups: Sequence[SignUp]) -> int:
    """The place in the waiting line, from 1 on; 0 for who does not wait."""
    line = [waiting.uid for waiting in rules.waiting_line(sign_ups, at=now())]
    return line.index(sign_up.uid) + 1 if sign_up.uid in line else 0


def _opened_by(word: str) -> list[tuple[SignUp, Workshop]]:
    key = current_app.config["DAFTAR"].server_key
    return queries.by_code(code_words.digest_of(key, word)) if word else []


def _claimed(word: str) -> list[tuple[SignUp, Workshop]]:
    """What a code word opens, counting a try first. Raises RuleBroken where it opens nothing."""
    tried, at = public_tries.from_network("code", request.remote_addr or ""), now()
    public_tries.claim(tried, at=at)
    found = _opened_by(word)
    if not found:
        raise _nothing_found()
    public_tries.give_back(tried, at=at)
    return found


def _nothing_found() -> RuleBroken:
    return RuleBroken(
        _("No sign-up is found under these words. Check each of them, then try again.")
    )


def _answer_for(word: str, *, again: str | None = None) -> Response:
    """Lead on to what a code word opens; the word itself goes sealed, in no address."""
    url = {"language": _chosen_language(), "again": again}
    return asked("workshops.code", form=CodeWordForm(MultiDict({"code": word})), **url)


def _chosen_language() -> str | None:
    return language() if language() != "ar" else None
