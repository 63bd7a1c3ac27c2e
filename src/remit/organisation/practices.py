"""Practices as a table names them: codes, lists, and joining, leaving, closing or merging within the year."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import partial
from typing import Any

from remit.core import exact
from remit.core.dates import SchemeYear, parse_date
from remit.core.problems import Collector, Place, did_you_mean
from remit.core.rounding import exact_text
from remit.core.rows import RowSource

COLUMNS = ("practice_code", "practice_name", "place_code", "network_code", "list_size", "weighted_list_size")
CHANGE_COLUMNS = ("joined", "left", "successor_code")
MERGED_COLUMN = "counts_merged"
PROVIDER_COLUMNS = ("level", "eligible_from", "eligible_to", "provisional", "evidence_reviewed")
NOT_REVIEWED = "Its evidence has not been reviewed."
LEVELS = ("practice", "network", "federation")


@dataclass(frozen=True)
class Fault:
    """What is wrong in the row of a `practice` beside the others' rows, or should be known."""

    code: str
    practice: str
    message: str
    hint: str
    data: Mapping[str, Any]


@dataclass(frozen=True)
class Practice:
    """A practice: its lists (registered: a whole number of patients; weighted: may have decimals) and its year.

    `joined` is its first day in the scheme, `left` its last; with a `successor`, it merged into that practice.
    `counts_merged` says of a successor whether its lists count the people who came with mergers, where that is said. A
    network or a federation that provides a service, or through which money goes, is one too, at its `level`; from
    `eligible_from` to `eligible_to` it may provide what a scheme asks eligibility for. `provisional` says why its
    figures cannot be final, where they cannot: its records end too early, or were counted on made-up codes.
    `evidence_reviewed` is the day on which its evidence was, where a scheme asks for that before anything is final.
    `columns` are further columns of its row, which the conditions of a scheme name.
    """

    code: str
    name: str = ""
    place: str = ""
    network: str = ""
    list_size: int | None = None
    weighted_list_size: Fraction | None = None
    joined: date | None = None
    left: date | None = None
    successor: str = ""
    level: str = "practice"
    eligible_from: date | None = None
    eligible_to: date | None = None
    provisional: str = ""
    evidence_reviewed: date | None = None
    counts_merged: bool | None = None
    columns: Mapping[str, str] = field(default_factory=dict, hash=False)

    def merged_in(self, year: SchemeYear) -> bool:
        """Whether another practice looks after its list before a year is over, so that its year is settled there."""
        return bool(self.successor and self.left and self.left < year.end)

    @property
    def merged_row(self) -> list[str]:
        """Its cell of `MERGED_COLUMN`."""
        return [{None: "", True: "yes", False: "no"}[self.counts_merged]]

    @property
    def provider_row(self) -> list[str]:
        """Its cells of `PROVIDER_COLUMNS`."""
        days = (self.eligible_from, self.eligible_to, self.evidence_reviewed)
        first, last, reviewed = (day.isoformat() if day else "" for day in days)
        return ["" if self.level == "practice" else self.level, first, last, self.provisional, reviewed]

    def row(self) -> list[str]:
        """The practice as a row of `COLUMNS` and `CHANGE_COLUMNS`."""
        weighted = "" if self.weighted_list_size is None else exact_text(self.weighted_list_size)
        size = "" if self.list_size is None else str(self.list_size)
        changes = [day.isoformat() if day else "" for day in (self.joined, self.left)]
        return [self.code, self.name, self.place, self.network, size, weighted, *changes, self.successor]


def further(named: Iterable[str]) -> list[str]:
    """Those of some columns that a practices file has beside the usual ones."""
    usual = {*COLUMNS, *CHANGE_COLUMNS, MERGED_COLUMN, *PROVIDER_COLUMNS}
    return [column for column in dict.fromkeys(named) if column not in usual]


def add_unreadable(problems: Collector, place: Place, practice: str, column: str, error: ValueError) -> None:
    """Say that a cell of a practice's row cannot be read, and why."""
    message = f"{column}: {error}."
    problems.add("practices.value-unreadable", message, place, practice=practice, column=column, reason=error)


