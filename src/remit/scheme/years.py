"""The years that a scheme names, and what goes by those of the NHS, April to March, alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from remit.core import say
from remit.core.dates import SchemeYear
from remit.core.problems import Place, Refused, error
from remit.scheme.model import Scheme
from remit.scheme.source import Key
from remit.scheme.walk import walk


def months_of(year: SchemeYear) -> str:
    """Which months a year is of, in words."""
    return "the calendar year" if year.month == 1 else f"{say.day(year.start)} to {say.day(year.end)}"


def from_april(year: SchemeYear) -> str:
    """How to write a year from April to March."""
    return f"For {say.month(year.start)} to {say.month(year.end)} write {year}."


def years_read(scheme: Scheme) -> Iterator[tuple[Key, SchemeYear]]:
    """The years that a scheme names beside its own, with the path of each: of baselines, of shares by the year."""
    for path, value in walk(scheme):
        if isinstance(value, SchemeYear) and path != ("year",):
            yield path, value
        elif path[3:5] == ("blend", "parts") and len(path) == 7:
            yield path, SchemeYear.of_any_month(str(path[6]))


def need_april(schemes: Iterable[Scheme], what: str, place: Place | None = None) -> None:
    """Raises Refused for each scheme whose year does not run from April to March; `what` is done for such years alone.

    `place` is where the file says the year, where it is the file that is looked at.
    """
    wrong = [
        error(
            "scheme.year-not-from-april",
            f"{what} only for years from April to March, and {scheme.scheme} is of {say.day(scheme.year.start)} to "
            f"{say.day(scheme.year.end)}.",
            place,
            "Use the files and statements of a run.",
            scheme=scheme.scheme,
            year=scheme.year,
        )
        for scheme in schemes
        if not scheme.year.from_april
    ]
    if wrong:
        raise Refused(wrong)
