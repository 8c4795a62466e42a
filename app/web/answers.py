"""The three answers a view gives: a page, "it changed", "it was refused".

One view serves browsers with and without htmx; none of them asks which it is.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Response, current_app, g, make_response, redirect, request, url_for
from flask_login import current_user
from markupsafe import Markup

from app.errors import RuleBroken
from app.extensions import db
from app.i18n import environment
from app.web import kept_forms, transaction
from app.web.forms import Form
from app.web.headers import allow_style
from app.web.kept_forms import Refusal
from app.web.origin import mark_of_leaving

RELOADED = "HX-Redirect"
View = TypeVar("View", bound=Callable[..., Any])


def page(template: str, *, region: str = "", **context: Any) -> Response:
    """Render a page, or the one region of it that htmx asked for.

    `template` is "groups/show.html"; `region="roster"` names the partial
    "groups/_roster.html" whose root has the id "roster".
    """
    if region and region_asked() == region:
        folder = template.rpartition("/")[0]
        response = make_response(render(f"{folder}/_{region}.html", **context))
    else:
        response = make_response(render(template, **context))
    shown = kept_forms.shown_again()
    response.status_code = 422 if shown and shown.wrong else 200
    if region:
        response.vary.add("HX-Target")
    return response


def changed(
    endpoint: str,
    *,
    said: str = "",
    of: str = "",
    at: str = "",
    region: str = "",
    lighter: Callable[[], Response] | None = None,
    **url: Any,
) -> Response:
    """It was done: a browser is led to `endpoint` (303), htmx gets that page's region.

    `said` is the code of a message (templates/web/_said.html), `of` the opaque
    id it speaks of, `at` the id of the place on the page to come back to;
    `lighter` makes `region` where it can be had for less than the page.
    """
    if region_asked():
        if lighter and region_asked() == region:
            return lighter()
        return as_if_asked_for(endpoint, **url)
    location = url_for(endpoint, **url, said=said or None, of=of or None, _anchor=at or None)
    return leave_for(location)


def refused(
    endpoint: str, *, form: Form | None = None, message: object = "", **url: Any
) -> Response:
    """It was not done: `endpoint` shows the form again with what was typed and why.

    `message` stands at the field that a broken rule names, or above the form.
    htmx gets the region with 422; a full page is led (303) to a GET that
    answers 422. Everything the request did is undone.
    """
    if form and str(message):
        form.refuse(message, getattr(message, "field", ""))
    refusal = form.refusal() if form else Refusal(messages=[str(message)])
    transaction.refuse()
    if region_asked():
        transaction.rollback()
        g.refusal = refusal
        return as_if_asked_for(endpoint, **url)
    uid = kept_forms.keep(refusal)
    return kept_forms.send_form_key(leave_for(url_for(endpoint, **url, kept=uid)))


def back_to(endpoint: str) -> Callable[[View], View]:
    """Where a rule is broken or a form was typed wrong, `endpoint` shows it again and why: see `refused`.

    It is asked for with what it takes of what the view was asked for, on the same page of a list.
    """

    def wrap(view: View) -> View:
        @wraps(view)
        def answered(**asked_for: Any) -> Any:
            try:
                return view(**asked_for)
            except RuleBroken as broken:
                rules = current_app.url_map.iter_rules(endpoint)
                takes = next(rule.arguments for rule in rules if "GET" in (rule.methods or ()))
                url = {name: asked_for[name] for name in takes}
                url |= {"page": request.args["page"]} if "page" in request.args else {}
                return refused(endpoint, form=g.get("form"), message=broken, **url)

        return answered  # type: ignore[return-value]

    return wrap


def asked(endpoint: str, *, form: Form, **url: Any) -> Response:
    """A question too secret for an address (a name, a code word): `endpoint` shows the answer.

    htmx gets the region; a full page is led to a GET, with the question kept sealed.
    """
    refusal = form.refusal()
    refusal.wrong = False
    # Shown again it may be sent with an answer: that is another post, with a key of its own.
    refusal.typed = [(name, value) for name, value in refusal.typed if name != "once"]
    if region_asked():
        g.refusal = g.question = refusal
        return as_if_asked_for(endpoint, **url)
    uid = kept_forms.keep(refusal)
    return kept_forms.send_form_key(leave_for(url_for(endpoint, **url, kept=uid)))


def leave_for(location: str) -> Response:
    """A redirect that a browser follows with a GET (303), htmx with a whole new page."""
    if is_htmx():
        response = make_response("", 200)
        response.headers[RELOADED] = location
        return response
    return make_response(redirect(location, 303))


def as_if_asked_for(endpoint: str, **url: Any) -> Response:
    """The answer of another of our views, in this request, as if that address had been asked for."""
    # Let that view see what was done, and the rows as they now are.
    db.session.flush()
    db.session.expire_all()
    (rule, *_others) = current_app.url_map.iter_rules(endpoint)
    g.query = {name: value for name, value in url.items() if name not in rule.arguments}
    in_path = {name: value for name, value in url.items() if name in rule.arguments}
    return make_response(current_app.view_functions[endpoint](**in_path))


def query(name: str) -> str:
    """A word of the address's query, also where one view answers for another; empty if absent."""
    return str(g.get("query", request.args).get(name) or "")


def is_htmx() -> bool:
    """Whether htmx made this request."""
    return request.headers.get("HX-Request") == "true"


def region_asked() -> str:
    """The id of the region that htmx wants (it sends tag#id), or empty."""
    return request.headers.get("HX-Target", "").rpartition("#")[2] if is_htmx() else ""


def render(template: str, **context: Any) -> str:
    """Fill a template in the language of this request."""
    return (
        environment()
        .get_template(template)
        .render(
            me=current_user._get_current_object(),
            refusal=kept_forms.shown_again(),
            region_asked=region_asked,
            entry_style=entry_style,
            mark_of_leaving=mark_of_leaving,
            **context,
        )
    )


def entry_style() -> Markup:
    """The style that the sign-in page carries in itself, allowed by its hash; our own file's text."""
    files = current_app.extensions["static_files"]
    allow_style(files.entry_style_hash)
    return Markup(files.entry_style)  # noqa: S704 - our own file
