"""Signing up with a link and without an account."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.accounts.public_tries import ALLOWED
from app.extensions import new_uid
from tests.organisation import NOW
from tests.workshops.outside import NAME, change, make_room, sign_up, sign_ups, word_on


def test_whoever_has_the_link_gets_a_seat_and_a_code_word(app, browser, organisation) -> None:
    make_room(app, organisation.workshop.uid, 9)
    change(app, organisation.workshop.uid, fills_itself=True)
    browser.get("/")
    page = sign_up(browser, organisation.workshop.link, number="0599 555 123")
    assert page.status == 200 and "You have a seat." in page
    assert NAME not in page.text and "555 123" not in page.text, "It opens the state, not the text."
    assert len(word_on(page).split()) == 4
    listed = browser.as_("coordinator").get(f"/workshops/{organisation.workshop.uid}")
    assert NAME in listed


def test_in_arabic_it_says_the_same(app, browser, organisation) -> None:
    link = organisation.workshop.link
    form = browser.get(f"/open/{link}").form(f"/open/{link}")
    page = form.fill(name=NAME).press().follow()
    assert "رقمكم 2 على قائمة الانتظار." in page
    assert len(word_on(page).split()) == 5


def test_before_the_button_it_says_what_ones_place_would_be(browser, organisation) -> None:
    page = browser.get(f"/open/{organisation.workshop.link}?language=en")
    assert "Full: you would be number 2 on the waiting list." in page
    assert "You are number 2 on the waiting list." in sign_up(browser, organisation.workshop.link)


def test_a_form_sent_twice_signs_up_once_and_shows_the_same_word(
    app, browser, organisation
) -> None:
    link, uid = organisation.workshop.link, organisation.workshop.uid
    form, before = browser.get(f"/open/{link}").form(f"/open/{link}"), sign_ups(app, uid)
    first, second = (form.fill(name=NAME).press().follow() for _time in range(2))
    assert word_on(first) == word_on(second)
    assert sign_ups(app, uid) == before + 1
    assert "وصل هذا النموذج من قبل" in second and "وصل هذا النموذج" not in first


def test_two_dates_at_once_and_one_code_word_for_both(app, browser, organisation) -> None:
    here, there = organisation.workshop, organisation.workshop_b
    change(app, there.uid, series_uid=here.uid, needs_approval=False)
    page = browser.get(f"/open/{here.link}?language=en")
    assert {n["value"] for n in page.root.all("input", name="dates")} == {here.uid, there.uid}
    typed = {"name": NAME, "dates": [here.uid, there.uid], "once": new_uid()}
    answer = browser.post(f"/open/{here.link}?language=en", typed).follow()
    assert "You have a seat." in answer and "on the waiting list." in answer
    assert "If you no longer need the other date" in answer
    staff = browser.as_("two_roles")
    assert NAME in staff.get(f"/workshops/{there.uid}")


def test_without_a_date_nothing_is_done_and_the_name_stays(app, browser, organisation) -> None:
    here, there = organisation.workshop, organisation.workshop_b
    change(app, there.uid, series_uid=here.uid)
    before = sign_ups(app, here.uid)
    answer = browser.post(f"/open/{here.link}", {"name": NAME, "once": new_uid()}).follow()
    assert answer.status == 422 and sign_ups(app, here.uid) == before
    assert next(n for n in answer.root.all("input") if n.get("name") == "name")["value"] == NAME


def test_nobody_gets_a_seat_on_a_date_they_did_not_choose(app, browser, organisation) -> None:
    here, there = organisation.workshop, organisation.workshop_b
    change(app, there.uid, series_uid=here.uid)
    form = browser.get(f"/open/{here.link}?language=en").form(f"/open/{here.link}")
    chosen = form.fill(name=NAME).values
    change(app, here.uid, closed_at=NOW)
    before = sign_ups(app, there.uid)
    late = browser.post(form.node["action"], dict(chosen)).follow()
    assert late.status == 422 and "Signing up for this is closed." in late
    assert late.form(here.link)["name"] == NAME
    again = late.form(here.link).press().follow()
    assert again.status == 422 and "Choose at least one of these." in again
    assert sign_ups(app, there.uid) == before
    picked = again.form(here.link).fill(dates=there.uid).press().follow()
    assert "Your sign-up arrived." in picked and sign_ups(app, there.uid) == before + 1


def test_the_page_of_a_closed_date_says_which_other_date_is_open(
    app, browser, organisation
) -> None:
    here, there = organisation.workshop, organisation.workshop_b
    change(app, there.uid, series_uid=here.uid)
    change(app, here.uid, closed_at=NOW)
    page = browser.get(f"/open/{here.link}?language=en")
    assert "Signing up is closed." in page and "You can sign up for another date." in page
    (offered,) = page.root.all("input", name="dates")
    assert offered["value"] == there.uid and not offered.has("checked")
    assert "Ramallah: Tuesday 1 December 2026" in page


def test_a_date_that_reopens_with_a_kept_form_is_not_chosen_by_itself(
    app, browser, organisation
) -> None:
    here, there = organisation.workshop, organisation.workshop_b
    change(app, there.uid, series_uid=here.uid)
    typed = {"name": NAME, "dates": there.uid, "once": new_uid()}
    change(app, there.uid, closed_at=NOW)
    late = browser.post(f"/open/{here.link}?language=en", typed).follow()
    (offered,) = late.root.all("input", name="dates")
    assert offered["value"] == here.uid and not offered.has("checked")


@pytest.mark.parametrize("key", ["", "abc", "aaaaaaaaaa"])
def test_a_form_without_a_key_of_its_own_gets_one_so_that_no_two_share_code_words(
    app, browser, organisation, key
) -> None:
    link, before = organisation.workshop.link, sign_ups(app, organisation.workshop.uid)
    typed = {"name": NAME, "dates": organisation.workshop.uid, "once": key}
    pages = [browser.post(f"/open/{link}", typed).follow() for _time in range(2)]
    assert {page.status for page in pages} == {422}
    assert sign_ups(app, organisation.workshop.uid) == before
    words = {word_on(page.form(link).press().follow()) for page in pages}
    assert len(words) == 2, "Two people share code words."


def test_a_link_turned_off_under_a_form_leads_to_what_says_so(app, browser, organisation) -> None:
    link = organisation.workshop.link
    form = browser.get(f"/open/{link}").form(f"/open/{link}")
    change(app, organisation.workshop.uid, link_on_at=None)
    page = form.fill(name=NAME).press().follow()
    assert page.status == 404 and "هذا الرابط لا يعمل" in page
    assert not [a for a in page.root.all("a") if a.get("href") == "/"], "It leads to the staff's."


def test_before_the_button_it_says_where_a_yes_is_awaited(browser, organisation) -> None:
    words = "Whoever signs up waits for a yes first."
    assert words in browser.get(f"/open/{organisation.workshop_b.link}?language=en")
    assert words not in browser.get(f"/open/{organisation.workshop.link}?language=en")


def test_where_somebody_is_asked_about_first_they_read_so(browser, organisation) -> None:
    page = sign_up(browser, organisation.workshop_b.link)
    assert "Your sign-up arrived." in page
    staff = browser.as_("coordinator_b")
    listed = staff.get(f"/workshops/{organisation.workshop_b.uid}")
    assert "To be answered" in listed and NAME in listed


def test_a_field_no_person_sees_is_refused_in_words_and_not_in_silence(
    app, browser, organisation
) -> None:
    before = sign_ups(app, organisation.workshop.uid)
    page = sign_up(browser, organisation.workshop.link, website="https://x.example")
    assert page.status == 422 and "Leave this empty" in page
    assert sign_ups(app, organisation.workshop.uid) == before


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"closed_at": NOW}, "Signing up is closed."),
        ({"closes_at": NOW - timedelta(hours=1)}, "Signing up is closed."),
        ({"held_at": NOW}, "Signing up is closed."),
        ({"cancelled_at": NOW}, "This was cancelled."),
        ({"opened_at": None}, "Signing up is not open yet."),
    ],
)
def test_a_workshop_that_takes_nobody_says_so_kindly(
    app, browser, organisation, changes, words
) -> None:
    link, uid = organisation.workshop.link, organisation.workshop.uid
    before = sign_ups(app, uid)
    form = browser.get(f"/open/{link}?language=en").form(f"/open/{link}")
    change(app, uid, **changes)
    page = browser.get(f"/open/{link}?language=en")
    assert page.status == 200 and words in page
    late = form.fill(name=NAME).press().follow()
    assert late.status == 422 and "Signing up for this is closed." in late
    assert late.form(link)["name"] == NAME, "What was typed is lost."
    assert not [a["href"] for a in late.root.all("a") if a["href"] == "#dates"]
    assert sign_ups(app, uid) == before


def test_a_link_that_was_turned_off_is_like_one_that_never_was(app, browser, organisation) -> None:
    link = organisation.workshop.link
    change(app, organisation.workshop.uid, link_on_at=None)
    off, never = browser.get(f"/open/{link}"), browser.get("/open/bcdfghjkmnpqrstvwxyz")
    assert off.status == never.status == 404
    assert off.body == never.body


def test_no_address_and_no_title_tells_anything(browser, organisation) -> None:
    link = organisation.workshop.link
    form = browser.get(f"/open/{link}").form(f"/open/{link}")
    answer = form.fill(name=NAME).press()
    word = word_on(answer.follow())
    assert NAME not in answer.location and word.split()[0] not in answer.location
    for page in (browser.get(f"/open/{link}"), answer.follow()):
        title = page.root.first("title").words
        assert "طباعة" not in title and NAME not in title


def test_one_network_cannot_fill_the_list_without_end(app, browser, organisation) -> None:
    per_network, _all = ALLOWED["sign-up"]
    link = organisation.workshop.link
    typed = {"dates": organisation.workshop.uid}
    for number in range(per_network):
        mine = typed | {"name": f"ن{number}", "once": new_uid()}
        assert browser.post(f"/open/{link}", mine).location.startswith("/code?")
    late = browser.post(f"/open/{link}", typed | {"name": "أخيرًا", "once": new_uid()}).follow()
    assert late.status == 422
