"""What the domain says when it refuses."""

from __future__ import annotations

from typing import TypeVar

from flask import abort

Found = TypeVar("Found")


class RuleBroken(Exception):
    """A rule of the organisation refuses this.

    `message` is what the person reads (a lazy translation is welcome);
    `field` names the form field it belongs to, or is empty.
    """

    def __init__(self, message: object, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field

    def __str__(self) -> str:
        return str(self.message)


class Stale(RuleBroken):
    """Somebody changed this record after the form was opened."""


class Locked(Exception):
    """A sealed text was read without the key that opens it."""


def or_404(found: Found | None) -> Found:
    """What was looked for; 404 where it is not there, or not for this viewer."""
    if found is None:
        abort(404)
    return found
