"""The year of one practice in each of its schemes: offer, position, declaration, money, and what is next.

What is read is what the current scope sees: a practice that does not share its counts has no figures here for others.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from remit.application.extract import payment_of
from remit.contract import declaration, participation, recovery_plan
from remit.core import say
from remit.payment.book import INSTALMENT, RECOVERY
from remit.payment.instalments import DuePayment
from remit.runs.practice_payment import PracticePayment
from remit.service.declarations import reading as declarations
from remit.service.declarations.models import Declaration, DeclarationStep
from remit.service.extracts.models import PracticeFigures
from remit.service.home import statements
from remit.service.money.models import RecoveryPlan
from remit.service.offers.models import Participation, ParticipationStep, SchemeYear
from remit.service.organisations.models import Organisation
from remit.service.year import journey, payments
from remit.service.year.payments import Payment

Key = tuple[int, str]
"""A scheme of a commissioner."""


@dataclass
class SchemeOfPractice:
    """A practice's year in one scheme, with all that its page shows. `plan` is the newest recovery plan."""

    practice: Organisation
    commissioner: Organisation | None
    scheme_id: str
    title: str
    year: str
    participation: Participation | None = None
    offered: date | None = None
    figures: PracticeFigures | None = None
    payment: PracticePayment | None = None
    line: declarations.Line | None = None
    steps: list[DeclarationStep] = field(default_factory=list)
    year_ends: date | None = None
    payments: list[Payment] = field(default_factory=list)
    plan: RecoveryPlan | None = None

    @property
    def declaration(self) -> Declaration | None:
        """The newest declaration."""
        return self.line.row if self.line else None

    @property
    def paid(self) -> int:
        """What went to the practice so far, less what came back."""
        return sum(one.pence for one in self.payments)

    @property
    def declared_payment(self) -> PracticePayment | None:
        """What an approved declaration says that is paid."""
        one = self.declaration
        approved = one is not None and one.state == declaration.State.APPROVED.value
        return payment_of(one.payment) if one is not None and approved and one.payment else None

    @property
    def dues(self) -> list[DuePayment]:
        """Instalments by the newest figures; activity, balance and recovery by what was approved, or as was agreed;
        nothing before an offer was accepted."""
        if self.participation is None or not self.participation.was_accepted:
            return []
        found = [due for due in self.payment.dues if due.kind == INSTALMENT] if self.payment else []
        declared = self.declared_payment
        if declared is not None:
            found += [due for due in declared.dues if due.kind != INSTALMENT]
        if self.plan is not None and self.plan.state == recovery_plan.State.AGREED.value:
            found = [due for due in found if due.kind != RECOVERY] + schedule_of(self.plan)
        return found

    @property
    def to_come(self) -> list[DuePayment]:
        """What falls due and was not paid yet."""
        return payments.still_to_come(self.dues, self.payments)

    @property
    def is_settled(self) -> bool:
        """Whether the year's figures are approved, and nothing of them is left to pay or to recover."""
        final = self.declared_payment
        return final is not None and final.is_final and not self.to_come

    @property
    def _year_end_came(self) -> bool:
        """Whether the figures of the year's end are there, and those that were declared are of an earlier day."""
        came = self.figures is not None and self.year_ends is not None and self.figures.day >= self.year_ends
        return came and self.declaration is not None and not self.declaration.is_year_end

    @property
    def facts(self) -> journey.Facts:
        """What its stages and its next step follow from."""
        part, one = self.participation, self.declaration
        days = {step.step: timezone.localdate(step.at) for step in self.steps}
        line = self.line
        final = self.declared_payment
        return journey.Facts(
            part=participation.State(part.state) if part else None,
            offered=self.offered,
            answered=timezone.localdate(part.answered_at) if part and part.answered_at else None,
            respond_by=part.respond_by if part else None,
            ends=part.ends if part else None,
            figures=self.figures.day if self.figures else None,
            declared=declaration.State(one.state) if one else None,
            declared_on=timezone.localdate(one.declared_at) if one else None,
            needs_review=line is not None and line.needed is not None and line.needed.review,
            reviewed_on=days.get(declaration.Step.REVIEW_EVIDENCE.value),
            approved_on=timezone.localdate(one.approved_at) if one and one.approved_at else None,
            waits_for=say.listed(sorted(line.waits_for), "or") if line else "",
            said=self.steps[-1].words if self.steps else "",
            difference=one.difference_pence if one else None,
            paid=self.paid,
            last_paid=max((each.day for each in self.payments), default=None),
            settled=self.is_settled,
            plan_waits=self.plan is not None and self.plan.state == recovery_plan.State.PROPOSED.value,
            declared_day=one.day if one else None,
            is_final=final is not None and final.is_final,
            year_end_came=self._year_end_came,
            left=tuple(self.to_come),
        )


