"""Daftar, the notebook: this file is its table of contents."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from app import (
    accounts,
    assignments,
    audit,
    cases,
    config,
    continuation,
    follow_ups,
    groups,
    i18n,
    importing,
    notebook,
    notes,
    people,
    policy,
    reports,
    requests,
    sessions,
    upkeep,
    vault,
    web,
    workshops,
)
from app.extensions import engine_options, open_databases

MOST_BYTES = 2 * 1024 * 1024  # a larger body is 413, and not kept

__all__ = [
    "accounts",
    "assignments",
    "audit",
    "cases",
    "continuation",
    "create_app",
    "follow_ups",
    "groups",
    "importing",
    "notebook",
    "notes",
    "people",
    "reports",
    "requests",
    "sessions",
    "upkeep",
    "vault",
    "workshops",
]


def create_app(environ: Mapping[str, str], instance: Path) -> Flask:
    """The application, with its settings read from `environ` and its data in `instance`."""
    app = web.Application(
        __name__,
        static_folder=None,
        template_folder="../templates",
        instance_path=str(instance.resolve()),
    )
    settings = config.load(instance.resolve(), environ)
    app.request_class = web.Request
    app.session_interface = web.NoFlaskSession()
    app.config |= {
        "DAFTAR": settings,
        # Flask-Login asks for one; we sign no cookie with it, and it opens nothing.
        "SECRET_KEY": hmac.digest(settings.server_key, b"unused", "sha256"),
        "SQLALCHEMY_DATABASE_URI": settings.database,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(settings.database),
        "MAX_CONTENT_LENGTH": MOST_BYTES,
        "MAX_FORM_MEMORY_SIZE": MOST_BYTES,
    }
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]

    # For a look at a copy of the database, beside this one.
    app.extensions["begin_anew"] = create_app
    open_databases(app)
    web.init_app(app)
    i18n.init_app(app)

    from app.accounts import join_views, leaving, own_views, turns, viewer  # noqa: F401
    from app.accounts.views import bp as accounts_pages
    from app.audit import trail
    from app.cases import appointment_views  # noqa: F401
    from app.cases.notes import OfAppointment
    from app.cases.views import bp as cases_pages
    from app.continuation.views import bp as continuation_pages
    from app.follow_ups.views import bp as follow_ups_pages
    from app.groups import member_views, team_views  # noqa: F401
    from app.groups.views import bp as groups_pages
    from app.importing.views import bp as importing_pages
    from app.notebook import (  # noqa: F401
        access,
        access_views,
        audit_views,
        calendar_views,
        colleague_views,
        copy_views,
        endings,
        first_hour_views,
        keeping_views,
        people_views,
        staff_views,
        waits,
        week_views,
    )
    from app.notebook.views import bp as notebook_pages
    from app.notes import occasions
    from app.notes.models import APPOINTMENT, MEETING
    from app.notes.views import bp as notes_pages
    from app.people import consent_views, contact, place_views  # noqa: F401
    from app.people.views import bp as people_pages
    from app.reports.views import bp as reports_pages
    from app.requests import person_views, referral_views  # noqa: F401
    from app.requests.views import bp as requests_pages
    from app.sessions import attendance_views, follow_up_views, joining_views  # noqa: F401
    from app.sessions.notes import OfMeeting
    from app.sessions.views import bp as sessions_pages
    from app.upkeep.views import bp as upkeep_pages
    from app.web import addresses, showing
    from app.workshops import (  # noqa: F401
        export_views,
        facilitator_views,
        merging_views,
        public_views,
        roll_views,
        sign_up_views,
    )
    from app.workshops.views import bp as workshops_pages

    addresses.init_app(app)
    showing.init_app(app)
    viewer.init_app(app)
    turns.init_app(app)
    leaving.init_app(app)
    policy.init_app(app, trail.record_refusal)
    access.init_app(app)
    waits.init_app(app)
    contact.init_app(app, endings.CONTACT, endings.CONSENT)
    occasions.init_app(app, {MEETING: OfMeeting.find, APPOINTMENT: OfAppointment.find})
    for pages in (
        accounts_pages,
        notebook_pages,
        people_pages,
        groups_pages,
        notes_pages,
        sessions_pages,
        follow_ups_pages,
        workshops_pages,
        requests_pages,
        cases_pages,
        continuation_pages,
        reports_pages,
        importing_pages,
        upkeep_pages,
    ):
        app.register_blueprint(pages)
    policy.refuse_bare_routes(app)
    return app
