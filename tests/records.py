"""The addresses behind a line of tests/policy.txt: one's own record, another's, and one that is not there."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import product

from flask import Flask

from tests.organisation import Aid, Circle, Occasion, Organisation

ABSENT = "zzzzzzzzzz"
PLACEHOLDER = re.compile(r"<(?:[^<>:]+:)?(\w+)>")
# Words in an address that name no record.
WORDS = {
    "status": "413",
    "kind": "note",
    "of": "notes",
    ("members", "as_"): "member",
    ("follow-ups", "as_"): "done",
}


# Addresses whose record is nobody's own: one that is there, where a test can know it.
ALONE = {
    "/staff/<uid>": "staff",
    "/staff/<uid>/roles": "staff",
    "/staff/<uid>/places": "staff",
    "/staff/<uid>/end": "staff",
    "/staff/<uid>/places/<coordination_uid>/end": "",
    "/colleagues/<uid>/anew": "colleague",
    "/colleagues/<uid>/anew/link": "colleague",
    "/colleagues/<uid>/anew/end": "colleague",
    "/anew/<token>": "",
    "/colleagues/<uid>/pause": "colleague",
    "/colleagues/<uid>/resumption": "colleague",
    "/places/<uid>": "place",
    "/places/<uid>/closed-days": "place",
    "/places/<uid>/closed-days/removal": "place",
    "/invitations/<uid>": "",
    "/invitations/<uid>/end": "",
    "/access/<of_uid>/<user_uid>": "",
    "/groups/<uid>/team/<user_uid>": "",
    "/workshops/<uid>/team/<user_uid>": "",
    "/join/<token>": "",
    "/shown/<uid>": "",
    "/sign-ins/<digest>/end": "",
    "/calendar/<secret>.ics": "",
    "/open/<link>": "link",
    "/code/<uid>/<any(acceptance, no, cancellation, 'return', undo):as_>": "",
    "/workshops/<uid>/export/<asked>": "",
    "/workshops/<uid>/export/<asked>/file": "",
    "/people/<uid>/copy/<asked>": "",
    "/reports/<uid>": "report",
    "/reports/<uid>/<any(xlsx, csv):as_>": "report",
    "/imports/new/<kind>": "kind",
    "/reports/drafts/<name>": "",
    "/reports/figures/<chapter>": "chapter",
    "/reports/figures/<chapter>/<any(xlsx, csv):as_>": "chapter",
}
# What is done, where an address ends in a word for it.
DONE = {
    "/calendar/<any(on, off):as_>": "off",
    "/staff/short-codes/<any(on, off):as_>": "off",
    "/code/<uid>/<any(acceptance, no, cancellation, 'return', undo):as_>": "acceptance",
    "/sign-ups/<uid>/<as_>": "acceptance",
    "/workshops/<uid>/link/<any(on, off, anew):as_>": "on",
    "/workshops/<uid>/sign-ups/<person_uid>/<any('sign-up','walk-in'):as_>": "sign-up",
    "/workshops/<uid>/state/<as_>": "closing",
    "/requests/<uid>/attempts/<as_>": "reached",
    "/requests/<uid>/<any(closing, reopening, silence):as_>": "closing",
    "/letters/<uid>/<any(agreement, sending, yes, no, completion):as_>": "agreement",
    "/files/<uid>/state/<any(pause, resumption):as_>": "pause",
    "/appointments/<uid>/ending/<as_>": "attended",
    "/appointments/<uid>/fee/<as_>": "paid",
    "/stays/<uid>/completion/<any(yes, no):as_>": "yes",
    "/reports/<uid>/<any(xlsx, csv):as_>": "csv",
    "/reports/figures/<chapter>/<any(xlsx, csv):as_>": "csv",
}


@dataclass(frozen=True)
class Half:
    """What belongs to one of the two places."""

    circle: Circle
    workshop: Occasion
    aid: Aid


@dataclass(frozen=True)
class Attempt:
    """An address to try, and what is sent to it."""

    address: str
    typed: dict[str, str] = field(default_factory=dict)


def attempts(
    app: Flask, method: str, rule: str, organisation: Organisation
) -> dict[str, list[Attempt]]:
    """What to try for an address: "own", "another's" and "absent"; own alone where it names no record.

    With two records in the address, one's own group with another's person is tried too.
    """
    if rule == "/static/<name>":
        return {"own": [Attempt(app.extensions["static_files"].address("site.css"))]}
    if rule in ALONE:
        return _alone(rule, organisation)
    names = [name for name in PLACEHOLDER.findall(rule) if name not in WORDS]
    names = [name for name in names if name != "as_"]
    o = organisation
    here, there = Half(o.a, o.workshop, o.aid), Half(o.b, o.workshop_b, o.aid_b)
    mine = [_record(rule, name, here, o.candidate.uid) for name in names]
    others = [_record(rule, name, there, o.candidate_b.uid) for name in names]
    found = {"own": [_attempt(rule, dict(zip(names, mine, strict=True)), here)]}
    if not names:
        return found
    for kind, replaced in (("another's", others), ("absent", [ABSENT] * len(names))):
        found[kind] = [
            _attempt(rule, dict(zip(names, values, strict=True)), there)
            for values in product(*zip(mine, replaced, strict=True))
            if list(values) != mine
        ]
    if f"{method} {rule}".endswith(
        "POST /sessions/<uid>/attendance"
    ):  # whom a tap marks stands in the form
        found["another's"].append(_attempt(rule, {"uid": mine[0]}, there))
        found["absent"].append(Attempt(found["own"][0].address, {ABSENT: "present"}))
    return found


def _alone(rule: str, organisation: Organisation) -> dict[str, list[Attempt]]:
    """One record that is there, where the organisation knows one, and one that is not."""
    there = {
        "staff": organisation.staff["facilitator3"].uid,
        "colleague": organisation.staff["facilitator2"].uid,
        "place": organisation.ramallah,
        "link": organisation.workshop.link,
        "report": organisation.report,
        "chapter": "groups",
        "kind": "people",
    }.get(ALONE[rule])
    typed = {"facilitator": "y", "site": organisation.jerusalem, "day": "2026-12-25"}
    done = re.sub(r"<[^<>]*:as_>", DONE.get(rule, ""), rule)
    found = {"absent": [Attempt(PLACEHOLDER.sub(ABSENT, done), typed)]}
    if there:
        found["own"] = [Attempt(PLACEHOLDER.sub(there, done), typed)]
    return found


def _record(rule: str, name: str, half: Half, candidate: str) -> str:
    """The record of one place's that a placeholder of an address stands for."""
    circle, workshop, aid = half.circle, half.workshop, half.aid
    kind = rule.split("/")[1]
    if "/choices" in rule:
        return {"uid": aid.person.uid, "consent_uid": aid.consent}[name]
    if name == "uid":
        of = {
            "groups": circle.uid,
            "people": circle.members[0].uid,
            "sessions": circle.meetings[6] if len(circle.members) > 1 else circle.meetings[0],
            "stays": circle.members[0].stay
            if rule.endswith("/next") or "/completion" in rule
            else (circle.waiting or circle.members)[0].stay,
            "notes": circle.note,
            "follow-ups": circle.follow_up,
            "workshops": workshop.uid,
            "sign-ups": workshop.on_list["confirmed"].stay,
            "requests": aid.request,
            "letters": aid.sent,
            "files": aid.file,
            "imports": aid.brought,
            "appointments": aid.note if "/notes/" in rule else aid.held,
        }
        assert kind in of, (
            f"Which record is meant by {rule}? Say it in tests/records.py: make one in "
            "tests/founding.py for each place, and keep its uid in tests/organisation.py."
        )
        return of[kind]
    in_group = kind == "groups" and not rule.endswith("/request")
    return {
        "stay_uid": circle.members[0].stay,
        "assignment_uid": workshop.assignment if kind == "workshops" else circle.assignment,
        "person_uid": candidate if in_group else circle.members[0].uid,
        "other_uid": candidate,
    }[name]


def _attempt(rule: str, records: dict[str, str], half: Half) -> Attempt:
    def value(match: re.Match[str]) -> str:
        name = match[1]
        before = rule[: match.start()].strip("/").split("/")
        word = WORDS.get(name) or next((WORDS[w, name] for w in before if (w, name) in WORDS), "")
        return records.get(name) or (name == "as_" and DONE.get(rule)) or word

    typed = {}
    if rule.endswith("/attendance"):
        typed = {half.circle.members[0].stay: "present"}
        if rule.startswith("/groups"):
            lines, meetings = half.circle.members[0].stay, half.circle.meetings[0]
            typed = {"lines": lines, "meetings": meetings, "mark": "present", "c0-0": ""}
        if rule.startswith("/workshops"):
            typed = {half.workshop.on_list["confirmed"].stay: "attended"}
    return Attempt(PLACEHOLDER.sub(value, rule), typed)
