"""What ends with a part, a role or an account, and with the consent to be contacted: who contributes, in which order."""

from __future__ import annotations

from app.cases import endings as cases
from app.groups import endings as groups
from app.notes import endings as notes
from app.people import endings as people
from app.requests import endings as requests
from app.workshops import endings as workshops

# The order in which parts end, and in which what they are in is locked: from above, as everywhere.
PARTS = (people.PART, groups.PART, workshops.PART, cases.PART)
# Everything that a colleague's parts hang on is locked before their own row is, as whoever ends a single one does.
LOCKED_FIRST = tuple(rows for ending in PARTS for rows in ending.locked_first)
CONTACT = (requests.of_contact,)
CONSENT = (cases.of_consent,)
# What is lost with a colleague's own vault, where they lost both passphrase and printed code.
OWN = (notes.of_own,)
