"""The answer of a simulation in a sentence for each reform, and the reforms side by side in one table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Literal

from remit.analysis.simulation.results import ReformOutcome, Simulation
from remit.comparison.before_after import PricedUnit
from remit.core import say
from remit.core.rounding import pounds_text, scaled
from remit.core.sums import Sum
from remit.core.words import agreed, listed
from remit.documents.blocks import Block, Cell, Column, Heading, Para, Row, Table
from remit.documents.figures import NOT_KNOWN, chance, change, count, so_far
from remit.scheme.reform_model import FIXED

Tone = Literal["good", "poor", "quiet"]
KEPT: dict[bool | None, tuple[str, Tone]] = {
    True: ("kept", "good"),
    False: ("broken", "poor"),
    None: ("not known", "quiet"),
}
LOSSES = (Fraction(1, 100), Fraction(5, 100), Fraction(10, 100))
_BESIDE = 4
"""How many reforms stand beside each other in a table."""


def answer(one: ReformOutcome) -> str:
    """`Reform: £1.00 more would be paid (…); 3 of 5 practices would gain and 2 lose; the largest loss …; limits …`"""
    sums, units = one.everybody.sums, one.units
    who = f"{len(units):,} {agreed('{practice|practices}', len(units))}"
    if not sums.difference.known:
        return f"{one.title}: what {who} would be paid is not known."
    known = f"the {sums.difference.known:,} of {who} for which it is known" if sums.difference.unknown else who
    parts = [_cost(one), _movers(one, known)]
    worst = one.largest_loss
    if worst:
        share = f", {say.percent(-worst.share, 1)} of what it has now," if worst.share is not None else ""
        parts.append(f"the largest loss, {say.money(-(worst.difference or 0))}{share} would be that of {name(worst)}")
    broken = [verdict.name for verdict in one.verdicts if verdict.kept is False]
    if broken:
        parts.append(f"{len(broken):,} of its limits would be broken: {listed(broken)}")
    elif any(verdict.kept for verdict in one.verdicts):
        parts.append("none of its limits would be broken")
    return f"{one.title}: {'; '.join(parts)}."


def _movers(one: ReformOutcome, known: str) -> str:
    """`of 6,900 practices 12 would gain and 40 would lose`."""
    gain, lose = one.everybody.sums.gained.known, one.everybody.sums.lost.known
    if not gain and not lose:
        return f"the award of none of {known} would change"
    every = one.everybody.sums.difference
    for number, verb in ((gain, "gain"), (lose, "lose")):
        if number == every.known > 1:
            return f"all {known} would {verb}" if not every.unknown else f"all of {known} would {verb}"
    many = [f"{number:,}" if number else "none" for number in (gain, lose)]
    return f"of {known} {many[0]} would gain and {many[1]} would lose"


def _cost(one: ReformOutcome) -> str:
    whole = one.sides.whole
    pence = whole.difference.pence
    so = " of what is known" if whole.difference.unknown else ""
    if not pence:
        return f"the whole cost{so} stays at {say.money(whole.after.pence)}"
    more = "more" if pence > 0 else "less"
    return (
        f"{say.money(abs(pence))} {more} would be paid{so}, {say.so_far(whole.after)} after {say.so_far(whole.before)}"
    )


def name(unit: PricedUnit) -> str:
    """`Ash (A1)`."""
    return f"{unit.name} ({unit.code})" if unit.name and unit.name != unit.code else unit.code


def per_pound(one: ReformOutcome, whole: int, figure: str) -> Cell:
    """Pounds moved for each pound: often less than a penny."""
    if not _known(one):
        return Cell(NOT_KNOWN, figure)
    if not whole:
        return Cell("none", figure)
    moved = Fraction(one.gains_and_losses, abs(whole))
    return Cell(pounds_text(moved, 4), figure, moved, "number")


def _known(one: ReformOutcome) -> bool:
    """Whether the difference of any practice is known."""
    return bool(one.everybody.sums.difference.known)


def _movers_of(one: ReformOutcome, many: int, figure: str) -> Cell:
    return count(many if _known(one) else None, figure)


def _moved(one: ReformOutcome, total: Sum, figure: str) -> Cell:
    """Gains or losses together: so far, where the difference of some practices is not known."""
    return so_far(replace(total, unknown=one.everybody.sums.difference.unknown), figure, signed=True)


def _half(one: ReformOutcome, figure: str) -> Cell:
    if not _known(one):
        return Cell(NOT_KNOWN, figure)
    whole = scaled(one.gains_and_losses, 2, 0)
    so = " so far" if one.everybody.sums.difference.unknown else ""
    return Cell(f"{say.money(whole)}{so}", figure, whole, "pence")


def _funding(one: ReformOutcome) -> Cell:
    """The rule of funding, and whether it is kept."""
    rule = next((verdict for verdict in one.verdicts if verdict.funding), None)
    return Cell("no rule") if rule is None else Cell(f"{rule.name}: {KEPT[rule.kept][0]}", tone=KEPT[rule.kept][1])


def _whom(one: ReformOutcome) -> str:
    return name(one.largest_loss) if one.largest_loss else "nobody" if _known(one) else NOT_KNOWN


_Line = tuple[str, Callable[[Simulation, ReformOutcome, str], Cell]]
_LINES: tuple[_Line, ...] = (
    ("Pounds now", lambda _, one, f: so_far(one.sides.whole.before, f"{f}/before")),
    ("Pounds under the reform", lambda _, one, f: so_far(one.sides.whole.after, f"{f}/after")),
    ("Difference", lambda _, one, f: so_far(one.sides.whole.difference, f"{f}/difference", signed=True)),
    ("Practices that gain", lambda _, one, f: _movers_of(one, one.everybody.sums.gained.known, f"{f}/gain")),
    ("Practices that lose", lambda _, one, f: _movers_of(one, one.everybody.sums.lost.known, f"{f}/lose")),
    ("All gains", lambda _, one, f: _moved(one, one.everybody.sums.gained, f"{f}/gained")),
    ("All losses", lambda _, one, f: _moved(one, one.everybody.sums.lost, f"{f}/lost")),
    ("Largest loss", lambda _, one, f: change(_largest(one), f"{f}/largest", "none" if _known(one) else NOT_KNOWN)),
    ("Whose loss it is", lambda _, one, f: Cell(_whom(one))),
    *(
        (
            f"Practices that lose over {say.percent(share)}",
            lambda _, one, f, share=share: _movers_of(
                one, one.losing_more_than(share), f"{f}/over/{say.percent(share)}"
            ),
        )
        for share in LOSSES
    ),
    ("Pounds moved", lambda _, one, f: _half(one, f"{f}/moved")),
    (
        "Moved for each pound spent",
        lambda _, one, f: per_pound(one, _spent(one), f"{f}/per"),
    ),
    ("Moved for each new pound", lambda _, one, f: per_pound(one, _new(one), f"{f}/per-new")),
)
_CHANCES: tuple[_Line, ...] = (
    ("95 of 100 draws lie from", lambda _, one, f: change(_low(one), f"{f}/low")),
    ("95 of 100 draws lie to", lambda _, one, f: change(_high(one), f"{f}/high")),
    ("Chance that less is paid", lambda _, one, f: chance(_loses(one), f"{f}/loses")),
)


def side_by_side(results: Simulation) -> Iterator[Block]:
    """One table, a column for each reform."""
    lines = [*_LINES[:3], *(_CHANCES if results.draws else ()), *_LINES[3:]]
    if any(verdict.kept is not None for one in results.reforms for verdict in one.verdicts):
        lines.append(
            ("Limits broken", lambda _, one, f: count(sum(v.kept is False for v in one.verdicts), f"{f}/broken"))
        )
    if any(verdict.funding for one in results.reforms for verdict in one.verdicts):
        lines.append(("Funding", lambda _, one, f: _funding(one)))
    many = len(results.reforms) > 1
    yield Heading(2, "The reforms side by side" if many else "The reform at a glance")
    for n in range(0, len(results.reforms), _BESIDE):
        some: Sequence[ReformOutcome] = results.reforms[n : n + _BESIDE]
        columns = (Column("", 4), *(Column(one.title, 3, True, m == 0) for m, one in enumerate(some)))
        rows = tuple(Row((words, *(cell(results, one, one.name) for one in some))) for words, cell in lines)
        yield Table("The whole scheme under each reform", columns, rows)
    yield Para(
        "Pounds moved are half of all gains and losses together: what would go to a different practice than now. Where "
        "new money is spent, half of it counts as moved.",
        "small",
    )


def _largest(one: ReformOutcome) -> int | None:
    return one.largest_loss.difference if one.largest_loss else None


def _broken(one: ReformOutcome) -> int:
    return sum(verdict.kept is False for verdict in one.verdicts)


def _spent(one: ReformOutcome) -> int:
    return 2 * one.sides.whole.after.pence


def _new(one: ReformOutcome) -> int:
    """Twice the new pence; none where the reform stays within what is paid, but for what no rate can say."""
    if any(verdict.kept and verdict.name.casefold() == FIXED for verdict in one.verdicts):
        return 0
    return 2 * max(one.sides.whole.difference.pence, 0)


def _low(one: ReformOutcome) -> int | None:
    return one.everybody.chance.low if one.everybody.chance else None


def _high(one: ReformOutcome) -> int | None:
    return one.everybody.chance.high if one.everybody.chance else None


def _loses(one: ReformOutcome) -> float | None:
    return one.everybody.chance.loses if one.everybody.chance else None
