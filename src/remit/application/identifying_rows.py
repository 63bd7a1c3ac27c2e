"""What of a table's or a page's texts identifies a patient: NHS numbers by their check digit, and columns headed so.

A finding says where it is, and never repeats what was found.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from typing import TextIO

from remit.core.nhs_numbers import holds_nhs_number
from remit.core.problems import Collector, Place, refuse
from remit.core.rows import column_name
from remit.scoring.marks import mark_of

_OF_ORGANISATIONS = (
    "practice",
    "network",
    "place",
    "commissioner",
    "icb",
    "pcn",
    "organisation",
    "scheme",
    "indicator",
)
_COLUMNS = {
    "a name": (
        "name", "forename", "forenames", "firstname", "givenname", "middlename", "surname", "lastname", "familyname",
        "fullname", "patientname", "initials", "knownas",
    ),
    "a birth date": ("dob", "dateofbirth", "birthdate", "birthday", "dateofbirthtext", "born", "birth"),
    "an address": (
        "address", "address1", "address2", "address3", "address4", "addressline1", "addressline2", "addressline3",
        "street", "housenumber", "house", "homeaddress", "postcode", "postalcode", "zip", "zipcode", "uprn",
    ),
    "an NHS number": ("nhsnumber", "nhsno", "nhsnum", "nhs", "chinumber", "chi", "hcn", "patientnhsnumber"),
    "a patient": ("patient", "patientid", "patientnumber", "hospitalnumber", "mrn", "ninumber", "nino"),
    "a telephone number or e-mail address": ("telephone", "phone", "mobile", "tel", "email", "emailaddress"),
}  # fmt: skip
_BY_COLUMN = {name: what for what, names in _COLUMNS.items() for name in names}
_PATIENTS = re.compile(r"^(?:patient|person|client|subject)s?(?=.)")
MOST = 20
"""Findings that are said; the rest are counted."""


Cell = tuple[str, int, int, str]
"""Where a text is: a part of the file (a sheet, a page; '' in CSV), its row and column from 1; and the text."""


def csv_cells(file: TextIO, name: str) -> Iterator[Cell]:
    """The cells of a CSV file as they come."""
    reader = csv.reader(file)
    try:
        for row in reader:
            for column, text in enumerate(row, 1):
                yield "", reader.line_num, column, text
    except (csv.Error, UnicodeDecodeError):
        raise refuse(
            "files.not-utf-8", f"cannot be read near row {reader.line_num + 1}.", Place(name, reader.line_num + 1),
            "Save it as CSV UTF-8.",
        ) from None  # fmt: skip


def check_rows(cells: Iterator[Cell], name: str, text_only: bool = False) -> None:
    """Raises Refused with each cell that identifies a patient and each column that is headed so.

    The mark of a provisional count, a hash of the cells before it in its row, is nobody's number, whatever its digits.
    """
    problems, first = Collector(MOST), dict[str, int]()
    of, before = ("", 0), list[str]()  # a row, and its cells so far
    for part, row, column, text in cells:
        of, before = (of, before) if of == (part, row) else ((part, row), [])
        if row == first.setdefault(part, row) and not text_only:
            headed = headed_as(text)
            if headed:
                problems.add(
                    "disclosure.column-of-patients", f"{_where(part, row, column)}: the column is headed as {headed}.",
                    Place(name, row, column), "Leave the column out: counts need none.", what=headed,
                )  # fmt: skip
        if len(text) >= 7 and holds_nhs_number(text) and text != mark_of(before):
            problems.add(
                "disclosure.nhs-number", f"{_where(part, row, column)}: holds an NHS number, by its check digit.",
                Place(name, row, column), "Take it out. The file was not kept.",
            )  # fmt: skip
        before.append(text)
    problems.refuse_if_any()


def _where(part: str, row: int, column: int) -> str:
    return f"{part}, row {row}, column {column}" if part and column else part or f"row {row}, column {column}"


def headed_as(text: str) -> str:
    """What of a person a column is headed as: a name, a birth date; '' for none."""
    plain = re.sub(r"[^a-z0-9]", "", column_name(text))
    if any(plain.startswith(one) for one in _OF_ORGANISATIONS):
        return ""
    return _BY_COLUMN.get(plain) or _BY_COLUMN.get(_PATIENTS.sub("", plain), "")
