"""The life of a note is the same for a meeting and for an appointment."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import update

from app.groups.models import Group
from app.notes.models import ADDITION, Note, NoteRemark
from tests.client import Browser
from tests.web.records import number_of, one, plant

FIRST, SECOND, WHY = "نصّ أوّل للمراجعة", "نصّ ثانٍ بعد التعليق", "أضيفوا ما اتُّفق عليه"


@pytest.fixture(params=["a meeting", "an appointment"])
def there(request, app, browser, organisation) -> tuple[Browser, str, str]:
    """Who writes, where, and whom they may not name; a supervisor reviews in both."""
    o = organisation
    if request.param == "an appointment":
        return browser.as_("counsellor"), f"/appointments/{o.aid.booked}/note", o.aid.served.name
    plant(app, update(Group).where(Group.uid == o.a.uid).values(reviewed=True))
    return browser.as_("facilitator1"), f"/sessions/{o.a.meetings[7]}/note", o.a.members[0].name


@pytest.fixture
def sent(there) -> Callable[[str], str]:
    """Writes a text and sends it for review; the address of the note."""
    author, address, _name = there

    def send(text: str) -> str:
        form = author.get(address).form("/note").fill(happened=text)
        return form.press("Send for review").location.partition("?")[0]

    return send


def test_from_a_draft_to_what_is_added_after_signing(app, browser, clock, there, sent) -> None:
    author, address, _name = there
    supervisor, note = browser.as_("supervisor"), sent(FIRST)
    supervisor.get(note).form("/review").fill(comment=WHY).press("Return with the comment")
    draft = author.get(address)
    assert "Returned with a comment" in draft and WHY in draft and FIRST in draft.root.raw
    clock.forward(minutes=5)
    sent(SECOND)
    assert SECOND in supervisor.get(note) and FIRST not in supervisor.get(note)
    supervisor.get(note).form("/review").press("Sign off")
    author.get(note).form("/additions").fill(text="وأمر آخر").press()
    page = author.get(note)
    assert page.words.index(WHY) < page.words.index("وأمر آخر"), "In the order it was said."
    author.get(note).form("/error").press()
    assert "Entered in error" in author.get(note)
    assert author.get(address).status == 200, "A new one can be written."
    assert one(app, Note, note.rpartition("/")[2]).error_at


def test_its_author_takes_it_back_while_nobody_has_answered(browser, there, sent) -> None:
    author, address, _name = there
    note = sent(FIRST)
    draft = author.get(note).form("/draft").press().follow()
    assert "The note is a draft again." in draft and FIRST in draft.root.raw
    supervisor = browser.as_("supervisor")
    assert supervisor.get(note).status == 404 and note not in supervisor.get("/").text
    assert sent(SECOND) == note and SECOND in supervisor.get(note)
    supervisor.get(note).form("/review").press("Sign off")
    late = author.post(f"{note}/draft")
    assert "does not await review any more" in late.follow()
    assert author.get(address).location == note


def test_nobody_else_takes_it_back(browser, there, sent) -> None:
    note = sent(FIRST)
    for who in ("facilitator2", "counsellor", "facilitator1", "counsellor_b"):
        if who != there[0].who:
            assert browser.as_(who).post(f"{note}/draft").location == "/problem/404", who
    assert "Take it back" in there[0].get(note)


def test_a_name_in_an_addition_is_asked_about_once_and_never_blocks(
    app, browser, there, sent
) -> None:
    author, _address, name = there
    note = sent(FIRST)
    browser.as_("supervisor").get(note).form("/review").press("Sign off")
    text = f"اتّصل {name} أمس"
    asked = author.get(note).form("/additions").fill(text=text).press().follow()
    assert "Not added yet." in asked and "Is a code meant?" in asked
    added = (NoteRemark.note_uid == note.rpartition("/")[2], NoteRemark.kind == ADDITION)
    assert number_of(app, NoteRemark, *added) == 0
    asked.form("/additions").press("Add it as it is")
    assert number_of(app, NoteRemark, *added) == 1 and text in author.get(note)
