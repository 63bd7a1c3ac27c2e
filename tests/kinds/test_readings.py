"""The kind: a number on which reports conflict. Each reading is named with who says it, and the document that decides.

Until it is supplied nothing is paid by it; a value that no report names is warned of; a file that is not clear about
its readings is refused at its own line. With it the other ways in which a year follows another: an indicator that is
renumbered within it, an item that takes the place of several.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from remit.core.problems import Refused
from remit.scheme import Scheme, load_scheme
from remit.scheme.comparison import compare
from remit.scheme.lint import lint
from remit.scheme.loader import frozen_text, plain_tree, thaw
from remit.scheme.source import Source
from remit.scheme.supply import open_inputs, supply

READINGS = "readings: [{value: 40%, by: one report}, {value: 35%, by: another}]"
WHOLE = f"lower: {{value: required, {READINGS}, look_up: guide}}"
SCHEME = """
scheme: disputed
version: "1"
title: Disputed
commissioner: An ICB
year: 2026-27
achievement_date: 2027-03-31
sources:
  guide: {{title: The guidance, address: "https://example.org/guide", standing: verified}}
source: guide
point: {{value: £100}}
terms:
  balance: {{due: 2027-06-30}}
  changes: {{joiner: full year, leaver: nothing, merger: successor}}
items:
  - item: AF006
    {more}
    indicator: {indicator}
    measure: achievement
    pays: {{linear: {{points: 12, {lower}, upper: 90%}}}}
"""


def file(tmp_path: Path, lower: str = WHOLE, indicator: str = "AF006", more: str = "words: As it stands.") -> Path:
    path = tmp_path / "disputed.yaml"
    path.write_text(SCHEME.format(lower=lower, indicator=indicator, more=more), encoding="utf-8")
    return path


def loaded(tmp_path: Path, **parts: str) -> Scheme:
    return load_scheme(file(tmp_path, **parts))


@pytest.mark.parametrize(
    ("lower", "says"),
    [
        (f"lower: {{value: required, {READINGS}}}", "'readings' need 'look_up'"),
        ("lower: {value: required, readings: {value: 40%}, look_up: guide}", "'readings' are a list"),
        ("lower: {value: required, readings: [{value: 40%}, {value: 35%}], look_up: guide}", "by: who says so"),
        (
            "lower: {value: required, readings: [{value: 40%, by: one}, {value: 40%, by: two}], look_up: guide}",
            "these all say the same",
        ),
        (
            "lower: {value: required, readings: [{value: forty, by: one}, {value: 35%, by: two}], look_up: guide}",
            "forty",
        ),
        (f"lower: {{value: required, {READINGS}, look_up: giude}}", "the source 'giude' is not among"),
    ],
)
def test_readings_that_are_not_clear_are_refused_at_their_line(tmp_path: Path, lower: str, says: str) -> None:
    with pytest.raises(Refused) as refused:
        loaded(tmp_path, lower=lower)
    (problem, *_) = refused.value.problems
    assert says in f"{problem.message} {problem.hint}"
    assert problem.place is not None
    assert problem.place.line == 20


def test_a_supplied_value_keeps_the_readings_and_says_whether_it_is_one(tmp_path: Path) -> None:
    scheme = loaded(tmp_path)
    (one,) = [one for one in open_inputs(scheme) if one.name == "AF006.lower"]
    assert one.example == "AF006.lower=40%"
    assert one.in_words.endswith("40% (one report) or 35% (another)")
    taken = supply(scheme, {"AF006.lower": "35%"})
    assert thaw(frozen_text(taken), "taken").items == taken.items
    for value, warned in (("35%", False), ("40%", False), ("38%", True)):
        made = supply(scheme, {"AF006.lower": value})
        found = lint(made, Source("made.yaml", plain_tree(made)))
        assert ("lint.none-of-readings" in [one.code for one in found]) == warned


@pytest.mark.parametrize(
    ("indicator", "says"),
    [
        ("[{use: AF006, from: 2026-04-01, renumbers: AF008}]", "stands before AF006"),
        ("[{use: AF006, from: 2026-04-01}, {use: AF008, from: 2026-07-01, renumbers: AF007}]", "stands before AF008"),
    ],
)
def test_what_is_renumbered_stands_before(tmp_path: Path, indicator: str, says: str) -> None:
    with pytest.raises(Refused, match=says):
        loaded(tmp_path, indicator=indicator)


def test_a_renumbered_indicator_is_one(tmp_path: Path) -> None:
    chain = (
        "[{use: AST007, from: 2026-04-01}, {use: AST012, from: 2026-07-01, renumbers: AST007},"
        " {use: AF006, from: 2026-09-01, renumbers: AST012}]"
    )
    (item,) = loaded(tmp_path, indicator=chain).items
    assert item.indicators == ("AF006",)
    assert item.renumbered == {"AST007": "AF006", "AST012": "AF006"}


def test_an_item_may_take_the_place_of_several(tmp_path: Path) -> None:
    after = loaded(tmp_path, more="replaces: [A1, A2]")
    before_items = [{**item, "item": code} for item in _plain(after) for code in ("A1", "A2", "A3")]
    before = _with(after, before_items)
    found = compare(before, after)
    (change,) = found.changed
    assert [item.item for item in change.befores] == ["A1", "A2"]
    assert change.gain == -12
    assert [item.item for item in found.retired] == ["A3"]
    backwards = compare(after, before)
    assert [item.item for item in backwards.new] == ["A2", "A3"]
    with pytest.raises(Refused, match="replaces 'A1', which is an item here too"):
        _with(after, [*_plain(after), {**_plain(before)[0], "item": "A1"}])


def _plain(scheme: Scheme) -> list[dict[str, object]]:
    items = yaml.safe_load(frozen_text(scheme))["items"]
    return [dict(item) for item in items]


def _with(scheme: Scheme, items: list[dict[str, object]]) -> Scheme:
    tree = yaml.safe_load(frozen_text(scheme))
    if len(items) > 1 and items[0].get("item") != "AF006":
        items = [{key: value for key, value in item.items() if key != "replaces"} for item in items]
    return thaw(json.dumps({**tree, "items": items}), "made")
