"""What the demo shares while its past is lived: the diary, the staff, the people added so far."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from heapq import heappop, heappush
from itertools import count

from app.accounts.models import User
from app.accounts.viewer import Viewer
from app.clock import now, standing_at, today
from app.demo.people import NOT_COUNTED, PEOPLE
from app.people import cards
from app.people import queries as people
from app.people.models import Site
from app.people.queries import OpenPerson
from app.vault.keyring import Keyring

Planned = tuple[datetime, int, Callable[[], object]]


@dataclass(frozen=True)
class Colleague:
    """A member of staff whom the demo can act for."""

    user: User
    private_key: bytes

    def viewer(self, role: str) -> Viewer:
        """Them in a new request: a keyring keeps the grants it found when first used."""
        return Viewer(self.user.uid, frozenset({role}), Keyring(self.user.uid, self.private_key))


class Diary:
    """What is done and when, so that times, and the audit trail, run forward."""

    def __init__(self) -> None:
        self._acts: list[Planned] = []
        self._order = count()

    def at(self, moment: datetime, act: Callable[..., object], *args: object) -> None:
        """Plan an act; one that is being done may plan later ones."""
        planned: Planned = (moment, next(self._order), partial(act, *args))
        heappush(self._acts, planned)

    def live(self) -> None:
        """Do everything, each with the clock standing at its moment, and none after the present."""
        present = now()
        while self._acts:
            moment, _order, act = heappop(self._acts)
            with standing_at(min(moment, present)):
                act()


@dataclass
class Notebook:
    """What the acts share: staff by user name, places by English name, people by key."""

    staff: dict[str, Colleague]
    coordinator: str
    sites: dict[str, Site]
    diary: Diary = field(default_factory=Diary)
    people: dict[str, str] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)

    def desk(self) -> Viewer:
        """The coordinator, in a new request."""
        return self.staff[self.coordinator].viewer("coordinator")

    def person(self, key: str, site: Site) -> OpenPerson:
        """A person, who is added to the place when first needed."""
        desk = self.desk()
        if key not in self.people:
            card = replace(PEOPLE[key])
            uid, _key = cards.add(desk, card, site=site, at=now())
            self.know(key, uid, card.code)
            agreed = {"contact"} if card.has_contact and not card.do_not_contact else set()
            if key not in NOT_COUNTED:
                agreed.add("reports")
            cards.agree(uid, agreed, by=desk.uid, on=today(site.zone))
        return people.get_or_404(desk, self.people[key])

    def know(self, key: str, uid: str, code: str) -> None:
        """Remember who has which uid and code."""
        self.people[key], self.codes[key] = uid, code
