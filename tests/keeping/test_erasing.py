"""A person who wishes it is erased: nothing of theirs is found any more, and no page breaks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import String, select, text

from app.audit.models import AuditRow
from app.extensions import Sealed, db
from app.groups.models import Membership
from app.people.models import NOBODY, Person
from app.sessions.models import Attendance
from app.upkeep import archive
from app.vault.models import Grant, Share, Vault, VaultKey
from tests.client import Browser, Page
from tests.database import POSTGRES
from tests.organisation import Member, Organisation
from tests.upkeep.conftest import house
from tests.upkeep.keeping import House
from tests.web.records import number_of, rows

__all__ = ["house"]

# Tables in which their uid may stand: the trail, and where a post led, for two days.
MAY_STILL_NAME = {"audit", "done"}


def kinds(of: Organisation) -> dict[str, Member]:
    """One of each kind of people: in a group, waiting, gone, on lists, with requests and files."""
    a, aid, workshop = of.a, of.aid, of.workshop
    found = {
        "member": a.members[0],
        "missed": a.members[3],
        "waiting": a.waiting[0],
        "offered": a.offered[0],
        "left": a.left[0],
        "candidate": of.candidate,
        "request": aid.person,
        **{f"list {state}": member for state, member in workshop.on_list.items()},
        **{f"aid {number}": member for number, member in enumerate(aid.people)},
    }
    if aid.served:
        found["file"] = aid.served
    return found


KINDS = ("member", "missed", "waiting", "offered", "left", "candidate", "request", "file")


def erase(browser: Browser, uid: str) -> Page:
    coordinator = browser.as_("coordinator")
    address = f"/people/{uid}/removal"
    passphrase = browser.staff["coordinator"].passphrase
    return coordinator.get(address).form(address).fill(passphrase=passphrase).press()


def named_in(app: Flask, uid: str) -> set[str]:
    """The tables in which a uid still stands, in whatever column."""
    found = set()
    with app.app_context():
        for table in db.metadata.tables.values():
            for column in table.columns:
                is_text = isinstance(column.type, String)
                if (
                    is_text
                    and db.session.execute(select(column).where(column.contains(uid))).first()
                ):
                    found.add(table.name)
        db.session.remove()
    return found


def sealed_of(app: Flask, uid: str, file_uid: str) -> list[bytes]:
    """Everything sealed that is theirs: the card, their key in each share, texts, notes of their file."""
    with app.app_context():
        found = [db.session.get_one(Person, uid).card]
        for table in db.metadata.tables.values():
            for column in (c for c in table.columns if isinstance(c.type, Sealed)):
                for name, value in (("person_uid", uid), ("in_uid", file_uid)):
                    if name in table.columns:
                        theirs = table.columns[name] == value
                        found += db.session.scalars(
                            select(column).where(theirs, column.is_not(None))
                        ).all()
        db.session.remove()
        db.engine.dispose()
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_an_erased_person_stands_nowhere(
    kind: str, app: Flask, browser: Browser, organisation: Organisation
) -> None:
    person = kinds(organisation)[kind]
    marks, stays = (
        number_of(app, Attendance),
        number_of(app, Membership, Membership.joined_on.is_not(None)),
    )
    assert erase(browser, person.uid).location.startswith("/people?said=gone")
    assert named_in(app, person.uid) <= MAY_STILL_NAME
    assert number_of(app, Attendance) == marks
    assert number_of(app, Membership, Membership.joined_on.is_not(None)) == stays
    coordinator = browser.as_("coordinator")
    assert coordinator.get(f"/people/{person.uid}").status == 404
    assert coordinator.get(f"/people/{person.uid}/removal").status == 404
    found = coordinator.post("/people", {"q": person.name}).follow()
    assert f"/people/{person.uid}" not in found.text
    assert not rows(app, text("SELECT 1 FROM people WHERE version = 0 AND length(card) > 0"))


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_no_page_of_anybody_breaks_or_names_who_was_erased(
    app: Flask, browser: Browser, organisation: Organisation
) -> None:
    """Every page that can be reached by a link, of every account, after each kind of person is gone."""
    erased = {person.uid: person for person in kinds(organisation).values()}
    for uid in erased:
        assert "said=gone" in erase(browser, uid).location
    for who in browser.staff:
        visitor = browser.as_(who)
        seen: set[str] = set()
        waiting = ["/"]
        while waiting and len(seen) < 250:
            address = waiting.pop()
            if address in seen:
                continue
            seen.add(address)
            page = visitor.get(address)
            assert page.status in (200, 303, 404), (who, address, page.status)
            if page.status != 200 or page.document is None:
                continue
            for uid, person in erased.items():
                assert uid not in page.text or address.startswith(("/audit", "/activity")), (
                    who,
                    address,
                    uid,
                )
                if person.name and len(person.name) > 8 and "/notes" not in address:
                    assert not re.search(rf"(?<!\w){re.escape(person.name)}(?!\w)", page.words), (
                        who,
                        address,
                        person.name,
                    )
            waiting += [
                a["href"].partition("#")[0]
                for a in page.root.all("a")
                if a["href"].startswith("/") and "said=" not in a["href"]
            ]
        assert len(seen) > 5


def test_the_page_says_beforehand_what_goes_and_what_remains(
    browser: Browser, organisation: Organisation
) -> None:
    page = browser.as_("coordinator").get(f"/people/{organisation.a.members[0].uid}/removal")
    assert "1 stay in a group, without a name" in page
    assert "no copy of the card opens any more" in page and "This cannot be undone." in page


def test_with_a_wrong_passphrase_nobody_is_erased(
    app: Flask, browser: Browser, organisation: Organisation
) -> None:
    uid = organisation.candidate.uid
    address = f"/people/{uid}/removal"
    form = browser.as_("coordinator").get(address).form(address)
    assert form.fill(passphrase="not the right one").press().follow().status == 422
    assert number_of(app, Person, Person.uid == uid) == 1


@pytest.mark.parametrize("who", ["coordinator_b", "facilitator1", "counsellor", "administrator"])
def test_nobody_else_erases_a_person(
    who: str, app: Flask, browser: Browser, organisation: Organisation
) -> None:
    uid = organisation.candidate.uid
    other = browser.as_(who)
    wanted = 404 if who == "coordinator_b" else 403
    assert other.get(f"/people/{uid}/removal").status == wanted
    typed = {"passphrase": browser.staff[who].passphrase}
    other.post(f"/people/{uid}/removal", typed)
    assert number_of(app, Person, Person.uid == uid) == 1


def test_a_desk_that_knows_them_by_a_sign_up_alone_does_not_erase_them(
    app: Flask, browser: Browser, organisation: Organisation
) -> None:
    """Their card opens there, and they are of another place."""
    uid = organisation.workshop.on_list["public"].uid
    with app.app_context():
        person = db.session.get_one(Person, uid)
        person.site_uid = organisation.ramallah
        db.session.commit()
        db.session.remove()
    assert browser.as_("coordinator").get(f"/people/{uid}").status == 200
    assert browser.as_("coordinator").get(f"/people/{uid}/removal").status == 404


def test_a_file_goes_with_its_vault_though_a_counsellor_keeps_it(
    app: Flask, browser: Browser, organisation: Organisation
) -> None:
    aid = organisation.aid
    assert aid.served
    (vault,) = rows(app, select(Vault.uid).where(Vault.of_uid == aid.file_referral))
    keys = rows(app, select(VaultKey.uid).where(VaultKey.vault_uid == vault))
    erase(browser, aid.served.uid)
    assert not number_of(app, Vault, Vault.uid == vault)
    assert not number_of(app, Grant, Grant.key_uid.in_(keys))
    assert not number_of(app, Share, Share.vault_uid == vault)
    counsellor = browser.as_("counsellor")
    assert counsellor.get(f"/files/{aid.file}").status == 404
    assert counsellor.get("/files").status == counsellor.get("/").status == 200


def test_a_freed_place_goes_on_and_the_trail_names_no_name(
    app: Flask, browser: Browser, organisation: Organisation
) -> None:
    person = organisation.a.members[0]
    erase(browser, person.uid)
    (row,) = rows(app, select(AuditRow).where(AuditRow.action == "person-erased"))
    assert (row.kind, row.subject_uid) == ("person", person.uid)
    (stay,) = rows(app, select(Membership).where(Membership.uid == person.stay))
    assert stay.ended_as == "left" and stay.person_uid != person.uid and stay.reason is None
    with app.app_context():
        assert db.session.get_one(Person, stay.person_uid).version == NOBODY
        db.session.remove()
    # nobody comes back
    answer = browser.as_("coordinator").post(f"/stays/{person.stay}/undoing", {})
    (stay,) = rows(app, select(Membership).where(Membership.uid == person.stay))
    assert stay.ended_as == "left", answer.location


@pytest.mark.skipif(POSTGRES, reason="the bytes of a file of SQLite's")
def test_no_byte_of_card_key_or_shares_is_left_in_the_file(
    app: Flask, browser: Browser, organisation: Organisation
) -> None:
    person = organisation.aid.served
    assert person
    secrets_ = sealed_of(app, person.uid, organisation.aid.file_referral)
    with app.app_context():
        file = Path(str(db.engine.url.database))
        db.engine.dispose()
    assert len(secrets_) > 5
    before = file.read_bytes()
    assert all(secret[:48] in before for secret in secrets_)
    erase(browser, person.uid)
    with app.app_context():
        db.engine.dispose()
    for path in file.parent.glob(file.name + "*"):
        left = path.read_bytes()
        assert not [secret for secret in secrets_ if secret[:48] in left or secret[-32:] in left], (
            path
        )


@pytest.mark.skipif(POSTGRES, reason="the bytes of a copy of SQLite's")
def test_a_new_backup_holds_nothing_of_them(
    house: House, browser: Browser, organisation: Organisation, tmp_path: Path
) -> None:
    """Opened with its identity; one of before holds it, until it is let go."""
    person = organisation.aid.served
    assert person
    sealed = sealed_of(house.app, person.uid, organisation.aid.file_referral)
    identity = archive.identity_of(house.key.read_text())

    def copy(name: str) -> bytes:
        folder = tmp_path / name
        folder.mkdir()
        archive.unseal(house.back_up(), identity, folder, lambda *_: None)
        return (folder / archive.DATABASE).read_bytes()

    before = copy("before")
    assert all(one[:48] in before for one in sealed)
    erase(browser, person.uid)
    after = copy("after")
    assert not [one for one in sealed if one[:48] in after or one[-32:] in after]
