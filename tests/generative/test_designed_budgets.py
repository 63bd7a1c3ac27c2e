"""A designed tariff never costs more than its budget, says what is left, and no rate of it could be higher."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from remit.analysis.design.budget import BudgetItem, BudgetTooSmall, Tariff, tariff

_LISTS = st.integers(100, 40_000) | st.integers(10_000, 4_000_000).map(lambda n: Fraction(n, 100))


@st.composite
def _items(draw: st.DrawFn) -> dict[str, BudgetItem]:
    lists = draw(st.lists(_LISTS, min_size=1, max_size=8))
    items = {}
    for code in draw(st.lists(st.sampled_from("abc"), min_size=1, max_size=3, unique=True)):
        steps = draw(st.integers(1, 3))
        reached = st.just(steps) if draw(st.booleans()) else st.integers(0, steps)
        share = Fraction(draw(st.integers(1, 4)))
        items[code] = BudgetItem(steps, share, tuple((Fraction(size), draw(reached)) for size in lists))
    return items


def _cost(items: dict[str, BudgetItem], pays: dict[str, tuple[Fraction, ...]]) -> int:
    """In pence, by decimal arithmetic."""
    total = 0
    for code, item in items.items():
        for heads, step in item.paid:
            rate = pays[code][step - 1] if step else Fraction(0)
            exact = Decimal(rate.numerator) / rate.denominator * (Decimal(heads.numerator) / heads.denominator) * 100
            total += int(exact.quantize(Decimal(1), ROUND_HALF_UP))
    return total


@given(_items(), st.integers(1, 40_000_000), st.integers(0, 4))
def test_a_budget_is_met_or_what_is_left_of_it_is_said(
    items: dict[str, BudgetItem], budget: int, decimals: int
) -> None:
    found = tariff(items, budget, decimals)
    if isinstance(found, BudgetTooSmall):
        assert found.least is None or found.least > budget
        return
    assert isinstance(found, Tariff)
    pays = dict(found.pays)
    assert _cost(items, pays) == found.paid <= budget == found.paid + found.left
    part = Fraction(1, 100 * 10**found.decimals)
    for row in pays.values():
        assert all((rate / part).denominator == 1 for rate in row)
        assert all(low < high for low, high in zip((Fraction(0), *row), row, strict=False))


@given(st.lists(st.integers(100, 9_000), min_size=1, max_size=1), st.integers(1_000, 10_000_000))
def test_the_budget_of_one_practice_is_met_to_the_penny(lists: list[int], budget: int) -> None:
    """Below 10,000 heads a ten-thousandth of a penny a head is less than a penny, so that every budget can be met."""
    found = tariff({"a": BudgetItem(3, Fraction(1), ((Fraction(lists[0]), 3),))}, budget)
    assert isinstance(found, Tariff)
    assert (found.paid, found.left) == (budget, 0)
