"""Where what the tests keep is written: to memory where there is enough, so that nothing waits for a disk."""

from __future__ import annotations

import shutil
from pathlib import Path

MEMORY = Path("/dev/shm")
ENOUGH = 1_000_000_000  # bytes; a container may have 64 MB of it


def scratch() -> Path | None:
    """The folder for folders of databases, or None: the usual one."""
    return MEMORY if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ENOUGH else None
