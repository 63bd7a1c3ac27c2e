"""How text for people writes numbers, money, days and counted things."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from remit.core.dates import MONTHS
from remit.core.rounding import exact_text, pence_text
from remit.core.sums import Sum
from remit.core.words import listed as listed

_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def clean(text: str) -> str:
    """The text on one line, without control characters: no name of a practice can break a page or a terminal."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def number(value: Fraction | int, most: int = 6, least: int = 0) -> str:
    """`10,500`, `9.6`; at most `most` decimals, half up."""
    whole, point, part = exact_text(Fraction(value), least, most).partition(".")
    return f"{int(whole):,}{point}{part}" if whole != "-0" else f"-0{point}{part}"


def percent(rate: Fraction, most: int = 6) -> str:
    """A rate of 0 to 1 in per cent: `0.8%`."""
    return f"{number(rate * 100, most)}%"


def rate(value: Fraction, per: int = 100, most: int = 6) -> str:
    """A rate as its scheme writes it: `0.8%`, or `89.5 per 1,000` where it is counted per 1,000 people."""
    return percent(value, most) if per == 100 else f"{number(value * per, most)} per {per:,}"


def money(pence: int) -> str:
    """Whole pence as `£1,500.00`; below zero `−£0.40`."""
    whole, _, part = pence_text(abs(pence)).partition(".")
    return f"{'−' if pence < 0 else ''}£{int(whole):,}.{part}"


def so_far(total: Sum) -> str:
    """A sum of which parts may not be known: `£1,200.00`, `£1,200.00 so far`, `not known yet`."""
    if total.value is None:
        return "not known yet"
    return f"{money(total.pence)} so far" if total.unknown else money(total.pence)


def with_place(title: str, place: str) -> str:
    """A title with a place behind it, where the title does not name it: `QIF 2024/25, England`."""
    return title if re.search(rf"\b{re.escape(place)}\b", title, re.IGNORECASE) else f"{title}, {place}"


def gain(pence: int) -> str:
    """A change of pounds with its sign: `+£400.00`."""
    return f"+{money(pence)}" if pence > 0 else money(pence)


def pounds(amount: Fraction, most: int = 6) -> str:
    """An amount before it is rounded, with its decimals: `£1,234.5675`."""
    return f"£{number(amount, most, least=2)}"


def per_head(amount: Fraction) -> str:
    """`15p`, or `£1.05` from a pound."""
    return f"{number(amount * 100)}p" if amount < 1 else pounds(amount)


def fraction(value: Fraction) -> str:
    """`6 / 12` and the like, in lowest terms."""
    return number(value) if value.denominator == 1 else f"{value.numerator:,} / {value.denominator:,}"


def grouped(text: str) -> str:
    """Thousands apart in a working such as `10000 / 8096`; what stands behind a decimal point is left."""
    return re.sub(r"(?<![\d.,-])\d{4,}(?![\d-])", lambda match: f"{int(match[0]):,}", text)


def day(when: date) -> str:
    """`31 March 2025`."""
    return f"{when.day} {MONTHS[when.month - 1]} {when.year}"


def month(when: date) -> str:
    """The month of a day: `March 2025`."""
    return f"{MONTHS[when.month - 1]} {when.year}"


def short_day(when: date) -> str:
    """`12 May 2024`, with the month in three letters."""
    return f"{when.day} {MONTHS[when.month - 1][:3]} {when.year}"


def within_the_year(counted: date) -> str:
    """Of what rests on counts that are not the year's."""
    return f"On the counts of {day(counted)}, as though the year had ended so."


def days_in(text: str) -> str:
    """A sentence with its days written out: `joined on 2024-10-01` becomes `joined on 1 October 2024`."""
    return re.sub(r"\b\d{4}-\d\d-\d\d\b", lambda match: day(date.fromisoformat(match[0])), text)


def patients(count: int, which: str = "") -> str:
    """`1 patient`, `1,200 more patients`."""
    return f"{count:,} {which}patient{'' if count == 1 else 's'}"


def item(code: str) -> str:
    """An item within a sentence: `item 3`, where its code alone would read as a number, and else the code: `CHD005`."""
    return f"item {code}" if code[:1].isdigit() else code


def in_words(count: int) -> str:
    """Small numbers as words."""
    return _SMALL[count] if 0 <= count < len(_SMALL) else f"{count:,}"


def amounts(pence: Sequence[int]) -> str:
    """What a list of payments looks like: `five of £116.67 and one of £116.65`, or `six of £100.00`."""
    runs: dict[int, int] = {}
    for amount in pence:
        runs[amount] = runs.get(amount, 0) + 1
    return listed([f"{in_words(count)} of {money(amount)}" for amount, count in runs.items()])


def capital(text: str) -> str:
    """With its first letter as a capital."""
    return text[:1].upper() + text[1:]


def sentence(text: str) -> str:
    """With a capital and a full stop."""
    return "" if not text else capital(text) + ("" if text.endswith((".", "?", "!", "…", "”")) else ".")


def unbroken(text: str) -> str:
    """The text with its signed amounts held together at the end of a line (a word joiner after the sign)."""
    return text.replace("+£", "+\u2060£").replace("−£", "−\u2060£")
