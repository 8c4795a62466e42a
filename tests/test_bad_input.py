"""Whatever is sent to a form: it is done, or refused in clear Arabic with nothing changed, never 500."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.extensions import db
from app.web.models import KeptForm
from tests.assignments.agreement import assert_they_agree
from tests.bad_input.outcomes import assert_clear, assert_unchanged, contents, outcome
from tests.client import Browser, FormOnPage
from tests.errand_table import ELSEWHERE, ERRANDS
from tests.errands import Errand, controls, form_to, typed_fields, values
from tests.organisation import Organisation

HUGE = "ز" * 170_000  # sent as %D8%B2: a megabyte
INVISIBLE = "\u202e\u200b\x07\u2066\u00ad\u200f\x1b"
ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
# Nothing but what can be left empty stands in these.
EMPTY_IS_ENOUGH = {
    *("notebook.find_people", "notebook.look_for", "groups.find_candidates", "sessions.explain"),
    *("notes.save", "accounts.prefer", "workshops.find", "requests.follow", "requests.send"),
    *("requests.propose", "requests.redirect", "continuation.answer", "sessions.count_guests"),
    *("requests.create_of_person", "importing.choose_sheet"),
}
# How many signs are too many where 400 are not.
LONGER = {
    **dict.fromkeys(("notes.save", "notes.add"), 70_000),
    **dict.fromkeys(("requests.send", "requests.create_of_person"), 2_100),
}
# Leads each time to a code word sealed anew: tests/workshops/test_public.py sends it twice.
SEALED_ANEW = "workshops.sign_up_outside"
# Counts each save of a draft, and nothing else of it differs.
COUNTS_SAVES = "notes.save"
# A button, a choice, a tick: nothing is typed into these.
NOTHING_TYPED = {
    *("accounts.end_sign_ins", "accounts.leave", "accounts.prefer", "accounts.sign_out"),
    *("cases.end_appointment", "cases.end_supervision", "cases.settle_fee", "cases.turn"),
    *("continuation.count", "follow_ups.end", "notes.mark_in_error", "notebook.keys_printed"),
    *(
        "groups.accept",
        "groups.assign",
        "groups.cancel",
        "groups.enrol",
        "groups.reopen",
        "groups.unassign",
        "groups.undo_departure",
    ),
    *(
        *("notebook.allow_short_codes", "notebook.close", "notebook.pause"),
        "notebook.assign_place",
        "notebook.end_account",
        "notebook.set_roles",
        "notebook.turn_calendar",
    ),
    *("importing.confirm", "importing.decide", "importing.give_up", "importing.match"),
    *("people.open_again", "people.withdraw"),
    *("requests.attempt", "requests.end", "requests.move_on", "requests.place"),
    *(
        "sessions.complete",
        "sessions.hold",
        "sessions.let_return",
        "sessions.make_up",
        *("sessions.correct", "sessions.mark"),
        "sessions.miss",
        "sessions.undo_miss",
        "sessions.unmark",
    ),
    *(
        "workshops.act",
        "workshops.assign",
        "workshops.keep_apart",
        "workshops.mark",
        "workshops.merge",
        "workshops.sign_up",
        "workshops.turn",
        "workshops.turn_link",
        "workshops.unassign",
    ),
}
# Numbers, dates and hours are typed into these.
DIGITS_TYPED = {
    *("cases.book", "cases.move", "importing.choose_sheet", "notebook.set_term", "people.close"),
    *("groups.create", "groups.depart", "groups.make_offer", "groups.set_when", "groups.update"),
    *(
        "sessions.count_guests",
        "sessions.create",
        "sessions.keep_follow_up",
        "sessions.move",
        "sessions.plan",
        "sessions.set_joining",
    ),
    *("workshops.create", "workshops.make_offer", "workshops.repeat", "workshops.update"),
}


def each(errands: Iterable[Errand]) -> pytest.MarkDecorator:
    """Once for each of these."""
    return pytest.mark.parametrize("errand", [*errands], ids=str)


each_errand = each(ERRANDS)
each_typed = each(one for one in ERRANDS if one.endpoint not in NOTHING_TYPED)


@pytest.fixture
def at_hand(errand: Errand, browser: Browser, organisation: Organisation) -> tuple[Errand, Browser]:
    """The errand with the organisation's ids, and the browser it is done in."""
    placed = errand.placed(organisation)
    return placed, placed.visitor(browser)


