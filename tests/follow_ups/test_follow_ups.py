"""What is to be done for a person: a tick of its own, an owner, a date, and closing it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.follow_ups.models import FollowUp
from tests.client import Browser, Page
from tests.organisation import Organisation
from tests.web.records import number_of, one, rows

ways = pytest.mark.parametrize("htmx", [False, True], ids=["browser", "htmx"])


def flag(me: Browser, organisation: Organisation, wanted: str, *, htmx: bool) -> Page:
    stay = organisation.a.members[0].stay
    there = f"/sessions/{organisation.a.meetings[7]}/attendance"
    page = me.post(there, {f"f-{stay}": wanted}, htmx="tally" if htmx else "")
    return page if htmx else page.follow()


def open_ones(app, organisation: Organisation) -> list[FollowUp]:
    person = organisation.a.members[0].uid
    query = select(FollowUp).where(FollowUp.person_uid == person, FollowUp.ended_at.is_(None))
    return rows(app, query)


@ways
def test_the_tick_opens_one_due_in_a_week_and_ticking_again_opens_no_other(
    app, browser, organisation, htmx
) -> None:
    me = browser.as_("facilitator1")
    for _time in range(2):
        page = flag(me, organisation, "yes", htmx=htmx)
        tick = page.root.first("button", id=f"f{organisation.a.members[0].stay}")
        assert (tick["aria-pressed"], tick["value"]) == ("true", "no")
        (opened,) = open_ones(app, organisation)
    assert str(opened.due_on) == "2026-12-01"
    assert opened.owner_uid == organisation.staff["facilitator1"].uid


@ways
def test_taking_the_tick_away_drops_it_and_again_does_nothing(
    app, browser, organisation, htmx
) -> None:
    me = browser.as_("facilitator1")
    flag(me, organisation, "yes", htmx=htmx)
    for _time in range(2):
        page = flag(me, organisation, "no", htmx=htmx)
        assert page.root.first("button", id=f"f{organisation.a.members[0].stay}")["value"] == "yes"
        assert open_ones(app, organisation) == []


@ways
def test_a_colleagues_stands_beside_the_tick_which_says_what_is_ones_own(
    app, browser, organisation, htmx
) -> None:
    first, second = browser.as_("facilitator1"), browser.as_("facilitator2")
    flag(first, organisation, "yes", htmx=htmx)
    roll = second.get(f"/sessions/{organisation.a.meetings[7]}/attendance")
    tick = roll.root.first("button", id=f"f{organisation.a.members[0].stay}")
    assert tick["aria-pressed"] == "false"
    assert "Follow-up: Facilitator1" in roll
    for wanted, pressed in (("yes", "true"), ("no", "false")):
        page = flag(second, organisation, wanted, htmx=htmx)
        tick = page.root.first("button", id=f"f{organisation.a.members[0].stay}")
        assert tick["aria-pressed"] == pressed
    (left,) = open_ones(app, organisation)
    assert left.owner_uid == organisation.staff["facilitator1"].uid


def test_a_tick_marks_nobody(browser, organisation) -> None:
    page = flag(browser.as_("facilitator1"), organisation, "yes", htmx=False)
    assert "Marked 0 of 12" in page


def keep(me: Browser, organisation: Organisation, **typed: str) -> Page:
    there = f"/sessions/{organisation.a.meetings[7]}/follow-ups/{organisation.a.members[0].uid}"
    return me.get(there).form(there).fill(**typed).press()


def test_what_is_to_be_done_is_sealed_and_read_by_those_who_know_the_members(
    app, browser, organisation
) -> None:
    what = "مكالمة عن موعد الطبيب"
    me = browser.as_("facilitator1")
    page = keep(me, organisation, what=what, due_on="2026-11-26").follow()
    assert "Saved." in page
    assert what.encode() not in open_ones(app, organisation)[0].what
    for who in ("facilitator1", "facilitator2", "coordinator"):
        assert what in browser.as_(who).get(f"/people/{organisation.a.members[0].uid}")


def test_it_stands_on_todays_page_of_its_owner_alone(browser, organisation) -> None:
    second = organisation.staff["facilitator2"].uid
    keep(
        browser.as_("facilitator1"),
        organisation,
        what="سؤال آخر",
        owner=second,
        due_on="2026-11-25",
    )
    assert "سؤال آخر" in browser.as_("facilitator2").get("/")
    assert "سؤال آخر" not in browser.as_("facilitator1").get("/")


def test_ones_own_stands_beside_a_colleagues_whose_text_stays(app, browser, organisation) -> None:
    first, second = browser.as_("facilitator1"), browser.as_("facilitator2")
    keep(first, organisation, what="مكالمة الطبيب", due_on="2026-11-26")
    there = f"/sessions/{organisation.a.meetings[7]}/follow-ups/{organisation.a.members[0].uid}"
    page = second.get(there)
    assert "مكالمة الطبيب" in page and "Facilitator1" in page
    assert page.form(there)["what"] == ""
    keep(second, organisation, what="كتاب للقراءة", due_on="2026-11-27")
    owners = {row.owner_uid for row in open_ones(app, organisation)}
    assert owners == {organisation.staff[who].uid for who in ("facilitator1", "facilitator2")}
    assert first.get(there).form(there)["what"] == "مكالمة الطبيب"


def test_an_open_one_is_changed_and_not_doubled(app, browser, organisation) -> None:
    me = browser.as_("facilitator1")
    keep(me, organisation, what="أول", due_on="2026-11-26")
    keep(me, organisation, what="ثانٍ", due_on="2026-11-27")
    (only,) = open_ones(app, organisation)
    assert str(only.due_on) == "2026-11-27"
    page = me.get(f"/people/{organisation.a.members[0].uid}")
    assert "ثانٍ" in page and "أول" not in page


@pytest.mark.parametrize("who", ["supervisor", "facilitator3", "administrator"])
def test_whoever_does_not_know_the_members_cannot_be_asked(app, browser, organisation, who) -> None:
    me, a = browser.as_("facilitator1"), organisation.a
    there = f"/sessions/{a.meetings[7]}/follow-ups/{a.members[0].uid}"
    typed = {"what": "x", "owner": organisation.staff[who].uid, "due_on": "2026-12-01"}
    page = me.post(there, typed)
    assert page.follow().status == 422
    assert open_ones(app, organisation) == []


def test_a_follow_up_needs_a_date(app, browser, organisation) -> None:
    page = keep(browser.as_("facilitator1"), organisation, what="بلا تاريخ", due_on="").follow()
    assert page.status == 422
    there = f"/follow-ups/{organisation.a.members[0].uid}"
    assert page.form(there)["what"] == "بلا تاريخ"
    assert open_ones(app, organisation) == []


@pytest.mark.parametrize("as_", ["done", "dropped"])
def test_it_is_closed_and_a_strip_takes_that_back(app, browser, organisation, as_) -> None:
    me, uid = browser.as_("facilitator1"), organisation.a.follow_up
    page = me.get("/").form(f"/follow-ups/{uid}/{as_}").press().follow()
    assert "The follow-up is closed." in page
    assert "سؤال عن الغياب" not in page
    assert one(app, FollowUp, uid).ended_as == as_
    back = page.form(f"/follow-ups/{uid}/undo").press("Undo").follow()
    assert "سؤال عن الغياب" in back
    assert one(app, FollowUp, uid).ended_at is None


def test_closing_it_twice_keeps_the_first_end(app, browser, organisation, clock) -> None:
    me, uid = browser.as_("facilitator1"), organisation.a.follow_up
    me.post(f"/follow-ups/{uid}/done")
    ended = one(app, FollowUp, uid).ended_at
    clock.forward(minutes=5)
    me.post(f"/follow-ups/{uid}/dropped")
    row = one(app, FollowUp, uid)
    assert (row.ended_as, row.ended_at) == ("done", ended)


def test_undoing_while_another_was_opened_is_answered_in_words(app, browser, organisation) -> None:
    me = browser.as_("facilitator1")
    flag(me, organisation, "yes", htmx=False)
    (first,) = open_ones(app, organisation)
    me.post(f"/follow-ups/{first.uid}/done")
    flag(me, organisation, "yes", htmx=False)
    page = me.post(f"/follow-ups/{first.uid}/undo").follow()
    assert page.status in (200, 422)
    assert len(open_ones(app, organisation)) == 1


@pytest.mark.parametrize(
    ("who", "status"), [("supervisor", 403), ("administrator", 403), ("facilitator3", 404)]
)
def test_others_neither_open_nor_close_it(app, browser, organisation, who, status) -> None:
    me, a, before = browser.as_(who), organisation.a, number_of(app, FollowUp)
    there = f"/sessions/{a.meetings[7]}/follow-ups/{a.members[0].uid}"
    assert me.get(there).status == status
    assert me.post(there, {"what": "x"}).follow().status == status
    assert me.post(f"/follow-ups/{a.follow_up}/done").follow().status == status
    assert number_of(app, FollowUp) == before
    assert one(app, FollowUp, a.follow_up).ended_at is None


def test_a_follow_up_does_not_end_in_an_unknown_way(browser, organisation) -> None:
    page = browser.as_("facilitator1").post(f"/follow-ups/{organisation.a.follow_up}/forgotten")
    assert page.follow().status == 404
