"""What a note of a meeting is: where it stands, who reads it, who it names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar, Self

from flask_babel import lazy_gettext as _

from app.accounts.viewer import Viewer
from app.audit import trail
from app.clock import now
from app.groups import queries as groups
from app.groups.models import Group
from app.notes.models import MEETING, NOTE, REFLECTION, Note
from app.notes.occasions import Occasion, Titles
from app.notes.queries import OpenNote
from app.notes.rules import Warned, names_and_phones
from app.notes.sealing import vault_of
from app.sessions import note_queries, queries, rules
from app.sessions.models import GroupSession

# What is sealed to the group's notes, or opened with them; everything else is its author's alone.
WITH_THE_GROUPS_KEY = ("signed", "sent-for-review", "signed-off", "returned", "added-to")


@dataclass
class OfMeeting(Occasion):
    """A meeting of a group that the viewer facilitates or supervises."""

    of_kind: ClassVar[str] = MEETING
    boxes: ClassVar[Titles] = (_("What happened"), _("To follow up"), _("For next time"))
    header: ClassVar[str] = "sessions/_note-of.html"
    titles: ClassVar[dict[str, Any]] = {
        NOTE: _("Session notes"),
        REFLECTION: _("Private reflection"),
    }
    before_is_called: ClassVar[Any] = _("Last time")
    read_by: ClassVar[Any] = _(
        "Until you sign, read by you alone. Once signed, read by the facilitators of this group and its"
        " supervisor; not by coordinators or administrators."
    )
    viewer: Viewer
    meeting: GroupSession
    group: Group

    @classmethod
    def find(cls, viewer: Viewer, uid: str, *, lock: bool = False) -> Self:
        """The meeting of one of the viewer's groups; 404 otherwise.

        `lock`: the group first, which says whether notes are reviewed, as whoever ends that does.
        """
        return cls(viewer, *queries.meeting_or_404(viewer, uid, lock=lock, with_group=lock))

    def __post_init__(self) -> None:
        self.uid, self.in_uid = self.meeting.uid, self.group.uid
        self.zone = self.group.site.zone

    @property
    def reviewed(self) -> bool:
        return self.group.reviewed

    @property
    def may_write(self) -> bool:
        return "facilitator" in self.viewer.roles

    @property
    def way_back(self) -> tuple[str, dict[str, str]]:
        return "sessions.show", {"uid": self.uid}

    @property
    def is_reader(self) -> bool:
        return self.viewer.uid in groups.note_readers(self.group)

    @cached_property
    def numbers(self) -> tuple[int | None, int]:
        """The number of the meeting, if it has one, and of how many."""
        meetings = queries.meetings(self.group)
        of = rules.planned_number(self.group, meetings)
        return rules.numbers(meetings).get(self.uid), of

    @property
    def number(self) -> int | None:
        return self.numbers[0]

    def before(self) -> list[OpenNote]:
        return note_queries.before(self.viewer, self.group.uid, self.meeting.on)

    def warned(self, text: str) -> list[Warned]:
        """Everybody who is or was in the group."""
        people = groups.roster(self.viewer, self.group, at=now())
        return names_and_phones(text, [person.card for person in people if person.card])

    def record(self, action: str, note: Note, /) -> None:
        vault = vault_of(note) if action in WITH_THE_GROUPS_KEY else None
        trail.record(f"{note.kind}-{action}", "note", note.uid, vault_uid=vault or "")

    def opened(self, note: Note | None, last: Sequence[Note], /) -> None:
        of = ("note", note.uid) if note else ("session", self.uid)
        trail.saw("note-opened", *of)
        for earlier in last:
            self.read(earlier)

    def read(self, note: Note, /) -> None:
        trail.saw("note-read", "note", note.uid)
