"""My sign-ins, and the passphrase: what ends which sign-in, also for whoever stole a cookie."""

from __future__ import annotations

import pytest

from app.accounts.models import SignIn, User
from tests.client import Browser, Page
from tests.web.records import number_of, one, trail_of

FRESH = "velvet-gargle-canteen-scarf-quiver"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5) AppleWebKit/605 Version/17.5 Mobile/15E148"


def copy_of(me: Browser) -> Browser:
    """A browser with a stolen copy of the cookie."""
    thief = Browser(me.app, me.staff)
    thief.client.set_cookie("daftar", me.client.get_cookie("daftar").value)
    assert thief.get("/").status == 200
    return thief


def change(me: Browser, old: str, new: str = FRESH) -> Page:
    form = me.get("/passphrase").form("/passphrase")
    return form.fill(passphrase=old, new=new).press()


@pytest.fixture
def me(browser: Browser) -> Browser:
    return browser.as_("facilitator1")


@pytest.fixture
def thief(browser: Browser) -> Browser:
    """Somebody with a copy of the cookie of facilitator1's other device."""
    return copy_of(browser.as_("facilitator1"))


def is_out(browser: Browser) -> bool:
    return browser.get("/").location == "/sign-in?then=/"


def test_the_list_tells_a_phone_from_a_computer_and_says_which_is_this_one(browser, me) -> None:
    account, phone = browser.staff["facilitator1"], Browser(browser.app, browser.staff)
    typed = {"username": account.username, "passphrase": account.passphrase}
    phone.post("/sign-in", typed, User_Agent=PHONE)
    page = me.get("/sign-ins")
    assert "Phone" in page and "Computer" in page
    assert page.words.count("this one") == 1
    assert len([f for f in page.root.all("form") if f["action"].endswith("/end")]) == 2


def test_ending_one_ends_that_one(me, thief, browser) -> None:
    third = browser.as_("facilitator1")
    ends = [f["action"] for f in me.get("/sign-ins").root.all("form")]
    for action in [a for a in ends if a.count("/") == 3]:
        before = (is_out(thief), is_out(third))
        assert me.post(action).location.endswith("said=sign-in-ended")
        assert (is_out(thief), is_out(third)) != before
    assert is_out(thief) and is_out(third) and not is_out(me)


def test_ending_all_others_leaves_this_one(app, me, thief, browser) -> None:
    colleague = browser.as_("facilitator2")
    me.get("/sign-ins").form("/sign-ins/end").press()
    assert is_out(thief) and not is_out(me) and not is_out(colleague)
    assert "sign-ins-ended" in [row.action for row in trail_of(app)]


def test_nobody_ends_a_colleagues_sign_in_nor_sees_it(app, browser, me) -> None:
    colleague = browser.as_("facilitator2")
    with app.app_context():
        theirs = [
            row.digest
            for row in SignIn.query.all()
            if row.user_uid == browser.staff["facilitator2"].uid
        ]
    assert theirs[0] not in me.get("/sign-ins").text
    assert me.post(f"/sign-ins/{theirs[0]}/end").location == "/problem/404"
    assert not is_out(colleague)


@pytest.mark.parametrize("address", ["/sign-out", "/leave"])
def test_a_stolen_copy_ends_with_the_original(me, address) -> None:
    thief = copy_of(me)
    me.post(address)
    assert is_out(thief)


def test_a_new_passphrase_ends_the_others_and_the_old_one_opens_nothing(browser, me, thief) -> None:
    account = browser.staff["facilitator1"]
    assert change(me, account.passphrase).location == "/more?said=passphrase"
    assert is_out(thief) and not is_out(me)
    tried = {"username": account.username, "passphrase": account.passphrase}
    assert browser.post("/sign-in", tried).follow().status == 422
    assert browser.post("/sign-in", tried | {"passphrase": FRESH}).location == "/"


def test_a_new_passphrase_ends_also_a_stolen_copy_of_this_very_cookie(browser, me) -> None:
    thief = copy_of(me)
    change(me, browser.staff["facilitator1"].passphrase)
    assert is_out(thief)


def test_a_new_passphrase_ends_a_locked_sign_in_too(browser, clock) -> None:
    old = browser.staff["facilitator1"].passphrase
    lying = browser.as_("facilitator1")
    clock.forward(minutes=21)
    me = browser.as_("facilitator1")
    change(me, old)
    assert is_out(lying)
    assert lying.post("/locked", {"passphrase": old}).location == "/sign-in"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("wrong words here", FRESH),
        ("facilitator2 olive river stone lamp", FRESH),
        ("", FRESH),
        ("facilitator1 olive river stone lamp", "password"),
        ("facilitator1 olive river stone lamp", ""),
    ],
)
def test_a_wrong_or_weak_passphrase_changes_nothing(app, browser, me, thief, old, new) -> None:
    uid = browser.staff["facilitator1"].uid
    before = one(app, User, uid).private_key
    page = change(me, old, new).follow()
    assert page.status == 422
    assert page.form("/passphrase")["passphrase"] == page.form("/passphrase")["new"] == ""
    assert one(app, User, uid).private_key == before
    assert not is_out(thief)


def test_whoever_mistyped_the_old_passphrase_often_changes_it_with_the_right_one(
    browser, me
) -> None:
    for number in range(20):
        assert change(me, f"guess {number}").follow().status == 422
    assert change(me, browser.staff["facilitator1"].passphrase).location.startswith("/more")


def test_the_recovery_code_opens_the_key_also_after_the_passphrase_changed(browser, me) -> None:
    account = browser.staff["facilitator1"]
    change(me, account.passphrase)
    typed = {
        "username": account.username,
        "code": account.recovery_code,
        "passphrase": "unfold-" + FRESH,
    }
    assert browser.post("/recover", typed).location.startswith("/shown/")


def test_departure_ends_every_sign_in_at_once(app, browser, me, thief) -> None:
    uid = browser.staff["facilitator1"].uid
    browser.as_("administrator").post(f"/staff/{uid}/end")
    assert is_out(me) and is_out(thief)
    assert number_of(app, SignIn, SignIn.user_uid == uid) == 0


def test_signing_out_works_while_locked(app, me, clock) -> None:
    clock.forward(minutes=21)
    me.post("/sign-out")
    assert number_of(app, SignIn) == 0
