"""What is paid adds up to the penny: instalments, balance, recovery, mergers, and a ledger whose accounts close."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.checked import checked
from tests.generative.made import Made, inputs, practices

import remit
from remit.core.dates import SchemeYear, add_months, whole_months
from remit.organisation import Practice
from remit.payment.instalments import recovery_days, shares
from remit.pricing.part_of_year import participation
from remit.scheme import load_scheme
from remit.scheme.resolve import resolve

QIF = load_scheme("qif-2024-25")
days = st.dates(min_value=date(2023, 1, 1), max_value=date(2026, 12, 31))


@given(
    st.integers(0, 10**9) | st.integers(0, 200),
    st.integers(1, 120),
    st.sampled_from(["first", "last"]),
    st.sampled_from(["nearest", "down"]),
)
def test_parts_add_up_and_are_never_negative(
    pence: int, parts: int, remainder: Literal["first", "last"], rounding: Literal["nearest", "down"]
) -> None:
    found = shares(pence, parts, remainder, rounding)
    assert len(found) == parts
    assert sum(found) == pence
    assert min(found) >= 0


@pytest.mark.checks("parts of more than their number of pence")
@given(st.integers(0, 10**9), st.integers(1, 120), st.sampled_from(["first", "last"]))
def test_parts_are_equal_but_for_the_remainders_place(
    pence: int, parts: int, remainder: Literal["first", "last"]
) -> None:
    """ "Equal monthly instalments": all but one are alike, to the nearest penny."""
    if pence < parts * parts:
        return
    checked("parts of more than their number of pence")
    found = shares(pence, parts, remainder)
    alike = found[1:] if remainder == "first" else found[:-1]
    assert len(set(alike)) <= 1
    assert all(abs(part * parts - pence) * 2 <= parts for part in alike)


@given(days, st.integers(1, 36))
def test_recoveries_lie_a_month_apart_within_their_months(notified: date, months: int) -> None:
    found = [day for day in recovery_days(notified, months) if day]
    assert len(found) == months
    assert found == sorted(set(found))
    assert notified < found[0]
    assert found[-1] == add_months(notified, months)


@given(days, days)
def test_whole_months_are_the_months_all_of_whose_days_are_in_between(one: date, other: date) -> None:
    first, last = sorted([one, other])
    counted: dict[tuple[int, int], int] = defaultdict(int)
    for n in range((last - first).days + 1):
        day = first + timedelta(n)
        counted[day.year, day.month] += 1
    whole = [m for m, n in counted.items() if n == (add_months(date(*m, 1), 1) - date(*m, 1)).days]
    assert whole_months(first, last) == len(whole)


@pytest.mark.checks("a whole year")
@given(st.none() | days, st.none() | days, st.sampled_from(["whole months", "days", "full year", "nothing"]))
def test_a_part_of_the_year_is_a_part(joined: date | None, left: date | None, rule: str) -> None:
    assume(not (joined and left) or joined <= left)  # else the table of practices is refused
    settings = {"joiners": rule, "leavers": rule}
    part = participation(resolve(QIF, settings), Practice("A1", joined=joined, left=left))
    assert part.share is not None
    assert 0 <= part.share <= 1
    year = SchemeYear(2024)
    if (joined is None or joined <= year.start) and (left is None or left >= year.end):
        checked("a whole year")
        assert part.share == 1


@pytest.mark.checks("a settlement", "an advance", "accounts that close")
@given(inputs())
def test_every_penny_is_accounted_for(made: Made) -> None:
    with tempfile.TemporaryDirectory() as folder:
        run = remit.run(made.scheme, **made.write(Path(folder)))  # type: ignore[arg-type]
        results = list(run.results())
    closing: dict[str, int] = defaultdict(int)
    for result in results:
        settled = result.settlement
        due = {
            kind: sum(d.pence for d in result.schedule if d.kind == kind)
            for kind in ("instalment", "balance", "recovery")
        }
        assert all(d.pence > 0 for d in result.schedule)
        if settled.balance is not None and settled.recovery is not None and settled.advance is not None:
            assert min(settled.balance, settled.recovery, settled.advance) >= 0
            checked("a settlement", bool(settled.advance or settled.balance or settled.recovery))
            assert 0 in (settled.balance, settled.recovery)
            assert settled.advance + settled.balance - settled.recovery == result.pence
            assert (due["balance"], due["recovery"]) == (settled.balance, settled.recovery)
        if settled.advance is not None and not result.merged and result.status != "merged":
            checked("an advance", bool(settled.advance))
            assert due["instalment"] == settled.advance
        transactions: dict[str, list[int]] = defaultdict(list)
        for entry in result.ledger():
            transactions[entry.transaction].append(entry.pence)
            closing[entry.account] += entry.pence
        assert all(sum(lines) == 0 and len(lines) == 2 for lines in transactions.values())
        assert all(d.day for d in result.schedule)
    settled_all = all(r.status != "provisional" and r.settlement.advance is not None for r in results)
    if settled_all:
        final = [r for r in results if r.status == "final"]
        checked("accounts that close", len(closing))
        assert closing["owed to practices"] == 0
        assert closing["scheme cost"] == sum(r.pence or 0 for r in final) == -closing["cash"]
        assert closing["paid in advance"] == 0


@pytest.mark.checks("a successor")
@given(practices() | practices(merged=True), st.sampled_from(["", "qif-plus-2024-25"]))
def test_a_merger_conserves_what_is_paid_in_the_year(rows: list[list[str]], others: str) -> None:
    """Instalments of the successor and of those that merged into it add up to the advance on all their lists."""
    rules = {"joiners": "full year", "leavers": "full year", "mergers": "successor"}
    year = SchemeYear(2024)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = Made(QIF, rows, [["P0", "2a", "NUMERATOR", "1", ""]])
        assign = None
        if others:
            assign = folder / "assign.csv"
            assign.write_text("practice_code,scheme_id\n" + "".join(f"{r[0]},{others}\n" for r in rows[1:]))
        paths = made.write(folder)
        del paths["national"]
        run = remit.run("qif-2024-25", **paths, assign=assign, settings=rules)  # type: ignore[arg-type]
        results = {r.practice.code: r for r in run.results()}
    rates = {"qif-2024-25": Fraction("2.1"), "qif-plus-2024-25": Fraction(4)}
    for result in results.values():
        if result.status == "merged":
            continue
        family = [result, *(results[gone.code] for gone in result.merged)]
        there = [r for r in family if r.practice.joined is None or r.practice.joined <= year.end]
        there = [r for r in there if r.practice.successor or not r.practice.left or r.practice.left >= year.start]
        paid = sum(d.pence for r in family for d in r.schedule)
        checked("a successor", len(result.merged))
        assert paid == result.settlement.advance
        expected = sum(((r.practice.weighted_list_size or 0) * rates[r.scheme.scheme] * 80 for r in there), Fraction(0))
        assert abs(paid - expected) <= 2 * len(there)
