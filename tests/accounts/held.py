"""What a request answers that had to wait for a row while something was changed."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from flask import Flask
from sqlalchemy import Executable, select

from app.extensions import Model, db
from tests.client import Page

UNTIL_THEY_WAIT = 0.4  # seconds


def while_held(
    app: Flask,
    model: type[Model],
    uid: str,
    *calls: Callable[[], Page],
    meanwhile: tuple[Executable, ...] = (),
) -> list[Page]:
    """Hold the row, let the requests come to it, change something, let go."""
    with app.app_context(), ThreadPoolExecutor(len(calls)) as pool:
        db.session.execute(select(model).filter_by(uid=uid).with_for_update())
        asking = [pool.submit(call) for call in calls]
        time.sleep(UNTIL_THEY_WAIT)
        for statement in meanwhile:
            db.session.execute(statement)
        db.session.commit()
        db.session.remove()
        return [asked.result(30) for asked in asking]
