"""The payment file: what a released run pays to whom, as rows, with totals that whoever pays can hold it to.

`docs/reference/payment-file.md` has the layout. Rows are of one kind each, which their first cell says: a header, the
names of the columns, a row for each payment, a total for each kind, and a trailer. A receipt is a payment below zero.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from remit.core import say
from remit.core.problems import Collector, Place
from remit.core.rounding import pence_text

LAYOUT = "1"
REHEARSAL = "rehearsal"
"""In place of the layout: whoever pays by it knows no such layout, and refuses the file."""
HEADER, COLUMNS, PAYMENT, TOTAL, TRAILER = "header", "columns", "payment", "total", "trailer"
NAMES = (
    "practice_code", "practice_name", "scheme", "kind", "pounds", "reference", "extract", "declaration",
    "scheme_version", "scheme_sha256", "engine", "key",
)  # fmt: skip
"""The cells of a payment, after its first."""
_WIDTHS = {HEADER: 8, COLUMNS: 1 + len(NAMES), PAYMENT: 1 + len(NAMES), TOTAL: 4, TRAILER: 4}
_POUNDS = re.compile(r"(-?)(\d{1,12})\.(\d\d)", re.ASCII)

Row = tuple[str, ...]


@dataclass(frozen=True)
class FileHeader:
    """Of which run a file is. `prepared_at` has its zone."""

    commissioner_code: str
    commissioner: str
    run: int
    month: date
    pay_on: date
    prepared_at: datetime
    is_rehearsal: bool = False


@dataclass(frozen=True)
class Payment:
    """One payment: to whom, what of, and all that it rests on. `pence` below zero are received."""

    practice_code: str
    practice: str
    scheme: str
    kind: str
    pence: int
    reference: str
    extract: str
    declaration: str
    scheme_version: str
    scheme_sha256: str
    engine: str
    key: str


@dataclass(frozen=True)
class Totals:
    """What a file comes to: how many payments, the pence of all and by kind, and the sum of the practices' codes."""

    records: int
    pence: int
    by_kind: tuple[tuple[str, int, int], ...]
    """Each kind with its number of payments and its pence, by name."""
    codes: int


def rows(header: FileHeader, payments: Sequence[Payment]) -> Iterator[Row]:
    """The rows of a file, in a stated order: by practice, scheme, kind and key. The same inputs give the same rows.

    No cell has a line end or another sign that is obeyed. Raises ValueError where a key is in it twice.
    """
    for row in _rows(header, payments):
        yield tuple(map(say.clean, row))


def _rows(header: FileHeader, payments: Sequence[Payment]) -> Iterator[Row]:
    ordered = sorted(payments, key=lambda one: (one.practice_code, one.scheme, one.kind, one.key))
    twice = [key for key, times in Counter(one.key for one in ordered).items() if times > 1]
    if twice:
        raise ValueError(f"{twice[0]} would be paid twice.")
    yield (
        HEADER, REHEARSAL if header.is_rehearsal else LAYOUT, header.commissioner_code, header.commissioner,
        str(header.run), f"{header.month:%Y-%m}", header.pay_on.isoformat(),
        header.prepared_at.isoformat(timespec="seconds"),
    )  # fmt: skip
    yield COLUMNS, *NAMES
    for one in ordered:
        yield (
            PAYMENT, one.practice_code, one.practice, one.scheme, one.kind, pence_text(one.pence),
            one.reference, one.extract, one.declaration, one.scheme_version, one.scheme_sha256, one.engine, one.key,
        )  # fmt: skip
    totals = totals_of(ordered)
    for kind, records, pence in totals.by_kind:
        yield TOTAL, kind, str(records), pence_text(pence)
    yield TRAILER, str(totals.records), pence_text(totals.pence), str(totals.codes)


def totals_of(payments: Sequence[Payment]) -> Totals:
    """What payments come to."""
    return _totals([(one.practice_code, one.kind, one.pence) for one in payments])


def _totals(payments: Sequence[tuple[str, str, int]]) -> Totals:
    times, pence = Counter[str](), Counter[str]()
    for _, kind, amount in payments:
        times[kind] += 1
        pence[kind] += amount
    by_kind = tuple((kind, times[kind], pence[kind]) for kind in sorted(times))
    return Totals(len(payments), sum(pence.values()), by_kind, sum(code_number(code) for code, _, _ in payments))


def code_number(code: str) -> int:
    """A practice's code as a number of base 36, as `DECIMAL(code, 36)` of a spreadsheet: other signs are left out."""
    return int("".join(c for c in code.upper() if c.isascii() and c.isalnum()) or "0", 36)


