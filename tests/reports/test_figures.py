"""Figures for one's own use: what they count, at which places, of which days."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZipFile

import pytest
from sqlalchemy import select, update

from app.audit.models import AuditRow
from app.extensions import db
from app.groups.models import Membership
from app.people.models import Consent
from app.reports.chapters import CHAPTERS
from app.requests.models import Request
from app.sessions.models import Attendance, GroupSession
from tests.reports.conftest import QUARTER, agree, figures
from tests.test_queries_per_page import AUDIT, BEGIN, listening


def shown(browser, chapter: str, who: str = "coordinator", asked: str = QUARTER) -> dict[str, str]:
    """A chapter's figures as somebody reads them."""
    page = browser.as_(who).get(f"/reports/figures/{chapter}?{asked}")
    assert page.status == 200
    return figures(page)


def test_people_are_counted_who_agreed_and_nobody_else(app, browser, organisation, meeting) -> None:
    assert shown(browser, "people")["People reached"] == "0"
    meeting(8, agreed=5)
    found = shown(browser, "people")
    assert (found["People reached"], found["Support groups"], found["new"]) == ("5", "5", "5")
    with app.app_context():
        one = db.session.scalars(select(Consent).where(Consent.purpose == "reports")).first()
        one.withdrawn_on = one.given_on
        db.session.commit()
        db.session.remove()
    assert shown(browser, "people")["People reached"] == "4"


def test_who_came_for_two_things_is_one_person(app, browser, organisation, meeting) -> None:
    crowd = meeting(3, agreed=3)
    with app.app_context():
        person = db.session.get_one(Membership, crowd.stays[0]).person_uid
        request = db.session.get_one(Request, organisation.aid.request)
        request.person_uid = person
        db.session.commit()
        db.session.remove()
    found = shown(browser, "people")
    assert (found["People reached"], found["Support groups"], found["Requests for support"]) == (
        "3",
        "3",
        "1",
    )


def test_who_came_before_returns(browser, meeting) -> None:
    meeting(4, agreed=4)
    found = shown(browser, "people", asked="first=2026-11-20&last=2026-11-30")
    assert (found["new"], found["returning"]) == ("0", "4")
    found = shown(browser, "people", asked="first=2026-11-01&last=2026-11-12")
    assert (found["new"], found["returning"]) == ("4", "0")


def test_nobody_was_reached_by_being_absent(app, browser, meeting) -> None:
    crowd = meeting(4, agreed=4)
    with app.app_context():
        db.session.execute(
            update(Attendance)
            .where(Attendance.membership_uid == crowd.stays[0])
            .values(mark="absent")
        )
        db.session.commit()
        db.session.remove()
    assert shown(browser, "people")["People reached"] == "3"


def test_one_counts_at_ones_own_places(browser, organisation, meeting) -> None:
    meeting(4, agreed=4)
    assert shown(browser, "people", "coordinator_b")["People reached"] == "0"
    other = f"{QUARTER}&place={organisation.jerusalem}"
    assert shown(browser, "people", "coordinator_b", other)["People reached"] == "0"
    here = f"{QUARTER}&place={organisation.ramallah}"
    assert shown(browser, "groups", "coordinator_b", here)["Discussion groups"] == "1"
    assert shown(browser, "groups", "coordinator_b", here)["Support groups"] == "0"


def test_sessions_are_counted_by_what_became_of_them(app, browser, organisation) -> None:
    found = shown(browser, "groups")
    with app.app_context():
        meetings = [db.session.get_one(GroupSession, uid) for uid in organisation.a.meetings]
        states = [m.state for m in meetings if m.on.year == 2026]
        db.session.remove()
    assert found["held"] == str(states.count("held")) == "6"
    assert found["did not happen"] == "1"
    assert found["Sessions"] == str(len(states))
    assert (
        sum(
            int(found[why])
            for why in (
                "No permit, or the road was closed",
                "Illness",
                "Too few people",
                "Another reason",
            )
        )
        == 1
    )


