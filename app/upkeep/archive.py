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
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from shutil import disk_usage
from typing import Any, BinaryIO

import pyrage

from app.errors import RuleBroken
from app.upkeep.workroom import Told

DATABASE, SERVER_KEY, CONTENTS = "daftar.sqlite3", "server.key", "contents.json"
FORMAT = 1
MOST = {SERVER_KEY: 1024, CONTENTS: 64 * 1024}  # bytes; a database may fill the disk
NAME = "daftar-%Y%m%dT%H%M%SZ.age"
DAMAGED = "This file is damaged, or no backup of Daftar: nothing was restored."
ANOTHER_KEY = (
    "This backup was sealed to another key than the one given, or its first lines are damaged."
)
NO_KEY = "This is no backup key, or a letter of it is wrong: it begins with AGE-SECRET-KEY-1."


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
        """As it lies in the backup."""
        said = asdict(self) | {"format": FORMAT, "made_at": self.made_at.isoformat()}
        return json.dumps(said)

    @classmethod
    def of(cls, text: bytes) -> Contents:
        """Read what `as_text` wrote. Raises RuleBroken."""
        try:
            said = json.loads(text)
            if said.pop("format") != FORMAT:
                raise RuleBroken(
                    "This backup was made by a newer program: install that one, then restore."
                )
            return cls(made_at=datetime.fromisoformat(said.pop("made_at")), **said)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
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
        raise RuleBroken(NO_KEY) from error


class Watched:
    """A file that Rust reads or writes: how far, and what went wrong there, which it would not tell."""

    def __init__(self, file: BinaryIO, told: Told, of: int = 0) -> None:
        self.file, self.told, self.of = file, told, of
        self.done, self.wrong = 0, list[BaseException]()

    def read(self, most: int = -1) -> bytes:
        """The next bytes."""
        with self._noticing():
            found = self.file.read(most)
            self.done += len(found)
            self.told(self.done, self.of)
            return found

    def write(self, block: bytes) -> int:
        """Take some more."""
        with self._noticing():
            return self.file.write(block)

    def flush(self) -> None:
        """Hand on what was taken."""
        with self._noticing():
            self.file.flush()

    @contextmanager
    def _noticing(self) -> Iterator[None]:
        try:
            yield
        except BaseException as error:
            self.wrong.append(error)
            raise


def seal(folder: Path, key: str, into: Path, told: Told) -> None:
    """Seal the three files of `folder` into one, which is there whole or not at all. Raises OSError."""
    keys = [pyrage.x25519.Recipient.from_str(key)]
    part = into.with_suffix(".part")
    try:
        with part.open("xb") as file:
            sealed = Watched(file, told)
            try:
                _through_a_pipe(
                    lambda source: pyrage.encrypt_io(source, sealed, keys),
                    lambda sink: _pack(folder, sink, told),
                )
            except pyrage.EncryptError as error:
                raise (sealed.wrong or [error])[0] from error
            file.flush()
            os.fsync(file.fileno())
        part.rename(into)
        sync(into.parent)
    finally:
        part.unlink(missing_ok=True)


def unseal(file: Path, identity: Any, folder: Path, told: Told) -> Contents:
    """Open a backup into `folder`: its database and its server key.

    Raises RuleBroken where it is none that can be trusted, OSError where there is no room.
    """
    with file.open("rb") as handle:
        sealed = Watched(handle, told, of=file.stat().st_size)
        try:
            _through_a_pipe(
                lambda source: _unpack(source, folder),
                lambda sink: pyrage.decrypt_io(sealed, sink, [identity]),
            )
        except pyrage.DecryptError as error:
            if sealed.wrong:
                raise sealed.wrong[0] from error
            raise RuleBroken(
                ANOTHER_KEY if "matching keys" in str(error).lower() else DAMAGED
            ) from error
        except (tarfile.TarError, EOFError, ValueError, zlib.error, gzip.BadGzipFile) as error:
            raise RuleBroken(DAMAGED) from error
        except OSError as error:
            if error.errno is None:  # the seal's own, not the disk's
                raise RuleBroken(DAMAGED) from error
            raise
    return Contents.of((folder / CONTENTS).read_bytes())


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
            known = entry.name in missing and entry.isreg() and not entry.issparse()
            content = archive.extractfile(entry) if known else None
            if content is None or entry.size > (MOST.get(entry.name) or disk_usage(folder).free):
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
