"""Terms and conditions as SQL. The one place where the engine's dialect is written.

A missing side makes a comparison NULL, which counts as false: nothing here is ever negated. Dates are DATE; whole
numbers and millionths are BIGINT and are compared as millionths; a mean is its sum over its count, never divided.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from remit.evaluation.engine import nodes as n
from remit.records.model import EPISODES

_SEX = {"female": "F", "male": "M", "indeterminate": "I", "unknown": "U"}
_WHOLE = ("records", "days", "codes")

Column = Callable[[n.Node, int], str]


class Expressions:
    """Writes terms and conditions; what differs from place to place is asked of those who use it.

    Episodes and units are small numbers in `records`: where they stand in `EPISODES`, and in the plan's `units`.
    `column` names a node's column, `fact` a patient's fact, `member` the column that is not NULL for those on a
    register, `constant` writes a constant, `record` is the alias of the record under test.
    """

    def __init__(
        self,
        column: Column,
        fact: Callable[[str], str],
        member: Callable[[str], str],
        constant: Callable[[date | int | str], str],
        record: str = "",
        units: tuple[str, ...] = (),
    ) -> None:
        self.column, self.fact, self.member, self.constant = column, fact, member, constant
        self.records = [record] if record else []
        self.units = units

    # Conditions.

    def condition(self, given: n.Condition) -> str:
        if isinstance(given, n.Every | n.Either):
            if not given.parts:
                return "TRUE" if given == n.TRUE else "FALSE"
            word = " AND " if isinstance(given, n.Every) else " OR "
            return f"({word.join(self.condition(part) for part in given.parts)})"
        if isinstance(given, n.Compare):
            return self.compare(given)
        if isinstance(given, n.IsNull):
            return f"{self.presence(given.term)} IS {'' if given.absent else 'NOT '}NULL"
        if isinstance(given, n.On):
            return f"{self.member(given.register)} IS {'NOT ' if given.on else ''}NULL"
        if isinstance(given, n.Least):
            met = " + ".join(f"CASE WHEN {self.condition(part)} THEN 1 ELSE 0 END" for part in given.parts)
            return f"({met}) >= {given.least}"
        if isinstance(given, n.UnitIs):
            alias = self.records[-1]
            is_it = f"{alias}.unit = {self.constant(self.units.index(given.key))}"
            return f"({is_it} OR {alias}.unit IS NULL)" if given.or_none else is_it
        return self.beside(given)

    def compare(self, given: n.Compare) -> str:
        left, right = given.left, given.right
        if self.is_number(left):
            one, of_one = self.number(left)
            other, of_other = self.number(right)
            if of_one or of_other:
                one = f"CAST({one} AS HUGEINT)" + (f" * {of_other}" if of_other else "")
                other = f"CAST({other} AS HUGEINT)" + (f" * {of_one}" if of_one else "")
            return f"{one} {given.op} {other}"
        if n.Own("episode") in (left, right):
            left, right = (_episode(side) for side in (left, right))
        return f"{self.term(left)} {given.op} {self.term(right)}"

    def presence(self, term: n.Term) -> str:
        """What is NULL exactly where the term is missing."""
        if isinstance(term, n.Age):
            return self.presence(term.on)
        return self.number(term)[0] if self.is_number(term) else self.term(term)

    def beside(self, given: n.Beside) -> str:
        outer, alias = self.records[0], f"b{len(self.records)}"
        slice_ = self.constant(given.slice)  # type: ignore[arg-type]
        self.records.append(alias)
        where = self.condition(given.where)
        self.records.pop()
        return (
            f"EXISTS (SELECT 1 FROM records {alias} WHERE {alias}.p = {outer}.p AND {alias}.slice = {slice_}"
            f" AND {where})"
        )

    # Terms.

    def term(self, term: n.Term) -> str:
        """A date or a word."""
        if isinstance(term, n.Const):
            value = term.value
            return self.constant(_SEX.get(value, value) if isinstance(value, str) else value)
        if isinstance(term, n.Fact):
            return self.fact(term.name)
        if isinstance(term, n.Of):
            return self.column(term.node, term.part)
        if isinstance(term, n.Own):
            return f"{self.records[-1]}.{'d' if term.part == 'date' else term.part}"
        if isinstance(term, n.Outer):
            return f"{self.records[0]}.d"
        if isinstance(term, n.Extreme):
            terms = ", ".join(self.term(part) for part in term.terms)
            return f"{'greatest' if term.which == 'later' else 'least'}({terms})"
        assert isinstance(term, n.Shifted), f"{term} is neither a date nor a word"
        return moved(self.term(term.term), term.amount, term.unit)

    def is_number(self, term: n.Term) -> bool:
        """Whether a term is a number."""
        if isinstance(term, n.Const):
            return isinstance(term.value, int)
        if isinstance(term, n.Of):
            return term.node.kinds[term.part] != "date"
        if isinstance(term, n.Own):
            return term.part == "value"
        return isinstance(term, n.Age | n.HowMany) or term == n.Fact("age")

    def number(self, term: n.Term) -> tuple[str, str]:
        """A number in millionths, and what it is still to be divided by ('' where by nothing)."""
        if isinstance(term, n.Const):
            assert isinstance(term.value, int)
            return self.constant(term.value), ""
        if isinstance(term, n.Own):
            return f"{self.records[-1]}.value", ""
        if isinstance(term, n.HowMany):
            met = " + ".join(f"CASE WHEN {self.term(part)} IS NOT NULL THEN 1 ELSE 0 END" for part in term.terms)
            return f"({met}) * {n.MICRO}", ""
        if isinstance(term, n.Age):
            return f"{full_years(self.fact('dob'), self.term(term.on))} * {n.MICRO}", ""
        if isinstance(term, n.Fact):
            return f"{self.fact(term.name)} * {n.MICRO}", ""
        assert isinstance(term, n.Of)
        column = self.column(term.node, term.part)
        if isinstance(term.node, n.Summary) and term.node.how in _WHOLE:
            return f"coalesce({column}, 0) * {n.MICRO}", ""
        if isinstance(term.node, n.Summary) and term.node.how == "mean":
            low, high, of = (self.column(term.node, part) for part in range(3))
            return f"({low} + CAST({high} AS HUGEINT) * {HALF})", of
        return column, ""


def _episode(side: n.Term) -> n.Term:
    return n.Const(EPISODES.index(side.value)) if isinstance(side, n.Const) else side


HALF = 10**15
"""A sum of values is kept as `high * HALF + low`, each within 64 bits."""


def moved(day: str, amount: int, unit: str) -> str:
    """A date moved; missing outside the years 1 to 9999. Months clamp to the month's last day."""
    if unit in ("day", "week"):
        shifted = f"({day} + {amount * (7 if unit == 'week' else 1)})"
    else:
        shifted = f"CAST({day} + INTERVAL ({amount * (12 if unit == 'year' else 1)}) MONTH AS DATE)"
    return f"CASE WHEN {shifted} BETWEEN DATE '0001-01-01' AND DATE '9999-12-31' THEN {shifted} END"


def full_years(born: str, on: str) -> str:
    """Full years between two dates; rounded down for a date before the birth too."""
    since = f"(year({on}) - year({born})) * 10000 + month({on}) * 100 + day({on}) - month({born}) * 100 - day({born})"
    return f"(({since} + 100000000) // 10000 - 10000)"


def literal(value: date | int | str) -> str:
    """A constant written out."""
    if isinstance(value, date):
        return f"DATE '{value.isoformat()}'"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return f"CAST({value} AS BIGINT)"
