"""Local schemes, whole runs: no order of rows matters, a run opens again as it was, and every penny is there."""

from __future__ import annotations

import csv
import tempfile
from collections import defaultdict
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.checked import checked
from tests.generative.made import KINDS, Made, local_inputs, local_schemes
from tests.profiles import examples

import remit
from remit.runs.results import PracticeResult
from remit.scheme import Scheme, frozen_text, thaw
from remit.scheme.advances import never_due
from remit.scheme.kinds import BetterOfTwoYears, Blend, IncomeProtection, Linear
from remit.scheme.pays import PAYS
from remit.scoring.subjects import WHOLE_MEASURES

few = examples(1 / 2)


def test_every_kind_has_a_generator() -> None:
    assert set(KINDS) == set(PAYS)


def results(made: Made, **more: object) -> list[PracticeResult]:
    with tempfile.TemporaryDirectory() as folder:
        run = remit.run(made.scheme, **made.write(Path(folder)), **more)  # type: ignore[arg-type]
        return list(run.results())


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def written(made: Made, folder: Path, seed: int | None = None, **more: object) -> dict[str, bytes]:
    """The files of a run whose inputs are written in one order or another."""
    (folder / "in").mkdir(parents=True)
    run = remit.run(made.scheme, **made.write(folder / "in", seed), **more)  # type: ignore[arg-type]
    remit.write_run(run, folder / "out")
    return contents(folder / "out")


def table(files: dict[str, bytes], name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(files[name].decode().splitlines()))


@given(local_schemes() | local_schemes(networks=True))
def test_a_frozen_scheme_thaws_to_itself(scheme: Scheme) -> None:
    text = frozen_text(scheme)
    assert thaw(text, "frozen.yaml") == scheme
    assert frozen_text(thaw(text, "frozen.yaml")) == text


