"""What the conditions of a scheme ask of practices: further columns of the practices file, and PCAs."""

from __future__ import annotations

from remit.scheme.model import Scheme


def columns_named(scheme: Scheme) -> tuple[str, ...]:
    """The columns of the practices file that conditions look at."""
    named = (name for item in scheme.items for _, when in item.conditions for name in when.columns())
    return tuple(dict.fromkeys(named))


def pca_rates_of(scheme: Scheme) -> frozenset[str]:
    """The items whose PCAs a condition looks at."""
    return frozenset(code for item in scheme.items for _, when in item.conditions for code in when.pca_rates_of())
