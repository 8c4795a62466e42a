"""A form that waits for its turn: sealed to the browser it came from, done when the turn comes.

Deriving a key takes a turn (see line.py). Where none is free, the post ends at
once: what was typed goes back to the browser as a sealed cookie, and the page
/turn asks again by itself, with or without JavaScript. When its turn has come
the post is done as if it had been sent now. The key it is sealed under stands
in the database for six minutes at most, so that a cookie found on a phone
later opens nowhere.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

from flask import Flask, Response, current_app, g, has_request_context, request, url_for
from sqlalchemy import bindparam, delete, select

from app.accounts import rules, tries
from app.accounts.line import Line, Place, Stretched, Work, derived
from app.accounts.models import TurnKey
from app.clock import now
from app.errors import Locked
from app.extensions import db, insert_once, new_uid
from app.i18n import language
from app.vault import envelope
from app.web import transaction
from app.web.answers import leave_for
from app.web.origin import has_left, parts

LINE = Line()
AT = envelope.place("turns", "post", "")
PATH = "/turn"
KEY_LASTS = timedelta(minutes=3)  # as the newest; it opens for as long again
MOST_BYTES = 3_900  # a browser keeps cookies of 4,096
KEYS = select(TurnKey.since, TurnKey.key).where(TurnKey.since >= bindparam("since"))
KEY = select(TurnKey.key).where(TurnKey.since == bindparam("since"))
FORGET = (
    delete(TurnKey)
    .where(TurnKey.since < bindparam("before"))
    .execution_options(synchronize_session="fetch")
)
# In the environ: that a ticket waits; and of a post whose turn it is, its ticket and its keys.
WAITS, TICKET, DONE = "daftar.turn.waits", "daftar.turn.ticket", "daftar.turn.done"

Environ = dict[str, Any]


class Waiting(Exception):
    """Others have their turn first; the post is done by itself when it has come."""

    def __init__(self, work: Work, place: Callable[[], Place]) -> None:
        super().__init__()
        self.work, self.place = work, place


@dataclass(frozen=True)
class Post:
    """A form as it was sent."""

    ticket: str
    path: str
    query: str
    referrer: str
    typed: list[list[str]]


def stretch(work: Work, place: Callable[[], Place]) -> Stretched:
    """The key derived from a passphrase, now or when this post's turn has come.

    `place` says where it stands in line, and is asked only if it must. Raises
    Waiting, which nobody catches but this module: nothing may have been changed before.
    """
    if not has_request_context():
        return derived(work)
    if "stretched" not in g:
        g.stretched = dict(request.environ.get(DONE, {}))
    done: dict[Work, Stretched] = g.stretched
    if work not in done:
        result = LINE.now(work)
        if result is None:
            raise Waiting(work, place)
        done[work] = result
    return done[work]


def from_outside() -> Place:
    """The place of somebody on a device nobody signed in on before: by network."""
    address = request.remote_addr or ""
    failed = tries.today(tries.name("network", rules.network_of(address)), at=now())
    return Place(known=False, whose=(*rules.networks_of(address), address), failed=failed)


def under(who: str) -> Place:
    """The place of a device that signed in before, or of a sign-in, by the name of its counter.

    Where too much was tried under its cookie it is as good as a stranger's.
    """
    if tries.today(who, at=now()) >= rules.KNOWN_UNTIL:
        return from_outside()
    return Place(known=True, whose=(who,))


def init_app(app: Flask) -> None:
    app.register_error_handler(Waiting, _stand_in_line)
    app.after_request(_forget_what_was_done)
    app.wsgi_app = _Turns(app, app.wsgi_app)  # type: ignore[method-assign]


class _Turns:
    """Does the post of whoever asks at /turn, once its turn has come."""

    def __init__(self, app: Flask, inner: Callable[..., Iterable[bytes]]) -> None:
        self._app, self._inner = app, inner

    def __call__(self, environ: Environ, start_response: Any) -> Iterable[bytes]:
        if environ.get("PATH_INFO") == PATH and environ.get("REQUEST_METHOD") in ("GET", "HEAD"):
            with self._app.request_context(environ):
                post = _sealed_post()
            environ[WAITS] = post is not None and LINE.waits(post.ticket)
            if post and not environ[WAITS] and environ["REQUEST_METHOD"] == "GET":
                _become(post, environ, LINE.take(post.ticket))
        return self._inner(environ, start_response)


def _become(post: Post, environ: Environ, done: dict[Work, Stretched]) -> None:
    """Turn a question into the post it asks for; that it was our own page's was checked when it came."""
    body = urlencode([(name, value) for name, value in post.typed]).encode()
    environ |= {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": post.path.encode().decode("latin-1"),
        "QUERY_STRING": post.query,
        "HTTP_REFERER": post.referrer,
        "HTTP_SEC_FETCH_SITE": "same-origin",
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": BytesIO(body),
        TICKET: post.ticket,
        DONE: done,
    }


