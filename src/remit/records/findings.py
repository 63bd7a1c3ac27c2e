"""Findings of the check: what in records a person should look at, by the code of its kind."""

from __future__ import annotations

from dataclasses import dataclass

from remit.records.event_quality import KINDS as EVENT_KINDS


@dataclass(frozen=True)
class Finding:
    """Something to look at: the code of its kind, in which table of which practice, in how many rows or patients."""

    code: str
    practice: str
    table: str
    count: int
    about: str = ""


FUTURE = "records.dated-after-extract"
UNBORN = "records.dated-before-birth"
DOUBLE = "records.row-twice"
IMPOSSIBLE = "records.value-impossible"
UNIT_NOT_READ = "records.unit-not-read"
NO_UNIT = "records.value-without-unit"
UNITS = "records.code-in-several-units"
UNKNOWN = "records.code-in-no-list"
UNREGISTERED = "records.patient-without-registration"
ELSEWHERE = "records.patient-never-registered-here"
BACKWARDS = "records.registration-backwards"
GAP = "records.registrations-apart"
OVERLAP = "records.registrations-overlap"
HALF = "records.reading-with-one-half"
APART = "records.reading-over-several-days"
ORPHAN = "records.patient-not-there"
PROVISIONAL = "records.extract-stops-early"
REJECTED = "records.rows-rejected"
UNREAD = "records.cells-unread"
GONE = "records.gone-from-latest"
TWO_LISTS = "records.patient-on-two-lists"
FILLER = "records.id-of-nobody"
TWO_BIRTHS = "records.two-births"
NO_DAY = "records.day-not-known"
ALTERED = "records.code-altered"
CHECK_DIGIT = "records.code-check-digit"
NO_FORM = "records.code-of-no-system"
TERM_CODE = "records.read-code-with-term-code"
NO_CONCEPT = "records.code-of-no-concept"
MISSPELT = "records.code-misspelt"

KINDS = {
    PROVISIONAL: "extract that stops before the achievement date",
    REJECTED: "row that an import rejected",
    UNREAD: "cell that an import could not read",
    GONE: "in an earlier extract, and no longer in the latest",
    TWO_LISTS: "patient on the lists of two practices",
    TWO_BIRTHS: "id with several days of birth",
    FILLER: "id that stands for an NHS number that is not known",
    NO_DAY: "day that is not known",
    ALTERED: "damaged code",
    CHECK_DIGIT: "code with a wrong check digit",
    NO_FORM: "code without the form of any code system",
    TERM_CODE: "Read code with its term code",
    NO_CONCEPT: "identifier of a description or a relationship in place of a code",
    MISSPELT: "another spelling of a code that a cluster has",
    FUTURE: "dated after the extract's last day",
    UNBORN: "dated before birth",
    DOUBLE: "the same row twice",
    IMPOSSIBLE: "impossible value",
    UNIT_NOT_READ: "value in a unit that no rule reads",
    NO_UNIT: "value without a unit",
    UNITS: "one code in several units",
    UNKNOWN: "code in no list",
    UNREGISTERED: "patient without a registration",
    ELSEWHERE: "patient never registered at the practice",
    BACKWARDS: "registration that ends before it begins",
    GAP: "gap between registrations",
    OVERLAP: "registrations that overlap",
    HALF: "reading with one half",
    APART: "reading over several days",
    ORPHAN: "row of a patient who is not in the table of patients",
    **EVENT_KINDS,
}
"""Every kind of finding by its code, in the order of a report."""
