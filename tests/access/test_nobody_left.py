"""Nobody is left who holds a vault: what comes opens for whoever is assigned, what was is given back."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.access.acting import assign, coordinate, end_place, unassign
from tests.cli.running import run
from tests.client import Browser
from tests.notes.writing import open_note, sign
from tests.organisation import Organisation

OLD, NEW = "تحدّثنا عن البدايات", "صفحة جديدة مع ميسّرة جديدة"


@pytest.fixture
def left_alone(browser: Browser, organisation: Organisation) -> Organisation:
    """Group A, whose whole team has left; facilitator3 was assigned after that."""
    for who in ("facilitator1", "facilitator2", "two_roles", "supervisor"):
        unassign(browser.as_("coordinator"), organisation.a.uid, who)
    assign(browser.as_("coordinator"), organisation.a.uid, "facilitator3")
    return organisation


def test_whoever_comes_after_the_last_one_reads_what_is_written_from_then_on(
    browser: Browser, left_alone: Organisation
) -> None:
    me = browser.as_("facilitator3")
    assert NEW in sign(open_note(me, left_alone).fill(happened=NEW))
    assert OLD not in me.get(f"/notes/{left_alone.a.note}")


def test_the_printed_recovery_key_gives_back_what_was_written_before(
    app: Flask, browser: Browser, left_alone: Organisation
) -> None:
    given = run(app, "staff", "recover", "facilitator3", "--key", left_alone.recovery_key.lower())
    assert given.exit_code == 0, given.output
    me = browser.as_("facilitator3")
    assert OLD in me.get(f"/notes/{left_alone.a.note}")
    assert "given back" in browser.as_("administrator").get("/audit")
    again = run(app, "staff", "recover", "facilitator3", "--key", left_alone.recovery_key)
    assert "0 keys" in again.output


@pytest.mark.parametrize("key", ["", "AAAA-BBBB", "not a key at all", "ء" * 52])
def test_another_key_gives_nothing(
    app: Flask, browser: Browser, left_alone: Organisation, key: str
) -> None:
    refused = run(app, "staff", "recover", "facilitator3", "--key", key)
    assert refused.exit_code == 1
    assert OLD not in browser.as_("facilitator3").get(f"/notes/{left_alone.a.note}")


def test_a_desk_that_nobody_holds_takes_new_people_and_its_old_ones_are_given_back(
    app: Flask, browser: Browser, organisation: Organisation
) -> None:
    administrator = browser.as_("administrator")
    end_place(administrator, "coordinator", "Jerusalem")
    coordinate(administrator, "two_roles", organisation.jerusalem)
    me, old = browser.as_("two_roles"), organisation.candidate
    page = me.get("/people/new").form("/people/new")
    page = page.fill(name="بداية", site=organisation.jerusalem).press().follow()
    assert "بداية" in page
    assert me.get(f"/people/{old.uid}").status == 404
    run(app, "staff", "recover", "two-roles", "--key", organisation.recovery_key)
    assert old.name in browser.as_("two_roles").get(f"/people/{old.uid}")
