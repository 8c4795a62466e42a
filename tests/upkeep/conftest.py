"""A notebook with a backup key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from tests.database import Database
from tests.organisation import Organisation
from tests.upkeep.keeping import House, machine


@pytest.fixture
def house(
    app: Flask, organisation: Organisation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> House:
    """The invented organisation, which has a backup key, and its backups in a folder of the test's."""
    backups = tmp_path / "backups"
    backups.mkdir(mode=0o700)
    settings = replace(app.config["DAFTAR"], backups=backups)
    monkeypatch.setitem(app.config, "DAFTAR", settings)
    return House(app, tmp_path)


@pytest.fixture
def another(database: Database, tmp_path: Path) -> Iterator[Flask]:
    """The program on a clean machine."""
    with machine(database, tmp_path / "another") as app:
        yield app
