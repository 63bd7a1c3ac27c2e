"""Tails of chances: each beside the slow sum over every outcome, and more people than a sum could be made for."""

from __future__ import annotations

import random
from fractions import Fraction
from math import comb

import pytest

from remit.scheme.model import PcaGuard
from remit.scoring.guard import PcaCount, bands
from remit.scoring.tails import Tail, as_few, as_many, as_many_of_both

LEVELS = [Fraction(1, 1000), Fraction(1, 20), Fraction(1, 2), Fraction(3, 7), Fraction(1)]


def slow_binomial(hits: int, of: int, rate: Fraction) -> Fraction:
    """Each number of hits, added up."""
    return sum((comb(of, k) * rate**k * (1 - rate) ** (of - k) for k in range(hits, of + 1)), Fraction(0))


def slow_fisher(hits: int, of: int, hits_before: int, of_before: int) -> Fraction:
    """The share of all ways to draw the later people in which as many hits or more are theirs."""
    every, people = hits + hits_before, of + of_before
    ways = sum(comb(every, k) * comb(people - every, of - k) for k in range(hits, min(of, every) + 1))
    return Fraction(ways, comb(people, of))


def held_against(tail: Tail, slow: Fraction) -> None:
    """The chance, its limits and every decision are those of the slow sum, at the chance itself too."""
    assert tail.exact() == slow
    for bits in (4, 16, 64):
        low, high = tail.between(bits)
        assert low <= slow <= high
    for level in [*LEVELS, *([slow, slow * Fraction(999, 1000), slow * Fraction(1001, 1000)] if slow else [])]:
        assert tail.is_below(level) == (slow < level)
        assert tail.holds(level, 50) == min(slow // level, 50)


@pytest.mark.parametrize("rate", [Fraction(n, 20) for n in range(21)] + [Fraction(109, 1000), Fraction(1061, 10000)])
def test_every_decision_is_that_of_the_slow_sum(rate: Fraction) -> None:
    for of in (0, 1, 2, 3, 7, 12):
        for hits in range(of + 1):
            held_against(as_many(hits, of, rate), slow_binomial(hits, of, rate))
            held_against(as_few(hits, of, rate), slow_binomial(of - hits, of, 1 - rate))


def test_every_decision_on_larger_numbers_is_that_of_the_slow_sum() -> None:
    draw = random.Random(12)
    for _ in range(60):
        of = draw.randint(20, 300)
        hits, rate = draw.randint(0, of), Fraction(draw.randint(1, 99), 100)
        held_against(as_many(hits, of, rate), slow_binomial(hits, of, rate))


def test_every_decision_between_two_years_is_that_of_the_slow_sum() -> None:
    for of in range(7):
        for of_before in range(7):
            for hits in range(of + 1):
                for before in range(of_before + 1):
                    tail = as_many_of_both(hits, of, before, of_before)
                    held_against(tail, slow_fisher(hits, of, before, of_before))


def test_a_chance_at_the_level_itself_is_not_below_it_however_many_people() -> None:
    """More than half of an odd number of heads is exactly 1/2; 10,001 heads need ten thousand bits to say so."""
    tail = as_many(5_001, 10_001, Fraction(1, 2))
    assert not tail.is_below(Fraction(1, 2))
    assert tail.is_below(Fraction(1, 2) + Fraction(1, 10**1000))


def test_a_hundred_million_people_are_decided_like_a_hundred() -> None:
    """Hoeffding: the chance of a rate 0.2 points above the true one among n people is at most exp(-2n 0.002^2)."""
    icb = Fraction(109, 1000)
    assert as_many(12_500_000, 112_500_000, icb).is_below(Fraction(1, 10**15))
    assert not as_many(10_900_000, 100_000_000, icb).is_below(Fraction(49, 100))
    assert as_few(10_700_000, 100_000_000, icb).is_below(Fraction(1, 10**15))
    assert as_many_of_both(11_100_000, 100_000_000, 10_900_000, 100_000_000).is_below(Fraction(1, 10**15))


def slow_bands(guard: PcaGuard, counts: dict[str, PcaCount]) -> set[str]:
    """Who is significantly above: Benjamini and Hochberg's adjusted values, by the slow sums."""
    level, sure = guard.significance.known(), set(counts)
    for reference in guard.references.values():
        chances = {p: slow_binomial(c.pcas, c.people, reference.known()) for p, c in counts.items()}
        least, adjusted = Fraction(1), {}
        for rank, (practice, chance) in reversed(list(enumerate(sorted(chances.items(), key=lambda p: p[1]), 1))):
            least = min(least, chance * len(counts) / rank)
            adjusted[practice] = least
        sure &= {practice for practice, value in adjusted.items() if value < level}
    return sure


def test_bands_of_many_practices_are_those_of_the_slow_adjusted_values() -> None:
    guard = PcaGuard.model_validate({"references": {"ICB": "50%", "England": "45%"}, "significance": "5%"})
    draw = random.Random(4)
    found_any = 0
    for _ in range(200):
        counts = {f"P{n}": PcaCount(draw.randint(0, 14), draw.randint(1, 8)) for n in range(draw.randint(1, 9))}
        sure = slow_bands(guard, counts)
        found_any += bool(sure)
        assert {p for p, band in bands(guard, counts).items() if band.band == "review"} == sure
    assert found_any > 20
