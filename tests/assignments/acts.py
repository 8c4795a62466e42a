"""Everything that begins or ends a part in something, done in any order to the invented organisation."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta

from sqlalchemy import select
from werkzeug.exceptions import NotFound

from app.accounts import recovering as links
from app.accounts import rules
from app.accounts.line import Work, derived
from app.accounts.models import User
from app.accounts.passphrases import folded
from app.accounts.queries import staff
from app.accounts.viewer import Viewer
from app.assignments import closing
from app.assignments.models import Assignment
from app.cases import appointment_queries, files, referrals
from app.cases.models import Case
from app.clock import now
from app.errors import Locked, RuleBroken
from app.extensions import db
from app.groups import roster
from app.groups.models import Group
from app.notebook import access, colleagues, recovering, staffing
from app.people import contact, places
from app.people import queries as people
from app.people.models import Site
from app.policy import ROLES
from app.requests import referring
from app.requests.models import AGREED, Referral
from app.vault import vaults
from app.vault.models import Checkpoint, CheckpointKey
from app.workshops import planning
from app.workshops import queries as queries_of_workshops
from app.workshops.models import Workshop
from tests.organisation import COST, Organisation, viewer


class Acts:
    """One history of the organisation; `chance` chooses who does it to what."""

    def __init__(self, organisation: Organisation, chance: random.Random) -> None:
        self.organisation, self.chance = organisation, chance

    def do(self, act: str) -> bool:
        """One act, all of it or nothing; whether it was done."""
        try:
            with db.session.begin_nested():
                doing: Callable[[], None] = getattr(self, act)
                doing()
        except (RuleBroken, Locked, NotFound, NothingToDo):
            db.session.expire_all()
            return False
        return True

    # Places, groups, workshops

    def coordinate(self) -> None:
        places.coordinate(self._user("coordinator"), self._one(Site), at=now())

    def end_place(self) -> None:
        places.end_coordination(self._part("place"), at=now())

    def assign(self) -> None:
        part = self.chance.choice(("facilitator", "supervisor"))
        roster.assign(self._viewer(), self._one(Group), self._user(part), part=part, at=now())

    def unassign(self) -> None:
        part = self._part("group")
        roster.unassign(db.session.get_one(Group, part.of_uid), part, at=now())

    def hold(self) -> None:
        begins = now() + timedelta(days=5)
        workshop = Workshop(
            kind="creative", title_ar="خطّ", starts_at=begins, closes_at=begins, minutes=60, seats=5
        )
        team = [self._user().uid]
        planning.create(self._viewer(), workshop, self._one(Site), team=team, at=now())

    def assign_to_workshop(self) -> None:
        workshop, user = self._one(Workshop), self._user("facilitator")
        holders = sorted(vaults.holders(queries_of_workshops.roster_of(workshop)))
        planning.assign(self._viewer_of(self._any(holders)), workshop, user, at=now())

    def unassign_from_workshop(self) -> None:
        part = self._part("workshop")
        planning.unassign(db.session.get_one(Workshop, part.of_uid), part, at=now())

    # Keys, roles, leaving

    def give(self) -> None:
        giver = self._viewer()
        waiting = access.waiting(giver)
        access.give(giver, self._any(waiting))

    def set_roles(self) -> None:
        roles = set(self.chance.sample(ROLES, self.chance.choice((2, 3, 4))))
        if self.chance.random() < 0.3:
            staffing.set_roles(self._user(), roles, at=now())

    def depart(self) -> None:
        if self.chance.random() < 0.2:
            staffing.depart(self._user(), at=now())

    def pause(self) -> None:
        user = self._user()
        by = self.chance.choice(list(self.organisation.staff.values()))
        closing.close(user.uid, colleagues.coordinators_of(user.uid), by=by.uid, at=now())

    def resume(self) -> None:
        if not db.session.scalar(select(Checkpoint.uid).limit(1)):
            self.pause()
        closed = self._any(db.session.scalars(select(Checkpoint).order_by(Checkpoint.uid)).all())
        keys = select(CheckpointKey.user_uid).where(
            CheckpointKey.checkpoint_uid == closed.uid, CheckpointKey.user_uid.is_not(None)
        )
        lifters = sorted(db.session.scalars(keys))
        closing.lift(self._viewer_of(self._any(lifters)).keys, closed.user_uid)

    def recover(self) -> None:
        account = self.chance.choice(list(self.organisation.staff.values()))
        passphrase = derived(Work(folded(account.passphrase), COST))
        links.begin(account.uid, by=account.uid, at=now())
        recovery = db.session.scalars(links.OF_USER, {"user_uid": account.uid}).one()
        keys = rules.new_keys(account.uid, passphrase, account.recovery_code)
        recovery.public_key, recovery.private_key, recovery.private_key_for_recovery = keys
        recovery.salt, recovery.asked_at = passphrase.salt, now()
        recovery.memory, recovery.iterations, recovery.lanes = (
            COST.memory,
            COST.iterations,
            COST.lanes,
        )
        db.session.flush()
        recovering._take_effect(recovery.uid, account.uid, at=now())

    # Referrals and files

    def propose(self) -> None:
        aid = self.chance.choice((self.organisation.aid, self.organisation.aid_b))
        person = self.chance.choice(aid.people)
        site = db.session.scalars(
            select(Referral.site_uid).where(Referral.uid == aid.proposed)
        ).one()
        referral = referring.propose(
            self._viewer(),
            person_uid=person.uid,
            site_uid=site,
            service="therapy",
            reason="",
            receiver_uid=self._user("counsellor").uid,
            at=now(),
        )
        referring.agree(self._viewer(), referral, on=now().date())

    def send(self) -> None:
        every = select(Referral).order_by(Referral.uid)
        agreed = [one for one in db.session.scalars(every) if one.state == AGREED]
        if not agreed:
            self.propose()
        referral = self._any(agreed or db.session.scalars(every).all())
        keeper = viewer(self.organisation.staff[self._coordinator_of(referral.site_uid)])
        person = people.get_or_404(keeper, referral.person_uid)
        receiver = db.session.get_one(User, referral.receiver_uid or self._nothing())
        referring.send(keeper, referral, person, receiver, at=now())

    def accept(self) -> None:
        referrals.accept(self._one(Referral), at=now())

    def decline(self) -> None:
        referring.decline(self._one(Referral), "", at=now())

    def revoke(self) -> None:
        referrals.revoke(self._one(Referral), at=now())

    def withdraw(self) -> None:
        consent = people.consent(self._one(Referral).consent_uid)
        if consent is not None:
            contact.withdraw(consent, on=now().date(), at=now())

    def supervise(self) -> None:
        case = self._one(Case)
        supervisor = self._user("supervisor")
        files.give_supervision(self._keeper(case), case, supervisor, at=now())

    def end_supervision(self) -> None:
        files.end_supervision(self._one(Case), at=now())

    def close(self) -> None:
        self._close(self._one(Case))

    def _close(self, case: Case) -> None:
        for one in appointment_queries.appointments(case.uid):
            if one.state == "booked":
                files.end_appointment(case, one, "cancelled-by-us", at=now())
        files.close(case, "finished", "", at=now())

    def reopen_by_supervisor(self) -> None:
        read = select(Case).where(Case.supervisor_uid.is_not(None)).order_by(Case.uid)
        case = self._any(db.session.scalars(read).all())
        if case.closed_at is None:
            self._close(case)
        files.reopen_by_supervisor(self._viewer_of(case.supervisor_uid), case, at=now())

    def reopen_by_desk(self) -> None:
        case = self._one(Case)
        keeper = viewer(self.organisation.staff[self._coordinator_of(case.site_uid)])
        files.reopen_by_desk(keeper, case, people.get_or_404(keeper, case.person_uid), at=now())

    # Who and what

    def _user(self, role: str = "") -> User:
        """Anybody, also who left; with a role, nearly always one of those who have it."""
        holders = staff(role) if role and self.chance.random() < 0.9 else ()
        every = [account.uid for account in self.organisation.staff.values()]
        return db.session.get_one(User, self._any(sorted(u.uid for u in holders) or every))

    def _viewer(self) -> Viewer:
        return viewer(self.chance.choice(list(self.organisation.staff.values())))

    def _keeper(self, case: Case) -> Viewer:
        return self._viewer_of(case.counsellor_uid)

    def _viewer_of(self, user_uid: str | None) -> Viewer:
        found = [account for account in self.organisation.staff.values() if account.uid == user_uid]
        return viewer(self._any(found))

    def _coordinator_of(self, site_uid: str) -> str:
        """Somebody with the desk; nobody, where it has no holder left."""
        desk = vaults.find("desk", site_uid) or self._nothing()
        keys = {account.uid: key for key, account in self.organisation.staff.items()}
        return keys[self._any(sorted(vaults.holders(desk)))]

    def _part(self, of_kind: str) -> Assignment:
        open_ = select(Assignment).where(
            Assignment.of_kind == of_kind, Assignment.ended_at.is_(None)
        )
        return self._any(db.session.scalars(open_.order_by(Assignment.uid)).all())

    def _one(self, model: type) -> object:
        return self._any(db.session.scalars(select(model).order_by(model.uid)).all())

    def _any(self, found: list) -> object:
        return self.chance.choice(found) if found else self._nothing()

    def _nothing(self) -> None:
        raise NothingToDo


class NothingToDo(Exception):
    """There is nobody, or nothing, to do it to."""


ACTS = tuple(
    name for name, act in vars(Acts).items() if callable(act) and name[0] != "_" and name != "do"
)
