"""Every form that can be posted: who posts it, from which page, to where, with what.

Addresses are written as templates over tests/organisation.py. A new route that
takes a POST needs a line here before tests/test_bad_input.py and
tests/test_seizure.py pass.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.client import Browser, FormOnPage, Page
from tests.document import Node
from tests.organisation import Organisation

TYPED = ("text", "search", "textarea", "password", "date", "time", "tel", "email")


@dataclass(frozen=True)
class Errand:
    """One form, and something that can rightly be typed into it."""

    endpoint: str
    who: str
    """Whose browser; empty: nobody is signed in."""
    on: str
    """The page the form stands on."""
    to: str = ""
    """Where it is sent; empty: to the page's own address."""
    typed: dict[str, str] = field(default_factory=dict)
    first: tuple[tuple[str, str, dict[str, str]], ...] = ()
    """What must be posted before, so that the form is there: (who, address, typed)."""
    stranger: str = ""
    """A colleague with the same role and another assignment, to whom it does not exist."""
    refused: bool = False
    """The organisation's rules say no to it, as the invented organisation stands."""

    def __str__(self) -> str:
        return f"{self.endpoint} {self.address}".replace("{", "<").replace("}", ">")

    @property
    def address(self) -> str:
        return self.to or self.on

    def placed(self, organisation: Organisation) -> Errand:
        """The same with the organisation's own ids in its addresses."""

        def filled(text: str) -> str:
            return text.format(**vars(organisation)) if "{" in text else text

        return Errand(
            self.endpoint,
            self.who,
            filled(self.on),
            filled(self.address),
            {filled(name): filled(value) for name, value in self.typed.items()},
            tuple((who, filled(address), typed) for who, address, typed in self.first),
            self.stranger,
            self.refused,
        )

    def visitor(self, browser: Browser) -> Browser:
        """The browser it is done in, after what must come first."""
        for who, address, typed in self.first:
            answer = browser.as_(who).post(address, typed)
            assert "kept=" not in answer.location, f"{address} was refused: {answer.follow().words}"
        return browser.as_(self.who) if self.who else browser

    def form(self, visitor: Browser) -> FormOnPage:
        """The form, on its page as it now is."""
        return form_to(visitor.get(self.on), self.address)


def form_to(page: Page, address: str) -> FormOnPage:
    """The form on a page that is sent to an address."""
    forms = [f for f in page.root.all("form") if f["action"].partition("?")[0] == address]
    assert forms, f"{page.address} ({page.status}) has no form to {address}: {page.words[:200]}"
    return FormOnPage(page, forms[0])


def controls(form: FormOnPage) -> dict[str, tuple[str, Node]]:
    """The fields of a form: name -> (kind, element)."""
    found = {}
    for node in form._controls():
        if node.has("name"):
            kind = node.get("type", "text") if node.tag == "input" else node.tag
            found.setdefault(node["name"], (kind, node))
    return found


def typed_fields(form: FormOnPage) -> dict[str, Node]:
    """The fields into which anything can be typed."""
    return {name: node for name, (kind, node) in controls(form).items() if kind in TYPED}


def values(form: FormOnPage, changes: dict[str, str]) -> dict[str, list[str]]:
    """What the form sends, with some fields changed, whatever can be chosen there."""
    sent: dict[str, list[str]] = {}
    for name, value in form.values:
        sent.setdefault(name, []).append(value)
    return sent | {name: [value] for name, value in changes.items()}


WHEN = ("coordinator", "/groups/{planned.uid}/when", {"weekday": "2", "at": "18:00"})
PLANNED = ((*WHEN[:2], WHEN[2] | {"first_on": "2026-12-02"}),)
MISSED = (("coordinator", "/sessions/{a.meetings[8]}/miss", {"reason": "illness"}),)
OTHER = {"coordinator": "coordinator_b", "facilitator1": "facilitator3"}


def _of(who: str, endpoint: str, on: str, to: str = "", **more: object) -> Errand:
    """An errand with a record in its address, which a stranger does not reach."""
    return Errand(endpoint, who, on, to, stranger=OTHER[who], **more)  # type: ignore[arg-type]


DESK, TEAM = "coordinator", "facilitator1"
GROUP_A, PLAN = "/groups/{a.uid}", "/groups/{planned.uid}"
TODAY_S, NEXT = "/sessions/{a.meetings[7]}", "/sessions/{a.meetings[8]}"
EXCUSED = "/sessions/{a.meetings[1]}/attendance/{a.members[5].stay}"
FOLLOWED = "/sessions/{a.meetings[7]}/follow-ups/{a.members[2].uid}"
WRONG = {"username": "nobody-here", "passphrase": "not the right one"}

ADMIN, STRONG = "administrator", "olive lantern quiet harbor stone zebra"
STAFF, PLACE = "/staff/{staff", "/places/{ramallah}"
ROLES_OF = STAFF + "[facilitator3].uid}/roles"
PLACES_OF = STAFF + "[coordinator].uid}/places"
DEPARTURE_OF = STAFF + "[counsellor].uid}/departure"
CLOSED = ((ADMIN, PLACE + "/closed-days", {"closed_on": "2027-01-01"}),)

