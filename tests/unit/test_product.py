"""The exact product behind an award, and what a point comes to: hand arithmetic."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import remit
from remit.pricing.award import Base
from remit.pricing.product import is_half_penny, label_points, point_worth, sum_of, unrounded
from remit.pricing.weights import Factor

EXAMPLE = Path(__file__).parents[2] / "examples" / "qif-2024-25"


def test_a_point_is_weighed_by_the_list_then_by_each_prevalence() -> None:
    # £200 x 1.25 = £250; with APDFs of 0.8 and 1.6: £200 and £400, and with their average, 1.2, £300.
    base = Base(None, Fraction(200), Factor("list", Fraction(5, 4), Fraction(5, 4)), Fraction(1))
    worth = point_worth(base, [Fraction(4, 5), Fraction(8, 5)])
    assert worth is not None
    assert (worth.at_list, worth.mean_factor, worth.mean, worth.by_factor) == (250, Fraction(6, 5), 300, (200, 400))


def test_a_point_has_no_worth_while_the_list_is_not_known() -> None:
    assert point_worth(Base(None, Fraction(200), Factor("list", None, None), Fraction(1)), [Fraction(1)]) is None


def test_the_product_of_a_stepped_item_is_pence_a_head_by_the_list() -> None:
    run = remit.run("qif-2024-25", EXAMPLE / "practices.csv", EXAMPLE / "counts.csv")
    result = run.practice("A1")
    # 1a: 84 of 10,500 is above 0.75%, which pays 15p for each of 10,000 weighted patients.
    award = next(award for award in result.awards if award.item.item == "1a")
    assert unrounded(award, result.base, result.scheme.rounding) == 1500
    assert sum_of(result.awards).value == 1_610_000
    # 64 label points; 210p a head for 10,000 is £21,000, which is £328.125 a point.
    found = label_points(result.scheme, result.base)
    assert found is not None
    assert (found.points, found.full, found.each) == (64, 21000, Fraction("328.125"))


def test_half_a_penny_is_seen() -> None:
    assert is_half_penny(Fraction("0.125"))
    assert not is_half_penny(Fraction("0.12"))
    assert not is_half_penny(Fraction("0.1250001"))
