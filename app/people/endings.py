"""What ends with a part in a place."""

from __future__ import annotations

from app.assignments.endings import Ending
from app.people import places

PART = Ending("place", places.end_coordination)
