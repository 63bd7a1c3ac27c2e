"""One plan, one evaluator: no text is read while a run goes on, and a scenario is the only way to say "otherwise"."""

from __future__ import annotations

import sys
from collections import Counter
from fractions import Fraction
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from tests.deck import inputs as deck

import remit
from remit.core import dates, exact
from remit.core.figures import DENOMINATOR, LIST_SIZE, NUMERATOR, REGISTER
from remit.organisation import Practice
from remit.pricing.evaluator import price
from remit.pricing.plan import plan_of
from remit.pricing.scenario import Lists, Scenario, Standing
from remit.scheme import load_scheme, resolve, scheme_ids
from remit.scheme.retirement import in_force
from remit.scoring.achievement import Achievement, Subjects

READERS = {
    function.__code__: f"{function.__module__}.{function.__qualname__}"
    for function in (
        resolve.resolve, resolve.setting, resolve.open_name, resolve.day_of, in_force, plan_of,
        dates.parse_date, dates.SchemeYear.parse.__func__, dates.Period.parse.__func__,  # type: ignore[attr-defined]
        exact.whole, exact.number, exact.money, exact.percent,
    )
}  # fmt: skip
"""Whatever turns text into a date, a number, a period or a rule."""


def made_run(scheme: str, folder: Path) -> remit.Run:
    deck.write_inputs(scheme, folder)
    words = deck.settings(scheme)[1::2]
    national = deck.schemes()[scheme].get("national")
    return remit.run(
        scheme,
        folder / "practices-1.csv",
        folder / "counts-1.csv",
        settings=dict(word.split("=", 1) for word in words),
        national=national,
        ignore_unknown=True,
    )


@pytest.mark.parametrize("scheme", scheme_ids())
def test_no_text_is_interpreted_and_no_date_parsed_during_a_run(scheme: str, tmp_path: Path) -> None:
    """Seven made-up practices, one each that joined, closed and merged, from the first award to the last entry."""
    run, calls, seen = made_run(scheme, tmp_path), Counter[str](), 0

    def watch(frame: FrameType, event: str, _: Any) -> None:
        nonlocal seen
        if event == "call":
            seen += 1
            if frame.f_code in READERS:
                calls[READERS[frame.f_code]] += 1

    sys.setprofile(watch)
    try:
        entries = [entry for result in run.results() for entry in result.ledger()]
    finally:
        sys.setprofile(None)
    assert not calls
    assert seen > 1000
    assert entries or run.codes


QIF = plan_of(load_scheme("qif-2024-25"), {}, {})
A1 = Standing(
    Practice("A1", list_size=10_500, weighted_list_size=Fraction(10_000)),
    (),
    {"1a": {REGISTER: 84, LIST_SIZE: 10_500}, "1b": {NUMERATOR: 45, DENOMINATOR: 100}},
)


def pence(scenario: Scenario) -> dict[str, int | None]:
    wanted = Scenario(**{**vars(scenario), "items": frozenset({"1a", "1b"})})
    return {award.item.item: award.pence for award in price(QIF, A1, wanted).awards}


def test_as_it_stands() -> None:
    """1a: 0.8% is above 0.75%, 15p x 10,000. 1b: 45% is above 38% of its first table, 20p x 10,000."""
    assert pence(Scenario()) == {"1a": 1500_00, "1b": 2000_00}


def test_other_figures() -> None:
    """60 of 10,500 is 0.57%: 8p, and 1b by its second table, 15p. Nobody in 1a: nothing, and nothing by the third."""
    assert pence(Scenario(figures={("1a", REGISTER): 60})) == {"1a": 800_00, "1b": 1500_00}
    assert pence(Scenario(figures={("1a", REGISTER): 0, ("1a", LIST_SIZE): 0})) == {"1a": 0, "1b": 0}


def test_figures_left_out_are_not_known() -> None:
    assert pence(Scenario(without=frozenset({"1b"}))) == {"1a": 1500_00, "1b": None}


def test_other_lists() -> None:
    """15p and 20p x 12,000; the register is still of 10,500, as its own list says."""
    lists = {"A1": Lists(9_000, Fraction(12_000))}
    assert pence(Scenario(lists=lists)) == {"1a": 1800_00, "1b": 2400_00}


def test_another_achievement() -> None:
    """46% of 1b is above 45%: 26p x 10,000."""
    assert pence(Scenario(achieved={"1b": Achievement(Fraction(46, 100))})) == {"1a": 1500_00, "1b": 2600_00}


def test_one_item_measured_on_other_figures() -> None:
    """1b alone on 31 of 100, above 30%: 15p."""
    other: Subjects = {"1b": {NUMERATOR: 31, DENOMINATOR: 100}}
    assert pence(Scenario(counted={"1b": other})) == {"1a": 1500_00, "1b": 1500_00}


def test_other_rules() -> None:
    """The same counts where 1a pays 16p above 0.75%."""
    scheme = load_scheme("qif-2024-25")
    item = scheme.item("1a")
    steps = tuple(
        step.__class__(**{**vars(step), "pays": Fraction(16, 100)}) if step.at == Fraction(75, 10_000) else step
        for step in item.kind.steps  # type: ignore[attr-defined]
    )
    pays = item.pays.model_copy(update={"steps": item.kind.model_copy(update={"steps": steps})})
    items = tuple(i.model_copy(update={"pays": pays}) if i.item == "1a" else i for i in scheme.items)
    other = plan_of(scheme.model_copy(update={"items": items}), {}, {})
    assert pence(Scenario(plan=other)) == {"1a": 1600_00, "1b": 2000_00}


def test_an_item_alone_is_priced_with_what_it_rests_on() -> None:
    """1b by itself is worth what it is worth beside 1a, which chooses its table and is not awarded here."""
    found = price(QIF, A1, Scenario(items=frozenset({"1b"}))).awards
    assert [(award.item.item, award.pence) for award in found] == [("1b", 2000_00)]
