"""Everybody can be closed and is opened again as they were; who leaves meanwhile leaves nothing closed."""

from __future__ import annotations

import pytest

from app.extensions import db
from tests.access.acting import depart
from tests.access.closing import close, open_again
from tests.access.opening import opened, raw
from tests.cli.running import run
from tests.web.records import trail_of

RANA = "facilitator1"


def test_whoever_leaves_while_closed_is_closed_no_longer_and_lifts_nobody(
    app, browser, organisation
) -> None:
    close(browser.as_("coordinator"), RANA)
    depart(browser.as_("administrator"), "facilitator2")
    page = browser.as_("coordinator").get("/colleagues")
    assert "Facilitator2" not in page
    depart(browser.as_("administrator"), RANA)
    assert "their access is closed" not in browser.as_("coordinator").get("/")
    with app.app_context():
        for table in ("checkpoints", "checkpoint_keys"):
            assert db.session.execute(db.text(f"SELECT count(*) FROM {table}")).scalar() == 0
        db.session.remove()


def test_it_stands_in_the_trail(app, browser, organisation) -> None:
    close(browser.as_("coordinator"), RANA)
    close(browser.as_("coordinator"), "supervisor")
    open_again(browser.as_("facilitator2"), RANA)
    acts = [(row.action, row.subject_uid) for row in trail_of(app) if "checkpoint" in row.action]
    rana, supervisor = (organisation.staff[who].uid for who in (RANA, "supervisor"))
    assert acts == [
        ("checkpoint-on", rana),
        ("checkpoint-on", supervisor),
        ("checkpoint-lifted", rana),
    ]


def test_closing_twice_is_closing_once(app, browser, organisation) -> None:
    uid = organisation.staff[RANA].uid
    close(browser.as_("coordinator"), RANA)
    assert browser.as_("coordinator").post(f"/colleagues/{uid}/pause", {}).status == 303
    open_again(browser.as_("coordinator"), RANA)
    assert opened(raw(app), organisation.staff[RANA])


@pytest.mark.parametrize("who", ["facilitator1", "counsellor", "supervisor", "coordinator"])
def test_everybody_can_be_closed_and_opened_again(app, browser, organisation, who: str) -> None:
    account = organisation.staff[who]
    before = opened(raw(app), account)
    lifters = browser.as_(who).get("/pause").words
    browser.as_(who).get("/pause").form("/pause").press()
    assert opened(raw(app), account) == {}
    if "only the organisation’s printed recovery key" in lifters:
        run(app, "staff", "reopen", account.username, "--key", organisation.recovery_key)
    else:
        name = next(n for n in organisation.staff if n.replace("_", " ").capitalize() in lifters)
        open_again(browser.as_(name), who)
    assert opened(raw(app), account) == before
