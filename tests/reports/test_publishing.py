"""Publishing: when it can be, what it tells, and that nothing changes it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from io import BytesIO
from zipfile import ZipFile

import pytest
from sqlalchemy import func, select, update

from app.audit.models import AuditRow
from app.extensions import db
from app.people.models import Person, Site
from app.reports.models import Report, ReportCell
from app.reports.periods import Span, can_be_published, named, needed, quarter_of
from tests.reports.conftest import OVER, agree, figures

DRAFT = "/reports/drafts/2026-q4"
FEW, NOT = "fewer than 10", "not shown"


def publish(me, address: str = DRAFT):
    """Press the button; the report."""
    return me.get(address).form("", button="Publish").press().follow()


def begun(app, on: datetime) -> None:
    """Let the organisation's first record be of that day."""
    with app.app_context():
        for person in db.session.scalars(select(Person)):
            person.added_at = on
        db.session.commit()
        db.session.remove()


def test_a_quarter_is_published_once_it_is_over(app, browser, clock, meeting) -> None:
    meeting(14, agreed=12)
    me = browser.as_("coordinator")
    assert me.get(DRAFT).status == 404
    assert me.post(DRAFT).follow().status == 422
    clock.at(OVER)
    me = browser.as_("coordinator")
    draft = me.get(DRAFT)
    assert figures(draft)["People reached"] == "12"
    page = publish(me)
    assert page.status == 200 and "The report is published." in page
    assert figures(page)["People reached"] == "12"
    assert me.get(DRAFT).status == 404
    again = me.post(DRAFT).follow()
    assert again.status == 422 and "cannot be published" in again
    with app.app_context():
        assert db.session.scalar(select(func.count(Report.uid)).where(Report.quarter == 4)) == 1
        acts = db.session.scalars(select(AuditRow.action)).all()
        assert acts.count("report-published") == 1
        db.session.remove()


def test_fewer_than_ten_are_not_told(browser, clock, meeting) -> None:
    meeting(9, agreed=9)
    clock.at(OVER)
    found = figures(publish(browser.as_("coordinator")))
    assert found["People reached"] == found["Support groups"] == found["Jerusalem"] == FEW
    assert found["Workshops"] == "0", "None took place, as everybody knows."
    assert found["Sessions of support groups"] == "9", "Six of one group, three of another."


def test_a_total_does_not_give_the_few_away(browser, clock, meeting) -> None:
    meeting(12, agreed=12)
    clock.at(OVER)
    found = figures(publish(browser.as_("coordinator")))
    assert found["People reached"] == "12"
    assert {
        found[row] for row in ("Support groups", "Individual support", "Requests for support")
    } == {NOT}
    assert found["Jerusalem"] == found["Ramallah"] == NOT


def test_what_is_published_stays_as_it_is(app, browser, clock, organisation, meeting) -> None:
    meeting(12, agreed=12)
    clock.at(OVER)
    me = browser.as_("coordinator")
    page = publish(me)
    before = page.root.first("main").words
    crowd = meeting(15, agreed=15)
    agree(app, crowd.stays)
    with app.app_context():
        db.session.get_one(Site, organisation.jerusalem).name_en = "Elsewhere"
        db.session.commit()
        db.session.remove()
    address = page.address.partition("?")[0]
    after = me.get(address).root.first("main").words
    assert before.removeprefix("The report is published.").strip() == after.strip()
    assert "Jerusalem" in after and "Elsewhere" not in after


def test_a_year_is_published_after_its_quarters_and_tells_them_as_they_were(
    app, browser, clock, organisation, meeting
) -> None:
    begun(app, datetime(2026, 10, 1, tzinfo=UTC))
    meeting(30, agreed=30)
    clock.at(OVER)
    me = browser.as_("coordinator")
    assert me.get("/reports/drafts/2026").status == 404
    publish(me)
    meeting(1, agreed=1)
    page = publish(me, "/reports/drafts/2026")
    rows = {
        row.all("th")[0].words: [c.words for c in row.all("td")]
        for row in page.root.all("tr")
        if row.all("td") and row.all("th")
    }
    assert rows["People reached"] == ["30", NOT], (
        "One more than the one quarter had: it does not fit."
    )
    assert rows["Sessions of support groups"] == ["9", "11"]
    heads = [head.words for head in page.root.first("thead").all("th")]
    assert heads == ["Quarter 4 of 2026", "The year 2026"]


