"""The pages of this folder's tests are in English; a life of keys to go through step by step."""

import pytest
from flask import Flask

from tests.access.life import Life
from tests.client import Browser
from tests.organisation import Organisation
from tests.web.english import english

__all__ = ["english"]


@pytest.fixture
def life(app: Flask, browser: Browser, organisation: Organisation) -> Life:
    """The organisation as it stands, and what each passphrase is expected to open."""
    return Life(app, browser, organisation)
