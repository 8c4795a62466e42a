"""Who may do what: one table. Being assigned (to a place, to a group) says *to which*."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask_login import current_user
from werkzeug.exceptions import HTTPException

ROLES = ("administrator", "coordinator", "facilitator", "counsellor", "supervisor")
STAFF = frozenset(ROLES)

# permission -> the roles that have it
MAY: dict[str, frozenset[str]] = {
    # everybody on the staff
    "today": STAFF,
    "second_factor": STAFF,
    "shown_once": STAFF,
    "more": STAFF,
    "calendar": STAFF,
    "week": frozenset({"coordinator", "facilitator", "counsellor", "supervisor"}),
    "colleagues": STAFF,
    "colleagues.recover": frozenset({"administrator", "coordinator"}),
    # staff and places
    "staff.manage": frozenset({"administrator"}),
    "places.manage": frozenset({"administrator"}),
    "terms.keep": frozenset({"administrator"}),
    "access.give": frozenset({"coordinator", "facilitator", "supervisor"}),
    # the trail
    "audit.acts": frozenset({"administrator"}),
    "audit.group": frozenset({"facilitator", "supervisor"}),
    "audit.person": frozenset({"coordinator"}),
    # people
    "search": frozenset({"coordinator", "facilitator", "counsellor", "supervisor"}),
    "people.search": frozenset({"coordinator"}),
    "people.add": frozenset({"coordinator"}),
    "people.erase": frozenset({"coordinator"}),
    "people.edit": frozenset({"coordinator"}),
    "people.view": frozenset({"coordinator", "facilitator", "counsellor", "supervisor"}),
    # groups
    "groups.view": frozenset({"coordinator", "facilitator", "supervisor"}),
    "groups.create": frozenset({"coordinator"}),
    "groups.manage": frozenset({"coordinator"}),
    "groups.assign": frozenset({"coordinator"}),
    "groups.enrol": frozenset({"coordinator"}),
    # workshops
    "workshops.view": frozenset({"coordinator", "facilitator"}),
    "workshops.create": frozenset({"coordinator", "facilitator"}),
    "workshops.keep": frozenset({"coordinator", "facilitator"}),
    "workshops.assign": frozenset({"coordinator"}),
    "workshops.find_people": frozenset({"coordinator", "facilitator"}),
    "people.merge": frozenset({"coordinator"}),
    # requests, referrals, files
    "requests.keep": frozenset({"coordinator"}),
    "requests.send": frozenset({"facilitator"}),
    "referrals.view": frozenset({"coordinator", "counsellor"}),
    "referrals.keep": frozenset({"coordinator"}),
    "referrals.answer": frozenset({"counsellor"}),
    "consents.keep": frozenset({"coordinator"}),
    "files.list": frozenset({"coordinator", "counsellor", "supervisor"}),
    "files.open": frozenset({"counsellor", "supervisor"}),
    "files.keep": frozenset({"counsellor"}),
    "files.review": frozenset({"supervisor"}),
    "files.reopen": frozenset({"coordinator"}),
    # what comes next
    "continuation.keep": frozenset({"coordinator", "facilitator"}),
    "continuation.count": frozenset({"facilitator"}),
    "people.copy": frozenset({"coordinator", "facilitator", "counsellor", "supervisor"}),
    # figures for one's own use, and the reports that may leave the house
    "figures.view": frozenset({"coordinator"}),
    "reports.read": frozenset({"administrator", "coordinator"}),
    "reports.publish": frozenset({"coordinator"}),
    # spreadsheets that are brought in
    "imports.keep": frozenset({"coordinator"}),
    # meetings
    "sessions.view": frozenset({"coordinator", "facilitator", "supervisor"}),
    "sessions.plan": frozenset({"coordinator", "facilitator"}),
    "attendance.mark": frozenset({"coordinator", "facilitator"}),
    "attendance.add_person": frozenset({"facilitator"}),
    "follow_ups.keep": frozenset({"coordinator", "facilitator"}),
    # notes of meetings and of appointments
    "notes.read": frozenset({"facilitator", "counsellor", "supervisor"}),
    "notes.write": frozenset({"facilitator", "counsellor"}),
    "notes.review": frozenset({"supervisor"}),
}
# What someone may do whose second factor is still to be set up.
WITHOUT_SECOND_FACTOR = frozenset({"second_factor", "shown_once"})

View = TypeVar("View", bound=Callable[..., Any])


def allow(
    permission: str, *, while_locked: bool = False, while_closed: bool = False
) -> Callable[[View], View]:
    """Let a view be used by those who have a permission: 401 without sign-in, 403 without a role.

    `while_locked`: also by someone whose sign-in is locked, who can open nothing
    then; for saving an open note. `while_closed`: also by someone whose access is
    closed for now, to whom everything else is 404.

    What the viewer then reaches is narrowed to the roles that grant this very
    permission (see app/accounts/viewer.py), so that the same table decides
    both *whether* and, through the queries, *which*.
    """
    roles = MAY[permission]

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            writes = while_locked and getattr(current_user, "may_write", False)
            if not current_user.is_authenticated and not writes:
                abort(401)
            if not while_closed and getattr(current_user, "is_closed", False):
                # To an open page of before it is as if the sign-in had ended: it hides what it shows.
                abort(401 if "HX-Request" in request.headers else 404)
            # A page that was left open by one colleague does nothing in the name of another.
            if request.values.get("whose", current_user.uid) != current_user.uid:
                abort(404)
            if (
                getattr(current_user, "lacks_second_factor", False)
                and not current_user.is_closed
                and permission not in WITHOUT_SECOND_FACTOR
            ):
                return redirect(url_for("accounts.second_factor"), 303)
            g.granting_roles = roles & current_user.roles
            subject = next(iter(kwargs.values()), "")
            try:
                if not g.granting_roles:
                    abort(403)
                answer = view(*args, **kwargs)
            except HTTPException as error:
                _record_refusal(permission, subject, str(error.code))
                raise
            if g.get("refused"):
                _record_refusal(permission, subject, "refused")
            return answer

        guarded.policy = permission  # type: ignore[attr-defined]
        return guarded  # type: ignore[return-value]

    return decorate


def init_app(app: Flask, recorder: Callable[[str, str, str], None]) -> None:
    """Let templates ask `may(…)`, and refusals be written down by `recorder`.

    It takes (permission, opaque id, result); the trail itself lies above us.
    """
    app.extensions["refusals"] = recorder
    for environment in app.extensions["environments"].values():
        environment.globals |= {"may": may, "whose_page": lambda: current_user.uid}


def may(permission: str) -> bool:
    """Whether a link to something that asks for this permission is worth showing."""
    return not current_user.is_closed and bool(MAY[permission] & current_user.roles)


def _record_refusal(permission: str, subject: str, result: str) -> None:
    current_app.extensions["refusals"](permission, subject, result)


def public(why: str, *, host: str = "own") -> Callable[[View], View]:
    """Let a view be used without signing in, for the reason given.

    `host`: own (the staff's), public (where the public has one of its own) or both.
    """

    def decorate(view: View) -> View:
        view.policy = f"public: {why}"  # type: ignore[attr-defined]
        view.host = host  # type: ignore[attr-defined]
        return view

    return decorate


def refuse_bare_routes(app: Flask) -> None:
    """Stop the start where a route says neither who may use it nor why everybody may."""
    bare = sorted(name for name, view in app.view_functions.items() if not hasattr(view, "policy"))
    if bare:
        raise RuntimeError(f"These routes need @allow or @public: {', '.join(bare)}")
