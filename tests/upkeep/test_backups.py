"""A backup holds everything, opens with the offline key alone, and comes back on a clean machine."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from queue import Queue

import pytest
from flask import Flask
from sqlalchemy import select, update

from app.accounts.models import SignIn
from app.extensions import Model, db
from app.upkeep import archive, backing_up, restoring
from app.upkeep.models import BACKUP, SECOND_PLACE, Chore
from app.upkeep.workroom import WAITING, room_for_copies
from app.vault.models import Organisation as Row
from tests.cli.running import run
from tests.client import Browser
from tests.conftest import Clock
from tests.organisation import Organisation
from tests.upkeep.keeping import House, begun_anew, no_file_larger_than
from tests.web.records import number_of, one, plant, rows

# Restoring ends them, and says so in the trail.
CHANGED = {"sign_ins", "audit", "audit_head", "chores"}


def content(app: Flask) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    return {
        table.name: sorted(map(tuple, rows(app, select(table))), key=repr)
        for table in Model.metadata.tables.values()
        if table.name not in CHANGED
    }


def test_without_a_key_none_is_made_and_it_says_what_to_do(app: Flask) -> None:
    run(app, "init")
    plant(app, update(Row).values(backup_key=None))
    done = run(app, "backup")
    assert done.exit_code == 1 and "backup-key" in done.output


def test_init_shows_the_key_once_and_it_stands_nowhere(app: Flask) -> None:
    done = run(app, "init")
    (key,) = [line.strip() for line in done.output.splitlines() if "AGE-SECRET-KEY-1" in line]
    again = run(app, "backup-key")
    assert again.exit_code == 1 and "--replace" in again.output
    for file in Path(app.instance_path).rglob("*"):
        assert not file.is_file() or key.encode() not in file.read_bytes()
    assert key not in repr(content(app))


def test_everything_comes_back_on_a_clean_machine(
    house: House, another: Flask, organisation: Organisation
) -> None:
    before = content(house.app)
    file = house.back_up()
    done = run(another, "restore", str(file), "--identity", str(house.key))
    assert done.exit_code == 0, done.output
    assert content(another) == before
    assert (another.config["DAFTAR"].server_key_file).read_bytes() == house.app.config[
        "DAFTAR"
    ].server_key
    there = begun_anew(another)
    assert run(there, "audit", "verify").exit_code == 0
    again = Browser(there, organisation.staff)
    assert "تحدّثنا عن البدايات" in again.as_("facilitator1").get(f"/notes/{organisation.a.note}")
    for who in organisation.staff:
        assert again.as_(who).get("/").status == 200


def test_whoever_was_signed_in_then_is_not_any_more(
    house: House, another: Flask, browser: Browser
) -> None:
    me = browser.as_("facilitator1")
    run(another, "restore", str(house.back_up()), "--identity", str(house.key))
    assert number_of(house.app, SignIn) == 1 and number_of(another, SignIn) == 0
    assert me.get("/").status == 200


def test_the_server_cannot_read_it_and_it_says_nothing(house: House) -> None:
    file = house.back_up()
    sealed = file.read_bytes()
    assert sealed.startswith(b"age-encryption.org/v1\n")
    for clear in (b"SQLite format 3", b"daftar.sqlite3", house.app.config["DAFTAR"].server_key):
        assert clear not in sealed
    done = house.run("restore-drill", str(file), "--identity", str(stranger(house)))
    assert done.exit_code == 1 and "another key" in done.output
    assert [path.stat().st_mode & 0o077 for path in file.parent.rglob("*")] == [0]


def stranger(house: House) -> Path:
    """A key of somebody else's."""
    other = house.folder / "other"
    other.write_text(archive.new_key()[0])
    return other


def test_a_new_key_opens_what_is_made_from_then_on(house: House) -> None:
    first, old = house.back_up(), house.key.read_text()
    house.key.write_text(
        next(
            line.strip()
            for line in house.run("backup-key", "--replace").output.splitlines()
            if "AGE-" in line
        )
    )
    assert house.run("restore-drill", str(first), "--identity", str(house.key)).exit_code == 1
    house.key.write_text(old)
    assert house.run("restore-drill", str(first), "--identity", str(house.key)).exit_code == 0


def test_old_ones_make_room(house: House, clock: Clock) -> None:
    for _night in range(23):
        house.back_up()
        clock.forward(days=1)
    made = house.made()
    assert 15 <= len(made) <= 16
    assert house.run("restore-drill", str(made[0]), "--identity", str(house.key)).exit_code == 0


def test_what_lies_there_besides_is_left_alone(house: House) -> None:
    house.back_up()
    other = house.made()[0].with_name("daftar-notes.age")
    other.write_text("mine")
    house.back_up()
    assert other.read_text() == "mine"


