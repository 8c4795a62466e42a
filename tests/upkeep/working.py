"""What is done in a process that will be killed: one act after the other, said before and after."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade

from app.clock import standing_at
from tests.cli.running import run
from tests.client import Browser
from tests.organisation import NOW, Organisation
from tests.upkeep.keeping import begun

MARKS = ("present", "late", "excused", "absent")


def work(
    says: Connection, address: str, folder: Path, backups: Path, organisation: Organisation
) -> None:
    """Work as people do, until the end."""
    with standing_at(NOW):
        app = begun(address, folder, DAFTAR_BACKUPS=str(backups))
        worker = Worker(app, organisation, says)
        says.send(json.dumps(("ready", "", "", True)))
        worker.work()


def bring_up(says: Connection, address: str, folder: Path, _backups: Path) -> None:
    """Bring the tables up to date."""
    app = begun(address, folder)
    with app.app_context():
        says.send("ready")
        upgrade()


class Worker:
    """Does one thing after the other, and says so before and after."""

    def __init__(self, app: Flask, organisation: Organisation, says: Connection) -> None:
        self.app, self.of, self.says = app, organisation, says
        browser = Browser(app, organisation.staff)
        self.facilitator, self.coordinator = browser.as_("facilitator1"), browser.as_("coordinator")
        self.stranger, self.admin = browser, browser.as_("administrator")
        self.dice = random.Random(os.getpid())

    def work(self) -> None:
        acts = (self.mark, self.mark, self.write, self.sign_up, self.rotate, self.back_up)
        while True:
            self.dice.choice(acts)()

    def _do(self, kind: str, of: str, value: str, act: Callable[[], bool]) -> None:
        self.says.send(json.dumps((kind, of, value, False)))
        if act():
            self.says.send(json.dumps((kind, of, value, True)))

    def mark(self) -> None:
        roll = f"/sessions/{self.of.a.meetings[7]}/attendance"
        stay, mark = self.dice.choice(self.of.a.members).stay, self.dice.choice(MARKS)
        self._do(
            "mark", stay, mark, lambda: _done(self.facilitator.post(roll, {stay: mark}).location)
        )

    def write(self) -> None:
        text, note = str(self.dice.random()), f"/sessions/{self.of.a.meetings[7]}/note"
        typed = {"happened": text, "version": "0", "page": "onepage"}
        self._do(
            "text",
            "",
            text,
            lambda: self.facilitator.post(note, typed, htmx="note-state").status == 200,
        )

    def sign_up(self) -> None:
        address = f"/open/{self.of.workshop.link}"
        name = f"سنونو {self.dice.random()}"
        form = self.stranger.get(address).form(address)
        self._do(
            "sign-up", "", name, lambda: form.fill(name=name).press().location.startswith("/code")
        )

    def rotate(self) -> None:
        """A team that changes: the group's vaults get new keys each time."""
        team = f"/groups/{self.of.a.uid}/team"
        user = self.of.staff["facilitator3"].uid
        ends = [
            form["action"]
            for form in self.coordinator.get(team).root.all("form")
            if form["action"].endswith("/end")
            and form["action"] != f"{team}/{self.of.a.assignment}/end"
        ]
        if ends:
            self._do("end", "", "", lambda: _done(self.coordinator.post(ends[-1]).location))
        typed = {"passphrase": self.of.staff["coordinator"].passphrase}
        self._do(
            "assign", "", "", lambda: _done(self.coordinator.post(f"{team}/{user}", typed).location)
        )

    def back_up(self) -> None:
        self._do("backup", "", "", lambda: run(self.app, "backup").exit_code == 0)


def _done(location: str) -> bool:
    return bool(location) and "kept=" not in location and "/problem/" not in location