def test_a_year_does_not_say_that_there_were_fewer_than_its_quarter_said(
    app, browser, clock, meeting
) -> None:
    begun(app, datetime(2026, 10, 1, tzinfo=UTC))
    meeting(3, agreed=3)
    clock.at(OVER)
    me = browser.as_("coordinator")
    publish(me)
    with app.app_context():
        db.session.execute(update(Report).where(Report.quarter == 4).values(threshold=14))
        db.session.commit()
        db.session.remove()
    page = publish(me, "/reports/drafts/2026")
    assert "fewer than 14" in page and "fewer than 10" not in page


def test_a_report_as_a_file(app, browser, organisation) -> None:
    address = f"/reports/{organisation.report}"
    me = browser.as_("administrator")
    table = me.get(f"{address}/csv").body.decode("utf-8-sig")
    assert "Individual support,fewer than 10" in table and "Support groups,not shown" in table
    file = me.get(f"{address}/xlsx")
    with ZipFile(BytesIO(file.body)) as book:
        texts = book.read("xl/sharedStrings.xml").decode()
        sheets = [book.read(f"xl/worksheets/sheet{n}.xml").decode() for n in (1, 2)]
    assert "أقلّ من 10" in texts and "fewer than 10" in texts and "لا يُعرض" in texts
    assert ["rightToLeft" in sheet for sheet in sheets] == [False, True]
    assert all("<v>44</v>" in sheet for sheet in sheets), "A number stays a number."
    with app.app_context():
        acts = db.session.scalars(select(AuditRow.action)).all()
        db.session.remove()
    assert acts.count("report-fetched") == 2


def test_what_is_not_told_has_no_length(browser, organisation) -> None:
    page = browser.as_("coordinator").get(f"/reports/{organisation.report}")
    picture = page.root.first("svg", role="img")
    assert len(picture.all("rect")) == 1, "One row of three is told."
    stumps = {node["d"].partition("h16")[2] for node in picture.all("path")}
    assert len(picture.all("path")) == 2 and len(stumps) == 1


def test_no_name_of_a_person_is_in_a_report(app) -> None:
    columns = set(ReportCell.__table__.columns.keys())
    assert columns == {
        "report_uid",
        "part",
        "row",
        "column",
        "position",
        "name",
        "name_en",
        "told",
        "number",
    }


@pytest.mark.parametrize(
    ("today", "first", "there", "expected"),
    [
        (date(2026, 11, 24), date(2026, 2, 1), [], ["2026-q3", "2026-q2", "2026-q1"]),
        (date(2026, 9, 30), date(2026, 7, 1), [], []),
        (date(2026, 10, 1), date(2026, 7, 1), [], ["2026-q3"]),
        (date(2027, 1, 1), date(2026, 7, 1), [Span(2026, 3)], ["2026-q4"]),
        (date(2027, 1, 1), date(2026, 7, 1), [Span(2026, 3), Span(2026, 4)], ["2026"]),
        (date(2027, 1, 1), None, [], []),
    ],
)
def test_what_can_be_published(today, first, there, expected) -> None:
    found = can_be_published(there, first_day=first, today=today)
    assert [span.name for span in found] == expected


def test_spans() -> None:
    assert named("2026-q3") == Span(2026, 3) and named("2026") == Span(2026)
    assert named("2026-q5") is None and named("1999") is None and named("") is None
    assert Span(2026, 4).period.last == date(2026, 12, 31) == Span(2026).period.last
    assert quarter_of(date(2026, 6, 30)) == Span(2026, 2)
    assert needed(Span(2026), date(2026, 8, 1)) == [Span(2026, 3), Span(2026, 4)]
