"""How the cells of records are read, but for days and the further columns of events.

Each takes a stripped text that is not empty and raises ValueError saying what was expected, never quoting it: what is
said goes into a file that must not hold an NHS number which stands in the wrong column. What a data frame or another
system writes in a fashion of its own, and can mean one thing only, is read and told of (`Otherwise`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from remit.records.identity import looks_real
from remit.records.model import EPISODES
from remit.terminology.codes import CHECK_DIGIT, NO_CONCEPT, WITH_TERM, damage, doubt_about, wrong_with

Read = Callable[[str], Any]

FORM = "form"
UNREAD, WRITTEN, MISSING, NO_DAY, OPEN = "unread", "written", "missing", "no day", "open"
WORDS = "words"
NOTES = {
    UNREAD: "could not be read, and {is|are} stored as not known",
    WRITTEN: "{was|were} written in another way, and read",
    WORDS: "hold{s|} words in place of a number, and {is|are} stored as the answer",
    MISSING: "say{s that it is| that they are} missing, and {is|are} stored as empty",
    NO_DAY: "{has|have} no day that is known",
    OPEN: "hold{s|} a day by which systems say that there is no end, and {is|are} stored as empty",
    CHECK_DIGIT: "hold{s|} a code with a wrong check digit: mistyped, rounded, or not SNOMED CT",
    FORM: "hold{s|} a code that does not have the form of any code system, or of the one in its row",
    WITH_TERM: "hold{s|} a Read code with its term code, which is another text than its five characters",
    NO_CONCEPT: "hold{s|} a SNOMED CT identifier of a description or a relationship, where clusters have concepts",
}
"""What there is to say of cells that are stored otherwise than they were written, or as they were and may be wrong:
of one cell and of several, as `words.agreed` reads it."""

SAYS_MISSING = frozenset(("na", "n/a", "#n/a", "nan", "nat", "<na>", "null", "(null)", "none", "\\n"))
"""What data frames and databases write for a cell that is missing, in whatever capitals."""

_NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6}0*)?", re.ASCII)
_NOUGHT = re.compile(r"-?0(\.0*)?[eE][-+]?[0-9]{1,3}", re.ASCII)
"""As databases write a 0 of many decimals, `0E-18`: of all numbers with an exponent the one that is surely exact."""

_CODE = re.compile(r"[^\s,;\"\x00-\x1f\x7f]{1,64}")
_WHOLE = re.compile(r"0*([0-9]{1,9})(\.0*)?", re.ASCII)
PRACTICE_CODE = re.compile(r"[A-Z0-9][A-Z0-9_-]{0,19}", re.ASCII)
_FLAG = re.compile(r"[a-z0-9][a-z0-9-]{0,39}", re.ASCII)
_SEXES = {
    "F": "F", "FEMALE": "F", "2": "F", "M": "M", "MALE": "M", "1": "M", "I": "I", "INDETERMINATE": "I", "9": "I",
    "U": "U", "UNKNOWN": "U", "NOT KNOWN": "U", "NOT SPECIFIED": "U", "0": "U", "X": "U",
}  # fmt: skip
"""By letter, by word and by the numbers of the NHS Data Dictionary (person stated gender code: 1 male, 2 female, 9
indeterminate, X not known; person gender code: 0 not known)."""


@dataclass(frozen=True)
class Otherwise:
    """What a cell is stored as where that is not what was written, or may be wrong; `how` is one of `NOTES`."""

    value: Any
    how: str


def _respelt(value: Any, text: str) -> Any:
    return value if value == text else Otherwise(value, WRITTEN)


def text(most: int, what: str) -> Read:
    """A text of at most so many characters, all of which can be seen."""

    def read(text: str) -> str:
        if len(text) > most or not text.isprintable():
            raise ValueError(f"expected {what} of at most {most} characters")
        return text

    return read


def own(what: str) -> Read:
    """What is kept as it is, such as the source's own id of a thing: no NHS number may come in with it."""

    def read(cell: str) -> str:
        if looks_real(cell):
            raise ValueError(f"expected {what}, found what has the form of an NHS number")
        kept_text: str = text(64, "a text")(cell)
        return kept_text

    return read


def code(cell: str) -> Any:
    """A clinical code. A damaged text is refused: it would be in no cluster."""
    altered = damage(cell)
    if "spreadsheet" in altered:
        raise ValueError("expected a code, found a number that a spreadsheet shortened: export the codes as text")
    if not _CODE.fullmatch(cell) or "blank" in altered:
        raise ValueError("expected a code of at most 64 characters, without blanks, commas or semicolons")
    if altered:
        raise ValueError(f"expected a code, found a text that {altered}: export the codes as they are")
    doubt = doubt_about(cell) or (FORM if has_no_form(cell) else "")
    return Otherwise(cell, doubt) if doubt else cell


def has_no_form(cell: str, system: str = "") -> bool:
    """Whether a code lacks the form of any code system, or of the given one. Made-up codes are left alone."""
    return not cell.startswith("made-up:") and bool(wrong_with(cell, system))


def _comma(cell: str) -> str:
    """What to say of a comma between digits: it stands for a point in one country and for nothing in another."""
    return ", found a comma: write 7.5 and 1400" if re.search(r"\d,\d", cell) else ""


def value(cell: str) -> Decimal:
    """A number, exactly."""
    if _NOUGHT.fullmatch(cell):
        return Decimal(0)
    if not _NUMBER.fullmatch(cell):
        raise ValueError(f"expected a number of at most 12 digits and 6 decimals{_comma(cell)}")
    return Decimal(cell)


def _number(cell: str, least: int, most: int, expected: str) -> Any:
    """A whole number; a data frame writes it with a point where other cells of the column are empty."""
    match = _WHOLE.fullmatch(cell)
    if not match or not least <= int(match[1]) <= most:
        raise ValueError(f"expected {expected}{_comma(cell)}")
    return int(match[1]) if cell == str(int(match[1])) else Otherwise(int(match[1]), WRITTEN)


def whole(most: int) -> Read:
    """A whole number from 0 on."""
    return lambda cell: _number(cell, 0, most, f"a whole number of at most {most:,}")


def days(cell: str) -> Any:
    """For how many days something lasts."""
    return _number(cell, 1, 9999, "a whole number of days, 1 to 9999")


def decile(cell: str) -> Any:
    """1 to 10."""
    return _number(cell, 1, 10, "a decile, 1 to 10")


def sex(cell: str) -> Any:
    """One of the four, by its letter, its word or its number."""
    letter = _SEXES.get(re.sub(r"(?<=[0-9])\.0*$", "", " ".join(cell.upper().split())))
    if not letter:
        raise ValueError("expected F, M, I or U")
    return _respelt(letter, cell)


def episode(cell: str) -> Any:
    """How a record says that a problem began, began again, goes on or ended."""
    small = cell.lower()
    if small not in EPISODES:
        raise ValueError("expected first, new, continuing or ended")
    return _respelt(small, cell)


def practice_code(cell: str) -> str:
    """A practice's code."""
    if not PRACTICE_CODE.fullmatch(cell):
        raise ValueError("expected a practice code: capitals and digits, at most 20")
    return cell


def flags(cell: str) -> Any:
    """Words in small letters with hyphens, sorted."""
    words = {word.strip() for word in cell.split(";")} - {""}
    respelt = {re.sub(r"[\s_]+", "-", word.lower()) for word in words}
    if not all(map(_FLAG.fullmatch, respelt)):
        raise ValueError("expected words in small letters with hyphens, separated by semicolons")
    joined = ";".join(sorted(respelt))
    return joined if respelt == words else Otherwise(joined, WRITTEN)
