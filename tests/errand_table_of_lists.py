"""The forms about workshops and their lists, requests, referrals, files and what comes next."""

from __future__ import annotations

from tests.errands import Errand, of

DESK, TEAM, COUNSELLOR = "coordinator", "facilitator1", "counsellor"
WORKSHOP, AT = "/workshops/{workshop.uid}", "/workshops/{workshop.uid}/sign-ups"
ON_LIST = "/sign-ups/{workshop.on_list[waiting].stay}"
OFFERED = "/sign-ups/{workshop.on_list[offered].stay}"
REQUEST, REFERRAL = "/requests/{aid.request}", "/letters/{aid.proposed}"
FILE, HELD, BOOKED = "/files/{aid.file}", "/appointments/{aid.held}", "/appointments/{aid.booked}"
NOTE, PERSON = "/appointments/notes/{aid.note}", "/people/{aid.person.uid}"
BROUGHT, BROUGHT_B = "/imports/{aid.brought}", "/imports/{aid_b.brought}"
WRONG = "not the right one"
MEMBER = "/groups/{a.uid}/members/{a.members[3].uid}/request"
NEW_WORKSHOP = {
    "title_ar": "صوت وصدى",
    "on": "2027-02-02",
    "at": "17:00",
    "minutes": "90",
    "seats": "12",
    "closes_on": "2027-02-01",
    "closes_hour": "12:00",
}
CHANGED = NEW_WORKSHOP | {"title_ar": "طباعة وألوان", "seats": "4"}

REOPENED = ((DESK, REQUEST + "/reopening", {}),)

