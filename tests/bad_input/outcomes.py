"""What came of a post, what a person then reads, and whether the database is as it was."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po
from flask import Flask

from app.extensions import Model, Sealed, db
from tests.client import Page
from tests.source import APP

# What a refusal may write: what was typed (sealed), who tried, when a sign-in was seen.
MAY_CHANGE = {"kept_forms", "audit", "audit_head", "sign_ins", "tries", "done"}
ARABIC = re.compile("[\u0621-\u064a]")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


@dataclass(frozen=True)
class Outcome:
    """How a post ended: done, refused (with the page that says why), or a status such as 404."""

    word: str
    page: Page | None = None


def outcome(answer: Page) -> Outcome:
    """What became of a post, once a browser has followed it (or htmx has its fragment)."""
    if answer.status == 303:
        problem = re.fullmatch(r"/problem/(\d+)", answer.location)
        if problem:
            shown = answer.follow()
            assert shown.status == int(problem[1])
            return Outcome(problem[1], shown)
        if "kept=" in answer.location:
            shown = answer.follow()
            words = {200: "done", 422: "refused"}  # 200: a search, whose question was kept
            return Outcome(words.get(shown.status, str(shown.status)), shown)
        return Outcome("done", answer)
    if answer.status == 422:
        return Outcome("refused", answer)
    return Outcome("done" if answer.status == 200 else str(answer.status), answer)


def messages(page: Page) -> list[str]:
    """Every message of error on a page: above the form, and at its fields."""
    found = [node.words for node in page.root.all("p", class_="msg")]
    above = page.root.first(id="errors")
    if above:
        found += [li.words for li in above.all("li")]
    state = page.root.first(id="note-state")
    if state and state.get("data-saved") == "no":
        found += [p.words for p in state.all("p", role="status")]
    return found


def assert_clear(page: Page) -> None:
    """The page says why, in Arabic, in words of the catalogue and in no library's English."""
    said = messages(page)
    assert said, f"{page.address}: refused without a word.\n{page.words[:300]}"
    strange = [m for m in said if not ARABIC.search(m) or not is_of_catalogue(m)]
    assert not strange, f"{page.address}: not a message of ours in Arabic: {strange}"


def is_of_catalogue(message: str) -> bool:
    """Whether a message is one of the catalogue's, perhaps after its field's name, or several in a row."""
    message = " ".join(message.split())
    label, _colon, said = message.partition(": ")
    whole = catalogue().fullmatch
    return bool(whole(message) or (said and whole(label) and whole(said)))


@cache
def catalogue() -> re.Pattern[str]:
    """Any number of the catalogue's Arabic sentences, with anything where a value is put in."""
    path: Path = APP / "translations/ar/LC_MESSAGES/messages.po"
    with path.open("rb") as file:
        entries = read_po(file)
    texts: set[str] = set()
    for entry in entries:
        strings = entry.string if isinstance(entry.string, tuple) else (entry.string,)
        texts |= {" ".join(text.split()) for text in strings if text and entry.id}
    sentences = [r".{1,80}?".join(map(re.escape, PLACEHOLDER.split(text))) for text in texts]
    either = "|".join(sorted(sentences, key=len, reverse=True))
    return re.compile(f"(?:{either})(?: (?:{either}))*")


def contents(app: Flask, *, but_sealed: bool = False) -> dict[str, Counter[tuple[object, ...]]]:
    """The rows of each table, as the database keeps them; without what a refusal may write.

    `but_sealed`: without what is sealed either, whose bytes differ each time.
    """
    found = {}
    with app.app_context(), db.engine.connect() as connection:
        for table in Model.metadata.sorted_tables:
            if table.name not in MAY_CHANGE:
                kept = ", ".join(
                    f'"{column.name}"'
                    for column in table.columns
                    if not (but_sealed and isinstance(column.type, Sealed))
                )
                rows = connection.exec_driver_sql(f'SELECT {kept} FROM "{table.name}"')
                found[table.name] = Counter(map(tuple, rows.cursor.fetchall()))
    return found


def assert_unchanged(app: Flask, before: dict[str, Counter[tuple[object, ...]]], why: str) -> None:
    """Nothing was kept but what a refusal may write."""
    after = contents(app)
    changed = [name for name in before if before[name] != after[name]]
    assert not changed, f"{why}: was refused, and yet these tables changed: {changed}"
