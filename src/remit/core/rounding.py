"""The one place that rounds, and how an exact number is written.

Counts are integers and rates are `Fraction`s; a scheme's rounding step turns a `Fraction` into a `Decimal`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal

Mode = Literal["half up", "half even", "down", "up"]
_POLICY = re.compile(r"(\d{1,2}) places?, (half up|half even|down|up)")
_POWERS: tuple[int, ...] = tuple(10**places for places in range(100))


@dataclass(frozen=True)
class Rounding:
    """A named step of rounding: to `places` decimals, by `mode`; `places` None keeps the number exact."""

    places: int | None = None
    mode: Mode = "half up"

    @classmethod
    def parse(cls, text: str) -> Rounding:
        """Read `none`, or `2 places, half up`. Raises ValueError."""
        if text == "none":
            return cls()
        match = _POLICY.fullmatch(text)
        if not match:
            raise ValueError(f"expected 'none' or like '2 places, half up', found '{text}'")
        return cls(int(match[1]), match[2])  # type: ignore[arg-type]

    def __str__(self) -> str:
        return "none" if self.places is None else f"{self.places} places, {self.mode}"

    def apply(self, number: Fraction) -> Fraction:
        """The number after this step, still as a rational."""
        if self.places is None:
            return number
        return Fraction(scaled(number.numerator, number.denominator, self.places, self.mode), 10**self.places)


def scaled(numerator: int, denominator: int, places: int, mode: Mode = "half up") -> int:
    """`numerator / denominator` rounded to `places` decimals, as a whole number of the last place.

    Half up means away from zero at the half, for negative numbers too. `denominator` is above zero.
    """
    if numerator < 0:
        return -scaled(-numerator, denominator, places, mode)
    if mode == "half up":  # nearly always: the floor of the number and a half
        return (2 * numerator * _POWERS[places] + denominator) // (2 * denominator)
    quotient, rest = divmod(numerator * _POWERS[places], denominator)
    twice = 2 * rest
    if (mode == "up" and rest) or (
        mode == "half even" and (twice > denominator or (twice == denominator and quotient % 2))
    ):
        quotient += 1
    return quotient


def pounds(amount: Fraction) -> Decimal:
    """Money to the penny, half up: how every amount of money leaves Remit."""
    return Decimal(scaled(amount.numerator, amount.denominator, 2)).scaleb(-2)


def pence_text(pence: int) -> str:
    """A whole number of pence as pounds with two decimals: 16100 -> `161.00`."""
    text = str(pence) if pence >= 0 else str(-pence)
    sign = "-" if pence < 0 else ""
    return f"{sign}{text[:-2]}.{text[-2:]}" if len(text) > 2 else f"{sign}0.{text:0>2}"


def exact_text(number: Fraction | int, least: int = 0, most: int = 12) -> str:
    """The number in decimals: all of them where it ends within `most`, else `most` of them, half up.

    At least `least` decimals are shown.
    """
    numerator, denominator = number.as_integer_ratio()
    return ratio_text(numerator, denominator, least, most)


def ratio_text(numerator: int, denominator: int, least: int = 0, most: int = 12) -> str:
    """As `exact_text`, for `numerator / denominator`; `denominator` is above zero."""
    if denominator == 1:
        return f"{numerator}.{'0' * least}" if least else str(numerator)
    digits = scaled(numerator, denominator, most)
    text = str(abs(digits)).zfill(most + 1)
    end = len(text) - most
    whole, part = text[:end], text[end:].rstrip("0").ljust(least, "0")
    sign = "-" if digits < 0 else ""
    return f"{sign}{whole}.{part}" if part else f"{sign}{whole}"


def pounds_text(amount: Fraction, most: int = 6) -> str:
    """An amount in pounds with all its decimals up to `most`, at least two: `£1,234.50`."""
    whole, point, part = exact_text(abs(amount), 2, most).partition(".")
    return f"{'−' if amount < 0 else ''}£{int(whole):,}{point}{part}"
