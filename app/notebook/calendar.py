"""A calendar to subscribe to: when one is expected, and nothing else.

Every entry is the one word «موعد», in UTC, made from clear columns alone: the
phone that keeps it learns no place, no name and no kind of meeting.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, select

from app.accounts.models import CalendarFeed, User
from app.assignments.closing import IS_CLOSED
from app.audit import trail
from app.extensions import db
from app.notebook.today import HOURS
from app.vault import envelope

WORD = "موعد"
PAST, FUTURE = timedelta(days=14), timedelta(days=200)
EXPECTED_AS = "coordinator facilitator counsellor"
MADE_AT = select(CalendarFeed.made_at).where(CalendarFeed.user_uid == bindparam("user_uid"))
OWNER = (
    select(User.uid)
    .join(CalendarFeed, CalendarFeed.user_uid == User.uid)
    .where(CalendarFeed.digest == bindparam("digest"), User.left_at.is_(None), ~IS_CLOSED)
)
END = (
    delete(CalendarFeed)
    .where(CalendarFeed.user_uid == bindparam("user_uid"))
    .execution_options(synchronize_session="fetch")
)


def turn_on(user_uid: str, *, at: datetime) -> str:
    """Make a secret address, in place of an earlier one; returns its secret, which is kept nowhere."""
    secret = secrets.token_urlsafe(24)
    db.session.execute(END, {"user_uid": user_uid})
    db.session.add(CalendarFeed(user_uid=user_uid, digest=_digest(secret), made_at=at))
    trail.record("calendar-on", "user", user_uid)
    return secret


def turn_off(user_uid: str) -> None:
    """The address answers no more."""
    db.session.execute(END, {"user_uid": user_uid})
    trail.record("calendar-off", "user", user_uid)


def made_at(user_uid: str) -> datetime | None:
    """Since when somebody's calendar can be read, or None."""
    return db.session.scalar(MADE_AT, {"user_uid": user_uid})


def owner(secret: str) -> str | None:
    """Whose calendar an address belongs to; nobody's once they left the staff, or while their access is closed."""
    return db.session.scalar(OWNER, {"digest": _digest(secret)})


def written(user_uid: str, secret: str, *, at: datetime) -> bytes:
    """The calendar of one member of staff, as iCalendar (RFC 5545).

    An entry's id follows from the address: it is no id of ours, and two
    colleagues' phones do not show that they were at the same meeting.
    """
    from icalendar import Calendar, Event  # for the few whose phone asks

    key = envelope.derived(secret.encode(), "calendar entries")
    calendar = Calendar()
    calendar.add("prodid", "-//d//d//")
    calendar.add("version", "2.0")
    for uid, begins, minutes in _entries(user_uid, at - PAST, at + FUTURE):
        event = Event()
        event.add("uid", hmac.digest(key, uid.encode(), "sha256").hex()[:20])
        event.add("summary", WORD)
        event.add("dtstamp", at)
        event.add("dtstart", begins)
        event.add("dtend", begins + timedelta(minutes=minutes))
        event.add("class", "PRIVATE")
        calendar.add_component(event)
    text: bytes = calendar.to_ical()
    return text


def _entries(user_uid: str, since: datetime, until: datetime) -> list[Any]:
    """The meetings, workshops and appointments somebody is expected at, soonest first: id, beginning, minutes."""
    asked = {"me": user_uid, "parts": EXPECTED_AS, "since": since, "until": until}
    entries = [entry for hours in HOURS for entry in db.session.execute(hours, asked)]
    return sorted(entries, key=lambda entry: (entry.starts_at, entry.uid))


def _digest(secret: str) -> str:
    return envelope.derived(secret.encode(), "calendar").hex()[:32]
