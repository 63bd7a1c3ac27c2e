"""What a clinical code may look like: of a named system, of any system, or made up.

A code that was certainly damaged is refused wherever codes are read, in clusters and in records: nobody can be sure
which code it was, and as it is it would be in no cluster. What may well be meant, such as a wrong check digit, is
taken, with a warning.

A SNOMED CT identifier ends in a check digit by Verhoeff's scheme, which finds every single wrong digit and every swap
of neighbours. Spreadsheets round identifiers of sixteen digits and more, and nine times in ten it finds that too.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from remit.terminology.systems import SYSTEMS, has_form, loinc_digit_holds, shown

MADE_UP = "demo:"
_MADE_UP = re.compile(r"demo:[A-Z0-9_]+-[1-9][0-9]*")
_SNOMED = re.compile(r"[1-9][0-9]{5,17}")
_READ = re.compile(r"\^?[A-Za-z0-9.]{2,12}")  # Read and CTV3 have five characters; local codes of systems have more
_ROUNDED = re.compile(
    r"[0-9](\.[0-9]+)?[eE]\+[0-9]+|[0-9]\.[0-9]+[eE][0-9]+|[0-9][eE](0[5-9]|1[0-7])|[0-9]{6,}\.[0-9]*", re.ASCII
)
_QUOTED = re.compile(r"['\"`]")
_BEFORE = re.compile(r"(?:(?!demo:)[A-Za-z][A-Za-z0-9./:-]*[:/=|]|[#+=-])[0-9]{6,18}", re.ASCII)
_BEHIND = re.compile(r"[0-9]{6,18}[^0-9].*", re.ASCII)
_FILLED_UP = re.compile(r"0[0-9]{7,}", re.ASCII)
_READ_WITH_TERM = re.compile(r"(?=.{0,4}[A-Za-z.])([A-Za-z0-9]{1,5}\.{0,4})(00|1[0-9])", re.ASCII)

# Verhoeff's scheme: how two digits are multiplied, and how a digit is turned at each of eight places from the right.
_TIMES = (
    "0123456789", "1234067895", "2340178956", "3401289567", "4012395678",
    "5987604321", "6598710432", "7659821043", "8765932104", "9876543210",
)  # fmt: skip
_PLACES = (
    "0123456789", "1576283094", "5803796142", "8916043527", "9453126870", "4286573901", "2793806415", "7046913258",
)  # fmt: skip


def is_made_up(code: str) -> bool:
    """Whether a code was invented for the demonstration set."""
    return code.startswith(MADE_UP)


def is_snomed(code: str) -> bool:
    """Whether a code has the form of a SNOMED CT identifier (dm+d's are such too); the check digit is apart."""
    return _SNOMED.fullmatch(code) is not None


def check_digit_holds(code: str) -> bool:
    """Whether the last digit of a SNOMED CT identifier is the one that the digits before it ask for."""
    checked = "0"
    for position, digit in enumerate(reversed(code)):
        checked = _TIMES[int(checked)][int(_PLACES[position % 8][int(digit)])]
    return checked == "0"


def damage(code: str, system: str = "") -> str:
    """How a code was damaged, in words that follow its name in a message; empty where it was not.

    The codes of a local system may be numbers with something before or behind them.
    """
    if any(not c.isprintable() for c in code):
        return "has a character in it that cannot be seen"
    if " " in code:
        return "has a blank in it"
    if not code.isascii():
        return "has a character in it that no code has, such as a full-width digit"
    if _QUOTED.search(code):
        return "has an apostrophe or a quote in it"
    if _ROUNDED.fullmatch(code):
        return "is a number that a spreadsheet has written its own way"
    if system == "local":
        return ""
    if _FILLED_UP.fullmatch(code):
        return "is a number that was filled up with zeros"
    if _BEFORE.fullmatch(code):
        return "has something before the number"
    if _BEHIND.fullmatch(code) and not has_form(code, "loinc"):
        return "has something behind the number, such as its term"
    return ""


def wrong_with(code: str, system: str = "") -> str:
    """Why a text is not a code, in words that follow it in a message; empty where it is one.

    With `system` it must have the form of that system's codes, else of one of them.
    """
    if altered := damage(code, system):
        return altered
    if system:
        return "" if has_form(code, system) else f"does not have the form of {shown(system)} codes"
    if _SNOMED.fullmatch(code) or _READ.fullmatch(code) or _MADE_UP.fullmatch(code):
        return ""
    if any(has_form(code, one) for one in SYSTEMS if one != "local"):
        return ""
    return "is not a code of SNOMED CT, dm+d, Read 2, CTV3, LOINC, ICD-10, OPCS-4 or CVX"


def check_digit_fails(code: str, system: str = "") -> str:
    """The system by whose scheme a code's last digit is wrong; empty where it holds, or where there is none."""
    if system in ("", "snomed", "dmd") and is_snomed(code):
        return "" if check_digit_holds(code) else "snomed"
    if system in ("", "loinc") and has_form(code, "loinc"):
        return "" if loinc_digit_holds(code) else "loinc"
    return ""


CHECK_DIGIT = "check digit"
WITH_TERM = "term code"
NO_CONCEPT = "no concept"


def doubt_about(code: str, system: str = "") -> str:
    """What may be wrong with a code that can stand: one of the three above, or nothing.

    The two digits before the check digit of a SNOMED CT identifier say what it is of: 00 and 10 a concept, 01 and 11 a
    description, 02 and 12 a relationship. A Read code has five characters; its term code is two more (`00`, `11` …),
    with which it is another text than in a cluster that leaves them out.
    """
    if check_digit_fails(code, system):
        return CHECK_DIGIT
    if system in ("", "snomed", "dmd") and is_snomed(code) and code[-3:-1] in ("01", "11", "02", "12"):
        return NO_CONCEPT
    match = _READ_WITH_TERM.fullmatch(code) if system in ("", "read2") else None
    return WITH_TERM if match and len(match[1]) == 5 and not is_snomed(code) else ""


def spellings(code: str) -> Iterator[str]:
    """The other texts by which a code that stands in a cluster is met in records: damage, or another fashion."""
    if is_snomed(code):
        yield from (f"{code}.0", f"{code}.00", f"'{code}", f"0{code}")
        if len(code) > 15:  # what a spreadsheet makes of it: fifteen digits count, and the rest are noughts
            rest = 10 ** (len(code) - 15)
            yield from (code[:15] + "0" * (len(code) - 15), str((int(code) + rest // 2) // rest * rest))
        return
    if not _READ.fullmatch(code) or is_made_up(code):
        return
    if code != code.upper() and code[0].isupper():  # capitals matter: in small letters `g20..` is another code
        yield code.upper()
    if len(code) > 3 and has_form(code, "icd10"):
        yield code.replace(".", "") if "." in code else f"{code[:3]}.{code[3:]}"
    match = _READ_WITH_TERM.fullmatch(code)
    short = match[1] if match and len(match[1]) == 5 else code
    if len(short) <= 5:
        bare, full = short.rstrip("."), short.ljust(5, ".")
        yield from (bare, full, f"{full}00", f"{full}11", f"'{full}")


def misspelt(codes: Iterable[str], known: Iterable[str]) -> Mapping[str, str]:
    """Of codes that are not among the known ones, those that are another spelling of one, with that one."""
    known_codes = frozenset(known)
    other = _other_spellings(known_codes)
    corrected = {}
    for code in codes:
        if code in known_codes:
            continue
        cleaned = "".join(c for c in unicodedata.normalize("NFKC", code) if c.isprintable()).strip(" '\"`")
        parts = (part.strip() for part in re.split(r"[|(]", cleaned))
        one = next((text for text in (cleaned, *parts) if text in known_codes), "") or other.get(cleaned, "")
        if one:
            corrected[code] = one
    return corrected


@lru_cache(maxsize=1)
def _other_spellings(known: frozenset[str]) -> Mapping[str, str]:
    """Every other spelling of known codes, with its code."""
    return {text: code for code in sorted(known) for text in spellings(code) if text not in known}
