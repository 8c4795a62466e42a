"""The desk's requests: somebody known, the same phone, next contact, placing and taking it back, urgent ones."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import update

from app.extensions import db
from app.groups.models import Membership
from app.requests import requesting
from app.requests.models import ContactAttempt, Referral, Request
from app.requests.requesting import Wish
from app.web.paging import ROWS
from tests.organisation import NOW, Organisation, viewer
from tests.web.records import number_of, one, plant, rows


def test_a_request_of_somebody_known_needs_no_second_card(browser, organisation) -> None:
    desk, known = browser.as_("coordinator"), organisation.candidate
    page = desk.get(desk.get(f"/people/{known.uid}").link("Take a request"))
    page = page.form("/requests/new").fill(urgency="urgent", remark="عادت إلينا").press().follow()
    assert "عادت إلينا" in page and known.name in page
    assert known.name in desk.get("/requests")


def test_a_newcomer_with_a_known_phone_is_pointed_out(browser, organisation) -> None:
    desk, known = browser.as_("coordinator"), organisation.candidate
    form = desk.get("/requests/new").form("/requests/new")
    page = form.fill(name="اسم آخر", channel="signal", number=known.number).press().follow()
    assert "The same phone stands on another card:" in page and known.name in page
    assert page.link(known.name) == f"/people/{known.uid}"


def test_whom_to_contact_today_stands_on_the_owners_today(app, browser, organisation) -> None:
    aid, desk = organisation.aid, browser.as_("coordinator")
    due = update(Request).where(Request.uid == aid.request)
    plant(app, due.values(next_contact_on=NOW.date() + timedelta(days=1)))
    assert "To contact" not in desk.get("/")
    plant(app, due.values(next_contact_on=NOW.date()))
    today = desk.get("/")
    assert "To contact" in today and today.link(aid.person.name) == f"/requests/{aid.request}"
    assert "is-wait" in desk.get("/requests").text


def test_nobody_is_placed_in_a_group_of_another_place(app, browser, organisation) -> None:
    plant(app, update(Request).values(site_uid=organisation.jerusalem))
    typed = {"group": organisation.b.uid}
    page = browser.as_("coordinator").post(f"/requests/{organisation.aid.request}/placement", typed)
    assert page.follow().status == 422
    there = (
        Membership.group_uid == organisation.b.uid,
        Membership.person_uid == organisation.aid.person.uid,
    )
    assert number_of(app, Membership, *there) == 0


def test_undoing_a_placement_takes_the_place_on_the_waiting_list_back(
    app, browser, organisation
) -> None:
    desk, aid = browser.as_("coordinator"), organisation.aid
    page = desk.get(f"/requests/{aid.request}").form("/placement").press().follow()
    page.form("/reopening").press()
    stays = rows(app, Membership.__table__.select().where(Membership.person_uid == aid.person.uid))
    assert [stay.ended_as for stay in stays] == ["withdrawn"]
    again = desk.get(f"/requests/{aid.request}").form("/placement").press().follow()
    assert "They are on the waiting list" in again


def test_an_attempt_tapped_twice_is_written_once(app, browser, organisation) -> None:
    desk = browser.as_("coordinator")
    form = desk.get(f"/requests/{organisation.aid.request}").form("/attempts/unreachable")
    assert form.press().location == form.press().location
    assert number_of(app, ContactAttempt) == 1


def test_who_sends_an_urgent_request_is_told_whom_to_phone(browser, organisation) -> None:
    member = organisation.a.members[2]
    page = browser.as_("facilitator1").get(
        f"/groups/{organisation.a.uid}/members/{member.uid}/request"
    )
    told = page.form("/request").fill(urgency="urgent").press().follow()
    assert "Nobody watches Daftar at night." in told
    told = page.browser.get(page.address).form("/request").fill(urgency="high").press().follow()
    assert "Nobody watches Daftar at night." not in told


def test_a_referral_answers_the_request_it_was_opened_from(app, browser, organisation) -> None:
    aid, desk = organisation.aid, browser.as_("coordinator")
    with app.app_context():
        me = viewer(organisation.staff["coordinator"])
        newer = requesting.open_request(
            me,
            Wish("self", "social", "routine"),
            person_uid=aid.person.uid,
            site_uid=organisation.jerusalem,
            at=NOW,
        ).uid
        db.session.commit()
        db.session.remove()
    for request in (aid.request, newer):
        page = desk.get(desk.get(f"/requests/{request}").link("Refer to a counsellor"))
        uid = page.form("/letters/new").press().location.split("/")[2].partition("?")[0]
        assert one(app, Referral, uid).request_uid == request


def test_every_answered_request_can_be_reached(app, browser, organisation) -> None:
    answer(app, organisation, ROWS + 1)
    desk = browser.as_("coordinator")
    first = desk.get(desk.get("/requests").link("Answered"))
    second = desk.get(first.link("Next"))
    found = [a["href"] for page in (first, second) for a in page.root.all("a", class_="item")]
    assert len(set(found)) == ROWS + 1


def answer(app, organisation: Organisation, number: int) -> None:
    """As many requests, opened and closed."""
    with app.app_context():
        me = viewer(organisation.staff["coordinator"])
        for _each in range(number):
            request = requesting.open_request(
                me,
                Wish("self", "social", "routine"),
                person_uid=organisation.aid.person.uid,
                site_uid=organisation.jerusalem,
                at=NOW,
            )
            requesting.end(request, "closed", "", at=NOW)
        db.session.commit()
        db.session.remove()
