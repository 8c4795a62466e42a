"""Each night a copy is restored and signed in to; administrators read on Today how that went."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, update

from app.accounts.models import User
from app.audit.models import AuditRow
from app.upkeep.models import BACKUP, DRILL, SECOND_PLACE, Chore
from tests.cli.running import run
from tests.client import Browser
from tests.conftest import Clock
from tests.upkeep.keeping import House
from tests.web.records import number_of, one, plant, speak_english

NEVER, LAST = "none yet", "more than 36 hours ago"


def test_a_fresh_copy_is_sealed_restored_and_signed_in_to(house: House) -> None:
    before = number_of(house.app, User), number_of(house.app, AuditRow)
    done = house.run("restore-drill")
    assert done.exit_code == 0 and "signed in to" in done.output, done.output
    assert one(house.app, Chore, DRILL).good_at
    # Whom it signed in as is gone with the copy.
    assert (number_of(house.app, User), number_of(house.app, AuditRow)) == before
    assert not [*house.app.config["DAFTAR"].backups.iterdir()]
    assert not (Path(house.app.instance_path) / "copies").exists()


def test_a_notebook_that_cannot_be_restored_fails_it(house: House) -> None:
    plant(house.app, update(AuditRow).where(AuditRow.seq == 1).values(action="nothing"))
    done = house.run("restore-drill")
    assert done.exit_code == 1 and "row 1" in done.output
    chore = one(house.app, Chore, DRILL)
    assert chore.failed_at and not chore.good_at


def test_a_real_one_is_proved_on_another_machine_that_has_no_notebook(
    house: House, another: Flask
) -> None:
    file = house.back_up()
    done = run(another, "restore-drill", str(file), "--identity", str(house.key))
    assert done.exit_code == 0 and file.name in done.output, done.output
    house.key.write_text("nothing")
    assert run(another, "restore-drill", str(file), "--identity", str(house.key)).exit_code == 1


def test_with_the_key_the_newest_is_taken(house: House, clock: Clock) -> None:
    none = house.run("restore-drill", "--identity", str(house.key))
    assert none.exit_code == 1 and "no backup yet" in none.output
    house.back_up()
    clock.forward(days=1)
    newest = house.back_up()
    assert newest.name in house.run("restore-drill", "--identity", str(house.key)).output


def test_an_administrator_reads_when_all_went_well_and_is_warned_after_36_hours(
    house: House, browser: Browser, clock: Clock
) -> None:
    speak_english(house.app)
    plant(house.app, delete(Chore))
    assert browser.as_("administrator").get("/").root.words.count(NEVER) == 3
    house.back_up()
    assert browser.as_("administrator").get("/").root.words.count(NEVER) == 2
    house.run("restore-drill")
    house.run("let-go")
    page = browser.as_("administrator").get("/")
    assert NEVER not in page and LAST not in page and "proved by restoring" in page
    clock.forward(hours=36)
    assert LAST not in browser.as_("administrator").get("/")
    clock.forward(seconds=1)
    assert browser.as_("administrator").get("/").root.words.count(LAST) == 3


def test_a_second_place_is_spoken_of_where_there_is_one(
    house: House, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    speak_english(house.app)
    assert "second place" not in browser.as_("administrator").get("/")
    settings = replace(house.app.config["DAFTAR"], backup_command="true")
    monkeypatch.setitem(house.app.config, "DAFTAR", settings)
    assert f"second place: {NEVER}" in browser.as_("administrator").get("/")
    house.run("backup")
    assert f"second place: {NEVER}" not in browser.as_("administrator").get("/")
    assert one(house.app, Chore, SECOND_PLACE).good_at == one(house.app, Chore, BACKUP).good_at


@pytest.mark.parametrize("who", ["coordinator", "facilitator1", "counsellor", "supervisor"])
def test_nobody_else_is_told(house: House, browser: Browser, who: str) -> None:
    speak_english(house.app)
    assert "backup" not in browser.as_(who).get("/")
