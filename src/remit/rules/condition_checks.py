"""Checks of conditions and terms: names that are known, like compared with like, and each thing where it may stand."""

from __future__ import annotations

from datetime import date
from functools import partial
from itertools import product
from typing import assert_never

from remit.core.problems import did_you_mean
from remit.core.words import listed
from remit.rules import model as r
from remit.rules.checking import Checking
from remit.rules.printing import term_text
from remit.rules.years import of_version
from remit.scheme.source import Key as Path_

A = {
    "date": "a date", "number": "a number", "reading": "a reading", "sex": "a sex", "episode": "an episode",
    "status": "a status", "negation": "a negation", "answer": "an answer",
}  # fmt: skip
_OWN: dict[r.Own, r.Kind] = {
    "date": "date", "end": "date", "value": "number", "episode": "episode", "status": "status", "negation": "negation",
    "answer": "answer",
}  # fmt: skip
_WORDS: dict[str, r.Kind] = {
    **dict.fromkeys(r.SEXES, "sex"), **dict.fromkeys(r.EPISODES, "episode"), **dict.fromkeys(r.STATUSES, "status"),
    **dict.fromkeys(r.NEGATIONS, "negation"),
}  # fmt: skip

_NO_DAYS = {*product(("PPED", "QSED"), ("PPSD", "QSSD")), ("MPED", "MPSD")}
"""Windows that end before they begin, whatever the year. A measurement period may lie before the payment period."""


