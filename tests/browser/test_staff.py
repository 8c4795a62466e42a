"""Someone joins, is given what they may read, and a note goes to its reviewer and back."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Phones
from tests.browser.phone import Phone
from tests.organisation import Organisation

pytestmark = pytest.mark.browser
NEWCOMER = "غيمة"


@pytest.mark.parametrize("javascript", [True, False], ids=["js", "no-js"])
def test_from_the_invitation_to_the_reviewed_note(
    phones: Phones, organisation: Organisation, javascript: bool
) -> None:
    group = organisation.a
    newcomer = join(phones, javascript)
    assign(
        phones("coordinator", javascript=javascript),
        group.uid,
        organisation.staff["coordinator"].passphrase,
    )

    newcomer.open(f"/notes/{group.note}").says("يُفتح نصّها بعد منحكم الاطّلاع")
    giver = phones("facilitator1", javascript=javascript)
    giver.page.get_by_role("link", name="بانتظاركم").click()
    giver.page.locator("main .list a").filter(has_text=NEWCOMER).click()
    words = giver.page.locator("main .card b").inner_text()
    newcomer.open("/more").says(words)
    giver.page.locator("[name=passphrase]").fill(organisation.staff["facilitator1"].passphrase)
    giver.button("الكلمات متطابقة: منح الاطّلاع").click()
    giver.says("الاطّلاع ممكن من الآن.")
    newcomer.open(f"/notes/{group.note}").says("تحدّثنا عن البدايات")

    review(phones, organisation, javascript)


def join(phones: Phones, javascript: bool) -> Phone:
    """An administrator invites; the newcomer opens the link on another phone."""
    administrator = phones("administrator", javascript=javascript, path="/staff/new")
    administrator.page.locator("[name=name]").fill(NEWCOMER)
    administrator.page.locator("[name=facilitator]").check()
    administrator.button("إنشاء الرابط").click()
    link = administrator.page.locator("main p.card").inner_text().strip()
    newcomer = phones("", javascript=javascript, path="/join/" + link.rpartition("/join/")[2])
    newcomer.says(f"أهلًا، {NEWCOMER}")
    proposed = newcomer.page.locator("main .note b").inner_text()
    newcomer.page.locator("[name=passphrase]").fill(proposed)
    newcomer.button("انضمام").click()
    newcomer.says("رمز الاسترجاع")
    newcomer.link("حُفِظ الرمز: الانتقال إلى دفتر").click()
    newcomer.at("/")
    return newcomer


def assign(coordinator: Phone, group_uid: str, passphrase: str) -> None:
    """The coordinator assigns the newcomer, and lets a supervisor review the notes."""
    coordinator.open(f"/groups/{group_uid}/team")
    coordinator.page.locator("[name=user]").select_option(label=NEWCOMER)
    coordinator.button("تعيين").click()
    coordinator.page.locator("[name=passphrase]").fill(passphrase)
    coordinator.button("الكلمات متطابقة: تعيين").click()
    coordinator.says("تمّ التعيين.")
    coordinator.open(f"/groups/{group_uid}/edit")
    coordinator.page.locator("[name=reviewed]").check()
    coordinator.button("حفظ").click()
    coordinator.says("حُفِظ.")


def review(phones: Phones, organisation: Organisation, javascript: bool) -> None:
    """The author sends a note, the supervisor returns it, the author sends it again, it is signed."""
    meeting = organisation.a.meetings[5]
    author = phones("facilitator1", javascript=javascript, path=f"/sessions/{meeting}/note")
    author.page.locator("[name=happened]").fill("لقاء هادئ")
    author.button("إرسال للمراجعة").click()
    author.says("الملاحظة بانتظار المراجعة.")
    supervisor = phones("supervisor", javascript=javascript)
    supervisor.page.locator("main a[href^='/notes/']").first.click()
    supervisor.says("لقاء هادئ")
    supervisor.page.locator("[name=comment]").fill("أوضحوا ما المطلوب")
    supervisor.button("إعادة مع التعليق").click()
    supervisor.says("أُعيدت الملاحظة")
    author.open("/").page.locator("main .list a").filter(has_text="مع تعليق").click()
    author.says("أوضحوا ما المطلوب")
    author.page.locator("[name=to_follow_up]").fill("مكالمة هذا الأسبوع")
    author.button("إرسال للمراجعة").click()
    author.says("الملاحظة بانتظار المراجعة.")
    supervisor.open("/").page.locator("main a[href^='/notes/']").first.click()
    supervisor.button("اعتماد").click()
    supervisor.says("اعتُمدت الملاحظة.")
    author.open(f"/sessions/{meeting}")
    expect(author.page.locator("main")).to_contain_text("موقّعة")
