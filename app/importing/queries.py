"""Reading imports, and where they go; every read starts from the viewer."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select

from app.accounts.viewer import Viewer
from app.clock import today
from app.errors import Locked, or_404
from app.extensions import db, read
from app.groups import queries as groups
from app.importing import headings, lines, plans, reading
from app.importing.fits import Into
from app.importing.headings import LIST, MARKS, PEOPLE, Matched
from app.importing.models import Import
from app.importing.reading import Sheet
from app.people import queries as people
from app.people.models import Site
from app.sessions import queries as sessions
from app.sessions import rules as session_rules
from app.vault import vaults
from app.vault.envelope import place
from app.workshops import queries as workshops
from app.workshops import signing_up

LATELY_SHOWN = 30
# Holds up nobody but another import: whoever adds somebody at the place does not take this lock.
ALONE_AT = select(Site.uid).where(Site.uid == bindparam("uid")).with_for_update(key_share=True)
MINE = Import.user_uid == bindparam("mine")
ONE_LOCKED = select(Import).where(Import.uid == bindparam("uid"), MINE).with_for_update()
ONE = select(Import).where(Import.uid == bindparam("uid"), MINE)
# What is sealed is not read for a list.
LATELY = (
    select(
        Import.uid,
        Import.kind,
        Import.of_uid,
        Import.begun_at,
        Import.done_at,
        Import.rows_in,
        Import.rows_out,
    )
    .where(MINE)
    .order_by(Import.begun_at.desc(), Import.uid)
    .limit(LATELY_SHOWN)
)


@dataclass
class Chosen:
    """What was said by hand of a file."""

    sheet: int = 0
    head: int | None = None
    fields: list[str] | None = None
    days: list[str] = field(default_factory=list)
    decided: dict[str, str] = field(default_factory=dict)
    rest: str = ""
    """What becomes of all others who are in doubt."""


def get_or_404(viewer: Viewer, uid: str) -> Import:
    """One of the viewer's own imports, locked: whoever confirms or takes it back is alone."""
    return or_404(db.session.scalar(ONE_LOCKED, {"uid": uid, "mine": viewer.uid}))


def mine(viewer: Viewer) -> Sequence[Any]:
    """The viewer's imports of late, the newest first; without what stands in them."""
    return read(LATELY, {"mine": viewer.uid})


def one_or_404(viewer: Viewer, uid: str) -> Import:
    """One of them, to be shown."""
    return or_404(db.session.scalar(ONE, {"uid": uid, "mine": viewer.uid}))


def seal(viewer: Viewer, uid: str, column: str, value: Any) -> bytes:
    """Seal something of an import to whoever brings it in."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    vault = or_404(viewer.keys.vault("own", viewer.uid))
    return vaults.seal_text(vault, text, place("imports", column, uid))


def opened(viewer: Viewer, uid: str, column: str, sealed: bytes | None) -> str:
    """What `seal` sealed; 404 where nothing was, or its key was lost since."""
    vault = viewer.keys.vault("own", viewer.uid)
    try:
        return vaults.open_text(
            viewer.keys, or_404(vault), or_404(sealed), place("imports", column, uid)
        )
    except Locked:
        return or_404(None)


def chosen(viewer: Viewer, one: Import) -> Chosen:
    """What was said by hand of it so far."""
    if one.chosen is None:
        return Chosen()
    return Chosen(**json.loads(opened(viewer, one.uid, "chosen", one.chosen)))


def sheets(viewer: Viewer, one: Import) -> list[Sheet]:
    """What stands in its file."""
    return reading.sheets(opened(viewer, one.uid, "file", one.file))


def into_or_404(
    viewer: Viewer, kind: str, of_uid: str, *, at: datetime, lock: bool = False
) -> Into:
    """Where an import goes: a place, a group or a workshop of the viewer's. Raises RuleBroken without its keys."""
    if kind == PEOPLE:
        return _into(viewer, kind, people.open_site(viewer, of_uid), at, lock=lock)
    if kind == LIST:
        workshop = workshops.get_or_404(viewer, of_uid, lock=lock)
        people.refuse_without_desk(viewer, workshop.site)
        found = _into(viewer, kind, workshop.site, at, lock=lock)
        found.workshop = workshop
        if lock:
            found.sign_ups = signing_up.begun(workshop, at=at).sign_ups
        else:
            signing_up.settle_first([workshop], at=at)
            found.sign_ups = workshops.sign_ups(of_uid)
        return found
    group = groups.get_or_404(viewer, of_uid, lock=lock)
    people.refuse_without_desk(viewer, group.site)
    groups.refuse_without_roster(viewer, group)
    found = _into(viewer, kind, group.site, at, lock=lock)
    found.group, found.stays = group, groups.stays(of_uid)
    if kind == MARKS:
        found.meetings = (sessions.to_change if lock else sessions.meetings)(group)
        found.marks = sessions.marks(group)
        numbers, days = session_rules.numbers(found.meetings), {m.uid: m.on for m in found.meetings}
        found.numbered = {number: days[uid] for uid, number in numbers.items()}
    return found


def _into(viewer: Viewer, kind: str, site: Site, at: datetime, *, lock: bool) -> Into:
    if lock:  # of two who bring in the same people, the second sees whom the first brought in
        db.session.execute(ALONE_AT, {"uid": site.uid})
    return Into(kind, site, viewer.keys.vault("desk", site.uid) or "", today(site.zone), at)


def matched(sheet: Sheet, into: Into, said: Chosen) -> Matched:
    """What the columns of a sheet are: as found, or as it was said by hand."""
    found = headings.match(sheet.rows, into.kind, into.numbered, head=said.head)
    if said.fields is not None:
        found.fields[:] = [*said.fields, *[""] * (sheet.width - len(said.fields))][: sheet.width]
        days = [date.fromisoformat(day) if day else None for day in said.days]
        found.days[:] = [*days, *[None] * (sheet.width - len(days))][: sheet.width]
    return found


def sheet_of(viewer: Viewer, one: Import, said: Chosen) -> Sheet:
    """The sheet of its file that was chosen."""
    found = sheets(viewer, one)
    return found[min(said.sheet, len(found) - 1)]


def planned(viewer: Viewer, one: Import, into: Into, said: Chosen) -> Sequence[lines.Line]:
    """What each row of an import becomes, as things stand now."""
    sheet = sheet_of(viewer, one, said)
    region = into.site.phone_region
    read_ = lines.lines(
        sheet, matched(sheet, into, said), into.kind, today=into.today, region=region
    )
    known = people.listed(viewer, [into.desk])
    return plans.plan(into, [*read_], known, said.decided, said.rest)


def targets(viewer: Viewer, kind: str, language: str) -> list[tuple[str, str]]:
    """What the viewer can bring such a file into: uid, and how it is called."""
    if kind == PEOPLE:
        return [(site.uid, site.called(language)) for site in people.open_sites(viewer)]
    if kind == LIST:
        desks = viewer.keys.vaults("desk")
        return [
            (one.uid, f"{one.title(language)} · {one.on:%Y-%m-%d}")
            for one in workshops.workshops(viewer)
            if one.cancelled_at is None and one.site_uid in desks
        ]
    rosters = viewer.keys.vaults("roster")
    return [
        (group.uid, group.name)
        for group in groups.groups(viewer)
        if group.is_open and group.uid in rosters
    ]


def name_of(into: Into, language: str) -> str:
    """How what an import goes into is called."""
    if into.workshop:
        title: str = into.workshop.title(language)
        return title
    return into.group.name if into.group else into.site.called(language)
