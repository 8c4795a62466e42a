"""Two cards of one person become one."""

from __future__ import annotations

from sqlalchemy import select

from app.extensions import db
from app.people.models import Person
from app.vault.models import Share
from tests.workshops.acting import show, state_of


def test_a_duplicate_is_shown_and_made_one_with_the_known_person(
    app, browser, organisation
) -> None:
    public, known = organisation.workshop.on_list["public"], organisation.candidate
    with app.app_context():
        db.session.remove()
    me = browser.as_("coordinator")
    form = me.get(f"/people/{known.uid}/edit").form("/edit")
    form.fill(number=public.number).press()
    page = show(browser, organisation)
    assert "may be the same person as" in page and "same phone" in page
    page = me.get(f"/people/{known.uid}/merging/{public.uid}")
    page = page.form(f"/merging/{public.uid}").press().follow()
    assert "They are one person now." in page and "Printing" in page
    with app.app_context():
        assert db.session.get(Person, public.uid) is None
        assert not db.session.scalars(select(Share).where(Share.person_uid == public.uid)).all()
        db.session.remove()
    assert known.name in show(browser, organisation, "facilitator1")
    word = browser.post("/code?language=en", {"code": organisation.workshop.code}).follow()
    assert "You have a seat." in word


def test_of_two_sign_ups_of_one_person_the_seat_is_kept(app, browser, organisation, clock) -> None:
    public, waiting = (organisation.workshop.on_list[k] for k in ("public", "waiting"))
    me = browser.as_("coordinator")
    me.get(f"/people/{waiting.uid}/merging/{public.uid}").form(f"/merging/{public.uid}").press()
    assert state_of(app, public.stay, clock.moment) == "confirmed"
    assert state_of(app, waiting.stay, clock.moment) == "cancelled"


def test_somebody_in_a_group_is_not_merged_away(browser, organisation) -> None:
    member, known = organisation.a.members[0], organisation.candidate
    me = browser.as_("coordinator")
    page = me.post(f"/people/{known.uid}/merging/{member.uid}").follow()
    assert page.status == 422 and "More than sign-ups" in page
    assert me.get(f"/people/{member.uid}").status == 200
