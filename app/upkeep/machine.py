"""What the machine tells of itself: modes of files, room on the disk, encryption, swap, the clock."""

from __future__ import annotations

import ctypes
import os
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from app.upkeep.finding import GOOD, LOOK, STOP, Finding

ENOUGH = 1_000_000_000  # bytes: years of notes, and the copies that a drill makes
UNSYNCHRONISED = 5  # what adjtimex() answers where nothing keeps the clock (TIME_ERROR)
SIZE_OF_TIMEX = 256  # more than struct timex has
OTHERS = 0o077
REPLACED = ".before-"  # in the name of what was replaced by a backup


def findings(home: Path, backups: Path) -> Iterator[Finding]:
    """Of the folder in which the notebook lies, and of the machine beneath it."""
    yield from _of_modes(home, backups)
    yield _of_room(home)
    yield _of_encryption(home)
    yield of_swap()
    yield from _of_what_was_replaced(home)


def clock_is_free() -> bool:
    """Whether the kernel says that nothing keeps its clock right; False where it cannot be asked."""
    try:
        status: int = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(SIZE_OF_TIMEX))
    except (OSError, AttributeError):
        return False
    return status == UNSYNCHRONISED


def _of_modes(home: Path, backups: Path) -> Iterator[Finding]:
    if not backups.exists() and backups.parent != home:
        yield Finding(
            LOOK, f"{backups} is not there, where backups are to lie: is the disk mounted?"
        )
    sealed = _open_to_others([backups, *backups.glob("*")])
    if sealed:  # a disk without modes cannot help it, and nobody can read them
        yield Finding(
            LOOK, f"Others can copy {', '.join(sealed)}: chmod go-rwx, where it can be said."
        )
    clear = _open_to_others([home, *(path for path in home.glob("*") if path != backups)])
    if clear:
        yield Finding(STOP, f"Others can read {', '.join(clear)}: chmod go-rwx them.")
    else:
        yield Finding(GOOD, f"Only this account reads {home}.")


def _open_to_others(paths: Iterable[Path]) -> list[str]:
    return sorted(str(path) for path in paths if path.exists() and path.stat().st_mode & OTHERS)


def _of_what_was_replaced(home: Path) -> Iterator[Finding]:
    left = sorted(file.name for file in home.glob(f"*{REPLACED}*"))
    if left:
        says = f"{', '.join(left)}: what was here before a backup was restored. Delete it once all is well."
        yield Finding(LOOK, says)


def _of_room(home: Path) -> Finding:
    free = shutil.disk_usage(home).free
    size = sum(file.stat().st_size for file in home.glob("*.sqlite3"))
    says = f"{free / 1e9:.1f} GB are free where the notebook lies"
    if free < max(ENOUGH, 4 * size):
        return Finding(LOOK, f"{says}: make room before nothing can be written.")
    return Finding(GOOD, f"{says}.")


def _of_encryption(home: Path) -> Finding:
    number = home.stat().st_dev
    device = Path(f"/sys/dev/block/{os.major(number)}:{os.minor(number)}")
    if device.exists() and _is_encrypted(device.resolve()):
        return Finding(GOOD, "The disk is encrypted.")
    return Finding(
        LOOK,
        "The disk does not seem encrypted: counts, dates and group names stand in clear on it.",
    )


def of_swap(swaps: Path = Path("/proc/swaps")) -> Finding:
    """Whether what stands in memory may be written to a bare disk."""
    lines = swaps.read_text().splitlines()[1:] if swaps.exists() else []
    devices = [Path(line.split()[0]) for line in lines]
    bare = [str(one) for one in devices if not _is_safe_swap(one)]
    if bare:
        return Finding(
            LOOK, f"{', '.join(bare)} may keep what stood in memory: `swapoff -a`, or encrypt it."
        )
    return Finding(GOOD, "Nothing of what stands in memory is written to a bare disk.")


def _is_safe_swap(device: Path) -> bool:
    """In memory, or on an encrypted disk; a file is as safe as the disk it lies on."""
    if "zram" in device.name:
        return True
    try:
        found = device.stat()
    except OSError:
        return False
    number = found.st_rdev or found.st_dev
    return _is_encrypted(Path(f"/sys/dev/block/{os.major(number)}:{os.minor(number)}").resolve())


def _is_encrypted(device: Path) -> bool:
    """Whether a block device, or one it is made of, is dm-crypt's."""
    uuid = device / "dm/uuid"
    if uuid.exists() and uuid.read_text().startswith("CRYPT-"):
        return True
    return any(_is_encrypted(slave.resolve()) for slave in (device / "slaves").glob("*"))
