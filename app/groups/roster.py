"""Making groups, enrolling people, assigning facilitators: what needs rows and keys together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from flask_babel import lazy_gettext as _

from app.accounts.models import User
from app.accounts.viewer import Viewer
from app.assignments import assigning
from app.assignments.models import Assignment
from app.assignments.queries import team
from app.audit import trail
from app.errors import RuleBroken
from app.extensions import db, new_uid
from app.groups import queries, rules
from app.groups.models import Group, Membership
from app.notes import writing
from app.people import contact
from app.people import keeping as people
from app.people.queries import desk_readers
from app.people.rules import DESK_NOT_GIVEN, Card
from app.vault import shares, vaults


def create(group: Group) -> None:
    """Save a new group; its roster opens for the coordinators of its place."""
    db.session.add(group)
    db.session.flush()
    readers = desk_readers(group.site_uid)
    if not readers:
        raise RuleBroken(DESK_NOT_GIVEN, "site")
    vault = vaults.make("roster", group.uid, readers, site_uid=group.site_uid)
    trail.record("group-created", "group", group.uid, vault_uid=vault.uid)


def enrol(
    viewer: Viewer, group: Group, *, person_uid: str, person_key: bytes, on: date, at: datetime
) -> Membership:
    """Let someone join on a day, and share their card with the roster.

    `group` was read with its row locked. Raises RuleBroken where it is full.
    """
    rules.refuse_full(group, queries.stays(group.uid), at=at)
    stay = _wait(group, person_uid=person_uid, at=at)
    accept(viewer, group, stay, person_key=person_key, on=on, at=at)
    return stay


def enrol_all(
    viewer: Viewer,
    group: Group,
    rows: Sequence[tuple[str, bytes, date, date | None]],
    *,
    today: date,
    at: datetime,
) -> tuple[list[Membership], list[str]]:
    """Let many join: person, key, first day, and the last day of who has left since.

    Returns their stays, and of whom the roster had no share before. Raises RuleBroken where it is full.
    """
    known, vault = list(queries.stays(group.uid)), queries.roster_of(group)
    new = []
    for person_uid, _key, joined_on, left_on in rows:
        stay = rules.new_stay(group, known, person_uid=person_uid, at=at)
        stay.uid = new_uid()
        if left_on is None:
            rules.join(stay, group, known, on=joined_on, at=at)
        else:
            stay.joined_on = joined_on
            rules.leave(stay, on=left_on, today=today)
        known.append(stay)
        new.append(stay)
        trail.record("member-joined", "group", group.uid, vault_uid=vault, person_uid=person_uid)
    db.session.add_all(new)
    shared = shares.share_all(vault, [(uid, key) for uid, key, *_days in rows], viewer.keys)
    for stay in new:
        if stay.ended_on is not None:
            vaults.end_share(vault, stay.person_uid)
            trail.record(
                "member-left", "group", group.uid, vault_uid=vault, person_uid=stay.person_uid
            )
    return new, shared


def wait(group: Group, *, person_uid: str, card: Card | None, at: datetime) -> Membership:
    """Put someone on the waiting list; who waits will be contacted, so nobody who does not want to."""
    contact.refuse_stopped(card, person_uid)
    return _wait(group, person_uid=person_uid, at=at)


def come_back(group: Group, earlier: Membership, *, on: date, at: datetime) -> Membership:
    """Let someone who left join again on a day; their card was shared with the roster already."""
    rules.refuse_full(group, queries.stays(group.uid), at=at)
    stay = _wait(group, person_uid=earlier.person_uid, at=at)
    rules.join(stay, group, queries.stays(group.uid), on=on, at=at)
    vault = queries.roster_of(group)
    vaults.resume_share(vault, stay.person_uid)
    trail.record("member-joined", "group", group.uid, vault_uid=vault, person_uid=stay.person_uid)
    return stay


def _wait(group: Group, *, person_uid: str, at: datetime) -> Membership:
    stays = queries.stays(group.uid)
    stay = rules.new_stay(group, stays, person_uid=person_uid, at=at)
    db.session.add(stay)
    db.session.flush()
    trail.record("member-waiting", "group", group.uid, person_uid=person_uid)
    return stay


def offer(
    group: Group, stay: Membership, card: Card | None, *, until: datetime, at: datetime
) -> None:
    """Hold a place for someone who waits, until a moment."""
    contact.refuse_stopped(card, stay.person_uid)
    rules.offer(stay, group, queries.stays(group.uid), until=until, at=at)
    trail.record("place-offered", "group", group.uid, person_uid=stay.person_uid)


def accept(
    viewer: Viewer, group: Group, stay: Membership, *, person_key: bytes, on: date, at: datetime
) -> None:
    """Begin a stay: the roster's holders can open the person's card from now on."""
    rules.join(stay, group, queries.stays(group.uid), on=on, at=at)
    vault = queries.roster_of(group)
    vaults.share(vault, stay.person_uid, person_key, viewer.keys)
    trail.record("member-joined", "group", group.uid, vault_uid=vault, person_uid=stay.person_uid)


def leave(group: Group, stay: Membership, *, on: date, today: date, reason: str) -> None:
    """End a stay; the name stays readable to the roster's holders, the contact does not show."""
    rules.leave(stay, on=on, today=today)
    vault = queries.roster_of(group)
    if reason:
        stay.reason = vaults.seal_text(vault, reason, rules.reason_place(stay.uid))
    vaults.end_share(vault, stay.person_uid)
    trail.record("member-left", "group", group.uid, vault_uid=vault, person_uid=stay.person_uid)


