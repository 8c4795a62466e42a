"""Whatever is done to a referral and its file, in any order: the counsellor's passphrase opens what it should."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.accounts.models import User
from app.accounts.viewer import Viewer
from app.cases import appointment_queries, files, referrals
from app.cases import queries as cases
from app.cases.models import Appointment, Case
from app.cases.notes import OfAppointment
from app.clock import now
from app.errors import RuleBroken
from app.extensions import db, new_uid
from app.notes import writing
from app.notes.sealing import Boxes
from app.people import cards, contact
from app.people import queries as people
from app.people.rules import Card
from app.requests import referring, requesting
from app.requests.models import Referral, Request
from app.requests.requesting import Wish
from tests.access.opening import opened, opened_pieces, raw
from tests.organisation import Organisation, viewer

ACTS = (
    *("agree", "send", "send", "accept", "accept", "decline", "revoke", "withdraw"),
    *(
        "book",
        "hold",
        "take_back",
        "write",
        "supervise",
        "close",
        "reopen_by_desk",
        "reopen_by_supervisor",
    ),
)


class Life:
    """One person's referral, from its proposal on."""

    def __init__(self, app: Flask, organisation: Organisation) -> None:
        self.app, self.organisation = app, organisation
        with app.app_context():
            desk = self._who("coordinator")
            (site,) = people.sites(desk)
            self.person, _key = cards.add(desk, Card(name="سنونوة"), site=site, at=now())
            wish = Wish("self", "therapy", "high")
            self.request = requesting.open_request(
                desk, wish, person_uid=self.person, site_uid=site.uid, at=now()
            ).uid
            self.uid = referring.propose(
                desk,
                person_uid=self.person,
                site_uid=site.uid,
                service="therapy",
                reason="نوم",
                receiver_uid=organisation.staff["counsellor"].uid,
                request_uid=self.request,
                at=now(),
            ).uid
            db.session.commit()
            db.session.remove()

    def do(self, act: str) -> None:
        """One act, all of it or nothing."""
        with self.app.app_context():
            referral = db.session.get_one(Referral, self.uid)
            case = cases.file_of_referral(self.uid)
            try:
                if act in ("agree", "send", "accept", "decline", "revoke", "withdraw"):
                    self._refer(act, referral)
                elif case is not None:
                    self._keep(act, referral, case)
                db.session.commit()
            except RuleBroken:
                db.session.rollback()
            db.session.remove()

    def check(self) -> None:
        """The rows, the keys and the queue tell the same story."""
        with self.app.app_context():
            referral = db.session.get_one(Referral, self.uid)
            case = cases.file_of_referral(self.uid)
            consent = people.consent(referral.consent_uid)
            goes_on = case is not None and case.closed_at is None
            may = referral.state == "sent" or (referral.state in ("accepted", "done") and goes_on)
            withdrawn = consent is not None and consent.withdrawn_on is not None
            state, answered = referral.state, db.session.get_one(Request, self.request).ended_at
            ahead = (
                [
                    a
                    for a in appointment_queries.appointments(case.uid)
                    if a.state == "booked" and a.starts_at > now()
                ]
                if case is not None and case.closed_as in ("revoked", "withdrawn")
                else []
            )
            db.session.remove()
        table = raw(self.app)
        keys = opened(table, self.organisation.staff["counsellor"])
        shares = [p for p in table.pieces if p.where.startswith(f"share {self.person}")]
        opens = bool(opened_pieces(replace(table, pieces=shares), keys))
        assert opens == may, f"{state}: the person {'opens' if opens else 'does not open'}"
        assert (("case", self.uid) in keys) == may
        assert not (withdrawn and opens)
        assert not ahead, "What is stopped leaves no hour behind."
        assert (answered is not None) == (state in ("accepted", "done"))

    def _refer(self, act: str, referral: Referral) -> None:
        desk = self._who("coordinator")
        if act == "agree":
            referring.agree(desk, referral, on=now().date())
        elif act == "send":
            opened_person = people.get_or_404(desk, self.person)
            referring.send(desk, referral, opened_person, self._user("counsellor"), at=now())
        elif act == "withdraw":
            consent = people.consent(referral.consent_uid)
            if consent is not None:
                contact.withdraw(consent, on=now().date(), at=now())
        elif act == "decline":
            referring.decline(referral, "", at=now())
        else:
            getattr(referrals, act)(referral, at=now())

    def _keep(self, act: str, referral: Referral, case: Case) -> None:
        counsellor = self._who("counsellor")
        is_open = case.closed_at is None
        if act == "reopen_by_desk":
            desk = self._who("coordinator")
            files.reopen_by_desk(desk, case, people.get_or_404(desk, self.person), at=now())
        elif act == "reopen_by_supervisor" and case.supervisor_uid:
            files.reopen_by_supervisor(self._who("supervisor"), case, at=now())
        elif is_open and act == "close":
            files.close(case, "finished", "", at=now())
        elif is_open and act == "supervise":
            files.give_supervision(counsellor, case, self._user("supervisor"), at=now())
        elif is_open and act == "book":
            tomorrow = Appointment(starts_at=now() + timedelta(days=1), minutes=50)
            files.book(case, tomorrow, anyway=True, at=now())
        elif is_open and act in ("hold", "take_back", "write"):
            one = self._appointment(case)
            if act == "write":
                boxes = Boxes("لقاء", "", "")
                of = OfAppointment.find(counsellor, one.uid)
                note = writing.save(counsellor, of, boxes, version=0, page="here", at=now())
                writing.sign(of, note, boxes, at=now())
            else:
                files.end_appointment(case, one, "attended" if act == "hold" else None, at=now())

    def _appointment(self, case: Case) -> Appointment:
        """Yesterday's hour, the same one each time."""
        for one in appointment_queries.appointments(case.uid):
            if one.starts_at < now():
                return one
        one = Appointment(
            uid=new_uid(),
            case_uid=case.uid,
            starts_at=now() - timedelta(days=1),
            minutes=50,
            booked_at=now() - timedelta(days=2),
            fee_state="waived",
        )
        db.session.add(one)
        db.session.flush()
        return one

    def _who(self, key: str) -> Viewer:
        return viewer(self.organisation.staff[key])

    def _user(self, key: str) -> User:
        return db.session.get_one(User, self.organisation.staff[key].uid)


@pytest.mark.slow
def test_the_counsellors_passphrase_opens_what_it_should_whatever_is_done(
    app: Flask, organisation: Organisation
) -> None:
    @settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.sampled_from(ACTS), max_size=9), st.integers(0, 6))
    def lived(acts: list[str], begun: int) -> None:
        life = Life(app, organisation)
        for act in (*("agree", "send", "accept", "supervise", "hold", "withdraw")[:begun], *acts):
            life.do(act)
            life.check()

    lived()
