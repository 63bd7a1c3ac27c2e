"""How much of a run's payments is chance, as blocks: the answer, practices, items, what pooling does, funnels, how."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from remit.analysis.chance import ItemChance, RunTotals
from remit.analysis.chance_result import ChanceResult, PracticeReport
from remit.analysis.item_chance import ItemReport, fitted
from remit.core import say
from remit.core.words import agreed
from remit.documents.blocks import Amounts, Block, Cell, Column, Document, Fold, Heading, Para, Row, Table
from remit.documents.chance_cells import (
    decimal,
    earned,
    part,
    pooled_cells,
    pooled_words,
    practice_cells,
    practice_name,
    reliability_cells,
    reliable_words,
    share_at_risk,
    size_cells,
)  # fmt: skip
from remit.documents.chance_funnel import funnel_of
from remit.documents.chance_method import how
from remit.documents.chance_words import about, expected, item_name, of_named, of_run, rough
from remit.documents.figures import NOT_KNOWN, chance, count, pounds

_COLUMNS, _SHORT, _FUNNELS, _LISTED = 12, 10, 12, 400
NOT_SHOWN = "not shown"


def document(result: ChanceResult, every_practice: bool = False) -> Document:
    """All of it; of very many practices a page lists those with the largest share at risk, or `every_practice`."""
    of = _Of(result)
    many = len(result.practices) > _LISTED and not every_practice
    listed = _most_at_risk(result, _LISTED // 2) if many else result.practices
    blocks: list[Block] = [*of.first()]
    if result.named:
        for one in result.practices:
            blocks += of.practice(one)
        blocks += of.run()
    else:
        blocks += [
            *of.moves(),
            *of.reliable(),
            *of.pooled(),
            *of.sizes(),
            *of.practices(listed),
            *of.matrix(listed),
        ]
    if not result.named or result.by_item:
        blocks += of.funnels()
    blocks += [*of.without(), how(result)]
    return Document(title(result), tuple(blocks), wide=True)


def short(result: ChanceResult) -> Document:
    """What a terminal shows."""
    of = _Of(result)
    blocks: list[Block] = [*of.first()]
    if result.named:
        for one in result.practices:
            blocks += of.practice(one)
        blocks += of.run()
    else:
        blocks += [*of.moves(), *of.reliable(), *of.sizes(), *of.practices(_most_at_risk(result, _SHORT))]
    return Document(title(result), tuple(blocks))


def _most_at_risk(result: ChanceResult, many: int) -> Sequence[PracticeReport]:
    return sorted(result.practices, key=lambda one: -share_at_risk(one))[:many]


def title(result: ChanceResult) -> str:
    """What the document is called."""
    return f"Chance: {'; '.join(result.titles)}"


class _Of:
    """The parts of the document."""

    def __init__(self, result: ChanceResult) -> None:
        self.result = result
        self.several = len({one.counts.scheme for one in result.items}) > 1

    def key(self, one: ItemReport | ItemChance) -> str:
        """The item's part of a figure's id."""
        return f"{one.counts.scheme}/{one.counts.code}" if self.several else one.counts.code

    def open(self, one: ItemReport | ItemChance) -> bool:
        """Whether more than its pounds is shown."""
        return one.counts.code not in self.result.sensitive

    def first(self) -> Iterator[Block]:
        """The answer and the amounts."""
        result, found = self.result, self.result.totals
        yield Heading(1, title(result))
        if found is None:
            reasons = [one.reliability.reason for one in result.items if one.reliability.reason]
            if result.by_item:
                reasons += [f"{one.item.item}: {one.reason}" for one in result.without]
            why = " ".join(dict.fromkeys(reasons)) or "No item of the run is paid by a rate of patients."
            yield Para(f"How much of this is chance cannot be said. {why}", "lead")
            return
        if result.named:
            for one in result.practices:
                yield Para(of_named(practice_name(one), one.chance, one.interval), "lead")
        else:
            yield Para(self._answer(found), "lead")
        if result.counted_on:
            yield Para(say.within_the_year(result.counted_on), "reason")
        if few := rough([spread.practices for one in result.items if (spread := fitted(one))]):
            yield Para(few, "reason")
        if not result.named:
            yield from self._amounts(found)

    def run(self) -> Iterator[Block]:
        """The whole run, below the practices that were named."""
        if self.result.totals:
            yield Heading(2, "The whole run")
            yield Para(self._answer(self.result.totals))
            yield from self._amounts(self.result.totals)

    def _answer(self, found: RunTotals) -> str:
        return (
            f"{of_run(found)} {say.money(found.unreliable)} of {say.money(found.pence)} is for items that do not tell "
            "practices apart well (reliability below 0.7)."
        )

    def _amounts(self, found: RunTotals) -> Iterator[Block]:
        items = len(self.result.items)
        yield Amounts((
            ("Awards looked at", count(found.items, "all/awards")),
            ("Expected to be different", expected(found.others, "all/others")),
            ("Their pounds", pounds(found.pence, "all/pounds")),
            ("At risk from small numbers", about(found.moved, "all/at risk")),
            ("In items below 0.7", pounds(found.unreliable, "all/unreliable")),
        ))  # fmt: skip
        text = (
            f"Of {found.practices:,} practices and {items:,} {agreed('item{|s}', items)}: every award that is paid by "
            "a rate of patients."
        )
        if unknown := sum(one.counts.unknown for one in self.result.items):
            text += f" {unknown:,} more {agreed('{is|are}', unknown)} left out: their counts are not known."
        yield Para(f"{text} At risk is how far a repeat's pounds lie from this year's on average, up or down.", "small")

    def moves(self) -> Iterator[Block]:
        """What chance moves, by item."""
        columns = (
            Column("Item", 6), Column("Different award", 2, True, True), Column("Pounds", 3, True),
            Column("At risk", 2.5, True), Column("Of pounds", 2, True),
        )  # fmt: skip
        rows = []
        for one in self.result.items:
            key, shown = self.key(one), self.open(one)
            mean = one.others / one.practices if one.practices else None
            known = one.practices > 0
            rows.append(
                Row((
                    item_name(one.counts.item),
                    chance(mean if shown else None, f"{key}/another", NOT_KNOWN if shown else NOT_SHOWN),
                    pounds(one.pence if known else None, f"{key}/pounds"),
                    about(one.moved if known else None, f"{key}/at risk"),
                    part(one.moved, one.pence, f"{key}/of pounds"),
                ))
            )  # fmt: skip
        if rows:
            yield Heading(2, "What chance moves")
            yield Table("Each item over all practices, in a repeat of the year", columns, tuple(rows), sortable=True)

    def reliable(self) -> Iterator[Block]:
        """How far each item tells practices apart."""
        those = [one for one in self.result.items if self.open(one)]
        if not those:
            return
        yield Heading(2, "How far items tell practices apart")
        yield Para(reliable_words(those))
        columns = (
            Column("Item", 5), Column("Patients, middle practice", 2, True), Column("Reliability", 2, True, True),
            Column("Practices at 0.7", 2, True), Column("Patients for 0.7", 2, True), Column("List for 0.7", 2, True),
            Column("Counted per 10,000", 2, True),
        )  # fmt: skip
        rows = [Row((item_name(one.counts.item), *reliability_cells(one.reliability, self.key(one)))) for one in those]
        yield Table("Reliability of each item", columns, tuple(rows), sortable=True)
        reasons = dict.fromkeys(
            f"{one.counts.code}: {one.reliability.reason}" for one in those if one.reliability.reason
        )
        for reason in reasons:
            yield Para(reason, "small")

    def pooled(self) -> Iterator[Block]:
        """Reliability with counts put together."""
        result = self.result
        those = [one for one in result.items if self.open(one) and (one.networks or one.years)]
        if not those:
            return
        networks, years = any(one.networks for one in those), any(one.years for one in those)
        columns = [Column("Item", 5), Column("A practice, one year", 2, True)]
        if networks:
            columns += [Column("Networks", 1.5, True), Column("A network, one year", 2, True, True)]
        if years:
            columns += [
                Column("Practices", 1.5, True),
                Column(f"A practice, {say.in_words(result.years)} years", 2, True),
            ]
        rows = []
        for one in those:
            key = self.key(one)
            cells = [Cell(item_name(one.counts.item)), decimal(one.reliability.expected, f"{key}/alone")]
            cells += pooled_cells(one.networks, f"{key}/networks") if networks else []
            cells += pooled_cells(one.years, f"{key}/years") if years else []
            rows.append(Row(tuple(cells)))
        yield Heading(2, "What adding counts up does")
        yield Para(pooled_words(those))
        yield Table("Reliability with counts added up", tuple(columns), tuple(rows), sortable=True)

    def sizes(self) -> Iterator[Block]:
        """Pounds by how many people they were counted on."""
        columns = (
            Column("Patients counted", 4), Column("Awards", 2, True), Column("Different award", 2, True),
            Column("Pounds", 3, True, True), Column("At risk", 3, True), Column("Of pounds", 2, True),
        )  # fmt: skip
        rows = [Row(tuple(size_cells(one))) for one in self.result.sizes]
        if rows:
            yield Heading(2, "Pounds by how many patients were counted")
            yield Table("Awards by the size of the denominator", columns, tuple(rows))

    def practices(self, those: Sequence[PracticeReport]) -> Iterator[Block]:
        """Each practice's pounds, and what is at risk."""
        if not those:
            return
        columns = (
            Column("Practice", 5), Column("Awards", 1.5, True), Column("Different", 1.5, True),
            Column("Pounds", 3, True, True), Column("At risk", 2.5, True), Column("Of pounds", 2, True),
            Column("Standard deviation", 2.5, True), Column("90% from", 2.5, True), Column("to", 2.5, True),
        )  # fmt: skip
        all_of_them = len(those) == len(self.result.practices)
        yield Heading(2, "Practices" if all_of_them else "Practices with the largest share at risk")
        caption = (
            "Each practice in a repeat of the year"
            if all_of_them
            else f"{len(those)} of {len(self.result.practices):,}; a workbook or a CSV file has all"
        )
        yield Table(caption, columns, tuple(Row(tuple(practice_cells(one))) for one in those), sortable=True)

    def matrix(self, those: Sequence[PracticeReport]) -> Iterator[Block]:
        """The chance of a different award, for each practice and item."""
        result = self.result
        codes = [(self.key(one), one.counts.code) for one in result.items if self.open(one)]
        if not codes or not those:
            return
        parts = -(-len(codes) // _COLUMNS)
        size = -(-len(codes) // parts)
        yield Heading(2, "Practices by item")
        yield Para(
            "The chance of a different award in a repeat of the year with the same care. A dash: nobody to count, "
            "counts not known, or no such item.",
            "small",
        )
        for n in range(0, len(codes), size):
            some = codes[n : n + size]
            columns = (Column("Practice", 4), *(Column(code, 1, True) for _, code in some))
            rows = []
            for one in those:
                by_key = {self.key(line): line.other for line in one.chance.items}
                cells = [
                    chance(by_key[key], f"{one.chance.code}/{key}/another") if key in by_key else Cell("–")
                    for key, _ in some
                ]
                rows.append(Row((practice_name(one), *cells)))
            caption = f"Items {some[0][1]} to {some[-1][1]}" if len(some) > 1 else f"Item {some[0][1]}"
            yield Table(caption, columns, tuple(rows), sortable=True)

    def practice(self, one: PracticeReport) -> Iterator[Block]:
        """One practice's items, with both chances."""
        yield Heading(2, practice_name(one))
        if not one.chance.items:
            yield Para("No chance can be stated for any of its items.")
            return
        code, ends = one.chance.code, one.interval
        yield Amounts((
            ("Expected to be different", expected(one.chance.others, f"{code}/others")),
            ("Pounds", pounds(one.chance.pence, f"{code}/pounds")),
            ("At risk from small numbers", about(one.chance.moved, f"{code}/at risk")),
            ("90% of repeats from", about(ends[0] if ends else None, f"{code}/low")),
            ("90% of repeats up to", about(ends[1] if ends else None, f"{code}/high")),
        ))  # fmt: skip
        yield Para(
            "In a repeat: the chance that a year of the same care is paid differently. Own rate: the chance that the "
            "practice's own rate, without the chance of one year, earns something different from what was paid."
        )
        columns = (
            Column("Item", 5), Column("In a repeat", 2, True, True), Column("Own rate", 2, True),
            Column("Reliability", 2, True), Column("Pounds", 2.5, True), Column("At risk", 2, True),
            Column("90% earn from", 2.5, True), Column("to", 2.5, True),
        )  # fmt: skip
        rows = [Row(tuple(self._lines(one, n))) for n in range(len(one.chance.items))]
        yield Table(f"Items of {practice_name(one)}", columns, tuple(rows), sortable=True)

    def _lines(self, one: PracticeReport, n: int) -> Iterator[Cell]:
        line = one.chance.items[n]
        key, shown = f"{one.chance.code}/{self.key(line)}", self.open(line)
        why = NOT_KNOWN if shown else NOT_SHOWN
        yield Cell(item_name(line.counts.item))
        yield chance(line.other if shown else None, f"{key}/another", why)
        yield chance(one.own_rate[n] if shown else None, f"{key}/own rate", why)
        yield decimal(one.reliability[n] if shown else None, f"{key}/reliability", why)
        yield pounds(line.pence, f"{key}/pounds")
        yield about(line.moved, f"{key}/at risk")
        for name, value in (("low", line.least), ("high", line.most)):
            yield earned(line, value if shown else None, f"{key}/{name}", why)

    def funnels(self) -> Iterator[Block]:
        """The funnel of each item, or of those with the most at risk."""
        those = [one for one in self.result.items if self.open(one)]
        shown = sorted(those, key=lambda one: -one.moved)[:_FUNNELS] if not self.result.by_item else those
        if not shown:
            return
        yield Heading(2, "Funnels")
        yield Para(
            "Each dot is a practice; a ring is a practice outside the outer solid limit. Dashed limits are for "
            "chance alone; solid limits also allow for how practices usually differ. The inner pair is for 95%, the "
            "outer for 99.8%. The line is the rate of all practices together."
        )
        if len(shown) < len(those):
            text = f"For the {len(shown)} items with the most pounds at risk. Name an item to see its funnel."
            yield Para(text, "small")
        names = {one.chance.code: one.name for one in self.result.practices}
        for one in those:
            if one in shown:
                yield from funnel_of(one, names, self.key(one), self.result.least_shown)

    def without(self) -> Iterator[Block]:
        """The items for which no chance is stated."""
        reasons: dict[str, list[str]] = {}
        for one in self.result.without:
            reasons.setdefault(one.reason, []).append(one.item.item)
        hidden = [one.counts.code for one in self.result.items if not self.open(one)]
        if hidden:
            reasons["It is sensitive: only its pounds are shown."] = hidden
        if reasons:
            rows = tuple(Row((say.listed(codes), reason)) for reason, codes in reasons.items())
            table = Table("Items without a stated chance", (Column("Items", 4), Column("Why", 8)), rows)
            yield Fold("Items for which no chance is stated", (table,))
