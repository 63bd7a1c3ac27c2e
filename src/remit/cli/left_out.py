"""How values that are not read are told on the terminal: how many, of what, in which unit, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from remit.core.problems import Problem, warning
from remit.core.words import agreed

if TYPE_CHECKING:
    from remit.terminology.clusters import ClusterSet

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
        values = f"{total:,} {agreed('value{ is|s are}', total)}"
        message = f"{values} {what}: {', '.join(shown)}{more}. They count as no value; left_out.csv lists them all."
        yield warning(code, message, values=total)


def value_warnings(folder: Path, held: ClusterSet) -> Iterator[Problem]:
    """What a store's last import brought of values that no rule will read."""
    from remit.records.store import Store
    from remit.records.value_quality import odd_of_store, reading_of
    from remit.rules.definitions import shipped

    store = Store(folder)
    last, parts = len(store.manifest.imports), store.manifest.partitions.items()
    practices = [code for code, part in parts if any(extract.imported == last for extract in part.extracts)]
    found = odd_of_store(store, practices, reading_of(shipped(), held))
    told = (
        ("records.value-impossible", "what nobody can have"),
        ("records.unit-not-read", "in a unit that no rule reads"),
    )
    for (code, what), those in zip(told, found, strict=True):
        if those:
            total = sum(those.values())
            shown = [f"{many:,} {said}" for said, many in sorted(those.items(), key=lambda one: (-one[1], one[0]))]
            more = f"; and {len(shown) - _MOST:,} more kinds" if len(shown) > _MOST else ""
            values = f"{total:,} {agreed('value{ is|s are}', total)}"
            message = f"{values} {what}: {'; '.join(shown[:_MOST])}{more}. They are stored, and count as no value."
            yield warning(code, message, values=total)
