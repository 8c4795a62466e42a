"""Every address × every role × own, another's and absent records, against the table in policy.txt."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask

from tests.client import Browser, Page
from tests.organisation import Organisation
from tests.records import attempts

# The columns of the table, and who stands for each.
COLUMNS = ("nobody", "administrator", "coordinator", "facilitator1", "supervisor", "counsellor")
WORDS = {"yes", "own", "none", "no", "sign-in"}


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    method: str
    rule: str
    expected: dict[str, str]

    def __str__(self) -> str:
        return f"{self.method} {self.rule}"


def read_table() -> list[Line]:
    """The lines of policy.txt."""
    lines = []
    for text in (Path(__file__).parent / "policy.txt").read_text().splitlines():
        if text and not text.startswith("#"):
            method, *words = text.split()
            cells = words[-len(COLUMNS) :]
            rule = " ".join(words[: -len(COLUMNS)])
            assert set(cells) <= WORDS, f"policy.txt knows only {WORDS}: {text}"
            lines.append(Line(method, rule, dict(zip(COLUMNS, cells, strict=True))))
    return lines


TABLE = read_table()


def test_every_address_stands_in_the_table_and_nothing_else(application: Flask) -> None:
    real = {
        f"{method} {rule.rule}"
        for rule in application.url_map.iter_rules()
        for method in rule.methods & {"GET", "POST", "PUT", "PATCH", "DELETE"}
    }
    written = {str(line) for line in TABLE}
    assert not real - written, (
        f"Say in tests/policy.txt who may use these, before anybody does: {sorted(real - written)}"
    )
    assert not written - real, (
        f"No such address any more: take it out of tests/policy.txt. {sorted(written - real)}"
    )
    assert len(TABLE) == len(written), (
        "An address stands in tests/policy.txt twice: leave the line that is meant."
    )


@pytest.mark.parametrize("line", TABLE, ids=str)
def test_each_role_reaches_what_the_table_says(
    line: Line, browser: Browser, organisation: Organisation
) -> None:
    wrong = []
    tried = attempts(browser.app, line.method, line.rule, organisation)
    # First what must not be reached, so that nothing done by one role helps the next.
    cases = [
        (kind, case) for kind in ("absent", "another's", "own") for case in tried.get(kind, [])
    ]
    visitors = {who: browser if who == "nobody" else browser.as_(who) for who in COLUMNS}
    for kind, case in cases:
        for who, visitor in visitors.items():
            expected = line.expected[who]
            if expected == "own":
                expected = "yes" if kind == "own" else "not there"
            if expected == "none":
                expected = "not there"
            if line.method == "GET":
                found = outcome(visitor.get(case.address))
            else:
                found = outcome(visitor.post(case.address, case.typed))
            if found != expected:
                wrong.append(f"{who}, {kind} ({case.address}): {found} instead of {expected}")
    assert not wrong, (
        "Let the view ask for the permission, and the query for the scope, that tests/policy.txt "
        f"promises; or correct the line there if another was decided. {line}: " + "; ".join(wrong)
    )


def outcome(page: Page) -> str:
    """What an answer means, in the words of the table."""
    if page.status == 303 and page.location.startswith("/problem/"):
        status = int(page.location.removeprefix("/problem/"))
    elif page.status == 303 and page.location.startswith("/sign-in?then=/"):
        status = 401
    elif page.status == 303 and page.location.startswith(
        "/open/"
    ):  # which says whether it is there
        status = page.follow().status
    else:
        status = page.status
    # 413 is the problem page that the table's line about it asks for.
    words = {
        200: "yes",
        303: "yes",
        422: "yes",
        413: "yes",
        401: "sign-in",
        403: "no",
        404: "not there",
    }
    return words.get(status, str(status))


def test_anothers_record_is_answered_as_if_it_did_not_exist(
    browser: Browser, organisation: Organisation
) -> None:
    facilitator = browser.as_("facilitator1")
    for kind in ("groups", "sessions", "notes", "people"):
        tried = attempts(browser.app, "GET", f"/{kind}/<uid>", organisation)
        others, absent = (facilitator.get(tried[k][0].address) for k in ("another's", "absent"))
        assert others.body == absent.body
        assert others.sent == absent.sent


def test_someone_with_two_roles_does_in_each_only_what_that_role_may(
    browser: Browser, organisation: Organisation
) -> None:
    # They coordinate Ramallah (group B) and facilitate group A in Jerusalem.
    both, a, b = browser.as_("two_roles"), organisation.a, organisation.b
    reached = {
        f"/groups/{a.uid}": 200,
        f"/groups/{b.uid}": 200,
        f"/groups/{b.uid}/edit": 200,
        f"/groups/{a.uid}/edit": 404,
        f"/groups/{a.uid}/members/new": 404,
        f"/people/{b.members[0].uid}/edit": 200,
        f"/people/{a.members[0].uid}": 200,
        f"/people/{a.members[0].uid}/edit": 404,
        f"/people/{a.waiting[0].uid}": 404,
        f"/sessions/{a.meetings[6]}/note": 200,
        f"/sessions/{b.meetings[0]}/note": 404,
        f"/notes/{b.note}": 404,
    }
    found = {address: both.get(address).status for address in reached}
    assert found == reached


@pytest.mark.parametrize("who", ["facilitator1", "supervisor", "two_roles", "coordinator"])
def test_a_draft_is_there_for_its_author_alone(
    who: str, browser: Browser, organisation: Organisation
) -> None:
    expected = 403 if who == "coordinator" else 404
    assert browser.as_(who).get(f"/notes/{organisation.a.draft}").status == expected
    own = browser.as_("facilitator2").get(f"/notes/{organisation.a.draft}")
    assert own.location == f"/sessions/{organisation.a.meetings[1]}/note"
    assert "مسودّة لم تكتمل بعد" in own.follow().text


@pytest.mark.parametrize("who", ["facilitator2", "supervisor", "two_roles"])
def test_a_reflection_is_there_for_its_author_alone(
    who: str, browser: Browser, organisation: Organisation
) -> None:
    other = browser.as_(who)
    assert other.get(f"/notes/{organisation.a.reflection}").status == 404
    assert "تأمّل لنفسي" not in other.get(f"/sessions/{organisation.a.meetings[0]}").text


def test_whoever_waits_is_a_number_to_facilitators(
    browser: Browser, organisation: Organisation
) -> None:
    facilitator = browser.as_("facilitator1")
    page = facilitator.get(f"/groups/{organisation.a.uid}")
    assert organisation.a.members[0].name in page
    for person in (*organisation.a.waiting, *organisation.a.offered):
        assert person.name not in page.text
        assert person.uid not in page.text
        assert facilitator.get(f"/people/{person.uid}").status == 404


def test_a_supervisor_reads_notes_and_no_names(
    browser: Browser, organisation: Organisation
) -> None:
    supervisor, a = browser.as_("supervisor"), organisation.a
    addresses = ["/", "/groups", f"/groups/{a.uid}", f"/notes/{a.note}"]
    addresses += [f"/sessions/{uid}" for uid in a.meetings[:8]]
    for address in addresses:
        page = supervisor.get(address)
        named = [m.name for m in a.members if m.name in page.text or m.uid in page.text]
        assert page.status == 200 and not named, f"{address} names {named}"
    assert "تحدّثنا عن البدايات" in supervisor.get(f"/notes/{a.note}")


def test_who_holds_no_key_sees_that_a_note_exists_and_not_its_text(
    browser: Browser, organisation: Organisation
) -> None:
    page = browser.as_("two_roles").get(f"/notes/{organisation.a.note}")
    assert page.status == 200
    assert "تحدّثنا عن البدايات" not in page.text


def test_after_an_assignment_ended_the_group_is_not_there_any_more(
    browser: Browser, organisation: Organisation
) -> None:
    a, leaver = organisation.a, browser.as_("facilitator1")
    assert leaver.get(f"/groups/{a.uid}").status == 200
    team = browser.as_("coordinator").get(f"/groups/{a.uid}/team")
    team.form(f"/team/{a.assignment}/end").press()
    for address in (f"/groups/{a.uid}", f"/notes/{a.note}", f"/people/{a.members[0].uid}"):
        assert leaver.get(address).status == 404
