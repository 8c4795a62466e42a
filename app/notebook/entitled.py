"""What assignments open: which vaults each colleague is to hold, whether they hold them yet or not."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, and_, exists, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from app.groups.models import Facilitation, Group
from app.people.models import Coordination, Site
from app.support.models import Case, Referral
from app.vault.models import Grant, Vault, VaultKey
from app.workshops.models import Workshop, WorkshopFacilitation

NOTHING = literal("")


def _to(user_uid: Any, kind: str, of_uid: Any, names: Any, through: Any = NOTHING) -> Select[Any]:
    """One kind of assignment: to whom, what, whose, how that is called, and with whose desk it comes."""
    columns = (user_uid, literal(kind), of_uid, *names, through)
    labels = ("user_uid", "kind", "of_uid", "name", "name_en", "with_desk_of")
    labelled = (column.label(label) for column, label in zip(columns, labels, strict=True))
    return select(*labelled)


COORDINATES = Coordination.ended_at.is_(None)
FACILITATES = Facilitation.ended_at.is_(None)
OF_SITE, OF_GROUP = (Site.name, Site.name_en), (Group.name, Group.name)
OF_WORKSHOP, OF_FILE = (Workshop.title_ar, Workshop.title_en), (NOTHING, NOTHING)
ENTITLED = union_all(
    _to(Coordination.user_uid, "desk", Site.uid, OF_SITE)
    .join(Site, Site.uid == Coordination.site_uid)
    .where(COORDINATES),
    _to(Coordination.user_uid, "roster", Group.uid, OF_GROUP, Coordination.site_uid)
    .join(Group, Group.site_uid == Coordination.site_uid)
    .where(COORDINATES),
    _to(Coordination.user_uid, "roster", Workshop.uid, OF_WORKSHOP, Coordination.site_uid)
    .join(Workshop, Workshop.site_uid == Coordination.site_uid)
    .where(COORDINATES),
    _to(Facilitation.user_uid, "roster", Group.uid, OF_GROUP)
    .join(Group, Group.uid == Facilitation.group_uid)
    .where(FACILITATES, Facilitation.part == "facilitator"),
    _to(Facilitation.user_uid, "notes", Group.uid, OF_GROUP)
    .join(Group, Group.uid == Facilitation.group_uid)
    .where(FACILITATES),
    _to(WorkshopFacilitation.user_uid, "roster", Workshop.uid, OF_WORKSHOP)
    .join(Workshop, Workshop.uid == WorkshopFacilitation.workshop_uid)
    .where(WorkshopFacilitation.ended_at.is_(None)),
    _to(Case.counsellor_uid, "case", Case.referral_uid, OF_FILE).where(Case.closed_at.is_(None)),
    _to(Case.supervisor_uid, "case", Case.referral_uid, OF_FILE).where(
        Case.closed_at.is_(None), Case.supervisor_uid.is_not(None)
    ),
    _to(Referral.receiver_uid, "case", Referral.uid, OF_FILE).where(
        Referral.receiver_uid.is_not(None),
        Referral.sent_at.is_not(None),
        Referral.accepted_at.is_(None),
        Referral.declined_at.is_(None),
        Referral.revoked_at.is_(None),
    ),
).subquery("entitled")

Theirs, Desk, DeskKey, OfDesk = aliased(Grant), aliased(Vault), aliased(VaultKey), aliased(Grant)
IS_ENTITLED_TO_VAULT = and_(Vault.kind == ENTITLED.c.kind, Vault.of_uid == ENTITLED.c.of_uid)
# Of a statement that joins the versions of that vault's key: this one was not given to them. Rosters
# come with the desk of their place: who holds nothing of the desk waits for the desk alone.
IS_LACKING = and_(
    ~exists().where(Theirs.key_uid == VaultKey.uid, Theirs.user_uid == ENTITLED.c.user_uid),
    or_(
        ENTITLED.c.with_desk_of == "",
        exists().where(
            *(Desk.kind == "desk", Desk.of_uid == ENTITLED.c.with_desk_of),
            *(DeskKey.vault_uid == Desk.uid, OfDesk.key_uid == DeskKey.uid),
            OfDesk.user_uid == ENTITLED.c.user_uid,
        ),
    ),
)
