"""Pence per weighted head for each step, so that a budget is met: whole pence and whole counts throughout.

Each practice is paid its rate times its weighted list, rounded half up to the penny, as a scheme by steps pays. The
steps of an item pay in equal parts: of three, the first a third of the most and the second two thirds. Items have
shares of the budget; the same rate fits all of them where the shares are equal. A rate has at most four decimals of a
penny, as in a scheme file; `Tariff` says what is then left of the budget.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

MOST_DECIMALS = 4
"""Of a penny, in a scheme file."""

Rates = dict[str, tuple[int, ...]]
"""By item what each step pays, lowest first, in the smallest part of a penny that is allowed."""


@dataclass(frozen=True)
class BudgetItem:
    """An item's steps, its share of the money beside the other items, and the weighted lists of the practices that the
    budget is to pay, each with the step that it is paid for (1 is the lowest, 0 none)."""

    steps: int
    share: Fraction
    paid: tuple[tuple[Fraction, int], ...]


@dataclass(frozen=True)
class Tariff:
    """What each step pays, in pounds per weighted head, and what that comes to of the budget, in pence."""

    pays: Mapping[str, tuple[Fraction, ...]]
    decimals: int
    paid: int
    left: int


@dataclass(frozen=True)
class BudgetTooSmall:
    """The least budget, in pence, by which every step would pay more than the one below it; None where no practice
    would be paid at all, so no rate meets any budget."""

    least: int | None


def tariff(items: Mapping[str, BudgetItem], budget: int, decimals: int = MOST_DECIMALS) -> Tariff | BudgetTooSmall:
    """The rates that come nearest to a budget, in pence, and never above it, with the fewest decimals of a penny."""
    best: Tariff | None = None
    grouped = {code: _grouped(item) for code, item in items.items()}
    for places in range(decimals + 1):
        found = _with_places(items, grouped, budget, places)
        if found and (best is None or found.left < best.left):
            best = found
        if best and not best.left:
            break
    return best or BudgetTooSmall(_least(items, grouped, decimals))


_Groups = tuple[tuple[Fraction, int, int], ...]
"""(weighted list, step, how many practices have both)."""


def _grouped(item: BudgetItem) -> _Groups:
    counted = Counter(item.paid)
    return tuple((heads, step, many) for (heads, step), many in sorted(counted.items()) if step)


def _least(items: Mapping[str, BudgetItem], grouped: Mapping[str, _Groups], decimals: int) -> int | None:
    if not any(grouped.values()):
        return None
    lowest = next(rates for top in _up() if _ascend(rates := _rates(items, top)))
    return _cost(lowest, grouped, 10**decimals)


def _up() -> Iterator[int]:
    top = 0
    while True:
        top += 1
        yield top


def cost_of_tariff(items: Mapping[str, BudgetItem], pays: Mapping[str, Sequence[Fraction]]) -> int:
    """What rates in pounds per weighted head come to for whom the items pay, in pence."""
    total = 0
    for code, item in items.items():
        parts = [100 * rate for rate in pays[code]]
        total += sum(_rounded(parts[step - 1] * heads) for heads, step in item.paid if step)
    return total


def _with_places(
    items: Mapping[str, BudgetItem], grouped: Mapping[str, _Groups], budget: int, places: int
) -> Tariff | None:
    parts, high = 10**places, 1
    if not any(grouped.values()):
        return None
    while _cost(_rates(items, high), grouped, parts) <= budget:
        high *= 2
    low = high // 2  # a common top of so many parts fits, one of `high` does not
    while high - low > 1:
        middle = (low + high) // 2
        if _cost(_rates(items, middle), grouped, parts) <= budget:
            low = middle
        else:
            high = middle
    rates = _rates(items, low)
    if not _ascend(rates):
        return None
    rates = _raised(rates, grouped, budget, parts)
    paid = _cost(rates, grouped, parts)
    pays = {code: tuple(Fraction(rate, parts * 100) for rate in rows) for code, rows in rates.items()}
    return Tariff(pays, places, paid, budget - paid)


def _rates(items: Mapping[str, BudgetItem], top: int) -> Rates:
    """The rates where the item of the largest share pays `top` for its highest step: equal parts, rounded half up."""
    largest = max(item.share for item in items.values())
    return {
        code: tuple(_rounded(top * item.share / largest * Fraction(n, item.steps)) for n in range(1, item.steps + 1))
        for code, item in items.items()
    }


def _ascend(rates: Rates) -> bool:
    return all(low < high for row in rates.values() for low, high in zip((0, *row), row, strict=False))


def _raised(rates: Rates, grouped: Mapping[str, _Groups], budget: int, parts: int) -> Rates:
    """The rates, each raised by the smallest part of a penny if the budget still covers it."""
    now = dict(rates)
    for code, row in rates.items():
        for n in reversed(range(len(row))):
            more = (*now[code][:n], now[code][n] + 1, *now[code][n + 1 :])
            raised = {**now, code: more}
            if _ascend(raised) and now != raised and _worth(code, raised, now, grouped, parts):
                now = raised if _cost(raised, grouped, parts) <= budget else now
    return now


def _worth(code: str, raised: Rates, now: Rates, grouped: Mapping[str, _Groups], parts: int) -> bool:
    """Whether a rate that is raised pays anybody more."""
    return _cost_of(raised[code], grouped[code], parts) > _cost_of(now[code], grouped[code], parts)


def _cost(rates: Rates, grouped: Mapping[str, _Groups], parts: int) -> int:
    return sum(_cost_of(rates[code], groups, parts) for code, groups in grouped.items())


def _cost_of(rates: Sequence[int], groups: _Groups, parts: int) -> int:
    return sum(many * _rounded_over(rates[step - 1], heads, parts) for heads, step, many in groups)


def _rounded_over(rate: int, heads: Fraction, parts: int) -> int:
    """A rate in parts of a penny times a weighted list, in pence, rounded half up."""
    over, under = rate * heads.numerator, parts * heads.denominator
    return (2 * over + under) // (2 * under)


def _rounded(value: Fraction) -> int:
    return (2 * value.numerator + value.denominator) // (2 * value.denominator)
