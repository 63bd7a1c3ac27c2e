"""A year of QIF in the made-up area with every kind of payment: what the pages of the year have to show.

Of A1: two instalments, an approved declaration with its balance, and an adjustment. Of A2: an instalment, and a
recovery by an agreed plan. A3 refused. Rows are planted as the ledger and the runs keep them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from tests.service import declaring, figures_in
from tests.service.area import Area, person

from remit.contract.declaration import Step
from remit.payment import book
from remit.service.declarations.models import Declaration
from remit.service.extracts.models import Extract, PracticeFigures
from remit.service.money.models import (
    Adjustment,
    AdjustmentStep,
    BookMonth,
    PaymentLine,
    PaymentRun,
    PaymentRunStep,
    RecoveryPlan,
    RecoveryPlanStep,
    Transfer,
)
from remit.service.offers.models import Offer, Participation, ParticipationStep, SchemeYear
from remit.service.people.models import Person
from remit.service.register.models import SchemeVersion


@dataclass
class YearMade:
    """The year with its rows; `payments` are the ledger's, by practice and kind."""

    area: Area
    year: SchemeYear
    extract: Extract
    declarations: dict[str, Declaration]
    payments: dict[tuple[str, str], Transfer]
    finance: tuple[Person, Person]


def _at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 10, 0, tzinfo=UTC)


def made(board: Area, folder: Path) -> YearMade:
    """The year with its figures; whoever calls acts as the service."""
    version = figures_in.scheme(board)
    figures_in.consent(board, "A1", "A2")
    return of(board, version, declaring.figures_in(board, version, folder / "year-made"))


def of(
    board: Area, version: SchemeVersion, extract: Extract, year: SchemeYear | None = None,
    declares: tuple[str, ...] = ("A1", "A2"),
) -> YearMade:  # fmt: skip
    """The year of an extract that is there, with figures of A1 and A2; in a year that is there, if any."""
    year = year or declaring.year(board, version)
    offer = Offer.objects.get(scheme_year=year)
    _answers(board, offer)
    people = tuple(person("finance_officer", board["QAA"], email=f"finance.{n}@example.org") for n in (1, 2))
    it = YearMade(board, year, extract, {}, {}, people)  # type: ignore[arg-type]
    it.declarations |= {code: _approved(board, year, extract, code) for code in declares}
    runs = [_released(it, 1, date(2024, 4, 1)), _released(it, 2, date(2024, 5, 1)), _released(it, 3, date(2025, 6, 1))]
    _pay(it, runs[0], "A1", book.INSTALMENT, 10_000)
    _pay(it, runs[0], "A2", book.INSTALMENT, 20_000)
    _pay(it, runs[1], "A1", book.INSTALMENT, 10_001)
    _pay(it, runs[2], "A1", book.BALANCE, 30_005)
    _pay(it, runs[2], "A2", book.RECOVERY, 2_500, plan=_plan(it))
    _pay(it, runs[2], "A1", book.ADJUSTMENT_PAID, 777, adjustment=_adjustment(it))
    BookMonth.objects.create(organisation=board["QAA"], month=date(2025, 6, 1))
    return it


def _answers(board: Area, offer: Offer) -> None:
    """A1 and A2 accepted in April; A3 refused, with its reason."""
    known = Participation.objects.filter(practice=board["A3"], offer=offer).first()
    refused = known or declaring.takes_part(board["A3"], offer, "refused")
    refused.reason = "We have too few staff this year."
    refused.answered_at = _at(date(2024, 4, 9))
    refused.save()
    for part in Participation.objects.filter(offer=offer):
        if part.state == "accepted":
            part.answered_at = _at(date(2024, 4, 8))
            part.save()
        ParticipationStep.objects.create(
            practice=part.practice, organisation=part.organisation, participation=part, step="offer", state="offered",
            at=_at(date(2024, 4, 2)),
        )  # fmt: skip


def _approved(board: Area, year: SchemeYear, extract: Extract, code: str) -> Declaration:
    """Declared by the practice, approved by tier 1 and, where it is above the limit, by finance."""
    row = declaring.declared(board, year, declaring.figures_of(board, extract, code), "These are ours.")
    row = declaring.takes(board, "tier 1", row, Step.APPROVE, "Figures agree with the register.")
    if row.state == "awaiting finance":
        row = declaring.takes(board, "finance", row, Step.APPROVE_AMOUNT, "Within the budget.")
    assert row.state == "approved"
    return row


