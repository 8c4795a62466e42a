"""Erasing a person who wishes it: what goes and what remains, beforehand in numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import abort
from sqlalchemy import bindparam, func, select

from app.accounts.viewer import Viewer
from app.audit import trail
from app.extensions import read_one
from app.follow_ups.models import FollowUp
from app.groups.models import Membership
from app.notebook import keeping
from app.people import queries as people
from app.people.queries import OpenPerson
from app.requests.models import Request
from app.sessions.models import Attendance
from app.web import keeping as kept
from app.web import transaction
from app.workshops.models import SignUp

# What the desk knows of anyway. Files are not counted: whether there is one is between them and a counsellor.
COUNTED = select(
    *(
        select(func.count()).where(*where).scalar_subquery().label(name)
        for name, where in {
            "stays": (Membership.person_uid == bindparam("uid"),),
            "marks": (
                Attendance.membership_uid == Membership.uid,
                Membership.person_uid == bindparam("uid"),
            ),
            "sign_ups": (SignUp.person_uid == bindparam("uid"),),
            "requests": (Request.person_uid == bindparam("uid"),),
            "follow_ups": (FollowUp.person_uid == bindparam("uid"),),
        }.items()
    )
)


@dataclass(frozen=True)
class Counts:
    """How much hangs on a person."""

    stays: int
    marks: int
    sign_ups: int
    requests: int
    follow_ups: int


def of_place_or_404(viewer: Viewer, uid: str) -> OpenPerson:
    """A person of a place that the viewer coordinates and whose desk they hold; 404 for everybody else."""
    person = people.get_or_404(viewer, uid)
    if person.site.uid not in {site.uid for site in people.open_sites(viewer)}:
        abort(404)  # known here, by a sign-up, and of another place
    return person


def counts(person: OpenPerson) -> Counts:
    """What the page says beforehand."""
    return Counts(*read_one(COUNTED, {"uid": person.uid}))


def erase(person: OpenPerson, *, at: datetime) -> None:
    """Erase them, and write down that somebody was erased. 404 where a colleague just did."""
    if not keeping.erase(person.uid, at=at):
        abort(404)
    trail.record("person-erased", "person", person.uid, person_uid=person.uid)
    transaction.once_it_stands(kept.write_anew)
