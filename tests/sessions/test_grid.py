"""The attendance grid: what each cell says, one mark corrected with a tap, and what it weighs."""

from __future__ import annotations

from datetime import timedelta

import brotli
import pytest
from flask import Flask
from sqlalchemy import select, update

from app.clock import day, now
from app.extensions import db
from app.groups.models import Group
from app.sessions.models import Attendance, GroupSession
from tests.circles import Crowd, crowd
from tests.client import Browser, Page
from tests.document import Node
from tests.organisation import Organisation
from tests.test_queries_per_page import listening
from tests.web.records import one, plant, trail_of

ways = pytest.mark.parametrize("htmx", [False, True], ids=["browser", "htmx"])
SIGNS = {"●": "Present", "◐": "Late", "○": "Excused", "✕": "Absent", "·": "Not recorded"}


def row_of(page: Page, uid: str) -> list[Node]:
    """The cells of somebody's line, without the rate at its end."""
    row = next(tr for tr in page.root.all("tr") if tr.first("a", href=f"/people/{uid}"))
    return row.all("td")[:-1]


def signs(page: Page, uid: str) -> str:
    """Somebody's line as one reads it; what did not happen as x, what is to come as nothing."""
    cells = row_of(page, uid)
    return "".join("x" if cell.get("class") == "x" else cell.words or " " for cell in cells)


def grid(browser: Browser, organisation: Organisation, who: str = "facilitator1") -> Page:
    return browser.as_(who).get(f"/groups/{organisation.a.uid}")


def tapped(
    me: Browser, organisation: Organisation, pen: str, at: str, *, htmx: bool = False
) -> Page:
    """A sign pressed with a mark in hand."""
    address = f"/groups/{organisation.a.uid}"
    form = me.get(f"{address}?mark={pen[0]}").form(f"{address}/attendance")
    return form.press(htmx=htmx, name=f"c{at}")


def place(me: Browser, organisation: Organisation, uid: str) -> int:
    """At which line somebody stands."""
    rows = me.get(f"/groups/{organisation.a.uid}").root.first("tbody").all("tr")
    return next(n for n, row in enumerate(rows) if row.first("a", href=f"/people/{uid}"))


def mark_of(app: Flask, meeting: str, stay: str) -> str | None:
    with app.app_context():
        found = db.session.get(Attendance, (meeting, stay))
        mark = found.mark if found else None
        db.session.remove()
    return mark


def test_each_cell_says_how_it_was(
    app: Flask, browser: Browser, organisation: Organisation
) -> None:
    a, members = organisation.a, organisation.a.members
    page = grid(browser, organisation)
    states = [one(app, GroupSession, uid).state for uid in a.meetings]
    for member in members:
        line = signs(page, member.uid)
        assert len(line) == len(a.meetings)
        for cell, state, uid in zip(line, states, a.meetings, strict=True):
            mark = mark_of(app, uid, member.stay)
            if state in ("missed", "cancelled"):
                assert cell == "x"
            elif mark:
                assert SIGNS[cell].lower() == mark
            else:
                assert cell in "·– "
    assert "x" in signs(page, members[0].uid) and " " in signs(page, members[0].uid)


def test_whoever_came_later_is_absent_from_nothing_before(
    browser: Browser, organisation: Organisation
) -> None:
    newcomer = organisation.a.waiting[0]
    browser.as_("coordinator").post(f"/stays/{newcomer.stay}/acceptance")
    line = signs(grid(browser, organisation), newcomer.uid)
    assert set(line[:7]) <= {"–", "x"} and line[7] == "·"


def test_whoever_left_keeps_their_line(browser: Browser, organisation: Organisation) -> None:
    gone = organisation.a.left[0]
    line = signs(grid(browser, organisation), gone.uid)
    assert set(line) & set("●◐○✕·") and line.endswith("–––")


