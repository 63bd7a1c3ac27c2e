"""Funnels of PCA rates: the items with a guard rail first, then those with most practices for review."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from remit.analysis.pca_result import ExaminedItem
from remit.core import say
from remit.core.words import agreed
from remit.documents.blocks import Block, Heading, Para
from remit.documents.chance_words import rough
from remit.documents.charts.funnel import FunnelLimit, FunnelPoint, funnel_chart
from remit.documents.pca_words import item_name, percent
from remit.scoring.guard import REVIEW

_MOST = 3


def funnels(items: Sequence[ExaminedItem]) -> Iterator[Block]:
    """A few funnels, of practices whose rates are shown."""
    drawn = [item for item in items if item.found.drawn and len(item.found.practices) > 2]
    drawn.sort(key=lambda item: (not item.guarded, -item.found.many(REVIEW)))
    if few := rough([len(item.found.practices) for item in drawn[:_MOST]], "funnels' solid limits"):
        yield Para(few, "reason")
    for item in drawn[:_MOST]:
        yield from _funnel(item)


def _funnel(item: ExaminedItem) -> Iterator[Block]:
    limits = item.found.drawn
    assert limits is not None
    points = [
        FunnelPoint(one.count.people, one.count.rate, one.funnel in ("above", "below"))
        for one in item.found.practices
        if one.practice not in item.hidden.practices
    ]
    if not points:
        return
    outside = sum(point.outside for point in points)
    lines = (
        FunnelLimit(limits.people, *limits.chance, dashed=True),
        FunnelLimit(limits.people, *limits.over, dashed=False),
    )
    said = (
        f"{outside:,} of {len(points):,} {agreed('{practice|practices}', len(points))} "
        f"{'lies' if outside == 1 else 'lie'} outside the limits around {percent(limits.target)}"
    )
    yield Heading(3, f"Funnel of {item_name(item)}")
    alt = (
        f"PCA rate of each practice by its people. {said}; rates from {say.percent(min(p.rate for p in points), 1)} to "
    )
    alt += f"{say.percent(max(p.rate for p in points), 1)}."
    yield funnel_chart(points, lines, limits.target, ("PCAs and denominator together", "PCA rate"), alt)
    yield Para(f"{said}. Dashed limits: chance alone; solid limits: how practices usually differ (99.8%).", "small")
