"""How long things are kept, for administrators, who see numbers alone; and erasing a person, for their place."""

from __future__ import annotations

from flask import Response

from app.accounts import confirmation
from app.accounts.viewer import viewer
from app.audit import trail
from app.clock import ZONE, now
from app.notebook import erasing, letting_go
from app.notebook.forms import TermForm
from app.notebook.views import bp
from app.policy import allow
from app.upkeep import chores
from app.upkeep.models import LET_GO
from app.web.answers import back_to, changed, page


@bp.get("/terms")
@allow("terms.keep")
def terms() -> Response:
    """Each class of things: for how long, from when, what goes and remains, how many are due."""
    done = chores.all_chores().get(LET_GO)
    return page(
        "notebook/terms.html",
        standing=letting_go.standing(at=now()),
        last=done.good_at if done else None,
        zone=ZONE,
    )


@bp.get("/terms/<of>")
@allow("terms.keep")
def term(of: str) -> Response:
    """One of them, to change for how long."""
    kept = letting_go.class_or_404(of)
    (found,) = [one for one in letting_go.standing(at=now()) if one.kept is kept]
    return page("notebook/term.html", found=found, form=TermForm.shown(number=found.number))


@bp.post("/terms/<of>")
@allow("terms.keep")
@back_to("notebook.term")
def set_term(of: str) -> Response:
    """The list, with the term that counts from tonight on."""
    letting_go.set_term(letting_go.class_or_404(of), TermForm.checked().number.data or 0)
    return changed("notebook.terms", said="saved")


@bp.get("/people/<uid>/removal")
@allow("people.erase")
def removal(uid: str) -> Response:
    """What goes and what remains, before one's own passphrase is asked."""
    person = erasing.of_place_or_404(viewer(), uid)
    trail.saw("person-opened", "person", uid, person_uid=uid)
    return page(
        "notebook/removal.html",
        uid=uid,
        card=person.card,
        counts=erasing.counts(person),
        form=confirmation.shown(),
    )


@bp.post("/people/<uid>/removal")
@allow("people.erase")
@back_to("notebook.removal")
def remove(uid: str) -> Response:
    """The list of people, without them: nothing of theirs opens any more."""
    erasing.of_place_or_404(viewer(), uid)
    giver = confirmation.giver()
    erasing.erase(erasing.of_place_or_404(giver, uid), at=now())
    return changed("notebook.people", said="gone")
