"""From a request to a closed file, as the desk, the counsellor and the supervisor do it."""

from __future__ import annotations

import pytest

from app.requests.models import Request
from tests.access.acting import coordinate
from tests.client import Browser, Page
from tests.organisation import Organisation
from tests.web.records import one

REASON = "سبب تحويل رفيف القدس"


def referral(browser: Browser, organisation: Organisation, who: str = "coordinator") -> Page:
    return browser.as_(who).get(f"/letters/{organisation.aid.proposed}")


def send(browser: Browser, organisation: Organisation) -> Page:
    return referral(browser, organisation).form("/sending").press().follow()


def test_a_request_is_taken_in_a_minute_and_stands_in_the_queue_by_urgency(
    browser, organisation
) -> None:
    me = browser.as_("coordinator")
    form = me.get("/requests/new").form("/requests/new")
    page = form.fill(name="بنفسج", urgency="urgent", remark="ليلة صعبة").press().follow()
    assert "ليلة صعبة" in page and "Nobody watches Daftar at night." in page
    queue = me.get("/requests")
    assert queue.words.index("بنفسج") < queue.words.index(organisation.aid.person.name)
    assert "waits since 3 days" in queue


def test_nobody_leaves_a_message_where_it_is_not_safe(browser, organisation) -> None:
    me, uid = browser.as_("coordinator"), organisation.aid.request
    page = me.get(f"/requests/{uid}")
    assert "Left a message" not in page
    forced = me.post(f"/requests/{uid}/attempts/left_message").follow()
    assert forced.status == 422 and "leave no message" in forced
    assert "Unreachable" in page.form("/attempts/unreachable").press().follow()


def test_who_asks_not_to_be_contacted_is_left_alone_everywhere(browser, organisation) -> None:
    me, aid = browser.as_("coordinator"), organisation.aid
    page = me.get(f"/requests/{aid.request}").form("/silence").press().follow()
    assert "Nobody contacts them any more." in page and "Do not contact" in page
    assert "sgnl:" not in page.text
    assert (
        organisation.aid.person.name
        not in me.get("/requests").root.first("main").words.split("Answered")[0]
    )


def test_a_withdrawn_consent_to_be_contacted_hides_the_contact(browser, organisation) -> None:
    me, person = browser.as_("coordinator"), organisation.candidate
    page = me.get(f"/people/{person.uid}/choices").form("/end").press().follow()
    assert "withdrawn" in page
    page = me.get(f"/people/{person.uid}")
    assert "They withdrew their consent to be contacted." in page
    assert "sgnl:" not in page.text and person.number not in page.text


def test_a_facilitator_sends_a_request_and_cannot_read_it_back(browser, organisation) -> None:
    me, member = browser.as_("facilitator1"), organisation.a.members[2]
    address = f"/groups/{organisation.a.uid}/members/{member.uid}/request"
    page = me.get(address).form("/request").fill(remark="سكن آمن قريبًا").press().follow()
    assert "The coordinators have the request." in page and "سكن آمن" not in page
    assert me.get("/requests").status == 403
    desk = browser.as_("coordinator")
    queue = desk.get("/requests")
    row = next(a for a in queue.root.all("a") if member.name in a.words)
    assert "سكن آمن قريبًا" in desk.get(row["href"])


def test_without_consent_to_this_very_receiver_nothing_is_sent(browser, organisation) -> None:
    me = browser.as_("coordinator")
    page = referral(browser, organisation)
    other = organisation.staff["counsellor_b"].uid
    page = page.form("/receiver").fill(receiver=other).press().follow()
    assert "The person agrees to this receiver" in page, "The earlier consent is worth nothing now."
    forced = me.post(f"/letters/{organisation.aid.proposed}/sending").follow()
    assert forced.status == 422 and "has not agreed to this receiver" in forced


def test_a_referral_is_sent_accepted_and_opens_a_file(browser, organisation) -> None:
    assert "The referral was sent." in send(browser, organisation)
    counsellor = browser.as_("counsellor")
    assert organisation.aid.person.name in counsellor.get("/")
    page = counsellor.get(f"/letters/{organisation.aid.proposed}")
    assert REASON in page
    file = page.form("/answer/yes").press().follow()
    assert "The file is open." in file and organisation.aid.person.name in file
    there = file.address.partition("?")[0]
    assert counsellor.get(page.address).link("Open the file") == there
    assert counsellor.get(f"/people/{organisation.aid.person.uid}").status == 200
    assert browser.as_("counsellor_b").get(there).status == 404


