"""Figures as cells: what they are written like, their id and their exact value. Unknown has no value, and says so."""

from __future__ import annotations

from fractions import Fraction

from remit.core import say
from remit.core.sums import Sum
from remit.documents.blocks import Cell

NOT_KNOWN = "not known"


def pounds(pence: int | None, figure: str, unknown: str = NOT_KNOWN) -> Cell:
    """Whole pence as `£1,234.50`."""
    return Cell(unknown, figure) if pence is None else Cell(say.money(pence), figure, pence, "pence")


def change(pence: int | None, figure: str, unknown: str = NOT_KNOWN) -> Cell:
    """A difference in whole pence with its sign: `+£300.00`, `−£300.00`, `£0.00`."""
    return Cell(unknown, figure) if pence is None else Cell(say.gain(pence), figure, pence, "pence")


def so_far(total: Sum, figure: str, signed: bool = False) -> Cell:
    """A sum in pence of which parts may not be known: `£1,200.00 so far`; the value is the part that is known."""
    if total.value is None:
        return Cell(NOT_KNOWN, figure)
    text = say.gain(total.pence) if signed else say.money(total.pence)
    return Cell(f"{text} so far" if total.unknown else text, figure, total.pence, "pence")


def count(number: int | None, figure: str, unknown: str = NOT_KNOWN) -> Cell:
    """A whole number of people, practices or figures: `1,234`."""
    return Cell(unknown, figure) if number is None else Cell(f"{number:,}", figure, number, "count")


def rate(value: Fraction | None, figure: str, most: int = 1, unknown: str = NOT_KNOWN) -> Cell:
    """A rate of 0 to 1 in per cent, with at most so many decimals: `66.7%`."""
    return Cell(unknown, figure) if value is None else Cell(say.percent(value, most), figure, value, "rate")


def points(value: Fraction | None, figure: str, most: int = 2, unknown: str = NOT_KNOWN) -> Cell:
    """Points, with at most so many decimals: `12.5`."""
    return Cell(unknown, figure) if value is None else Cell(say.number(value, most), figure, value, "points")


def chance(probability: float | None, figure: str, unknown: str = NOT_KNOWN) -> Cell:
    """A probability of 0 to 1 in whole per cent: `12%`, `below 1%`, `above 99%`; its value has four decimals."""
    if probability is None:
        return Cell(unknown, figure)
    return Cell(chance_text(probability), figure, Fraction(round(probability * 10_000), 10_000), "rate")


def chance_text(probability: float) -> str:
    """How a probability is written in a sentence: `12%`, `below 1%`, `above 99%`."""
    if probability < 0.01:
        return "below 1%"
    return "above 99%" if probability > 0.99 else say.percent(Fraction(probability), 0)
