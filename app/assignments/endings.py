"""What ends with a part in one kind of thing; the features say it, each in its own `endings`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, bindparam, select

from app.assignments.models import Assignment


@dataclass(frozen=True)
class Ending:
    """How a part in one kind of thing ends, with all that hangs on it there."""

    of_kind: str
    end: Callable[[Assignment, datetime], None]
    locked_first: tuple[Select[Any], ...] = ()
    """What whoever ends a single part there locks, in that order, before a colleague's row."""


def rows_of(model: Any, of_uid: Any) -> Select[Any]:
    """The rows of what parts are in, locked; `of_uid` is the column that names it."""
    of_uids: Any = bindparam("of_uids", expanding=True)
    return select(model.uid).where(of_uid.in_(of_uids)).order_by(model.uid).with_for_update()
