"""A group's page per role, a person's page, the list of groups, and More."""

from __future__ import annotations

import pytest

from tests.web.records import trail_of


def test_a_facilitator_sees_the_roster_with_how_often_each_came(browser, organisation) -> None:
    page = browser.as_("facilitator1").get(f"/groups/{organisation.a.uid}")
    members = organisation.a.members
    by_name = {
        m.name: next(tr for tr in page.root.all("tr") if tr.first("a", href=f"/people/{m.uid}"))
        for m in members
    }
    words = {name: tr.words for name, tr in by_name.items()}
    assert "100%" in words[members[0].name]
    assert "50%" in words[members[1].name]
    assert "0%" in words[members[3].name] and "Missed two in a row" in words[members[3].name]
    assert "Missed two in a row" not in words[members[1].name]
    assert [i.words for i in by_name[members[11].name].all("i", title="Not recorded")] == ["·", "·"]
    assert "Waiting list" not in page
    assert (
        "6 held of 15" in next(d for d in page.root.all("div") if d.has("aria-label"))["aria-label"]
    )


def test_members_stand_in_the_order_of_their_folded_names(browser, organisation) -> None:
    page = browser.as_("facilitator1").get(f"/groups/{organisation.a.uid}")
    items = page.root.first("section", id="grid").first("tbody").all("bdi")
    shown = [item.words.split()[0] for item in items]
    assert shown[0] == "Maya"
    assert shown.index("آدم") < shown.index("تالا") < shown.index("جود") < shown.index("يارا")


def test_a_supervisor_sees_the_group_without_its_people(browser, organisation) -> None:
    page = browser.as_("supervisor").get(f"/groups/{organisation.a.uid}")
    assert page.status == 200
    assert page.root.first("section", id="grid") is None
    assert "Places" not in page
    for member in organisation.a.members:
        assert member.name not in page and member.uid not in page.text


def test_a_coordinator_sees_the_waiting_list_and_no_note(browser, organisation) -> None:
    page = browser.as_("coordinator").get(f"/groups/{organisation.a.uid}")
    for words in ("Waiting list", "Add someone", "Team", "End the group"):
        assert words in page
    assert "/notes/" not in page.text and "/note" not in page.text.replace("/notebook", "")


@pytest.mark.parametrize("who", ["facilitator1", "two_roles", "supervisor"])
def test_only_its_coordinators_manage_a_group(browser, organisation, who) -> None:
    page = browser.as_(who).get(f"/groups/{organisation.a.uid}")
    for words in ("Add someone", "End the group", "Leaving"):
        assert words not in page


def test_whoever_left_stands_below_with_their_days(browser, organisation) -> None:
    page = browser.as_("facilitator1").get(f"/groups/{organisation.a.uid}")
    below = page.root.first("section", id="roster").first("details").words
    assert organisation.a.left[0].name in below
    assert "20 Oct" in below and "left" in below


@pytest.mark.parametrize(
    ("who", "status"),
    [("facilitator3", 404), ("coordinator_b", 404), ("administrator", 403), ("counsellor", 403)],
)
def test_a_group_of_others_is_not_there(browser, organisation, who, status) -> None:
    assert browser.as_(who).get(f"/groups/{organisation.a.uid}").status == status
    assert browser.as_("facilitator1").get("/groups/zzzzzzzzzz").status == 404


def test_the_list_holds_ones_own_groups(browser, organisation) -> None:
    page = browser.as_("coordinator").get("/groups")
    assert "الزيتون" in page and "الندى" in page and "البحر" not in page
    assert "Tue 24 Nov 18:00" in page
    assert (
        browser.as_("facilitator3")
        .get("/groups")
        .root.all("a", href=f"/groups/{organisation.b.uid}")
    )


def test_the_safe_contact_stands_first_and_says_leave_no_message(browser, organisation) -> None:
    member = organisation.a.members[0]
    page = browser.as_("facilitator1").get(f"/people/{member.uid}")
    first = page.root.first("h2")
    assert first.words == "Safe contact"
    for words in (member.name, member.number, "بعد الخامسة مساءً", "سؤال عن دورة اللغة"):
        assert words in page
    assert "Leave no message." in page
    assert page.words.index("Leave no message.") < page.words.index(member.number)


def test_a_facilitator_does_not_read_what_only_the_desk_needs(browser, organisation) -> None:
    member = organisation.a.members[0]
    page = browser.as_("facilitator1").get(f"/people/{member.uid}")
    for words in ("حيّ الجامعة", f"ملاحظة عن {member.name}", "25-34", "Consent"):
        assert words not in page
    assert "/edit" not in page.text
    at_desk = browser.as_("coordinator").get(f"/people/{member.uid}")
    assert "حيّ الجامعة" in at_desk and "Consent" in at_desk


@pytest.mark.parametrize(
    ("who", "status"),
    [("supervisor", 404), ("administrator", 403), ("facilitator3", 404), ("coordinator_b", 404)],
)
def test_a_person_of_others_is_not_there(browser, organisation, who, status) -> None:
    assert browser.as_(who).get(f"/people/{organisation.a.members[1].uid}").status == status


@pytest.mark.parametrize("kind", ["waiting", "offered"])
def test_a_facilitator_opens_nobody_who_only_waits(browser, organisation, kind) -> None:
    person = getattr(organisation.a, kind)[0]
    assert browser.as_("facilitator1").get(f"/people/{person.uid}").status == 404
    assert person.number in browser.as_("coordinator").get(f"/people/{person.uid}")


def test_whoever_left_has_a_name_and_no_number_for_the_facilitators(browser, organisation) -> None:
    gone = organisation.a.left[0]
    page = browser.as_("facilitator1").get(f"/people/{gone.uid}")
    assert gone.name in page and gone.number not in page
    assert "سؤال عن دورة اللغة" not in page


def test_a_persons_stays_are_shown_as_far_as_one_reaches(browser, organisation) -> None:
    page = browser.as_("facilitator1").get(f"/people/{organisation.a.members[0].uid}")
    assert "الزيتون" in page and "member" in page


@pytest.mark.parametrize(
    ("who", "roles"),
    [
        ("two_roles", "Coordinator · Facilitator"),
        ("supervisor", "Supervisor"),
        ("administrator", "Administrator"),
        ("counsellor", "Counsellor"),
    ],
)
def test_more_says_who_one_is_here(browser, who, roles) -> None:
    page = browser.as_(who).get("/more")
    assert roles in page
    assert "Sign out" in page and "Leave quickly" in page
    assert "This is an invented organisation" in page


def test_titles_say_nothing_of_people(app, browser, organisation) -> None:
    me, member = browser.as_("facilitator1"), organisation.a.members[0]
    for address in (f"/people/{member.uid}", f"/sessions/{organisation.a.meetings[7]}/attendance"):
        title = me.get(address).root.first("title").raw
        assert member.name not in title
    assert trail_of(app)[-1].actor_uid == organisation.staff["facilitator1"].uid
