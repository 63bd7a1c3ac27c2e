"""What an auditor tried to make the payments do: pay a wrong penny, pay or recover twice, or say what is not so.

QIF 2024/25 pays A1 (10,000 weighted patients) £1,400.00 a month and £16,800.00 in the year; A2 (5,000) is paid £700.00.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.service import figures_in
from tests.service.area import Area
from tests.service.paying import Payer, declared, final, on, paid_as, payer
from tests.service.test_payment_runs import lines
from tests.service.test_payment_runs_declared import OF_A1, standing, year_end

from remit.contract.participation import State as Part
from remit.payment.book import ADVANCE, CASH, COST, INSTALMENT, OWED
from remit.service.declarations.models import Declaration
from remit.service.extracts.models import PracticeFigures
from remit.service.money import accruals, recoveries
from remit.service.money.checking import checked
from remit.service.money.closing import open_in_year
from remit.service.money.models import PaymentRun, RecoveryPlan
from remit.service.money.recoveries import owed_of
from remit.service.organisations.mergers import join
from remit.service.organisations.models import Membership
from remit.service.organisations.services import end_what_rests

pytestmark = pytest.mark.one_database

HEAD, OF_FIRST, OF_SECOND = figures_in.PRACTICES.splitlines()


@pytest.fixture
def pays(board: Area, tmp_path: Path) -> Payer:
    made = payer(board, tmp_path)
    made.accepted("A1")
    return made


@pytest.fixture
def whole(pays: Payer) -> Payer:
    """A1 was paid all twelve instalments."""
    with on(date(2025, 3, 10)):
        pays.figures(date(2025, 2, 28), figures_in.ONE_LESS, OF_A1)
    pays.paid(date(2025, 3, 1))
    return pays


def file_of(*rows: str) -> str:
    """A practices' file with the days on which practices joined and left."""
    return "\n".join([f"{HEAD},joined,left,successor_code", *rows, ""])


def withdrawn(declaration: object) -> None:
    assert isinstance(declaration, Declaration)
    Declaration.objects.filter(pk=declaration.pk).update(state="withdrawn")


def quarters(pays: Payer, *dues: tuple[str, int], state: str = "approved") -> Declaration:
    """A1 declares what it was active in so far."""
    figures = PracticeFigures.objects.get(extract=pays.extracts[-1], practice=pays.board["A1"])
    rows = [{"day": day, "kind": "activity", "pence": pence} for day, pence in dues]
    return declared(
        pays, "A1", pays.extracts[-1], state, payment=paid_as(figures.payment, dues=rows), is_year_end=False
    )  # fmt: skip


def agreed(pays: Payer, day: date, months: int | None = None) -> RecoveryPlan:
    with on(day):
        with pays.at_work(pays.first):
            plan = recoveries.propose(pays.year, pays.board["A1"], months)
        with pays.at_work(pays.second):
            return recoveries.agree(plan)


def owes(pays: Payer, day: date) -> list[tuple[int, int]]:
    """Who owes: all of it, and what was paid back."""
    with on(day):
        return [(one.pence, one.received) for one in owed_of([pays.year])]


def payments(run: PaymentRun) -> list[tuple[str, str, int | None, str]]:
    return lines(run, held=False)


