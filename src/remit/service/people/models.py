"""People who sign in, the roles that they have in organisations from one day to another, and how they come in."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from remit.service.organisations.models import Organisation
from remit.service.people.roles import ROLES
from remit.service.scope.conditions import NotScoped, Visible
from remit.service.scope.rows import ScopedModel


class PersonManager(BaseUserManager["Person"]):
    """People by their e-mail address."""

    def create_user(self, email: str, password: str | None = None, **others: Any) -> Person:
        person = self.model(email=self.normalize_email(email).lower(), **others)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """Somebody who signs in: by e-mail address, password and, where a role asks for it, a second factor."""

    visible = NotScoped("sign-in looks for an address before a scope is known; people are listed by appointments alone")

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    is_active = models.BooleanField(default=True)

    objects = PersonManager()

    USERNAME_FIELD = EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]  # noqa: RUF012

    def __str__(self) -> str:
        return self.name


class Appointment(ScopedModel):
    """A role that a person has in an organisation, from a first to a last day."""

    visible = Visible(by="organisation_id", person="person_id")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="appointments")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="appointments")
    role = models.CharField(max_length=40, choices=[(role.id, role.title) for role in ROLES.values()])
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{ROLES[self.role].title}, {self.organisation}"


class Invitation(ScopedModel):
    """That somebody is asked to take roles in an organisation. Of the secret in its address only a hash is kept.

    The first administrator's has no organisation yet: accepting it makes the commissioner, with the code and name that
    the operator gave or that the administrator then types.
    """

    visible = Visible(by="organisation_id")

    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField(blank=True)
    name = models.CharField(max_length=200, blank=True)
    roles = models.JSONField(default=list)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    commissioner_code = models.CharField(max_length=20, blank=True)
    commissioner_name = models.CharField(max_length=200, blank=True)
    token_hash = models.CharField(max_length=64, unique=True)
    invited_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.name or self.email} to {self.organisation or 'a new commissioner'}"


class OpenSession(models.Model):
    """A session that somebody is signed in to: since when, when last used, and from where."""

    visible = NotScoped("each person reads and ends their own alone, by who is signed in")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="open_sessions")
    session_key = models.CharField(max_length=40, unique=True)
    since = models.DateTimeField()
    last_used = models.DateTimeField()
    address = models.CharField(max_length=45, blank=True)
    browser = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.person} since {self.since}"


class Tries(models.Model):
    """How often something was tried of late, and until when it has to wait. The key is a hash of who and what."""

    visible = NotScoped("a hash and a number, which say nothing of anybody")

    key = models.CharField(max_length=64, unique=True)
    count = models.PositiveIntegerField(default=0)
    last = models.DateTimeField()
    wait_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.count}"
