"""What several tables say alike of their rows."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import CheckConstraint, Index, text


def only_one(name: str, *columns: str, while_: str) -> Index:
    """Among the rows of which `while_` is true there is one at most with the same in these columns."""
    condition = text(while_)
    return Index(name, *columns, unique=True, sqlite_where=condition, postgresql_where=condition)


def one_of(column: str, words: Sequence[str], *, or_none: bool = False) -> CheckConstraint:
    """A column holds one of these words; `or_none`: or nothing."""
    known = f"{column} IN {tuple(words)}"
    either = f"{column} IS NULL OR {known}" if or_none else known
    return CheckConstraint(either, name=f"{column}_known")