def undo_leave(group: Group, stay: Membership, *, at: datetime) -> None:
    """Take a departure back; a place taken meanwhile is not taken away again."""
    stays = queries.stays(group.uid)
    if people.is_nobody(stay.person_uid):
        raise RuleBroken(_("This person is not here any more."))
    rules.undo_leave(stay, [other for other in stays if other.uid != stay.uid], group, at=at)
    if stay.joined_on is not None:
        vaults.resume_share(queries.roster_of(group), stay.person_uid)
    trail.record("departure-undone", "group", group.uid, person_uid=stay.person_uid)


def stop_waiting(stay: Membership, *, on: date) -> None:
    """Take someone off a waiting list."""
    rules.end(stay, "withdrawn", on=on)
    stay.offered_until = None
    trail.record("member-left", "group", stay.group_uid, person_uid=stay.person_uid)


def count_as_completed(group: Group, stay: Membership, *, yes: bool, on: date) -> None:
    """A facilitator says that a stay counts as completed whatever the share, or takes that back."""
    rules.count_as_completed(stay, group, yes=yes, on=on)
    action = "completion-said" if yes else "completion-unsaid"
    trail.record(action, "group", group.uid, person_uid=stay.person_uid)


def cancel(group: Group, *, today: date, at: datetime) -> None:
    """Give a group up: every stay ends, and no contact shows any more."""
    rules.cancel(group, at=at)
    open_stays = [stay for stay in queries.stays(group.uid) if stay.ended_as is None]
    for stay in open_stays:
        rules.end(stay, "left" if stay.joined_on else "withdrawn", on=today)
    end_shares(group, [stay.person_uid for stay in open_stays])
    trail.record("group-cancelled", "group", group.uid)


def reopen(group: Group) -> None:
    """Take back that a group ended: its stays go on, and contacts show again."""
    vault = queries.roster_of(group)
    for stay in rules.reopen(group, queries.stays(group.uid)):
        if stay.joined_on is not None:
            vaults.resume_share(vault, stay.person_uid)
    trail.record("group-reopened", "group", group.uid)


def end_shares(group: Group, person_uids: list[str]) -> None:
    """The group is over: names stay readable to its team for a while, contacts no longer show."""
    vault = queries.roster_of(group)
    for person_uid in person_uids:
        vaults.end_share(vault, person_uid)


def assign(viewer: Viewer, group: Group, user: User, *, part: str, at: datetime) -> None:
    """Assign someone to a group. A facilitator gets the roster at once.

    The first facilitator gets the notes too, since the vault is made for them;
    later ones when somebody who holds the notes gives them. Where nobody is left
    who does, what is written from now on opens for them. Raises RuleBroken.
    """
    if part == "facilitator":
        queries.refuse_without_roster(viewer, group)
    assigning.begin("group", group.uid, user, part, at=at)
    if part == "facilitator":
        vaults.give(viewer.keys, queries.roster_of(group), user)
        notes = vaults.find("notes", group.uid)
        if notes is None:
            vaults.make("notes", group.uid, [user])
        else:
            vaults.let_in(notes, user)
    trail.record("assigned", part, user.uid, vault_uid=queries.roster_of(group))


def unassign(group: Group, assignment: Assignment, *, at: datetime) -> None:
    """End an assignment; what no other part of theirs opens closes for them."""
    assigning.end(assignment, at=at)
    if group.reviewed and "supervisor" not in _parts(group):
        set_review(group, reviewed=False)
    trail.record("unassigned", assignment.part, assignment.user_uid)


def set_review(group: Group, *, reviewed: bool) -> None:
    """Say whether a supervisor reviews the notes; without one, those that wait go back."""
    rules.set_review(group, _parts(group), reviewed=reviewed)
    if not reviewed:
        for note in writing.give_back(group.uid):
            trail.record("note-returned", "note", note.uid)


def _parts(group: Group) -> set[str]:
    """The parts that somebody has in a group now."""
    return {assignment.part for assignment, _name in team(group.uid)}
