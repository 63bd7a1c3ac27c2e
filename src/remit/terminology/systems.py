"""The code systems, by the names that records and lists have for them, and the form of each one's codes.

A code with a system is of that system only. A code without one may be of any: `4548-4` is a code of LOINC by
its form, and still one that a record without a system matches.
"""

from __future__ import annotations

import re

SYSTEMS: dict[str, tuple[str, ...]] = {
    "snomed": ("snomed ct", "snomedct", "sct", "snomed.info/sct", "2.16.840.1.113883.6.96"),
    "dmd": ("dm+d", "dmd.nhs.uk"),
    "read2": ("read 2", "read v2", "readv2", "read code", "read.info/readv2"),
    "ctv3": ("read 3", "read v3", "readv3", "read.info/ctv3"),
    "loinc": ("loinc.org", "2.16.840.1.113883.6.1"),
    "icd10": ("icd-10", "icd 10", "hl7.org/fhir/sid/icd-10", "2.16.840.1.113883.6.3"),
    "opcs4": ("opcs-4", "opcs 4"),
    "cvx": ("hl7.org/fhir/sid/cvx", "2.16.840.1.113883.12.292"),
    "local": (),
}
"""Each system with the other names that it is known by, in small letters; of a URI without `http://` or `urn:oid:`."""

_BEFORE = re.compile(r"^(https?://(www\.)?|urn:oid:)")
_EDITION = re.compile(r"^snomed\.info/sct/[0-9]+(/version/[0-9]+)?$")
_FORMS = {
    "snomed": r"[1-9][0-9]{5,17}",
    "dmd": r"[1-9][0-9]{5,17}",
    "read2": r"[A-Za-z0-9.]{5}([A-Za-z0-9]{2})?",  # the last two are the number of the term
    "ctv3": r"[A-Za-z0-9.]{5}",
    "loinc": r"(?:L[AGLP])?[1-9][0-9]{0,6}-[0-9]",
    "icd10": r"[A-Z][0-9][0-9A-Z](?:\.?[0-9A-Z]{1,4})?[+*]?",
    "opcs4": r"[A-Z][0-9]{2}(?:\.?[0-9])?",
    "cvx": r"[0-9]{1,3}",
    "local": r"\S{1,64}",
}
_SHOWN = {
    "snomed": "SNOMED CT", "dmd": "dm+d", "read2": "Read 2", "ctv3": "CTV3", "loinc": "LOINC", "icd10": "ICD-10",
    "opcs4": "OPCS-4", "cvx": "CVX", "local": "local",
}  # fmt: skip


def read_system(text: str) -> str:
    """A code system by its name here, a usual one, or its URI. Raises ValueError, which does not quote the text."""
    small = _BEFORE.sub("", text.lower()).rstrip("/")
    small = "snomed" if _EDITION.match(small) else small
    for name, others in SYSTEMS.items():
        if small == name or small in others:
            return name
    names = list(SYSTEMS)
    raise ValueError(f"expected {', '.join(names[:-1])} or {names[-1]}")


def has_form(code: str, system: str) -> bool:
    """Whether a code has the form of the codes of a system."""
    return re.fullmatch(_FORMS[system], code, re.ASCII) is not None


def shown(system: str) -> str:
    """A system as a sentence names it."""
    return _SHOWN[system]


def same_codes(systems: frozenset[str]) -> frozenset[str]:
    """The systems whose codes these are: dm+d takes its identifiers from SNOMED CT, and none is of both."""
    both = frozenset({"snomed", "dmd"})
    return systems | both if systems & both else systems


def loinc_digit_holds(code: str) -> bool:
    """Whether the digit behind the hyphen is the one that the digits before it ask for (by Luhn's scheme)."""
    digits = [int(digit) for digit in code.partition("-")[0] if digit.isdigit()]
    doubled = [digit * 2 for digit in digits[::-1][::2]]
    total = sum(digit - 9 if digit > 9 else digit for digit in doubled) + sum(digits[::-1][1::2])
    return (10 - total % 10) % 10 == int(code[-1])
