"""The program refuses to start on a setting that would put people at risk, and says what to change."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app import config, create_app
from app.config import UnsafeSetting
from tests.client import Browser
from tests.organisation import SETTINGS

REAL = {"DAFTAR_ADDRESS": "https://notebook.example"}
COSTLY = REAL | {"DAFTAR_PASSPHRASE_COST": "65536,1,1"}


def refusal(instance: Path, **environ: str) -> str:
    """Why it does not start."""
    with pytest.raises(UnsafeSetting) as refused:
        config.load(instance, REAL | environ)
    return str(refused.value)


def test_an_empty_folder_becomes_a_safe_one(tmp_path: Path) -> None:
    instance = tmp_path / "instance"
    settings = config.load(instance, REAL)
    assert instance.stat().st_mode & 0o777 == 0o700
    assert (instance / "server.key").stat().st_mode & 0o777 == 0o600
    assert len(settings.server_key) == 32
    assert config.load(instance, REAL).server_key == settings.server_key
    assert not settings.demo and not settings.debug
    assert settings.passphrase_cost == (128 * 1024, 4, 1)


def test_debug_mode_is_refused_outside_the_demo(tmp_path: Path) -> None:
    assert "FLASK_DEBUG" in refusal(tmp_path, FLASK_DEBUG="1")
    assert config.load(tmp_path, {"FLASK_DEBUG": "1", "DAFTAR_DEMO": "1"}).debug


@pytest.mark.parametrize("key", [b"", b"secret", b"x" * 32, bytes(32), b"change-me" * 4])
def test_a_default_or_short_server_key_is_refused(key: bytes, tmp_path: Path) -> None:
    file = tmp_path / "server.key"
    file.write_bytes(key)
    file.chmod(0o600)
    assert "server key" in refusal(tmp_path)


@pytest.mark.parametrize("name", ["server.key", "daftar.sqlite3"])
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o644, 0o666])
def test_a_file_that_others_can_read_is_refused(name: str, mode: int, tmp_path: Path) -> None:
    config.load(tmp_path, REAL)
    file = tmp_path / name
    file.touch()
    file.chmod(mode)
    reason = refusal(tmp_path)
    assert name in reason and "chmod 600" in reason
    file.chmod(0o600)
    config.load(tmp_path, REAL)


def test_a_loose_folder_is_closed(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    config.load(tmp_path, REAL)
    assert tmp_path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("cost", ["8,1,1", "65535,4,2"])
def test_a_cheap_passphrase_is_refused_outside_the_demo(cost: str, tmp_path: Path) -> None:
    assert "DAFTAR_PASSPHRASE_COST" in refusal(tmp_path, DAFTAR_PASSPHRASE_COST=cost)
    config.load(tmp_path, {"DAFTAR_PASSPHRASE_COST": cost, "DAFTAR_DEMO": "1"})


@pytest.mark.parametrize("address", ["", "http://notebook.example", "notebook.example"])
def test_outside_the_demo_an_address_with_encryption_is_needed(
    tmp_path: Path, address: str
) -> None:
    assert "https://" in refusal(tmp_path, DAFTAR_ADDRESS=address)
    settings = config.load(tmp_path, {"DAFTAR_ADDRESS": "https://notebook.example/"})
    assert settings.address == "https://notebook.example"


def test_a_database_on_a_network_disk_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = config.file_system(tmp_path)
    monkeypatch.setattr(config, "NETWORK_FILE_SYSTEMS", {here})
    assert "network disk" in refusal(tmp_path)
    elsewhere = "postgresql+psycopg://daftar@/daftar"
    config.load(tmp_path, REAL | {"DAFTAR_DATABASE": elsewhere})  # PostgreSQL minds its own disk


@pytest.mark.parametrize(
    ("folder", "kind"),
    [
        ("/srv/shared", "nfs4"),
        ("/srv/shared/daftar", "nfs4"),
        ("/srv/shared/local/daftar", "ext4"),
        ("/srv/shared-not", "ext4"),
        ("/srv/with space/daftar", "cifs"),
        ("/srv", "ext4"),
        ("/mnt/twice", "fuse.sshfs"),
    ],
)
def test_the_kind_of_disk_is_that_of_the_nearest_mount(
    folder: str, kind: str, tmp_path: Path
) -> None:
    mounts = tmp_path / "mounts"
    mounts.write_text(
        "/dev/sda1 / ext4 rw 0 0\n"
        "server:/export /srv/shared nfs4 rw 0 0\n"
        "/dev/sdb1 /srv/shared/local ext4 rw 0 0\n"
        "//server/share /srv/with\\040space cifs rw 0 0\n"
        "/dev/sdc1 /mnt/twice ext4 rw 0 0\n"
        "me@server:/ /mnt/twice fuse.sshfs rw 0 0\n"
    )
    assert config.file_system(Path(folder), mounts) == kind
    assert kind == "ext4" or kind in config.NETWORK_FILE_SYSTEMS


def test_where_mounts_cannot_be_told_nothing_is_claimed(tmp_path: Path) -> None:
    assert config.file_system(tmp_path, tmp_path / "no-such-file") == ""


def test_outside_the_demo_cookies_and_answers_insist_on_https(tmp_path: Path) -> None:
    app = create_app(COSTLY | {"DAFTAR_STRICT_TEMPLATES": "1"}, tmp_path)
    page = Browser(app, {}).get("/sign-in")
    assert page.headers["Strict-Transport-Security"].startswith("max-age=63072000")
    ended = Browser(app, {}).post("/leave").headers["Set-Cookie"]
    assert ended.startswith("__Host-daftar=;")
    assert "Secure" in ended and "HttpOnly" in ended and "SameSite=Strict" in ended


def test_the_demo_says_so_and_is_not_served_with_hsts(browser: Browser) -> None:
    assert SETTINGS["DAFTAR_DEMO"] == "1"
    assert "Strict-Transport-Security" not in browser.get("/sign-in").headers


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_somebody_elses_folder_is_refused(tmp_path: Path) -> None:
    """Root in the place of the service's account would leave files that it cannot read."""
    folder = tmp_path / "instance"
    config.load(folder, REAL)
    os.chown(folder, 65534, 65534)
    assert "belongs to another account" in refusal(folder)


def test_a_command_for_backups_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    assert "DAFTAR_BACKUP_COMMAND" in refusal(tmp_path, DAFTAR_BACKUP_COMMAND="cp {file} '/mnt")
    config.load(tmp_path, REAL | {"DAFTAR_BACKUP_COMMAND": "cp {file} '/mnt/a disk'"})


def test_a_report_that_would_tell_of_four_people_is_refused(tmp_path: Path) -> None:
    assert "DAFTAR_REPORT_THRESHOLD" in refusal(tmp_path, DAFTAR_REPORT_THRESHOLD="4")
    assert config.load(tmp_path, REAL | {"DAFTAR_REPORT_THRESHOLD": "5"}).report_threshold == 5