def check_rows(found: Sequence[tuple[int, Sequence[str]]], name: str) -> tuple[Row, Totals]:
    """The header and the totals of a file of numbered rows. Raises Refused with all that does not fit."""
    problems = Collector()
    by_kind: dict[str, list[tuple[int, Row]]] = {}
    for number, cells in found:
        row, place = tuple(cells), Place(name, number)
        kind = row[0] if row else ""
        width = _WIDTHS.get(kind)
        if width is None:
            what = f"a row begins with '{kind}'; expected {', '.join(_WIDTHS)}."
            problems.add("payment.row-unknown", what, place)
        elif len(row) != width:
            what = f"a {kind} row has {width} cells, this one has {len(row)}."
            problems.add("payment.row-unknown", what, place)
        else:
            by_kind.setdefault(kind, []).append((number, row))
    _check_order(found, name, by_kind, problems)
    payments = _payments(by_kind.get(PAYMENT, []), name, problems)
    totals = _totals(payments)
    if problems.total == 0:
        _check_totals(by_kind, totals, name, problems)
    problems.refuse_if_any()
    return by_kind[HEADER][0][1], totals


def _check_order(
    found: Sequence[tuple[int, Sequence[str]]],
    name: str,
    by_kind: dict[str, list[tuple[int, Row]]],
    problems: Collector,
) -> None:
    """A header first, the columns second, a trailer last, each once; and a layout that is known."""
    for kind in (HEADER, COLUMNS, TRAILER):
        times = len(by_kind.get(kind, []))
        if times != 1:
            what = f"has {times or 'no'} {kind} row{'s' if times > 1 else ''}; expected one: is it whole?"
            problems.add("payment.file-not-whole", what, Place(name))
    order = [row[0] for _, row in found if row]
    places = {HEADER: 0, COLUMNS: 1, PAYMENT: 2, TOTAL: 3, TRAILER: 4}
    known = [places[kind] for kind in order if kind in places]
    if known != sorted(known):
        problems.add("payment.file-not-whole", f"its rows are not in the order {', '.join(places)}.", Place(name))
    for number, row in by_kind.get(HEADER, []):
        if row[1] not in (LAYOUT, REHEARSAL):
            what = f"its layout is {row[1]}; this version of Remit knows layout {LAYOUT}."
            problems.add("payment.layout-unknown", what, Place(name, number))
    for number, row in by_kind.get(COLUMNS, []):
        if row[1:] != NAMES:
            what = f"its columns are {', '.join(row[1:])}; expected {', '.join(NAMES)}."
            problems.add("payment.layout-unknown", what, Place(name, number))


def _payments(found: list[tuple[int, Row]], name: str, problems: Collector) -> list[tuple[str, str, int]]:
    """Practice, kind and pence of each payment; what cannot be read, and keys that occur twice, are problems."""
    payments, first = [], dict[str, int]()
    for number, row in found:
        one = dict(zip(NAMES, row[1:], strict=True))
        pence = _pence(one["pounds"])
        if pence is None:
            what = f"'{one['pounds']}' is no amount; expected pounds with two decimals, such as 1234.50."
            problems.add("payment.amount-unreadable", what, Place(name, number))
        if one["key"] in first:
            what = f"{one['key']} is paid twice (first on row {first[one['key']]})."
            problems.add("payment.key-twice", what, Place(name, number), key=one["key"])
        first.setdefault(one["key"], number)
        payments.append((one["practice_code"], one["kind"], pence or 0))
    return payments


def _check_totals(by_kind: dict[str, list[tuple[int, Row]]], totals: Totals, name: str, problems: Collector) -> None:
    """The totals that the file states beside those of its payments."""
    kinds = {kind: (str(records), pence_text(pence)) for kind, records, pence in totals.by_kind}
    stated = {row[1]: (number, row[2:]) for number, row in by_kind.get(TOTAL, [])}
    for kind in sorted({*kinds, *stated}):
        number, (records, pounds) = stated.get(kind, (0, ("0", "0.00")))
        right = kinds.get(kind, ("0", "0.00"))
        for what, one, other in (("payments", records, right[0]), ("pounds", pounds, right[1])):
            if one != other:
                message = f"the total of {kind} says {one} {what}; the payments come to {other}."
                problems.add("payment.totals-differ", message, Place(name, number))
    number, row = by_kind[TRAILER][0]
    wanted = (str(totals.records), pence_text(totals.pence), str(totals.codes))
    for what, one, other in zip(("payments", "pounds", "sum of practice codes"), row[1:], wanted, strict=True):
        if one != other:
            message = f"the trailer says {one} as the {what}; the payments come to {other}."
            problems.add("payment.totals-differ", message, Place(name, number))


def _pence(text: str) -> int | None:
    match = _POUNDS.fullmatch(text)
    if not match:
        return None
    pence = int(match[2]) * 100 + int(match[3])
    return -pence if match[1] else pence
