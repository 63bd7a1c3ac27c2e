"""Conditions of the plan put together: what is known before any record is read is settled at once."""

from __future__ import annotations

from remit.evaluation.engine import nodes as n
from remit.evaluation.engine.constants import holds
from remit.rules import model as r


def compare(left: n.Term, op: r.Comparison, right: n.Term) -> n.Condition:
    """A comparison, or what it always comes to."""
    if isinstance(left, n.Missing) or isinstance(right, n.Missing):
        return n.FALSE
    if isinstance(left, n.Const) and isinstance(right, n.Const):
        return n.TRUE if holds(left.value, op, right.value) else n.FALSE
    return n.Compare(left, op, right)


def is_null(term: n.Term, absent: bool) -> n.Condition:
    """Whether a term is missing, or the answer where it is known."""
    if isinstance(term, n.Missing | n.Const):
        return n.TRUE if isinstance(term, n.Missing) == absent else n.FALSE
    return n.IsNull(term, absent)


def every(*parts: n.Condition) -> n.Condition:
    """All of the conditions, flat."""
    return _joined(n.Every, parts, n.FALSE)


def either(*parts: n.Condition) -> n.Condition:
    """One of the conditions, flat."""
    return _joined(n.Either, parts, n.TRUE)


def _joined(kind: type[n.Every | n.Either], parts: tuple[n.Condition, ...], settled: n.Condition) -> n.Condition:
    flat: list[n.Condition] = []
    for part in parts:
        flat += part.parts if isinstance(part, kind) else [part]
    if settled in flat:
        return settled
    return flat[0] if len(flat) == 1 else kind(tuple(flat))


def with_value_in(condition: n.Condition, unit: n.Condition) -> n.Condition:
    """A condition that sees the value of the record under test only where the record is in a unit."""
    match condition:
        case n.Every():
            return every(*(with_value_in(part, unit) for part in condition.parts))
        case n.Either():
            return either(*(with_value_in(part, unit) for part in condition.parts))
        case n.Least():
            return n.Least(condition.least, tuple(with_value_in(part, unit) for part in condition.parts))
        case n.Compare() if n.Own("value") in (condition.left, condition.right):
            return every(condition, unit)
        case n.IsNull() if condition.term == n.Own("value") and not condition.absent:
            return every(condition, unit)
        case _:
            return condition
