"""A backup as a file: the database, the server's key and what both hold, in one sealed piece.

It is an age file (https://age-encryption.org/v1) to the organisation's offline
backup key, which the server does not have; within it a gzipped tar. So it opens
without Daftar too: `age -d -i KEY FILE | tar xz`.
"""

from __future__ import annotations

import gzip
import json
import os
import tarfile
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyrage

from app.errors import RuleBroken

DATABASE, SERVER_KEY, CONTENTS = "daftar.sqlite3", "server.key", "contents.json"
FORMAT = 1
MOST_OF_CONTENTS = 64 * 1024
NAME = "daftar-%Y%m%dT%H%M%SZ.age"
DAMAGED = "This file is damaged, or no backup of Daftar: nothing was restored."

# Says how many bytes of how many are done.
Told = Callable[[int, int], None]


@dataclass(frozen=True)
class Contents:
    """What a backup says of itself; what is restored is held against it."""

    made_at: datetime
    schema: str
    """The revision of its tables."""
    rows: dict[str, int]
    """How many rows each table has."""
    head: str
    """The head of the trail, as `audit verify` prints it."""

    def as_text(self) -> str:
        return json.dumps(
            {"format": FORMAT} | asdict(self) | {"made_at": f"{self.made_at:%Y-%m-%dT%H:%M:%SZ}"}
        )

    @classmethod
    def of(cls, text: bytes) -> Contents:
        """Read what `as_text` wrote. Raises RuleBroken."""
        try:
            said = json.loads(text)
            if said.pop("format") != FORMAT:
                raise RuleBroken(
                    "This backup was made by a newer program: install that one, then restore."
                )
            moment = datetime.strptime(said.pop("made_at"), "%Y-%m-%dT%H:%M:%SZ").replace(
                tzinfo=UTC
            )
            return cls(made_at=moment, **said)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise RuleBroken(DAMAGED) from error


def new_key() -> tuple[str, str]:
    """A new backup key: what is printed and kept offline, and what the server seals to."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def identity_of(text: str) -> Any:
    """The backup key in what was typed, or in a key file of age's. Raises RuleBroken."""
    lines = [line.strip() for line in text.splitlines()]
    keys = [line for line in lines if line and not line.startswith("#")]
    try:
        return pyrage.x25519.Identity.from_str("".join(keys).upper())
    except pyrage.IdentityError as error:
        raise RuleBroken("A backup key begins with AGE-SECRET-KEY-1: this is none.") from error


def seal(folder: Path, key: str, into: Path, told: Told) -> None:
    """Seal the three files of `folder` into one, which is there whole or not at all."""
    keys = [pyrage.x25519.Recipient.from_str(key)]
    part = into.with_suffix(".part")
    try:
        with part.open("xb") as sealed:
            _through_a_pipe(
                lambda source: pyrage.encrypt_io(source, sealed, keys),
                lambda sink: _pack(folder, sink, told),
            )
            sealed.flush()
            os.fsync(sealed.fileno())
        part.rename(into)
        sync(into.parent)
    finally:
        part.unlink(missing_ok=True)


def unseal(file: Path, identity: Any, folder: Path, told: Told) -> Contents:
    """Open a backup into `folder`: its database and its server key. Raises RuleBroken."""
    size = file.stat().st_size

    class Counted:
        """The file, which says how far it was read."""

        def __init__(self) -> None:
            self.source, self.done = file.open("rb"), 0

        def read(self, most: int = -1) -> bytes:
            found = self.source.read(most)
            self.done += len(found)
            told(self.done, size)
            return found

    counted = Counted()
    try:
        with counted.source:
            _through_a_pipe(
                lambda source: _unpack(source, folder),
                lambda sink: pyrage.decrypt_io(counted, sink, [identity]),
            )
        return Contents.of((folder / CONTENTS).read_bytes())
    except pyrage.DecryptError as error:
        if "matching keys" in str(error).lower():
            raise RuleBroken("This backup was sealed to another key than the one given.") from error
        raise RuleBroken(DAMAGED) from error
    except (tarfile.TarError, EOFError, OSError, ValueError) as error:
        raise RuleBroken(DAMAGED) from error


def sync(folder: Path) -> None:
    """Have what was renamed in a folder on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _pack(folder: Path, sink: Any, told: Told) -> None:
    names = (CONTENTS, SERVER_KEY, DATABASE)
    size, done = sum((folder / name).stat().st_size for name in names), 0

    with (
        gzip.GzipFile(filename="", fileobj=sink, mode="wb", compresslevel=1) as smaller,
        tarfile.open(fileobj=smaller, mode="w|") as archive,
    ):
        for name in names:
            entry = tarfile.TarInfo(name)
            entry.size = (folder / name).stat().st_size
            with (folder / name).open("rb") as source:
                archive.addfile(entry, source)
            done += entry.size
            told(done, size)


def _unpack(source: Any, folder: Path) -> None:
    """Write the files we know, under the names we know, and nothing else."""
    missing = {CONTENTS, SERVER_KEY, DATABASE}
    with tarfile.open(fileobj=source, mode="r|gz") as archive:
        for entry in archive:
            content = archive.extractfile(entry) if entry.name in missing else None
            if content is None:
                raise RuleBroken(DAMAGED)
            missing.remove(entry.name)
            with (folder / entry.name).open("xb") as kept:
                while block := content.read(1 << 20):
                    kept.write(block)
    if missing:
        raise RuleBroken(DAMAGED)


def _through_a_pipe(reading: Callable[[Any], None], writing: Callable[[Any], None]) -> None:
    """Let one function read what the other writes meanwhile: nothing in between lies on a disk.

    Raises what the writer raised, or else the reader: a reader that found its
    source cut short knows less of why.
    """
    from_, to = os.pipe()
    written: list[BaseException] = []

    def write() -> None:
        try:
            with os.fdopen(to, "wb") as sink:
                writing(sink)
        except BrokenPipeError:  # the reader has stopped, and says why
            pass
        except BaseException as error:
            written.append(error)

    thread = threading.Thread(target=write, name="writing")
    thread.start()
    read: list[BaseException] = []
    try:
        with os.fdopen(from_, "rb") as source:
            try:
                reading(source)
            finally:
                # What is behind its end is read too, so that damage there is seen.
                with suppress(OSError):
                    while source.read(1 << 20):
                        pass
    except BaseException as error:
        read.append(error)
    thread.join()
    for wrong in (*written, *read):
        raise wrong
