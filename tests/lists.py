"""The workshops of the invented organisation, made through the domain's own functions."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask import current_app

from app.assignments.queries import team
from app.people import queries as people
from app.people.models import Site
from app.people.rules import Card
from app.workshops import code_words, planning, queries, signing_up
from app.workshops.models import Workshop
from tests.organisation import NOW, Member, Occasion

if TYPE_CHECKING:
    from tests.founding import Builder


class Lists:
    """Fills the two workshops of an organisation that is being built."""

    def __init__(self, built: Builder) -> None:
        self.built = built
        self.organisation = built.organisation

    def fill(self) -> None:
        here, there = self.organisation.workshop, self.organisation.workshop_b
        self._make(here, "coordinator", self.built.jerusalem, "facilitator1", seats=3)
        self._make(there, "coordinator_b", self.built.ramallah, "facilitator3", seats=5)
        for name, state in (("لمى", "confirmed"), ("عدن", "offered")):
            here.on_list[state] = self._known(here, "coordinator", self.built.jerusalem, name)
        here.on_list["public"] = self._outside(here, "نورس", "058-555-0190")
        for name, state in (("سُهى", "declined"), ("فَرَح", "cancelled"), ("بيسان", "waiting")):
            here.on_list[state] = self._known(here, "coordinator", self.built.jerusalem, name)
        self._answer(here, "declined", "no")
        self._answer(here, "cancelled", "cancellation")
        self._offer(here)
        there.on_list["confirmed"] = self._known(
            there, "coordinator_b", self.built.ramallah, "أُسَيد"
        )
        there.on_list["requested"] = self._outside(there, "غيمة", "0599 555 091")

    def _make(
        self, occasion: Occasion, who: str, site: Site, facilitator: str, *, seats: int
    ) -> None:
        begins = NOW + (timedelta(hours=5) if seats == 3 else timedelta(days=7))
        workshop = Workshop(
            kind="creative" if seats == 3 else "educational",
            title_ar="الطباعة" if seats == 3 else "القراءة",
            title_en="Printing" if seats == 3 else "",
            about_ar="نطبع معًا." if seats == 3 else "",
            about_en="",
            starts_at=begins,
            closes_at=begins - timedelta(hours=1),
            minutes=120,
            seats=seats,
            needs_approval=seats == 5,
            fills_itself=seats == 5,
        )
        planning.create(self.built.viewer(who), workshop, site, at=NOW)
        occasion.uid = workshop.uid
        user = self.built.users[facilitator]
        planning.assign(self.built.viewer(who), workshop, user, at=NOW)
        occasion.assignment = team(workshop.uid)[0][0].uid
        waiting = signing_up.begun(workshop, at=NOW)
        planning.turn(waiting, "opening", today=NOW.date(), at=NOW)
        planning.turn_link_on(workshop, at=NOW)
        occasion.link = workshop.link or ""

    def _known(self, occasion: Occasion, who: str, site: Site, name: str) -> Member:
        number = f"058 555 {1000 + len(self.organisation.typed)}"
        person = self.built.person(self.built.viewer(who), site, name, number)
        viewer = self.built.viewer(who)
        key = people.get_or_404(viewer, person.uid).key
        waiting = signing_up.begin(viewer, occasion.uid, at=NOW)
        sign_up = signing_up.sign_up_known(
            viewer, waiting, person_uid=person.uid, person_key=key, at=NOW
        )
        return Member(person.uid, name, number, sign_up.uid)

    def _outside(self, occasion: Occasion, name: str, number: str) -> Member:
        key = current_app.config["DAFTAR"].server_key
        occasion.code = code_words.code_word(key, f"of {name}", "ar")
        self.organisation.typed += [name, number]
        signing_up.sign_up_from_outside(
            queries.locked([occasion.uid]),
            Card(name=name, channel="signal", number=number),
            code_digest=code_words.digest_of(key, occasion.code),
            at=NOW,
        )
        ((sign_up, _workshop),) = queries.by_code(code_words.digest_of(key, occasion.code))
        return Member(sign_up.person_uid, name, number, sign_up.uid)

    def _answer(self, occasion: Occasion, state: str, as_: str) -> None:
        waiting = signing_up.begin(self.built.viewer("coordinator"), occasion.uid, at=NOW)
        signing_up.act(waiting, waiting.one(occasion.on_list[state].stay), as_, at=NOW)

    def _offer(self, occasion: Occasion) -> None:
        """The seat of the one who is to have an offer, held for them instead."""
        waiting = signing_up.begin(self.built.viewer("coordinator"), occasion.uid, at=NOW)
        sign_up = waiting.one(occasion.on_list["offered"].stay)
        sign_up.confirmed_at, sign_up.line = None, 1
        signing_up.offer(waiting, sign_up, None, until=NOW + timedelta(hours=3), at=NOW)
