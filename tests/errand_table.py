"""Every form that can be posted: who posts it, from which page, to where, with what.

A new route that takes a POST needs a line here before tests/test_bad_input.py
and tests/test_seizure.py pass; those about workshops, requests and files stand
in tests/errand_table_of_lists.py.
"""

from __future__ import annotations

from tests.errand_table_of_lists import ELSEWHERE_OF_LISTS, ERRANDS_OF_LISTS
from tests.errands import Errand, of

WHEN = ("coordinator", "/groups/{planned.uid}/when", {"weekday": "2", "at": "18:00"})
PLANNED = ((*WHEN[:2], WHEN[2] | {"first_on": "2026-12-02"}),)
MISSED = (("coordinator", "/sessions/{a.meetings[8]}/cancellation", {"reason": "illness"}),)
DESK, TEAM = "coordinator", "facilitator1"
GROUP_A, PLAN = "/groups/{a.uid}", "/groups/{planned.uid}"
TODAY_S, NEXT = "/sessions/{a.meetings[7]}", "/sessions/{a.meetings[8]}"
EXCUSED = "/sessions/{a.meetings[1]}/attendance/{a.members[5].stay}"
FOLLOWED = "/sessions/{a.meetings[7]}/follow-ups/{a.members[2].uid}"
WRONG = {"username": "nobody-here", "passphrase": "not the right one"}

ADMIN, STRONG = "administrator", "olive lantern quiet harbor stone zebra"
STAFF, PLACE = "/staff/{staff", "/places/{ramallah}"
ROLES_OF = STAFF + "[facilitator3].uid}/roles"
PLACES_OF = STAFF + "[coordinator].uid}/places"
DEPARTURE_OF = STAFF + "[counsellor].uid}/end"
ANEW = "/colleagues/{staff[facilitator2].uid}/anew"
CLOSED = ((ADMIN, PLACE + "/closed-days", {"closed_on": "2027-01-01"}),)

