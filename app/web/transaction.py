"""The request is the transaction: it ends before the answer is sent.

It commits after an answer that did what was asked, and rolls back after any
refusal, whatever the final status; what must outlive a refusal (the kept form,
the throttle counter, the audit row) is then written in a transaction of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask, Response, g, has_request_context, request

from app.extensions import SAFE_METHODS, db

Write = Callable[[], None]


def afterwards(write: Write) -> None:
    """Do `write` last, once, in the request's transaction, and only if nothing is refused.

    A page that only reads takes the write lock no earlier than this. `write`
    holds plain values, no rows. Outside a request it is done at once.
    """
    if has_request_context():
        _wait("afterwards", write)
    else:
        write()


def after_refusal(write: Write) -> None:
    """Do `write` in a transaction of its own if the request ends in a refusal."""
    if has_request_context():
        _wait("after_refusal", write)


def in_any_case(write: Write) -> None:
    """Do `write` whether the request is refused or not."""
    afterwards(write)
    after_refusal(write)


def beforehand(write: Write) -> None:
    """Do `write` now, in a transaction of its own that stays whatever becomes of the request.

    For what must be settled before anything else: a try that counts, a code
    that is used up. Nothing may have been done before it, which would be lost.
    """
    waiting = _waiting("afterwards"), _waiting("after_refusal")
    acts = [each for each in waiting[0] if each not in waiting[1]]
    if acts or db.session.new or db.session.dirty or db.session.deleted:
        raise RuntimeError("Something was done already that this would undo.")
    db.session.rollback()
    g.afterwards, g.after_refusal = [], []
    before, g.writes = g.get("writes", False), True
    write()
    for said in g.afterwards:  # in the trail, together with what was done
        said()
    db.session.commit()
    g.afterwards, g.after_refusal = waiting
    g.writes = before


def once_it_stands(act: Write) -> None:
    """Do `act` after the request's transaction has ended and nothing was refused. Outside a request it is not done."""
    if has_request_context():
        _wait("once_it_stands", act)


def before_reading(write: Write) -> None:
    """Do `write` before a page reads on, such as giving a freed seat to who waits for it.

    A request that only reads does it in a transaction of its own; one that
    shows the page after an act, in the act's.
    """
    if request.method in SAFE_METHODS:
        beforehand(write)
    else:
        write()


@contextmanager
def only_reading() -> Iterator[None]:
    """Read without the write lock in a request that may write later; what was read stays as it was.

    What strangers can send without end must not queue for the lock that the pages need.
    """
    if has_request_context():
        g.only_reads = True
    try:
        yield
    finally:
        db.session.expunge_all()
        db.session.rollback()
        if has_request_context():
            g.only_reads = False


def pause() -> None:
    """End the running transaction without writing, before something slow (a key derivation)."""
    db.session.rollback()


def commit() -> None:
    """Commit outside a request: for the command line and the demo."""
    db.session.commit()


def rollback() -> None:
    """Undo what this request did so far."""
    db.session.rollback()


def refuse() -> None:
    """Mark this request as refused although it will be answered by a redirect."""
    g.refused = True


def init_app(app: Flask) -> None:
    app.after_request(_settle)


def _settle(response: Response) -> Response:
    if g.get("out_of_reach"):
        return response
    refused = response.status_code >= 400 or g.get("refused", False)
    writes = _waiting("after_refusal" if refused else "afterwards")
    g.afterwards, g.after_refusal = [], []
    if refused or request.method in SAFE_METHODS:
        db.session.rollback()
        g.writes = True
    for write in writes:
        write()
    if writes or request.method not in SAFE_METHODS:
        db.session.commit()
    for act in [] if refused else _waiting("once_it_stands"):
        act()
    return response


def _wait(name: str, write: Write) -> None:
    waiting = _waiting(name)
    if write not in waiting:
        waiting.append(write)


def _waiting(name: str) -> list[Write]:
    if name not in g:
        setattr(g, name, [])
    waiting: list[Write] = g.get(name)
    return waiting
