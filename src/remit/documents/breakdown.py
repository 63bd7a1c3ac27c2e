"""Breakdowns as blocks, as rows and as a workbook. What is hidden shows as the policy's mark and never as a number."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from html import escape

import xlsxwriter

from remit.core import say
from remit.core.rounding import exact_text
from remit.core.words import visible
from remit.disclosure.breakdowns import Breakdown, Cell
from remit.disclosure.suppression import Measure, Policy
from remit.documents.blocks import Block, Column, Facts, Heading, Para, Picture, Row, Table

WORDS = {
    "age": "age band", "sex": "sex", "ethnicity": "ethnicity as recorded", "deprivation": "deprivation decile",
    "frailty": "frailty", "place": "place", "network": "network", "practice": "practice",
    "pca-reason": "reason of the PCA", "pca-month": "month of the PCA",
}  # fmt: skip
COLUMNS = (
    "indicator_code", "breakdown", "value", "numerator", "denominator", "achievement", "pcas", "excluded", "hidden",
    "policy",
)  # fmt: skip
INK, SOFT, BAR, LINE = "#212b32", "#4c5b66", "#3b5668", "#c5d0d8"


def title(by: str, practice: str) -> str:
    """The heading of a page."""
    return f"Breakdown by {WORDS[by]}{f': practice {practice}' if practice else ''}"


def blocks(
    made: Sequence[Breakdown],
    policy: Policy,
    by: str,
    practice: str,
    evaluation: Sequence[tuple[str, str]],
    titles: Mapping[str, str],
) -> Iterator[Block]:
    """The policy's words, then each indicator with its chart and its table; `titles` says what each one is."""
    yield Heading(1, title(by, practice))
    yield Para(policy.words, "lead")
    if policy.hides:
        yield Para(_mark(policy), "reason" if any(one.any_hidden for one in made) else "")
    shown = f"{policy.name} ({policy.status})"
    yield Facts((*evaluation, ("Policy for small numbers", shown), ("Who says so", policy.source)))
    for one in made:
        yield Heading(2, one.indicator)
        if titles.get(one.indicator):
            yield Para(titles[one.indicator])
        if not one.cells:
            yield Para("Nobody.")
            continue
        if "achieved" in one.told:
            picture = chart(one, policy)
            if picture:
                yield Picture(picture, _alt(one))
        if "achieved" not in one.told and all(one.told & cell.figures.hidden for cell in one.cells):
            yield Para(f"No {WORDS[one.by]} is shown: each number is small, or would tell one that is.")
            yield _table(replace(one, cells=()), policy)
        else:
            yield _table(one, policy)


def _mark(policy: Policy) -> str:
    """What the mark of a hidden number means."""
    return f"{policy.display} is a number that is not shown: it may be small or large, and must not be read as zero."


def _measures(made: Breakdown) -> Iterator[tuple[str, Measure | None]]:
    """The columns that a breakdown has, and the measure whose absence is a mark."""
    if "achieved" in made.told:
        yield "Achieved", "achieved"
    if "denominator" in made.told:
        yield ("Denominator" if "achieved" in made.told else "On the register"), "denominator"
    if "achieved" in made.told:
        yield "Achievement", "achieved"
    if "pcas" in made.told:
        yield "PCAs", "pcas"


def _table(made: Breakdown, policy: Policy) -> Table:
    names = [name for name, _ in _measures(made)]
    excluded = made.whole.excluded is not None and "denominator" in made.told
    columns = [Column(say.capital(WORDS[made.by]), 4), *(Column(name, 2, True) for name in names)]
    columns += [Column("Excluded", 2, True)] if excluded else []
    rows = []
    for cell in (*made.cells, made.whole):
        texts = [say.clean(cell.name), *(_text(cell, name, policy) for name in names)]
        texts += [f"{cell.excluded:,}"] if excluded else []
        rows.append(Row(tuple(texts), "total" if cell is made.whole else ""))
    return Table(f"{made.indicator} by {WORDS[made.by]}", tuple(columns), tuple(rows))


def _text(cell: Cell, column: str, policy: Policy) -> str:
    of = cell.figures
    if column == "Achievement":
        if of.rate is not None:
            return _percent(of.rate)
        return policy.display if "achieved" in of.hidden else "–"
    number = {"Achieved": of.achieved, "PCAs": of.pcas}.get(column, of.denominator)
    return policy.display if number is None else f"{number:,}"


def _percent(rate: Fraction) -> str:
    return f"{exact_text(rate * 100, least=1, most=1)}%"


