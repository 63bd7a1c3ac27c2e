"""The funnel of each item: chart, sentence and the practices outside."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from remit.analysis.funnel import Funnel, NoFunnel
from remit.analysis.item_chance import ItemReport
from remit.core import say
from remit.core.words import agreed
from remit.documents.blocks import Block, Cell, Column, Heading, Para, Row, Table
from remit.documents.chance_words import item_name
from remit.documents.charts import FunnelLimit, FunnelPoint, funnel_chart
from remit.documents.figures import rate

_STEPS = 40
"""At so many sizes the limits are drawn."""
_LISTED = 50
"""So many practices outside are listed at most."""


def funnel_of(report: ItemReport, names: dict[str, str], key: str, least_shown: int) -> Iterator[Block]:
    """One item's. Practices of which a count up to `least_shown` could be read off are not drawn."""
    yield Heading(3, item_name(report.counts.item))
    found, counts = report.funnel, report.counts
    if isinstance(found, NoFunnel):
        yield Para(found.reason)
        return
    here = counts.counted
    over, under = counts.over[here], counts.under[here]
    few = (
        ((over > 0) & (over <= least_shown))
        | ((under - over > 0) & (under - over <= least_shown))
        | (under <= least_shown)
    )
    outside = {level: frozenset(found.outside(level).tolist()) for level in (0.95, 0.998)}
    low, high = found.limits(under, 0.95)
    by_chance = int(((over / under < low) | (over / under > high)).sum())
    yield Para(_sentence(found, len(here), by_chance, outside[0.95], outside[0.998]))
    drawn = np.flatnonzero(~few)
    if len(drawn):
        points = [
            FunnelPoint(int(under[n]), Fraction(int(over[n]), int(under[n])), int(n) in outside[0.998]) for n in drawn
        ]
        yield _chart(found, points, item_name(counts.item), len(outside[0.998]))
    if few.any():
        many = int(few.sum())
        yield Para(
            f"{many:,} {agreed('practice{ is|s are}', many)} neither drawn nor listed: with so few patients, a count "
            f"of 1 to {least_shown} could be read off the chart.",
            "small",
        )
    listed = sorted((n for n in outside[0.95] if not few[n]), key=lambda n: -abs(found.z_over[n]))
    rows = [
        Row((
            Cell(_name(counts.codes[here[n]], names)),
            rate(Fraction(int(over[n]), int(under[n])), f"{key}/{counts.codes[here[n]]}/funnel rate"),
            Cell("99.8%" if n in outside[0.998] else "95%"),
            Cell("above" if found.z[n] > 0 else "below"),
        ))
        for n in sorted(listed[:_LISTED], key=lambda n: found.z_over[n])
    ]  # fmt: skip
    if rows:
        columns = (Column("Practice", 5), Column("Rate", 2, True), Column("Beyond", 2), Column("On which side", 2))
        caption = f"{counts.code}: practices outside the funnel"
        if len(rows) < len(listed):
            caption += f", the {len(rows)} farthest of {len(listed):,}"
        yield Table(caption, columns, tuple(rows), sortable=True)


def _sentence(found: Funnel, many: int, by_chance: int, wide: frozenset[int], far: frozenset[int]) -> str:
    """Who is outside, and how many chance would leave outside the limits of chance."""
    spread = "more than by chance" if found.tau2 else "no more than by chance"
    return (
        f"All practices together achieve {say.percent(Fraction(round(found.target * 1000), 1000), 1)}. They differ "
        f"{spread}. Outside the dashed limits for 95%: {by_chance:,} of {many:,}; by chance alone about "
        f"{say.number(Fraction(many, 20), 0)} would be. Outside the solid limits: {len(wide):,} for 95%, {len(far):,} "
        "for 99.8%."
    )


def _chart(found: Funnel, points: list[FunnelPoint], name: str, outside: int) -> Block:
    most = max(point.size for point in points)
    least = max(1, min(point.size for point in points))
    sizes = sorted({round(size) for size in np.geomspace(least, max(most, least + 1), _STEPS)})
    grid = np.array(sizes, dtype=np.int64)
    limits = []
    for level in (0.95, 0.998):
        for dashed, (low, high) in (
            (True, found.limits(grid, level)), (False, found.wide_limits(grid, level)),
        ):  # fmt: skip
            limits.append(FunnelLimit(sizes, low.round(6).tolist(), high.round(6).tolist(), dashed))
    alt = (
        f"{name}: the rate of each practice by its number of patients, {least:,} to {most:,}, with limits of 95% and "
        f"99.8% around {say.percent(Fraction(round(found.target * 1000), 1000), 1)}. {outside:,} lie outside."
    )
    target = Fraction(round(found.target * 10_000), 10_000)
    return funnel_chart(points, limits, target, ("patients counted", "rate"), alt)


def _name(code: str, names: dict[str, str]) -> str:
    name = names.get(code, "")
    return say.clean(f"{name} ({code})" if name and name != code else code)
