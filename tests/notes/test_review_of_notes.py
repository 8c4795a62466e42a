"""Where a group's notes are reviewed: sent, returned with a comment, sent again, signed off."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from app.groups.models import Group
from app.notes.models import COMMENT as A_COMMENT
from app.notes.models import Note, NoteRemark
from tests.client import Browser, Page
from tests.notes.writing import open_note
from tests.web.records import number_of, one, plant, rows, trail_of

COMMENT = "اكتبوا من فضلكم ما الذي اتُّفق عليه"
TEXT = "لقاء طويل ومتعب"


@pytest.fixture(autouse=True)
def reviewed(app, organisation) -> None:
    """Group A's notes are reviewed by its supervisor."""
    plant(app, update(Group).where(Group.uid == organisation.a.uid).values(reviewed=True))


def send(me: Browser, organisation, text: str = TEXT, number: int = 7) -> str:
    """Write a note and send it for review; its address."""
    page = open_note(me, organisation, number).fill(happened=text).press("Send for review")
    assert page.location.endswith("said=sent-for-review"), page.location
    return page.location.partition("?")[0]


def answer(by: Browser, there: str, button: str, comment: str = "") -> Page:
    return by.get(there).form("/review").fill(comment=comment).press(button)


@pytest.fixture
def author(browser: Browser) -> Browser:
    return browser.as_("facilitator1")


@pytest.fixture
def supervisor(browser: Browser) -> Browser:
    return browser.as_("supervisor")


@pytest.fixture
def sent(author: Browser, organisation) -> str:
    """A note by facilitator1 that awaits review."""
    return send(author, organisation)


def test_a_note_is_returned_sent_again_and_signed_off(
    app, author, supervisor, organisation, sent
) -> None:
    assert "Awaiting review" in supervisor.get("/")
    assert TEXT in supervisor.get(sent)
    there = f"/sessions/{organisation.a.meetings[7]}/note"
    assert there not in author.get("/").text, "Nothing is left to do for its author."
    assert answer(supervisor, sent, "Return", COMMENT).location == "/?said=returned"
    assert "Awaiting review" not in supervisor.get("/")

    (listed,) = [a for a in author.get("/").root.all("a") if a["href"] == there]
    assert "with a comment" in listed.words
    draft = open_note(author, organisation)
    assert draft["happened"].strip() == TEXT
    assert COMMENT in draft.page
    assert send(author, organisation, f"{TEXT}، واتُّفق على موعد") == sent
    assert answer(supervisor, sent, "Sign off").location == "/?said=signed-off"

    note = one(app, Note, sent.rpartition("/")[2])
    assert note.state == "signed"
    assert note.signed_off_by == organisation.staff["supervisor"].uid
    assert note.draft is None
    assert "واتُّفق على موعد" in author.get(sent)
    acts = [row.action for row in trail_of(app) if row.action.startswith("note-s")]
    assert acts[-3:] == ["note-sent-for-review", "note-sent-for-review", "note-signed-off"]


def test_while_it_awaits_review_its_author_changes_nothing(author, organisation, sent) -> None:
    assert author.get(f"/sessions/{organisation.a.meetings[7]}/note").location == sent
    typed = {"happened": "anders", "version": "1", "page": "x"}
    page = author.post(f"/sessions/{organisation.a.meetings[7]}/note", typed).follow()
    assert "awaits review" in page
    assert TEXT in author.get(sent) and "anders" not in author.get(sent)


@pytest.mark.parametrize("who", ["facilitator2", "two_roles", "coordinator", "administrator"])
def test_while_it_awaits_review_nobody_but_author_and_supervisor_sees_it(
    browser, sent, who
) -> None:
    page = browser.as_(who).get(sent)
    assert page.status in (403, 404)


def test_a_comment_beside_the_signature_stays_with_the_note(
    author, supervisor, organisation, sent
) -> None:
    assert answer(supervisor, sent, "Sign off", COMMENT).location == "/?said=signed-off"
    page = author.get(sent)
    assert COMMENT in page and "Returned" not in page


def test_returning_needs_a_comment(app, supervisor, sent) -> None:
    page = answer(supervisor, sent, "Return").follow()
    assert page.status == 422
    assert "Write what should be changed" in page
    assert number_of(app, NoteRemark, NoteRemark.kind == A_COMMENT) == 0
    assert one(app, Note, sent.rpartition("/")[2]).state == "awaiting"


def test_the_author_reads_the_comment_also_without_the_notes_key(
    browser, supervisor, organisation
) -> None:
    newcomer = browser.as_("two_roles")
    there = send(newcomer, organisation)
    answer(supervisor, there, "Return", COMMENT)
    draft = open_note(newcomer, organisation)
    assert COMMENT in draft.page
    assert draft["happened"].strip() == TEXT


def test_after_signing_off_an_author_without_the_notes_key_does_not_read_it(
    browser, supervisor, organisation
) -> None:
    newcomer = browser.as_("two_roles")
    there = send(newcomer, organisation)
    answer(supervisor, there, "Sign off")
    page = newcomer.get(there)
    assert page.status == 200
    assert TEXT not in page


def test_a_returned_note_is_the_authors_alone_again(app, browser, supervisor, sent) -> None:
    answer(supervisor, sent, "Return", COMMENT)
    note = one(app, Note, sent.rpartition("/")[2])
    assert note.text is None
    assert supervisor.get(sent).status == 404
    assert browser.as_("facilitator2").get(sent).status == 404


