"""What is easily read otherwise than it was meant: a no, two columns of a day, two rows of one person, a full list."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from app import i18n
from app.extensions import db
from app.importing import headings, values
from app.people.models import Consent
from app.people.rules import ADDRESS_WORDS, AGE_WORDS, CHANNEL_WORDS
from app.sessions.models import Attendance, GroupSession
from tests.client import Browser
from tests.importing.conftest import confirm, fates, rows_of
from tests.organisation import Organisation
from tests.spreadsheets import separated
from tests.workbooks import Program

DAY = "12/3/2026"
ROWS = ("الاسم", "رقم الهاتف", "عدم التواصل", "العمر")


@pytest.mark.parametrize(
    "refused",
    [f"لا {DAY}", f"رفضت {DAY}", f"سحبت الموافقة {DAY}", f"refused {DAY}", f"asked on {DAY}: no"],
)
def test_a_refusal_with_a_date_is_no_consent(choose, number_of, refused: str) -> None:
    consents = number_of(Consent)
    rows = (("الاسم", "موافقة على التواصل"), ("نوال", refused), ("ريما", f"الخميس {DAY}"))
    page = choose(separated(rows))
    assert fates(page) == {"2": "wrong", "3": "to be added"}
    confirm(page)
    assert number_of(Consent) == consents + 1


@pytest.mark.parametrize(
    "heading",
    [
        "عدم الموافقة على التواصل",
        "رفض الموافقة على التواصل",
        "Does not consent to be contacted",
        "عدم ترك رسالة",
        "لا يمكن ترك رسالة",
        "may not leave a message",
    ],
)
def test_a_heading_that_denies_is_not_taken_for_its_opposite(choose, heading: str) -> None:
    page = choose(separated((("الاسم", heading), ("نوال", "نعم"))))
    assert f"Not taken: B {heading}" in page
    assert rows_of(page)["2"].words == "Row 2 نوال to be added"


def test_every_word_of_ours_is_understood(app: Flask) -> None:
    for language in i18n.LANGUAGES:
        with app.test_request_context(f"/?language={language}"):
            for field, called in headings.CALLED.items():
                if field != "mark":
                    kind = next(k for k, fields in headings.FIELDS_OF.items() if field in fields)
                    assert headings.field_of(str(called), kind, {})[0] == field, called
            for understood, words in (
                (values.channel, CHANNEL_WORDS),
                (values.address, ADDRESS_WORDS),
                (values.age, AGE_WORDS),
            ):
                for value, word in words.items():
                    assert not value or understood(str(word)) == value, word


def test_two_columns_of_one_day_that_differ_are_wrong(choose, organisation: Organisation) -> None:
    one, other = organisation.a.members[:2]
    rows = (
        ("الاسم", "2026-11-23", "23/11/2026"),
        (one.name, "ح", "غ"),
        (other.name, "ح", "ح"),
    )
    page = choose(separated(rows), "marks", organisation.a.uid)
    assert fates(page) == {"2": "wrong", "3": "known"}
    assert "C : Another column says something else of this day." in rows_of(page)["2"].words


def test_what_was_shown_is_all_that_is_written(
    app: Flask, me: Browser, choose, organisation: Organisation
) -> None:
    """By the number of its session a column names another day once one before it did not happen."""
    a = organisation.a
    page = choose(separated((("الاسم", "اللقاء 7"), (a.members[0].name, "غ"))), "marks", a.uid)
    shown = rows_of(page)["2"].words
    with app.app_context():
        first = db.session.scalars(
            select(GroupSession).where(GroupSession.group_uid == a.uid).order_by(GroupSession.on)
        ).first()
        first.missed_at, first.reason, first.held_at = first.starts_at, "other", None
        db.session.commit()
    refused = confirm(page)
    assert refused.status == 422 and "Something changed meanwhile." in refused
    assert rows_of(refused)["2"].words != shown


def test_columns_that_were_changed_in_another_window_are_shown_again(
    me: Browser, choose, number_of
) -> None:
    consents = number_of(Consent)
    page = choose(separated((("الاسم", "نعم أو لا"), ("نوال", "نعم"))))
    form = me.get(page.link("Correct the columns")).form("/columns")
    form.fill(**{"columns-1": "agrees_contact"}).press()
    refused = confirm(page)
    assert refused.status == 422 and number_of(Consent) == consents
    confirm(refused)
    assert number_of(Consent) == consents + 1


def test_a_quotation_mark_that_nothing_closes_is_told(choose) -> None:
    text = 'الاسم,رقم الهاتف,ملاحظات\nليلى,0525550401,"مساء\nسهى,0525550402,صباحًا\n'
    assert "A quotation mark in this file is closed nowhere" in choose(text.encode())


def test_a_row_that_is_wrong_hides_none_that_is_right(choose, organisation: Organisation) -> None:
    rows = (ROWS, ("هالة", "0525550491", "", "كبيرة"), ("هالة", "0525550491", "", "22"))
    assert fates(choose(separated(rows))) == {"2": "wrong", "3": "to be added"}
    who = organisation.candidate
    rows = (
        ("الاسم", "رقم الهاتف", "أول يوم", "آخر يوم"),
        (who.name, who.number, "2026-11-03", "2026-10-06"),
        (who.name, who.number, "2026-10-06", "2026-11-03"),
        (who.name, who.number, "2026-10-06", "2026-11-03"),
        (who.name, who.number, "2026-11-10", "2026-11-17"),
    )
    page = choose(separated(rows), "roster", organisation.a.uid)
    assert list(fates(page).values()) == ["wrong", "known", "already there", "wrong"]
    assert "Row 3 is about them already: put both into one." in rows_of(page)["5"].words


def test_twins_within_a_file_are_found_by_name_and_by_number(choose) -> None:
    rows = (
        ROWS[:2],
        ("هالة", "0525550491"),
        ("هالة خ.", "0525550491"),
        ("هالة", "0525550492"),
        ("هالة", "0525550492"),
    )
    found = fates(choose(separated(rows)))
    assert list(found.values()) == ["to be added", "in doubt", "to be added", "already there"]


def test_a_mark_goes_to_nobody_of_whom_something_else_differs(
    me: Browser, choose, organisation: Organisation
) -> None:
    one, other = organisation.a.members[:2]
    code = me.get(f"/people/{other.uid}").root.first("small", class_="ltr muted").words
    rows = (
        ("الاسم", "الرمز", "رقم الهاتف", "2026-11-23"),
        (one.name, "", "0599111222", "ح"),
        (one.name, code, "", "ح"),
    )
    assert set(fates(choose(separated(rows), "marks", organisation.a.uid)).values()) == {"in doubt"}


def test_who_is_there_and_asks_not_to_be_contacted_is_told(
    choose, organisation: Organisation
) -> None:
    one = organisation.a.members[0]
    page = choose(separated((ROWS, (one.name, one.number, "نعم", ""))))
    assert "C : They are here already: say on their page" in rows_of(page)["2"].words


def test_a_wish_not_to_be_contacted_is_lost_on_no_way(
    me: Browser, choose, organisation: Organisation
) -> None:
    one = organisation.a.members[0]
    rows = (
        ROWS,
        (one.name, "", "نعم", ""),  # a doubt, until somebody says who it is
        ("هالة", "0525550491", "", ""),
        ("هالة", "0525550491", "نعم", ""),  # the row above, with a wish
    )
    page = choose(separated(rows))
    assert list(fates(page).values()) == ["in doubt", "to be added", "wrong"]
    form = me.get(page.link("Say who is whom")).form("/doubts")
    decided = form.fill(rest="same").press().follow()
    assert fates(decided)["2"] == "wrong"
    assert "C : They are here already: say on their page" in rows_of(decided)["2"].words


def test_two_rows_of_somebody_new_that_differ_are_both_told(
    choose, organisation: Organisation
) -> None:
    rows = (
        ("الاسم", "رقم الهاتف", "2026-11-17", "2026-11-10"),
        ("هالة", "0525550491", "ح", ""),
        ("هالة", "0525550491", "", "غ"),
        ("هالة", "0525550491", "ح", ""),
    )
    page = choose(separated(rows), "marks", organisation.a.uid)
    assert list(fates(page).values()) == ["to be added", "wrong", "already there"]
    assert "Row 2 is about them already: put both into one." in rows_of(page)["3"].words


def test_who_comes_to_stand_on_the_waiting_list_is_said_before(
    choose, organisation: Organisation
) -> None:
    rows = [("الاسم",), *((f"ضيف {number}",) for number in range(30))]
    page = choose(separated(rows), "list", organisation.workshop.uid)
    waiting = [one for one in rows_of(page).values() if "on a waiting list" in one.words]
    assert waiting and f"{len(waiting)} of them come to stand on the waiting list." in page


def test_a_number_that_the_spreadsheet_rounded_is_wrong(choose) -> None:
    page = choose(separated((ROWS[:2], ("نوال", "9.72526E+11"))))
    assert "B : The spreadsheet rounded this number." in rows_of(page)["2"].words


def test_a_choice_on_the_second_page_that_is_refused_is_shown_there(me: Browser, choose) -> None:
    twins = [(f"اسم {number}",) for number in range(60)]
    page = choose(separated([("الاسم",), *twins, *twins]))
    form = me.get(f"{page.address}/doubts?page=2").form("/doubts")
    form.values = [(name, "nobody" if name == "who-0" else v) for name, v in form.values]
    first = form["rows-0"]
    refused = form.press().follow()
    assert refused.status == 422 and refused.form("/doubts")["rows-0"] == first
    assert len(refused.root.all("div", class_="field err")) == 1


def test_the_day_of_a_column_is_asked_for_at_that_column(
    me: Browser, choose, organisation: Organisation
) -> None:
    rows = (("الاسم", "أ", "ب"), (organisation.a.members[0].name, "ح", "غ"))
    page = choose(separated(rows), "marks", organisation.a.uid)
    form = me.get(f"{page.address}/columns").form("/columns")
    refused = form.fill(**{"columns-0": "name", "columns-2": "mark"}).press().follow()
    (wrong,) = [f for f in refused.root.all("fieldset") if f.all("div", class_="field err")]
    assert wrong.first("legend").words == "C ب"
    form = refused.form("/columns")
    form.values = [pair for pair in form.values if not pair[0].startswith("days-")]
    without = form.press().follow()
    assert without.status == 422 and "Write the day of this column." in without


def test_a_mark_of_a_day_without_a_session_adds_one_and_says_so(
    app: Flask, choose, organisation: Organisation
) -> None:
    a = organisation.a
    page = choose(separated((("الاسم", "23/11/2026"), (a.members[0].name, "ح"))), "marks", a.uid)
    assert "1 session is added, as held: Mon 23 Nov" in page
    confirm(page)
    with app.app_context():
        of_day = select(Attendance.mark).join(
            GroupSession, GroupSession.uid == Attendance.session_uid
        )
        found = db.session.scalars(of_day.where(GroupSession.on == date(2026, 11, 23))).all()
        db.session.remove()
    assert found == ["present"]


def test_a_hidden_sheet_is_not_brought_in(choose) -> None:
    sheets = {"قديم": [ROWS, ("هالة", "0525550491", "", "22")], "جديد": [ROWS[:2], ("نوال", "")]}
    page = choose(Program(hidden=("قديم",)).workbook(sheets), name="a.xlsx")
    assert "نوال" in page and "هالة" not in page and "Columns جديد" in page
    every = choose(Program(hidden=tuple(sheets)).workbook(sheets), name="a.xlsx")
    assert "هالة" in every
