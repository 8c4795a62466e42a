"""One person's history as far as the viewer may read it: each part by its own rules, in order of time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from flask import url_for
from flask_babel import gettext as _

from app.accounts.queries import working_names
from app.accounts.viewer import Viewer
from app.continuation import queries as continuation
from app.groups import queries as groups
from app.groups.rules import stayed_to_the_end
from app.i18n import language
from app.support import case_queries
from app.support import queries as support
from app.workshops import queries as workshops


@dataclass(frozen=True)
class Event:
    """Something that happened, what it was called, and where one reads more."""

    at: datetime
    kind: str
    name: str
    """Of a group or a workshop, or of whom somebody was referred to; empty elsewhere."""
    state: str
    address: str
    """Empty where there is nothing more to read."""
    zone: str = "Asia/Jerusalem"

    @property
    def on(self) -> date:
        """The day: an hour says nothing here."""
        return self.at.astimezone(ZoneInfo(self.zone)).date()


def timeline(viewer: Viewer, person_uid: str, zone: str, *, at: datetime) -> list[Event]:
    """The latest first."""
    events = []
    roles = viewer.roles
    if roles & {"coordinator", "facilitator"}:
        leading = without_supervision(viewer)
        events += _stays(leading, person_uid, zone, at=at)
        events += _sign_ups(viewer, person_uid, at=at)
        events += _next_steps(leading, person_uid)
    if "coordinator" in roles:
        for request in support.requests_of_person(viewer, person_uid):
            address = url_for("support.show", uid=request.uid)
            events.append(
                Event(request.opened_at, "request", "", request.state, address, request.site.zone)
            )
    if roles & {"coordinator", "counsellor"}:
        events += _referrals(viewer, person_uid, zone)
    if roles & {"coordinator", "counsellor", "supervisor"}:
        for case in case_queries.cases_of_person(viewer, person_uid):
            mine = viewer.uid in (case.counsellor_uid, case.supervisor_uid)
            address = (
                url_for("support.file", uid=case.uid) if mine else url_for("support.file_list")
            )
            events.append(Event(case.opened_at, "file", "", case.state, address, case.site.zone))
    return sorted(events, key=lambda event: (event.at, event.kind), reverse=True)


def without_supervision(viewer: Viewer) -> Viewer:
    """The viewer as one who leads groups: supervising one opens nothing about its members."""
    return replace(viewer, roles=viewer.roles - {"supervisor"})


def words() -> dict[str, str]:
    """What each kind of event is called."""
    return {
        "stay": _("Group"),
        "sign-up": _("Workshop"),
        "next-step": _("What comes next"),
        "request": _("Request"),
        "consent": _("Consent"),
        "referral": _("Referral"),
        "file": _("File"),
    }


def _referrals(viewer: Viewer, person_uid: str, zone: str) -> list[Event]:
    """Referrals with to whom; for coordinators the consents too, each withdrawal on its own day."""
    found = support.referrals_of_person(viewer, person_uid)
    consents = support.consents_of(person_uid) if "coordinator" in viewer.roles else []
    receivers = {r for one in found if (r := one.receiver_uid)}
    names = working_names(receivers | {r for one in consents if (r := one.receiver_uid)})
    names |= {one.uid: support.outside_name(viewer, one) for one in found if one.is_outside}
    events = [
        Event(
            one.proposed_at,
            "referral",
            names.get(one.receiver_uid or one.uid, ""),
            one.state,
            url_for("support.referral", uid=one.uid),
            one.site.zone,
        )
        for one in found
    ]
    for consent in consents:
        days = ((consent.given_on, consent.purpose), (consent.withdrawn_on, "withdrawn"))
        events += [
            Event(
                datetime.combine(on, time(), ZoneInfo(zone)),
                "consent",
                names.get(consent.receiver_uid or "", ""),
                state,
                url_for("support.consents", uid=person_uid),
                zone,
            )
            for on, state in days
            if on is not None
        ]
    return events


def _next_steps(viewer: Viewer, person_uid: str) -> list[Event]:
    return [
        Event(
            step.recorded_at,
            "next-step",
            group.name,
            step.choice,
            url_for("continuation.ask", uid=stay.uid) if stayed_to_the_end(stay, group) else "",
            group.site.zone,
        )
        for step, group, stay in continuation.of_person(viewer, person_uid)
    ]


def _stays(viewer: Viewer, person_uid: str, zone: str, *, at: datetime) -> list[Event]:
    events = []
    for stay, group in groups.stays_of_person(viewer, person_uid):
        began = (
            datetime.combine(stay.joined_on, time(), ZoneInfo(zone))
            if stay.joined_on
            else stay.waiting_at or at
        )
        address = url_for("notebook.group", uid=group.uid)
        events.append(Event(began, "stay", group.name, stay.state(at), address))
    return events


def _sign_ups(viewer: Viewer, person_uid: str, *, at: datetime) -> list[Event]:
    return [
        Event(
            sign_up.signed_up_at,
            "sign-up",
            workshop.title(language()),
            sign_up.state(at),
            url_for("workshops.one", uid=sign_up.uid),
        )
        for sign_up, workshop in workshops.dates_of_person(viewer, person_uid)
    ]
