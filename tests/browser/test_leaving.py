"""Leaving quickly, and a page that shows nothing once one has turned away from it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import Phones
from tests.browser.phone import AWAY, Phone
from tests.organisation import Organisation

pytestmark = pytest.mark.browser
SHOWN = "(({display, opacity}) => display !== 'none' && opacity !== '0')(getComputedStyle(document.body))"


def stand_in_for_the_neutral_page(phone: Phone) -> None:
    """Answer for the other site, so that no test leaves this machine."""

    def answer(route: Route) -> None:
        route.fulfill(body="<!doctype html><title>Elsewhere</title>", content_type="text/html")

    phone.context.route(f"{AWAY}**", answer)


def expect_signed_out(phone: Phone) -> None:
    """Going back shows the sign-in page and nothing else."""
    phone.page.go_back()
    phone.at("/sign-in")
    expect(phone.page.locator("[name=passphrase]")).to_be_visible()


def test_leaving_quickly_comes_first_and_the_content_second(phones: Phones) -> None:
    phone = phones("facilitator1")
    phone.page.keyboard.press("Tab")
    expect(phone.button("خروج سريع", "header")).to_be_focused()
    phone.page.keyboard.press("Tab")
    expect(phone.link("الانتقال إلى المحتوى", "header")).to_be_focused()
    expect(phone.link("الانتقال إلى المحتوى", "header")).to_be_in_viewport()
    phone.page.keyboard.press("Enter")
    expect(phone.page.locator("main")).to_be_focused()


def test_leaving_blanks_at_once_and_ends_the_sign_in(
    phones: Phones, organisation: Organisation
) -> None:
    phone = phones("facilitator1")
    stand_in_for_the_neutral_page(phone)
    phone.open(f"/people/{organisation.a.members[0].uid}")
    at_once = phone.page.evaluate(
        f"() => {{ document.querySelector('#leave button').click(); "
        f"return [{SHOWN}, document.title] }}"
    )
    assert at_once == [False, "…"]
    phone.page.wait_for_url(AWAY)
    expect_signed_out(phone)


def test_leaving_works_without_javascript(phones: Phones) -> None:
    phone = phones("facilitator1", javascript=False)
    stand_in_for_the_neutral_page(phone)
    phone.button("خروج سريع", "header").click()
    phone.page.wait_for_url(AWAY)
    phone.open("/")
    phone.at("/sign-in")


def test_three_shifts_leave_too(phones: Phones, organisation: Organisation) -> None:
    phone = phones("facilitator1").open(f"/sessions/{organisation.a.meetings[7]}/note")
    stand_in_for_the_neutral_page(phone)
    phone.page.locator("textarea").first.press_sequentially("Names With Capitals")
    assert phone.path.endswith("/note")
    for _ in range(3):
        phone.page.keyboard.press("Shift")
    phone.page.wait_for_url(AWAY)
    expect_signed_out(phone)


def test_leaving_works_while_signed_out(phones: Phones) -> None:
    phone = phones(path="/sign-in")
    stand_in_for_the_neutral_page(phone)
    phone.button("خروج سريع", "header").click()
    phone.page.wait_for_url(AWAY)


def test_leaving_does_not_ask_about_an_unsaved_note(
    phones: Phones, organisation: Organisation
) -> None:
    phone = phones("facilitator1", path=f"/sessions/{organisation.a.meetings[7]}/note")
    stand_in_for_the_neutral_page(phone)
    asked: list[str] = []
    phone.page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    phone.page.locator("textarea").first.press_sequentially("لم يُحفظ بعد")
    phone.button("خروج سريع", "header").click()
    phone.page.wait_for_url(AWAY)
    assert not asked


def test_a_page_in_the_background_is_blank_at_once_and_back_at_once(phones: Phones) -> None:
    phone = phones("facilitator1")
    phone.page.clock.install()
    phone.open("/groups")
    phone.hide(True)
    assert not phone.page.evaluate(SHOWN), "The app switcher keeps a picture of it."
    phone.page.clock.run_for(119_000)
    phone.hide(False)
    assert phone.page.evaluate(SHOWN)
    phone.page.clock.run_for(300_000)
    assert phone.page.evaluate(SHOWN)


def test_a_page_that_was_away_for_two_minutes_is_asked_for_anew(phones: Phones) -> None:
    phone = phones("facilitator1")
    phone.page.clock.install()
    phone.open("/groups")
    phone.hide(True)
    phone.page.clock.run_for(121_000)
    with phone.page.expect_navigation():  # the sign-in may have locked
        phone.hide(False)
    assert phone.page.evaluate(SHOWN)


def test_whoever_turns_away_while_writing_goes_on_where_they_were(
    phones: Phones, organisation: Organisation
) -> None:
    phone = phones("facilitator1", path=f"/sessions/{organisation.a.meetings[7]}/note")
    box = phone.page.locator("textarea").last
    box.press_sequentially("كلمة")
    where = phone.page.evaluate("scrollY")
    phone.hide(True)
    phone.hide(False)
    expect(box).to_be_focused()
    assert phone.page.evaluate("scrollY") == where


def test_a_page_that_is_left_is_blank_in_the_tab_overview(phones: Phones) -> None:
    phone = phones("facilitator1")
    phone.page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))")
    assert not phone.page.evaluate(SHOWN)
    with phone.page.expect_navigation():
        phone.page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    assert phone.page.evaluate(SHOWN)


def test_signing_out_and_going_back_shows_nothing(phones: Phones) -> None:
    phone = phones("facilitator1", path="/groups")
    phone.open("/more")
    phone.button("تسجيل الخروج").click()
    phone.at("/sign-in")
    expect_signed_out(phone)


@pytest.mark.parametrize("where", ["note", "card"])
def test_what_is_typed_outlives_two_minutes_away_without_a_line(
    phones: Phones, organisation: Organisation, where: str
) -> None:
    note = f"/sessions/{organisation.a.meetings[7]}/note"
    who, path, box = {
        "note": ("facilitator1", note, "[name=happened]"),
        "card": ("coordinator", "/people/new", "[name=remark]"),
    }[where]
    phone = phones(who)
    phone.page.clock.install()
    phone.open(path)
    phone.context.set_offline(True)
    phone.page.locator(box).fill("كُتب في الحافلة")
    phone.hide(True)
    phone.page.clock.run_for(125_000)
    phone.hide(False)
    expect(phone.page.locator(box)).to_be_hidden()
    expect(phone.page.locator("#locked")).to_be_visible()
    phone.context.set_offline(False)
    expect(phone.page.locator(box)).to_be_visible()
    expect(phone.page.locator(box)).to_have_value("كُتب في الحافلة")
    expect(phone.page.locator("#locked")).to_be_hidden()


def test_a_locked_page_keeps_what_was_typed_until_the_passphrase(
    phones: Phones, organisation: Organisation, clock: Any
) -> None:
    phone = phones("coordinator")
    phone.page.clock.install()
    phone.open("/people/new")
    phone.page.locator("[name=remark]").fill("سطر طويل لم يُحفظ بعد")
    phone.hide(True)
    phone.page.clock.run_for(125_000)
    clock.forward(minutes=30)
    phone.hide(False)
    expect(phone.page.locator("[name=remark]")).to_be_hidden()
    other = phone.beside()
    other.page.locator("[name=passphrase]").fill(organisation.staff["coordinator"].passphrase)
    other.page.locator("main form button").first.click()
    other.at("/")
    phone.hide(True)
    phone.hide(False)
    expect(phone.page.locator("[name=remark]")).to_have_value("سطر طويل لم يُحفظ بعد")
    phone.page.locator("[name=name]").fill("بداية")
    phone.button("حفظ").click()
    phone.says("سطر طويل لم يُحفظ بعد")


@pytest.mark.parametrize(("by_touch", "minutes"), [(True, "10"), (False, "20")])
def test_a_tablet_without_a_phones_name_locks_as_soon_as_a_phone(
    phones: Phones, organisation: Organisation, by_touch: bool, minutes: str
) -> None:
    account = organisation.staff["facilitator1"]
    size = {"width": 1024, "height": 768}
    tablet = phones("", has_touch=by_touch, viewport=size, path="/sign-in")
    tablet.page.locator("[name=username]").fill(account.username)
    tablet.page.locator("[name=passphrase]").fill(account.passphrase)
    tablet.page.locator("main button").click()
    tablet.at("/")
    expect(tablet.page.locator("html")).to_have_attribute("data-idle", minutes)
