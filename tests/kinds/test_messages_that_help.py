"""The kind: a message that helps nobody: it shows another text than the file has, offers the name that was given, or
says on every row what to do; and a number that YAML has cut in two.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.bad_files.command import remit

import remit as api
from remit.core.problems import Refused, did_you_mean
from remit.scheme.source import parse_source

PRACTICES = "practice_code,practice_name,place_code,list_size,weighted_list_size\nA1,One,cannock-chase,5000,5000\n"
TWO = """scheme: two
extends: qif-2024-25
version: "1"
title: Two items on one indicator
totals: {}
items:
  - item: "7"
    indicator: HYP008
    measure: achievement
    pays: {steps: {steps: [above 80% pays 5p], most: 5p}}
"""


@pytest.fixture
def practices(tmp_path: Path) -> Path:
    path = tmp_path / "practices.csv"
    path.write_text(PRACTICES, encoding="utf-8")
    return path


def counts(folder: Path, lines: list[str]) -> Path:
    path = folder / "counts.csv"
    path.write_text("\n".join(["practice_code,indicator_code,measure,value", *lines]) + "\n", encoding="utf-8")
    return path


def test_line_100_of_a_file_is_a_number_and_no_emoji(tmp_path: Path, practices: Path) -> None:
    scheme = tmp_path / "ours.yaml"
    scheme.write_text("# nothing\n" * 99 + "nix: 1\n", encoding="utf-8")
    assert f"{scheme}:100:1: unknown key 'nix'." in remit("check", scheme).err
    file = counts(tmp_path, ["A1,2a,NUMERATOR,x"] * 99)
    said = remit(
        "run", "qif-2024-25", "--practices", practices, "--counts", file, "--errors", "99", "--out", tmp_path / "o"
    )
    assert f"{file}:100: NUMERATOR: expected a whole number" in said.err


def test_no_name_is_offered_in_place_of_itself() -> None:
    assert did_you_mean("HYP008", ["HYP008", "HYP009"]).names == ("HYP009",)
    assert did_you_mean("HYP008", ["HYP008"]) == ""


def test_an_indicator_of_two_items_asks_for_the_item(tmp_path: Path, practices: Path) -> None:
    scheme = tmp_path / "two.yaml"
    scheme.write_text(TWO, encoding="utf-8")
    file = counts(tmp_path, ["A1,HYP008,NUMERATOR,3", "A1,HYP008,DENOMINATOR,4"])
    said = remit("run", scheme, "--practices", practices, "--counts", file, "--out", tmp_path / "o")
    assert said.status == 1
    assert "did you mean hyp008" not in said.err.lower()
    assert "'HYP008' counts for items 4 and 7 of two: the row does not say for which. Write 4 or 7" in said.err


def test_reconcile_asks_for_the_item_too(tmp_path: Path, practices: Path) -> None:
    scheme = tmp_path / "two.yaml"
    scheme.write_text(TWO, encoding="utf-8")
    run = api.run(scheme, practices, counts(tmp_path, ["A1,4,NUMERATOR,3", "A1,4,DENOMINATOR,4"]))
    theirs = tmp_path / "theirs.csv"
    theirs.write_text("PRACTICE_CODE,INDICATOR_CODE,MEASURE,VALUE\nA1,HYP008,NUMERATOR,3\n", encoding="utf-8")
    with pytest.raises(Refused, match="'HYP008' counts for items 4 and 7, and the file does not say for which"):
        api.reconcile(run, theirs)


SAME = [
    ("counts", ["A1,HYP08,NUMERATOR,3"] * 4, "the indicator 'HYP08' is not in qif-2024-25", "Did you mean HYP008"),
    ("counts", ["A1,2a,NUMERATR,3"] * 4, "the measure 'NUMERATR' is not known", "Did you mean NUMERATOR"),
    ("counts", ["A12,2a,NUMERATOR,3"] * 4, "practice 'A12' is not among the practices", "Did you mean A1"),
]


@pytest.mark.parametrize(("kind", "lines", "message", "hint"), SAME, ids=[message for _, _, message, _ in SAME])
def test_what_to_do_is_said_once_and_every_row_is_named(
    kind: str, lines: list[str], message: str, hint: str, tmp_path: Path, practices: Path
) -> None:
    file = counts(tmp_path, lines)
    said = remit("run", "qif-2024-25", "--practices", practices, f"--{kind}", file, "--out", tmp_path / "o")
    assert said.status == 1
    assert said.err.count(message) == len(lines)
    assert [f"{file}:{n}:" in said.err for n in range(2, 2 + len(lines))] == [True] * len(lines)
    assert said.err.count(hint) == 1


BRACES = [
    ("{fixed: {pays: £1,500, for: a plan}}", "£1,500", "{ }"),
    ("{fixed: {pays: £1,500,000, for: a plan}}", "£1,500,000", "{ }"),
    ("{fixed: {for: a plan, pays: £12,500.50}}", "£12,500.50", "{ }"),
    ("{steps: {steps: [above 65% pays £1,500, above 70% pays £2], most: £2}}", "above 65% pays £1,500", "[ ]"),
    ("{linear: {points: 8,096, lower: 40%, upper: 90%}}", "8,096", "{ }"),
]


@pytest.mark.parametrize(("pays", "number", "sign"), BRACES)
def test_a_comma_inside_braces_is_named(pays: str, number: str, sign: str) -> None:
    with pytest.raises(Refused) as caught:
        parse_source(f"scheme: ours\nitems:\n  - item: a\n    pays: {pays}\n", "ours.yaml")
    first = caught.value.problems[0]
    assert first.code == "scheme.comma-in-braces"
    assert first.message == f"'{number}': inside {sign} a comma ends a value."
    assert first.hint == f'Put it in quotes: "{number}".'
    assert first.place
    assert first.place.line == 4


@pytest.mark.parametrize("pays", ["[10, 500, 600]", "{a: 10, b: 500}", '{a: "£1,500"}', "{a: £1, 500: x}", "[£1, 500]"])
def test_a_list_of_numbers_is_no_number_with_a_comma(pays: str) -> None:
    assert parse_source(f"scheme: ours\npays: {pays}\n", "ours.yaml").tree["pays"]
