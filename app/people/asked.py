"""What a form asks for of a card, whichever feature asks."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from app.people.rules import Card
from app.web.forms import Form


class CardForm(Form):
    """A form that asks for something of a card; its fields are called as there."""

    def card(self) -> Card:
        """The card as typed."""
        asked = [of for of in fields(Card) if of.name in self]
        typed: dict[str, Any] = {of.name: self[of.name].data or of.default for of in asked}
        return Card(**typed)
