"""Whether a text that goes in or comes out holds an NHS number, however it is written.

Ten digits are one where the last is the check digit of the others (NHS Data Dictionary: weights 10 to 2, modulus 11).
They may be separated by blanks, hyphens, dots, underscores, slashes and the like, stand in a longer text or between
letters, be full-width or of another script, or be a number that a spreadsheet wrote with `.0` or an exponent. One in
eleven numbers of ten digits has that digit by chance: whoever asks of codes exempts what is a code.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

SHOWN = "[NHS number]"
"""What a message shows in its place."""

_TEST = "999"
"""How the numbers begin that are set aside for tests and belong to no patient."""

_MOST_BETWEEN = 3
_RUN = re.compile("[0-9]+")
_EXPONENT = re.compile(r"(?<![0-9.,])([0-9]{1,10})(?:[.,]([0-9]*))?[eE]\+?([0-9]{1,2})(?![0-9])")
_HASH = re.compile(
    r"(?<![0-9a-z])(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?=[0-9]*[a-f])[0-9a-f]{24,})(?![0-9a-z])",
    re.IGNORECASE,
)
"""What a hash or a made identity looks like, pseudonyms among them: its digits are nobody's."""

_MAY = re.compile(r"(?:[0-9][^0-9]*){10}|[0-9.,][eE]\+?[0-9]")
"""What a text of plain letters has at least if it holds one: it is asked of every id of every record."""

_DATES: dict[tuple[int, ...], int] = {(4, 2, 2, 2): 0, (2, 2, 4, 2): 2}
"""Digits separated as in a day with an hour, and which of them are the year."""


def has_check_digit(digits: str) -> bool:
    """Whether ten digits could be an NHS number's."""
    if len(digits) != 10 or not (digits.isascii() and digits.isdigit()) or len(set(digits)) == 1:
        return False
    weighed = sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False))
    return -weighed % 11 == int(digits[9])


def holds_nhs_number(text: str, *, of_nobody: bool = True) -> bool:
    """Whether a text holds an NHS number; with `of_nobody`, also one of those set aside for tests."""
    return any(of_nobody or not number.startswith(_TEST) for _, _, number in _numbers_in(text))


def without_nhs_numbers(text: str) -> str:
    """The text with a word in place of each NHS number in it: what a message or a log may show."""
    parts, end = [], 0
    for first, last, _ in _numbers_in(text):
        if first >= end:
            parts += [text[end:first], SHOWN]
            end = last
    return "".join([*parts, text[end:]]) if parts else text


def _numbers_in(text: str) -> Iterator[tuple[int, int, str]]:
    """Where each is in the text, and its digits."""
    if not _MAY.search(text) if text.isascii() else sum(map(str.isnumeric, text)) < 3:  # `9.43E+09` has five
        return
    plain, at = (text, range(len(text) + 1)) if text.isascii() else _plain(text)
    plain = _HASH.sub(lambda match: "x" * len(match[0]), plain)
    for first, last, digits in sorted([*_as_digits(plain), *_with_exponent(plain)]):
        yield at[first], at[last - 1] + 1, digits


def _plain(text: str) -> tuple[str, Sequence[int]]:
    """The text with digits of every script as 0 to 9 and nothing invisible, and where each of its letters was."""
    letters, at = [], []
    for n, character in enumerate(text):
        digit = unicodedata.numeric(character, None)
        whole = digit is not None and digit == int(digit) and 0 <= digit <= 9
        shown = str(int(digit)) if whole and digit is not None else unicodedata.normalize("NFKC", character)
        if unicodedata.category(character) != "Cf":
            letters.append(shown)
            at += [n] * len(shown)
    return "".join(letters), [*at, len(text)]


def _as_digits(plain: str) -> Iterator[tuple[int, int, str]]:
    """Ten digits with the check digit: in one run, or in several with little between them."""
    runs = [(match.start(), match.end()) for match in _RUN.finditer(plain)]
    for n, (first, _) in enumerate(runs):
        digits = ""
        lengths: list[int] = []
        between: list[str] = []
        for start, end in runs[n:]:
            if lengths:
                gap = plain[runs[n + len(lengths) - 1][1] : start]
                if len(gap) > _MOST_BETWEEN or any(map(str.isalnum, gap)):
                    break
                between.append(gap)
            digits += plain[start:end]
            lengths.append(end - start)
            padded = len(lengths) == 1 and len(digits) <= 14 and digits.lstrip("0")
            ten = padded if padded and len(padded) == 10 else digits
            if len(ten) == 10 and has_check_digit(ten) and _is_one(lengths, between, digits):
                yield first, end, ten
            if len(digits) >= 10:
                break


def _is_one(lengths: Sequence[int], between: Sequence[str], digits: str) -> bool:
    """Whether digits are separated as one number is: 3, 3 and 4, or all by the same single character.

    A date, decimals, pounds in thousands and a list of numbers are none.
    """
    if len(lengths) == 1 or tuple(lengths) == (3, 3, 4):
        return True
    if len(set(between)) > 1 or len(between[0]) > 1 or between[0] == "," or (len(lengths) == 2 and between[0] == "."):
        return False
    year = _DATES.get(tuple(lengths))
    return year is None or digits[sum(lengths[:year]) :][:2] not in ("19", "20")


def _with_exponent(plain: str) -> Iterator[tuple[int, int, str]]:
    """Ten digits as a spreadsheet writes them, `9.434765919E+09`; those too that it shortened, as `9.43E+09`."""
    for match in _EXPONENT.finditer(plain):
        before, after, power = match[1], match[2] or "", int(match[3])
        digits = (before + after).rstrip("0")
        shortened = bool(after) and 3 <= len(digits) < 9
        if len(before) + power == 10 and before[0] != "0" and len(digits) <= 10:
            ten = digits.ljust(10, "0")
            if shortened or has_check_digit(ten):
                yield match.start(), match.end(), ten
