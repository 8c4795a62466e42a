"""Writing a note: it saves by itself, two devices never overwrite each other, signing closes it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from app.notes.models import Note, NoteRemark
from tests.notes.writing import open_note, saved, saved_by_itself, sign
from tests.web.records import number_of, one, rows

ways = pytest.mark.parametrize("htmx", [False, True], ids=["browser", "htmx"])


def mine(app, organisation, who: str = "facilitator1", number: int = 7) -> list[Note]:
    """What this colleague wrote about a meeting."""
    return rows(
        app,
        select(Note).where(
            Note.of_uid == organisation.a.meetings[number],
            Note.author_uid == organisation.staff[who].uid,
        ),
    )


@ways
def test_a_draft_is_saved_and_the_line_below_says_when(app, browser, organisation, htmx) -> None:
    me = browser.as_("facilitator1")
    page = saved(open_note(me, organisation).fill(happened="بداية هادئة"), htmx=htmx)
    assert "Saved 14:00" in page
    (note,) = mine(app, organisation)
    assert note.state == "draft"
    assert "بداية".encode() not in note.draft
    assert open_note(me, organisation)["happened"].strip() == "بداية هادئة"


@ways
def test_all_three_boxes_come_back(browser, organisation, htmx) -> None:
    me = browser.as_("facilitator1")
    boxes = {"happened": "أ\n\nب", "to_follow_up": "ج", "next_time": "د"}
    saved(open_note(me, organisation).fill(**boxes), htmx=htmx)
    form = open_note(me, organisation)
    assert {name: form[name].strip().replace("\r", "") for name in boxes} == boxes


@ways
def test_a_page_is_never_in_conflict_with_itself(app, browser, organisation, htmx) -> None:
    form = open_note(browser.as_("facilitator1"), organisation)
    for text in ("واحد", "اثنان", "ثلاثة"):  # each time the answer, and the version in it, is lost
        values = [*form.values]
        page = saved(form.fill(happened=text), htmx=htmx)
        assert page.status == 200
        form.values = values
    assert mine(app, organisation)[0].version == 3


@ways
def test_another_device_sees_both_texts_and_nothing_is_lost(
    app, browser, organisation, htmx
) -> None:
    me, other = browser.as_("facilitator1"), browser.as_("facilitator1")
    phone, laptop = open_note(me, organisation), open_note(other, organisation)
    saved(laptop.fill(happened="من الحاسوب"), htmx=htmx)
    page = saved_or_refused(phone.fill(happened="من الهاتف"), htmx=htmx)
    assert page.status == 422
    assert "Changed on another device." in page
    assert "من الحاسوب" in page
    if not htmx:
        assert page.form("/note")["happened"].strip() == "من الهاتف"
    assert mine(app, organisation)[0].version == 1
    over = page.root.first("button", name="over")
    phone.values = [*(pair for pair in phone.values if pair[0] != "over"), ("over", over["value"])]
    kept = me.post(phone.node["action"], dict(phone.values)).follow()
    assert kept.status == 200
    assert open_note(other, organisation)["happened"].strip() == "من الهاتف"


def saved_or_refused(form, *, htmx: bool):
    return saved_by_itself(form) if htmx else form.press("Save").follow()


def test_signing_over_a_text_of_another_device_is_refused(app, browser, organisation) -> None:
    me = browser.as_("facilitator1")
    phone, laptop = open_note(me, organisation), open_note(me, organisation)
    saved(laptop.fill(happened="من الحاسوب"), htmx=False)
    page = sign(phone.fill(happened="من الهاتف"))
    assert page.status == 422
    assert "من الحاسوب" in page
    assert mine(app, organisation)[0].state == "draft"


def test_signing_closes_the_note(app, browser, organisation) -> None:
    me = browser.as_("facilitator1")
    page = sign(open_note(me, organisation).fill(happened="لقاء جيّد"))
    assert "The note is signed." in page
    assert "لقاء جيّد" in page
    (note,) = mine(app, organisation)
    assert (note.state, note.draft) == ("signed", None)
    assert "لقاء".encode() not in note.text
    again = me.get(f"/sessions/{organisation.a.meetings[7]}/note")
    assert again.location == f"/notes/{note.uid}"


@ways
def test_what_another_device_types_into_a_signed_note_is_kept_and_changes_nothing(
    app, browser, organisation, htmx
) -> None:
    me = browser.as_("facilitator1")
    late = open_note(me, organisation).fill(happened="كُتب متأخّرًا")
    sign(open_note(me, organisation).fill(happened="الأول"))
    before = mine(app, organisation)[0].text
    page = saved_or_refused(late, htmx=htmx)
    assert page.status == 422
    assert "What is new goes into an addition." in page
    if not htmx:
        assert page.form("/note")["happened"].strip() == "كُتب متأخّرًا"
    assert mine(app, organisation)[0].text == before


def test_an_empty_note_is_not_signed(app, browser, organisation) -> None:
    page = sign(open_note(browser.as_("facilitator1"), organisation).fill(happened="  \n "))
    assert page.status == 422
    assert "Write at least one line before signing." in page
    assert mine(app, organisation) == []


@ways
def test_a_text_too_long_is_refused_and_kept(app, browser, organisation, htmx) -> None:
    form = open_note(browser.as_("facilitator1"), organisation).fill(happened="م" * 40_000)
    page = saved_or_refused(form, htmx=htmx)
    assert page.status == 422
    assert "too long" in page.text
    if not htmx:
        assert len(page.form("/note")["happened"].strip()) == 40_000
    assert mine(app, organisation) == []


def test_a_name_in_the_text_is_asked_about_once_and_never_forbidden(
    app, browser, organisation
) -> None:
    name = organisation.a.members[0].name
    form = open_note(browser.as_("facilitator1"), organisation)
    page = sign(form.fill(happened=f"تكلّم {name} كثيرًا، رقمه 0599551000"))
    assert page.status == 200
    assert "Is a code meant?" in page
    box = page.root.first("main").first("div", class_="note warn").words
    assert name in box and "0599551000" in box and "→" in box
    assert mine(app, organisation)[0].state == "draft"
    signed = page.form("/note").press("Sign it as it is").follow()
    assert "The note is signed." in signed
    assert name in signed


def test_a_text_without_a_name_is_signed_without_a_question(app, browser, organisation) -> None:
    sign(open_note(browser.as_("facilitator1"), organisation).fill(happened="لا أحد في 2026-11-24"))
    assert mine(app, organisation)[0].state == "signed"


def test_last_times_note_is_folded_above(browser, organisation) -> None:
    sign(open_note(browser.as_("facilitator2"), organisation, 6).fill(next_time="نبدأ بالموسيقى"))
    page = open_note(browser.as_("facilitator1"), organisation).page
    folded = page.root.first("details")
    assert "Last time" in folded.words and "نبدأ بالموسيقى" in folded.words
    without = open_note(browser.as_("two_roles"), organisation).page
    assert "نبدأ بالموسيقى" not in without
    assert "Its text opens once a colleague has given you access." in without


def test_only_the_author_adds_to_a_note_and_may_strike_it_out(app, browser, organisation) -> None:
    there = f"/notes/{organisation.a.note}"
    second, before = browser.as_("facilitator2"), number_of(app, NoteRemark)
    for part, typed in (("additions", {"text": "زيادة"}), ("error", {})):
        page = second.post(f"{there}/{part}", typed)
        assert page.follow().status == 422
    assert number_of(app, NoteRemark) == before
    assert one(app, Note, organisation.a.note).error_at is None
    page = (
        browser.as_("facilitator1")
        .get(there)
        .form("/additions")
        .fill(text="زيادة")
        .press()
        .follow()
    )
    assert "The addition was saved." in page
    assert "زيادة" in second.get(there)


def test_an_empty_addition_is_refused(app, browser, organisation) -> None:
    before = number_of(app, NoteRemark)
    me = browser.as_("facilitator1")
    page = me.get(f"/notes/{organisation.a.note}").form("/additions").press().follow()
    assert page.status == 422
    assert "Write what you want to add." in page
    assert number_of(app, NoteRemark) == before


def test_an_error_is_struck_out_stays_readable_and_a_new_note_is_written(
    app, browser, organisation
) -> None:
    me = browser.as_("facilitator1")
    page = me.get(f"/notes/{organisation.a.note}").form("/error").press().follow()
    assert "Entered in error" in page
    assert "البدايات" in page.root.first("div", class_="card struck").words
    refused = me.post(f"/notes/{organisation.a.note}/additions", {"text": "x"}).follow()
    assert refused.status == 422
    new = sign(me.get(page.link("Write the note")).form("/note").fill(happened="الصحيح"))
    assert "الصحيح" in new
    assert {note.error_at is None for note in mine(app, organisation, number=0)} == {True, False}
    assert len([n for n in mine(app, organisation, number=0) if n.kind == "note"]) == 2


def test_a_version_that_is_no_number_is_refused(browser, organisation) -> None:
    there = f"/sessions/{organisation.a.meetings[7]}/note"
    for version in ("x", "-1", "9999999", "²"):
        page = browser.as_("facilitator1").post(there, {"happened": "س", "version": version})
        assert page.follow().status in (400, 422)
