"""What a unit is however it is written, and between which limits a value is one that somebody can have.

The check and the engine read values by this; the interpreter has its own (evaluation/measured.py).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache

from remit.records.measures import HIGHEST, Measures

_NOTE = re.compile(r"\{[^{}]*\}")
_NOT_READ = re.compile(r"[\s\[\]^]")
_SIGNS = str.maketrans({
    "\N{GREEK SMALL LETTER MU}": "u", "\N{MINUS SIGN}": "-", "\N{HYPHEN}": "-", "\N{EN DASH}": "-",
    "\N{MIDDLE DOT}": ".", "\N{DOT OPERATOR}": ".", "\N{DIVISION SLASH}": "/", "\N{FRACTION SLASH}": "/",
})  # fmt: skip
"""Signs that are one: a raised minus, as in `mmol mol⁻¹`, is a minus sign once it is no longer raised."""


def folded(written: str) -> str:
    """A unit without what does not matter in it: capitals, blanks, brackets, raised figures, kinds of signs, notes."""
    text = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", written).casefold())
    return _NOT_READ.sub("", _NOTE.sub("", text.translate(_SIGNS)))


def unit_key(measures: Measures, written: str) -> str:
    """What all spellings of a unit have in common; '' for none."""
    text = folded(written)
    return _units(measures.spellings).get(text, text)


@cache
def _units(spellings: tuple[tuple[str, str], ...]) -> Mapping[str, str]:
    return {folded(written): folded(ucum) for written, ucum in spellings}


def possible(measures: Measures, clusters: Iterable[str], unit: str) -> tuple[Decimal, Decimal]:
    """The lowest and the highest value, both possible, of what is in any of the clusters, in a unit by its key.

    Limits of the clusters in the unit go before those of the unit. In a unit without limits, or in none, a value must
    be possible in one of the clusters' own units; where they have no limits either, it must not be below 0.
    """
    return _possible(measures, tuple(sorted(set(clusters))), unit)


@cache
def units_read(measures: Measures, clusters: tuple[str, ...], units: frozenset[str]) -> frozenset[str]:
    """The units, by their keys, in which fields read what is in any of the clusters; '' for any.

    Where no unit is asked for, clusters that have limits are measured in the units of these: a weight is no BMI.
    """
    own = {unit_key(measures, limit.unit) for limit in measures.limits if limit.cluster in clusters}
    return (units - {""}) | own if own and (not units or "" in units) else units


@cache
def _possible(measures: Measures, clusters: tuple[str, ...], unit: str) -> tuple[Decimal, Decimal]:
    own = [limit for limit in measures.limits if limit.cluster in clusters]
    same = [limit for limit in own if unit_key(measures, limit.unit) == unit]
    general = [limit for limit in measures.limits if not limit.cluster and unit_key(measures, limit.unit) == unit]
    limits = same or general or own
    return min((one.lowest for one in limits), default=Decimal(0)), max((o.highest for o in limits), default=HIGHEST)
