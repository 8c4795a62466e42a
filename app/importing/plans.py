"""What each row becomes: who it is among those already there, and what of it cannot be. Pure."""

from __future__ import annotations

import hashlib
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
from app.people.rules import Listed
from app.sessions.models import GroupSession
from app.workshops import rules as workshop_rules
from app.workshops.models import SignUp, Workshop

NEW, OUT, SAME = "new", "out", "same"
NO_SUCH_CODE = _("Nobody here has this code.")
SEVERAL_CODES = _("Several people have this code: add them on the page itself.")
SEVERAL = _("Several in the group have this name: write the code.")
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


@dataclass
class Known:
    """Those who are there already, by what tells one from another."""

    by_code: dict[str, Listed | None]
    """None: several have it."""
    by_name: Mapping[str, list[Listed]]
    by_phone: Mapping[str, list[Listed]]

    @classmethod
    def of(cls, people: Iterable[Listed]) -> Known:
        """Sorted once, for thousands of rows."""
        codes, names, phones = dict[str, Listed | None](), defaultdict(list), defaultdict(list)
        for one in people:
            codes[one.code] = None if one.code in codes else one
            names[one.folded].append(one)
            if one.phone:
                phones[one.phone].append(one)
        return cls(codes, names, phones)

    def perhaps(self, line: Line) -> list[Listed]:
        """Whoever has the name or the number of a line."""
        card = line.card
        either = [*self.by_name.get(card.folded, ()), *self.by_phone.get(card.phone, ())]
        return list({one.uid: one for one in either}.values())


def plan(
    into: Into,
    lines: Sequence[Line],
    people: Sequence[Listed],
    decided: Mapping[str, str],
    rest: str = "",
) -> Sequence[Line]:
    """Say of each line what becomes of it. `decided`: who somebody is, by row; `rest`: all the others."""
    members = {stay.person_uid for stay in into.stays} if into.kind == MARKS else set()
    known = Known.of(people)
    inside = Known.of(one for one in people if one.uid in members)
    earlier: dict[str, Line] = {}
    taken: dict[str, int] = {}
    for line in lines:
        if not line.faults:
            _recognise(line, known, inside, earlier)
            if line.fate == "doubt":
                _decide(line, decided.get(str(line.number)) or rest)
        if line.person_uid and line.goes_in:
            if line.person_uid in taken:
                line.fate, line.of_row = "there", taken[line.person_uid]
            taken.setdefault(line.person_uid, line.number)
        if line.card.folded:
            earlier.setdefault(line.card.folded, line)
    FITS[into.kind](into, [line for line in lines if line.goes_in])
    return lines


def digest(lines: Iterable[Line]) -> str:
    """What was shown: where it differs by the time it is confirmed, it is shown again."""
    said = [(one.number, one.fate, one.person_uid, len(one.faults)) for one in lines]
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def _recognise(line: Line, known: Known, inside: Known, earlier: Mapping[str, Line]) -> None:
    if line.code:
        one = known.by_code.get(line.code)
        if one is None:
            several = line.code in known.by_code
            line.wrong(line.at["code"], SEVERAL_CODES if several else NO_SUCH_CODE)
        else:
            _is(line, one)
        return
    named = inside.by_name.get(line.card.folded, [])
    if len(named) > 1:
        named = [one for one in named if line.card.phone and one.phone == line.card.phone]
        if len(named) != 1:
            line.wrong(line.at["name"], SEVERAL)
            return
    if named:
        _is(line, named[0])
        return
    perhaps = known.perhaps(line)
    phone = line.card.phone
    sure = [p for p in perhaps if phone and p.phone == phone and p.folded == line.card.folded]
    if len(sure) == 1:
        _is(line, sure[0])
    elif perhaps:
        line.fate = "doubt"
        line.perhaps = [(one.uid, one.card.name, one.code) for one in perhaps[:3]]
    elif before := earlier.get(line.card.folded):
        if not (phone and before.card.phone):
            line.fate, line.of_row = "doubt", before.number
        elif phone == before.card.phone:
            line.fate, line.of_row = "there", before.number


def _is(line: Line, one: Listed) -> None:
    line.fate, line.person_uid = SAME, one.uid
    line.perhaps = [(one.uid, one.card.name, one.code)]


def _decide(line: Line, said: str) -> None:
    uids = [uid for uid, _name, _code in line.perhaps]
    if said in (NEW, OUT):
        line.fate = said
    elif said in uids or (said == SAME and len(uids) == 1):
        line.fate, line.person_uid = SAME, said if said in uids else uids[0]
    elif said == SAME:
        line.fate = OUT


def _people(_into: Into, lines: Iterable[Line]) -> None:
    for line in lines:
        if line.fate == SAME:
            line.fate = "there"


def _roster(into: Into, lines: Iterable[Line]) -> None:
    group = into.group
    assert group is not None  # an import into a roster has one
    left = group_rules.places_left(group, into.stays, at=into.at)
    there = {stay.person_uid for stay in into.stays if stay.ended_as is None}
    were = {stay.person_uid for stay in into.stays} - there
    begins = min(group.first_on or into.today, into.today)
    for line in lines:
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


def _marks(into: Into, lines: Iterable[Line]) -> None:
    group = into.group
    assert group is not None  # an import of marks has one
    left = group_rules.places_left(group, into.stays, at=into.at)
    held = {meeting.on: meeting for meeting in into.meetings if meeting.counts}
    fallen = {meeting.on for meeting in into.meetings} - held.keys()
    of_person: dict[str, list[Membership]] = defaultdict(list)
    for stay in into.stays:
        of_person[stay.person_uid].append(stay)
    for line in lines:
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
            continue
        if stays and not line.marks:
            line.fate = "there"
        elif not stays and left < 1:
            line.wrong("", FULL)
        elif not stays:
            left -= 1
            line.joined_on = min(line.marks, default=into.today)


def _list(into: Into, lines: Iterable[Line]) -> None:
    workshop = into.workshop
    assert workshop is not None  # an import into a list has one
    left = workshop_rules.seats_left(workshop, into.sign_ups, at=into.at)
    waits = bool(workshop_rules.waiting_line(into.sign_ups, at=into.at))
    there = {one.person_uid for one in into.sign_ups if one.ended_as is None}
    were = {one.person_uid for one in into.sign_ups} - there
    for line in lines:
        has_seat = left > 0 and (not waits or workshop.held_at is not None)
        if line.person_uid in there:
            line.fate = "there"
        elif line.person_uid in were:
            line.wrong("", WAS_HERE)
        elif line.came and into.today < workshop.on:
            line.wrong(line.at["came"], EARLY)
        elif workshop.held_at and line.came != "attended":
            line.wrong(line.at.get("came", ""), OVER)
        elif line.came and not has_seat:
            line.wrong(line.at["came"], FULL_OF_SEATS)
        elif not has_seat:
            waits = True
        elif line.came != "no-show":
            left -= 1


FITS: Mapping[str, Callable[[Into, Iterable[Line]], None]] = {
    PEOPLE: _people,
    ROSTER: _roster,
    MARKS: _marks,
    LIST: _list,
}
