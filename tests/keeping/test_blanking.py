"""The author of a signed note blanks a word in it; what was typed stands nowhere afterwards."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from app.audit.models import AuditRow
from app.notes.blanking import BAR, blanked
from app.notes.models import Note
from tests.client import Browser
from tests.organisation import Organisation
from tests.web.records import one, rows


@pytest.mark.parametrize(
    ("text", "word", "left"),
    [
        ("سلمى تكلّمت", "سلمى", f"{BAR} تكلّمت"),
        ("قالت وسلمى لسلمى", "سلمي", f"قالت و{BAR} ل{BAR}"),
        ("سَلْمى وسلمـى.", "سلمى", f"{BAR} و{BAR}."),
        ("أحمد واحمد", "احمد", f"{BAR} و{BAR}"),
        ("Maya came, maya's turn", "MAYA", f"{BAR} came, {BAR}'s turn"),
        ("سلمى الحاج، سلمى\nالحاج، سلمى", "سلمى الحاج", f"{BAR}، {BAR}، سلمى"),
        ("سلمان نور", "سلم", "سلمان نور"),
        ("José e Jose, josé", "José", f"{BAR} e {BAR}, {BAR}"),
        ("an der Straße", "strasse", f"an der {BAR}"),
        ("\ufee3\ufea4\ufee4\ufeaa قال", "محمد", f"{BAR} قال"),
        ("مح\u200cمد قال", "محمد", f"{BAR} قال"),
        ("في الغرفة ١٢٣٤", "1234", f"في الغرفة {BAR}"),
    ],
)
def test_a_word_is_found_however_it_is_written(text: str, word: str, left: str) -> None:
    assert blanked(text, word) == left


def test_it_is_blanked_in_the_note_and_in_what_was_added(
    app: Flask, browser: Browser, organisation: Organisation
) -> None:
    uid = organisation.a.note
    author = browser.as_("facilitator1")
    address = f"/notes/{uid}"
    page = author.get(address)
    page.form("/additions").fill(text="ثم سنونو، وسنونو قالت").press("Add")
    before = one(app, Note, uid).text
    first = author.get(address).form("/bars").fill(word="سنونو").press()
    assert "said=blanked" in first.location
    assert "سنونو" not in first.location
    shown = first.follow()
    assert "سنونو" not in shown.words and f"ثم {BAR}، و{BAR} قالت" in shown.words
    assert one(app, Note, uid).text == before, "The word stood in the addition alone."
    acts = rows(app, select(AuditRow).where(AuditRow.action == "note-blanked"))
    assert [row.subject_uid for row in acts] == [uid]


def test_a_word_that_is_not_there_is_said_and_kept(
    browser: Browser, organisation: Organisation
) -> None:
    author = browser.as_("facilitator1")
    form = author.get(f"/notes/{organisation.a.note}").form("/bars")
    page = form.fill(word="زرافة").press().follow()
    assert page.status == 422 and "This word does not stand in the note." in page


@pytest.mark.parametrize("who", ["facilitator2", "supervisor"])
def test_nobody_but_the_author(
    who: str, app: Flask, browser: Browser, organisation: Organisation
) -> None:
    uid = organisation.a.note
    before = one(app, Note, uid).text
    other = browser.as_(who)
    assert "Blank a word" not in other.get(f"/notes/{uid}")
    other.post(f"/notes/{uid}/bars", {"word": "لقاء"})
    assert one(app, Note, uid).text == before
