"""The addresses of the nine pages."""

from __future__ import annotations

from django.urls import path

from bench.peer import meeting_views, views

urlpatterns = [
    path("", views.today),
    path("groups", views.groups),
    path("groups/<str:uid>", views.group),
    path("sessions/<str:uid>", meeting_views.session),
    path("sessions/<str:uid>/attendance", meeting_views.roll),
    path("sessions/<str:uid>/attendance/one", meeting_views.one),
    path("sessions/<str:uid>/note", meeting_views.note),
    path("people", views.people),
    path("people/<str:uid>", views.person),
]
