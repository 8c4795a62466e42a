"""The notebook as an organisation runs it: `flask serve`, nginx in front, no demo, a second factor."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from app.extensions import db
from tests.conftest import Clock
from tests.crowding.servers import Servers
from tests.database import Database
from tests.organisation import Organisation
from tests.served import proxy as proxy_
from tests.served.phone import Phone
from tests.served.proxy import OWN, PUBLIC, Proxy
from tests.tools import leave_out

Phones = Callable[..., Phone]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What lies in this folder runs apart from the rest, one after another."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker("served")


@dataclass
class Served:
    """A notebook behind its proxy."""

    notebook: Servers
    proxy: Proxy
    folder: Path


@pytest.fixture
def settings() -> dict[str, str]:
    """What the organisation set; a test may say more by overriding this."""
    return {}


@pytest.fixture
def served(
    app: Flask,
    organisation: Organisation,
    database: Database,
    clock: Clock,
    settings: dict[str, str],
    tmp_path: Path,
) -> Iterator[Served]:
    """The notebook and its proxy, on this test's database, by the machine's clock."""
    if proxy_.program() is None:
        leave_out("nginx is not installed.")
    clock.at(datetime.now(UTC))
    with app.app_context():
        db.engine.dispose()
    instance, folder = tmp_path / "instance", tmp_path / "nginx"
    for each in (instance, folder):
        each.mkdir(mode=0o700)
    shutil.copy(Path(app.instance_path) / "server.key", instance / "server.key")
    port, plain = proxy_.ports()
    as_documented = {
        "DAFTAR_DEMO": "",
        "DAFTAR_STRICT_TEMPLATES": "1",  # allows the cheap passphrases of the tests
        "DAFTAR_TRUSTED_PROXIES": "1",
        "DAFTAR_ADDRESS": f"https://{OWN}:{port}",
        "DAFTAR_PUBLIC_HOST": f"{PUBLIC}:{port}",
    }
    notebook = Servers(1, database.address, instance, **as_documented | settings)
    proxy = Proxy(folder, port, plain, notebook.ports[0])
    try:
        yield Served(notebook, proxy, folder)
    finally:
        proxy.stop()
        for process in notebook.processes:
            process.kill()
            process.wait()


@pytest.fixture
def phones(served: Served, organisation: Organisation) -> Phones:
    """`phones(address="127.0.5.1")` gives a phone in that network; nobody is signed in on it."""
    return lambda **how: Phone(served.proxy, organisation.staff, **how)
