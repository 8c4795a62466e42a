"""Whoever lacks one key of several, or its older versions: told which, given it, and writing over nothing."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import delete, select

from app.continuation.models import NextStep
from app.sessions.models import Attendance
from app.vault.models import Grant, Vault, VaultKey
from tests.access.acting import give
from tests.access.told import told
from tests.client import Browser
from tests.organisation import Organisation
from tests.web.records import plant, rows


def take(app: Flask, organisation: Organisation, who: str, kind: str, of_uid: str) -> None:
    """Somebody no longer holds a vault, although their assignments entitle them to it."""
    keys = select(VaultKey.uid).join(Vault, Vault.uid == VaultKey.vault_uid)
    keys = keys.where(Vault.kind == kind, Vault.of_uid == of_uid)
    user_uid = organisation.staff[who].uid
    plant(app, delete(Grant).where(Grant.user_uid == user_uid, Grant.key_uid.in_(keys)))


@pytest.fixture
def without_roster(app: Flask, browser: Browser, organisation: Organisation) -> Browser:
    """A coordinator who holds the desk and not what group A's team keeps beside the names."""
    take(app, organisation, "coordinator", "roster", organisation.a.uid)
    return browser.as_("coordinator")


@pytest.mark.parametrize("of", ["a", "workshop"])
def test_a_facilitator_without_the_names_gets_them_from_whoever_holds_them(
    app: Flask, browser: Browser, organisation: Organisation, of: str
) -> None:
    who = {"a": "facilitator2", "workshop": "facilitator1"}[of]
    uid = {"a": organisation.a.uid, "workshop": organisation.workshop.uid}[of]
    take(app, organisation, who, "roster", uid)
    me, there = browser.as_(who), {"a": "/groups/", "workshop": "/workshops/"}[of] + uid
    for address in ("/", there):
        said = told(me.get(address))
        assert "Names and follow-ups · " in said
        assert "Who gives you access: Coordinator" in said
    assert "Someone" in me.get(there)
    give(browser.as_("coordinator"), uid, who, organisation.staff["coordinator"].passphrase)
    assert told(me.get("/")) == "" == told(me.get(there))
    assert organisation.a.members[0].name in me.get(f"/groups/{organisation.a.uid}")


def test_the_names_are_open_through_the_desk_and_only_what_stands_beside_them_is_said_to_lack(
    without_roster: Browser, organisation: Organisation
) -> None:
    a = organisation.a
    group = without_roster.get(f"/groups/{a.uid}")
    assert a.members[0].name in group and told(group) == ""
    assert "Names and follow-ups · الزيتون" in told(without_roster.get("/"))
    team = told(without_roster.get(f"/groups/{a.uid}/team"))
    assert "Who gives you access: Facilitator1, Facilitator2, Two roles " in team


def test_a_reason_that_cannot_be_read_is_not_written_over(
    app: Flask, without_roster: Browser, organisation: Organisation
) -> None:
    a = organisation.a
    there = f"/sessions/{a.meetings[1]}/attendance/{a.members[5].stay}"
    reason = select(Attendance.reason).where(Attendance.membership_uid == a.members[5].stay)
    before = rows(app, reason.where(Attendance.reason.is_not(None)))
    assert before
    page = without_roster.get(there)
    assert page.status == 200 and a.members[5].name in page
    assert "Names and follow-ups" in told(page)
    assert not page.root.all("input", name="reason")
    refused = without_roster.post(there, {"reason": "سبب آخر"}).follow()
    assert refused.status == 422 and "Wait until a colleague has given you access." in refused
    assert refused.root.first("input", name="reason")["value"] == "سبب آخر"
    assert rows(app, reason.where(Attendance.reason.is_not(None))) == before


def test_a_follow_up_and_an_answer_that_cannot_be_read_are_not_written_over_either(
    app: Flask, without_roster: Browser, organisation: Organisation
) -> None:
    a = organisation.a
    typed = {"choice": "stop", "owner": organisation.staff["facilitator1"].uid}
    typed |= {"due_on": "2026-12-01", "what": "مكالمة"}
    for there in (
        f"/sessions/{a.meetings[6]}/follow-ups/{a.members[1].uid}",
        f"/stays/{a.members[1].stay}/next",
    ):
        page = without_roster.get(there)
        assert page.status == 200 and "Names and follow-ups" in told(page), there
        assert "سؤال عن الغياب" not in page
        assert there not in [form["action"] for form in page.root.all("form")]
        refused = without_roster.post(there, typed).follow()
        assert refused.status == 422 and "Wait until a colleague" in refused, there
    assert rows(app, select(NextStep.uid)) == []


def test_who_keeps_a_file_anew_gets_what_was_written_before_from_its_supervisor(
    browser: Browser, organisation: Organisation
) -> None:
    aid, me = organisation.aid, browser.as_("counsellor")
    me.post(f"/appointments/{aid.booked}/ending/cancelled")
    me.get(f"/files/{aid.file}/closing").form("/closing").press()
    browser.as_("coordinator").get("/files").form(f"/files/{aid.file}/reopening").press()
    earlier = "A file (what is from before you were assigned)"
    for address in ("/", f"/appointments/notes/{aid.note}"):
        said = told(me.get(address))
        assert earlier in said and "Who gives you access: Supervisor " in said, address
    supervisor = browser.as_("supervisor")
    assert "2 colleagues wait for you" in supervisor.get("/"), "The other waits for notes."
    assert "a file with its earlier notes" in supervisor.get("/access")
    passphrase = organisation.staff["supervisor"].passphrase
    give(supervisor, aid.file_referral, "counsellor", passphrase)
    assert told(me.get("/")) == "" == told(me.get(f"/appointments/notes/{aid.note}"))


def test_a_supervisor_without_the_key_of_a_file_is_told_so_there_and_in_the_list(
    app: Flask, browser: Browser, organisation: Organisation
) -> None:
    take(app, organisation, "supervisor", "case", organisation.aid.file_referral)
    me = browser.as_("supervisor")
    for address in ("/", "/files", f"/files/{organisation.aid.file}"):
        said = told(me.get(address))
        assert "A file" in said and "Who gives you access: Counsellor " in said, address
