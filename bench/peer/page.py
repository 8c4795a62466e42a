"""What every view begins and ends with."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseForbidden
from django.shortcuts import render

View = Callable[..., HttpResponse]


def signed_in(view: View) -> View:
    """Refuse strangers; hand the colleague on."""

    @wraps(view)
    def guarded(request: HttpRequest, **asked: Any) -> HttpResponse:
        if not request.user.is_authenticated:
            return HttpResponseForbidden()
        return view(request, request.user, **asked)

    return guarded


def page(request: HttpRequest, name: str, title: str, here: str, **found: Any) -> HttpResponse:
    """A page; `here` is its place in the navigation."""
    return render(
        request, f"{name}.html", {**found, "title": title, "here": here, "user": request.user}
    )
