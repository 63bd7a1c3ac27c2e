"""The kind: an amount that is written otherwise is no change, wherever two schemes or two runs are compared.

Each line replaces one amount of a small scheme by the same amount in another form, then by another amount.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.bad_files.command import remit
from tests.spec.language import HEAD, SOURCE

from remit.comparison.differences import item_differences, scheme_differences, setting_differences
from remit.core.alike import alike
from remit.scheme import Scheme
from remit.scheme.comparison import compare
from remit.scheme.loader import build
from remit.scheme.source import parse_source

SCHEME = f"""
{HEAD}
{SOURCE}
heads: {{column: list_size, called: list, at: 2024-04-01}}
point: {{value: £200}}
weights: {{list: {{list: {{column: list_size, called: list, at: 2024-04-01}}, over: 8096, over_at: 2024-04-01}}}}
terms:
  paid_in_advance: {{share: 80%, of: blocks, instalments: 12, due: last day of each month}}
  paid_on_activity: {{days: 30}}
  balance: {{due: 2025-06-30}}
  recovery: {{months: 6, notified: 2025-06-30}}
  changes: {{joiner: days, leaver: days, merger: successor}}
budgets: [{{place: here, list: 100000, rate: £2.10, budget: "£210,000"}}]
places: {{here: Here}}
items:
  - {{item: S, indicator: AF007, measure: achievement, pays: {{steps: {{most: £0.30, steps: [above 50% pays 30p]}}}}}}
  - {{item: L, indicator: AF006, measure: achievement, pays: {{linear: {{points: 5, lower: 40%, upper: 90%}}}}}}
  - {{item: F, title: F, pays: {{fixed: {{pays: "£1,000", for: it}}}}}}
  - {{item: A, title: A, pays: {{activity: {{tariff: £45.00, most_per_quarter: 100}}}}}}
  - {{item: R, title: R, pays: {{required: {{most: £0.50, supply: it}}}}}}
"""
SAME = [
    # (as it stands, the same otherwise, another amount)
    ("most: £0.30, steps", "most: 30p, steps", ""),
    ("above 50% pays 30p", "above 50.0% pays £0.30", "above 51% pays 30p"),
    ("lower: 40%", "lower: 40.0%", "lower: 41%"),
    ("points: 5,", "points: 5.0,", "points: 6,"),
    ('pays: "£1,000"', 'pays: "£1000.00"', 'pays: "£1,001"'),
    ("tariff: £45.00", "tariff: £45", "tariff: £45.01"),
    ("most_per_quarter: 100", 'most_per_quarter: "0100"', "most_per_quarter: 101"),
    ("most: £0.50, supply", "most: 50p, supply", "most: 51p, supply"),
    ("value: £200", "value: £200.00", "value: £201"),
    ("over: 8096", "over: 8096.0", "over: 8097"),
    ("share: 80%", "share: 80.00%", "share: 81%"),
    ("instalments: 12", 'instalments: "012"', "instalments: 11"),
    ("days: 30", 'days: "030"', "days: 31"),
    ("months: 6", 'months: "06"', "months: 7"),
    ("rate: £2.10", "rate: 210p", "rate: £2.11"),
    ('budget: "£210,000"', "budget: £210K", 'budget: "£210,001"'),
]


def scheme(text: str) -> Scheme:
    return build(parse_source(text, "a-scheme.yaml"))


def told(one: Scheme, two: Scheme) -> list[str]:
    """What a comparison of two runs says of the schemes."""
    items = [text for a, b in zip(one.items, two.items, strict=True) for text in item_differences(a, b)]
    return [*items, *scheme_differences(one, two)]


@pytest.mark.parametrize(("was", "same", "other"), SAME)
def test_the_same_amount_written_otherwise_is_no_change(was: str, same: str, other: str) -> None:
    assert SCHEME.count(was) == 1
    one, two = scheme(SCHEME), scheme(SCHEME.replace(was, same))
    assert compare(one, two).none
    assert compare(one, two).summary() == "No difference"
    assert told(one, two) == []
    if other:
        assert not compare(one, scheme(SCHEME.replace(was, other))).none


def test_most_30p_is_no_change(tmp_path: Path) -> None:
    """`most £0.30 → 30p`, as `remit diff` printed it."""

    (tmp_path / "one.yaml").write_text(SCHEME, encoding="utf-8")
    (tmp_path / "two.yaml").write_text(SCHEME.replace("most: £0.30", "most: 30p"), encoding="utf-8")
    said = remit("diff", tmp_path / "one.yaml", tmp_path / "two.yaml")
    assert "No difference." in said.out
    assert "→" not in said.out


def test_a_setting_in_another_form_is_no_change() -> None:
    assert setting_differences({"IT.tariff": "£0.30"}, {"IT.tariff": "30p"}) == []
    assert setting_differences({"IT.tariff": "£0.30"}, {"IT.tariff": "31p"}) != []


@pytest.mark.parametrize(
    ("one", "two", "same"),
    [
        ("£0.30", "30p", True),
        ("£204K", "£204,000.00", True),
        ("0.75%", "0.750 %", True),
        ("1,200 patients", "1200 patients", True),
        ("40% to 90%", "40% to 91%", False),
        ("30p", "30%", False),
        ("2025-03-31", "2025-3-31", False),
        ("2025-03-31", "2025-03-30", False),
        ("CHOL002", "CHOL02", False),
        ("£1", "1", False),
        ("above 5%", "from 5%", False),
    ],
)
def test_only_how_an_amount_is_written_is_left_out(one: str, two: str, same: bool) -> None:
    assert alike(one, two) is same
