"""What docs/ promise is held to: each promise names the test that would fail."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.source import ROOT

TEST = re.compile(r"`([\w/]+\.py)::(test_\w+)`")
SECURITY = (ROOT / "docs/SECURITY.md").read_text()
# The chapters whose every point is a promise, and how many of them there are at least.
CHAPTERS = {
    "Signing in": 30,
    "Closing access, and coming back": 9,
    "A slow line, and none": 10,
    "The trail": 8,
    "Keeping it": 9,
    "Letting go": 9,
}


@pytest.mark.parametrize("document", sorted((ROOT / "docs").glob("*.md")), ids=lambda p: p.name)
def test_a_test_that_a_document_names_is_there(document: Path) -> None:
    for file, name in TEST.findall(document.read_text()):
        path = ROOT / "tests" / file
        assert path.exists(), (
            f"{document.name} names {file}, which is not there: name the file that holds this now."
        )
        found = re.search(rf"^def {name}\(", path.read_text(), re.MULTILINE)
        assert found, (
            f"{document.name} names {file}::{name}, which is not there: name the test that holds "
            "this now, or write one."
        )


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_promise_of_a_chapter_names_the_test_that_holds_it(chapter: str) -> None:
    text = SECURITY.partition(f"## {chapter}\n")[2].partition("\n## ")[0]
    points = re.split(r"^- ", text, flags=re.MULTILINE)[1:]
    assert len(points) >= CHAPTERS[chapter], (
        f"The chapter {chapter} has {len(points)} points: if one was rightly taken back, say so in "
        "CHAPTERS; if the chapter has another name, give it that one."
    )
    without = [point.split("\n")[0] for point in points if not TEST.search(point)]
    assert not without, (
        f"Write beside each point the test that would fail if it were false. {without}"
    )
