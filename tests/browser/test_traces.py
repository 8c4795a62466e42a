"""A phone that is searched holds nothing of what was read or typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Page, Playwright

from tests.browser.phone import ARGUMENTS, SMALL, Phone
from tests.browser.searching import found_in
from tests.browser.serving import Server
from tests.organisation import Organisation

pytestmark = pytest.mark.browser
STORED = """async () => [
  localStorage.length, sessionStorage.length, (await indexedDB.databases()).length,
  (await navigator.serviceWorker.getRegistrations()).length, (await caches.keys()).length,
  document.cookie.length,
]"""


class Markers:
    """Words that stand nowhere else, each typed into one field."""

    def __init__(self) -> None:
        self.typed: list[str] = []

    def into(self, page: Page, *names: str) -> None:
        """Type one into each field by name."""
        for name in names:
            self.typed.append(f"zq{len(self.typed):03}{name.replace('_', '')}vx")
            page.locator(f"main [name={name}]").first.fill(self.typed[-1])


@pytest.mark.parametrize("javascript", [True, False], ids=["js", "no-js"])
def test_nothing_read_or_typed_is_on_the_phone(
    app: Flask,
    server: Server,
    playwright: Playwright,
    chromium_path: str,
    organisation: Organisation,
    tmp_path: Path,
    javascript: bool,
) -> None:
    markers, a = Markers(), organisation.a
    context = playwright.chromium.launch_persistent_context(
        tmp_path,
        executable_path=chromium_path,
        args=ARGUMENTS,
        ignore_default_args=["--disable-back-forward-cache"],
        viewport=SMALL,
        java_script_enabled=javascript,
    )
    context.set_default_timeout(5_000)
    phone = Phone.opened(context, server.address)
    page = phone.page

    phone.open("/sign-in")
    markers.into(page, "username", "passphrase")
    phone.button("تسجيل الدخول").click()
    phone.says("لا يتوافقان", "#errors")
    phone.type_sign_in(organisation.staff["two_roles"])

    phone.open(f"/sessions/{a.meetings[7]}/note")
    markers.into(page, "happened", "to_follow_up", "next_time")
    phone.button("حفظ").click()
    phone.says("حُفِظ", "#note-state")
    phone.open(f"/sessions/{a.meetings[7]}/people/new")
    markers.into(page, "number", "hours")
    phone.button("حفظ").click()
    phone.says("اكتبوا اسمًا", "#errors")
    phone.open(f"/sessions/{a.meetings[7]}/follow-ups/{a.members[0].uid}")
    markers.into(page, "what")
    page.locator("[name=due_on]").fill("")
    phone.button("حفظ").click()
    phone.says("اكتبوا تاريخًا", "#errors")

    phone.open("/people")
    markers.into(page, "q")
    if not javascript:
        phone.button("بحث").click()
    phone.says("لم يُعثر على أحد.", "#found")
    phone.open("/people/new")
    markers.into(page, "number", "hours", "if_another_answers", "area", "remark")
    phone.button("حفظ").click()
    phone.says("اكتبوا اسمًا", "#errors")
    phone.open("/groups/new")
    markers.into(page, "name", "capacity")
    phone.button("التالي").click()
    phone.says("اكتبوا عددًا", "#errors")
    phone.open(f"/people/{organisation.candidate_b.uid}")
    phone.says(organisation.candidate_b.name)
    page.go_back()
    page.go_forward()
    if javascript:
        assert page.evaluate(STORED) == [0, 0, 0, 0, 0, 0]
    phone.open("/more?control=zqcontrolvx")
    context.close()

    assert found_in(tmp_path, ["zqcontrolvx"]), "The search is blind: even an address is not found."
    read = [organisation.candidate_b.name, organisation.candidate_b.number]
    assert not found_in(tmp_path, [*markers.typed, *read])
