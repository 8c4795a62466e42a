"""Who can open what: grants, shares, new versions of a key, and nobody giving what they don't hold."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import User
from app.accounts.viewer import Viewer
from app.assignments.models import Assignment
from app.clock import now
from app.errors import Locked
from app.extensions import db
from app.groups import queries as groups
from app.groups import roster
from app.groups.models import Group
from app.people import queries as people
from app.people.rules import open_card
from app.vault import vaults
from app.vault.models import Grant, Organisation, Share, Vault, VaultKey
from tests.organisation import Organisation as Invented
from tests.organisation import viewer

AT = b"somewhere"


@pytest.fixture(autouse=True)
def context(app: Flask, organisation: Invented) -> Iterator[None]:
    """No client is used in this file, so that one context may hold throughout."""
    with app.app_context():
        yield


def as_(organisation: Invented, who: str) -> Viewer:
    """A viewer whose keys are read afresh, as in a request of their own."""
    return viewer(organisation.staff[who])


def user(organisation: Invented, who: str) -> User:
    return db.session.get_one(User, organisation.staff[who].uid)


def holders(kind: str, of_uid: str) -> set[str]:
    vault = vaults.find(kind, of_uid)
    return vaults.holders(vault) if vault else set()


def uids(organisation: Invented, *who: str) -> set[str]:
    return {organisation.staff[key].uid for key in who}


def test_each_vault_is_held_by_those_it_belongs_to_and_nobody_else(organisation: Invented) -> None:
    a, b = organisation.a.uid, organisation.b.uid
    assert holders("desk", organisation.jerusalem) == uids(organisation, "coordinator")
    assert holders("desk", organisation.ramallah) == uids(
        organisation, "coordinator_b", "two_roles"
    )
    assert holders("roster", a) == uids(
        organisation, "coordinator", "facilitator1", "facilitator2", "two_roles"
    )
    assert holders("roster", b) == uids(organisation, "coordinator_b", "two_roles", "facilitator3")
    assert holders("notes", a) == uids(organisation, "facilitator1", "facilitator2", "supervisor")
    assert holders("notes", b) == uids(organisation, "facilitator3")
    for account in organisation.staff.values():
        assert holders("own", account.uid) == {account.uid}


def test_every_vault_but_ones_own_also_opens_with_the_offline_recovery_key() -> None:
    recovery = db.session.scalars(select(Organisation.recovery_public_key)).one()
    for key, kind in db.session.execute(
        select(VaultKey, Vault.kind).join(Vault, Vault.uid == VaultKey.vault_uid)
    ):
        offline = db.session.scalars(
            select(Grant.public_key).where(Grant.key_uid == key.uid, Grant.user_uid.is_(None))
        ).all()
        assert offline == ([] if kind == "own" else [recovery]), f"{kind} {key.vault_uid}"


def test_who_may_write_need_not_be_able_to_read(organisation: Invented) -> None:
    notes = vaults.find("notes", organisation.a.uid)
    sealed = vaults.seal_text(notes, "between us", AT)
    reader, writer = as_(organisation, "facilitator1"), as_(organisation, "two_roles")
    assert vaults.open_text(reader.keys, notes, sealed, AT) == "between us"
    with pytest.raises(Locked):
        vaults.open_text(writer.keys, notes, sealed, AT)


def test_a_text_moved_to_another_vault_or_place_does_not_open(organisation: Invented) -> None:
    notes, rosters = (vaults.find(kind, organisation.a.uid) for kind in ("notes", "roster"))
    reader = as_(organisation, "facilitator1")
    sealed = vaults.seal_text(notes, "between us", AT)
    for vault, at in ((rosters, AT), (notes, b"elsewhere")):
        with pytest.raises(Locked):
            vaults.open_text(reader.keys, vault, sealed, at)


def test_nobody_gives_what_they_do_not_hold(organisation: Invented) -> None:
    notes = vaults.find("notes", organisation.a.uid)
    before = vaults.holders(notes)
    for giver in ("administrator", "coordinator", "two_roles", "facilitator3", "counsellor"):
        with pytest.raises(Locked):
            vaults.give(as_(organisation, giver).keys, notes, user(organisation, "two_roles"))
    assert vaults.holders(notes) == before


def test_who_is_given_a_vault_opens_old_and_new_texts(organisation: Invented) -> None:
    notes = vaults.find("notes", organisation.a.uid)
    old = vaults.seal_text(notes, "old", AT)
    vaults.take_away(notes, organisation.staff["facilitator2"].uid)
    new = vaults.seal_text(notes, "new", AT)
    vaults.give(as_(organisation, "facilitator1").keys, notes, user(organisation, "two_roles"))
    keys = as_(organisation, "two_roles").keys
    assert vaults.open_text(keys, notes, old, AT) == "old"
    assert vaults.open_text(keys, notes, new, AT) == "new"


def test_giving_twice_changes_nothing(organisation: Invented) -> None:
    desk = vaults.find("desk", organisation.ramallah)
    grants = select(Grant.uid).join(VaultKey).where(VaultKey.vault_uid == desk)
    before = set(db.session.scalars(grants))
    vaults.give(as_(organisation, "coordinator_b").keys, desk, user(organisation, "two_roles"))
    assert set(db.session.scalars(grants)) == before


def test_taking_away_begins_a_new_version_that_needs_no_key(organisation: Invented) -> None:
    notes = vaults.find("notes", organisation.a.uid)
    old = vaults.seal_text(notes, "old", AT)
    first = vaults.newest_key(notes)
    vaults.take_away(notes, organisation.staff["facilitator2"].uid)
    second = vaults.newest_key(notes)
    assert (first.version, second.version) == (1, 2)
    assert first.public_key != second.public_key
    new = vaults.seal_text(notes, "new", AT)
    gone, stays = as_(organisation, "facilitator2").keys, as_(organisation, "facilitator1").keys
    for sealed, text in ((old, "old"), (new, "new")):
        assert vaults.open_text(stays, notes, sealed, AT) == text
        with pytest.raises(Locked):
            vaults.open_text(gone, notes, sealed, AT)


def test_taking_away_from_who_holds_nothing_changes_nothing(organisation: Invented) -> None:
    notes = vaults.find("notes", organisation.a.uid)
    vaults.take_away(notes, organisation.staff["counsellor"].uid)
    assert vaults.newest_key(notes).version == 1


def test_when_the_last_reader_leaves_only_the_offline_key_opens_the_vault(
    organisation: Invented,
) -> None:
    notes = vaults.find("notes", organisation.b.uid)
    vaults.take_away(notes, organisation.staff["facilitator3"].uid)
    assert vaults.holders(notes) == set()
    newest = vaults.newest_key(notes).uid
    grants = db.session.scalars(select(Grant.user_uid).where(Grant.key_uid == newest)).all()
    assert grants == [None]


def test_unassigning_a_facilitator_closes_roster_and_notes(organisation: Invented) -> None:
    group = db.session.get_one(Group, organisation.a.uid)
    assignment = db.session.get_one(Assignment, organisation.a.assignment)
    roster.unassign(group, assignment, at=now())
    gone = uids(organisation, "facilitator1")
    assert not gone & holders("roster", group.uid)
    assert not gone & holders("notes", group.uid)
    assert as_(organisation, "facilitator1").keys.vault("roster", group.uid) is None


def test_a_facilitator_opens_members_but_neither_who_waits_nor_other_groups(
    organisation: Invented,
) -> None:
    me = as_(organisation, "facilitator1")
    opened = {p.uid: p.card for p in people.listed(me, me.keys.vaults("roster").values())}
    on_list = organisation.workshop.on_list.values()
    members = {m.uid: m.name for m in (*organisation.a.members, *organisation.a.left, *on_list)}
    assert {uid: card.name for uid, card in opened.items()} == members


def test_a_share_sealed_by_an_outsider_is_rewrapped_by_who_opens_it(organisation: Invented) -> None:
    coordinator = as_(organisation, "coordinator")
    person = people.get_or_404(coordinator, organisation.candidate.uid)
    rosters = vaults.find("roster", organisation.a.uid)
    vaults.share(rosters, person.uid, person.key, keyring=None)
    from_outside = share(rosters, person.uid)
    assert from_outside.boxed

    facilitator = as_(organisation, "facilitator1")
    opened = {p.uid: p.card for p in people.listed(facilitator, [rosters])}
    assert opened[person.uid].name == organisation.candidate.name
    followed = from_outside.boxed, from_outside.sealed_key
    db.session.expire_all()
    rewrapped = share(rosters, person.uid)
    assert not rewrapped.boxed
    assert followed == (False, rewrapped.sealed_key), "What the session holds follows."
    again = {p.uid: p.card for p in people.listed(as_(organisation, "facilitator2"), [rosters])}
    assert again[person.uid].name == organisation.candidate.name


def test_a_share_moved_to_another_person_or_vault_does_not_open(organisation: Invented) -> None:
    me = as_(organisation, "coordinator").keys
    desk = vaults.find("desk", organisation.jerusalem)
    mine, other = (share(desk, m.uid) for m in (organisation.candidate, organisation.a.members[0]))
    with pytest.raises(Locked):
        me.person_key(desk, mine.key_uid, other.person_uid, mine.boxed, mine.sealed_key)
    rosters = vaults.find("roster", organisation.a.uid)
    newest = vaults.newest_key(rosters).uid
    with pytest.raises(Locked):
        me.person_key(rosters, newest, mine.person_uid, mine.boxed, mine.sealed_key)


def test_a_card_opens_under_its_own_persons_key_alone(organisation: Invented) -> None:
    coordinator = as_(organisation, "coordinator")
    one, other = (
        people.get_or_404(coordinator, m.uid)
        for m in (organisation.candidate, organisation.a.members[0])
    )
    row = db.session.execute(
        select(people.Person.card).where(people.Person.uid == one.uid)
    ).scalar_one()
    with pytest.raises(Locked):
        open_card(other.key, row, one.uid)
    with pytest.raises(Locked):
        open_card(one.key, row, other.uid)


def test_who_left_keeps_a_name_for_the_group_and_may_return(organisation: Invented) -> None:
    rosters = vaults.find("roster", organisation.a.uid)
    member = organisation.a.members[0]
    coordinator = as_(organisation, "coordinator")
    group = groups.get_or_404(coordinator, organisation.a.uid)
    stay = groups.stay_or_404(coordinator, member.stay)
    roster.leave(group, stay, on=date(2026, 11, 24), today=date(2026, 11, 24), reason="")
    assert share(rosters, member.uid).ended_at is not None
    facilitator = as_(organisation, "facilitator1")
    assert {p.uid: p.card for p in people.listed(facilitator, [rosters])}[
        member.uid
    ].name == member.name
    roster.undo_leave(group, stay, at=now())
    assert share(rosters, member.uid).ended_at is None


def share(vault_uid: str, person_uid: str) -> Share:
    return db.session.scalars(
        select(Share).where(Share.vault_uid == vault_uid, Share.person_uid == person_uid)
    ).one()
