"""What a breakdown came to: all that a document of it shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from remit.disclosure.breakdowns import Breakdown
from remit.disclosure.suppression import Policy


@dataclass(frozen=True)
class TypeOfIndicator:
    """The PCAs of the indicators of one type, in sum: of those that show them. `without` is how many do not."""

    name: str
    indicators: int
    without: int
    pcas: int
    denominator: int


@dataclass(frozen=True)
class BreakdownResult:
    """Indicators broken down one way by one policy; `practice` is the one practice that it is for, if any.

    `titles` says what each indicator is. `reasons` has the words of the rule for a reason of an indicator's PCAs.
    """

    by: str
    policy: Policy
    breakdowns: tuple[Breakdown, ...]
    scheme: str
    on: date
    practice: str = ""
    provisional: tuple[str, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[tuple[str, str], str] = field(default_factory=dict)
    types: tuple[TypeOfIndicator, ...] = ()


def by_type(breakdowns: Sequence[Breakdown], types: Mapping[str, str]) -> tuple[TypeOfIndicator, ...]:
    """The PCAs of each type of indicator. It adds up what is shown, so it tells nothing that is hidden."""
    sums: dict[str, TypeOfIndicator] = {}
    for one in breakdowns:
        name = types.get(one.indicator, "type not stated")
        so_far = sums.get(name, TypeOfIndicator(name, 0, 0, 0, 0))
        pcas, denominator = one.whole.figures.pcas, one.whole.figures.denominator
        shown = pcas is not None and denominator is not None
        sums[name] = TypeOfIndicator(
            name,
            so_far.indicators + 1,
            so_far.without + (not shown),
            so_far.pcas + (pcas or 0 if shown else 0),
            so_far.denominator + (denominator or 0 if shown else 0),
        )
    return tuple(sums.values())
