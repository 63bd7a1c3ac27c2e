"""An overview of a run as blocks: the answer, items on strips, places and networks, practices, practices by item."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from remit.core import say
from remit.core.sums import NOTHING, Sum
from remit.core.words import agreed
from remit.documents.blocks import Amounts, Block, Bullets, Cell, Column, Document, Fold, Heading, Para, Row, Table
from remit.documents.chance_words import of_run
from remit.documents.charts import Spread, spread
from remit.documents.figures import NOT_KNOWN, count, pounds, rate, so_far
from remit.documents.watched import verdicts
from remit.runs.area import PLACE, AreaLine
from remit.runs.networks import NETWORK
from remit.runs.overview import ItemLine, Mark, Overview, Position
from remit.runs.results import FINAL, MERGED

if TYPE_CHECKING:
    from remit.analysis.chance import RunTotals

_COLUMNS = 12
"""How many items stand beside or below each other: as many as a page of paper shows."""
_SHORT, _GROUPS = 10, 12
"""How many practices, and how many places at most, a terminal shows."""
_BUDGET = (Column("Budget", 3, True), Column("Left of it", 3, True))
_NAMED = 20
"""So many strips have their items' titles; where there are more, the table has them."""
_UNKNOWN = "?"
_FEW = Fraction(1, 5)
"""Below it, prevalence has an axis of its own."""


def overview(
    runs: Sequence[Overview],
    sensitive: Mapping[str, str] = {},
    links: Mapping[tuple[int, str], str] = {},
    chances: Sequence[RunTotals | None] = (),
) -> Document:
    """The document of one run or several. `sensitive` has the items of which pounds alone are shown, with what they are
    about; `links` the address of each practice's statement, by the run's place and code; `chances` how much of each run
    is chance."""
    blocks: list[Block] = [Heading(1, title(runs)), *_together(runs)]
    for n, one in enumerate(runs):
        below = {code: to for (at, code), to in links.items() if at == n}
        of = _Of(one, f"{n + 1}/" if len(runs) > 1 else "", sensitive, below, _of_run(chances, n))
        blocks += of.blocks(2 if len(runs) > 1 else 0)
    return Document(title(runs), tuple(blocks), wide=True)


def short(
    runs: Sequence[Overview], sensitive: Mapping[str, str] = {}, chances: Sequence[RunTotals | None] = ()
) -> Document:
    """What a terminal shows."""
    blocks: list[Block] = [Heading(1, title(runs))]
    for n, one in enumerate(runs):
        of = _Of(one, f"{n + 1}/" if len(runs) > 1 else "", sensitive, {}, _of_run(chances, n))
        blocks += [*of.first(2 if len(runs) > 1 else 0), *of.items()]
        blocks += of.level(PLACE) if len(one.area.at(PLACE)) <= _GROUPS else ()
        least = sorted(of.those, key=lambda p: (p.share is None, p.share or 0))
        blocks += of.practices(least[:_SHORT], every=False)
    return Document(title(runs), tuple(blocks))


def _of_run(chances: Sequence[RunTotals | None], n: int) -> str:
    found = chances[n] if n < len(chances) else None
    return of_run(found) if found else ""


def title(runs: Sequence[Overview]) -> str:
    """What the document is called."""
    return f"Overview: {'; '.join(dict.fromkeys(name for one in runs for name in one.titles))}"


def _together(runs: Sequence[Overview]) -> Iterator[Block]:
    """What is earned over several runs; the answer of each stands below."""
    if len({name for one in runs for name in one.titles}) == len(runs) > 1:
        earned, possible = (
            sum(each, NOTHING) for each in zip(*((one.earned, one.possible) for one in runs), strict=True)
        )
        if earned.value is not None:
            of = (
                f" of {say.money(possible.pence)} possible"
                if possible.value is not None and not possible.unknown
                else ""
            )
            yield Para(f"{say.so_far(earned)} is earned{of}, under {say.in_words(len(runs))} schemes.", "lead")


