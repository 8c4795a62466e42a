"""Making one person of two cards."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _
from sqlalchemy import bindparam, delete, select
from sqlalchemy.exc import IntegrityError

from app.accounts.viewer import Viewer
from app.audit import trail
from app.errors import RuleBroken, Stale
from app.extensions import db
from app.people import cards
from app.people import queries as people
from app.people.models import Consent, Person
from app.people.queries import OpenPerson
from app.people.rules import Card
from app.vault import vaults
from app.vault.models import Share
from app.workshops import duplicates, queries, rules, signing_up
from app.workshops.models import CANCELLED, SignUp

LISTS = select(SignUp.workshop_uid).where(SignUp.person_uid == bindparam("uid"))
SHARES = select(Share).where(Share.person_uid == bindparam("uid"))
VAULTS = select(Share.vault_uid).where(Share.person_uid == bindparam("uid"))
CONSENTS = select(Consent).where(Consent.person_uid.in_(bindparam("uids", expanding=True)))
# Fetched, so that the session lets go of them: it cannot compare them with a parameter by itself.
END_SHARES, END_CONSENTS, END = (
    delete(of).where(uid == bindparam("uid")).execution_options(synchronize_session="fetch")
    for of, uid in ((Share, Share.person_uid), (Consent, Consent.person_uid), (Person, Person.uid))
)


def both_locked(viewer: Viewer, kept_uid: str, gone_uid: str) -> tuple[OpenPerson, OpenPerson]:
    """The two whose cards are to be one, locked from above, as where somebody is erased: lists, then people.

    People are locked in one order, whichever of them goes. Raises Stale where
    one was put on a list meanwhile.
    """
    both = sorted((kept_uid, gone_uid))
    for uid in both:
        people.get_or_404(viewer, uid)  # nobody waits for what they do not reach
    lists = set(db.session.scalars(LISTS, {"uid": gone_uid}))
    queries.locked(sorted(lists))
    opened = {uid: people.get_or_404(viewer, uid, lock=True) for uid in both}
    if not set(db.session.scalars(LISTS, {"uid": gone_uid})) <= lists:
        raise Stale(_("Somebody changed this meanwhile. Look at it again."))
    return opened[kept_uid], opened[gone_uid]


def merge(
    viewer: Viewer, kept: OpenPerson, gone: OpenPerson, *, take_contact: bool, at: datetime
) -> None:
    """Make one person of two: the sign-ups go on under `kept`, the card and key of `gone` are deleted.

    Whoever could open the one opens the other; with `take_contact` an empty
    contact is filled in. Raises RuleBroken where more than sign-ups hangs on
    `gone`, or where they are on a list beyond the viewer's places.
    """
    workshop_uids = sorted(set(db.session.scalars(LISTS, {"uid": gone.uid})))
    within_reach = {workshop.uid for workshop in queries.workshops(viewer)}
    if not set(workshop_uids) <= within_reach:
        raise RuleBroken(_("This person is also on a list of a place that you do not coordinate."))
    for uid in workshop_uids:
        _merge_in(signing_up.begin(viewer, uid, at=at), kept.uid, gone.uid, at=at)
    _share_as_widely(viewer, kept, gone)
    card = _filled(kept.card, gone.card, take_contact=take_contact)
    cards.change(kept, card, version=kept.version, at=at)
    if db.session.get_one(Person, gone.uid).came_by is None:
        db.session.get_one(Person, kept.uid).came_by = None
    _keep_what_was_withdrawn(kept.uid, gone.uid, on=at.astimezone(ZoneInfo(kept.site.zone)).date())
    db.session.execute(END_SHARES, {"uid": gone.uid})
    duplicates.forget(gone.uid)
    try:
        with db.session.begin_nested():
            db.session.execute(END_CONSENTS, {"uid": gone.uid})
            db.session.execute(END, {"uid": gone.uid})
    except IntegrityError:  # a group, a request, a referral, a file or what comes next names them
        raise RuleBroken(
            _("More than sign-ups hangs on this person. Merge the other one into them.")
        ) from None
    for uid in (kept.uid, gone.uid):
        trail.record("people-merged", "person", uid, person_uid=uid)


def _merge_in(
    waiting: signing_up.WaitingList, kept_uid: str, gone_uid: str, *, at: datetime
) -> None:
    """One list: where both are on it, the sign-up that is further along goes on.

    A code word opens the very sign-up that was made with it, while it goes on,
    and never another one: whoever made it need not be the person on the list.
    """
    still = {s.person_uid: s for s in waiting.sign_ups if s.ended_as is None}
    first, second = still.get(kept_uid), still.get(gone_uid)
    if first and second:
        _goes_on, ends = rules.same_person(first, second, at=at)
        ends.ended_as, ends.ended_at, ends.came_as = CANCELLED, at, None
        db.session.flush()
    for sign_up in waiting.sign_ups:
        if sign_up.person_uid == gone_uid:
            sign_up.person_uid, sign_up.source = kept_uid, "staff"
        if sign_up.person_uid == kept_uid and sign_up.ended_as:
            sign_up.code_digest = None
    db.session.flush()
    waiting.settle(at=at)


def _share_as_widely(viewer: Viewer, kept: OpenPerson, gone: OpenPerson) -> None:
    """Share the kept person's key wherever the other's was; public keys are enough for that.

    A share that has ended stays ended, unless the other one goes on.
    """
    has = set(db.session.scalars(VAULTS, {"uid": kept.uid}))
    for share in db.session.scalars(SHARES, {"uid": gone.uid}).all():
        if share.vault_uid not in has:
            vaults.share(share.vault_uid, kept.uid, kept.key, viewer.keys)
            if share.ended_at:
                vaults.end_share(share.vault_uid, kept.uid)
        elif share.ended_at is None:
            vaults.resume_share(share.vault_uid, kept.uid)


def _filled(card: Card, other: Card, *, take_contact: bool) -> Card:
    """The card, with the other's contact if it is to be taken over; no wish not to be contacted is lost."""
    card = replace(card, do_not_contact=card.do_not_contact or other.do_not_contact)
    if card.has_contact or not take_contact:
        return card
    return replace(
        card,
        channel=other.channel,
        number=other.number,
        hours=other.hours,
        if_another_answers=other.if_another_answers,
        may_leave_message=other.may_leave_message,
    )


def _keep_what_was_withdrawn(kept_uid: str, gone_uid: str, *, on: date) -> None:
    """What was withdrawn on either card is withdrawn; what the one that goes agreed to is not taken over."""
    rows = db.session.scalars(CONSENTS, {"uids": (kept_uid, gone_uid)}).all()
    agreed_again = {
        row.purpose for row in rows if row.person_uid == gone_uid and row.withdrawn_on is None
    }
    for row in rows:
        if row.person_uid != gone_uid or row.withdrawn_on is None or row.purpose in agreed_again:
            continue
        row.person_uid = kept_uid
        for other in rows:
            is_open = other.person_uid == kept_uid and other.withdrawn_on is None
            if is_open and other.purpose == row.purpose and other.given_on <= row.withdrawn_on:
                other.withdrawn_on = on
    db.session.flush()