class ConditionChecks(Checking):
    """One definition under way: its conditions and filters."""

    def _unknown(self, path: Path_, lead: str, name: str, of_record: bool = False) -> None:
        """A name that is not defined. A field that is itself broken has been reported at its own place."""
        if name not in self.field_texts:
            names = [*self.fields, *r.DATES, *r.PATIENT]
            table = f"It is a table of bounds: write 'bound {name}'."
            cluster = f"Of a cluster, a field picks a record, as in 'X_DAT: latest {name}', or write '(any {name})'."
            hint = table if name in self.bounds else cluster if name.endswith("_COD") and of_record else ""
            if name in ("F", "M", "I", "U"):
                hint = f"A sex is written {listed(r.SEXES, 'or')}."
            self.add(
                "rules.name-unknown",
                path,
                f"{lead}there is no '{name}'.",
                hint or partial(did_you_mean, name, names),
                name=name,
            )

    def kind(self, name: str) -> r.Kind | None:
        """What a name is; None for one that is not known."""
        if name in r.DATES:
            return "date"
        if name in r.PATIENT:
            return r.PATIENT[name][0]
        if name in self.to_give:
            return "number"
        field = self.fields.get(name)
        match field:
            case None:
                return None
            case r.ReadingOf():
                return "reading"
            case r.PartOf() | r.Value() | r.Tally():
                return "number"
            case r.Supply():
                return "date" if field.is_date else "number"
            case r.Pick() | r.DateOf() | r.EndOf() | r.Span():
                return "date"
            case _:
                assert_never(field)

    def _check(self, path: Path_, condition: r.Condition, where: str, own_field: str = "") -> None:
        """Names must be known, and like is compared with like. `own_field` is the field whose filter this is."""
        lead = f"{where}: " if where else ""
        for part in r.conditions(condition, beside=False):
            match part:
                case r.Compare():
                    self._compare(path, part, lead, own_field)
                case r.IsNull():
                    self._null(path, part, lead, own_field)
                case r.PartsMet():
                    self._parts(path, part, lead, own_field)
                case r.CountedBefore():
                    if not self.text.years and of_version(self.text.version) is None:
                        self.add(
                            "rules.years-needed",
                            path,
                            f"{lead}'counted in the year before' needs rules that say their 'years'.",
                            "Nobody was counted before the first of those years.",
                        )
                case r.AtLeast():
                    self._at_least(path, part, lead)
                case r.Beside():
                    self._beside(path, part, where, own_field)
                case r.Within():
                    self._in_filter(path, part.relation, lead, own_field)
                    self._within(path, part, lead, own_field)
                case r.WithinRecord():
                    self._in_filter(path, part.relation, lead, own_field)
                    self._record(path, part.record, lead, own_field)
                case r.InOrder():
                    self._in_filter(path, part.order, lead, own_field)
                    kind = "date" if part.other in self.around else self._named(path, part.other, lead, own_field, True)
                    if kind not in (None, "date"):
                        self.add(
                            "rules.types-differ",
                            path,
                            f"{lead}'{part.order} {part.other}': a record is before or after a date or another record.",
                            left=part.order,
                            right=part.other,
                        )
                case r.AnswerIn():
                    self._in_filter(path, "answer", lead, own_field)
                case r.Every() | r.Either() | r.OnRegister():
                    pass
                case _:
                    assert_never(part)

    def _in_filter(self, path: Path_, what: str, lead: str, own_field: str) -> None:
        """What is asked of the record under test stands in a filter."""
        if not own_field:
            message = f"{lead}'{what}' is about the record under test: use it in the filter of a field."
            self.add("rules.record-outside-filter", path, message, name=what)

    def _beside(self, path: Path_, part: r.Beside, where: str, own_field: str) -> None:
        """Another record stands in a filter; within it the records around it have names."""
        lead = f"{where}: " if where else ""
        if not own_field:
            message = f"{lead}'(any … where …)' can only be used in the filter of a field."
            self.add("rules.any-outside-filter", path, message)
            return
        if part.name and (part.name in {*self.field_texts, *r.DATES, *r.PATIENT, *self.around, own_field}):
            message = f"{lead}'{part.name}' is already the name of something else."
            self.add("rules.record-name-taken", path, message, name=part.name)
        before = self.around
        self.around = (*(before or (own_field,)), *((part.name,) if part.name else ()))
        if part.where is not None:
            self._check(path, part.where, where, own_field)
        self.around = before

    def _within(self, path: Path_, part: r.Within, lead: str, own_field: str) -> None:
        """A window is of two dates, the first of which is not after the last."""
        for term in (part.first, part.last):
            kind = self._term(path, term, lead, own_field)
            if kind not in (None, "date"):
                message = f"{lead}a window is between two dates, and {term_text(term)} is {A[kind]}."
                self.add("rules.window-of-no-dates", path, message, found=kind)
        self._forwards(path, part.first, part.last, lead)

    def _forwards(self, path: Path_, one: r.Term, other: r.Term, lead: str) -> None:
        """A window has a day: its first day is not after its last, where both are known."""
        first, last = term_text(one), term_text(other)
        if backwards(one, other):
            self.add("rules.window-backwards", path, f"{lead}a window from {first} to {last} has no day.", first=first)

    def _record(self, path: Path_, name: str, lead: str, own_field: str) -> None:
        """A record has a name around this one, or is what a field picked."""
        if name in self.around or isinstance(self.fields.get(name), r.Pick):
            return
        if self._named(path, name, lead, own_field, of_record=True) is not None:
            message = f"{lead}{name} is not a record: only a field that says latest or earliest picks one."
            hint = f"Of a date, write both ends: '{name} to {name}'."
            self.add("rules.record-unknown", path, message, hint, name=name)

    def _null(self, path: Path_, part: r.IsNull, lead: str, own_field: str) -> None:
        """Absence is asked of what can be missing."""
        self._term(path, part.term, lead, own_field)
        if self._never_missing(part.term):
            text = term_text(part.term)
            hint = f"A count is asked for as '{text} {'=' if part.absent else '>'} 0'."
            counted = text in self.fields
            message = f"{lead}{text} is never missing, so a comparison with Null decides nothing."
            self.add("rules.never-missing", path, message, hint if counted else "", name=text)

    def _compare(self, path: Path_, part: r.Compare, lead: str, own_field: str) -> None:
        one, other = (self._term(path, term, lead, own_field) for term in (part.left, part.right))
        if "reading" in (one, other):
            self.add(
                "rules.reading-compared",
                path,
                f"{lead}a reading cannot be compared: give its date or one of its values a field, and compare that.",
            )
        elif one is not None and other is not None and one != other:
            left, right = term_text(part.left), term_text(part.right)
            unknown = {one, other} == {"date", "sex"} and "unknown" in (left, right)
            self.add(
                "rules.types-differ",
                path,
                f"{lead}{left}, {A[one]}, is compared with {right}, {A[other]}.",
                "Ask for an unknown date with '= Null'." if unknown else "",
                left=left,
                right=right,
            )
        elif one in ("sex", "episode", "status", "negation", "answer") and part.op not in ("=", "<>"):
            self.add(
                "rules.operator-not-for-type",
                path,
                f"{lead}{A[one]} is compared with = or <>, not with {part.op}.",
                operator=part.op,
            )

        for side in (part.left, part.right):
            if isinstance(side, r.Constant) and side.value in r.UNSEEN:
                message = f"{lead}no field sees a record that is {side.value}."
                self.add("rules.status-unseen", path, message, status=side.value)

    def _parts(self, path: Path_, part: r.PartsMet, lead: str, own_field: str) -> None:
        """Parts are asked for in rules only, and no more of them than there are."""
        group = self.text.parts.get(part.parts)
        if own_field or path[-1] != "if":
            self.add("rules.parts-outside-rules", path, f"{lead}parts can only be used in rules.", parts=part.parts)
        elif group is None:
            self.add(
                "rules.parts-unknown",
                path,
                f"{lead}there are no parts called '{part.parts}'.",
                partial(did_you_mean, part.parts, self.text.parts),
                parts=part.parts,
            )
        elif part.least is not None and not 1 <= part.least <= len(group):
            self.add(
                "rules.parts-decide-nothing",
                path,
                f"{lead}{part.parts} has {len(group)} parts: 'at least {part.least}' decides nothing.",
                parts=part.parts,
                least=part.least,
                of=len(group),
            )

    def _at_least(self, path: Path_, part: r.AtLeast, lead: str) -> None:
        """No more of the conditions are asked for than are listed."""
        if part.least is not None and not 1 <= part.least <= len(part.parts):
            self.add(
                "rules.parts-decide-nothing",
                path,
                f"{lead}{len(part.parts)} conditions are listed: 'at least {part.least}' decides nothing.",
                least=part.least,
                of=len(part.parts),
            )

    def _never_missing(self, term: r.Term) -> bool:
        match term:
            case r.Shift():
                return self._never_missing(term.term)
            case r.Name():
                return term.name in r.NEVER_MISSING or isinstance(self.fields.get(term.name), r.Tally)
            case r.Constant() | r.Text():
                return True
            case r.OwnPart() | r.RecordPart():
                return term.part == "date"
            case r.Bound():
                table = self.bounds.get(term.name)
                return table is not None and None not in (table.others, table.unknown)
            case r.AgeOn():
                return False
            case _:
                assert_never(term)

    def _term(self, path: Path_, term: r.Term, lead: str, own_field: str) -> r.Kind | None:
        """What a term is; None where that cannot be said."""
        match term:
            case r.Constant():
                if isinstance(term.value, str):
                    return _WORDS[term.value]
                return "date" if isinstance(term.value, date) else "number"
            case r.Text():
                return "answer"
            case r.OwnPart():
                self._in_filter(path, term.part, lead, own_field)
                return _OWN[term.part]
            case r.RecordPart():
                self._in_filter(path, f"{term.part} of {term.record}", lead, own_field)
                if term.record == own_field and not self.around:
                    self.add(
                        "rules.field-names-itself",
                        path,
                        f"{lead}'{term.part} of {own_field}' is its own {term.part}: write '{term.part}'.",
                        name=own_field,
                    )
                elif own_field and term.record not in self.around:
                    ways = {
                        "date": f"The field is that date: write '{term.record}'.",
                        "end": f"Give it a field: 'X_DAT: end of {term.record}'.",
                        "value": f"Give it a field: 'X_VAL: lowest value of X_COD on {term.record}'.",
                    }
                    way = ways.get(term.part, "") if isinstance(self.fields.get(term.record), r.Pick) else ""
                    names = [name for name in self.around if name]
                    self.add(
                        "rules.record-unknown",
                        path,
                        f"{lead}there is no record '{term.record}' around this one.",
                        way or partial(did_you_mean, term.record, names),
                        name=term.record,
                    )
                return _OWN[term.part]
            case r.Bound():
                if term.name not in self.bounds:
                    self.add(
                        "rules.bound-unknown",
                        path,
                        f"{lead}there is no table of bounds called '{term.name}'.",
                        partial(did_you_mean, term.name, self.bounds),
                        name=term.name,
                    )
                return "number"
            case r.Shift():
                if self._term(path, term.term, lead, own_field) not in (None, "date"):
                    aged = isinstance(term.term, r.AgeOn)
                    hint = "Write the age on a moved date as 'age on (X_DAT + 6 months)'." if aged else ""
                    message = f"{lead}only a date can be moved by {term.unit}s."
                    self.add("rules.only-dates-move", path, message, hint, unit=term.unit)
                return "date"
            case r.Name():
                return self._named(path, term.name, lead, own_field)
            case r.AgeOn():
                kind = self._term(path, term.on, lead, own_field)
                if kind not in (None, "date"):
                    name = term_text(term.on)
                    self.add(
                        "rules.age-on-no-date",
                        path,
                        f"{lead}'age on' needs a date, and {name} is {A[kind]}.",
                        name=name,
                    )
                return "number"
            case _:
                assert_never(term)

    def _named(self, path: Path_, name: str, lead: str, own_field: str, of_record: bool = False) -> r.Kind | None:
        """What a name is; within its own filter a field's name is the date of the record."""
        kind: r.Kind | None = "date" if name == own_field or name in self.around else self.kind(name)
        if kind is None:
            self._unknown(path, lead, name, of_record)
        return kind


def backwards(first: r.Term, last: r.Term) -> bool:
    """Whether a window certainly ends before it begins."""
    one, other = term_text(first), term_text(last)
    return (one, other) in _NO_DAYS or (_is_day(first) and _is_day(last) and other < one)


def _is_day(term: r.Term) -> bool:
    return isinstance(term, r.Constant) and isinstance(term.value, date)
