"""Adding and changing people: only the name is required, two who change one card both see it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.people.models import Consent, Person
from tests.client import Browser, Page
from tests.web.records import number_of, one, rows, trail_of

FILLED = {
    "name": "ليان الجديدة",
    "address": "f",
    "channel": "signal",
    "number": "٠٥٩٩ ٥٥٥ ٠٠١",
    "hours": "بعد السادسة",
    "if_another_answers": "سؤال عن دورة",
    "age": "25-34",
    "area": "البلدة القديمة",
    "remark": "سطر أول\nسطر ثانٍ",
    "agrees_contact": True,
}


def add(me: Browser, **card: object) -> Page:
    return me.get("/people/new").form("/people/new").fill(**card).press()


def edit(me: Browser, uid: str, **card: object) -> Page:
    return me.get(f"/people/{uid}/edit").form("/edit").fill(**card).press()


def test_a_name_is_enough(browser) -> None:
    page = add(browser.as_("coordinator"), name="نور").follow()
    assert page.status == 200
    assert "The person was added." in page
    assert "No contact was given." in page


def test_everything_that_was_typed_is_there_again(browser) -> None:
    page = add(browser.as_("coordinator"), **FILLED).follow()
    for words in ("ليان الجديدة", "0599 555 001", "بعد السادسة", "سؤال عن دورة", "Feminine"):
        assert words in page
    for words in ("Leave no message.", "25–34", "البلدة القديمة", "سطر ثانٍ", "Not in reports"):
        assert words in page


def test_nothing_of_a_card_stands_in_the_database_in_clear(app, browser) -> None:
    add(browser.as_("coordinator"), **FILLED)
    for card in rows(app, select(Person.card)):
        for words in ("ليان الجديدة", "0599 555 001", "البلدة"):
            assert words.encode() not in card


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"name": ""}, "Write a name"),
        ({"name": "\u200f \u202e"}, "Write a name"),
        ({"name": "ن" * 81}, "At most 80"),
        ({"name": "نور", "remark": "م" * 2001}, "At most 2000"),
    ],
)
def test_a_card_that_is_refused_adds_nobody(app, browser, wrong, says) -> None:
    before = number_of(app, Person)
    page = add(browser.as_("coordinator"), **wrong)
    assert page.status == 303
    shown = page.follow()
    assert shown.status == 422
    assert says in shown.root.first("div", id="errors").words
    assert number_of(app, Person) == before


@pytest.mark.parametrize("field", ["address", "channel", "age", "site"])
def test_a_choice_that_was_not_offered_is_refused(app, browser, organisation, field) -> None:
    typed = {"name": "نور", "site": organisation.jerusalem, field: "elsewhere"}
    assert browser.as_("coordinator").post("/people/new", typed).follow().status == 422
    other = {"name": "نور", "site": organisation.ramallah}
    assert browser.as_("coordinator").post("/people/new", other).follow().status == 422


def test_a_card_is_changed_and_keeps_its_code(browser, organisation) -> None:
    me, uid = browser.as_("coordinator"), organisation.candidate.uid
    code = me.get(f"/people/{uid}").root.first("h1").first("small").words
    page = edit(me, uid, name="مجد المستقرّ").follow()
    assert "The card was changed." in page
    assert page.root.first("h1").words == f"مجد المستقرّ {code}"


def test_two_who_change_one_card_see_both_and_lose_nothing(app, browser, organisation) -> None:
    me, uid = browser.as_("coordinator"), organisation.candidate.uid
    phone = me.get(f"/people/{uid}/edit").form("/edit")
    laptop = me.get(f"/people/{uid}/edit").form("/edit")
    laptop.fill(area="حيّ جديد").press()
    refused = phone.fill(remark="كُتب على الهاتف", area="حيّ آخر").press().follow()
    assert refused.status == 422
    assert "Somebody changed this card meanwhile." in refused
    now_is = next(
        card for card in refused.root.all("div", class_="card") if "as it is now" in card.words
    )
    assert "حيّ جديد" in now_is.words
    form = refused.form("/edit")
    assert (form["remark"].strip(), form["area"]) == ("كُتب على الهاتف", "حيّ آخر")
    assert "حيّ جديد" in me.get(f"/people/{uid}")
    assert "حيّ آخر" in form.press().follow()
    assert one(app, Person, uid).version == 3


def test_a_consent_that_is_withdrawn_is_kept_with_its_end(app, browser, organisation) -> None:
    me, uid = browser.as_("coordinator"), organisation.candidate.uid
    page = edit(me, uid, agrees_contact=False).follow()
    assert "Not to be contacted" in page
    (before,) = rows(app, select(Consent).where(Consent.person_uid == uid))
    assert str(before.withdrawn_on) == "2026-11-24"
    assert ("consent-withdrawn", uid) in [(row.action, row.person_uid) for row in trail_of(app)]
    page = edit(me, uid, agrees_contact=True).follow()
    assert "To be contacted: Tuesday 24 November 2026" in page
    assert number_of(app, Consent, Consent.person_uid == uid) == 2


def test_whoever_asked_not_to_be_contacted_has_no_number_on_the_page(browser, organisation) -> None:
    me, person = browser.as_("coordinator"), organisation.candidate
    page = edit(me, person.uid, do_not_contact=True).follow()
    assert "Do not contact" in page
    assert person.number not in page
    found = me.post("/people", {"q": person.name}).follow()
    assert "Do not contact" in found


@pytest.mark.parametrize("who", ["coordinator_b", "two_roles"])
def test_another_places_person_is_not_there(browser, organisation, who) -> None:
    me, uid = browser.as_(who), organisation.candidate.uid
    for address in (f"/people/{uid}", f"/people/{uid}/edit"):
        assert me.get(address).status == 404
    assert me.post(f"/people/{uid}/edit", {"name": "x", "version": "1"}).follow().status == 404


@pytest.mark.parametrize("who", ["facilitator1", "supervisor", "administrator", "counsellor"])
def test_only_coordinators_add_and_change_people(app, browser, organisation, who) -> None:
    me, uid, before = browser.as_(who), organisation.a.members[0].uid, number_of(app, Person)
    assert me.get("/people/new").status == 403
    assert me.get(f"/people/{uid}/edit").status == 403
    assert me.post("/people/new", {"name": "x"}).follow().status == 403
    assert me.post(f"/people/{uid}/edit", {"name": "x"}).follow().status == 403
    assert number_of(app, Person) == before
    assert one(app, Person, uid).version == 1


def test_what_looks_like_code_is_text(browser) -> None:
    page = add(browser.as_("coordinator"), name="<script>alert(1)</script>").follow()
    assert "<script>alert(1)</script>" in page.root.first("h1").words
    assert all(script.has("src") for script in page.root.all("script"))