ERRANDS = (
    *ERRANDS_OF_LISTS,
    Errand("accounts.begin_sign_in", "", "/sign-in", typed=WRONG, refused=True),
    Errand("accounts.prefer", "facilitator1", "/more", "/preferences"),
    Errand("accounts.sign_out", "facilitator1", "/more", "/sign-out"),
    Errand("accounts.leave", "facilitator1", "/more", "/leave"),
    Errand("notebook.find_people", DESK, "/people", typed={"q": "سلمى"}),
    Errand("notebook.look_for", DESK, "/search", typed={"q": "سلمى"}),
    Errand("people.create", DESK, "/people/new", typed={"name": "نبيلة"}),
    of(DESK, "people.update", "/people/{candidate.uid}/edit", typed={"name": "نبيلة"}),
    Errand("groups.create", DESK, "/groups/new", typed={"name": "الصنوبر"}),
    of(DESK, "groups.set_when", PLAN + "/when", typed={"first_on": "2026-12-02"}),
    of(DESK, "sessions.plan", PLAN + "/dates", first=PLANNED),
    of(DESK, "groups.update", GROUP_A + "/edit", typed={"name": "الصنوبر"}),
    of(DESK, "groups.cancel", PLAN, PLAN + "/cancellation"),
    of(
        DESK,
        "groups.reopen",
        PLAN + "?said=group-cancelled&of={planned.uid}",
        PLAN + "/reopening",
        first=((DESK, PLAN + "/cancellation", {}),),
    ),
    of(DESK, "sessions.complete", GROUP_A, GROUP_A + "/completion", refused=True),
    of(DESK, "groups.find_candidates", GROUP_A + "/members/new", typed={"q": "مجد"}),
    of(DESK, "groups.enrol", GROUP_A + "/members/new", GROUP_A + "/members/{candidate.uid}/member"),
    of(DESK, "groups.enrol_newcomer", GROUP_A + "/people/new", typed={"name": "نبيلة"}),
    of(DESK, "groups.assign", PLAN + "/team"),
    of(
        DESK,
        "groups.entrust",
        PLAN + "/team/{staff[facilitator3].uid}",
        typed={"passphrase": "not the right one"},
        refused=True,
    ),
    of(DESK, "groups.unassign", GROUP_A + "/team", GROUP_A + "/team/{a.assignment}/end"),
    of(DESK, "groups.make_offer", "/stays/{a.waiting[0].stay}/offer"),
    of(DESK, "groups.accept", GROUP_A, "/stays/{a.waiting[0].stay}/acceptance"),
    of(DESK, "groups.depart", "/stays/{a.members[0].stay}/end", typed={"reason": "سفر"}),
    of(
        DESK,
        "groups.undo_departure",
        GROUP_A + "?said=stay-ended&of={a.left[0].stay}",
        "/stays/{a.left[0].stay}/end/undo",
    ),
    of(DESK, "sessions.create", GROUP_A + "/dates/new", typed={"on": "2027-03-03"}),
    of(DESK, "sessions.hold", TODAY_S, TODAY_S + "/holding"),
    of(DESK, "sessions.miss", TODAY_S + "/cancellation"),
    of(DESK, "sessions.undo_miss", NEXT, NEXT + "/cancellation/undo", first=MISSED),
    of(DESK, "sessions.make_up", NEXT, NEXT + "/make-up", first=MISSED),
    of(DESK, "sessions.move", NEXT + "/move", typed={"at": "19:30"}),
    of(DESK, "sessions.count_guests", TODAY_S, TODAY_S + "/guests", typed={"guests": "3"}),
    of(TEAM, "sessions.mark", TODAY_S + "/attendance", typed={"{a.members[0].stay}": "late"}),
    of(
        TEAM,
        "sessions.correct",
        "/groups/{a.uid}?mark=l",
        "/groups/{a.uid}/attendance",
        typed={"c0-0": ""},
    ),
    of(TEAM, "sessions.explain", EXCUSED, typed={"reason": "سفر"}),
    of(TEAM, "sessions.unmark", EXCUSED, EXCUSED + "/removal"),
    of(TEAM, "sessions.add_newcomer", TODAY_S + "/people/new", typed={"name": "نبيلة"}),
    of(
        TEAM,
        "sessions.let_return",
        TODAY_S + "/people/new",
        TODAY_S + "/people/{a.left[0].stay}/return",
    ),
    of(DESK, "sessions.set_joining", "/stays/{a.members[0].stay}/joining"),
    of(TEAM, "sessions.keep_follow_up", FOLLOWED, typed={"what": "مكالمة"}),
    of(TEAM, "follow_ups.end", "/", "/follow-ups/{a.follow_up}/done"),
    of(TEAM, "notes.save", TODAY_S + "/note", typed={"happened": "لقاء هادئ"}),
    of(TEAM, "notes.save", TODAY_S + "/reflection", typed={"happened": "لنفسي"}),
    of(TEAM, "notes.add", "/notes/{a.note}", "/notes/{a.note}/additions", typed={"text": "و"}),
    of(
        TEAM,
        "notes.blank",
        "/notes/{a.note}",
        "/notes/{a.note}/bars",
        typed={"word": "زرافة"},
        refused=True,
    ),
    of(
        DESK,
        "notebook.remove",
        "/people/{candidate.uid}/removal",
        typed={"passphrase": "not the right one"},
        refused=True,
    ),
    of(TEAM, "notes.mark_in_error", "/notes/{a.note}", "/notes/{a.note}/error"),
    Errand(
        "accounts.change_passphrase",
        TEAM,
        "/passphrase",
        typed={"passphrase": "not the right one", "new": STRONG},
        refused=True,
    ),
    Errand("accounts.end_sign_ins", TEAM, "/sign-ins", "/sign-ins/end"),
    Errand("notebook.close", TEAM, "/colleagues", "/colleagues/{staff[facilitator2].uid}/pause"),
    Errand("notebook.pause", TEAM, "/pause"),
    Errand("notebook.renew", ADMIN, ANEW, typed={"passphrase": "not mine"}, refused=True),
    Errand(
        "accounts.recover",
        "",
        "/recover",
        typed={"username": "nobody-here", "code": "AAAA-BBBB", "passphrase": STRONG},
        refused=True,
    ),
    Errand("notebook.invite", ADMIN, "/staff/new", typed={"name": "سنديان", "supervisor": "y"}),
    Errand("notebook.set_roles", ADMIN, STAFF + "[facilitator3].uid}", ROLES_OF),
    Errand("notebook.assign_place", ADMIN, STAFF + "[coordinator].uid}", PLACES_OF),
    Errand("notebook.end_account", ADMIN, STAFF + "[counsellor].uid}", DEPARTURE_OF),
    Errand("notebook.set_term", ADMIN, "/terms/notes", typed={"number": "9"}),
    Errand("notebook.keys_printed", ADMIN, "/", "/first-hour/printed"),
    Errand("people.create_place", ADMIN, "/places/new", typed={"name": "نابلس", "name_en": "N"}),
    Errand("people.change_place", ADMIN, PLACE, typed={"name": "رام الله"}),
    Errand("people.close", ADMIN, PLACE, PLACE + "/closed-days", {"closed_on": "2027-01-01"}),
    Errand("people.open_again", ADMIN, PLACE, PLACE + "/closed-days/removal", first=CLOSED),
)

# Forms that need more before them than an address can say: who types there stands in
# tests/seizure/staff.py, and what is wrong there in tests/accounts and tests/access.
ELSEWHERE = ELSEWHERE_OF_LISTS | {
    "accounts.accept",
    "accounts.complete_sign_in",
    "accounts.end_sign_in",
    "accounts.set_anew",
    "accounts.set_second_factor",
    "accounts.unlock",
    "accounts.unlock_with_code",
    "notebook.end_place",
    "notebook.give",
    "notebook.open_again",
    "notebook.refuse_renewal",
    "notebook.take_back",
    "notes.review",
    "notes.take_back",
}
