"""What a phone on a slow line has to fetch: each page and region within its budget, deterministically."""

from __future__ import annotations

import brotli
import pytest
from flask import Flask

from app.extensions import db
from app.people import cards
from app.people import queries as people
from app.people.rules import Card
from app.web.paging import ROWS
from tests.access.acting import coordinate
from tests.client import Browser, Page
from tests.organisation import NOW, Organisation, viewer
from tests.records import attempts
from tests.source import modules

# Bytes. docs/ARCHITECTURE.md says how they were found.
PAGE, PAGE_RAW = 4_096, 20_480
REGION = 1_024
TAP_RAW = 600
STYLE, SCRIPTS = 4_096, 15_872
FIRST_VISIT, FIRST_REQUESTS = 23 * 1024, 4
COOKIES = 300
LETTERS = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي"
READERS = ("coordinator", "facilitator1", "supervisor", "administrator", "counsellor")


def page_addresses(app: Flask, organisation: Organisation) -> list[str]:
    """Every page there is, of the largest group."""
    return [
        attempt.address
        for rule in app.url_map.iter_rules()
        if "GET" in rule.methods
        and not rule.rule.startswith(("/static", "/healthz"))
        and not rule.rule.endswith("csv):as_>")  # a file
        for attempt in attempts(app, "GET", rule.rule, organisation).get("own", [])
    ]


def weight(page: Page) -> int:
    """The bytes that travel: as sent, or as brotli 5 would make them where they are few."""
    return min(len(page.sent), len(brotli.compress(page.body, quality=5)))


@pytest.mark.parametrize("who", READERS)
def test_every_page_keeps_to_its_budget(
    who: str, browser: Browser, organisation: Organisation
) -> None:
    reader = browser.as_(who)
    heavy, opened = [], 0
    for address in page_addresses(browser.app, organisation):
        page = reader.get(address)
        if page.status != 200:
            continue
        opened += 1
        if weight(page) > PAGE or len(page.body) > PAGE_RAW:
            heavy.append(f"{address}: {weight(page)} bytes, {len(page.body)} unpacked")
    assert opened > 2
    assert not heavy, (
        f"At most {PAGE} bytes a page, {PAGE_RAW} unpacked: show fewer rows, write a repeated part "
        f"shorter, or move what few need to a page of its own. {heavy}"
    )


def test_a_page_that_says_what_one_waits_for_keeps_to_its_budget(
    browser: Browser, organisation: Organisation
) -> None:
    coordinate(browser.as_("administrator"), "coordinator_b", organisation.jerusalem)
    reader, said = browser.as_("coordinator_b"), 0
    for address in page_addresses(browser.app, organisation):
        page = reader.get(address)
        if page.status == 200:
            said += "بانتظار منح الاطّلاع" in page
            assert weight(page) <= PAGE and len(page.body) <= PAGE_RAW, address
    assert said > 10


def test_a_full_page_of_a_long_list_keeps_to_its_budget(
    app: Flask, browser: Browser, organisation: Organisation
) -> None:
    with app.app_context():
        coordinator = viewer(organisation.staff["coordinator"])
        (site,) = people.sites(coordinator)
        for number in range(ROWS):
            name = f"{LETTERS[number % 28]}{LETTERS[number // 2]}ور ال{LETTERS[number // 3]}ادي"
            cards.add(coordinator, Card(name=name), site=site, at=NOW)
        db.session.commit()
    page = browser.as_("coordinator").get("/people")
    assert len(page.root.all("tr")) >= ROWS
    assert weight(page) <= PAGE, f"{weight(page)} bytes"
    assert len(page.body) <= PAGE_RAW, f"{len(page.body)} bytes unpacked"


def test_pages_travel_compressed_unless_another_site_asked(
    browser: Browser, organisation: Organisation
) -> None:
    reader = browser.as_("facilitator1")
    address = f"/groups/{organisation.a.uid}"
    assert reader.get(address).headers["Content-Encoding"] == "br"
    assert reader.get(address, Accept_Encoding="gzip").headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in reader.get(address, Accept_Encoding="identity").headers
    for site in ("cross-site", "same-site"):
        elsewhere = reader.get(address, Sec_Fetch_Site=site)
        assert "Content-Encoding" not in elsewhere.headers, "A length could give a secret away."


def test_the_style_and_the_scripts_keep_to_their_budgets(app: Flask) -> None:
    sent = app.extensions["static_files"].by_logical
    for what, name, budget in (
        ("style", "site.css", STYLE),
        ("scripts", "site.js", SCRIPTS),
    ):
        size = len(sent[name].encodings["br"])
        assert size <= budget, (
            f"Our {what}: at most {budget} bytes with brotli 11, not {size}: use a rule or a function "
            "that is there, or take one out."
        )