def test_declining_ends_the_receivers_access_and_the_desk_reads_why(browser, organisation) -> None:
    counsellor, uid = browser.as_("counsellor"), organisation.aid.sent
    page = counsellor.get(f"/letters/{uid}")
    page.form("/answer/no").fill(reason="لا مكان قبل الربيع").press()
    assert counsellor.get(f"/letters/{uid}").status == 404
    assert "لا مكان قبل الربيع" in browser.as_("coordinator").get(f"/letters/{uid}")


def test_revoked_while_the_receiver_accepts_one_wins_and_the_other_is_told(
    browser, organisation
) -> None:
    desk, counsellor = browser.as_("coordinator"), browser.as_("counsellor")
    uid = organisation.aid.sent
    open_there = counsellor.get(f"/letters/{uid}").form("/answer/yes")
    desk.get(f"/letters/{uid}").form("/recall").press()
    told = open_there.press().follow()
    assert told.status == 422 and "This referral was revoked meanwhile." in told
    assert "A referral was revoked." in told, "Today keeps saying so for a week."
    assert "تمارا" not in told, "Who it was about is theirs no more."


def test_accepted_twice_from_two_devices_opens_one_file(browser, organisation) -> None:
    phones = [browser.as_("counsellor") for _number in range(2)]
    forms = [p.get(f"/letters/{organisation.aid.sent}").form("/answer/yes") for p in phones]
    assert forms[0].press().location.startswith("/files/")
    second = forms[1].press().follow()
    assert second.status == 422 and "answered already" in second


def test_a_withdrawn_consent_revokes_what_was_sent(browser, organisation) -> None:
    send(browser, organisation)
    counsellor, person = browser.as_("counsellor"), organisation.aid.person
    assert counsellor.get(f"/people/{person.uid}").status == 200
    desk = browser.as_("coordinator")
    page = desk.get(f"/people/{person.uid}/choices")
    page.form(f"/{organisation.aid.consent}/end").press()
    assert counsellor.get(f"/people/{person.uid}").status == 404
    assert "revoked" in desk.get(f"/letters/{organisation.aid.proposed}")


def test_after_the_first_appointment_a_referral_is_not_revoked_any_more(
    browser, organisation
) -> None:
    me = browser.as_("coordinator")
    with_file = me.get("/letters")
    done = next(
        a["href"]
        for a in with_file.root.first("main").all("a")
        if organisation.aid.served.name in a.words
    )
    refused = me.post(f"{done}/recall").follow()
    assert refused.status == 422 and "the counsellor closes the file" in refused


def test_a_service_outside_gets_nothing_and_its_name_is_read_by_the_desk_alone(
    browser, organisation
) -> None:
    page = browser.as_("coordinator").get(f"/letters/{organisation.aid.outside}")
    assert "عيادة بعيدة" in page
    page = page.form("/yes").press().follow()
    page = page.form("/completion").press().follow()
    assert "carried out" in page
    assert browser.as_("coordinator_b").get(f"/letters/{organisation.aid.outside}").status == 404


def test_a_counsellor_who_left_is_sent_nobody(browser, organisation) -> None:
    uid = organisation.staff["counsellor"].uid
    admin = browser.as_("administrator")
    admin.post(f"/staff/{uid}/end")
    page = browser.as_("coordinator").post(f"/letters/{organisation.aid.proposed}/sending")
    assert page.follow().status == 422
    sent = browser.as_("coordinator").get(f"/letters/{organisation.aid.sent}")
    assert "revoked" in sent


@pytest.mark.parametrize("who", ["facilitator1", "supervisor", "administrator", "counsellor"])
def test_only_the_desk_reads_requests(browser, organisation, who) -> None:
    assert browser.as_(who).get(f"/requests/{organisation.aid.request}").status == 403


def test_a_request_is_not_placed_in_a_group_of_another_place(app, browser, organisation) -> None:
    coordinate(browser.as_("administrator"), "coordinator", organisation.ramallah)
    me, there = browser.as_("coordinator"), f"/requests/{organisation.aid.request}/placement"
    assert "kept=" in me.post(there, {"group": organisation.b.uid}).location
    assert one(app, Request, organisation.aid.request).state == "open"
