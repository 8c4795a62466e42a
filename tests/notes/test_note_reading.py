"""Who reads what: a draft its author, a signed note those who hold the notes, a reflection nobody else."""

from __future__ import annotations

import pytest

from app.notes.models import Note, NoteRemark
from tests.notes.writing import open_note, saved, sign
from tests.web.records import number_of, one

OTHERS = ("facilitator2", "two_roles", "supervisor", "coordinator", "administrator", "facilitator3")


@pytest.mark.parametrize("who", OTHERS)
def test_a_draft_is_its_authors_alone(browser, organisation, who) -> None:
    form = open_note(browser.as_("facilitator1"), organisation).fill(happened="مسودّة سرّيّة")
    saved(form, htmx=False)
    me, uid = browser.as_(who), organisation.a.meetings[7]
    for address in (
        f"/sessions/{uid}",
        f"/sessions/{uid}/note",
        f"/groups/{organisation.a.uid}",
        "/",
    ):
        page = me.get(address)
        assert "مسودّة سرّيّة" not in page.text
        assert "Facilitator1 Draft" not in page.words


@pytest.mark.parametrize(
    ("who", "status"),
    [("facilitator1", 404), ("supervisor", 404), ("coordinator", 403), ("facilitator3", 404)],
)
def test_the_address_of_a_draft_leads_nobody_else_to_it(browser, organisation, who, status) -> None:
    assert browser.as_(who).get(f"/notes/{organisation.a.draft}").status == status
    assert (
        browser.as_("facilitator2").get(f"/notes/{organisation.a.draft}").location.endswith("/note")
    )


@pytest.mark.parametrize("who", ["facilitator1", "facilitator2", "supervisor"])
def test_a_signed_note_is_read_by_those_who_hold_the_notes(browser, organisation, who) -> None:
    me = browser.as_(who)
    session = me.get(f"/sessions/{organisation.a.meetings[0]}")
    assert f"/notes/{organisation.a.note}" in session.text
    page = me.get(f"/notes/{organisation.a.note}")
    assert "تحدّثنا عن البدايات" in page
    assert "وتذكّرنا لاحقًا أمرًا آخر" in page


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("coordinator", 403),
        ("administrator", 403),
        ("counsellor", 404),
        ("facilitator3", 404),
        ("coordinator_b", 403),
    ],
)
def test_nobody_else_opens_it(browser, organisation, who, status) -> None:
    page = browser.as_(who).get(f"/notes/{organisation.a.note}")
    assert page.status == status
    assert "البدايات" not in page.text


def test_a_coordinator_sees_no_way_to_the_notes(browser, organisation) -> None:
    page = browser.as_("coordinator").get(f"/sessions/{organisation.a.meetings[0]}")
    assert "Session notes" not in page
    assert "/notes/" not in page.text
    assert (
        browser.as_("coordinator").get(f"/sessions/{organisation.a.meetings[0]}/note").status == 403
    )


def test_an_author_without_the_key_sees_that_the_note_exists_and_not_its_text(
    app, browser, organisation
) -> None:
    me = browser.as_("two_roles")
    form = open_note(me, organisation)
    assert "You do not hold the notes of this group yet" in form.page
    saved(form.fill(happened="كتبته بلا مفتاح"), htmx=False)
    assert open_note(me, organisation)["happened"].strip() == "كتبته بلا مفتاح"
    page = sign(open_note(me, organisation))
    assert "The note is signed." in page
    assert "Its text opens once a colleague has given you access." in page
    assert "كتبته" not in page
    assert "كتبته بلا مفتاح" in browser.as_("facilitator2").get(page.address.partition("?")[0])


def test_an_author_without_the_key_still_adds_to_their_note(browser, organisation) -> None:
    me = browser.as_("two_roles")
    page = sign(open_note(me, organisation).fill(happened="كتبته بلا مفتاح"))
    there = page.address.partition("?")[0]
    added = page.form("/additions").fill(text="وأضفت إليه").press().follow()
    assert added.status == 200
    assert "وأضفت" not in added
    assert "وأضفت إليه" in browser.as_("facilitator1").get(there)


