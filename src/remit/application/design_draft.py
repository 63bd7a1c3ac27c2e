"""A proposed design as a scheme: its file, and what it would pay the practices of the base year, by the evaluator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from remit.analysis.design.proposal import BaseItem, BaseYear
from remit.core.figures import DENOMINATOR, LIST_SIZE, NUMERATOR, REGISTER, Figures
from remit.core.problems import Problem
from remit.pricing.evaluator import price
from remit.pricing.plan import plan_of
from remit.pricing.scenario import Standing
from remit.scheme import Scheme
from remit.scheme.draft import Draft, DraftItem, DraftStep, draft_text
from remit.scheme.lint import lint
from remit.scheme.loader import build
from remit.scheme.source import parse_source
from remit.scheme.template import Naming


@dataclass(frozen=True)
class DraftedScheme:
    """The text of a draft, the scheme that it is, and what a careful reader would ask about it."""

    text: str
    scheme: Scheme
    findings: tuple[Problem, ...]


def drafted(naming: Naming, base: BaseYear, items: Mapping[str, Sequence[DraftStep]]) -> DraftedScheme:
    """The scheme of these steps by item. Raises Refused where it could not be loaded as its file."""
    rows = tuple(_item(base.items[code], steps) for code, steps in items.items())
    used = {row.indicator for row in rows}
    indicators = tuple(one for one in base.indicators if one.indicator in used)
    groups = tuple(one for one in base.groups if any(one.group == of.group for of in indicators))
    text = draft_text(Draft(naming, base.column, base.about, rows, groups, indicators))
    source = parse_source(text, naming.file or f"{naming.scheme}.yaml")
    scheme = build(source)
    return DraftedScheme(text, scheme, tuple(one for one in lint(scheme, source) if one.severity == "warning"))


def _item(item: BaseItem, steps: Sequence[DraftStep]) -> DraftItem:
    return DraftItem(item.code, item.indicator, item.measure, tuple(steps), item.title)


Pence = dict[str, dict[str, int | None]]
"""By item and practice."""


def paid_by(scheme: Scheme, base: BaseYear, improvement: Mapping[str, Fraction] | None = None) -> Pence:
    """What the scheme pays each practice on the counts of the base year, or on those after an improvement."""
    plan = plan_of(scheme, {}, {})
    paid: Pence = {item.item: {} for item in scheme.items}
    for code, practice in base.practices.items():
        figures = {item: _figures(base.items[item], code, improvement_of(improvement or {}, item)) for item in paid}
        for award in price(plan, Standing(practice, (), figures)).awards:
            paid[award.item.item][code] = award.pence
    return paid


def improvement_of(improvement: Mapping[str, Fraction], item: str) -> Fraction:
    """The item's own, else that of all others, else none."""
    return improvement.get(item, improvement.get("", Fraction(0)))


def improved(numerator: int, denominator: int, improvement: Fraction) -> int:
    """The numerator where a share of the denominator more achieves: whole patients, and never more than there are."""
    return min(denominator, numerator + int(improvement * denominator))


def _figures(item: BaseItem, practice: str, improvement: Fraction) -> Figures:
    if practice in item.empty:
        over, under = 0, 0
    elif practice in item.counts:
        over, under = item.counts[practice]
        over = improved(over, under, improvement)
    else:
        return {}
    keys = (REGISTER, LIST_SIZE) if item.measure == "prevalence" else (NUMERATOR, DENOMINATOR)
    return dict(zip(keys, (over, under), strict=True))
