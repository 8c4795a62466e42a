"""Reading the trail: acts, one person's openings, what concerns a group, one's own.

However long it is, a page costs the same: the numbers of the next thousand rows
come out of an index, then fifty of them are read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask import request
from sqlalchemy import (
    JSON,
    BindParameter,
    CompoundSelect,
    Select,
    bindparam,
    cast,
    func,
    select,
    true,
)
from sqlalchemy.orm import InstrumentedAttribute

from app.audit.models import AuditRow
from app.audit.rules import TAPS
from app.extensions import db
from app.web import kept_forms
from app.web.paging import ROWS

PAGES = 20  # that can be turned to by their number from one place on; further ones begin at another
MOST = PAGES * ROWS + 1
NEWEST = 2**31 - 1
OLDER = AuditRow.seq < bindparam("before")
SEQS = select(AuditRow.seq).where(OLDER).order_by(AuditRow.seq.desc()).limit(MOST)
ACTS = SEQS.where(AuditRow.is_opening.is_(False), AuditRow.action.not_in(TAPS))
OF_PERSON = SEQS.where(AuditRow.person_uid == bindparam("person_uid"))
OF_ACTOR = SEQS.where(AuditRow.actor_uid == bindparam("actor_uid"))
THOSE = (
    select(AuditRow)
    .where(AuditRow.seq.in_(bindparam("seqs", expanding=True)))
    .order_by(AuditRow.seq.desc())
)


@cache
def _of_any(column: InstrumentedAttribute[str], uids: str, dialect: str) -> Select[tuple[int]]:
    """The newest rows of each uid in a JSON list: a seek in the index for each, however many rows there are."""
    listed: BindParameter[str] = bindparam(uids)
    if dialect == "postgresql":
        each = func.json_array_elements_text(cast(listed, JSON)).table_valued("value")
        newest = SEQS.where(column == each.c.value).correlate(each).lateral()
        return select(newest.c.seq).select_from(each.join(newest, true()))
    each = func.json_each(listed).table_valued("value")
    of_each = SEQS.where(column == each.c.value).correlate(each).subquery()
    # SQLite knows no LATERAL; a list is what one row may ask of another all the same.
    together = select(func.json_group_array(of_each.c.seq)).scalar_subquery()
    found = func.json_each(together).table_valued("value")
    return select(found.c.value.label("seq")).select_from(each.join(found, true()))


def _of_subjects(dialect: str) -> CompoundSelect[tuple[int]]:
    about = _of_any(AuditRow.subject_uid, "uids", dialect)
    within = _of_any(AuditRow.vault_uid, "vault_uids", dialect)
    both = about.union(within)
    return both.order_by(both.selected_columns[0].desc()).limit(MOST)


OF_SUBJECTS = {dialect: _of_subjects(dialect) for dialect in ("sqlite", "postgresql")}


@dataclass(frozen=True)
class Page:
    """Fifty rows of the trail, the newest first, and where the pages beside it are."""

    rows: Sequence[AuditRow]
    number: int
    last: int
    """The last page that is known; there may be more behind it."""
    begins: tuple[int, ...]
    """The rows below which one went on, each after so many pages."""
    ends: int
    """The last row that can be turned to from there."""

    @classmethod
    def found(
        cls, statement: Select[Any] | CompoundSelect[Any], asked: Mapping[str, Any] | None = None
    ) -> Page:
        """The page that the address asks for: ?page=2, and further down ?page=21&before=1234."""
        begins = _numbers(request.args.get("before", ""))
        before = {"before": begins[-1] if begins else NEWEST}
        found = db.session.scalars(statement, {**before, **(asked or {})}).all()
        seqs, goes_on = found[: PAGES * ROWS], len(found) > PAGES * ROWS
        passed, there = len(begins) * PAGES, max(1, -(-len(seqs) // ROWS))
        (number, *_more) = *_numbers(request.args.get("page", "")), 1
        number = max(passed + 1, min(number, passed + there))
        shown = seqs[(number - passed - 1) * ROWS : (number - passed) * ROWS]
        rows = db.session.scalars(THOSE, {"seqs": shown}).all()
        return cls(rows, number, passed + there + goes_on, begins, seqs[-1] if goes_on else 0)

    def address(self, number: int) -> dict[str, Any]:
        """The query of another page of the same list."""
        begins = self.begins
        if number > (len(begins) + 1) * PAGES:
            begins = (*begins, self.ends)
        elif number <= len(begins) * PAGES:
            begins = begins[:-1]
        before = ".".join(map(str, begins)) or None
        return {"page": number, "before": before, "kept": kept_forms.question()}


def acts() -> Page:
    """Acts and refusals, without mere views."""
    return Page.found(ACTS)


def of_person(person_uid: str) -> Page:
    """Everything that was done to or seen of one person."""
    return Page.found(OF_PERSON, {"person_uid": person_uid})


def of_subjects(uids: Iterable[str], vault_uids: Iterable[str]) -> Page:
    """Everything about these records or these vaults."""
    asked = {"uids": json.dumps([*uids]), "vault_uids": json.dumps([*vault_uids])}
    return Page.found(OF_SUBJECTS[db.engine.dialect.name], asked)


def of_actor(user_uid: str) -> Page:
    """What one member of staff did and saw."""
    return Page.found(OF_ACTOR, {"actor_uid": user_uid})


def _numbers(text: str) -> tuple[int, ...]:
    """The numbers in an address; none where anything else stands there."""
    words = text.split(".")[:1000]
    return tuple(map(int, words)) if all(w.isdecimal() and len(w) < 10 for w in words) else ()
