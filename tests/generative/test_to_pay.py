"""Whatever happens in a year, in whatever order, what was paid is what is due, once; and the book sums to zero."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.checked import checked
from tests.generative.made import Made, inputs
from tests.profiles import examples

import remit
from remit.core.dates import SchemeYear, add_months, month_end
from remit.payment import book
from remit.payment.book import RECOVERY, PracticeYear, Transfer, paid_to_date
from remit.payment.instalments import DuePayment
from remit.payment.recovery_plan import recovery_plan
from remit.payment.to_pay import Line, ToPay, YearToPay, to_pay
from remit.runs.results import PracticeResult
from remit.scheme import load_scheme

YEAR = SchemeYear(2024)
QIF = load_scheme("qif-2024-25")
EXAMPLES = Path(__file__).parents[2] / "examples"
A, B = PracticeYear("A81001", "qif"), PracticeYear("A81002", "qif")
amounts = st.integers(1, 10**7)


def end(n: int) -> date:
    """The last day of the nth month from April 2024, the first."""
    month = add_months(YEAR.start, n - 1)
    return month_end(month.year, month.month)


def paid_in(so_far: list[Transfer], years: Sequence[YearToPay], n: int) -> ToPay:
    """A month prepared on what the book has, and paid. No key of it is in the book already."""
    paid = paid_to_date(so_far)
    result = to_pay([replace(year, paid=paid.get(year.whose, {})) for year in years], end(n))
    for line in result.lines:
        so_far += line.transfers(end(n))
    assert not book.repeated_keys(so_far)
    assert sum(book.trial_balance(so_far).values()) == 0
    return result


def net(so_far: Sequence[Transfer]) -> int:
    """What practices have of the commissioner's cash."""
    return -book.trial_balance(so_far)[book.CASH]


def _posting(kind: str, pence: int, on: date, number: int, posted: list[Transfer]) -> book.Transfers:
    """A posting of any kind."""
    award = posted[0]
    return {
        book.INSTALMENT: lambda: book.instalment_paid(A, on, pence, number, ""),
        book.ACTIVITY: lambda: book.activity_paid(A, on, pence, number, "", as_advance=bool(pence % 2)),
        book.ACTIVITY_MERGED: lambda: book.activity_carried_on(A, on, pence, number, ""),
        book.AWARD: lambda: book.award_approved(B, on, 500 - pence, "", number),
        book.SET_AGAINST: lambda: book.advances_set_against(A, on, pence, "", number),
        book.BALANCE: lambda: book.balance_paid(B, on, pence, number, ""),
        book.ADJUSTMENT: lambda: book.adjustment(B, on, 500 - pence, number, "a reason"),
        book.ADJUSTMENT_PAID: lambda: book.adjustment_paid(B, on, pence, number, ""),
        book.RECOVERY: lambda: book.recovery_received(A, on, pence, number, ""),
        book.RESTATEMENT: lambda: book.restatement(award, on, book.restated(posted, award).pence, pence, number, ""),
    }[kind]()


@given(st.lists(st.tuples(st.sampled_from(book.KINDS), st.integers(0, 10**9), st.integers(1, 28)), max_size=40))
def test_any_sequence_of_postings_sums_to_zero(events: list[tuple[str, int, int]]) -> None:
    award = book.award_approved(A, YEAR.end, 1000, "award")[0]
    posted: list[Transfer] = [award]
    for number, (kind, pence, day) in enumerate(events, 2):
        posted += _posting(kind, pence, date(2024, 5, day), number, posted)
    assert sum(book.balances(posted).values()) == 0
    assert sum(book.trial_balance(posted).values()) == 0
    assert all(one.pence > 0 for one in posted)
    assert not book.repeated_keys(posted)


@st.composite
def schedules(draw: st.DrawFn, first: int = 1, last: int = 12) -> tuple[DuePayment, ...]:
    """Instalments of some months, as figures of some day give them."""
    months = draw(st.lists(st.integers(first, last), unique=True, max_size=12))
    return tuple(DuePayment(end(n), "instalment", draw(amounts)) for n in sorted(months))


@st.composite
def released(draw: st.DrawFn) -> tuple[DuePayment, ...]:
    """What declarations release: activity by the quarter, and a balance or a recovery by months."""
    dues = [DuePayment(end(n), "activity", draw(amounts)) for n in (4, 7, 10) if draw(st.booleans())]
    kind: Literal["balance", "recovery"] = draw(st.sampled_from(["balance", "recovery"]))
    many = draw(st.integers(0, 1 if kind == "balance" else 6))
    return (*dues, *(DuePayment(end(14 + n), kind, draw(amounts)) for n in range(many)))


@st.composite
def stories(draw: st.DrawFn) -> list[tuple[int, list[YearToPay]]]:
    """What is known when a month is prepared, of two practices of which one may merge into the other."""
    merges = draw(st.booleans())

    def known(final: bool) -> list[YearToPay]:
        it_is = final or draw(st.booleans())
        last = draw(st.integers(1, 12)) if merges and it_is else 12
        years = []
        for whose, successor in ((A, "A81002" if merges and it_is else ""), (B, "")):
            dues = draw(schedules(1, last if successor else 12))
            joined = draw(st.none() | st.dates(YEAR.start, YEAR.end))
            due = () if successor else draw(released())
            year = YearToPay(whose, YEAR.start, joined or YEAR.start, joined, dues, released=due, successor=successor)
            years.append(replace(year, list_size=draw(st.integers(1, 9999)), list_before=draw(st.integers(1, 9999))))
        return years

    story = [(draw(st.integers(1, 24)), known(False)) for _ in range(draw(st.integers(0, 8)))]
    story += [draw(st.sampled_from(story)) for _ in range(draw(st.integers(0, 3)) if story else 0)]
    return [*story, (24, known(True))]


