"""Joining by an invitation's link, recovering by the printed code, and what is shown once."""

from __future__ import annotations

import secrets

from flask import Response, abort, current_app, g, request, url_for
from flask_login import current_user

from app.accounts import joining, passphrases, queries, recovering, rules, shown_once
from app.accounts import sign_in as signing_in
from app.accounts.forms import JoinForm, RecoverForm
from app.accounts.models import User
from app.accounts.views import bp, cost, on_touch, with_cookie
from app.audit import trail
from app.clock import ZONE, now
from app.errors import RuleBroken
from app.i18n import language
from app.policy import allow, public
from app.web.answers import leave_for, page, refused

CODE = "recovery code"  # what is shown once after joining and recovering


@bp.get("/join/<token>")
@public("Whoever holds the link joins with it.")
def join(token: str) -> Response:
    """What one is called here, a passphrase proposed, and a field for one's own."""
    invitation = queries.invitation(token)
    if invitation is None or now() - invitation.invited_at > rules.INVITATION_LASTS:
        return page("accounts/link_over.html")
    g.language = invitation.language
    return page(
        "accounts/join.html",
        form=JoinForm.shown(),
        invitation=invitation,
        token=token,
        proposed="-".join(passphrases.new_words(5)),
    )


@bp.post("/join/<token>")
@public("Whoever holds the link joins with it.")
def accept(token: str) -> Response:
    """The user name and the recovery code, shown once; then the second factor."""
    invitation = queries.invitation(token)
    if invitation is not None:
        g.language = invitation.language
    form = JoinForm.typed()
    if not form.validate():
        return refused("accounts.join", form=form, token=token)
    try:
        user, private, code = joining.accept(
            token, form.passphrase.data or "", cost=cost(), at=now()
        )
    except RuleBroken as broken:
        trail.record_refusal("join", "", "refused")
        return refused("accounts.join", form=form, message=broken, token=token)
    return _signed_in(user, private, code)


@bp.get("/recover")
@public("Whoever forgot their passphrase has the printed code.")
def recovery() -> Response:
    """User name, printed code, and a new passphrase."""
    return page(
        "accounts/recover.html",
        form=RecoverForm.shown(),
        proposed="-".join(passphrases.new_words(5)),
    )


@bp.post("/recover")
@public("Whoever forgot their passphrase has the printed code.")
def recover() -> Response:
    """A new recovery code, shown once; every other sign-in has ended."""
    form = RecoverForm.typed()
    url = {"language": language() if language() != "ar" else None}
    if not form.validate():
        return refused("accounts.recovery", form=form, **url)
    try:
        user, private, code = joining.recover(
            form.username.data or "",
            form.code.data or "",
            form.passphrase.data or "",
            cost=cost(),
            at=now(),
        )
    except RuleBroken as broken:
        trail.record_refusal("recover", "", "refused")
        return refused("accounts.recovery", form=form, message=broken, **url)
    # Who comes back by themselves needs no other key pair, and did not want to lose what is theirs.
    if recovering.end(user.uid, at=now(), refused_by=user.uid):
        trail.record("recovery-refused", "user", user.uid, actor_uid=user.uid)
    return _signed_in(user, private, code)


@bp.get("/anew/<token>")
@public("Whoever holds the link recovers with it.")
def anew(token: str) -> Response:
    """A field for a new passphrase; once it is set, the printed code for ten minutes, and how long to wait."""
    recovery = recovering.by_link(token, at=now())
    user = queries.by_uid(recovery.user_uid) if recovery else None
    if recovery is None or user is None:
        return page("accounts/link_over.html")
    g.language = user.language
    return page(
        "accounts/anew.html",
        form=JoinForm.shown(),
        user=user,
        token=token,
        proposed="-".join(passphrases.new_words(5)),
        theirs_from=rules.theirs_from(recovery.asked_at),
        code=recovering.code_to_print(recovery, _kept_for_printing(), at=now()),
        zone=ZONE,
    )


@bp.post("/anew/<token>")
@public("Whoever holds the link recovers with it.")
def set_anew(token: str) -> Response:
    """The same page: what to print, in this browser alone, and from when the new passphrase opens the notebook."""
    recovery = recovering.by_link(token, at=now())
    if recovery is not None and (user := queries.by_uid(recovery.user_uid)):
        g.language = user.language
    form = JoinForm.typed()
    if not form.validate():
        return refused("accounts.anew", form=form, token=token)
    browser = secrets.token_bytes(32)
    try:
        recovering.accept(token, form.passphrase.data or "", browser=browser, cost=cost(), at=now())
    except RuleBroken as broken:
        trail.record_refusal("recover", "", "refused")
        return refused("accounts.anew", form=form, message=broken, token=token)
    response, demo = leave_for(url_for("accounts.anew", token=token)), _is_demo()
    response.set_cookie(
        _printing(),
        browser.hex(),
        max_age=rules.SHOWN_FOR,
        httponly=True,
        secure=not demo,
        samesite="Strict",
    )
    return response


@bp.get("/shown/<uid>")
@allow("shown_once")
def shown(uid: str) -> Response:
    """The user name and the recovery code, to be printed or written down; gone in ten minutes."""
    text = shown_once.read(current_user.keys, uid, CODE, at=now())
    user = queries.by_uid(current_user.uid)
    if text is None or user is None:
        abort(404)
    return page("accounts/shown.html", code=text, username=user.username)


def _is_demo() -> bool:
    return bool(current_app.config["DAFTAR"].demo)


def _printing() -> str:
    """The cookie that opens the code to print."""
    return "printing" if _is_demo() else "__Host-printing"


def _kept_for_printing() -> bytes:
    try:
        return bytes.fromhex(request.cookies.get(_printing(), ""))
    except ValueError:
        return b""


def _signed_in(user: User, private: bytes, code: str) -> Response:
    """Signed in on this device, with the recovery code, where there is a new one, kept for ten minutes."""
    cookie = signing_in.new_sign_in(user, private, on_touch=on_touch(), is_half=False, at=now())
    if not code:
        trail.record("sign-in", "user", user.uid, actor_uid=user.uid)
        return with_cookie(leave_for(url_for("notebook.today")), cookie)
    uid = shown_once.keep(user.uid, code, CODE, at=now())
    trail.record("sign-in", "user", user.uid, actor_uid=user.uid)
    return with_cookie(leave_for(url_for("accounts.shown", uid=uid)), cookie)
