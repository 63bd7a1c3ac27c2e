"""Which runs can be priced and written in columns, and which of their practices are plain enough for that.

A plain practice is in the scheme for the whole year, all its figures are known, fit one another and are no larger than
columns add up, nothing of it waits, and something is left to pay to it at the year's end. All others are priced one by
one, as in any run.
"""

from __future__ import annotations

from collections.abc import Sequence

from remit.pricing.area_wide import rests_on_the_area
from remit.pricing.plan import PlannedItem, PricingPlan
from remit.runs.columns.figures import FigureColumns
from remit.runs.engine import Run
from remit.runs.standings import PROVISIONAL_COUNTS
from remit.scoring.subjects import WHOLE_PRACTICE

_MEASURES = ("achievement", "register", "declared")


def fits(run: Run) -> bool:
    """Whether a run is of one scheme in points, of which each item rests on its own rate alone, and of the year."""
    inputs, plans = run.inputs, list(run.plans.values())
    if not isinstance(inputs.counts.figures, FigureColumns) or inputs.counts.previous or len(plans) != 1:
        return False
    if inputs.period or run.only_items or any(one.level != "practice" for one in inputs.practices.values()):
        return False
    scheme = plans[0].scheme
    if rests_on_the_area(plans[0]) or scheme.term or len(scheme.terms.advances) > 1:
        return False
    if scheme.networks or scheme.monitoring or scheme.terms.paid_on_activity or scheme.point is None:
        return False
    return all(_by_its_rate(line) for line in plans[0].priced)


def _by_its_rate(line: PlannedItem) -> bool:
    measured = line.item.measure in _MEASURES and bool(line.measurer.single)
    return measured and line.simple and line.in_points and not (line.may_wait or line.missing)


def plain_practices(run: Run, plan: PricingPlan, codes: Sequence[str]) -> list[str]:
    """Those of some practices that may be plain: what they count and earn is not looked at yet."""
    inputs, standings = run.inputs, run.standings
    provisional = inputs.counts.of_each(WHOLE_PRACTICE, PROVISIONAL_COUNTS, codes)
    plain = []
    for code, marked in zip(codes, provisional, strict=True):
        one = inputs.practices[code]
        if one.joined or one.left or one.successor or one.provisional or marked or code in standings.predecessors:
            continue
        written_as_it_is = code.isascii() and code.isalnum()
        fit = code not in inputs.contradictions and standings.reviewed(one)
        if written_as_it_is and fit and code in inputs.counts.figures:
            plain.append(code)
    return plain
