"""What a card holds, how names are folded for search and order, how phone numbers are read."""

from __future__ import annotations

import json
import re
import secrets
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from urllib.parse import quote

import phonenumbers
from flask_babel import lazy_gettext as _

from app.errors import RuleBroken
from app.extensions import UID_SIGNS
from app.people.models import Person
from app.vault import envelope
from app.web.forms import western

# How somebody may be reached, and the words people read for it.
CHANNEL_WORDS = {
    "": _("Not given"),
    "signal": _("Signal"),
    "whatsapp": _("WhatsApp"),
    "call": _("Phone call"),
    "sms": _("Text message"),
    "email": _("E-mail"),
    "other": _("Another way"),
}
# The form of address, and the age, in words.
ADDRESS_WORDS = {
    "": _("Not said"),
    "f": _("Feminine"),
    "m": _("Masculine"),
    "p": _("Plural"),
    "ask": _("As I tell you"),
}
AGE_WORDS = {
    "": _("Not said"),
    "under18": _("Under 18"),
    "18-24": "18–24",
    "25-34": "25–34",
    "35-44": "35–44",
    "45+": _("45 and over"),
}

HARAKAT = re.compile("[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640]")
LETTERS = str.maketrans("أإآٱىئؤةگکی", "ااااييوهككي")
# Neutral, and in the people's language, whichever the staff member reads.
GREETING = "مرحبًا، متى يناسبكم أن نتحدّث؟"
DESK_NOT_GIVEN = _("Wait until a colleague has given you access to this place.")
CARD_BYTES = 512  # most cards look alike
MOBILE_PREFIXES = ("59", "56")  # +972 59… and +970 59… are the same phone


@dataclass
class Card:
    """Everything about one person: one sealed piece."""

    name: str = ""
    code: str = ""
    address: str = ""
    """Form of address, one of ADDRESS_WORDS."""
    channel: str = ""
    number: str = ""
    """As typed, tidied; `phone` is how it compares."""
    phone: str = ""
    hours: str = ""
    """Safe time to call."""
    if_another_answers: str = ""
    may_leave_message: bool = False
    do_not_contact: bool = False
    age: str = ""
    area: str = ""
    remark: str = ""
    folded: str = field(default="")
    """The name as it is searched and sorted."""

    def text(self) -> str:
        """The card as it is sealed: first, a line each, what a search looks at."""
        rest = asdict(self)
        looked_at = [rest.pop(name) for name in ("folded", "code", "phone")]
        return "\n".join((*looked_at, json.dumps(rest, ensure_ascii=False)))

    @classmethod
    def of(cls, text: str) -> Card:
        """The card in a text that was sealed."""
        folded, code, phone, rest = text.split("\n", 3)
        return cls(folded=folded, code=code, phone=phone, **json.loads(rest))

    @property
    def has_contact(self) -> bool:
        return bool(self.number or self.channel)


class Listed:
    """A card in a long list: what a search looks at is there, the rest is read when it is shown."""

    __slots__ = ("code", "folded", "phone", "text", "uid")

    def __init__(self, uid: str, text: str) -> None:
        self.uid, self.text = uid, text
        self.folded, self.code, self.phone, _rest = text.split("\n", 3)

    @property
    def card(self) -> Card:
        return Card.of(self.text)


def tidied(card: Card, *, region: str) -> Card:
    """The card with what follows from it: its folded name and its comparable phone number."""
    card.folded, card.number = folded(card.name), western(card.number)
    card.phone = comparable_phone(card.number, region=region)
    return card


def new_code() -> str:
    """Four random characters, without vowels and look-alikes."""
    return "".join(secrets.choice(UID_SIGNS) for _ in range(4)).upper()


def new_person(card: Card, *, site_uid: str, uid: str, at: datetime) -> tuple[Person, bytes]:
    """A person with a fresh key; returns the row and the key, to be shared with those who may read."""
    key = envelope.new_key()
    if not card.code:
        card.code = new_code()
    person = Person(uid=uid, site_uid=site_uid, added_at=at, changed_at=at, version=1)
    person.card = seal_card(key, card, uid)
    return person, key


def seal_card(key: bytes, card: Card, person_uid: str) -> bytes:
    """Seal a card under its person's key."""
    return envelope.seal(key, envelope.padded(card.text(), CARD_BYTES), card_place(person_uid))


