"""Signing in and out, the code, unlocking, and leaving quickly."""

from __future__ import annotations

import re

from flask import Blueprint, Response, current_app, request, url_for
from flask_login import current_user

from app.accounts import devices, leaving, queries, short_codes, turns
from app.accounts import sign_in as signing_in
from app.accounts.forms import CodeForm, PassphraseForm, ShortCodeForm, SignInForm
from app.accounts.line import Cost
from app.accounts.viewer import cookie_name, cookie_of
from app.audit import trail
from app.clock import now
from app.errors import RuleBroken, or_404
from app.i18n import language
from app.policy import public
from app.web.answers import leave_for, page, refused

bp = Blueprint("accounts", __name__)


@bp.get("/sign-in")
@public("Here one says who one is.")
def sign_in() -> Response:
    """User name and passphrase, and the other language."""
    if current_user.is_authenticated:
        return leave_for(url_for("notebook.today"))
    return page(
        "accounts/sign_in.html",
        form=SignInForm.shown(),
        then=_then(),
        short_codes=short_codes.are_allowed(),
    )


@bp.get("/turn")
@public("Whoever waits to have their passphrase tried has not signed in yet.")
def turn() -> Response:
    """That others sign in at this moment, and that this goes on by itself."""
    if not turns.waits():
        return leave_for(url_for("notebook.today"))
    return page("accounts/turn.html")


@bp.post("/sign-in")
@public("Here one says who one is.")
def begin_sign_in() -> Response:
    """Lead on to where the person wanted to go, or back to the form with one sentence."""
    form = SignInForm.typed()
    url = {"then": _then() or None, "language": language()}
    if not form.validate():
        return refused("accounts.sign_in", form=form, **url)
    try:
        user, cookie = signing_in.begin(
            form.username.data or "",
            form.passphrase.data or "",
            address=request.remote_addr or "",
            device=devices.id_of(request),
            cost=cost(),
            on_touch=on_touch(),
            short_code=form.short_code.data or "",
            at=now(),
        )
    except RuleBroken as broken:
        if not broken.field:
            trail.record_refusal("sign-in", "", "refused")
        return refused("accounts.sign_in", form=form, message=broken, **url)
    if user.second_factor is not None:
        response = leave_for(url_for("accounts.code", then=_then() or None))
    else:
        trail.record("sign-in", "user", user.uid, actor_uid=user.uid)
        response = leave_for(_then() or url_for("notebook.today"))
    device = devices.id_of(request)
    if form.not_mine.data:
        devices.forget(response, device, user.uid)
    elif user.second_factor is not None:
        devices.hand_out(response, device)
    else:
        devices.remember(response, device, user.uid, on=now().date())
    return with_cookie(response, cookie)


@bp.get("/sign-in/code")
@public("The passphrase was right; the code is asked for.")
def code() -> Response:
    """Six digits from the second factor."""
    if not getattr(current_user, "is_half", False):
        return leave_for(url_for("accounts.sign_in"))
    return page("accounts/code.html", form=CodeForm.shown(), then=_then())


@bp.post("/sign-in/code")
@public("The passphrase was right; the code is asked for.")
def complete_sign_in() -> Response:
    """Lead on to where the person wanted to go, under a new cookie."""
    if not getattr(current_user, "is_half", False):
        return leave_for(url_for("accounts.sign_in"))
    form = CodeForm.typed()
    if not form.validate():
        return refused("accounts.code", form=form, then=_then() or None)
    user = queries.myself(current_user.uid)
    try:
        cookie = signing_in.complete(
            user,
            current_user.keys,
            cookie_of(request) or b"",
            form.code.data or "",
            device=devices.id_of(request),
            on_touch=on_touch(),
            at=now(),
        )
    except RuleBroken as broken:
        trail.record_refusal("sign-in", user.uid, "refused")
        return refused("accounts.code", form=form, message=broken, then=_then() or None)
    trail.record("sign-in", "user", user.uid, actor_uid=user.uid)
    response = leave_for(_then() or url_for("notebook.today"))
    if devices.id_of(request):
        devices.remember(response, devices.id_of(request), user.uid, on=now().date())
    return with_cookie(response, cookie)


@bp.get("/locked")
@public("The sign-in was idle; only its passphrase opens it again.")
def locked() -> Response:
    """The passphrase alone, or six digits where they were chosen; the page that was open is still there."""
    if not getattr(current_user, "is_locked", False) or current_user.is_half:
        return leave_for(_then() or url_for("notebook.today"))
    return page(
        "accounts/locked.html",
        form=PassphraseForm.shown(),
        short=ShortCodeForm.shown() if current_user.has_short_code else None,
        then=_then(),
    )


