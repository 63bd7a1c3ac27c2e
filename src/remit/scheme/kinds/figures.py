"""What kinds that calculate from figures share: what was declared, what to ask for, how amounts are written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Annotated

from pydantic import StringConstraints

from remit.core.rounding import exact_text, pounds, pounds_text
from remit.scheme.kinds.base import KindInputs, Reads, Unit, supply
from remit.scheme.quantity import Quantity

Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=40)]
"""The code of an element, by which it is declared in the counts."""

_DIGITS = (6, 8, 10, 12, 15, 20)


def ask(inputs: KindInputs, missing: Iterable[Reads]) -> str:
    """The reason for figures that were not supplied: all of them, each with what to supply."""
    return " ".join(supply(inputs.item, reads) for reads in missing)


def answers_to(inputs: KindInputs, measure: str, codes: Iterable[str]) -> dict[str, bool | None]:
    """Yes or no to a measure of each element, None where nobody has said."""
    figures = {code: inputs.figure(measure, code) for code in codes}
    return {code: None if figure is None else bool(figure) for code, figure in figures.items()}


def named(codes: Iterable[str], words: Mapping[str, str]) -> str:
    """Elements in their words, with their codes: `EMIS implementation (emis); e-referral (ers)`."""
    return "; ".join(f"{words[code]} ({code})" if words[code] else code for code in codes)


def number(value: Fraction | int, most: int = 12) -> str:
    """A number of 0 or more with its thousands apart: `10,200`, `0.5`."""
    whole, point, part = exact_text(value, most=most).partition(".")
    return f"{int(whole):,}{point}{part}"


def percent(rate: Fraction, most: int = 6) -> str:
    """A rate of 0 to 1 in per cent: `2%`."""
    return f"{exact_text(rate * 100, most=most)}%"


def amount(value: Fraction) -> str:
    """Pounds with six decimals at most, or as many more as a reader needs to round to the same penny."""
    return pounds_text(value, next((n for n in _DIGITS if pounds(shown(value, n)) == pounds(value)), _DIGITS[-1]))


def shown(value: Fraction, most: int) -> Fraction:
    """The number as it is printed with so many decimals."""
    return Fraction(exact_text(value, most=most))


def worth(value: Fraction, unit: Unit) -> str:
    """An award in its unit: `£4,000.00`, `45 points`."""
    return amount(value) if unit == "pounds" else f"{number(value)} {'point' if value == 1 else 'points'}"


def in_words(quantity: Quantity, unit: Unit = "pounds") -> str:
    """A number as its file has it; where it is required, that it is still to be supplied."""
    if quantity.required:
        return "points still to be supplied" if unit == "points" else "a sum still to be supplied"
    return f"{quantity} {'point' if quantity.value == 1 else 'points'}" if unit == "points" else str(quantity)