def test_it_is_taken_to_a_second_place(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    there = house.folder / "usb disk"
    there.mkdir()
    _command(house, f"cp {{file}} '{there}'", monkeypatch)
    done = house.run("backup")
    assert done.exit_code == 0 and "second place" in done.output
    assert [file.read_bytes() for file in there.glob("*.age")] == [house.made()[0].read_bytes()]
    assert one(house.app, Chore, SECOND_PLACE).good_at


@pytest.mark.parametrize("command", ["false", "no-such-program {file}"])
def test_a_second_place_that_cannot_be_reached_is_said(
    house: House, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _command(house, command, monkeypatch)
    done = house.run("backup")
    assert done.exit_code == 1 and "second place" in done.output
    assert len(house.made()) == 1
    chore = one(house.app, Chore, SECOND_PLACE)
    assert chore.failed_at and not chore.good_at
    assert one(house.app, Chore, BACKUP).good_at


def _command(house: House, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = replace(house.app.config["DAFTAR"], backup_command=command)
    monkeypatch.setitem(house.app.config, "DAFTAR", settings)


def test_on_a_full_disk_it_is_said_and_nothing_half_is_left(house: House) -> None:
    whole = house.back_up()
    for size in (4_000, whole.stat().st_size // 2):
        with no_file_larger_than(size):
            done = house.run("backup")
        assert done.exit_code == 1
        assert done.output.strip().splitlines()[-1].startswith("Error: "), done.output
    assert house.made() == [whole]
    assert [path.name for path in whole.parent.iterdir()] == [whole.name]
    assert not (Path(house.app.instance_path) / "copies").exists()


def test_what_a_run_that_was_killed_left_is_gone_with_the_next(house: House) -> None:
    folder, copies = house.back_up().parent, Path(house.app.instance_path) / "copies"
    copies.mkdir()
    (copies / "daftar.sqlite3").write_text("half")
    (folder / "daftar-20260101T020000Z.part").write_text("half")
    (folder / "film.part").write_text("somebody else's")
    house.back_up()
    assert not copies.exists()
    assert [path.name for path in folder.glob("*.part")] == ["film.part"]


def test_of_two_at_once_the_second_waits(house: House) -> None:
    """As a timer and a person may be."""
    heard: Queue[str] = Queue()

    def second() -> None:
        with house.app.app_context(), room_for_copies(lambda what, *_: heard.put(what)):
            heard.put("begun")

    with ThreadPoolExecutor(1) as pool:
        with house.app.app_context(), room_for_copies(lambda *_: None):
            other = pool.submit(second)
            assert heard.get(timeout=60) == WAITING
            assert heard.empty() and not other.done()
        assert heard.get(timeout=60) == "begun"
        other.result()


def test_while_people_write_each_copy_is_whole(
    house: House, browser: Browser, organisation: Organisation
) -> None:
    """Marks and their rows in the trail, as they were at one moment."""
    me = browser.as_("facilitator1")
    roll = f"/sessions/{organisation.a.meetings[7]}/attendance"
    stays = [member.stay for member in organisation.a.members]
    going = True

    def tap() -> int:
        taps = 0
        while going:
            mark = ("present", "late")[taps % 2]
            assert me.post(roll, {stays[taps % len(stays)]: mark}).status == 303
            taps += 1
        return taps

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(tap)
        try:
            results = [house.run("restore-drill") for _ in range(3)]
        finally:
            going = False
        assert writing.result() > 3
    assert [done.exit_code for done in results] == [0, 0, 0], [done.output for done in results]


def test_a_backup_that_failed_is_written_down(house: House, clock: Clock) -> None:
    folder = house.back_up().parent
    clock.forward(days=1)
    folder.rename(folder.with_name("elsewhere"))
    done = house.run("backup")
    assert done.exit_code == 1 and "mounted?" in done.output
    assert "mounted?" in house.run("doctor").output
    chore = one(house.app, Chore, BACKUP)
    assert chore.failed_at == clock.moment
    assert clock.moment - chore.good_at == timedelta(days=1)


def test_without_room_for_the_sealed_file_it_is_said(house: House, tmp_path: Path) -> None:
    """The copy fits, the backup does not: as on a stick that is full."""
    folder = tmp_path / "copy"
    folder.mkdir()
    with house.app.app_context():
        backing_up.copy_into(folder, lambda *_: None)
        db.session.remove()
    public = str(archive.identity_of(house.key.read_text()).to_public())
    with no_file_larger_than(20_000), pytest.raises(OSError, match="too large"):
        archive.seal(folder, public, tmp_path / "sealed.age", lambda *_: None)
    assert not list(tmp_path.glob("sealed*"))


def test_nothing_in_clear_lies_where_backups_do(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not for a moment: what takes them elsewhere may look at any."""
    seen = set()

    def look(_what: str, *_much: int) -> None:
        seen.update(path.name for path in house.app.config["DAFTAR"].backups.rglob("*"))

    with house.app.app_context():
        made = backing_up.back_up(look)
        restoring.drill(look)
        db.session.remove()
    assert seen == {made.file.with_suffix(".part").name, made.file.name}


def test_a_file_that_leads_elsewhere_is_not_written_through(house: House) -> None:
    precious = house.folder / "precious"
    precious.write_text("kept")
    home = Path(house.app.instance_path)
    for name in ("served", "copied"):
        (home / name).unlink(missing_ok=True)
        (home / name).symlink_to(precious)
    try:
        assert house.run("backup").exit_code == 1
        assert house.run("upgrade").exit_code == 0  # nothing to do, and nothing is opened
        assert precious.read_text() == "kept"
    finally:
        for name in ("served", "copied"):
            (home / name).unlink()


def test_a_clock_that_was_behind_takes_not_the_new_one(house: House, clock: Clock) -> None:
    folder = house.back_up().parent
    for later in range(60):
        at = clock.moment + timedelta(days=later + 30)
        (folder / f"{at:{archive.NAME}}").write_text("from the future")
    clock.forward(minutes=1)
    made = house.back_up_at(clock.moment)
    assert made.exists()
    assert made.name in house.run("restore-drill", "--identity", str(house.key)).output
