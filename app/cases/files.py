"""Keeping a file: appointments, the fee, supervision, closing and reopening."""

from __future__ import annotations

from datetime import date, datetime

from flask_babel import lazy_gettext as _

from app.accounts.models import User
from app.accounts.queries import staff
from app.accounts.viewer import Viewer
from app.assignments import assigning
from app.audit import trail
from app.cases import appointment_queries, rules, sealing
from app.cases.models import Appointment, Case
from app.errors import RuleBroken
from app.extensions import db, new_uid
from app.notes import writing
from app.people import queries as people
from app.people.queries import OpenPerson
from app.requests import referring
from app.requests.models import ACCEPTED, DONE, Referral
from app.vault import vaults

COUNSELLOR_LEFT = _("This counsellor is no longer on the staff: a new referral opens a new file.")


def book(case: Case, appointment: Appointment, *, anyway: bool, at: datetime) -> None:
    """Book an appointment, or move one. Raises RuleBroken, first as a question where two collide."""
    others = appointment_queries.booked_by(case.counsellor_uid)
    rules.book(case, others, appointment, anyway=anyway, at=at)
    is_new = appointment.uid is None
    if is_new:
        appointment.uid, appointment.case_uid, appointment.booked_at = new_uid(), case.uid, at
        appointment.fee = case.fee or 0
        appointment.fee_state = "due" if appointment.fee else "waived"
        db.session.add(appointment)
    db.session.flush()
    _record("appointment-booked" if is_new else "appointment-moved", case)


def end_appointment(case: Case, appointment: Appointment, as_: str | None, *, at: datetime) -> None:
    """Write down what became of an appointment; the first one held makes the referral done."""
    rules.end_appointment(appointment, as_, at=at)
    db.session.flush()
    referral = db.session.get_one(Referral, case.referral_uid)
    was_held = any(one.state == "attended" for one in appointment_queries.appointments(case.uid))
    if was_held and referral.state == ACCEPTED:
        referring.finish(referral, at=at)
    elif referral.state == DONE and not was_held:
        referring.unfinish(referral)
    _record("appointment-recorded", case)


def settle_fee(case: Case, appointment: Appointment, as_: str) -> None:
    """Due, paid or waived."""
    rules.settle_fee(appointment, as_)
    _record("fee-recorded", case)


def agree_fee(case: Case, *, fee: int, review_on: date | None, note: str) -> None:
    """What each appointment costs from now on; nobody proves anything."""
    case.fee, case.fee_review_on = fee, review_on
    case.fee_note = sealing.seal_field(case, "fee_note", note)
    _record("fee-agreed", case)


def give_supervision(viewer: Viewer, case: Case, supervisor: User, *, at: datetime) -> None:
    """Let a supervisor read the file and review its notes. The giver holds it."""
    if supervisor.uid == case.counsellor_uid:
        raise RuleBroken(_("Nobody supervises their own file."), "user")
    vault = sealing.vault_of(case)
    if case.supervisor_uid != supervisor.uid:
        if case.supervisor_uid:
            _end_supervision(case, at=at)
        assigning.begin("case", case.referral_uid, supervisor, "supervisor", at=at)
        db.session.expire(case, ["supervisor_uid"])
    vaults.give(viewer.keys, vault, supervisor)
    of = {"vault_uid": vault, "person_uid": case.person_uid}
    trail.record("supervision-given", "file", supervisor.uid, **of)


def end_supervision(case: Case, *, at: datetime) -> None:
    """The supervisor's access ends with their next request; what awaited them is its author's draft again."""
    _end_supervision(case, at=at)
    for _note in writing.give_back(case.referral_uid):
        _record("case-note-returned", case)


def _end_supervision(case: Case, *, at: datetime) -> None:
    assigning.end_all(case.referral_uid, "supervisor", at=at)
    db.session.expire(case, ["supervisor_uid"])
    _record("supervision-ended", case)


def pause(case: Case, *, at: datetime) -> None:
    rules.pause(case, at=at)
    _record("file-paused", case)


def resume(case: Case) -> None:
    rules.resume(case)
    _record("file-resumed", case)


def close(case: Case, as_: str, note: str, *, at: datetime) -> None:
    """Close a file: its counsellor no longer opens it. Its supervisor and recovery still do."""
    rules.close(case, as_, appointment_queries.appointments(case.uid), at=at)
    case.closing_note = sealing.seal_field(case, "closing_note", note)
    assigning.end_all(case.referral_uid, "counsellor", at=at)
    _record("file-closed", case)


def stop(case: Case, as_: str, *, at: datetime) -> None:
    """Close a file at once that may not go on: its referral was revoked, the consent withdrawn, its counsellor left.

    Its counsellor no longer opens it. Its supervisor and recovery still do.
    `case` was read with its row locked.
    """
    rules.stop(case, as_, appointment_queries.appointments(case.uid), at=at)
    assigning.end_all(case.referral_uid, "counsellor", at=at)
    _record("file-closed", case)


def reopen_by_supervisor(viewer: Viewer, case: Case, *, at: datetime) -> None:
    """The supervisor gives the counsellor the whole file back."""
    counsellor = _reopen(case, at=at)
    vaults.give(viewer.keys, sealing.vault_of(case), counsellor)
    _record("file-reopened", case)


def reopen_by_desk(viewer: Viewer, case: Case, person: OpenPerson, *, at: datetime) -> None:
    """A coordinator reopens a file: what is new opens for its counsellor, and who the person is.

    Older notes stay closed until the supervisor, or the recovery key, gives them back.
    """
    counsellor = _reopen(case, at=at)
    vault = sealing.vault_of(case)
    vaults.renew(vault, counsellor)
    vaults.share(vault, person.uid, person.key, viewer.keys)
    _record("file-reopened", case)


def _reopen(case: Case, *, at: datetime) -> User:
    """Its counsellor, who gets it back. Raises RuleBroken, also where they are one no longer."""
    referral = db.session.get_one(Referral, case.referral_uid)
    counsellor = next((u for u in staff("counsellor") if u.uid == case.counsellor_uid), None)
    rules.reopen(case, referral, people.consent(referral.consent_uid))
    if counsellor is None:
        raise RuleBroken(COUNSELLOR_LEFT)
    assigning.begin("case", case.referral_uid, counsellor, "counsellor", at=at)
    return counsellor


def _record(action: str, case: Case) -> None:
    vault = vaults.find("case", case.referral_uid) or ""
    trail.record(action, "file", case.uid, vault_uid=vault, person_uid=case.person_uid)
