"""Runs a command as `flask --app wsgi …` does."""

from __future__ import annotations

from click.testing import CliRunner, Result
from flask import Flask
from flask.cli import FlaskGroup


def run(app: Flask, *words: str) -> Result:
    """What the command printed, and whether it succeeded."""
    return CliRunner().invoke(FlaskGroup(create_app=lambda: app), list(words))
