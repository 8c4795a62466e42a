"""The chain of the trail: nobody changes, moves, takes out, adds or cuts a row unseen."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import delete, insert, select, update

from app.audit.models import AuditHead, AuditMark, AuditRow
from app.audit.verifying import Verdict, verify
from app.extensions import db
from tests.audit import theft
from tests.organisation import Organisation
from tests.web.records import plant, rows


@pytest.fixture
def length(app: Flask, organisation: Organisation) -> Iterator[int]:
    """How long the trail of the invented organisation is; it fits before anything is done to it."""
    found = verified(app)
    assert found.broken_at is None
    assert found.rows > 100
    return found.rows


def verified(app: Flask, kept_head: tuple[int, bytes] | None = None) -> Verdict:
    with app.app_context():
        return verify(kept_head)


def test_an_organisation_that_was_left_alone_fits(app, length) -> None:
    found = verified(app)
    (head,) = rows(app, select(AuditHead))
    assert (found.rows, found.head) == (head.seq, head.mac)


@pytest.mark.parametrize(
    "changed",
    [
        {"action": "nothing"},
        {"actor_uid": "zzzzzzzzzz"},
        {"person_uid": "zzzzzzzzzz"},
        {"result": "refused"},
        {"kind": "x"},
        {"vault_uid": "zzzzzzzzzz"},
        {"subject_uid": "x"},
        {"hash": bytes(32)},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_a_row_that_was_changed_is_found(app, length, changed) -> None:
    plant(app, update(AuditRow).where(AuditRow.seq == 40).values(**changed))
    assert verified(app).broken_at == 40


def test_a_moment_that_was_changed_is_found(app, length) -> None:
    (at,) = rows(app, select(AuditRow.at).where(AuditRow.seq == 40))
    plant(app, update(AuditRow).where(AuditRow.seq == 40).values(at=at.replace(minute=59)))
    assert verified(app).broken_at == 40


def test_a_row_that_was_taken_out_is_found(app, length) -> None:
    plant(app, delete(AuditRow).where(AuditRow.seq == 40))
    assert verified(app).broken_at == 41


def test_a_row_that_was_taken_out_and_the_others_moved_up_is_found(app, length) -> None:
    plant(app, delete(AuditRow).where(AuditRow.seq == length - 1))
    plant(app, update(AuditRow).where(AuditRow.seq == length).values(seq=length - 1))
    assert verified(app).broken_at == length - 1


def test_two_rows_that_changed_places_are_found(app, length) -> None:
    for before, after in ((40, 9040), (41, 40), (9040, 41)):
        plant(app, update(AuditRow).where(AuditRow.seq == before).values(seq=after))
    assert verified(app).broken_at == 40


def test_a_row_that_was_added_is_found(app, length) -> None:
    (last,) = rows(app, select(AuditRow).where(AuditRow.seq == length))
    values = {column.name: getattr(last, column.name) for column in AuditRow.__table__.columns}
    plant(app, insert(AuditRow).values(values | {"seq": length + 1}))
    assert verified(app).broken_at == length + 1


def test_a_beginning_that_was_cut_off_is_found(app, length) -> None:
    plant(app, delete(AuditRow).where(AuditRow.seq <= 5))
    assert verified(app).broken_at == 6


def test_everything_taken_out_is_found(app, length) -> None:
    plant(app, delete(AuditRow))
    assert verified(app).broken_at == 1
    plant(app, delete(AuditHead))
    assert verified(app).broken_at == 1
    plant(app, delete(AuditMark))
    assert verified(app).broken_at is None  # nothing speaks of it but a head kept elsewhere
    assert verified(app, (length, bytes(32))).broken_at == 1


def test_a_tail_that_was_cut_together_with_the_head_shows_against_a_head_kept_elsewhere(
    app, length
) -> None:
    kept = (length, verified(app).head)
    plant(app, delete(AuditRow).where(AuditRow.seq > length - 3))
    assert verified(app).broken_at == length - 2
    with app.app_context():
        theft.fit_the_head()
        db.session.commit()
    assert verified(app).broken_at is None
    assert verified(app, kept).broken_at == length - 2


def test_a_head_kept_elsewhere_fits_while_the_trail_grows(app, browser, length) -> None:
    kept = (length, verified(app).head)
    browser.as_("coordinator").get("/people")
    found = verified(app, kept)
    assert found.broken_at is None
    assert found.rows > length


def test_a_head_of_another_notebook_does_not_fit(app, length) -> None:
    assert verified(app, (length, bytes(32))).broken_at is not None
