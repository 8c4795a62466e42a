"""What a page reads: a row that reads as its model does, and that nobody changes by mistake."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from app.extensions import Reading, db, read, read_one
from app.groups.models import Group, Membership
from app.groups.queries import GROUP, STAY
from app.people.models import Site
from app.sessions.models import GroupSession
from tests.organisation import NOW, Organisation

OF_GROUP = (
    select(*STAY.columns, *GROUP.columns)
    .join(Group, Group.uid == Membership.group_uid)
    .join(Site, Site.uid == Group.site_uid)
)


def test_a_row_reads_as_its_model_does(app: Flask, organisation: Organisation) -> None:
    with app.app_context():
        rows = [(STAY.of(row), GROUP.of(row, STAY.width)) for row in read(OF_GROUP)]
        for stay, group in rows:
            entity, of = (
                db.session.get_one(Membership, stay.uid),
                db.session.get_one(Group, group.uid),
            )
            assert (stay.state(NOW), stay.covers(NOW.date())) == (
                entity.state(NOW),
                entity.covers(NOW.date()),
            )
            assert (group.state, group.is_open, group.planned_at) == (
                of.state,
                of.is_open,
                of.planned_at,
            )
            assert (group.site.zone, group.site.called("ar")) == (
                of.site.zone,
                of.site.called("ar"),
            )
    assert len(rows) > 15


def test_a_moment_is_read_with_its_zone_and_in_full(app: Flask, organisation: Organisation) -> None:
    statement = select(GroupSession.uid, GroupSession.starts_at)
    with app.app_context():
        for uid, starts_at in read(statement):
            assert starts_at == db.session.get_one(GroupSession, uid).starts_at
            assert starts_at.tzinfo is not None


@pytest.mark.parametrize("name", ["held_at", "guests", "anything"])
def test_what_was_read_for_a_page_cannot_be_changed(
    name: str, app: Flask, organisation: Organisation
) -> None:
    meeting = Reading(GroupSession)
    with app.app_context():
        one = meeting.of(read_one(select(*meeting.columns)))
    with pytest.raises(AttributeError):
        setattr(one, name, None)


def test_what_an_act_did_is_read_in_the_same_request(
    app: Flask, organisation: Organisation
) -> None:
    with app.app_context():
        group = db.session.get_one(Group, organisation.a.uid)
        group.name = "اسم جديد"
        row = read_one(select(Group.name).where(Group.uid == group.uid))
        db.session.rollback()
        before = read_one(select(Group.name).where(Group.uid == organisation.a.uid))
        assert (row.name, before.name == "اسم جديد") == ("اسم جديد", False)
