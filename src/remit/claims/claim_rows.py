"""Rows of claims, checked whole before any of them is decided; and the decisions as a table.

A claim is `practice_code, pseudonym, item, quarter`, and where it matters `date` (of the activity), `from` and `to`
(the first and last day on a level; no `to`: still is) and `attended` (1 or 0; empty is 1).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from types import MappingProxyType

from remit.claims.model import Claim, ClaimTerms, DecidedClaims
from remit.core.dates import Period, SchemeYear, parse_date
from remit.core.names import key
from remit.core.nhs_numbers import holds_nhs_number
from remit.core.placeholders import is_filler
from remit.core.problems import Collector, Problem, Refused, did_you_mean, error, refuse
from remit.core.rows import RowSource

REQUIRED = ("practice_code", "pseudonym", "item", "quarter")
OPTIONAL = ("date", "from", "to", "attended")
CLAIMS = ("practice_code", "pseudonym", "item", "quarter", "date", "from", "to", "scheme_id", "outcome", "reason")
"""The columns of claims.csv."""

_QUARTER = "expected a quarter written as 2025-Q1"


def check_claims(
    rows: RowSource,
    terms: Sequence[ClaimTerms],
    practices: Collection[str],
    year: SchemeYear,
    limit: int = 20,
    through: Mapping[str, Collection[str]] = MappingProxyType({}),
) -> list[Claim]:
    """The claims that rows make under the schemes of a run. Raises Refused with all row errors, up to `limit`.

    `through` are the networks whose claims a scheme, by its id, does not take: their practices' are.
    """
    table = rows.select(REQUIRED, OPTIONAL)
    problems, items = Collector(limit), _Items(terms)
    claims: list[Claim] = []
    number = 0
    spelt: dict[str, tuple[str, int]] = {}
    for number, cells in table.rows(problems):
        row = dict(zip(table.columns, cells, strict=True))
        claim, faults = _claim(number, row, practices, items, year, through, nearest=not problems.full)
        patient = row["pseudonym"]
        first, where = spelt.setdefault(patient.casefold(), (patient, number))
        if patient != first:
            why = f"the pseudonym '{patient}' is '{first}' on row {where}."
            faults.append(error("claims.pseudonym-in-two-ways", why, None, "Write one patient in one way.", row=where))
            claim = None
        for fault in faults:
            problems.take(replace(fault, place=table.place(number)))
        if claim:
            claims.append(claim)
    if not number and not problems.total:
        problems.add("claims.none", "there are no claims below the header.", rows.head)
    problems.refuse_if_any()
    return claims


def claim_rows(decided: DecidedClaims) -> Iterable[list[str]]:
    """The rows of claims.csv: by practice, patient, quarter, item; the same for any order of the file."""
    return sorted(
        (
            [c.practice, c.patient, c.item, c.quarter_text, *_days(c), scheme, outcome, reason]
            for _, c, scheme, outcome, reason in decided.decisions
        ),
        key=lambda row: (row[0], row[1], row[3], row[2], row[4:]),
    )


def _days(claim: Claim) -> list[str]:
    return [day.isoformat() if day else "" for day in (claim.day, claim.start, claim.end)]


class _Items:
    """The items of all schemes, by any capitals; one that several schemes have is named with its scheme."""

    def __init__(self, terms: Sequence[ClaimTerms]) -> None:
        self.schemes = {each.scheme: {key(item): item for item in sorted(each.items)} for each in terms}
        self.items_by_code: dict[str, list[tuple[str, str]]] = {}
        for scheme, items in self.schemes.items():
            for short, item in items.items():
                self.items_by_code.setdefault(short, []).append((scheme, item))

    def find(self, text: str, nearest: bool = True) -> tuple[str, str]:
        """The scheme and the item that a claim names. Raises Refused, with the `nearest` names where that is asked."""
        scheme, colon, item = text.rpartition(":")
        if colon and scheme not in self.schemes:
            raise refuse(
                "claims.scheme-unknown",
                f"the run has no scheme '{scheme}'.",
                None,
                did_you_mean(scheme, self.schemes) if nearest else "",
                scheme=scheme,
            )
        matches = [one for one in self.items_by_code.get(key(item), []) if not colon or one[0] == scheme]
        if len(matches) == 1:
            return matches[0]
        if matches:
            ways = " or ".join(f"{name}:{code}" for name, code in matches)
            raise refuse(
                "claims.item-in-several-schemes",
                f"the item '{text}' is in {len(matches)} schemes of the run.",
                None,
                f"Write {ways}.",
                item=text,
                schemes=[name for name, _ in matches],
            )
        if not item:
            raise refuse("claims.item-empty", "the item is empty.")
        known = (
            self.schemes[scheme].values()
            if colon
            else dict.fromkeys(f[1] for all in self.items_by_code.values() for f in all)
        )
        where = scheme if colon else "the run's schemes"
        hint = did_you_mean(item, known) if nearest else ""
        raise refuse("claims.item-unknown", f"there is no item '{item}' in {where}.", None, hint, item=item)


def _claim(
    number: int,
    row: Mapping[str, str],
    practices: Collection[str],
    items: _Items,
    year: SchemeYear,
    through: Mapping[str, Collection[str]],
    nearest: bool,
) -> tuple[Claim | None, list[Problem]]:
    """The claim of a row, or None with all that is wrong with it; and, where that is asked, the `nearest` names."""
    faults: list[Problem] = []
    practice, patient = row["practice_code"], row["pseudonym"]
    if practice not in practices:
        hint = did_you_mean(practice, practices) if nearest else ""
        faults.append(
            error(
                "claims.practice-unknown",
                f"practice '{practice}' is not among the practices.",
                None,
                hint,
                practice=practice,
            )
        )
    if not patient:
        faults.append(error("claims.pseudonym-empty", "the pseudonym is empty."))
    elif (ten := re.fullmatch(r"\d{10}", re.sub(r"[\s-]", "", patient))) or holds_nhs_number(patient):
        what = "has ten digits, as an NHS number has" if ten else "holds what has the form of an NHS number"
        faults.append(  # never shown: it may be what it looks like
            error(
                "claims.pseudonym-like-nhs-number",
                f"the pseudonym {what}.",
                None,
                "Put a pseudonym in its place.",
            )
        )
    elif is_filler(patient):
        what = "the pseudonym is a filler for unknown patients, and would make many patients one."
        faults.append(error("claims.pseudonym-of-nobody", what))
    scheme = item = ""
    try:
        scheme, item = items.find(row["item"], nearest)
    except Refused as refused:
        faults += refused.problems
    if practice in through.get(scheme, ()):
        why = f"{practice} is a network, and {scheme} takes the claims of practices."
        faults.append(
            error("claims.of-a-network", why, None, "Claim for its practice.", practice=practice, scheme=scheme)
        )
    quarter = None
    try:
        quarter = _quarter(row["quarter"], year)
    except ValueError as wrong:
        faults.append(error("claims.quarter-unfit", f"{wrong}.", found=row["quarter"]))
    days: dict[str, date | None] = dict.fromkeys(("date", "from", "to"))
    for column in days:
        try:
            days[column] = parse_date(row[column]) if row[column] else None
        except ValueError as wrong:
            faults.append(error("claims.day-unreadable", f"{column}: {wrong}.", column=column, found=row[column]))
    if row["attended"] not in ("", "0", "1"):
        why = f"attended: expected 1, 0 or an empty cell (which means 1), found '{row['attended']}'."
        faults.append(error("claims.attended-unreadable", why, found=row["attended"]))
    start, end, day = days["from"], days["to"], days["date"]
    if start and end and end < start:
        faults.append(
            error("claims.days-backwards", f"to: {end} is before {start}, which is its `from`.", start=start, end=end)
        )
    if quarter is None:
        return None, faults
    claim = Claim(number, practice, patient, item, scheme, quarter, day, start, end, row["attended"] != "0")
    if day and not claim.first <= day <= claim.last:
        why = f"date: {day} is not in {claim.quarter_text}, {claim.first} to {claim.last}."
        faults.append(error("claims.day-outside-quarter", why, day=day, quarter=claim.quarter_text))
    return (None if faults else claim), faults


def _quarter(text: str, year: SchemeYear) -> Period:
    """A quarter of the scheme's year. Raises ValueError."""
    if "Q" not in text.upper():
        raise ValueError(f"{_QUARTER}, found '{text}'" if text else f"{_QUARTER}, found nothing")
    try:
        period = Period.parse(text, year)
    except ValueError:
        raise ValueError(f"{_QUARTER}, found '{text}'") from None
    if period.year != year:
        begins = year.begins
        raise ValueError(f"the quarter {text} is of {period.year}, not of {year}: expected {begins}-Q1 to {begins}-Q4")
    return period