def test_attendance_is_a_curve_over_the_cycle(app, browser, organisation) -> None:
    """Of the first session all came but one; of the third one was excused, whom nobody counts."""
    page = browser.as_("coordinator").get(f"/reports/figures/groups?{QUARTER}")
    found = figures(page)
    with app.app_context():
        counting = {"present": 0, "late": 0, "absent": 0, "excused": 0}
        for mark in db.session.scalars(
            select(Attendance.mark).where(Attendance.session_uid == organisation.a.meetings[0])
        ):
            counting[mark] += 1
        db.session.remove()
    came = counting["present"] + counting["late"]
    rate = (200 * came + (came + counting["absent"])) // (2 * (came + counting["absent"]))
    assert found["1"].startswith(f"{rate}%")
    pictures = page.root.all("svg", role="img")
    assert "Attendance over the cycle" in {picture["aria-label"] for picture in pictures}
    assert found["15"] == "–"


def test_marks_that_were_let_go_are_still_in_the_curve(app, browser, organisation) -> None:
    before = shown(browser, "groups")
    with app.app_context():
        from app.sessions.keeping import COUNTED, FORGET_MARKS

        for statement in (*COUNTED, FORGET_MARKS):
            db.session.execute(statement, {"group_uid": organisation.a.uid})
        db.session.commit()
        db.session.remove()
    assert shown(browser, "groups") == before


def test_fees_and_appointments(browser) -> None:
    found = shown(browser, "appointments")
    assert int(found["attended"]) >= 1 and found["Fees agreed"].endswith("₪")


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_says_that_it_is_internal_and_what_it_counts(browser, chapter) -> None:
    page = browser.as_("coordinator").get(f"/reports/figures/{chapter}?{QUARTER}")
    assert "not to be passed on" in page
    assert len(page.root.all("details")) == len(page.root.all("h2")) + 1


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_takes_eight_statements_however_much_there_is(
    app, browser, meeting, chapter
) -> None:
    me, numbers = browser.as_("coordinator"), []
    for members in (3, 30):
        meeting(members, agreed=members)
        me.get(f"/reports/figures/{chapter}")
        with listening(app) as asked:
            assert me.get(f"/reports/figures/{chapter}").status == 200
        numbers.append(len(asked.without(AUDIT, BEGIN)))
    assert numbers[0] == numbers[1] <= 8


@pytest.mark.parametrize(
    "asked", ["first=2026-12-31&last=2026-10-01", "first=soon&last=2026-10-01", "first=&last="]
)
def test_a_period_that_is_none_is_said_so(browser, asked) -> None:
    page = browser.as_("coordinator").get(f"/reports/figures/groups?{asked}")
    assert page.status == 422 and page.root.first(aria_invalid="true") is not None
    assert browser.as_("coordinator").get(f"/reports/figures/groups/csv?{asked}").status == 404


def test_a_period_is_read_in_any_digits(browser) -> None:
    assert shown(browser, "groups", asked="first=٢٠٢٦-١٠-٠١&last=31/12/2026")["held"] == "6"


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_figures_as_a_file_say_in_it_that_they_are_internal(app, browser, kind) -> None:
    file = browser.as_("coordinator").get(f"/reports/figures/groups/{kind}?{QUARTER}")
    assert f'filename="figures.{kind}"' in file.headers["Content-Disposition"]
    if kind == "csv":
        assert file.body.decode("utf-8-sig").startswith("For your own use: not to be passed on.")
    else:
        with ZipFile(BytesIO(file.body)) as book:
            texts = book.read("xl/sharedStrings.xml").decode()
            sheets = [book.read(f"xl/worksheets/sheet{n}.xml").decode() for n in (1, 2)]
        assert "not to be passed on" in texts and "للاستعمال الداخلي فقط" in texts
        assert ["rightToLeft" in sheet for sheet in sheets] == [False, True]
    with app.app_context():
        last = db.session.scalars(select(AuditRow.action).order_by(AuditRow.seq.desc())).first()
        db.session.remove()
    assert last == "figures-fetched"


def test_people_of_another_quarter_are_left_out(app, browser, meeting) -> None:
    crowd = meeting(2, agreed=0)
    agree(app, crowd.stays)
    assert (
        shown(browser, "people", asked="first=2026-07-01&last=2026-09-30")["People reached"] == "0"
    )