def schedule_of(plan: RecoveryPlan) -> list[DuePayment]:
    """The instalments of a recovery plan."""
    return [DuePayment(date.fromisoformat(str(one["day"])), "recovery", int(one["pence"])) for one in plan.schedule]


def years_of(practice: Organisation) -> list[SchemeOfPractice]:
    """The practice's schemes, the newest year first."""
    found: dict[Key, SchemeOfPractice] = {}
    of_years: dict[int, SchemeOfPractice] = {}
    parts = list(Participation.objects.filter(practice=practice).order_by("pk"))
    newest = statements.newest_of_each(statements.standing().filter(practice=practice))
    commissioners = _commissioners(parts, newest)
    for part in parts:
        key = (part.organisation_id, part.scheme_id)
        one = found.setdefault(key, _new(practice, commissioners, key, part.title, part.year))
        one.participation = part
        of_years[part.scheme_year_id] = one
    for figures in newest:
        version = figures.extract.scheme_version
        key = (figures.extract.organisation_id, version.scheme_id)
        one = found.setdefault(
            key, _new(practice, commissioners, key, version.title or version.scheme_id, version.year)
        )
        one.figures = figures
        one.payment = payment_of(figures.payment) if figures.payment else None
    _with_offers(parts, of_years)
    _with_declarations(practice, of_years)
    for row in SchemeYear.objects.filter(pk__in=of_years):
        of_years[row.pk].year_ends = row.ends
    for payment in payments.of_practice(practice):
        if payment.scheme_year in of_years:
            of_years[payment.scheme_year].payments.append(payment)
    for plan in RecoveryPlan.objects.filter(practice=practice, scheme_year__in=of_years).order_by("number"):
        of_years[plan.scheme_year_id].plan = plan
    return sorted(found.values(), key=lambda one: (one.participation is None, _reversed(one.year), one.title))


def _reversed(year: str) -> int:
    return -int(year[:4]) if year[:4].isdigit() else 0


def _new(
    practice: Organisation, commissioners: dict[int, Organisation], key: Key, title: str, year: str
) -> SchemeOfPractice:
    return SchemeOfPractice(practice, commissioners.get(key[0]), key[1], title, year)


def _commissioners(parts: Iterable[Participation], figures: Iterable[PracticeFigures]) -> dict[int, Organisation]:
    """Those that are in sight, by id."""
    wanted = {one.organisation_id for one in parts} | {one.extract.organisation_id for one in figures}
    return Organisation.objects.filter(pk__in=wanted).in_bulk()


def _with_offers(parts: list[Participation], of_years: dict[int, SchemeOfPractice]) -> None:
    """The day on which each was offered first."""
    for step in ParticipationStep.objects.filter(participation__in=[one.pk for one in parts]).order_by("-pk"):
        part = next(one for one in parts if one.pk == step.participation_id)
        one = of_years[part.scheme_year_id]
        if one.participation == part:
            one.offered = timezone.localdate(step.at)


def _with_declarations(practice: Organisation, of_years: dict[int, SchemeOfPractice]) -> None:
    """The newest declaration of each, with its steps."""
    rows = Declaration.objects.filter(practice=practice, scheme_year__in=of_years).order_by("number")
    newest = {one.scheme_year_id: one for one in rows.select_related("participation")}
    for line in declarations.lines(newest.values()):
        of_years[line.row.scheme_year_id].line = line
    declared = {one.declaration.pk: one for one in of_years.values() if one.declaration}
    for step in DeclarationStep.objects.filter(declaration__in=declared).order_by("pk"):
        declared[step.declaration_id].steps.append(step)
