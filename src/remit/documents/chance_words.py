"""The sentence of chance on a statement and an overview, and how an estimated amount is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from remit.core import say
from remit.core.words import agreed
from remit.documents.blocks import Cell
from remit.documents.figures import NOT_KNOWN, chance_text
from remit.scheme.model import Item

if TYPE_CHECKING:
    from remit.analysis.chance import Pays, PracticeChance, RunTotals

ONE_ALONE = "How much of this is chance cannot be said from one practice alone. A run of several practices can say it."


FEW = 10
"""Of fewer practices, how they differ is not well known."""


def rough(practices: Sequence[int], what: str = "chances") -> str:
    """That how practices differ rests on few of them, by how many each item rests on; '' where none is few."""
    few = [number for number in practices if 1 < number < FEW]
    if not few:
        return ""
    number = f"{min(few)}" if min(few) == max(few) else f"{min(few)} to {max(few)}"
    where = "" if len(few) == len(practices) else "On some items, "
    return say.capital(f"{where}how practices differ is judged from {number} of them: take the {what} as rough.")


def about(pence: float | None, figure: str, unknown: str = NOT_KNOWN) -> Cell:
    """An estimated amount, in whole pounds: `£1,204`."""
    return (
        Cell(unknown, figure) if pence is None else Cell(about_text(pence), figure, round(pence / 100) * 100, "pence")
    )


def about_text(pence: float) -> str:
    """An estimated amount in a sentence: whole pounds."""
    return say.money(round(pence / 100) * 100).removesuffix(".00")


def expected(number: float, figure: str) -> Cell:
    """An expected number, with one decimal."""
    value = Fraction(round(number * 10), 10)
    return Cell(say.number(value, 1, 1), figure, value, "number")


def number_text(number: float) -> str:
    """An expected number in a sentence: `about 12`, `fewer than one`."""
    return f"about {round(number):,}" if number >= 1 else "fewer than one"


def item_name(item: Item) -> str:
    """`2a: its title`."""
    named = item.title and item.title != item.item
    return say.clean(f"{item.item}: {item.title}" if named else item.item)


def of_practice(found: PracticeChance) -> str:
    """What of one practice's award is chance; '' where no chance can be stated of any item."""
    if not found.items or not any(one.pence or one.moved for one in found.items):
        return ""
    return f"By chance alone, {_others_of('your', found)}{_pounds(found)}."


def _others_of(whose: str, found: PracticeChance) -> str:
    """How many of a practice's items would come out otherwise; of a single one, with which chance."""
    number = len(found.items)
    rest = _OTHER[found.pays](number, "")
    if number == 1:
        return f"with a chance of {chance_text(found.others)} {whose} one {rest}"
    return f"{number_text(found.others)} of {whose} {number:,} {rest}"


def of_named(name: str, found: PracticeChance, ends: tuple[float, float] | None) -> str:
    """What of a named practice's award is chance, and what nine repeats of the year in ten would pay."""
    if not found.items:
        return f"{name}: no chance can be stated of any of its items."
    what = f"{_others_of('its', found)}{_pounds(found)}"
    within = f"; nine repeats in ten would pay {about_text(ends[0])} to {about_text(ends[1])}" if ends else ""
    return f"{name}: by chance alone, {what}{within}."


def of_run(found: RunTotals) -> str:
    """What of a run's awards is chance."""
    share = f" ({say.percent(Fraction(found.others / found.items), 0)})"
    what = f"{number_text(found.others)} of {found.items:,}"
    return f"By chance alone, {what} {_OTHER[found.pays](found.items, share)}{_pounds(found)}."


def _item(items: int, share: str) -> str:
    return f"{agreed('item{|s}', items)}{share}"


_REPEAT = "in a year of the same care"
_OTHER: dict[Pays, Callable[[int, str], str]] = {
    "steps": lambda items, share: f"{agreed('step{|s}', items)}{share} would be different {_REPEAT}",
    "points": lambda items, share: (
        f"{_item(items, share)} would earn points more than a tenth higher or lower {_REPEAT}"
    ),
    "both": lambda items, share: (
        f"{_item(items, share)} would reach a different step, or points more than a tenth higher or lower, {_REPEAT}"
    ),
}


def _pounds(found: PracticeChance | RunTotals) -> str:
    if not found.pence and not found.moved:
        return ""
    moved = f"about {about_text(found.moved)}" if round(found.moved / 100) else "less than £1"
    return f"; {moved} of {about_text(found.pence)} is at risk from small numbers"
