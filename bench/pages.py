"""Each main page ÷ the same HTML by hand; and what keys and the audit trail add to it.

Neither side compresses, both look the cookie up, both are called as WSGI
applications in this process. Times are the processor's, so that a busy machine
and its disk do not count; what one waits, the commit of the audit row included,
stands beside as "by the clock". Both HTMLs are of the same size within ten per cent.

A page's own work is what is left without what every page costs: from ours the
page that shows nothing is taken away (an audited one where the page is audited),
from the one by hand the one by hand that shows nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from time import process_time

from bench import fixed, statements
from bench.browser import Asker, Wsgi
from bench.organisation import COORDINATOR, FACILITATOR, Organisation, founded
from bench.plain_pages import PlainPages
from bench.shadow import unsealed
from bench.table import Result
from bench.timing import medians
from bench.without import ReadyKeys, under, without_audit

ROUNDS = 60
OWN_WORK, MOST_STATEMENTS = "<= 3", "<= 8"


def measure() -> Iterator[Result]:
    """What every page costs, one line per page, and the most statements of one."""
    with founded() as organisation:
        fixed.add_pages(organisation.app)
        yield fixed.compare(organisation)
        sides = Sides(organisation.app.wsgi_app, PlainPages(unsealed(organisation)))
        counts: dict[str, statements.Count] = {}
        for name, username, path in pages(organisation):
            cookie = organisation.sign_in(username)
            asker = Asker("GET", path, cookie=cookie)
            counts[name] = statements.count(organisation.app, asker)
            yield _compare(name, asker, cookie, sides, counts[name])
        note = ", ".join(f"{name} {count.own}" for name, count in counts.items())
        # The viewer's two, one for each section that concerns a facilitator, and what they lack.
        yield Result("pages", "statements of Today", counts.pop("Today").own, "<= 12")
        most = max(count.own for count in counts.values())
        yield Result("pages", "most statements of another page", most, MOST_STATEMENTS, "", note)


def pages(organisation: Organisation) -> list[tuple[str, str, str]]:
    """(name, user name, path) of each main page."""
    meeting = f"/sessions/{organisation.meeting}"
    return [
        ("Today", FACILITATOR, "/"),
        ("groups", FACILITATOR, "/groups"),
        ("group of 15", FACILITATOR, f"/groups/{organisation.group}"),
        ("session", FACILITATOR, meeting),
        ("attendance roll", FACILITATOR, f"{meeting}/attendance"),
        ("one by one", FACILITATOR, f"{meeting}/attendance/one"),
        ("note", FACILITATOR, f"{meeting}/note"),
        ("person", FACILITATOR, f"/people/{organisation.person}"),
        ("people", COORDINATOR, "/people"),
    ]


@dataclass(frozen=True)
class Sides:
    """Who is compared."""

    ours: Wsgi
    plain: Wsgi


def _compare(name: str, asker: Asker, cookie: str, sides: Sides, count: statements.Count) -> Result:
    ours, plain = sides.ours, sides.plain
    sizes = len(asker.page(ours)), len(asker.page(plain))
    nothing = Asker("GET", fixed.AUDITED if count.trail else fixed.UNAUDITED, cookie=cookie)
    nothing_by_hand = Asker("GET", "/nothing", cookie=cookie)
    ready = ReadyKeys()
    with ready.remember():
        asker.page(ours)
    taken = medians(
        {
            "ours": partial(asker.page, ours),
            "nothing": partial(nothing.page, ours),
            "plain": partial(asker.page, plain),
            "nothing by hand": partial(nothing_by_hand.page, plain),
            "no audit": under(without_audit, asker, ours),
            "no keys": under(ready.instead, asker, ours),
            "neither": under(ready.instead, asker, ours, without_audit),
        },
        rounds=ROUNDS,
        clock=process_time,
    )
    waited = medians(
        {"ours": partial(asker.page, ours), "plain": partial(asker.page, plain)},
        rounds=ROUNDS // 3,
    )
    whole, by_hand = taken["ours"], taken["plain"]
    own, own_by_hand = whole - taken["nothing"], by_hand - taken["nothing by hand"]
    keys = max(0.0, 100 * (1 - taken["no keys"] / whole))
    audit = max(0.0, 100 * (1 - taken["no audit"] / whole))
    note = (
        f"{own * 1000:.2f} : {own_by_hand * 1000:.2f} ms; all of it {whole * 1000:.1f} : "
        f"{by_hand * 1000:.2f} ms, ÷ by hand {whole / by_hand:.2f}; of which keys {keys:.0f} %, "
        f"audit {audit:.0f} %; without both {taken['neither'] / by_hand:.2f}; "
        f"by the clock {waited['ours'] / waited['plain']:.2f}; {count}"
    )
    if abs(sizes[0] / sizes[1] - 1) > 0.1:
        note += f"; NOT THE SAME SIZE ({sizes[0]} : {sizes[1]} bytes)"
    return Result("pages", f"{name}, own work ÷ by hand", own / own_by_hand, OWN_WORK, note=note)
