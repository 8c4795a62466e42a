"""Places, for administrators: added, changed, closed on days that proposed dates then skip."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from app.people.models import ClosedDay, Site
from tests.client import Browser, Page
from tests.web.records import number_of, one, rows, trail_of

NEW = {"name": "نابلس", "name_en": "Nablus", "zone": "Asia/Hebron", "phone_region": "PS"}


@pytest.fixture
def admin(browser: Browser) -> Browser:
    return browser.as_("administrator")


def close(admin: Browser, site: str, day: str) -> Page:
    return admin.get(f"/places/{site}").form("/closed-days").fill(closed_on=day).press()


def proposed(browser: Browser, organisation) -> list[str]:
    """The dates proposed to the coordinator for the planned group, from its first Wednesday on."""
    me, group = browser.as_("coordinator"), organisation.planned.uid
    typed = {"weekday": "2", "at": "18:00", "first_on": "2026-12-02"}
    page = me.post(f"/groups/{group}/when", typed).follow()
    return [field["value"] for field in page.root.all("input", name="on")] or [
        value for _name, value in page.form("/dates").values if value.count("-") == 2
    ]


def test_a_new_place_stands_in_the_list(app, admin) -> None:
    there = admin.get("/places/new").form("/places/new").fill(**NEW).press()
    assert there.location.endswith("said=saved")
    assert "Nablus" in admin.get("/places")
    (site,) = rows(app, select(Site).where(Site.name_en == "Nablus"))
    assert (site.name, site.zone, site.phone_region) == ("نابلس", "Asia/Hebron", "PS")
    assert "place-added" in [row.action for row in trail_of(app)]


def test_the_same_form_sent_twice_makes_one_place(app, admin) -> None:
    form = admin.get("/places/new").form("/places/new").fill(**NEW)
    assert form.press().location == form.press().location
    assert number_of(app, Site) == 3


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"name_en": " "}, {"zone": "Europe/Paris"}, {"phone_region": "FR"}],
    ids=str,
)
def test_what_is_wrong_is_said_and_nothing_saved(app, admin, wrong) -> None:
    page = admin.post("/places/new", NEW | wrong).follow()
    assert page.status == 422
    assert number_of(app, Site) == 2


def test_a_place_is_changed(app, admin, organisation) -> None:
    form = admin.get(f"/places/{organisation.ramallah}").form(f"/places/{organisation.ramallah}")
    assert form["name_en"] == "Ramallah"
    form.fill(name_en="Ramallah, upper town").press()
    assert one(app, Site, organisation.ramallah).name_en == "Ramallah, upper town"


def test_a_closed_day_is_skipped_by_the_dates_proposed(browser, admin, organisation) -> None:
    before = proposed(browser, organisation)
    assert before[:3] == ["2026-12-02", "2026-12-09", "2026-12-16"]
    for day in ("2026-12-09", "2026-12-16"):
        assert close(admin, organisation.jerusalem, day).location.endswith("said=saved")
    after = proposed(browser, organisation)
    assert after[:3] == ["2026-12-02", "2026-12-23", "2026-12-30"]
    assert len(after) == len(before) == 15


def test_another_places_closed_day_skips_nothing(browser, admin, organisation) -> None:
    close(admin, organisation.ramallah, "2026-12-09")
    assert "2026-12-09" in proposed(browser, organisation)


def test_a_day_opened_again_is_proposed_again(app, browser, admin, organisation) -> None:
    close(admin, organisation.jerusalem, "2026-12-09")
    admin.get(f"/places/{organisation.jerusalem}").form("/removal").press("Open on that day")
    assert number_of(app, ClosedDay) == 0
    assert "2026-12-09" in proposed(browser, organisation)


def test_a_day_is_closed_once(app, admin, organisation) -> None:
    for _time in range(2):
        close(admin, organisation.jerusalem, "2026-12-09")
    assert rows(app, select(ClosedDay.closed_on)) == [date(2026, 12, 9)]


@pytest.mark.parametrize("typed", ["", "tomorrow", "2026-13-40", "0000-00-00"])
def test_what_is_no_day_closes_nothing(app, admin, organisation, typed) -> None:
    assert close(admin, organisation.jerusalem, typed).follow().status == 422
    assert number_of(app, ClosedDay) == 0


def test_arabic_digits_are_a_date_too(app, admin, organisation) -> None:
    close(admin, organisation.jerusalem, "٢٠٢٦-١٢-٠٩")
    assert rows(app, select(ClosedDay.closed_on)) == [date(2026, 12, 9)]


def test_a_day_that_is_none_opens_nothing(admin, organisation) -> None:
    there = f"/places/{organisation.jerusalem}/closed-days/removal"
    assert admin.post(there, {"day": "x"}).location == "/problem/400"


@pytest.mark.parametrize("address", ["/places/zzzzzzzzzz", "/places/x"])
def test_a_place_that_is_not_there(admin, address) -> None:
    assert admin.get(address).status == 404
    assert admin.post(address, NEW).location == "/problem/404"


@pytest.mark.parametrize("who", ["coordinator", "facilitator1", "supervisor", "counsellor"])
def test_only_administrators_look_after_places(app, browser, organisation, who) -> None:
    me, there = browser.as_(who), f"/places/{organisation.jerusalem}"
    for address in ("/places", "/places/new", there):
        assert me.get(address).status == 403
    for address in (there, f"{there}/closed-days", f"{there}/closed-days/removal"):
        assert me.post(address, NEW | {"closed_on": "2026-12-09"}).location == "/problem/403"
    assert number_of(app, ClosedDay) == 0


def test_a_place_without_a_coordinator_gets_its_desk_with_the_first(
    app, browser, admin, organisation
) -> None:
    there = admin.post("/places/new", NEW).location.partition("?")[0]
    site = there.rpartition("/")[2]
    uid = browser.staff["coordinator"].uid
    admin.post(f"/staff/{uid}/places", {"site": site})
    me = browser.as_("coordinator")
    assert "said=" in me.post("/people/new", {"name": "أوّل", "site": site}).location
    assert "أوّل" in me.get("/people")


@pytest.mark.parametrize("twin", [{"name": "القدس"}, {"name_en": "Jerusalem"}], ids=str)
def test_two_places_never_have_the_same_name(app, admin, organisation, twin) -> None:
    page = admin.post("/places/new", NEW | twin).follow()
    assert page.status == 422 and "already a place of that name" in page
    assert number_of(app, Site) == 2
    page = admin.post(f"/places/{organisation.ramallah}", NEW | twin).follow()
    assert page.status == 422 and one(app, Site, organisation.ramallah).name_en == "Ramallah"
    same = {"name": "القدس", "name_en": "Al-Quds", "zone": "Asia/Jerusalem", "phone_region": "IL"}
    assert "said=saved" in admin.post(f"/places/{organisation.jerusalem}", same).location
