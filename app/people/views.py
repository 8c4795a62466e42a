"""Finding, adding and changing people. A person's own page gathers from several features: notebook."""

from __future__ import annotations

from flask import Blueprint, Response

from app.accounts.viewer import viewer
from app.audit import trail
from app.clock import now, today
from app.people import cards, contact, queries, rules
from app.people.forms import PersonForm
from app.policy import allow
from app.web.answers import back_to, changed, page
from app.web.idempotency import idempotent

bp = Blueprint("people", __name__)


@bp.get("/people/new")
@allow("people.add")
def new() -> Response:
    """An empty card for a place whose desk one holds: only the name is required."""
    sites = queries.open_sites(viewer())
    form = PersonForm.shown(site=sites[0].uid if sites else "")
    return page("people/new.html", form=form.offering(site=queries.places_to_choose(sites)))


@bp.post("/people/new")
@allow("people.add")
@idempotent
@back_to("people.new")
def create() -> Response:
    """The new person's page."""
    form = PersonForm.checked(site=queries.places_to_choose(queries.sites(viewer())))
    site = queries.open_site(viewer(), form.site.data)
    card, agreed = form.card(), form.agreed()
    rules.newest_wish(card, agreed)
    uid, _key = cards.add(viewer(), card, site=site, at=now())
    cards.agree(uid, agreed, by=viewer().uid, on=today(site.zone))
    return changed("notebook.person", uid=uid, said="person-added")


@bp.get("/people/<uid>/edit")
@allow("people.edit")
def edit(uid: str) -> Response:
    """The card, to be changed."""
    person = queries.get_or_404(viewer(), uid)
    agreed = queries.consents(uid)
    form = PersonForm.shown(
        person.card,
        version=str(person.version),
        site=person.site.uid,
        agrees_contact="contact" in agreed,
        agrees_reports="reports" in agreed,
    )
    form.version.data = str(person.version)
    trail.saw("person-opened", "person", uid, person_uid=uid)
    return page("people/edit.html", form=form, person=person)


@bp.post("/people/<uid>/edit")
@allow("people.edit")
@idempotent
@back_to("people.edit")
def update(uid: str) -> Response:
    """The person's page with the changed card."""
    person = queries.get_or_404(viewer(), uid, lock=True)
    form = PersonForm.typed()
    del form.site
    form.check()
    card, agreed, on = form.card(), form.agreed(), today(person.site.zone)
    before = queries.consents(uid)
    stops = rules.newest_wish(card, agreed, before=person.card, agreed_before=before)
    version, by = int(form.version.data or 0), viewer().uid
    if stops:
        contact.stop(person, card=card, version=version, by=by, on=on, at=now())
    else:
        cards.change(person, card, version=version, at=now())
    cards.agree(uid, agreed, by=by, on=on)
    said = "contact-changed" if stops else "person-changed"
    return changed("notebook.person", uid=uid, said=said)
