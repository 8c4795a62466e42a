"""The invented organisation of the demo: two places, ten colleagues, five groups, their workshops and last half year.

Every date follows from the day of filling, so that a group always meets today.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import current_app

from app.accounts import joining, rules
from app.accounts.line import Cost
from app.accounts.models import User
from app.assignments import closing
from app.clock import ZONE, now, standing_at, today
from app.demo import counselling, spreadsheets, texts, workshops
from app.demo.cycle import PLANNED_AHEAD, Cycle
from app.demo.diary import Colleague, Notebook
from app.demo.olive import OLIVE
from app.demo.people import ALMOND, DESK
from app.extensions import db
from app.groups.rules import A_WEEK, starts_at
from app.notebook import colleagues, erasing
from app.people import cards, contact, places
from app.people.models import ClosedDay, Site
from app.reports import publishing
from app.reports import queries as reports
from app.vault import envelope

FOUNDED_BEFORE = timedelta(days=260)
MONDAY, TUESDAY, WEDNESDAY = 0, 1, 2
COORDINATOR = "silver-well"
NEW_COORDINATOR = "amber-gate"
AWAY = "stone-arch"


@dataclass(frozen=True)
class Account:
    """A member of staff of the demo."""

    username: str
    working_name: str
    roles: tuple[str, ...]
    language: str = "ar"


ACCOUNTS = (
    Account("cedar-clock", "الإدارة", ("administrator",)),
    Account(COORDINATOR, "هديل", ("coordinator",)),
    Account("olive-lamp", "رنا", ("facilitator",)),
    Account("paper-boat", "Sami", ("facilitator",), "en"),
    Account("almond-road", "لين", ("facilitator",)),
    Account("quiet-harbor", "منى", ("supervisor",)),
    Account("sage-window", "باسل", ("counsellor",)),
    # One who came yesterday and waits for the desk, and one whom nobody has assigned to anything.
    Account(NEW_COORDINATOR, "نسرين", ("coordinator",)),
    Account("copper-leaf", "سهى", ("coordinator", "facilitator")),
    # One who travels: a colleague closed what they may open, yesterday evening.
    Account(AWAY, "دانا", ("facilitator",)),
)


def fill(words: Callable[[int], list[str]]) -> list[dict[str, Any]]:
    """Fill an empty database; the caller commits.

    `words` gives so many random words. Returns the accounts, as the command
    prints them: username, passphrase, roles, language.
    """
    passphrases = {account.username: "-".join(words(5)) for account in ACCOUNTS}
    with standing_at(now() - FOUNDED_BEFORE):
        joining.found()  # the demo keeps no recovery key
        sites = {site.name_en: site for site in _places()}
        staff = {account.username: _add(account, passphrases) for account in ACCOUNTS}
        for site in sites.values():
            places.coordinate(staff[COORDINATOR].user, site, at=now())
    notebook = Notebook(staff, COORDINATOR, sites)
    plan(notebook)
    jerusalem = sites["Jerusalem"]
    yesterday = starts_at(today(jerusalem.zone) - timedelta(days=1), time(9), jerusalem.zone)
    notebook.diary.at(yesterday, _coordinate, staff[NEW_COORDINATOR].user, jerusalem)
    notebook.diary.live()
    _publish(staff[COORDINATOR].user.uid)
    return [
        {
            "username": account.username,
            "passphrase": passphrases[account.username],
            "roles": list(account.roles),
            "language": account.language,
        }
        for account in ACCOUNTS
    ]


def _publish(by: str) -> None:
    """The reports of the quarters that are over, the first one first."""
    there, threshold = reports.published(), current_app.config["DAFTAR"].report_threshold
    for span in reversed(there.missing(today(ZONE))):
        publishing.publish(span, threshold=threshold, by=by, today=today(ZONE), at=now())


def plan(notebook: Notebook) -> None:
    """Plan the half year up to now: the groups, the desk and the workshops, each with their people."""
    sites = notebook.sites
    pine, ended_at, thyme = _jerusalem(notebook, today(sites["Jerusalem"].zone))
    almond = _ramallah(notebook, today(sites["Ramallah"].zone))
    counselling.tell(notebook, pine, ended_at, thyme, almond)
    workshops.tell(notebook)
    spreadsheets.tell(notebook)


IN_JERUSALEM = "الغرفة الصغيرة\nالغرفة الكبيرة\nالمطبخ"


def _places() -> list[Site]:
    """The two places; their zones differ by an hour around each clock change."""
    return [
        places.add(
            "القدس", "Jerusalem", zone="Asia/Jerusalem", phone_region="IL", rooms=IN_JERUSALEM
        ),
        places.add(
            "رام الله",
            "Ramallah",
            zone="Asia/Hebron",
            phone_region="PS",
            rooms="القاعة\nغرفة الشجرة",
        ),
    ]


def _add(account: Account, passphrases: dict[str, str]) -> Colleague:
    """An account; its private key is opened through the printed code, which takes no time."""
    code = rules.new_recovery_code()
    user = joining.add_user(
        username=account.username,
        working_name=account.working_name,
        roles=account.roles,
        language=account.language,
        passphrase=passphrases[account.username],
        recovery_code=code,
        cost=Cost(*current_app.config["DAFTAR"].passphrase_cost),
        at=now(),
    )
    private = envelope.unseal(
        rules.key_of_recovery_code(code),
        user.private_key_for_recovery,
        rules.recovery_place(user.uid),
    )
    return Colleague(user, private)


def _jerusalem(notebook: Notebook, day: date) -> tuple[Cycle, datetime, Cycle]:
    """The group that meets today for the ninth time, the one that ended last month, a new idea.

    Returns the one that ended, when, and the new one.
    """
    # Ten weeks: eight meetings, a closed day that was skipped, one that did not happen.
    first_on = day - 10 * A_WEEK
    _close(notebook, "Jerusalem", first_on + 3 * A_WEEK, day + 4 * A_WEEK)
    olive = Cycle(notebook, OLIVE)
    olive.begin(first_on - PLANNED_AHEAD, first_on)
    notebook.diary.at(olive.moment(day - timedelta(days=12), 13), olive.wait, "nada")

    # Sixteen weeks: fifteen meetings, and again a closed day and one that did not happen.
    weekday = WEDNESDAY if day.weekday() == TUESDAY else TUESDAY
    last_on = _on_or_before(day.replace(day=1) - A_WEEK, weekday)
    first_on = last_on - 16 * A_WEEK
    _close(notebook, "Jerusalem", first_on + 4 * A_WEEK)
    pine = Cycle(notebook, texts.PINE)
    pine.begin(first_on - PLANNED_AHEAD, first_on)
    ended_at = pine.moment(last_on + timedelta(days=5), 11)
    notebook.diary.at(ended_at, pine.complete)

    site = notebook.sites["Jerusalem"]
    at = pine.moment(last_on + timedelta(days=6), 10)
    notebook.diary.at(at, _stop_contact, notebook, "qais", site)

    thyme = Cycle(notebook, texts.THYME)
    thyme.begin(day - timedelta(days=4))

    for number, key in enumerate(DESK):
        at = starts_at(day - timedelta(days=40 - 15 * number), time(14), site.zone)
        notebook.diary.at(at, notebook.person, key, site)
    at = starts_at(day - timedelta(days=6), time(15), site.zone)
    notebook.diary.at(at, _withdraw, notebook, "sam", site)
    return pine, ended_at, thyme


def _ramallah(notebook: Notebook, day: date) -> Cycle:
    """The group that begins in January, with people who wait for it; the open group.

    Returns the former.
    """
    january = _on_or_before(date(day.year + 1, 1, 11), WEDNESDAY)
    _close(notebook, "Ramallah", january + 2 * A_WEEK)
    almond = Cycle(notebook, texts.ALMOND)
    almond.begin(day - timedelta(days=40), january)

    def days_ago(days: int, hour: int = 12) -> datetime:
        return almond.moment(day - timedelta(days=days), hour)

    diary, (*enrolled, hadi, jana, iyad, rami, farah) = notebook.diary, ALMOND
    for number, key in enumerate(enrolled[:7]):
        diary.at(days_ago(35 - 2 * number), almond.enrol, key)
    diary.at(days_ago(20), almond.wait, farah)
    diary.at(days_ago(19), almond.wait, jana)
    diary.at(days_ago(18), almond.offer, jana, day - timedelta(days=9))
    diary.at(days_ago(17), almond.wait, hadi)
    diary.at(days_ago(15), almond.leave, farah, texts.NOT_COMING)
    diary.at(days_ago(8), almond.enrol, enrolled[7])
    diary.at(days_ago(7), almond.wait, iyad)
    diary.at(days_ago(5), almond.offer, hadi, day + timedelta(days=1))
    diary.at(days_ago(3), almond.wait, rami)

    first_on = _on_or_before(day - timedelta(days=1), MONDAY) - 5 * A_WEEK
    _close(notebook, "Ramallah", first_on + 9 * A_WEEK)
    sage = Cycle(notebook, texts.SAGE)
    sage.begin(first_on - PLANNED_AHEAD, first_on)
    at = sage.moment(first_on + 3 * A_WEEK, 9)
    diary.at(at, sage.assign, "paper-boat", "facilitator")
    diary.at(sage.moment(first_on + 3 * A_WEEK, 10), sage.assign, AWAY, "facilitator")
    diary.at(sage.moment(first_on + 4 * A_WEEK, 11), sage.plan, 4)
    diary.at(days_ago(2), _erase, notebook, "mazen", sage.site)
    diary.at(days_ago(1, 20), _close_access, notebook, AWAY)
    diary.at(sage.moment(day, 9), sage.cancel_next, 2)
    return almond


def _coordinate(user: User, site: Site) -> None:
    """A further coordinator, who waits until a colleague has given them the desk."""
    places.coordinate(user, site, at=now())


def _withdraw(notebook: Notebook, key: str, site: Site) -> None:
    """Someone no longer agrees to anything."""
    person = notebook.person(key, site)
    cards.agree(person.uid, set(), by=notebook.desk().uid, on=today(site.zone))


def _stop_contact(notebook: Notebook, key: str, site: Site) -> None:
    """Someone asks not to be contacted any more."""
    person = notebook.person(key, site)
    card = replace(person.card, remark=texts.STOP_CONTACT)
    contact.stop(person, card=card, by=notebook.desk().uid, on=today(site.zone), at=now())


def _erase(notebook: Notebook, key: str, site: Site) -> None:
    """Someone who came three times wants nothing of them kept."""
    erasing.erase(notebook.person(key, site), at=now())


def _close_access(notebook: Notebook, user_name: str) -> None:
    """All that a colleague may open, before a journey."""
    uid = notebook.staff[user_name].user.uid
    coordinator = notebook.desk().uid
    closing.close(uid, colleagues.coordinators_of(uid), by=coordinator, at=now())


def _close(notebook: Notebook, place: str, *days: date) -> None:
    """Days on which a place is closed, entered before any dates are proposed."""
    site = notebook.sites[place]
    db.session.add_all(ClosedDay(site_uid=site.uid, closed_on=day) for day in days)
    db.session.flush()


def _on_or_before(day: date, weekday: int) -> date:
    """The last such weekday (Monday is 0) that is not after `day`."""
    return day - timedelta(days=(day.weekday() - weekday) % 7)
