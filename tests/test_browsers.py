"""The style uses what the promised browsers understand, or docs/browsers.md says what they get instead."""

from __future__ import annotations

import pytest

from tests.style import UNDERSTOOD, YOUNGER, as_older_phones_read_it, features, style


def test_the_style_uses_nothing_that_is_not_listed() -> None:
    unlisted = features(style()) - UNDERSTOOD - YOUNGER
    assert not unlisted, (
        f"Look up who understands it, then write it into docs/browsers.md. {unlisted}"
    )


def test_nothing_is_listed_that_the_style_does_not_use() -> None:
    unused = YOUNGER - features(style())
    assert not unused, f"The style uses these no more: take them out of docs/browsers.md. {unused}"


def test_an_older_phone_is_left_with_what_it_understands() -> None:
    left = features(as_older_phones_read_it(style()))
    assert not left - UNDERSTOOD, (
        "Older phones do not understand these: write for them a rule in @supports not (…), and "
        f"what is younger beside it. {left - UNDERSTOOD}"
    )


@pytest.mark.parametrize(
    ("css", "used"),
    [
        ("p{inset-inline:0;color:red}", {"inset-inline", "color"}),
        ("@layer a{p{color:red}}", {"@layer", "color"}),
        ("p{inline-size:clamp(1px,2px,3px)}", {"inline-size", "clamp("}),
        ("a:where(.b)::marker{color:red}", {":where(", "::marker", "color"}),
        (".a{display:flex;gap:1px}.b{display:grid;gap:1px}", {"display", "gap of a line", "gap"}),
    ],
)
def test_what_a_style_uses_is_seen(css: str, used: set[str]) -> None:
    assert features(css) == used
