"""Where people stand, as each feature knows it: for the list of people and what it is narrowed to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import union, union_all

from app.accounts.viewer import Viewer
from app.assignments.queries import scope
from app.cases import standing as cases
from app.continuation import standing as continuation
from app.extensions import read
from app.follow_ups import standing as follow_ups
from app.groups import standing as groups
from app.people import standing as people
from app.people.rules import Listed
from app.requests import standing as requests
from app.sessions import standing as sessions

# Who waits, and since when: for a place in a group, or for an answer to a request.
WAITING = union_all(groups.WAITING, requests.WAITING)
WHOM = {
    "in-group": groups.IN_GROUP,
    "ask-again": continuation.TO_ASK_AGAIN,
    "not-asked": people.NEVER_ASKED,
}
LOOKED_AFTER = union(
    groups.IN_GROUP,
    groups.WAITING.with_only_columns(groups.WAITING.selected_columns[0]),
    requests.WAITING.with_only_columns(requests.WAITING.selected_columns[0]),
    follow_ups.OPEN,
    cases.OPEN,
)
NARROWED = ("in-group", "waiting", "unattended", "ask-again", "not-asked")
"""What the list can be narrowed to."""


@dataclass
class Standing:
    """Where somebody stands, as far as the viewer reaches."""

    groups: list[str] = field(default_factory=list)
    """What the groups they are in are called."""
    awaited: list[str] = field(default_factory=list)
    """And those they wait for."""
    waiting_since: datetime | None = None
    """For a place in a group or an answer to a request, whichever is longer ago."""
    request_uid: str = ""
    urgency: str = ""
    """Of their open request."""
    last_seen: date | None = None
    """The day of the last meeting they were at."""

    def waits(self, since: datetime | None) -> None:
        """They wait since then."""
        self.waiting_since = min(filter(None, (self.waiting_since, since)), default=None)


def narrowed(viewer: Viewer, people: Sequence[Listed], to: str) -> list[Listed]:
    """Those of these people whom a word of NARROWED means; whoever waits longest first."""
    asked = scope(viewer)
    if to == "waiting":
        since: dict[str, datetime] = {}
        for uid, moment in read(WAITING, asked):
            since[uid] = min(since.get(uid, moment), moment)
        return sorted((p for p in people if p.uid in since), key=lambda p: (since[p.uid], p.uid))
    if to == "unattended":
        attended = {uid for (uid,) in read(LOOKED_AFTER, asked)}
        return [person for person in people if person.uid not in attended]
    meant = {uid for (uid,) in read(WHOM[to], asked)}
    return [person for person in people if person.uid in meant]


def standing(viewer: Viewer, uids: Sequence[str]) -> dict[str, Standing]:
    """Where these people stand: three statements, however many they are."""
    found = {uid: Standing() for uid in uids}
    asked = scope(viewer) | {"uids": list(uids) or [""]}
    for uid, name, joined_on, waiting_at in read(groups.STAYS, asked):
        (found[uid].groups if joined_on else found[uid].awaited).append(name)
        if not joined_on:
            found[uid].waits(waiting_at)
    for uid, opened_at, request_uid, urgency in read(requests.OF_PEOPLE, asked):
        found[uid].request_uid, found[uid].urgency = request_uid, urgency
        found[uid].waits(opened_at)
    for uid, day in read(sessions.LAST_SEEN, asked):
        found[uid].last_seen = day
    return found
