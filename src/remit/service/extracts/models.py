"""Extracts of figures, and what each came to practice by practice. What is accepted never changes: triggers hold it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from remit.service.organisations.models import Organisation
from remit.service.people.models import Person
from remit.service.register.models import SchemeVersion
from remit.service.scope.conditions import NEVER, FieldIs, UnderConsent, Visible
from remit.service.scope.rows import ScopedModel

RECEIVED, CHECKING, ACCEPTED = "received", "checking", "accepted"
REFUSED, CANCELLED, FAILED = "refused", "cancelled", "failed"
STATES = (
    (RECEIVED, "Waiting to be checked"),
    (CHECKING, "Being checked"),
    (ACCEPTED, "Accepted"),
    (REFUSED, "Refused"),
    (CANCELLED, "Cancelled"),
    (FAILED, "Not finished"),
)
OPEN = (RECEIVED, CHECKING, FAILED)
"""States in which an extract may still become accepted."""


class Extract(ScopedModel):
    """Figures of a scheme version as of a day, as they came in: whole, dated and hashed.

    `files` are the kind, name, hash and size of each; `folder` is where they are below the data folder. An accepted
    one has `frame` (what the overview says of the scheme), `period` (what was run), `settings` (what was used),
    `missing` (practices that are not in it), `words` (the policy for small numbers) and `made_with` (the versions and
    hashes that it rests on). One that another `supersedes`
    stays as it was.
    """

    visible = Visible(by="organisation_id", parents=FieldIs("state", (ACCEPTED,)))

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="extracts")
    number = models.PositiveIntegerField()
    scheme_version = models.ForeignKey(SchemeVersion, on_delete=models.PROTECT, related_name="extracts")
    day = models.DateField()
    state = models.CharField(max_length=20, choices=STATES, default=RECEIVED)
    sha256 = models.CharField(max_length=64)
    files = models.JSONField(default=list)
    folder = models.CharField(max_length=40, unique=True)
    received = models.DateTimeField()
    received_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    supersedes = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="superseded_by")
    reason = models.TextField(blank=True)
    settings = models.JSONField(default=dict)
    has_evidence = models.BooleanField(default=False)
    done = models.PositiveIntegerField(default=0)
    of = models.PositiveIntegerField(default=0)
    decided = models.DateTimeField(null=True)
    problems = models.JSONField(default=list)
    problem_count = models.PositiveIntegerField(default=0)
    warnings = models.JSONField(default=list)
    period = models.CharField(max_length=10, blank=True)
    frame = models.TextField(blank=True)
    missing = models.JSONField(default=list)
    words = models.TextField(blank=True)
    run = models.CharField(max_length=40, blank=True)
    made_with = models.JSONField(default=dict)
    compared_with = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(ScopedModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["organisation", "number"], name="extract_number_once"),
            models.UniqueConstraint(
                fields=["organisation", "scheme_version", "sha256"],
                condition=Q(state__in=(*OPEN, ACCEPTED)),
                name="extract_bytes_once",
            ),
            models.UniqueConstraint(fields=["supersedes"], condition=Q(state=ACCEPTED), name="extract_superseded_once"),
            models.CheckConstraint(condition=Q(state__in=[state for state, _ in STATES]), name="extract_state_known"),
            models.CheckConstraint(
                condition=Q(supersedes__isnull=True) | ~Q(reason=""), name="extract_supersedes_with_reason"
            ),
        )

    def __str__(self) -> str:
        return f"extract {self.number}"

    @property
    def is_open(self) -> bool:
        """Whether it may still become accepted."""
        return self.state in OPEN


class DueDay(ScopedModel):
    """By which day of the next month a commissioner expects a month's figures; without one it is `reading.DUE_DAY`."""

    visible = Visible(by="organisation_id")

    organisation = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="+")
    day = models.PositiveSmallIntegerField()

    class Meta(ScopedModel.Meta):
        constraints = (models.CheckConstraint(condition=Q(day__gte=1, day__lte=28), name="due_day_in_every_month"),)

    def __str__(self) -> str:
        return f"day {self.day}"


class PracticeFigures(ScopedModel):
    """What an accepted extract came to for one practice, as others see it under its consent: no small number in it.

    `pence` and `points` are None where they are not known, `reason` then says why. `place` is its place in the run;
    `overview` its part of the overview, `payment` what it is paid and when, `moved` what moved since the extract
    before, as `application.extract` reads them.
    """

    visible = Visible(by="practice_id", overseen=UnderConsent(practice="practice_id", day="day"))

    extract = models.ForeignKey(Extract, on_delete=models.PROTECT, related_name="practices")
    practice = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="figures")
    day = models.DateField()
    place = models.PositiveIntegerField()
    is_network = models.BooleanField(default=False)
    status = models.CharField(max_length=20)
    pence = models.BigIntegerField(null=True)
    reason = models.TextField(blank=True)
    points = models.CharField(max_length=40, null=True)
    sha256 = models.CharField(max_length=64)
    statement_for_commissioner = models.TextField()
    overview = models.TextField()
    payment = models.TextField(blank=True)
    moved = models.TextField(blank=True)

    class Meta(ScopedModel.Meta):
        constraints = (models.UniqueConstraint(fields=["extract", "practice"], name="figures_once"),)

    def __str__(self) -> str:
        return f"{self.practice_id} in {self.extract_id}"


class PracticeCopy(ScopedModel):
    """A practice's own copy, with its exact counts: nobody above sees it. `evidence` has the hash of each file."""

    visible = Visible(by="practice_id", overseen=NEVER)

    figures = models.OneToOneField(PracticeFigures, on_delete=models.PROTECT, related_name="copy")
    practice = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    counts = models.TextField()
    statement = models.TextField()
    moved = models.TextField(blank=True)
    evidence = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"copy of {self.practice_id}"
