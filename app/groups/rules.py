"""Dates of a cycle, places in a group, and the life of a stay. Pure: no request, query or clock."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _

from app.errors import RuleBroken
from app.groups.models import ACTIVE, OFFERED, WAITING, Group, Membership
from app.vault.envelope import place

A_DAY = timedelta(days=1)
A_WEEK = timedelta(days=7)
SESSIONS_IN_A_CYCLE = 15
DATES_AHEAD_WITHOUT_CYCLE = 8
OFFER_DAYS = 7


def proposed_dates(
    from_day: date, *, weekday: int, number: int, closed: Collection[date]
) -> list[date]:
    """`number` weekly dates on `weekday` (Monday is 0), the first on or after `from_day`.

    Closed days are skipped, not shortened: the cycle keeps its number.
    """
    day = from_day + timedelta(days=(weekday - from_day.weekday()) % 7)
    dates: list[date] = []
    while len(dates) < number:
        if day not in closed:
            dates.append(day)
        day += A_WEEK
    return dates


def starts_at(on: date, at: time, zone: str) -> datetime:
    """The moment in UTC at which a place's clock shows that day and hour."""
    return datetime.combine(on, at, ZoneInfo(zone)).astimezone(UTC)


def places_left(group: Group, stays: Iterable[Membership], *, at: datetime) -> int:
    """How many more may join or be offered a place; an offer that ran out takes none."""
    return group.capacity - sum(stay.takes_place(at) for stay in stays)


def waiting_line(stays: Iterable[Membership], *, at: datetime) -> list[Membership]:
    """Who waits, the longest first."""
    waiting = [stay for stay in stays if stay.state(at) == WAITING]
    return sorted(waiting, key=lambda stay: (stay.waiting_at or at, stay.uid))


def new_stay(
    group: Group, stays: Iterable[Membership], *, person_uid: str, at: datetime
) -> Membership:
    """Put someone on the group's waiting list. Refused if they already wait or are in it."""
    if not group.is_open:
        raise RuleBroken(_("This group has ended: nobody can join it any more."))
    if any(stay.person_uid == person_uid and stay.ended_as is None for stay in stays):
        raise RuleBroken(_("This person is already in the group or waiting for it."))
    return Membership(group_uid=group.uid, person_uid=person_uid, waiting_at=at)


def refuse_full(group: Group, stays: Iterable[Membership], *, at: datetime) -> None:
    """Raise RuleBroken where nobody new can join at once."""
    if places_left(group, stays, at=at) < 1:
        raise RuleBroken(
            _("Every place is taken. Whoever came today is counted as a guest; others can wait.")
        )


def join(
    stay: Membership, group: Group, stays: Iterable[Membership], *, on: date, at: datetime
) -> None:
    """Begin a stay on a day. Refused where every place is taken by others."""
    if not group.is_open:
        raise RuleBroken(_("This group has ended: nobody can join it any more."))
    if stay.ended_as is not None:
        raise RuleBroken(_("This stay has ended. Use “return” to begin a new one."))
    if stay.state(at) == ACTIVE:
        return
    others = [other for other in stays if other.uid != stay.uid]
    if places_left(group, others, at=at) < 1:
        raise RuleBroken(_("Every place is taken. The person stays on the waiting list."))
    # Who left and returns on the same day was there already: the new stay begins the day after.
    earlier = [o.ended_on for o in others if o.person_uid == stay.person_uid and o.ended_on]
    stay.joined_on = max([on, *(day + A_DAY for day in earlier)])
    stay.offered_until = None


def may_return(stays: Iterable[Membership], day: date) -> list[Membership]:
    """The last stay of each who was in the group and is not: neither now nor on that day."""
    stays = list(stays)
    inside = {stay.person_uid for stay in stays if stay.ended_as is None or stay.covers(day)}
    ended = [s for s in stays if s.joined_on and s.ended_on and s.person_uid not in inside]
    last = {s.person_uid: s for s in sorted(ended, key=lambda s: (s.ended_on or day, s.uid))}
    return list(last.values())


def join_from(
    stay: Membership, others: Iterable[Membership], *, on: date, first_mark: date | None
) -> None:
    """Let a stay begin on another day; its marks and the person's earlier stays are left alone."""
    if stay.joined_on is None:
        raise RuleBroken(_("This person has not joined yet."))
    if stay.ended_on is not None and on > stay.ended_on:
        raise RuleBroken(_("The last day lies before the first one."), "on")
    if first_mark is not None and on > first_mark:
        raise RuleBroken(_("Attendance is already recorded before that day."), "on")
    for other in others:
        is_earlier = other.joined_on is not None and other.joined_on <= stay.joined_on
        is_theirs = other.uid != stay.uid and other.person_uid == stay.person_uid
        if is_theirs and is_earlier and other.ended_on is not None and other.ended_on >= on:
            raise RuleBroken(_("That day belongs to an earlier stay of theirs."), "on")
    stay.joined_on = on


