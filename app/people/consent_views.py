"""What a person agreed to, and taking it back."""

from __future__ import annotations

from flask import Response, abort

from app.accounts.queries import working_names
from app.accounts.viewer import viewer
from app.audit import trail
from app.clock import now, today
from app.people import contact, queries
from app.people.views import bp
from app.policy import allow
from app.web.answers import back_to, changed, page


@bp.get("/people/<uid>/choices")
@allow("consents.keep")
def consents(uid: str) -> Response:
    """Everything a person agreed to, and a button to take each back."""
    person = queries.get_or_404(viewer(), uid)
    found = queries.all_consents(uid)
    trail.saw("person-opened", "person", uid, person_uid=uid)
    receivers = working_names({c.receiver_uid for c in found if c.receiver_uid})
    return page("people/consents.html", person=person, consents=found, names=receivers)


@bp.post("/people/<uid>/choices/<consent_uid>/end")
@allow("consents.keep")
@back_to("people.consents")
def withdraw(uid: str, consent_uid: str) -> Response:
    """The list again; what rested on it has stopped."""
    person = queries.get_or_404(viewer(), uid, lock=True)
    consent = queries.consent(consent_uid)
    if consent is None or consent.person_uid != uid:
        abort(404)
    on = today(person.site.zone)
    if consent.purpose == "contact":
        contact.stop(person, by=viewer().uid, on=on, at=now())
        return changed("people.consents", uid=uid, said="contact-changed")
    contact.withdraw(consent, on=on, at=now())
    return changed("people.consents", uid=uid, said="choice-ended")
