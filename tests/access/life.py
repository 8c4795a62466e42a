"""The life of the organisation's keys: what each opens at first, and what each step gives and takes."""

from __future__ import annotations

from tests.access.opening import astray
from tests.assignments.agreement import assert_they_agree
from tests.client import Browser
from tests.organisation import Organisation

Expected = set[tuple[str, str, str]]


def at_first(organisation: Organisation) -> Expected:
    """docs/SECURITY.md, applied to the invented organisation as it stands."""
    o, a, b = organisation, organisation.a.uid, organisation.b.uid
    desk = {("coordinator", "desk", o.jerusalem)}
    desk |= {(who, "desk", o.ramallah) for who in ("coordinator_b", "two_roles")}
    rosters = {("coordinator", "roster", a), ("coordinator", "roster", o.planned.uid)}
    rosters |= {(who, "roster", a) for who in ("facilitator1", "facilitator2", "two_roles")}
    rosters |= {(who, "roster", b) for who in ("coordinator_b", "two_roles", "facilitator3")}
    here, there = o.workshop.uid, o.workshop_b.uid
    rosters |= {(who, "roster", here) for who in ("coordinator", "facilitator1")}
    rosters |= {(who, "roster", there) for who in ("coordinator_b", "two_roles", "facilitator3")}
    cases = {("counsellor", "case", uid) for uid in (o.aid.file_referral, o.aid.sent)}
    cases |= {("counsellor_b", "case", uid) for uid in (o.aid_b.file_referral, o.aid_b.sent)}
    cases |= {("supervisor", "case", o.aid.file_referral)}
    rosters |= cases
    notes = {(who, "notes", a) for who in ("facilitator1", "facilitator2", "supervisor")}
    return desk | rosters | notes | {("facilitator3", "notes", b)}


class Life:
    """The life of group A, step by step; after each the whole database is tried with every passphrase."""

    def __init__(self, app, browser: Browser, organisation: Organisation) -> None:
        self.app, self.browser, self.organisation = app, browser, organisation
        self.expected = at_first(organisation)

    def as_(self, who: str) -> Browser:
        return self.browser.as_(who)

    def passphrase(self, who: str) -> str:
        return self.organisation.staff[who].passphrase

    def holds(self, who: str, kind: str, of_uid: str) -> None:
        self.expected.add((who, kind, of_uid))

    def lost(self, who: str, of_uid: str = "") -> None:
        """Everything, or what belongs to one group."""
        self.expected = {e for e in self.expected if e[0] != who or (of_uid and e[2] != of_uid)}

    def check(self) -> None:
        assert astray(self.app, self.organisation, self.expected) == []
        assert_they_agree(self.app)
