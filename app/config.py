"""Every setting, its default and its meaning; refuses to start on an unsafe one.

Each setting is read from the environment variable of the same name.
"""

from __future__ import annotations

import os
import re
import resource
import secrets
import shlex
import stat
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

# File systems on which SQLite's locks cannot be trusted (https://sqlite.org/faq.html#q5).
NETWORK_FILE_SYSTEMS = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p", "afs"}


class UnsafeSetting(RuntimeError):
    """The program refuses to start: a setting would put people at risk."""


@dataclass(frozen=True)
class Settings:
    """What the organisation may choose."""

    database: str
    """DAFTAR_DATABASE: an SQLAlchemy address. Default: SQLite in instance/."""
    demo: bool
    """DAFTAR_DEMO: an invented organisation on a plain http address; never with real people."""
    server_key_file: Path
    """DAFTAR_SERVER_KEY_FILE: where the next one lies. Default: in instance/."""
    server_key: bytes
    """32 bytes for the audit chain and throttling; opens no content."""
    backups: Path
    """DAFTAR_BACKUPS: the folder of sealed backups. Default: instance/backups."""
    backup_command: str
    """DAFTAR_BACKUP_COMMAND: takes a backup to a second place, such as `rsync -a {folder}/ other:daftar/`;
    {file} is the new one, {folder} all of them. Run without a shell."""
    address: str
    """DAFTAR_ADDRESS: our own origin, such as https://notebook.example; empty, which only the demo
    may leave it: as the request says."""
    public_host: str
    """DAFTAR_PUBLIC_HOST: a host, such as workshops.example, on which only the pages for the public
    answer; they answer nowhere else then. Empty: one host for everything."""
    urgent_contact: str
    """DAFTAR_URGENT_CONTACT: whom to phone for an urgent request; nobody watches Daftar at night."""
    away: str
    """DAFTAR_AWAY: the neutral page that *leave quickly* opens."""
    authenticator_name: str
    """DAFTAR_AUTHENTICATOR_NAME: what the entry in an app that makes sign-in codes is called; it
    stands on the phone, so it should say nothing of the organisation."""
    idle_minutes: int
    """DAFTAR_IDLE_MINUTES: a sign-in without a request for so long ends."""
    report_threshold: int
    """DAFTAR_REPORT_THRESHOLD: in a published report, fewer people than this are not told; at least 5."""
    passphrase_cost: tuple[int, int, int]
    """DAFTAR_PASSPHRASE_COST: memory in KiB, iterations, lanes of Argon2id for new passphrases."""
    trusted_proxies: int
    """DAFTAR_TRUSTED_PROXIES: how many proxies in front of us set X-Forwarded-For and -Proto."""
    strict_templates: bool
    """DAFTAR_STRICT_TEMPLATES: an unknown name in a template is an error (tests, development)."""
    debug: bool
    """FLASK_DEBUG: refused outside the demo."""


