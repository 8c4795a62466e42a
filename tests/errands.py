"""A form that can be posted: who posts it, from which page, to where, with what.

Addresses are written as templates over tests/organisation.py; the table of
them all stands in tests/errand_table.py.
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


OTHER = {
    "coordinator": "coordinator_b",
    "facilitator1": "facilitator3",
    "counsellor": "counsellor_b",
}


def of(who: str, endpoint: str, on: str, to: str = "", **more: object) -> Errand:
    """An errand with a record in its address, which a stranger does not reach."""
    return Errand(endpoint, who, on, to, stranger=OTHER[who], **more)  # type: ignore[arg-type]
