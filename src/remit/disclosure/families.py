"""Indicators of the same people: what one shows tells what another hides, so they are protected together.

Of whoever is in a population, an indicator counts some (its denominator and its PCAs) and excludes the rest. Where it
excludes nobody (AST007), it counts the register: PCAs are the register less the denominator. Where two indicators part
the population between them (DM020 and DM021 by frailty, HYP008 and HYP009 by age), they add up to the register; where
two exclude alike, they add up to each other. Such sums are found in the counts themselves: a sum that follows from the
definitions holds in every cell and every practice. One that holds by chance is treated alike, and costs little.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, combinations

Cells = Mapping[tuple[str, str], int]
"""Patients by dimension and value; practices are a dimension too. A cell of nobody is left out."""

MOST_PARTS = 3
"""How many indicators a sum has at most."""


@dataclass(frozen=True)
class CountedPeople:
    """Whom an indicator counts, and its population: those and whom it excludes."""

    counts: Cells
    population: Cells
    is_register: bool = False


@dataclass(frozen=True)
class Family:
    """Indicators of one population, and how they add up.

    Each of the `ways` is indicators that count everybody between them. `tied` are those of which others tell how many
    they count, so that a denominator tells the PCAs.
    """

    members: tuple[str, ...]
    registers: tuple[str, ...] = ()
    ways: tuple[tuple[str, ...], ...] = ()
    tied: frozenset[str] = frozenset()

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The members that are no register."""
        return tuple(code for code in self.members if code not in self.registers)

    @property
    def adds_up_one_way(self) -> bool:
        """Whether the register adds up in one way only, and nothing else shows its size."""
        return bool(self.registers) and len(self.ways) == 1 and {*self.ways[0]} == {*self.outcomes}


def families(counted: Mapping[str, CountedPeople], populations: Mapping[str, str]) -> list[Family]:
    """The indicators by the population that they start from, with how each family is protected."""
    by_population: dict[str, list[str]] = {}
    for code in sorted(counted):
        by_population.setdefault(populations.get(code) or code, []).append(code)
    return [_family(codes, counted) for codes in by_population.values()]


def _family(codes: Sequence[str], counted: Mapping[str, CountedPeople]) -> Family:
    registers = tuple(code for code in codes if counted[code].is_register)
    outcomes = [code for code in codes if not counted[code].is_register]
    if not outcomes or len(codes) < 2:
        return Family(tuple(codes), registers)
    sums = _sums([code for code in outcomes if counted[code].counts], counted)
    everybody = sums.get(_cells(counted[codes[0]].population), [])
    tied = {code for ways in sums.values() for code in {*chain(*ways)}.difference(_in_all(ways))}
    if registers or {*chain(*everybody)} < {*outcomes}:
        tied |= {*chain(*everybody)}
    return Family(tuple(codes), registers, tuple(everybody), frozenset(tied))


def _in_all(ways: Sequence[tuple[str, ...]]) -> set[str]:
    """Who is in every way to add up the same: the ways tell nothing of them."""
    return set.intersection(*({*one} for one in ways))


def _cells(cells: Cells) -> frozenset[tuple[tuple[str, str], int]]:
    return frozenset(cells.items())


def _sums(
    codes: Sequence[str], counted: Mapping[str, CountedPeople]
) -> dict[frozenset[tuple[tuple[str, str], int]], list[tuple[str, ...]]]:
    """What few indicators count together, cell by cell, with each way to add it up.

    Only what has the total of a population or of another sum is added up cell by cell.
    """
    totals = {code: sum(counted[code].counts.values()) for code in codes}
    whole = sum(counted[codes[0]].population.values()) if codes else 0
    by_total: dict[int, list[tuple[str, ...]]] = {}
    for many in range(1, min(MOST_PARTS, len(codes)) + 1):
        for one in combinations(codes, many):
            by_total.setdefault(sum(totals[code] for code in one), []).append(one)
    sums: dict[frozenset[tuple[tuple[str, str], int]], list[tuple[str, ...]]] = {}
    for total, ways in by_total.items():
        if total == whole or len(ways) > 1:
            for one in ways:
                cells: dict[tuple[str, str], int] = {}
                for code in one:
                    for cell, patients in counted[code].counts.items():
                        cells[cell] = cells.get(cell, 0) + patients
                sums.setdefault(_cells(cells), []).append(one)
    return sums
