"""A breakdown as a document: what was found, the figures with their intervals, then how small numbers are hidden.

What is hidden shows as the policy's mark, and never as a number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from remit.core import say
from remit.core.intervals import GAP_METHOD, METHOD, Gap
from remit.disclosure.breakdowns import Breakdown
from remit.disclosure.result import BreakdownResult
from remit.disclosure.sums import Cell as Counted
from remit.disclosure.suppression import Policy
from remit.documents import figures
from remit.documents.blocks import Block, Cell, Column, Document, Facts, Fold, Heading, Para, Picture, Row, Table
from remit.documents.breakdown_findings import (
    WORDS,
    fifth_words,
    finding,
    findings,
    gap_of_fifths,
    gap_of_tenths,
    percent,
    tenths,
)
from remit.documents.charts import Bar, bars

MOST_BARS = 40
TWO_RELEASES = (
    "Two releases of one breakdown can be subtracted: in a trial, 94 figures by age differed by 1 to 7 between two "
    "releases a week apart, so release at fixed dates only."
)
_INTERVALS = (
    f"The range in which a rate of so few people may lie by chance, 95 times in 100: the {METHOD} (Wilson 1927), and for "
    f"a gap {GAP_METHOD} (Newcombe 1998, method 10). Both are worked out from the figures that are shown; where a count "
    "is hidden there is none."
)


def document(result: BreakdownResult) -> Document:
    """The whole of it."""
    return Document(title(result), tuple(_blocks(result)))


def title(result: BreakdownResult) -> str:
    """The heading of the page."""
    of = f": practice {result.practice}" if result.practice else ""
    one = f"{result.breakdowns[0].indicator} by" if len(result.breakdowns) == 1 else "Breakdown by"
    return f"{one} {WORDS[result.by]}{of}"


def _blocks(result: BreakdownResult) -> Iterator[Block]:
    yield Heading(1, title(result))
    single = result.breakdowns[0] if len(result.breakdowns) == 1 else None
    yield Para(finding(single, result) if single else findings(result), "lead")
    if single and result.titles.get(single.indicator):
        yield Para(result.titles[single.indicator])
    facts = [("Scheme", result.scheme), ("As of", say.day(result.on))]
    yield Facts((*facts, *(("Provisional", why) for why in result.provisional)))
    if any(one.any_hidden for one in result.breakdowns):
        yield Para(mark(result.policy), "reason")
    if not single:
        yield from _summary(result)
    for one in result.breakdowns:
        if not single:
            of = result.titles.get(one.indicator)
            yield Heading(2, f"{one.indicator}: {of}" if of else one.indicator)
            yield Para(finding(one, result), "lead")
        yield from _section(one, result)
    yield from policy_blocks(result)


def mark(policy: Policy) -> str:
    """What the mark of a hidden number means."""
    return f"{policy.display} is a number that is not shown: it may be small or large, and must not be read as zero."


def policy_blocks(result: BreakdownResult) -> Iterator[Block]:
    """How small numbers are hidden, who says so, and what the figures rest on."""
    policy = result.policy
    yield Heading(2, "Small numbers" if policy.hides else "Exact figures")
    yield Para(policy.words)
    if policy.hides:
        yield Para(TWO_RELEASES)
    facts = [("Policy", f"{policy.name} ({policy.status})"), ("Who says so", policy.source)]
    if any("achieved" in one.measures for one in result.breakdowns):
        facts.append(("95% interval", _INTERVALS))
    if any(one.together for one in result.breakdowns):
        facts.append(
            ("Rows together", "The sum of the rows that are hidden: all, less the rows that are shown. It tells no more.")
        )
    if result.by == "deprivation":
        facts.append(("Core20", "The most deprived fifth: tenths 1 and 2 of the index of multiple deprivation."))
    if result.by == "pca-reason":
        facts.append(("Categories", "The first three are those of the Review of QOF (NHS England 2018, page 47)."))
    yield Fold("How these figures were made", (Facts(tuple(facts)),))


def _summary(result: BreakdownResult) -> Iterator[Block]:
    """What several indicators come to, side by side."""
    if result.types:
        yield _types_table(result)
    if result.by == "deprivation":
        rows = []
        for one in result.breakdowns:
            found = gap_of_tenths(one)
            if found:
                ends = {cell.value: cell.figures.rate for cell in one.cells}
                at = f"{one.indicator}/tenths"
                rates = [_rate(ends[tenth], f"{at}/{tenth}", "") for tenth in ("1", "10")]
                rows.append(Row((one.indicator, *rates, *_gap_cells(found, at))))
        if rows:
            columns = (
                Column("Indicator", 2), Column("Most deprived tenth", 2, True), Column("Least deprived tenth", 2, True),
                Column("Gap in percentage points", 2, True, kept=True), Column("95% low", 1.4, True),
                Column("95% high", 1.4, True),
            )  # fmt: skip
            yield Table("Gap between the least and the most deprived tenth", columns, tuple(rows), sortable=True)


def _types_table(result: BreakdownResult) -> Table:
    """PCAs by the type of indicator."""
    rows = []
    for of in result.types:
        at = f"type {of.name}"
        base = of.pcas + of.denominator
        rate = Fraction(of.pcas, base) if base else None
        rows.append(
            Row((
                say.capital(of.name), figures.count(of.pcas, f"{at}/pcas"), _rate(rate, f"{at}/rate", "–"),
                figures.count(of.indicators, f"{at}/indicators"), figures.count(of.without, f"{at}/not shown"),
            ))
        )  # fmt: skip
    columns = (
        Column("Type of indicator", 4), Column("PCAs", 2, True, kept=True), Column("Of PCAs and denominator", 2, True),
        Column("Indicators", 2, True), Column("Not shown, and not in the sum", 2, True),
    )  # fmt: skip
    return Table("PCAs by type of indicator", columns, tuple(rows))


def _section(one: Breakdown, result: BreakdownResult) -> Iterator[Block]:
    """One indicator: its chart, its table, and what goes with them."""
    if not one.cells:
        return
    if picture := chart(one, result):
        yield picture
    none = "achieved" not in one.measures and all(one.measures & cell.figures.hidden for cell in one.cells)
    if none:
        yield Para(f"No {WORDS[one.by]} is shown: each number is small, or would tell one that is.")
    if one.by == "pca-reason":
        yield from _reasons_tables(one, result, none)
    else:
        yield _table(f"{one.indicator} by {WORDS[one.by]}", one, [] if none else rows_of(one), result)
    if one.by == "deprivation" and "achieved" in one.measures:
        yield _table(f"{one.indicator} by deprivation fifth", one, fifth_rows(one), result)
        yield from _gaps_table(one)
    if one.parts:
        parts = [(f"part {cell.value}", cell) for cell in one.parts]
        yield _table(f"{one.indicator}: each part, of all", one, parts, result, head="Part", pcas=False)


def rows_of(one: Breakdown) -> list[tuple[str, Counted]]:
    """Every row of an indicator's table with its part of a figure's id: the cells, those together, the whole."""
    rows = [(cell.value, cell) for cell in one.cells]
    rows += [("together", one.together)] if one.together else []
    return [*rows, ("all", one.whole)]


def fifth_rows(one: Breakdown) -> list[tuple[str, Counted]]:
    """The fifths of deprivation."""
    return [(f"fifth {cell.value}", cell) for cell in one.above] if one.by == "deprivation" else []


def _table(
    caption: str, one: Breakdown, cells: Sequence[tuple[str, Counted]], result: BreakdownResult, head: str = "",
    pcas: bool = True,
) -> Table:  # fmt: skip
    """A table of rows: the rate and its interval, then the counts."""
    columns = [Column(head or say.capital(WORDS[one.by]), 4)]
    columns += [Column(name, 2, True, kept=name in _KEPT) for name in _columns(one, pcas)]
    rows = []
    for key, cell in cells or [("all", one.whole)]:
        name = fifth_words(cell.value) if key.startswith("fifth ") else say.clean(cell.name)
        texts = [figure(one, key, cell, column, result.policy) for column in _columns(one, pcas)]
        rows.append(Row((name, *texts), "total" if cell is one.whole else ""))
    return Table(caption, tuple(columns), tuple(rows))


_KEPT = ("Achievement", "On the register")


def _columns(one: Breakdown, pcas: bool = True) -> Iterator[str]:
    if "achieved" in one.measures:
        yield from ("Achievement", "95% low", "95% high", "Achieved", "Denominator")
    elif "denominator" in one.measures:
        yield "On the register"
    if "pcas" in one.measures and pcas:
        yield "PCAs"
    if one.whole.excluded is not None and "denominator" in one.measures and pcas:
        yield "Excluded"


_IDS = {
    "Achievement": "achievement", "95% low": "low", "95% high": "high", "Achieved": "numerator",
    "Denominator": "denominator", "On the register": "denominator", "PCAs": "pcas", "Excluded": "excluded",
}  # fmt: skip


def figure(one: Breakdown, key: str, cell: Counted, column: str, policy: Policy) -> Cell:
    """One figure of a row; what is hidden has the policy's mark and no value."""
    of, at = cell.figures, f"{one.indicator}/{key}/{_IDS[column]}"
    if column in ("Achievement", "95% low", "95% high"):
        interval = cell.interval
        ends = (interval.low, interval.high) if interval else (None, None)
        value = {"Achievement": of.rate, "95% low": ends[0], "95% high": ends[1]}[column]
        return _rate(value, at, policy.display if "achieved" in of.hidden else "–")
    number = {"Achieved": of.achieved, "PCAs": of.pcas, "Excluded": cell.excluded}.get(column, of.denominator)
    return figures.count(number, at, "–" if column == "Excluded" else policy.display)


