"""What each passphrase opens in the raw database, over the life of a group, is what the table says."""

from __future__ import annotations

import pytest

from app.errors import Locked
from tests.access.acting import (
    assign,
    coordinate,
    depart,
    end_place,
    give,
    set_roles,
    unassign,
)
from tests.access.life import at_first
from tests.access.opening import astray, opened, opened_pieces, private_key, raw
from tests.notes.writing import open_note, sign


def test_at_first_each_opens_what_the_table_says_and_nothing_else(life) -> None:
    life.check()
    table = raw(life.app)
    assert len(table.pieces) > 30
    assert {piece.vault[0] for piece in table.pieces} == {"desk", "roster", "notes", "case", "own"}


def test_the_trial_itself_notices_a_wrong_expectation_either_way(life) -> None:
    life.holds("administrator", "desk", life.organisation.jerusalem)
    assert any(
        "does not open" in said for said in astray(life.app, life.organisation, life.expected)
    )
    life.expected = at_first(life.organisation) - {("supervisor", "notes", life.organisation.a.uid)}
    wrong = astray(life.app, life.organisation, life.expected)
    assert any(said.startswith("supervisor: note_additions.text") for said in wrong)


def test_a_wrong_passphrase_opens_no_private_key(life) -> None:
    table, staff = raw(life.app), life.organisation.staff
    for who, account in staff.items():
        with pytest.raises(Locked):
            private_key(table, account, passphrase=staff["administrator"].passphrase + who)


def test_over_the_life_of_a_group_every_step_opens_and_closes_what_it_should(life) -> None:
    a, o = life.organisation.a.uid, life.organisation
    coordinator, admin = life.as_("coordinator"), life.as_("administrator")

    assign(coordinator, a, "facilitator3")
    life.holds("facilitator3", "roster", a)
    life.check()
    sign(open_note(life.as_("facilitator3"), o).fill(happened="لقاء أوّل لمن جاء حديثًا"))
    life.check()  # the author of a signed note does not read it before somebody gives the notes

    give(life.as_("supervisor"), a, "facilitator3", life.passphrase("supervisor"))
    life.holds("facilitator3", "notes", a)
    life.check()

    unassign(coordinator, a, "facilitator1")
    life.lost("facilitator1", a)
    sign(open_note(life.as_("facilitator2"), o).fill(happened="بعد أن غادرت زميلة"))
    there = f"/sessions/{o.a.meetings[7]}/attendance/{o.a.members[3].stay}"
    life.as_("facilitator2").post(there, {"reason": "مرض بعد التغيير", "mark": "excused"})
    life.check()

    depart(admin, "facilitator2")
    life.lost("facilitator2")
    life.check()

    assign(coordinator, a, "facilitator1")
    life.holds("facilitator1", "roster", a)
    life.check()  # the roster again, all its versions; the notes not before they are given
    give(life.as_("facilitator3"), a, "facilitator1", life.passphrase("facilitator3"))
    life.holds("facilitator1", "notes", a)
    life.check()

    set_roles(admin, "supervisor", "counsellor")
    life.lost("supervisor")
    life.check()


def test_a_coordinator_is_replaced_and_everything_passes_on(life) -> None:
    o = life.organisation
    admin = life.as_("administrator")
    coordinate(admin, "coordinator_b", o.jerusalem)
    life.check()  # assigned, and waiting: nothing opens yet

    give(life.as_("coordinator"), o.jerusalem, "coordinator_b", life.passphrase("coordinator"))
    for kind, of_uid in (
        ("desk", o.jerusalem),
        *[("roster", of) for of in (o.a.uid, o.planned.uid, o.workshop.uid)],
    ):
        life.holds("coordinator_b", kind, of_uid)
    life.check()

    end_place(admin, "coordinator", "Jerusalem")
    life.lost("coordinator")
    there = {"name": "شخص جديد", "site": o.jerusalem}
    life.as_("coordinator_b").post("/people/new", there)
    life.check()

    set_roles(admin, "coordinator_b", "administrator")
    life.lost("coordinator_b")
    life.check()


def test_who_has_two_reasons_to_hold_a_roster_keeps_it_with_one(life) -> None:
    o, admin = life.organisation, life.as_("administrator")
    coordinate(admin, "two_roles", o.jerusalem)
    give(life.as_("coordinator"), o.jerusalem, "two_roles", life.passphrase("coordinator"))
    life.holds("two_roles", "desk", o.jerusalem)
    life.holds("two_roles", "roster", o.planned.uid)
    life.holds("two_roles", "roster", o.workshop.uid)
    life.check()
    unassign(life.as_("coordinator"), o.a.uid, "two_roles")
    life.check()
    assign(life.as_("coordinator"), o.a.uid, "two_roles")
    set_roles(admin, "two_roles", "facilitator")
    life.lost("two_roles")
    life.holds("two_roles", "roster", o.a.uid)
    life.check()


def test_a_new_group_opens_for_its_coordinators_and_its_notes_for_the_first_facilitator(
    app, life
) -> None:
    o, coordinator = life.organisation, life.as_("coordinator")
    typed = {"name": "جديدة", "site": o.jerusalem, "planned_sessions": "15", "capacity": "9"}
    uid = coordinator.post("/groups/new", typed).location.split("/")[2]
    life.holds("coordinator", "roster", uid)
    life.check()
    assign(coordinator, uid, "supervisor", "supervisor")
    life.check()  # no notes yet: nobody to make them for
    assign(coordinator, uid, "facilitator3")
    life.holds("facilitator3", "roster", uid)
    life.holds("facilitator3", "notes", uid)
    life.check()
    keys = opened(raw(app), o.staff["facilitator3"])
    assert {kind for kind, _of in keys} == {"own", "roster", "notes"}


def test_a_changed_passphrase_opens_the_same_and_the_old_one_nothing(app, life) -> None:
    account = life.organisation.staff["facilitator1"]
    before = opened(raw(app), account)
    fresh = "velvet-gargle-canteen-scarf-quiver"
    typed = {"passphrase": account.passphrase, "new": fresh}
    life.as_("facilitator1").post("/passphrase", typed)
    table = raw(app)
    with pytest.raises(Locked):
        private_key(table, account)
    after = opened(table, type(account)(**vars(account) | {"passphrase": fresh}))
    assert after == before


def test_the_keys_somebody_had_before_leaving_do_not_open_what_is_written_afterwards(
    app, life
) -> None:
    o, before = life.organisation, opened(raw(app), life.organisation.staff["facilitator1"])
    unassign(life.as_("coordinator"), o.a.uid, "facilitator1")
    earlier = {piece.where for piece in raw(app).pieces}
    sign(open_note(life.as_("facilitator2"), o).fill(happened="بعد المغادرة"))
    table = raw(app)
    (written,) = {
        piece.where
        for piece in table.pieces
        if piece.vault == ("notes", o.a.uid) and piece.where not in earlier
    }
    reached = opened_pieces(table, before)
    assert f"session_notes.text {o.a.note}" in reached
    assert written not in reached
