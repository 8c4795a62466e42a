"""The addresses of the nine pages."""

from __future__ import annotations

from django.urls import path

from bench.peer import views

urlpatterns = [
    path("", views.today),
    path("groups", views.groups),
    path("groups/<str:uid>", views.group),
    path("sessions/<str:uid>", views.session),
    path("sessions/<str:uid>/attendance", views.roll),
    path("sessions/<str:uid>/attendance/one", views.one),
    path("sessions/<str:uid>/note", views.note),
    path("people", views.people),
    path("people/<str:uid>", views.person),
]