class _Of:
    """One run's part of the document."""

    def __init__(
        self, found: Overview, figure: str, sensitive: Mapping[str, str], links: Mapping[str, str], by_chance: str
    ) -> None:
        self.found, self.figure, self.links, self.by_chance = found, figure, links, by_chance
        self.sensitive = {line.item: sensitive[line.item] for line in found.items if line.item in sensitive}
        self.those = found.practices or [one for one in found.positions if one.status != MERGED]

    def blocks(self, level: int) -> Iterator[Block]:
        """All of it."""
        yield from self.first(level)
        yield from self.strips()
        yield from self.items()
        yield from self.level(PLACE)
        yield from self.level(NETWORK)
        yield from self.practices(self.those)
        yield from self.matrix()
        yield from verdicts(self.those, self.figure)
        yield self.how()

    def first(self, level: int) -> Iterator[Block]:
        """The answer and the amounts."""
        found = self.found
        if level:
            yield Heading(level, "; ".join(found.titles))
        yield Para(self.answer(), "lead")
        if found.counted_on:
            yield Para(say.within_the_year(found.counted_on), "reason")
        open_ = sum(one.status != FINAL for one in self.those)
        yield Amounts((
            ("Earned", so_far(found.earned, f"{self.figure}all/earned")),
            ("Possible", so_far(found.possible, f"{self.figure}all/possible")),
            ("Would be recovered", so_far(found.recovery, f"{self.figure}all/recovery")),
            ("Provisional", count(open_, f"{self.figure}all/provisional")),
        ))  # fmt: skip
        if self.by_chance:
            yield Para(self.by_chance)

    def answer(self) -> str:
        """`144 practices earned £x of £y possible (z%); £r would be recovered from n practices.`"""
        found, who = self.found, f"{len(self.those):,} {agreed('{practice|practices}', len(self.those))}"
        if not found.practices:
            who = f"{len(self.those):,} {agreed('{network|networks}', len(self.those))}"
        earned, possible = found.earned, found.possible
        text = (
            f"{who} earned {say.so_far(earned)}" if earned.value is not None else f"What {who} earned is not known yet"
        )
        if possible.value is not None and not possible.unknown and earned.value is not None:
            share = (
                f" ({say.percent(Fraction(earned.pence, possible.pence), 1)})"
                if possible.pence and not earned.unknown
                else ""
            )
            text += f" of {say.money(possible.pence)} possible{share}"
        if found.recovery.value is not None:
            n = found.recovered_from
            lead = f"{say.so_far(found.recovery)} would be recovered from {n:,} {agreed('{practice|practices}', n)}"
            text += f"; {lead}" if n else "; nothing would be recovered"
        open_ = [line for line in found.items if line.not_known]
        if open_:
            text += f"; the pounds of {len(open_):,} {agreed('item{|s}', len(open_))} are not known for all of them"
        return f"{text}."

    def strips(self) -> Iterator[Block]:
        """Each item on a strip with its thresholds: a mark for each practice."""
        shown = [
            line for line in self.found.items if line.item not in self.sensitive and line.rates and line.thresholds
        ]
        per_1000 = [line for line in shown if line.measure == "per_1000"]
        shown = [line for line in shown if line not in per_1000]
        of_few = [line for line in shown if line.measure == "prevalence" and max(line.rates) < _FEW]
        by_axis = {
            "Achievement": [line for line in shown if line not in of_few],
            "Prevalence": of_few,
            "Events per 1,000": per_1000,
        }
        for name, lines in by_axis.items():
            if lines:
                yield Heading(2, f"{name} by item")
            every = [value for line in lines for value in (*line.rates, *line.thresholds)]
            for n in range(0, len(lines), _COLUMNS):
                ends = min(every), max(every)
                yield self._strips(name, lines[n : n + _COLUMNS], len(lines) <= _NAMED, ends)
            if lines:
                yield Para("A thin mark is a practice, a thick line a threshold.", "small")

    def _strips(self, name: str, lines: Sequence[ItemLine], named: bool, ends: tuple[Fraction, Fraction]) -> Block:
        rows = [
            Spread(_title(line) if named else line.item, line.rates, line.thresholds, f"{line.full:,} earn all")
            for line in lines
        ]

        def rate(value: Fraction) -> str:
            return say.number(value * 1000, 1) if lines[0].measure == "per_1000" else say.percent(value, 1)

        ranges = (f"{line.item}: from {rate(min(line.rates))} to {rate(max(line.rates))}" for line in lines)
        alt = f"{name} of each practice on a strip for each item, with its thresholds. {'; '.join(ranges)}."
        return spread(rows, alt, rate, ends)

    def items(self) -> Iterator[Block]:
        """The items over all practices."""
        columns = (
            Column("Item", 6), Column("Earn all", 1.6, True), Column("Earn nothing", 1.6, True),
            Column("Not known", 1.6, True), Column("Earned", 3, True, True), Column("Of possible", 2, True),
        )  # fmt: skip
        rows = []
        for line in self.found.items:
            figure = f"{self.figure}item/{line.item}"
            rows.append(
                Row((
                    _title(line), count(line.full, f"{figure}/full"), count(line.nothing, f"{figure}/nothing"),
                    count(line.not_known, f"{figure}/unknown"),
                    Cell(f"in {line.within}") if line.within else so_far(line.earned, f"{figure}/earned"),
                    Cell("") if line.within else rate(_share(line.earned, line.possible), f"{figure}/share"),
                ))
            )  # fmt: skip
        yield Heading(2, "Items")
        yield Table("Each item over all practices", columns, tuple(rows), sortable=True)

    def level(self, level: str) -> Iterator[Block]:
        """Places or networks, against their budgets."""
        lines = self.found.area.at(level)
        budgeted = any(line.budget for line in lines)
        if not lines or (len(lines) < 2 and not budgeted):
            return
        columns = (
            Column(say.capital(level), 5), Column("Practices", 1.6, True), Column("Not final", 1.6, True),
            Column("Earned", 3, True, True), *(_BUDGET if budgeted else ()),
        )  # fmt: skip
        rows = tuple(
            Row(tuple(self._level_cells(line, f"{self.figure}{level}/{line.code}", budgeted))) for line in lines
        )
        yield Heading(2, f"{say.capital(level)}s")
        yield Table(f"What each {level} earned", columns, rows, sortable=True)

    def _level_cells(self, line: AreaLine, figure: str, budgeted: bool) -> Iterator[Cell]:
        money = line.money
        yield Cell(line.name)
        yield count(line.practices, f"{figure}/practices")
        yield count(line.open, f"{figure}/open")
        yield so_far(Sum(money.so_far or 0, 0, int(money.award is None)), f"{figure}/earned")
        if budgeted:
            yield pounds(line.budget.pence if line.budget else None, f"{figure}/budget", "none given")
            yield pounds(line.left, f"{figure}/left")

    def practices(self, those: Sequence[Position], every: bool = True) -> Iterator[Block]:
        """Each practice's pounds, of what was possible, and what is open."""
        columns: tuple[Column, ...] = (
            Column("Practice", 5), Column("Earned", 3, True, True), Column("Of possible", 2, True),
            Column("Would be recovered", 3, True), Column("Items not known", 2, True),
        )  # fmt: skip
        if every:
            columns = (*columns, Column("Possible", 3, True), Column("Status", 2.5))
        rows = tuple(Row(tuple(self._cells(one))[: len(columns)], facets=self._facets(one)) for one in those)
        all_of_them = len(those) == len(self.those)
        yield Heading(2, "Practices" if all_of_them else "Practices that earn least of what was possible")
        caption = "Pounds of each practice" if all_of_them else f"{len(those)} of {len(self.those):,} practices"
        yield Table(caption, columns, rows, sortable=True, facets=self._named(rows))

    def _cells(self, one: Position) -> Iterator[Cell]:
        figure = f"{self.figure}{one.code}"
        yield Cell(_name(one), link=self.links.get(one.code, ""))
        yield so_far(one.earned, f"{figure}/earned")
        yield rate(one.share, f"{figure}/share", unknown="" if one.through else NOT_KNOWN)
        yield pounds(one.recovery, f"{figure}/recovery")
        yield count(one.open_items, f"{figure}/unknown")
        yield pounds(one.possible, f"{figure}/possible", "by network" if one.through else NOT_KNOWN)
        yield Cell(one.status)

    def _facets(self, one: Position) -> tuple[tuple[str, str], ...]:
        place = self.found.places.get(one.place, one.place)
        pairs = (("Place", place), ("Network", one.network), ("Status", one.status))
        return tuple(pair for pair in pairs if pair[1])

    def _named(self, rows: Sequence[Row]) -> tuple[str, ...]:
        return tuple(
            n for n in ("Place", "Network", "Status") if len({v for row in rows for f, v in row.facets if f == n}) > 1
        )

    def matrix(self) -> Iterator[Block]:
        """Practices x items, so many items at a time as stand beside each other."""
        codes = [line.item for line in self.found.items]
        parts = -(-len(codes) // _COLUMNS)
        size = -(-len(codes) // max(parts, 1))
        yield Heading(2, "Practices by item")
        yield Para(
            f"The share that was achieved, or the answer. {_UNKNOWN} is not known; a dash is no item of that practice.",
            "small",
        )
        if self.sensitive:
            about = "; ".join(f"{code} ({what})" for code, what in self.sensitive.items())
            yield Para(f"Pounds alone are shown of what is sensitive: {about}.", "small")
        for n in range(0, len(codes), size):
            some = codes[n : n + size]
            columns = (
                Column("Practice", 3.5),
                Column("Earned", 2, True, True),
                *(Column(code, 1, True) for code in some),
            )
            rows = []
            for one in self.those:
                marks = {mark.item: mark for mark in one.marks}
                cells = [Cell(_name(one), link=self.links.get(one.code, "")), Cell(say.so_far(one.earned))]
                cells += [self._mark(one, code, marks.get(code)) for code in some]
                rows.append(Row(tuple(cells), facets=self._facets(one)))
            caption = f"Items {some[0]} to {some[-1]}" if len(some) > 1 else f"Item {some[0]}"
            yield Table(caption, columns, tuple(rows), sortable=True, facets=self._named(rows))

    def _mark(self, one: Position, code: str, mark: Mark | None) -> Cell:
        figure, link = f"{self.figure}{one.code}/{code}", self.links.get(one.code, "")
        if mark is None:
            return Cell("–")
        nothing = mark.pence == 0 and mark.possible
        tone: Literal["", "good", "poor"] = "good" if mark.full else "poor" if nothing else ""
        if code in self.sensitive or (mark.rate is None and mark.yes is None):
            if mark.within:
                return Cell(f"in {mark.within}", link=link, tone="quiet")
            if mark.pence is None:
                return Cell(_UNKNOWN, f"{figure}/pounds", link=link, tone="quiet")
            return Cell(say.money(mark.pence), f"{figure}/pounds", mark.pence, "pence", link, tone)
        if mark.rate is None:
            return Cell("yes" if mark.yes else "no", f"{figure}/answer", int(bool(mark.yes)), "count", link, tone)
        if mark.per == 1000:
            each = mark.rate * mark.per
            return Cell(say.rate(mark.rate, mark.per, 1), f"{figure}/rate per 1,000", each, "number", link, tone)
        places = 1 if mark.rate >= Fraction(1, 10) else 2
        return Cell(say.percent(mark.rate, places), f"{figure}/rate", mark.rate, "rate", link, tone)

    def how(self) -> Fold:
        """What the figures mean."""
        return Fold("What these figures mean", (Bullets((
            "Earned is the award as far as it is known; so far means that an item's is not. Possible is what the same "
            "practice would be paid with every item achieved in full.",
            "Would be recovered is what was paid in the year above the award, if what is known of it were all.",
            "Money counts once: where it goes through a network, the sums have the network's and a practice its part; "
            "what is paid in another item is that item's.",
            "Everything is worked out from the inputs that the run kept.",
        )),))  # fmt: skip


def _title(line: ItemLine) -> str:
    return f"{line.item}: {line.title}" if line.title and line.title != line.item else line.item


def _share(earned: Sum, possible: Sum) -> Fraction | None:
    if earned.unknown or possible.unknown or not possible.pence:
        return None
    return Fraction(earned.pence, possible.pence)


def _name(one: Position) -> str:
    return f"{one.name} ({one.code})" if one.name and one.name != one.code else one.code