def test_every_route_that_takes_a_post_has_its_form_in_the_table(application: Flask) -> None:
    real = {r.endpoint for r in application.url_map.iter_rules() if "POST" in r.methods}
    assert real == {errand.endpoint for errand in ERRANDS} | ELSEWHERE, (
        "Write a line for each route into tests/errand_table.py, or for lists into tests/errand_table_of_lists.py: whatever is typed there is then tried."
    )


def digits_typed(errand: Errand, form: FormOnPage) -> dict[str, str]:
    """What is typed into the fields for numbers, dates and hours."""
    typed = {
        name: errand.typed.get(name) or node.get("value")
        for name, node in typed_fields(form).items()
        if node.get("inputmode") == "numeric" or node.get("type") in ("date", "time")
    }
    return {name: text for name, text in typed.items() if text}


def try_it(
    app: Flask,
    errand: Errand,
    visitor: Browser,
    changes: dict[str, str],
    why: str,
    form: FormOnPage | None = None,
) -> str:
    """Post the form with some fields changed, as a browser and as htmx; what came of it.

    What was refused changed nothing: the same form is sent again.
    """
    form = form or errand.form(visitor)
    region = form.node.get("hx-target").lstrip("#") or "elsewhere"
    before = contents(app)
    sent = values(form, changes)
    answers = {"plain": outcome(visitor.post(errand.address, sent))}
    if answers["plain"].word != "done":
        answers["htmx"] = outcome(visitor.post(errand.address, sent, htmx=region))
    for how, found in answers.items():
        where = f"{errand}, {why}, {how}"
        assert found.word != "500", f"{where}: the program broke."
        if found.word == "refused":
            assert found.page is not None
            assert_clear(found.page)
            assert_unchanged(app, before, where)
    words = {found.word for found in answers.values()}
    assert len(words) == 1, f"{errand}, {why}: {answers} should end alike."
    return words.pop()


@each_errand
def test_what_is_right_is_done(at_hand: tuple[Errand, Browser], app: Flask) -> None:
    errand, visitor = at_hand
    expected = "refused" if errand.refused else "done"
    form = errand.form(visitor)
    assert bool(typed_fields(form)) == (errand.endpoint not in NOTHING_TYPED), "See above."
    assert bool(digits_typed(errand, form)) == (errand.endpoint in DIGITS_TYPED), "See above."
    assert try_it(app, errand, visitor, errand.typed, "as it should be") == expected


@each_typed
def test_an_empty_form_is_done_or_says_what_is_missing(
    at_hand: tuple[Errand, Browser], app: Flask
) -> None:
    errand, visitor = at_hand
    changes = dict.fromkeys(typed_fields(errand.form(visitor)), "")
    found = try_it(app, errand, visitor, changes, "everything empty")
    assert found == ("done" if errand.endpoint in EMPTY_IS_ENOUGH else "refused")


