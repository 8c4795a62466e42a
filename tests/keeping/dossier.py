"""An invented person of whom very much was typed, through the forms that staff have for it."""

from __future__ import annotations

import re
from typing import Any

from flask import Flask
from sqlalchemy import select

from app.extensions import Sealed, db
from app.vault.models import Share
from tests.client import Browser, Page
from tests.errands import form_to
from tests.organisation import Organisation, sign_in_keys
from tests.seizure.markers import Markers, Needles, secret_in_any_form

CARD = ("name", "number", "hours", "if_another_answers", "area", "remark")
BOXES = ("happened", "to_follow_up", "next_time")
A_PIECE = 24
# What staff have of their own, which changes whenever they sign in or lock.
OF_STAFF = {
    *("users", "sign_ins", "devices", "shown_once", "turn_keys", "recoveries", "audit_head"),
    *("checkpoint_keys", "invitations", "kept_forms"),
}


class Dossier:
    """Types markers about one person into every kind of field that erasing them answers for."""

    def __init__(self, app: Flask, organisation: Organisation) -> None:
        self.app, self.of, self.marker = app, organisation, Markers()
        self._signed_in: dict[str, Browser] = {}
        self._before = self._all_sealed()
        self.sealed: set[bytes] = set()
        """Whatever was sealed since: also what was written over."""
        self.uid = self.stay = ""

    def fill(self) -> None:
        """All of it; `uid` is whose it is."""
        self._card()
        self._group()
        self._sign_ups()
        self._requests()
        self._referrals()
        self._file()

    def needles(self) -> Needles:
        """Each marker, each piece of whatever was sealed, and the person's key, as they must not be found."""
        found: Needles = [("a marker", {"UTF-8": text.encode()}) for text in self.marker.made]
        found += [
            (f"what was sealed, no. {number}", _pieces(sealed))
            for number, sealed in enumerate(self.sealed)
        ]
        found.append(("the person's key", secret_in_any_form(self._key())))
        return found

    def _key(self) -> bytes:
        with self.app.app_context():
            keys = sign_in_keys(self.of.staff["coordinator"])
            desk = keys.vault("desk", self.of.jerusalem)
            share = db.session.scalars(
                select(Share).where(Share.person_uid == self.uid, Share.vault_uid == desk)
            ).one()
            key = keys.person_key(desk, share.key_uid, self.uid, share.boxed, share.sealed_key)
            db.session.remove()
        return key

    def _all_sealed(self) -> set[bytes]:
        found: set[bytes] = set()
        with self.app.app_context(), db.engine.connect() as connection:
            for table in db.metadata.tables.values():
                for column in (c for c in table.columns if isinstance(c.type, Sealed)):
                    if table.name not in OF_STAFF:
                        found.update(v for (v,) in connection.execute(select(column)) if v)
        return found

    def _as(self, who: str) -> Browser:
        if who not in self._signed_in:
            self._signed_in[who] = Browser(self.app, self.of.staff).as_(who)
        return self._signed_in[who]

    def _sent(self, answer: Page) -> Page:
        """What was sent was taken; remember what it was sealed into."""
        assert answer.status in (200, 303), (answer.address, answer.status)
        refused = "kept=" in answer.location and not answer.location.startswith("/code?")
        assert not refused and "/problem/" not in answer.location, (
            answer.address,
            answer.follow().words,
        )
        self.sealed |= self._all_sealed() - self._before
        return answer

    def _press(self, who: str, address: str, /, **typed: str) -> Page:
        """A button."""
        return self._sent(self._as(who).post(address, typed))

    def _type(
        self, who: str, page: str, /, *names: str, to: str = "", button: str = "", **more: Any
    ) -> Page:
        """A marker into each of these fields of a form, and what else is needed there."""
        form = form_to(self._as(who).get(page), to or page)
        form.fill(**{name: self.marker() for name in names}, **more)
        return self._sent(form.press(name=button) if button else form.press())

    def _card(self) -> None:
        made = self._type("coordinator", "/people/new", *CARD, agrees_contact=True)
        self.uid = _uid(made.location, "people")
        for _time in range(14):
            self._type("coordinator", f"/people/{self.uid}/edit", *CARD)

    def _group(self) -> None:
        a, team = self.of.a, "facilitator1"
        enrolled = self._press("coordinator", f"/groups/{a.uid}/members/{self.uid}/member")
        self.stay = re.findall(r"of=(\w+)", enrolled.location)[0]
        self._press("coordinator", f"/stays/{self.stay}/joining", on="2026-10-01")
        for number in (0, 1, 3, 4, 5, 6):
            meeting = f"/sessions/{a.meetings[number]}"
            self._press(team, f"{meeting}/attendance", **{self.stay: "excused"})
            for _time in range(3):
                self._type(team, f"{meeting}/attendance/{self.stay}", "reason")
            for _time in range(4):
                self._type(team, f"{meeting}/follow-ups/{self.uid}", "what")
                (uid,) = self._uids("follow_ups", person_uid=self.uid, ended_at=None)
                self._press(team, f"/follow-ups/{uid}/done")
        for _time in range(4):
            self._type(team, f"/stays/{self.stay}/next", "remark")
        for time in range(5):
            self._type("coordinator", f"/stays/{self.stay}/end", "reason", on="2026-11-20")
            if time < 4:
                self._press("coordinator", f"/stays/{self.stay}/end/undo")

    def _sign_ups(self) -> None:
        """From outside, and then found to be the same person."""
        link = f"/open/{self.of.workshop.link}"
        for _time in range(5):
            before = self._uids("people")
            stranger = Browser(self.app, self.of.staff)
            form = form_to(stranger.get(link), link)
            typed = {name: self.marker() for name in ("name", "number", "hours")}
            self._sent(form.fill(**typed).press())
            (other,) = self._uids("people") - before
            self._press("coordinator", f"/people/{self.uid}/merging/{other}")

    def _uids(self, name: str, **having: str | None) -> set[str]:
        with self.app.app_context(), db.engine.connect() as connection:
            table = db.metadata.tables[name]
            rows = select(table.c.uid).filter_by(**having)
            return {uid for (uid,) in connection.execute(rows)}

    def _requests(self) -> None:
        for time in range(17):
            asked = self._type("coordinator", f"/people/{self.uid}/requests/new", "remark")
            request = f"/requests/{_uid(asked.location, 'requests')}"
            if time:
                self._type("coordinator", f"{request}/answer", "reason")

    def _referrals(self) -> None:
        new = f"/people/{self.uid}/letters/new"
        for _time in range(7):
            made = self._type("coordinator", new, "reason", "outside")
            letter = f"/letters/{_uid(made.location, 'letters')}"
            self._type("coordinator", letter, "outside", to=f"{letter}/receiver")
        for _time in range(6):
            letter = self._to_counsellor()
            self._type("counsellor", letter, "reason", to=f"{letter}/answer/no")

    def _to_counsellor(self) -> str:
        made = self._type(
            "coordinator",
            f"/people/{self.uid}/letters/new",
            "reason",
            receiver=self.of.staff["counsellor"].uid,
        )
        letter = f"/letters/{_uid(made.location, 'letters')}"
        for step in ("agreement", "sending"):
            self._press("coordinator", f"{letter}/{step}")
        return letter

    def _file(self) -> None:
        file = f"/files/{_uid(self._open_file(), 'files')}"
        for fee in range(8):
            self._type("counsellor", f"{file}/fee", "note", fee=str(fee))
        for day in range(10, 18):
            new, before = f"{file}/appointments/new", self._uids("appointments")
            self._type("counsellor", new, on=f"2026-12-{day}", at="16:00")
            (uid,) = self._uids("appointments") - before
            about = f"/appointments/{uid}/note"
            for _time in range(2):
                self._type("counsellor", about, *BOXES, button="save")
            signed = self._type("counsellor", about, *BOXES, button="sign")
            note = f"/appointments/notes/{_uid(signed.location, 'notes')}"
            self._type("counsellor", note, "text", to=f"{note}/additions")
            self._press("counsellor", f"/appointments/{uid}/ending/cancelled")
        self._type("counsellor", f"{file}/closing", "note", as_="finished")

    def _open_file(self) -> str:
        letter = self._to_counsellor()
        return self._press("counsellor", f"{letter}/answer/yes").location


def _uid(location: str, kind: str) -> str:
    return re.findall(rf"/{kind}/([0-9a-z]{{10}})", location)[0]


def _pieces(sealed: bytes) -> dict[str, bytes]:
    """Every piece of it: also a part that was left alone is found."""
    last = max(len(sealed) - A_PIECE, 0)
    return {f"byte {at} on": sealed[at : at + A_PIECE] for at in [*range(0, last, A_PIECE), last]}
