"""Setting up, adding staff and places, and checking the trail from the command line."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from app.accounts.models import User, UserRole
from app.assignments.models import Assignment
from app.audit.models import AuditHead, AuditMark, AuditRow
from app.people.models import Site
from app.vault.models import Organisation as Row
from app.vault.models import Vault
from tests.cli.running import run
from tests.client import Browser
from tests.organisation import Account
from tests.web.records import number_of, plant, rows

PRINTED = re.compile(r"^(User name|Passphrase|Recovery code): +(\S+)", re.MULTILINE)


def account(output: str, app: Flask) -> Account:
    """The account whose words were printed."""
    printed = dict(PRINTED.findall(output))
    name = printed["User name"]
    (uid,) = rows(app, select(User.uid).where(User.username == name))
    return Account(name, uid, name, printed["Passphrase"], printed["Recovery code"], ())


def recovery_key(output: str) -> str:
    """The organisation's recovery key that was printed."""
    found = re.search(r"^ +((?:[A-Z2-7]{4}-)+[A-Z2-7]{4})$", output, re.MULTILINE)
    assert found, output
    return found[1]


def test_an_empty_organisation_is_set_up_with_its_administrator(app: Flask) -> None:
    done = run(app, "init")
    assert done.exit_code == 0, done.output
    assert "recovery key" in done.output
    admin = account(done.output, app)
    assert len(admin.passphrase.split("-")) >= 5
    assert rows(app, select(UserRole.role)) == ["administrator"]
    me = Browser(app, {"admin": admin}).as_("admin")
    assert me.get("/more").status == 200


def test_it_is_set_up_once(app: Flask) -> None:
    run(app, "init")
    again = run(app, "init")
    assert again.exit_code == 1
    assert "already set up" in again.output
    assert (number_of(app, Row), number_of(app, User)) == (1, 1)


def test_a_place_and_its_coordinator_are_added(app: Flask) -> None:
    run(app, "init")
    place = (
        "place",
        "add",
        "--name",
        "القدس",
        "--name-en",
        "Jerusalem",
        "--zone",
        "Asia/Jerusalem",
    )
    assert run(app, *place).exit_code == 0
    done = run(
        app, "staff", "add", "--name", "هديل", "--role", "coordinator", "--place", "Jerusalem"
    )
    assert done.exit_code == 0, done.output
    assert (number_of(app, Site), number_of(app, Assignment)) == (1, 1)
    assert number_of(app, Vault, Vault.kind == "desk") == 1
    me = Browser(app, {"hadil": account(done.output, app)}).as_("hadil")
    added = me.get("/people/new").form("/people/new").fill(name="نور").press().follow()
    assert "نور" in added


def test_several_roles_a_name_and_a_language_are_given(app: Flask) -> None:
    run(app, "init")
    roles = ("--role", "facilitator", "--role", "supervisor")
    done = run(
        app,
        "staff",
        "add",
        "--name",
        "Sami",
        "--username",
        "paper-boat",
        "--language",
        "en",
        *roles,
    )
    sami = account(done.output, app)
    assert sami.username == "paper-boat"
    assert "Facilitator · Supervisor" in Browser(app, {"sami": sami}).as_("sami").get("/more")


@pytest.mark.parametrize(
    "words",
    [
        ("staff", "add", "--name", "x", "--role", "king"),
        ("staff", "add", "--name", "x"),
        ("staff", "add", "--role", "facilitator"),
        ("staff", "add", "--name", "x", "--role", "coordinator", "--place", "Atlantis"),
        ("staff", "add", "--name", "x", "--role", "facilitator", "--username", "taken"),
        ("place", "add", "--name", "x", "--name-en", "x", "--zone", "Europe/Paris"),
    ],
    ids=lambda words: " ".join(words),
)
def test_what_cannot_be_is_refused_and_changes_nothing(app: Flask, words) -> None:
    run(app, "init", "--username", "taken")
    before = (number_of(app, User), number_of(app, Site))
    assert run(app, *words).exit_code != 0
    assert (number_of(app, User), number_of(app, Site)) == before


def test_nobody_is_added_before_the_organisation_is_set_up(app: Flask) -> None:
    done = run(app, "staff", "add", "--name", "x", "--role", "facilitator")
    assert done.exit_code == 1
    assert "init" in done.output


def test_no_passphrase_and_no_recovery_key_stands_in_the_database(app: Flask) -> None:
    done = run(app, "init")
    admin = account(done.output, app)
    (user,) = rows(app, select(User))
    stored = repr(vars(user)).encode() + user.private_key + user.private_key_for_recovery
    for secret in (admin.passphrase, admin.recovery_code, admin.recovery_code.replace("-", "")):
        assert secret.encode() not in stored


def test_the_trail_is_checked_and_its_head_printed(app: Flask) -> None:
    run(app, "init")
    done = run(app, "audit", "verify")
    assert done.exit_code == 0
    assert re.search(r"\d+ rows fit together\. Head: \d+:[0-9a-f]{64}", done.output)
    head = done.output.rpartition(" ")[2].strip()
    assert run(app, "audit", "verify", "--head", head).exit_code == 0


def test_a_trail_that_was_changed_fails_the_check(app: Flask) -> None:
    run(app, "init")
    plant(app, update(AuditRow).where(AuditRow.seq == 1).values(action="nothing"))
    done = run(app, "audit", "verify")
    assert done.exit_code == 1
    assert "does not fit at row 1" in done.output


def test_with_the_recovery_key_every_row_is_vouched_for(app: Flask) -> None:
    key = recovery_key(run(app, "init").output)
    said = run(app, "audit", "verify", "--key", typed=key)
    assert said.exit_code == 0, said.output
    assert "From row 1 on the recovery key vouches for each row." in said.output
    assert key not in said.output
    plant(app, update(AuditRow).where(AuditRow.seq == 2).values(mac=bytes(16)))
    assert run(app, "audit", "verify", "--all").exit_code == 0
    said = run(app, "audit", "verify", "--key", typed=key)
    assert said.exit_code == 1 and "does not fit at row 2" in said.output
    wrong = run(app, "audit", "verify", "--key", typed="AAAA-BBBB")
    assert wrong.exit_code == 1 and "fit" not in wrong.output


def test_where_the_recovery_key_vouches_for_nothing_it_says_so_until_the_keys_begin(
    app: Flask,
) -> None:
    key = recovery_key(run(app, "init").output)
    plant(app, delete(AuditMark), delete(AuditHead), delete(AuditRow))
    run(app, "place", "add", "--name", "القدس", "--name-en", "x", "--zone", "Asia/Jerusalem")
    said = run(app, "audit", "verify", "--key", typed=key)
    assert said.exit_code == 1 and "audit begin" in said.output
    assert "`flask --app wsgi audit begin`" in run(app, "doctor").output
    assert run(app, "audit", "begin", typed="AAAA").exit_code == 1
    done = run(app, "audit", "begin", typed=key)
    assert done.exit_code == 0, done.output
    said = run(app, "audit", "verify", "--key", typed=key)
    assert said.exit_code == 0 and "From row 2 on" in said.output
    assert "`flask --app wsgi audit begin`" not in run(app, "doctor").output


@pytest.mark.parametrize("head", ["nonsense", "1:zz", "1", ":", "x:00"])
def test_a_head_that_is_none_is_refused_in_a_sentence(app: Flask, head) -> None:
    run(app, "init")
    done = run(app, "audit", "verify", "--head", head)
    assert done.exit_code != 0
    assert "Error" in done.output
