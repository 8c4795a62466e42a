"""How the tests write notes: as a browser that presses a button, or as a page that saves by itself."""

from __future__ import annotations

from tests.client import Browser, FormOnPage, Page
from tests.organisation import Organisation

KINDS = ("note", "reflection")


def open_note(
    me: Browser, organisation: Organisation, number: int = 7, kind: str = "note"
) -> FormOnPage:
    """One's own note of a meeting of group A, to be written; the eighth date is tonight."""
    return me.get(f"/sessions/{organisation.a.meetings[number]}/{kind}").form(f"/{kind}")


def saved_by_itself(form: FormOnPage) -> Page:
    """What htmx does a moment after somebody stopped typing; the next save knows its answer."""
    page = form.page.browser.post(form.node["action"], dict(form.values), htmx="note-state")
    version = page.root.first("input", name="version")
    assert version is not None
    form.values = [pair for pair in form.values if pair[0] != "version"]
    form.values.append(("version", version["value"]))
    return page


def saved(form: FormOnPage, *, htmx: bool) -> Page:
    """The page after a save, however it was made."""
    if htmx:
        return saved_by_itself(form)
    page = form.press("Save")
    assert page.status == 303
    return page.follow()


def sign(form: FormOnPage) -> Page:
    """The page after *Sign and close*."""
    return form.press("Sign and close").follow()
