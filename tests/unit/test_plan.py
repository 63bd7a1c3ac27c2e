"""What of a scheme is counted from records, whom its lists hold, and what must be supplied instead."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from remit.evaluation.plan import RATES, ages_of, plan
from remit.evaluation.reference import age
from remit.rules.definitions import read_definitions, shipped
from remit.scheme import load_scheme

ON = date(2025, 3, 31)


def years(born: str) -> int:
    return age(date.fromisoformat(born), ON)


@pytest.mark.parametrize(
    ("words", "inside", "outside"),
    [
        ("aged 18 and over", ["2007-03-31", "1930-01-01"], ["2007-04-01"]),
        ("aged 25 to 64", ["2000-03-31", "1960-04-01"], ["2000-04-01", "1960-03-31"]),
        ("aged 2", ["2023-03-31", "2022-04-01"], ["2023-04-01", "2022-03-31"]),
        ("whole", ["2025-03-31", "1930-01-01"], []),
    ],
)
def test_whom_a_list_holds(words: str, inside: list[str], outside: list[str]) -> None:
    ages = ages_of(words)
    assert ages is not None
    assert [years(day) in ages for day in inside] == [True] * len(inside)
    assert [years(day) in ages for day in outside] == [False] * len(outside)


@pytest.mark.parametrize("words", ["people who died in the year", "aged two", "women", "aged 18 and over, women"])
def test_a_list_in_other_words_is_not_guessed(words: str) -> None:
    assert ages_of(words) is None


def test_every_item_of_the_qif_is_counted() -> None:
    made = plan(load_scheme("qif-2024-25"), shipped())
    assert made.supplied == {}
    told = {one.subject: (one.definition.population, one.measures, one.people) for one in made.counted}
    assert told == {
        "1a": ("PALCARE_REG", ("REGISTER",), "whole"),
        "1b": ("died in the year", RATES, ""),
        "2a": ("DMTYPE1_REG", RATES, ""),
        "2b": ("DMTYPE2_REG", RATES, ""),
        "3": ("registered", RATES, ""),
        "4": ("HYP_REG", RATES, ""),
        "CHOL002": ("CHOL2_REG", RATES, ""),
        "CHOL004": ("CHOL2_REG", RATES, ""),
        "6": ("CKD_REG", ("REGISTER",), "aged 18 and over"),
    }


def test_an_item_is_counted_or_said_to_be_supplied() -> None:
    for name in ("qof-england-2024-25", "qof-england-2018-19", "qif-plus-2024-25", "nis-tower-hamlets"):
        scheme = load_scheme(name)
        made = plan(scheme, shipped())
        spoken = {one.subject for one in made.counted} | set(made.supplied)
        for item in scheme.items:
            assert item.item in spoken or set(item.indicators) <= spoken, (name, item.item)


def test_a_reason_says_why_a_figure_is_supplied(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(
        "definitions: [{register: X_REG, title: X, population: registered, fields: {X_DAT: latest X_COD},\n"
        "  rules: [{rule: 1, if: X_DAT <> Null, then: Select, else: Reject}]}]"
    )
    made = plan(load_scheme("qif-2024-25"), read_definitions([path]))
    assert made.counted == ()
    assert made.supplied["4"] == "HYP008 has no rules over records: counts only"
    assert plan(load_scheme("spqs-somerset-2018-19"), shipped()).counted == ()
    assert set(plan(load_scheme("spqs-somerset-2018-19"), shipped()).supplied.values()) == {
        "it is calculated from figures that records do not hold"
    }


def test_prevalence_weights_bring_their_registers_and_lists() -> None:
    """QOF: diabetes is of those aged 17 and over, hypertension of everybody."""
    made = plan(load_scheme("qof-england-2018-19"), shipped())
    told = {one.subject: one for one in made.counted}
    assert (told["DM"].measures, told["DM"].people) == (("REGISTER",), "aged 17 and over")
    assert (told["HYP"].measures, told["HYP"].people) == (("REGISTER",), "whole")
    assert told["HYP"].definition.population == "HYP_REG"
    assert told["HYP"].definition.rules == ()
