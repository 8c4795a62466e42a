"""What may be done with a note and what follows, and the names that stand in a text. Pure: no request, query or clock."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _

from app.errors import RuleBroken
from app.notes.models import AWAITING, DRAFT, Note
from app.people.rules import Card, folded
from app.web.forms import western

NOTE_BYTES = 65_536


class Conflict(RuleBroken):
    """The note was changed on another device since this page read it."""


def save_draft(note: Note, *, version: int, page: str, at: datetime) -> bool:
    """Count a save; False where this very save, or a later one of the same page, came before.

    `page` is a page's id and, after a point, the number of its save. A page
    is never in conflict with itself: the answer to a save that was sent while
    leaving it is lost, and its next version with it. Raises Conflict where
    another page saved since `version`, and RuleBroken once it is no draft.
    """
    if note.state == AWAITING:
        raise RuleBroken(_("This note awaits review. It can be changed once it is returned."))
    if note.state != DRAFT:
        raise RuleBroken(_("This note is signed. What is new goes into an addition."))
    is_own, number = is_page_of(note, page), _number(page)
    if not is_own and note.version != version:
        raise Conflict(_("Changed on another device. Both texts are below: nothing is lost."))
    if is_own and number and number <= _number(note.page):
        return False
    note.version += 1
    note.page, note.saved_at = page, at
    return True


def is_page_of(note: Note | None, page: str) -> bool:
    """Whether this page was the last one to save the note; `page` is its id, and a number after it."""
    return note is not None and page.partition(".")[0] == note.page.partition(".")[0]


def is_closed_by(note: Note, page: str) -> bool:
    """Whether the note is no draft any more, and was this page's when it ceased to be one."""
    return note.state != DRAFT and is_page_of(note, page)


def version_shown(note: Note | None, page: str, version: str) -> str:
    """The version that a form shown again stands for: what its page saved is no other's change."""
    return str(note.version) if note is not None and is_page_of(note, page) else version


def _number(page: str) -> int:
    return int(page.partition(".")[2] or 0)


def sign(note: Note, texts: Mapping[str, str], *, reviewed: bool, at: datetime) -> None:
    """Close a note: from now on there are only additions.

    Where a supervisor reviews the notes it awaits them first.
    """
    if note.state != DRAFT:
        raise RuleBroken(_("This note is already signed."))
    if not any(text.strip() for text in texts.values()):
        raise RuleBroken(_("Write at least one line before signing."), "happened")
    if reviewed:
        note.awaiting_at = at
    else:
        note.signed_at, note.draft = at, None


def sign_off(note: Note, *, by: str, at: datetime) -> None:
    """A supervisor agrees: the note is signed."""
    _refuse_review(note, by=by)
    note.signed_at, note.signed_off_by, note.draft = at, by, None


def return_to_author(note: Note, *, by: str) -> None:
    """A supervisor returns a note: it is its author's draft again."""
    _refuse_review(note, by=by)
    give_back(note)


def give_back(note: Note) -> None:
    """Nobody reviews the note now: it is its author's draft again."""
    note.awaiting_at, note.text = None, None


def take_back(note: Note, *, by: str) -> None:
    """The author takes a note back that awaits review: it is a draft again."""
    if note.author_uid != by:
        raise RuleBroken(_("Only the author takes a note back."))
    if note.state != AWAITING:
        raise RuleBroken(_("This note does not await review any more."))
    give_back(note)


def _refuse_review(note: Note, *, by: str) -> None:
    if note.state != AWAITING:
        raise RuleBroken(_("This note does not await review any more."))
    if note.author_uid == by:
        raise RuleBroken(_("Nobody reviews their own note."))


def add_to(note: Note, *, by: str) -> None:
    """Whether something may be added: to one's own signed note."""
    if note.signed_at is None or note.error_at is not None:
        raise RuleBroken(_("Only a signed note takes additions."))
    if note.author_uid != by:
        raise RuleBroken(_("Only the author adds to a note."))


def mark_in_error(note: Note, *, by: str, at: datetime) -> None:
    """Mark a signed note as entered in error; it stays, struck out."""
    if note.author_uid != by:
        raise RuleBroken(_("Only the author can mark a note as entered in error."))
    if note.signed_at is None:
        raise RuleBroken(_("Only a signed note can be marked. Change the draft instead."))
    note.error_at = note.error_at or at


@dataclass(frozen=True)
class Warned:
    """A name or phone number that stands in a text, and the code that may be meant."""

    text: str
    code: str


# Letters that Arabic writes onto the next word: and, so, by, for, like, the.
ATTACHED = "(?:[وف]?[بلك]?(?:ال)?)"
# Dates, hours and years, alone or several of them: not a phone number.
A_TIME = (
    r"(?:20\d\d[-./ ]\d\d?[-./ ]\d\d?|\d\d?[-./ ]\d\d?[-./ ](?:19|20)\d\d"
    r"|[0-2]?\d[.:][0-5]\d|(?:19|20)\d\d)"
)
TIMES = re.compile(rf"{A_TIME}(?:[\s-]+(?:{A_TIME}|[0-2]?\d))*")
PHONE = re.compile(r"\+?\d(?:[\s().-]{0,2}\d){6,14}")


def names_and_phones(text: str, cards: Iterable[Card]) -> list[Warned]:
    """The roster names and the phone numbers in a text, in no way blocking it."""
    plain = folded(text)
    found = []
    for card in cards:
        name = card.folded
        first = name.split(" ")[0]
        for candidate in dict.fromkeys((name, first)):
            if len(candidate) >= 2 and re.search(
                rf"(?<!\w){ATTACHED}{re.escape(candidate)}(?!\w)", plain
            ):
                found.append(Warned(card.name, card.code))
                break
    for match in PHONE.finditer(western(text)):
        if not TIMES.fullmatch(match[0].strip()):
            found.append(Warned(match[0].strip(), ""))
    return found
