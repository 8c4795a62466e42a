"""Over the life of a referral and its file, each passphrase and each page open what the table says."""

from __future__ import annotations

import pytest
from sqlalchemy import bindparam

from app.accounts.models import User
from app.cases import queries as cases
from app.cases.models import Case
from app.extensions import db
from app.notes import queries as notes
from app.notes.models import Note
from app.vault import vaults
from tests.access.acting import depart, set_roles
from tests.access.life import Life
from tests.access.opening import astray, opened, opened_pieces, raw
from tests.cases.test_files import TEXT
from tests.organisation import viewer


def send(life: Life) -> str:
    """The desk sends the referral that was agreed to."""
    uid = life.organisation.aid.proposed
    life.as_("coordinator").get(f"/letters/{uid}").form("/sending").press()
    life.holds("counsellor", "case", uid)
    return uid


def accept(life: Life) -> str:
    uid = send(life)
    life.as_("counsellor").get(f"/letters/{uid}").form("/answer/yes").press()
    return uid


def close(life: Life) -> None:
    """The counsellor closes the file that has a supervisor."""
    me, aid = life.as_("counsellor"), life.organisation.aid
    me.post(f"/appointments/{aid.booked}/ending/cancelled")
    form = me.get(f"/files/{aid.file}/closing").form("/closing")
    form.fill(note="تمّ ما بدأناه").press()
    life.lost("counsellor", aid.file_referral)


def nothing_is_left(life: Life, referral_uid: str) -> None:
    """No key, no share and no text of that referral's vault is in the database any more."""
    table = raw(life.app)
    assert ("case", referral_uid) not in table.vaults()
    assert not [piece.where for piece in table.pieces if piece.vault == ("case", referral_uid)]


def test_sending_gives_the_receiver_alone_a_key_and_accepting_no_more(life) -> None:
    uid = send(life)
    life.check()
    where = f"referrals.reason_for_receiver {uid}"
    table = raw(life.app)
    holders = {
        who
        for who, account in life.organisation.staff.items()
        if where in opened_pieces(table, opened(table, account))
    }
    assert holders == {"counsellor"}, "Not even the desk that sent it reads the receiver's copy."
    life.as_("counsellor").get(f"/letters/{uid}").form("/answer/yes").press()
    life.check()


def test_declining_destroys_the_vault(life) -> None:
    uid = life.organisation.aid.sent
    page = life.as_("counsellor").get(f"/letters/{uid}")
    page.form("/answer/no").fill(reason="لا مكان قبل الربيع").press()
    life.lost("counsellor", uid)
    life.check()
    nothing_is_left(life, uid)


@pytest.mark.parametrize("far", [send, accept])
def test_revoking_destroys_the_vault_however_far_it_went(life, far) -> None:
    uid = far(life)
    life.as_("coordinator").get(f"/letters/{uid}").form("/recall").press()
    life.lost("counsellor", uid)
    life.check()
    nothing_is_left(life, uid)


@pytest.mark.parametrize("far", [send, accept])
def test_a_consent_taken_back_destroys_the_vault_however_far_it_went(life, far) -> None:
    uid, aid = far(life), life.organisation.aid
    page = life.as_("coordinator").get(f"/people/{aid.person.uid}/choices")
    page.form(f"/{aid.consent}/end").press()
    life.lost("counsellor", uid)
    life.check()
    nothing_is_left(life, uid)


def test_a_closed_file_opens_for_its_supervisor_who_gives_all_of_it_back(life) -> None:
    aid = life.organisation.aid
    close(life)
    life.check()
    life.as_("supervisor").get(f"/files/{aid.file}").form("/review-reopening").press()
    life.holds("counsellor", "case", aid.file_referral)
    life.check()


def test_a_file_the_desk_reopens_opens_for_its_counsellor_from_then_on_only(life) -> None:
    aid, o = life.organisation.aid, life.organisation
    life.as_("counsellor").post(f"/files/{aid.file}/team/end")
    life.lost("supervisor", aid.file_referral)
    life.check()
    close(life)
    life.check()
    life.as_("coordinator").get("/files").form(f"/files/{aid.file}/reopening").press()
    table = raw(life.app)
    reached = opened_pieces(table, opened(table, o.staff["counsellor"]))
    of_file = {p.where for p in table.pieces if p.vault == ("case", aid.file_referral)}
    shares = {where for where in of_file if where.startswith("share ")}
    assert shares <= reached, "Who the person is opens again."
    assert f"case_notes.text {aid.note}" in of_file - reached, "What was written before does not."
    for who in set(o.staff) - {"counsellor"}:
        assert not of_file & opened_pieces(table, opened(table, o.staff[who])), who


