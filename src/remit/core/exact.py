"""Reading numbers as written: exactly, or not at all. `1e5`, `NaN`, `1,000` and `٣` are refused."""

from __future__ import annotations

import re
from fractions import Fraction

_WHOLE = re.compile(r"[0-9]{1,15}", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,15}(\.[0-9]{1,12})?", re.ASCII)
_MONEY = re.compile(r"£([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,12})(\.[0-9]{1,6})?(K?)|([0-9]{1,6}(?:\.[0-9]{1,4})?)p")
_PER_1000 = re.compile(r"([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,6})(\.[0-9]{1,6})?\s?per (?:1,000|1000)")
_PERCENT = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,6})?)\s?%")
_PERCENTAGE_POINTS = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,6})?) (?:percentage )?points?")


def whole(text: str) -> int:
    """A count: digits only. Raises ValueError saying what is wrong with the text."""
    if _WHOLE.fullmatch(text):
        return int(text)
    raise ValueError(f"expected a whole number of 0 or more, found {_what(text)}")


def number(text: str) -> Fraction:
    """A number of 0 or more with at most 12 decimals, exactly. Raises ValueError."""
    if _NUMBER.fullmatch(text):
        return Fraction(text)
    raise ValueError(f"expected a number of 0 or more, found {_what(text)}")


def money(text: str) -> Fraction:
    """`£2.10`, `£297,890`, `£204K` or `15p`, in pounds. Raises ValueError."""
    match = _MONEY.fullmatch(text)
    if not match:
        raise ValueError(f"expected money such as £2.10 or 15p, found {_what(text)}")
    if match[4]:
        return Fraction(match[4]) / 100
    return Fraction(match[1].replace(",", "") + (match[2] or "")) * (1000 if match[3] else 1)


def amount(text: str) -> Fraction:
    """Money, or a number of points. Raises ValueError."""
    return number(text) if _NUMBER.fullmatch(text) else money(text)


def percent(text: str) -> Fraction:
    """`0.75%` as 3/400. Raises ValueError."""
    match = _PERCENT.fullmatch(text)
    if not match or Fraction(match[1]) > 100:
        raise ValueError(f"expected a percentage of 0% to 100%, such as 37.5%, found {_what(text)}")
    return Fraction(match[1]) / 100


def percentage_points(text: str) -> Fraction:
    """`5 points` as 1/20: a difference between two rates. Raises ValueError."""
    match = _PERCENTAGE_POINTS.fullmatch(text)
    if not match or Fraction(match[1]) > 100:
        raise ValueError(f"expected percentage points of 0 to 100, such as 5 points, found {_what(text)}")
    return Fraction(match[1]) / 100


def per_1000(text: str) -> Fraction:
    """`90 per 1,000` as 9/100; it may be above 1,000. Raises ValueError."""
    match = _PER_1000.fullmatch(text)
    if not match:
        raise ValueError(f"expected a rate such as 90 per 1,000, found {_what(text)}")
    return Fraction(match[1].replace(",", "") + (match[2] or "")) / 1000


def level(text: str) -> tuple[Fraction, int]:
    """A threshold, `40%` or `90 per 1,000`, and of how many it is: 100 or 1,000. Raises ValueError."""
    if "per 1" in text:
        return per_1000(text), 1000
    return percent(text), 100


def difference(text: str) -> Fraction:
    """`5 points` or `5%` as 1/20: by how much a rate changes. Raises ValueError."""
    if text.strip().endswith("%"):
        return percent(text)
    return percentage_points(text)


def _what(text: str) -> str:
    shown = text if len(text) <= 40 else text[:37] + "..."
    lowered = text.strip().casefold()
    if not lowered:
        return "nothing"
    if lowered in {"nan", "inf", "-inf", "infinity", "null", "none", "n/a", "na"}:
        return f"'{shown}' (leave the row out where the figure is not known)"
    if re.fullmatch(r"-[0-9.]+", lowered):
        return f"'{shown}', which is negative"
    if re.fullmatch(r"[0-9]{16,}(\.[0-9]+)?", lowered):
        return f"'{shown}', which is larger than Remit calculates with"
    if re.fullmatch(r"[0-9]+\.[0-9]+", lowered):
        return f"'{shown}', which is not whole"
    if re.fullmatch(r"[0-9.]+e[+-]?[0-9]+", lowered):
        return f"'{shown}': write the digits out"
    if re.fullmatch(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", lowered):
        return f"'{shown}': write it without commas"
    return f"'{shown}'"
