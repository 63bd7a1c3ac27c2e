"""What a practice declares: figures of a day with their hash, its evidence, and each step until it is approved."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from remit.contract.declaration import WAITING, State
from remit.service.extracts.models import PracticeFigures
from remit.service.offers.models import Participation, SchemeYear
from remit.service.organisations.models import Organisation
from remit.service.people.models import Person
from remit.service.register.models import SchemeVersion
from remit.service.scope.conditions import NEVER, OF_COMMISSIONER, Visible
from remit.service.scope.rows import ScopedModel
from remit.service.steps import TakenStep

OPEN = tuple(one.value for one in WAITING)
"""States of a declaration that waits for somebody; of a practice and scheme year there is one at a time."""

ENDED = (State.SENT_BACK.value, State.TAKEN_BACK.value, State.WITHDRAWN.value)
"""States of a declaration of which nothing comes any more."""


class Declaration(ScopedModel):
    """That a practice says: these are our figures, and this is what they come to. It is of these numbers alone.

    `figures` are those of the extract, with their hash; `entered` are the numbers that no record can tell and that the
    practice gave itself, each with its item, measure, value and why. `pence` and `payment` (as
    `application.extract.payment_of` reads it) are what all of it comes to. Where changed figures withdrew it,
    `difference` is the document that says what differs, and `difference_pence` by how much. Where that was because
    the scheme was corrected, `corrected_version` is the newer version; where a merger withdrew it, `merged_into` is who
    took the practice over.
    """

    visible = Visible(by="practice_id", overseen=OF_COMMISSIONER, former=OF_COMMISSIONER)

    practice = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="declarations")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    scheme_year = models.ForeignKey(SchemeYear, on_delete=models.PROTECT, related_name="declarations")
    participation = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="declarations")
    number = models.PositiveIntegerField()
    figures = models.ForeignKey(PracticeFigures, on_delete=models.PROTECT, related_name="declarations")
    day = models.DateField()
    is_year_end = models.BooleanField(default=False)
    state = models.CharField(
        max_length=20, choices=[(one.value, one.value) for one in State], default=State.DECLARED.value
    )
    pence = models.BigIntegerField()
    payment = models.TextField()
    sha256 = models.CharField(max_length=64)
    entered = models.JSONField(default=list)
    statement_for_commissioner = models.TextField()
    words = models.TextField(blank=True)
    declared_at = models.DateTimeField()
    declared_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    in_bulk = models.BooleanField(default=False)
    approved_at = models.DateTimeField(null=True)
    difference = models.TextField(blank=True)
    difference_pence = models.BigIntegerField(null=True)
    replaced_by_figures = models.ForeignKey(PracticeFigures, null=True, on_delete=models.PROTECT, related_name="+")
    corrected_version = models.ForeignKey(SchemeVersion, null=True, on_delete=models.PROTECT, related_name="+")
    merged_into = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(ScopedModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["practice", "scheme_year", "number"], name="declaration_number_once"),
            models.UniqueConstraint(
                fields=["practice", "scheme_year"], condition=Q(state__in=OPEN), name="declaration_open_once"
            ),
        )

    def __str__(self) -> str:
        return f"declaration {self.number}"

    @property
    def is_open(self) -> bool:
        """Whether it waits for somebody."""
        return self.state in OPEN


class DeclarationCopy(ScopedModel):
    """The practice's own copy of what it declared, with its exact counts: nobody above sees it."""

    visible = Visible(by="practice_id", overseen=NEVER)

    practice = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    declaration = models.OneToOneField(Declaration, on_delete=models.PROTECT, related_name="copy")
    counts = models.TextField()
    statement = models.TextField()

    def __str__(self) -> str:
        return f"copy of {self.declaration_id}"


class DeclarationStep(TakenStep):
    """A step of a declaration, with what it was declared to come to at that moment."""

    visible = Visible(by="practice_id", overseen=OF_COMMISSIONER, former=OF_COMMISSIONER)

    practice = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    declaration = models.ForeignKey(Declaration, on_delete=models.PROTECT, related_name="steps")
    pence = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.step}: {self.declaration_id}"


class DeclarationFile(ScopedModel):
    """A file that a practice gave as evidence for what no record can tell: its name, hash, size and what it shows.

    Its bytes are below the data folder. It may say nothing of a patient. One that was removed before it was declared
    says so, and its bytes are gone.
    """

    visible = Visible(by="practice_id", overseen=OF_COMMISSIONER, former=OF_COMMISSIONER)

    practice = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    scheme_year = models.ForeignKey(SchemeYear, on_delete=models.PROTECT, related_name="+")
    declaration = models.ForeignKey(Declaration, null=True, on_delete=models.PROTECT, related_name="files")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    shows = models.CharField(max_length=500)
    at = models.DateTimeField()
    by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(ScopedModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["practice", "scheme_year", "number"], name="declaration_file_once"),
        )

    def __str__(self) -> str:
        return self.name


class EnteredNumbers(ScopedModel):
    """Numbers that no record can tell, as a practice entered them, and what a job found that they come to.

    `rows` have each number's item, measure, period, value and why. It is the practice's own: once the practice
    confirms, the result is what it declares. `problems` say in sentences what does not fit.
    """

    visible = Visible(by="practice_id", overseen=NEVER)

    practice = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    scheme_year = models.ForeignKey(SchemeYear, on_delete=models.PROTECT, related_name="+")
    figures = models.ForeignKey(PracticeFigures, on_delete=models.PROTECT, related_name="+")
    rows = models.JSONField(default=list)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True)
    problems = models.JSONField(default=list)
    pence = models.BigIntegerField(null=True)
    reason = models.TextField(blank=True)
    payment = models.TextField(blank=True)
    counts = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    statement = models.TextField(blank=True)
    statement_for_commissioner = models.TextField(blank=True)
    declaration = models.OneToOneField(Declaration, null=True, on_delete=models.PROTECT, related_name="entered_numbers")

    def __str__(self) -> str:
        return f"numbers of {self.practice_id}"


class DeclarationDifference(ScopedModel):
    """What differs between what was declared and what the figures come to now, as the practice itself sees it."""

    visible = Visible(by="practice_id", overseen=NEVER)

    practice = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    declaration = models.OneToOneField(Declaration, on_delete=models.PROTECT, related_name="own_difference")
    document = models.TextField()

    def __str__(self) -> str:
        return f"difference of {self.declaration_id}"
