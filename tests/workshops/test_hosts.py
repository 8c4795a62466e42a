"""Where the public has a host of its own, no page of the staff answers there, and theirs nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from app import create_app
from app.config import UnsafeSetting
from app.extensions import new_uid
from app.workshops import planning
from tests.database import Database
from tests.organisation import SETTINGS

PUBLIC = "open.example"


@pytest.fixture
def app_with_two_hosts(app, organisation, database: Database, tmp_path: Path):
    """The same database behind two hosts."""
    settings = SETTINGS | {"DAFTAR_DATABASE": database.address, "DAFTAR_PUBLIC_HOST": PUBLIC}
    (tmp_path / "server.key").write_bytes((Path(app.instance_path) / "server.key").read_bytes())
    (tmp_path / "server.key").chmod(0o600)
    return create_app(settings, tmp_path)


def status(app, host: str, address: str, method: str = "GET", **headers: str) -> int:
    sent = {"Sec-Fetch-Site": "same-origin"} | headers
    return (
        app.test_client()
        .open(address, method=method, base_url=f"http://{host}", headers=sent)
        .status_code
    )


def test_each_host_answers_its_own_pages_and_nothing_else(app_with_two_hosts, organisation) -> None:
    app, link = app_with_two_hosts, organisation.workshop.link
    for address in (f"/open/{link}", "/code"):
        assert status(app, PUBLIC, address) == 200
        assert status(app, "localhost", address) == 404
    for address in ("/", "/sign-in", "/workshops", "/people", "/calendar/x.ics", "/recover"):
        assert status(app, PUBLIC, address) == 404
        assert status(app, "localhost", address) != 404 or address.startswith("/calendar")
    for address in ("/healthz", "/away", app.extensions["static_files"].address("favicon.svg")):
        assert status(app, PUBLIC, address) == status(app, "localhost", address) == 200


def test_the_link_names_the_public_host(app_with_two_hosts, organisation) -> None:
    app = app_with_two_hosts
    with app.test_request_context("/", base_url="http://localhost"):
        from app.workshops.models import Workshop

        address = planning.link_address(Workshop(link="abc"))
    assert address == f"http://{PUBLIC}/open/abc"


def test_a_post_from_the_public_hosts_own_page_passes_without_the_newer_header(
    app_with_two_hosts, organisation
) -> None:
    app, link = app_with_two_hosts, organisation.workshop.link
    client = app.test_client()
    for origin, expected in ((f"http://{PUBLIC}", "/code?"), ("http://localhost", "")):
        answer = client.post(
            f"/open/{link}",
            base_url=f"http://{PUBLIC}",
            data={"name": "نورس", "dates": organisation.workshop.uid, "once": new_uid()},
            headers={"Origin": origin},
        )
        assert answer.headers.get("Location", "").startswith(expected)
        assert (answer.status_code == 303) == bool(expected)


@pytest.mark.parametrize("host", ["https://open.example", "notebook.example"])
def test_a_host_that_makes_no_sense_stops_the_start(tmp_path: Path, host: str) -> None:
    settings = SETTINGS | {
        "DAFTAR_PUBLIC_HOST": host,
        "DAFTAR_ADDRESS": "https://notebook.example",
    }
    with pytest.raises(UnsafeSetting):
        create_app(settings, tmp_path)


@pytest.fixture
def app_with_an_address(app, organisation, database: Database, tmp_path: Path):
    """The same, where the staff's own host is said as well."""
    settings = SETTINGS | {"DAFTAR_DATABASE": database.address, "DAFTAR_PUBLIC_HOST": PUBLIC}
    (tmp_path / "server.key").write_bytes((Path(app.instance_path) / "server.key").read_bytes())
    (tmp_path / "server.key").chmod(0o600)
    return create_app(settings | {"DAFTAR_ADDRESS": "http://notebook.example"}, tmp_path)


@pytest.mark.parametrize("spelt", ["{}", "{}.", "{}:80", "{}:443", "{}.:80"])
def test_a_host_is_the_same_however_it_is_spelt(app_with_an_address, organisation, spelt) -> None:
    app, link = app_with_an_address, f"/open/{organisation.workshop.link}"
    for host, theirs, others in (
        (PUBLIC, link, "/sign-in"),
        ("notebook.example", "/sign-in", link),
        ("NOTEBOOK.example", "/sign-in", link),
    ):
        assert status(app, "x", theirs, Host=spelt.format(host)) == 200
        assert status(app, "x", others, Host=spelt.format(host)) == 404


@pytest.mark.parametrize("host", ["else.example", "127.0.0.1", "notebook.example:8000", "[", ""])
def test_under_a_third_name_nothing_answers(app_with_an_address, organisation, host) -> None:
    for address in ("/sign-in", f"/open/{organisation.workshop.link}", "/"):
        assert status(app_with_an_address, "x", address, Host=host) in (400, 404)