def test_what_was_paid_stands_where_a_later_quarter_is_withdrawn(pays: Payer) -> None:
    """£100.00 for the first quarter and £150.00 for the second; the second is withdrawn, and then comes to £120.00."""
    with on(date(2024, 10, 10)):
        pays.figures(date(2024, 9, 30), figures_in.ONE_LESS, OF_A1)
    quarters(pays, ("2024-07-31", 10_000))
    pays.paid(date(2024, 7, 1))
    second = quarters(pays, ("2024-07-31", 10_000), ("2024-10-31", 15_000))
    assert ("A1", "activity", 15_000) in [one[:3] for one in payments(pays.paid(date(2024, 10, 1)))]
    withdrawn(second)
    run = pays.paid(date(2024, 11, 1))
    assert lines(run) == [
        ("A1", "activity", None, "Declaration 2 was withdrawn: what was paid on it stays, and no more of it is paid, "
         "until new figures are declared and approved"),
        ("A1", "instalment", 140_000, "Instalment 8 of 12"),
    ]  # fmt: skip
    third = quarters(pays, ("2024-07-31", 10_000), ("2024-10-31", 12_000), state="declared")
    assert payments(pays.paid(date(2024, 12, 1))) == [("A1", "instalment", 140_000, "Instalment 9 of 12")]
    Declaration.objects.filter(pk=third.pk).update(state="sent back")
    assert payments(pays.paid(date(2025, 1, 1))) == [("A1", "instalment", 140_000, "Instalment 10 of 12")]
    quarters(pays, ("2024-07-31", 10_000), ("2024-10-31", 12_000))
    assert payments(pays.paid(date(2025, 2, 1))) == [
        ("A1", "instalment", 137_000, "Instalment 11 of 12; less £30.00 that was paid beyond what was due")
    ]
    assert payments(pays.paid(date(2025, 3, 1))) == [("A1", "instalment", 140_000, "Instalment 12 of 12")]
    assert checked().faults == ()


def test_a_balance_stands_where_what_was_declared_anew_is_sent_back(whole: Payer) -> None:
    first = year_end(whole, 2_000_000)
    whole.paid(date(2025, 6, 1))
    withdrawn(first)
    year_end(whole, 1_900_000, state="sent back")
    run = whole.paid(date(2025, 7, 1))
    assert [one[1:3] for one in lines(run)] == [("balance", None)]
    assert owes(whole, date(2025, 7, 21)) == []


def test_a_withdrawn_declaration_does_not_make_what_was_paid_back_owed_again(whole: Payer) -> None:
    """The list turns out to be 9,000: £15,120.00 is due, and £1,680.00 of the £16,800.00 is paid back by a plan."""
    with on(date(2025, 4, 10)):
        whole.figures(date(2025, 3, 31), figures_in.ONE_LESS.replace("10500,10000", "10500,9000"), OF_A1)
    agreed(whole, date(2025, 4, 15))
    assert [one[1:3] for one in lines(whole.paid(date(2025, 5, 1)))] == [("recovery", -28_000)]
    figures = PracticeFigures.objects.get(extract=whole.extracts[-1], practice=whole.board["A1"])
    dues: list[dict[str, object]] = [{"day": None, "kind": "recovery", "pence": 112_000}]
    first = declared(whole, "A1", whole.extracts[-1], payment=final(figures.payment, 1_400_000, 0, 112_000, dues))
    whole.paid(date(2025, 6, 1))
    assert owes(whole, date(2025, 6, 21)) == [(280_000, 56_000)]  # of £16,800.00, £14,000.00 is earned
    withdrawn(first)
    assert owes(whole, date(2025, 6, 22)) == [(168_000, 56_000)]
    run = whole.paid(date(2025, 10, 1))
    assert [one[:3] for one in payments(run)] == [("A1", "recovery", -112_000)]
    assert (owes(whole, date(2025, 10, 21)), checked().faults) == ([], ())


def test_a_plan_ends_where_nothing_is_owed_any_more_and_takes_nothing_later(whole: Payer) -> None:
    """£600.00 in six months. After three, £200.00 turns out to be owed: £100.00 goes back. Then £700.00 is owed."""
    first = year_end(whole, 1_620_000, day=None)
    plan = agreed(whole, date(2025, 6, 14))
    whole.paid(date(2025, 9, 1))
    withdrawn(first)
    assert payments(whole.paid(date(2025, 10, 1))) == []
    plan.refresh_from_db()
    assert plan.state == "agreed"  # whether something is owed is not known now
    second = year_end(whole, 1_660_000, day=None)
    assert payments(whole.paid(date(2025, 11, 1))) == [
        ("A1", "balance", 10_000, "£100.00 that was paid back and is no longer owed")
    ]
    plan.refresh_from_db()
    assert plan.state == "ended"
    assert standing(whole) == {CASH: -1_660_000, COST: 1_660_000}
    with on(date(2025, 12, 1)):
        assert list(open_in_year(whole.year)) == []
    withdrawn(second)
    year_end(whole, 1_610_000, day=None)
    run = whole.paid(date(2026, 1, 1))
    assert [(one[1], one[2]) for one in lines(run)] == [("recovery", -50_000)]  # held: it has no plan
    assert payments(run) == []
    new = agreed(whole, date(2026, 1, 21), months=1)
    assert [one["pence"] for one in new.schedule] == [30_000, 50_000]
    assert [one[:3] for one in payments(whole.paid(date(2026, 2, 1)))] == [("A1", "recovery", -50_000)]
    assert standing(whole) == {CASH: -1_610_000, COST: 1_610_000}


