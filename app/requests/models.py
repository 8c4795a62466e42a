"""A request for support, the attempts to reach who asked, and a referral."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.extensions import Model, Moment, Sealed, Uid, new_uid
from app.people.models import Site
from app.tables import one_of

CAME_FROM = ("self", "facilitator", "partner", "friend")
WANTS = ("therapy", "counselling", "support_group", "social", "information")
URGENCIES = ("urgent", "high", "routine")
ATTEMPTS = ("reached", "no_message", "left_message", "unreachable")
OPEN, PLACED, DECLINED, CLOSED = "open", "placed", "declined", "closed"
SERVICES = ("therapy", "counselling")
PROPOSED, AGREED, SENT, ACCEPTED, DONE, REVOKED = (
    *("proposed", "agreed", "sent", "accepted", "done", "revoked"),
)


class Request(Model):
    """Someone turned to the organisation; before any file exists."""

    __tablename__ = "requests"
    __table_args__ = (
        one_of("came_from", CAME_FROM),
        one_of("wants", WANTS),
        one_of("urgency", URGENCIES),
        one_of("ended_as", ("placed", "declined", "closed"), or_none=True),
        Index("ix_requests_site_uid", "site_uid"),
        Index("ix_requests_person_uid", "person_uid"),
    )

    uid: Mapped[str] = mapped_column(Uid, primary_key=True, default=new_uid)
    site_uid: Mapped[str] = mapped_column(ForeignKey("sites.uid"))
    person_uid: Mapped[str] = mapped_column(ForeignKey("people.uid"))
    came_from: Mapped[str] = mapped_column(String(12))
    wants: Mapped[str] = mapped_column(String(14))
    urgency: Mapped[str] = mapped_column(String(8))
    owner_uid: Mapped[str | None] = mapped_column(ForeignKey("users.uid"))
    next_contact_on: Mapped[date | None]
    remark: Mapped[bytes | None] = mapped_column(Sealed)
    """What was said; sealed to the desk."""
    sent_by: Mapped[str] = mapped_column(ForeignKey("users.uid"))
    opened_at: Mapped[datetime] = mapped_column(Moment)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_as: Mapped[str | None] = mapped_column(String(8))
    end_reason: Mapped[bytes | None] = mapped_column(Sealed)
    """Why it was declined; sealed to the desk."""
    stay_uid: Mapped[str | None] = mapped_column(ForeignKey("memberships.uid"))
    """The place on a waiting list that answered it."""
    site: Mapped[Site] = relationship(lazy="joined", innerjoin=True)

    @property
    def state(self) -> str:
        """open → placed / declined / closed."""
        return self.ended_as or OPEN


class ContactAttempt(Model):
    """Somebody tried to reach a person about their request."""

    __tablename__ = "contact_attempts"
    __table_args__ = (
        one_of("result", ATTEMPTS),
        Index("ix_contact_attempts_request_uid", "request_uid"),
    )

    uid: Mapped[str] = mapped_column(Uid, primary_key=True, default=new_uid)
    request_uid: Mapped[str] = mapped_column(ForeignKey("requests.uid"))
    result: Mapped[str] = mapped_column(String(12))
    made_by: Mapped[str] = mapped_column(ForeignKey("users.uid"))
    made_at: Mapped[datetime] = mapped_column(Moment)


class Referral(Model):
    """Handing a person to a counsellor or to a service outside, with their consent."""

    __tablename__ = "referrals"
    __table_args__ = (
        one_of("service", SERVICES),
        Index("ix_referrals_site_uid", "site_uid"),
        Index("ix_referrals_person_uid", "person_uid"),
        Index("ix_referrals_receiver_uid", "receiver_uid"),
    )

    uid: Mapped[str] = mapped_column(Uid, primary_key=True, default=new_uid)
    site_uid: Mapped[str] = mapped_column(ForeignKey("sites.uid"))
    person_uid: Mapped[str] = mapped_column(ForeignKey("people.uid"))
    request_uid: Mapped[str | None] = mapped_column(ForeignKey("requests.uid"))
    service: Mapped[str] = mapped_column(String(12))
    receiver_uid: Mapped[str | None] = mapped_column(ForeignKey("users.uid"))
    """The counsellor; empty for a service outside, and while nobody is chosen."""
    outside_name: Mapped[bytes | None] = mapped_column(Sealed)
    """The service outside; sealed to the desk. Nothing is shared with it here."""
    reason: Mapped[bytes | None] = mapped_column(Sealed)
    """Why; sealed to the desk."""
    reason_for_receiver: Mapped[bytes | None] = mapped_column(Sealed)
    """Why, as the receiver reads it; sealed to the case."""
    proposed_by: Mapped[str] = mapped_column(ForeignKey("users.uid"))
    proposed_at: Mapped[datetime] = mapped_column(Moment)
    consent_uid: Mapped[str | None] = mapped_column(ForeignKey("consents.uid"))
    """The person's agreement to be referred to this very receiver."""
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    accepted_at: Mapped[datetime | None] = mapped_column(Moment)
    declined_at: Mapped[datetime | None] = mapped_column(Moment)
    decline_reason: Mapped[bytes | None] = mapped_column(Sealed)
    """Why the receiver said no; sealed to the desk."""
    done_at: Mapped[datetime | None] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)
    site: Mapped[Site] = relationship(lazy="joined", innerjoin=True)

    @property
    def state(self) -> str:
        """proposed → agreed → sent → accepted → done; or declined, or revoked."""
        if self.revoked_at:
            return REVOKED
        if self.declined_at:
            return DECLINED
        if self.done_at:
            return DONE
        if self.accepted_at:
            return ACCEPTED
        if self.sent_at:
            return SENT
        return AGREED if self.consent_uid else PROPOSED

    @property
    def waits_since(self) -> datetime | None:
        """Since when it waits: to be sent, or then for an answer."""
        return {PROPOSED: self.proposed_at, AGREED: self.proposed_at, SENT: self.sent_at}.get(
            self.state
        )

    @property
    def is_outside(self) -> bool:
        return self.outside_name is not None
