"""Types markers where staff join, unlock, give access and review."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from app.clock import now, standing_at
from tests.client import Browser
from tests.organisation import Organisation


def everything(
    nobody: Callable[[], Browser], organisation: Organisation, marker: Callable[[], str]
) -> None:
    """Each form of joining, unlocking, the second factor, giving access and review."""
    _join(nobody, marker)
    _unlock(nobody, organisation, marker)
    _review(nobody, organisation, marker)
    _give(nobody, organisation, marker)
    _serve(nobody, organisation, marker)


def _serve(
    nobody: Callable[[], Browser], organisation: Organisation, marker: Callable[[], str]
) -> None:
    """A referral declined, a case note returned and signed, a code word tried."""
    aid, other, counsellor = organisation.aid, organisation.aid_b, nobody().as_("counsellor_b")
    supervisor = nobody().as_("supervisor")
    comment = {"return": "yes", "comment": marker()}
    supervisor.post(f"/appointments/notes/{aid.awaiting}/review", comment)
    counsellor.post(f"/letters/{other.sent}/answer/no", {"reason": marker()})
    counsellor.post(f"/files/{other.file}/closing", {"as_": "other", "note": marker()})
    public = nobody()
    public.post("/code", {"code": marker()}).follow()
    sign_up = organisation.workshop.on_list["public"].stay
    public.post(f"/code/{sign_up}/cancellation", {"code": marker()}).follow()
    public.post("/code", {"code": organisation.workshop.code}).follow()


def _join(nobody: Callable[[], Browser], marker: Callable[[], str]) -> None:
    form = nobody().as_("administrator").get("/staff/new").form("/staff/new")
    shown = form.fill(name="سنديان", facilitator=True).press().follow()
    found = re.search(r"/join/[\w-]+", shown.text)
    assert found, shown.words
    address = found[0]
    newcomer = nobody()
    newcomer.post(address, {"passphrase": marker()[:8]}).follow()
    joined = newcomer.post(address, {"passphrase": f"{marker()} {marker()} {marker()}"})
    assert joined.location.startswith("/shown/"), joined.location
    joined.follow()
    codes = newcomer.get("/second-factor").follow()
    of = codes.address.partition("?")[2]
    newcomer.post(f"/second-factor?{of}", {"code": marker()}).follow()


def _unlock(
    nobody: Callable[[], Browser], organisation: Organisation, marker: Callable[[], str]
) -> None:
    account, locked = organisation.staff["facilitator2"], nobody()
    typed = {"username": account.username, "passphrase": account.passphrase}
    nobody().post("/sign-in", typed | {"short_code": marker()}).follow()
    assert locked.post("/sign-in", typed | {"short_code": "738164"}).location == "/"
    with standing_at(now() + timedelta(minutes=30)):
        assert locked.get("/").location.startswith("/locked")
        locked.post("/locked", {"passphrase": marker()}).follow()
        locked.post("/locked/code", {"code": marker()}).follow()
        locked.post("/people/new", {"name": marker()}).follow()


def _review(
    nobody: Callable[[], Browser], organisation: Organisation, marker: Callable[[], str]
) -> None:
    group, meeting = organisation.a, organisation.a.meetings[5]
    sizes = {"name": "الصنوبر", "capacity": "60", "share_to_complete": "60", "reviewed": "y"}
    nobody().as_("coordinator").post(f"/groups/{group.uid}/edit", sizes)
    note = {"happened": marker(), "version": "0", "page": "p", "sign": "as-it-is"}
    sent = nobody().as_("facilitator2").post(f"/sessions/{meeting}/note", note)
    if sent.location.startswith("/notes/"):
        read = nobody().as_("supervisor").get(sent.location.partition("?")[0])
        read.browser.post(f"{read.address}/review", {"return": "yes", "comment": marker()})


def _give(
    nobody: Callable[[], Browser], organisation: Organisation, marker: Callable[[], str]
) -> None:
    giver = nobody().as_("supervisor")
    for a in giver.get("/access").root.all("a"):
        if a["href"].startswith("/access/"):
            giver.post(a["href"], {"passphrase": marker()}).follow()
