"""The peer as a WSGI application: settings, its own two tables, and signing in."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler

from bench.browser import Asker, Wsgi
from bench.shadow import PRAGMAS

COOKIE = "daftar"


def application(database: Path) -> Wsgi:
    """Django by its book: no debugging, cached templates, a connection that stays, two middlewares."""
    settings.configure(
        DEBUG=False,
        SECRET_KEY="measured",
        ALLOWED_HOSTS=["*"],
        ROOT_URLCONF="bench.peer.urls",
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.sessions",
            "bench.peer",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
        ],
        AUTH_USER_MODEL="peer.Staff",
        SESSION_COOKIE_NAME=COOKIE,
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "DIRS": [Path(__file__).parent / "templates"],
                "OPTIONS": {
                    "loaders": [
                        (
                            "django.template.loaders.cached.Loader",
                            ["django.template.loaders.filesystem.Loader"],
                        )
                    ],
                    "builtins": ["bench.peer.words"],
                },
            }
        ],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": str(database),
                "CONN_MAX_AGE": None,
                "OPTIONS": {
                    "init_command": ";".join(f"PRAGMA {pragma}" for pragma in PRAGMAS),
                },
            }
        },
        LANGUAGE_CODE="ar",
        USE_I18N=False,
        USE_TZ=True,
        TIME_ZONE="Asia/Jerusalem",
    )
    django.setup()
    _make_tables()
    return WSGIHandler()


def sign_in(username: str, role: str) -> str:
    """Sign a colleague in as Django's own view does; the cookie's value."""
    from django.contrib.auth import login
    from django.contrib.sessions.backends.db import SessionStore
    from django.http import HttpRequest

    from bench.peer.models import Staff

    colleague = Staff.objects.get(username=username)
    colleague.role = role
    colleague.save()
    request = HttpRequest()
    request.session = SessionStore()
    login(request, colleague, backend="django.contrib.auth.backends.ModelBackend")
    request.session.save()
    return str(request.session.session_key)


def statements(peer: Wsgi, asker: Asker) -> int:
    """How many statements a page sends to the database."""
    from django.db import connection

    sent: list[str] = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        sent.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        asker.page(peer)
    return len(sent)


def _make_tables() -> None:
    from django.contrib.sessions.models import Session
    from django.db import connection

    from bench.peer.models import Staff

    with connection.cursor() as cursor:
        # Django's editor of tables refuses to work while foreign keys are watched.
        cursor.execute("PRAGMA foreign_keys=OFF")
    with connection.schema_editor() as editor:
        editor.create_model(Staff)
        editor.create_model(Session)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute(
            "INSERT INTO peer_staff (uid, username, working_name, role, password) "
            "SELECT uid, username, working_name, '', '!' FROM users"
        )