ERRANDS_OF_LISTS = (
    Errand("workshops.create", DESK, "/workshops/new", typed=NEW_WORKSHOP),
    of(DESK, "workshops.update", WORKSHOP + "/edit", typed=CHANGED),
    of(DESK, "workshops.turn", WORKSHOP, WORKSHOP + "/state/closing"),
    of(DESK, "workshops.repeat", WORKSHOP + "/repetition", typed={"on": "2027-02-09"}),
    of(DESK, "workshops.assign", WORKSHOP + "/team", refused=True),
    of(
        DESK,
        "workshops.entrust",
        WORKSHOP + "/team/{staff[facilitator2].uid}",
        typed={"passphrase": WRONG},
        refused=True,
    ),
    of(
        DESK, "workshops.unassign", WORKSHOP + "/team", WORKSHOP + "/team/{workshop.assignment}/end"
    ),
    of(DESK, "workshops.turn_link", WORKSHOP, WORKSHOP + "/link/off"),
    of(DESK, "workshops.find", AT + "/new", typed={"q": "مجد"}),
    of(DESK, "workshops.sign_up", AT + "/new", AT + "/{candidate.uid}/sign-up"),
    of(TEAM, "workshops.sign_up_newcomer", AT + "/person", typed={"name": "نبيلة"}),
    of(DESK, "workshops.act", ON_LIST, ON_LIST + "/cancellation"),
    of(DESK, "workshops.make_offer", OFFERED + "/offer", typed={"on": "2026-11-24", "at": "18:30"}),
    of(
        TEAM,
        "workshops.mark",
        WORKSHOP + "/attendance",
        typed={"{workshop.on_list[confirmed].stay}": "attended"},
    ),
    of(
        TEAM,
        "workshops.make_export",
        WORKSHOP + "/export",
        typed={"passphrase": WRONG},
        refused=True,
    ),
    of(
        DESK,
        "workshops.merge",
        "/people/{candidate.uid}/merging/{workshop.on_list[waiting].uid}",
    ),
    of(
        DESK,
        "workshops.keep_apart",
        "/people/{candidate.uid}/merging/{workshop.on_list[waiting].uid}",
        "/people/{candidate.uid}/merging/{workshop.on_list[waiting].uid}/difference",
    ),
    Errand("workshops.sign_up_outside", "", "/open/{workshop.link}", typed={"name": "سنونو"}),
    Errand("workshops.look_up", "", "/code", typed={"code": "قمر شمس نهر بحر 111"}, refused=True),
    Errand("notebook.turn_calendar", TEAM, "/calendar", "/calendar/on"),
    Errand("notebook.allow_short_codes", "administrator", "/staff", "/staff/short-codes/off"),
    Errand("requests.create", DESK, "/requests/new", typed={"name": "نبيلة"}),
    of(DESK, "requests.create_of_person", PERSON + "/requests/new", typed={"remark": "أرق"}),
    of(DESK, "requests.follow", REQUEST),
    of(DESK, "requests.attempt", REQUEST, REQUEST + "/attempts/reached"),
    of(DESK, "requests.place", REQUEST, REQUEST + "/placement"),
    of(DESK, "requests.decline", REQUEST + "/answer", typed={"reason": "خارج ما نقدّمه"}),
    of(DESK, "requests.end", REQUEST, REQUEST + "/closing", first=REOPENED),
    of(TEAM, "requests.send", MEMBER, typed={"remark": "سكن"}),
    of(DESK, "requests.propose", PERSON + "/letters/new", typed={"reason": "نوم"}),
    of(DESK, "requests.redirect", REFERRAL, REFERRAL + "/receiver", typed={"outside": "عيادة"}),
    of(DESK, "requests.move_on", REFERRAL, REFERRAL + "/sending"),
    of(
        DESK,
        "people.withdraw",
        PERSON + "/choices",
        PERSON + "/choices/{aid.consent}/end",
    ),
    of(COUNSELLOR, "cases.agree_fee", FILE + "/fee", typed={"fee": "١٢٠٫٥٠"}),
    of(COUNSELLOR, "cases.close", FILE + "/closing", typed={"note": "تمّ"}, refused=True),
    of(COUNSELLOR, "cases.turn", FILE, FILE + "/state/pause"),
    of(
        COUNSELLOR,
        "cases.give_supervision",
        FILE + "/team",
        typed={"passphrase": WRONG},
        refused=True,
    ),
    of(COUNSELLOR, "cases.end_supervision", FILE + "/team", FILE + "/team/end"),
    of(
        COUNSELLOR,
        "cases.book",
        FILE + "/appointments/new",
        typed={"on": "2027-01-05", "at": "16:00"},
    ),
    of(COUNSELLOR, "cases.move", BOOKED + "/move", typed={"on": "2027-01-06", "at": "16:00"}),
    of(COUNSELLOR, "cases.end_appointment", HELD, HELD + "/ending/away"),
    of(COUNSELLOR, "cases.settle_fee", HELD, HELD + "/fee/paid"),
    of(COUNSELLOR, "notes.save", BOOKED + "/note", typed={"happened": "لقاء أوّل"}),
    of(COUNSELLOR, "notes.add", NOTE, NOTE + "/additions", typed={"text": "و"}),
    of(
        COUNSELLOR,
        "notes.blank",
        NOTE,
        NOTE + "/bars",
        typed={"word": "زرافة"},
        refused=True,
    ),
    of(COUNSELLOR, "notes.mark_in_error", NOTE, NOTE + "/error"),
    of(TEAM, "continuation.answer", "/stays/{a.members[0].stay}/next", typed={"remark": "تفكّر"}),
    of(
        TEAM,
        "continuation.count",
        "/stays/{a.members[0].stay}/next",
        "/stays/{a.members[0].stay}/completion/yes",
    ),
    of(
        DESK,
        "notebook.ask_for_copy",
        "/people/{candidate.uid}/copy",
        typed={"passphrase": WRONG},
        refused=True,
    ),
    of(DESK, "importing.match", BROUGHT + "/columns"),
    of(
        DESK,
        "importing.choose_sheet",
        BROUGHT + "/columns",
        BROUGHT + "/sheet",
        typed={"head": "1"},
    ),
    of(DESK, "importing.decide", BROUGHT + "/doubts"),
    of(DESK, "importing.confirm", BROUGHT, BROUGHT + "/confirmation"),
    Errand(
        *("importing.give_up", "coordinator_b", BROUGHT_B, BROUGHT_B + "/end"),
        stranger="coordinator",
    ),
)

# What needs more before it than an address can say: tests/workshops, tests/requests, tests/cases,
# tests/reports, tests/importing and tests/access.
ELSEWHERE_OF_LISTS = {
    *("importing.begin", "importing.undo"),
    "reports.publish",
    "workshops.answer",
    "requests.turn_down",
    "cases.accept",
    "cases.recall",
    "cases.reopen",
    "cases.reopen_whole",
}
