"""Who facilitates and supervises a group."""

from __future__ import annotations

from flask import Response
from flask_babel import gettext as _

from app.accounts import confirmation
from app.accounts.queries import by_uid, staff, staff_or_404
from app.accounts.rules import check_words
from app.accounts.viewer import viewer
from app.assignments import assigning
from app.assignments.queries import of_team_or_404
from app.assignments.queries import team as team_of
from app.clock import now
from app.errors import RuleBroken, or_404
from app.groups import queries, roster
from app.groups.forms import AssignForm
from app.groups.views import bp
from app.policy import allow
from app.web.answers import back_to, changed, page, refused


@bp.get("/groups/<uid>/team")
@allow("groups.assign")
def team(uid: str) -> Response:
    """Who facilitates and supervises the group, and a form to assign someone."""
    group = queries.get_or_404(viewer(), uid)
    return page(
        "assignments/team.html",
        form=AssignForm.shown().offering(user=_colleagues()),
        of="groups",
        uid=uid,
        name=group.name,
        back_to="notebook.group",
        what_opens=_(
            "A facilitator knows the members at once. The notes open to the first facilitator; later ones get"
            " them from a colleague who holds them."
        ),
        team=team_of(uid),
        opens=queries.opens_roster(viewer(), group),
    )


@bp.post("/groups/<uid>/team")
@allow("groups.assign")
@back_to("groups.team")
def assign(uid: str) -> Response:
    """The team with a supervisor more; for a facilitator, whom the roster opens for, the check words."""
    group = queries.get_or_404(viewer(), uid, lock=True)
    form = AssignForm.checked(user=_colleagues())
    user = or_404(by_uid(form.user.data))
    if form.part.data == "facilitator":
        assigning.refuse(uid, user.uid, "facilitator")
        queries.refuse_without_roster(viewer(), group)
        return changed("groups.entrusting", uid=uid, user_uid=user.uid)
    roster.assign(viewer(), group, user, part=form.part.data, at=now())
    return changed("groups.team", uid=uid, said="assigned")


@bp.get("/groups/<uid>/team/<user_uid>")
@allow("groups.assign")
def entrusting(uid: str, user_uid: str) -> Response:
    """Four check words to compare with the colleague, and one's own passphrase."""
    group = queries.get_or_404(viewer(), uid)
    user = staff_or_404("facilitator", user_uid)
    return page(
        "assignments/entrusting.html",
        form=confirmation.shown(),
        of="groups",
        uid=uid,
        name=group.name,
        what_opens=_(
            "The names of all members and how to reach them open for this colleague at once."
        ),
        user=user,
        check_words=check_words(user.public_key),
    )


@bp.post("/groups/<uid>/team/<user_uid>")
@allow("groups.assign")
@back_to("groups.entrusting")
def entrust(uid: str, user_uid: str) -> Response:
    """The team with a facilitator more, for whom the roster opens at once."""
    queries.get_or_404(viewer(), uid)
    staff_or_404("facilitator", user_uid)
    giver = confirmation.giver()
    group, user = queries.get_or_404(giver, uid, lock=True), staff_or_404("facilitator", user_uid)
    confirmation.compared(check_words(user.public_key))
    try:
        roster.assign(giver, group, user, part="facilitator", at=now())
    except RuleBroken as broken:
        return refused("groups.team", message=broken, uid=uid)
    return changed("groups.team", uid=uid, said="assigned")


@bp.post("/groups/<uid>/team/<assignment_uid>/end")
@allow("groups.assign")
def unassign(uid: str, assignment_uid: str) -> Response:
    """The team without them: what they could open closes with their next request."""
    group = queries.get_or_404(viewer(), uid, lock=True)
    was_reviewed = group.reviewed
    roster.unassign(group, of_team_or_404(uid, assignment_uid), at=now())
    said = "no-review" if was_reviewed and not group.reviewed else "unassigned"
    return changed("groups.team", uid=uid, said=said)


def _colleagues() -> list[tuple[str, str]]:
    both = (user for role in ("facilitator", "supervisor") for user in staff(role))
    return list({user.uid: user.working_name for user in both}.items())
