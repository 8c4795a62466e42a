"""Whether a row has a place where it goes: a roster, the marks of a group, the list of a workshop. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from flask_babel import lazy_gettext as _

from app.groups import rules as group_rules
from app.groups.models import Group, Membership
from app.importing.headings import LIST, MARKS, PEOPLE, ROSTER
from app.importing.lines import Line
from app.people.models import Site
from app.sessions.models import GroupSession
from app.workshops import rules as workshop_rules
from app.workshops.models import SignUp, Workshop

WAS_HERE = _("They were here before: let them return on the page itself.")
FULL = _("Every place is taken.")
FULL_OF_SEATS = _("Every seat is taken, so nobody more can have come.")
OVER = _("This workshop was held: only those who came can be added.")
EARLY = _("The day of the workshop has not come yet.")
LAST_BEFORE_FIRST = _("The last day lies before the first one.")
NOT_HELD = _("There was no session on this day.")
NO_HOUR = _("There is no session on this day, and the group has no usual hour.")
NOT_THERE = _("They were not in the group on that day.")
OTHER_MARK = _("Another mark stands here already.")
NO_MARKS = _("No mark of theirs stands here: bring them in with the roster.")
ON_THE_LIST = _("They are on the list already: say there whether they came.")

Fits = Callable[[Line], None]
"""Says of one row after another whether it has a place there."""


@dataclass
class Into:
    """Where an import goes, as it is now."""

    kind: str
    site: Site
    desk: str
    """The vault of the place's desk."""
    today: date
    at: datetime
    group: Group | None = None
    workshop: Workshop | None = None
    stays: Sequence[Membership] = ()
    meetings: Sequence[GroupSession] = ()
    marks: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    sign_ups: Sequence[SignUp] = ()
    numbered: Mapping[int, date] = field(default_factory=dict)


def new_days(into: Into, lines: Iterable[Line]) -> list[date]:
    """The days of which a session is added, because it is marked and the group has none."""
    there = {meeting.on for meeting in into.meetings if meeting.counts}
    return sorted({on for line in lines if line.goes_in for on in line.marks} - there)


def _people(_into: Into) -> Fits:
    def fits(line: Line) -> None:
        if line.fate == "same":
            line.fate = "there"

    return fits


def _roster(into: Into) -> Fits:
    group = into.group
    assert group is not None  # an import into a roster has one
    left = group_rules.places_left(group, into.stays, at=into.at)
    there = {stay.person_uid for stay in into.stays if stay.ended_as is None}
    were = {stay.person_uid for stay in into.stays} - there
    begins = min(group.first_on or into.today, into.today)

    def fits(line: Line) -> None:
        nonlocal left
        line.joined_on = line.joined_on or min(begins, line.left_on or begins)
        if line.person_uid in there:
            line.fate = "there"
        elif line.person_uid in were:
            line.wrong("", WAS_HERE)
        elif line.left_on and line.left_on < line.joined_on:
            line.wrong(line.at["left_on"], LAST_BEFORE_FIRST)
        elif line.left_on is None and left < 1:
            line.wrong("", FULL)
        elif line.left_on is None:
            left -= 1

    return fits


def _marks(into: Into) -> Fits:
    group = into.group
    assert group is not None  # an import of marks has one
    left = group_rules.places_left(group, into.stays, at=into.at)
    held = {meeting.on: meeting for meeting in into.meetings if meeting.counts}
    fallen = {meeting.on for meeting in into.meetings} - held.keys()
    of_person: dict[str, list[Membership]] = defaultdict(list)
    for stay in into.stays:
        of_person[stay.person_uid].append(stay)

    def fits(line: Line) -> None:
        nonlocal left
        stays = of_person.get(line.person_uid, [])
        for on, mark in [*line.marks.items()]:
            column, meeting = line.columns[on], held.get(on)
            of_day = next((one for one in stays if one.covers(on)), None)
            stands = into.marks.get(of_day.uid, {}).get(meeting.uid) if of_day and meeting else None
            if on in fallen:
                line.wrong(column, NOT_HELD)
            elif meeting is None and group.at is None:
                line.wrong(column, NO_HOUR)
            elif stays and of_day is None:
                line.wrong(column, NOT_THERE)
            elif stands and stands != mark:
                line.wrong(column, OTHER_MARK)
            elif stands:
                del line.marks[on]
        if line.faults:
            return
        if stays and not line.marks:
            line.fate = "there"
        elif not stays and not line.marks:
            line.wrong("", NO_MARKS)
        elif not stays and left < 1:
            line.wrong("", FULL)
        elif not stays:
            left -= 1
            line.joined_on = min(line.marks)

    return fits


def _list(into: Into) -> Fits:
    workshop = into.workshop
    assert workshop is not None  # an import into a list has one
    left = workshop_rules.seats_left(workshop, into.sign_ups, at=into.at)
    waits = bool(workshop_rules.waiting_line(into.sign_ups, at=into.at))
    there = {one.person_uid: one for one in into.sign_ups if one.ended_as is None}
    were = {one.person_uid for one in into.sign_ups} - there.keys()

    def fits(line: Line) -> None:
        nonlocal left, waits
        has_seat = left > 0 and (not waits or workshop.held_at is not None)
        if one := there.get(line.person_uid):
            line.fate = "there"
            if line.came and one.came_as != line.came:
                line.wrong(line.at["came"], ON_THE_LIST)
        elif line.person_uid in were:
            line.wrong("", WAS_HERE)
        elif line.came and into.today < workshop.on:
            line.wrong(line.at["came"], EARLY)
        elif workshop.held_at and line.came != "attended":
            line.wrong(line.at.get("came", ""), OVER)
        elif line.came and not has_seat:
            line.wrong(line.at["came"], FULL_OF_SEATS)
        elif not has_seat:
            waits = line.waits = True
        elif line.came != "no-show":
            left -= 1

    return fits


FITS: Mapping[str, Callable[[Into], Fits]] = {
    PEOPLE: _people,
    ROSTER: _roster,
    MARKS: _marks,
    LIST: _list,
}
