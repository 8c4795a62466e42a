"""The list as a file, for ten minutes and after the passphrase."""

from __future__ import annotations

import re
from io import BytesIO
from zipfile import ZipFile

import pytest


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
    file = me.get(led.location)
    assert file.status == 200 and f'filename="list.{kind}"' in file.headers["Content-Disposition"]
    body = file.body
    if kind == "xlsx":
        with ZipFile(BytesIO(body)) as book:
            text = book.read("xl/sharedStrings.xml").decode()
            assert 'rightToLeft="1"' not in book.read("xl/worksheets/sheet1.xml").decode()
    else:
        text = body.decode("utf-8-sig")
    assert organisation.workshop.on_list["confirmed"].name in text
    assert browser.as_("coordinator").get(led.location).status == 404, "It is the asker's alone."
    clock.forward(minutes=9, seconds=50)
    assert me.get(led.location).status == 200
    clock.forward(seconds=20)
    assert me.get(led.location).status == 404


def test_an_arabic_list_is_written_from_right_to_left(app, organisation) -> None:
    from app.workshops.files import spreadsheet

    with ZipFile(BytesIO(spreadsheet([["الاسم"], ["سلمى"]], right_to_left=True))) as book:
        assert 'rightToLeft="1"' in book.read("xl/worksheets/sheet1.xml").decode()


def test_no_cell_of_a_table_is_run_as_a_formula() -> None:
    from app.workshops.files import table

    text = table([["=1+1", "+970 599-123", "@SUM", "-2", "سلمى"]]).decode("utf-8-sig")
    assert text.strip() == "'=1+1,+970 599-123,'@SUM,'-2,سلمى"


def test_who_asked_not_to_be_contacted_leaves_without_a_number(browser, organisation) -> None:
    person, me = organisation.workshop.on_list["confirmed"], browser.as_("coordinator")
    me.get(f"/people/{person.uid}/edit").form("/edit").fill(do_not_contact=True).press()
    address = f"/workshops/{organisation.workshop.uid}/export"
    passphrase = organisation.staff["coordinator"].passphrase
    led = me.get(address).form(address).fill(as_="csv", passphrase=passphrase).press()
    line = next(
        row
        for row in me.get(led.location).body.decode("utf-8-sig").splitlines()
        if person.name in row
    )
    assert "Do not contact" in line and not re.search(r"\d{5}", line)
