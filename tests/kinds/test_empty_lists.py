"""The kind: an empty list says nothing, whatever key it is of, and is refused at its line.

Only over a list of the file that an overlay extends does it say something: none of these.
"""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest
from tests.bad_files.command import HERE
from tests.bad_files.test_bad_keys import file_of

from remit.core.problems import Place, Refused
from remit.scheme import load_scheme, thaw
from remit.scheme.loader import build, frozen_text
from remit.scheme.reform_file import load_reform
from remit.scheme.source import parse_source

ITEM = ("asks", "indicator", "reduced", "replaces", "requires", "tags", "weights")
TOP = ("asks", "budgets", "levels", "limits", "only_with", "removed", "restate", "to_look_up")
PAYS = (
    "activity: {tiers: [], each: visit}",
    "boolean: {points: [], per_head: 5p}",
    "change_over: {points: 5, steps: [], years: [2023-24], pcas: left out}",
    "change_over: {points: 5, steps: [rise from 5 points pays 5 points], years: [], pcas: left out}",
    "historic: {of: QOF, years: [2022-23], in: points, adjusted_for: []}",
    "steps: {points: 5, tables: []}",
)
LINES = [
    *(("item", f"{key}: []") for key in ITEM),
    ("item", "only_if: {all: []}"),
    ("item", "only_if: {any: []}"),
    ("item", "only_if: {at_least: 1, of: [], reach: met}"),
    ("item", 'reduced: [{to: 50%, when: {all: [{achievement_of: "1", above: 50%}, {any: []}]}}]'),
    *(("top", f"{key}: []") for key in TOP),
    ("top", "limits: [{at_most: £500, items: []}]"),
    ("top", "totals: {sums: []}"),
    ("top", "parameters: {rule: {type: choice, choices: [], about: A rule}}"),
    ("top", "monitoring: {indicators: [], count: 2, against: 2023-24, tolerance: 5%}"),
    ("top", "claims: {levels: [], eligible: false}"),
    ("terms", "paid_in_advance: {share: 50%, of: blocks, instalments: 4, due: []}"),
    ("terms", "paid_in_advance: {share: 50%, of: blocks, items: [], instalments: 4, due: last day of each quarter}"),
    ("terms", "paid_in_advance: []"),
    *(("pays", f"{{{words}}}") for words in PAYS),
]


@pytest.mark.parametrize(("where", "line"), LINES, ids=[line[:60] for _, line in LINES])
def test_an_empty_list_is_refused_at_its_line(where: str, line: str) -> None:
    text, number = file_of(where, line)
    with pytest.raises(Refused) as caught:
        build(parse_source(text, "x.yaml"))
    assert number in {one.place.line for one in caught.value.problems if one.place}, str(caught.value)


@pytest.mark.parametrize("name", ["good_scheme_with_everything.yaml", "good_local.yaml"])
def test_every_list_of_a_file_that_is_emptied_is_refused_at_its_line(name: str) -> None:
    text = (HERE / name).read_text(encoding="utf-8")
    found = re.finditer(r"(\w+): (\[[^\[\]\n]+\])", text)
    lists = [one.span(2) for one in found if "when: " not in text[text.rindex("\n", 0, one.start()) : one.start()]]
    assert len(lists) > 4
    for first, last in lists:
        number = text.count("\n", 0, first) + 1
        with pytest.raises(Refused) as caught:
            build(parse_source(f"{text[:first]}[]{text[last:]}", name))
        assert number in {one.place.line for one in caught.value.problems if one.place}, text[first:last]


def test_the_words_name_the_key_and_every_place_is_said_at_once() -> None:
    text, number = file_of("item", "tags: []")
    with pytest.raises(Refused) as caught:
        build(parse_source(text.replace("merger: successor}\n", "merger: nobody}\nonly_with: []\n"), "x.yaml"))
    said = [(one.place, one.message) for one in caught.value.problems]
    assert (Place("x.yaml", number + 1, 11), "item 2, tags: an empty list says nothing.") in said
    assert any("only_with: an empty list says nothing" in message for _, message in said)
    assert any("nobody" in message for _, message in said)
    assert caught.value.total == len(said)


BASE = "qof-england-2025-26"
OVER = f'scheme: over\nextends: {BASE}\nversion: "1"\ntitle: Over\ntotals: {{}}\nitems:\n  - {{item: HYP008, '


def overlay(tmp_path: Path, rest: str) -> Path:
    path = tmp_path / "over.yaml"
    path.write_text(OVER + rest, encoding="utf-8")
    return path


def test_over_a_list_of_the_file_below_it_says_none_of_these(tmp_path: Path) -> None:
    assert load_scheme(BASE).item("HYP008").weights
    found = load_scheme(overlay(tmp_path, "weights: []}\n"))
    assert found.item("HYP008").weights == ()
    assert frozen_text(thaw(frozen_text(found), "kept.yaml")) == frozen_text(found)
    (tmp_path / "whole.yaml").write_text(frozen_text(found), encoding="utf-8")
    assert load_scheme(tmp_path / "whole.yaml").item("HYP008").weights == ()


@pytest.mark.parametrize(
    "rest",
    [
        "reduced: []}\n",
        "weights: [list]}\nremoved: []\n",
        "weights: []}\nonly_with: []\n",
        "weights: [list]}\nlevels: []\n",
    ],
)
def test_over_nothing_it_says_nothing_in_an_overlay_too(rest: str, tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"over.yaml:\d+:\d+: .*(an empty list says nothing|at least one)") as caught:
        load_scheme(overlay(tmp_path, rest))
    assert len(caught.value.problems) == 1


def test_a_table_without_steps_says_that_nothing_is_paid_there() -> None:
    tables = "[{when: below 50%, steps: []}, {when: from 50%, steps: [from 60% pays 10p]}]"
    text, _ = file_of("pays", f'{{steps: {{gate: "1", most: 10p, tables: {tables}}}}}')
    kind = build(parse_source(text, "x.yaml")).item("2").kind
    assert (kind.earned(Fraction(7, 10), Fraction(4, 10)), kind.earned(Fraction(7, 10), Fraction(1, 2))) == (
        0, Fraction(1, 10),
    )  # fmt: skip


def test_what_a_run_keeps_may_have_empty_lists() -> None:
    text, _ = file_of("item", "tags: []")
    assert thaw(text, "kept.yaml").item("2").tags == ()


@pytest.mark.parametrize(
    "line", ["retire: []", "assumes: []", "timing: {staggered: []}", "change: {items: [{item: '4', tags: []}]}"]
)
def test_a_reform_has_none_either(line: str, tmp_path: Path) -> None:
    path = tmp_path / "reform.yaml"
    path.write_text(f"reform: mine\ntitle: Mine\nof: qif-2024-25\npence: {{'4': +1}}\n{line}\n", encoding="utf-8")
    with pytest.raises(Refused) as caught:
        load_reform(path)
    assert [one.place.line for one in caught.value.problems if one.place] == [5], str(caught.value)