def _released(it: YearMade, number: int, month: date) -> PaymentRun:
    first, second = it.finance
    day = month.replace(day=20)
    run = PaymentRun.objects.create(
        organisation=it.area["QAA"], number=number, month=month, pay_on=day, state="released", prepared_at=_at(month),
        prepared_by=first, released_at=_at(day), released_by=second, done=1, of=1, payments=2, pence=30_000,
        file="a payment file", sha256=f"{number}" * 64,
    )  # fmt: skip
    for step, state, who, at in (("prepare", "preparing", first, month), ("release", "released", second, day)):
        PaymentRunStep.objects.create(
            organisation=it.area["QAA"], run=run, step=step, state=state, person=who, at=_at(at)
        )
    return run


def _plan(it: YearMade) -> RecoveryPlan:
    schedule = [{"day": f"2025-{month:02}-20", "pence": 2_500} for month in range(6, 12)]
    plan = RecoveryPlan.objects.create(
        practice=it.area["A2"], organisation=it.area["QAA"], scheme_year=it.year, declaration=it.declarations["A2"],
        number=1, state="agreed", pence=15_000, months=6, notified=date(2025, 5, 20), schedule=schedule,
    )  # fmt: skip
    RecoveryPlanStep.objects.create(
        practice=it.area["A2"], organisation=it.area["QAA"], plan=plan, step="propose", state="proposed",
        person=it.finance[0], at=_at(date(2025, 5, 20)),
    )  # fmt: skip
    return plan


def _adjustment(it: YearMade) -> Adjustment:
    number = Adjustment.objects.filter(organisation=it.area["QAA"]).count() + 1
    adjustment = Adjustment.objects.create(
        practice=it.area["A1"], organisation=it.area["QAA"], scheme_year=it.year, number=number, state="approved",
        pence=777, day=date(2025, 5, 30), reason="Travel to a course that the scheme asked for.",
    )  # fmt: skip
    for step, state, who in (("propose", "proposed", 0), ("approve", "approved", 1)):
        AdjustmentStep.objects.create(
            practice=it.area["A1"], organisation=it.area["QAA"], adjustment=adjustment, step=step, state=state,
            person=it.finance[who], at=_at(date(2025, 5, 30)),
        )  # fmt: skip
    return adjustment


_SIDES = {
    book.INSTALMENT: (book.ADVANCE, book.CASH), book.BALANCE: (book.OWED, book.CASH),
    book.RECOVERY: (book.CASH, book.OWED), book.ADJUSTMENT_PAID: (book.OWED, book.CASH),
}  # fmt: skip


def _pay(
    it: YearMade, run: PaymentRun, code: str, kind: str, pence: int, plan: RecoveryPlan | None = None,
    adjustment: Adjustment | None = None,
) -> None:  # fmt: skip
    """A line of a run with its transfer."""
    practice, declaration = it.area[code], it.declarations.get(code)
    rests_on = None if kind in (book.INSTALMENT, book.ADJUSTMENT_PAID) else declaration
    number = Transfer.objects.filter(organisation=it.area["QAA"]).count() + 1
    key = book.key_of(book.PracticeYear(code, it.year.scheme_id), kind, number)
    line = PaymentLine.objects.create(
        run=run, practice=practice, organisation=it.area["QAA"], scheme_year=it.year, kind=kind,
        pence=-pence if kind == book.RECOVERY else pence, why=f"{kind} {number}", key=key,
        figures=PracticeFigures.objects.get(extract=it.extract, practice=practice), declaration=rests_on, plan=plan,
        adjustment=adjustment, rests=rests(it.extract),
    )  # fmt: skip
    debit, credit = _SIDES[kind]
    it.payments[code, kind] = Transfer.objects.create(
        organisation=it.area["QAA"], paid_by=it.area["QAA"], number=number, transaction=f"run {run.number}", key=key,
        day=run.pay_on, practice=practice, scheme_year=it.year, debit=debit, credit=credit, pence=pence, kind=kind,
        memo=f"{kind} {number}", at=_at(run.pay_on), by=it.finance[1], line=line, declaration=rests_on,
        adjustment=adjustment,
    )  # fmt: skip


def rests(extract: Extract) -> dict[str, object]:
    """What a line says that it rests on."""
    version = extract.scheme_version
    return {
        "extract": extract.number, "extract_of": extract.organisation.code, "day": extract.day.isoformat(),
        "extract_sha256": extract.sha256, "scheme": version.scheme_id, "scheme_version": version.version,
        "scheme_sha256": version.sha256, "engine": "0", "clusters": "not stated by the figures", "clusters_sha256": "",
        "counted_with": "", "figures_sha256": "0" * 64,
    }  # fmt: skip
