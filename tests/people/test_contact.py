"""Who asks not to be contacted is left alone, whichever page it was said on."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from app.people.models import Consent
from app.requests.models import Request
from tests.client import Browser
from tests.organisation import Organisation
from tests.web.records import rows

STOPPED = "They asked not to be contacted any more"


def by_the_request(me: Browser, organisation: Organisation) -> None:
    me.get(f"/requests/{organisation.aid.request}").form("/silence").press()


def by_the_card(me: Browser, organisation: Organisation) -> None:
    page = me.get(f"/people/{organisation.aid.person.uid}/edit")
    page.form("/edit").fill(do_not_contact=True).press()


def by_the_consent_on_the_card(me: Browser, organisation: Organisation) -> None:
    page = me.get(f"/people/{organisation.aid.person.uid}/edit")
    page.form("/edit").fill(agrees_contact=False).press()


def by_the_consent(me: Browser, organisation: Organisation) -> None:
    person = organisation.aid.person.uid
    page = me.get(f"/people/{person}/choices")
    (contact,) = [
        f["action"] for li in page.root.all("li") if "contacted" in li.words for f in li.all("form")
    ]
    me.post(contact)


WAYS = (by_the_request, by_the_card, by_the_consent_on_the_card, by_the_consent)
Way = Callable[[Browser, Organisation], None]


@pytest.mark.parametrize("stop", WAYS)
def test_every_way_of_saying_so_stops_the_same(app, browser, organisation, stop: Way) -> None:
    me, person = browser.as_("coordinator"), organisation.aid.person
    stop(me, organisation)
    page = me.get(f"/people/{person.uid}")
    assert "Do not contact" in page
    assert person.number not in page.text and "sgnl:" not in page.text
    (request,) = rows(app, select(Request).where(Request.uid == organisation.aid.request))
    assert request.ended_as == "closed"
    of_contact = select(Consent).where(
        Consent.person_uid == person.uid, Consent.purpose == "contact"
    )
    assert all(one.withdrawn_on for one in rows(app, of_contact))
    assert "Do not contact" in me.get(f"/requests/{organisation.aid.request}")


@pytest.mark.parametrize("stop", WAYS)
def test_what_was_agreed_before_is_not_sent_any_more(browser, organisation, stop: Way) -> None:
    me = browser.as_("coordinator")
    stop(me, organisation)
    there = f"/letters/{organisation.aid.proposed}"
    assert "Send" not in [b.words for b in me.get(there).root.all("button")]
    page = me.post(f"{there}/sending").follow()
    assert page.status == 422 and STOPPED in page


def test_whoever_agrees_again_is_contacted_again(browser, organisation) -> None:
    me, person = browser.as_("coordinator"), organisation.aid.person
    by_the_card(me, organisation)
    edit = me.get(f"/people/{person.uid}/edit").form("/edit")
    assert person.number in edit.fill(agrees_contact=True).press().follow()


def test_no_place_is_offered_or_waited_for(browser, organisation) -> None:
    me, a = browser.as_("coordinator"), organisation.a
    waiting, candidate = a.waiting[0], organisation.candidate
    for uid in (waiting.uid, candidate.uid):
        me.get(f"/people/{uid}/edit").form("/edit").fill(do_not_contact=True).press()
    page = me.get(f"/groups/{a.uid}")
    assert "Do not contact" in page and f"/stays/{waiting.stay}/offer" not in page.text
    offered = me.post(f"/stays/{waiting.stay}/offer", {"until": "2026-12-20"}).follow()
    assert offered.status == 422 and STOPPED in offered
    placed = me.post(f"/groups/{a.uid}/members/{candidate.uid}/waiting").follow()
    assert placed.status == 422 and STOPPED in placed


def test_a_workshop_offers_them_no_seat(browser, organisation) -> None:
    me, somebody = browser.as_("coordinator"), organisation.workshop.on_list["waiting"]
    person = me.get(f"/sign-ups/{somebody.stay}").link("Safe contact").split("/")[2]
    me.get(f"/people/{person}/edit").form("/edit").fill(do_not_contact=True).press()
    assert "Do not contact" in me.get(f"/sign-ups/{somebody.stay}")
    assert "Do not contact" in me.get(f"/workshops/{organisation.workshop.uid}")
    typed = {"on": "2026-11-24", "at": "17:00"}
    page = me.post(f"/sign-ups/{somebody.stay}/offer", typed).follow()
    assert page.status == 422 and STOPPED in page


def test_a_facilitator_is_told_before_writing_to_the_desk(browser, organisation) -> None:
    member = organisation.a.members[1]
    edit = browser.as_("coordinator").get(f"/people/{member.uid}/edit").form("/edit")
    edit.fill(do_not_contact=True).press()
    me = browser.as_("facilitator1")
    page = me.get(f"/groups/{organisation.a.uid}/members/{member.uid}/request")
    assert STOPPED in page
    assert "Do not contact" in me.get("/"), "Beside the follow-up that is due."
    page.form("/request").fill(remark="سكن").press()
    queue = browser.as_("coordinator").get("/requests")
    row = next(a for a in queue.root.all("a") if member.name in a.words)
    assert "Do not contact" in row.words


def test_a_request_says_whether_they_agreed_to_be_contacted(browser, organisation) -> None:
    me, said = browser.as_("coordinator"), {}
    for name, agrees in (("خزامى", True), ("نعناع", False)):
        form = me.get("/requests/new").form("/requests/new")
        page = form.fill(name=name, agrees_contact=agrees).press().follow()
        said[name] = me.get(page.link("Safe contact"))
    assert "To be contacted: Tuesday 24 November 2026" in said["خزامى"]
    assert "To be contacted: not asked" in said["نعناع"]
    assert "Not to be contacted" not in said["نعناع"]
