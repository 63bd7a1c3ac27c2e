"""What a clinical code may look like: of a system that is said, of any of them, or made up.

A SNOMED CT identifier ends in a check digit by Verhoeff's scheme, which finds every single wrong digit and every swap
of neighbours. Spreadsheets round identifiers of sixteen digits and more, and nine times in ten it finds that too.
"""

from __future__ import annotations

import re

from remit.terminology.systems import SYSTEMS, has_form, loinc_digit_holds, shown

MADE_UP = "demo:"
_MADE_UP = re.compile(r"demo:[A-Z0-9_]+-[1-9][0-9]*")
_SNOMED = re.compile(r"[1-9][0-9]{5,17}")
_READ = re.compile(r"\^?[A-Za-z0-9.]{2,12}")  # Read and CTV3 have five characters; local codes of systems have more
_ROUNDED = re.compile(r"[0-9](\.[0-9]+)?[eE]\+[0-9]+|[0-9]{6,}\.0*")

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


def wrong_with(code: str, system: str = "") -> str:
    """What keeps a text from being a code, as a message goes on after its name; empty where nothing does.

    With `system` it must have the form of that system's codes, else of one of them.
    """
    if any(not c.isprintable() for c in code):
        return "has a character in it that cannot be seen"
    if " " in code:
        return "has a blank in it"
    if _ROUNDED.fullmatch(code):
        return "is a number that a spreadsheet has written its own way"
    if system:
        return "" if has_form(code, system) else f"is no {shown(system)} code"
    if _SNOMED.fullmatch(code) or _READ.fullmatch(code) or _MADE_UP.fullmatch(code):
        return ""
    if any(has_form(code, one) for one in SYSTEMS if one != "local"):
        return ""
    return "is no code of SNOMED CT, dm+d, Read 2, CTV3, LOINC, ICD-10, OPCS-4 or CVX"


def check_digit_fails(code: str, system: str = "") -> str:
    """The system by whose scheme a code's last digit is wrong; empty where it holds, or where there is none."""
    if system in ("", "snomed", "dmd") and is_snomed(code):
        return "" if check_digit_holds(code) else "snomed"
    if system in ("", "loinc") and has_form(code, "loinc"):
        return "" if loinc_digit_holds(code) else "loinc"
    return ""
