"""Who facilitates a workshop."""

from __future__ import annotations

from flask import Response
from flask_babel import lazy_gettext as _

from app.accounts import confirmation
from app.accounts.queries import staff, staff_or_404
from app.accounts.rules import check_words
from app.accounts.viewer import viewer
from app.assignments.queries import of_team_or_404
from app.assignments.queries import team as team_of
from app.clock import now
from app.errors import RuleBroken
from app.i18n import language
from app.policy import allow
from app.web.answers import back_to, changed, page, refused
from app.workshops import planning, queries
from app.workshops.forms import FacilitatorForm
from app.workshops.views import bp

OPENS_AT_ONCE = _(
    "A facilitator reads the list of this workshop at once, and how to reach those on it."
)


@bp.get("/workshops/<uid>/team")
@allow("workshops.assign")
def team(uid: str) -> Response:
    """Who facilitates the workshop, and a form to assign somebody."""
    workshop = queries.get_or_404(viewer(), uid)
    return page(
        "assignments/team.html",
        form=FacilitatorForm.shown().offering(user=_colleagues()),
        of="workshops",
        uid=uid,
        name=workshop.title(language()),
        back_to="workshops.show",
        what_opens=OPENS_AT_ONCE,
        team=team_of(uid),
        opens=queries.opens_roster(viewer(), workshop),
    )


@bp.post("/workshops/<uid>/team")
@allow("workshops.assign")
@back_to("workshops.team")
def assign(uid: str) -> Response:
    """On to the check words of whoever is assigned."""
    workshop = queries.get_or_404(viewer(), uid)
    form = FacilitatorForm.checked(user=_colleagues())
    planning.refuse_assigning(viewer(), workshop, form.user.data)
    return changed("workshops.entrusting", uid=uid, user_uid=form.user.data)


@bp.get("/workshops/<uid>/team/<user_uid>")
@allow("workshops.assign")
def entrusting(uid: str, user_uid: str) -> Response:
    """Four check words to compare with the colleague, and one's own passphrase."""
    workshop, user = queries.get_or_404(viewer(), uid), staff_or_404("facilitator", user_uid)
    return page(
        "assignments/entrusting.html",
        form=confirmation.shown(),
        of="workshops",
        uid=uid,
        name=workshop.title(language()),
        what_opens=OPENS_AT_ONCE,
        user=user,
        check_words=check_words(user.public_key),
    )


@bp.post("/workshops/<uid>/team/<user_uid>")
@allow("workshops.assign")
@back_to("workshops.entrusting")
def entrust(uid: str, user_uid: str) -> Response:
    """The team with one more in it, who can read the list at once."""
    queries.get_or_404(viewer(), uid)
    staff_or_404("facilitator", user_uid)
    giver = confirmation.giver()
    workshop, user = (
        queries.get_or_404(giver, uid, lock=True),
        staff_or_404("facilitator", user_uid),
    )
    confirmation.compared(check_words(user.public_key))
    try:
        planning.assign(giver, workshop, user, at=now())
    except RuleBroken as broken:
        return refused("workshops.team", message=broken, uid=uid)
    return changed("workshops.team", uid=uid, said="assigned")


@bp.post("/workshops/<uid>/team/<assignment_uid>/end")
@allow("workshops.assign")
def unassign(uid: str, assignment_uid: str) -> Response:
    """The team without them: the list closes for them with their next request."""
    workshop = queries.get_or_404(viewer(), uid, lock=True)
    planning.unassign(workshop, of_team_or_404(uid, assignment_uid), at=now())
    return changed("workshops.team", uid=uid, said="unassigned")


def _colleagues() -> list[tuple[str, str]]:
    return [(user.uid, user.working_name) for user in staff("facilitator")]
