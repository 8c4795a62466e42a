"""The migrations make the tables that the models describe, and lead back and forth with data."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import CheckConstraint, inspect, literal, select

from app import create_app
from app.accounts.models import User
from app.assignments.models import Assignment
from app.cli import commands
from app.extensions import Model, db, new_uid
from app.notes.models import ADDITION, COMMENT, MEETING, Note, NoteRemark
from app.vault.models import Vault
from tests.assignments.agreement import grants_without_assignment
from tests.database import POSTGRES, Database
from tests.founding import build
from tests.organisation import NOW, SETTINGS
from tests.source import APP

REVISIONS = sorted(path.name[:4] for path in (APP / "migrations/versions").glob("*.py"))


@pytest.fixture
def empty(database: Database, tmp_path: Path) -> Flask:
    """An application whose database holds nothing yet."""
    app = create_app(SETTINGS | {"DAFTAR_DATABASE": database.another()}, tmp_path)
    commands.init_app(app)
    return app


def differences() -> list[object]:
    """What Alembic would still change to make the tables fit the models."""
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return compare_metadata(context, Model.metadata)


def checks(table: str) -> dict[str, str]:
    """A table's check constraints, which Alembic does not compare: their names, and what they say."""
    found = inspect(db.engine).get_check_constraints(table)
    return {str(check["name"]): as_compared(check["sqltext"]) for check in found}


def as_compared(text: object) -> str:
    """What a constraint says without its dress; PostgreSQL puts it in words of its own."""
    return "" if POSTGRES else re.sub(r'[\s()"]', "", str(text))


def test_migrations_and_models_agree(empty: Flask) -> None:
    with empty.app_context():
        upgrade()
        found = differences()
        assert not found, f"Write a migration (`flask db migrate`) for these: {found}"
        for table in Model.metadata.tables.values():
            wanted = {
                str(one.name): as_compared(one.sqltext)
                for one in table.constraints
                if isinstance(one, CheckConstraint)
            }
            assert checks(table.name) == wanted, (
                f"The check constraints of {table.name} differ: Alembic does not see them, so "
                "write them into the migration by hand."
            )
        db.engine.dispose()


def test_back_and_forth_with_an_organisation_in_it(empty: Flask) -> None:
    with empty.app_context():
        upgrade()
        organisation = build()
        assert len(db.session.scalars(select(User)).all()) == len(organisation.staff)
        db.session.remove()
        downgrade(revision="base")
        assert set(inspect(db.engine).get_table_names()) <= {"alembic_version"}
        upgrade()
        assert not differences()
        build()
        db.session.remove()
        db.engine.dispose()


# The kinds of things in which somebody had a part already at a revision.
KINDS_AT = {"0001": {"place", "group"}, "0003": {"workshop"}, "0004": {"case"}}
# What was written already at a revision: a note's occasion, and what stands beside it.
WRITTEN_AT = {
    "0001": {("meeting", ""), ("meeting", "addition")},
    "0002": {("meeting", "comment")},
    "0004": {("appointment", ""), ("appointment", "addition"), ("appointment", "comment")},
}


@pytest.mark.parametrize("revision", REVISIONS[:-1])
def test_from_each_revision_with_an_organisation_in_it(empty: Flask, revision: str) -> None:
    """Back to it and on again: everybody has their parts in what was there, and nobody opens more.

    Every note that was there, and what stands beside it, is there as it was.
    """
    kinds = set().union(*(kinds for at, kinds in KINDS_AT.items() if at <= revision))
    kinds_written = set().union(*(of for at, of in WRITTEN_AT.items() if at <= revision))
    with empty.app_context():
        upgrade()
        organisation = build()
        for note in (organisation.a.note, organisation.aid.note):
            for kind in (ADDITION, COMMENT):
                say(note, kind, organisation.staff["supervisor"].uid)
        before, said_before = open_parts(kinds), written(kinds_written)
        assert {(one[0], one[1]) for one in said_before} == kinds_written
        assert {of_kind for of_kind, *_rest in before} == kinds
        db.session.remove()
        downgrade(revision=revision)
        upgrade()
        assert not differences()
        assert open_parts(kinds) == before
        assert written(kinds_written) == said_before
        assert not grants_without_assignment()
        assert len(db.session.scalars(select(User)).all()) == len(organisation.staff)
        rosters = select(Vault.of_uid).where(Vault.kind == "roster", Vault.site_uid.is_not(None))
        assert organisation.a.uid in db.session.scalars(rosters).all()
        db.session.remove()
        db.engine.dispose()


def open_parts(kinds: set[str]) -> set[tuple[str, str, str, str]]:
    """Who has which part in what: kind, of what, who, part."""
    open_ = select(Assignment).where(Assignment.of_kind.in_(kinds), Assignment.ended_at.is_(None))
    return {(a.of_kind, a.of_uid, a.user_uid, a.part) for a in db.session.scalars(open_)}


def say(note_uid: str, kind: str, author_uid: str) -> None:
    """Something beside a note, as if it were sealed."""
    remark = NoteRemark(note_uid=note_uid, kind=kind, author_uid=author_uid, written_at=NOW)
    remark.text = new_uid().encode()
    if kind == COMMENT and db.session.get_one(Note, note_uid).of_kind == MEETING:
        remark.text_for_author = new_uid().encode()
    db.session.add(remark)
    db.session.commit()


def written(kinds: set[tuple[str, str]]) -> set[tuple[object, ...]]:
    """Every column of the notes of these occasions, and of what stands beside them."""
    columns = tuple(c for c in Note.__table__.columns if c.name != "of_kind")
    notes = db.session.execute(select(Note.of_kind, literal(""), *columns)).all()
    beside = db.session.execute(
        select(Note.of_kind, NoteRemark.kind, *NoteRemark.__table__.columns).join(NoteRemark)
    ).all()
    return {tuple(row) for row in (*notes, *beside) if (row[0], row[1]) in kinds}


def test_the_migrations_stand_in_one_line(application: Flask) -> None:
    heads = ScriptDirectory(f"{application.root_path}/migrations").get_heads()
    assert len(heads) == 1, (
        f"Two migrations follow the same one: {heads}. Let one follow the other."
    )