@bp.post("/locked")
@public("The sign-in was idle; only its passphrase opens it again.")
def unlock() -> Response:
    """Back to where the person was."""
    cookie = cookie_of(request)
    if not getattr(current_user, "is_locked", False) or current_user.is_half or cookie is None:
        return leave_for(url_for("accounts.sign_in"))
    form = PassphraseForm.typed()
    if not form.validate():
        return refused("accounts.locked", form=form, then=_then() or None)
    uid, digest = current_user.uid, current_user.sign_in
    user = or_404(queries.by_uid(uid))
    try:
        opened = signing_in.unlock(user, digest, cookie, form.passphrase.data or "", at=now())
    except RuleBroken as broken:
        trail.record_refusal("unlock", uid, "refused")
        return refused("accounts.locked", form=form, message=broken, then=_then() or None)
    if not opened:
        return leave_for(url_for("accounts.sign_in"))
    trail.record("unlock", "user", uid)
    return leave_for(_then() or url_for("notebook.today"))


@bp.post("/locked/code")
@public("The sign-in was idle; the six digits chosen at the door open it again.")
def unlock_with_code() -> Response:
    """Back to where the person was; after five wrong tries at the door, signed out."""
    cookie = cookie_of(request)
    if not getattr(current_user, "is_locked", False) or current_user.is_half or cookie is None:
        return leave_for(url_for("accounts.sign_in"))
    if not current_user.has_short_code:
        message = short_codes.NOT_ALLOWED
        return refused("accounts.locked", message=message, then=_then() or None)
    form = ShortCodeForm.typed()
    if not form.validate():
        return refused("accounts.locked", form=form, then=_then() or None)
    uid, digest = current_user.uid, current_user.sign_in
    try:
        opened = short_codes.unlock(digest, cookie, form.code.data or "", at=now())
    except RuleBroken as broken:
        trail.record_refusal("unlock", uid, "refused")
        return refused("accounts.locked", form=form, message=broken, then=_then() or None)
    if not opened:
        trail.record_refusal("unlock", uid, "refused")
        return refused(
            "accounts.sign_in", message=short_codes.ENDED, then=_then() or None, language=language()
        )
    trail.record("unlock", "user", uid)
    return leave_for(_then() or url_for("notebook.today"))


@bp.post("/sign-out")
@public("Signing out must work whatever state the sign-in is in.")
def sign_out() -> Response:
    """The sign-in page again; this sign-in is over."""
    return _ended(url_for("accounts.sign_in"))


@bp.post("/leave")
@public("Leaving must work whatever state the sign-in is in.", host="both")
def leave() -> Response:
    """An empty page that leads on to a neutral one; this sign-in is over."""
    return _ended(url_for("accounts.away"))


@bp.get("/away")
@public("It is empty.", host="both")
def away() -> Response:
    """Nothing; after a moment a neutral page elsewhere."""
    return page("accounts/away.html", away=current_app.config["DAFTAR"].away)


def cost() -> Cost:
    """What a new passphrase costs to try."""
    return Cost(*current_app.config["DAFTAR"].passphrase_cost)


def on_touch() -> bool:
    """Whether this is a phone or a tablet, which is lost more easily and locks sooner.

    Our script says so with the form; without it, the header does for phones.
    """
    said = request.form.get("touch", "")
    if said:
        return said == "yes"
    is_phone = "Mobi" in request.headers.get("User-Agent", "")
    return bool(getattr(current_user, "on_touch", is_phone))


def with_cookie(response: Response, cookie: bytes) -> Response:
    """Hand the sign-in cookie to the browser; it ends with the browser."""
    demo = current_app.config["DAFTAR"].demo
    response.set_cookie(
        cookie_name(demo), cookie.hex(), httponly=True, secure=not demo, samesite="Strict"
    )
    turns.forget(response)
    return response


def _ended(location: str) -> Response:
    digest = getattr(current_user, "sign_in", None)
    if digest:
        queries.end_sign_in(digest)
        trail.record("sign-out", "user", current_user.uid)
    response = leave_for(location)
    leaving.take_cookies(response)
    return response


def _then() -> str:
    """Where the person wanted to go: a path of ours, never another site's address."""
    then = request.args.get("then", "")
    # Tabs and line ends are dropped from a Location: "/<tab>/elsewhere" would leave our site.
    return then if re.fullmatch(r"/(?![/\\])[!-\[\]-~]*", then) else ""
