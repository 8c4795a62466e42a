"""The addresses behind a line of tests/policy.txt: one's own record, another's, and one that is not there."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import product

from flask import Flask

from tests.organisation import Circle, Organisation

ABSENT = "zzzzzzzzzz"
PLACEHOLDER = re.compile(r"<(?:[^<>:]+:)?(\w+)>")
# Words in an address that name no record.
WORDS = {
    "status": "413",
    "kind": "note",
    ("members", "as_"): "member",
    ("follow-ups", "as_"): "done",
}


# Addresses whose record is nobody's own: one that is there, where a test can know it.
ALONE = {
    "/staff/<uid>": "staff",
    "/staff/<uid>/roles": "staff",
    "/staff/<uid>/places": "staff",
    "/staff/<uid>/departure": "staff",
    "/staff/<uid>/places/<coordination_uid>/end": "",
    "/places/<uid>": "place",
    "/places/<uid>/closed-days": "place",
    "/places/<uid>/closed-days/removal": "place",
    "/invitations/<uid>": "",
    "/invitations/<uid>/end": "",
    "/access/<of_uid>/<user_uid>": "",
    "/join/<token>": "",
    "/shown/<uid>": "",
    "/sign-ins/<digest>/end": "",
}


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
    mine = [_record(rule, name, organisation.a, organisation.candidate.uid) for name in names]
    others = [_record(rule, name, organisation.b, organisation.candidate_b.uid) for name in names]
    found = {"own": [_attempt(rule, dict(zip(names, mine, strict=True)), organisation.a)]}
    if not names:
        return found
    for kind, replaced in (("another's", others), ("absent", [ABSENT] * len(names))):
        found[kind] = [
            _attempt(rule, dict(zip(names, values, strict=True)), organisation.b)
            for values in product(*zip(mine, replaced, strict=True))
            if list(values) != mine
        ]
    if f"{method} {rule}".endswith(
        "POST /sessions/<uid>/attendance"
    ):  # whom a tap marks stands in the form
        found["another's"].append(_attempt(rule, {"uid": mine[0]}, organisation.b))
        found["absent"].append(Attempt(found["own"][0].address, {ABSENT: "present"}))
    return found


def _alone(rule: str, organisation: Organisation) -> dict[str, list[Attempt]]:
    """One record that is there, where the organisation knows one, and one that is not."""
    there = {
        "staff": organisation.staff["facilitator3"].uid,
        "place": organisation.ramallah,
    }.get(ALONE[rule])
    typed = {"facilitator": "y", "site": organisation.jerusalem, "day": "2026-12-25"}
    found = {"absent": [Attempt(PLACEHOLDER.sub(ABSENT, rule), typed)]}
    if there:
        found["own"] = [Attempt(PLACEHOLDER.sub(there, rule), typed)]
    return found


def _record(rule: str, name: str, circle: Circle, candidate: str) -> str:
    """The record of a group's that a placeholder of an address stands for."""
    kind = rule.split("/")[1]
    if name == "uid":
        return {
            "groups": circle.uid,
            "people": circle.members[0].uid,
            "sessions": circle.meetings[6] if len(circle.members) > 1 else circle.meetings[0],
            "stays": (circle.waiting or circle.members)[0].stay,
            "notes": circle.note,
            "follow-ups": circle.follow_up,
        }[kind]
    return {
        "stay_uid": circle.members[0].stay,
        "assignment_uid": circle.assignment,
        "person_uid": candidate if kind == "groups" else circle.members[0].uid,
    }[name]


def _attempt(rule: str, records: dict[str, str], circle: Circle) -> Attempt:
    def value(match: re.Match[str]) -> str:
        name = match[1]
        before = rule[: match.start()].strip("/").split("/")
        word = WORDS.get(name) or next((WORDS[w, name] for w in before if (w, name) in WORDS), "")
        return records.get(name) or word

    typed = {circle.members[0].stay: "present"} if rule.endswith("/attendance") else {}
    return Attempt(PLACEHOLDER.sub(value, rule), typed)
