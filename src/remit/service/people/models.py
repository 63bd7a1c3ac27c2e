"""People who sign in, and the roles that they have in organisations from one day to another."""

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