def _stand_in_line(error: Waiting) -> Response:
    """Nothing was done: the browser is led to the page that asks for its turn."""
    transaction.refuse()
    transaction.rollback()
    g.stands_in_line = True
    ticket = request.environ.get(TICKET) or new_uid()
    with transaction.only_reading():
        place, keys = error.place(), _keys()
    LINE.wait(ticket, place, error.work, g.stretched)
    chosen = language() if language() != "ar" else None
    response = leave_for(url_for("accounts.turn", language=chosen))
    if TICKET in request.environ:
        return response  # it has its cookie already
    post = Post(
        ticket,
        request.path,
        request.query_string.decode("latin-1"),
        parts(request.referrer or "").path,
        [[name, value] for name, value in request.form.items(multi=True)],
    )
    sealed = envelope.seal(
        keys.get(_this_window()) or _new_key(), json.dumps(asdict(post)).encode(), AT
    )
    value = base64.urlsafe_b64encode(sealed).decode()
    if len(value) > MOST_BYTES:
        return leave_for(url_for("problem", status=413))
    response.set_cookie(cookie_name(), value, **_as_ours())
    return response


def forget(response: Response) -> None:
    """Whoever leaves, or somebody who signs in, wants nothing done that waits in this browser."""
    if cookie_name() in request.cookies:
        response.delete_cookie(cookie_name(), **_as_ours())


def _forget_what_was_done(response: Response) -> Response:
    if TICKET in request.environ and not g.get("stands_in_line"):
        forget(response)
    return response


def _sealed_post() -> Post | None:
    """What waits in the cookie of this request; None without one, after some minutes, or where one left."""
    if has_left(request):
        return None
    try:
        sealed = base64.urlsafe_b64decode(request.cookies.get(cookie_name(), ""))
    except ValueError:
        return None
    for key in _keys().values() if sealed else ():
        try:
            return Post(**json.loads(envelope.unseal(key, sealed, AT)))
        except Locked:
            continue
    return None


def waits() -> bool:
    """Whether what this browser sent waits still."""
    return bool(request.environ.get(WAITS))


def forget_keys(*, at: datetime) -> None:
    """What was sealed under a key that is six minutes old opens nowhere any more; nor is it in memory."""
    LINE.pass_over_the_silent()
    db.session.execute(FORGET, {"before": at - 2 * KEY_LASTS})


def _keys() -> dict[datetime, bytes]:
    """The keys that still open, by the beginning of their window."""
    rows = db.session.execute(KEYS, {"since": now() - 2 * KEY_LASTS})
    return {row.since: row.key for row in rows}


def _this_window() -> datetime:
    return rules.window_of(now(), KEY_LASTS)


def _new_key() -> bytes:
    """The key of this window, made by whoever needs it first."""
    since = _this_window()
    db.session.execute(insert_once(TurnKey, since=since, key=envelope.new_key()))
    db.session.commit()
    return db.session.scalars(KEY, {"since": since}).one()


def cookie_name() -> str:
    """`__Host-` binds the cookie to our host and to https, which the demo does without."""
    return "turn" if current_app.config["DAFTAR"].demo else "__Host-turn"


def _as_ours() -> dict[str, Any]:
    secure = not current_app.config["DAFTAR"].demo
    return {"httponly": True, "secure": secure, "samesite": "Strict"}
