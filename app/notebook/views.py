"""Today, the groups, one group, one person, and More."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, current_app, url_for
from flask_login import current_user

from app.accounts.forms import PreferencesForm
from app.accounts.queries import by_uid as user_by_uid
from app.accounts.rules import check_words
from app.accounts.viewer import viewer
from app.assignments import queries as assignments
from app.audit import trail
from app.clock import day, now
from app.continuation import queries as continuation
from app.continuation import rules as continuation_rules
from app.errors import or_404
from app.groups import queries as groups
from app.groups import rules as group_rules
from app.groups.models import Group
from app.i18n import language
from app.notebook import access, history, queries
from app.notebook import groups as listed
from app.notebook import today as gathered
from app.people import queries as people
from app.people import rules as card_rules
from app.policy import allow
from app.sessions import queries as sessions
from app.sessions import rules
from app.sessions.grid import Grid, grid, pen, totals
from app.sessions.models import GroupSession
from app.web import lists
from app.web.answers import leave_for, page, query, region_asked
from app.web.paging import Page
from app.web.sections import Rank, headed

bp = Blueprint("notebook", __name__)


@bp.get("/")
@allow("today", while_closed=True)
def today() -> Response:
    """What comes next, who waits for one, what is to be done, what is coming: each by its own feature."""
    if current_user.is_closed:
        return leave_for(url_for("notebook.more"))
    me, at = viewer(), now()
    sections = gathered.sections(me, at=at)
    if any(section.names_people for section in sections):
        trail.saw("today-opened", "list", "")
    return page(
        "notebook/today.html",
        day=day(at),
        following=headed(s for s in sections if s.rank == Rank.NEXT),
        to_answer=headed(s for s in sections if Rank.NEXT < s.rank < Rank.COMING),
        later=headed(s for s in sections if s.rank == Rank.COMING),
        lacking=[*access.unassigned(me), *access.awaited(me)],
    )


@bp.get("/groups")
@allow("groups.view")
def index() -> Response:
    """One's groups: those that meet first, then those that are over."""
    everything = groups.groups(viewer())
    meetings = sessions.meetings_of({group.uid for group in everything})
    places = {group.site_uid: group.site.called(language()) for group in everything}
    asked_for = lists.asked(sort=listed.ORDERS, place=places, state=listed.STATES)
    found = listed.narrowed(listed.lines(everything, meetings, at=now()), asked_for)
    return page(
        "notebook/groups.html",
        groups=Page.of(lists.in_order(found, asked_for, listed.ORDERS)),
        asked_for=asked_for,
        places=sorted(places.items(), key=lambda place: place[1]),
    )


@bp.get("/groups/<uid>")
@allow("groups.view")
def group(uid: str) -> Response:
    """A group: its facts, its strip of sessions, its roster, and what can be done."""
    me, at = viewer(), now()
    found, parts = groups.with_parts_or_404(me, uid)
    meetings = sessions.meetings(found)
    sees_people, coordinates = parts != {"supervisor"}, "coordinator" in parts
    roster = groups.roster(me, found, at=at) if sees_people else []
    came = [m for m in roster if m.state in ("active", "left", "completed")]
    came.sort(key=lambda m: m.state != "active")
    today_there = day(at, found.site.zone)
    if found.let_go_at:
        whole = totals(came, sessions.totals(m.uid for m in came))
    else:
        marks = sessions.marks(found) if came else {}
        whole = grid(meetings, came, marks, today=today_there)
    trail.saw("roster-opened" if sees_people else "group-opened", "group", uid)
    if sees_people and query("names") == "yes":
        trail.saw("sheet-with-names", "group", uid)
    return page(
        "notebook/group.html",
        region="corrected",
        group=found,
        meetings=meetings,
        numbers=rules.numbers(meetings),
        planned=rules.planned_number(found, meetings),
        today=today_there,
        team=assignments.team(uid),
        sees_people=sees_people,
        coordinates=coordinates,
        facilitates="facilitator" in parts,
        enrols=coordinates and me.keys.vault("desk", found.site_uid) is not None,
        grid=whole,
        on_paper_names=sees_people and query("names") == "yes",
        corrects=sees_people and not found.let_go_at,
        pen=pen(query("mark")),
        corrected=_corrected(whole),
        waiting=[m for m in roster if m.state in ("waiting", "offered")],
        former=[
            m
            for m in roster
            if m.state in ("left", "completed") or (coordinates and m.state == "withdrawn")
        ],
        line=[s.uid for s in group_rules.waiting_line([m.stay for m in roster], at=at)],
        left=group_rules.places_left(found, [m.stay for m in roster], at=at),
        next_steps=_next_steps(found, meetings, roster),
    )


