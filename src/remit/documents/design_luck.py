"""What luck does at the steps of a design: between one step and the next, over all practices, and what has no step."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from remit.core import say
from remit.core.words import listed
from remit.documents.blocks import Block, Cell, Column, Heading, Para, Row, Table
from remit.documents.figures import chance

if TYPE_CHECKING:
    from remit.analysis.design.placing import StepLeftOut
    from remit.analysis.design.proposal import DesignedItem, Proposal
    from remit.analysis.design.step_luck import StepLuck


def what_luck_does(result: Proposal) -> Iterator[Block]:
    """Luck between steps and over all practices, at the proposed steps and at those of the base year."""
    items = {code: item for code, item in result.items.items() if item.luck and item.placed}
    if not items:
        return
    yield Heading(2, "What luck does")
    yield Para(
        f"A step is out of luck's reach where a practice whose own rate is that of the step below reaches it in at "
        f"most {say.percent(result.aims.limit)} of years. The least distance is how far apart steps must be for that."
    )
    yield _between(items)
    rows: list[Row] = []
    for code, item in items.items():
        rows.append(Row((Cell(name_of(item)),), "group"))
        rows += [_over_all(one, "from", f"{code}/luck/{n}") for n, one in enumerate(_luck_of(item), 1)]
    caption = (
        "How likely a practice whose own rate is below a step reaches it; and how many practices are expected to "
        "reach it by luck, or to miss it by bad luck, in a year"
    )
    yield Table(caption, _COLUMNS, tuple(rows))
    paid = [f"{_about(item.paid_for_luck)} for item {code}" for code, item in items.items()]
    missed = [f"{_about(item.missed_by_luck)} for item {code}" for code, item in items.items()]
    yield Para(
        f"In a year, about {listed(paid)} would be paid for steps reached by luck; about {listed(missed)} would not be "
        f"paid because of steps missed by bad luck."
    )
    rows = []
    for code, item in items.items():
        if item.luck_now:
            rows.append(Row((Cell(name_of(item)),), "group"))
            words = "above" if item.base.above else "from"
            rows += [_over_all(one, words, f"{code}/now/{n}") for n, one in enumerate(item.luck_now.steps, 1)]
    if rows:
        yield Table("The same for the steps that the items had in the base year", _COLUMNS, tuple(rows))


_COLUMNS = (
    Column("Step", 3), Column("Median practice", 3, True), Column("Smallest tenth", 3, True),
    Column("Lucky", 3, True), Column("Unlucky", 3, True),
)  # fmt: skip


def _luck_of(item: DesignedItem) -> tuple[StepLuck, ...]:
    return item.luck.steps if item.luck else ()


def _between(items: dict[str, DesignedItem]) -> Table:
    rows: list[Row] = []
    for code, item in items.items():
        rows.append(Row((Cell(name_of(item)),), "group"))
        for n, step in enumerate(item.placed.steps if item.placed else (), 1):
            figure = f"{code}/climb/{n}"
            rows.append(
                Row((
                    f"{say.percent(step.at, 4)} from {say.percent(step.below, 2)}",
                    chance(step.by_luck, f"{figure}/median"),
                    chance(step.by_luck_small, f"{figure}/smallest"),
                    _distance(step.least_distance, f"{figure}/distance"),
                    _distance(step.least_distance_small, f"{figure}/distance-smallest"),
                ))
            )  # fmt: skip
    columns = (
        Column("Step, and from which rate", 4), Column("Chance, median practice", 3, True),
        Column("Chance, smallest tenth", 3, True), Column("Least distance, median", 3, True),
        Column("Least distance, smallest tenth", 3, True),
    )  # fmt: skip
    return Table("To climb from one step to the next by chance alone", columns, tuple(rows))


def _over_all(one: StepLuck, words: str, figure: str) -> Row:
    return Row((
        f"{words} {say.percent(one.at, 4)}",
        chance(one.median, f"{figure}/median", "nobody is below"),
        chance(one.smallest_tenth, f"{figure}/smallest", "nobody is below"),
        _expected(one.lucky, f"{figure}/lucky"),
        _expected(one.unlucky, f"{figure}/unlucky"),
    ))  # fmt: skip


def _about(pence: int | None) -> str:
    return say.money(round(pence or 0, -2)).removesuffix(".00")


def _distance(least: Fraction | None, figure: str) -> Cell:
    if least is None:
        return Cell("none is enough", figure)
    return Cell(f"{say.number(least * 100, 2)} points", figure, least, "rate")


def _expected(number: float, figure: str) -> Cell:
    tenths = Fraction(round(number * 10), 10)
    return Cell("fewer than 0.1" if not tenths else say.number(tenths, 1), figure, tenths, "number")


def left_out(code: str, item: DesignedItem, one: StepLeftOut, result: Proposal) -> str:
    """Why a mark has no step, and how many patients it would take."""
    begin = f"Item {code} has no step for the {one.mark} ({say.percent(one.at, 2)})"
    if one.at <= one.below:
        return f"{begin}: that is no higher than the rate below it, {say.percent(one.below, 2)}."
    assert item.sizes
    limit = say.percent(result.aims.limit)
    size = item.sizes.smallest_tenth if result.aims.for_smallest else item.sizes.median
    which = "a practice of the smallest tenth" if result.aims.for_smallest else "a practice of the median size"
    text = f"{begin}: from {say.percent(one.below, 2)}, {which} ({size:,} patients) would reach it by luck too often."
    if one.patients is None:
        return f"{text} No list is long enough to keep that below {limit}."
    people = _people_for(item, result, one.patients)
    together = Fraction(one.patients, size)
    many = f"{together.numerator // together.denominator + 1:,}" if together.denominator > 1 else f"{together:,}"
    listing = f", which a list of about {people:,} has" if people else ""
    return f"{text} It would take {one.patients:,} patients{listing}: a network of {many} such practices."


def _people_for(item: DesignedItem, result: Proposal, patients: int) -> int | None:
    """The weighted list that has so many patients of an item, as the base year's practices have them."""
    under = sum(one[1] for one in item.base.counts.values())
    heads = sum(Fraction(getattr(result.base.practices[code], result.base.column)) for code in item.base.counts)
    return 100 * round(heads * patients / under / 100) if under else None


def name_of(item: DesignedItem) -> str:
    """An item's code and title."""
    return f"{item.base.code}: {item.base.title}" if item.base.title else item.base.code
