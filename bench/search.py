"""Search over 5,000 people: its time on the server, and ÷ a plain search over plain JSON.

The time is the processor's, so that a busy machine does not count against it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from random import Random
from time import process_time
from typing import Any

from sqlalchemy import insert, select

from app.clock import now
from app.extensions import db, new_uid
from app.people import rules
from app.people.models import Person, Site
from app.people.rules import Card
from app.vault import envelope, vaults
from app.vault.keyring import share_place
from app.vault.models import Share
from bench.browser import Asker
from bench.organisation import COORDINATOR, Organisation, founded
from bench.shadow import unsealed
from bench.table import Result
from bench.timing import medians

PEOPLE = 5_000
ROUNDS = 15
FIRST = ("ريم", "سامر", "هُدى", "نور", "آدم", "ليان", "جود", "تالا", "كريم", "Maya", "يارا", "وسام")
LAST = ("الحائر", "البعيد", "القريب", "الجبلي", "البحري", "النابلسي", "المقدسي", "الكرملي")
SOUGHT = "ريم"


def measure() -> Iterator[Result]:
    """The server's time in milliseconds, by name and for the whole directory; then the ratio."""
    with founded() as organisation:
        add_people(organisation, PEOPLE)
        plain = PlainSearch(unsealed(organisation))
        cookie = organisation.sign_in(COORDINATOR)
        app = organisation.app.wsgi_app
        sought = Asker("POST", "/people", cookie=cookie, typed={"q": SOUGHT}, htmx="found")
        everybody = Asker("GET", "/people", cookie=cookie)
        taken = medians(
            {
                "sought": lambda: sought.page(app),
                "everybody": lambda: everybody.page(app),
                "plain": lambda: plain.found(SOUGHT),
            },
            rounds=ROUNDS,
            warm=2,
            clock=process_time,
        )
    for name, what in (("sought", "search by name"), ("everybody", "first page of all")):
        figure = taken[name] * 1000
        yield Result("search", f"{what}, {PEOPLE} people", figure, "<= 100", unit=" ms")
    ratio, note = taken["sought"] / taken["plain"], f"plain: {taken['plain'] * 1000:.0f} ms"
    yield Result("search", "search ÷ plain JSON in SQLite", ratio, note=note)


def add_people(organisation: Organisation, number: int) -> None:
    """Add people to Jerusalem, sealed as the domain seals them, in two inserts."""
    chance = Random(7)
    with organisation.app.app_context():
        viewer = organisation.viewer(COORDINATOR, "coordinator")
        site = db.session.scalars(select(Site).where(Site.name_en == "Jerusalem")).one()
        desk = viewer.keys.vaults("desk")[site.uid]
        newest = vaults.newest_key(desk)
        shared = viewer.keys.share_key(desk, newest.uid)
        people: list[dict[str, Any]] = []
        shares: list[dict[str, Any]] = []
        for _person in range(number):
            uid, key = new_uid(), envelope.new_key()
            sealed = rules.seal_card(key, _card(chance, site.phone_region), uid)
            dates = {"added_at": now(), "changed_at": now()}
            people.append({"uid": uid, "site_uid": site.uid, "version": 1, "card": sealed, **dates})
            shares.append(
                {
                    "uid": new_uid(),
                    "vault_uid": desk,
                    "key_uid": newest.uid,
                    "person_uid": uid,
                    "boxed": False,
                    "sealed_key": envelope.seal(shared, key, share_place(uid, desk)),
                }
            )
        db.session.execute(insert(Person), people)
        db.session.execute(insert(Share), shares)
        db.session.commit()
        db.session.remove()


def _card(chance: Random, region: str) -> Card:
    card = Card(
        name=f"{chance.choice(FIRST)} {chance.choice(LAST)}",
        code=rules.new_code(),
        address=chance.choice(rules.ADDRESSES),
        channel="signal",
        number=f"0599 {chance.randrange(1000):03} {chance.randrange(1000):03}",
        hours="بعد السادسة مساءً",
        if_another_answers="سؤال عن دورة اللغة، ونتّصل لاحقًا.",
        age="25-34",
        area="البلدة القديمة",
        remark="",
    )
    return rules.tidied(card, region=region)


class PlainSearch:
    """The same question to cards that anybody could read."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.db = connection

    def found(self, text: str) -> list[tuple[str, dict[str, Any]]]:
        """Those whose name, code or phone holds the text, by name."""
        needle = rules.folded(text)
        hits = []
        for uid, packed in self.db.execute("SELECT person_uid, card FROM json_cards"):
            card = json.loads(packed)
            if needle in card["folded"] or card["code"] == needle.upper():
                hits.append((uid, card))
        return sorted(hits, key=lambda hit: hit[1]["folded"])
