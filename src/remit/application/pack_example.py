"""The example of a scheme pack: the statement of a made-up practice, for which the conditions of the scheme hold as far
as its row of the practices file and what it attended go."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from remit.core.problems import Refused
from remit.core.rounding import exact_text
from remit.core.rows import dict_rows
from remit.documents.pack import Example
from remit.documents.statement.making import statement as statement_of
from remit.runs.api import run as run_scheme
from remit.runs.results import PracticeResult
from remit.scheme import Scheme
from remit.scheme.asked import ACCEPTED
from remit.scheme.conditions import AcceptedScheme, ColumnOf, Condition, CountOf
from remit.scoring.wanted import WantedFigure

_EXAMPLE, _NETWORK, _LIST = "EXAMPLE", "NETWORK", 10_000
_MADE_UP = {
    "NUMERATOR": "80", "DENOMINATOR": "100", "REGISTER": "100", "LIST_SIZE": str(_LIST), "DECLARED": "1", "AGREED": "1",
    "ACTIVITY": "25", "ACTIVITY_DAYS": "900", "DID_NOT_ATTEND": "0", "PCAS": "5", "HISTORIC_POUNDS": "50000",
}  # fmt: skip
"""The figures of the made-up practice. What is of another measure is left out, and its statement says so."""


def example_of(
    scheme: Scheme, settings: Mapping[str, str], figures: tuple[WantedFigure, ...]
) -> tuple[Example, PracticeResult | None]:
    """The statement of a made-up practice, with what it was paid."""
    practices = [
        {
            "practice_code": _EXAMPLE, "practice_name": "Example practice", "network_code": _NETWORK,
            "list_size": str(_LIST), "weighted_list_size": str(_LIST),
            "place_code": next(iter(scheme.places), ""), **_columns(scheme),
        }
    ]  # fmt: skip
    counts = [
        {
            "practice_code": _NETWORK if one.level == "network" else _EXAMPLE, "indicator_code": one.subject,
            "measure": one.measure, "period": one.period, "value": _value(scheme, one),
        }
        for one in figures if one.measure in _MADE_UP and not one.optional
    ]  # fmt: skip
    if not counts:  # a scheme that pays whatever is counted
        counts = [{"practice_code": _EXAMPLE, "indicator_code": "*", "measure": "LIST_SIZE", "value": str(_LIST)}]
    try:
        made = run_scheme(
            scheme, dict_rows("practices", practices), dict_rows("counts", counts), settings=dict(settings)
        )
        return Example(statement_of(made, _EXAMPLE)), made.practice(_EXAMPLE)
    except Refused as refused:
        return Example(None, " ".join(problem.message for problem in refused.problems[:3])), None


def _columns(scheme: Scheme) -> dict[str, str]:
    """The columns that conditions look at, each with the first value for which one of its conditions holds."""
    columns: dict[str, str] = {}
    accepted = dict.fromkeys(scheme.only_with)
    for one in _conditions(scheme):
        if isinstance(one, AcceptedScheme):
            accepted[one.accepted] = None
        elif isinstance(one, ColumnOf):
            columns.setdefault(one.column, one.is_ or _within(one))
    return columns | ({ACCEPTED: "+".join(accepted)} if accepted else {})


def _within(one: ColumnOf) -> str:
    """A number within the bounds of a condition, next to one of them."""
    known = [bound.value for _, bound in one.bounds.given if bound.value is not None]
    near = [value + by for value in known for by in (0, 1, -1)]
    fitting = [value for value in near if len(known) == len(one.bounds.given) and one.bounds.hold(value)]
    return exact_text(fitting[0] if fitting else known[0] if known else Fraction(1))


def _value(scheme: Scheme, figure: WantedFigure) -> str:
    """The made-up figure: of what there are only so many, no more than those."""
    most = [
        one.of.value
        for one in _conditions(scheme)
        if isinstance(one, CountOf) and one.count == figure.subject and one.of
    ]
    known = [str(int(of)) for of in most if of is not None and of < int(_MADE_UP[figure.measure])]
    return known[0] if known else _MADE_UP[figure.measure]


def _conditions(scheme: Scheme) -> Iterator[Condition]:
    """All the conditions of its items, each part by itself."""
    waiting = [when for item in scheme.items for _, when in item.conditions]
    while waiting:
        one = waiting.pop(0)
        yield one
        waiting += [part for _, part in one.parts()]
