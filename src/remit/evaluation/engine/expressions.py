"""Terms and conditions of a plan, one by one, to the dialect's words for them.

Whole numbers and millionths are compared as millionths; `dialect` says how each thing is written.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date
from typing import assert_never

from remit.evaluation.engine import dialect
from remit.evaluation.engine import nodes as n
from remit.evaluation.engine.constants import WORDS

_SEX = {"female": "F", "male": "M", "indeterminate": "I", "unknown": "U"}
_WHOLE = ("records", "days", "codes")

Column = Callable[[n.Node, int], str]


class Expressions:
    """Writes terms and conditions; what differs from place to place is asked of those who use it.

    Episodes, other words and units are small numbers in `records`: where they stand in `WORDS`, and in the plan's
    `units`; `answers` are the clusters of answers, by their numbers in the table of that name.
    `column` names a node's column, `fact` a patient's fact, `member` the column that is not missing for those on a
    register, `constant` writes a constant, `slice` a slice; `record` is the alias of the record under test.
    `half` says which half of a reading it is; `spans`, that some values have two ends, for a comparator stands by them;
    `needed`, the parts for which `records` has what only a filter that names them sees.
    """

    def __init__(
        self,
        column: Column,
        fact: Callable[[str], str],
        member: Callable[[str], str],
        constant: Callable[[date | int | str], str],
        slice: Callable[[n.Slice], str] = str,
        record: str = "",
        units: tuple[str, ...] = (),
        needed: Collection[str] = (),
        half: int = 0,
        spans: bool = False,
        answers: tuple[str, ...] = (),
    ) -> None:
        self.column, self.fact, self.member, self.constant, self.slice = column, fact, member, constant, slice
        self.records = [record] if record else []
        self.units = units
        self.needed, self.half, self.spans = needed, half, spans
        self.answers = answers

    # Conditions.

    def condition(self, condition: n.Condition) -> str:
        match condition:
            case n.Every():
                return dialect.all_of(map(self.condition, condition.parts)) if condition.parts else dialect.TRUE
            case n.Either():
                return dialect.any_of(map(self.condition, condition.parts)) if condition.parts else dialect.FALSE
            case n.Compare():
                return self.compare(condition)
            case n.IsNull():
                return (dialect.missing if condition.absent else dialect.present)(self.presence(condition.term))
            case n.On():
                return (dialect.present if condition.on else dialect.missing)(self.member(condition.register))
            case n.Least():
                met = dialect.how_many(map(self.condition, condition.parts))
                return dialect.compared(met, ">=", str(condition.least))
            case n.UnitIs():
                return self.unit(condition)
            case n.OneOf():
                return dialect.one_of(self.fact(condition.fact), map(self.constant, condition.texts))
            case n.AnswerIn():
                answer = dialect.column(self.records[-1], "answer")
                return dialect.answer_in(answer, self.constant(self.answers.index(condition.cluster)))
            case n.Beside():
                return self.beside(condition)
            case _:
                assert_never(condition)

    def unit(self, condition: n.UnitIs) -> str:
        """Whether a record is in a unit, or in none and can be in this one."""
        unit = dialect.column(self.records[-1], "unit")
        value = dialect.written(self.records[-1], self.spans)
        which = self.constant(self.units.index(condition.key))
        is_it = dialect.compared(dialect.unit(self.records[-1]), "=", which)
        lowest, highest = condition.limits[self.half if len(condition.limits) > 1 else 0]
        inside = [
            dialect.compared(value, ">=", self.constant(lowest)),
            dialect.compared(value, "<=", self.constant(highest)),
        ]
        return dialect.any_of([is_it, dialect.all_of([dialect.missing(unit), *inside])])

    def compare(self, condition: n.Compare) -> str:
        left, right = condition.left, condition.right
        if n.Fact("sex") in (left, right):
            left, right = (n.Const(_SEX[str(one.value)]) if isinstance(one, n.Const) else one for one in (left, right))
        if self.is_number(left):
            return self.compare_numbers(n.Compare(left, condition.op, right))
        for side in (left, right):
            if isinstance(side, n.Own | n.Outer) and side.part in WORDS:
                left, right = (_numbered(one, side.part) for one in (left, right))
        return dialect.compared(self.term(left), condition.op, self.term(right))

    def compare_numbers(self, condition: n.Compare) -> str:
        """A comparison that is true of all that lies between the ends of either side."""
        left, op, right = condition.left, condition.op, condition.right
        one, over = self.number, dialect.compared_over
        if op in ("<", "<="):
            return over(one(left, high=True), op, one(right))
        if op in (">", ">="):
            return over(one(left), op, one(right, high=True))
        if not (self.has_ends(left) or self.has_ends(right)):
            return over(one(left), op, one(right))
        if op == "=":
            tests = over(one(left), "=", one(right, high=True)), over(one(left, high=True), "=", one(right))
            return dialect.all_of(tests)
        return dialect.any_of(
            [over(one(left, high=True), "<", one(right)), over(one(left), ">", one(right, high=True))]
        )

    def has_ends(self, term: n.Term) -> bool:
        """Whether a number may have two ends."""
        of_value = (isinstance(term, n.Own | n.Outer) and term.part == "value") or (
            isinstance(term, n.NodePart) and n.ends_apart(term.node) > 0
        )
        return self.spans and of_value

    def presence(self, term: n.Term) -> str:
        """What is missing exactly where the term is."""
        if isinstance(term, n.Age):
            return self.presence(term.on)
        return self.number(term)[0] if self.is_number(term) else self.term(term)

    def beside(self, condition: n.Beside) -> str:
        outer, alias = self.records[0], f"b{len(self.records)}"
        slice_ = self.slice(condition.slice)
        self.records.append(alias)
        where = self.condition(condition.where)
        if hidden := dialect.plain(alias, self.needed, n.own_parts(condition.where)):
            where = dialect.all_of([where, *hidden])
        self.records.pop()
        return dialect.record_beside(alias, outer, slice_, where, condition.absent)

    # Terms.

    def term(self, term: n.Term) -> str:
        """A date or a word."""
        match term:
            case n.Const():
                value = term.value
                return self.constant(value)
            case n.Fact():
                return self.fact(term.name)
            case n.NodePart():
                return self.column(term.node, term.part)
            case n.Own() | n.Outer():
                return self.part(term)
            case n.Extreme():
                return dialect.furthest(map(self.term, term.terms), term.which == "later")
            case n.Shifted():
                return dialect.moved(self.term(term.term), term.amount, term.unit, term.endless)
            case n.Missing():
                return dialect.NO_DATE
            case n.Age() | n.HowMany() | n.Choice():
                raise AssertionError(f"{term} is neither a date nor a word")
            case _:
                assert_never(term)

    def part(self, term: n.Own | n.Outer, high: bool = False) -> str:
        """A part of the record under test, or of one around it; of a value the low or the high end."""
        alias = self.records[-1 if isinstance(term, n.Own) else term.level]
        column = "high" if high and self.spans and term.part == "value" else term.part
        return dialect.column(alias, "d" if column == "date" else column)

    def is_number(self, term: n.Term) -> bool:
        """Whether a term is a number."""
        match term:
            case n.Const():
                return isinstance(term.value, int)
            case n.NodePart():
                return term.node.kinds[term.part] != "date"
            case n.Own() | n.Outer():
                return term.part in ("value", "time")
            case n.Fact():
                return term.name.split("_")[0] == "age"
            case n.Age() | n.HowMany() | n.Choice():
                return True
            case n.Extreme() | n.Shifted() | n.Missing():
                return False
            case _:
                assert_never(term)

    def number(self, term: n.Term, high: bool = False) -> tuple[str, str]:
        """A number in half-millionths, its low or its high end, and what it is still to be divided by ('' where by
        nothing)."""
        match term:
            case n.Const():
                assert isinstance(term.value, int)
                return self.constant(term.value), ""
            case n.Own() | n.Outer():
                return self.part(term, high), ""
            case n.Choice():
                cases = [(self.condition(condition), self.bound(bound)) for condition, bound in term.cases]
                return dialect.chosen(cases, self.bound(term.otherwise)), ""
            case n.HowMany():
                met = dialect.how_many(dialect.present(self.term(part)) for part in term.terms)
                return dialect.millionths(met), ""
            case n.Age():
                return dialect.millionths(dialect.full_years(self.fact("dob"), self.term(term.on))), ""
            case n.Fact():
                return dialect.millionths(self.fact(term.name)), ""
            case n.NodePart():
                return self.number_of(term, high)
            case n.Extreme() | n.Shifted() | n.Missing():
                raise AssertionError(f"{term} is no number")
            case _:
                assert_never(term)

    def bound(self, value: int | None) -> str:
        """A number that may be missing."""
        return dialect.NO_NUMBER if value is None else self.constant(value)

    def number_of(self, term: n.NodePart, high: bool) -> tuple[str, str]:
        """A node's column as `number` has it."""
        node, at = term.node, term.part + (n.ends_apart(term.node) if high and self.spans else 0)
        column = self.column(node, at)
        if isinstance(node, n.SupplyNode):
            return dialect.millionths(column), ""
        if isinstance(node, n.Summary) and node.how in _WHOLE:
            return dialect.millionths(dialect.count_or_none(column)), ""
        if isinstance(node, n.Summary) and node.how == "mean":
            return dialect.sum_of_halves(column, self.column(node, at + 1)), self.column(node, 2)
        return column, ""


def _numbered(side: n.Term, part: n.Part) -> n.Term:
    """A word as the number that it is in `records`."""
    if isinstance(side, n.Const):
        assert isinstance(side.value, str)
        return n.Const(WORDS[part].index(side.value))
    return side
