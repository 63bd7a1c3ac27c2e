"""A practice's figures of an extract with numbers that no record can tell, which the practice enters by hand.

Which these are the scheme says: what is declared, and what has no rules over records. With them the practice is run as
`remit run` runs it, on the extract's own files with the entered rows added.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from remit.application import extract
from remit.application.extract import PreparedPractice
from remit.application.progress import Cancelled, OnProgress, never, silent
from remit.application.template import needed
from remit.core.dates import MONTHS, Period
from remit.core.problems import refuse
from remit.evaluation.plan import plan
from remit.files.tables import read_table, write_table
from remit.files.whole import write_whole
from remit.rules.outlines import outlines
from remit.scheme import load_scheme

YES_OR_NO = ("DECLARED", "EVIDENCED")
"""Measures whose value is an answer (1 for yes, 0 for no), and no count."""
_YES = "1 for yes, 0 for no: "
ENTERED = (*YES_OR_NO, "ACTIVITY", "NUMERATOR", "DENOMINATOR", "PCAS", "REGISTER", "LIST_SIZE")
"""What a practice can know by itself; what it had in an earlier year, and what was agreed, its commissioner knows."""
COLUMNS = ("practice_code", "indicator_code", "measure", "value", "period")


@dataclass(frozen=True)
class NumberAsked:
    """A number that no record can tell: about what, which measure, of which period, and in words.

    `title` is that of the scheme's item, where it is about one; `words` then says what is counted of it.
    """

    subject: str
    measure: str
    period: str
    words: str
    title: str = ""

    @property
    def key(self) -> str:
        """What tells it from the others."""
        return f"{self.subject}/{self.measure}/{self.period}"

    @property
    def is_answer(self) -> bool:
        """Whether it is answered with yes or no."""
        return self.measure in YES_OR_NO

    @property
    def when(self) -> str:
        """Its quarter in words, such as `January to March 2026`; another period as it is written."""
        if "-Q" not in self.period:
            return self.period
        last = Period.parse(self.period).day
        return f"{MONTHS[(last.month - 3) % 12]} to {MONTHS[last.month - 1]} {last.year}" if last else self.period

    @property
    def question(self) -> str:
        """All of it, as a label of a field: the item's title, when, and what is counted or asked."""
        parts = [self.title, self.when]
        about = ", ".join(part for part in parts if part)
        asked = self.words.removeprefix(_YES).strip()
        return f"{about}: {asked}" if about and asked else about or asked[:1].upper() + asked[1:]


@dataclass(frozen=True)
class EnteredNumber:
    """A number as the practice entered it."""

    subject: str
    measure: str
    period: str
    value: str


@dataclass(frozen=True)
class Request:
    """The files and the day of an extract (its counts as its run kept them), the practice, and what it entered.

    `work` is an empty folder for the counts with the entered rows; the run is written where the extract's request says.
    """

    extract: extract.Request
    practice: str
    entered: tuple[EnteredNumber, ...]
    work: Path


@dataclass(frozen=True)
class Result:
    """What the practice's figures come to with what was entered, and what the overview says of the scheme."""

    practice: PreparedPractice
    frame: str


def asked(scheme: str, counts: str = "") -> tuple[NumberAsked, ...]:
    """The numbers of a scheme that no record can tell and a practice can enter, without those that its `counts` have
    (as an extract keeps them)."""
    loaded = load_scheme(scheme)
    supplied = plan(loaded, outlines(loaded.year)).supplied
    titles = {item.item: " ".join(item.title.split()) for item in loaded.items}
    rows = [row for row in csv.reader(io.StringIO(counts)) if len(row) == len(COLUMNS) - 1]
    there = {(row[0], row[1], "") for row in rows} | {(row[0], row[1], _period(row[3])) for row in rows}
    return tuple(
        NumberAsked(one.subject, one.measure, one.period, _counted(one.words, title), title)
        for one, title in ((each, titles.get(each.subject, "")) for each in needed((scheme,)).figures)
        if not one.optional
        and one.level == "practice"
        and one.measure in ENTERED
        and (one.subject in supplied or one.measure in YES_OR_NO)
        and (one.subject, one.measure, _period(one.period)) not in there
    )


def _counted(words: str, title: str) -> str:
    """What is counted, without the title that the label begins with."""
    if not title:
        return words
    return words.removesuffix(f" ({title})").removesuffix(f": {title}").replace(f"{_YES}{title}", _YES)


def _period(text: str) -> str:
    """A period as counts keep it: `2025-26-Q4` of `2025-Q4`."""
    try:
        return str(Period.parse(text)) if text else ""
    except ValueError:
        return text


def evaluate(request: Request, on_progress: OnProgress = silent, cancelled: Cancelled = never) -> Result:
    """Run the practice with what it entered. Raises Refused with all that does not fit, and Stopped."""
    counts = request.work / "counts.csv"
    rows = [row for _, row in read_table(request.extract.counts, COLUMNS).rows()]
    added = list(_added(request, _day_of(request, rows)))
    write_whole(counts, partial(write_table, columns=COLUMNS, rows=[*rows, *added]), private=True)
    prepared = extract.prepare(
        replace(
            request.extract, counts=counts, practices=(request.practice,),
            names={**request.extract.names, counts: "the figures, with the numbers that you entered"},
        ),
        on_progress, cancelled,
    )  # fmt: skip
    return Result(_one_of(prepared.practices, request.practice), prepared.frame)


def _one_of(practices: Iterable[PreparedPractice], code: str) -> PreparedPractice:
    for one in practices:
        if one.code == code:
            return one
    what = f"the extract has no figures of {code}."
    raise refuse("runs.practice-unknown", what, None, "Ask whoever sends the figures.", practice=code)


def _day_of(request: Request, rows: list[list[str]]) -> str:
    """The day that the extract's counts are of, where they are not the year's."""
    day, at = request.extract.day.isoformat(), COLUMNS.index("period")
    return day if any(row[at] == day for row in rows) else ""


def _added(request: Request, day: str) -> Iterator[list[str]]:
    for one in request.entered:
        yield [request.practice, one.subject, one.measure, one.value, one.period or day]
