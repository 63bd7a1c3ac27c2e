"""How values that were left out are told on the terminal: how many, of what, in which unit, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from remit.core.problems import Problem, warning

_WAYS = {
    "no rule reads this unit": ("evaluation.unit-not-read", "in a unit that no rule reads"),
    "nobody can have it": ("evaluation.values-impossible", "what nobody can have"),
}
"""By the reason in left_out.csv: the code, and what is said."""
_MOST = 5


def left_out_warnings(left_out: Mapping[tuple[str, str, str], int]) -> Iterator[Problem]:
    """A warning for each reason. `left_out` counts values by clusters, unit and reason."""
    for why, (code, what) in _WAYS.items():
        those = sorted((-many, of, unit) for (of, unit, reason), many in left_out.items() if reason == why)
        if not those:
            continue
        total = -sum(many for many, *_ in those)
        shown = [f"{-many:,} of {of} {f'in {unit}' if unit else 'without a unit'}" for many, of, unit in those[:_MOST]]
        more = f" and {len(those) - _MOST:,} more kinds" if len(those) > _MOST else ""
        values = "1 value is" if total == 1 else f"{total:,} values are"
        message = f"{values} {what}: {', '.join(shown)}{more}. They count as no value; left_out.csv lists them all."
        yield warning(code, message, values=total)
