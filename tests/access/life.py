"""The life of the organisation's keys: what each opens at first, and what each step gives and takes."""

from __future__ import annotations

from sqlalchemy import text

from app.extensions import db
from tests.access.opening import astray
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


def grants_without_assignment(app) -> list[tuple]:
    """Grants that came from no open assignment, asked of the database in plain SQL."""
    coordinates = (
        "SELECT 1 FROM coordinations c WHERE c.user_uid = g.user_uid"
        " AND c.ended_at IS NULL AND c.site_uid = "
    )
    facilitates = (
        "SELECT 1 FROM facilitations f WHERE f.user_uid = g.user_uid AND f.ended_at IS NULL"
        " AND f.group_uid = v.of_uid"
    )
    site = (
        "(SELECT site_uid FROM groups WHERE uid = v.of_uid"
        " UNION SELECT site_uid FROM workshops WHERE uid = v.of_uid)"
    )
    leads = (
        "SELECT 1 FROM workshop_facilitations w WHERE w.user_uid = g.user_uid"
        " AND w.ended_at IS NULL AND w.workshop_uid = v.of_uid"
    )
    keeps = (
        "SELECT 1 FROM referrals r LEFT JOIN cases c ON c.referral_uid = r.uid"
        " WHERE r.uid = v.of_uid AND r.declined_at IS NULL AND r.revoked_at IS NULL"
        " AND ((c.uid IS NULL AND r.receiver_uid = g.user_uid)"
        " OR (c.closed_at IS NULL AND c.counsellor_uid = g.user_uid)"
        " OR c.supervisor_uid = g.user_uid)"
    )
    with app.app_context():
        found = db.session.execute(
            text(
                "SELECT v.kind, v.of_uid, g.user_uid FROM grants g"
                " JOIN vault_keys k ON k.uid = g.key_uid JOIN vaults v ON v.uid = k.vault_uid"
                " LEFT JOIN users u ON u.uid = g.user_uid"
                " WHERE g.user_uid IS NOT NULL AND NOT ("
                " (v.kind = 'own' AND v.of_uid = g.user_uid)"
                f" OR (v.kind = 'desk' AND EXISTS ({coordinates} v.of_uid) AND u.left_at IS NULL)"
                f" OR (v.kind = 'roster' AND (EXISTS ({coordinates} {site})"
                f" OR EXISTS ({facilitates} AND f.part = 'facilitator')"
                f" OR EXISTS ({leads})) AND u.left_at IS NULL)"
                f" OR (v.kind = 'case' AND EXISTS ({keeps}) AND u.left_at IS NULL)"
                f" OR (v.kind = 'notes' AND EXISTS ({facilitates}) AND u.left_at IS NULL))"
            )
        ).all()
        db.session.remove()
    return [tuple(row) for row in found]


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
        assert grants_without_assignment(self.app) == []
