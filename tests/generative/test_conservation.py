"""Money is conserved: whoever joins, leaves or merges, what is paid less what is paid back is what was awarded.

Over all practices and networks of a run whose year is settled: instalments + activity + balance - recovery = award, and
the ledger comes to nothing, account by account but for cash and cost. Shares of half a penny and small or no lists are
among what is generated; no instalment is paid before its practice joined, or after it merged.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from pathlib import Path

import pytest
from hypothesis import given
from tests.checked import checked
from tests.generative.made import Made, inputs, local_inputs, local_schemes
from tests.profiles import examples

import remit
from remit.core.dates import SchemeYear
from remit.runs.engine import Run
from remit.runs.results import FINAL, MERGED

local = local_inputs(merged=True) | local_inputs(whole=True, merged=True)
through_networks = local_inputs(local_schemes(networks=True), whole=True, merged=True)
YEAR = SchemeYear(2024)


def conserved(run: Run, mergers: bool = True) -> None:
    results = [result for result in run.results() if not result.through_network]
    accounts: dict[str, int] = defaultdict(int)
    for result in results:
        practice = result.practice
        for due in result.schedule:
            assert due.pence > 0
            assert not (practice.joined and due.day and due.kind == "instalment" and due.day < practice.joined)
            assert not (result.status == MERGED and due.day and practice.left and due.day > practice.left)
        for entry in result.ledger():
            accounts[entry.account] += entry.pence
    assert sum(accounts.values()) == 0
    if not all(r.status == MERGED or (r.status == FINAL and r.settlement.balance is not None) for r in results):
        return
    moved = sum(due.pence * (-1 if due.kind == "recovery" else 1) for result in results for due in result.schedule)
    checked("a settled year", moved)
    if mergers:
        checked("a settled year with a merger", any(one.merged_in(YEAR) for one in run.inputs.practices.values()))
    assert moved == sum(result.pence or 0 for result in results)
    if all(due.day for result in results for due in result.schedule):
        assert accounts["owed to practices"] == accounts["paid in advance"] == 0
        assert accounts["scheme cost"] == moved == -accounts["cash"]


def run_of(made: Made) -> Run:
    with tempfile.TemporaryDirectory() as name:
        return remit.run(made.scheme, **made.write(Path(name)))  # type: ignore[arg-type]


@pytest.mark.checks("a settled year", "a settled year with a merger")
@examples(2)
@given(local)
def test_under_any_local_scheme(made: Made) -> None:
    conserved(run_of(made))


@pytest.mark.checks("a settled year", "a settled year with a merger")
@examples(2)
@given(through_networks)
def test_through_networks(made: Made) -> None:
    conserved(run_of(made))


@pytest.mark.checks("a settled year")
@given(inputs())
def test_under_any_scheme_of_points_or_steps(made: Made) -> None:
    conserved(run_of(made), mergers=False)
