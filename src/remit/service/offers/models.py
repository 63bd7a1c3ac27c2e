"""Scheme years, offers of them, and each practice's participation: its answer, from when until when it takes part."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q

from remit.contract.participation import State
from remit.service.consents.models import Consent
from remit.service.organisations.models import Organisation
from remit.service.people.models import Person
from remit.service.register.models import SchemeVersion
from remit.service.scope.conditions import ALWAYS, OF_COMMISSIONER, Visible
from remit.service.scope.rows import ScopedModel
from remit.service.steps import TakenStep

OFFERED, ACCEPTED, CARRIED_ON = State.OFFERED.value, State.ACCEPTED.value, State.CARRIED_ON.value
TAKES_PART = frozenset({ACCEPTED, State.LEFT.value, CARRIED_ON})
"""States of a practice that takes part, or took part, from its first to its last day."""


class SchemeYear(ScopedModel):
    """A commissioner's year of a scheme, whatever version of it holds: what offers, declarations and money belong to.

    `rules` are the limits and steps that hold for it, as `contract.limits` reads them. `closed` is when its books were
    closed for good.
    """

    visible = Visible(by="organisation_id", parents=ALWAYS)

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="scheme_years")
    scheme_id = models.CharField(max_length=60)
    title = models.CharField(max_length=300)
    year = models.CharField(max_length=7)
    starts = models.DateField()
    ends = models.DateField()
    rules = models.JSONField(default=dict)
    closed = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(ScopedModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["organisation", "scheme_id"], name="scheme_year_once"),
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="scheme_year_ends_after_beginning"),
        )

    def __str__(self) -> str:
        return self.title


class Offer(ScopedModel):
    """An offer of a scheme version to practices: from when until when it would hold, and by which day to answer.

    `to` says in words whom it went to: all practices of a place, or so many that were named.
    """

    visible = Visible(by="organisation_id", parents=ALWAYS)

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="offers")
    number = models.PositiveIntegerField()
    scheme_year = models.ForeignKey(SchemeYear, on_delete=models.PROTECT, related_name="offers")
    version = models.ForeignKey(SchemeVersion, on_delete=models.PROTECT, related_name="+")
    starts = models.DateField()
    ends = models.DateField()
    respond_by = models.DateField()
    to = models.CharField(max_length=300)
    words = models.TextField(blank=True)
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(ScopedModel.Meta):
        constraints = (
            models.UniqueConstraint(fields=["organisation", "number"], name="offer_number_once"),
            models.CheckConstraint(condition=Q(ends__gte=F("starts")), name="offer_ends_after_beginning"),
        )

    def __str__(self) -> str:
        return f"offer {self.number}"


class Participation(ScopedModel):
    """What became of an offer to a practice, and from when until when the practice takes part.

    `organisation` is the commissioner of the scheme year; its title, year and id are repeated here, so that a practice
    that has left the area still reads them. `starts` and `ends` are the days that were agreed: `ends` moves to an
    earlier day where the practice leaves. `consent` is what the practice let the commissioner see as it accepted.
    `still_reported` says that it takes part here, and is reported nationally all the same (where, and since when).
    """

    visible = Visible(by="practice_id", overseen=OF_COMMISSIONER, former=OF_COMMISSIONER)

    practice = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="participations")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    scheme_year = models.ForeignKey(SchemeYear, on_delete=models.PROTECT, related_name="participations")
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="participations")
    scheme_id = models.CharField(max_length=60)
    title = models.CharField(max_length=300)
    year = models.CharField(max_length=7)
    state = models.CharField(max_length=20, choices=[(one.value, one.value) for one in State], default=OFFERED)
    starts = models.DateField()
    ends = models.DateField()
    respond_by = models.DateField()
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)
    consent = models.ForeignKey(Consent, null=True, on_delete=models.PROTECT, related_name="+")
    still_reported = models.BooleanField(default=False)
    still_reported_where = models.CharField(max_length=300, blank=True)
    still_reported_since = models.DateField(null=True)
    into = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta(ScopedModel.Meta):
        constraints = (
            models.UniqueConstraint(
                fields=["practice", "scheme_year"],
                condition=Q(state__in=(OFFERED, ACCEPTED)),
                name="participation_open_once",
            ),
            models.UniqueConstraint(fields=["practice", "offer"], name="participation_once_an_offer"),
            models.CheckConstraint(condition=Q(into__isnull=True) | Q(state=CARRIED_ON), name="participation_into"),
        )

    def __str__(self) -> str:
        return f"{self.practice_id} in {self.title}"

    def state_on(self, day: date) -> State:
        """What it is on a day: an offer that nobody answered lapses after its day, whether that was written or not."""
        state = State(self.state)
        return State.LAPSED if state is State.OFFERED and day > self.respond_by else state

    @property
    def was_accepted(self) -> bool:
        """Whether the practice takes part, or did: an offer that a merger carried on may never have been answered."""
        return self.state in TAKES_PART and (self.state != CARRIED_ON or self.answered_at is not None)

    def takes_part(self, day: date) -> bool:
        """Whether the practice takes part on a day."""
        return self.was_accepted and self.starts <= day <= self.ends


class ParticipationStep(TakenStep):
    """A step of a practice's participation; `day` is the day from which it holds, where it has one."""

    visible = Visible(by="practice_id", overseen=OF_COMMISSIONER, former=OF_COMMISSIONER)

    practice = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    participation = models.ForeignKey(Participation, on_delete=models.PROTECT, related_name="steps")
    day = models.DateField(null=True)

    def __str__(self) -> str:
        return f"{self.step}: {self.participation_id}"
