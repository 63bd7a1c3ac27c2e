"""What is chance in each item of a run: reliability, networks and years added up, the funnel, pounds by patients."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from remit.analysis.beta_binomial import BetaBinomial
from remit.analysis.chance import PracticeChance, RunChance
from remit.analysis.funnel import Funnel, NoFunnel, funnel
from remit.analysis.reliability import Reliability, pooled, reliability, with_earlier
from remit.analysis.run_counts import ItemCounts

SIZES = (20, 50, 100, 250)
"""Where one class of denominators ends and the next begins."""

Earlier = Mapping[str, Mapping[str, tuple[int, int]]]
"""The counts of earlier years together: item -> practice -> numerator and denominator."""


@dataclass(frozen=True)
class Pooled:
    """Reliability of an item with counts put together: over `units` networks, or for `units` practices over years."""

    reliability: Reliability
    units: int


@dataclass(frozen=True)
class ItemReport:
    """An item over its practices. `others` of them can be expected to earn a different award; `pence` is what they are
    paid and `moved` what can be expected to move, in pence. `networks` and `years` are None where there are none.
    """

    counts: ItemCounts
    reliability: Reliability
    networks: Pooled | None
    years: Pooled | None
    funnel: Funnel | NoFunnel
    practices: int
    others: float
    pence: int
    moved: float


@dataclass(frozen=True)
class SizeClass:
    """The awards that rest on denominators from `least` to `most` patients (None: and more); amounts in pence."""

    least: int
    most: int | None
    awards: int
    others: float
    pence: int
    moved: float


def item_reports(
    found: RunChance, everyone: Sequence[PracticeChance], earlier: Earlier | None = None
) -> tuple[ItemReport, ...]:
    """Every item that counts people, in the order of the schemes."""
    by_item: dict[tuple[str, str], list[tuple[float, int, float]]] = {}
    for practice in everyone:
        for one in practice.items:
            known = one.worth is not None
            amounts = (one.other, (one.pence or 0) if known else 0, one.moved or 0.0)
            by_item.setdefault((one.counts.scheme, one.code), []).append(amounts)
    reports = []
    for counts in found.items:
        lines, here = by_item.get((counts.scheme, counts.code), []), counts.counted
        own = reliability(counts.over, counts.under, counts.lists, counts.spread)
        reports.append(
            ItemReport(
                counts, own, _networks(found, counts), _years(counts, earlier.get(counts.code)) if earlier else None,
                funnel(counts.over[here], counts.under[here]), len(lines), sum(line[0] for line in lines),
                sum(line[1] for line in lines), sum(line[2] for line in lines),
            )
        )  # fmt: skip
    return tuple(reports)


def _networks(found: RunChance, counts: ItemCounts) -> Pooled | None:
    """Networks, each with its practices' counts together; None where practices of a network are nowhere two."""
    practices = found.run.inputs.practices
    keys = [practices[code].network for code in counts.codes]
    named = [key for key in keys if key]
    if len(set(named)) < 2 or len(set(named)) == len(named):
        return None
    names, (over, under, lists) = pooled(keys, counts.over, counts.under, counts.lists)
    return Pooled(reliability(over, under, lists), len(names))


def _years(counts: ItemCounts, earlier: Mapping[str, tuple[int, int]] | None) -> Pooled | None:
    """The practices with their counts of earlier years added: those that have any."""
    if not earlier:
        return None
    over, under, many = with_earlier(counts.codes, counts.over, counts.under, earlier)
    here = np.array([code in earlier for code in counts.codes])
    return Pooled(reliability(over[here], under[here], counts.lists[here]), many)


def size_classes(everyone: Sequence[PracticeChance]) -> tuple[SizeClass, ...]:
    """What is paid, and what moves, by how many people it was counted on."""
    ends = (1, *SIZES)
    classes = [
        SizeClass(least, most, 0, 0.0, 0, 0.0)
        for least, most in zip(ends, (*(end - 1 for end in SIZES), None), strict=True)
    ]
    for practice in everyone:
        for one in practice.items:
            size = int(one.counts.under[one.place])
            at = sum(size >= end for end in SIZES)
            of, known = classes[at], one.worth is not None
            classes[at] = replace(
                of, awards=of.awards + 1, others=of.others + one.other,
                pence=of.pence + ((one.pence or 0) if known else 0), moved=of.moved + (one.moved or 0.0),
            )  # fmt: skip
    return tuple(one for one in classes if one.awards)


def own_reliability_of(report: ItemReport, place: int) -> float | None:
    """One practice's reliability in an item."""
    own = report.reliability.own
    return None if own is None else float(own[int(report.counts.order[place])])


def fitted(report: ItemReport) -> BetaBinomial | None:
    """How practices differ, where that is known."""
    spread = report.counts.spread
    return spread if isinstance(spread, BetaBinomial) else None
