"""The first hour of an organisation: what is ticked off by itself, what by hand, and when it is over."""

from __future__ import annotations

import pytest
from flask import Flask

from app.clock import now
from app.extensions import db
from app.upkeep import chores
from app.upkeep.models import BACKUP, DRILL
from tests.client import Browser


def steps(me: Browser) -> dict[str, str]:
    """What there is to do, and how far it is; nothing once it is over."""
    card = next((d for d in me.get("/").root.all("div") if d.get("class") == "card"), None)
    if card is None:
        return {}
    return {li.first("span").words: li.all("span")[-1].words for li in card.all("li")}


def test_what_stands_is_ticked_off_by_itself(browser: Browser) -> None:
    found = steps(browser.as_("administrator"))
    assert len(found) == 6
    assert found["Add the places where you work"] == "done"
    assert found["Invite the first coordinator, and give them a place"] == "done"
    assert list(found.values()).count("to do") == 4


def test_printed_keys_are_ticked_off_by_hand(browser: Browser) -> None:
    me = browser.as_("administrator")
    me.get("/").form("/first-hour/printed").press()
    key = next(what for what in steps(me) if what.startswith("Print the recovery key"))
    assert steps(me)[key] == "done"
    assert "They are printed" not in me.get("/")
    assert "said that the keys are printed" in me.get("/audit")


def test_it_is_gone_once_all_of_it_stands(app: Flask, browser: Browser) -> None:
    me = browser.as_("administrator")
    with app.app_context():
        for chore in (BACKUP, DRILL, "printed"):
            chores.went_well(chore, at=now())
        db.session.commit()
        db.session.remove()
    left = [what for what, word in steps(me).items() if word == "to do"]
    assert left == ["Set up your second factor"]


@pytest.mark.parametrize("who", ["coordinator", "facilitator1", "counsellor", "supervisor"])
def test_nobody_else_is_shown_it(browser: Browser, who: str) -> None:
    assert "The first hour" not in browser.as_(who).get("/")
