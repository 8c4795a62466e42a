"""What a person's page, and the copy of their record, say of requests, referrals and consents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from functools import partial

from flask import url_for
from flask_babel import gettext as _

from app.accounts.queries import working_names
from app.accounts.viewer import Viewer
from app.clock import midnight
from app.people import queries as people
from app.people.history import Event
from app.requests import queries, referral_queries, sealing
from app.requests.models import Referral, Request
from app.web.sections import Section

_section = partial(Section, "requests/_person.html")


def events_of_requests(viewer: Viewer, person_uid: str, at: datetime) -> Iterator[Event]:
    """For coordinators."""
    for one in _requests(viewer, person_uid):
        address = url_for("requests.show", uid=one.uid)
        said = (_("Request"), "", one.state, "request_state")
        yield Event(one.opened_at, *said, address, one.site.zone)


def events_of_referrals(viewer: Viewer, person_uid: str, at: datetime) -> Iterator[Event]:
    """With to whom; for coordinators the consents too, each withdrawal on its own day."""
    referrals = _referrals(viewer, person_uid)
    consents = people.all_consents(person_uid) if "coordinator" in viewer.roles else []
    names = _names(viewer, referrals, (one.receiver_uid for one in consents))
    for one in referrals:
        address, name = url_for("requests.referral", uid=one.uid), names.get(_receiver(one), "")
        said = (_("Referral"), name, one.state, "referral_state")
        yield Event(one.proposed_at, *said, address, one.site.zone)
    address = url_for("people.consents", uid=person_uid)
    for consent in consents:
        days = ((consent.given_on, consent.purpose), (consent.withdrawn_on, "withdrawn"))
        for on, state in days:
            if on is not None:
                name = names.get(consent.receiver_uid or "", "")
                said = (_("Consent"), name, state, "consent_state")
                yield Event(midnight(on), *said, address)


def facts(viewer: Viewer, person_uid: str, at: datetime) -> Iterator[Section]:
    """In the copy, for the desk: everything they agreed to, and took back."""
    if "coordinator" not in viewer.roles:
        return
    consents = people.all_consents(person_uid)
    referrals = _referrals(viewer, person_uid)
    names = _names(viewer, referrals, (one.receiver_uid for one in consents))
    yield _section("consents", consents, more={"names": names})


def copy(viewer: Viewer, person_uid: str, at: datetime) -> Iterator[Section]:
    """In the copy: every request and referral, as far as the viewer opens them."""
    requests, referrals = _requests(viewer, person_uid), _referrals(viewer, person_uid)
    attempts = queries.attempts_of([one.uid for one in requests]) if requests else {}
    staff = {one.made_by for tried in attempts.values() for one in tried}
    more = {"names": _names(viewer, referrals, staff)}
    at_desk = partial(sealing.at_desk, viewer)
    asked = [(r, at_desk(r, "remark"), at_desk(r, "end_reason"), attempts[r.uid]) for r in requests]
    yield _section("requests", asked, more=more)
    sent = [
        (r, _receiver(r), sealing.why(viewer, r), at_desk(r, "decline_reason")) for r in referrals
    ]
    yield _section("referrals", sent, more=more)


def _requests(viewer: Viewer, person_uid: str) -> Sequence[Request]:
    return queries.requests_of_person(viewer, person_uid) if "coordinator" in viewer.roles else []


def _referrals(viewer: Viewer, person_uid: str) -> Sequence[Referral]:
    if not viewer.roles & {"coordinator", "counsellor"}:
        return []
    return referral_queries.referrals_of_person(viewer, person_uid)


def _receiver(referral: Referral) -> str:
    """Under which uid a receiver is named: a colleague's, or the referral's own for a service outside."""
    return referral.receiver_uid or referral.uid


def _names(
    viewer: Viewer, referrals: Sequence[Referral], others: Iterable[str | None]
) -> dict[str, str]:
    """What receivers and these others are called, as far as the viewer may know it."""
    named = {*others, *(one.receiver_uid for one in referrals)}
    outside = {one.uid: sealing.outside_name(viewer, one) for one in referrals if one.is_outside}
    return working_names({uid for uid in named if uid}) | outside
