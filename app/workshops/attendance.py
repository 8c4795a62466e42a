"""Taking down who came: the taps of one request, in order."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from flask import abort

from app.accounts.viewer import Viewer
from app.errors import RuleBroken
from app.web.taps import REST, UNDO, Taken, Tap
from app.workshops import attendance_rules, signing_up
from app.workshops.models import ATTENDED, CAME, CONFIRMED, SignUp


def take(
    viewer: Viewer,
    waiting: signing_up.WaitingList,
    taps: Iterable[Tap],
    *,
    today: date,
    at: datetime,
) -> Taken:
    """Write down who came as it was tapped, in order; a mark that stands already changes nothing.

    "rest" marks everybody with a seat and no mark as having come, "undo" takes
    just those marks back. Taps that cannot be done are told, the others are
    done. Where nobody on this list was tapped it is 404.
    """
    taken = Taken()
    by_uid = {sign_up.uid: sign_up for sign_up in waiting.sign_ups}
    strangers = 0

    def put(sign_up: SignUp, came_as: str | None) -> None:
        taken.touched[sign_up.uid] = None
        before, marked_by = sign_up.came_as, sign_up.marked_by
        if before == came_as:
            return
        try:
            attendance_rules.mark(
                sign_up,
                waiting.workshop,
                waiting.sign_ups,
                came_as=came_as,
                by=viewer.uid,
                today=today,
                at=at,
            )
        except RuleBroken as broken:
            taken.refused.append(broken.message)
            return
        if before and marked_by not in (None, viewer.uid):
            taken.replaced[sign_up.uid] = before
        taken.changed += 1
        signing_up.record(waiting, "sign-up-marked", sign_up)

    for name, wanted in taps:
        if name == REST:
            for sign_up in waiting.sign_ups:
                if sign_up.state(at) == CONFIRMED:
                    put(sign_up, ATTENDED)
                    if sign_up.came_as:
                        taken.undo += f" {sign_up.uid}"
        elif name == UNDO:
            for uid in wanted.split():
                one = by_uid.get(uid)
                if one and (one.came_as, one.marked_by) == (ATTENDED, viewer.uid):
                    put(one, None)
        elif name in by_uid:
            put(by_uid[name], wanted if wanted in CAME else None)
        else:
            strangers += 1
    if strangers and not taken.touched:
        abort(404)
    return taken
