"""What opens a file, and what stops one: a referral accepted, revoked, its consent taken back."""

from __future__ import annotations

from flask import Response, abort

from app.accounts.queries import working_names
from app.accounts.viewer import viewer
from app.audit import trail
from app.cases import referrals
from app.cases.views import bp
from app.clock import now, today
from app.people import contact
from app.people import queries as people
from app.policy import allow
from app.requests import referral_queries
from app.web.answers import back_to, changed, page


@bp.post("/letters/<uid>/answer/yes")
@allow("referrals.answer")
@back_to("notebook.today")
def accept(uid: str) -> Response:
    """The file that opens; or Today, where the referral was revoked meanwhile."""
    referral = referral_queries.received_or_404(viewer(), uid)
    case = referrals.accept(referral, at=now())
    return changed("cases.show", uid=case.uid, said="file-opened")


@bp.post("/letters/<uid>/recall")
@allow("referrals.keep")
@back_to("requests.referral")
def recall(uid: str) -> Response:
    """The referral, taken back; a file that it opened is closed."""
    found = referral_queries.of_desk_or_404(viewer(), uid)
    referrals.revoke(found.referral, at=now())
    return changed("requests.referral", uid=uid, said="letter-recall")


@bp.get("/people/<uid>/choices")
@allow("consents.keep")
def consents(uid: str) -> Response:
    """Everything a person agreed to, and a button to take each back."""
    person = people.get_or_404(viewer(), uid)
    found = referral_queries.consents_of(uid)
    trail.saw("person-opened", "person", uid, person_uid=uid)
    receivers = working_names({c.receiver_uid for c in found if c.receiver_uid})
    return page("cases/consents.html", person=person, consents=found, names=receivers)


@bp.post("/people/<uid>/choices/<consent_uid>/end")
@allow("consents.keep")
@back_to("cases.consents")
def withdraw(uid: str, consent_uid: str) -> Response:
    """The list again; what rested on it has stopped."""
    person = people.get_or_404(viewer(), uid, lock=True)
    consent = referral_queries.consent(consent_uid)
    if consent is None or consent.person_uid != uid:
        abort(404)
    on = today(person.site.zone)
    if consent.purpose == "contact":
        contact.stop(person, by=viewer().uid, on=on, at=now())
        return changed("cases.consents", uid=uid, said="contact-changed")
    referrals.withdraw(consent, on=on, at=now())
    return changed("cases.consents", uid=uid, said="choice-ended")
