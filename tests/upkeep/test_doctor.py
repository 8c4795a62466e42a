"""What stops the start says what to do; the doctor says all there is to look after."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import text, update

from app.audit.models import AuditRow
from app.cli.sweeping import A_MINUTE, sweep_in_turn
from app.clock import now
from app.extensions import db
from app.upkeep import machine
from app.upkeep.checks import NEWEST, revision_of
from app.upkeep.models import SWEEP, Chore
from app.vault.models import Organisation as Row
from tests.cli.running import run
from tests.conftest import Clock
from tests.database import POSTGRES
from tests.organisation import SETTINGS, Organisation
from tests.source import ROOT
from tests.upkeep.keeping import House
from tests.web.records import one, plant

BEFORE = f"{int(NEWEST) - 1:04}"
BEFORE_BACKUPS = "0008"


def start(app: Flask) -> subprocess.CompletedProcess[str]:
    """Serve it as `make run` does, where something stops that."""
    with app.app_context():
        address = db.engine.url.render_as_string(hide_password=False)
        db.session.remove()
        db.engine.dispose()
    settings = SETTINGS | {"DAFTAR_DATABASE": address, "DAFTAR_INSTANCE": app.instance_path}
    return subprocess.run(
        [sys.executable, "wsgi.py"],
        cwd=ROOT,
        env=os.environ | settings | {"PORT": "0"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def made_older(app: Flask, revision: str = BEFORE) -> None:
    with app.app_context():
        upgrade()
        downgrade(revision=revision)


def made_newer(app: Flask) -> None:
    with app.app_context():
        upgrade()
        with db.engine.begin() as connection:
            connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))


def without_recovery(app: Flask) -> None:
    run(app, "init")
    plant(app, update(Row).values(recovery_public_key=b""))


@pytest.mark.parametrize(
    ("harm", "says"),
    [
        (lambda _app: None, "`flask --app wsgi init`"),
        (made_older, "`flask --app wsgi upgrade`"),
        (made_newer, "a newer program was here"),
        (without_recovery, "no recovery key"),
    ],
    ids=["nothing there", "older tables", "newer tables", "no recovery key"],
)
def test_it_does_not_start_and_says_what_to_do(another: Flask, harm, says: str) -> None:
    harm(another)
    done = start(another)
    assert done.returncode == 1
    assert done.stderr.startswith("Daftar does not start: ") and says in done.stderr
    assert "Traceback" not in done.stderr
    doctor = run(another, "doctor")
    assert doctor.exit_code == 1 and "STOP" in doctor.output and says in doctor.output


def test_where_all_is_well_the_doctor_says_so(house: House) -> None:
    house.back_up()
    house.run("restore-drill")
    house.run("sweep")
    done = house.run("doctor")
    assert done.exit_code == 0, done.output
    assert "STOP" not in done.output
    for good in ("newest", "recovery key", "can be written", "fit together", "swept away"):
        assert any(good in line and "good" in line[:8] for line in done.output.splitlines()), good


@pytest.mark.parametrize(
    ("passes", "says"),
    [({"minutes": 6}, "swept"), ({"hours": 37}, "Last backup"), ({"hours": 37}, "Last drill")],
    ids=["sweep", "backup", "drill"],
)
def test_what_is_overdue_is_to_be_looked_after(
    house: House, clock: Clock, passes: dict[str, float], says: str
) -> None:
    house.back_up()
    house.run("restore-drill")
    house.run("sweep")
    clock.forward(**passes)
    lines = house.run("doctor").output.splitlines()
    assert any(says in line and "LOOK" in line[:8] for line in lines), lines


def test_a_clock_that_is_a_day_behind_is_seen(house: House, clock: Clock) -> None:
    house.back_up()
    clock.at(clock.moment - timedelta(days=1))
    assert "The clock is behind" in house.run("doctor").output


def test_a_trail_that_was_changed_is_seen(house: House) -> None:
    plant(house.app, update(AuditRow).where(AuditRow.seq == 3).values(action="nothing"))
    assert "does not fit at row 3" in house.run("doctor").output


def test_what_others_can_read_stops_it(another: Flask) -> None:
    left = Path(another.instance_path) / "copy-of-everything"
    left.touch()
    left.chmod(0o644)
    done = run(another, "doctor")
    assert done.exit_code == 1 and "copy-of-everything" in done.output


@pytest.mark.skipif(POSTGRES, reason="it is the machine that is asked, not the database")
@pytest.mark.parametrize(
    ("swaps", "state"),
    [
        ("Filename Type Size Used Priority\n", "good"),
        ("Filename Type Size Used Priority\n/dev/zram0 partition 1 0 -2\n", "good"),
        ("Filename Type Size Used Priority\n/dev/nonesuch partition 1 0 -2\n", "look"),
    ],
)
def test_swap_that_may_keep_what_stood_in_memory_is_seen(
    swaps: str, state: str, tmp_path: Path
) -> None:
    file = tmp_path / "swaps"
    file.write_text(swaps)
    assert machine.of_swap(file).state == state


def test_before_tables_are_changed_a_backup_is_made_and_what_fails_changes_nothing(
    house: House,
) -> None:
    """Tables that say they are older than they are: what brings them up to date cannot work."""
    with house.app.app_context(), db.engine.begin() as connection:
        connection.execute(text(f"UPDATE alembic_version SET version_num = '{BEFORE}'"))
    done = house.run("upgrade")
    assert done.exit_code == 1 and "Backed up: " in done.output and "Error: " in done.output
    assert len(house.made()) == 1
    with house.app.app_context():
        assert revision_of(db.engine) == BEFORE


@pytest.mark.parametrize("command", ["backup", "backup-key", "restore-drill", "upgrade", "doctor"])
def test_on_an_empty_machine_each_says_what_there_is_to_do(another: Flask, command: str) -> None:
    done = run(another, command)
    if command == "upgrade":  # which makes the tables
        assert done.exit_code == 0
        return
    assert done.exit_code == 1 and "restore FILE" in done.output, done.output


def test_a_clock_that_was_ahead_keeps_nothing_from_being_done_or_seen(
    house: House, clock: Clock
) -> None:
    right = clock.moment
    clock.forward(days=3650)
    house.back_up()
    house.run("restore-drill")
    with house.app.app_context():
        sweep_in_turn(A_MINUTE, at=now())
    clock.at(right)
    lines = house.run("doctor").output.splitlines()
    for overdue in ("Last backup", "Last drill", "swept"):
        assert any(overdue in line and "LOOK" in line[:8] for line in lines), overdue
    with house.app.app_context():
        sweep_in_turn(A_MINUTE, at=now())
    assert one(house.app, Chore, SWEEP).good_at == right


def test_tables_are_backed_up_and_brought_up_to_date(
    house: House, another: Flask, organisation: Organisation
) -> None:
    """And what is there by then is signed in to."""
    assert "nothing to do" in house.run("upgrade").output
    made_older(another, BEFORE_BACKUPS)
    refused = run(another, "upgrade")
    assert refused.exit_code == 1 and "--without-backup" in refused.output
    done = run(another, "upgrade", "--without-backup")
    assert done.exit_code == 0 and NEWEST in done.output
    assert run(another, "init").exit_code == 0
