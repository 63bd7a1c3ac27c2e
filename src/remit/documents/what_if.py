"""A what-if as blocks: the answer in a sentence, then the whole, the items, places, networks and every practice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from remit.comparison.before_after import BeforeAfter, PracticeGroup, PricedUnit
from remit.core import say
from remit.core.sums import NOTHING, Sum
from remit.core.words import listed
from remit.documents.blocks import Block, Bullets, Cell, Column, Document, Fold, Heading, Para, Row, Table
from remit.documents.charts import Change, before_after, gains
from remit.documents.figures import NOT_KNOWN, change, count, pounds, so_far
from remit.documents.like_for_like import comparable
from remit.runs.networks import NETWORK
from remit.runs.what_if import MorePatients, WhatIfQuestion
from remit.scheme.changes import ProposedChange
from remit.scheme.like_for_like import LikeForLike

_SHORT, _GROUPS = 10, 12
"""How many practices, and how many places at most, a terminal shows."""
_BARS = 300
_BEFORE_AFTER = (Column("Before", 3, True), Column("After", 3, True), Column("Difference", 3, True, True))
_MOVERS = (Column("Gain", 1.6, True), Column("Lose", 1.6, True))


def what_if(sides: BeforeAfter, beside: LikeForLike | None = None) -> Document:
    """The whole document: every practice and network, those that do not move too."""
    blocks = (
        *_first(sides),
        *(comparable(beside) if beside else ()),
        *_chart(sides),
        *_whole(sides),
        *_items(sides),
        *_groups("place", sides.places),
        *_groups("network", sides.networks),
        *_units(sides, sides.units),
        _how(sides),
    )
    return Document(title(sides), blocks, wide=True)


def short(sides: BeforeAfter, beside: LikeForLike | None = None) -> Document:
    """What a terminal shows: the practices that move most."""
    moving = sorted((unit for unit in sides.units if unit.difference), key=lambda one: -abs(one.difference or 0))
    blocks = [*_first(sides), *(comparable(beside) if beside else ()), *_whole(sides), *_items(sides)]
    if len(sides.places) <= _GROUPS:
        blocks += _groups("place", sides.places, with_budgets=False)
    if moving:
        blocks += _units(sides, moving[:_SHORT])
    return Document(title(sides), tuple(blocks))


def title(sides: BeforeAfter) -> str:
    """What the document is called."""
    return f"What if: {'; '.join(sides.titles)}"


def question_in_words(question: WhatIfQuestion) -> str:
    """What would be otherwise, as the end of a sentence that begins with *if*."""
    clauses = [f"{listed(question.overlays)} were in force"] if question.overlays else []
    if question.another:
        clauses.append(f"{question.another} priced the same counts of the items that both have")
    clauses += [_move(move) for move in question.moves]
    if question.retired:
        were = "were" if len(question.retired) > 1 else "was"
        clauses.append(f"{_of(question.retired)} {were} retired")
    clauses += [_patients(one) for one in question.patients]
    return listed(clauses)


def _of(items: Sequence[str]) -> str:
    return f"item{'' if len(items) == 1 else 's'} {listed(items)}" if items else "every item that has them"


def _move(move: ProposedChange) -> str:
    amount, items = move.by.amount, _of(move.items)
    if move.lever == "thresholds":
        points = say.number(abs(amount) * 100)
        many = "point" if points == "1" else "points"
        return f"the thresholds of {items} were {points} percentage {many} {'lower' if amount < 0 else 'higher'}"
    number = f"{say.number(abs(amount) * 100)}p" if move.lever == "pence" else say.number(abs(amount))
    more = "" if move.by.to else " less" if amount < 0 else " more"
    if move.lever == "pence":
        return f"{items} paid {number} a head{more}"
    return f"{items} had {number}{more} point{'' if number == '1' else 's'}"


def _patients(one: MorePatients) -> str:
    more = "fewer" if one.many < 0 else "more"
    items = f" of {_of(one.items)}" if one.items else " of every item"
    many = f"{abs(one.many):,} {more} patient{'' if abs(one.many) == 1 else 's'}"
    return f"{many} in each practice had had the care{items}"


def _first(sides: BeforeAfter) -> Iterator[Block]:
    yield Heading(1, title(sides))
    yield Para(f"If {question_in_words(sides.question)}, {_answer(sides)}", "lead")
    if sides.counted_on:
        yield Para(say.within_the_year(sides.counted_on), "reason")
    unknown = [unit for unit in sides.not_known if not unit.through] or list(sides.not_known)
    if unknown:
        names = [_name(unit) for unit in unknown]
        some = listed(names) if len(names) <= 8 else f"{', '.join(names[:8])} and {len(names) - 8:,} more"
        yield Para(f"Not known for {some}, and in no sum here. {unknown[0].code}: {unknown[0].reason}", "reason")


def _answer(sides: BeforeAfter) -> str:
    """`61 of 144 practices would lose £12,345.00 in all (most: £900.00, Ash (A1)); nobody would gain.`"""
    units = [unit for unit in sides.units if unit.level != NETWORK]
    group = sides.practices if units else sides.whole
    units = units or list(sides.units)
    who = f"{len(units):,} {'practice' if group is sides.practices else 'network'}{'' if len(units) == 1 else 's'}"
    lost, gained = group.lost, group.gained
    if not lost.known and not gained.known:
        if not group.difference.known:
            return f"what {who} would be paid is not known."
        known = f"the {group.difference.known:,} of {who} of which it is known" if group.difference.unknown else who
        return f"the award of none of {known} would change."
    parts: list[str] = []
    for total, verb, sign in ((lost, "lose", -1), (gained, "gain", 1)):
        if total.known:
            most = max((unit for unit in units if unit.difference), key=lambda one: sign * (one.difference or 0))
            whose = f"{total.known:,}" if parts else f"{total.known:,} of {who}"
            of = f" in all (most: {say.money(abs(most.difference or 0))}, {_name(most)})" if total.known > 1 else ""
            parts.append(f"{whose} would {verb} {say.money(abs(total.pence))}{of}")
    if len(parts) == 1:
        parts.append(f"nobody would {'gain' if lost.known else 'lose'}")
    return f"{'; '.join(parts)}."


def _chart(sides: BeforeAfter) -> Iterator[Block]:
    """The practices in order of what they lose or gain; of very many, one in so many."""
    units = [unit for unit in sides.units if unit.level != NETWORK] or list(sides.units)
    moving = sorted(((unit.difference, unit) for unit in units if unit.difference is not None), key=lambda one: one[0])
    if len(moving) < 3 or not any(difference for difference, _ in moving):
        return
    if len(moving) <= _GROUPS:
        rows = [
            Change(_name(unit), Fraction(unit.before.pence), Fraction(unit.after.pence), say.gain(difference))
            for difference, unit in moving
        ]
        words = "; ".join(f"{row.name} {row.text}" for row in rows)
        yield before_after(rows, f"Each practice before and after, the largest loss first: {words}.", _pounds)
        return
    every = -(-len(moving) // _BARS)
    ends = [(moving[0], moving[0][0] < 0), (moving[-1], moving[-1][0] > 0)]
    names = [f"{_name(unit)} {say.gain(pence)}" if moves else "" for (pence, unit), moves in ends]
    lost, gained = sides.practices.lost.known, sides.practices.gained.known
    alt = f"The change of each practice, from the largest loss to the largest gain: {lost:,} lose, {gained:,} gain."
    yield gains([difference for difference, _ in moving[::every]], alt, _pounds, (names[0], names[1]))
    each = "Each bar is a practice" if every == 1 else f"Each bar is one practice in {every}"
    yield Para(f"{each}, from the largest loss to the largest gain.", "small")


def _pounds(pence: Fraction) -> str:
    return say.money(int(pence)).removesuffix(".00")


def _whole(sides: BeforeAfter) -> Iterator[Block]:
    whole, names = sides.whole, {"balance": "Balance to pay", "recovery": "To recover"}
    rows = [Row(("Pounds earned", *_pair(whole, "whole")), "total")]
    for name, (before, after) in sides.settled.items():
        if before.value is None and after.value is None:
            continue
        moved = NOTHING if before.unknown or after.unknown else Sum.of([after.pence - before.pence])
        cells = so_far(before, f"{name}/before"), so_far(after, f"{name}/after")
        rows.append(Row((names[name], *cells, change(moved.pence if moved.known else None, f"{name}/difference"))))
    yield Table("All together", (Column("", 4), *_BEFORE_AFTER), tuple(rows))
    budgets = [group.budget for group in sides.places.values()]
    if budgets and None not in budgets and not whole.after.unknown:
        total = sum(budget or 0 for budget in budgets)
        left = total - whole.after.pence
        yield Para(f"The places' budgets together are {say.money(total)}: {_left(left)} after the change.")


def _left(pence: int) -> str:
    return f"{say.money(pence)} left" if pence >= 0 else f"{say.money(-pence)} too little"


def _items(sides: BeforeAfter) -> Iterator[Block]:
    if not sides.items:
        return
    yield Heading(2, "By item")
    rows = tuple(
        Row((f"{code}: {group.name}", *_pair(group, f"item/{code}"), *_movers(group, f"item/{code}")))
        for code, group in sides.items.items()
    )
    yield Table("The items that the change touches", (Column("Item", 6), *_BEFORE_AFTER, *_MOVERS), rows)


def _groups(level: str, groups: Mapping[str, PracticeGroup], with_budgets: bool = True) -> Iterator[Block]:
    budgeted = with_budgets and any(group.budget is not None for group in groups.values())
    if len(groups) < 2 and not budgeted:
        return
    more = (Column("Budget", 3, True), Column("Left of it", 3, True)) if budgeted else ()
    yield Heading(2, f"By {level}")
    rows = []
    for code, group in groups.items():
        figure = f"{level}/{code}"
        cells = [Cell(group.name), *_pair(group, figure), *_movers(group, figure)]
        if budgeted:
            left = None if group.budget is None or group.after.unknown else group.budget - group.after.pence
            cells += [pounds(group.budget, f"{figure}/budget", "none given"), pounds(left, f"{figure}/left")]
        rows.append(Row(tuple(cells)))
    columns = (Column(say.capital(level), 5), *_BEFORE_AFTER, *_MOVERS, *more)
    yield Table(f"Before and after by {level}", columns, tuple(rows), sortable=True)


def _units(sides: BeforeAfter, units: Sequence[PricedUnit]) -> Iterator[Block]:
    every = len(units) == len(sides.units)
    yield Heading(2, "Every practice" if every else "Who moves most")
    columns = (Column("Practice", 5), *_BEFORE_AFTER, Column("Share of before", 2, True))
    names = {code: group.name for code, group in sides.places.items()}
    rows = []
    for unit in units:
        facets = [("Place", names.get(unit.place, unit.place)), ("Network", unit.network)]
        cells = (
            _name(unit), so_far(unit.before, f"{unit.code}/before"), so_far(unit.after, f"{unit.code}/after"),
            change(unit.difference, f"{unit.code}/difference"), share_of_before(unit.share, f"{unit.code}/share"),
        )  # fmt: skip
        rows.append(Row(cells, facets=tuple((name, value) for name, value in facets if value)))
    caption = "Each practice before and after" if every else "The largest differences"
    wanted = tuple(name for name in ("Place", "Network") if any(name == f for row in rows for f, _ in row.facets))
    yield Table(caption, columns, tuple(rows), sortable=True, facets=wanted)


def _how(sides: BeforeAfter) -> Fold:
    blocks: list[Block] = []
    if sides.moved:
        rows = tuple(Row((one.item, one.name, one.before, one.after)) for one in sides.moved)
        columns = (Column("Item", 2), Column("Number", 3), Column("Before", 4), Column("After", 4))
        blocks.append(Table("The numbers that change", columns, rows))
    said = [
        "Both sides are priced from the inputs that the run kept, by the rules that price a run: each practice, then "
        "the networks' money and its parts.",
        "A difference is known where all that the change touches is known on both sides. So far means that the award "
        "of an item, which the change does not touch, is not known.",
        "Nobody is assumed to behave differently because of the change.",
    ]
    if sides.question.patients:
        said.append(
            "More patients are never more than there are in the denominator; where lower is better, as many fewer."
        )
    return Fold("How this was worked out", (*blocks, Bullets(tuple(said))))


def _pair(group: PracticeGroup, figure: str) -> tuple[Cell, Cell, Cell]:
    return (
        so_far(group.before, f"{figure}/before"),
        so_far(group.after, f"{figure}/after"),
        so_far(group.difference, f"{figure}/difference", signed=True),
    )


def _movers(group: PracticeGroup, figure: str) -> tuple[Cell, Cell]:
    return count(group.gained.known, f"{figure}/gain"), count(group.lost.known, f"{figure}/lose")


def share_of_before(share: Fraction | None, figure: str) -> Cell:
    """A difference as a share of what was there before, with its sign."""
    if share is None:
        return Cell(NOT_KNOWN, figure, tone="quiet")
    text = say.percent(abs(share), 1)
    sign = "" if text == "0%" else "−" if share < 0 else "+"
    return Cell(f"{sign}{text}", figure, share, "rate")


def _name(unit: PricedUnit) -> str:
    return f"{unit.name} ({unit.code})" if unit.name and unit.name != unit.code else unit.code
