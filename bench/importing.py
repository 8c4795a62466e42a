"""A spreadsheet of 5,000 rows, every fifth with a fault: reading it, showing it, bringing it in, taking it back."""

from __future__ import annotations

import csv
import io
import re
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bench.organisation import COORDINATOR, Organisation, founded, founded_on_postgres
from bench.table import Result

ROWS, EVERY = 5_000, 5
HEAD = ("الاسم", "رقم الهاتف", "وسيلة التواصل", "العمر", "موافقة على التواصل", "ملاحظات")
# What is wrong in one row: no name, a word, an age, a consent, a name that is too long.
FAULTS = (
    {0: ""},
    {2: "حمام زاجل"},
    {3: "كبيرة"},
    {4: "ربّما"},
    {0: "ن" * 90},
)
Done = TypeVar("Done")


def measure() -> Iterator[Result]:
    """On SQLite."""
    with founded() as organisation:
        yield from _steps("importing", organisation)


def measure_on_postgres() -> Iterator[Result]:
    """The same on PostgreSQL."""
    with founded_on_postgres() as organisation:
        yield from _steps("importing-postgres", organisation)


def rows() -> list[tuple[str, ...]]:
    """The rows: numbers that no phone has, names told apart by a number."""
    made = [HEAD]
    for number in range(ROWS):
        phone, age = f"054-{number // 1000:03}-{number:04}", str(18 + number % 40)
        agrees = "نعم" if number % 2 else ""
        row = dict(enumerate((f"شخص {number}", phone, "واتساب", age, agrees, "تفضيل المساء")))
        if number % EVERY == 0:
            row |= FAULTS[number // EVERY % len(FAULTS)]
        made.append(tuple(row[column] for column in range(len(HEAD))))
    return made


def _steps(part: str, organisation: Organisation) -> Iterator[Result]:
    client = organisation.app.test_client()
    client.set_cookie("daftar", organisation.sign_in(COORDINATOR))
    form = _get(client, "/imports/new/people").text
    into = re.findall(r'<option value="(\w{10})"', form)[0]
    text = io.StringIO()
    csv.writer(text).writerows(rows())
    whole = 0.0

    def timed(what: str, act: Callable[[], Done], goal: str = "") -> tuple[Done, Result]:
        nonlocal whole
        begun = time.perf_counter()
        done = act()
        taken = time.perf_counter() - begun
        whole += taken
        return done, Result(part, what, taken, goal, " s")

    file = (io.BytesIO(text.getvalue().encode()), "people.csv")
    answer, result = timed(
        "choosing 5,000 rows", lambda: _post(client, "/imports/new/people", file=file, into=into)
    )
    yield result
    address = answer.location
    shown, result = timed("what each becomes", lambda: _get(client, address))
    yield result
    (seen,) = re.findall(r'name="seen" value="(\w+)"', shown.text)
    _answer, result = timed(
        "bringing in 4,000", lambda: _post(client, f"{address}/confirmation", seen=seen)
    )
    yield result
    yield Result(part, "all of it", whole, "<= 10", " s")
    _answer, result = timed("taking it back", lambda: _post(client, f"{address}/undo"), "<= 10")
    yield result


def _get(client: FlaskClient, address: str) -> TestResponse:
    answer = client.get(address, headers={"Sec-Fetch-Site": "same-origin"})
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status}")
    return answer


def _post(client: FlaskClient, address: str, **typed: object) -> TestResponse:
    answer = client.post(address, data=typed, headers={"Sec-Fetch-Site": "same-origin"})
    if answer.status_code != 303 or "kept=" in answer.location:
        raise RuntimeError(f"{address} answered {answer.status} {answer.location}")
    return answer