def test_a_screen_reader_hears_the_word_and_not_the_sign(
    browser: Browser, organisation: Organisation
) -> None:
    page = grid(browser, organisation)
    table = page.root.first("table")
    assert {th["scope"] for th in table.all("th")} == {"row", "col"}
    for cell in row_of(page, organisation.a.members[1].uid):
        for sign in cell.all("i"):
            assert sign["role"] == "img" and sign["title"] == SIGNS[sign.words]


def test_the_days_cell_leads_to_the_roll(browser: Browser, organisation: Organisation) -> None:
    heads = [a["href"] for a in grid(browser, organisation).root.first("thead").all("a")]
    meetings = organisation.a.meetings
    assert heads[7] == f"/sessions/{meetings[7]}/attendance"
    assert heads[-1] == f"/sessions/{meetings[-1]}"
    of_supervisor = grid(browser, organisation, "supervisor")
    assert of_supervisor.root.first("table") is None


@ways
@pytest.mark.parametrize("who", ["facilitator1", "coordinator"])
def test_one_tap_changes_a_mark_and_one_takes_that_back(
    app: Flask, browser: Browser, organisation: Organisation, who: str, htmx: bool
) -> None:
    a, member, me = organisation.a, organisation.a.members[3], browser.as_(who)
    line, was = place(me, organisation, member.uid), mark_of(app, a.meetings[0], member.stay)
    page = tapped(me, organisation, "late", f"{line}-0", htmx=htmx)
    assert mark_of(app, a.meetings[0], member.stay) == "late" != was
    entry = trail_of(app)[-1 if not htmx else -2]
    assert (entry.action, entry.person_uid) == ("attendance-marked", member.uid)
    page = page if htmx else page.follow()
    note = page.root.first("div", id="corrected")
    assert "is now “Late”" in note.words and member.name in note.words
    assert (
        next(b for b in page.root.all("button", name=f"c{line}-0") if not b.get("value")).words
        == "◐"
    )
    if htmx:
        assert page.root.first("html") is None and page.root.first("span", id="f0").words
    back = note.first("button")
    address = f"/groups/{a.uid}/attendance"
    shown = me.get(f"/groups/{a.uid}?mark=l").form(address)
    me.post(
        address,
        {name: shown[name] for name in ("lines", "meetings", "mark")}
        | {back["name"]: back["value"]},
    )
    assert mark_of(app, a.meetings[0], member.stay) == was


def test_a_mark_is_taken_back_to_not_recorded(
    app: Flask, browser: Browser, organisation: Organisation
) -> None:
    a, member, me = organisation.a, organisation.a.members[3], browser.as_("facilitator1")
    tapped(me, organisation, "none", f"{place(me, organisation, member.uid)}-0")
    assert mark_of(app, a.meetings[0], member.stay) is None


def test_without_a_mark_in_hand_nothing_can_be_pressed(
    browser: Browser, organisation: Organisation
) -> None:
    table = grid(browser, organisation).root.first("table")
    assert not table.all("button")
    odd = browser.as_("facilitator1").get(f"/groups/{organisation.a.uid}?mark=d")
    assert not odd.root.first("table").all("button")


@pytest.mark.parametrize(
    ("line", "meeting", "typed", "status"),
    [
        ("a.members.0", "a.11", {}, 422),  # still to come
        ("a.left.0", "a.7", {}, 422),  # had left by then
        ("b.members.0", "a.0", {}, 404),  # another group's
        ("a.members.0", "b.0", {}, 404),
        ("a.members.0", "a.0", {"mark": "dead"}, 400),
        ("a.members.0", "a.0", {"c0-0": None, "c9-0": ""}, 400),
        ("a.members.0", "a.0", {"c0-0": None, "c-1-0": ""}, 400),
        ("a.members.0", "a.0", {"c0-0": "dead"}, 400),
        ("a.members.0", "a.0", {"c0-0": None}, 400),
    ],
)
def test_what_cannot_be_is_said_and_changes_nothing(
    app: Flask,
    browser: Browser,
    organisation: Organisation,
    line: str,
    meeting: str,
    typed: dict[str, str | None],
    status: int,
) -> None:
    circle, kind, number = line.split(".")
    stay = getattr(getattr(organisation, circle), kind)[int(number)].stay
    circle, number = meeting.split(".")
    uid = getattr(organisation, circle).meetings[int(number)]
    before = mark_of(app, uid, stay)
    form = {"lines": stay, "meetings": uid, "mark": "excused", "c0-0": ""} | typed
    form = {name: value for name, value in form.items() if value is not None}
    answer = browser.as_("facilitator1").post(f"/groups/{organisation.a.uid}/attendance", form)
    found = answer.follow().status if answer.status == 303 else answer.status
    assert found == status
    assert mark_of(app, uid, stay) == before


