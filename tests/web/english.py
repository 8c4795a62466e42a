"""A fixture for the folders of the features: their pages are read in English, the source language."""

from __future__ import annotations

import pytest

from tests.web.records import speak_english


@pytest.fixture(autouse=True)
def english(request: pytest.FixtureRequest) -> None:
    """Wherever a browser is used, the staff read English."""
    if "browser" in request.fixturenames:
        request.getfixturevalue("browser")
        speak_english(request.getfixturevalue("app"))
