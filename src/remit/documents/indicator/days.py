"""Days and windows of the rules in words: as days of one year, or in general."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import assert_never

from remit.core import say
from remit.core.words import listed
from remit.documents.indicator.subjects import Subjects
from remit.rules import model as r

_DATES = {
    "ACHV_DAT": "the achievement date", "PPSD": "the year's start", "PPED": "the year's end",
    "QSSD": "the year's start", "QSED": "the year's end", "MPSD": "the start of the measurement period",
    "MPED": "the end of the measurement period",
}  # fmt: skip


@dataclass(frozen=True)
class Days:
    """How days are said: those that are known are written as days, the others in general."""

    subjects: Subjects
    known: Mapping[r.Term, date] = field(default_factory=dict)

    def day(self, term: r.Term) -> str:
        """`31 March 2025`, or `the end of the payment period`."""
        if term in self.known:
            return say.day(self.known[term])
        match term:
            case r.Constant(value=date() as day):
                return say.day(day)
            case r.Name():
                return _DATES.get(term.name) or f"the day that {self.subjects.event(term.name)}"
            case r.Shift():
                return f"{_length(term)} {'after' if term.amount > 0 else 'before'} {self._bare(term.term)}"
            case r.RecordPart() | r.OwnPart():
                return "that record"
            case _:
                return "that day"

    def _bare(self, term: r.Term) -> str:
        """A day as it stands behind `after` or `before`."""
        return self.day(term).removeprefix("the day that ")

    def window(self, op: r.Comparison, term: r.Term) -> str:
        """When a day lies that compares so: `in the 12 months to 31 March 2025`, `before 1 April 2013`."""
        moved = isinstance(term, r.Shift) and isinstance(term.term, r.Name) and term.term.name in r.DATES
        if moved and op in (">", ">=") and isinstance(term, r.Shift) and term.amount < 0:
            return f"in the {_length(term)} to {self.day(term.term)}"
        if moved and op in ("<", "<=") and isinstance(term, r.Shift) and term.amount < 0 and term not in self.known:
            return f"{_length(term)} or more before {self.day(term.term)}"
        beside = self.from_an_event(term)
        match op:
            case ">":
                return f"after {self._bare(term)}{beside}"
            case ">=":
                return f"since {self.day(term)}{beside}"
            case "<":
                return f"before {self._bare(term)}{beside}"
            case "<=":
                return f"on or before {self.day(term)}{beside}"
            case "=":
                return f"on {self.day(term)}{beside}"
            case "<>":
                return f"on another day than {self.day(term)}{beside}"
            case _:
                assert_never(op)

    def from_an_event(self, term: r.Term) -> str:
        """`(279 days after diabetes was diagnosed)` behind a day that is known."""
        if term not in self.known or not isinstance(term, r.Shift) or not isinstance(term.term, r.Name):
            return ""
        if term.term.name in r.DATES:
            return ""
        return f" ({_length(term)} {'after' if term.amount > 0 else 'before'} {self.subjects.event(term.term.name)})"

    def _filters(self, name: str) -> list[r.Condition]:
        given = self.subjects.definition.fields.get(self.subjects.base(name))
        where = r.filter_of(given) if given is not None else None
        return [] if where is None else list(where.parts) if isinstance(where, r.Every) else [where]

    def filter(self, name: str) -> str:
        """When the records of a field must lie, where it can be said shortly: ` in the 12 months to 31 March 2025`."""
        words: list[str] = []
        first: r.Term | None = None
        for part in self._filters(name):
            match part:
                case r.Compare(left=r.OwnPart(part="date"), op=">=", right=term) if first is None:
                    first = term
                    words.append(self.window(">=", term))
                case r.Compare(left=r.OwnPart(part="date"), op="<=", right=last) if first is not None:
                    between = f"from {self.day(first)} to {self.day(last)}{self.from_an_event(last)}"
                    words[words.index(self.window(">=", first))] = between
                case _:
                    words.append(self._filter_part(part))
        beside = [one.removeprefix("with ") for one in words if one.startswith("with ")]
        rest = [one for one in words if one and not one.startswith("with ")]
        return "".join(f" {one}" for one in [*([f"with {listed(beside)}"] if beside else []), *rest])

    def limits(self, name: str) -> str:
        """What value the records of a field must have: ` of 30 or more`."""
        for part in self._filters(name):
            match part:
                case r.Compare(left=r.OwnPart(part="value"), op=op, right=r.Constant() as limit):
                    return f" {limit_words(op, _number(limit))}"
                case _:
                    pass
        return ""

    def _filter_part(self, part: r.Condition) -> str:
        match part:
            case r.Compare(left=r.OwnPart(part="date"), op=op, right=term):
                return self.window(op, term)
            case r.Beside(absent=False):
                near = self.subjects.words(part.clusters)
                return f"with {near.what}"
            case _:
                return ""


def _number(term: r.Constant) -> str:
    return format(term.value.normalize(), "f") if not isinstance(term.value, date | str) else str(term.value)


def limit_words(op: r.Comparison, limit: str) -> str:
    """`of 30 or more`, `below 0.7`."""
    words = {
        "<": f"below {limit}", "<=": f"of {limit} or less", ">": f"above {limit}", ">=": f"of {limit} or more",
        "=": f"of {limit}", "<>": f"other than {limit}",
    }  # fmt: skip
    return words[op]


def _length(term: r.Shift) -> str:
    many = abs(term.amount)
    return f"{many} {term.unit}{'' if many == 1 else 's'}"
