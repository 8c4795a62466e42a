"""Whatever somebody can agree to has words wherever it is named."""

from __future__ import annotations

import pytest
from sqlalchemy import insert

from app.extensions import new_uid
from app.people.models import PURPOSES, Consent
from tests.notebook.test_copies import copy
from tests.organisation import NOW
from tests.web.records import plant


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_consent_of_every_purpose_is_said_in_words(app, browser, organisation, purpose) -> None:
    me, uid = browser.as_("coordinator"), organisation.a.members[0].uid
    given = {"uid": new_uid(), "purpose": purpose, "given_on": NOW.date()}
    plant(app, insert(Consent).values(person_uid=uid, recorded_by=uid, **given))
    choices = me.get(f"/people/{uid}/choices")
    button = choices.form(f"/{given['uid']}/end")
    assert button.node.parent.words.startswith("To be ")
    assert "Consent" in me.get(f"/people/{uid}")
    assert "Consent" in copy(browser, organisation, "coordinator", uid)
