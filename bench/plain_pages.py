"""The same pages by hand: sqlite3, a few queries each and Jinja; no keys, no audit, no framework."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, Template

from bench import plain_dates
from bench import plain_queries as sql

Found = dict[str, Any]
JERUSALEM = ZoneInfo("Asia/Jerusalem")


class PlainPages:
    """A WSGI application with nine pages and one tap."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.db = connection
        environment = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "plain"),
            autoescape=True,
            auto_reload=False,
            trim_blocks=True,
        )
        for name in ("weekday", "day", "short_day", "month"):
            environment.filters[name] = getattr(plain_dates, name)
        self.pages: dict[tuple[str, str], tuple[Callable[[str, str], Found], Template]] = {
            place: (getattr(self, name), environment.get_template(f"{name}.html"))
            for place, name in {
                ("", ""): "today",
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
            body = template.render(found, path=environ["PATH_INFO"], role=user["role"])
        data = body.encode()
        start_response(
            "200 OK",
            [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(data)))],
        )
        return [data]

    def today(self, _uid: str, me: str) -> Found:
        """The next meeting, meetings without a note, follow-ups that are due."""
        at = datetime.now(UTC).replace(tzinfo=None)
        on = datetime.now(JERUSALEM).date()
        limits = {
            "me": me,
            "now": str(at),
            "since": str(at - timedelta(hours=12)),
            "until": str(on + timedelta(days=7)),
        }
        coming = self.db.execute(sql.COMING, limits).fetchall()
        strip = self.db.execute(sql.MEETINGS, [coming[0]["group_uid"]]).fetchall()
        return {
            "today": str(on),
            "coming": coming,
            "strip": strip,
            "number": sum(m["on"] <= coming[0]["on"] and m["state"] != "missed" for m in strip),
            "held": sum(m["state"] == "held" for m in strip),
            "unsigned": self.db.execute(sql.UNSIGNED, limits).fetchall(),
            "due": self.db.execute(sql.DUE, limits).fetchall(),
        }

    def groups(self, _uid: str, me: str) -> Found:
        """One's groups."""
        now = str(datetime.now(UTC).replace(tzinfo=None))
        return {"groups": self.db.execute(sql.GROUPS, {"me": me, "now": now}).fetchall()}

    def group(self, uid: str, me: str) -> Found:
        """A group with its members, their rates, and its meetings."""
        group = self.db.execute(sql.GROUP, {"uid": uid, "me": me}).fetchone()
        meetings = [dict(row) for row in self.db.execute(sql.MEETINGS, [uid])]
        number = 0
        for meeting in meetings:
            number += meeting["state"] in ("held", "scheduled")
            meeting["number"] = number if meeting["state"] in ("held", "scheduled") else 0
        marks: dict[str, list[str]] = {}
        for stay, mark in self.db.execute(sql.MARKS, [uid]):
            marks.setdefault(stay, []).append(mark)
        held = [meeting["on"] for meeting in meetings if meeting["state"] == "held"]
        people = [dict(row) for row in self.db.execute(sql.ROSTER, {"group": uid})]
        for person in people:
            counted = [mark for mark in marks.get(person["uid"], []) if mark != "excused"]
            came = sum(mark in ("present", "late") for mark in counted)
            person["percent"] = round(100 * came / len(counted)) if counted else None
            person["missed_two"] = counted[-2:] == ["absent", "absent"]
            expected = sum(person["joined_on"] <= on for on in held)
            person["missing"] = expected - len(marks.get(person["uid"], []))
        return {
            "group": group,
            "meetings": meetings,
            "held": len(held),
            "team": self.db.execute(sql.TEAM, [uid]).fetchall(),
            "members": [person for person in people if not person["ended_as"]],
            "former": [person for person in people if person["ended_as"]],
        }

    def session(self, uid: str, me: str) -> Found:
        """One meeting."""
        found = self._meeting(uid, me)
        counts = self.db.execute(sql.COUNTS, self._about(found["m"])).fetchone()
        return found | {
            "expected": counts["expected"],
            "marked": counts["marked"],
            "notes": self.db.execute(sql.NOTES, [uid]).fetchall(),
        }

    def roll(self, uid: str, me: str) -> Found:
        """Everyone expected, with four marks each."""
        found = self._meeting(uid, me)
        people = self.db.execute(sql.EXPECTED, self._about(found["m"])).fetchall()
        return found | {
            "people": people,
            "marked": sum(person["mark"] is not None for person in people),
        }

    def one(self, uid: str, me: str) -> Found:
        """The first who is not marked."""
        found = self.roll(uid, me)
        return found | {"people": [dict(person) for person in found["people"]]}

    def note(self, uid: str, me: str) -> Found:
        """Three boxes, and last time's notes."""
        found = self._meeting(uid, me)
        last = self.db.execute(sql.LAST_NOTES, self._about(found["m"])).fetchall()
        return found | {"last": last, "page_id": "fvj6rw8pj8"}

    def person(self, uid: str, me: str) -> Found:
        """A person's card, groups and follow-ups."""
        return {
            "p": self.db.execute(sql.PERSON, {"uid": uid, "me": me}).fetchone(),
            "stays": self.db.execute(sql.STAYS, {"uid": uid, "me": me}).fetchall(),
            "follow_ups": self.db.execute(sql.FOLLOW_UPS, [uid]).fetchall(),
        }

    def people(self, _uid: str, me: str) -> Found:
        """The first fifty of one's places."""
        people = self.db.execute(sql.PEOPLE, {"me": me}).fetchall()
        (total,) = self.db.execute("SELECT count(*) FROM cards").fetchone()
        return {"people": people, "total": total}

    def tap(self, uid: str, me: str, environ: Found) -> str:
        """Write one mark; the count and that person's row."""
        length = int(environ["CONTENT_LENGTH"])
        typed = parse_qs(environ["wsgi.input"].read(length).decode())
        ((stay, (mark,)),) = typed.items()
        self.db.execute("BEGIN IMMEDIATE")
        found = self.db.execute(sql.MEETING, {"uid": uid, "me": me}).fetchone()
        now = str(datetime.now(UTC).replace(tzinfo=None))
        written = {"meeting": uid, "stay": stay, "mark": mark, "me": me, "now": now}
        self.db.execute(sql.TAP, written)
        counts = self.db.execute(sql.COUNTS, self._about(found)).fetchone()
        body = self.tapped.render(
            uid=stay, wanted=mark, marked=counts["marked"], expected=counts["expected"]
        )
        self.db.execute("COMMIT")
        return body

    def _meeting(self, uid: str, me: str) -> Found:
        meeting = self.db.execute(sql.MEETING, {"uid": uid, "me": me}).fetchone()
        (number,) = self.db.execute(sql.NUMBER, self._about(meeting)).fetchone()
        return {"m": meeting, "number": number}

    @staticmethod
    def _about(meeting: sqlite3.Row) -> Found:
        return {"group": meeting["group_uid"], "meeting": meeting["uid"], "day": meeting["on"]}