def load(instance: Path, environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings for the folder `instance`, which is made on first run.

    Raises UnsafeSetting, with one sentence that says what to change.
    """
    os.umask(0o077)  # the database, its journal and the keys: for their owner only
    with suppress(OSError, ValueError):  # where a service manager saw to it
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # what stands in memory is written nowhere
    make_private_folder(instance)
    demo = _flag(environ, "DAFTAR_DEMO")
    key_file = Path(environ.get("DAFTAR_SERVER_KEY_FILE") or instance / "server.key")
    settings = Settings(
        database=environ.get("DAFTAR_DATABASE") or f"sqlite:///{instance / 'daftar.sqlite3'}",
        demo=demo,
        server_key_file=key_file,
        server_key=_server_key(key_file),
        backups=Path(environ.get("DAFTAR_BACKUPS") or instance / "backups"),
        backup_command=environ.get("DAFTAR_BACKUP_COMMAND", ""),
        address=environ.get("DAFTAR_ADDRESS", "").rstrip("/"),
        public_host=environ.get("DAFTAR_PUBLIC_HOST", "").lower(),
        urgent_contact=environ.get("DAFTAR_URGENT_CONTACT", ""),
        away=environ.get("DAFTAR_AWAY") or "https://ar.wikipedia.org/",
        authenticator_name=environ.get("DAFTAR_AUTHENTICATOR_NAME") or "Account",
        idle_minutes=int(environ.get("DAFTAR_IDLE_MINUTES") or 20),
        report_threshold=int(environ.get("DAFTAR_REPORT_THRESHOLD") or 10),
        passphrase_cost=_cost(environ.get("DAFTAR_PASSPHRASE_COST") or "131072,4,1"),
        trusted_proxies=int(environ.get("DAFTAR_TRUSTED_PROXIES") or 0),
        strict_templates=demo or _flag(environ, "DAFTAR_STRICT_TEMPLATES"),
        debug=_flag(environ, "FLASK_DEBUG"),
    )
    refuse_unsafe(settings)
    return settings


def refuse_unsafe(settings: Settings) -> None:
    """Raise UnsafeSetting where a setting would put people at risk."""
    if settings.debug and not settings.demo:
        raise UnsafeSetting("Debug mode shows the program's insides: unset FLASK_DEBUG.")
    if len(settings.server_key) != 32 or len(set(settings.server_key)) < 8:
        raise UnsafeSetting("The server key must be 32 random bytes: remove the file, start again.")
    if settings.passphrase_cost[0] < 65536 and not settings.strict_templates:
        raise UnsafeSetting("DAFTAR_PASSPHRASE_COST is too low for real people.")
    if settings.report_threshold < 5:
        raise UnsafeSetting("DAFTAR_REPORT_THRESHOLD below 5 lets people be found by a report.")
    if not settings.demo and not settings.address.startswith("https://"):
        raise UnsafeSetting(
            "Set DAFTAR_ADDRESS to where people find it, https://notebook.example, or DAFTAR_DEMO=1 to try it out."
        )
    try:
        shlex.split(settings.backup_command)
    except ValueError as error:
        raise UnsafeSetting(f"DAFTAR_BACKUP_COMMAND cannot be read: {error}.") from error
    if "/" in settings.public_host:
        raise UnsafeSetting("DAFTAR_PUBLIC_HOST is a host alone, such as workshops.example.")
    if settings.public_host and urlsplit(settings.address).netloc == settings.public_host:
        raise UnsafeSetting("DAFTAR_PUBLIC_HOST must differ from the host of DAFTAR_ADDRESS.")
    if settings.database.startswith("sqlite:///"):
        path = Path(settings.database.removeprefix("sqlite:///"))
        refuse_readable_by_others(path)
        if file_system(path.parent) in NETWORK_FILE_SYSTEMS:
            raise UnsafeSetting(f"{path} lies on a network disk, where SQLite can lose writes.")


def make_private_folder(folder: Path) -> None:
    """Make `folder` readable by its owner only. Raises UnsafeSetting where it is somebody else's."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_uid != os.geteuid():
        raise UnsafeSetting(f"{folder} belongs to another account: run this as that one.")
    if folder.stat().st_mode & 0o077:
        folder.chmod(0o700)


def refuse_readable_by_others(path: Path) -> None:
    """Raise UnsafeSetting if anybody but the owner can read the file."""
    if path.exists() and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise UnsafeSetting(f"{path} can be read by others: run chmod 600 on it.")


def file_system(folder: Path, mounts: Path = Path("/proc/mounts")) -> str:
    """The type of file system `folder` lies on, such as ext4; empty where it cannot be told."""
    if not mounts.exists():
        return ""
    best, kind, real = -1, "", folder.resolve()
    for line in mounts.read_text().splitlines():
        _device, escaped, fs, *_ = line.split(" ")
        point = Path(re.sub(r"\\(\d{3})", lambda octal: chr(int(octal[1], 8)), escaped))
        # Of two mounts at one point the later one covers the earlier.
        if real.is_relative_to(point) and len(point.parts) >= best:
            best, kind = len(point.parts), fs
    return kind


def _server_key(path: Path) -> bytes:
    if not path.exists():
        path.touch(mode=0o600)
        path.write_bytes(secrets.token_bytes(32))
    refuse_readable_by_others(path)
    return path.read_bytes()


def _flag(environ: Mapping[str, str], name: str) -> bool:
    return environ.get(name, "").lower() in {"1", "yes", "true", "on"}


def _cost(text: str) -> tuple[int, int, int]:
    memory, iterations, lanes = (int(part) for part in text.split(","))
    return memory, iterations, lanes
