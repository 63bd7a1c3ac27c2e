"""The file of expected health gain: what its columns mean, and what is wrong with its rows."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING

from remit.core import exact
from remit.core.problems import Collector, did_you_mean
from remit.files.tables import CsvRows

if TYPE_CHECKING:
    from remit.analysis.design.health_gain import ExpectedGain

COLUMNS = ("item", "gain", "people", "what", "source")


def read_gains(path: Path, items: Collection[str]) -> dict[str, ExpectedGain]:
    """By item: `gain` units of `what` among `people`, as a `source` has it. Raises Refused with every row error.

    A gain without a source is refused, as nobody could say later where it is from.
    """
    from remit.analysis.design.health_gain import ExpectedGain

    table = CsvRows(path).select(COLUMNS)
    problems = Collector(20)
    found: dict[str, ExpectedGain] = {}
    first: dict[str, int] = {}
    for number, (item, gain, people, what, source) in table.rows(problems):
        place = table.place(number)
        if item not in items:
            hint = did_you_mean(item, items)
            problems.add("design.gain-unreadable", f"item: '{item}' is not designed here.", place, hint, item=item)
        if item in first:
            message = f"item {item} is listed twice (first on row {first[item]})."
            problems.add("design.gain-unreadable", message, place, item=item)
        first.setdefault(item, number)
        for name, text in (("what", what), ("source", source)):
            if not text:
                message = f"{name}: expected text, found nothing."
                problems.add("design.gain-unreadable", message, place, item=item, column=name)
        try:
            expected = exact.number(gain)
        except ValueError as wrong:
            problems.add("design.gain-unreadable", f"gain: {wrong}.", place, item=item, column="gain")
            continue
        try:
            among = exact.whole(people)
        except ValueError as wrong:
            problems.add("design.gain-unreadable", f"people: {wrong}.", place, item=item, column="people")
            continue
        if among < 1:
            message = "people: expected a whole number above 0, found 0."
            problems.add("design.gain-unreadable", message, place, item=item, column="people")
            continue
        found[item] = ExpectedGain(expected, among, what, source)
    problems.refuse_if_any()
    return found
