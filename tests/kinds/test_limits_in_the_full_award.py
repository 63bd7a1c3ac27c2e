"""The kind: an item's own limit that full achievement, and the card, leave out: what has no most of its own has one by
`at_most`, and what has a higher one is cut to it."""

from __future__ import annotations

from fractions import Fraction

import pytest
from tests.spec.run import local

from remit.pricing.full_achievement import full_achievement

VISITS = "activity: {tariff: £10, each: visit}"


@pytest.mark.parametrize(
    ("limit", "pays", "most", "unlimited"),
    [
        ("at_most: £900", VISITS, 900, ()),
        ("at_least: £50", VISITS, None, ("A",)),
        ("at_most: £900", "activity: {tariff: £10, each: visit, most: £1500}", 900, ()),
        ("at_most: £900", "activity: {tariff: £10, each: visit, most: £800}", 800, ()),
        ("at_most: £900", "fixed: {pays: £2000, for: it}", 900, ()),
    ],
)
def test_a_limit_is_in_the_full_award(limit: str, pays: str, most: int | None, unlimited: tuple[str, ...]) -> None:
    scheme = local(f"items:\n  - item: A\n    title: A\n    {limit}\n    pays: {{{pays}}}\n")
    worth = full_achievement(scheme)
    assert worth.pence == (None if most is None else most * 100)
    assert worth.unlimited == unlimited
    assert scheme.most_in_pounds() == Fraction(most or 0)


def test_a_limit_does_not_stand_for_a_tariff_that_nobody_gave() -> None:
    pays = "{activity: {tariff: required, each: visit}}"
    scheme = local(f"items:\n  - {{item: A, title: A, at_most: £900, pays: {pays}}}\n")
    assert full_achievement(scheme).pence is None
    assert full_achievement(scheme).unpriced == ("A",)