def _rate(value: Fraction | None, at: str, unknown: str) -> Cell:
    return Cell(unknown, at) if value is None else Cell(percent(value), at, value, "rate")


def gaps(one: Breakdown) -> list[tuple[str, str, Gap]]:
    """The gaps of a breakdown by deprivation: each with its part of a figure's id and its name."""
    each = (
        ("gap of tenths", "Tenth 10 less tenth 1", gap_of_tenths(one)),
        ("gap of fifths", "Least less most deprived fifth", gap_of_fifths(one)),
    )
    return [(key, name, found) for key, name, found in each if found]


def _gaps_table(one: Breakdown) -> Iterator[Block]:
    rows = [Row((name, *_gap_cells(found, f"{one.indicator}/{key}"))) for key, name, found in gaps(one)]
    if rows:
        columns = (
            Column("Gap", 4), Column("Percentage points", 2, True, kept=True), Column("95% low", 2, True),
            Column("95% high", 2, True),
        )  # fmt: skip
        yield Table(f"{one.indicator}: gap between the most and the least deprived", columns, tuple(rows))


def _gap_cells(found: Gap, at: str) -> tuple[Cell, ...]:
    """A gap and the ends of its interval, in percentage points."""
    each = (("gap", found.size), ("low", found.interval.low), ("high", found.interval.high))
    return tuple(Cell(tenths(value), f"{at}/{name}", value * 100, "number") for name, value in each)


