"""Letting go of what is old: the beginning of each chain, without hurting the other, and checked afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update

from app.accounts import joining
from app.audit import head as heads
from app.audit import pruning, trail
from app.audit.head import PRUNED, ROWS
from app.audit.models import AuditMark, AuditRow
from app.audit.pruning import prune
from app.audit.verifying import Verdict, verify
from app.clock import now
from app.errors import RuleBroken
from app.extensions import db
from tests.conftest import Clock
from tests.organisation import NOW

DAY = timedelta(days=1)
Check = Callable[..., Verdict]


@pytest.fixture
def key(app: Flask, clock: Clock) -> bytes:
    """The recovery key of an organisation with a hundred days of trail: two acts and three openings each."""
    with app.app_context():
        key = joining.recovery_keyring(joining.found()).private_key
        for number in range(100):
            clock.at(NOW - (100 - number) * DAY)
            for action in ("person-changed", *["person-opened"] * 3, "session-held"):
                trail.record(action, "person", f"d{number}", actor_uid="me")
        db.session.commit()
    clock.at(NOW)
    return key


def left(app: Flask) -> tuple[int, int]:
    """How many acts and openings there are, but for what pruning says of itself."""
    with app.app_context():
        shown = (func.count(),)
        rows = select(*shown).select_from(AuditRow).where(AuditRow.action != "trail-pruned")
        acts = db.session.scalar(rows.where(AuditRow.is_opening.is_(False)))
        openings = db.session.scalar(rows.where(AuditRow.is_opening.is_(True)))
        return acts or 0, openings or 0


def days(number: int) -> datetime:
    return now() - number * DAY


def pruned(app: Flask, acts: int, openings: int) -> tuple[int, int]:
    """Let go of acts and openings older than so many days."""
    with app.app_context():
        return prune(acts_before=days(acts), openings_before=days(openings))


def checked(app: Flask, key: bytes) -> Verdict:
    """It fits without the recovery key, whole and its end alone, and with it; the last verdict."""
    with app.app_context():
        for newest in (None, 1, 20, 250, 400, 499):
            assert verify(newest=newest).broken_at is None
        return verify(recovery_key=key)


@pytest.mark.parametrize(
    ("acts", "openings"), [(60, 30), (30, 60), (40, 40), (99, 1), (1, 99), (200, 200), (0, 0)]
)
def test_each_chain_loses_its_own_beginning_and_fits_afterwards(
    app: Flask, key: bytes, acts: int, openings: int
) -> None:
    gone = pruned(app, acts, openings)
    kept = min(acts, 100) * 2, min(openings, 100) * 3
    assert gone == (200 - kept[0], 300 - kept[1])
    assert left(app) == kept
    verdict = checked(app, key)
    assert verdict.broken_at is None and verdict.vouched_from is not None


def test_it_goes_on_night_after_night(app: Flask, key: bytes, clock: Clock) -> None:
    for night in range(12):
        clock.at(NOW + night * DAY)
        with app.app_context():
            trail.record("person-changed", "person", "x", actor_uid="me")
            trail.record("person-opened", "person", "x", actor_uid="me")
            db.session.commit()
        acts, openings = pruned(app, 8, 4)
        assert acts and openings == (288 if not night else 3 if night < 5 else 1)
        assert checked(app, key).broken_at is None


def test_pieces_are_small_and_people_write_between_them(
    app: Flask, key: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pruning, "AT_A_TIME", 7)
    ended = []
    commit = pruning.transaction.commit

    def write_meanwhile() -> None:
        commit()
        ended.append(1)
        trail.record("person-opened", "person", "between", actor_uid="me")
        commit()

    monkeypatch.setattr(pruning.transaction, "commit", write_meanwhile)
    assert pruned(app, 50, 20) == (100, 240)
    assert len(ended) > 100 / 7 + 240 / 7
    assert checked(app, key).broken_at is None


def test_one_that_was_interrupted_fits_and_is_finished_the_next_time(
    app: Flask, key: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pruning, "AT_A_TIME", 10)
    pieces = iter(range(4))
    remove = pruning._piece

    def interrupted(*asked: object) -> int:
        next(pieces)
        return remove(*asked)

    monkeypatch.setattr(pruning, "_piece", interrupted)
    with pytest.raises((StopIteration, RuntimeError)):
        pruned(app, 50, 50)
    with app.app_context():
        db.session.rollback()
    assert left(app) == (160, 300)
    assert checked(app, key).broken_at is None
    monkeypatch.undo()
    assert pruned(app, 50, 50) == (60, 150)
    assert checked(app, key).broken_at is None


def test_a_row_that_a_wrong_clock_wrote_stops_it_there(app: Flask, key: bytes) -> None:
    with app.app_context():
        db.session.execute(update(ROWS).where(ROWS.c.seq == 11).values(at=days(-300)))
        db.session.commit()
    assert pruned(app, 50, 50)[0] == 4


def test_what_is_gone_is_said_among_the_acts(app: Flask, key: bytes) -> None:
    pruned(app, 60, 30)
    with app.app_context():
        said = db.session.execute(
            select(ROWS.c.kind, ROWS.c.subject_uid, ROWS.c.actor_uid)
            .where(ROWS.c.action == "trail-pruned")
            .order_by(ROWS.c.seq)
        ).all()
    assert [tuple(row) for row in said] == [("acts", "200", ""), ("openings", "349", "")]


def test_a_beginning_that_goes_without_being_said_is_found(app: Flask, key: bytes) -> None:
    """A mark alone, as whoever has the server may write it, does not make it pruning."""
    with app.app_context():
        for name, seq, rows in (("acts", 10, 4), ("openings", 9, 6)):
            hash_ = db.session.scalar(select(ROWS.c.hash).where(ROWS.c.seq == seq))
            of_chain = ROWS.c.is_opening.is_(name == "openings")
            db.session.execute(delete(ROWS).where(of_chain, ROWS.c.seq <= seq))
            mark = {"kind": PRUNED, "chain": name, "seq": seq, "rows": rows, "hash": hash_}
            db.session.execute(heads.NEW_MARK, [mark])
        assert verify().broken_at is not None
        assert verify(recovery_key=key).broken_at is not None
        db.session.rollback()


def test_a_row_that_stands_where_all_is_gone_is_found(app: Flask, key: bytes) -> None:
    with app.app_context():
        first = dict(db.session.execute(select(ROWS).where(ROWS.c.seq == 1)).mappings().one())
        db.session.rollback()
    pruned(app, 30, 60)
    with app.app_context():
        for seq in (1, 300):
            with db.session.begin_nested() as undone:
                db.session.execute(delete(ROWS).where(ROWS.c.seq == seq))
                db.session.execute(ROWS.insert(), [first | {"seq": seq}])
                assert verify().broken_at is not None
                undone.rollback()
        db.session.rollback()


def test_a_changed_row_is_found_after_pruning_and_so_is_a_moved_mark(
    app: Flask, key: bytes
) -> None:
    pruned(app, 60, 30)
    changes = (
        update(ROWS).where(ROWS.c.seq == 420).values(result="x"),
        update(AuditMark).where(AuditMark.kind == PRUNED).values(rows=AuditMark.rows + 1),
        update(AuditMark).where(AuditMark.kind == PRUNED).values(hash=bytes(32)),
        delete(AuditMark).where(AuditMark.kind == PRUNED),
    )
    with app.app_context():
        for change in changes:
            with db.session.begin_nested() as undone:
                db.session.execute(change, execution_options={"synchronize_session": False})
                db.session.expire_all()
                assert verify(recovery_key=key).broken_at is not None
                undone.rollback()
        db.session.rollback()


def test_a_head_of_before_the_pruning_is_told_from_one_that_does_not_fit(
    app: Flask, key: bytes
) -> None:
    with app.app_context():
        before = verify()
        kept = before.rows, before.head
        db.session.rollback()
    pruned(app, 60, 30)
    with app.app_context():
        assert verify(kept).broken_at is None
        assert verify((kept[0], bytes(32))).broken_at is not None
        for number in (100, 349):  # the last of these is gone itself
            with pytest.raises(RuleBroken):
                verify((number, before.head))
        db.session.rollback()
