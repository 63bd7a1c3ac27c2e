"""Who gains and who loses: a chart of every practice, tables by group with what chance makes of them, practices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import groupby

from remit.analysis.simulation.results import Chance, GroupOutcome, ReformOutcome, Simulation
from remit.comparison.before_after import PricedUnit
from remit.core import say
from remit.documents.blocks import Block, Cell, Column, Heading, Para, Row, Table
from remit.documents.charts import Change, before_after, density, gains
from remit.documents.figures import chance, change, count, so_far
from remit.documents.simulation.answer import name
from remit.documents.what_if import share_of_before

_SINGLE, _BARS, _LISTED, _ENDS = 12, 300, 1_000, 100
"""So many practices are drawn one by one, so many as bars; a page lists so many, else so many at each end."""
_CHANCE = (Column("95% from", 3, True), Column("to", 3, True), Column("Chance of a loss", 2, True))
_MOST_GROUPS = 20


def chart(one: ReformOutcome, level: int) -> Iterator[Block]:
    """Each practice before and after: one by one, as bars in order, or very many as cells on a grid."""
    known = sorted(((u.difference, u.code, u) for u in one.units if u.difference is not None), key=lambda m: m[:2])
    if not known:
        return
    yield Heading(level, "Each practice before and after")
    if len(known) <= _SINGLE:
        rows = [
            Change(name(unit), Fraction(unit.before.pence), Fraction(unit.after.pence), say.gain(difference))
            for difference, _, unit in known
        ]
        words = "; ".join(f"{row.name} {row.text}" for row in rows)
        yield before_after(rows, f"Each practice before and after, the largest loss first: {words}.", _pounds)
        return
    lost, gained = one.everybody.sums.lost.known, one.everybody.sums.gained.known
    if any(difference for difference, _, _ in known):
        every = -(-len(known) // _BARS)
        ends = [(known[0], known[0][0] < 0), (known[-1], known[-1][0] > 0)]
        names = [f"{name(unit)} {say.gain(pence)}" if moves else "" for (pence, _, unit), moves in ends]
        alt = f"The change of each practice, from the largest loss to the largest gain: {lost:,} lose, {gained:,} gain."
        yield gains([difference for difference, _, _ in known[::every]], alt, _pounds, (names[0], names[1]))
        each = "Each bar is a practice" if every == 1 else f"Each bar is one practice in {every}"
        yield Para(f"{each}, in the order of what it would lose or gain.", "small")
    pairs = [
        (Fraction(unit.before.pence, size), Fraction(unit.after.pence, size))
        for _, _, unit in known
        if (size := one.patients[unit.code])
    ]
    if len(pairs) > _BARS:
        alt = (
            f"{len(pairs):,} practices by the pounds for each registered patient before and after. Above the diagonal "
            f"they gain, below it they lose: {gained:,} gain, {lost:,} lose."
        )
        yield density(pairs, alt, _pounds, "Pounds for each patient now", "Pounds for each patient under the reform")
        yield Para("The darker a square, the more practices are there.", "small")


def _pounds(pence: Fraction) -> str:
    return say.money(int(pence)).removesuffix(".00")


def by_group(results: Simulation, one: ReformOutcome, level: int, most: int = _MOST_GROUPS) -> Iterator[Block]:
    """A table for each thing by which practices are grouped."""
    tables = list(_dimensions(one))
    if tables:
        yield Heading(level, "Winners and losers by group")
    for dimension, lines in tables:
        yield from _group(results, one, dimension, lines, most)


def in_short(results: Simulation, one: ReformOutcome, most: int) -> Iterator[Block]:
    """The same for a terminal: the groups of which there are few, in fewer columns."""
    for dimension, lines in _dimensions(one):
        if len(lines) <= most:
            yield from _group(results, one, dimension, lines, most, few=True)


def _dimensions(one: ReformOutcome) -> Iterator[tuple[str, list[GroupOutcome]]]:
    """The groups by what they are grouped by; one group alone is everybody again."""
    for dimension, lines in groupby(one.groups[1:], key=lambda line: line.group.dimension):
        those = list(lines)
        if len(those) > 1:
            yield dimension, those


def not_given(results: Simulation) -> Iterator[Block]:
    """What is not known of what the practices are like."""
    lacking = results.attributes
    if not lacking.file:
        yield Para("Deprivation and rurality are not known: no file about the practices was given.", "small")
        return
    for what, without in (("deprivation", lacking.without_deprivation), ("rurality", lacking.without_rurality)):
        if without == lacking.practices:
            yield Para(f"{say.capital(what)} is not known: {lacking.file} gives none.", "small")
        elif without:
            text = f"{say.capital(what)} is not given for {without:,} of {lacking.practices:,} practices."
            yield Para(text, "small")


def _group(
    results: Simulation,
    one: ReformOutcome,
    dimension: str,
    lines: Sequence[GroupOutcome],
    most: int,
    few: bool = False,
) -> Iterator[Block]:
    chances, ends = _CHANCE if results.draws else (), (Column("Gain", 1.2, True), Column("Lose", 1.2, True))
    columns: tuple[Column, ...] = (
        Column(say.capital(dimension), 4), Column("Practices", 1.5, True), Column("Now", 3, True),
        Column("Difference", 3, True, True), Column("Share of now", 1.6, True), *chances, *ends,
    )  # fmt: skip
    if few:
        columns = (columns[0], *columns[3:5], *(chances or ends))
    shown = list(lines)
    if len(lines) > most:
        order = sorted(lines, key=lambda line: (line.sums.difference.pence, line.group.key))
        shown = [*order[: most // 2], *order[-(most - most // 2) :]]
    rows = []
    for line in shown:
        cells = tuple(_cells(results, line, f"{one.name}/{dimension}/{line.group.key}"))
        short = (cells[0], *cells[3:5], *(cells[5:8] if results.draws else cells[-2:]))
        rows.append(Row(short if few else cells))
    caption = f"By {dimension}" if len(shown) == len(lines) else f"By {dimension}: {len(shown)} of {len(lines):,}"
    yield Table(caption, columns, tuple(rows), sortable=True)
    if len(shown) < len(lines):
        yield Para(f"The {dimension}s that lose most and gain most; a workbook or a CSV file has all.", "small")


def _cells(results: Simulation, line: GroupOutcome, figure: str) -> Iterator[Cell]:
    sums = line.sums
    yield Cell(line.group.name)
    yield count(line.practices, f"{figure}/practices")
    yield so_far(sums.before, f"{figure}/before")
    yield so_far(sums.difference, f"{figure}/difference", signed=True)
    known = not sums.difference.unknown and not sums.before.unknown and sums.before.pence > 0
    yield share_of_before(Fraction(sums.difference.pence, sums.before.pence) if known else None, f"{figure}/share")
    if results.draws:
        yield from _chance(line.chance, figure)
    yield count(sums.gained.known, f"{figure}/gain")
    yield count(sums.lost.known, f"{figure}/lose")


def _chance(of: Chance | None, figure: str) -> Iterator[Cell]:
    yield change(of.low if of else None, f"{figure}/low")
    yield change(of.high if of else None, f"{figure}/high")
    yield chance(of.loses if of else None, f"{figure}/loses")


def listed(one: ReformOutcome, most: int = _LISTED) -> Sequence[PricedUnit]:
    """The practices of which a page has a line: all, or of very many those that lose and gain most."""
    if len(one.units) <= most:
        return one.units
    known = (unit for unit in one.units if unit.difference is not None)
    order = sorted(known, key=lambda unit: (unit.difference or 0, unit.code))
    return [*order[:_ENDS], *order[-_ENDS:]]


def practices(results: Simulation, one: ReformOutcome, level: int, most: int = _LISTED) -> Iterator[Block]:
    """Every practice; of very many, those that lose and gain most."""
    units = listed(one, most)
    yield Heading(level, "Every practice" if len(units) == len(one.units) else "The practices that move most")
    columns = (
        Column("Practice", 5), Column("Now", 3, True), Column("Under the reform", 3, True),
        Column("Difference", 3, True, True), Column("Share of now", 2, True), *(_CHANCE if results.draws else ()),
    )  # fmt: skip
    rows = []
    for unit in units:
        figure = f"{one.name}/{unit.code}"
        cells = [
            Cell(name(unit)), so_far(unit.before, f"{figure}/before"), so_far(unit.after, f"{figure}/after"),
            change(unit.difference, f"{figure}/difference"), share_of_before(unit.share, f"{figure}/share"),
            *(_chance(one.chance.get(unit.code), figure) if results.draws else ()),
        ]  # fmt: skip
        rows.append(Row(tuple(cells)))
    caption = "Each practice now and under the reform"
    if len(units) < len(one.units):
        caption = f"{len(units):,} of {len(one.units):,} practices"
        yield Para(
            f"The {_ENDS} that lose most and the {_ENDS} that gain most; a workbook or a CSV file has all.", "small"
        )
    yield Table(caption, columns, tuple(rows), sortable=True)
