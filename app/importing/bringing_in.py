"""A file on its way in: choosing it, saying what its columns are and who is whom, confirming it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime

from flask_babel import lazy_gettext as _

from app.accounts.viewer import Viewer
from app.audit import trail
from app.errors import RuleBroken
from app.extensions import db, new_uid
from app.groups import roster
from app.groups.models import Membership
from app.importing import plans, queries, reading, taking_back
from app.importing.fits import Into
from app.importing.headings import LIST, MARKS, PEOPLE, ROSTER
from app.importing.lines import Line
from app.importing.models import Import
from app.importing.plans import NEW, SAME
from app.importing.queries import Chosen
from app.people import cards
from app.people import queries as people
from app.people.models import SIGN_UP
from app.sessions import attendance, meeting_rules
from app.workshops import signing_up

# One reads each row against all the others of its list.
MOST_OF_ONE_LIST = 1_000
MANY = _(
    "At most 1,000 rows at a time here. Divide the file, then bring in one part after another."
)
SEEN_OTHERWISE = _("Something changed meanwhile. Look at the rows again, then confirm.")
NOTHING_GOES_IN = _("No row of this would be brought in.")
Changed = Sequence[tuple[str, str, str]]


def begin(viewer: Viewer, kind: str, of_uid: str, data: bytes, *, at: datetime) -> Import:
    """Read a file and keep its rows, sealed to whoever chose it. Raises RuleBroken."""
    into = queries.into_or_404(viewer, kind, of_uid, at=at)
    text = reading.read(data)
    sheets = reading.sheets(text)
    columns = [queries.matched(sheet, into, Chosen()) for sheet in sheets]
    longest = max(len(s.rows) - m.last - 1 for s, m in zip(sheets, columns, strict=True))
    if kind != PEOPLE and longest > MOST_OF_ONE_LIST:
        raise RuleBroken(MANY, "file")
    one = Import(uid=new_uid(), user_uid=viewer.uid, kind=kind, of_uid=of_uid, begun_at=at)
    one.file = queries.seal(viewer, one.uid, "file", text)
    known = [one.known for one in columns]
    choose(viewer, one, Chosen(sheet=known.index(max(known))))
    db.session.add(one)
    trail.record("import-begun", "import", one.uid)
    return one


def choose(viewer: Viewer, one: Import, said: Chosen) -> None:
    """Keep what was said by hand of a file, sealed as the file is. Raises RuleBroken once it is in."""
    if one.done_at is not None:
        raise RuleBroken(_("This was brought in already."))
    one.chosen = queries.seal(viewer, one.uid, "chosen", asdict(said))


def give_up(viewer: Viewer, uid: str) -> None:
    """Forget a file that was not confirmed."""
    one = queries.get_or_404(viewer, uid)
    if one.done_at is not None:
        raise RuleBroken(_("This was brought in already."))
    trail.record("import-given-up", "import", uid)
    db.session.delete(one)


def confirm(viewer: Viewer, uid: str, *, seen: str, at: datetime) -> Import:
    """Bring in every row that can be; `seen` is the digest of what was shown. Raises RuleBroken."""
    one = queries.get_or_404(viewer, uid)
    if one.done_at is not None:
        raise RuleBroken(_("This was brought in already."))
    into = queries.into_or_404(viewer, one.kind, one.of_uid, at=at, lock=True)
    rows = queries.planned(viewer, one, into, queries.chosen(viewer, one))
    if plans.digest(rows) != seen:
        raise RuleBroken(SEEN_OTHERWISE)
    going = [row for row in rows if row.goes_in]
    if not going:
        raise RuleBroken(NOTHING_GOES_IN)
    with taking_back.watched() as made:
        changed = INTO[one.kind](viewer, into, going)
    taking_back.write_down(one, made, changed)
    one.done_at, one.file, one.chosen = at, None, None
    one.rows_in, one.rows_out = len(going), len(rows) - len(going)
    trail.record("imported", "import", uid)
    return one


def _with_keys(
    viewer: Viewer, into: Into, going: Sequence[Line], *, came_by: str | None = None
) -> list[tuple[str, bytes]]:
    """Of each row who it is, and their key; who is new is added first."""
    new = [(row.card, row.agreed) for row in going if row.fate == NEW]
    added = iter(cards.add_all(viewer, new, site=into.site, came_by=came_by, at=into.at))
    here = {row.person_uid for row in going if row.fate == SAME}
    keys = people.keys_of(viewer, into.desk, here) if here else {}
    return [
        next(added) if row.fate == NEW else (row.person_uid, keys[row.person_uid]) for row in going
    ]


def _people(viewer: Viewer, into: Into, going: Sequence[Line]) -> Changed:
    _with_keys(viewer, into, going)
    return ()


def _roster(viewer: Viewer, into: Into, going: Sequence[Line]) -> Changed:
    assert into.group is not None  # an import into a roster has one
    rows = [
        (uid, key, row.joined_on or into.today, row.left_on)
        for row, (uid, key) in zip(going, _with_keys(viewer, into, going), strict=True)
    ]
    roster.enrol_all(viewer, into.group, rows, today=into.today, at=into.at)
    return ()


def _marks(viewer: Viewer, into: Into, going: Sequence[Line]) -> Changed:
    group = into.group
    assert group is not None  # an import of marks has one
    stays = list(into.stays)
    members = {stay.person_uid for stay in stays}
    who = _with_keys(viewer, into, going)
    joining = [
        (uid, key, row.joined_on or into.today, None)
        for row, (uid, key) in zip(going, who, strict=True)
        if uid not in members
    ]
    stays += roster.enrol_all(viewer, group, joining, today=into.today, at=into.at)[0]
    held = {meeting.on: meeting for meeting in into.meetings if meeting.counts}
    changed = [("groups", group.uid, group.state)] if group.state != "active" else []
    of_person: dict[str, list[Membership]] = {}
    for stay in stays:
        of_person.setdefault(stay.person_uid, []).append(stay)
    of_day: dict[date, list[tuple[Membership, str]]] = {}
    for row, (uid, _key) in zip(going, who, strict=True):
        for on, mark in row.marks.items():
            if on not in held and group.at is not None:
                held[on] = meeting_rules.new_meeting(
                    group, held.values(), on=on, at=group.at, zone=into.site.zone
                )
                db.session.add(held[on])
                trail.record("dates-planned", "group", group.uid)
            stay = next(one for one in of_person[uid] if one.covers(on))
            of_day.setdefault(on, []).append((stay, mark))
    there = {meeting.uid for meeting in into.meetings}
    db.session.flush()
    for on, marks in sorted(of_day.items()):
        meeting = held[on]
        if meeting.held_at is None and meeting.uid in there:
            changed.append(("group_sessions", meeting.uid, meeting.state))
        attendance.put_down(viewer, group, meeting, marks, today=into.today, at=into.at)
    return changed


def _list(viewer: Viewer, into: Into, going: Sequence[Line]) -> Changed:
    assert into.workshop is not None  # an import into a list has one
    waiting = signing_up.WaitingList(into.workshop, [*into.sign_ups])
    changed = [("workshops", into.workshop.uid, str(into.workshop.last_in_line))]
    who = _with_keys(viewer, into, going, came_by=SIGN_UP)
    rows = [(*one, row.came) for row, one in zip(going, who, strict=True)]
    signing_up.sign_up_all(viewer, waiting, rows, today=into.today, at=into.at)
    return changed


INTO: Mapping[str, Callable[[Viewer, Into, Sequence[Line]], Changed]] = {
    PEOPLE: _people,
    ROSTER: _roster,
    MARKS: _marks,
    LIST: _list,
}