def test_a_merger_that_is_recorded_late_is_said_once_and_pays_the_whole(pays: Payer) -> None:
    """A2 merged into A1 on 1 December; January was paid to both. A1 is due £2,100.00 a month from December on."""
    pays.accepted("A2")
    with on(date(2024, 10, 10)):
        pays.figures(date(2024, 9, 30))
    pays.paid(date(2025, 1, 1))
    with on(date(2025, 1, 25)):
        join(pays.board["A2"], pays.board["A1"], date(2024, 12, 1))
    with on(date(2025, 2, 5)):
        pays.figures(date(2025, 1, 31), file_of(f"{OF_FIRST},,,", f"{OF_SECOND},,2024-11-30,A1"))
    for month, number in ((date(2025, 2, 1), 11), (date(2025, 3, 1), 12)):
        words = f"Instalment {number} of 12; £1,400.00 that was paid to A2 after it merged counts as paid"
        assert lines(pays.paid(month)) == [("A1", "instalment", 210_000, words)]
    assert standing(pays) == {CASH: -2_520_000, ADVANCE: 2_520_000}  # £16,800.00 and £8,400.00, as without a merger


def test_what_was_paid_for_activity_to_who_merged_is_a_cost_once(pays: Payer) -> None:
    """A2 was paid £100.00 for activity and merged. A1 earned £25,400.00 with A2: £25,200.00 was paid in advance."""
    pays.accepted("A2")
    with on(date(2024, 10, 10)):
        pays.figures(date(2024, 9, 30))
    figures = PracticeFigures.objects.get(extract=pays.extracts[-1], practice=pays.board["A2"])
    rows = [{"day": "2024-07-31", "kind": "activity", "pence": 10_000}]
    declared(pays, "A2", pays.extracts[-1], payment=paid_as(figures.payment, dues=rows), is_year_end=False)
    pays.paid(date(2024, 11, 1))
    with on(date(2024, 12, 1)):
        join(pays.board["A2"], pays.board["A1"], date(2024, 12, 1))
    with on(date(2025, 4, 5)):
        pays.figures(date(2025, 3, 31), file_of(f"{OF_FIRST},,,", f"{OF_SECOND},,2024-11-30,A1"))
    pays.paid(date(2025, 4, 1))
    figures = PracticeFigures.objects.get(extract=pays.extracts[-1], practice=pays.board["A1"])
    balance: list[dict[str, object]] = [{"day": "2025-06-30", "kind": "balance", "pence": 10_000}]
    declared(pays, "A1", pays.extracts[-1], payment=final(figures.payment, 2_540_000, 10_000, 0, balance))
    run = pays.paid(date(2025, 6, 1))
    assert payments(run) == [("A1", "balance", 10_000, "Balance of the year")]
    assert standing(pays) == {CASH: -2_540_000, COST: 2_540_000}
    with on(date(2025, 7, 1)):
        assert list(open_in_year(pays.year)) == []
    again = pays.paid(date(2025, 7, 1))
    assert lines(again) == []
    assert (standing(pays), checked().faults) == ({CASH: -2_540_000, COST: 2_540_000}, ())


