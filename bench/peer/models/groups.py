"""Groups, their meetings, and what is written of them."""

from __future__ import annotations

from datetime import date, datetime

from django.db import models

from bench.peer.models.people import Card, Site, Staff, named


class Group(models.Model):
    """One run of a group."""

    uid = models.CharField(primary_key=True, max_length=10)
    site = named(Site, db_column="site_uid")
    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=60)
    planned_sessions = models.IntegerField()
    capacity = models.IntegerField()
    at = models.TimeField(null=True)
    planned_at = models.DateTimeField()
    enrolling_at = models.DateTimeField(null=True)
    active_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)

    class Meta:
        managed, db_table = False, "groups"

    @property
    def state(self) -> str:
        """As `Group.state` of the application."""
        if self.cancelled_at:
            return "cancelled"
        if self.completed_at:
            return "completed"
        if self.active_at:
            return "active"
        return "enrolling" if self.enrolling_at else "planned"


class Meeting(models.Model):
    """One meeting of a group."""

    uid = models.CharField(primary_key=True, max_length=10)
    group = named(Group, db_column="group_uid", related_name="meetings")
    on = models.DateField()
    at = models.TimeField()
    starts_at = models.DateTimeField()
    held_at = models.DateTimeField(null=True)
    missed_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    guests = models.IntegerField()

    number = 0
    """Set where the meetings of a group are numbered."""

    class Meta:
        managed, db_table = False, "group_sessions"

    @property
    def state(self) -> str:
        """As `GroupSession.state` of the application."""
        if self.missed_at:
            return "missed"
        if self.cancelled_at:
            return "cancelled"
        return "held" if self.held_at else "scheduled"


class Membership(models.Model):
    """A dated stay of a person in a group."""

    uid = models.CharField(primary_key=True, max_length=10)
    group = named(Group, db_column="group_uid")
    person = named(Card, db_column="person_uid")
    waiting_at = models.DateTimeField(null=True)
    offered_until = models.DateTimeField(null=True)
    joined_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    ended_as = models.CharField(max_length=10, null=True)

    class Meta:
        managed, db_table = False, "memberships"

    def state(self, at: datetime) -> str:
        """As `Membership.state` of the application."""
        if self.ended_as:
            return str(self.ended_as)
        if self.joined_on:
            return "active"
        return "offered" if self.offered_until and self.offered_until > at else "waiting"

    def covers(self, on: date) -> bool:
        """Whether the person was expected on that day."""
        return bool(self.joined_on and self.joined_on <= on and on <= (self.ended_on or on))


class Attendance(models.Model):
    """One mark per stay and meeting."""

    pk = models.CompositePrimaryKey("meeting_id", "membership_id")
    meeting = named(Meeting, db_column="session_uid")
    membership = named(Membership, db_column="membership_uid", related_name="marks")
    mark = models.CharField(max_length=8)

    class Meta:
        managed, db_table = False, "attendance"


class Note(models.Model):
    """What one person writes about one meeting."""

    uid = models.CharField(primary_key=True, max_length=10)
    meeting = named(Meeting, db_column="of_uid", related_name="notes")
    author = named(Staff, db_column="author_uid")
    kind = models.CharField(max_length=10)
    version = models.IntegerField()
    saved_at = models.DateTimeField()
    awaiting_at = models.DateTimeField(null=True)
    signed_at = models.DateTimeField(null=True)
    error_at = models.DateTimeField(null=True)

    class Meta:
        managed, db_table = False, "notes"


class Text(models.Model):
    """The three boxes of a note."""

    note = models.OneToOneField(Note, models.DO_NOTHING, primary_key=True, db_column="note_uid")
    happened = models.TextField()
    to_follow_up = models.TextField()
    next_time = models.TextField()

    class Meta:
        managed, db_table = False, "texts"


class Remark(models.Model):
    """An addition to a note, or a reviewer's comment."""

    uid = models.CharField(primary_key=True, max_length=10)
    note = named(Note, db_column="note_uid", related_name="remarks")
    kind = models.CharField(max_length=10)

    class Meta:
        managed, db_table = False, "note_remarks"


class FollowUp(models.Model):
    """A thing to do for a person."""

    uid = models.CharField(primary_key=True, max_length=10)
    group = named(Group, db_column="group_uid")
    meeting = named(Meeting, db_column="session_uid", related_name="follow_ups")
    person = named(Card, db_column="person_uid")
    owner = named(Staff, db_column="owner_uid")
    due_on = models.DateField()
    ended_at = models.DateTimeField(null=True)
    ended_as = models.CharField(max_length=8, null=True)

    class Meta:
        managed, db_table = False, "follow_ups"


class Thing(models.Model):
    """What is to be done."""

    follow_up = models.OneToOneField(
        FollowUp, models.DO_NOTHING, primary_key=True, db_column="follow_up_uid"
    )
    what = models.TextField(null=True)

    class Meta:
        managed, db_table = False, "things"
