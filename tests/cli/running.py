"""Runs a command as `flask --app wsgi …` does."""

from __future__ import annotations

from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import FlaskGroup


def run(app: Flask, *words: str, typed: str = "") -> Result:
    """What the command printed, and whether it succeeded; `typed` where it asks."""
    group = FlaskGroup(create_app=lambda: app)
    return CliRunner().invoke(group, list(words), input=f"{typed}\n" if typed else None)