def _reasons_tables(one: Breakdown, result: BreakdownResult, none: bool) -> Iterator[Table]:
    """PCAs by category, then by the rule's reason with its words."""
    rows = [
        Row((say.capital(cell.name), figure(one, f"category {cell.value}", cell, "PCAs", result.policy)))
        for cell in one.above
    ]
    whole = figure(one, "all", one.whole, "PCAs", result.policy)
    yield Table(
        f"{one.indicator}: PCAs by category",
        (Column("Category", 6), Column("PCAs", 2, True, kept=True)),
        (*rows, Row(("All", whole), "total")),
    )
    if none:
        return
    reasons = [
        Row((
            cell.value, result.reasons.get((one.indicator, cell.value), ""),
            figure(one, cell.value, cell, "PCAs", result.policy),
        ))
        for cell in one.cells
    ]  # fmt: skip
    if one.together:
        reasons.append(Row((one.together.name, "", figure(one, "together", one.together, "PCAs", result.policy))))
    columns = (Column("Reason", 2), Column("In the words of the rule", 6), Column("PCAs", 2, True, kept=True))
    yield Table(f"{one.indicator}: PCAs by reason", columns, tuple(reasons))


def chart(one: Breakdown, result: BreakdownResult) -> Picture | None:
    """Achievement by value as bars with their intervals; a hidden one is the policy's mark and no bar."""
    rated = "achieved" in one.measures and any(cell.figures.rate is not None for cell in one.cells)
    if not rated or len(one.cells) > MOST_BARS:
        return None
    rows = []
    for cell in [*one.cells, *([one.together] if one.together else [])]:
        interval, rate = cell.interval, cell.figures.rate
        text = figure(one, "", cell, "Achievement", result.policy).text
        ends = (interval.low, interval.high) if interval else (None, None)
        rows.append(Bar(say.clean(cell.name), rate, text, *ends))
    whole = one.whole.figures.rate
    words = f"{one.indicator}: achievement by {WORDS[one.by]}, as bars with 95% intervals. {finding(one, result)}"
    compared = (whole, f"all: {percent(whole)}") if whole is not None else None
    return bars(rows, f"{words} The table below has every figure.", compared_with=compared)
