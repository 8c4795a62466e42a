"""Letting go of what is old in the trail: the beginning of each chain, and what stood there last."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, delete, func, insert, select, update

from app.audit import trail
from app.audit.head import LOCKED_HEAD, PRUNED, ROWS
from app.audit.models import AuditMark
from app.audit.rules import ACTS, CHAINS, OPENED
from app.audit.verifying import LET_GO
from app.extensions import db
from app.web import transaction

AT_A_TIME = 2000
OF_CHAIN = ROWS.c.is_opening == bindparam("is_opening")
NEXT = (
    select(ROWS.c.seq, ROWS.c.at, ROWS.c.hash)
    .where(OF_CHAIN, ROWS.c.seq > bindparam("seq"))
    .order_by(ROWS.c.seq)
    .limit(bindparam("most"))
)
REMOVED = delete(ROWS).where(OF_CHAIN, ROWS.c.seq <= bindparam("until"))
MARK = select(AuditMark.seq, AuditMark.rows).where(
    AuditMark.kind == PRUNED, AuditMark.chain == bindparam("of")
)
FIRST_MARK = insert(AuditMark)
NEXT_MARK = (
    update(AuditMark)
    .where(AuditMark.kind == PRUNED, AuditMark.chain == bindparam("of"))
    .values(seq=bindparam("new_seq"), rows=bindparam("new_rows"), hash=bindparam("new_hash"))
    .execution_options(synchronize_session=False)
)
LAST = select(func.max(ROWS.c.seq))


def prune(*, acts_before: datetime, openings_before: datetime) -> tuple[int, int]:
    """Remove the acts and the openings from before then; how many of each.

    Only the beginning of each chain goes. In pieces, each a transaction of its
    own, so that people go on writing: whatever the running one did is kept. How
    far it goes is written down as an act first, without which a check of the
    trail does not take it for ours.
    """
    before = {ACTS: acts_before, OPENED: openings_before}
    until = {name: _last_before(name, before[name]) for name in CHAINS}
    marked = {name: seq for name in CHAINS if (seq := max(until[name], _mark(name)[0]))}
    if any(until.values()):
        for name, seq in marked.items():
            trail.record(LET_GO, name, str(seq), actor_uid="")
    transaction.commit()
    return _remove(ACTS, until[ACTS], acts_before), _remove(OPENED, until[OPENED], openings_before)


def _remove(name: str, until: int, before: datetime) -> int:
    removed = 0
    while piece := _piece(name, until, before):
        removed += piece
    return removed


def _piece(name: str, until: int, before: datetime) -> int:
    """Remove some rows, up to the first that is to stay; how many."""
    db.session.execute(LOCKED_HEAD)  # one after the other, whoever else does
    seq, rows = _mark(name)
    asked = {"is_opening": name == OPENED, "seq": seq, "most": AT_A_TIME}
    going = []
    for row in db.session.execute(NEXT, asked).all():
        if row.seq > until or row.at >= before:
            break
        going.append(row)
    if going:
        last = going[-1]
        asked = {"is_opening": name == OPENED, "until": last.seq}
        db.session.execute(REMOVED, asked)
        stands = {"seq": last.seq, "rows": rows + len(going), "hash": last.hash}
        if seq:
            changed = {f"new_{key}": value for key, value in stands.items()}
            db.session.execute(NEXT_MARK, {"of": name, **changed})
        else:
            db.session.execute(FIRST_MARK, {"kind": PRUNED, "chain": name, **stands})
    transaction.commit()
    return len(going)


def _mark(name: str) -> tuple[int, int]:
    """The last row of a chain that is gone, and how many are."""
    found = db.session.execute(MARK, {"of": name}).one_or_none()
    return (found.seq, found.rows) if found else (0, 0)


def _last_before(name: str, before: datetime) -> int:
    """The last row of a chain that is older, or 0; rows follow one another in time, but for a clock's whims."""
    (first, _rows), last = _mark(name), db.session.scalar(LAST) or 0
    found, last = 0, last + 1
    while first + 1 < last:
        middle = (first + last) // 2
        asked = {"is_opening": name == OPENED, "seq": middle - 1, "most": 1}
        row = db.session.execute(NEXT, asked).one_or_none()
        if row is not None and row.seq < last and row.at < before:
            first = found = row.seq
        else:
            last = middle
    return found