@pytest.mark.checks("something carried over", "a merger", "a recovery")
@given(stories())
def test_whatever_was_known_when_and_however_often_a_month_was_paid_the_total_is_what_is_due(
    story: list[tuple[int, list[YearToPay]]],
) -> None:
    so_far: list[Transfer] = []
    for n, years in story:
        paid_in(so_far, years, n)
        again = paid_in(so_far, years, n)
        assert again.lines == ()
    _, years = story[-1]
    due = sum(
        one.pence * (-1 if one.kind == RECOVERY else 1) for year in years for one in [*year.instalments, *year.released]
    )
    carried = sum(one.pence for one in again.carried)
    checked("something carried over", carried > 0)
    checked("a merger", any(year.successor for year in years))
    checked("a recovery", any(one.kind == RECOVERY for one in so_far))
    assert net(so_far) == due + carried


@given(stories())
def test_a_plan_for_what_is_carried_over_ends_it(story: list[tuple[int, list[YearToPay]]]) -> None:
    so_far: list[Transfer] = []
    for n, years in story:
        paid_in(so_far, years, n)
    result = paid_in(so_far, years, 24)
    more = {one.whose: one.pence for one in result.carried}
    for n, year in enumerate(years):
        recoveries = [due for due in year.released if due.kind == RECOVERY]
        whole = more.get(year.whose, 0) + sum(due.pence for due in recoveries)
        if more.get(year.whose):
            got = paid_to_date(so_far).get(year.whose, {}).get(RECOVERY)
            whole = more[year.whose] + max(got.pence if got else 0, sum(due.pence for due in recoveries))
            years[n] = replace(year, plan=recovery_plan(QIF, whole, end(18)).instalments)
    ended = paid_in(so_far, years, 24)
    assert ended.carried == ()
    assert paid_in(so_far, years, 24) == ToPay((), (), ())
    due = sum(
        one.pence * (-1 if one.kind == RECOVERY else 1) for year in years for one in [*year.instalments, *year.released]
    )
    assert net(so_far) == due


def _year_of(result: PracticeResult) -> YearToPay:
    practice = result.practice
    return YearToPay(
        PracticeYear(practice.code, result.scheme.scheme), YEAR.start, practice.joined or YEAR.start, practice.joined,
        result.schedule if result.settlement.advance is not None else None, result.reason,
        tuple(due for due in result.schedule if due.kind != "instalment"), list_size=practice.list_size,
        successor=practice.successor,
    )  # fmt: skip


def _paid_month_by_month(results: Sequence[PracticeResult], months: range) -> list[Line]:
    """The lines of a whole year of one run, whose dues do not move."""
    so_far: list[Transfer] = []
    lines: list[Line] = []
    years = [_year_of(result) for result in results]
    for n in months:
        month = paid_in(so_far, years, n)
        assert not month.carried
        lines += month.lines
    return lines


def _equal_to_the_run(results: Sequence[PracticeResult], lines: Sequence[Line]) -> None:
    for result in results:
        for kind in ("instalment", "activity", "balance", "recovery"):
            own = [line for line in lines if line.whose.practice == result.practice.code and line.kind == kind]
            known = result.settlement.advance is not None or kind != "instalment"
            due = [one for one in result.schedule if one.kind == kind and one.day] if known else []
            assert sum(line.pence for line in own) == sum(one.pence for one in due)


@pytest.mark.checks("a practice", "a line")
@examples(0.6)
@given(inputs())
def test_a_year_month_by_month_ends_at_the_run_s_own_schedule(made: Made) -> None:
    with tempfile.TemporaryDirectory() as folder:
        run = remit.run(made.scheme, **made.write(Path(folder)))  # type: ignore[arg-type]
        results = list(run.results())
    lines = _paid_month_by_month(results, range(1, 31))
    checked("a practice", len(results))
    checked("a line", len(lines))
    _equal_to_the_run(results, lines)


RUNS: dict[str, tuple[str, dict[str, Any]]] = {
    "qif-2024-25": ("qif-2024-25", {"practices": "practices.csv", "counts": "counts.csv"}),
}


@pytest.mark.parametrize("example", RUNS)
def test_an_example_paid_month_by_month_ends_at_its_own_schedule(example: str) -> None:
    scheme, files = RUNS[example]
    run = remit.run(scheme, **{name: EXAMPLES / example / file for name, file in files.items()})
    results = list(run.results())
    lines = _paid_month_by_month(results, range(1, 31))
    _equal_to_the_run(results, lines)
    assert {line.kind for line in lines} >= {"instalment"}
    of_one = [line.why for line in lines if line.whose.practice == results[0].practice.code and line.kind != RECOVERY]
    assert of_one[:12] == [f"instalment {n} of 12" for n in range(1, 13)]
