"""Whether two texts say the same amounts: `£0.30` is `30p`, `40.0%` is `40%`. Days stay as they are written."""

from __future__ import annotations

import re
from fractions import Fraction

_AMOUNT = re.compile(
    r"(?P<day>\b\d{4}-\d\d(?:-\d\d)?\b)"
    r"|£(?P<pounds>\d[\d,]*(?:\.\d+)?)(?P<thousands>K?)\b"
    r"|(?<![\w.,-])(?P<number>\d[\d,]*(?:\.\d+)?)(?P<unit>p\b|\s?%|(?![\w-]))"
)


def alike(one: str, two: str) -> bool:
    """Whether two texts differ only in how their amounts are written."""
    return one == two or plain(one) == plain(two)


def plain(text: str) -> str:
    """The text with each amount in one form: pounds, shares and numbers in lowest terms."""
    return _AMOUNT.sub(_in_one_form, text)


def _in_one_form(match: re.Match[str]) -> str:
    if match["day"]:
        return match[0]
    value = Fraction((match["pounds"] or match["number"]).replace(",", ""))
    if match["pounds"]:
        return f"£{value * (1000 if match['thousands'] else 1)}"
    return f"£{value / 100}" if match["unit"] == "p" else f"{value}{match['unit'].strip()}"
