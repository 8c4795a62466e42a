"""What Today says of backups: when the last one was made and when one was last proved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from flask import current_app
from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.clock import ZONE
from app.upkeep import chores, rules
from app.upkeep.models import BACKUP, DRILL, LET_GO, SECOND_PLACE
from app.web.sections import Rank, Section


def sections(viewer: Viewer, at: datetime) -> Iterator[Section]:
    """For administrators."""
    if "administrator" in viewer.roles:
        done = chores.all_chores()
        asked = [BACKUP, DRILL, LET_GO]
        if current_app.config["DAFTAR"].backup_command:
            asked.insert(1, SECOND_PLACE)
        last = [(name, done[name].good_at if name in done else None) for name in asked]
        overdue = [(name, good) for name, good in last if rules.is_overdue(good, at=at)]
        more = {"zone": ZONE}
        if overdue:
            yield Section("upkeep/_today.html", "overdue", overdue, Rank.WAITS, more=more)
        else:
            yield Section(
                "upkeep/_today.html", "kept", last, Rank.COMING, _("Each night"), more=more
            )
