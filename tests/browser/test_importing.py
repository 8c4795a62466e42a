"""Bringing in a spreadsheet in a real browser: behind a slow line, with the line cut, without JavaScript."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import expect

from app.people.models import Person
from tests.browser.conftest import Phones
from tests.browser.line import AFTER, BAD_GATEWAY, BEFORE, IN_THE_MIDDLE, Line
from tests.browser.phone import Phone
from tests.spreadsheets import separated
from tests.web.records import number_of

pytestmark = pytest.mark.browser
SENDING, LOST = "جارٍ الإرسال…", "لم يُرسَل: لا اتصال. ما كتبتموه ما زال هنا"
FORM, LOOK = "/imports/new/people", "إلى الصفوف"
ROWS = (
    ("الاسم", "الهاتف", "العمر"),
    ("زينب", "0525550291", "31"),
    ("باسل", "0525550292", "19"),
    ("", "0525550293", ""),
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A spreadsheet on the computer."""
    path = tmp_path / "people.csv"
    path.write_bytes(separated(ROWS, by=";", encoding="cp1256"))
    return path


def chosen(phone: Phone, file: Path) -> Phone:
    """The file is chosen in the form."""
    phone.page.locator("#file").set_input_files(file)
    return phone


def posts(line: Line) -> list[str]:
    return [each for each in line.asked if each.startswith("POST")]


def press(phone: Phone, *, times: int) -> str:
    """Press the main button of the page again and again; what the form says at once."""
    said: str = phone.page.evaluate(
        """(times) => {
          const button = document.querySelector("main form button.go");
          const form = button.form;
          for (let time = 0; time < times; time++) button.click();
          return form.innerText;
        }""",
        times,
    )
    return said


def test_behind_a_slow_line_it_says_that_it_is_sent_and_is_brought_in_once(
    app: Flask, phones: Phones, file: Path, line: Line
) -> None:
    before = number_of(app, Person)
    phone = chosen(phones("coordinator", through=line, path=FORM), file)
    line.begin()
    assert SENDING in press(phone, times=4)
    phone.says("زينب")
    phone.says("لا اسم هنا.")
    assert len(posts(line)) == 1
    assert SENDING in press(phone, times=4)
    phone.says("أُدخل صفّان")
    assert len(posts(line)) == 2
    assert number_of(app, Person) == before + 2


@pytest.mark.parametrize("fate", [BEFORE, AFTER, IN_THE_MIDDLE, BAD_GATEWAY])
def test_where_the_line_is_cut_the_file_is_still_chosen_and_is_brought_in_once(
    app: Flask, phones: Phones, file: Path, short_line: Line, fate: str
) -> None:
    before = number_of(app, Person)
    phone = chosen(phones("coordinator", through=short_line, path=FORM), file)
    for done in ("زينب", "أُدخل صفّان"):
        short_line.down(fate)
        press(phone, times=1)
        if fate != IN_THE_MIDDLE:  # the answer is a header alone: it has no middle
            phone.says(LOST)
            short_line.mend()
            press(phone, times=1)
        phone.says(done)
        short_line.mend()
    assert number_of(app, Person) == before + 2


def test_without_javascript_it_is_brought_in_and_taken_back(
    app: Flask, phones: Phones, file: Path
) -> None:
    before = number_of(app, Person)
    phone = chosen(phones("coordinator", javascript=False, path=FORM), file)
    phone.button(LOOK).click()
    phone.says("زينب")
    phone.page.get_by_role("link", name="تصحيح الأعمدة").click()
    phone.page.locator("[name=columns-2]").select_option("area")
    phone.button(LOOK).click()
    phone.says("المنطقة")
    phone.button("إدخال صفّين").click()
    phone.says("أُدخل صفّان")
    assert number_of(app, Person) == before + 2
    phone.button("تراجُع").click()
    phone.says("تمّ التراجع عن الإدخال")
    assert number_of(app, Person) == before


def test_a_refused_file_says_why_and_is_chosen_again(phones: Phones, tmp_path: Path) -> None:
    picture = tmp_path / "picture.csv"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8)
    phone = chosen(phones("coordinator", path=FORM), picture)
    phone.button(LOOK).click()
    phone.says("هذا ليس جدولًا يمكن قراءته")
    expect(phone.page.locator("#file")).to_have_attribute("aria-invalid", "true")
