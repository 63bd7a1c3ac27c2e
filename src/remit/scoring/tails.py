"""How likely so many hits would be, and exact decisions on it that do not take the exact chance.

The exact chance of a tail has as many digits as there are people, so adding it up takes time that grows with the square
of them. What is asked is only how often a level goes into it. So the terms are added up as whole numbers of a fixed
number of bits, once rounded down and once rounded up, from the likeliest outwards until what is left is too small to
count: the chance lies between the two. Where both give the same answer it is the exact one; else more bits are taken,
and at last the chance itself.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache

_BITS = (64, 256, 1024)

Ratio = Callable[[int], tuple[int, int]]
"""The term of one hit more over the term of so many: the two sides of the fraction. It falls with the hits."""


@dataclass(frozen=True)
class Tail:
    """The chance of `hits` or more, where `first` to `last` hits are possible and `likeliest` of them the likeliest."""

    hits: int
    first: int
    last: int
    likeliest: int
    ratio: Ratio

    def holds(self, level: Fraction, most: int = 1) -> int:
        """How many whole times a level above zero goes into the chance, exactly; `most` for as many or more."""
        for bits in _BITS:
            ends = self.roughly if bits == _BITS[0] else self.between(bits)
            low, high = (chance // level for chance in ends)
            if low == high or low >= most:
                return min(low, most)
        return min(self.exact() // level, most)

    def is_below(self, level: Fraction) -> bool:
        """Whether the chance is below a level, and not at it."""
        return level > 0 and not self.holds(level)

    @cached_property
    def roughly(self) -> tuple[Fraction, Fraction]:
        """Two numbers between which the chance lies, by the fewest bits."""
        return self.between(_BITS[0])

    def between(self, bits: int) -> tuple[Fraction, Fraction]:
        """Two numbers between which the chance lies, the closer the more bits."""
        one = 1 << bits
        within = one if self.likeliest >= self.hits else 0
        sums = [[within, within], [one - within, one - within]]
        """Of the hits that count and of the others: the sum rounded down, and rounded up."""
        for step in (1, -1):
            self._add(sums, one, step)
        (low, high), (others_low, others_high) = sums
        return Fraction(low, low + others_high), Fraction(high, high + others_low)

    def _add(self, sums: list[list[int]], one: int, step: int) -> None:
        """Add the terms on one side of the likeliest, one after the other, and a limit of those that are left out."""
        k, end = self.likeliest, self.last if step > 0 else self.first
        low = high = one
        while k != end:
            if step > 0:
                over, under = self.ratio(k)
            else:
                under, over = self.ratio(k - 1)
            k += step
            low, high = low * over // under, -(-high * over // under)
            counts = sums[0 if k >= self.hits else 1]
            counts[0] += low
            counts[1] += high
            if not low and over < under:  # the rest is less than a geometric series
                rest = -(-high * over // (under - over))
                for counts in sums:
                    counts[1] += rest
                return

    def exact(self) -> Fraction:
        """The chance itself."""
        if self.hits <= self.first:
            return Fraction(1)
        if self.hits > self.last:
            return Fraction(0)
        over, under, below = _product(self.ratio, self.first, self.hits - 1)
        _, beyond, above = _product(self.ratio, self.hits - 1, self.last)
        # In units of the first term: 1 + below / under before the hits, then over / under of what follows them.
        before, rest = (under + below) * beyond, over * above
        return Fraction(rest, before + rest)


def _product(ratio: Ratio, start: int, end: int) -> tuple[int, int, int]:
    """Of the ratios from `start` up to `end`: the two sides of their product, and the sum of their products so far.

    The sum is over the same lower side. Both halves are worked out first, so that long numbers meet long numbers.
    """
    if end - start <= 0:
        return 1, 1, 0
    if end - start == 1:
        over, under = ratio(start)
        return over, under, over
    middle = (start + end) // 2
    over, under, so_far = _product(ratio, start, middle)
    over_2, under_2, so_far_2 = _product(ratio, middle, end)
    return over * over_2, under * under_2, so_far * under_2 + over * so_far_2


@lru_cache(16_384)  # more than the practices of England: a test of all of them and what is shown of each ask the same
def as_many(hits: int, people: int, rate: Fraction) -> Tail:
    """As many hits or more among `of` at a true rate: the binomial tail."""
    hit, below = rate.as_integer_ratio()
    miss = below - hit
    if not hit or not miss:  # nobody, or everybody
        sure = people if hit else 0
        return Tail(hits, sure, sure, sure, lambda _: (0, 1))
    return Tail(
        hits, 0, people, min((people + 1) * hit // below, people), lambda k: ((people - k) * hit, (k + 1) * miss)
    )


def as_few(hits: int, people: int, rate: Fraction) -> Tail:
    """As few hits or fewer: as many misses or more."""
    return as_many(people - hits, people, 1 - rate)


def as_many_of_both(hits: int, people: int, hits_before: int, people_before: int) -> Tail:
    """As many hits or more, of all that there were twice, between two equal rates: the hypergeometric tail (Fisher)."""
    every, both = hits + hits_before, people + people_before
    spare = both - every - people
    likeliest = (every + 1) * (people + 1) // (both + 2)
    first, last = max(0, -spare), min(people, every)
    return Tail(
        hits,
        first,
        last,
        min(max(likeliest, first), last),
        lambda k: ((every - k) * (people - k), (k + 1) * (spare + k + 1)),
    )


def surely(tails: Mapping[str, Tail], level: Fraction) -> Collection[str]:
    """Whose chance is below the level after Benjamini and Hochberg's correction.

    The n-th smallest of m chances is compared with n/m of the level: all are sure up to the last that is below its own.
    """
    if not level:
        return ()
    every = len(tails)
    levels = {practice: tail.holds(level / every, every) for practice, tail in tails.items()}
    below = [0] * (every + 1)
    for parts in levels.values():
        below[parts] += 1
    sure = total = 0
    for n in range(1, every + 1):
        total += below[n - 1]  # so many chances are below n/m of the level
        if total >= n:
            sure = n
    return {practice for practice, parts in levels.items() if parts < sure}
