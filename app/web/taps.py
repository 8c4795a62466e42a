"""The taps of a roll: those that a page sends together, and what it showed when it did."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from flask import abort, request

NOT_TAPS = ("shown", "one", "whose")


def typed() -> list[tuple[str, str]]:
    """What was tapped, in order: each button's name and the value wanted. 400 where there is none."""
    taps = [(name, value) for name, value in request.form.items(multi=True) if name not in NOT_TAPS]
    return taps or abort(400)


def changed(
    tapped: Iterable[str], marks: Mapping[str, str | None], all_: Sequence[str]
) -> list[str]:
    """Whose marks the page is sent: those it tapped, and those it shows otherwise than they are.

    `marks` is what stands now, `all_` the values in the order of the buttons.
    The page says what it shows as an id and the number of the pressed button
    each, "-" for none; a page that says nothing gets what it tapped.
    """
    told = [uid for uid in tapped if uid in marks]
    for word in request.form.get("shown", "").split():
        uid, pressed = word[:-1], word[-1]
        if uid in marks and uid not in told:
            mark = marks[uid]
            stands = "-" if mark is None else str(all_.index(mark))
            if stands != pressed:
                told.append(uid)
    return told
