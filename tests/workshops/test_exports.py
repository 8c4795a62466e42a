"""The list as a file, for ten minutes and after the passphrase."""

from __future__ import annotations

import re
from io import BytesIO
from zipfile import ZipFile

import pytest

from tests.client import Browser, Page
from tests.workshops.acting import withdraw_contact


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_list_leaves_as_a_file_only_after_the_passphrase_and_only_for_ten_minutes(
    browser, organisation, clock, kind
) -> None:
    me = browser.as_("facilitator1")
    address = f"/workshops/{organisation.workshop.uid}/export"
    form = me.get(address).form(address)
    wrong = form.fill(as_=kind, passphrase="not mine").press().follow()
    assert wrong.status == 422
    passphrase = organisation.staff["facilitator1"].passphrase
    led = wrong.form(address).fill(as_=kind, passphrase=passphrase).press()
    ready = led.follow()
    assert ready.root.first("form", method="post", action=address) is None
    link = ready.link("Fetch the file")
    file = me.get(link)
    assert file.status == 200 and f'filename="list.{kind}"' in file.headers["Content-Disposition"]
    body = file.body
    if kind == "xlsx":
        with ZipFile(BytesIO(body)) as book:
            text = book.read("xl/sharedStrings.xml").decode()
            assert 'rightToLeft="1"' not in book.read("xl/worksheets/sheet1.xml").decode()
    else:
        text = body.decode("utf-8-sig")
    assert organisation.workshop.on_list["confirmed"].name in text
    assert file.headers["Content-Type"].count("charset") == (kind == "csv")
    for address in (led.location, link):
        assert browser.as_("coordinator").get(address).status == 404, "It is the asker's alone."
    other = link.replace(organisation.workshop.uid, organisation.workshop_b.uid)
    assert browser.as_("coordinator_b").get(other).status == 404
    clock.forward(minutes=9, seconds=50)
    assert me.get(link).status == 200
    clock.forward(seconds=20)
    assert me.get(link).status == me.get(led.location).status == 404


def test_an_arabic_list_is_written_from_right_to_left(app, organisation) -> None:
    from app.web.spreadsheets import spreadsheet

    with ZipFile(BytesIO(spreadsheet([["الاسم"], ["سلمى"]], right_to_left=True))) as book:
        assert 'rightToLeft="1"' in book.read("xl/worksheets/sheet1.xml").decode()


def test_no_cell_of_a_table_is_run_as_a_formula() -> None:
    from app.web.spreadsheets import table

    text = table([["=1+1", "+970 599-123", "@SUM", "-2", "سلمى"]]).decode("utf-8-sig")
    assert text.strip() == "'=1+1,+970 599-123,'@SUM,'-2,سلمى"


def exported(me: Browser, organisation, kind: str, who: str = "coordinator") -> Page:
    """What leaves, after the passphrase."""
    address = f"/workshops/{organisation.workshop.uid}/export"
    passphrase = organisation.staff[who].passphrase
    page = me.get(address).form(address).fill(as_=kind, passphrase=passphrase).press().follow()
    return page if kind == "sheet" else me.get(page.link("Fetch the file"))


@pytest.mark.parametrize("how", ["a wish", "a consent withdrawn"])
def test_who_is_not_to_be_contacted_leaves_without_a_number(
    app, browser, organisation, how
) -> None:
    person, me = organisation.workshop.on_list["confirmed"], browser.as_("coordinator")
    if how == "a wish":
        me.get(f"/people/{person.uid}/edit").form("/edit").fill(do_not_contact=True).press()
    else:
        withdraw_contact(app, person.uid)
    line = next(
        row
        for row in exported(me, organisation, "csv").body.decode("utf-8-sig").splitlines()
        if person.name in row
    )
    assert "Do not contact" in line and not re.search(r"\d{5}", line)


def test_a_sheet_with_names_asks_for_the_passphrase_and_one_with_codes_does_not(
    browser, organisation
) -> None:
    me, name = browser.as_("facilitator1"), organisation.workshop.on_list["confirmed"].name
    address = f"/workshops/{organisation.workshop.uid}/sheet"
    assert name not in me.get(address) and name not in me.get(f"{address}?names=yes")
    form = me.get(me.get(address).link("With names")).form("/export")
    assert form["as_"] == "sheet"
    sheet = exported(me, organisation, "sheet", "facilitator1")
    assert name in sheet and "Signature" in sheet
