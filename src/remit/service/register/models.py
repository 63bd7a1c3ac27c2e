"""Versions of schemes, each with its bytes and its state, and the steps that led there."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from remit.service.organisations.models import Organisation
from remit.service.people.models import Person
from remit.service.register.states import OPEN, State, Step
from remit.service.scope.conditions import FieldIs, UnderConsent, Visible
from remit.service.scope.rows import ScopedModel


class SchemeVersion(ScopedModel):
    """A version of a scheme: the file's bytes, the values of what it leaves open, and what has become of it.

    Whoever is above or below sees the published ones alone. `content` changes only while it is a draft, and nothing of
    a published version ever does: the database holds that too. `corrects` is the version that this one was begun from,
    with the `reason`; from `day` on, of several published ones, the latest holds.
    """

    visible = Visible(by="organisation_id", parents=FieldIs("state", (State.PUBLISHED.value,)))

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="schemes")
    scheme_id = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    state = models.CharField(
        max_length=20, choices=[(one.value, one.value) for one in State], default=State.DRAFT.value
    )
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    file_name = models.CharField(max_length=120)
    settings = models.JSONField(default=dict)
    title = models.CharField(max_length=300, blank=True)
    year = models.CharField(max_length=7, blank=True)
    errors = models.PositiveIntegerField(default=0)
    corrects = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)
    day = models.DateField(null=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(ScopedModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["organisation", "scheme_id", "version"], name="register_version_once"),
            models.UniqueConstraint(
                fields=["organisation", "scheme_id"],
                condition=Q(state__in=[one.value for one in OPEN]),
                name="register_one_at_work",
            ),
            models.CheckConstraint(
                condition=Q(state=State.PUBLISHED.value, day__isnull=False)
                | (~Q(state=State.PUBLISHED.value) & Q(day__isnull=True)),
                name="register_published_from_a_day",
            ),
        )

    def __str__(self) -> str:
        return f"{self.scheme_id}, version {self.version}"


class SchemeStep(ScopedModel):
    """That somebody did something with a version: who, when, and with what words. Steps are only ever added."""

    visible = Visible(by="organisation_id")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    version = models.ForeignKey(SchemeVersion, on_delete=models.PROTECT, related_name="steps")
    step = models.CharField(max_length=20, choices=[(one.value, one.value) for one in Step])
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    words = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.step}: {self.version}"


class PricedComparison(ScopedModel):
    """Two versions priced over the same figures: what was asked, and the document that a job made of it.

    `before` is a version of the register, or a scheme that ships by its id in `shipped`. Over figures that were sent
    there is the whole `document`. Over an `extract` there is its `frame`, and a part for each practice: what moved is
    put together of those whose figures are shared with whoever looks. `marks` say which texts and settings were priced,
    `settings_differ` which of those settings differ; `exact` is false where a version was not approved, and pounds of
    small counts are left out.
    """

    visible = Visible(by="organisation_id")

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=40, unique=True)
    version = models.ForeignKey(SchemeVersion, on_delete=models.PROTECT, related_name="+")
    before = models.ForeignKey(SchemeVersion, null=True, on_delete=models.PROTECT, related_name="+")
    shipped = models.CharField(max_length=60, blank=True)
    figures = models.CharField(max_length=200)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    extract = models.ForeignKey("extracts.Extract", null=True, on_delete=models.PROTECT, related_name="+")
    practices = models.JSONField(default=list)
    marks = models.JSONField(default=list)
    exact = models.BooleanField(default=True)
    frame = models.TextField(blank=True)
    settings_differ = models.JSONField(default=list)
    words = models.TextField(blank=True)
    document = models.TextField(blank=True)
    problems = models.JSONField(default=list)
    done_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.version} in pounds"


class PricedPractice(ScopedModel):
    """What moved of one practice of an extract, between two versions; `left_out` are the items without their pounds."""

    visible = Visible(by="practice_id", overseen=UnderConsent(practice="practice_id", day="day"))

    comparison = models.ForeignKey(PricedComparison, on_delete=models.PROTECT, related_name="parts")
    practice = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    day = models.DateField()
    moved = models.TextField()
    left_out = models.JSONField(default=list)

    class Meta(ScopedModel.Meta):
        constraints = (models.UniqueConstraint(fields=["comparison", "practice"], name="register_priced_once"),)

    def __str__(self) -> str:
        return f"{self.practice_id} in {self.comparison_id}"
