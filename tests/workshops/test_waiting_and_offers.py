"""Signing people up, the waiting list, offers, cancelling and what undoes it."""

from __future__ import annotations

from sqlalchemy import update

from app.workshops.models import Workshop
from tests.web.records import one, plant, trail_of
from tests.workshops.acting import act, show, state_of, stay


def test_a_known_person_is_found_and_signed_up(browser, organisation) -> None:
    me = browser.as_("coordinator")
    address = f"/workshops/{organisation.workshop.uid}/sign-ups"
    page = me.get(f"{address}/new")
    assert "would be number 2 on the waiting list" in page
    page = page.form(f"/{organisation.candidate.uid}/sign-up").press().follow()
    assert organisation.candidate.name in page and "They are on the list." in page
    again = me.post(f"{address}/{organisation.candidate.uid}/sign-up").follow()
    assert again.status == 422 and "on the list already" in again


def test_who_asked_gets_a_seat_or_a_no(browser, organisation) -> None:
    uid = organisation.workshop_b.on_list["requested"].stay
    page = browser.as_("coordinator_b").get(f"/sign-ups/{uid}")
    page = page.form("/approval").press().follow()
    assert "To be answered" not in page
    assert "has a seat" in browser.as_("facilitator3").get(f"/sign-ups/{uid}")


def test_a_freed_seat_is_offered_to_the_first_in_line_with_an_answer_by(
    app, browser, organisation, clock
) -> None:
    page = act(browser, organisation, "confirmed", "cancellation")
    assert "Offer the free seat to the first in line" in page
    waiting = stay(organisation, "waiting")
    form = browser.as_("coordinator").get(f"/sign-ups/{waiting}/offer").form("/offer")
    wrong = form.fill(on="2026-11-20").press().follow()
    assert wrong.status == 422 and "due in the past" in wrong
    page = wrong.form("/offer").fill(on="2026-11-24", at="18:00").press().follow()
    assert "The seat is held until then." in page
    assert state_of(app, waiting, clock.moment) == "offered"
    page = act(browser, organisation, "waiting", "acceptance")
    assert "They have a seat." in page


def test_who_declined_is_offered_nothing_and_can_be_put_back_when_they_ask(
    browser, organisation
) -> None:
    me = browser.as_("coordinator")
    page = me.get(f"/sign-ups/{stay(organisation, 'declined')}")
    assert "/offer" not in page.text
    assert me.post(f"/sign-ups/{stay(organisation, 'declined')}/acceptance").follow().status == 422
    assert "They are on the list again." in page.form("/return").press().follow()


def test_a_cancellation_is_taken_back(app, browser, organisation, clock) -> None:
    page = act(browser, organisation, "confirmed", "cancellation")
    assert "The sign-up was cancelled." in page
    assert "Undone." in page.form("/undo").press().follow()
    assert state_of(app, stay(organisation, "confirmed"), clock.moment) == "confirmed"


def test_undo_comes_too_late_where_somebody_else_has_the_seat(app, browser, organisation) -> None:
    fills_itself(app, organisation)
    page = act(browser, organisation, "confirmed", "cancellation")
    page = page.form("/undo").press().follow()
    assert "they are first on the waiting list" in page


def test_more_seats_go_to_who_waits_and_fewer_than_taken_are_refused(
    app, browser, organisation, clock
) -> None:
    me, address = browser.as_("coordinator"), f"/workshops/{organisation.workshop.uid}/edit"
    fewer = me.get(address).form(address).fill(seats="2").press().follow()
    assert fewer.status == 422 and "More seats than that are taken." in fewer
    form = me.get(address).form(address)
    form.fill(seats="4", fills_itself=True).press()
    assert state_of(app, stay(organisation, "waiting"), clock.moment) == "confirmed"


def fills_itself(app, organisation) -> None:
    uid = organisation.workshop.uid
    plant(app, update(Workshop).where(Workshop.uid == uid).values(fills_itself=True))


def test_an_offer_that_ran_out_goes_to_the_next_when_anybody_opens_the_page(
    app, browser, organisation, clock
) -> None:
    fills_itself(app, organisation)
    clock.forward(hours=3, minutes=1)
    page = show(browser, organisation)
    assert page.status == 200 and "moved up: tell them" in page
    assert state_of(app, stay(organisation, "waiting"), clock.moment) == "confirmed"


def test_an_act_stays_where_its_page_finds_an_offer_that_ran_out(
    app, browser, organisation, clock
) -> None:
    fills_itself(app, organisation)
    me = browser.as_("coordinator")
    me.post(f"/workshops/{organisation.workshop.uid}/link/on")
    clock.forward(hours=3, minutes=1)
    me = browser.as_("coordinator")
    me.post(f"/workshops/{organisation.workshop.uid}/link/off", htmx="content")
    assert one(app, Workshop, organisation.workshop.uid).link_on_at is None
    assert state_of(app, stay(organisation, "waiting"), clock.moment) == "confirmed"
    assert {"link-off", "moved-up"} <= {row.action for row in trail_of(app)[-4:]}


def test_who_moved_up_is_in_the_trail_also_beside_a_refused_form(
    app, browser, organisation, clock
) -> None:
    fills_itself(app, organisation)
    clock.forward(hours=3, minutes=1)
    me = browser.as_("coordinator")
    kept = me.post("/preferences", {"language": "xx"}).location.partition("kept=")[2]
    assert me.get(f"/workshops/{organisation.workshop.uid}?kept={kept}").status == 422
    assert "moved-up" in {row.action for row in trail_of(app)[-3:]}


def test_a_messenger_opens_after_the_safe_contact_and_never_against_a_wish(
    browser, organisation
) -> None:
    person, me = organisation.candidate, browser.as_("coordinator")
    page = me.get(f"/people/{person.uid}")
    assert "sgnl://signal.me/#p/+972525550177" in page.text
    assert "A neutral text to copy: مرحبًا، متى يناسبكم أن نتحدّث؟" in page
    assert page.text.index("Leave no message") < page.text.index("sgnl:")
    edit = me.get(f"/people/{person.uid}/edit").form("/edit")
    page = edit.fill(channel="whatsapp").press().follow()
    assert "whatsapp://send?phone=972525550177" in page.text and "https://wa.me" not in page.text
    edit = me.get(f"/people/{person.uid}/edit").form("/edit")
    page = edit.fill(do_not_contact=True).press().follow()
    assert "whatsapp:" not in page.text and "sgnl:" not in page.text
