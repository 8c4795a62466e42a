"""Addresses and ids that no browser of ours sends: answered as any other, never with an error."""

from __future__ import annotations

import pytest

from app.notes.models import Note
from tests.client import Browser
from tests.web.records import number_of

BROKEN = "http://["


def test_a_form_from_a_place_that_is_no_address_is_not_ours(browser: Browser) -> None:
    answer = browser.client.post("/people/new", data={"name": "x"}, headers={"Origin": BROKEN})
    assert answer.status_code == 403


def test_a_form_whose_page_is_no_address_is_kept_for_after_signing_in(browser: Browser) -> None:
    page = browser.post("/people/new", {"name": "x"}, Referer=BROKEN)
    assert page.location.startswith("/sign-in?then=/?kept")


@pytest.mark.parametrize("page", ["a\0b", "x" * 400, "ٱ\u202e", ""])
def test_a_note_is_saved_whatever_the_id_of_its_page(app, browser, organisation, page) -> None:
    typed = {"happened": "كلام", "version": "0", "page": page}
    notes = number_of(app, Note)
    there = f"/sessions/{organisation.a.meetings[7]}/note"
    assert browser.as_("facilitator1").post(there, typed).location == there
    there = f"/appointments/{organisation.aid.booked}/note"
    assert browser.as_("counsellor").post(there, typed).location == there
    assert number_of(app, Note) == notes + 2


def test_a_tap_on_nobody_marks_nobody(browser, organisation) -> None:
    there = f"/sessions/{organisation.a.meetings[7]}/attendance"
    page = browser.as_("facilitator1").post(there, {"a\0b": "present"})
    assert page.location == "/problem/404"