@pytest.mark.parametrize("leaves", ["counsellor", "supervisor"])
def test_who_leaves_the_staff_or_the_role_opens_no_file_any_more(life, leaves) -> None:
    admin, aid = life.as_("administrator"), life.organisation.aid
    if leaves == "supervisor":
        set_roles(admin, "supervisor", "facilitator")
        life.lost("supervisor")
    else:
        depart(admin, "counsellor")
        life.lost("counsellor")
    assert {e for e in life.expected if e[2] == aid.file_referral}, "Somebody still opens it."
    life.check()


def reached(life: Life) -> dict[str, set[str]]:
    """Which pages of the place's desk and counsellor open for whom: account -> addresses."""
    aid = life.organisation.aid
    addresses = {
        f"/requests/{aid.request}",
        f"/letters/{aid.proposed}",
        f"/letters/{aid.sent}",
        f"/files/{aid.file}",
        f"/appointments/{aid.held}",
        f"/appointments/notes/{aid.note}",
        f"/people/{aid.person.uid}",
    }
    return {
        who: {address for address in addresses if life.as_(who).get(address).status == 200}
        for who in life.organisation.staff
    }


def expected_pages(life: Life, *, sent: bool = False, file: bool = True) -> dict[str, set[str]]:
    """The same, as the table of permissions and assignments says."""
    aid = life.organisation.aid
    content = {f"/files/{aid.file}", f"/appointments/{aid.held}", f"/appointments/notes/{aid.note}"}
    of_desk = {f"/requests/{aid.request}", f"/people/{aid.person.uid}"}
    of_desk |= {f"/letters/{uid}" for uid in (aid.proposed, aid.sent)}
    of_counsellor = {f"/letters/{aid.sent}"} | (content if file else set())
    if sent:
        of_counsellor |= {f"/letters/{aid.proposed}", f"/people/{aid.person.uid}"}
    nobody: dict[str, set[str]] = {who: set() for who in life.organisation.staff}
    return nobody | {"coordinator": of_desk, "counsellor": of_counsellor, "supervisor": content}


def test_each_page_opens_for_those_it_is_meant_for(life) -> None:
    assert reached(life) == expected_pages(life)
    accept(life)
    assert reached(life) == expected_pages(life, sent=True)
    life.as_("coordinator").get(f"/letters/{life.organisation.aid.proposed}").form(
        "/recall"
    ).press()
    assert reached(life) == expected_pages(life)


def test_a_fault_in_the_scope_is_noticed_and_the_keys_hold(life, monkeypatch) -> None:
    monkeypatch.setattr(cases, "FILE", cases.CASES.where(Case.uid == bindparam("uid")))
    aid, found = life.organisation.aid, reached(life)
    assert found != expected_pages(life)
    assert f"/files/{aid.file}" in found["counsellor_b"]
    there = f"/appointments/notes/{aid.note}"
    assert life.as_("counsellor_b").get(there).status == 404, "They have no part in the file."
    monkeypatch.setattr(notes, "BY_UID", notes.SEEN.where(Note.uid == bindparam("uid")))
    page = life.as_("counsellor_b").get(there)
    assert page.status == 200 and TEXT not in page and aid.served.name not in page
    life.check()


def test_a_fault_in_the_keys_is_noticed_and_the_scope_holds(life) -> None:
    o = life.organisation
    with life.app.app_context():
        keys = viewer(o.staff["counsellor"]).keys
        vault = keys.vault("case", o.aid.file_referral) or ""
        vaults.give(keys, vault, db.session.get_one(User, o.staff["coordinator"].uid))
        db.session.commit()
        db.session.remove()
    wrong = astray(life.app, o, life.expected)
    assert f"coordinator: case of {o.aid.file_referral} opens" in wrong
    assert f"coordinator: case_notes.text {o.aid.note} of the case opens" in wrong
    with pytest.raises(AssertionError):
        life.check()
    assert reached(life) == expected_pages(life)
