"""What staff do with a workshop and its list, page by page."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from app.extensions import db
from app.people.models import Person
from app.vault.models import Share
from app.workshops.models import SignUp, Workshop
from tests.client import Browser, Page
from tests.organisation import Organisation

both_ways = pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])


def stay(organisation: Organisation, state: str) -> str:
    return organisation.workshop.on_list[state].stay


def show(browser: Browser, organisation: Organisation, who: str = "coordinator") -> Page:
    return browser.as_(who).get(f"/workshops/{organisation.workshop.uid}")


def act(browser: Browser, organisation: Organisation, state: str, as_: str) -> Page:
    """Press the button for an act on the page of a sign-up."""
    page = browser.as_("coordinator").get(f"/sign-ups/{stay(organisation, state)}")
    return page.form(f"/{as_}").press().follow()


def state_of(app, uid: str, at) -> str:
    with app.app_context():
        found = db.session.get_one(SignUp, uid).state(at)
        db.session.remove()
    return found


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
    with app.app_context():
        db.session.get_one(Workshop, organisation.workshop.uid).fills_itself = True
        db.session.commit()
        db.session.remove()
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


def test_an_offer_that_ran_out_goes_to_the_next_when_anybody_opens_the_page(
    app, browser, organisation, clock
) -> None:
    with app.app_context():
        db.session.get_one(Workshop, organisation.workshop.uid).fills_itself = True
        db.session.commit()
        db.session.remove()
    clock.forward(hours=3, minutes=1)
    page = show(browser, organisation)
    assert page.status == 200 and "moved up: tell them" in page
    assert state_of(app, stay(organisation, "waiting"), clock.moment) == "confirmed"


@both_ways
def test_on_the_day_each_tap_saves_by_itself_and_can_be_taken_back(
    app, browser, organisation, clock, htmx
) -> None:
    me, uid = browser.as_("facilitator1"), stay(organisation, "confirmed")
    roll = me.get(f"/workshops/{organisation.workshop.uid}/attendance")
    for value, state in (("attended", "attended"), ("no-show", "no-show")):
        answer = roll.form("/attendance").press(name=uid, value=value, htmx=htmx)
        answer = answer if htmx else answer.follow()
        assert "Marked 1 of" in answer
        assert state_of(app, uid, clock.moment) == state
    me.post(f"/workshops/{organisation.workshop.uid}/attendance", {uid: "none"})
    assert state_of(app, uid, clock.moment) == "confirmed"


def test_before_the_day_nobody_is_marked(app, browser, organisation, clock) -> None:
    me, uid = browser.as_("facilitator3"), organisation.workshop_b.on_list["confirmed"].stay
    address = f"/workshops/{organisation.workshop_b.uid}/attendance"
    page = me.post(address, {uid: "attended"}).follow()
    assert page.status == 422 and "has not come yet" in page
    assert state_of(app, uid, clock.moment) == "confirmed"


def test_a_walk_in_takes_the_seat_of_who_did_not_come(browser, organisation) -> None:
    me = browser.as_("facilitator1")
    address = f"/workshops/{organisation.workshop.uid}"
    full = me.get(f"{address}/sign-ups/person").form("/person")
    refused = full.fill(name="عابرة", **{"walk-in": True}).press().follow()
    assert refused.status == 422 and "Mark who did not come" in refused
    me.post(f"{address}/attendance", {stay(organisation, "confirmed"): "no-show"})
    again = refused.form("/person").fill(**{"walk-in": True}).press().follow()
    assert "عابرة" in again


def test_a_duplicate_is_shown_and_made_one_with_the_known_person(
    app, browser, organisation
) -> None:
    public, known = organisation.workshop.on_list["public"], organisation.candidate
    with app.app_context():
        db.session.remove()
    me = browser.as_("coordinator")
    form = me.get(f"/people/{known.uid}/edit").form("/edit")
    form.fill(number=public.number).press()
    page = show(browser, organisation)
    assert "may be the same person as" in page and "same phone" in page
    page = me.get(f"/people/{known.uid}/merging/{public.uid}")
    page = page.form(f"/merging/{public.uid}").press().follow()
    assert "They are one person now." in page and "Printing" in page
    with app.app_context():
        assert db.session.get(Person, public.uid) is None
        assert not db.session.scalars(select(Share).where(Share.person_uid == public.uid)).all()
        db.session.remove()
    assert known.name in show(browser, organisation, "facilitator1")
    word = browser.post("/code?language=en", {"code": organisation.workshop.code}).follow()
    assert "You have a seat." in word


def test_of_two_sign_ups_of_one_person_the_seat_is_kept(app, browser, organisation, clock) -> None:
    public, waiting = (organisation.workshop.on_list[k] for k in ("public", "waiting"))
    me = browser.as_("coordinator")
    me.get(f"/people/{waiting.uid}/merging/{public.uid}").form(f"/merging/{public.uid}").press()
    assert state_of(app, public.stay, clock.moment) == "confirmed"
    assert state_of(app, waiting.stay, clock.moment) == "cancelled"


def test_somebody_in_a_group_is_not_merged_away(browser, organisation) -> None:
    member, known = organisation.a.members[0], organisation.candidate
    me = browser.as_("coordinator")
    page = me.post(f"/people/{known.uid}/merging/{member.uid}").follow()
    assert page.status == 422 and "More than sign-ups" in page
    assert me.get(f"/people/{member.uid}").status == 200


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_list_leaves_as_a_file_only_after_the_passphrase_and_only_for_ten_minutes(
    browser, organisation, clock, kind
) -> None:
    me = browser.as_("facilitator1")
    address = f"/workshops/{organisation.workshop.uid}/export"
    form = me.get(address).form(address)
    wrong = form.fill(as_=kind, passphrase="not mine").press().follow()
    assert wrong.status == 422
    passphrase = organisation.staff["facilitator1"].passphrase
    led = wrong.form(address).fill(as_=kind, passphrase=passphrase).press()
    file = me.get(led.location)
    assert file.status == 200 and f'filename="list.{kind}"' in file.headers["Content-Disposition"]
    body = file.body
    if kind == "xlsx":
        with ZipFile(BytesIO(body)) as book:
            text = book.read("xl/sharedStrings.xml").decode()
            assert 'rightToLeft="1"' not in book.read("xl/worksheets/sheet1.xml").decode()
    else:
        text = body.decode("utf-8-sig")
    assert organisation.workshop.on_list["confirmed"].name in text
    assert browser.as_("coordinator").get(led.location).status == 404, "It is the asker's alone."
    clock.forward(minutes=9, seconds=50)
    assert me.get(led.location).status == 200
    clock.forward(seconds=20)
    assert me.get(led.location).status == 404


def test_an_arabic_list_is_written_from_right_to_left(app, organisation) -> None:
    from app.workshops.files import spreadsheet

    with ZipFile(BytesIO(spreadsheet([["الاسم"], ["سلمى"]], right_to_left=True))) as book:
        assert 'rightToLeft="1"' in book.read("xl/worksheets/sheet1.xml").decode()


def test_no_cell_of_a_table_is_run_as_a_formula() -> None:
    from app.workshops.files import table

    text = table([["=1+1", "+970 599-123", "@SUM", "-2", "سلمى"]]).decode("utf-8-sig")
    assert text.strip() == "'=1+1,+970 599-123,'@SUM,'-2,سلمى"


def test_who_asked_not_to_be_contacted_leaves_without_a_number(browser, organisation) -> None:
    person, me = organisation.workshop.on_list["confirmed"], browser.as_("coordinator")
    me.get(f"/people/{person.uid}/edit").form("/edit").fill(do_not_contact=True).press()
    address = f"/workshops/{organisation.workshop.uid}/export"
    passphrase = organisation.staff["coordinator"].passphrase
    led = me.get(address).form(address).fill(as_="csv", passphrase=passphrase).press()
    line = next(
        row
        for row in me.get(led.location).body.decode("utf-8-sig").splitlines()
        if person.name in row
    )
    assert "Do not contact" in line and not re.search(r"\d{5}", line)


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


def test_the_sheet_has_codes_and_names_only_when_asked(browser, organisation) -> None:
    me, name = browser.as_("facilitator1"), organisation.workshop.on_list["confirmed"].name
    address = f"/workshops/{organisation.workshop.uid}/sheet"
    assert name not in me.get(address)
    assert name in me.get(f"{address}?names=yes")


def test_a_messenger_opens_after_the_safe_contact_and_never_against_a_wish(
    browser, organisation
) -> None:
    person, me = organisation.candidate, browser.as_("coordinator")
    page = me.get(f"/people/{person.uid}")
    assert "sgnl://signal.me/#p/+972525550177" in page.text
    assert page.text.index("Leave no message") < page.text.index("sgnl:")
    edit = me.get(f"/people/{person.uid}/edit").form("/edit")
    page = edit.fill(channel="whatsapp").press().follow()
    assert "whatsapp://send?phone=972525550177" in page.text and "https://wa.me" not in page.text
    edit = me.get(f"/people/{person.uid}/edit").form("/edit")
    page = edit.fill(do_not_contact=True).press().follow()
    assert "whatsapp:" not in page.text and "sgnl:" not in page.text


def test_a_new_facilitator_reads_the_list_at_once_and_no_longer_once_unassigned(
    browser, organisation
) -> None:
    me, uid = browser.as_("coordinator"), organisation.workshop.uid
    account = organisation.staff["facilitator2"].uid
    me.get(f"/workshops/{uid}/team").form("/team").fill(user=account).press()
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
