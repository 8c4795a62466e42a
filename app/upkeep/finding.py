"""What a check found."""

from __future__ import annotations

from dataclasses import dataclass

GOOD, LOOK, STOP = "good", "look", "stop"


@dataclass(frozen=True)
class Finding:
    """One sentence, and how much it matters."""

    state: str
    """good; look: to be mended, and people can work meanwhile; stop: nobody is let in."""
    says: str
