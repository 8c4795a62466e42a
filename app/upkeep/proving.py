"""What a copy must prove before anybody relies on it: whole, complete, a trail that fits, a door that opens."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade

from app.accounts import joining, passphrases, rules
from app.accounts.line import Cost
from app.audit.rules import START
from app.audit.verifying import verify
from app.clock import now
from app.errors import RuleBroken
from app.extensions import new_uid
from app.policy import ROLES
from app.upkeep.archive import DAMAGED, Contents
from app.upkeep.checks import NEWEST, REVISION, VERSION
from app.web import transaction

TABLES = (
    f"SELECT name FROM sqlite_master WHERE type = 'table' AND name != '{VERSION}' ORDER BY name"  # noqa: S608
)
# What a notebook has none of: they would act, or show something else, in the name of whoever reads.
ACTORS = "SELECT name FROM sqlite_master WHERE type IN ('trigger', 'view')"
HEAD = "SELECT seq, mac FROM audit_head WHERE id = 1"


def contents_of(file: Path) -> Contents:
    """What a database file holds. Raises RuleBroken where it is not whole."""
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as copy:
        copy.execute("PRAGMA trusted_schema=OFF")
        copy.execute("PRAGMA cell_size_check=ON")
        try:
            if copy.execute(ACTORS).fetchone():
                raise RuleBroken(DAMAGED)
            ((verdict,), *_more) = copy.execute("PRAGMA integrity_check").fetchall()
            if verdict != "ok":
                raise RuleBroken(f"The database is damaged: {verdict}")
            if copy.execute("PRAGMA foreign_key_check").fetchone():
                raise RuleBroken("The database is not whole: rows point to others that are gone.")
            (schema,) = copy.execute(REVISION).fetchone()
            quoted = {name: name.replace('"', '""') for (name,) in copy.execute(TABLES)}
            rows = {
                name: copy.execute(f'SELECT count(*) FROM "{safe}"').fetchone()[0]  # noqa: S608
                for name, safe in quoted.items()
            }
            seq, mac = copy.execute(HEAD).fetchone() or (0, START)
        except sqlite3.Error as error:
            raise RuleBroken(f"The database cannot be read: {error}") from error
    return Contents(now(), schema, rows, f"{seq}:{mac.hex()}")


def prove(file: Path, said: Contents) -> None:
    """Hold a database against what its backup says of it. Raises RuleBroken."""
    found = contents_of(file)
    if (found.schema, found.rows, found.head) != (said.schema, said.rows, said.head):
        raise RuleBroken(
            "What the backup holds is not what it says it holds: nothing was restored."
        )
    if found.schema > NEWEST:
        raise RuleBroken(
            f"This backup is of revision {found.schema}, the program knows {NEWEST}: "
            "install the newer program, then restore."
        )


def bring_up_to_date(other: Flask, head: tuple[int, bytes] | None) -> None:
    """Migrate a copy to the newest revision and check its trail. Raises RuleBroken.

    `head`: one that was kept elsewhere, which the trail must hold.
    """
    with other.app_context():
        upgrade()
    refuse_a_broken_trail(other, head)


def refuse_a_broken_trail(other: Flask, head: tuple[int, bytes] | None = None) -> None:
    """Raise RuleBroken where the trail of a copy does not fit, or lacks a head that was kept elsewhere."""
    with other.app_context():
        verdict = verify(head)
        transaction.rollback()
    if verdict.broken_at is not None:
        raise RuleBroken(f"The trail does not fit at row {verdict.broken_at}: somebody changed it.")


def sign_in(other: Flask, roles: Iterable[str] = ROLES) -> None:
    """Sign in to a copy, with an account made for that, and open Today. Raises RuleBroken.

    Nobody's passphrase is needed; the account goes with the copy.
    """
    username, passphrase = f"drill-{new_uid()}", "-".join(passphrases.new_words(5))
    with other.app_context():
        joining.add_user(
            username=username,
            working_name=username,
            roles=roles,
            language="ar",
            passphrase=passphrase,
            recovery_code=rules.new_recovery_code(),
            cost=Cost(*other.config["DAFTAR"].passphrase_cost),
            at=now(),
        )
        transaction.commit()
    with other.test_client() as browser:
        typed = {"username": username, "passphrase": passphrase}
        answer = browser.post("/sign-in", data=typed, headers={"Sec-Fetch-Site": "same-origin"})
        page = browser.get("/")
        if (answer.status_code, page.status_code) != (303, 200):
            raise RuleBroken("The copy is whole, but nobody could sign in to it.")
