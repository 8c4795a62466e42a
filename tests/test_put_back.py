"""No test finds what another one left: the database is put back whatever was done to it."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import text

from app.extensions import db
from tests.bad_input.outcomes import contents
from tests.database import Database
from tests.organisation import Organisation

ACTS = {
    "a row changed": "UPDATE users SET working_name = 'x' WHERE username = 'facilitator1'",
    "rows gone": "DELETE FROM user_roles WHERE role = 'facilitator'",
    "a row more": "INSERT INTO user_roles (user_uid, role) "
    "SELECT user_uid, 'supervisor' FROM user_roles WHERE role = 'administrator'",
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
@pytest.mark.parametrize("kept", ["organisation", "migrated"])
def test_whatever_was_changed_is_put_back(
    act: str, kept: str, app: Flask, organisation: Organisation, database: Database
) -> None:
    def put_back(name: str) -> None:
        with app.app_context():
            db.engine.dispose()
        database.put_back(name)

    before = contents(app)
    with app.app_context():
        assert db.session.execute(text(act)).rowcount > 0
        db.session.commit()
        db.session.remove()
    assert contents(app) != before
    put_back(kept)
    assert (contents(app) == before) == (kept == "organisation")
    put_back("organisation")
    assert contents(app) == before
