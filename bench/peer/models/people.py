"""Staff, places and people."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.functional import cached_property


class Staff(AbstractBaseUser):
    """A colleague who signs in."""

    uid = models.CharField(primary_key=True, max_length=10)
    username = models.CharField(max_length=40, unique=True)
    working_name = models.CharField(max_length=40)
    role = models.CharField(max_length=20)

    objects = BaseUserManager()
    USERNAME_FIELD = "username"

    @cached_property
    def parts(self) -> list[str]:
        """The places, groups and workshops they have a part in."""
        open_parts = Assignment.objects.filter(user=self, ended_at=None)
        return list(open_parts.values_list("of_uid", flat=True))


def named(*fields: Any, **more: Any) -> Any:
    """A key to another table, in a column named after what it holds."""
    return models.ForeignKey(*fields, on_delete=models.DO_NOTHING, **more)


class Site(models.Model):
    """A place."""

    uid = models.CharField(primary_key=True, max_length=10)
    name = models.CharField(max_length=40)
    zone = models.CharField(max_length=40)

    class Meta:
        managed, db_table = False, "sites"


class Assignment(models.Model):
    """A colleague's part in a place, a group or a workshop."""

    uid = models.CharField(primary_key=True, max_length=10)
    of_uid = models.CharField(max_length=10)
    user = named(Staff, db_column="user_uid")
    part = models.CharField(max_length=20)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        managed, db_table = False, "assignments"


class Person(models.Model):
    """Someone the organisation serves."""

    uid = models.CharField(primary_key=True, max_length=10)
    site = named(Site, db_column="site_uid")

    class Meta:
        managed, db_table = False, "people"


class Card(models.Model):
    """Everything about one person."""

    person = models.OneToOneField(
        Person, models.DO_NOTHING, primary_key=True, db_column="person_uid"
    )
    name = models.TextField()
    code = models.TextField()
    folded = models.TextField()
    address = models.TextField()
    channel = models.TextField()
    number = models.TextField()
    phone = models.TextField()
    hours = models.TextField()
    if_another_answers = models.TextField()
    may_leave_message = models.BooleanField()
    do_not_contact = models.BooleanField()

    class Meta:
        managed, db_table = False, "cards"


class Consent(models.Model):
    """A person's agreement to one purpose."""

    uid = models.CharField(primary_key=True, max_length=10)
    person = named(Card, db_column="person_uid")
    purpose = models.CharField(max_length=16)
    withdrawn_on = models.DateField(null=True)

    class Meta:
        managed, db_table = False, "consents"
