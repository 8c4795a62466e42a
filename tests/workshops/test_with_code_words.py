"""What code words open: where one stands, taking a seat, cancelling, and taking that back."""

from __future__ import annotations

import pytest

from app.extensions import new_uid
from tests.organisation import NOW
from tests.workshops.outside import NAME, change, look_up, make_room, offered_to_public, word_on


def test_who_cancelled_by_mistake_takes_it_back_for_ten_minutes(
    app, browser, organisation, clock
) -> None:
    workshop = organisation.workshop
    page = look_up(browser, workshop.code).form("/cancellation").press().follow()
    assert "You have a seat." in page.form("/undo").press().follow()
    page = look_up(browser, workshop.code).form("/cancellation").press().follow()
    clock.forward(minutes=10)
    late = page.form("/undo").press().follow()
    assert late.status == 422 and "too late to undo" in late
    assert "/undo" not in look_up(browser, workshop.code).text


def test_what_the_team_ended_is_not_undone_with_a_code_word(browser, organisation) -> None:
    workshop = organisation.workshop
    stay = workshop.on_list["public"].stay
    browser.as_("coordinator").post(f"/sign-ups/{stay}/cancellation")
    look_up(browser, workshop.code).form("/return")
    browser.post(f"/code/{stay}/cancellation", {"code": workshop.code})
    late = browser.post(f"/code/{stay}/undo", {"code": workshop.code}).follow()
    assert late.status == 422


def test_a_seat_of_what_is_over_frees_no_other(app, browser, organisation) -> None:
    here, there = organisation.workshop, organisation.workshop_b
    make_room(app, here.uid, 9)
    change(app, here.uid, fills_itself=True)
    change(app, there.uid, series_uid=here.uid, needs_approval=False)
    typed = {"name": NAME, "dates": [here.uid, there.uid], "once": new_uid()}
    page = browser.post(f"/open/{here.link}?language=en", typed).follow()
    word, words = word_on(page), "If you no longer need the other date"
    assert words in page
    change(app, here.uid, held_at=NOW)
    assert words not in look_up(browser, word)


@pytest.mark.parametrize("change_it", ["spaces", "hyphens", "digits", "nothing"])
def test_a_code_word_opens_however_it_is_typed(browser, organisation, change_it) -> None:
    word = organisation.workshop.code
    typed = {
        "spaces": f"  {word.replace(' ', '   ')} ",
        "hyphens": word.replace(" ", "-"),
        "digits": word.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
        "nothing": word,
    }[change_it]
    assert "You have a seat." in look_up(browser, typed)


def test_a_wrong_word_gets_the_same_sentence_whether_others_exist_or_not(
    browser, organisation
) -> None:
    almost = organisation.workshop.code[:-1] + "x"
    pages = [look_up(browser, word) for word in (almost, "moon sun river sea", "؟؟؟")]
    assert {page.status for page in pages} == {422}
    assert all("No sign-up is found under these words." in page for page in pages)


def test_an_offer_is_taken_with_the_code_word(app, browser, organisation) -> None:
    workshop = organisation.workshop
    offered_to_public(app, browser, organisation)
    page = look_up(browser, workshop.code)
    assert "A seat is held for you until" in page
    page = page.form("/acceptance").press().follow()
    assert "You have a seat." in page
    listed = browser.as_("coordinator").get(f"/sign-ups/{workshop.on_list['public'].stay}")
    assert "has a seat" in listed


def test_an_offer_is_declined_and_never_made_again_by_itself(
    app, browser, organisation, clock
) -> None:
    offered_to_public(app, browser, organisation)
    page = look_up(browser, organisation.workshop.code).form("/no").press().follow()
    assert "The seat was declined." in page and "I take the seat" not in page
    assert "A seat is held for you" in page.form("/undo").press().follow()
    look_up(browser, organisation.workshop.code).form("/no").press()
    clock.forward(minutes=11)
    page = look_up(browser, organisation.workshop.code).form("/return").press().follow()
    assert "You are number" in page or "You have a seat." in page


def test_an_offer_that_ran_out_says_so_and_takes_no_seat(app, browser, organisation, clock) -> None:
    offered_to_public(app, browser, organisation)
    page = look_up(browser, organisation.workshop.code)
    clock.forward(hours=4)
    late = page.form("/acceptance").press().follow()
    assert late.status == 422 and "The time to answer has run out." in late
    assert "The time to answer has run out." in look_up(browser, organisation.workshop.code)


def test_one_cancels_without_an_account_and_the_seat_goes_on(app, browser, organisation) -> None:
    workshop = organisation.workshop
    change(app, workshop.uid, fills_itself=True)
    page = look_up(browser, workshop.code).form("/cancellation").press().follow()
    assert "This sign-up is cancelled." in page
    waited = browser.as_("coordinator").get(f"/sign-ups/{workshop.on_list['waiting'].stay}")
    assert "has a seat" in waited and "Moved up" in waited


def test_with_ones_own_word_nobody_elses_sign_up_is_touched(browser, organisation) -> None:
    other = organisation.workshop.on_list["confirmed"].stay
    page = browser.post(f"/code/{other}/cancellation", {"code": organisation.workshop.code})
    assert page.location.startswith("/code?") and page.follow().status == 422
    listed = browser.as_("coordinator").get(f"/sign-ups/{other}")
    assert "has a seat" in listed
