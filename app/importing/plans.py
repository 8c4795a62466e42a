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
from app.people.rules import Listed

NEW, OUT, SAME = "new", "out", "same"
NO_SUCH_CODE = _("Nobody here has this code.")
SEVERAL_CODES = _("Several people have this code: add them on the page itself.")
SEVERAL = _("Several in the group have this name: write the code.")
ASKED_NOT_TO = _("They are here already: say on their page that they ask not to be contacted.")
LOOKED_AT = 10  # so many of one name are offered to choose from


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
    earlier, fits = Earlier(), FITS[into.kind](into)
    for line in lines:
        if not line.faults:
            _recognise(line, known, inside, earlier)
            if line.fate == "doubt":
                _decide(line, decided.get(str(line.number)) or rest)
        before = earlier.by_uid.get(line.person_uid) if line.goes_in else None
        if before:
            _is_told_twice(line, before)
        written = line.written
        if line.goes_in:
            fits(line)
        if line.goes_in or line.fate == "doubt":
            earlier.add(line, written)
    return lines


@dataclass
class Earlier:
    """Rows above that go in, or may."""

    by_uid: dict[str, tuple[Line, tuple[object, ...]]] = field(default_factory=dict)
    """With what each of them said before it was made to fit."""
    by_name: dict[str, list[Line]] = field(default_factory=lambda: defaultdict(list))
    by_phone: dict[str, list[Line]] = field(default_factory=lambda: defaultdict(list))

    def add(self, line: Line, written: tuple[object, ...]) -> None:
        """One more."""
        if line.person_uid:
            self.by_uid[line.person_uid] = line, written
        if line.card.folded:
            self.by_name[line.card.folded].append(line)
        if line.card.phone:
            self.by_phone[line.card.phone].append(line)

    def perhaps(self, line: Line) -> list[Line]:
        """Those with its name, unless their numbers differ, and those with its number."""
        phone = line.card.phone
        named = self.by_name.get(line.card.folded, ())
        alike = [one for one in named if not (phone and one.card.phone and one.card.phone != phone)]
        return [*alike, *self.by_phone.get(phone, ())]


def digest(lines: Iterable[Line]) -> str:
    """What was shown: where it differs by the time it is confirmed, it is shown again."""
    said = [
        (
            *(one.number, one.fate, one.person_uid, one.waits, one.card, one.written),
            *sorted(one.agreed.items()),
            *((fault.column, str(fault.what)) for fault in one.faults),
        )
        for one in lines
    ]
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]


def _is_told_twice(line: Line, before: tuple[Line, tuple[object, ...]]) -> None:
    earlier, written = before
    line.of_row = earlier.number
    if line.written == written:
        line.fate = "there"
    else:
        line.wrong(
            "", _("Row %(number)s is about them already: put both into one.", number=earlier.number)
        )


def _recognise(line: Line, known: Known, inside: Known, earlier: Earlier) -> None:
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
    named = inside.by_name.get(line.card.folded, [])
    if len(named) > 1:
        named = [one for one in named if line.card.phone and one.phone == line.card.phone]
        if len(named) != 1:
            line.wrong(line.at["name"], SEVERAL)
            return
    phone = line.card.phone
    if named and phone and named[0].phone not in ("", phone):
        _may_be(line, [named[0], *known.perhaps(line)])
        return
    if named:
        _is(line, named[0])
        return
    perhaps = known.perhaps(line)
    sure = [p for p in perhaps if phone and p.phone == phone and p.folded == line.card.folded]
    if len(sure) == 1:
        _is(line, sure[0])
    elif perhaps:
        _may_be(line, perhaps)
    elif before := earlier.perhaps(line):
        same = [b for b in before if phone and _names(b) == _names(line)]
        line.fate, line.of_row = "there" if same else "doubt", (same or before)[0].number


def _names(line: Line) -> tuple[str, str]:
    return line.card.folded, line.card.phone


def _may_be(line: Line, perhaps: Iterable[Listed]) -> None:
    either = {one.uid: one for one in perhaps}.values()
    line.fate = "doubt"
    line.perhaps = [(one.uid, one.card.name, one.code) for one in either][:LOOKED_AT]


def _is(line: Line, one: Listed) -> None:
    line.fate, line.person_uid = SAME, one.uid
    card = one.card
    line.perhaps = [(one.uid, card.name, one.code)]
    if line.card.do_not_contact and not card.do_not_contact:
        line.wrong(line.at["do_not_contact"], ASKED_NOT_TO)


def _decide(line: Line, said: str) -> None:
    uids = [uid for uid, _name, _code in line.perhaps]
    if said in (NEW, OUT):
        line.fate = said
    elif said in uids or (said == SAME and len(uids) == 1):
        line.fate, line.person_uid = SAME, said if said in uids else uids[0]
    elif said == SAME:
        line.fate = OUT
