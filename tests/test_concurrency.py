"""Eight people write at once to two servers: nothing is lost, nobody sits on another's seat."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.accounts import joining
from app.audit.verifying import verify
from app.extensions import db
from app.groups import queries as groups
from app.groups.models import Group, Membership
from app.notes import sealing
from app.notes.models import Note, NoteRemark
from app.sessions.models import Attendance, GroupSession
from tests.circles import Crowd, crowd
from tests.conftest import Clock
from tests.crowding.servers import Client, Servers
from tests.database import Database
from tests.organisation import Organisation, viewer

# A slow machine may ask for fewer.
WRITES = int(os.environ.get("DAFTAR_TEST_WRITES", "250"))
WHO = ("facilitator1", "facilitator1", "facilitator2", "facilitator2") + ("coordinator",) * 4
MARKS = ("present", "late", "excused", "absent")
PLACES = 5


@dataclass
class Written:
    """What the servers acknowledged to one client."""

    marks: dict[tuple[str, str], str] = field(default_factory=dict)
    saves: dict[str, str] = field(default_factory=dict)
    """Meeting -> the last text."""
    saved: dict[str, int] = field(default_factory=dict)
    additions: list[str] = field(default_factory=list)
    enrolled: list[str] = field(default_factory=list)


@pytest.fixture
def scene(app: Flask, organisation: Organisation, clock: Clock) -> Crowd:
    """A group with few places and many candidates, and a signed note that can be added to.

    The servers read the machine's clock, so the group meets by that clock.
    """
    clock.at(datetime.now(UTC))
    with app.app_context():
        made = crowd(organisation, members=16, meetings=4, candidates=40, places=PLACES)
        db.session.remove()
    return made


@pytest.fixture
def servers(app: Flask, scene: Crowd, database: Database, tmp_path: Path) -> Iterator[Servers]:
    """Two processes on this test's database."""
    shutil.copy(Path(app.instance_path) / "server.key", tmp_path / "server.key")
    with app.app_context():
        db.engine.dispose()
    running = Servers(2, database.address, tmp_path)
    yield running
    for process in running.processes:
        process.kill()


def writing(number: int, client: Client, scene: Crowd, note: str) -> Written:
    """One client's writes: taps on its own two members, notes, additions, places for candidates."""
    written, own = Written(), scene.stays[2 * number : 2 * number + 2]
    shared = scene.meetings[1]
    for turn in range(WRITES):
        kind = turn % 5
        if kind == 4 and client.account.key == "coordinator":
            person = scene.candidates[(7 * turn + number) % len(scene.candidates)]
            if client.done(f"/groups/{scene.uid}/members/{person}/member", {}):
                written.enrolled.append(person)
        elif kind in (2, 3) and client.account.key != "coordinator":
            # The first two write on the same page of the same author; the others each their own.
            page = "samepage" if client.account.key == "facilitator1" else f"page{number}"
            meeting = shared if client.account.key == "facilitator1" else scene.meetings[number]
            text = f"نصّ {number}-{turn}"
            typed = {"happened": text, "version": "0", "page": page}
            if client.done(f"/sessions/{meeting}/note", typed, "note-state"):
                written.saves[meeting] = text
                written.saved[meeting] = written.saved.get(meeting, 0) + 1
        elif kind == 4 and client.account.key == "facilitator1":
            text = f"إضافة {number}-{turn}"
            if client.done(f"/notes/{note}/additions", {"text": text}):
                written.additions.append(text)
        else:
            at, mark = (scene.meetings[turn % 4], own[turn % 2]), MARKS[(turn + number) % 4]
            if client.done(f"/sessions/{at[0]}/attendance", {at[1]: mark}, "tally"):
                written.marks[at] = mark
    return written


@pytest.mark.slow
def test_eight_people_writing_at_once_lose_nothing(
    app: Flask, organisation: Organisation, scene: Crowd, servers: Servers
) -> None:
    clients = [
        Client(servers.ports[number % 2], organisation.staff[who]) for number, who in enumerate(WHO)
    ]
    began = time.monotonic()
    with ThreadPoolExecutor(len(clients)) as pool:
        work = [
            pool.submit(writing, number, client, scene, organisation.a.note)
            for number, client in enumerate(clients)
        ]
        written = [each.result() for each in work]
    took = time.monotonic() - began
    log = servers.stop()
    statuses = [status for client in clients for status in client.statuses]
    print(f"{len(statuses)} requests in {took:.1f} s: {len(statuses) / took:.0f} a second")
    assert not [s for s in statuses if s >= 500] and "locked" not in log, log[-2000:]
    assert not [led for c in clients for led in c.locations if led.startswith("/problem/")]
    assert_nothing_lost(app, organisation, scene, written)
    assert_places_kept(app, scene, written)
    with app.app_context():
        key = joining.recovery_keyring(organisation.recovery_key).private_key
        verdict = verify(recovery_key=key)
        assert (verdict.broken_at, verdict.vouched_from) == (None, 1)
        db.session.remove()


def assert_nothing_lost(
    app: Flask, organisation: Organisation, scene: Crowd, written: list[Written]
) -> None:
    """The marks, drafts and additions are those that were acknowledged last."""
    with app.app_context():
        marks = {
            (row.session_uid, row.membership_uid): row.mark
            for row in db.session.scalars(select(Attendance))
        }
        for each in written:
            assert each.marks and each.marks.items() <= marks.items()
        for author in ("facilitator1", "facilitator2"):
            me = viewer(organisation.staff[author])
            mine = [w for w, who in zip(written, WHO, strict=True) if who == author]
            for meeting in {meeting for w in mine for meeting in w.saves}:
                note = db.session.scalars(
                    select(Note).where(Note.of_uid == meeting, Note.author_uid == me.uid)
                ).one()
                boxes = sealing.boxes_of(me, note)
                assert boxes and boxes.happened in {w.saves.get(meeting) for w in mine}
                assert note.version == sum(w.saved.get(meeting, 0) for w in mine)
        me = viewer(organisation.staff["facilitator1"])
        of_a = db.session.get_one(Note, organisation.a.note)
        rows = db.session.scalars(select(NoteRemark).where(NoteRemark.note_uid == of_a.uid))
        there = [sealing.remark_text(me, of_a, row) for row in rows]
        added = [text for each in written for text in each.additions]
        assert added and not set(added) - set(there)
        assert len(there) == len(set(there)), "An addition stands there twice."
        db.session.remove()


def assert_places_kept(app: Flask, scene: Crowd, written: list[Written]) -> None:
    """As many joined as there were places; nobody is in the group twice."""
    with app.app_context():
        stays = groups.stays(scene.uid)
        active = [stay for stay in stays if stay.joined_on and not stay.ended_as]
        enrolled = [person for each in written for person in each.enrolled]
        assert len(active) == 16 + PLACES == db.session.get_one(Group, scene.uid).capacity
        assert sorted(enrolled) == sorted(s.person_uid for s in active if s.uid not in scene.stays)
        twice = db.session.execute(
            select(Membership.person_uid)
            .where(Membership.ended_as.is_(None))
            .group_by(Membership.group_uid, Membership.person_uid)
            .having(func.count() > 1)
        ).all()
        assert not twice
        assert db.session.scalar(select(func.count()).select_from(GroupSession))
        db.session.remove()
