"""Records that last, in the plan: how one stands to a window of whole days, and which of two comes first.

Each is written as comparisons, so that nothing new is asked of the dialect. An end that nobody knows is missing, one
that has not come is the last day of all, and a day that is not known is the day that stands for it.
"""

from __future__ import annotations

from typing import assert_never

from remit.evaluation.engine import nodes as n
from remit.evaluation.engine.folding import compare, either, every
from remit.records.model import OPEN_DAY, UNKNOWN_DAY
from remit.rules import model as r

_UNKNOWN, _OPEN = n.Const(UNKNOWN_DAY), n.Const(OPEN_DAY)


def stands(relation: r.Relation, own: tuple[n.Term, n.Term], window: tuple[n.Term, n.Term]) -> n.Condition:
    """How a record from its first to its last day stands to a window from one to another."""
    (begin, end), (first, last) = own, window
    tests = [compare(first, "<=", last), compare(first, "<>", _UNKNOWN)]
    if relation != "ends in":
        tests.append(compare(begin, "<>", _UNKNOWN))
    match relation:
        case "starts in":
            tests += [compare(begin, ">=", first), compare(begin, "<=", last)]
        case "ends in":
            tests += [compare(end, ">=", first), compare(end, "<=", last)]
            tests += [compare(end, "<>", _OPEN), compare(end, "<>", _UNKNOWN)]
        case "overlaps":
            tests += [compare(begin, "<=", end), compare(begin, "<=", last), compare(end, ">=", first)]
        case "during":
            tests += [compare(begin, "<=", end), compare(begin, ">=", first), compare(end, "<=", last)]
        case _:
            assert_never(relation)
    return every(*tests)


def in_order(order: r.Order, own: tuple[n.Term, n.Term], other: tuple[n.Term, n.Term]) -> n.Condition:
    """Whether a record comes before or after another: on another day, or on its day at another time of it."""
    op: r.Comparison = "<" if order == "before" else ">"
    (day, time), (other_day, other_time) = own, other
    on_the_day = every(compare(day, "=", other_day), compare(time, op, other_time))
    return either(compare(day, op, other_day), on_the_day)
