"""What was typed into a refused form is kept sealed, for whoever typed it and nobody else."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import delete, func, select

from app.web import kept_forms
from app.web.models import KeptForm
from tests.client import Browser, Page
from tests.web.records import number_of, plant, rows

TYPED = {"name": "", "remark": "سرّ كبير لا يقرؤه أحد", "number": "0599 555 123"}


@pytest.fixture
def refused(browser: Browser) -> Page:
    """A person's card without a name, refused."""
    me = browser.as_("coordinator")
    page = me.get("/people/new").form("/people/new").fill(**TYPED).press()
    assert page.status == 303
    return page


def test_a_refused_form_comes_back_as_it_was_typed_with_what_is_wrong(refused) -> None:
    page = refused.follow()
    form = page.form("/people/new")
    assert page.status == 422
    assert page.root.first("title").words == "" or "Error:" in page.text
    assert (form["remark"].strip(), form["number"]) == (TYPED["remark"], TYPED["number"])
    assert "Write a name" in page.root.first("div", id="errors").words


def test_the_address_says_nothing_of_what_was_typed(refused) -> None:
    query = parse_qs(urlsplit(refused.location).query)
    assert list(query) == ["kept"]
    assert len(query["kept"][0]) == 10


def test_what_is_kept_cannot_be_read_in_the_database(app, refused) -> None:
    (sealed,) = rows(app, select(KeptForm.typed))
    for word in (*TYPED.values(), "remark", "coordinator"):
        assert not word or word.encode() not in sealed


@pytest.mark.parametrize("who", ["coordinator_b", "two_roles"])
def test_a_colleague_who_opens_the_address_sees_an_empty_form(browser, refused, who) -> None:
    page = browser.as_(who).get(refused.location)
    assert page.status == 200
    assert page.form("/people/new")["remark"].strip() == ""
    assert "سرّ" not in page.text


def test_without_signing_in_the_address_leads_to_the_door(browser, refused) -> None:
    assert browser.get(refused.location).location.startswith("/sign-in?then=/people/new?kept")


@pytest.mark.parametrize("uid", ["", "zzzzzzzzzz", "x" * 500])
def test_an_address_that_keeps_nothing_shows_an_empty_form(browser, uid) -> None:
    page = browser.as_("coordinator").get(f"/people/new?kept={uid}")
    assert page.status == 200


def test_what_was_kept_on_one_page_does_not_fill_another(browser, refused) -> None:
    kept = urlsplit(refused.location).query
    page = refused.browser.get(f"/groups/new?{kept}")
    assert "سرّ" not in page.text


def test_it_is_forgotten_after_a_week(app, browser, refused, clock) -> None:
    clock.forward(days=7, seconds=1)
    browser.as_("coordinator").post("/people/new", {"name": ""})
    assert number_of(app, KeptForm) == 1
    page = browser.as_("coordinator").get(refused.location)
    assert page.form("/people/new")["remark"].strip() == ""


def test_nothing_is_kept_of_a_form_from_another_site(app, browser) -> None:
    before = number_of(app, KeptForm)
    browser.as_("coordinator").post("/people/new", TYPED, foreign=True)
    assert number_of(app, KeptForm) == before


def test_a_refusal_changes_nothing(browser, refused) -> None:
    assert "0 people" in refused.browser.post("/people", {"q": "0599 555 123"}).follow()


def test_the_same_form_sent_twice_adds_one_person(browser) -> None:
    me = browser.as_("coordinator")
    form = me.get("/people/new").form("/people/new").fill(name="مرّة واحدة")
    first, second = form.press(), form.press()
    assert urlsplit(first.location).path == urlsplit(second.location).path
    assert "1 person" in me.post("/people", {"q": "مرّة واحدة"}).follow()


def test_two_people_of_one_name_are_two_forms(browser) -> None:
    me = browser.as_("coordinator")
    for _time in range(2):
        me.get("/people/new").form("/people/new").fill(name="مرّتين").press()
    assert "2 people" in me.post("/people", {"q": "مرّتين"}).follow()


def test_outsiders_fill_no_disk_with_forms(app, browser, organisation, clock, monkeypatch) -> None:
    monkeypatch.setattr(kept_forms, "FORMS_WITHOUT_ACCOUNT", 3)
    mine = browser.as_("coordinator")
    mine.post("/people/new", TYPED)
    before, there = number_of(app, KeptForm), f"/open/{organisation.workshop_b.link}"
    for number in range(5):
        clock.forward(seconds=1)
        page = browser.post(there, {"name": "", "hours": f"evenings {number}"})
    assert number_of(app, KeptForm) == before + 3
    assert "evenings 4" in page.follow().text
    assert number_of(app, KeptForm, KeptForm.owner_uid != "") == before


def test_what_an_outsider_typed_is_kept_up_to_the_length_of_a_note(app, browser) -> None:
    for signs, is_kept in ((60_000, True), (120_000, False)):
        browser.post("/people/new", {"name": "x", "remark": "x" * signs})
        (longest,) = rows(app, select(func.max(func.length(KeptForm.typed))))
        assert (longest > signs) == is_kept
        plant(app, delete(KeptForm))