@each_errand
def test_each_field_alone_takes_nonsense_or_says_what_is_wrong(
    at_hand: tuple[Errand, Browser], app: Flask
) -> None:
    errand, visitor = at_hand
    wrong, form = [], errand.form(visitor)
    for name, (kind, _node) in controls(form).items():
        for nonsense in ("", "هذا ليس رقمًا", "²", "-1", "9" * 400, INVISIBLE):
            if name == "once" or kind == "checkbox":
                continue
            typed, why = errand.typed | {name: nonsense}, f"{name}={nonsense}"
            try:
                if try_it(app, errand, visitor, typed, why, form) != "refused":
                    form = errand.form(visitor)
            except Exception as error:
                wrong.append(f"{name} ({kind}) = {nonsense[:20]!r}: {error}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.slow
@each_typed
def test_a_megabyte_in_any_field_is_refused_and_shown_again(
    at_hand: tuple[Errand, Browser], app: Flask
) -> None:
    errand, visitor = at_hand
    form = errand.form(visitor)
    for name in typed_fields(form):
        typed, why = errand.typed | {name: HUGE}, f"{name}: a megabyte"
        found = try_it(app, errand, visitor, typed, why, form)
        assert found == "refused", f"{name} took a megabyte: {found}"


@each_typed
def test_what_was_typed_is_shown_again_except_the_passphrase(
    at_hand: tuple[Errand, Browser], app: Flask
) -> None:
    errand, visitor = at_hand
    form = errand.form(visitor)
    marked = "<script>alert(1)</script> سلمى & «هدى»"
    too_long = LONGER.get(errand.endpoint, 400)
    typed = dict.fromkeys(typed_fields(form), f"{marked} {'ه' * too_long}")
    answer = visitor.post(errand.address, values(form, typed))
    assert "kept=" in answer.location, f"{errand}: this should have been refused."
    shown = answer.follow()
    assert shown.status == 422
    assert "<script>alert" not in shown.text
    for name, (kind, node) in controls(form_to(shown, errand.address)).items():
        stands = node.raw if kind == "textarea" else node.get("value")
        if kind == "password":
            assert not stands and marked not in shown.root.raw
        elif name in typed:
            assert marked in stands, f"{name} is not shown again: {stands[:80]!r}"


@each(one for one in ERRANDS if one.endpoint in DIGITS_TYPED)
def test_arabic_digits_are_digits(at_hand: tuple[Errand, Browser], app: Flask) -> None:
    errand, visitor = at_hand
    typed = digits_typed(errand, errand.form(visitor))
    with_digits = {name: text.translate(ARABIC_DIGITS) for name, text in typed.items()}
    assert with_digits and not any(text.isascii() for text in with_digits.values())
    assert try_it(app, errand, visitor, errand.typed | with_digits, "Arabic digits") == "done"


@each_errand
def test_another_sites_page_posts_nothing(at_hand: tuple[Errand, Browser], app: Flask) -> None:
    errand, visitor = at_hand
    sent = values(errand.form(visitor), errand.typed)
    before, kept = contents(app), kept_forms(app)
    assert visitor.post(errand.address, sent, foreign=True).status == 403
    no_word = {"Sec-Fetch-Site": "same-site", "Origin": "https://evil.example"}
    assert visitor.post(errand.address, sent, foreign=True, **no_word).status == 403
    assert_unchanged(app, before, f"{errand} from elsewhere")
    assert kept_forms(app) == kept, "What came from another site is not kept."


@each(one for one in ERRANDS if one.stranger)
def test_to_a_colleague_with_another_assignment_it_does_not_exist(
    at_hand: tuple[Errand, Browser], app: Flask, browser: Browser
) -> None:
    errand, visitor = at_hand
    sent, stranger = values(errand.form(visitor), errand.typed), browser.as_(errand.stranger)
    before = contents(app)
    assert stranger.post(errand.address, sent).location == "/problem/404"
    assert stranger.post(errand.address, sent, htmx="elsewhere").status == 404
    assert_unchanged(app, before, f"{errand} by {errand.stranger}")


@each_errand
def test_the_same_post_twice_is_done_once_and_leads_to_the_same_place(
    at_hand: tuple[Errand, Browser], app: Flask
) -> None:
    errand, visitor = at_hand
    form = errand.form(visitor)
    sent = values(form, errand.typed)
    first = visitor.post(errand.address, sent)
    assert errand.refused or outcome(first).word == "done"
    assert_they_agree(app)
    before = contents(app, but_sealed=True)
    again = [visitor.post(errand.address, sent, htmx=htmx) for htmx in ("", "elsewhere")]
    after = contents(app, but_sealed=True)
    of_draft = {"notes"} if errand.endpoint == COUNTS_SAVES else set()
    doubled = [name for name in before.keys() - of_draft if before[name] != after[name]]
    assert [before[n].total() for n in of_draft] == [after[n].total() for n in of_draft]
    assert not doubled, (
        f"{errand}, sent again, changed {doubled}: give its form a key (@idempotent)."
    )
    if "once" in form.names() and errand.endpoint != SEALED_ANEW:
        assert {answer.location for answer in again} == {first.location}


def kept_forms(app: Flask) -> int:
    """How many refused forms are kept."""
    with app.app_context():
        number = db.session.scalar(select(func.count()).select_from(KeptForm))
        db.session.remove()
    return number
