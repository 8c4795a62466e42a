"""What a list must look like, kept in the plainest way there is and without the rules under test."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.people.models import Site
from app.workshops.models import Workshop
from tests.organisation import NOW

HERE = Site(uid="here", name="", name_en="", zone="Asia/Jerusalem", phone_region="PS")


def workshop(seats: int, *, fills_itself: bool = True, needs_approval: bool = False) -> Workshop:
    """A workshop that is open, three days from now."""
    return Workshop(
        uid="workshop",
        site=HERE,
        seats=seats,
        starts_at=NOW + timedelta(days=3),
        closes_at=NOW + timedelta(days=2),
        opened_at=NOW,
        link_on_at=NOW,
        last_in_line=0,
        fills_itself=fills_itself,
        needs_approval=needs_approval,
    )


@dataclass
class Model:
    """Who has a seat, who waits in which order, whose seat is held until when, who was asked about.

    Everything is a sign-up's uid. `order` holds everybody who ever came into the
    line, so that who leaves it and comes back stands where they stood.
    """

    seats: int
    fills: bool
    ends: datetime
    """From when on nobody moves up any more."""
    seated: set[str] = field(default_factory=set)
    waiting: set[str] = field(default_factory=set)
    order: list[str] = field(default_factory=list)
    held: dict[str, datetime] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    absent: set[str] = field(default_factory=set)
    left: dict[str, tuple[str, datetime | None]] = field(default_factory=dict)
    """Who is off the list, and what they had."""

    @property
    def line(self) -> list[str]:
        return [uid for uid in self.order if uid in self.waiting]

    def free(self, at: datetime) -> int:
        return self.seats - len(self.seated) - sum(until > at for until in self.held.values())

    def settle(self, at: datetime) -> None:
        """Free seats go to the first in line."""
        while self.fills and at < self.ends and self.line and self.free(at) > 0:
            self.seat(self.line[0])

    def join(self, uid: str, *, ask: bool, at: datetime) -> None:
        """A newcomer, or one who asks again: a seat only where nobody waits for it."""
        self._forget(uid)
        if uid in self.order:
            self.order.remove(uid)
        if ask:
            self.asked.add(uid)
        elif self.free(at) > 0 and not self.line:
            self.seated.add(uid)
        else:
            self.order.append(uid)
            self.waiting.add(uid)

    def seat(self, uid: str) -> None:
        self._forget(uid)
        self.seated.add(uid)

    def hold(self, uid: str, until: datetime) -> None:
        self._forget(uid)
        self.held[uid] = until

    def miss(self, uid: str) -> None:
        self._forget(uid)
        self.absent.add(uid)

    def leave(self, uid: str) -> None:
        if uid in self.left:
            return
        places = {
            "seat": self.seated | self.absent,
            "line": self.waiting,
            "held": set(self.held),
            "asked": self.asked,
        }
        had = next(name for name, uids in places.items() if uid in uids)
        until = self.held.get(uid)
        self._forget(uid)
        self.left[uid] = had, until

    def come_back(self, uid: str, at: datetime) -> None:
        """Undo: what they had, or, where somebody else has it meanwhile, the head of the line."""
        if uid not in self.left:
            return
        had, until = self.left.pop(uid)
        wants_seat = had == "seat" or (until is not None and until > at)
        if wants_seat and self.free(at) < 1:
            if uid in self.order:
                self.order.remove(uid)
            self.order.insert(0 if self.line else len(self.order), uid)
            self.waiting.add(uid)
        elif had == "seat":
            self.seated.add(uid)
        elif until is not None:
            self.held[uid] = until
        else:
            (self.waiting if had == "line" else self.asked).add(uid)

    def _forget(self, uid: str) -> None:
        for uids in (self.seated, self.waiting, self.asked, self.absent):
            uids.discard(uid)
        self.held.pop(uid, None)
        self.left.pop(uid, None)