def test_a_line_that_left_meanwhile_does_not_move_the_others(
    app: Flask, browser: Browser, organisation: Organisation
) -> None:
    """A page that is a day old marks whom it shows, not who stands there now."""
    a, me = organisation.a, browser.as_("facilitator1")
    address = f"/groups/{a.uid}"
    form = me.get(f"{address}?mark=e").form(f"{address}/attendance")
    last = a.members[-1]
    line = place(me, organisation, last.uid)
    plant(app, update(Group).values(name="اسم آخر"))
    gone = next(m for m in a.members if place(me, organisation, m.uid) == 0)
    browser.as_("coordinator").post(f"/stays/{gone.stay}/end", {"on": f"{day(now()):%Y-%m-%d}"})
    browser.as_("facilitator1")
    form.press(name=f"c{line}-0")
    assert mark_of(app, a.meetings[0], last.stay) == "excused"


@pytest.fixture
def sixty(app: Flask, organisation: Organisation) -> Crowd:
    """A group of sixty members and forty sessions, every mark made."""
    with app.app_context():
        made = crowd(organisation, members=60, meetings=40, marked=True)
        kinds = ("present", "present", "late", "absent", "present", "excused", "present")
        marks = db.session.scalars(select(Attendance).order_by(Attendance.membership_uid))
        for number, mark in enumerate(marks):
            mark.mark = kinds[number * number % 7]
        db.session.commit()
        db.session.remove()
    return made


@pytest.mark.parametrize("pen", ["", "?mark=l"], ids=["read", "corrected"])
def test_sixty_members_and_forty_sessions_are_light_and_take_eight_statements(
    app: Flask, browser: Browser, sixty: Crowd, pen: str
) -> None:
    me = browser.as_("facilitator1")
    me.get(f"/groups/{sixty.uid}")
    with listening(app) as asked:
        page = me.get(f"/groups/{sixty.uid}{pen}")
    assert len(page.root.first("tbody").all("td")) == 60 * 41
    assert len(brotli.compress(page.body, quality=5, lgwin=16)) < 12 * 1024
    assert len([s for s, _p in asked.statements if "audit" not in s and "BEGIN" not in s]) <= 9


def test_an_end_is_written_on_the_members_own_page(
    browser: Browser, organisation: Organisation
) -> None:
    member = organisation.a.members[0]
    at_desk = browser.as_("coordinator").get(f"/people/{member.uid}")
    assert at_desk.root.first("a", href=f"/stays/{member.stay}/end")
    for who in ("facilitator1", "two_roles"):
        page = browser.as_(who).get(f"/people/{member.uid}")
        assert page.root.first("a", href=f"/stays/{member.stay}/end") is None, who
    gone = browser.as_("coordinator").get(f"/people/{organisation.a.left[0].uid}")
    assert gone.root.first("a", href=f"/stays/{organisation.a.left[0].stay}/end") is None


def test_the_grid_is_of_today_at_the_place(
    browser: Browser, organisation: Organisation, clock
) -> None:
    clock.forward(seconds=int(timedelta(hours=10, minutes=30).total_seconds()))
    table = browser.as_("facilitator1").get(f"/groups/{organisation.a.uid}").root.first("table")
    assert not [col for col in table.all("col") if col.get("class") == "now"]
