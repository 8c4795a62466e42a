"""Passphrases as a phone, a hurry or a messenger spells them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from app.accounts import passphrases, rules
from app.accounts.line import Stretched, Work, derived
from app.accounts.models import User
from app.accounts.passphrases import BY_SPACES, WITHOUT_SEPARATORS
from app.vault import envelope
from tests.client import Browser
from tests.organisation import COST, sign_in_keys
from tests.web import invented
from tests.web.records import plant

WORDS = ["unfold", "t-shirt", "Drop-Down", "yo-yo", "zoom"]
# What stands between the words; the marks are those that messengers put around a pasted text.
WRITTEN = {
    "hyphens": "unfold-t-shirt-drop-down-yo-yo-zoom",
    "spaces": "unfold t-shirt drop-down yo-yo zoom",
    "nothing": "unfoldtshirtdropdownyoyozoom",
    "only spaces": "unfold t shirt drop down yo yo zoom",
    "capitals": "Unfold-T-SHIRT-Drop-Down-YO-yo-ZOOM",
    "en dashes": "unfold–t‑shirt–drop‐down–yo−yo—zoom",
    "spaced dashes": " unfold - t-shirt – drop-down — yo-yo\u00a0-\u00a0zoom ",
    "lines": "unfold\nt-shirt\r\ndrop-down\tyo-yo\nzoom\n",
    "underscores": "unfold_t-shirt_drop-down_yo-yo_zoom",
    "marks": "\u200f\u202bunfold-\u200bt-shirt-\u2060drop-down-yo\u00ad-yo-zoom\u202c\ufeff\u2069",
    "joiners": "un\u200dfold-t-shirt-drop\u200c-down-yo-yo-zoom",
    "wide letters": "ｕｎｆｏｌｄ－ｔ－ｓｈｉｒｔ－ｄｒｏｐ－ｄｏｗｎ－ｙｏ－ｙｏ－ｚｏｏｍ",
}
phrases = st.lists(st.sampled_from(passphrases.word_list()), min_size=5, max_size=5)


@pytest.mark.parametrize("written", WRITTEN.values(), ids=WRITTEN)
@pytest.mark.parametrize("reading", [BY_SPACES, WITHOUT_SEPARATORS])
def test_five_words_are_read_alike_however_they_are_written(written: str, reading: int) -> None:
    assert passphrases.folded(written, reading) == passphrases.folded("-".join(WORDS), reading)


@given(phrases, st.sampled_from(["", " ", "-", " – ", "\u200f-"]))
def test_any_five_words_are_read_alike_and_worth_64_bits(words: list[str], between: str) -> None:
    for reading in (BY_SPACES, WITHOUT_SEPARATORS):
        told = passphrases.folded("-".join(words), reading)
        assert passphrases.folded(between.join(words).upper(), reading) == told
    if len({word.replace("-", "") for word in words}) == 5:
        assert passphrases.bits(between.join(words)) >= passphrases.PASSPHRASE_BITS


@given(phrases, phrases)
def test_other_words_are_another_passphrase(words: list[str], others: list[str]) -> None:
    alike = [word.replace("-", "") for word in words] == [o.replace("-", "") for o in others]
    for reading in (BY_SPACES, WITHOUT_SEPARATORS):
        same = passphrases.folded(" ".join(words), reading) == passphrases.folded(
            " ".join(others), reading
        )
        assert same == alike


def test_no_word_begins_another_so_that_there_is_one_way_to_read_them() -> None:
    letters = sorted({word.replace("-", "") for word in passphrases.word_list()})
    assert len(letters) == 7775  # yo-yo and yoyo
    assert not any(after.startswith(word) for word, after in pairwise(letters))
    assert {len(word) for word in letters} <= set(range(3, 10))


@given(invented.texts, st.sampled_from([BY_SPACES, WITHOUT_SEPARATORS]))
def test_folding_a_passphrase_twice_changes_nothing(text: str, reading: int) -> None:
    once = passphrases.folded(text, reading)
    assert passphrases.folded(once, reading) == once


@pytest.mark.parametrize(
    "typed", ["زيتون بحر ٧ قمر", "زيتون-بحر-7-قمر", "زيتون بحر ۷ قمر", "زيتونبحر7قمر"]
)
def test_words_of_ones_own_are_read_alike_too(typed: str) -> None:
    assert passphrases.folded(typed) == "زيتونبحر7قمر"


def test_what_was_sealed_before_keeps_its_spaces() -> None:
    assert passphrases.folded("  Qamar   BAHR 7 ", BY_SPACES) == "qamar bahr 7"
    assert passphrases.folded("qamar-bahr 7", BY_SPACES) == "qamar-bahr 7"


@pytest.mark.parametrize(
    "typed",
    [
        "olive-lamp",
        "olive lamp",
        "Olive Lamp",
        "OLIVE–LAMP",
        "\u200eolive-lamp\u200e",
        " olive_lamp ",
    ],
)
def test_a_user_name_is_found_however_it_is_written(typed: str) -> None:
    assert passphrases.folded_username(typed) == "olive-lamp"


def written(account_words: str, written_as: str) -> str:
    return account_words.replace("-", {"spaces": " ", "nothing": "", "dashes": " – "}[written_as])


@pytest.mark.parametrize("written_as", ["spaces", "nothing", "dashes"])
@pytest.mark.parametrize("reading", [BY_SPACES, WITHOUT_SEPARATORS])
def test_somebody_signs_in_with_what_they_remember_and_not_with_its_hyphens(
    app, browser, organisation, reading, written_as
) -> None:
    account, own = organisation.staff["facilitator1"], "unfold-repost-zoom-deftly-amuser"
    with app.app_context():
        private = sign_in_keys(account).private_key
    fresh = User(uid=account.uid)
    stretched: Stretched = derived(Work(passphrases.folded(own, reading), COST))
    rules.reseal_private_key(fresh, private, stretched)
    values = {"salt": fresh.salt, "private_key": fresh.private_key, "reading": reading}
    changed = update(User).where(User.uid == account.uid)
    plant(app, changed.values(**values, username="olive-lamp"))
    sent = {
        "username": written("Olive-Lamp", written_as),
        "passphrase": written(own.upper(), written_as),
    }
    assert browser.post("/sign-in", sent).location == "/"
    assert Browser(app, {}).post("/sign-in", sent | {"username": "olive"}).location != "/"


def test_the_exact_user_name_comes_first(app, browser, organisation) -> None:
    one, other = (organisation.staff[who] for who in ("facilitator1", "facilitator2"))
    for account, name in ((one, "sea-shore"), (other, "seas-hore")):
        plant(app, update(User).where(User.uid == account.uid).values(username=name))
    for account, name in ((one, "sea-shore"), (other, "seas-hore")):
        me = Browser(app, {})
        sent = {"username": name, "passphrase": account.passphrase}
        assert me.post("/sign-in", sent).location == "/"


def test_the_same_key_opens_however_it_was_written() -> None:
    salt = bytes(envelope.SALT_BYTES)
    keys = {derived(Work(passphrases.folded(text), COST, salt)).key for text in WRITTEN.values()}
    assert len(keys) == 1


@pytest.mark.parametrize(
    "cut", ["pas swo rdp ass wor dpa ssw ord", "qwe rty uio pas dfg hjk lzx cvb", "ab-ab ab ab a b"]
)
def test_what_stands_between_pieces_makes_them_worth_no_more(cut: str) -> None:
    assert passphrases.bits(cut) < passphrases.PASSPHRASE_BITS
