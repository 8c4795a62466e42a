"""The shadow database: the same rows without seals, as somebody would keep them who has no keys."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import asdict
from pathlib import Path

from sqlalchemy import select

from app.extensions import db
from app.follow_ups import sealing
from app.follow_ups.models import FollowUp
from app.groups.models import Group
from app.notes import sealing as notes
from app.notes.models import Note
from app.people import rules
from app.people.models import Person
from app.vault.models import Share
from bench.organisation import COORDINATOR, FACILITATOR, Organisation

# As app.extensions opens SQLite.
PRAGMAS = (
    "busy_timeout=20000",
    "journal_mode=" + ("WAL" if sqlite3.sqlite_version_info >= (3, 51, 3) else "TRUNCATE"),
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
    "trusted_schema=OFF",
    "temp_store=MEMORY",
)
FILE = "shadow.sqlite3"
TABLES = """
CREATE TABLE cards (person_uid TEXT PRIMARY KEY, name, code, folded, address, channel, number,
    phone, hours, if_another_answers, may_leave_message, do_not_contact);
CREATE TABLE texts (note_uid TEXT PRIMARY KEY, happened, to_follow_up, next_time);
CREATE TABLE things (follow_up_uid TEXT PRIMARY KEY, what);
CREATE TABLE cookies (cookie TEXT PRIMARY KEY, user_uid, role);
CREATE TABLE json_cards (person_uid TEXT PRIMARY KEY, card);
DROP TABLE audit; DROP TABLE audit_head; DROP TABLE grants; DROP TABLE shares;
DROP TABLE vault_keys; DROP TABLE vaults;
"""


def connect(path: Path) -> sqlite3.Connection:
    """A connection with the settings that the application uses."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.row_factory = sqlite3.Row
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    return connection


def unsealed(organisation: Organisation) -> sqlite3.Connection:
    """Copy the organisation's database, take the keys away and write the plain words beside."""
    path = organisation.folder / FILE
    source = sqlite3.connect(organisation.database)
    target = sqlite3.connect(path)
    source.backup(target)
    target.executescript(TABLES)
    with organisation.app.app_context():
        _write_cards(organisation, target)
        _write_texts(organisation, target)
        db.session.remove()
    _write_cookies(organisation, target)
    target.execute("ANALYZE")
    target.commit()
    source.close()
    target.close()
    return connect(path)


def _write_cards(organisation: Organisation, target: sqlite3.Connection) -> None:
    viewer = organisation.viewer(COORDINATOR, "coordinator")
    columns = [row[1] for row in target.execute("PRAGMA table_info(cards)")][1:]
    desks = list(viewer.keys.vaults("desk").values())
    shared = select(Person, Share).join(Share, Share.person_uid == Person.uid)
    rows = db.session.execute(shared.where(Share.vault_uid.in_(desks)))
    # Somebody may be known to both desks.
    for uid, (person, share) in {row[0].uid: row for row in rows}.items():
        key = viewer.keys.person_key(
            share.vault_uid, share.key_uid, uid, share.boxed, share.sealed_key
        )
        values = asdict(rules.open_card(key, person.card, uid))
        marks = ",".join("?" * (len(columns) + 1))
        target.execute(
            f"INSERT INTO cards VALUES ({marks})", [uid, *(values[name] for name in columns)]
        )
        text = json.dumps(values, ensure_ascii=False)
        target.execute("INSERT INTO json_cards VALUES (?, ?)", [uid, text])


def _write_texts(organisation: Organisation, target: sqlite3.Connection) -> None:
    viewer = organisation.viewer(FACILITATOR, "facilitator")
    group = db.session.get_one(Group, organisation.group)
    for note in db.session.scalars(select(Note)):
        boxes = notes.boxes_of(viewer, note)
        if boxes:
            values = [note.uid, boxes.happened, boxes.to_follow_up, boxes.next_time]
            target.execute("INSERT INTO texts VALUES (?, ?, ?, ?)", values)
    for follow_up in db.session.scalars(select(FollowUp).where(FollowUp.group_uid == group.uid)):
        values = [follow_up.uid, sealing.what(viewer, follow_up)]
        target.execute("INSERT INTO things VALUES (?, ?)", values)


def _write_cookies(organisation: Organisation, target: sqlite3.Connection) -> None:
    for username, role in ((FACILITATOR, "facilitator"), (COORDINATOR, "coordinator")):
        (uid,) = target.execute("SELECT uid FROM users WHERE username = ?", [username]).fetchone()
        cookie = organisation.sign_in(username)
        target.execute("INSERT INTO cookies VALUES (?, ?, ?)", [cookie, uid, role])
