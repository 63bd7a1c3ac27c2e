"""Figures of many practices at once: a column of whole numbers, with a mask where one was not supplied.

A column is as long as there are practices, or has a row of them for each draw: (practices,) or (draws, practices).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from remit.core.figures import FigureKey
from remit.pricing.scenario import Standing

Whole = NDArray[np.int64]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
Cell = tuple[str, FigureKey]
"""A figure: whom it is about, and its key."""

MOST = 1 << 50
"""Whole numbers up to here, and products with them, are compared exactly by their float64 quotients."""


@dataclass(frozen=True, slots=True)
class Column:
    """One figure of all practices: `values` over `under`. `known` is False where it was not supplied (None: nowhere),
    `unfit` True where the number does not fit into 64 bits (None: nowhere)."""

    values: Whole
    known: Mask | None = None
    unfit: Mask | None = None
    under: int = 1

    def rows(self, part: slice) -> Column:
        """Some of the draws; a column without draws as it is."""
        return self._cut(lambda array: array[part] if array.ndim == 2 else array)

    def of(self, practices: slice) -> Column:
        """Some of the practices."""
        return self._cut(lambda array: array[..., practices])

    def _cut(self, cut: Callable[[NDArray[Any]], NDArray[Any]]) -> Column:
        known, unfit = (None if mask is None else cut(mask) for mask in (self.known, self.unfit))
        return Column(cut(self.values), known, unfit, self.under)


Figures = Mapping[Cell, "Column | Whole"]
"""Figures in place of the practices' own, by subject and key; a bare array is known throughout."""


def both(one: Mask | None, other: Mask | None) -> Mask | None:
    """Where both hold; None is everywhere."""
    if one is None or other is None:
        return other if one is None else one
    return one & other


def either(one: Mask | None, other: Mask | None) -> Mask | None:
    """Where one of them holds; None is nowhere."""
    if one is None or other is None:
        return other if one is None else one
    return one | other


def both_or(known: Mask | None, empty: Mask | None) -> Mask | None:
    """Where a rate is known, or known not to exist."""
    return None if known is None else known if empty is None else known | empty


def column_of(figures: Sequence[int | Fraction | None]) -> Column | None:
    """A column of figures as they stand, None for each that was not supplied; None where nobody has one."""
    if all(figure is None for figure in figures):
        return None
    known = np.array([figure is not None for figure in figures])
    try:
        values = np.array([0 if figure is None else figure for figure in figures], dtype=np.int64)
        if all(figure is None or isinstance(figure, int) for figure in figures):
            return Column(values, None if known.all() else known)
    except (OverflowError, TypeError):
        pass
    under = lcm(*{figure.denominator for figure in figures if figure is not None})
    if under >= MOST:
        under = 1
    whole = [Fraction(0) if figure is None else Fraction(figure) * under for figure in figures]
    fits = np.array([one.denominator == 1 and abs(int(one)) < MOST for one in whole])
    values = np.array([int(one) if fit else 0 for one, fit in zip(whole, fits, strict=True)], dtype=np.int64)
    return Column(values, None if known.all() else known, None if fits.all() else ~fits, under)


class Counts:
    """The figures of practices, those as they stand and those put in their place, looked up once each."""

    def __init__(self, standings: Sequence[Standing], changed: Mapping[Cell, Column] | None = None) -> None:
        self.standings, self.changed = standings, dict(changed or {})
        self._columns: dict[Cell, Column | None] = {}
        self._has: dict[str, Mask] = {}

    def with_(self, changed: Mapping[Cell, Column]) -> Counts:
        """These practices with figures in place of their own."""
        other = Counts(self.standings, changed)
        other._columns, other._has = self._columns, self._has
        return other

    def get(self, subject: str, key: FigureKey) -> Column | None:
        """A figure of every practice; None where nobody has it."""
        cell = subject, key
        column = self.changed.get(cell)
        if column is not None:
            return column
        if cell not in self._columns:
            nothing: dict[FigureKey, int | Fraction] = {}
            self._columns[cell] = column_of([one.figures.get(subject, nothing).get(key) for one in self.standings])
        return self._columns[cell]

    def own_or_group(self, subject: str, group: str, key: FigureKey) -> Column | None:
        """An item's own figure, else its group's."""
        own, other = self.get(subject, key), self.get(group, key) if group != subject else None
        if own is None or other is None:
            return other if own is None else own
        if own.known is None:
            return own
        assert own.under == other.under == 1, "counts are whole"
        values = np.where(own.known, own.values, other.values)
        known = None if other.known is None else own.known | other.known
        unfit = either(
            None if own.unfit is None else own.unfit & own.known,
            None if other.unfit is None else other.unfit & ~own.known,
        )
        return Column(values, known, unfit)

    def has(self, subject: str) -> Mask:
        """Which practices have any figure of a subject, as they stand or in their place."""
        if subject not in self._has:
            self._has[subject] = np.array([subject in one.figures for one in self.standings], dtype=bool)
        there = self._has[subject]
        for (whose, _), column in self.changed.items():
            if whose == subject:
                there = there | (True if column.known is None else column.known)
        return there
