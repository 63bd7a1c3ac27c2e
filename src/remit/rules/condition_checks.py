"""Checks of conditions and terms: names that are known, like compared with like, and each thing where it may stand."""

from __future__ import annotations

from datetime import date
from functools import partial
from typing import assert_never

from remit.core.problems import did_you_mean
from remit.rules import model as r
from remit.rules.checking import Checking
from remit.rules.printing import term_text
from remit.scheme.source import Key as Path_

A = {"date": "a date", "number": "a number", "reading": "a reading", "sex": "a sex", "episode": "an episode"}


class ConditionChecks(Checking):
    """One definition under way: its conditions and filters."""

    def _unknown(self, path: Path_, lead: str, name: str) -> None:
        """A name that nobody gave; one whose field is broken has been spoken of there."""
        if name not in self.given:
            known = [*self.fields, *r.DATES, *r.PATIENT]
            bound = f"It is a table of bounds: write 'bound {name}'."
            self.add(
                "rules.name-unknown",
                path,
                f"{lead}there is no '{name}'.",
                bound if name in self.bounds else partial(did_you_mean, name, known),
                name=name,
            )

    def kind(self, name: str) -> r.Kind | None:
        """What a name is; None for one that is not known."""
        if name in r.DATES:
            return "date"
        if name in r.PATIENT:
            return r.PATIENT[name][0]
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
            case r.Pick() | r.DateOf() | r.Span():
                return "date"
            case _:
                assert_never(field)

    def _check(self, path: Path_, condition: r.Condition, where: str, of: str = "") -> None:
        """Names that are known, and comparisons of like with like; `of` is the field whose filter it is."""
        lead = f"{where}: " if where else ""
        for part in r.conditions(condition, beside=bool(of)):
            match part:
                case r.Compare():
                    self._compare(path, part, lead, of)
                case r.IsNull():
                    self._null(path, part, lead, of)
                case r.PartsMet():
                    self._parts(path, part, lead, of)
                case r.AtLeast():
                    self._at_least(path, part, lead)
                case r.Beside():
                    if not of:
                        self.add(
                            "rules.any-outside-filter",
                            path,
                            f"{lead}'(any … where …)' stands in the filter of a field.",
                        )
                case r.Every() | r.Either() | r.OnRegister():
                    pass
                case _:
                    assert_never(part)

    def _null(self, path: Path_, part: r.IsNull, lead: str, of: str) -> None:
        """Absence is asked of what can be missing."""
        self._term(path, part.term, lead, of)
        if self._never_missing(part.term):
            text = term_text(part.term)
            hint = f"A count is asked for as '{text} {'=' if part.absent else '>'} 0'."
            counted = text in self.fields
            said = f"{lead}{text} is never missing, so Null asks nothing."
            self.add("rules.never-missing", path, said, hint if counted else "", name=text)

    def _compare(self, path: Path_, part: r.Compare, lead: str, of: str) -> None:
        one, other = (self._term(path, term, lead, of) for term in (part.left, part.right))
        if "reading" in (one, other):
            self.add(
                "rules.reading-compared",
                path,
                f"{lead}a reading is not compared: take its date or a value of it, each in a field.",
            )
        elif one is not None and other is not None and one != other:
            left, right = term_text(part.left), term_text(part.right)
            self.add(
                "rules.types-differ",
                path,
                f"{lead}{left}, {A[one]}, is compared with {right}, {A[other]}.",
                left=left,
                right=right,
            )
        elif one in ("sex", "episode") and part.op not in ("=", "<>"):
            self.add(
                "rules.operator-not-for-type",
                path,
                f"{lead}{A[one]} is compared with = or <>, not with {part.op}.",
                operator=part.op,
            )

    def _parts(self, path: Path_, part: r.PartsMet, lead: str, of: str) -> None:
        """Parts are asked for in rules only, and no more of them than there are."""
        group = self.text.parts.get(part.parts)
        if of or path[-1] != "if":
            self.add("rules.parts-outside-rules", path, f"{lead}parts are asked for in rules only.", parts=part.parts)
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
            case r.Constant():
                return True
            case r.OwnPart():
                return term.part == "date"
            case r.Bound():
                table = self.bounds.get(term.name)
                return table is not None and None not in (table.others, table.unknown)
            case r.AgeOn():
                return False
            case _:
                assert_never(term)

    def _term(self, path: Path_, term: r.Term, lead: str, of: str) -> r.Kind | None:
        """What a term is; None where that cannot be said."""
        match term:
            case r.Constant():
                if isinstance(term.value, str):
                    return "sex" if term.value in r.SEXES else "episode"
                return "date" if isinstance(term.value, date) else "number"
            case r.OwnPart():
                if not of:
                    self.add(
                        "rules.record-outside-filter",
                        path,
                        f"{lead}'{term.part}' is of the record under test, in the filter of a field.",
                        name=term.part,
                    )
                kinds: dict[r.Own, r.Kind] = {"date": "date", "value": "number", "episode": "episode"}
                return kinds[term.part]
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
                if self._term(path, term.term, lead, of) not in (None, "date"):
                    aged = isinstance(term.term, r.AgeOn)
                    hint = "The age on a date that is moved is written 'age on (X_DAT + 6 months)'." if aged else ""
                    said = f"{lead}only a date is moved by {term.unit}s."
                    self.add("rules.only-dates-move", path, said, hint, unit=term.unit)
                return "date"
            case r.Name():
                return self._named(path, term.name, lead, of)
            case r.AgeOn():
                kind = self._term(path, term.on, lead, of)
                if kind not in (None, "date"):
                    name = term_text(term.on)
                    self.add(
                        "rules.age-on-no-date",
                        path,
                        f"{lead}'age on' is asked of a date, and {name} is {A[kind]}.",
                        name=name,
                    )
                return "number"
            case _:
                assert_never(term)

    def _named(self, path: Path_, name: str, lead: str, of: str) -> r.Kind | None:
        """What a name is; within its own filter a field's name is the date of the record."""
        kind: r.Kind | None = "date" if name == of else self.kind(name)
        if kind is None:
            self._unknown(path, lead, name)
        return kind
