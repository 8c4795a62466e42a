"""What an import made and changed is written down row by row, so that all of it can be taken back as one step."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import bindparam, delete, event, select
from sqlalchemy.exc import IntegrityError

from app.accounts.viewer import Viewer
from app.audit import trail
from app.errors import RuleBroken
from app.extensions import db, read
from app.groups.models import Group, Membership
from app.importing import queries
from app.importing.models import Import, Imported
from app.notes.models import Note
from app.people.models import Consent, Person
from app.sessions import queries as sessions
from app.sessions.models import HELD, Attendance, GroupSession
from app.vault.models import Share
from app.web import keeping, transaction
from app.workshops import queries as workshops
from app.workshops.models import SignUp, Workshop

# In the order in which they go: what names others first.
MADE = (Attendance, GroupSession, SignUp, Membership, Consent, Share, Person)
A_PIECE = 500  # of uids in one statement
# By table: its rows of some uids, and how one of them goes.
KEYS = {model.__tablename__: [*model.__mapper__.primary_key] for model in MADE}
ROWS = {
    model.__tablename__: select(*model.__table__.columns)
    .where(KEYS[model.__tablename__][0].in_(bindparam("uids", expanding=True)))
    .order_by(KEYS[model.__tablename__][0])
    for model in MADE
}
GOES = {
    model.__tablename__: delete(model).where(
        *(
            key == bindparam(said)
            for key, said in zip(KEYS[model.__tablename__], ("of_uid", "of_also"), strict=False)
        )
    )
    for model in MADE
}
PEOPLE_LOCKED = (
    select(Person)
    .where(Person.uid.in_(bindparam("uids", expanding=True)))
    .order_by(Person.uid)
    .with_for_update()
)
# Fetched or not: the session forgets all it holds afterwards.
SHARES_OF = (
    delete(Share)
    .where(Share.person_uid == bindparam("of_uid"))
    .execution_options(synchronize_session=False)
)
WRITTEN = select(Imported).where(Imported.import_uid == bindparam("uid"))
FORGET = (
    delete(Imported)
    .where(Imported.import_uid == bindparam("uid"))
    .execution_options(synchronize_session="fetch")
)
NOTED = select(Note.uid).where(Note.of_uid.in_(bindparam("uids", expanding=True))).limit(1)
MARKED = (
    select(Attendance.session_uid)
    .where(Attendance.session_uid.in_(bindparam("uids", expanding=True)))
    .distinct()
)
USED_SINCE = _(
    "Something of it was changed or used since, so it can no longer be taken back as a whole."
)
Key = tuple[str, str]


@contextmanager
def watched() -> Iterator[list[Any]]:
    """Every row that is added while it lasts."""
    made: list[Any] = []
    ours = db.session()

    def keep(of: Any, _context: object) -> None:
        made.extend(one for one in of.new if isinstance(one, MADE))

    event.listen(ours, "after_flush", keep)
    try:
        yield made
        ours.flush()
    finally:
        event.remove(ours, "after_flush", keep)


def write_down(one: Import, made: Iterable[Any], changed: Sequence[tuple[str, str, str]]) -> None:
    """Keep which rows an import made, as they stand; `changed`: table, uid, and the state before."""
    keys: dict[str, list[Key]] = {}
    for row in made:
        named = [getattr(row, key.name) for key in KEYS[row.__tablename__]]
        keys.setdefault(row.__tablename__, []).append((named[0], named[1] if named[1:] else ""))
    db.session.add_all(
        Imported(import_uid=one.uid, of=name, uid=uid, also=also, stood=stands)
        for name, of in keys.items()
        for (uid, also), stands in _standing(name, of).items()
    )
    db.session.add_all(
        Imported(import_uid=one.uid, of=name, uid=uid, was=was) for name, uid, was in changed
    )
    db.session.flush()


def undo(viewer: Viewer, uid: str, *, at: datetime) -> None:
    """Take an import back: what it made goes, what it changed is as before, the trail alone stays.

    Raises RuleBroken, with nothing taken back, where anything of it was changed or used since.
    """
    one = queries.get_or_404(viewer, uid)
    if one.done_at is None:
        raise RuleBroken(_("This was never brought in."))
    into = queries.into_or_404(viewer, one.kind, one.of_uid, at=at, lock=True)
    rows = db.session.scalars(WRITTEN, {"uid": uid}).all()
    made: dict[str, dict[Key, str]] = {}
    was = {row.uid: row.was for row in rows if row.was}
    for row in rows:
        if not row.was:
            made.setdefault(row.of, {})[row.uid, row.also] = row.stood
    for some in _pieces(sorted(person for person, _also in made.get("people", ()))):
        db.session.scalars(PEOPLE_LOCKED, {"uids": some}).all()
    for name, of in made.items():
        if _standing(name, list(of)) != of:
            raise RuleBroken(USED_SINCE)
    for some in _pieces([meeting for meeting, _also in made.get("group_sessions", ())]):
        if read(NOTED, {"uids": some}):
            raise RuleBroken(USED_SINCE)
    _go(made)
    if into.group:
        _as_before(into.group, was)
    if into.workshop and into.workshop.uid in was:
        _line_as_before(into.workshop, int(was[into.workshop.uid]))
    for person, _also in made.get("people", ()):
        trail.record("import-undone", "person", person, person_uid=person)
    trail.record("import-undone", "import", uid)
    db.session.execute(FORGET, {"uid": uid})
    db.session.delete(one)
    db.session.flush()
    transaction.once_it_stands(keeping.write_anew)


def _standing(name: str, keys: Sequence[Key]) -> dict[Key, str]:
    """How each of these rows stands, as a digest; one that is gone is not among them.

    Of a share it says nothing: whoever opens it may write it anew.
    """
    wanted, width = set(keys), len(KEYS[name])
    places = [[*KEYS[name][0].table.columns].index(key) for key in KEYS[name]]
    found = {}
    for some in _pieces(sorted({uid for uid, _also in keys})):
        for row in read(ROWS[name], {"uids": some}):
            key = (row[places[0]], row[places[1]] if width > 1 else "")
            if key in wanted:
                stands = hashlib.sha256(repr(tuple(row)).encode()).hexdigest()[:32]
                found[key] = "" if name == Share.__tablename__ else stands
    return found


def _go(made: Mapping[str, Iterable[Key]]) -> None:
    try:
        with db.session.begin_nested():
            for model in MADE:
                name = model.__tablename__
                gone = [{"of_uid": uid, "of_also": also} for uid, also in made.get(name, ())]
                if gone and name == "people":  # wherever their keys were given since
                    db.session.connection().execute(SHARES_OF, gone)
                if gone:
                    db.session.connection().execute(GOES[name], gone)
    except IntegrityError:  # something hangs on one of them
        raise RuleBroken(USED_SINCE) from None
    db.session.expire_all()


def _as_before(group: Group, was: Mapping[str, str]) -> None:
    """A session is held no more where nobody else was marked; nor has the group begun, where none is held."""
    meetings = sessions.to_change(group)
    uids = [meeting.uid for meeting in meetings if meeting.uid in was]
    marked = {uid for (uid,) in read(MARKED, {"uids": uids})} if uids else set()
    for meeting in meetings:
        if meeting.uid in was and meeting.uid not in marked:
            meeting.held_at = None
    state = was.get(group.uid)
    if state and not any(meeting.state == HELD for meeting in meetings):
        group.active_at = None
        if state == "planned":
            group.enrolling_at = None


def _line_as_before(workshop: Workshop, last: int) -> None:
    """The next in line is numbered as if nobody had been brought in, unless somebody came after them."""
    if not any((one.line or 0) > last for one in workshops.sign_ups(workshop.uid)):
        workshop.last_in_line = last


def _pieces(uids: Sequence[str]) -> Iterator[Sequence[str]]:
    for begins in range(0, len(uids), A_PIECE):
        yield uids[begins : begins + A_PIECE]
