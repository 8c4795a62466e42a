"""From an invitation to the first page: a link, a passphrase of one's own, a printed code."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from sqlalchemy import select, update

from app.accounts.models import Invitation, ShownOnce, SignIn, User, UserRole
from app.vault.models import Vault
from tests.client import Browser, Page
from tests.web.records import number_of, plant, rows, trail_of

OWN = "gargle-velvet-quiver-canteen-scarf"


def invite(admin: Browser, name: str = "Samira", **roles: bool) -> str:
    """Invite someone as a person would; the path of the link that is then shown."""
    form = admin.get("/staff").browser.get("/staff/new").form("/staff/new")
    page = form.fill(name=name, language="en", **(roles or {"facilitator": True})).press().follow()
    link = next((p for p in page.root.all("p", dir="ltr") if "/join/" in p.words), None)
    assert link is not None
    return urlsplit(link.words).path


def is_over(page: Page) -> bool:
    """Whether the page says that the link no longer works: there is nothing to fill in."""
    return page.status in (200, 422) and not page.root.all("input", name="passphrase")


def join(browser: Browser, link: str, passphrase: str = OWN) -> Page:
    """The page that follows after *Join*."""
    return browser.get(link).form(link).fill(passphrase=passphrase).press()


@pytest.fixture
def admin(browser: Browser) -> Browser:
    """The administrator's browser."""
    return browser.as_("administrator")


@pytest.fixture
def link(admin: Browser) -> str:
    """A fresh link, for a facilitator."""
    return invite(admin)


def test_someone_invited_joins_with_a_passphrase_of_their_own_and_signs_in_with_it(
    app, browser, link
) -> None:
    door = browser.get(link)
    assert "Samira" in door
    assert len(door.root.first("b", class_="ltr long").words.split("-")) >= 5
    page = join(browser, link).follow()
    username, code = (b.words for b in page.root.all("b", class_="ltr long"))
    assert username.count("-") >= 1 and len(code.replace("-", "")) == 26
    assert "Samira" in browser.get("/more")
    browser.post("/sign-out")
    again = Browser(app, {})
    assert again.post("/sign-in", {"username": username, "passphrase": OWN}).location == "/"
    assert again.get("/groups").status == 200


def test_the_account_has_the_roles_of_the_invitation_and_a_vault_of_its_own(
    app, browser, admin
) -> None:
    join(browser, invite(admin, facilitator=True, supervisor=True))
    (uid,) = rows(app, select(User.uid).where(User.working_name == "Samira"))
    roles = rows(app, select(UserRole.role).where(UserRole.user_uid == uid))
    assert sorted(roles) == ["facilitator", "supervisor"]
    assert number_of(app, Vault, Vault.kind == "own", Vault.of_uid == uid) == 1


def test_the_administrator_sees_the_invitation_and_never_a_passphrase(browser, admin, link) -> None:
    assert "Samira" in admin.get("/staff")
    join(browser, link)
    page = admin.get("/staff")
    assert "Open invitations" not in page
    assert OWN not in page.text


def test_the_link_stands_nowhere_in_the_database(app, link) -> None:
    token = link.rpartition("/")[2]
    (row,) = rows(app, select(Invitation))
    assert token not in "".join(str(value) for value in vars(row).values())


def test_what_was_done_is_written_down(app, browser, link) -> None:
    join(browser, link)
    actions = [row.action for row in trail_of(app)]
    assert [a for a in actions if a in ("invited", "staff-added")][-2:] == [
        "invited",
        "staff-added",
    ]


@pytest.mark.parametrize(("late", "works"), [(0, True), (1, False)])
def test_a_link_works_for_72_hours_and_not_a_second_longer(
    app, browser, link, clock, late, works
) -> None:
    clock.forward(hours=72)
    assert browser.get(link).form(link)
    clock.forward(seconds=late)
    assert is_over(browser.get(link)) is not works
    before = number_of(app, User)
    browser.post(link, {"passphrase": OWN})
    assert number_of(app, User) == before + works


def test_a_link_works_once(app, browser, link) -> None:
    join(browser, link)
    other, before = Browser(app, {}), number_of(app, User)
    assert is_over(other.get(link))
    assert is_over(other.post(link, {"passphrase": OWN}).follow())
    assert number_of(app, User) == before


def test_a_link_that_was_taken_back_works_no_more(app, browser, admin, link) -> None:
    before = number_of(app, User)
    admin.get("/staff").form("/end").press()
    assert is_over(browser.get(link))
    assert is_over(browser.post(link, {"passphrase": OWN}).follow())
    assert number_of(app, User) == before