def check_practices(
    rows: RowSource,
    needed: Collection[str] = (),
    limit: int = 20,
    faults: Callable[[Mapping[str, Practice]], Iterable[Fault]] | None = None,
    named: Collection[str] = (),
) -> dict[str, Practice]:
    """The practices that rows describe, in the order of their codes.

    `needed` names the list columns that a scheme's money rests on: each must be there and filled in every row. `named`
    are further columns that its conditions look at: each must be there, and a cell may be empty.
    `faults` looks at all of them together, where every row could be read, and says what is wrong in whose row.
    Raises Refused with all row errors, up to `limit`, and their count.
    """
    required = [c for c in COLUMNS if c in {"practice_code", "practice_name", *needed}] + further(named)
    optional = [c for c in (*COLUMNS, *CHANGE_COLUMNS, MERGED_COLUMN, *PROVIDER_COLUMNS) if c not in required]
    table = rows.select(required, optional)
    problems = Collector(limit)
    practices: dict[str, Practice] = {}
    first: dict[str, int] = {}
    for number, cells in table.rows(problems):
        place = table.place(number)
        row = dict(zip(table.columns, cells, strict=True))
        code = row["practice_code"]
        if not code:
            problems.add("practices.code-empty", "the practice code is empty.", place)
            continue
        if code in first:
            problems.add(
                "practices.code-twice",
                f"practice {code} is listed twice.",
                place,
                f"It is first on row {first[code]}.",
                practice=code,
                row=first[code],
            )
            continue
        first[code] = number
        level = row["level"] or "practice"
        if level not in LEVELS:
            problems.add(
                "practices.level-unknown",
                f"level: expected {', '.join(LEVELS)}, found '{level}'.",
                place,
                partial(did_you_mean, level, LEVELS),
                practice=code,
                found=level,
            )

        def read(
            column: str,
            how: Callable[[str], Any],
            row: dict[str, str] = row,
            number: int = number,
            code: str = code,
            level: str = level,
        ) -> Any:
            if not row[column]:
                if column in needed and level == "practice":
                    problems.add(
                        "practices.list-missing",
                        f"practice {code} has no {column}, which the scheme pays by.",
                        table.place(number),
                        f"Fill in the column {column}.",
                        practice=code,
                        column=column,
                    )
                return None
            try:
                return how(row[column])
            except ValueError as error:
                add_unreadable(problems, table.place(number), code, column, error)
                return None

        not_reviewed = row["evidence_reviewed"].casefold() == "no"
        practices[code] = Practice(
            code,
            row["practice_name"],
            row["place_code"],
            row["network_code"],
            read("list_size", exact.whole),
            read("weighted_list_size", exact.number),
            read("joined", parse_date),
            read("left", parse_date),
            row["successor_code"],
            level,
            read("eligible_from", parse_date),
            read("eligible_to", parse_date),
            row["provisional"] or (NOT_REVIEWED if not_reviewed else ""),
            None if not_reviewed else read("evidence_reviewed", parse_date),
            read(MERGED_COLUMN, _yes_or_no),
            {column: row[column] for column in named},
        )
    for code, practice in practices.items():
        _check_changes(
            practice,
            practices,
            lambda kind, message, hint="", row=first[code], **data: problems.add(
                kind, message, table.place(row), hint, **data
            ),
        )
    for fault in faults(practices) if faults else ():
        kind = fault.code
        problems.add(kind, fault.message, table.place(first[fault.practice]), fault.hint, **fault.data)
    if not practices and not problems.total:
        problems.add("practices.none", "there are no practices below the header.", rows.head)
    problems.refuse_if_any()
    return {code: practices[code] for code in sorted(practices)}


def _yes_or_no(text: str) -> bool:
    value = {"yes": True, "no": False}.get(text.lower())
    if value is None:
        raise ValueError(f"expected yes or no, found '{text}'")
    return value


def _check_changes(practice: Practice, practices: dict[str, Practice], add: Callable[..., None]) -> None:
    if practice.joined and practice.left and practice.left < practice.joined:
        add(
            "practices.left-before-joining",
            f"practice {practice.code} left on {practice.left}, before it joined on {practice.joined}.",
            practice=practice.code,
        )
    if practice.eligible_from and practice.eligible_to and practice.eligible_to < practice.eligible_from:
        add(
            "practices.eligible-backwards",
            f"practice {practice.code} is eligible to {practice.eligible_to}, before {practice.eligible_from}.",
            practice=practice.code,
        )
    if not practice.successor:
        return
    if not practice.left:
        add(
            "practices.successor-without-day",
            f"practice {practice.code} has a successor but no day on which it left.",
            practice=practice.code,
        )
    into = practices.get(practice.successor)
    if into is None:
        add(
            "practices.successor-unknown",
            f"the successor {practice.successor} is not among the practices.",
            partial(did_you_mean, practice.successor, practices),
            practice=practice.code,
            successor=practice.successor,
        )
    elif into.successor or practice.successor == practice.code:
        add(
            "practices.successor-merged",
            f"the successor {practice.successor} merged in turn: name the practice that carries on.",
            practice=practice.code,
            successor=practice.successor,
        )
