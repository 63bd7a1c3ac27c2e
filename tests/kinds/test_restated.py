"""Kind: what a scheme of another year must say anew when it is laid over one."""

from __future__ import annotations

from pathlib import Path

import pytest

from remit.core.problems import Refused
from remit.scheme.loader import load_scheme

BASE = """
scheme: base-2024-25
version: "1"
title: Base
commissioner: Exampleshire
year: 2024-25
achievement_date: 2025-03-31
sources: {us: {title: Ours}}
source: us
restate: [RESTATE]
point: {value: £100}
weights: {list: {list: {column: list_size, called: list, at: 2025-01-01}, over: 8096, over_at: 2025-01-01}}
terms:
  balance: {due: 2025-07-31}
  recovery: {months: 2, first: 2025-08-31}
  changes: {joiner: days, leaver: days, merger: successor}
items:
  - {item: A, indicator: CHD005, measure: achievement, pays: {linear: {points: 10, lower: 40%, upper: 90%}}}
  - {item: B, indicator: AST007, measure: achievement, pays: {linear: {points: 10, lower: 40%, upper: 90%}}}
"""
ASKED = "point.value, weights.list.over, terms.balance.due, A.lower, B"
OVER = "scheme: next\nversion: '1'\ntitle: Next\nextends: base.yaml\n"
NEXT = "year: 2025-26\nachievement_date: 2026-03-31\n"
POINT = "point: {value: £100}\n"
WEIGHTS = "weights: {list: {over: 8096}}\n"
TERMS = "terms: {balance: {due: 2026-07-31}}\n"
ITEM_A = "  - {item: A, pays: {linear: {lower: 40%}}}\n"
ITEM_B = "  - {item: B, title: As before}\n"


def load(folder: Path, over: str, asked: str = ASKED) -> None:
    (folder / "base.yaml").write_text(BASE.replace("RESTATE", asked), encoding="utf-8")
    (folder / "next.yaml").write_text(OVER + over, encoding="utf-8")
    load_scheme(str(folder / "next.yaml"))


@pytest.mark.parametrize(
    "over",
    [
        f"{NEXT}{POINT}{WEIGHTS}{TERMS}items:\n{ITEM_A}{ITEM_B}",  # all of it, though nothing changes but the day
        f"{NEXT}{POINT}{WEIGHTS}{TERMS}removed: [B]\nitems:\n{ITEM_A}",  # what is gone need not be said
        "point: {value: £110}\n",  # of the same year
    ],
)
def test_what_is_restated_or_of_the_same_year_loads(tmp_path: Path, over: str) -> None:
    load(tmp_path, over)


@pytest.mark.parametrize(
    ("over", "named"),
    [
        (NEXT, "point.value, weights.list.over, terms.balance.due, A.lower and B"),
        (f"{NEXT}{POINT}{WEIGHTS}items:\n{ITEM_A}{ITEM_B}", "terms.balance.due"),
        (f"{NEXT}{POINT}{TERMS}items:\n{ITEM_A}{ITEM_B}", "weights.list.over"),
        (
            f"{NEXT}{POINT}{WEIGHTS}{TERMS}items:\n  - {{item: A, pays: {{linear: {{upper: 95%}}}}}}\n{ITEM_B}",
            "A.lower",
        ),
        (f"{NEXT}{POINT}{WEIGHTS}{TERMS}items:\n{ITEM_A}", "B"),
    ],
)
def test_what_is_left_out_is_named_at_the_line_of_the_year(tmp_path: Path, over: str, named: str) -> None:
    with pytest.raises(Refused) as refused:
        load(tmp_path, over)
    (problem,) = refused.value.problems
    assert problem.code == "scheme.not-restated"
    assert problem.message.endswith(f"asks each year to restate {named}.")
    assert problem.place is not None
    assert (Path(problem.place.file).name, problem.place.line) == ("next.yaml", 5)


def test_a_list_that_names_what_is_not_there_is_refused_in_its_own_file(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(BASE.replace("RESTATE", "point.valeu"), encoding="utf-8")
    with pytest.raises(Refused) as refused:
        load_scheme(str(tmp_path / "base.yaml"))
    (problem,) = refused.value.problems
    assert "no value 'point.valeu' to restate" in problem.message
    assert "point.value" in problem.hint
    assert problem.place is not None
    assert problem.place.line == 10
