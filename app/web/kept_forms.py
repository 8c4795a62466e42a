"""What was typed into a refused form, kept sealed until the page shows it again.

A full-page answer of 200 or 4xx to a POST leaves the typed text on the phone's
disk; a redirect leaves nothing. So the refused form is sealed to the user, the
browser is sent to a GET, and the GET shows it. Without an account the key is a
cookie that ends in ten minutes. `accounts` registers how to seal to a user.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, Response, current_app, g, request
from sqlalchemy import Integer, and_, bindparam, delete, or_, select

from app.clock import now
from app.errors import Locked
from app.extensions import db, new_uid
from app.web import transaction
from app.web.models import KeptForm

KEPT_FOR = timedelta(days=7)
COOKIE_SECONDS = 600
ITS_COOKIE_LASTS = timedelta(seconds=COOKIE_SECONDS)
# Nobody fills the disk from outside: so many bytes each (a whole note, whose sign-in ended
# while it was written), and so many forms.
BYTES_WITHOUT_ACCOUNT, FORMS_WITHOUT_ACCOUNT = 73_728, 500
ANY_FORM = "*"  # kept before a view could say which form it was

KEPT = select(KeptForm).where(
    KeptForm.uid == bindparam("uid"), KeptForm.owner_uid.in_(bindparam("owners", expanding=True))
)
OTHERS = and_(KeptForm.owner_uid == "", KeptForm.uid != bindparam("uid"))
NEWEST = (
    select(KeptForm.uid)
    .where(OTHERS)
    .order_by(KeptForm.kept_at.desc())
    .limit(bindparam("others", Integer))
)
# Fetched, so that the session lets go of them: it cannot compare them with a parameter by itself.
END = delete(KeptForm).execution_options(synchronize_session="fetch")
END_OTHERS = END.where(OTHERS, KeptForm.uid.not_in(NEWEST))
END_ALL_OF = END.where(KeptForm.owner_uid == bindparam("owner_uid"))
END_OLD = END.where(
    or_(
        KeptForm.kept_at < bindparam("before"),
        and_(KeptForm.owner_uid == "", KeptForm.kept_at < bindparam("cookie_before")),
    )
)


@dataclass
class Refusal:
    """A refused form: its name, what was typed, what was wrong."""

    form: str = ""
    typed: list[tuple[str, str]] = field(default_factory=list)
    errors: dict[str, list[str]] = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)
    """What each field with an error is called."""
    wrong: bool = True
    """False where the form is only kept to be answered, as a search is."""


@dataclass(frozen=True)
class Sealer:
    """How a text is sealed to its owner and opened again; `owner` is empty without an account."""

    owner: Callable[[], str]
    seal: Callable[[str, bytes], bytes]
    open: Callable[[bytes, bytes], str]
    seal_with: Callable[[bytes, str, bytes], bytes]
    open_with: Callable[[bytes, bytes, bytes], str]


def register(app: Flask, sealer: Sealer) -> None:
    """Say how kept forms are sealed; called once by `accounts`."""
    app.extensions["kept_forms"] = sealer


def keep(refusal: Refusal) -> str:
    """Seal what was typed, to be written when this request ends, and return its uid."""
    uid, sealer = new_uid(), _sealer()
    text = json.dumps(refusal.__dict__, ensure_ascii=False)
    owner = sealer.owner()
    if not owner and len(text.encode()) > BYTES_WITHOUT_ACCOUNT:
        refusal.typed.clear()
        text = json.dumps(refusal.__dict__, ensure_ascii=False)
    if owner:
        sealed = sealer.seal(text, _place(uid))
    else:
        g.form_key = secrets.token_bytes(32)
        sealed = sealer.seal_with(g.form_key, text, _place(uid))
    kept_at = now()

    def write() -> None:
        forget(at=kept_at)
        db.session.add(KeptForm(uid=uid, owner_uid=owner, kept_at=kept_at, typed=sealed))
        db.session.flush()
        if not owner:
            db.session.execute(END_OTHERS, {"uid": uid, "others": FORMS_WITHOUT_ACCOUNT - 1})

    transaction.in_any_case(write)
    return uid


def forget(*, at: datetime) -> None:
    """Forms are kept for seven days; those of somebody without an account as long as their cookie."""
    since = {"before": at - KEPT_FOR, "cookie_before": at - ITS_COOKIE_LASTS}
    db.session.execute(END_OLD, since)


def forget_all_of(owner_uid: str) -> None:
    """What was sealed to somebody whose key is lost opens no more."""
    db.session.execute(END_ALL_OF, {"owner_uid": owner_uid})


def shown_again() -> Refusal | None:
    """The refusal that this page shows: from this very request, or kept under ?kept=."""
    if "refusal" not in g:
        uid = request.args.get("kept", "")
        g.refusal = _load(uid) if uid.isalnum() and request.method == "GET" else None
    refusal: Refusal | None = g.refusal
    return refusal


def question() -> str | None:
    """Under which uid the question that this page answers is kept: for the links to its next pages.

    htmx's answer stands on no address of its own: its question is kept once a link needs it.
    """
    if "question" not in g:
        return request.args.get("kept")
    if "question_uid" not in g:
        g.question_uid = keep(g.question)
    uid: str = g.question_uid
    return uid


def send_form_key(response: Response) -> Response:
    """Hand the key of a kept form to someone without an account, for ten minutes."""
    key = g.pop("form_key", None)
    if key:
        demo = current_app.config["DAFTAR"].demo
        response.set_cookie(
            cookie_name(demo),
            key.hex(),
            max_age=COOKIE_SECONDS,
            secure=not demo,
            httponly=True,
            samesite="Strict",
        )
    return response


def cookie_name(demo: bool) -> str:
    """The name of the short cookie; `__Host-` needs https, which the demo does without."""
    return "form" if demo else "__Host-form"


def _load(uid: str) -> Refusal | None:
    sealer = _sealer()
    owner = sealer.owner()
    row = db.session.scalar(KEPT, {"uid": uid[:10], "owners": ("", owner)})
    if row is None:
        return None
    try:
        text = _opened(row, sealer)
    except Locked:
        return None
    values: dict[str, Any] = json.loads(text)
    values["typed"] = [(name, value) for name, value in values["typed"]]
    return Refusal(**values)


def _opened(row: KeptForm, sealer: Sealer) -> str:
    if row.owner_uid:
        return sealer.open(row.typed, _place(row.uid))
    key = request.cookies.get(cookie_name(current_app.config["DAFTAR"].demo), "")
    if len(key) != 64:
        raise Locked
    try:
        return sealer.open_with(bytes.fromhex(key), row.typed, _place(row.uid))
    except ValueError as error:
        raise Locked from error


def _place(uid: str) -> bytes:
    return f"kept_forms\x1ftyped\x1f{uid}".encode()


def _sealer() -> Sealer:
    sealer: Sealer = current_app.extensions["kept_forms"]
    return sealer
