"""A file that was never confirmed, and how to take back one that was, are kept for a short while."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _
from sqlalchemy import bindparam, delete, false, func, select

from app.extensions import db
from app.importing import taking_back
from app.importing.models import Import, Imported
from app.web.keeping import DAYS, AboutPeople, Kept, asked, counted

IS_DUE = func.coalesce(Import.done_at, Import.begun_at) <= bindparam("before")
DUE = select(func.count()).select_from(Import).where(IS_DUE)
ONE_DUE = select(Import).where(IS_DUE).order_by(Import.uid).limit(1).with_for_update()
# Fetched, so that the session lets go of them: it cannot compare them with a parameter by itself.
FORGET = (
    delete(Imported)
    .where(Imported.uid == bindparam("uid"))
    .execution_options(synchronize_session="fetch")
)


def let_go(before: datetime, _at: datetime) -> int:
    """One file goes, or the way back of one."""
    one = db.session.scalar(ONE_DUE, asked(before))
    if one is None:
        return 0
    db.session.execute(taking_back.FORGET, {"uid": one.uid})
    db.session.delete(one)
    return 1


def erase(person_uid: str, _nobody: str, _at: datetime) -> None:
    """That an import made them."""
    db.session.execute(FORGET, {"uid": person_uid})


IMPORTS = Kept(
    "imports",
    *(14, DAYS, 1, 90),
    called=_("Files that were brought in"),
    since=_("they were chosen, or confirmed"),
    goes=_("A file that was not confirmed; that a confirmed one can be taken back."),
    remains=_("What was brought in."),
    count=lambda before: counted(DUE, before),
    let_go=let_go,
    tables=("imports", "imported"),
)
ABOUT = AboutPeople(
    holds=false(),  # that somebody was brought in is nothing that they are here for
    is_open=false(),
    lately=false(),
    erase=erase,
    tables=("imported",),
)
