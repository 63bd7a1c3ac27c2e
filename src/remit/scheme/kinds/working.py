"""What the kinds that pay from earlier amounts share: figures that lack, and a working that a calculator repeats."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from remit.core.rounding import pounds_text
from remit.scheme.kinds.base import KindInputs, Reads, WorkingLine, supply
from remit.scheme.kinds.figures import ask


def lacking(inputs: KindInputs, reads: Sequence[Reads]) -> str:
    """The reason that names every figure which is needed and was not supplied; nothing where all are there."""
    needed = (one for one in reads if not one.optional)
    return ask(inputs, (one for one in needed if inputs.figure(one.measure, one.subject, one.period) is None))


def value(inputs: KindInputs, one: Reads) -> Fraction:
    """A figure that is known to be there. Raises ValueError where it is not."""
    figure = inputs.figure(one.measure, one.subject, one.period)
    if figure is None:
        raise ValueError(supply(inputs.item, one))
    return figure


def whole_pounds(amount: Fraction) -> str:
    """An amount with all its decimals, or with six of those that do not end."""
    return pounds_text(amount, 12 if _ends(amount) else 6)


def _ends(amount: Fraction) -> bool:
    return (amount * 10**12).denominator == 1


class Chain:
    """An amount of pounds, multiplied step by step; each step is a line of the working.

    A result whose decimals do not end is carried on as its working, in brackets: the decimals that are shown would not
    always come to the same penny.
    """

    def __init__(self, amount: Fraction, working: str = "") -> None:
        self.amount, self.working, self.lines = amount, working or whole_pounds(amount), list[WorkingLine]()

    @property
    def shown(self) -> str:
        """The amount as the next step has it."""
        return whole_pounds(self.amount) if _ends(self.amount) else f"({self.working})"

    def line(self, label: str) -> None:
        """The amount as it is, as a line."""
        self.lines.append(WorkingLine(label, self.working, whole_pounds(self.amount)))

    def times(self, label: str, factor: Fraction, text: str) -> None:
        """Multiply, and say so in a line. `text` is the factor as the reader is to type it."""
        self.working = f"{self.shown} × {text}"
        self.amount *= factor
        self.line(label)

    def for_part_of_year(self, share: Fraction) -> None:
        """Multiply by the part of the year that is paid for, where that is not the whole."""
        if share != 1:
            self.times("Part of the year", share, f"{share.numerator} / {share.denominator}")