@pytest.mark.parametrize("htmx", [False, True], ids=["browser", "htmx"])
def test_a_reflection_is_saved_for_its_author(browser, organisation, htmx) -> None:
    me = browser.as_("facilitator1")
    form = open_note(me, organisation, kind="reflection")
    assert "Read by you alone, always." in form.page
    assert form.names() >= {"happened"} and "next_time" not in form.names()
    assert saved(form.fill(happened="ما شعرت به"), htmx=htmx).status == 200
    assert open_note(me, organisation, kind="reflection")["happened"].strip() == "ما شعرت به"


@pytest.mark.parametrize("who", OTHERS)
def test_a_reflection_is_never_seen_by_anybody_else(browser, organisation, who) -> None:
    me, uid = browser.as_(who), organisation.a.meetings[0]
    assert me.get(f"/notes/{organisation.a.reflection}").status in (403, 404)
    for address in (
        f"/sessions/{uid}",
        f"/sessions/{uid}/reflection",
        f"/groups/{organisation.a.uid}",
    ):
        page = me.get(address)
        assert "تأمّل لنفسي" not in page.text
        assert organisation.a.reflection not in page.text


def test_a_reflection_is_not_signed_whoever_asks(app, browser, organisation) -> None:
    me = browser.as_("facilitator1")
    form = open_note(me, organisation, 0, "reflection")
    assert not form.buttons("Sign")
    me.post(form.node["action"], dict(form.values) | {"sign": "yes"})
    note = one(app, Note, organisation.a.reflection)
    assert (note.state, note.text) == ("draft", None)
    for part in ("error", "additions"):
        me.post(f"/notes/{organisation.a.reflection}/{part}", {"text": "x"})
    assert one(app, Note, organisation.a.reflection).error_at is None


@pytest.mark.parametrize("kind", ["note", "reflection"])
@pytest.mark.parametrize(
    ("who", "status"), [("supervisor", 403), ("coordinator", 403), ("facilitator3", 404)]
)
def test_only_its_facilitators_write_about_a_group(
    app, browser, organisation, who, status, kind
) -> None:
    before = number_of(app, Note)
    there = f"/sessions/{organisation.a.meetings[7]}/{kind}"
    page = browser.as_(who).post(there, {"happened": "x", "version": "0"})
    assert page.follow().status == status
    assert number_of(app, Note) == before


def test_a_supervisor_reads_and_neither_adds_nor_strikes_out(browser, organisation) -> None:
    me = browser.as_("supervisor")
    page = me.get(f"/notes/{organisation.a.note}")
    assert not page.root.all("textarea")
    for part in ("error", "additions"):
        assert me.post(f"/notes/{organisation.a.note}/{part}", {"text": "x"}).follow().status == 403


def test_a_note_of_a_session_that_did_not_happen_later_is_not_lost(browser, organisation) -> None:
    me, uid = browser.as_("facilitator1"), organisation.a.meetings[0]
    me.post(f"/sessions/{uid}/cancellation", {"reason": "other"})
    assert "البدايات" in me.get(f"/notes/{organisation.a.note}")


@pytest.mark.parametrize("who", ["members", "left"])
def test_a_name_in_an_addition_is_asked_about_and_never_blocks(
    app, browser, organisation, who
) -> None:
    me, person = browser.as_("facilitator1"), getattr(organisation.a, who)[0]
    there, before = f"/notes/{organisation.a.note}", number_of(app, NoteRemark)
    text = f"وتحدّثت {person.name} أيضًا"
    asked = me.get(there).form("/additions").fill(text=text).press().follow()
    assert asked.status == 200 and "Is a code meant?" in asked and person.name in asked
    assert number_of(app, NoteRemark) == before
    form = asked.form("/additions")
    assert form["text"].strip() == text
    for _time in range(2):
        added = form.press("Add it as it is").follow()
    assert text in added
    assert number_of(app, NoteRemark) == before + 1


def test_someone_who_left_is_warned_of_in_a_note_too(browser, organisation) -> None:
    form = open_note(browser.as_("facilitator1"), organisation)
    page = saved(form.fill(happened=f"سأل عن {organisation.a.left[0].name}"), htmx=True)
    assert "Is a code meant?" in page and organisation.a.left[0].name in page
