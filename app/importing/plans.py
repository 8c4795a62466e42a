"""What each row becomes: who it is among those already there, and what of it cannot be. Pure."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from flask_babel import lazy_gettext as _

from app.importing.fits import FITS, Into
from app.importing.headings import MARKS
from app.importing.lines import Line
from app.people.rules import Card, Listed

NEW, OUT, SAME = "new", "out", "same"
NO_SUCH_CODE = _("Nobody here has this code.")
SEVERAL_CODES = _("Several people have this code: add them on the page itself.")
SEVERAL = _("Several in the group have this name: write the code.")
ASKED_NOT_TO = _("They are here already: say on their page that they ask not to be contacted.")
MOST_OFFERED = 10  # of one name, to choose from


@dataclass
class Known:
    """Those who are there already, by what tells one from another."""

    by_code: dict[str, Listed | None]
    """None: several have it."""
    by_uid: Mapping[str, Listed]
    by_name: Mapping[str, list[Listed]]
    by_phone: Mapping[str, list[Listed]]

    @classmethod
    def of(cls, people: Iterable[Listed]) -> Known:
        """Sorted once, for thousands of rows."""
        codes, uids = dict[str, Listed | None](), dict[str, Listed]()
        names, phones = defaultdict(list), defaultdict(list)
        for one in people:
            uids[one.uid] = one
            codes[one.code] = None if one.code in codes else one
            names[one.folded].append(one)
            if one.phone:
                phones[one.phone].append(one)
        return cls(codes, uids, names, phones)

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
    earlier, fits = Earlier(), FITS[into.kind](into)
    for line in lines:
        if not line.faults:
            _recognise(line, known, inside)
            if line.fate == NEW and not earlier.same(line) and (before := earlier.perhaps(line)):
                line.fate, line.of_row = "doubt", before.number
            if line.fate == "doubt":
                _decide(line, decided.get(str(line.number)) or rest)
            if line.fate == SAME and line.card.do_not_contact:
                _heed(line, known.by_uid[line.person_uid].card)
        if line.goes_in and (before := earlier.same(line)):
            _is_told_twice(line, before, earlier.said[before.number])
        said = line.written
        if line.goes_in:
            fits(line)
        if line.goes_in or line.fate == "doubt":
            earlier.add(line, said)
    return lines


@dataclass
class Earlier:
    """Rows above that go in, or may; of several that are alike the first."""

    by_uid: dict[str, Line] = field(default_factory=dict)
    by_name: dict[str, dict[str, Line]] = field(default_factory=lambda: defaultdict(dict))
    """And by their number."""
    by_phone: dict[str, Line] = field(default_factory=dict)
    said: dict[int, tuple[object, ...]] = field(default_factory=dict)
    """What each of them said, before it was made to fit."""

    def add(self, line: Line, said: tuple[object, ...]) -> None:
        """One more."""
        name, phone = line.card.folded, line.card.phone
        self.said[line.number] = said
        if line.person_uid:
            self.by_uid.setdefault(line.person_uid, line)
        if name:
            self.by_name[name].setdefault(phone, line)
        if phone:
            self.by_phone.setdefault(phone, line)

    def same(self, line: Line) -> Line | None:
        """The one about the same person: known as them, or with the same name and number."""
        if line.person_uid:
            return self.by_uid.get(line.person_uid)
        of_name = self.by_name.get(line.card.folded, {})
        return of_name.get(line.card.phone) if line.card.phone else None

    def perhaps(self, line: Line) -> Line | None:
        """One with its name, unless their numbers differ, or with its number."""
        of_name, phone = self.by_name.get(line.card.folded, {}), line.card.phone
        if not phone:
            return next(iter(of_name.values()), None)
        return of_name.get("") or self.by_phone.get(phone)


def digest(lines: Iterable[Line]) -> str:
    """What was shown: where it differs by the time it is confirmed, it is shown again."""
    said = [
        (one.number, one.fate, one.goes_in and (one.person_uid, one.waits, one.card, one.written))
        for one in lines
    ]
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def _is_told_twice(line: Line, before: Line, said: tuple[object, ...]) -> None:
    line.of_row = before.number
    wishes = line.card.do_not_contact and not before.card.do_not_contact
    if line.written == said and not wishes:
        line.fate = "there"
    else:
        line.wrong(
            "", _("Row %(number)s is about them already: put both into one.", number=before.number)
        )


def _heed(line: Line, card: Card) -> None:
    if not card.do_not_contact:
        line.wrong(line.at["do_not_contact"], ASKED_NOT_TO)


def _recognise(line: Line, known: Known, inside: Known) -> None:
    if line.code:
        one = known.by_code.get(line.code)
        if one is None:
            several = line.code in known.by_code
            line.wrong(line.at["code"], SEVERAL_CODES if several else NO_SUCH_CODE)
        elif line.card.folded not in ("", one.folded):
            _may_be(line, [one, *known.perhaps(line)])
        else:
            _is(line, one)
        return
    phone, named = line.card.phone, inside.by_name.get(line.card.folded, [])
    if len(named) > 1:
        named = [one for one in named if phone and one.phone == phone]
        if len(named) != 1:
            line.wrong(line.at["name"], SEVERAL)
            return
    perhaps = known.perhaps(line)
    sure = [p for p in perhaps if phone and p.phone == phone and p.folded == line.card.folded]
    if named and (not phone or named[0].phone in ("", phone)):
        _is(line, named[0])
    elif len(sure) == 1 and not named:
        _is(line, sure[0])
    elif perhaps:
        _may_be(line, [*named, *perhaps])


def _may_be(line: Line, perhaps: Iterable[Listed]) -> None:
    either = {one.uid: one for one in perhaps}.values()
    line.fate = "doubt"
    line.perhaps = [(one.uid, one.card.name, one.code) for one in either][:MOST_OFFERED]


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
