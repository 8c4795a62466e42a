"""The nine main pages now ÷ before the second edition, each tree in a process of its own, in turns."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from bench.server import ROOT
from bench.table import Result

BEFORE = "91827135cbd7638739e4d4607f2c6beb50b5c4d8"
WHAT, GOAL = "nine pages ÷ before", "<= 0.34"
WARMING, ROUNDS = 2, 8
MEASURED = Path(__file__).with_name("nine_pages.py")


def measure() -> Iterator[Result]:
    """All nine together; "not measured" where the older tree is not at hand."""
    older = _archive()
    if older is None:
        yield Result("before", WHAT, None, GOAL, note=f"there is no {BEFORE[:7]} here")
        return
    with tempfile.TemporaryDirectory(prefix="daftar-before-") as folder:
        with tarfile.open(fileobj=io.BytesIO(older)) as tree:
            tree.extractall(folder, filter="data")
        now, before = _in_turns(ROOT, Path(folder))
    yield Result(
        "before",
        WHAT,
        sum(now.values()) / sum(before.values()),
        GOAL,
        note=f"{sum(now.values()) * 1000:.0f} : {sum(before.values()) * 1000:.0f} ms; "
        + ", ".join(f"{name} {now[name] * 1000:.1f} : {before[name] * 1000:.1f}" for name in now),
    )


def _archive() -> bytes | None:
    try:
        asked = subprocess.run(
            ["git", "archive", "--format=tar", BEFORE], cwd=ROOT, capture_output=True, check=False
        )
    except FileNotFoundError:
        return None
    return asked.stdout if asked.returncode == 0 else None


def _in_turns(*trees: Path) -> list[dict[str, float]]:
    """What each page costs in each tree: the median of the rounds."""
    with _measuring(trees[0]) as first, _measuring(trees[1]) as second:
        rounds = [[_round(process) for process in (first, second)] for _ in range(WARMING + ROUNDS)]
    return [
        {name: median(one[tree][name] for one in rounds[WARMING:]) for name in rounds[0][0]}
        for tree in range(len(trees))
    ]


@contextmanager
def _measuring(tree: Path) -> Iterator[subprocess.Popen[str]]:
    # As text, not as a file: this folder would stand first on the path, and its queue.py be everybody's.
    process = subprocess.Popen(
        [sys.executable, "-c", MEASURED.read_text()],
        cwd=tree,
        env=os.environ | {"PYTHONPATH": str(tree)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.communicate()


def _round(process: subprocess.Popen[str]) -> dict[str, float]:
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("The process has no pipes.")
    process.stdin.write("\n")
    process.stdin.flush()
    answer = process.stdout.readline()
    if not answer:
        raise RuntimeError("The pages could not be measured.")
    costs: dict[str, float] = json.loads(answer)
    return costs
