"""Whoever forgot their passphrase has the printed code: once, with a new one in its place."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.accounts.models import SignIn, User
from tests.accounts.authenticator import half_signed_in, set_up
from tests.client import Browser, Page
from tests.web.records import number_of, one, rows, trail_of

FRESH = "velvet-gargle-canteen-scarf-quiver"


def recover(browser: Browser, who: str = "facilitator1", **other: str) -> Page:
    """What the recovery form answers: with the printed code, unless something else is typed."""
    account = browser.staff[who]
    typed = {"username": account.username, "code": account.recovery_code, "passphrase": FRESH}
    return browser.get("/recover").form("/recover").fill(**(typed | other)).press()


def signs_in(browser: Browser, passphrase: str, who: str = "facilitator1") -> bool:
    other = Browser(browser.app, browser.staff)
    typed = {"username": browser.staff[who].username, "passphrase": passphrase}
    return other.post("/sign-in", typed).location == "/"


def printed(page: Page) -> str:
    """The new code on the page that follows."""
    return page.follow().root.all("b", class_="ltr long")[1].words


def test_the_printed_code_sets_a_new_passphrase_and_the_old_one_is_worth_nothing(
    browser, organisation
) -> None:
    page = recover(browser)
    assert page.location.startswith("/shown/")
    printed(page)
    assert organisation.a.members[0].name in browser.get(f"/groups/{organisation.a.uid}")
    assert signs_in(browser, FRESH)
    assert not signs_in(browser, browser.staff["facilitator1"].passphrase)


def test_what_was_readable_before_is_readable_after(browser, organisation) -> None:
    recover(browser)
    assert "تحدّثنا عن البدايات" in browser.get(f"/notes/{organisation.a.note}")


def test_a_code_works_once_and_the_new_one_works(browser) -> None:
    code = printed(recover(browser))
    other = Browser(browser.app, browser.staff)
    assert recover(other).follow().status == 422
    assert recover(other, code=code.lower().replace("-", " ")).location.startswith("/shown/")


def test_every_other_sign_in_ends(app, browser) -> None:
    phone, laptop = browser.as_("facilitator1"), browser.as_("facilitator1")
    recover(browser)
    for device in (phone, laptop):
        assert device.get("/").location == "/sign-in?then=/"
    assert browser.get("/").status == 200
    assert number_of(app, SignIn) == 1


def test_it_stands_in_once_for_a_lost_second_factor(browser, clock) -> None:
    set_up(browser.as_("facilitator1"))
    clock.forward(minutes=1)
    half_signed_in(browser, "facilitator1")
    recover(browser)
    assert signs_in(browser, FRESH)  # in the demo no code is asked for until one is set up anew
    app = set_up(browser)
    assert len(app.seed) == 20


def test_administrators_see_that_it_was_used(app, browser) -> None:
    assert "recovered" not in browser.as_("administrator").get("/staff")
    recover(browser)
    assert "recovered" in browser.as_("administrator").get("/staff")
    assert "recovered" in [row.action for row in trail_of(app)]


def test_those_who_share_a_vault_with_them_and_administrators_learn_of_it_for_a_week(
    browser, clock
) -> None:
    words = "the printed recovery code was used"
    recover(browser)
    told = ("administrator", "facilitator2", "coordinator", "supervisor")
    for who in told:
        page = browser.as_(who).get("/")
        assert words in page and "Facilitator1" in page
    for who in ("coordinator_b", "facilitator3", "counsellor"):
        assert words not in browser.as_(who).get("/")
    assert words not in browser.get("/")
    clock.forward(days=7)
    assert all(words not in browser.as_(who).get("/") for who in told)


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "AAAA-BBBB-CCCC-DDDD-EEEE-FFFF-GG"},
        {"code": "0"},
        {"username": "nobody-here"},
        {"username": "facilitator2"},
        {"passphrase": "password"},
        {"passphrase": ""},
        {"code": ""},
    ],
    ids=str,
)
def test_what_is_wrong_changes_nothing(app, browser, wrong) -> None:
    uid = browser.staff["facilitator1"].uid
    before = one(app, User, uid)
    me = browser.as_("facilitator1")
    page = recover(browser, **wrong)
    assert page.location.startswith("/recover?kept=")
    assert page.follow().status == 422
    after = one(app, User, uid)
    assert after.private_key == before.private_key
    assert after.private_key_for_recovery == before.private_key_for_recovery
    assert me.get("/").status == 200


def test_a_colleagues_code_opens_nothing(browser) -> None:
    code = browser.staff["facilitator2"].recovery_code
    assert recover(browser, code=code).follow().status == 422


def test_a_code_and_an_unknown_name_get_the_same_words(browser) -> None:
    said = {
        recover(browser, **wrong).follow().root.first("div", id="errors").words
        for wrong in ({"username": "nobody-here"}, {"code": "AAAA"})
    }
    assert len(said) == 1


def test_no_number_of_wrong_codes_keeps_out_whoever_has_the_right_one(browser) -> None:
    for number in range(20):
        assert recover(browser, code=f"guess {number}").location.startswith("/recover?kept=")
    assert recover(browser).location.startswith("/shown/")


def test_whoever_left_does_not_come_back_with_the_printed_code(browser) -> None:
    uid = browser.staff["facilitator1"].uid
    browser.as_("administrator").post(f"/staff/{uid}/end")
    assert recover(browser).follow().status == 422


def test_neither_code_nor_passphrase_is_kept_in_the_form(browser) -> None:
    page = recover(browser, passphrase="password").follow()
    form = page.form("/recover")
    assert form["username"] == "facilitator1"
    assert form["code"] == form["passphrase"] == ""
    assert browser.staff["facilitator1"].recovery_code not in page.text


def test_a_refused_recovery_is_written_down(app, browser) -> None:
    recover(browser, code="AAAA")
    last = trail_of(app)[-1]
    assert (last.action, last.result, last.actor_uid) == ("recover", "refused", "")
    assert rows(app, select(User.recovered_at).where(User.recovered_at.is_not(None))) == []
