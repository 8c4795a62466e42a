"""What a note of an appointment is: where it stands, who reads it, who it names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from flask_babel import lazy_gettext as _

from app.accounts.viewer import Viewer
from app.audit import trail
from app.cases import appointment_queries
from app.cases.models import Appointment
from app.cases.queries import File
from app.notes import queries as notes
from app.notes.models import APPOINTMENT, NOTE, Note
from app.notes.occasions import Occasion, Titles
from app.notes.queries import OpenNote
from app.notes.rules import Warned, names_and_phones
from app.notes.sealing import vault_of
from app.requests.models import CLOSED


@dataclass
class OfAppointment(Occasion):
    """An appointment of a file that the viewer keeps or supervises."""

    of_kind: ClassVar[str] = APPOINTMENT
    boxes: ClassVar[Titles] = (
        _("What happened in the session"),
        _("To follow up"),
        _("For the next session"),
    )
    header: ClassVar[str] = "cases/_note-of.html"
    titles: ClassVar[dict[str, Any]] = {NOTE: _("Session note")}
    before_is_called: ClassVar[Any] = _("The session before")
    read_by: ClassVar[Any] = _(
        "Until you sign, read by you alone. Once signed, read by you and this file’s supervisor;"
        " not by coordinators or administrators."
    )
    viewer: Viewer
    appointment: Appointment
    file: File

    @classmethod
    def find(cls, viewer: Viewer, uid: str, *, lock: bool = False) -> Self:
        """The appointment of one of the viewer's files; 404 otherwise."""
        return cls(viewer, *appointment_queries.appointment_or_404(viewer, uid, lock=lock))

    def __post_init__(self) -> None:
        self.uid, self.in_uid = self.appointment.uid, self.file.case.referral_uid
        self.zone = self.file.case.site.zone

    @property
    def reviewed(self) -> bool:
        return self.file.case.supervisor_uid is not None

    @property
    def may_write(self) -> bool:
        return self.file.case.counsellor_uid == self.viewer.uid

    @property
    def goes_on(self) -> bool:
        return self.file.case.state != CLOSED

    @property
    def way_back(self) -> tuple[str, dict[str, str]]:
        return "cases.show", {"uid": self.file.uid}

    def before(self) -> list[OpenNote]:
        return notes.before(self.viewer, appointment_queries.written_before(self.appointment))

    def warned(self, text: str) -> list[Warned]:
        """The person themselves."""
        return names_and_phones(text, [self.file.card] if self.file.card else [])

    def record(self, action: str, note: Note, /) -> None:
        of = {"vault_uid": vault_of(note) or "", "person_uid": self.file.case.person_uid}
        trail.record(f"case-note-{action}", "file", self.file.uid, **of)

    def opened(self, _note: Note | None, _last: Sequence[Note], /) -> None:
        self._saw("case-note-opened")  # last time's stands in the same file

    def read(self, _note: Note, /) -> None:
        self._saw("case-note-read")

    def _saw(self, action: str) -> None:
        trail.saw(action, "file", self.file.uid, person_uid=self.file.case.person_uid)