def test_a_practice_that_went_to_another_commissioner_is_settled_by_its_own(pays: Payer) -> None:
    """A2 belongs to another area from January on: nine instalments of £700.00 are its own, and three of them wait."""
    pays.accepted("A2")
    with on(date(2024, 10, 10)):
        pays.figures(date(2024, 9, 30))
    pays.paid(date(2024, 9, 1))
    Membership.objects.filter(member=pays.board["A2"]).update(until=date(2024, 12, 31))
    Membership.objects.create(member=pays.board["A2"], parent=pays.board["NW3"], since=date(2025, 1, 1))
    with on(date(2025, 1, 2)):
        end_what_rests({pays.board["A2"].pk})
    rows = [f"{OF_FIRST},,,", f"{OF_SECOND},,2024-12-31,"]
    with on(date(2025, 2, 5)):
        with pytest.raises(AssertionError, match="It was until 2024-12-31: say in the column 'left' when it left"):
            pays.figures(date(2025, 1, 31), file_of(rows[0], f"{OF_SECOND},,,"))
        pays.figures(date(2025, 1, 31), file_of(*rows))
    assert ("A2", "instalment", 210_000, "Instalments 7 to 9 of 9: catches up 2 instalments") in payments(
        pays.paid(date(2025, 2, 1))
    )


MERGED, LEFT = "2024-09-30,A1", "2024-09-30,"


@pytest.mark.parametrize(
    ("row", "part", "held"),
    [
        (LEFT, {}, {"A2": "say that it left on 30 September 2024, and it takes part until 31 March 2025"}),
        (MERGED, {}, {"A1": "A2 merged into it, and the organisations", "A2": "merged into A1, and the organisations"}),
        (MERGED, {"state": Part.REFUSED}, {"A1": "A2 merged into it, and A2 takes no part", "A2": "No offer"}),
    ],
)  # fmt: skip
def test_who_left_or_merged_by_the_file_alone_is_held(
    pays: Payer, row: str, part: dict[str, Any], held: dict[str, str]
) -> None:
    pays.accepted("A2", **part)
    with on(date(2024, 10, 10)):
        pays.figures(date(2024, 9, 30), file_of(f"{OF_FIRST},,,", f"{OF_SECOND},,{row}"))
    with on(date(2024, 10, 20)):
        run = pays.prepared(date(2024, 10, 1))
    why = {code: words for code, kind, _, words in lines(run, held=True) if kind == INSTALMENT}
    assert why.keys() == held.keys()
    for code, words in held.items():
        assert words in why[code], why[code]
    assert {one[0] for one in payments(run)} == {"A1"} - held.keys()


def test_figures_of_who_takes_no_part_accrue_nothing(pays: Payer) -> None:
    """A2 refused: what its figures come to is not owed to it."""
    pays.accepted("A2", state=Part.REFUSED)
    figures_in.consent(pays.board, "A1", "A2")
    with on(date(2025, 4, 10)):
        pays.figures(date(2025, 3, 31), counts=figures_in.counts(50, 60, 100))
    with on(date(2025, 4, 20)):
        found = accruals.on_day([pays.year], date(2025, 4, 20)).accrual
    assert [line.whose.practice for line in found.lines] == ["A1"]


def test_an_adjustment_is_named_when_it_is_set_against_an_instalment_and_not_each_month_after(pays: Payer) -> None:
    """£2,000.00 against A1 in April: nothing is paid in April, £800.00 in May, and the instalment from June on."""
    from remit.contract.adjustment import Step
    from remit.service.money import adjustments

    with on(date(2024, 4, 10)):
        pays.figures(date(2024, 4, 5), figures_in.ONE_LESS, OF_A1)
        with pays.at_work(pays.second):
            made = adjustments.propose(pays.year, pays.board["A1"], -200_000, date(2024, 4, 10), "Paid by another.")
        with pays.at_work(pays.first):
            adjustments.decide(made, Step.APPROVE)
    april = pays.paid(date(2024, 4, 1))
    assert lines(april) == [
        ("A1", "recovery", -60_000, "£600.00 more was paid than is due to 30 April 2024, with £2,000.00 of adjustments "
         "against it: it is carried over and set against what comes next, or recovered by a plan")
    ]  # fmt: skip
    assert payments(april) == []
    assert payments(pays.paid(date(2024, 5, 1))) == [
        ("A1", "instalment", 80_000,
         "Instalments 1 and 2 of 12: catches up 1 instalment; less £2,000.00 by adjustments")
    ]  # fmt: skip
    assert payments(pays.paid(date(2024, 6, 1))) == [("A1", "instalment", 140_000, "Instalment 3 of 12")]
    assert standing(pays) == {CASH: -220_000, ADVANCE: 220_000, OWED: 200_000, COST: -200_000}
    assert checked().faults == ()