ERRANDS = (
    Errand("accounts.begin_sign_in", "", "/sign-in", typed=WRONG, refused=True),
    Errand("accounts.prefer", "facilitator1", "/more", "/preferences"),
    Errand("accounts.sign_out", "facilitator1", "/more", "/sign-out"),
    Errand("accounts.leave", "facilitator1", "/more", "/leave"),
    Errand("people.search", DESK, "/people", typed={"q": "سلمى"}),
    Errand("people.create", DESK, "/people/new", typed={"name": "نبيلة"}),
    _of(DESK, "people.update", "/people/{candidate.uid}/edit", typed={"name": "نبيلة"}),
    Errand("groups.create", DESK, "/groups/new", typed={"name": "الصنوبر"}),
    _of(DESK, "groups.set_when", PLAN + "/when", typed={"first_on": "2026-12-02"}),
    _of(DESK, "sessions.plan", PLAN + "/dates", first=PLANNED),
    _of(DESK, "groups.update", GROUP_A + "/edit", typed={"name": "الصنوبر"}),
    _of(DESK, "groups.cancel", PLAN, PLAN + "/cancellation"),
    _of(DESK, "sessions.complete", GROUP_A, GROUP_A + "/completion", refused=True),
    _of(DESK, "groups.find_candidates", GROUP_A + "/members/new", typed={"q": "مجد"}),
    _of(
        DESK, "groups.enrol", GROUP_A + "/members/new", GROUP_A + "/members/{candidate.uid}/member"
    ),
    _of(DESK, "groups.assign", PLAN + "/team"),
    _of(DESK, "groups.unassign", GROUP_A + "/team", GROUP_A + "/team/{a.assignment}/end"),
    _of(DESK, "groups.make_offer", "/stays/{a.waiting[0].stay}/offer"),
    _of(DESK, "groups.accept", GROUP_A, "/stays/{a.waiting[0].stay}/acceptance"),
    _of(DESK, "groups.depart", "/stays/{a.members[0].stay}/departure", typed={"reason": "سفر"}),
    _of(
        DESK,
        "groups.undo_departure",
        GROUP_A + "?said=departed&of={a.left[0].stay}",
        "/stays/{a.left[0].stay}/departure/undo",
    ),
    _of(DESK, "sessions.create", GROUP_A + "/dates/new", typed={"on": "2027-03-03"}),
    _of(DESK, "sessions.hold", TODAY_S, TODAY_S + "/holding"),
    _of(DESK, "sessions.miss", TODAY_S + "/miss"),
    _of(DESK, "sessions.undo_miss", NEXT, NEXT + "/miss/undo", first=MISSED),
    _of(DESK, "sessions.make_up", NEXT, NEXT + "/make-up", first=MISSED),
    _of(DESK, "sessions.move", NEXT + "/move", typed={"at": "19:30"}),
    _of(DESK, "sessions.count_guests", TODAY_S, TODAY_S + "/guests", typed={"guests": "3"}),
    _of(TEAM, "sessions.mark", TODAY_S + "/attendance", typed={"{a.members[0].stay}": "late"}),
    _of(TEAM, "sessions.explain", EXCUSED, typed={"reason": "سفر"}),
    _of(TEAM, "sessions.unmark", EXCUSED, EXCUSED + "/removal"),
    _of(TEAM, "sessions.add_newcomer", TODAY_S + "/people/new", typed={"name": "نبيلة"}),
    _of(TEAM, "sessions.keep_follow_up", FOLLOWED, typed={"what": "مكالمة"}),
    _of(TEAM, "sessions.end_follow_up", "/", "/follow-ups/{a.follow_up}/done"),
    _of(TEAM, "sessions.save", TODAY_S + "/note", typed={"happened": "لقاء هادئ"}),
    _of(TEAM, "sessions.save", TODAY_S + "/reflection", typed={"happened": "لنفسي"}),
    _of(TEAM, "sessions.add", "/notes/{a.note}", "/notes/{a.note}/additions", typed={"text": "و"}),
    _of(TEAM, "sessions.mark_in_error", "/notes/{a.note}", "/notes/{a.note}/error"),
    Errand(
        "accounts.change_passphrase",
        TEAM,
        "/passphrase",
        typed={"passphrase": "not the right one", "new": STRONG},
        refused=True,
    ),
    Errand("accounts.end_sign_ins", TEAM, "/sign-ins", "/sign-ins/end"),
    Errand(
        "accounts.recover",
        "",
        "/recover",
        typed={"username": "nobody-here", "code": "AAAA-BBBB", "passphrase": STRONG},
        refused=True,
    ),
    Errand("notebook.invite", ADMIN, "/staff/new", typed={"name": "سنديان", "supervisor": "y"}),
    Errand("notebook.set_roles", ADMIN, STAFF + "[facilitator3].uid}", ROLES_OF),
    Errand("notebook.assign_place", ADMIN, STAFF + "[coordinator].uid}", PLACES_OF),
    Errand("notebook.end_account", ADMIN, STAFF + "[counsellor].uid}", DEPARTURE_OF),
    Errand("people.create_place", ADMIN, "/places/new", typed={"name": "نابلس", "name_en": "N"}),
    Errand("people.change_place", ADMIN, PLACE, typed={"name": "رام الله"}),
    Errand("people.close", ADMIN, PLACE, PLACE + "/closed-days", {"closed_on": "2027-01-01"}),
    Errand("people.open_again", ADMIN, PLACE, PLACE + "/closed-days/removal", first=CLOSED),
)

# Forms that need more before them than an address can say: who types there stands in
# tests/seizure/staff.py, and what is wrong there in tests/accounts and tests/access.
ELSEWHERE = {
    "accounts.accept",
    "accounts.complete_sign_in",
    "accounts.end_sign_in",
    "accounts.set_second_factor",
    "accounts.unlock",
    "notebook.end_place",
    "notebook.give",
    "notebook.take_back",
    "sessions.review",
}