def open_card(key: bytes, sealed: bytes, person_uid: str) -> Card:
    """Open a card. Raises Locked under any key but its person's."""
    return Card.of(card_text(key, sealed, person_uid))


def card_text(key: bytes, sealed: bytes, person_uid: str) -> str:
    """The text of a card. Raises Locked under any key but its person's."""
    return envelope.unpadded(envelope.unseal(key, sealed, card_place(person_uid)))


def card_place(person_uid: str) -> bytes:
    """Where a person's card lives."""
    return envelope.place("people", "card", person_uid)


def folded(text: str) -> str:
    """A name for search and order: without hamza seats, harakat, tatweel, accents and capitals.

    ى and ي, ة and ه, and all digits are the same. Folding twice changes nothing.
    """
    text = unicodedata.normalize("NFKC", western(text))
    text = HARAKAT.sub("", text).translate(LETTERS)
    plain = unicodedata.normalize("NFD", text)
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(plain.casefold().translate(LETTERS).split())


def comparable_phone(number: str, *, region: str) -> str:
    """The number as it compares (E.164 where it can be told), or its digits, or empty.

    Area code 02 is shared by Jerusalem and Ramallah, so the place says the
    region; 59 and 56 are Palestinian mobiles under either country code.
    """
    digits = western(number).strip()
    alone = re.sub(r"\D", "", digits)
    if not alone:
        return ""
    # A spreadsheet drops the plus: no number within the country begins so.
    if re.fullmatch(r"97[02]\d{8,9}", alone):
        digits = f"+{alone}"
    try:
        parsed = phonenumbers.parse(digits, region)
    except phonenumbers.NumberParseException:
        return alone
    national = str(parsed.national_number)
    if parsed.country_code == 972 and national.startswith(MOBILE_PREFIXES):
        return f"+970{national}"
    return f"+{parsed.country_code}{national}"


def not_to_be_contacted(card: Card | None, *, withdrew: bool) -> bool:
    """Whether somebody asked not to be contacted, or took back that they may be."""
    return withdrew or (card is not None and card.do_not_contact)


def contact(card: Card | None, *, withdrew: bool) -> None:
    """Whether somebody may be contacted, or something be begun that leads to it."""
    if not_to_be_contacted(card, withdrew=withdrew):
        raise RuleBroken(_("They asked not to be contacted any more."))


def newest_wish(
    card: Card, agreed: set[str], *, before: Card | None = None, agreed_before: Iterable[str] = ()
) -> bool:
    """Make a card and its consents say one thing; of two boxes that differ, the one changed counts.

    Returns whether they asked just now not to be contacted any more.
    """
    was_stopped = before is not None and before.do_not_contact
    stops = (card.do_not_contact and not was_stopped) or "contact" in set(agreed_before) - agreed
    agrees_again = "contact" in agreed.difference(agreed_before)
    card.do_not_contact = stops or (card.do_not_contact and not agrees_again)
    if card.do_not_contact:
        agreed.discard("contact")
    return stops


def messenger_link(card: Card) -> tuple[str, str, str] | None:
    """The messenger a person chose, a link that opens it with their number, and a text to copy there.

    None without one; the text is empty where the link takes it along.

    Never where they asked not to be contacted, and never an https address: a
    number in one is seen by whoever watches the line.
    """
    if card.do_not_contact or not re.fullmatch(r"\+[0-9]{6,15}", card.phone):
        return None
    if card.channel == "signal":
        return "Signal", f"sgnl://signal.me/#p/{card.phone}", GREETING
    if card.channel == "whatsapp":
        link = f"whatsapp://send?phone={card.phone[1:]}&text={quote(GREETING)}"
        return "WhatsApp", link, ""
    return None


def found(people: Iterable[Listed], text: str) -> list[Listed]:
    """The people whose name, code or phone holds `text`, sorted by name."""
    needle = folded(text)
    digits = re.sub(r"\D", "", western(text)).lstrip("0")
    digits = re.sub(r"^972(?=5[69])", "970", digits)  # one phone under either country code
    by_phone = len(digits) >= 3 and not any(c.isalpha() for c in needle)
    code = needle.upper()
    hits = [
        person
        for person in people
        if needle in person.folded or person.code == code or (by_phone and digits in person.phone)
    ]
    return sorted(hits, key=lambda person: person.folded)
