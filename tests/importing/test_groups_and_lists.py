"""Bringing in a roster, past attendance, and the list of a workshop; each is taken back as one step."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from app.extensions import db
from app.groups.models import Group, Membership
from app.importing.models import Imported
from app.sessions.models import Attendance, GroupSession
from app.workshops.models import SignUp
from tests.client import Browser
from tests.importing.conftest import confirm, fates, rows_of, take_back
from tests.organisation import Organisation
from tests.spreadsheets import separated

NEW, THERE, KNOWN, WRONG = "to be added", "already there", "known", "wrong"


def changed(before, after) -> set[str]:
    """The tables that differ."""
    return {name for name in after if after[name] != before[name]}


def test_a_roster_is_brought_in_and_taken_back(
    app, me: Browser, choose, holds, organisation: Organisation
) -> None:
    a = organisation.a
    rows = (
        ("المجموعة", "", "", ""),
        ("الاسم الكامل", "رقم الجوال", "تاريخ الانضمام", "تاريخ المغادرة"),
        ("صفاء", "0525550301", "13/10/2026", ""),
        ("مراد", "0525550302", "2026-10-06", "2026-11-03"),
        ("مجد الحائر", "052-555-0177", "", ""),
        (a.members[0].name, a.members[0].number, "", ""),
        (a.left[0].name, a.left[0].number, "", ""),
        ("وليد", "0525550303", "2026-11-03", "2026-10-06"),
        ("قاسم", "0525550304", "أمس", ""),
        ("لينا", "0525550305", "", ""),
    )
    page = choose(separated(rows), "roster", a.uid)
    assert fates(page) == {
        "3": NEW,
        "4": NEW,
        "5": KNOWN,
        "6": THERE,
        "7": WRONG,
        "8": WRONG,
        "9": WRONG,
        "10": WRONG,
    }
    said = {number: row.words for number, row in rows_of(page).items()}
    assert "They were here before" in said["7"] and "lies before the first one" in said["8"]
    assert "C : This is no date" in said["9"] and "Every place is taken." in said["10"]
    before = holds()
    done = confirm(page)
    assert "3 rows were brought in" in done
    roster = me.get(f"/groups/{a.uid}").words
    assert "صفاء" in roster and "مجد الحائر" in roster
    with app.app_context():
        made = select(Imported.uid).where(Imported.of == "memberships")
        stays = db.session.scalars(select(Membership).where(Membership.uid.in_(made))).all()
        assert {(s.joined_on, s.ended_on, s.ended_as) for s in stays} >= {
            (date(2026, 10, 13), None, None),
            (date(2026, 10, 6), date(2026, 11, 3), "left"),
        }
        db.session.remove()
    assert "It was taken back." in take_back(done)
    assert changed(before, holds()) == {"imports"}


def test_facilitators_open_whom_a_roster_brought(
    browser, choose, organisation: Organisation
) -> None:
    rows = (("الاسم", "رقم الجوال"), ("صفاء", "0525550301"))
    confirm(choose(separated(rows), "roster", organisation.a.uid))
    assert "صفاء" in browser.as_("facilitator1").get(f"/groups/{organisation.a.uid}")


MARKS = (
    ("", "", "تشرين الأول", "", "تشرين الثاني", "", ""),
    ("الاسم", "الرمز", "6/10/2026", "20/10/2026", "23/11/2026", "1/12/2026", "اللقاء 3"),
)


def test_past_attendance_is_brought_in_and_taken_back(
    app, me: Browser, choose, holds, organisation: Organisation
) -> None:
    a = organisation.a
    names = [member.name for member in a.members]
    rows = (
        *MARKS,
        (names[4], "", "ح", "", "غ", "", "حاضر"),
        ("صفاء", "", "", "", "1", "", ""),
        (names[3], "", "حاضر", "", "", "", ""),
        (names[5], "", "", "م", "", "", ""),
        (names[6], "", "", "", "", "ح", ""),
        (names[7], "", "", "", "ربّما", "", ""),
        (names[8], "", "ح", "", "", "", ""),
        ("", "ZZZZ", "", "", "ح", "", ""),
        ("نهى", "", "", "", "", "", ""),
    )
    page = choose(separated(rows, by=";", encoding="cp1256"), "marks", a.uid)
    assert fates(page) == {
        "3": KNOWN,
        "4": NEW,
        "5": WRONG,
        "6": WRONG,
        "7": WRONG,
        "8": WRONG,
        "9": THERE,
        "10": WRONG,
        "11": WRONG,
    }
    said = {number: row.words for number, row in rows_of(page).items()}
    assert "C : Another mark stands here already." in said["5"]
    assert "D : There was no session on this day." in said["6"]
    assert "F : This day is still to come." in said["7"]
    assert "No mark of theirs stands here" in said["11"]
    assert "E : This is no mark" in said["8"] and "B : Nobody here has this code." in said["10"]
    assert "1 session is added, as held: Mon 23 Nov" in page
    before = holds()
    done = confirm(page)
    assert "2 rows were brought in" in done
    with app.app_context():
        found = dict(
            db.session.execute(
                select(GroupSession.on, Attendance.mark)
                .join(Attendance, Attendance.session_uid == GroupSession.uid)
                .where(Attendance.membership_uid == a.members[4].stay)
            ).all()
        )
        assert found[date(2026, 11, 23)] == "absent" and found[date(2026, 10, 27)] == "present"
        one = select(GroupSession).where(GroupSession.on == date(2026, 11, 23))
        meeting = db.session.scalars(one.where(GroupSession.group_uid == a.uid)).one()
        assert meeting.held_at and f"{meeting.at:%H:%M}" == "18:00"
        uid = meeting.uid
        db.session.remove()
    roll = me.get(f"/sessions/{uid}/attendance")
    assert "صفاء" in roll
    assert "It was taken back." in take_back(done)
    assert changed(before, holds()) == {"imports"}


def test_a_session_that_somebody_else_marked_stays_held(
    app, me: Browser, browser, choose, organisation: Organisation
) -> None:
    """The eighth is today: an import marks one, a facilitator another."""
    a = organisation.a
    rows = (("الاسم", "2026-11-24"), (a.members[0].name, "ح"))
    done = confirm(choose(separated(rows), "marks", a.uid))
    today = a.meetings[7]
    tapped = {a.members[1].stay: "present"}
    browser.as_("facilitator1").post(f"/sessions/{today}/attendance", tapped)
    assert "It was taken back." in take_back(done)
    with app.app_context():
        assert db.session.get(GroupSession, today).held_at
        marked = select(Attendance.membership_uid).where(Attendance.session_uid == today)
        assert set(db.session.scalars(marked)) == {a.members[1].stay}
        db.session.remove()


def test_a_mark_that_was_changed_since_keeps_all_of_it(
    app, browser, choose, holds, organisation: Organisation
) -> None:
    a = organisation.a
    rows = (("الاسم", "2026-11-24"), (a.members[0].name, "ح"), (a.members[1].name, "ح"))
    done = confirm(choose(separated(rows), "marks", a.uid))
    tapped = {a.members[1].stay: "late"}
    browser.as_("facilitator1").post(f"/sessions/{a.meetings[7]}/attendance", tapped)
    before = holds()
    refused = take_back(done)
    assert refused.status == 422 and "can no longer be taken back" in refused
    assert holds() == before


def test_a_note_about_a_session_that_was_brought_in_keeps_it(
    app, browser, choose, organisation: Organisation
) -> None:
    a = organisation.a
    rows = (("الاسم", "2026-11-23"), (a.members[0].name, "ح"))
    done = confirm(choose(separated(rows), "marks", a.uid))
    with app.app_context():
        made = select(Imported.uid).where(Imported.of == "group_sessions")
        uid = db.session.scalars(made).one()
        db.session.remove()
    note = browser.as_("facilitator1").get(f"/sessions/{uid}/note")
    form = next(f for f in note.root.all("form") if f.get("id") == "note")
    text = form.first("textarea")["name"]
    note.form(form["action"]).fill(**{text: "تحدّثنا عن العائلة."}).press(name="save")
    refused = take_back(done)
    assert refused.status == 422 and "can no longer be taken back" in refused


def test_a_group_that_began_with_what_was_brought_in_is_planned_again(
    app, me: Browser, choose, holds, organisation: Organisation
) -> None:
    planned = organisation.planned.uid
    rows = (("الاسم", "2026-11-17"), ("صفاء", "ح"))
    page = choose(separated(rows), "marks", planned)
    assert "the group has no usual hour" in rows_of(page)["2"].words
    with app.app_context():
        group = db.session.get(Group, planned)
        group.at = db.session.get(Group, organisation.a.uid).at
        db.session.commit()
        db.session.remove()
    page, before = me.get(page.address), holds()
    assert fates(page) == {"2": NEW}
    done = confirm(page)
    with app.app_context():
        assert db.session.get(Group, planned).state == "active"
        db.session.remove()
    take_back(done)
    assert changed(before, holds()) == {"imports"}


def test_the_list_of_a_workshop_is_brought_in_and_taken_back(
    app, me: Browser, choose, holds, organisation: Organisation
) -> None:
    workshop = organisation.workshop
    here = workshop.on_list
    rows = (
        ("name", "phone", "attended"),
        ("صفاء", "0525550301", ""),
        ("مجد الحائر", "052-555-0177", ""),
        (here["confirmed"].name, here["confirmed"].number, ""),
        (here["declined"].name, here["declined"].number, ""),
        ("وليد", "0525550303", "yes"),
        ("قاسم", "0525550304", "perhaps"),
    )
    page = choose(separated(rows, by="\t", encoding="utf-16"), "list", workshop.uid)
    assert fates(page) == {"2": NEW, "3": KNOWN, "4": THERE, "5": WRONG, "6": WRONG, "7": WRONG}
    said = {number: row.words for number, row in rows_of(page).items()}
    assert "They were here before" in said["5"] and "C : Every seat is taken" in said["6"]
    assert "C : Neither yes nor no." in said["7"]
    before = holds()
    done = confirm(page)
    assert "2 rows were brought in" in done
    assert "صفاء" in me.get(f"/workshops/{workshop.uid}")
    with app.app_context():
        made = select(Imported.uid).where(Imported.of == "sign_ups")
        new = db.session.scalars(select(SignUp).where(SignUp.uid.in_(made))).all()
        assert len(new) == 2 and {one.source for one in new} == {"staff"}
        db.session.remove()
    assert "It was taken back." in take_back(done)
    assert changed(before, holds()) == {"imports"}


def test_of_a_list_of_more_than_a_thousand_it_says_so(choose, organisation: Organisation) -> None:
    rows = (("الاسم",), *((f"شخص {n}",) for n in range(1_001)))
    page = choose(separated(rows), "roster", organisation.a.uid)
    assert page.status == 422 and "At most 1,000 rows at a time here." in page
