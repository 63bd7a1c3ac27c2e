"""The examination of PCAs as blocks: who is for review and why, the four tests side by side, items, types, dates."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from fractions import Fraction

from remit.analysis.pca import BENCHMARK_2005, PracticePca, Side
from remit.analysis.pca_result import ExaminedItem, IfCounted, PcaResult
from remit.core import say
from remit.core.words import agreed, listed
from remit.documents import figures
from remit.documents.blocks import Amounts, Block, Bullets, Cell, Column, Document, Fold, Heading, Para, Row, Table
from remit.documents.charts import Spread, spread
from remit.documents.pca_dates import dates, reasons
from remit.documents.pca_funnels import funnels
from remit.documents.pca_words import TEST_NAMES, answer, item_name, percent, practices_in, reason, references
from remit.scoring.guard import IN_LINE, REVIEW, WATCH

_SHORT, _ROWS, _STRIPS = 10, 400, 12
_TONES = {REVIEW: "poor", WATCH: "", IN_LINE: "quiet"}
_HYPOTHETICAL = (
    "Hypothetical: what would be paid if the PCAs above the highest reference were put back into the denominator as "
    "not achieved, each item by itself. No scheme of the library does that, and nothing is withheld."
)


def pca(result: PcaResult, every_row: bool = False) -> Document:
    """All of it; of very many rates a page lists those to look at alone, or `every_row`."""
    of = _Of(result)
    most = sys.maxsize if every_row else _ROWS
    blocks = [
        *of.first(),
        *of.strips(),
        *funnels(of.shown),
        *of.items(),
        *of.bands(of.rows(most)),
        *of.tests(of.rows(most)),
    ]
    blocks += [*of.types(), *dates(result), *reasons(result), of.how()]
    return Document(title(result), tuple(blocks), wide=True)


def short(result: PcaResult) -> Document:
    """What a terminal shows."""
    of = _Of(result)
    return Document(title(result), (*of.first(), *of.items(few=True), *of.bands(of.rows(_SHORT, looked_at=True))))


def title(result: PcaResult) -> str:
    """What the document is called."""
    return f"PCA guard rail: {'; '.join(result.titles)}"


_Line = tuple[ExaminedItem, PracticePca]


def _place(item: ExaminedItem, one: PracticePca) -> tuple[bool, Fraction]:
    """The highest rates first."""
    hidden = one.practice in item.hidden.practices
    return hidden, Fraction(0) if hidden else -one.count.rate


class _Of:
    """The parts of the document."""

    def __init__(self, result: PcaResult) -> None:
        self.result = result
        self.shown = [item for item in result.items if not item.about]
        self.keys = {id(item): str(n) for n, item in enumerate(result.items)}

    def first(self) -> Iterator[Block]:
        """The answer and the few figures."""
        result = self.result
        pcas, people = (sum(getattr(item.found, name) for item in self.shown) for name in ("pcas", "people"))
        hidden = any(item.hidden.whole for item in self.shown)
        rate = Fraction(pcas, people) if people and not hidden else None
        mark = result.policy.display if hidden else figures.NOT_KNOWN
        yield Heading(1, title(result))
        yield Para(answer(result), "lead")
        if result.counted_on:
            yield Para(say.within_the_year(result.counted_on), "reason")
        yield Amounts((
            ("PCA rate over all items", figures.rate(rate, "all/rate", unknown=mark)),
            ("Practices for review", figures.count(len(practices_in(result, REVIEW)), "all/review")),
            ("If PCAs above the reference were counted", figures.change(
                sum(item.lost for item in result.items), "all/if counted"
            )),
        ))  # fmt: skip
        yield Para(_HYPOTHETICAL, "small")
        if any(item.about for item in result.items):
            names = listed([item.item for item in result.items if item.about])
            yield Para(f"For {names} only pounds are shown: what they count is sensitive.", "reason")
        if alone := [item.item for item in self.shown if not item.found.rule.references]:
            yield Para(f"One practice alone has nothing to be compared with on {listed(alone)}: give a rate.", "reason")
        if any(item.hidden.practices for item in self.shown):
            mark = result.policy.display
            yield Para(
                f"{mark} is a small number that is not shown, or one from which it could be worked out.", "reason"
            )

    def strips(self) -> Iterator[Block]:
        """Each item on a strip with its references: a mark for each practice whose rate is shown."""
        rows, said = [], []
        for item in self.shown:
            rates = [one.count.rate for one in item.found.practices if one.practice not in item.hidden.practices]
            if len(rates) > 1:
                many = item.found.many(REVIEW)
                rows.append(
                    Spread(item_name(item), rates, tuple(item.found.rule.references.values()), f"{many:,} for review")
                )
                said.append(f"{item.item}: from {say.percent(min(rates), 1)} to {say.percent(max(rates), 1)}")
        if not rows:
            return
        yield Heading(2, "PCA rates by item")
        ends = [value for row in rows for value in (*row.values, *row.thresholds)]
        for n in range(0, len(rows), _STRIPS):
            alt = f"PCA rate of each practice on a strip for each item. {'; '.join(said[n : n + _STRIPS])}."
            yield spread(rows[n : n + _STRIPS], alt, ends=(Fraction(0), max(ends)))
        yield Para("A thin mark is a practice, a thick line a reference rate.", "small")

    def items(self, few: bool = False) -> Iterator[Block]:
        """Each item over all practices."""
        columns = [
            Column("Item", 5), Column("For review", 1.4, True, True), Column("To watch", 1.4, True),
            Column("In line", 1.4, True), Column("PCA rate", 1.6, True),
        ]  # fmt: skip
        before = any(item.found.year_before for item in self.shown)
        if not few:
            columns += [
                Column("Compared with", 3), Column("Median", 1.5, True), Column("Middle half", 2.4, True),
                *([Column("Year before", 1.6, True), Column("Same practices now", 1.6, True)] if before else []),
                Column("If counted", 2.4, True),
            ]  # fmt: skip
        yield Heading(2, "Items")
        rows = tuple(Row(tuple(self._item(item, few, before))) for item in self.result.items)
        yield Table("PCAs of each item over all practices", tuple(columns), rows, sortable=True)

    def _item(self, item: ExaminedItem, few: bool, before: bool) -> Iterator[str | Cell]:
        found, at, mark = item.found, f"item/{self.keys[id(item)]}", self.result.policy.display
        yield item_name(item)
        for name, band in (("review", REVIEW), ("watch", WATCH), ("in line", IN_LINE)):
            yield Cell("sensitive") if item.about else figures.count(found.many(band), f"{at}/{name}")
        closed = bool(item.about) or item.hidden.whole
        yield figures.rate(None if closed else found.rate, f"{at}/rate", unknown=mark)
        if few:
            return
        hidden = closed and found.rule.own
        yield mark if hidden else references(found.rule) or "nothing"
        middle = None if closed or not item.shows_quartiles else found.quartiles
        unknown = mark if closed or not item.shows_quartiles else "one practice"
        yield figures.rate(middle.median if middle else None, f"{at}/median", unknown=unknown)
        yield Cell(f"{say.percent(middle.low, 1)} to {say.percent(middle.high, 1)}" if middle else unknown)
        if before:
            pair = None if closed else found.year_before
            yield figures.rate(pair[0] if pair else None, f"{at}/year before", unknown="not given")
            yield figures.rate(pair[1] if pair else None, f"{at}/of the same", unknown="not given")
        yield figures.change(item.lost, f"{at}/if counted")

    def rows(self, most: int, looked_at: bool = False) -> list[_Line]:
        """Practices by item, those for review first; of very many, those that are to be looked at alone. A rate that is
        not shown gives no place: those come last of their band."""
        lines = [(item, one) for item in self.shown for one in item.found.practices]
        if looked_at or len(lines) > most:
            lines = [line for line in lines if line[1].band != IN_LINE]
        order = [REVIEW, WATCH, IN_LINE]
        lines.sort(key=lambda line: (order.index(line[1].band), *_place(*line), line[1].practice))
        return lines[:most]

    def bands(self, lines: Sequence[_Line]) -> Iterator[Block]:
        """The bands with their reasons, and what would be lost."""
        yield Heading(2, "Practices to look at, and why")
        if not lines:
            yield Para("No practice is above a reference, and none rose.")
            return
        columns = (
            Column("Practice", 3), Column("Item", 1), Column("Band", 1.3, kept=True), Column("Why", 8),
            Column("If counted", 2, True),
        )  # fmt: skip
        rows = []
        for item, one in lines:
            hidden = one.practice in item.hidden.practices
            rows.append(
                Row((
                    self._name(one), item.item, Cell(one.band, tone=_TONES[one.band]),  # type: ignore[arg-type]
                    reason(one, item.found.rule, hidden),
                    self._if_counted(item, one, hidden),
                ), facets=(("Band", one.band), ("Item", item.item)))
            )  # fmt: skip
        yield Table("Bands and their reasons", columns, tuple(rows), sortable=True, facets=("Band", "Item"))
        every = sum(len(item.found.practices) for item in self.shown)
        if len(rows) < every:
            left = every - len(rows)
            yield Para(f"Not listed: {left:,} more {agreed('rate{|s}', left)}, those in line last.", "small")

    def _if_counted(self, item: ExaminedItem, one: PracticePca, hidden: bool) -> Cell:
        at = f"{one.practice}/{self.keys[id(item)]}/if counted"
        if hidden:
            return Cell(self.result.policy.display)
        counted = item.if_counted.get(one.practice, IfCounted(0, 0))
        return figures.change(counted.pence, at)

    def tests(self, lines: Sequence[_Line]) -> Iterator[Block]:
        """The four tests side by side."""
        columns = (
            Column("Practice", 3), Column("Item", 1), Column("PCAs", 1.2, True), Column("Of", 1.4, True),
            Column("PCA rate", 1.4, True), Column("Year before", 1.4, True), Column("Point rule", 1.4),
            Column("Exact binomial", 1.6), Column("Chance of as many", 1.6, True), Column("Funnel", 1.4),
            Column("Rise", 1.4), Column("Band", 1.3),
        )  # fmt: skip
        yield Heading(2, "The four tests side by side")
        # Without a run of the year before nobody has a rate before, or a rise: those columns are left out.
        compared = any(one.change is not None or one.rise is not None for _, one in lines)
        shown = [n for n, column in enumerate(columns) if compared or column.title not in ("Year before", "Rise")]
        cells = [tuple(self._tests(item, one)) for item, one in lines]
        rows = tuple(Row(tuple(row[n] for n in shown)) for row in cells)
        caption = "Every practice by item under the four tests"
        yield Table(caption, tuple(columns[n] for n in shown), rows, sortable=True)
        if not compared:
            yield Para("A rise is not known: no run of the year before was given.", "small")

    def _tests(self, item: ExaminedItem, one: PracticePca) -> Iterator[str | Cell]:
        at, mark = f"{one.practice}/{self.keys[id(item)]}", self.result.policy.display
        open_ = one.practice not in item.hidden.practices
        count, before = one.count, one.change.before if one.change else None
        yield self._name(one)
        yield item.item
        yield figures.count(count.pcas if open_ else None, f"{at}/pcas", mark)
        yield figures.count(count.people if open_ else None, f"{at}/people", mark)
        yield figures.rate(count.rate if open_ else None, f"{at}/rate", unknown=mark)
        yield figures.rate(before if open_ else None, f"{at}/before", unknown="not given" if open_ else mark)
        yield _side(one.point)
        yield _side(one.binomial)
        yield figures.chance(one.chance if open_ else None, f"{at}/chance", "not known" if open_ else mark)
        yield _side(one.funnel)
        yield "not known" if one.rise is None else "significant" if one.rise else "no"
        yield Cell(one.band, tone=_TONES[one.band])  # type: ignore[arg-type]

    def _name(self, one: PracticePca) -> str:
        name = self.result.names.get(one.practice, "")
        return f"{name} ({one.practice})" if name and name != one.practice else one.practice

    def types(self) -> Iterator[Block]:
        """By type of indicator, beside the benchmarks."""
        mark = self.result.policy.display
        columns = (
            Column("Type of indicator", 4), Column("Items", 1.4, True), Column("PCA rate", 2, True, True),
            Column("Median practice", 2, True), Column("Middle half of practices", 3, True),
        )  # fmt: skip
        rows = []
        for of in self.result.types:
            at, middle = f"type/{of.type}", of.quartiles
            rate = Fraction(of.pcas, of.people) if of.people and not of.hidden else None
            rows.append(
                Row((
                    say.capital(of.type), figures.count(of.items, f"{at}/items"),
                    figures.rate(rate, f"{at}/rate", unknown=mark),
                    figures.rate(middle.median if middle else None, f"{at}/median", unknown=mark),
                    f"{say.percent(middle.low, 1)} to {say.percent(middle.high, 1)}" if middle else mark,
                ))
            )  # fmt: skip
        yield Heading(2, "By type of indicator")
        yield Table("PCA rates by type of indicator", columns, tuple(rows))
        rates = [f"{name} {percent(rate)}" for name, rate in self.result.benchmarks.items()]
        yield Para(
            f"To compare: {listed(rates)} over the indicators of QOF 2022/23 (as QIF 2024/25 names them), and "
            f"{percent(BENCHMARK_2005)} in the median practice of 2005/06 (Review of QOF)."
        )

    def how(self) -> Block:
        """How it was made."""
        items = [f"{item.item} by the {_chosen(item)}" for item in self.result.items]
        notes = [f"{item.item}: {item.found.no_funnel}" for item in self.shown if item.found.no_funnel]
        lines = [
            "PCA rate is PCAs over denominator and PCAs together.",
            f"Which test decides the band: {listed(items)}. For review: that test finds something. To watch: the "
            "rate is above a reference, or one of the other tests finds something. In line: neither.",
            "Point rule: the rate is above every reference. Exact binomial: one-sided against each reference, with "
            "Benjamini and Hochberg's correction across practices; the chance is that of as many PCAs or more at the "
            "highest reference, before the correction. Funnel: outside limits of 99.8% around every reference, with "
            "additive overdispersion (Spiegelhalter 2005). Rise: Fisher's exact test of two proportions, and more than "
            "so many percentage points (2 where no guard rail says otherwise).",
            "Where a scheme has no guard rail for an item and no rate was given, it is compared with the rate of this "
            "run's practices together.",
            "PCAs have good reasons: older, frailer and more deprived patients have more of them (Review of QOF).",
            self.result.policy.words,
        ]  # fmt: skip
        return Fold("How these figures were made", (Bullets((*lines, *notes)),))


def _chosen(item: ExaminedItem) -> str:
    return listed([TEST_NAMES[test] for test in item.found.rule.chosen])


def _side(side: Side | None) -> str:
    return "not known" if side is None else side
