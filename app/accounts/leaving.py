"""Leaving quickly without a line: the page leaves a mark, and the next request ends the sign-in first.

The sign-in's cookie cannot be read or deleted by a page, and the request that
ends it needs a line, which there seldom is at a checkpoint. So the page sets a
second cookie that says only that somebody left. Whatever this browser asks
next, its sign-in and what waits for its turn are over before anything is shown.
"""

from __future__ import annotations

from flask import Flask, Response, current_app, g, request

from app.accounts import queries, rules, turns
from app.accounts.viewer import cookie_name, cookie_of
from app.audit import trail
from app.web import kept_forms, transaction
from app.web.delivery import static_file
from app.web.origin import has_left, mark_of_leaving


def init_app(app: Flask) -> None:
    app.before_request(_end)
    app.after_request(_forget)


def _end() -> None:
    if request.endpoint == static_file.__name__ or not has_left(request):
        return
    cookie = cookie_of(request)
    with transaction.only_reading():
        row = queries.signed_in(rules.digest_of(cookie)) if cookie else None

    if row is not None:
        digest, user_uid = row.digest, row.uid

        def end() -> None:
            queries.end_sign_in(digest)
            trail.record("sign-out", "user", user_uid, actor_uid=user_uid)

        transaction.beforehand(end)
    g.has_ended = True


def _forget(response: Response) -> Response:
    """The mark has done its work; a new sign-in that this very request made stays."""
    if not g.get("has_ended"):
        return response
    demo = current_app.config["DAFTAR"].demo
    made = [cookie.partition("=")[0] for cookie in response.headers.getlist("Set-Cookie")]
    if cookie_name(demo) in made:
        turns.forget(response)
    else:
        take_cookies(response)
    response.delete_cookie(mark_of_leaving(), secure=not demo, samesite="Strict")
    return response


def take_cookies(response: Response) -> None:
    """Leave nothing of a sign-in in the browser: its own cookie, what waits for its turn, a kept form's key."""
    demo = current_app.config["DAFTAR"].demo
    for name in (cookie_name(demo), kept_forms.cookie_name(demo)):
        response.delete_cookie(name, httponly=True, secure=not demo, samesite="Strict")
    turns.forget(response)
