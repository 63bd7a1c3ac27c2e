"""What a declaration releases: a balance, a recovery by its plan, and a restatement where others take its place.

A1 of QIF 2024/25 is paid £16,800.00 in advance (80% of £2.10 for 10,000 weighted patients), £1,400.00 a month.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.service import figures_in
from tests.service.area import Area, person
from tests.service.paying import Payer, declared, final, on, payer, sums
from tests.service.test_payment_runs import lines, why

from remit.contract.declaration import State as Declared
from remit.core.problems import Refused
from remit.payment.book import ADVANCE, CASH, COST, OWED, trial_balance
from remit.service.audit.models import Entry
from remit.service.audit.sentences import sentence
from remit.service.extracts.models import PracticeFigures
from remit.service.money import recoveries
from remit.service.money.models import RecoveryPlan, Transfer
from remit.service.reminders import reading as reminders

OF_A1 = "".join(line for line in figures_in.counts().splitlines(True) if not line.startswith("A2"))


@pytest.fixture
def pays(board: Area, tmp_path: Path) -> Payer:
    """A1 has taken part for the whole year and was paid all twelve instalments; its final figures have come in."""
    made = payer(board, tmp_path)
    made.accepted("A1")
    with on(date(2025, 3, 10)):
        made.figures(date(2025, 2, 28), figures_in.ONE_LESS, OF_A1)
    made.paid(date(2025, 3, 1))
    return made


def year_end(pays: Payer, earned: int, day: date | None = date(2025, 6, 30), **more: object) -> object:
    """A1 declared that it earned so much of the £16,800.00 it was paid, and it was approved."""
    figures = PracticeFigures.objects.get(extract=pays.extracts[-1], practice=pays.board["A1"])
    more.setdefault("approver", person("approver_tier_1", pays.organisation, email=f"tier.{earned}@example.org"))
    left = earned - 1_680_000
    kind, iso = ("balance" if left > 0 else "recovery"), day.isoformat() if day else None
    dues: list[dict[str, object]] = [{"day": iso, "kind": kind, "pence": abs(left)}] if left else []
    text = final(figures.payment, earned, max(0, left), max(0, -left), dues)
    return declared(pays, "A1", pays.extracts[-1], payment=text, **more)  # type: ignore[arg-type]


def standing(pays: Payer) -> dict[str, int]:
    return {account: pence for account, pence in trial_balance(pays.transfers()).items() if pence}


def test_a_balance_is_paid_once_a_declaration_is_approved(pays: Payer) -> None:
    with on(date(2025, 6, 20)):
        assert pays.prepared(date(2025, 6, 1)).pence == 0
        with pays.at_work(pays.first):
            from remit.service.money import runs

            runs.cancel(runs.open_run(pays.organisation), "Wait for the declaration.")  # type: ignore[arg-type]
    year_end(pays, 2_000_000)
    run = pays.paid(date(2025, 6, 1))
    assert lines(run) == [("A1", "balance", 320_000, "Balance of the year")]
    # the award of £20,000.00 is a cost, £16,800.00 of it were on account, and all is paid
    assert standing(pays) == {CASH: -2_000_000, COST: 2_000_000}
    line = run.lines.get()
    assert line.declaration is not None
    assert line.rests["declaration"] == 1
    assert line.rests["approved_by"] == ["Approver, tier 1 of First area approved"]
    assert sums() == 0


def test_whoever_approved_does_not_release(pays: Payer) -> None:
    year_end(pays, 2_000_000, approver=pays.second)
    with on(date(2025, 6, 20)):
        run = pays.prepared(date(2025, 6, 1))
        with pytest.raises(Refused) as refused:
            pays.released(run)
    assert why(refused) == "One person does not both approve a payment and release it."


def test_what_waits_is_held_and_says_for_whom(pays: Payer) -> None:
    year_end(pays, 2_000_000, state=Declared.AWAITING_FINANCE.value)
    with on(date(2025, 6, 20)):
        run = pays.prepared(date(2025, 6, 1))
    assert lines(run) == [("A1", "balance", None, "Declaration 1 is not approved yet (awaiting finance)")]


def test_a_recovery_by_its_plan(pays: Payer) -> None:
    year_end(pays, 1_620_000, day=None)
    with on(date(2025, 6, 14)):
        run = pays.prepared(date(2025, 6, 1))
        assert lines(run) == [("A1", "recovery", -60_000, "The recovery has no day yet")]
        pays.released(run)
        with pays.at_work(pays.first):
            plan = recoveries.propose(pays.year, pays.board["A1"])
    # £600.00 in six months: £100.00 each, a month after the notification and so on
    assert (plan.pence, plan.months, [one["pence"] for one in plan.schedule]) == (60_000, 6, [10_000] * 6)
    assert [one["day"] for one in plan.schedule][:2] == ["2025-07-14", "2025-08-14"]
    with on(date(2025, 6, 15)):
        with pays.at_work(pays.first), pytest.raises(Refused) as refused:
            recoveries.agree(plan)
        assert why(refused) == "You proposed this recovery plan: somebody else agrees to it."
        with pays.at_work(pays.second):
            recoveries.agree(plan)
    july = pays.paid(date(2025, 7, 1))
    assert lines(july) == [("A1", "recovery", -10_000, "Recovery 1 of 6")]
    assert july.pence == -10_000
    december = pays.paid(date(2025, 12, 1))
    assert lines(december) == [("A1", "recovery", -50_000, "Recoveries 2 to 6 of 6")]
    assert standing(pays) == {CASH: -1_620_000, COST: 1_620_000}
    plan.refresh_from_db()
    assert plan.state == "ended"
    assert pays.paid(date(2026, 1, 1)).payments == 0
    said = sentence(Entry.objects.get(event="recovery.proposed"))
    assert "recovery plan 1 for" in said
    assert "£600.00 in 6 months" in said


def test_more_months_need_exceptional_circumstances(pays: Payer) -> None:
    year_end(pays, 1_620_000, day=None)
    with on(date(2025, 6, 14)), pays.at_work(pays.first):
        with pytest.raises(Refused) as refused:
            recoveries.propose(pays.year, pays.board["A1"], months=12)
        assert "12 months are more than the 6" in why(refused)
        plan = recoveries.propose(pays.year, pays.board["A1"], months=12, exceptional="Flooded premises.")
    assert (plan.months, plan.exception, plan.schedule[0]["pence"]) == (12, "Flooded premises.", 5_000)


def in_calendar(pays: Payer) -> list[tuple[str, bool]]:
    """The instalments of the plan that is agreed, as the calendar has them, and whether each is paid."""
    of = reminders.year_of(pays.organisation, date(2025, 7, 21))
    return [(one.day.isoformat(), one.done) for one in reminders.recoveries_of_practices(of)]


def test_a_plan_is_replaced_with_a_reason_and_what_was_paid_back_counts(pays: Payer) -> None:
    year_end(pays, 1_620_000, day=None)
    with on(date(2025, 6, 14)):
        with pays.at_work(pays.first):
            plan = recoveries.propose(pays.year, pays.board["A1"])
            with pytest.raises(Refused) as refused:
                recoveries.propose(pays.year, pays.board["A1"], months=3)
            assert why(refused) == "Say why another plan is proposed."
        with pays.at_work(pays.second):
            recoveries.agree(plan)
    pays.paid(date(2025, 7, 1))
    with on(date(2025, 7, 21)):
        with pays.at_work(pays.first):
            shorter = recoveries.propose(pays.year, pays.board["A1"], months=2)
        plan.refresh_from_db()
        assert plan.state == "agreed"  # until the other is agreed
        with pays.at_work(pays.second):
            recoveries.agree(shorter)
    plan.refresh_from_db()
    assert plan.state == "replaced"
    # £500.00 are left: £250.00 on 21 August and £250.00 on 21 September
    first = {"day": "2025-07-21", "pence": 10_000, "paid": True}
    rest = [{"day": "2025-08-21", "pence": 25_000}, {"day": "2025-09-21", "pence": 25_000}]
    assert RecoveryPlan.objects.get(pk=shorter.pk).schedule == [first, *rest]
    assert in_calendar(pays) == [("2025-07-21", True), ("2025-08-21", False), ("2025-09-21", False)]
    assert lines(pays.paid(date(2025, 8, 1)))[0][2] == -25_000
    assert in_calendar(pays) == [("2025-07-21", True), ("2025-08-21", True), ("2025-09-21", False)]
    taken = Transfer.objects.filter(kind="recovery").order_by("number")
    assert [(one.debit, one.credit, one.pence) for one in taken] == [(CASH, OWED, 10_000), (CASH, OWED, 25_000)]
    assert lines(pays.paid(date(2025, 9, 1)))[0][2] == -25_000
    assert standing(pays) == {CASH: -1_620_000, COST: 1_620_000}


def test_the_practice_agrees_or_refuses(pays: Payer) -> None:
    lead = person("practice_lead", pays.board["A1"])
    year_end(pays, 1_620_000, day=None)
    with on(date(2025, 6, 14)):
        with pays.at_work(pays.first):
            plan = recoveries.propose(pays.year, pays.board["A1"])
        from remit.service.scope import reach
        from remit.service.scope.acting import acting

        with acting(reach.of_person(lead, date(2025, 6, 14), True)):
            with pytest.raises(Refused) as refused:
                recoveries.turn_down(plan, "")
            assert why(refused) == "Say why the practice refuses."
            recoveries.turn_down(plan, "We count other patients.")
        plan.refresh_from_db()
        assert plan.state == "refused"
        with pays.at_work(pays.first):
            again = recoveries.propose(pays.year, pays.board["A1"])
        with acting(reach.of_person(lead, date(2025, 6, 14), True)):
            recoveries.agree(again)
    assert RecoveryPlan.objects.get(pk=again.pk).state == "agreed"


def test_other_figures_after_a_payment_pay_the_difference_and_say_what_they_correct(pays: Payer) -> None:
    first = year_end(pays, 2_000_000)
    pays.paid(date(2025, 6, 1))
    type(first).objects.filter(pk=first.pk).update(state=Declared.WITHDRAWN.value)  # type: ignore[attr-defined]
    with on(date(2025, 7, 5)):
        run = pays.prepared(date(2025, 7, 1))
        assert [(one[2], one[3]) for one in lines(run)] == [
            (
                None,
                "Declaration 1 was withdrawn: what was paid on it stays, and no more of it is paid, until new figures "
                "are declared and approved",
            )
        ]
        pays.released(run)
    year_end(pays, 2_050_000)
    run = pays.paid(date(2025, 8, 1))
    assert lines(run) == [("A1", "balance", 50_000, "Balance of the year, £500.00 more than the £3,200.00 paid before")]
    paid = Transfer.objects.get(line__run=run)
    assert paid.corrects is not None
    assert (paid.corrects.pence, paid.pence) == (320_000, 50_000)
    restated = Transfer.objects.get(kind="restatement")
    assert restated.corrects is not None
    assert (restated.corrects.kind, restated.pence) == ("award", 50_000)
    assert standing(pays) == {CASH: -2_050_000, COST: 2_050_000}


def test_fewer_figures_after_a_payment_are_recovered(pays: Payer) -> None:
    first = year_end(pays, 2_000_000)
    pays.paid(date(2025, 6, 1))
    type(first).objects.filter(pk=first.pk).update(state=Declared.WITHDRAWN.value)  # type: ignore[attr-defined]
    year_end(pays, 1_900_000)
    with on(date(2025, 7, 5)):
        run = pays.prepared(date(2025, 7, 1))
        held = lines(run)
        assert [(kind, pence) for _, kind, pence, _ in held] == [("recovery", -100_000)]
        pays.released(run)
        with pays.at_work(pays.first):
            plan = recoveries.propose(pays.year, pays.board["A1"], months=1)
        with pays.at_work(pays.second):
            recoveries.agree(plan)
    taken = pays.paid(date(2025, 8, 1))
    assert lines(taken) == [("A1", "recovery", -100_000, "Recovery 1 of 1")]
    assert Transfer.objects.get(line__run=taken).corrects is not None
    assert standing(pays) == {CASH: -1_900_000, COST: 1_900_000}
    assert ADVANCE not in standing(pays)
    assert OWED not in standing(pays)
