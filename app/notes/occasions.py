"""What a note is about: a feature whose records have notes says so in a class of its own."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import Any, ClassVar

from flask import Flask, current_app

from app.accounts.viewer import Viewer
from app.notes.models import NOTE, Note
from app.notes.queries import OpenNote
from app.notes.rules import Warned

Titles = tuple[Any, Any, Any]
"""Of the three boxes, in the language of whoever looks."""


class Occasion(ABC):
    """A meeting or an appointment, as its feature tells the pages of notes."""

    of_kind: ClassVar[str]
    boxes: ClassVar[Titles]
    header: ClassVar[str]
    """The template that says what it is about, with the way back there."""
    titles: ClassVar[dict[str, Any]]
    """What a note, or a reflection, is called here."""
    before_is_called: ClassVar[Any]
    read_by: ClassVar[Any]
    """Who reads a note before and after it is signed."""
    uid: str
    in_uid: str
    """That in which a part lets one read its notes: the group, or the file's referral."""
    zone: str

    @property
    def number(self) -> int | None:
        """Which one it is in its cycle."""
        return None

    @property
    @abstractmethod
    def way_back(self) -> tuple[str, dict[str, str]]:
        """The endpoint of the page it stands on, and what that is called with."""

    @property
    @abstractmethod
    def reviewed(self) -> bool:
        """Whether a supervisor reads a note before it is signed; asked after the last wait for a lock."""

    @property
    @abstractmethod
    def may_write(self) -> bool:
        """Whether the viewer writes here: they facilitate the group, or keep the file."""

    @property
    def goes_on(self) -> bool:
        """Whether notes are still begun and signed here; what is being written is saved in any case."""
        return True

    @property
    def is_reader(self) -> bool:
        """Whether the viewer will be able to read what they sign."""
        return True

    @abstractmethod
    def before(self) -> list[OpenNote]:
        """The signed notes of the latest occasion before this one that has any, opened."""

    @abstractmethod
    def warned(self, text: str) -> list[Warned]:
        """The names and phone numbers in a text that is about to be signed."""

    @abstractmethod
    def record(self, action: str, note: Note, /) -> None:
        """Write down that something was done to a note: begun, signed, returned."""

    @abstractmethod
    def opened(self, note: Note | None, last: Sequence[Note], /) -> None:
        """Write down that the boxes of a note, or empty ones, were opened, with last time's notes above."""

    @abstractmethod
    def read(self, note: Note, /) -> None:
        """Write down that a note was read."""


Find = Callable[..., Occasion]


def init_app(app: Flask, occasions: dict[str, Find]) -> None:
    """Take how each kind of occasion is found; the features that say it lie above us."""
    app.extensions["occasions"] = occasions


def get_or_404(viewer: Viewer, of_kind: str, uid: str, *, lock: bool = False) -> Occasion:
    """A meeting or an appointment that the viewer reaches."""
    find: Find = current_app.extensions["occasions"][of_kind]
    return find(viewer, uid, lock=lock)


def of_note(viewer: Viewer, note: Note, *, lock: bool = False) -> Occasion:
    """What a note is about; `lock` it, with what it stands in, before the note itself."""
    return get_or_404(viewer, note.of_kind, note.of_uid, lock=lock)


def warned(occasion: Occasion, kind: str, text: str) -> list[Warned]:
    """The names and numbers in a text that others will read."""
    return occasion.warned(text) if kind == NOTE and text.strip() else []
