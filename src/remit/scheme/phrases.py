"""Which numbers a source's own words state, in common English: `at least 40%`, `40 per cent or more`, `two of three`.

Only phrases that are read for certain become a number; the rest of the words say nothing here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

Unit = Literal["per cent", "pounds", "months", "instalments", "days", "points", "of"]
Sign = Literal["", ">", ">=", "<", "<="]


@dataclass(frozen=True, slots=True)
class StatedNumber:
    """A number of the words: per cent as 0 to 1, pence in pounds. `sign` is '' where the words name no side of it.

    With the unit `of`, `value` are needed of `whole` (0 where the words do not say of how many; all of them are -1).
    """

    unit: Unit
    value: Fraction
    sign: Sign = ""
    whole: int = 0
    at: int = 0


_ONES = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
    "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_NUMBERS = {word: n for n, word in enumerate(_ONES, 1)} | {word: 10 * n for n, word in enumerate(_TENS, 2)}
_NUMBERS |= {f"{ten}-{one}": 10 * t + n for t, ten in enumerate(_TENS, 2) for n, one in enumerate(_ONES[:9], 1)}
_NUMBERS |= {"hundred": 100, "a hundred": 100, "one hundred": 100}
_SHARES = {
    **dict.fromkeys(("half", "halved"), Fraction(1, 2)),
    **dict.fromkeys(("three quarters", "three-quarters"), Fraction(3, 4)),
    **dict.fromkeys(("two thirds", "two-thirds"), Fraction(2, 3)),
    **dict.fromkeys(("a third", "one third"), Fraction(1, 3)),
}
_WORD = "|".join(sorted((re.escape(word).replace("\\-", "[- ]") for word in _NUMBERS), key=len, reverse=True))
_NUMBER = rf"(?:[0-9][0-9,]*(?:\.[0-9]+)?|\b(?:{_WORD})\b)"
_BEFORE: tuple[tuple[Sign, str], ...] = (
    (">=", r">=|=>|≥|(?:at or|equal to or|equal or) (?:above|over|more than|greater than)"),
    (">=", r"(?:more|greater) than or equal to|at least|(?:not|no) (?:less|fewer|lower) than|not (?:below|under)"),
    (">=", r"(?:a )?minimum(?: of)?|from|reach(?:es|ing)?"),
    ("<=", r"<=|=<|≤|(?:at or|equal to or|equal or) (?:below|under|less than)|less than or equal to|up to|at most"),
    ("<=", r"(?:not|no) (?:more|greater|higher) than|not (?:to )?(?:above|over|exceed(?:ing)?)|(?:a )?maximum(?: of)?"),
    ("<=", r"(?:a )?(?:cap|ceiling|limit) of|(?:capped|limited) (?:at|to)"),
    (">", r">|more than|greater than|higher than|above|over|beyond|exceed(?:s|ing)?|in excess of"),
    ("<", r"<|less than|fewer than|lower than|below|under"),
)
_AFTER: tuple[tuple[Sign, str], ...] = (
    (">=", r"\+|(?:or|and) (?:above|over|higher|greater|better|upwards?|up)\b|or more\b"),
    ("<=", r"(?:or|and) (?:below|under|lower)\b|or (?:less|fewer)\b|at most\b"),
)
_SIGN = "|".join(f"(?:{words})" for _, words in _BEFORE)
_OF_TIME = r"[- ](?:of )?(?:the |a )?(?:financial )?(?:year|way|day|hour)"
_PER_CENT = re.compile(
    rf"(?P<sign>(?:(?<!\w)|(?=[<>=≤≥]))(?:{_SIGN})\s*)?(?:a |an )?"
    rf"(?:(?P<number>{_NUMBER})\s?(?:%|per ?cents?\b|pct\b)"
    rf"|\b(?P<share>{'|'.join(_SHARES)})\b(?!{_OF_TIME})|(?P<cut>50/50)\b)"
    rf"(?P<after>(?: [a-z]+){{0,3}}?\s?(?:{'|'.join(words for _, words in _AFTER)}))?",
    re.IGNORECASE,
)
_RANGE = re.compile(
    rf"(?<![\w.,-])({_NUMBER})\s?(?:-|–|—|to|and)\s?(?={_NUMBER}\s?(?:%|per ?cents?\b|pct\b))", re.IGNORECASE
)
_MONEY = re.compile(
    rf"(?P<sign>(?<!\w)(?:{_SIGN})\s*)?"
    rf"(?:(?:£|\bGBP ?)(?P<pounds>[0-9][0-9,]*(?:\.[0-9]+)?)(?P<many>k\b| ?million\b|m\b)?"
    rf"|(?P<pence>{_NUMBER})\s?(?:p\b|pence\b|pennies\b)|(?P<words>{_NUMBER}) (?:pounds?|GBP)\b)",
    re.IGNORECASE,
)
_PLAIN: tuple[tuple[Unit, re.Pattern[str]], ...] = (
    ("months", re.compile(rf"({_NUMBER})[- ]?(?:calendar |whole )?months?\b(?!ly)", re.IGNORECASE)),
    (
        "instalments",
        re.compile(rf"({_NUMBER}) (?:equal |monthly |quarterly )*(?:instalments?|payments?)\b", re.IGNORECASE),
    ),
    ("days", re.compile(rf"({_NUMBER})[- ](?:calendar |working )?days?\b", re.IGNORECASE)),
    ("points", re.compile(rf"({_NUMBER}) points?\b", re.IGNORECASE)),
)
_IN = re.compile(
    rf"(?P<sign>(?:(?<!\w)|(?=[<>=≤≥]))(?:{_SIGN})\s*)?"
    rf"(?P<part>{_NUMBER}) (?:in|out of) (?:every )?(?P<whole>{_NUMBER})\b"
    r"(?! ?(?:%|per ?cent|p\b|pence|points|months|days|elements|[0-9-]))(?= (?:patients|people|of\b)|[.,;:]|$)",
    re.IGNORECASE,
)
"""`six in ten`, `nine out of ten patients`: a share of people; the whole is four, ten or a hundred."""
_WHOLES = (4, 10, 100)
_OF = re.compile(
    rf"({_NUMBER}) (?:out )?of (?:the |these |its |those |following )*({_NUMBER})\b(?!\s?(?:%|per ?cent|p\b|pence))"
    rf"|(?:any|at least|not less than) ({_NUMBER}) of (?:the|these|its|those|them)\b"
    rf"|\ball (?:of )?(?:the )?({_NUMBER})\b(?!\s?(?:%|per ?cent))|\b(both)\b",
    re.IGNORECASE,
)


def stated_numbers(words: str) -> list[StatedNumber]:
    """Every number that the words state, in their order."""
    text = " ".join(words.replace("(", " ").replace(")", " ").split())
    numbers = [*_ranges(text), *_per_cents(text), *_shares(text), *_money(text), *_of(text)]
    for unit, pattern in _PLAIN:
        numbers += [StatedNumber(unit, _number(match[1]), at=match.start()) for match in pattern.finditer(text)]
    return sorted(numbers, key=lambda number: number.at)


def pairs(numbers: list[StatedNumber]) -> list[tuple[StatedNumber, StatedNumber]]:
    """The thresholds with the pounds that each pays: the amount after a threshold, or before it where amounts lead."""
    stated = [one for one in numbers if one.unit == "per cent" or (one.unit == "pounds" and one.sign != "<=")]
    lead = bool(stated) and stated[0].unit == "pounds"
    pairs_: list[tuple[StatedNumber, StatedNumber]] = []
    last: StatedNumber | None = None
    for one in reversed(stated) if lead else stated:
        if one.unit == "per cent":
            last = one
        elif last is not None:
            pairs_.append((last, one))
            last = None
    return pairs_[::-1] if lead else pairs_


def _per_cents(text: str) -> Iterator[StatedNumber]:
    for match in _PER_CENT.finditer(text):
        sign = _sign(match["sign"] or "", _BEFORE)
        after = _sign((match["after"] or "").strip(), _AFTER, at_end=True)
        if match["number"]:
            value = _number(match["number"]) / 100
        else:
            value = Fraction(1, 2) if match["cut"] else _SHARES[match["share"].lower()]
        yield StatedNumber(
            "per cent", value, after or sign, at=match.start("number") if match["number"] else match.start()
        )


def _ranges(text: str) -> Iterator[StatedNumber]:
    """The first number of `40 to 90%` and `40–90%`; the second has its own sign of per cent."""
    for match in _RANGE.finditer(text):
        yield StatedNumber("per cent", _number(match[1]) / 100, at=match.start())


def _shares(text: str) -> Iterator[StatedNumber]:
    """`six in ten patients` is 60%."""
    for match in _IN.finditer(text):
        part, whole = _number(match["part"]), _number(match["whole"])
        people = " in " in match[0] or text[match.end() :].startswith((" patients", " people"))
        if whole in _WHOLES and part <= whole and people:
            yield StatedNumber("per cent", part / whole, _sign(match["sign"] or "", _BEFORE), at=match.start())


def _money(text: str) -> Iterator[StatedNumber]:
    for match in _MONEY.finditer(text):
        sign = _sign(match["sign"] or "", _BEFORE)
        if match["pounds"]:
            many = {"k": 1000, "m": 10**6, "million": 10**6}.get((match["many"] or "").strip().lower(), 1)
            value = _number(match["pounds"]) * many
        else:
            value = _number(match["pence"]) / 100 if match["pence"] else _number(match["words"])
        yield StatedNumber("pounds", value, sign, at=match.start())


def _of(text: str) -> Iterator[StatedNumber]:
    for match in _OF.finditer(text):
        some, whole, least, every, both = match.groups()
        if some:
            yield StatedNumber("of", _number(some), whole=int(_number(whole)), at=match.start())
        elif least:
            yield StatedNumber("of", _number(least), at=match.start())
        else:
            count = 2 if both else int(_number(every))
            yield StatedNumber("of", Fraction(count), whole=count, at=match.start())


def _sign(words: str, signs: tuple[tuple[Sign, str], ...], *, at_end: bool = False) -> Sign:
    """The sign that some words mean; '' where they mean none."""
    for sign, pattern in signs:
        if (
            re.search(rf"(?:{pattern})$", words.strip(), re.IGNORECASE)
            if at_end
            else re.fullmatch(pattern, words.strip(), re.IGNORECASE)
        ):
            return sign
    return ""


def _number(text: str) -> Fraction:
    word = text.lower().replace(" ", "-")
    return Fraction(_NUMBERS.get(text.lower(), _NUMBERS.get(word, 0)) or text.replace(",", ""))
