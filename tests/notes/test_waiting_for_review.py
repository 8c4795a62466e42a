"""A note that is signed or reviewed just while its review begins, ends, or changes hands."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from app.groups.models import Group
from app.notes.models import AWAITING, DRAFT, SIGNED, Note, NoteRemark
from tests.accounts.held import while_held
from tests.notes.writing import open_note
from tests.web.records import number_of, one, plant


@pytest.mark.parametrize(("reviewed", "state"), [(True, AWAITING), (False, SIGNED)])
def test_whether_a_note_is_reviewed_is_read_after_the_wait(
    app, browser, organisation, reviewed, state
) -> None:
    a = organisation.a
    of_group = update(Group).where(Group.uid == a.uid)
    plant(app, of_group.values(reviewed=not reviewed))
    form = open_note(browser.as_("facilitator1"), organisation).fill(happened="لقاء")
    button = "Sign and close" if reviewed else "Send for review"
    (page,) = while_held(
        app,
        Group,
        a.uid,
        lambda: form.press(button),
        meanwhile=(of_group.values(reviewed=reviewed),),
    )
    note = page.location.partition("?")[0].rpartition("/")[2]
    assert one(app, Note, note).state == state


def test_a_review_waits_for_whoever_ends_it_before_it_holds_the_note(
    app, browser, organisation
) -> None:
    """Locked the other way round, each would wait for what the other holds."""
    a, supervisor = organisation.a, browser.as_("supervisor")
    plant(app, update(Group).where(Group.uid == a.uid).values(reviewed=True))
    form = open_note(browser.as_("facilitator1"), organisation).fill(happened="لقاء")
    sent = form.press("Send for review").location.partition("?")[0]
    uid = sent.rpartition("/")[2]
    review = supervisor.get(sent).form("/review").fill(comment="ينقصه شيء")
    given_back = update(Note).where(Note.uid == uid).values(awaiting_at=None, text=None)
    (page,) = while_held(
        app, Group, a.uid, lambda: review.press("Return with the comment"), meanwhile=(given_back,)
    )
    assert page.follow().status in (404, 422)
    assert one(app, Note, uid).state == DRAFT
    assert number_of(app, NoteRemark, NoteRemark.note_uid == uid) == 0
