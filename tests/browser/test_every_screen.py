"""Every page: at each width, in both languages, by day and by night, in large text, with the keyboard."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import Response, expect

from tests.accounts.authenticator import set_up
from tests.browser.conftest import Phones
from tests.browser.looks import unreached, wrong
from tests.browser.phone import Phone
from tests.browser.places import NO_PAGES, ON_THE_WAY, main_pages
from tests.client import Browser
from tests.conftest import Clock
from tests.organisation import Organisation

pytestmark = pytest.mark.browser
NOT_THERE = ("/problem/404", "/sessions/nothing")
WHO = ["", "facilitator1", "coordinator", "supervisor", "counsellor", "administrator"]
in_both = pytest.mark.parametrize("language", ["ar", "en"])
each_of_them = pytest.mark.parametrize("who", WHO, ids=lambda who: who or "nobody")


def opened(phone: Phone, path: str) -> None:
    """Open a page and be sure that it is that page: no refusal, no other place."""
    answer = phone.page.goto(phone.address + path)
    assert isinstance(answer, Response)
    expected = 404 if path.startswith(NOT_THERE) else 200
    assert (answer.status, phone.path) == (expected, path.partition("?")[0]), path


@each_of_them
@in_both
def test_every_page_looks_right(
    phones: Phones, organisation: Organisation, language: str, who: str
) -> None:
    phone = phones(who, path="/healthz")
    if who:
        phone.prefer(language=language)
    problems = {}
    for path in main_pages(organisation)[who]:
        opened(phone, path if who else f"{path}?language={language}")
        problems[path] = wrong(phone.page)
        if language == "ar":  # the order of what is on a page does not depend on its language
            problems[path] |= {"by keyboard": missed} if (missed := unreached(phone.page)) else {}
    assert not {path: what for path, what in problems.items() if what}


@in_both
def test_what_is_shown_on_the_way_in_looks_right(
    phones: Phones, organisation: Organisation, language: str
) -> None:
    administrator = phones("administrator").prefer(language=language).open("/staff/new")
    administrator.page.locator("[name=name]").fill("غيمة")
    administrator.page.locator(f"[name=language][value={language}]").check()
    administrator.page.locator("[name=facilitator]").check()
    sent(administrator, "/invitations/")
    assert not wrong(administrator.page)
    link = administrator.page.locator("main p.card").inner_text().strip()

    newcomer = phones("", path="/join/" + link.rpartition("/join/")[2])
    assert not wrong(newcomer.page)
    proposed = newcomer.page.locator("main .note b").inner_text()
    newcomer.page.locator("[name=passphrase]").fill(proposed)
    sent(newcomer, "/shown/")
    assert not wrong(newcomer.page)

    colleague = organisation.staff["facilitator1"]
    administrator.open(f"/colleagues/{colleague.uid}/anew")
    passphrase = organisation.staff["administrator"].passphrase
    administrator.page.locator("[name=passphrase]").fill(passphrase)
    sent(administrator, f"/colleagues/{colleague.uid}/anew/link")
    assert not wrong(administrator.page)
    link = administrator.page.locator("main p.card").inner_text().strip()
    lost = phones("", path="/anew/" + link.rpartition("/anew/")[2])
    assert not wrong(lost.page)
    lost.page.locator("[name=passphrase]").fill(proposed)
    lost.page.locator("main button.go").click()
    expect(lost.page.locator("main dd")).to_have_count(2)
    assert not wrong(lost.page)


@in_both
def test_the_page_that_asks_for_a_code_looks_right(
    phones: Phones, browser: Browser, organisation: Organisation, language: str
) -> None:
    set_up(browser.as_("facilitator1"))
    phone = phones(path=f"/sign-in?language={language}")
    account = organisation.staff["facilitator1"]
    phone.page.locator("[name=username]").fill(account.username)
    phone.page.locator("[name=passphrase]").fill(account.passphrase)
    sent(phone, "/sign-in/code")
    assert not wrong(phone.page)


@in_both
def test_a_locked_page_looks_right(
    phones: Phones, clock: Clock, organisation: Organisation, language: str
) -> None:
    phone = phones("facilitator1").prefer(language=language)
    clock.forward(minutes=21)
    phone.open("/groups").at("/locked")
    assert not wrong(phone.page)


@in_both
@pytest.mark.parametrize("what", ["copy", "list"])
def test_what_is_printed_with_names_looks_right(
    phones: Phones, organisation: Organisation, language: str, what: str
) -> None:
    path = {
        "copy": f"/people/{organisation.aid.person.uid}/copy",
        "list": f"/workshops/{organisation.workshop.uid}/export",
    }[what]
    phone = phones("coordinator").prefer(language=language).open(path)
    phone.page.locator("[name=passphrase]").fill(organisation.staff["coordinator"].passphrase)
    if what == "list":
        phone.page.locator("[value=sheet]").check()
    sent(phone, path + "/")
    assert not wrong(phone.page)


@in_both
def test_a_report_that_can_be_published_looks_right(
    phones: Phones, clock: Clock, language: str
) -> None:
    clock.forward(days=120)
    phone = phones("coordinator").prefer(language=language).open("/reports")
    phone.page.locator("main a[href*=drafts]").first.click()
    phone.page.wait_for_url("**/reports/drafts/*")
    assert not wrong(phone.page)
    phone.page.locator("main form button").last.click()
    phone.page.wait_for_url(lambda url: "/drafts/" not in url)
    assert not wrong(phone.page)


def test_a_report_is_one_page_of_paper(phones: Phones, organisation: Organisation) -> None:
    phone = phones("coordinator", path=f"/reports/{organisation.report}")
    paper = phone.page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1


def sent(phone: Phone, then: str) -> None:
    """Send the form that is open, and be on the page that follows."""
    phone.page.locator("main form button").last.click()
    phone.page.wait_for_url(lambda url: urlsplit(url).path.startswith(then))


def test_no_page_is_missing(app: Flask, organisation: Organisation) -> None:
    address = app.url_map.bind("localhost")
    looked_at = {
        address.match(path.partition("?")[0], return_rule=True)[0].rule
        for paths in main_pages(organisation).values()
        for path in paths
    }
    pages = {rule.rule for rule in app.url_map.iter_rules() if "GET" in rule.methods}
    assert pages == looked_at | set(ON_THE_WAY) | set(NO_PAGES)
    assert not looked_at & set(NO_PAGES)