def offer(
    stay: Membership, group: Group, stays: Iterable[Membership], *, until: datetime, at: datetime
) -> None:
    """Hold a place for someone who waits, until a moment."""
    if stay.state(at) not in (WAITING, OFFERED):
        raise RuleBroken(_("This person is no longer waiting."))
    if until <= at:
        raise RuleBroken(_("The answer is due in the past. Choose a later day."), "until")
    others = [other for other in stays if other.uid != stay.uid]
    if places_left(group, others, at=at) < 1:
        raise RuleBroken(_("Every place is taken, so none can be offered."))
    stay.offered_at, stay.offered_until = at, until


def resize(group: Group, stays: Iterable[Membership], *, capacity: int, at: datetime) -> None:
    """Change the number of places; not below those that are taken."""
    taken = group.capacity - places_left(group, stays, at=at)
    if capacity < taken:
        raise RuleBroken(_("More places than that are taken."), "capacity")
    group.capacity = capacity


def leave(stay: Membership, *, on: date, today: date) -> None:
    """End a stay on a day; the marks it had stay with it."""
    if stay.ended_as is not None:
        raise RuleBroken(_("This stay has already ended."))
    if on > today:
        raise RuleBroken(
            _("The last day lies in the future. Write it down once it has come."), "on"
        )
    if stay.joined_on is None:
        stay.ended_as, stay.ended_on, stay.offered_until = "withdrawn", on, None
    else:
        if on < stay.joined_on:
            raise RuleBroken(_("The last day lies before the first one."), "on")
        stay.ended_as, stay.ended_on = "left", on


def end(stay: Membership, as_: str, *, on: date) -> None:
    """End a stay with its group; one that was to begin tomorrow covers that day alone."""
    stay.ended_as, stay.ended_on = as_, max(on, stay.joined_on or on)
    stay.ended_with_group = True


def stayed_to_the_end(stay: Membership, group: Group) -> bool:
    """Whether someone is in the group, or was until it was completed: present often enough or not."""
    if stay.joined_on is None or stay.ended_as == "withdrawn":
        return False
    if stay.ended_as != "left" or stay.ended_on is None:
        return True
    over = group.completed_at
    return over is not None and stay.ended_on >= over.astimezone(ZoneInfo(group.site.zone)).date()


def count_as_completed(stay: Membership, group: Group, *, yes: bool, on: date) -> None:
    """A facilitator says that a stay counts as completed whatever the share, or takes that back."""
    if not stayed_to_the_end(stay, group):
        raise RuleBroken(_("This stay ended before the group did."))
    if not yes and stay.counts_on is None:
        raise RuleBroken(_("There is nothing to undo."))
    stay.counts_on = on if yes else None
    if stay.ended_as is not None:
        stay.ended_as = "completed" if yes else "left"


def refuse_let_go(group: Group) -> None:
    """Raise RuleBroken once something of a group was let go: it stays as it is."""
    if group.let_go_at is not None:
        raise RuleBroken(
            _("This group was over long ago, and parts of it are gone: it stays as it is.")
        )


def undo_leave(
    stay: Membership, others: Iterable[Membership], group: Group, *, at: datetime
) -> None:
    """Take back a departure, while the person has no newer stay and their place is free."""
    others = list(others)
    refuse_let_go(group)
    if stay.ended_as not in ("left", "withdrawn"):
        raise RuleBroken(_("There is nothing to undo."))
    if any(other.person_uid == stay.person_uid and other.ended_as is None for other in others):
        raise RuleBroken(_("This person has returned meanwhile."))
    if stay.joined_on is not None and places_left(group, others, at=at) < 1:
        raise RuleBroken(_("Every place is taken meanwhile."))
    stay.ended_as = stay.ended_on = stay.reason = None


def set_review(group: Group, parts: Collection[str], *, reviewed: bool) -> None:
    """Whether a supervisor reviews the notes first; refused where there is none among the team's parts."""
    if reviewed and "supervisor" not in parts:
        raise RuleBroken(
            _("Nobody supervises this group yet. Assign a supervisor first."), "reviewed"
        )
    group.reviewed = reviewed


def open_enrolment(group: Group, *, at: datetime) -> None:
    """Let people be enrolled."""
    if group.state != "planned":
        raise RuleBroken(_("Enrolment is already open or over."))
    group.enrolling_at = at


def begin(group: Group, *, at: datetime) -> None:
    """The group meets: from now on it is active."""
    if not group.is_open:
        raise RuleBroken(_("This group has ended."))
    group.enrolling_at = group.enrolling_at or at
    group.active_at = group.active_at or at


def cancel(group: Group, *, at: datetime) -> None:
    """Give the group up before or during its cycle."""
    if not group.is_open:
        raise RuleBroken(_("This group has ended."))
    group.cancelled_at = at


def reopen(group: Group, stays: Iterable[Membership]) -> list[Membership]:
    """Take back that a group was completed or cancelled: the stays that ended with it go on."""
    if group.is_open:
        raise RuleBroken(_("There is nothing to undo."))
    refuse_let_go(group)
    group.completed_at = group.cancelled_at = None
    ended = {stay.person_uid: stay for stay in stays if stay.ended_with_group}
    for stay in ended.values():
        stay.ended_as, stay.ended_on, stay.ended_with_group = None, None, False
    return list(ended.values())


def reason_place(stay_uid: str) -> bytes:
    """Where the reason for leaving lives."""
    return place("memberships", "reason", stay_uid)
