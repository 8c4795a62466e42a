"""What may leave the house: of no count that is not told can more be known than the report says of it."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.reports.disclosure import FEW, HIDDEN, SHOWN, Column, Told, quarter, year
from tests.reports.attack import Table, known

# A night's run tries ten thousand: DAFTAR_TEST_ORGANISATIONS=10000.
ORGANISATIONS = int(os.environ.get("DAFTAR_TEST_ORGANISATIONS", "200"))
KINDS = ("support", "discussion", "workshops", "individual", "requests")
PLACES = ("north", "south", "east", "west")
many = settings(
    max_examples=ORGANISATIONS,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


class Alike(NamedTuple):
    """So many people who came for the same at the same places, quarter by quarter."""

    number: int
    kinds: tuple[frozenset[str], ...]
    places: tuple[frozenset[str], ...]
    later: int
    """How many of them are written down by the end of the year."""


class Organisation(NamedTuple):
    """Who came in the quarters of a year, and what was the threshold when each report was made."""

    people: list[Alike]
    kinds: tuple[str, ...]
    places: tuple[str, ...]
    thresholds: list[int]
    one_place: bool
    """Whether nobody comes to two places within a quarter."""

    @property
    def quarters(self) -> range:
        return range(len(self.thresholds))


@st.composite
def organisations(draw: st.DrawFn) -> Organisation:
    """Small and large ones, with few and many rows; what is written down may change within the year."""
    kinds = KINDS[: draw(st.integers(1, 5))]
    places = PLACES[: draw(st.integers(1, 4))]
    quarters = draw(st.integers(1, 4))
    usual = draw(st.sampled_from((5, 10, 10)))
    thresholds = [draw(st.sampled_from((usual, usual, usual, 7))) for _ in range(quarters)]
    one_place, drifts = draw(st.booleans()), draw(st.booleans())
    numbers = st.one_of(st.integers(1, 4), st.integers(1, 12), st.integers(8, 40))
    people = []
    for _ in range(draw(st.integers(1, 9))):
        at_kinds, at_places = [], []
        for _quarter in range(quarters):
            came = draw(st.frozensets(st.sampled_from(kinds), max_size=3))
            where = draw(
                st.frozensets(st.sampled_from(places), min_size=1, max_size=1 if one_place else 2)
            )
            at_kinds.append(came)
            at_places.append(where if came else frozenset())
        number = draw(numbers)
        later = max(0, number + draw(st.integers(-4, 4))) if drifts else number
        people.append(Alike(number, tuple(at_kinds), tuple(at_places), later))
    return Organisation(people, kinds, places, thresholds, one_place)


def counted(rows: Sequence[str], came: Sequence[tuple[int, frozenset[str]]]) -> dict[str, int]:
    """How many people there are in each row."""
    found: Counter[str] = Counter()
    for number, where in came:
        found.update(dict.fromkeys(where, number))
    return {row: found[row] for row in rows}


def published(of: Organisation) -> tuple[dict[str, Table], Told]:
    """What the reports of an organisation tell: of each quarter, then of the year."""
    by_kind, by_place = [], []
    for q in of.quarters:
        total = sum(one.number for one in of.people if one.kinds[q])
        kinds = counted(of.kinds, [(one.number, one.kinds[q]) for one in of.people])
        places = counted(of.places, [(one.number, one.places[q]) for one in of.people])
        nothing = {kind for kind in of.kinds[:-1][:2] if kinds[kind] == 0}
        by_kind.append(quarter(total, kinds, of.thresholds[q], none_in=nothing))
        by_place.append(quarter(total, places, of.thresholds[q]))
    total = sum(one.later for one in of.people if any(one.kinds))
    kinds = counted(of.kinds, [(one.later, frozenset().union(*one.kinds)) for one in of.people])
    places = counted(of.places, [(one.later, frozenset().union(*one.places)) for one in of.people])
    told, (year_kinds, year_places) = year(total, [(kinds, by_kind), (places, by_place)])
    return {
        "kind": Table(by_kind, year_kinds),
        "place": Table(by_place, year_places, apart=of.one_place),
    }, told


@many
@given(organisations())
def test_nothing_follows_for_what_is_not_told(of: Organisation) -> None:
    tables, total = published(of)
    for (table, row, at), told, least, most in known(tables, of.thresholds, total).bounds():
        if at == 0:
            continue  # a year's total is no secret of its own: it is left out so that nothing follows
        threshold, what = of.thresholds[at - 1], f"{table or 'total'} {row} of quarter {at}"
        if told.as_ == FEW:
            assert (least, most) == (0, threshold - 1), f"{what}: not few, but {least} to {most}."
        else:
            assert most - least >= threshold - 1, f"{what} is not told, and is {least} to {most}."


@many
@given(organisations())
def test_totals_are_what_their_parts_can_be(of: Organisation) -> None:
    tables, total = published(of)
    for table in tables.values():
        assert table.year is not None
        columns = [*table.quarters, Column(total, table.year)]
        lines = [(column.total, [*column.rows.values()]) for column in columns]
        lines += [
            (told, [column.rows[row] for column in table.quarters])
            for row, told in table.year.items()
        ]
        lines.append((total, [column.total for column in table.quarters]))
        for whole, parts in lines:
            numbers = [part.number for part in parts if part.number is not None]
            if whole.number is None or not numbers:
                continue
            assert max(numbers) <= whole.number
            assert whole.number <= sum(numbers) or len(numbers) < len(parts)


@many
@given(organisations())
def test_no_count_of_people_below_the_threshold_is_told(of: Organisation) -> None:
    tables, total = published(of)
    for table in tables.values():
        assert table.year is not None
        for column, threshold in zip(table.quarters, of.thresholds, strict=True):
            for told in (column.total, *column.rows.values()):
                assert told.number is None or told.number >= threshold or told.number == 0
        for told in (total, *table.year.values()):
            assert told.number is None or told.number >= min(of.thresholds) or told.number == 0


def told(column: Column) -> list[str | int]:
    """A column as one reads it, the total first."""
    return [
        one.as_ if one.number is None else one.number
        for one in (column.total, *column.rows.values())
    ]


@pytest.mark.parametrize(
    ("total", "rows", "none_in", "expected"),
    [
        (9, (9, 3, 0), (), [FEW, FEW, FEW, FEW]),
        (41, (20, 15, 12), (), [41, 20, 15, 12]),
        (41, (20, 15, 3), (), [41, HIDDEN, 15, FEW]),
        (50, (3, 20, 15, 12), (), [50, FEW, HIDDEN, 15, 12]),
        # Nothing is left for what covers: no row is told.
        (20, (15, 15, 3), (), [20, HIDDEN, HIDDEN, HIDDEN]),
        (20, (15, 6, 3), (), [20, HIDDEN, HIDDEN, HIDDEN]),
        (17, (9, 8, 0), (), [17, HIDDEN, HIDDEN, HIDDEN]),
        # Where nothing took place, nobody came, and everybody knows.
        (41, (20, 0, 21), (1,), [41, 20, 0, 21]),
        (4, (4, 0, 0), (1,), [FEW, FEW, 0, FEW]),
    ],
)
def test_a_quarter_is_told_in_one_of_four_ways(
    total: int, rows: tuple[int, ...], none_in: tuple[int, ...], expected: list[str | int]
) -> None:
    named = {KINDS[number]: value for number, value in enumerate(rows)}
    nothing = {KINDS[number] for number in none_in}
    assert told(quarter(total, named, 10, none_in=nothing)) == expected


def test_a_year_is_told_where_its_quarters_were() -> None:
    kinds = [
        quarter(40, {"a": 30, "b": 20, "c": 15}, 10),
        quarter(45, {"a": 30, "b": 20, "c": 3}, 10),
    ]
    places = [quarter(40, {"n": 25, "s": 15}, 10), quarter(45, {"n": 25, "s": 20}, 10)]
    total, (by_kind, by_place) = year(
        60, [({"a": 40, "b": 30, "c": 16}, kinds), ({"n": 35, "s": 25}, places)]
    )
    assert told(kinds[1]) == [45, HIDDEN, 20, FEW]
    assert total == Told(SHOWN, 60)
    assert [one.number for one in by_kind.values()] == [None, 30, None]
    assert [one.number for one in by_place.values()] == [35, 25]


def test_a_year_in_which_a_quarter_had_few_has_no_total() -> None:
    columns = [quarter(40, {"a": 40}, 10), quarter(6, {"a": 6}, 10)]
    total, (rows, _same) = year(43, [({"a": 43}, columns), ({"a": 43}, columns)])
    assert (total, rows["a"]) == (Told(HIDDEN), Told(HIDDEN))


def test_a_year_that_does_not_fit_what_was_published_is_not_told() -> None:
    columns = [quarter(40, {"a": 40}, 10), quarter(20, {"a": 20}, 10)]
    for number in (39, 61):
        total, (rows, _same) = year(number, [({"a": number}, columns), ({"a": number}, columns)])
        assert (total, rows["a"]) == (Told(HIDDEN), Told(HIDDEN))


def test_more_than_its_quarters_can_hold_gives_a_few_away() -> None:
    """What the solver is for: a total that is told beside its parts says how few the one was that is not."""
    few = Column(Told(SHOWN, 40), {"a": Told(SHOWN, 20), "b": Told(SHOWN, 15), "c": Told(FEW)})
    ((_key, _told, least, most),) = known({"kind": Table([few])}, [10]).bounds()
    assert (least, most) == (5, 9)
