"""Where thresholds could stand, from the practices of a base year: the quartiles of their rates, and what the best
have achieved.

The achievable benchmark of care is a pared mean: the practices are ranked by their adjusted performance, the best are
taken until they hold at least a tenth of the patients, and the benchmark is the rate of those taken together. The
adjustment, (x + 1) / (n + 2), keeps practices of very few patients from leading the ranking. Sources: Kiefe and others,
Int J Qual Health Care 1998;10:443-447; Weissman and others, J Eval Clin Pract 1999;5:269-281.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

TENTH = Fraction(1, 10)


@dataclass(frozen=True)
class Benchmark:
    """What the best have achieved: their rate together, how many practices they are, and their patients."""

    rate: Fraction
    practices: int
    patients: int


@dataclass(frozen=True)
class Marks:
    """Where the practices of a base year stand: the quartiles of their rates, and the achievable benchmark."""

    lower: Fraction
    median: Fraction
    upper: Fraction
    benchmark: Benchmark

    @property
    def alike(self) -> bool:
        """Whether no practice stands above another, so that none shows what can be achieved."""
        return self.lower == self.median == self.upper == self.benchmark.rate


def marks(numerators: Sequence[int], denominators: Sequence[int]) -> Marks:
    """Of practices with at least one patient each. Raises ValueError where there is none."""
    rates = sorted(Fraction(over, under) for over, under in zip(numerators, denominators, strict=True) if under)
    lower, median, upper = (quantile(rates, Fraction(n, 4)) for n in (1, 2, 3))
    return Marks(lower, median, upper, achievable_benchmark(numerators, denominators))


def quantile(ordered: Sequence[Fraction], share: Fraction) -> Fraction:
    """The value below which a share of the ordered values lies, on the line between two of them where it is between
    them (as a spreadsheet's QUARTILE.INC). Raises ValueError for no values."""
    if not ordered:
        raise ValueError("no values")
    at = share * (len(ordered) - 1)
    below = at.numerator // at.denominator
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (at - below) * (ordered[above] - ordered[below])


def achievable_benchmark(numerators: Sequence[int], denominators: Sequence[int], share: Fraction = TENTH) -> Benchmark:
    """The rate of the best practices that hold at least a `share` of all patients. Those of equal adjusted performance
    as the last one taken are taken too. Raises ValueError where nobody was counted."""
    counted = [(over, under) for over, under in zip(numerators, denominators, strict=True) if under]
    if not counted:
        raise ValueError("no values")
    ranked = sorted(counted, key=_adjusted, reverse=True)
    enough = share * sum(under for _, under in ranked)
    over = under = taken = 0
    last = Fraction(0)
    for one in ranked:
        if under >= enough and _adjusted(one) != last:
            break
        over, under, taken, last = over + one[0], under + one[1], taken + 1, _adjusted(one)
    return Benchmark(Fraction(over, under), taken, under)


def _adjusted(counts: tuple[int, int]) -> Fraction:
    """The adjusted performance fraction: (x + 1) / (n + 2)."""
    return Fraction(counts[0] + 1, counts[1] + 2)
