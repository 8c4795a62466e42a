"""Looking through everything a viewer may see, whatever it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.accounts.viewer import Viewer
from app.groups import queries as groups
from app.groups.models import Group
from app.people import queries as people
from app.people.rules import Listed, folded
from app.workshops import queries as workshops
from app.workshops.models import Workshop

MOST = 20  # of each kind: who finds more types more


@dataclass(frozen=True)
class Found:
    """What is called so, as far as it is shown."""

    people: Sequence[Listed]
    groups: Sequence[Group]
    workshops: Sequence[Workshop]
    more: bool
    """Whether there is more than is shown."""


def search(viewer: Viewer, text: str) -> Found:
    """People whose name, code or phone holds `text`, groups and workshops that are called so.

    Whoever coordinates looks through their desks, whoever leads groups through their
    rosters, whoever counsels through their files.
    """
    needle, keys = folded(text), viewer.keys
    held = people.desks(viewer)
    if "facilitator" in viewer.roles:
        held += keys.vaults("roster").values()
    if "counsellor" in viewer.roles:
        held += keys.vaults("case").values()
    known = people.search_in(viewer, held, text)
    named = []
    if viewer.roles & {"coordinator", "facilitator", "supervisor"}:
        named = [g for g in groups.groups(viewer) if needle in folded(g.name)]
    titled = []
    if viewer.leads:
        titled = [
            w
            for w in workshops.workshops(viewer)
            if needle in folded(f"{w.title_ar or ''}\n{w.title_en or ''}")
        ]
    more = max(len(known), len(named), len(titled)) > MOST
    return Found(known[:MOST], named[:MOST], titled[:MOST], more)
