"""The neutral page that says something went wrong, for every status and every kind of asker."""

from __future__ import annotations

import traceback
from contextlib import suppress

from flask import Flask, Response, current_app, g, make_response, redirect, request, url_for
from flask_babel import lazy_gettext as _
from sqlalchemy.exc import InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoConnection
from werkzeug.exceptions import HTTPException, NotFound

from app import i18n
from app.errors import Locked
from app.extensions import SAFE_METHODS, db, login_manager
from app.policy import public
from app.web import kept_forms, origin, transaction
from app.web.answers import is_htmx, render
from app.web.origin import on_public_host

SECRET = ("passphrase", "new", "code", "short_code")  # never kept
# The database is away, full, or busy for too long.
OUT_OF_REACH = (OperationalError, InterfaceError, NoConnection)
CANNOT_WRITE = 507
SHOWN = (400, 401, 403, 404, 405, 413, 500, CANNOT_WRITE)


def init_app(app: Flask) -> None:
    app.add_url_rule("/problem/<int:status>", "problem", problem)
    app.register_error_handler(HTTPException, _answer)
    app.register_error_handler(Locked, _locked)
    app.register_error_handler(Exception, _unexpected)
    for kind in OUT_OF_REACH:
        app.register_error_handler(kind, _cannot_write)


@public("It says only that something went wrong.", host="both")
def problem(status: int) -> Response:
    """One sentence about what went wrong and where to go on."""
    status = status if status in SHOWN else 404
    return _page(status)


def _answer(error: HTTPException) -> Response:
    if isinstance(before := getattr(error, "original_exception", None), OUT_OF_REACH):
        return _cannot_write(before)  # while what was done was written, after the view
    if error.code is not None and error.code < 400 and error.response is None:
        return make_response(error.get_response())
    status = error.code if error.code in SHOWN else 400
    if status == 401 and request.method == "GET" and not is_htmx():
        then = request.full_path.rstrip("?")
        return make_response(redirect(current_app.extensions["where_to_sign_in"](then), 303))
    if is_htmx():
        return make_response(render("web/_problem.html", status=status), status)
    if status == 401 and request.method == "POST":
        return _to_sign_in_with_what_was_typed()
    if request.method not in SAFE_METHODS and not g.get("foreign"):
        # A full-page answer of 4xx to a POST would leave what was typed on the phone.
        transaction.refuse()
        return make_response(redirect(url_for("problem", status=status), 303))
    return _page(status)


def _to_sign_in_with_what_was_typed() -> Response:
    """The sign-in ended or locked under a form: it is shown again, filled, after signing in."""
    where = current_app.extensions["where_to_sign_in"]
    page = origin.parts(request.referrer or "").path or "/"
    transaction.refuse()
    try:
        anything = bool(request.form)
    except HTTPException:  # too large to be taken
        anything = False
    if not anything:
        return make_response(redirect(where(page), 303))
    g.kept_for_user = True
    typed = [  # where nobody is known, kept_forms.keep() sets a limit
        (name, value)
        for name, values in request.form.lists()
        for value in values
        if name not in SECRET
    ]
    message = _("You were signed out meanwhile. What you typed is here; send it again.")
    uid = kept_forms.keep(kept_forms.Refusal(kept_forms.ANY_FORM, typed, messages=[str(message)]))
    return kept_forms.send_form_key(make_response(redirect(where(f"{page}?kept={uid}"), 303)))


def _locked(_error: Locked) -> Response:
    return _answer(NotFound())


def _unexpected(error: Exception) -> Response:
    # The message of an exception can quote what was typed: only where it happened is logged.
    where = "".join(traceback.format_tb(error.__traceback__))
    current_app.logger.error("%s at %s\n%s", type(error).__name__, request.endpoint, where)
    if current_app.testing and current_app.config.get("PROPAGATE_EXCEPTIONS"):
        raise error
    db.session.rollback()
    if is_htmx():
        return make_response(render("web/_problem.html", status=500), 500)
    if request.method not in SAFE_METHODS:
        transaction.refuse()
        return make_response(redirect(url_for("problem", status=500), 303))
    return _page(500)


def _cannot_write(error: Exception) -> Response:
    """Said in words of its own, by a page that asks the database for nothing."""
    where = "".join(traceback.format_tb(error.__traceback__))
    current_app.logger.error("%s at %s\n%s", type(error).__name__, request.endpoint, where)
    g.out_of_reach = True
    g.refusal = None
    g.afterwards, g.after_refusal = [], []
    if "_login_user" not in g:  # who asks cannot be read either
        g._login_user = login_manager.anonymous_user()
    with suppress(SQLAlchemyError):
        db.session.rollback()
    if is_htmx():
        return make_response(render("web/_problem.html", status=CANNOT_WRITE), CANNOT_WRITE)
    if request.method not in SAFE_METHODS:
        return make_response(redirect(url_for("problem", status=CANNOT_WRITE), 303))
    return _page(CANNOT_WRITE)


def _page(status: int) -> Response:
    """The neutral page; a stranger with a dead link is not led to where the staff signs in."""
    for_public = on_public_host() or (status == 404 and i18n.is_for_the_public())
    return make_response(render("web/problem.html", status=status, for_public=for_public), status)
