"""When PCAs were recorded and why, as blocks: the last part of the year beside an even spread, months, reasons."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from remit.analysis.pca_result import PartOfYear, PcaResult
from remit.core import say
from remit.core.words import agreed, listed
from remit.disclosure.labels import CATEGORY_ORDER
from remit.documents import figures
from remit.documents.blocks import Block, Cell, Column, Heading, Para, Row, Table
from remit.documents.charts import Bar, bars

_MOST = 200


def dates(result: PcaResult) -> Iterator[Block]:
    """When in the year they were recorded; or that it is not known."""
    known = result.dates
    yield Heading(2, "When in the year PCAs were recorded")
    if not known.source or not any(part.practices for part in known.parts):
        yield Para("Not known: counts have no dates. Give an evaluation, or a run of an earlier day of the same year.")
        return
    for part in known.parts:
        yield Para(_finding(part), "lead" if part is known.parts[0] else "")
    yield from _months(result)
    for n, part in enumerate(known.parts):
        yield _practices(result, part, n)
    if known.undated:
        yield Para(f"{known.undated:,} more have no day within the year, and are not looked at here.", "small")
    yield Para(
        "Patients who do not respond can be taken out only after two offers of care, so some of this comes from the "
        "rules themselves.",
        "small",
    )


def _finding(part: PartOfYear) -> str:
    """`41% of the PCAs with a day were recorded in the last month; an even spread has 8.5%.`"""
    bunched = sum(one.bunched for one in part.practices.values())
    who = f"{bunched:,} of {len(part.practices):,} practices recorded more than chance explains"
    when = part.part.name if part.part.name.startswith("since") else f"in the {part.part.name}"
    even = say.percent(part.part.even, 1)
    if part.whole is None or part.hidden.whole:
        return f"{say.capital(when)}: {who}; an even spread has {even}."
    return (
        f"{say.percent(part.whole.share, 1)} of the PCAs with a day were recorded {when}; an even spread has {even}. "
        f"{who}."
    )


def _months(result: PcaResult) -> Iterator[Block]:
    months = result.dates.months
    if not months:
        return
    mark, known = result.policy.display, [many for many in months.values() if many is not None]
    rows = [
        Bar(_month(month), None if many is None else Fraction(many), mark if many is None else f"{many:,}")
        for month, many in months.items()
    ]
    said = "; ".join(f"{row.name} {row.text}" for row in rows)
    if known:
        yield bars(rows, f"PCAs recorded in each month. {said}.", lambda value: say.number(value, 0))
    yield Table(
        "PCAs by the month in which they were recorded", (Column("Month", 3), Column("PCAs", 2, True)),
        tuple(Row((_month(m), figures.count(many, f"month/{m}", mark))) for m, many in months.items()),
    )  # fmt: skip


def _month(text: str) -> str:
    day = date.fromisoformat(f"{text}-01")
    return say.month(day)


def _practices(result: PcaResult, part: PartOfYear, n: int) -> Block:
    columns = (
        Column("Practice", 4), Column("Of this part", 2, True), Column("With a day", 2, True),
        Column("Share", 2, True, True), Column("Chance of as many", 2, True), Column("More than chance explains", 2),
    )  # fmt: skip
    mark, rows = result.policy.display, []
    each = sorted(part.practices.items(), key=lambda one: (not one[1].bunched, one[1].chance, one[0]))[:_MOST]
    for code, one in each:
        at, open_ = f"{code}/part {n}", code not in part.hidden.practices
        name = result.names.get(code, "")
        rows.append(
            Row((
                f"{name} ({code})" if name and name != code else code,
                figures.count(one.late if open_ else None, f"{at}/late", mark),
                figures.count(one.dated if open_ else None, f"{at}/dated", mark),
                figures.rate(one.share if open_ else None, f"{at}/share", unknown=mark),
                figures.chance(one.chance if open_ else None, f"{at}/chance", mark),
                Cell("yes", tone="poor") if one.bunched else "no",
            ))
        )  # fmt: skip
    left = len(part.practices) - len(rows)
    more = f"; {left:,} more {agreed('practice{|s}', left)} below" if left else ""
    when = part.part.name if part.part.name.startswith("since") else f"in the {part.part.name}"
    caption = f"PCAs recorded {when}, beside {say.percent(part.part.even, 1)} at an even spread{more}"
    return Table(caption, columns, tuple(rows), sortable=True)


def reasons(result: PcaResult) -> Iterator[Block]:
    """Why patients were taken out, by indicator, where an evaluation says."""
    yield Heading(2, "Why patients were taken out")
    if result.reasons is None or not any(one.above for one in result.reasons.breakdowns):
        yield Para("Not known: counts have no reasons. Give an evaluation.")
        return
    mark, names = result.policy.display, [say.capital(name) for name in CATEGORY_ORDER]
    columns = (Column("Indicator", 2), *(Column(name, 2.4, True) for name in names), Column("All", 1.6, True, True))
    rows, sums = [], dict.fromkeys(CATEGORY_ORDER, 0)
    for one in result.reasons.breakdowns:
        by = {cell.value: cell.figures.pcas for cell in one.above}
        for name in CATEGORY_ORDER:
            sums[name] += by.get(name, 0) or 0
        rows.append(
            Row((
                one.indicator,
                *(
                    figures.count(by.get(name, 0), f"why/{one.indicator}/{name}", mark)
                    for name in CATEGORY_ORDER
                ),
                figures.count(one.whole.figures.pcas, f"why/{one.indicator}/all", mark),
            ))
        )  # fmt: skip
    most = [f"{sums[name]:,} {name}" for name in sorted(CATEGORY_ORDER, key=lambda n: -sums[n]) if sums[name]]
    if most:
        yield Para(f"Of the reasons that are shown: {listed(most)}.")
    yield Table("Why patients were taken out of the denominator", columns, tuple(rows))
