"""One person's history as far as the viewer may read it: each part by its own rules, in order of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from flask import url_for
from flask_babel import gettext as _

from app.accounts.viewer import Viewer
from app.continuation import queries as continuation
from app.groups import queries as groups
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
    """Of a group or a workshop; empty elsewhere."""
    state: str
    address: str
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
        events += _stays(viewer, person_uid, zone, at=at)
        events += _sign_ups(viewer, person_uid, at=at)
        for step, group in continuation.of_person(viewer, person_uid):
            address = url_for("continuation.ask", uid=step.membership_uid)
            events.append(Event(step.recorded_at, "next-step", group.name, step.choice, address))
    if "coordinator" in roles:
        for request in support.requests_of_person(viewer, person_uid):
            address = url_for("support.show", uid=request.uid)
            events.append(Event(request.opened_at, "request", "", request.state, address))
        for consent in support.consents_of(person_uid):
            address = url_for("support.consents", uid=person_uid)
            given = datetime.combine(consent.given_on, time(), ZoneInfo(zone))
            state = "withdrawn" if consent.withdrawn_on else consent.purpose
            events.append(Event(given, "consent", "", state, address))
    if roles & {"coordinator", "counsellor"}:
        for referral in support.referrals_of_person(viewer, person_uid):
            address = url_for("support.referral", uid=referral.uid)
            events.append(Event(referral.proposed_at, "referral", "", referral.state, address))
    if roles & {"coordinator", "counsellor", "supervisor"}:
        for case in case_queries.cases_of_person(viewer, person_uid):
            mine = viewer.uid in (case.counsellor_uid, case.supervisor_uid)
            address = (
                url_for("support.file", uid=case.uid) if mine else url_for("support.file_list")
            )
            events.append(Event(case.opened_at, "file", "", case.state, address))
    return sorted(events, key=lambda event: (event.at, event.kind), reverse=True)


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
