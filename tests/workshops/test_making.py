"""Making, repeating and opening workshops, their team and their link."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update

from app.extensions import db
from app.workshops.models import Workshop
from tests.access.acting import entrust
from tests.organisation import NOW
from tests.web.records import one, plant, rows
from tests.workshops.acting import show
from tests.workshops.outside import change

# What each date of a series has for itself.
OF_ITS_OWN = {
    *("uid", "starts_at", "closes_at", "last_in_line", "link", "link_on_at"),
    *("drafted_at", "opened_at", "closed_at", "held_at", "cancelled_at"),
}


def test_the_list_says_in_words_how_full_each_workshop_is(browser, organisation) -> None:
    page = browser.as_("coordinator").get("/workshops")
    assert "Full · 1 waits" in page and "sign-up open" in page
    assert "Printing" in page


def test_a_workshop_is_made_opened_closed_and_opened_again(browser, organisation) -> None:
    me = browser.as_("coordinator")
    form = me.get("/workshops/new").form("/workshops/new")
    page = form.fill(title_ar="صوت", seats="٧").press().follow()
    assert "draft" in page and "7 seats are left" in page
    for press, words in (("opening", "Signing up is open."), ("closing", "Signing up is closed.")):
        page = page.form(f"/state/{press}").press().follow()
        assert words in page
    assert page.form("/state/opening").press().follow().status == 200


def test_a_facilitator_who_makes_one_reads_its_list_and_others_do_not(
    browser, organisation
) -> None:
    me = browser.as_("facilitator1")
    form = me.get("/workshops/new").form("/workshops/new")
    made = form.fill(title_ar="رسم", site=organisation.jerusalem).press()
    address = made.location.partition("?")[0]
    page = me.get(f"{address}/sign-ups/person").form("/sign-ups/person")
    assert "سنونو" in page.fill(name="سنونو").press().follow()
    assert "سنونو" in browser.as_("coordinator").get(address)
    assert browser.as_("facilitator2").get(address).status == 404


def test_a_series_keeps_its_hour_over_a_clock_change_and_each_date_has_its_own_list(
    app, browser, organisation
) -> None:
    me = browser.as_("coordinator")
    address = f"/workshops/{organisation.workshop.uid}/repetition"
    form = me.get(address).form(address)
    page = form.fill(on="2027-03-22", at="18:00", times="2").press().follow()
    assert "The further dates were added" in page, page.words
    with app.app_context():
        made = db.session.scalars(
            select(Workshop).where(
                Workshop.series_uid == organisation.workshop.uid, Workshop.opened_at.is_(None)
            )
        ).all()
        assert sorted(f"{w.on} {w.at:%H:%M}" for w in made) == [
            "2027-03-22 18:00",
            "2027-03-29 18:00",
        ]
        gap = abs(made[0].starts_at - made[1].starts_at)
        db.session.remove()
    assert gap == timedelta(days=7) - timedelta(hours=1)


def test_further_dates_have_all_that_was_said_of_the_first(app, browser, organisation) -> None:
    me, uid = browser.as_("coordinator"), organisation.workshop.uid
    said = [c for c in Workshop.__table__.columns if c.name not in OF_ITS_OWN]
    now_said = {c.name: not getattr(one(app, Workshop, uid), c.name) for c in said}
    other = {c.name: "نصّ" for c in said if c.type.python_type is str and now_said[c.name]}
    other |= {c.name: now_said[c.name] for c in said if c.type.python_type is bool}
    plant(app, update(Workshop).where(Workshop.uid == uid).values(**other))
    address = f"/workshops/{uid}/repetition"
    me.get(address).form(address).fill(on="2027-03-22", at="18:00", times="1").press()
    first, copy = rows(app, select(*said).where(Workshop.series_uid == uid))
    assert first == copy, "planning.repeat carries each of these over; else name it in OF_ITS_OWN."


def test_the_link_is_turned_on_and_off_and_its_poster_shows_it(browser, organisation) -> None:
    page = show(browser, organisation)
    link = organisation.workshop.link
    assert link in page
    assert link in browser.as_("facilitator1").get(f"/workshops/{organisation.workshop.uid}/poster")
    page = page.form("/link/anew").press().follow()
    assert link not in page
    page = page.form("/link/on").press().follow()
    assert "/open/" in page and link not in page
    assert browser.get(f"/open/{link}").status == 404


def test_a_new_facilitator_reads_the_list_at_once_and_no_longer_once_unassigned(
    browser, organisation
) -> None:
    me, uid = browser.as_("coordinator"), organisation.workshop.uid
    account = organisation.staff["facilitator2"].uid
    chosen = me.get(f"/workshops/{uid}/team").form("/team").fill(user=account).press()
    assert browser.as_("facilitator2").get(f"/workshops/{uid}").status == 404
    assert "said=assigned" in entrust(chosen, account).location
    newcomer = browser.as_("facilitator2")
    assert organisation.workshop.on_list["confirmed"].name in newcomer.get(f"/workshops/{uid}")
    forms = [
        f["action"]
        for f in me.get(f"/workshops/{uid}/team").root.all("form")
        if f["action"].endswith("/end")
    ]
    own = f"/workshops/{uid}/team/{organisation.workshop.assignment}/end"
    for action in set(forms) - {own}:
        me.post(action)
    assert newcomer.get(f"/workshops/{uid}").status == 404


def test_today_shows_the_workshop_and_who_asks(browser, organisation) -> None:
    assert "Printing" in browser.as_("facilitator1").get("/")
    assert "1 asks" in browser.as_("coordinator_b").get("/")


def test_a_cancelled_workshop_has_no_free_seats_and_no_link_that_answers(
    browser, organisation
) -> None:
    page = show(browser, organisation).form("/state/cancellation").press().follow()
    assert "The link no longer answers." in page and "answers while signing up" not in page
    assert "seats are left" not in page and "Full" not in page


def test_it_says_that_signing_up_ends_today(browser, organisation) -> None:
    page = show(browser, organisation)
    ends = page.words.partition("Sign-up until")[2][:20]
    assert "today" in ends


def test_the_poster_has_both_languages_and_every_open_date(app, browser, organisation) -> None:
    here, there = organisation.workshop, organisation.workshop_b
    change(app, there.uid, series_uid=here.uid)
    poster = browser.as_("facilitator1").get(f"/workshops/{here.uid}/poster")
    for words in ("Printing", "الطباعة", "Tuesday 24 November 2026", "Tuesday 1 December 2026"):
        assert words in poster
    change(app, there.uid, closed_at=NOW)
    assert "1 December" not in browser.as_("facilitator1").get(f"/workshops/{here.uid}/poster")
