"""A seat in a workshop, from a link on a phone without JavaScript to the code word that takes it."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Phones
from tests.browser.phone import Phone
from tests.browser.test_accessibility import found
from tests.organisation import Organisation

pytestmark = pytest.mark.browser
NICKNAME = "دوري"
WORDS = {
    "ar": {
        "full": "اكتمل العدد",
        "sign up": "تسجيل",
        "second": "رقمكم 2 على قائمة الانتظار.",
        "held": "مقعد محجوز لكم حتى",
        "take": "أقبل المقعد",
        "seat": "لكم مقعد محجوز.",
        "cancel": "إلغاء التسجيل",
        "cancelled": "هذا التسجيل ملغى.",
        "show": "عرض",
    },
    "en": {
        "full": "Full: you would be number 2",
        "sign up": "Sign up",
        "second": "You are number 2 on the waiting list.",
        "held": "A seat is held for you until",
        "take": "I take the seat",
        "seat": "You have a seat.",
        "cancel": "Cancel",
        "cancelled": "This sign-up is cancelled.",
        "show": "Show",
    },
}


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("javascript", [False, True], ids=["no-js", "js"])
def test_from_the_link_to_the_seat_by_code_word(
    phones: Phones, organisation: Organisation, language: str, javascript: bool
) -> None:
    words = WORDS[language]
    path = f"/open/{organisation.workshop.link}?language={language}"
    theirs = phones("", javascript=javascript, path=path)
    theirs.says(words["full"])
    assert not (javascript and found(theirs.page))
    theirs.page.locator("[name=name]").fill(NICKNAME)
    theirs.button(words["sign up"]).click()
    theirs.says(words["second"])
    assert NICKNAME not in theirs.page.content(), "What was typed is never shown again."
    code = theirs.page.locator("main .note b").first.inner_text()
    assert not (javascript and found(theirs.page))

    offer_the_seat_of_somebody_else(phones("coordinator", javascript=javascript), organisation)

    theirs = phones("", javascript=javascript, path=f"/code?language={language}")
    theirs.page.locator("[name=code]").fill(f"  {code.replace(' ', '  ').upper()} ")
    theirs.button(words["show"]).click()
    theirs.says(words["held"])
    theirs.button(words["take"]).click()
    theirs.says(words["seat"])
    theirs.button(words["cancel"]).click()
    theirs.says(words["cancelled"])
    assert not (javascript and found(theirs.page))


def offer_the_seat_of_somebody_else(coordinator: Phone, organisation: Organisation) -> None:
    """One leaves the list and the seat is offered, until the hour that the page proposes."""
    leaving = organisation.workshop.on_list["confirmed"].stay
    coordinator.open(f"/sign-ups/{leaving}")
    coordinator.button("إزالة من القائمة").click()
    coordinator.says("أُلغي التسجيل.")
    coordinator.page.locator("#sign-ups .list a").filter(has_text=NICKNAME).click()
    coordinator.link("عرض مقعد").click()
    coordinator.button("عرض مقعد").click()
    coordinator.says("المقعد محجوز حتى ذلك الوقت.")


@pytest.mark.parametrize("javascript", [True, False], ids=["js", "no-js"])
def test_on_the_day_a_facilitator_taps_who_came(
    phones: Phones, organisation: Organisation, javascript: bool
) -> None:
    workshop = organisation.workshop
    phone = phones("facilitator1", javascript=javascript, path=f"/workshops/{workshop.uid}")
    phone.link("تسجيل الحضور").click()
    for state, as_ in (("confirmed", "attended"), ("public", "no-show")):
        phone.page.locator(f"#p{workshop.on_list[state].stay} [value={as_}]").click()
        phone.page.locator(f"#p{workshop.on_list[state].stay} [aria-pressed=true]").wait_for()
    phone.open(f"/workshops/{workshop.uid}")
    phone.says("غياب")
