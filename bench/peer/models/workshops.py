"""Workshops, who signed up for them, and what comes after a group."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from bench.peer.models.groups import Group, Membership
from bench.peer.models.people import Card, Site, named


class Workshop(models.Model):
    """One date of a workshop."""

    uid = models.CharField(primary_key=True, max_length=10)
    site = named(Site, db_column="site_uid")
    title_ar = models.CharField(max_length=80)
    title_en = models.CharField(max_length=80)
    starts_at = models.DateTimeField()
    seats = models.IntegerField()
    opened_at = models.DateTimeField(null=True)
    held_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        managed, db_table = False, "workshops"

    @property
    def title(self) -> str:
        """The Arabic title, or the one there is."""
        return str(self.title_ar or self.title_en)


class SignUp(models.Model):
    """One person on the list of one workshop."""

    uid = models.CharField(primary_key=True, max_length=10)
    workshop = named(Workshop, db_column="workshop_uid", related_name="sign_ups")
    person = named(Card, db_column="person_uid")
    signed_up_at = models.DateTimeField()
    line = models.IntegerField(null=True)
    offered_until = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    moved_up_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    ended_as = models.CharField(max_length=9, null=True)
    came_as = models.CharField(max_length=8, null=True)

    class Meta:
        managed, db_table = False, "sign_ups"

    def state(self, at: datetime) -> str:
        """As `SignUp.state` of the application."""
        if self.ended_as or self.came_as:
            return str(self.ended_as or self.came_as)
        if self.confirmed_at:
            return "confirmed"
        if self.offered_until:
            return "offered" if self.offered_until > at else "expired"
        return "waiting" if self.line is not None else "requested"


class NextStep(models.Model):
    """What a member wishes for after a group."""

    uid = models.CharField(primary_key=True, max_length=10)
    membership = named(Membership, db_column="membership_uid")
    group = named(Group, db_column="group_uid")
    person = named(Card, db_column="person_uid")
    choice = models.CharField(max_length=12)
    recorded_at = models.DateTimeField()

    class Meta:
        managed, db_table = False, "next_steps"