def test_an_invitation_taken_back_twice_is_not_there(app, admin, link) -> None:
    action = admin.get("/staff").form("/end").node["action"]
    admin.post(action)
    assert admin.post(action).location == "/problem/404"


@pytest.mark.parametrize("token", ["x", "0" * 32, "../staff", "%00", "أ"])
def test_a_link_that_nobody_made_works_not(browser, link, token) -> None:
    page = browser.get(f"/join/{token}")
    assert page.status == 404 or is_over(page)


def test_two_links_are_not_interchangeable(app, browser, admin) -> None:
    first, second = invite(admin, "Samira"), invite(admin, "Nadim", supervisor=True)
    mixed = first[:-8] + second[-8:]
    assert is_over(browser.get(mixed))
    assert is_over(browser.post(mixed, {"passphrase": OWN}).follow())
    assert "Samira" in browser.get(first) and "Nadim" in browser.get(second)


def test_roles_cannot_be_typed_into_the_link(app, browser, link) -> None:
    browser.post(link, {"passphrase": OWN, "administrator": "y", "roles": "administrator"})
    (uid,) = rows(app, select(User.uid).where(User.working_name == "Samira"))
    assert rows(app, select(UserRole.role).where(UserRole.user_uid == uid)) == ["facilitator"]


@pytest.mark.parametrize(
    "weak",
    ["", "password", "facilitator", "olive river stone", "12345678901234567890", "مرحبا بكم"],
)
def test_a_weak_passphrase_is_refused_in_words_and_the_link_still_works(
    app, browser, link, weak
) -> None:
    before = number_of(app, User)
    page = join(browser, link, weak).follow()
    assert page.status == 422
    assert page.root.first("div", id="errors")
    assert number_of(app, User) == before
    assert page.form(link)["passphrase"] == ""
    assert join(browser, link).location.startswith("/shown/")


@pytest.mark.parametrize(
    "known",
    [
        "correct horse battery staple",
        "the quick brown fox jumps over",
        "i love you so much my dear",
    ],
)
def test_a_known_sentence_is_refused(app, browser, link, known) -> None:
    before = number_of(app, User)
    browser.post(link, {"passphrase": known})
    assert number_of(app, User) == before


def test_someone_invited_in_english_reads_english(browser, link) -> None:
    assert browser.get(link).root.first("html")["lang"] == "en"


def test_the_five_words_proposed_are_strong_enough(browser, link) -> None:
    for _time in range(3):
        proposed = browser.get(link).root.first("b", class_="ltr long").words
        assert join(browser, link, "weak").location.startswith(link)
    assert join(browser, link, proposed).location.startswith("/shown/")


def test_without_a_role_nobody_is_invited(app, admin) -> None:
    page = admin.get("/staff/new").form("/staff/new").fill(name="Samira").press().follow()
    assert page.status == 422
    assert number_of(app, Invitation) == 0


def test_the_link_is_shown_for_ten_minutes_and_to_its_maker_alone(
    app, browser, admin, clock
) -> None:
    plant(
        app,
        UserRole.__table__.insert().values(
            user_uid=browser.staff["coordinator"].uid, role="administrator"
        ),
    )
    form = admin.get("/staff/new").form("/staff/new")
    there = form.fill(name="Samira", facilitator=True).press().location
    assert browser.as_("coordinator").get(there).status == 404
    clock.forward(minutes=10)
    assert admin.get(there).status == 200
    clock.forward(seconds=1)
    assert admin.get(there).status == 404


def test_the_printed_code_is_shown_for_ten_minutes_and_to_nobody_else(
    app, browser, link, clock
) -> None:
    there = join(browser, link).location
    assert browser.get(there).status == browser.get(there).status == 200
    assert browser.as_("facilitator1").get(there).status == 404
    assert Browser(app, {}).get(there).location == f"/sign-in?then={there}"
    clock.forward(minutes=10)
    assert browser.get(there).status == 200
    clock.forward(seconds=1)
    assert browser.get(there).location.startswith("/locked") or browser.get(there).status == 404


def test_what_was_shown_cannot_be_read_in_the_database(app, browser, link) -> None:
    code = join(browser, link).follow().root.all("b", class_="ltr long")[1].words
    for sealed in rows(app, select(ShownOnce.text)):
        assert code.encode() not in sealed and link.encode() not in sealed


def test_what_was_shown_to_one_does_not_open_under_anothers_name(app, browser, link) -> None:
    there = join(browser, link).location
    uid = browser.staff["facilitator1"].uid
    plant(app, update(ShownOnce).values(user_uid=uid))
    assert browser.as_("facilitator1").get(there).status == 404
    assert number_of(app, SignIn)
