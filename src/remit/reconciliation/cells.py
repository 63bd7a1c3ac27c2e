"""What single cells of another side's file say: a code's level, a year or day, a figure, a mark of suppression."""

from __future__ import annotations

import re
from fractions import Fraction

from remit.core import exact
from remit.core.dates import Period
from remit.reconciliation.layouts import COUNTS

MARKS = frozenset(
    [
        "*",
        "**",
        "z",
        "[z]",
        "c",
        "[c]",
        "x",
        "[x]",
        ":",
        "..",
        "suppressed",
        "redacted",
        "[redacted]",
        "<5",
        "< 5",
        "<=5",
        "1-4",
    ]
)
_LEVELS = (
    ("areas by their ONS codes", r"[EWSNK]\d{8}"),
    ("networks", r"U\d{5}"),
    ("practices", r"[A-Z]\d{5}"),
    ("regions", r"Y\d\d"),
    ("ICBs", r"Q[A-Z0-9]{2}"),
    ("CCGs or sub-ICB locations", r"\d\d[A-Z]|(?=\w*\d)(?=\w*[A-Z])[A-Z0-9]{5}"),
    ("the nation", r"ENG|ENGLAND|GB|UK"),
)


def level_of(code: str) -> str:
    """What a code's shape says it is of, or '' for a shape that says nothing."""
    return next((level for level, shape in _LEVELS if re.fullmatch(shape, code, re.ASCII)), "")


def period_of(text: str) -> Period:
    """A year, a quarter or a day, in the ways that exports write them: also 20240331, 31/03/2024 and QOF2324.

    Raises ValueError.
    """
    if re.fullmatch(r"20\d{6}", text):
        text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
    elif match := re.fullmatch(r"(\d\d?)/(\d\d?)/(20\d\d)", text):
        text = f"{match[3]}-{int(match[2]):02}-{int(match[1]):02}"
    elif (match := re.fullmatch(r"[A-Za-z]+(?:20)?(\d\d)/?(\d\d)", text)) and int(match[2]) == int(match[1]) + 1:
        text = f"20{match[1]}-{match[2]}"
    elif match := re.fullmatch(r"(20\d\d)[-/]20(\d\d)", text):
        text = f"{match[1]}-{match[2]}"
    return Period.parse(text)


def value_of(quantity: str, text: str) -> int | Fraction:
    """A figure as written; thousands may be separated by commas, a rate end in %, money begin with £.

    Raises ValueError.
    """
    bare = text.removeprefix("£") if quantity == "pounds" else text
    bare = bare.removesuffix("%").strip() if quantity == "achievement" else bare
    if re.fullmatch(r"\d{1,3}(,\d{3})+(\.\d+)?", bare):
        bare = bare.replace(",", "")
    if quantity in COUNTS:
        return exact.whole(bare)
    value = Fraction(bare) if re.fullmatch(r"\d{1,15}\.\d{13,20}", bare, re.ASCII) else exact.number(bare)
    if quantity == "achievement" and value > 100:
        raise ValueError(f"expected a percentage of 0 to 100, found '{text}'")
    return value