@few
@given(local_inputs() | local_inputs(local_schemes(networks=True)), st.integers(0, 2**32))
def test_the_order_of_rows_changes_no_byte_and_a_run_opens_again_as_it_was(made: Made, seed: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        first = written(made, folder / "one")
        assert written(made, folder / "two", seed) == first
        remit.write_run(remit.open_run(folder / "one" / "out"), folder / "again")
        assert contents(folder / "again") == first


@pytest.mark.checks("a practice that is paid", "a settlement", "accounts that close")
@given(local_inputs() | local_inputs(whole=True) | local_inputs(local_schemes(networks=True)))
def test_every_penny_is_accounted_for(made: Made) -> None:
    closing: dict[str, int] = defaultdict(int)
    found = results(made)
    for result in found:
        settled = result.settlement
        if not (result.through_network or result.status == "merged"):
            paid = [award.pence or 0 for award in result.awards if not award.within]
            checked("a practice that is paid", any(paid))
            assert sum(paid) == (result.pence or 0)
            assert (result.pence is None) == (not sum(paid) and any(award.unpaid for award in result.awards))
            assert min(paid) >= 0
            assert result.participation.share != 0 or not any(paid)
        due: dict[str, int] = defaultdict(int)
        for one in result.schedule:
            assert one.pence > 0
            assert one.day
            due[one.kind] += one.pence
        if settled.balance is not None and settled.recovery is not None and settled.advance is not None:
            assert min(settled.balance, settled.recovery, settled.advance) >= 0
            checked("a settlement", bool(settled.advance or settled.balance or settled.recovery))
            assert 0 in (settled.balance, settled.recovery)
            assert settled.advance + due["activity"] + settled.balance - settled.recovery == result.pence
            assert (due["balance"], due["recovery"]) == (settled.balance, settled.recovery)
        transactions: dict[str, list[int]] = defaultdict(list)
        for entry in result.ledger():
            transactions[entry.transaction].append(entry.pence)
            closing[entry.account] += entry.pence
        assert all(sum(lines) == 0 and len(lines) == 2 for lines in transactions.values())
    if all(r.through_network or (r.status == "final" and r.settlement.balance is not None) for r in found):
        checked("accounts that close", len(closing))
        cost = sum(r.pence or 0 for r in found if not r.through_network)
        assert closing["owed to practices"] == 0
        assert closing["scheme cost"] == cost == -closing["cash"]
        assert closing["paid in advance"] == 0


@pytest.mark.checks("two payments on activity")
@given(local_inputs(local_schemes(kinds=("activity", "activity", "historic", "pooled"), on_activity=True), whole=True))
def test_what_is_paid_on_activity_never_shrinks_and_lies_after_its_quarter(made: Made) -> None:
    terms = made.scheme.terms.paid_on_activity
    assert terms is not None
    for result in results(made):
        dues = [due for due in result.schedule if due.kind == "activity"]
        ends = [end.toordinal() + int(terms.days.known()) for end in made.scheme.year.months()[2::3]]
        checked("two payments on activity", len(dues) > 1)
        assert all(due.day and due.day.toordinal() in ends for due in dues)
        assert all(one.day < other.day for one, other in pairwise(dues) if one.day and other.day)
        assert sum(due.pence for due in dues) <= (result.pence or 0) or result.status != "final"


@pytest.mark.checks("a practice paid by quarter")
@given(local_inputs(local_schemes(kinds=("activity",), on_activity=True), whole=True))
def test_activity_given_by_quarter_is_paid_by_quarter_and_adds_up_to_the_award(made: Made) -> None:
    """Where nothing else is paid, nothing is left for the balance but what was given for the year alone."""
    by_year = {row[0] for row in made.counts if row[2].startswith(("ACTIVITY", "DID")) and not row[4]}
    first = {(row[0], row[1]) for row in made.counts if row[4]}
    for result in results(made):
        whole = all((result.practice.code, item.item) in first for item in made.scheme.items)
        if result.practice.code in by_year or not whole or result.status != "final" or result.advance.pence:
            continue
        dues = [due for due in result.schedule if due.kind == "activity"]
        checked("a practice paid by quarter", len(dues))
        assert sum(due.pence for due in dues) == result.pence == result.settlement.balance or (
            sum(due.pence for due in dues) == result.pence and not result.settlement.balance
        )


def worth(kind: Linear, rate: Fraction) -> Fraction:
    """(A - B) / (C - B) x D, and no more than D, no less than nothing."""
    part = (rate - kind.lower.known()) / (kind.upper.known() - kind.lower.known())
    return min(max(part, Fraction(0)), Fraction(1)) * kind.amount.known()


@pytest.mark.checks("two years that differ")
@examples(3)
@given(local_inputs(local_schemes(kinds=("better_of_two_years",)), changes=False))
def test_the_better_of_two_years_is_the_higher_of_both(made: Made) -> None:
    held = {(row[0], row[1], row[2], row[4]): Fraction(row[3]) for row in made.counts}

    def year(code: str, item: str, kind: Linear, when: str) -> Fraction | None:
        points = held.get((code, item, "HISTORIC_POINTS", when)) if when else None
        if points is not None:
            return points
        over, under = (held.get((code, item, measure, when)) for measure in ("NUMERATOR", "DENOMINATOR"))
        if over is None or under is None:
            return None
        return worth(kind, over / under) if under else Fraction(0)

    for result in results(made):
        for award in result.awards:
            kind = award.item.kind
            assert isinstance(kind, BetterOfTwoYears)
            if kind.linear is None or award.unmet or award.calculation is None or award.calculation.earned is None:
                continue
            both = [year(result.practice.code, award.item.item, kind.linear, when) for when in ("", "2023-24")]
            checked("two years that differ", both[0] != both[1])
            assert None not in both
            assert award.calculation.earned == max(part for part in both if part is not None)


blending = local_schemes(kinds=("fixed", "historic", "linear", "boolean", "blend", "blend")).filter(
    lambda scheme: any(isinstance(item.kind, Blend) and len(item.kind.parts) > 1 for item in scheme.items)
)


@pytest.mark.checks("parts that differ")
@given(local_inputs(blending, whole=True))
def test_a_blend_lies_between_its_parts(made: Made) -> None:
    """Between those that have a share, to the penny and at any rounding; a part without a share need not be known."""
    for result in results(made):
        pence = {award.item.item: award.pence for award in result.awards}
        for award in result.awards:
            kind = award.item.kind
            if isinstance(kind, Blend) and award.pence is not None and not award.unmet:
                shares = {part: kind.share(part, "2024-25") for part in kind.parts}
                parts = [pence[part] for part, share in shares.items() if share and share.value]
                known = [part for part in parts if part is not None]
                checked("parts that differ", len(set(known)) > 1)
                assert len(known) == len(parts)
                assert min(known) <= award.pence <= max(known)


@pytest.mark.checks("income that is made up", "income that is enough")
@given(local_inputs(local_schemes(kinds=("fixed", "linear", "income_protection"), exact=True), whole=True))
def test_income_protection_makes_up_what_is_missing_and_no_more(made: Made) -> None:
    held = {(row[0], row[1], row[2]): Fraction(row[3]) for row in made.counts}
    for result in results(made):
        before: dict[str, int | None] = {}
        for award in result.awards:
            kind = award.item.kind
            if isinstance(kind, IncomeProtection) and award.pence is not None and not award.unmet:
                covered = [before[code] for code in kind.covers or before]
                total = sum(part for part in covered if part is not None)
                own = [result.practice.code, *(gone.code for gone in result.merged)]  # theirs is now its own
                paid = sum(held[code, award.item.item, "HISTORIC_POUNDS"] for code in own)
                assert result.participation.share is not None
                floor = kind.floor.known() * paid * 100 * result.participation.share
                checked("income that is made up", floor > total)
                checked("income that is enough", floor <= total)
                assert abs(award.pence - max(floor - total, Fraction(0))) <= Fraction(1, 2)
            before[award.item.item] = award.pence


@few
@given(local_inputs(), st.integers(1, 3))
def test_a_position_in_the_year_is_that_of_the_quarters_until_then(made: Made, quarter: int) -> None:
    """Rows of later quarters, of the whole year and of other days are passed over."""
    day = f"2024-Q{quarter}"
    quarterly = {"ACTIVITY", "ACTIVITY_DAYS", "DID_NOT_ATTEND"}
    until, both = [], []
    for row in made.counts:
        if row[4].startswith("2024-25-Q"):
            both.append(row)
            if int(row[4][-1]) <= quarter:
                until.append(row)
        elif row[2] in quarterly:
            continue
        elif row[2] in WHOLE_MEASURES or row[4]:
            both.append(row)
            until.append(row)
        else:
            both += [[*row[:3], "0", ""], [*row[:4], day]]
            until.append(row)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        now = written(Made(made.scheme, made.practices, until), folder / "one")
        position = written(Made(made.scheme, made.practices, both), folder / "two", period=day)
        assert table(position, "award.csv") == table(now, "award.csv")
        remit.write_run(remit.open_run(folder / "two" / "out"), folder / "again")
        assert contents(folder / "again") == position


@pytest.mark.checks("paid as it is delivered")
@given(local_inputs(local_schemes(kinds=("activity",), on_activity=True), whole=True))
@examples(1 / 3)
def test_nothing_is_left_to_pay_where_all_is_paid_as_it_is_delivered(made: Made) -> None:
    assert ("terms", "balance") in never_due(made.scheme)
    for result in results(made):
        checked("paid as it is delivered", sum(due.kind == "activity" for due in result.schedule))
        assert not result.settlement.balance
        assert all(due.kind != "balance" for due in result.schedule)


@given(local_inputs())
@examples(1 / 3)
def test_a_year_from_april_is_the_same_in_either_form(made: Made) -> None:
    usual, year = frozen_text(made.scheme), made.scheme.year
    other = usual.replace(f"year: {year}\n", f"year: {year.start:%Y-%m} to {year.end:%Y-%m}\n", 1)
    assert other != usual
    found = thaw(other, "other.yaml")
    with tempfile.TemporaryDirectory() as name:
        folders = Path(name) / "usual", Path(name) / "other"
        assert written(made, folders[0]) == written(replace(made, scheme=found), folders[1])
