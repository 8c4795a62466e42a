"""What staff do to one another's access, each as a person presses it on the pages."""

from __future__ import annotations

from tests.client import Browser, Page


def assign(by: Browser, group_uid: str, who: str, part: str = "facilitator") -> Page:
    """A coordinator assigns a colleague to a group; a facilitator after comparing the check words."""
    form = by.get(f"/groups/{group_uid}/team").form(f"/groups/{group_uid}/team")
    page = form.fill(user=by.staff[who].uid, part=part).press()
    return entrust(page, by.staff[who].uid)


def entrust(page: Page, user_uid: str) -> Page:
    """Where check words are asked about: the words are the same, and one's own passphrase."""
    there = page.location.partition("?")[0]
    if not there.endswith(f"/team/{user_uid}"):
        return page
    return page.follow().form(there).fill(passphrase=passphrase_of(page.browser)).press()


def passphrase_of(by: Browser) -> str:
    """The passphrase of whoever is signed in there."""
    return by.staff[by.who].passphrase


def unassign(by: Browser, group_uid: str, who: str) -> Page:
    """A coordinator ends a colleague's assignment to a group."""
    name = who.replace("_", " ").capitalize()
    page = by.get(f"/groups/{group_uid}/team")
    items = [li for li in page.root.all("li") if li.first("bdi") and name in li.words]
    (action,) = [f["action"] for li in items for f in li.all("form")]
    return by.post(action)


def give(by: Browser, of_uid: str, who: str, passphrase: str) -> Page:
    """Someone who holds a desk or the notes gives them to a colleague who waits."""
    there = f"/access/{of_uid}/{by.staff[who].uid}"
    return by.get(there).form(there).fill(passphrase=passphrase).press()


def coordinate(by: Browser, who: str, site_uid: str) -> Page:
    """An administrator assigns a coordinator to a place."""
    page = by.get(f"/staff/{by.staff[who].uid}")
    return page.form("/places").fill(site=site_uid).press()


def end_place(by: Browser, who: str, place: str) -> Page:
    """An administrator ends a coordinator's assignment to the place of that English name."""
    page = by.get(f"/staff/{by.staff[who].uid}")
    items = [li for li in page.root.all("li") if place in li.words]
    (action,) = [f["action"] for li in items for f in li.all("form")]
    return by.post(action)


def set_roles(by: Browser, who: str, *roles: str) -> Page:
    """An administrator gives a colleague these roles and no others."""
    form = by.get(f"/staff/{by.staff[who].uid}").form("/roles")
    every = ("administrator", "coordinator", "facilitator", "counsellor", "supervisor")
    return form.fill(**{role: role in roles for role in every}).press()


def depart(by: Browser, who: str) -> Page:
    """An administrator ends a colleague's account."""
    return by.get(f"/staff/{by.staff[who].uid}").form("/end").press()