def test_the_first_visit_keeps_to_its_budget(browser: Browser) -> None:
    page = browser.get("/sign-in", Sec_Fetch_Site="none")
    links = [*page.root.all("link"), *page.root.all("script"), *page.root.all("img")]
    fetched = {link.get("href") or link.get("src") for link in links if link.get("rel") != "icon"}
    files = {address: browser.get(address) for address in fetched}
    assert all(file.status == 200 for file in files.values()), f"Not all are there: {fetched}"
    sizes = {"/sign-in": len(page.sent)} | {a: len(f.sent) for a, f in files.items()}
    assert len(sizes) <= FIRST_REQUESTS, (
        f"At most {FIRST_REQUESTS} requests: put what is new into a file that is fetched already. "
        f"{sorted(sizes)}"
    )
    assert sum(sizes.values()) <= FIRST_VISIT, (
        f"At most {FIRST_VISIT} bytes: take as much out as you put in. {sizes}"
    )


def test_a_warm_page_needs_nothing_but_itself(browser: Browser, organisation: Organisation) -> None:
    reader = browser.as_("facilitator1")
    for address in page_addresses(browser.app, organisation):
        page = reader.get(address)
        if page.status != 200:
            continue
        for node in page.root.all("link", "script", "img", "use", "iframe"):
            source = (node.get("href") or node.get("src")).partition("#")[0]
            kept = reader.get(source).headers.get("Cache-Control", "")
            assert "immutable" in kept, (
                f"{address}: {source} would be fetched again: name it with asset('…')."
            )


def test_one_tap_is_answered_by_one_row_and_the_count(
    browser: Browser, organisation: Organisation
) -> None:
    roll = browser.as_("facilitator1").get(f"/sessions/{organisation.a.meetings[7]}/attendance")
    for member, mark in zip(organisation.a.members, ("present", "absent", "late"), strict=False):
        tapped = roll.form("/attendance").press(name=member.stay, value=mark, htmx=True)
        assert tapped.status == 200
        assert member.stay in tapped.text
        assert len(tapped.body) <= TAP_RAW, (
            f"The answer to a tap is at most {TAP_RAW} bytes, not {len(tapped.body)}."
        )


def test_a_region_keeps_to_its_budget(browser: Browser, organisation: Organisation) -> None:
    a, today = organisation.a.uid, organisation.a.meetings[7]
    workshop, booked = organisation.workshop.uid, organisation.aid.booked
    regions = {
        "notebook/people.html#found": ("coordinator", "/people"),
        "notebook/group.html#corrected": ("facilitator1", f"/groups/{a}?mark=l"),
        "groups/candidates.html#found": ("coordinator", f"/groups/{a}/members/new"),
        "sessions/roll.html#tally": ("facilitator1", ""),  # the tap, above
        "sessions/one.html#tally": ("facilitator1", ""),
        "notes/note.html#note-state": ("facilitator1", f"/sessions/{today}/note"),
        "workshops/show.html#sign-ups": ("facilitator1", f"/workshops/{workshop}"),
        "workshops/candidates.html#found": ("coordinator", f"/workshops/{workshop}/sign-ups/new"),
        "workshops/roll.html#tally": ("facilitator1", ""),  # as the other tally
    }
    offered = {f"{page}#{region}" for view in modules() for page, region in view.regions()}
    assert offered == set(regions), (
        "Weigh each region that a view offers: say in `regions` who opens it where, and take out "
        f"what is gone. {offered ^ set(regions)}"
    )
    heavy = []
    of_file = ("notes/note.html#note-state", ("counsellor", f"/appointments/{booked}/note"))
    for name, (who, address) in (*regions.items(), of_file):
        if not address:
            continue
        page = browser.as_(who).get(address, htmx=name.partition("#")[2])
        assert page.status == 200 and page.root.first("html") is None, f"{name} is no region."
        assert "HX-Target" in page.headers["Vary"], (
            f"{name}: a cache could mix it with its page: answer it through page(…)."
        )
        if weight(page) > REGION:
            heavy.append(f"{name}: {weight(page)}")
    assert not heavy, (
        f"A region is at most {REGION} bytes with brotli 5: let it hold only what changes. {heavy}"
    )


def test_cookies_stay_small(browser: Browser) -> None:
    reader, account = browser, browser.staff["facilitator1"]
    wrong = {"username": account.username, "passphrase": "x", "device": "y"}
    reader.post("/sign-in", wrong)  # whose form is kept under a cookie's key
    reader.post("/sign-in", wrong | {"passphrase": account.passphrase})
    reader.get("/")
    names = ("daftar", "form", "device")
    assert all(reader.client.get_cookie(name) for name in names)
    reader.sent_cookies += len("__Host-") * len(names)
    assert 0 < reader.sent_cookies <= COOKIES, (
        f"{reader.sent_cookies} bytes with each request, and at most {COOKIES} may be: keep in the "
        "database what the cookie would hold."
    )
