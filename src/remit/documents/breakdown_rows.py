"""A breakdown as rows: one table of all indicators, for CSV and for a workbook."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from remit.core import say
from remit.core.rounding import exact_text
from remit.disclosure.breakdown_cells import BreakdownCell as Counted
from remit.disclosure.breakdowns import Breakdown
from remit.disclosure.result import BreakdownResult
from remit.disclosure.suppression import Measure
from remit.documents.blocks import Column, Document, Row, Table
from remit.documents.breakdown import figure, gaps, gaps_table, opening, policy_blocks, rows_of, summary, title
from remit.files.tables import write_rows

COLUMNS = (
    "indicator_code", "breakdown", "value", "name", "numerator", "denominator", "achievement", "low", "high", "pcas",
    "excluded", "hidden", "policy",
)  # fmt: skip
_HIDDEN: dict[Measure, str] = {"achieved": "numerator", "denominator": "denominator", "pcas": "pcas"}
_FIGURES = ("Achievement", "95% low", "95% high", "Achieved", "Denominator", "PCAs", "Excluded")


@dataclass(frozen=True)
class _Line:
    """A row of one indicator: what it is a row of, its value, and its part of a figure's id."""

    one: Breakdown
    of: str
    value: str
    key: str
    cell: Counted

    @property
    def figures(self) -> list[str]:
        """Which figures it has."""
        pcas = "pcas" in self.one.measures and self.of != "part"
        has = {"Achievement", "95% low", "95% high", "Achieved"} if "achieved" in self.one.measures else set()
        has |= {"Denominator"} if "denominator" in self.one.measures else set()
        has |= {"PCAs"} if pcas else set()
        has |= {"Excluded"} if self.cell.excluded is not None and "denominator" in self.one.measures else set()
        return [name for name in _FIGURES if name in has]


def _lines(one: Breakdown) -> Iterator[_Line]:
    for key, cell in rows_of(one):
        of = "together" if cell is one.together else one.by
        yield _Line(one, of, key if of == "together" else say.clean(cell.value) or "all", key, cell)
    above = {"deprivation": ("deprivation-fifth", "fifth"), "pca-reason": ("pca-category", "category")}
    for cell in one.above:
        of, key = above[one.by]
        yield _Line(one, of, cell.value, f"{key} {cell.value}", cell)
    for cell in one.parts:
        yield _Line(one, "part", cell.value, f"part {cell.value}", cell)


def as_csv(result: BreakdownResult) -> bytes:
    """The rows as text: `hidden` names what is hidden, whose cells are empty; the whole is the value `all`."""
    into = io.StringIO()
    write_rows(into, [COLUMNS])
    write_rows(into, csv_rows(result))
    return into.getvalue().encode()


def csv_rows(result: BreakdownResult) -> Iterator[list[str]]:
    """The rows of `COLUMNS`. Rates and gaps are in hundredths."""
    for of in result.types:
        numbers = ["", str(of.denominator), "", "", "", str(of.pcas), "", ""]
        yield ["", "indicator-type", of.name, say.capital(of.name), *numbers, result.policy.name]
    for one in result.breakdowns:
        for line in _lines(one):
            shown = line.cell.figures
            interval = line.cell.interval
            ends = (interval.low, interval.high) if interval else (None, None)
            has = line.figures
            counts = {"Achieved": shown.achieved, "Denominator": shown.denominator, "PCAs": shown.pcas,
                      "Excluded": line.cell.excluded}  # fmt: skip
            text = {name: "" if number is None or name not in has else str(number) for name, number in counts.items()}
            hidden = [_HIDDEN[m] for m in ("achieved", "denominator", "pcas") if m in shown.hidden & one.measures]
            hidden = [name for name in hidden if name != "pcas" or "PCAs" in has]
            yield [
                one.indicator, line.of, line.value, say.clean(line.cell.name), text["Achieved"], text["Denominator"],
                *(_hundredths(value) if "Achievement" in has else "" for value in (shown.rate, *ends)), text["PCAs"],
                text["Excluded"], ";".join(hidden), result.policy.name,
            ]  # fmt: skip
        for key, name, found in gaps(one):
            values = map(_hundredths, (found.size, found.interval.low, found.interval.high))
            yield [
                one.indicator,
                "gap",
                key.removeprefix("gap of "),
                name,
                "",
                "",
                *values,
                "",
                "",
                "",
                result.policy.name,
            ]


def _hundredths(value: Fraction | None) -> str:
    return "" if value is None else exact_text(value * 100, most=1)


def sheets(result: BreakdownResult) -> Document:
    """The document with one table of every row in place of one for each indicator: what a workbook can filter."""
    tables = [_table(result), *summary(result), *gaps_table(result.breakdowns)]
    return Document(title(result), (*opening(result), *tables, *policy_blocks(result)))


def _table(result: BreakdownResult) -> Table:
    """Every row of every indicator."""
    lines = [line for one in result.breakdowns for line in _lines(one)]
    names = [name for name in _FIGURES if any(name in line.figures for line in lines)]
    columns = (
        Column("Indicator", 2), Column("Breakdown", 2), Column("Value", 2), Column("Name", 5),
        *(Column(name, 2, True) for name in names),
    )  # fmt: skip
    rows = []
    for line in lines:
        figures = (
            figure(line.one, line.key, line.cell, name, result.policy) if name in line.figures else "" for name in names
        )
        of = (line.one.indicator, line.of, line.value, say.clean(line.cell.name))
        rows.append(Row((*of, *figures), "total" if line.cell is line.one.whole else ""))
    return Table("Breakdown", columns, tuple(rows))
