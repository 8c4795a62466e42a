"""What is kept of invitations and recoveries that are over, and of forms that were refused.

Sign-ins, tries, turns and what was shown once end by the minute: see cli/sweeping.py.
"""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _
from sqlalchemy import and_, bindparam, delete, func, or_, select

from app.accounts.models import Invitation, Recovery
from app.extensions import db
from app.web.keeping import DAYS, Kept, asked, counted
from app.web.models import KeptForm

FORMS_DUE = KeptForm.kept_at <= bindparam("before")
FORMS = select(func.count()).select_from(KeptForm).where(FORMS_DUE)
FORGET_FORMS = delete(KeptForm).where(FORMS_DUE).execution_options(synchronize_session="fetch")
# It answers for three days and no longer, used or not.
OVER = Invitation.invited_at <= bindparam("before")
INVITATIONS = select(func.count()).select_from(Invitation).where(OVER)
FORGET_INVITATIONS = delete(Invitation).where(OVER).execution_options(synchronize_session="fetch")
# A link to recover with, and what came of it; one that two days are counted for stands.
RECOVERED = and_(
    Recovery.begun_at <= bindparam("before"),
    or_(Recovery.ended_at.is_not(None), Recovery.asked_at.is_(None)),
)
RECOVERIES = select(func.count()).select_from(Recovery).where(RECOVERED)
FORGET_RECOVERIES = delete(Recovery).where(RECOVERED).execution_options(synchronize_session="fetch")


def let_go_forms(before: datetime, _at: datetime) -> int:
    """What was typed into a form that was refused goes."""
    number: int = db.session.execute(FORGET_FORMS, asked(before)).rowcount  # type: ignore[attr-defined]
    return number


def let_go_invitations(before: datetime, _at: datetime) -> int:
    """Who was invited or recovered, and by whom, goes."""
    done = (
        db.session.execute(each, asked(before)) for each in (FORGET_INVITATIONS, FORGET_RECOVERIES)
    )
    return sum(each.rowcount for each in done)  # type: ignore[attr-defined]


KEPT_FORMS = Kept(
    "forms",
    *(7, DAYS, 1, 7),
    called=_("Forms that were refused"),
    since=_("the moment of sending"),
    goes=_("What was typed, which its author alone can open."),
    remains=_("Nothing."),
    count=lambda before: counted(FORMS, before),
    let_go=let_go_forms,
    tables=("kept_forms",),
)
OLD_INVITATIONS = Kept(
    "invitations",
    *(30, DAYS, 4, 180),
    called=_("Links to join or to recover"),
    since=_("the day of the invitation"),
    goes=_("The working name, and who invited."),
    remains=_("What the access log says."),
    count=lambda before: counted(INVITATIONS, before) + counted(RECOVERIES, before),
    let_go=let_go_invitations,
    tables=("invitations", "recoveries"),
)
