"""Two cards of one person become one."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import delete, select

from app.audit.models import AuditRow
from app.extensions import db
from app.people.models import Consent, Person
from app.vault.models import Share
from tests.client import Browser, Page
from tests.workshops.acting import show, state_of


def merge(me: Browser, kept: str, gone: str, **ticked: bool) -> Page:
    """Compare two cards and make one person of them."""
    address = f"/people/{kept}/merging/{gone}"
    return me.get(address).form(address).fill(**ticked).press().follow()


def look_up(browser: Browser, word: str) -> Page:
    return browser.post("/code?language=en", {"code": word}).follow()


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


def test_a_code_word_never_leads_to_a_sign_up_that_somebody_else_made(
    app, browser, organisation, clock
) -> None:
    workshop = organisation.workshop
    public, known = workshop.on_list["public"], workshop.on_list["confirmed"]
    me = browser.as_("coordinator")
    assert "the code words open nothing there any more" in me.get(
        f"/people/{known.uid}/merging/{public.uid}"
    )
    merge(me, known.uid, public.uid)
    assert state_of(app, public.stay, clock.moment) == "cancelled"
    page = look_up(browser, workshop.code)
    assert page.status == 422 and "No sign-up is found" in page
    for stay in (known.stay, public.stay):
        late = browser.post(f"/code/{stay}/cancellation", {"code": workshop.code}).follow()
        assert late.status == 422
    assert state_of(app, known.stay, clock.moment) == "confirmed"


def test_nor_does_the_word_of_a_sign_up_that_was_cancelled_before(
    app, browser, organisation, clock
) -> None:
    workshop = organisation.workshop
    public, known = workshop.on_list["public"], workshop.on_list["confirmed"]
    look_up(browser, workshop.code).form("/cancellation").press()
    merge(browser.as_("coordinator"), known.uid, public.uid)
    assert look_up(browser, workshop.code).status == 422
    assert state_of(app, known.stay, clock.moment) == "confirmed"


def test_the_number_somebody_unknown_wrote_is_taken_over_only_when_that_is_asked_for(
    browser, organisation
) -> None:
    public, known = organisation.workshop.on_list["public"], organisation.candidate
    me = browser.as_("coordinator")
    me.get(f"/people/{known.uid}/edit").form("/edit").fill(channel="", number="", hours="").press()
    page = merge(me, known.uid, public.uid)
    assert "No contact was given." in page and public.number not in page


def test_and_then_it_is_theirs(browser, organisation) -> None:
    public, known = organisation.workshop.on_list["public"], organisation.candidate
    me = browser.as_("coordinator")
    me.get(f"/people/{known.uid}/edit").form("/edit").fill(channel="", number="", hours="").press()
    assert public.number in merge(me, known.uid, public.uid, take_contact=True)


@pytest.mark.parametrize("agreed_again", [False, True])
def test_a_consent_that_was_withdrawn_on_either_card_stays_withdrawn(
    app, browser, organisation, agreed_again
) -> None:
    public, known = organisation.workshop.on_list["public"], organisation.candidate
    later = date(2026, 11, 20)
    with app.app_context():
        db.session.execute(delete(Consent).where(Consent.person_uid == known.uid))
        for uid, given, withdrawn in (
            (public.uid, date(2026, 11, 1), date(2026, 11, 10)),
            (known.uid, later if agreed_again else date(2026, 11, 2), None),
        ):
            row = Consent(person_uid=uid, purpose="contact", recorded_by=known.uid)
            row.given_on, row.withdrawn_on = given, withdrawn
            db.session.add(row)
        db.session.commit()
        db.session.remove()
    page = merge(browser.as_("coordinator"), known.uid, public.uid)
    assert ("They withdrew their consent to be contacted." in page) is not agreed_again


def test_whose_contact_was_closed_to_a_facilitator_stays_closed(browser, organisation) -> None:
    gone, known = organisation.workshop.on_list["cancelled"], organisation.candidate
    theirs = browser.as_("facilitator1")
    assert theirs.get(f"/people/{known.uid}").status == 404
    merge(browser.as_("coordinator"), known.uid, gone.uid)
    page = theirs.get(f"/people/{known.uid}")
    assert known.name in page and known.number not in page
    assert "the contact is with the coordinators" in page


def test_somebody_with_a_referral_is_not_merged_away(browser, organisation) -> None:
    aid, known = organisation.aid, organisation.candidate
    me = browser.as_("coordinator")
    for person in (aid.person, aid.served):
        page = merge(me, known.uid, person.uid)
        assert page.status == 422 and "More than sign-ups" in page
        assert me.get(f"/people/{person.uid}").status == 200


def test_a_merge_stands_in_the_trail_of_both(app, browser, organisation) -> None:
    public, known = organisation.workshop.on_list["public"], organisation.candidate
    merge(browser.as_("coordinator"), known.uid, public.uid)
    with app.app_context():
        merged = select(AuditRow.person_uid).where(AuditRow.action == "people-merged")
        assert set(db.session.scalars(merged)) == {known.uid, public.uid}
        db.session.remove()


def test_two_people_who_look_alike_are_asked_about_once_and_not_again(
    app, browser, organisation
) -> None:
    public, known = organisation.workshop.on_list["public"], organisation.candidate
    me = browser.as_("coordinator")
    me.get(f"/people/{known.uid}/edit").form("/edit").fill(number=public.number).press()
    assert "may be the same person as" in show(browser, organisation)
    address = f"/people/{known.uid}/merging/{public.uid}"
    page = me.get(address).form("/difference").press().follow()
    assert "Recorded: they are two people." in page
    assert "may be the same person as" not in show(browser, organisation)
    assert "may be the same" not in me.get(f"/sign-ups/{public.stay}")
    me.get(address).form("/difference").press()
    assert "They are one person now." in merge(me, known.uid, public.uid)


def test_two_outsiders_of_one_name_are_shown_once(browser, organisation) -> None:
    link = organisation.workshop.link
    for _time in range(2):
        form = browser.get(f"/open/{link}").form(f"/open/{link}")
        form.fill(name="توأم").press()
    page = show(browser, organisation)
    assert page.words.count("may be the same person as") == 1
