"""Figures for tests, written as a table of counts has them: ("", "ACTIVITY", "2017-18-Q1")."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from remit.core.dates import SchemeYear
from remit.core.figures import THE_YEAR, FigureKey, FigurePeriod, Figures, Quarter
from remit.scheme.kinds import KindInputs


def key(measure: str, period: str = "") -> FigureKey:
    """The key of a measure for a period as text: nothing, a year or a quarter such as `2017-18-Q1`."""
    year, _, quarter = period.partition("-Q")
    of: FigurePeriod = SchemeYear.parse(year) if year else THE_YEAR
    return FigureKey(measure, Quarter(SchemeYear.parse(year), int(quarter)) if quarter else of)


def held(**values: int | Fraction) -> Figures:
    """Figures of the year itself by their measures."""
    return {FigureKey(measure): value for measure, value in values.items()}


def brought(
    item: str, year: str, figures: Mapping[tuple[str, str, str], Fraction] | None = None, *more: Any, **by_name: Any
) -> KindInputs:
    """What a practice brings to an item, its figures by subject, measure and period."""
    keyed = {(subject, key(measure, period)): value for (subject, measure, period), value in (figures or {}).items()}
    return KindInputs(item, SchemeYear.parse(year), keyed, *more, **by_name)
