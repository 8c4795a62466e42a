"""What is kept by itself to the day: forms, invitations, referrals that opened no file, follow-ups that ended."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from app.accounts.models import Invitation
from app.cases.models import Case
from app.continuation.models import NextStep
from app.extensions import db, new_uid
from app.follow_ups.models import FollowUp
from app.groups.models import Membership
from app.people.models import Consent
from app.requests.models import Referral, Request
from app.vault.models import Vault
from app.web.models import KeptForm
from tests.cli.running import run
from tests.conftest import Clock
from tests.keeping.test_terms import A_MINUTE, count, let_go, month
from tests.organisation import NOW, Organisation
from tests.web.records import number_of, plant

LATER = NOW + timedelta(days=40)
BECAME = ("revoked_at", "declined_at", "done_at", "accepted_at", "sent_at", "proposed_at")


def test_forms_and_invitations_go(app: Flask, organisation: Organisation, clock: Clock) -> None:
    with app.app_context():
        by = organisation.staff["administrator"].uid
        db.session.add(KeptForm(owner_uid=by, kept_at=NOW, typed=b"sealed"))
        db.session.add(
            Invitation(
                digest="x", working_name="x", language="ar", roles="", invited_by=by, invited_at=NOW
            )
        )
        db.session.commit()
        db.session.remove()
    for name, days in (("forms", 7), ("invitations", 30)):
        clock.at(NOW + timedelta(days=days) - A_MINUTE)
        assert let_go(app)[name] == 0
        clock.forward(minutes=1)
        assert let_go(app)[name] == 1


@pytest.mark.parametrize("what", BECAME)
def test_a_referral_without_a_file_goes_a_year_after_the_last_thing_that_became_of_it(
    what: str, app: Flask, organisation: Organisation, clock: Clock
) -> None:
    aid = organisation.aid
    uid = aid.proposed if what == "proposed_at" else aid.sent
    if what in ("done_at", "accepted_at"):
        uid = aid.outside
    stay = organisation.a.members[0]
    plant(app, update(Referral).where(Referral.uid == uid).values({what: LATER}))
    with app.app_context():  # what comes next for a member led to it
        consent = db.session.get_one(Referral, uid).consent_uid
        step = NextStep(uid=new_uid(), membership_uid=stay.stay, group_uid=organisation.a.uid)
        step.person_uid, step.referral_uid, step.choice = stay.uid, uid, "counselling"
        step.recorded_by, step.recorded_at = organisation.staff["facilitator1"].uid, NOW
        db.session.add(step)
        db.session.commit()
        db.session.remove()
    clock.at(month(LATER, 12) - A_MINUTE)
    let_go(app)
    assert number_of(app, Referral, Referral.uid == uid)
    clock.forward(minutes=1)
    said = run(app, "let-go", "--dry-run").output
    assert "letters (12 months)" in said and "follow-ups (12 months)" in said
    assert let_go(app)["letters"] >= 1
    with app.app_context():
        assert not count(Referral, Referral.uid == uid)
        assert not count(Vault, Vault.of_uid == uid) and not count(Consent, Consent.uid == consent)
        assert count(
            NextStep, NextStep.referral_uid.is_(None), NextStep.membership_uid == stay.stay
        )
        assert count(Request, Request.uid == aid.request), "What was asked for has its own term."
        assert count(Case, Case.uid == aid.file) and count(
            Referral, Referral.uid == aid.file_referral
        )
        assert count(Membership)
        db.session.remove()


def test_an_open_follow_up_stays(app: Flask, organisation: Organisation, clock: Clock) -> None:
    done, going_on = organisation.a.follow_up, organisation.b.follow_up
    plant(
        app,
        update(FollowUp).where(FollowUp.uid == done).values(ended_at=LATER, ended_as="dropped"),
    )
    clock.at(month(LATER, 12) - A_MINUTE)
    assert let_go(app)["follow-ups"] == 0
    clock.forward(minutes=1)
    assert let_go(app)["follow-ups"] == 1
    assert not number_of(app, FollowUp, FollowUp.uid == done)
    assert number_of(app, FollowUp, FollowUp.uid == going_on)
