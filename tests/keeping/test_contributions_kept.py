"""A feature says what it keeps and how a person is erased there; what it says somebody lists."""

from __future__ import annotations

from app.extensions import db
from app.notebook import keeping
from app.web.keeping import AboutPeople, Kept
from tests.notebook.test_new_features import contributions


def test_every_feature_with_rows_about_people_says_how_they_are_erased() -> None:
    people = db.metadata.tables["people"]
    about = {
        table.name
        for table in db.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table is people
    }
    assert len(about) > 5
    said = {table for one in keeping.ABOUT for table in one.tables}
    assert about <= said, (
        "Say in the feature's keeping.py how a person is erased there, and list it."
    )


def test_whatever_a_feature_keeps_somebody_lists() -> None:
    said = [
        (module.__name__, name, value)
        for module in contributions("keeping")
        for name, value in vars(module).items()
        if isinstance(value, Kept | AboutPeople) and module.__name__ != "app.web.keeping"
    ]
    assert len(said) > 12
    listed = [*keeping.CLASSES, *keeping.ABOUT]
    unlisted = [f"{module}.{name}" for module, name, value in said if value not in listed]
    assert not unlisted, f"Nobody asks for it: list it in app/notebook/keeping.py. {unlisted}"
