"""What is one's own: preferences, sign-ins on other devices, the passphrase, the second factor."""

from __future__ import annotations

import secrets

import segno
from flask import Response, abort, current_app, request, url_for
from flask_login import current_user
from markupsafe import Markup

from app.accounts import joining, passphrases, queries, rules, shown_once
from app.accounts import sign_in as signing_in
from app.accounts.forms import NewPassphraseForm, PreferencesForm, SecondFactorForm
from app.accounts.models import User
from app.accounts.views import bp, cost, on_touch, with_cookie
from app.audit import trail
from app.clock import now
from app.errors import RuleBroken, or_404
from app.policy import allow
from app.vault import envelope
from app.web.answers import back_to, changed, leave_for, page, refused

SEED = "second factor"  # what is kept while it is set up
SEED_BYTES = 20  # as authenticator apps expect


@bp.post("/preferences")
@allow("more")
@back_to("notebook.more")
def prefer() -> Response:
    """The page *More* again, in the language, digits and colours chosen."""
    form = PreferencesForm.checked()
    user = queries.myself(current_user.uid)
    user.language, user.digits = form.language.data, form.digits.data
    user.theme = form.theme.data
    return changed("notebook.more", said="preferences")


@bp.get("/sign-ins")
@allow("more")
def sign_ins() -> Response:
    """Where one is signed in, since when, and a button to end each."""
    return page(
        "accounts/sign_ins.html",
        sign_ins=queries.sign_ins(current_user.uid),
        this=current_user.sign_in,
    )


@bp.post("/sign-ins/<digest>/end")
@allow("more")
def end_sign_in(digest: str) -> Response:
    """The list without that sign-in, which is over with its next request."""
    mine = {row.digest for row in queries.sign_ins(current_user.uid)}
    if digest not in mine:
        abort(404)
    queries.end_sign_in(digest)
    trail.record("sign-in-ended", "user", current_user.uid)
    return changed("accounts.sign_ins", said="sign-in-ended")


@bp.post("/sign-ins/end")
@allow("more")
def end_sign_ins() -> Response:
    """The list with this sign-in alone."""
    queries.end_sign_ins_of(current_user.uid, but=current_user.sign_in)
    trail.record("sign-ins-ended", "user", current_user.uid)
    return changed("accounts.sign_ins", said="sign-in-ended")


@bp.get("/passphrase")
@allow("more")
def passphrase() -> Response:
    """The passphrase now, and the one to come."""
    proposed = "-".join(passphrases.new_words(5))
    return page("accounts/passphrase.html", form=NewPassphraseForm.shown(), proposed=proposed)


@bp.post("/passphrase")
@allow("more")
@back_to("accounts.passphrase")
def change_passphrase() -> Response:
    """More again; the other sign-ins have ended."""
    form = NewPassphraseForm.checked()
    uid, keys, digest = current_user.uid, current_user.keys, current_user.sign_in
    signing_in.check_again(uid, form.passphrase.data or "", digest=digest, at=now())
    joining.refuse_weak(form.new.data or "", "new")
    stretched = signing_in.stretch_new(form.new.data or "", cost=cost(), digest=digest)
    user = _still(uid)
    rules.reseal_private_key(user, keys.private_key, stretched)
    queries.end_sign_ins_of(uid)
    cookie = signing_in.new_sign_in(
        user, keys.private_key, on_touch=on_touch(), is_half=False, at=now()
    )
    trail.record("passphrase-changed", "user", uid)
    return with_cookie(changed("notebook.more", said="passphrase"), cookie)


@bp.get("/second-factor")
@allow("second_factor")
def second_factor() -> Response:
    """A QR code for an app that makes codes, and a field for the first code."""
    kept = shown_once.read(current_user.keys, request.args.get("of", ""), SEED, at=now())
    if kept is None:
        uid = shown_once.keep_later(current_user.uid, secrets.token_hex(SEED_BYTES), SEED, at=now())
        return leave_for(url_for("accounts.second_factor", of=uid))
    user = or_404(queries.by_uid(current_user.uid))
    seed, name = bytes.fromhex(kept), current_app.config["DAFTAR"].authenticator_name
    address = rules.code_address(seed, name)
    return page(
        "accounts/second_factor.html",
        form=SecondFactorForm.shown(),
        qr=Markup(segno.make(address, error="m").svg_inline(border=2, omitsize=True)),  # noqa: S704 - drawn by segno
        address=address,
        secret=rules.code_secret(seed),
        name=name,
        of=request.args["of"],
        has_one=user.second_factor is not None,
    )


@bp.post("/second-factor")
@allow("second_factor")
def set_second_factor() -> Response:
    """Today; from the next sign-in on, a code is asked for."""
    of = request.args.get("of", "")
    kept = shown_once.read(current_user.keys, of, SEED, at=now())
    if kept is None:
        return leave_for(url_for("accounts.second_factor"))
    form = SecondFactorForm.typed()
    if not form.validate():
        return refused("accounts.second_factor", form=form, of=of)
    uid, digest, seed = current_user.uid, current_user.sign_in, bytes.fromhex(kept)
    if queries.myself(uid).second_factor is not None:
        try:  # whoever finds this page open must not put their own codes in place of these
            signing_in.check_again(uid, form.passphrase.data or "", digest=digest, at=now())
        except RuleBroken as broken:
            return refused("accounts.second_factor", form=form, message=broken, of=of)
    user = _still(uid)
    step = rules.step_of(form.code.data or "", seed, last_step=0, at=now())
    if step is None:
        form.refuse(signing_in.WRONG_CODE, "code")
        return refused("accounts.second_factor", form=form, of=of)
    user.second_factor = envelope.seal_to(user.public_key, seed, rules.seed_place(user.uid))
    user.last_step = step
    queries.end_sign_ins_of(uid, but=digest)
    trail.record("second-factor-set", "user", user.uid)
    return changed("notebook.today", said="second-factor")


def _still(user_uid: str) -> User:
    """Whoever asks, locked; 401 where their sign-in, or their key pair, ended while a key was derived."""
    user = queries.myself(user_uid)
    stands = any(row.digest == current_user.sign_in for row in queries.sign_ins(user_uid))
    theirs = envelope.public_of(current_user.keys.private_key) == user.public_key
    if not stands or not theirs or user.left_at is not None:
        abort(401)
    return user
