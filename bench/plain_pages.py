"""The same pages by hand: sqlite3, a few queries each and Jinja; no keys, no audit, no framework."""

from __future__ import annotations

import secrets
import sqlite3
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, Template

from bench import plain_dates, plain_words
from bench import plain_queries as sql

Found = dict[str, Any]
JERUSALEM = ZoneInfo("Asia/Jerusalem")
# What happened, and where it stands.
EVENTS = {
    "group": ("مجموعة", "/groups/{}"),
    "workshop": ("ورشة", "/sign-ups/{}"),
    "next": ("الاستمرار", "/stays/{}/next"),
}


class PlainPages:
    """A WSGI application with nine pages, one that shows nothing, and one tap."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.db = connection
        environment = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "plain"),
            autoescape=True,
            auto_reload=False,
            trim_blocks=True,
        )
        for name in ("weekday", "day", "full_day", "short_day", "month"):
            environment.filters[name] = _of_text(getattr(plain_dates, name))
        environment.filters |= {
            "local": lambda text, zone: plain_dates.local(datetime.fromisoformat(text), zone),
            "moment": plain_dates.moment,
            "counted": plain_words.counted,
            "word": plain_words.word,
            "paragraphs": plain_words.paragraphs,
        }
        self.pages: dict[tuple[str, str], tuple[Callable[[str, str], Found], Template]] = {
            place: (getattr(self, name), environment.get_template(f"{name}.html"))
            for place, name in {
                ("", ""): "today",
                ("nothing", ""): "nothing",
                ("groups", ""): "groups",
                ("groups", "uid"): "group",
                ("sessions", "uid"): "session",
                ("sessions", "attendance"): "roll",
                ("sessions", "attendance/one"): "one",
                ("sessions", "note"): "note",
                ("people", ""): "people",
                ("people", "uid"): "person",
            }.items()
        }
        self.tapped = environment.get_template("tap.html")

    def __call__(self, environ: Found, start_response: Callable[..., Any]) -> Iterable[bytes]:
        cookie = SimpleCookie(environ.get("HTTP_COOKIE", "")).get("daftar")
        user = self.db.execute(sql.USER, [cookie.value if cookie else ""]).fetchone()
        if user is None:
            start_response("403 Forbidden", [])
            return [b""]
        kind, uid, rest = ([*environ["PATH_INFO"].strip("/").split("/", 2), "", ""])[:3]
        if environ["REQUEST_METHOD"] == "POST":
            body = self.tap(uid, user["uid"], environ)
        else:
            find, template = self.pages[kind, rest or ("uid" if uid else "")]
            found = find(uid, user["uid"])
            body = template.render(found, path=environ["PATH_INFO"], user=user)
        data = body.encode()
        start_response(
            "200 OK",
            [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(data)))],
        )
        return [data]

    def nothing(self, _uid: str, _me: str) -> Found:
        """Only what stands around every page."""
        return {}

    def today(self, _uid: str, me: str) -> Found:
        """The next meeting, what is to be written and to be done, workshops, meetings to come."""
        at = datetime.now(UTC).replace(tzinfo=None)
        on = datetime.now(JERUSALEM).date()
        limits = {
            "me": me,
            "now": str(at),
            "since": str(at - timedelta(hours=12)),
            "soon": str(at + timedelta(days=2)),
            "fortnight": str(at + timedelta(days=14)),
            "until": str(on + timedelta(days=7)),
        }
        coming = self.db.execute(sql.COMING, limits).fetchall()
        found: Found = {
            "today": str(on),
            "coming": coming,
            "tally": {},
            "unsigned": self.db.execute(sql.UNSIGNED, limits).fetchall(),
            "due": self.db.execute(sql.DUE, limits).fetchall(),
            "offers": self.db.execute(sql.OFFERS, limits).fetchall(),
            "workshops": self.db.execute(sql.WORKSHOPS, limits).fetchall(),
        }
        for following in coming[:1]:
            found |= self._strip(following["group_uid"])
            found["of"] = max(following["planned_sessions"], found["counting"])
            found["number"] = next(
                m["number"] for m in found["meetings"] if m["uid"] == following["uid"]
            )
            if following["on"] <= str(on):
                found["tally"] = self.db.execute(sql.COUNTS, self._about(following)).fetchone()
        return found

    def groups(self, _uid: str, me: str) -> Found:
        """One's groups."""
        return {"groups": self.db.execute(sql.GROUPS, {"me": me, "now": _now()}).fetchall()}

    def group(self, uid: str, me: str) -> Found:
        """A group with its members, their rates, and its meetings."""
        group = self.db.execute(sql.GROUP, {"uid": uid, "me": me}).fetchone()
        found = self._strip(uid)
        today = str(datetime.now(JERUSALEM).date())
        marks: dict[str, list[str]] = {}
        for stay, mark in self.db.execute(sql.MARKS, [uid]):
            marks.setdefault(stay, []).append(mark)
        held = [meeting["on"] for meeting in found["meetings"] if meeting["state"] == "held"]
        people = [
            _rated(dict(row), marks.get(row["uid"], []), held)
            for row in self.db.execute(sql.ROSTER, {"group": uid, "now": _now()})
        ]
        states = [person["state"] for person in people]
        return found | {
            "g": group,
            "today": today,
            "meets_today": next(
                (m["uid"] for m in found["meetings"] if m["on"] == today and m["number"]), ""
            ),
            "of": max(group["planned_sessions"], found["counting"]),
            "team": self.db.execute(sql.TEAM, [uid]).fetchall(),
            "taken": states.count("active") + states.count("offered"),
            "waiting": states.count("waiting") + states.count("offered"),
            "members": [person for person in people if person["state"] == "active"],
            "former": [person for person in people if person["state"] in ("left", "completed")],
        }

    def session(self, uid: str, me: str) -> Found:
        """One meeting."""
        found = self._meeting(uid, me)
        notes = self.db.execute(sql.NOTES, {"uid": uid, "me": me}).fetchall()
        return found | {
            "tally": self.db.execute(sql.COUNTS, self._about(found["m"])).fetchone(),
            "notes": notes,
            "has_own": any(note["author_uid"] == me for note in notes),
            "follow_ups": self.db.execute(sql.OF_MEETING, [uid]).fetchall(),
        }

    def roll(self, uid: str, me: str) -> Found:
        """Everyone expected, with four marks each."""
        found = self._meeting(uid, me)
        about = self._about(found["m"]) | {"me": me}
        people = self.db.execute(sql.EXPECTED, about).fetchall()
        return found | {
            "people": people,
            "marked": sum(person["mark"] is not None for person in people),
        }

    def one(self, uid: str, me: str) -> Found:
        """Everyone expected, of whom the first who is not marked is shown."""
        found = self.roll(uid, me)
        following = (person["uid"] for person in found["people"] if person["mark"] is None)
        return found | {"next": next(following, "")}

    def note(self, uid: str, me: str) -> Found:
        """Three boxes, and last time's notes."""
        found = self._meeting(uid, me)
        return found | {
            "own": self.db.execute(sql.OWN_NOTE, {"uid": uid, "me": me}).fetchone() or {},
            "last": self.db.execute(sql.LAST_NOTES, self._about(found["m"])).fetchall(),
            "page": secrets.token_hex(5),
        }

    def person(self, uid: str, me: str) -> Found:
        """A person's card, what has been, and follow-ups."""
        asked = {"uid": uid, "me": me, "now": _now()}
        events = [_event(row) for row in self.db.execute(sql.EVENTS, asked)]
        return {
            "p": self.db.execute(sql.PERSON, asked).fetchone(),
            "events": events,
            "in_group": next(
                (e["uid"] for e in events if e["kind"] == "group" and e["state"] == "active"), ""
            ),
            "follow_ups": self.db.execute(sql.FOLLOW_UPS, asked).fetchall(),
        }

    def people(self, _uid: str, me: str) -> Found:
        """The first fifty of one's places."""
        people = self.db.execute(sql.PEOPLE, {"me": me}).fetchall()
        (total,) = self.db.execute(sql.ALL_PEOPLE, {"me": me}).fetchone()
        return {"people": people, "total": total, "last_page": -(-total // 50)}

    def tap(self, uid: str, me: str, environ: Found) -> str:
        """Write one mark; the count and that person's row."""
        length = int(environ["CONTENT_LENGTH"])
        typed = parse_qs(environ["wsgi.input"].read(length).decode())
        ((stay, (mark,)),) = typed.items()
        self.db.execute("BEGIN IMMEDIATE")
        found = self.db.execute(sql.MEETING, {"uid": uid, "me": me}).fetchone()
        written = {"meeting": uid, "stay": stay, "mark": mark, "me": me, "now": _now()}
        self.db.execute(sql.TAP, written)
        counts = self.db.execute(sql.COUNTS, self._about(found)).fetchone()
        body = self.tapped.render(
            uid=stay, wanted=mark, marked=counts["marked"], expected=counts["expected"]
        )
        self.db.execute("COMMIT")
        return body

    def _meeting(self, uid: str, me: str) -> Found:
        meeting = self.db.execute(sql.MEETING, {"uid": uid, "me": me}).fetchone()
        number, counting = self.db.execute(sql.NUMBER, self._about(meeting)).fetchone()
        return {"m": meeting, "number": number, "of": max(meeting["planned_sessions"], counting)}

    def _strip(self, group_uid: str) -> Found:
        meetings = [dict(row) for row in self.db.execute(sql.MEETINGS, [group_uid])]
        number = 0
        for meeting in meetings:
            counts = meeting["state"] in ("held", "scheduled")
            number += counts
            meeting["number"] = number if counts else 0
        held = sum(meeting["state"] == "held" for meeting in meetings)
        return {"meetings": meetings, "counting": number, "held": held}

    @staticmethod
    def _about(meeting: sqlite3.Row) -> Found:
        return {"group": meeting["group_uid"], "meeting": meeting["uid"], "day": meeting["on"]}


def _now() -> str:
    return str(datetime.now(UTC).replace(tzinfo=None))


def _of_text(say: Callable[[date], str]) -> Callable[[str], str]:
    return lambda text: say(date.fromisoformat(text))


def _rated(person: Found, marks: list[str], held: list[str]) -> Found:
    """A member with how often they came, of what was held during their stay."""
    joined, ended = person["joined_on"] or "9999", person["ended_on"] or "9999"
    counted = [mark for mark in marks if mark != "excused"]
    came = sum(mark in ("present", "late") for mark in counted)
    return person | {
        "percent": (200 * came + len(counted)) // (2 * len(counted)) if counted else None,
        "missed_two": counted[-2:] == ["absent", "absent"],
        "missing": sum(joined <= on <= ended for on in held) - len(marks),
    }


def _event(row: sqlite3.Row) -> Found:
    """What happened with a person, on its day at the place."""
    at: str = row["at"]
    if len(at) > len("2026-11-24"):
        at = str(plain_dates.local(datetime.fromisoformat(at), row["zone"]).date())
    what, address = EVENTS[row["kind"]]
    return {**dict(row), "on": at, "what": what, "address": address.format(row["uid"])}
