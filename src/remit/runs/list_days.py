"""On which day the lists were taken that a run rests on: what a merger before it did to them must be known."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from remit.scheme import Scheme


def list_days(schemes: Iterable[Scheme]) -> dict[str, date]:
    """The lists that money or achievement rests on, by column, with the latest day on which one is taken.

    A list that a scheme may share money out by, or measure prevalence on, is of the same day where it names no other.
    """
    days_: dict[str, date] = {}
    for scheme in schemes:
        bases = [scheme.heads, scheme.weights.list.list if scheme.weights.list else None]
        days: dict[str, date] = {basis.column: basis.at for basis in bases if basis}
        day = min(days.values(), default=scheme.year.start)
        if scheme.networks:
            days = {"list_size": day, "weighted_list_size": day} | days
        elif scheme.weights.prevalence or any(item.measure in ("prevalence", "per_1000") for item in scheme.items):
            days = {"list_size": day} | days
        days_ |= {column: max(day, days_.get(column, day)) for column, day in days.items()}
    return days_
