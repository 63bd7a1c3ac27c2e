"""A breakdown as a document: what was found, the figures with their intervals, then how small numbers are hidden.

What is hidden shows as the policy's mark, and never as a number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from remit.core import say
from remit.core.intervals import GAP_METHOD, METHOD, RateGap
from remit.disclosure.breakdown_cells import BreakdownCell
from remit.disclosure.breakdowns import Breakdown
from remit.disclosure.result import BreakdownResult
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
    f"How far chance alone may move a rate of so few people, 95 times in 100: the {METHOD} (Wilson 1927), and for a "
    f"gap {GAP_METHOD} (Newcombe 1998, method 10). Both are calculated from the figures that are shown; where a count "
    "is hidden there is none. A gap is that of the rates before they are rounded."
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
    yield from opening(result)
    yield from summary(result)
    single = len(result.breakdowns) == 1
    for one in result.breakdowns:
        if not single:
            yield Heading(2, one.indicator)
            yield from _titled(one, result)
            yield Para(finding(one), "lead")
        yield from _section(one, result)
    yield from policy_blocks(result)


def opening(result: BreakdownResult) -> Iterator[Block]:
    """What was found, and of what."""
    yield Heading(1, title(result))
    single = result.breakdowns[0] if len(result.breakdowns) == 1 else None
    yield Para(finding(single) if single else findings(result), "lead")
    if single:
        yield from _titled(single, result)
    facts = [("Scheme", result.scheme), ("As of", say.day(result.on))]
    yield Facts((*facts, *(("Provisional", why) for why in result.provisional)))
    if any(one.any_hidden for one in result.breakdowns):
        yield Para(mark(result.policy), "reason")


def _titled(one: Breakdown, result: BreakdownResult) -> Iterator[Block]:
    if result.titles.get(one.indicator):
        yield Para(result.titles[one.indicator])


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
            (
                "Rows together",
                "The sum of the rows that are hidden, which is all less those that are shown.",
            )
        )
    if result.by == "deprivation":
        facts.append(("Core20", "The most deprived fifth: tenths 1 and 2 of the index of multiple deprivation."))
    if result.types:
        facts.append(("PCA rate", "PCAs of PCAs and denominator, under the indicators that show both."))
    if result.by == "pca-reason":
        facts.append(("Categories", "The first three are those of the Review of QOF (NHS England 2018, page 47)."))
    yield Fold("How these figures were made", (Facts(tuple(facts)),))


def summary(result: BreakdownResult) -> Iterator[Table]:
    """What several indicators come to, side by side."""
    if result.types:
        yield _types_table(result)
    if result.by == "deprivation" and len(result.breakdowns) > 1:
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
        Column("Type of indicator", 4), Column("PCAs", 2, True, kept=True), Column("PCA rate", 2, True),
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
        yield _table(f"{one.indicator} by deprivation fifth", one, fifth_rows(one), result, head="Deprivation fifth")
        yield from gaps_table([one])
    if one.parts:
        parts = [(f"part {cell.value}", cell) for cell in one.parts]
        yield _table(f"{one.indicator}: each part on its own", one, parts, result, head="Part", pcas=False)


def rows_of(one: Breakdown) -> list[tuple[str, BreakdownCell]]:
    """Every row of an indicator's table with its part of a figure's id: the cells, those together, the whole."""
    rows = [(cell.value, cell) for cell in one.cells]
    rows += [("together", one.together)] if one.together else []
    return [*rows, ("all", one.whole)]


def fifth_rows(one: Breakdown) -> list[tuple[str, BreakdownCell]]:
    """The fifths of deprivation."""
    return [(f"fifth {cell.value}", cell) for cell in one.above] if one.by == "deprivation" else []


def _table(
    caption: str, one: Breakdown, cells: Sequence[tuple[str, BreakdownCell]], result: BreakdownResult, head: str = "",
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


def figure(one: Breakdown, key: str, cell: BreakdownCell, column: str, policy: Policy) -> Cell:
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


def gaps(one: Breakdown) -> list[tuple[str, str, RateGap]]:
    """The gaps of a breakdown by deprivation: each with its part of a figure's id and its name."""
    each = (
        ("gap of tenths", "Tenth 10 less tenth 1", gap_of_tenths(one)),
        ("gap of fifths", "Least less most deprived fifth", gap_of_fifths(one)),
    )
    return [(key, name, found) for key, name, found in each if found]


def gaps_table(breakdowns: Sequence[Breakdown]) -> Iterator[Table]:
    """The gaps by deprivation, of one indicator or of several."""
    found = [(one, *each) for one in breakdowns for each in gaps(one)]
    rows = [
        Row((f"{one.indicator}: {name}" if len(breakdowns) > 1 else name, *_gap_cells(of, f"{one.indicator}/{key}")))
        for one, key, name, of in found
    ]
    if rows:
        columns = (
            Column("Gap", 4), Column("Percentage points", 2, True, kept=True), Column("95% low", 2, True),
            Column("95% high", 2, True),
        )  # fmt: skip
        yield Table("Gap between the most and the least deprived", columns, tuple(rows))


def _gap_cells(found: RateGap, at: str) -> tuple[Cell, ...]:
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
            cell.value, result.reasons[one.indicator, cell.value],
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
    words = f"{one.indicator}: achievement by {WORDS[one.by]}, as bars with 95% intervals. {finding(one)}"
    compared = (whole, f"all: {percent(whole)}") if whole is not None else None
    return bars(rows, f"{words} The table below has every figure.", compared_with=compared)
