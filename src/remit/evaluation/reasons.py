"""Which parts of a rule's condition decided: the few that a sentence can give as the reason.

A condition that is true has its reason in the parts that make it true, one that is false in those that keep it from
being true. Of several ways that all failed, the nearest one counts: that of which the most is true.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from remit.evaluation.reference import FieldValue, PatientChart
from remit.rules import model as r


@dataclass(frozen=True)
class Because:
    """One part of a condition that decided, and whether it is true.

    `left` and `right` are what the sides of a comparison came to; `within` is the innermost `and` or `or` around it.
    """

    condition: r.Condition
    true: bool
    left: FieldValue = None
    right: FieldValue = None
    within: r.Condition | None = None
    part: str = ""
    """The named part that is not met."""

    @property
    def missing(self) -> bool:
        """Whether it is false because there is nothing to look at."""
        match self.condition:
            case r.IsNull():
                return not self.true and not self.condition.absent
            case r.Compare():
                return not self.true and (self.left is None or self.right is None)
            case _:
                return False


def deciding_reasons(
    chart: PatientChart, definition: r.Definition, decided: r.Rule, branch: bool
) -> tuple[Because, ...]:
    """Why a rule decided as it did.

    Who is left at the end because no rule selected them has the reason in the rule that would have: of an indicator,
    the one that counts as achieved.
    """
    counts = decided.counts if branch else decided.else_counts
    action = decided.then if branch else decided.otherwise
    short = action == "Reject" if definition.is_register else counts is None or counts.category == "not_achieved"
    if definition.is_register and action == "Select":
        return (*_passed(chart, definition, decided), *reasons(chart, definition, decided.condition))
    if branch or not short:
        return tuple(reasons(chart, definition, decided.condition))
    selecting = [rule for rule in definition.rules if rule.number <= decided.number and _selects(definition, rule)]
    if not selecting:
        return tuple(reasons(chart, definition, decided.condition))
    return tuple(_reasons_of_several(chart, definition, [rule.condition for rule in selecting]))


def _passed(chart: PatientChart, definition: r.Definition, decided: r.Rule) -> Iterator[Because]:
    """What the rules before asked for and found, of who was not rejected there."""
    for rule in definition.rules:
        if rule.number < decided.number and rule.then == "Next rule" and rule.otherwise == "Reject":
            yield from reasons(chart, definition, rule.condition)


def _selects(definition: r.Definition, rule: r.Rule) -> bool:
    achieved = rule.counts is not None and rule.counts.category == "achieved"
    return rule.then == "Select" and (definition.is_register or achieved)


def reasons(
    chart: PatientChart, definition: r.Definition, condition: r.Condition, within: r.Condition | None = None
) -> Iterator[Because]:
    """The parts of a condition that make it true, or that keep it from being true."""
    true = chart.holds(condition, definition)
    match condition:
        case r.Every() if true:
            for part in condition.parts:
                yield from reasons(chart, definition, part, condition)
        case r.Every():
            failed = [part for part in condition.parts if not chart.holds(part, definition)]
            by_part = [list(reasons(chart, definition, part, condition)) for part in failed]
            nothing = [own for own in by_part if all(because.missing for because in own)]
            yield from nothing[0] if nothing else [because for own in by_part for because in own]
        case r.Either() if true:
            first = next(part for part in condition.parts if chart.holds(part, definition))
            yield from reasons(chart, definition, first, condition)
        case r.Either():
            yield from _reasons_of_several(chart, definition, list(condition.parts), condition)
        case r.AtLeast():
            met = [part for part in condition.parts if chart.holds(part, definition) == true]
            least = len(condition.parts) if condition.least is None else condition.least
            for part in met[:least] if true else met:
                yield from reasons(chart, definition, part, condition)
        case r.PartsMet() if not true:
            for name, part in definition.parts[condition.parts].items():
                if not chart.holds(part, definition):
                    yield Because(part, False, part=name)
        case r.Compare():
            left, right = (chart.term(side, definition, None) for side in (condition.left, condition.right))
            yield Because(condition, true, left, right, within)
        case _:
            yield Because(condition, true, within=within)


def _reasons_of_several(
    chart: PatientChart, definition: r.Definition, ways: list[r.Condition], within: r.Condition | None = None
) -> list[Because]:
    """Why none of several conditions is true."""
    by_way = [(way, list(reasons(chart, definition, way, within))) for way in ways]
    alike = all(because.missing for _, own in by_way for because in own)
    single = [own for way, own in by_way if not isinstance(way, r.Every)]
    if single and (alike or len(single) == len(ways)):
        return [because for own in single for because in own]
    if alike and not any(isinstance(because.condition, r.OnRegister) for _, own in by_way for because in own):
        timed = [own[0] for _, own in by_way if isinstance(own[0].condition, r.Compare)]
        return timed or [own[0] for _, own in by_way]
    nearest = max(by_way, key=lambda one: _nearness(chart, definition, one[0]))
    first = by_way[0]
    plain = isinstance(first[0], r.Compare | r.IsNull) and nearest is not first
    return [*(first[1] if plain else []), *nearest[1]]


def _nearness(chart: PatientChart, definition: r.Definition, condition: r.Condition) -> Fraction:
    """How much of a condition is true, of 0 to 1."""
    match condition:
        case r.Every() if any(
            _is_gate(part, definition) and not chart.holds(part, definition) for part in condition.parts
        ):
            return Fraction(0)
        case r.Every() | r.AtLeast():
            return sum((_nearness(chart, definition, part) for part in condition.parts), Fraction(0)) / len(
                condition.parts
            )
        case r.Either():
            return max(_nearness(chart, definition, part) for part in condition.parts)
        case _:
            return Fraction(chart.holds(condition, definition))


def _is_gate(condition: r.Condition, definition: r.Definition) -> bool:
    """Whether it only asks which of two fields is the latest, or whether another one is not there: then what else is
    asked is beside the point."""
    match condition:
        case r.Either(parts=parts):
            return any(isinstance(part, r.IsNull) and part.absent for part in parts)
        case r.Compare(left=r.Name(name=left), op="=", right=r.Name(name=right)):
            return left in definition.fields and right in definition.fields
        case _:
            return False


def days_named(chart: PatientChart, definition: r.Definition) -> dict[r.Term, date]:
    """What each day comes to that a definition names by itself or moved, outside of what single records are asked."""
    conditions = [rule.condition for rule in definition.rules]
    conditions += [part for group in definition.parts.values() for part in group.values()]
    conditions += [where for field in definition.fields.values() if (where := r.filter_of(field)) is not None]
    days: dict[r.Term, date] = {}
    for condition in conditions:
        for term in r.terms(condition, beside=False):
            if _stands_alone(term) and isinstance(day := chart.term(term, definition, None), date):
                days[term] = day
    return days


def _stands_alone(term: r.Term) -> bool:
    while isinstance(term, r.Shift):
        term = term.term
    return isinstance(term, r.Name) or (isinstance(term, r.Constant) and isinstance(term.value, date))