def rows(made: Sequence[Breakdown], policy: Policy) -> Iterator[list[str]]:
    """As rows of `COLUMNS`: `hidden` names what is hidden, whose cells are empty; the whole is the value `all`."""
    for one in made:
        for cell in (*one.cells, one.whole):
            of = cell.figures
            numbers = [of.achieved, of.denominator, None, of.pcas, cell.excluded]
            texts = ["" if number is None else str(number) for number in numbers]
            texts[2] = "" if of.rate is None else exact_text(of.rate * 100, most=1)
            names: dict[Measure, str] = {"achieved": "numerator", "denominator": "denominator", "pcas": "pcas"}
            hidden = ";".join(names[m] for m in ("achieved", "denominator", "pcas") if m in of.hidden & one.told)
            value = say.clean(cell.value) or "all"
            yield [one.indicator, one.by, value, *texts, hidden, policy.name]


def workbook(made: Sequence[Breakdown], policy: Policy) -> bytes:
    """A workbook: the rows as numbers, hidden cells with the policy's mark, and a sheet with the policy's words."""
    into = io.BytesIO()
    book = xlsxwriter.Workbook(into, {"in_memory": True})
    bold = book.add_format({"bold": True, "bottom": 1})
    right = book.add_format({"align": "right"})
    sheet = book.add_worksheet("Breakdown")
    sheet.freeze_panes(1, 3)
    sheet.set_column(0, 2, 18)
    sheet.set_column(3, 9, 14)
    sheet.write_row(0, 0, COLUMNS, bold)
    for n, row in enumerate(rows(made, policy), 1):
        hidden = row[8].split(";")
        for column, (name, text) in enumerate(zip(COLUMNS, row, strict=True)):
            of = "numerator" if name == "achievement" else name
            if of in hidden:
                sheet.write_string(n, column, policy.display, right)
            elif text and 3 <= column <= 7:
                sheet.write_number(n, column, float(text))
            else:
                sheet.write_string(n, column, visible(text))
    notes = book.add_worksheet("Policy")
    notes.set_column(0, 0, 100)
    texts = [f"Policy: {policy.name} ({policy.status})", policy.words, policy.source]
    for n, text in enumerate([*texts, *([_mark(policy)] if policy.hides else [])]):
        notes.write_string(n, 0, visible(text), book.add_format({"text_wrap": True}))
    book.close()
    return into.getvalue()


def chart(made: Breakdown, policy: Policy) -> str:
    """Achievement by value as bars from 0 to 100%, each with its figure; a hidden one is its mark and no bar."""
    if len(made.cells) > 40 or not any(cell.figures.rate is not None for cell in made.cells):
        return ""
    left, wide, step, top = 160, 190, 24, 24
    height = top + step * len(made.cells) + 26

    def x(rate: Fraction) -> str:
        return f"{left + float(rate) * wide:.1f}"

    parts = [
        f'<line x1="{x(tick)}" y1="{top - 4}" x2="{x(tick)}" y2="{height - 24}" stroke="{LINE}"/>'
        f'<text x="{x(tick)}" y="{height - 8}" text-anchor="middle" fill="{SOFT}">{say.percent(tick)}</text>'
        for tick in (Fraction(n, 4) for n in range(5))
    ]
    for n, cell in enumerate(made.cells):
        y, rate = top + step * n, cell.figures.rate
        name = say.clean(cell.value if made.by == "practice" else cell.name)
        name = name if len(name) <= 24 else f"{name[:23]}…"
        figure = escape(_text(cell, "Achievement", policy))
        parts.append(f'<text x="{left - 8}" y="{y + 13}" text-anchor="end" fill="{INK}">{escape(name)}</text>')
        if rate is not None:
            parts.append(f'<rect x="{left}" y="{y}" width="{float(rate) * wide:.1f}" height="16" fill="{BAR}"/>')
        parts.append(f'<text x="{left + wide + 58}" y="{y + 13}" text-anchor="end" fill="{INK}">{figure}</text>')
    whole = made.whole.figures.rate
    if whole is not None:
        ends = f'x1="{x(whole)}" y1="{top - 6}" x2="{x(whole)}" y2="{height - 24}"'
        parts += [f'<line {ends} stroke="#fff" stroke-width="4"/>', f'<line {ends} stroke="{INK}" stroke-width="2"/>']
        words = f"all: {_percent(whole)}"
        parts.append(f'<text x="{x(whole)}" y="12" text-anchor="middle" fill="{INK}">{words}</text>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {left + wide + 62} {height}" role="img" '
        f'aria-label="{escape(_alt(made), quote=True)}" font-family="inherit" font-size="13" '
        f'style="max-width:32rem">{"".join(parts)}</svg>'
    )


def _alt(made: Breakdown) -> str:
    """What the chart shows, in words."""
    rates = [(cell.figures.rate, say.clean(cell.name)) for cell in made.cells if cell.figures.rate is not None]
    words = f"{made.indicator}: achievement by {WORDS[made.by]}, as bars."
    if rates:
        (low, lowest), (high, highest) = min(rates), max(rates)
        words += f" Lowest {lowest}, {_percent(low)}; highest {highest}, {_percent(high)}."
    if made.whole.figures.rate is not None:
        words += f" The line across is all: {_percent(made.whole.figures.rate)}."
    return f"{words} The table below has every figure."
