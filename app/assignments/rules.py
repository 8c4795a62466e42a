"""What a part in something opens. Whoever reads this table and the rows of `assignments` knows who can open what."""

from __future__ import annotations

from flask_babel import lazy_gettext as _

# A part in something -> the kinds of vaults it opens: its own, and for a place every roster there.
OPENS: dict[tuple[str, str], tuple[str, ...]] = {
    ("place", "coordinator"): ("desk", "roster"),
    ("group", "facilitator"): ("roster", "notes"),
    ("group", "supervisor"): ("notes",),
    ("workshop", "facilitator"): ("roster",),
    ("case", "counsellor"): ("case",),
    ("case", "supervisor"): ("case",),
}
WITHOUT_ROLE = _("This colleague does not have that role.")
HAS_PART = _("This colleague already has that part.")
NOT_GIVEN = _("Wait until a colleague has given you access.")
