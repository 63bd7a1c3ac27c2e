"""Figures that a file of counts asks for and that are not filled in yet: by practice, each with its row."""

from __future__ import annotations

from remit.core import say
from remit.core.problems import Collector, Place, Problem, error, warning
from remit.core.rows import RowSource, short_name
from remit.core.words import agreed

_KEY, _MORE = ("practice_code", "indicator_code", "measure", "value"), ("needed",)
_PRACTICES = 20
"""Of how many practices every figure is named; of the others, how many they are."""


def unfilled(counts: RowSource, *, refused: bool = False) -> list[Problem]:
    """A problem for each practice with rows that have no value, which names every figure and its row.

    They are warnings, or errors where the run is `refused`. A row that a template marks as optional may stay empty.
    """
    table = counts.select(_KEY, _MORE)
    figures: dict[str, dict[str, list[str]]] = {}
    first: dict[str, Place] = {}
    numbers: dict[str, list[int]] = {}
    for number, (code, subject, measure, value, needed) in table.rows(Collector()):
        if value or needed.casefold() == "optional":
            continue
        first.setdefault(code, table.place(number))
        numbers.setdefault(code, []).append(number)
        figures.setdefault(code, {}).setdefault(subject, []).append(measure)
    make, code_of = (error, "counts.not-filled-in") if refused else (warning, "counts.without-value")
    found = []
    for code in list(figures)[:_PRACTICES]:
        names = [f"{subject} {say.listed(list(dict.fromkeys(those)))}" for subject, those in figures[code].items()]
        what = f"{code} has no value yet for {', '.join(names)} ({_rows(numbers[code])})."
        hint = "Fill in the column value, or remove the rows that stay empty."
        data = {"practice": code, "figures": names, "rows": numbers[code]}
        found.append(make(code_of, what, first[code], hint, **data))
    if more := len(figures) - len(found):
        what = f"{more:,} more {agreed('practice{|s} {has|have}', more)} rows without a value."
        found.append(make(code_of, what, Place(short_name(counts)), practices=more))
    return found


def _rows(numbers: list[int]) -> str:
    """Rows in words, what follows each other together: `rows 2 to 18 and 20`."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and number == spans[-1][1] + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    words = [str(start) if start == end else f"{start} to {end}" for start, end in spans]
    return f"{agreed('row{|s}', len(numbers))} {say.listed(words)}"
