"""Long lists, fifty at a time: nobody is left out and nobody shown twice."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from app.web.paging import ROWS, Page
from tests.web import invented


def page(application: Flask, total: int, asked: str) -> Page[int]:
    with application.test_request_context(f"/?page={quote(asked)}"):
        return Page.of(range(total))


@given(st.integers(0, 400))
def test_the_pages_together_are_the_list(application, total: int) -> None:
    last = page(application, total, "1").last
    shown = [n for number in range(1, last + 1) for n in page(application, total, str(number)).rows]
    assert shown == list(range(total))


@given(st.integers(0, 400), st.one_of(invented.anything, st.integers(-5, 10**6).map(str)))
def test_whatever_is_asked_for_is_a_page_of_the_list(application, total: int, asked: str) -> None:
    found = page(application, total, asked.encode(errors="ignore").decode())
    assert 1 <= found.number <= found.last
    assert len(found.rows) <= ROWS
    assert found.total == total


@pytest.mark.parametrize(
    ("asked", "number"), [("2", 2), ("9", 3), ("0", 1), ("", 1), ("x", 1), ("-1", 1)]
)
def test_a_page_beyond_the_end_is_the_last_one(application, asked: str, number: int) -> None:
    assert page(application, 101, asked).number == number


def test_what_was_searched_stays_while_one_turns_pages(application) -> None:
    with application.test_request_context("/?kept=abcdefghjk&page=2&other=x"):
        assert Page.of(range(200)).address(3) == {"page": 3, "kept": "abcdefghjk"}
