"""What ends with a part in something, and what does not."""

from __future__ import annotations

import pytest
from flask import Flask

from app.accounts import joining
from app.accounts.models import User
from app.assignments import assigning, queries
from app.assignments.rules import OPENS
from app.clock import now
from app.extensions import db
from app.notebook import endings, staffing
from app.people import places
from app.people.models import Site
from app.policy import ROLES
from app.vault import vaults
from tests.organisation import Organisation


def test_no_part_is_part_of_a_roles_name() -> None:
    """The roles that reach travel as one text (`queries.scope`), in which a part is looked for."""
    assert not [(a, b) for a in ROLES for b in ROLES if a != b and a in b]
    assert {part for _kind, part in OPENS} <= set(ROLES)


@pytest.mark.parametrize("desk", [True, False], ids=["given the desk", "waiting for the desk"])
def test_who_also_coordinates_keeps_the_roster_only_once_the_desk_was_given_to_them(
    app: Flask, organisation: Organisation, desk: bool
) -> None:
    circle, account = organisation.a, organisation.staff["two_roles"]
    with app.app_context():
        user = db.session.get_one(User, account.uid)
        roster = vaults.find("roster", circle.uid)
        assert roster in vaults.held_by(user.uid)
        places.coordinate(user, db.session.get_one(Site, organisation.jerusalem), at=now())
        if desk:
            assigning.give_back(joining.recovery_keyring(organisation.recovery_key), user)
        facilitates = [a for a, _n in queries.team(circle.uid) if a.user_uid == user.uid]
        for part in facilitates:
            assigning.end(part, at=now())
        assert facilitates and (roster in vaults.held_by(user.uid)) is desk


def test_who_leaves_keeps_nothing_not_even_what_no_part_explained(
    app: Flask, organisation: Organisation
) -> None:
    with app.app_context():
        user = db.session.get_one(User, organisation.staff["facilitator3"].uid)
        roster = vaults.find("roster", organisation.a.uid) or ""
        vaults.give(joining.recovery_keyring(organisation.recovery_key), roster, user)
        assert roster in vaults.held_by(user.uid)
        staffing.depart(user, at=now())
        assert not vaults.held_by(user.uid)


def test_every_kind_of_thing_says_how_a_part_in_it_ends() -> None:
    assert {ending.of_kind for ending in endings.PARTS} == {of_kind for of_kind, _part in OPENS}
