"""Closing somebody's access from a phone on a slow line, in two taps; and what their own open phone shows then."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Phones
from tests.browser.line import Line
from tests.browser.phone import Phone
from tests.browser.test_roll_call import tap
from tests.organisation import Account, Organisation

pytestmark = pytest.mark.browser
with_and_without = pytest.mark.parametrize("javascript", [True, False], ids=["js", "no js"])
CLOSE, MINE, OPEN_AGAIN = "حجب الاطّلاع", "حجب اطّلاعي الآن", "إعادة الاطّلاع"


def row(phone: Phone, colleague: str):
    """The colleague's row among the colleagues."""
    return phone.page.locator("main li").filter(has_text=colleague)


def enter(phone: Phone, account: Account, lands: str = "/more") -> None:
    """Sign in at the door that is open; somebody whose access is closed lands on *More*."""
    phone.page.locator("[name=username]").fill(account.username)
    phone.page.locator("[name=passphrase]").fill(account.passphrase)
    phone.page.locator("main button.go").click()
    phone.at(lands)


@with_and_without
def test_a_colleague_is_closed_and_opened_again_over_a_slow_line(
    phones: Phones, organisation: Organisation, line: Line, javascript: bool
) -> None:
    worried = phones("coordinator", path="/more", javascript=javascript, through=line)
    rana = phones("facilitator1", path="/groups")
    worried.page.locator("main a[href='/colleagues']").click()
    row(worried, "Facilitator1").get_by_role("button", name=CLOSE).click()
    worried.says("حُجب الاطّلاع. لا يُفتح لهم شيء")
    expect(row(worried, "Facilitator1")).to_contain_text("محجوب")
    rana.open("/groups")
    rana.at("/sign-in")

    row(worried, "Facilitator1").get_by_role("link", name=OPEN_AGAIN).click()
    worried.page.locator("[name=passphrase]").fill(organisation.staff["coordinator"].passphrase)
    worried.button(OPEN_AGAIN).click()
    worried.at("/colleagues")
    enter(rana, organisation.staff["facilitator1"], "/groups")
    expect(rana.page.locator(f"main a[href='/groups/{organisation.a.uid}']")).to_be_visible()


@with_and_without
def test_one_closes_ones_own_and_signing_in_shows_nothing(
    phones: Phones, organisation: Organisation, javascript: bool
) -> None:
    rana = phones("facilitator1", path="/more", javascript=javascript)
    rana.page.locator("main a[href='/pause']").click()
    rana.button(MINE).click()
    rana.at("/sign-in")
    enter(rana, organisation.staff["facilitator1"])
    assert rana.page.locator("nav a").count() == 1
    for path in ("/groups", f"/groups/{organisation.a.uid}", "/help", "/colleagues"):
        assert rana.page.goto(rana.address + path).status == 404
        assert organisation.a.members[0].name not in rana.page.content()


def test_a_page_that_was_open_shows_nothing_from_its_next_request_on(
    phones: Phones, organisation: Organisation
) -> None:
    """Nor once they have signed in again beside it; when it is lifted, what was tapped goes out."""
    meeting = f"/sessions/{organisation.a.meetings[7]}/attendance"
    rana, worried = phones("facilitator1", path=meeting), phones("coordinator", path="/colleagues")
    member = organisation.a.members[0]
    row(worried, "Facilitator1").get_by_role("button", name=CLOSE).click()
    worried.says("حُجب الاطّلاع")
    tap(rana, member.stay, "late")
    expect(rana.page.locator("#locked")).to_be_visible()
    expect(rana.marks(member.stay)).to_be_hidden()

    beside = rana.beside()
    enter(beside, organisation.staff["facilitator1"])
    with rana.page.expect_response(lambda answer: "/help" in answer.url) as asked:
        rana.hide(True)
        rana.hide(False)
    assert asked.value.status == 404
    expect(rana.page.locator("#locked")).to_be_visible()
    expect(rana.marks(member.stay)).to_be_hidden()

    row(worried, "Facilitator1").get_by_role("link", name=OPEN_AGAIN).click()
    worried.page.locator("[name=passphrase]").fill(organisation.staff["coordinator"].passphrase)
    worried.button(OPEN_AGAIN).click()
    worried.at("/colleagues")
    expect(rana.marks(member.stay).locator("[value=late][aria-pressed=true]")).to_be_visible()


def test_a_page_of_before_hides_also_where_they_signed_in_again_meanwhile(
    phones: Phones, organisation: Organisation
) -> None:
    meeting = f"/sessions/{organisation.a.meetings[7]}/attendance"
    rana, worried = phones("facilitator1", path=meeting), phones("coordinator", path="/colleagues")
    row(worried, "Facilitator1").get_by_role("button", name=CLOSE).click()
    worried.says("حُجب الاطّلاع")
    beside = Phone.opened(rana.context, rana.address, rana.context.new_page())
    beside.page.goto(rana.address + "/sign-in")
    enter(beside, organisation.staff["facilitator1"])
    member = organisation.a.members[0]
    tap(rana, member.stay, "late")
    expect(rana.page.locator("#locked")).to_be_visible()
    expect(rana.marks(member.stay)).to_be_hidden()
