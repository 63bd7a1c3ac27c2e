"""Two people who do the same at the same moment, and two workers at the same job, through the end of a year: for the
script of `test_money_at_once`. What one of them reads who was not the first is what is given back, in sentences."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from tests.service import declaring
from tests.service.area import person
from tests.service.killing import Kept, answer, answers
from tests.service.money_killed import work
from tests.service.paying import Payer, on
from tests.service.year_end import IN_JULY, IN_JUNE, JUNE, MARCH, approved, in_advance, outcome

from remit.contract.adjustment import Step as Adjusting
from remit.contract.declaration import Step
from remit.core.problems import Refused
from remit.service.declarations import services
from remit.service.declarations.models import Declaration
from remit.service.money import adjustments, closing, recoveries, runs
from remit.service.money.models import Adjustment, PaymentRun, RecoveryPlan
from remit.service.money.releasing import release
from remit.service.offers.models import SchemeYear
from remit.service.people.models import Person
from remit.service.scope import reach
from remit.service.scope.acting import acting

DONE = "done"


def of(day: date, who: Person, do: Callable[[], object]) -> Callable[[], str]:
    """What somebody reads who does it on a day."""

    def tries() -> str:
        with on(day), acting(reach.of_person(who, day, True)):
            try:
                do()
            except Refused as refused:
                return " ".join(one.message for one in refused.problems)
        return DONE

    return tries


def together(day: date, people: list[Person], *do: Callable[[], object]) -> list[str]:
    """What each of them reads: the first who was quickest. With one thing to do all do the same."""
    every = list(do) * len(people) if len(do) == 1 else list(do)
    found: list[str] = answers([of(day, who, one) for who, one in zip(people, every, strict=True)])
    return sorted(found, key=lambda words: words != DONE)


class Year:
    """The end of the year, with whoever is needed twice."""

    def __init__(self, folder: Path) -> None:
        self.pays: Payer = in_advance(folder)
        self.board, self.year = self.pays.board, self.pays.year
        self.third = person("finance_officer", self.board["QAA"], email="finance.three@example.org")
        self.finance = [self.pays.second, self.third]
        emails = ("finance.four@example.org", "finance.five@example.org")
        self.releasing = [person("finance_officer", self.board["QAA"], email=email) for email in emails]

    def two(self, role: str, code: str) -> list[Person]:
        """Two people with a role."""
        return [person(role, self.board[code], email=f"{role}.{n}.{code}@example.org".lower()) for n in ("one", "two")]

    def declares(self) -> list[str]:
        """Two of a practice declare the same figures."""
        figures = declaring.figures_of(self.board, self.pays.extracts[-1], "A1")
        do = lambda: services.declare(self.board["A1"], self.year, figures)  # noqa: E731
        return together(declaring.TODAY, self.two("practice_lead", "A1"), do)

    def approves(self) -> list[str]:
        """Two approve a declaration, each as tier 1."""
        row = Declaration.objects.get()
        do = lambda: services.approve(row, declaring.numbers(row))  # noqa: E731
        found = together(declaring.TODAY, self.two("approver_tier_1", "QAA"), do)
        declaring.takes(self.board, "finance", declaring.again(row), Step.APPROVE_AMOUNT)
        with on(declaring.TODAY):
            approved(self.pays, "A2")
        return found

    def agrees(self) -> list[str]:
        """Two of a practice agree to pay back."""
        with on(date(2025, 5, 30)), self.pays.at_work(self.pays.first):
            plan = recoveries.propose(self.year, self.board["A2"], months=1)
        two = self.two("practice_lead", "A2")
        return together(date(2025, 5, 31), two, lambda: recoveries.agree(RecoveryPlan.objects.get(pk=plan.pk)))

    def adjusts(self) -> list[str]:
        """Two approve an adjustment of £12.00."""
        with on(IN_JUNE), self.pays.at_work(self.pays.first):
            row = adjustments.propose(self.year, self.board["A1"], 1_200, IN_JUNE, "Postage, as agreed.")
        do = lambda: adjustments.decide(Adjustment.objects.get(pk=row.pk), Adjusting.APPROVE)  # noqa: E731
        return together(IN_JUNE, self.finance, do)

    def begins(self) -> list[str]:
        """Two begin the run of June."""
        do = lambda: runs.begin(self.pays.organisation, JUNE, JUNE.replace(day=28))  # noqa: E731
        return together(IN_JUNE, [self.pays.first, self.third], do)

    def prepares(self) -> list[Any]:
        """Three workers start, and there are two jobs for the same run."""
        with on(IN_JUNE):
            with self.pays.at_work(self.pays.first):
                runs.retry(self.run)
            answers([work, work, work])
        return list(self.run.steps.order_by("pk").values_list("step", flat=True))

    @property
    def run(self) -> PaymentRun:
        return PaymentRun.objects.get(month=JUNE)

    def releases(self) -> list[str]:
        """Two release the run; whoever began it, or approved what it pays, is neither."""
        return together(IN_JUNE, self.releasing, lambda: release(self.run))

    def releases_and_cancels(self) -> list[str]:
        """One releases the run while another cancels it."""
        cancel = lambda: runs.cancel(self.run, "The wrong day.")  # noqa: E731
        return together(IN_JUNE, [self.releasing[0], self.pays.first], lambda: release(self.run), cancel)

    def releases_and_agrees(self) -> list[str]:
        """One releases the run while another has a plan of three months agreed in place of the one of the run."""
        with on(IN_JUNE), self.pays.at_work(self.pays.first):
            plan = recoveries.propose(self.year, self.board["A2"], months=3)
        agree = lambda: recoveries.agree(plan)  # noqa: E731
        lead = person("practice_lead", self.board["A2"], email="lead.of.a2@example.org")
        return together(IN_JUNE, [self.releasing[0], lead], lambda: release(self.run), agree)

    def closes_month(self) -> list[str]:
        """Two close March."""
        return together(IN_JULY, self.finance, lambda: closing.close_month(self.pays.organisation, MARCH))

    def closes_year(self) -> list[str]:
        """Two close the year."""
        do = lambda: closing.close_year(SchemeYear.objects.get(pk=self.year.pk))  # noqa: E731
        return together(IN_JULY, self.finance, do)


def tried(folder: Path) -> dict[str, Any]:
    """What they read, and all that came of it."""
    year = Year(folder)
    work()
    found: dict[str, Any] = {}
    for one in (year.declares, year.approves, year.agrees, year.adjusts, year.begins, year.prepares):
        found[one.__name__] = one()
    kept = Kept()
    for one in (year.releases_and_cancels, year.releases_and_agrees):
        found[one.__name__] = [one(), answer(outcome)]
        kept.again()
    for one in (year.releases, year.closes_month, year.closes_year):
        found[one.__name__] = one()
    kept.forget()
    return found | {"outcome": answer(outcome)}