@pytest.mark.parametrize(
    ("who", "status"),
    [("facilitator1", 403), ("facilitator2", 403), ("coordinator", 403), ("administrator", 403)],
)
def test_only_a_supervisor_reviews(app, browser, sent, who, status) -> None:
    page = browser.as_(who).post(f"{sent}/review", {"agree": "yes", "comment": ""})
    assert page.location == f"/problem/{status}"
    assert one(app, Note, sent.rpartition("/")[2]).state == "awaiting"


def test_what_was_signed_off_is_not_signed_off_or_returned_again(supervisor, sent) -> None:
    page = supervisor.get(sent)
    answer(supervisor, sent, "Sign off")
    for button in ("Sign off", "Return"):
        again = page.form("/review").fill(comment=COMMENT).press(button).follow()
        assert "does not await review any more" in again


def test_a_coordinator_sees_a_number_after_two_weeks_and_nothing_else(
    browser, organisation, sent, clock
) -> None:
    words = "note has not been reviewed"
    clock.forward(days=13, hours=23)
    assert words not in browser.as_("coordinator").get("/")
    clock.forward(hours=1)
    page = browser.as_("coordinator").get("/")
    assert f"1 {words} for two weeks" in page
    assert sent not in page.text and TEXT not in page
    assert words not in browser.as_("coordinator_b").get("/")
    assert words not in browser.as_("facilitator2").get("/")


def test_a_comment_stands_nowhere_in_the_clear(app, supervisor, sent) -> None:
    answer(supervisor, sent, "Return", COMMENT)
    for texts in rows(app, NoteRemark.__table__.select()):
        assert COMMENT.encode() not in b"".join(v for v in texts if isinstance(v, bytes))


def test_nobody_signs_off_what_they_cannot_read(app, browser, organisation, sent) -> None:
    admin, uid = browser.as_("administrator"), browser.staff["counsellor"].uid
    admin.post(f"/staff/{uid}/roles", {"supervisor": "y"})
    typed = {"user": uid, "part": "supervisor"}
    browser.as_("coordinator").post(f"/groups/{organisation.a.uid}/team", typed)
    browser.as_("counsellor").post(f"{sent}/review", {"agree": "yes", "comment": ""})
    assert one(app, Note, sent.rpartition("/")[2]).state == "awaiting"


def test_nobody_signs_off_their_own_note(app, browser, organisation, sent) -> None:
    admin, uid = browser.as_("administrator"), browser.staff["facilitator1"].uid
    admin.post(f"/staff/{uid}/roles", {"supervisor": "y", "facilitator": "y"})
    typed = {"user": uid, "part": "supervisor"}
    browser.as_("coordinator").post(f"/groups/{organisation.a.uid}/team", typed)
    browser.as_("facilitator1").post(f"{sent}/review", {"agree": "yes", "comment": ""})
    assert one(app, Note, sent.rpartition("/")[2]).state == "awaiting"


def test_its_author_takes_a_note_back_and_sends_another_text(
    app, author, supervisor, organisation, sent
) -> None:
    draft = author.get(sent).form("/draft").press().follow()
    assert "The note is a draft again." in draft
    assert draft.form("/note")["happened"].strip() == TEXT
    assert one(app, Note, sent.rpartition("/")[2]).text is None
    assert "Awaiting review" not in supervisor.get("/")
    assert supervisor.get(sent).status == 404
    assert send(author, organisation, "كتبتُ من جديد") == sent


def test_what_was_signed_off_is_not_taken_back(app, author, supervisor, sent) -> None:
    answer(supervisor, sent, "Sign off")
    page = author.post(f"{sent}/draft").follow()
    assert page.status == 422 and "does not await review any more" in page
    assert one(app, Note, sent.rpartition("/")[2]).state == "signed"


def test_nobody_takes_a_colleagues_note_back(app, browser, sent) -> None:
    for who in ("facilitator2", "supervisor"):
        browser.as_(who).post(f"{sent}/draft")
    assert one(app, Note, sent.rpartition("/")[2]).state == "awaiting"


def edit(browser: Browser, organisation, *, reviewed: bool) -> Page:
    there = f"/groups/{organisation.a.uid}/edit"
    return browser.as_("coordinator").get(there).form(there).fill(reviewed=reviewed).press()


def end_supervision(browser: Browser, organisation) -> Page:
    team = browser.as_("coordinator").get(f"/groups/{organisation.a.uid}/team")
    (item,) = [li for li in team.root.all("li") if "Supervisor" in li.words]
    (form,) = item.all("form")
    return team.browser.post(form["action"])


def test_once_nobody_reviews_any_more_what_waited_is_a_draft_again(
    app, browser, author, organisation, sent
) -> None:
    edit(browser, organisation, reviewed=False)
    assert one(app, Note, sent.rpartition("/")[2]).state == "draft"
    draft = open_note(author, organisation)
    assert draft["happened"].strip() == TEXT
    assert "said=signed" in draft.press("Sign and close").location


def test_when_the_last_supervisor_goes_what_waited_is_a_draft_again_and_one_is_told(
    app, browser, organisation, sent
) -> None:
    page = end_supervision(browser, organisation).follow()
    assert "its notes are no longer reviewed" in page
    assert one(app, Note, sent.rpartition("/")[2]).state == "draft"
    assert not one(app, Group, organisation.a.uid).reviewed


def test_notes_are_not_reviewed_where_nobody_supervises(app, browser, organisation) -> None:
    end_supervision(browser, organisation)
    page = edit(browser, organisation, reviewed=True).follow()
    assert page.status == 422 and "Assign a supervisor first" in page
    assert not one(app, Group, organisation.a.uid).reviewed
