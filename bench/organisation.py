"""The demo's organisation in a temporary folder, with a group of exactly fifteen members."""

from __future__ import annotations

import json
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select, update

from app import create_app
from app.accounts import passphrases
from app.accounts import rules as account_rules
from app.accounts.models import SignIn, User
from app.accounts.viewer import Viewer
from app.cli import commands
from app.clock import now, today
from app.demo.organisation import fill
from app.extensions import db
from app.groups import queries as groups
from app.groups import roster
from app.groups.models import Group
from app.notes.models import Note
from app.notes.queries import STANDS
from app.people import cards
from app.people.rules import Card
from app.sessions import queries as sessions
from app.sessions.models import GroupSession
from app.vault import envelope
from app.vault.keyring import Keyring
from tests.postgres import Server as Postgres

MEMBERS = 15
GROUP = "مجموعة الزيتون"
COORDINATOR, FACILITATOR = "silver-well", "olive-lamp"
CHEAP = "8,1,1"  # Argon2id's cost where signing in is not what is measured
REAL = ""  # the application's own default


@dataclass
class Organisation:
    """Where it lives, who works there, and the records that the pages are about."""

    app: Flask
    folder: Path
    passphrases: dict[str, str]
    group: str = ""
    meeting: str = ""
    """The group's meeting of today, which nobody has marked yet."""
    person: str = ""
    note: str = ""
    """A signed note of the facilitator's."""
    stays: list[str] = field(default_factory=list)
    cookies: dict[tuple[str, int], bytes] = field(default_factory=dict)
    address: str = ""
    """Of its database, where that is not the SQLite file in its folder."""

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.folder / "daftar.sqlite3"

    def viewer(self, username: str, role: str) -> Viewer:
        """A colleague as the domain sees them; inside an application context."""
        user = db.session.scalars(select(User).where(User.username == username)).one()
        return Viewer(user.uid, frozenset({role}), Keyring(user.uid, self.private_key(user)))

    def private_key(self, user: User) -> bytes:
        """The private key that a colleague's passphrase opens."""
        key = envelope.stretched(
            passphrases.folded(self.passphrases[user.username]),
            user.salt,
            memory=user.memory,
            iterations=user.iterations,
            lanes=user.lanes,
        )
        return envelope.unseal(key, user.private_key, account_rules.private_key_place(user.uid))

    def sign_in(self, username: str, device: int = 0) -> str:
        """Begin a sign-in as the sign-in page does, one for each device; returns the cookie's value."""
        if (username, device) not in self.cookies:
            cookie = secrets.token_bytes(32)
            digest = account_rules.digest_of(cookie)
            with self.app.app_context():
                user = db.session.scalars(select(User).where(User.username == username)).one()
                wrapped = envelope.seal(
                    account_rules.wrapping_key_of(cookie),
                    self.private_key(user),
                    account_rules.sign_in_place(digest),
                )
                db.session.add(
                    SignIn(
                        digest=digest,
                        user_uid=user.uid,
                        began_at=now(),
                        seen_at=now(),
                        wrapped_key=wrapped,
                    )
                )
                db.session.commit()
            self.cookies[username, device] = cookie
        return self.cookies[username, device].hex()

    def lay_idle(self, username: str) -> None:
        """Lock what a colleague is signed in on, as half an hour without a request does."""
        with self.app.app_context():
            of_user = select(User.uid).where(User.username == username).scalar_subquery()
            idle = update(SignIn).where(SignIn.user_uid == of_user)
            db.session.execute(idle.values(seen_at=now() - timedelta(minutes=30)))
            db.session.commit()
            db.session.remove()
            db.engine.dispose()


@contextmanager
def founded(
    *, cost: str = CHEAP, parent: Path | None = None, address: str = ""
) -> Iterator[Organisation]:
    """Make the organisation in a folder that is removed afterwards, its database there or at an address."""
    folder = Path(tempfile.mkdtemp(prefix="daftar-bench-", dir=parent))
    try:
        yield _fill(folder, cost, address)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def founded_on_postgres(*settings: str, within: Path | None = None) -> Iterator[Organisation]:
    """The same on a PostgreSQL of its own, which waits for the disk as a real one does."""
    postgres = Postgres(("listen_addresses=", *settings), within=within)
    try:
        with founded(address=postgres.address("postgres")) as organisation:
            yield organisation
    finally:
        postgres.stop()


@contextmanager
def copied(organisation: Organisation, *, parent: Path | None = None) -> Iterator[Organisation]:
    """The same organisation on a copy of its database, with an application of its own."""
    folder = Path(tempfile.mkdtemp(prefix="daftar-bench-", dir=parent))
    try:
        for name in ("daftar.sqlite3", "server.key"):
            shutil.copy(organisation.folder / name, folder / name)
        values: dict[str, Any] = {**organisation.__dict__, "folder": folder}
        values["cookies"] = dict(organisation.cookies)
        yield Organisation(**values | {"app": _application(folder, CHEAP)})
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _application(folder: Path, cost: str, address: str = "") -> Flask:
    settings = {"DAFTAR_DEMO": "1", "DAFTAR_PASSPHRASE_COST": cost, "DAFTAR_DATABASE": address}
    app = create_app(settings, folder)
    commands.init_app(app)  # the migrations among them
    return app


def _fill(folder: Path, cost: str, address: str) -> Organisation:
    app = _application(folder, cost, address)
    with app.app_context():
        upgrade()
        accounts = fill(lambda number: [secrets.token_hex(4)] * number)
        (folder / "demo-accounts.json").write_text(json.dumps(accounts))
        passphrases = {account["username"]: account["passphrase"] for account in accounts}
        organisation = Organisation(app, folder, passphrases, address=address)
        group = db.session.scalars(select(Group).where(Group.name == GROUP)).one()
        _enlarge(organisation, group, at=now())
        meeting = _meeting_of_today(group)
        organisation.group, organisation.meeting = group.uid, meeting.uid
        expected = sessions.expected(
            organisation.viewer(FACILITATOR, "facilitator"), meeting, group
        )
        organisation.stays = [person.uid for person in expected]
        organisation.person = expected[0].person_uid
        organisation.note = _signed_note(organisation, group)
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return organisation


def _enlarge(organisation: Organisation, group: Group, *, at: datetime) -> None:
    """Enrol more people until fifteen are members."""
    desk = organisation.viewer(COORDINATOR, "coordinator")
    active = sum(stay.state(at) == "active" for stay in groups.stays(group.uid))
    group.capacity = MEMBERS + 3
    for number in range(MEMBERS - active):
        card = Card(name=f"ميس {number}", channel="signal", number=f"0500 000 9{number:02}")
        uid, key = cards.add(desk, card, site=group.site, at=at)
        day = today(group.site.zone)
        roster.enrol(desk, group, person_uid=uid, person_key=key, on=day, at=at)


def _meeting_of_today(group: Group) -> GroupSession:
    day = today(group.site.zone)
    return next(meeting for meeting in sessions.meetings(group) if meeting.on == day)


def _signed_note(organisation: Organisation, group: Group) -> str:
    author = organisation.viewer(FACILITATOR, "facilitator").uid
    return db.session.scalars(
        select(Note.uid)
        .where(Note.in_uid == group.uid, Note.author_uid == author, STANDS)
        .order_by(Note.signed_at.desc())
        .limit(1)
    ).one()
