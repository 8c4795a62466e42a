"""At the same moment: the desk takes back what the counsellor takes; a consent ends while something rests on it."""

from __future__ import annotations

from functools import partial

import pytest
from flask import Flask
from sqlalchemy import delete, select

from app.accounts.models import UserRole
from app.accounts.queries import by_uid
from app.cases import referrals
from app.cases.models import Appointment, Case
from app.clock import now
from app.extensions import db
from app.people import queries as people
from app.requests import referring
from app.requests.models import Referral
from app.vault import vaults
from tests.access.acting import depart, set_roles
from tests.accounts.test_races import together
from tests.client import Browser
from tests.organisation import Organisation, viewer
from tests.web.records import number_of, one, plant, rows

ROUNDS = range(5)


def referred(
    app: Flask, organisation: Organisation, *, sent: bool = True, file: bool = False
) -> str:
    """A referral of somebody to the counsellor: agreed, sent, or accepted."""
    with app.app_context():
        desk, person = viewer(organisation.staff["coordinator"]), organisation.candidate
        receiver = by_uid(organisation.staff["counsellor"].uid)
        referral = referring.propose(
            desk,
            person_uid=person.uid,
            site_uid=organisation.jerusalem,
            service="counselling",
            reason="",
            receiver_uid=receiver.uid,
            at=now(),
        )
        referring.agree(desk, referral, on=now().date())
        if sent or file:
            opened = people.get_or_404(desk, person.uid)
            referring.send(desk, referral, opened, receiver, at=now())
        if file:
            referrals.accept(referral, at=now())
        uid = referral.uid
        db.session.commit()
        db.session.remove()
    return uid


def reads(app: Flask, organisation: Organisation, referral: str) -> bool:
    """Whether the counsellor holds what the referral shared."""
    with app.app_context():
        vault = vaults.find("case", referral)
        held = vault is not None and organisation.staff["counsellor"].uid in vaults.holders(vault)
        db.session.remove()
    return held


def withdrawal(app: Flask, organisation: Organisation, referral: str) -> str:
    consent = one(app, Referral, referral).consent_uid
    return f"/people/{organisation.candidate.uid}/choices/{consent}/end"


@pytest.fixture
def desk(browser: Browser) -> Browser:
    return browser.as_("coordinator")


@pytest.fixture
def counsellor(browser: Browser) -> Browser:
    return browser.as_("counsellor")


def test_revoked_while_it_is_accepted_the_counsellor_holds_nothing(
    app, organisation, desk, counsellor
) -> None:
    for _round in ROUNDS:
        uid = referred(app, organisation)
        taken, revoked = together(
            partial(counsellor.post, f"/letters/{uid}/answer/yes"),
            partial(desk.post, f"/letters/{uid}/recall"),
        )
        assert revoked.location.endswith("said=letter-recall")
        assert taken.location.startswith(("/files/", "/?kept=")), taken.location
        assert one(app, Referral, uid).state == "revoked" and not reads(app, organisation, uid)
        closed = rows(app, select(Case.closed_as).where(Case.referral_uid == uid))
        assert closed == (["revoked"] if taken.location.startswith("/files/") else [])


def test_accepted_from_two_devices_at_once_one_file_opens(
    app, organisation, browser, counsellor
) -> None:
    other = browser.as_("counsellor")
    for _round in ROUNDS:
        uid = referred(app, organisation)
        address = f"/letters/{uid}/answer/yes"
        led = [
            p.location
            for p in together(partial(counsellor.post, address), partial(other.post, address))
        ]
        assert sum(where.startswith("/files/") for where in led) == 1, led
        assert sum(where.startswith("/?kept=") for where in led) == 1, led
        assert number_of(app, Case, Case.referral_uid == uid) == 1


def test_sent_while_the_consent_is_withdrawn_it_reaches_nobody(
    app, organisation, browser, desk
) -> None:
    other = browser.as_("coordinator")
    for _round in ROUNDS:
        uid = referred(app, organisation, sent=False)
        sent, withdrawn = together(
            partial(desk.post, f"/letters/{uid}/sending"),
            partial(other.post, withdrawal(app, organisation, uid)),
        )
        assert withdrawn.location.endswith("said=choice-ended"), withdrawn.location
        assert sent.location.startswith(f"/letters/{uid}"), sent.location
        assert one(app, Referral, uid).state == "revoked" and not reads(app, organisation, uid)


@pytest.mark.parametrize("meanwhile", ["booked", "recorded"])
def test_while_a_consent_is_withdrawn_nothing_more_is_booked_or_recorded(
    app, organisation, desk, counsellor, meanwhile
) -> None:
    for number in ROUNDS:
        uid = referred(app, organisation, file=True)
        (file,) = rows(app, select(Case.uid).where(Case.referral_uid == uid))
        typed = {"on": f"2026-12-{number + 1:02}", "at": "10:00", "minutes": "50"}
        there = f"/files/{file}/appointments/new"
        if meanwhile == "recorded":
            counsellor.post(there, typed)
            (held,) = rows(app, select(Appointment.uid).where(Appointment.case_uid == file))
            there, typed = f"/appointments/{held}/ending/cancelled-late", {}
        done, withdrawn = together(
            partial(counsellor.post, there, typed),
            partial(desk.post, withdrawal(app, organisation, uid)),
        )
        assert withdrawn.location.endswith("said=choice-ended"), withdrawn.location
        assert done.location in ("/problem/404",) or "said=" in done.location, done.location
        assert one(app, Case, file).state == "closed" and not reads(app, organisation, uid)
        ahead = (Appointment.case_uid == file, Appointment.ended_as.is_(None))
        assert number_of(app, Appointment, *ahead) == 0


@pytest.mark.parametrize("leaves", [False, True], ids=["loses the role", "leaves"])
def test_revoked_while_its_counsellor_goes_both_are_done(
    app, organisation, browser, desk, leaves
) -> None:
    administrator = browser.as_("administrator")
    goes = partial(set_roles, administrator, "counsellor", "facilitator")
    for _round in range(1) if leaves else ROUNDS:
        set_roles(administrator, "counsellor", "counsellor", "facilitator")
        uid = referred(app, organisation, file=True)
        revoked, gone = together(
            partial(desk.post, f"/letters/{uid}/recall"),
            partial(depart, administrator, "counsellor") if leaves else goes,
        )
        assert "said=" in gone.location, gone.location
        assert "/problem/507" not in revoked.location, "Each waited for what the other had locked."
        assert not reads(app, organisation, uid)


def test_a_file_is_not_given_to_who_lost_the_role_while_the_passphrase_was_tried(
    app, organisation, counsellor, while_deriving
) -> None:
    staff = organisation.staff
    counsellor.post(f"/files/{organisation.aid.file}/team/end")
    typed = {"user": staff["supervisor"].uid, "passphrase": staff["counsellor"].passphrase}
    page = while_deriving(
        lambda: counsellor.post(f"/files/{organisation.aid.file}/team", typed),
        lambda: plant(app, delete(UserRole).where(UserRole.user_uid == staff["supervisor"].uid)),
    )
    assert page.location == "/problem/404"
    assert one(app, Case, organisation.aid.file).supervisor_uid is None
