"""A small invented organisation, as plain values: who works there, which groups, which people.

Two places. In Jerusalem: group A, in the eighth of fifteen weeks, with two
facilitators who both hold its notes, a supervisor, and someone with two roles
who has the roster only; group P, planned, without dates. In Ramallah: group B. Each place
has a workshop with one of its facilitators.
tests/founding.py makes it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from app.accounts import passphrases, rules
from app.accounts.line import Cost
from app.accounts.models import User
from app.accounts.viewer import Viewer
from app.extensions import db
from app.vault import envelope
from app.vault.keyring import Keyring

# A Tuesday, two in the afternoon in Jerusalem: group A meets at six.
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
# The demo, with the cheapest Argon2id there is.
SETTINGS = {"DAFTAR_DEMO": "1", "DAFTAR_PASSPHRASE_COST": "8,1,1"}
COST = Cost(8, 1, 1)
ROLES = {
    "administrator": ("administrator",),
    "coordinator": ("coordinator",),
    "coordinator_b": ("coordinator",),
    "facilitator1": ("facilitator",),
    "facilitator2": ("facilitator",),
    "facilitator3": ("facilitator",),
    "supervisor": ("supervisor",),
    "counsellor": ("counsellor",),
    "counsellor_b": ("counsellor",),
    "two_roles": ("coordinator", "facilitator"),
}


@dataclass(frozen=True)
class Account:
    """A member of staff, with what they keep in their head and in their drawer."""

    key: str
    uid: str
    username: str
    passphrase: str
    recovery_code: str
    roles: tuple[str, ...]


@dataclass(frozen=True)
class Member:
    """Someone the organisation serves, and their stay in a group (empty without one)."""

    uid: str
    name: str
    number: str
    stay: str = ""


@dataclass
class Circle:
    """A group and what belongs to it, by opaque id."""

    uid: str
    site: str
    meetings: list[str] = field(default_factory=list)
    """In order; group A's eighth is today, its third did not happen."""
    members: list[Member] = field(default_factory=list)
    waiting: list[Member] = field(default_factory=list)
    offered: list[Member] = field(default_factory=list)
    left: list[Member] = field(default_factory=list)
    note: str = ""
    """Signed by its first facilitator, about its first meeting."""
    draft: str = ""
    """By group A's second facilitator, about its second meeting."""
    reflection: str = ""
    follow_up: str = ""
    assignment: str = ""
    """Of its first facilitator."""


@dataclass
class Occasion:
    """A workshop and its list, by opaque id."""

    uid: str
    site: str
    link: str = ""
    assignment: str = ""
    """Of its facilitator."""
    on_list: dict[str, Member] = field(default_factory=dict)
    """State, or public, -> somebody whose `stay` is their sign-up."""
    code: str = ""
    """The code word of whoever signed up from outside."""


@dataclass
class Aid:
    """What one place's desk and counsellor have at hand, by opaque id."""

    person: Member
    """With an open request."""
    request: str = ""
    proposed: str = ""
    """A referral of that person to the counsellor, agreed and not sent."""
    sent: str = ""
    """A referral of somebody else that awaits the counsellor's answer."""
    outside: str = ""
    """One that was sent to a service outside."""
    served: Member | None = None
    """Whose file the counsellor keeps."""
    file: str = ""
    file_referral: str = ""
    """On whose vault the file lives."""
    closed: str = ""
    """A file of another person's that was closed."""
    held: str = ""
    """Yesterday's appointment of the file, attended."""
    booked: str = ""
    """Tomorrow's."""
    note: str = ""
    """Signed by the counsellor, about yesterday's."""
    awaiting: str = ""
    """One that awaits the supervisor, about the day before yesterday's."""
    consent: str = ""
    brought: str = ""
    """A spreadsheet of people that its coordinator chose and did not confirm yet."""
    people: list[Member] = field(default_factory=list)
    """Everybody the desk added for this."""


@dataclass
class Organisation:
    """Everything a test may want to name."""

    staff: dict[str, Account]
    jerusalem: str
    ramallah: str
    a: Circle
    b: Circle
    planned: Circle
    candidate: Member
    """Of Jerusalem, in no group."""
    candidate_b: Member
    """Of Ramallah, in no group."""
    workshop: Occasion
    """Jerusalem, today at seven, three seats, all taken; freed ones are offered by hand."""
    workshop_b: Occasion
    """Ramallah, in a week; whoever signs up from outside is asked about first."""
    aid: Aid
    aid_b: Aid
    typed: list[str]
    """Everything sealed that anybody typed."""
    report: str = ""
    """Of the quarter before, published."""
    recovery_key: str = ""
    """As it was printed when the organisation was set up."""


def sign_in_keys(account: Account) -> Keyring:
    """The keyring that the account's passphrase opens."""
    user = db.session.get_one(User, account.uid)
    key = envelope.stretched(
        passphrases.folded(account.passphrase),
        user.salt,
        memory=user.memory,
        iterations=user.iterations,
        lanes=user.lanes,
    )
    private = envelope.unseal(key, user.private_key, rules.private_key_place(user.uid))
    return Keyring(user.uid, private)


def viewer(account: Account) -> Viewer:
    """The account as the domain's functions see it: all its roles, all its keys."""
    return Viewer(account.uid, frozenset(account.roles), sign_in_keys(account))
