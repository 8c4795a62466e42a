"""Bringing in people: what each row becomes, who is there already, what is wrong, and taking it back."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from app.audit.models import AuditRow
from app.extensions import db
from app.importing.models import Import, Imported
from app.people.models import Consent, Person
from app.vault.models import Share
from tests.accounts.test_races import together
from tests.client import Browser
from tests.importing.conftest import confirm, fates, rows_of, take_back
from tests.organisation import Organisation
from tests.spreadsheets import separated

HEAD = ("الاسم", "رقم الهاتف", "وسيلة التواصل", "العمر", "موافقة على التواصل", "ملاحظات")
ROWS = (
    ("قائمة الجمعيّة", "", "", "", "", ""),
    HEAD,
    ("زينب", "٠٥٢-٥٥٥-٠٢٩١", "واتساب", "٣١", "نعم", "تفضّل المساء"),
    ("باسل", "0525550292", "هاتف", "19", "12/3/2026", ""),
    ("", "0525550293", "", "", "", ""),
    ("غادة", "", "حمام زاجل", "كبيرة", "ربّما", ""),
    ("المجموع", "3", "", "", "", ""),
)


def test_each_row_says_what_it_becomes_before_anything_is_written(choose, holds) -> None:
    before = holds()
    page = choose(separated(ROWS))
    assert fates(page) == {"3": "to be added", "4": "to be added", "5": "wrong", "6": "wrong"}
    third = rows_of(page)["3"].words
    assert "زينب" in third and "052-555-0291" in third and "25–34" in third and "WhatsApp" in third
    assert "There is no name here." in rows_of(page)["5"].words
    wrong = rows_of(page)["6"].words
    for column in "CDE":
        assert f"{column} : " in wrong
    assert "Bring in 2 rows" in page and "2 rows are not brought in." in page
    after = holds()
    assert {name for name in after if after[name] != before[name]} == {"imports"}
    assert "زينب" not in str(after["imports"])


def test_what_is_confirmed_is_there_and_can_be_taken_back_as_one_step(
    app, me: Browser, choose, holds, organisation: Organisation
) -> None:
    page = choose(separated(ROWS))
    before = holds()
    done = confirm(page)
    assert "2 rows were brought in" in done and done.status == 200
    assert "زينب" in me.get("/people") and "باسل" in me.get("/people")
    with app.app_context():
        new = db.session.scalars(select(Imported.uid).where(Imported.of == "people")).all()
        assert len(new) == 2
        agreed = db.session.scalars(select(Consent).where(Consent.person_uid.in_(new))).all()
        assert {(one.purpose, one.given_on) for one in agreed} == {
            ("contact", date(2026, 11, 24)),
            ("contact", date(2026, 3, 12)),
        }
        one = db.session.scalars(select(Import).where(Import.done_at.is_not(None))).one()
        assert one.file is None and one.chosen is None
        db.session.remove()
    back = take_back(done)
    assert "It was taken back." in back
    after = holds()
    assert {name for name in after if after[name] != before[name]} == {"imports"}
    assert len(before["imports"]) == len(after["imports"]) + 1  # not even that it was chosen
    with app.app_context():
        acts = db.session.execute(select(AuditRow.action, AuditRow.person_uid)).all()
        assert {row.person_uid for row in acts if row.action == "import-undone"} >= set(new)
        db.session.remove()


def test_what_was_used_since_is_not_taken_back_at_all(
    app, me: Browser, choose, holds, organisation: Organisation
) -> None:
    done = confirm(choose(separated(ROWS)))
    with app.app_context():
        found = db.session.scalars(select(Imported.uid).where(Imported.of == "people")).all()
        db.session.remove()
    group = f"/groups/{organisation.a.uid}/members"
    me.post(f"{group}/{found[0]}/waiting", {})
    before = holds()
    refused = take_back(done)
    assert refused.status == 422 and "can no longer be taken back" in refused
    assert holds() == before


def test_a_card_that_was_changed_since_is_not_taken_back(app, me: Browser, choose, holds) -> None:
    done = confirm(choose(separated(ROWS)))
    with app.app_context():
        uid = db.session.scalars(select(Imported.uid).where(Imported.of == "people")).first()
        db.session.remove()
    me.get(f"/people/{uid}/edit").form(f"/people/{uid}/edit").fill(area="بيت جالا").press()
    before = holds()
    refused = take_back(done)
    assert refused.status == 422 and "can no longer be taken back" in refused
    assert holds() == before


def test_who_is_there_already_is_not_added_again(me: Browser, choose, number_of) -> None:
    confirm(choose(separated(ROWS)))
    people = number_of(Person)
    again = choose(separated(ROWS))
    assert fates(again)["3"] == fates(again)["4"] == "already there"
    assert "Bring in" not in again.root.first("main").all("form")[-1].words
    assert number_of(Person) == people


def test_the_same_name_alone_is_a_doubt_that_one_decides(me: Browser, choose, number_of) -> None:
    confirm(choose(separated(ROWS)))
    rows = (
        HEAD,
        ("زينب", "", "", "", "", ""),
        ("باسل", "0525550299", "", "", "", ""),
        ("مها", *[""] * 5),
        ("مها", *[""] * 5),
    )
    page = choose(separated(rows))
    assert fates(page) == {"2": "in doubt", "3": "in doubt", "4": "to be added", "5": "in doubt"}
    form = me.get(page.link("Say who is whom")).form("/doubts")
    offered = [o.words for o in form.node.all("select")[0].all("option")]
    assert any("زينب" in words for words in offered) and "Somebody new" in offered
    there = next(o["value"] for o in form.node.all("select")[0].all("option") if "زينب" in o.words)
    page = form.fill(**{"who-0": there, "who-1": "new"}, rest="out").press().follow()
    assert fates(page) == {
        "2": "already there",
        "3": "to be added",
        "4": "to be added",
        "5": "left out",
    }
    people = number_of(Person)
    assert "2 rows were brought in" in confirm(page)
    assert number_of(Person) == people + 2


def test_a_choice_that_is_refused_stays_with_its_row(me: Browser, choose) -> None:
    names = ("زينب", "زينب", "باسل", "باسل")
    page = choose(separated((HEAD, *((name, *[""] * 5) for name in names))))
    form = me.get(page.link("Say who is whom")).form("/doubts")
    assert (form["rows-0"], form["rows-1"]) == ("3", "5")
    # As it was sent from a page on which the first of them still was no doubt.
    others = [pair for pair in form.values if not pair[0].endswith(("-0", "-1"))]
    form.values = [*others, ("rows-0", "5"), ("who-0", "nobody's")]
    refused = form.fill(rest="out").press().follow()
    assert refused.status == 422
    [wrong] = refused.root.all("div", class_="field err")
    assert wrong.first("select")["name"] == "who-1" and "باسل" in wrong.words
    assert refused.form("/doubts")["rest"] == "out"


def test_the_same_list_confirmed_twice_at_the_same_moment_adds_nobody_twice(
    me: Browser, choose, number_of
) -> None:
    people = number_of(Person)
    forms = [choose(separated(ROWS)).form("/confirmation") for _twice in range(2)]
    answers = together(*(form.press for form in forms))
    assert sorted(answer.follow().status for answer in answers) == [200, 422]
    assert number_of(Person) == people + 2


def test_columns_are_corrected_by_hand(me: Browser, choose) -> None:
    rows = (
        ("من", "كيف", "شيء"),
        ("سهير", "0525550295", "رام الله"),
        ("نائل", "0525550296", "بيرزيت"),
    )
    page = choose(separated(rows))
    assert (
        "No column was recognised" in page and "Bring in" not in page.words.partition("Confirm")[2]
    )
    form = me.get(page.link("Correct the columns")).form("/columns")
    refused = form.fill(**{"columns-1": "number"}).press().follow()
    assert refused.status == 422 and "Say which column holds the names." in refused
    form = refused.form("/columns")
    assert form["columns-1"] == "number"
    twice = form.fill(**{"columns-0": "name", "columns-2": "name"}).press().follow()
    assert twice.status == 422 and "Another column is this already." in twice
    page = twice.form("/columns").fill(**{"columns-2": "area"}).press().follow()
    assert fates(page) == {"2": "to be added", "3": "to be added"} and "بيرزيت" in page


def test_another_row_of_headings_is_chosen_by_hand(me: Browser, choose) -> None:
    rows = (
        ("الاسم", "رقم الهاتف", "العمر"),
        ("name", "phone", "remarks"),
        ("سهير", "0525550295", "x"),
    )
    page = choose(separated(rows))
    form = me.get(page.link("Correct the columns")).form("/sheet")
    assert "x" in form.fill(head="2").press().follow().words
    page = me.get(page.address)
    assert fates(page) == {"3": "to be added"} and "Anything else that is needed" in page


def test_what_was_shown_is_what_is_confirmed(app, me: Browser, browser, choose, number_of) -> None:
    first, second = choose(separated(ROWS)), choose(separated(ROWS))
    confirm(first)
    people = number_of(Person)
    refused = confirm(second)
    assert refused.status == 422 and "Something changed meanwhile." in refused
    assert number_of(Person) == people


def test_pressed_twice_it_is_brought_in_once(choose, number_of) -> None:
    page, people = choose(separated(ROWS)), number_of(Person)
    form = page.form(page.address + "/confirmation")
    assert form.press().location == form.press().location
    assert number_of(Person) == people + 2


def test_a_file_of_another_is_not_there(browser, choose) -> None:
    address = choose(separated(ROWS)).address
    other = browser.as_("two_roles")
    for method, below in (
        ("get", ""),
        ("get", "/columns"),
        ("get", "/doubts"),
        ("post", "/confirmation"),
        ("post", "/undo"),
        ("post", "/end"),
    ):
        answer = getattr(other, method)(address + below)
        answer = answer.follow() if answer.status == 303 else answer
        assert answer.status == 404, below


def test_given_up_nothing_of_it_stays(choose, holds) -> None:
    before = holds()
    page = choose(separated(ROWS))
    assert "The file is forgotten." in page.form("/end").press().follow()
    assert holds() == before


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "Choose the file to bring in."),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "an old kind (XLS)"),
        (b"%PDF-1.7 nothing", "no spreadsheet that can be read"),
        (b"<html><table></table></html>", "no spreadsheet that can be read"),
        (b"\n\n,,,\n", "Nothing stands in this file."),
    ],
)
def test_what_cannot_be_read_says_what_to_do(choose, holds, data: bytes, words: str) -> None:
    before = holds()
    page = choose(data)
    assert page.status == 422 and words in page
    assert holds() == before


def test_shares_of_who_is_taken_back_are_gone(choose, number_of) -> None:
    page, shares = choose(separated(ROWS)), number_of(Share)
    done = confirm(page)
    assert number_of(Share) == shares + 2
    take_back(done)
    assert number_of(Share) == shares


def test_what_was_taken_back_is_not_in_the_file_of_the_database(app, choose) -> None:
    """Of SQLite, in whose free room copies of index pages stayed; PostgreSQL sweeps by itself."""
    rows = (HEAD, *((f"شخص {n}", "", "", "", "", "") for n in range(1_000)))
    done = confirm(choose(separated(rows)))
    with app.app_context():
        path = db.engine.url.database if db.engine.dialect.name == "sqlite" else None
        made = select(Imported.uid).where(Imported.of == "shares")
        shares = db.session.scalars(made).all()
        db.session.remove()
    assert len(shares) == 1_000
    take_back(done)
    if path:
        written = Path(path).read_bytes()
        assert not [uid for uid in shares if uid.encode() in written]