def _next_steps(
    group: Group, meetings: Sequence[GroupSession], roster: Sequence[groups.Member]
) -> tuple[int, int] | None:
    """How many members said what comes next, and of how many; None before it is time to ask."""
    members = [m.uid for m in roster if group_rules.stayed_to_the_end(m.stay, group)]
    planned = rules.planned_number(group, meetings)
    if not members or not continuation_rules.is_asked(group, meetings, planned):
        return None
    answered = continuation.steps_of(group.uid)
    return sum(uid in answered for uid in members), len(members)


def _corrected(found: Grid) -> dict[str, Any]:
    """The mark that was changed just now: whose, what stood there, and where it stands; nothing otherwise.

    It stands where it stood on the page that asked, and otherwise where it does on this one.
    """
    lines = {line.member.uid: n for n, line in enumerate(found.lines)}
    meetings = {meeting.uid: n for n, meeting in enumerate(found.meetings)}
    row, column = lines.get(query("stay")), meetings.get(query("meeting"))
    if row is None or column is None or not pen(query("was")):
        return {}
    line, at = found.lines[row], query("cell") if region_asked() else f"{row}-{column}"
    return {
        "line": line,
        "meeting": found.meetings[column],
        "mark": line.cells[column],
        "was": pen(query("was")),
        "came": found.came[column],
        "at": at,
        "row": at.partition("-")[0],
        "column": at.partition("-")[2],
    }


@bp.get("/people/<uid>")
@allow("people.view")
def person(uid: str) -> Response:
    """A person: the safe-contact sheet first, then their card, what has been and what is to be done."""
    me, at = viewer(), now()
    seen = queries.person(me, uid)
    if seen is None:
        people.not_found(me)
    stopped = card_rules.not_to_be_contacted(seen.card, withdrew=seen.withdrew)
    events = history.events(me, uid, at=at)
    trail.saw("person-opened", "person", uid, person_uid=uid)
    return page(
        "notebook/person.html",
        uid=uid,
        card=seen.card,
        contact_shown=seen.contact_shown,
        may_edit=seen.may_edit,
        consents=people.consents(uid) if seen.may_edit else {},
        events=events,
        sections=headed(history.told(history.ON_PAGE, me, uid, at=at)),
        sends_to=next((e.group_uid for e in events if e.group_uid), "")
        if "facilitator" in me.roles
        else "",
        withdrew=seen.withdrew,
        stopped=stopped,
        messenger=card_rules.messenger_link(seen.card)
        if seen.contact_shown and not stopped
        else None,
    )


@bp.get("/more")
@allow("more", while_closed=True)
def more() -> Response:
    """Language, digits and colours; who one is here; signing out. That alone where one's access is closed."""
    if current_user.is_closed:
        return page("notebook/closed.html")
    form = PreferencesForm.shown(
        language=current_user.language, digits=current_user.digits, theme=current_user.theme
    )
    me = or_404(user_by_uid(current_user.uid))
    return page(
        "notebook/more.html",
        form=form,
        demo=current_app.config["DAFTAR"].demo,
        check_words=check_words(me.public_key),
        username=me.username,
    )


@bp.get("/when")
@allow("more")
def what_to_do() -> Response:
    """What to do when a phone is lost or searched, when somebody is pressed: each step a link to where it is done."""
    return page("notebook/when.html")


@bp.get("/when/coordinating")
@allow("colleagues.recover")
def what_coordinators_do() -> Response:
    """The same for those who look after colleagues: somebody is pressed, leaves in anger, lost their keys."""
    return page("notebook/when_coordinating.html")


@bp.get("/help")
@allow("more")
def help_page() -> Response:
    """What one's roles are for, in a few sentences."""
    return page("notebook/help.html")
