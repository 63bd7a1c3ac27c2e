"""How two schemes differ: what was retired, what is new, what moved."""

from __future__ import annotations

from dataclasses import dataclass

from remit.scheme import Scheme, load_scheme
from remit.scheme.comparison import SchemeComparison, compare

__all__ = ["DifferenceRequest", "SchemeComparison", "between", "evaluate"]


@dataclass(frozen=True)
class DifferenceRequest:
    """Two schemes, each by id or path: the one to compare from, and the one to compare with it."""

    before: str
    after: str


def evaluate(request: DifferenceRequest) -> SchemeComparison:
    """The difference. Raises Refused where one of the schemes is not there or is wrong."""
    return between(load_scheme(request.before), load_scheme(request.after))


def between(before: Scheme, after: Scheme) -> SchemeComparison:
    """The difference of two schemes, wherever they were read."""
    return compare(before, after)
