"""A rule in plain words: `If home blood pressure monitoring was declined in the 12 months to 31 March 2025`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from remit.core import say
from remit.core.words import listed
from remit.documents.indicator.answer import PCA_WORDS
from remit.documents.indicator.days import Days
from remit.documents.indicator.subjects import Subjects, part_words, register_words
from remit.rules import model as r
from remit.rules.definitions import Definitions
from remit.rules.words import condition_words
from remit.terminology.cluster_words import cluster_words
from remit.worklist.actions import actions

_RUN = {r.Name(name) for name in r.DATES}
_LIMITS = {"<": "below {}", "<=": "{} or less", ">": "above {}", ">=": "{} or more", "=": "{}", "<>": "not {}"}
_AGES = {"<": "under {}", "<=": "{} or under", ">": "over {}", ">=": "{} or over", "=": "{}", "<>": "not {}"}
_DAYS = {
    "<": "before",
    "<=": "on or before the day that",
    ">": "after",
    ">=": "on or after the day that",
    "=": "on the day that",
    "<>": "not on the day that",
}


@dataclass(frozen=True)
class RuleWords:
    """The rules of one definition in words."""

    known: Definitions
    subjects: Subjects
    days: Days

    def condition(self, condition: r.Condition, inside: bool = False) -> str:
        """A condition as a clause: `the last HbA1c is 58 mmol/mol or less`."""
        match condition:
            case r.Every(parts=parts):
                return self._latest_value(parts) or listed(list(self._joined(parts, "and")), "and")
            case r.Either(parts=parts):
                if not inside and any(isinstance(part, r.Every) for part in parts):
                    return "; or ".join(self.condition(part, True) for part in parts)
                several = list(self._joined(parts, "or"))
                text = listed(several, "or")
                return f"(either {text})" if inside and len(several) > 1 else text
            case r.AtLeast(least=least, parts=parts):
                many = "all" if least is None else f"at least {least}"
                return f"{many} of these hold: {'; '.join(self.condition(part, True) for part in parts)}"
            case r.PartsMet(parts=group, least=least):
                many = (
                    "all of these are"
                    if least is None
                    else f"at least {least} of these {'is' if least == 1 else 'are'}"
                )
                names = [part_words(name, actions().parts) for name in self.subjects.definition.parts[group]]
                return f"{many} recorded in time: {listed(names)}"
            case r.IsNull(term=r.Name(name=name), absent=absent):
                noun, where = self.subjects.of(name).noun, f"{self.days.limits(name)}{self.days.filter(name)}"
                return f"there is no {noun}{where}" if absent else self._happens(name)
            case r.OnRegister(register=code, on=on):
                return f"the patient is {'' if on else 'not '}on {register_words(self.known.registers[code])}"
            case r.CountedBefore(counted=counted):
                return f"the patient was {'' if counted else 'not '}counted by the same rules in the year before"
            case r.Compare():
                return self._compared(condition)
            case _:
                return condition_words(condition)

    def _joined(self, parts: Sequence[r.Condition], word: str) -> Iterator[str]:
        """The parts, both halves of a reading as one."""
        done: set[int] = set()
        for n, part in enumerate(parts):
            if n in done:
                continue
            alike = [m for m, other in enumerate(parts) if m not in done and self._key(part) == self._key(other)]
            if self._key(part) and len(alike) > 1:
                done.update(alike)
                yield self._together([parts[m] for m in alike], word)
            else:
                text = self.condition(part, True)
                both = isinstance(part, r.Every) and word == "or" and " and " in text
                yield f"({text})" if both else text

    def _latest_value(self, parts: Sequence[r.Condition]) -> str:
        """`the latest of the two is blood pressure 140/90 or less`: which of two fields, and its value."""
        first, *rest = parts
        key = self._key(first)
        if not key or key[0] != "latest" or not rest or not isinstance(first, r.Compare):
            return ""
        texts = list(self._joined(rest, "and"))
        narrow = next(
            term.name for term in (first.left, first.right) if isinstance(term, r.Name) and term.name != key[1]
        )
        lead = f"the {self._which(narrow)}{self.subjects.of(narrow).what} is "
        if len(texts) != 1 or not texts[0].startswith(lead):
            return ""
        return f"{self.condition(first)} {texts[0].removeprefix(lead)}"

    def _key(self, part: r.Condition) -> tuple[str, ...]:
        """What parts have in common that are said in one clause; () for others."""
        fields = self.subjects.definition.fields
        match part:
            case r.OnRegister(on=on):
                return ("register", str(on))
            case r.Compare(left=r.Name(name="PAT_AGE")):
                return ("age",)
            case r.Compare(left=r.AgeOn(on=on)):
                return ("age on", str(on))
            case r.Compare(left=r.Name(name=one), op="=", right=r.Name(name=two)) if one in fields and two in fields:
                return ("latest", self._narrow(one, two)[1])
            case r.Compare(left=r.Name(name=name), op=op) if isinstance(fields.get(name), r.PartOf):
                return ("reading", self.subjects.base(name), op)
            case _:
                return ()

    def _together(self, parts: Sequence[r.Condition], word: str) -> str:
        """Parts that have a key in common, as one clause."""
        texts = [self.condition(part) for part in parts]
        match self._key(parts[0])[0]:
            case "register":
                start = texts[0][: texts[0].index(" the ") + 1]
                return start + listed([text.removeprefix(start) for text in texts], word)
            case "latest":
                start = texts[0][: texts[0].rindex(" is ") + 4]
                return start + listed([text.removeprefix(start) for text in texts], word)
            case "age" | "age on":
                first = parts[0].left if isinstance(parts[0], r.Compare) else None
                end = self._when(first.on) if isinstance(first, r.AgeOn) else ""
                ages = [text.removeprefix("the patient is ").removesuffix(end) for text in texts]
                return f"the patient is {listed(ages, word)}{end}"
            case _:
                return self._reading(parts)

    def _narrow(self, one: str, two: str) -> tuple[str, str]:
        """Of two fields that one record may be of, that of fewer clusters first."""
        narrow, wide = sorted((one, two), key=lambda name: len(self.subjects.clusters_of(name)))
        return narrow, wide

    def _happens(self, name: str, window: str = "") -> str:
        """That there is a record of a field in a window: `body mass index of 30 or more was recorded in …`."""
        limit, event = self.days.limits(name), self.subjects.event(name)
        where = self.days.filter(name)
        given = self.subjects.definition.fields.get(name)
        where_it = r.filter_of(given) if given is not None else None
        match where_it:
            case r.Compare(
                left=r.OwnPart(part="date"), op=">=", right=r.Shift(term=r.Name(name=other), amount=gap, unit=unit)
            ):
                if self.subjects.of(name).kind == "invitation" and self.subjects.of(other) == self.subjects.of(name):
                    return f"{event} twice, {gap} {unit}s or more apart{self.days.filter(other)}"
            case _:
                pass
        if limit and event.endswith(" was recorded"):
            event = f"{event.removesuffix(' was recorded')}{limit} was recorded"
        return f"{event}{where}{f' {window}' if window else ''}"

    def _reading(self, parts: Sequence[r.Condition]) -> str:
        compared = [part for part in parts if isinstance(part, r.Compare)]
        name = next(part.left.name for part in compared if isinstance(part.left, r.Name))
        limit = "/".join(self._number(part.right) for part in compared)
        return f"the {self._which(name)}{self.subjects.of(name).what} is {_LIMITS[compared[0].op].format(limit)}"

    def _compared(self, condition: r.Compare) -> str:
        fields, op, right = self.subjects.definition.fields, condition.op, condition.right
        match condition.left:
            case r.AgeOn(on=on):
                return f"the patient is {_AGES[op].format(self._number(right))}{self._when(on)}"
            case r.Name(name="PAT_AGE"):
                return f"the patient is {_AGES[op].format(self._number(right))}"
            case r.Name(name="PAT_SEX"):
                return f"the patient's recorded sex is {'not ' if op == '<>' else ''}{self._number(right)}"
            case r.Name(name=name) if isinstance(fields.get(name), r.Value | r.PartOf):
                unit = self.subjects.unit(name)
                limit = f"{self._number(right)}{'' if unit == '%' else ' '}{unit}".strip()
                return f"the {self._which(name)}{self.subjects.label(name)} is {_LIMITS[op].format(limit)}"
            case r.Name(name=name) if isinstance(given := fields.get(name), r.Tally | r.Supply) and not _dated(given):
                return self._tallied(name, given, _LIMITS[op].format(self._number(right)))
            case r.Name(name=name):
                if isinstance(right, r.Name) and right.name in fields:
                    return self._beside(name, op, right.name)
                if op in ("<", "<=") and name in fields:
                    last = self.subjects.of(name).noun.removeprefix("record of ").removeprefix("a ").removeprefix("an ")
                    return f"the {self._which(name) or 'last '}{last} was {self.days.window(op, right)}"
                return self._happens(name, self.days.window(op, right))
            case _:
                return condition_words(condition)

    def _which(self, name: str) -> str:
        """`last ` or `first `, where a field picks one of many."""
        given = self.subjects.definition.fields.get(self.subjects.base(name))
        match given:
            case r.Pick(which=which) | r.ReadingOf(which=which):
                return "first " if which == "earliest" else "last "
            case _:
                return ""

    def _when(self, term: r.Term) -> str:
        """A day behind an age: ` at the year's end`, ` on 31 March 2025`, ` 6 months before the year's end`."""
        day = self.days.day(term)
        if term in self.days.known or isinstance(term, r.Constant):
            return f" on {day}"
        return f" {day}" if isinstance(term, r.Shift) else f" at {day}" if term in _RUN else f" on {day}"

    def _beside(self, name: str, op: r.Comparison, other: str) -> str:
        if op == "=":
            narrow, wide = self._narrow(name, other)
            return f"the latest {self._short(wide)} is {self.subjects.of(narrow).what}"
        return f"{self.subjects.event(name)} {_DAYS[op]} {self.subjects.event(other)}"

    def _short(self, name: str) -> str:
        given = self.subjects.definition.fields.get(name)
        return "of the two" if isinstance(given, r.Span) else f"of {self.subjects.of(name).what}"

    def _tallied(self, name: str, given: r.Field, limit: str) -> str:
        words, where = self.subjects.of(name), self.days.filter(name)
        if isinstance(given, r.Tally) and given.thing == "clusters":
            return f"{limit} of {len(given.clusters)} listed conditions or problems are on record{where}"
        if words.kind == "invitation":
            return f"{words.event} on {limit} days{where}"
        if isinstance(given, r.Tally):
            thing = {"codes": "different codes"}.get(given.thing, given.thing)
            return f"there are {limit} {thing} with {words.what}{where}"
        return f"the days of {words.what} are {limit}"

    def _number(self, term: r.Term) -> str:
        match term:
            case r.Constant(value=date() as day):
                return say.day(day)
            case r.Constant(value=str() as text):
                return text
            case r.Constant(value=value):
                return format(value.normalize(), "f") if not isinstance(value, str | date) else str(value)
            case r.Bound(name=name):
                return f"the limit for the patient's {self.subjects.definition.bounds[name].by}"
            case r.Name(name=name):
                return self.subjects.label(name)
            case r.Text(value=value):
                return value
            case _:
                return self.days.day(term)

    def outcome(self, rule: r.Rule, true: bool) -> str:
        """What follows from one side of a rule: `not in the denominator (PCA, patient chose not to)`, or `go on`."""
        action = rule.then if true else rule.otherwise
        counts = rule.counts if true else rule.else_counts
        if action == "Next rule":
            return "go on"
        if self.subjects.definition.is_register:
            return "on the register" if action == "Select" else "not on the register"
        if counts is None or counts.category == "not_achieved":
            return "in the denominator, not achieved"
        if counts.category == "achieved":
            return "counted and achieved"
        if counts.category == "exclusion":
            return "not in the denominator (exclusion)"
        clusters = {cluster for name in r.names_in(rule.condition) for cluster in self.subjects.clusters_of(name)}
        maximal = any(cluster_words(name).kind == "maximal" for name in clusters)
        return f"not in the denominator (PCA, {'on maximal treatment' if maximal else PCA_WORDS[counts.pca_kind]})"

    def short(self, rule: r.Rule, true: bool) -> str:
        """The outcome without what everybody knows of it: `PCA, patient chose not to`, `achieved`."""
        outcome = self.outcome(rule, true)
        if outcome.startswith("not in the denominator ("):
            return outcome.removeprefix("not in the denominator (").removesuffix(")")
        return outcome.removeprefix("counted and ").removeprefix("in the denominator, ")

    def sentence(self, rule: r.Rule) -> str:
        """`If …: PCA, patient chose not to. Otherwise: not achieved.`"""
        text = f"If {self.condition(rule.condition)}: {self.short(rule, True)}."
        rest = self.short(rule, False)
        return text if rest == "go on" else f"{text} Otherwise: {rest}."


def _dated(given: r.Field) -> bool:
    return isinstance(given, r.Supply) and given.is_date


def rule_words(definition: r.Definition, known: Definitions, days: Days) -> RuleWords:
    """The words for a definition's rules."""
    return RuleWords(known, Subjects(definition, days.subjects.clusters), days)
