"""Warnings of values that are not read: how many, of what, in which unit, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from remit.core.problems import Problem, warning
from remit.core.words import agreed
from remit.records.store import Store
from remit.records.value_quality import odd_of_import, reading_of
from remit.rules.definitions import shipped
from remit.terminology.clusters import ClusterSet

_WAYS = {
    "no rule reads this unit": ("evaluation.unit-not-read", "in a unit that no rule reads"),
    "nobody can have it": ("evaluation.values-impossible", "what nobody can have"),
}
"""By the reason in left_out.csv: the code, and what is said."""
_MOST = 5


def unread_in_evaluation(left_out: Mapping[tuple[str, str, str], int]) -> Iterator[Problem]:
    """A warning for each reason. `left_out` counts values by clusters, unit and reason."""
    for why, (code, what) in _WAYS.items():
        those = sorted((-many, of, unit) for (of, unit, reason), many in left_out.items() if reason == why)
        if not those:
            continue
        total = -sum(many for many, *_ in those)
        shown = [f"{-many:,} of {of} {f'in {unit}' if unit else 'without a unit'}" for many, of, unit in those[:_MOST]]
        more = f" and {len(those) - _MOST:,} more kinds" if len(those) > _MOST else ""
        values = f"{total:,} {agreed('value{ is|s are}', total)}"
        message = f"{values} {what}: {', '.join(shown)}{more}. They count as no value; left_out.csv lists them all."
        yield warning(code, message, values=total)


def unread_in_last_import(folder: Path, clusters: ClusterSet) -> Iterator[Problem]:
    """What a store's last import brought of values that no rule will read."""
    store = Store(folder)
    found = odd_of_import(store, len(store.manifest.imports), reading_of(shipped(), clusters))
    reasons = (
        ("records.value-impossible", "what nobody can have"),
        ("records.unit-not-read", "in a unit that no rule reads"),
    )
    for (code, what), those in zip(reasons, found, strict=True):
        if those:
            total = sum(those.values())
            shown = [
                f"{many:,} {what_of}" for what_of, many in sorted(those.items(), key=lambda one: (-one[1], one[0]))
            ]
            more = f"; and {len(shown) - _MOST:,} more kinds" if len(shown) > _MOST else ""
            values = f"{total:,} {agreed('value{ is|s are}', total)}"
            message = f"{values} {what}: {'; '.join(shown[:_MOST])}{more}. They are stored, and count as no value."
            yield warning(code, message, values=total)
