"""What the values of a breakdown are called, and in which order they come: ages from the youngest, deciles from the
most deprived, what is not known last."""

from __future__ import annotations

import re

from remit.core import say
from remit.disclosure.rare_values import OTHERS
from remit.evaluation.cells import NO_DATE, NO_FRAILTY, NO_REASON, NOT_KNOWN, NOT_RECORDED, band_names

ETHNICITY = {
    "A": "White British", "B": "White Irish", "C": "Other White", "D": "White and Black Caribbean",
    "E": "White and Black African", "F": "White and Asian", "G": "Other mixed", "H": "Indian", "J": "Pakistani",
    "K": "Bangladeshi", "L": "Other Asian", "M": "Black Caribbean", "N": "Black African", "P": "Other Black",
    "R": "Chinese", "S": "Any other group", "Z": "not stated",
}  # fmt: skip
"""The ethnic categories of the NHS Data Dictionary, in short: from memory, and no count rests on them."""

SEX = {"F": "Female", "M": "Male", "I": "Indeterminate", "U": "Not known"}

UNSUITABLE = "care described in the indicator unsuitable for the patient"
CHOSE_NOT = "patient chose not to receive care"
NO_RESPONSE = "patient did not respond to offers of care"
NEW = "newly diagnosed or newly registered"
ANOTHER = "another reason"
PCA_CATEGORIES = {
    "unsuitable": UNSUITABLE,
    "chose not to": CHOSE_NOT,
    "did not respond": NO_RESPONSE,
    "newly diagnosed": NEW,
    "newly registered": NEW,
}
"""The category of each kind of PCA. The first three are those of the Review of QOF (NHS England 2018, page 47), in its
words; the fourth is of people whom the Review's categories do not name."""

CATEGORY_ORDER = (UNSUITABLE, CHOSE_NOT, NO_RESPONSE, NEW, ANOTHER)
PCA_SHORT = {
    UNSUITABLE: "unsuitable", CHOSE_NOT: "chose not to", NO_RESPONSE: "did not respond",
    NEW: "newly diagnosed or registered",
}  # fmt: skip
"""The same in short, within a sentence."""

FIFTHS = {
    "1": "Most deprived fifth (Core20)", "2": "Second fifth", "3": "Third fifth", "4": "Fourth fifth",
    "5": "Least deprived fifth",
}  # fmt: skip
"""Fifths of deprivation, each of two tenths."""

_STATED = {
    "age": band_names(),
    "sex": tuple(SEX),
    "deprivation": tuple(str(n) for n in range(1, 11)),
    "frailty": (NO_FRAILTY, "fit", "mild", "moderate", "severe"),
}
_LAST = {OTHERS, NOT_RECORDED, NOT_KNOWN, NO_REASON, NO_DATE}
_PARTS = {"HBA1C": "HbA1c", "BMI": "BMI", "RESPECT": "ReSPECT record"}


def order(dimension: str, value: str) -> tuple[bool, int, str]:
    """Where a value comes among those of its dimension."""
    stated = _STATED.get(dimension, ())
    return value in _LAST, stated.index(value) if value in stated else 0, value


def label(dimension: str, value: str) -> str:
    """A value as a reader sees it."""
    if dimension == "sex":
        return SEX[value]
    if dimension == "ethnicity" and value in ETHNICITY:
        return f"{value} {ETHNICITY[value]}"
    if dimension == "deprivation" and value in ("1", "10"):
        return f"{value} ({'most' if value == '1' else 'least'} deprived)"
    return value


def part_label(part: str) -> str:
    """The name of a part of an indicator, which rules write as `BLOOD_PRESSURE`."""
    return _PARTS.get(part) or say.capital(re.sub(r"_+", " ", part).strip().casefold())
