"""Every other form behind a line: it says that it is being sent, goes once, and keeps what was typed."""

from __future__ import annotations

from functools import partial

import pytest
from flask import Flask
from playwright.sync_api import expect

from app.people.models import Person
from tests.browser.conftest import Phones
from tests.browser.line import AFTER, BAD_GATEWAY, BEFORE, IN_THE_MIDDLE, Line
from tests.browser.phone import AWAY
from tests.browser.test_leaving import stand_in_for_the_neutral_page
from tests.browser.test_staff import join
from tests.browser.test_workshops import NICKNAME
from tests.conftest import Clock
from tests.organisation import Organisation
from tests.web.records import number_of

pytestmark = pytest.mark.browser
SENDING, LOST = "جارٍ الإرسال…", "لم يُرسَل: لا اتصال. ما كتبتموه ما زال هنا"
NAME = "ضيفة الغيم"


@pytest.fixture
def newcomer(organisation: Organisation) -> str:
    """The address of the form for somebody who comes to a session for the first time."""
    return f"/sessions/{organisation.a.meetings[7]}/people/new"


def posts(line: Line) -> int:
    return len([each for each in line.asked if each.startswith("POST")])


def test_a_form_says_at_once_that_it_is_sent_and_goes_once_however_often_it_is_tapped(
    app: Flask, phones: Phones, newcomer: str, line: Line
) -> None:
    phone = phones("facilitator1", through=line, path=newcomer)
    phone.page.locator("[name=name]").fill(NAME)
    line.begin()
    said = phone.page.evaluate(
        """() => {
          const form = document.querySelector("[name=name]").form;
          for (let time = 0; time < 5; time++) form.querySelector("button").click();
          return form.innerText;
        }"""
    )
    assert SENDING in said
    phone.says("سُجّل 1 من 13")
    assert posts(line) == 1


@pytest.mark.parametrize("fate", [BEFORE, AFTER, IN_THE_MIDDLE, BAD_GATEWAY])
def test_where_the_line_is_lost_what_was_typed_is_still_there_and_is_sent_once(
    app: Flask, phones: Phones, newcomer: str, short_line: Line, fate: str
) -> None:
    phone, before = (
        phones("facilitator1", through=short_line, path=newcomer),
        number_of(app, Person),
    )
    phone.page.locator("[name=name]").fill(NAME)
    short_line.down(fate)
    phone.button("حفظ").click()
    if fate != IN_THE_MIDDLE:  # the answer is a header alone: it has no middle
        phone.says(LOST)
        assert phone.path == newcomer and "Bad Gateway" not in phone.page.content()
        expect(phone.page.locator("[name=name]")).to_have_value(NAME)
        short_line.mend()
        phone.button("حفظ").click()
    phone.says("سُجّل 1 من 13")
    assert number_of(app, Person) == before + 1


def test_a_refused_form_comes_back_over_the_line_with_its_message(
    phones: Phones, newcomer: str, line: Line
) -> None:
    phone = phones("facilitator1", through=line, path=newcomer)
    phone.page.locator("[name=number]").fill("0599")
    phone.button("حفظ").click()
    phone.says("اكتبوا اسمًا", "#errors")
    expect(phone.page.locator("[name=number]")).to_have_value("0599")


def test_a_form_whose_sign_in_ended_is_hidden_and_sent_when_it_is_back(
    phones: Phones, organisation: Organisation, newcomer: str, clock: Clock
) -> None:
    phone = phones("facilitator1", path=newcomer)
    phone.page.locator("[name=name]").fill(NAME)
    clock.forward(minutes=9 * 60)
    phone.button("حفظ").click()
    expect(phone.page.locator("[name=name]")).to_be_hidden()
    phone.beside().type_sign_in(organisation.staff["facilitator1"])
    phone.page.evaluate("dispatchEvent(new Event('focus'))")
    expect(phone.page.locator("[name=name]")).to_have_value(NAME)
    phone.button("حفظ").click()
    phone.says("سُجّل 1 من 13")


def test_a_search_finds_behind_a_slow_line_and_says_where_it_is_lost(
    phones: Phones, organisation: Organisation, line: Line
) -> None:
    phone = phones("coordinator", through=line, path="/people")
    phone.page.locator("main [name=q]").fill(organisation.candidate.name)
    phone.says("شخص واحد", "#found")
    line.down(BAD_GATEWAY)
    phone.page.locator("main [name=q]").fill("xyz")
    phone.says(LOST)
    phone.says("شخص واحد", "#found")


def test_signing_in_and_out_behind_a_slow_line(
    phones: Phones, organisation: Organisation, line: Line
) -> None:
    phone = phones("", through=line, path="/sign-in")
    account = organisation.staff["facilitator1"]
    phone.page.locator("[name=username]").fill(account.username)
    phone.page.locator("[name=passphrase]").fill("wrong")
    phone.button("تسجيل الدخول").click()
    phone.says("لا يتوافقان", "#errors")
    phone.type_sign_in(account)
    phone.open("/more")
    phone.button("تسجيل الخروج").click()
    phone.at("/sign-in")


@pytest.mark.parametrize("javascript", [True, False], ids=["js", "no-js"])
def test_somebody_signs_up_in_public_behind_a_slow_line(
    phones: Phones, organisation: Organisation, line: Line, javascript: bool
) -> None:
    path = f"/open/{organisation.workshop.link}"
    theirs = phones("", javascript=javascript, through=line, path=path)
    theirs.page.locator("[name=name]").fill(NICKNAME)
    theirs.button("تسجيل").click()
    theirs.says("رقمكم 2 على قائمة الانتظار.")


def test_leaving_without_a_line_ends_the_sign_in_with_whatever_is_asked_next(
    phones: Phones, organisation: Organisation
) -> None:
    phone = phones("facilitator1", path=f"/people/{organisation.a.members[0].uid}")
    stand_in_for_the_neutral_page(phone)
    phone.context.set_offline(True)
    phone.button("خروج سريع", "header").click()
    phone.page.wait_for_url(AWAY)
    phone.context.set_offline(False)
    other = phone.context.new_page()
    other.goto(f"{phone.address}/people/{organisation.a.members[0].uid}")
    assert other.url.startswith(f"{phone.address}/sign-in")
    expect(other.locator("[name=passphrase]")).to_be_visible()
    other.close()
    phone.open("/")
    phone.at("/sign-in")
    phone.type_sign_in(organisation.staff["facilitator1"])
    phone.at("/")


def test_somebody_joins_by_their_invitation_behind_a_slow_line(phones: Phones, line: Line) -> None:
    assert join(partial(phones, through=line), True).path == "/"
