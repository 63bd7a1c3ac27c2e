"""The reason of an outcome in a sentence: which record decided, on which day, with which value."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from remit.core import say
from remit.core.words import listed
from remit.documents.indicator.clauses import Clause, absences, number_text
from remit.documents.indicator.findings import Findings
from remit.documents.indicator.subjects import Subjects, part_words, register_words
from remit.evaluation.explain import Explanation
from remit.evaluation.reasons import Because
from remit.evaluation.reference import Reading
from remit.rules import model as r
from remit.rules.definitions import Definitions
from remit.terminology.clusters import ClusterSet
from remit.worklist.actions import actions

_TRUE = {"<": "below {}", "<=": "at or below {}", ">": "above {}", ">=": "at or above {}", "=": "{}", "<>": "not {}"}
_FALSE = {"<": "not below {}", "<=": "above {}", ">": "not above {}", ">=": "below {}", "=": "not {}", "<>": "{}"}
_MANY = {
    ("<", True): "under {}", ("<", False): "{} or over", ("<=", True): "{} or under", ("<=", False): "over {}",
    (">", True): "over {}", (">", False): "{} or under", (">=", True): "{} or over", (">=", False): "under {}",
    ("=", True): "{}", ("=", False): "not {}", ("<>", True): "not {}", ("<>", False): "{}",
}  # fmt: skip


class Reasons(Findings):
    """The reasons of one explanation in words."""

    def __init__(self, explained: Explanation, known: Definitions, clusters: ClusterSet, achievement: date) -> None:
        super().__init__(explained, clusters, achievement)
        self.known, self.parts = known, actions().parts

    def sentence(self, *before: str) -> str:
        """All that decided, without a full stop; `before` are clauses that come first."""
        clauses = list(self._wanted(list(dict.fromkeys(self._clauses()))))
        aged = number_text(self.explained.values.get("PAT_AGE"))
        clauses = self._merged(clauses, "age", f"the patient was aged {aged} on {say.day(self.achievement)} ({{}})")
        clauses = self._merged(clauses, "not on", "the patient is not on {}")
        clauses = self._missing_parts(clauses)
        positive = list(dict.fromkeys([*(before), *(one.text for one in clauses if not one.absent)]))
        absent = absences([one if positive else replace(one, text=one.alone or one.text) for one in clauses])
        if positive and absent:
            return f"{listed(positive)}, with {listed(absent)}"
        return listed(positive or absent)

    def _missing_parts(self, clauses: list[Clause]) -> list[Clause]:
        """The parts that are not met, in one clause."""
        missing = [one.text for one in clauses if one.kind == "part"]
        rest = [one for one in clauses if one.kind != "part"]
        return [Clause(f"not recorded in time: {listed(missing)}"), *rest] if missing else rest

    def _merged(self, clauses: list[Clause], kind: str, text: str) -> list[Clause]:
        """The clauses of a kind as one, in the place of the first."""
        own = [one for one in clauses if one.kind == kind]
        at = clauses.index(own[0]) if own else 0
        rest = [one for one in clauses if one.kind != kind]
        whole = Clause(
            text.format(listed(list(dict.fromkeys(one.about for one in own)), "or" if kind == "not on" else "and"))
        )
        return [*rest[:at], whole, *rest[at:]] if own else rest

    def _wanted(self, clauses: list[Clause]) -> Iterator[Clause]:
        """What says something new: a value says its day, and that it is the latest."""
        of_values = {one.about for one in clauses if one.kind == "value"}
        if any(one.kind == "parts" for one in clauses):
            clauses = [one for one in clauses if one.kind != "day"]
        out_of_time = {one.about for one in clauses if one.kind == "out of time"}
        for one in clauses:
            if one.kind in ("day", "link") and of_values & {one.about, *one.also}:
                continue
            if one.kind == "value" and one.about in out_of_time:
                continue
            yield one

    def _clauses(self) -> Iterator[Clause]:
        for because in self.explained.because:
            match because.condition:
                case part if because.part:
                    yield self._missing_part(because.part, part)
                case r.Compare():
                    yield self._compared(because, because.condition)
                case r.IsNull(term=term):
                    yield self._recorded(because, term)
                case r.OnRegister(register=code):
                    yield self._on_register(code, because.true == because.condition.on)
                case r.CountedBefore():
                    was = "" if because.true == because.condition.counted else "not "
                    yield Clause(f"the patient was {was}counted by the same rules in the year before")
                case r.PartsMet(parts=parts):
                    yield self._parts(parts)
                case _:
                    yield Clause("the rule asks more than a sentence can say")

    def _compared(self, because: Because, condition: r.Compare) -> Clause:
        left, right = condition.left, condition.right
        match left:
            case r.AgeOn(on=on):
                return self._aged(because, condition, self.days.day(on))
            case r.Name(name="PAT_AGE"):
                return self._aged(because, condition, say.day(self.achievement))
            case r.Name(name="PAT_SEX"):
                return Clause(f"the patient's recorded sex is {because.left}")
            case r.Name(name=name) if name in self.explained.definition.fields or name in ("REG_DAT", "DEATH_DAT"):
                given = self.explained.definition.fields.get(name)
                if isinstance(given, r.Tally) or (isinstance(given, r.Supply) and not given.is_date):
                    return self._tallied(because, condition, name)
                if isinstance(given, r.Value | r.PartOf):
                    return self._value(because, condition, name)
                if isinstance(right, r.Name) and right.name in self.explained.definition.fields:
                    return self._beside(because, condition.op, name, right.name)
                return self._dated(because, condition, name)
            case _:
                true = "" if because.true else "not "
                return Clause(
                    f"{number_text(because.left)} is {true}{_TRUE[condition.op].format(number_text(because.right))}"
                )

    def _aged(self, because: Because, condition: r.Compare, on: str) -> Clause:
        limit = _MANY[condition.op, because.true].format(number_text(because.right))
        if on == say.day(self.achievement):
            return Clause("", about=limit, kind="age")
        return Clause(f"the patient was aged {number_text(because.left)} on {on} ({limit})")

    def _dated(self, because: Because, condition: r.Compare, name: str) -> Clause:
        """A day beside a window or another day."""
        window = self.days.window(condition.op, condition.right)
        own, cluster, day = self._at(name)
        if day is None:
            return self._none(
                name, window if window.startswith("in the ") and self.subjects.of(name).kind != "diagnosis" else ""
            )
        limit = because.right if isinstance(because.right, date) else None
        happened, field = self._happened(name), self.explained.definition.fields.get(own)
        last = isinstance(field, r.ReadingOf | r.Pick) and field.which == "latest"
        last = last and self.subjects.of(own, cluster).kind != "diagnosis"
        if because.true:
            if last and condition.op in ("<", "<=") and isinstance(condition.right, r.Shift):
                window = self.days.window(">", condition.right)
                noun = f"{self.subjects.of(name).noun}{self.days.limits(name)}"
                return Clause(f"no {noun} {window} (the last was on {say.day(day)})", True, own, "day")
            new = name == "REG_DAT" or self.subjects.event(own, cluster).endswith("was diagnosed")
            boundary = (
                f", {_relation(condition.op, day, limit)}" if limit and (new or condition.op in ("<", "<=")) else ""
            )
            boundary += self.days.from_an_event(condition.right) if boundary else ""
            return Clause(f"{happened}{boundary}", about=own, kind="day", also=self.subjects.bases(name))
        if last and condition.op in (">", ">="):
            noun = f"{self.subjects.of(name).noun}{self.days.limits(name)}"
            return Clause(f"no {noun} {window} (the last was on {say.day(day)})", True, own, "out of time")
        relation = f", {_relation(condition.op, day, limit)}" if limit else ""
        return Clause(f"{happened}{relation}", about=own, kind="out of time")

    def _beside(self, because: Because, op: str, name: str, other: str) -> Clause:
        """The day of one field beside that of another."""
        own, _, day = self._at(name)
        _, _, second = self._at(other)
        if op == "=":
            narrow, wide = sorted((name, other), key=lambda one: (len(self.subjects.clusters_of(one)), one == other))
            near = self._at(narrow)
            if near[2] is None:
                return self._none(narrow)
            if because.true:
                return Clause(self._happened(narrow), about=near[0], kind="link")
            later = self._happened(wide)
            mine = self._happened(narrow)
            return Clause(mine if later == mine else f"{mine} and {later}", about=near[0], kind="link")
        if day is None:
            return self._none(name)
        if second is None:
            return self._none(other)
        if because.true and "invitation" in (self.subjects.of(name).kind, self.subjects.of(other).kind):
            done, at = (name, day) if self.subjects.of(other).kind == "invitation" else (other, second)
            noun = self.subjects.of(done).noun
            return Clause(f"no {noun} since the first of them (the last was on {say.day(at)})", True, own)
        how = "before" if day < second else "after" if day > second else "the same day as"
        if how == "the same day as":
            return Clause(f"{self._happened(name)}, the same day on which {self.subjects.event(other)}", about=own)
        return Clause(f"{self._happened(name)}, {how} {self._happened(other)}", about=own)

    def _value(self, because: Because, condition: r.Compare, name: str) -> Clause:
        """A value beside its limit; both halves of a reading beside theirs."""
        base, cluster, day = self._at(name)
        if day is None:
            return self._none(base, self._window_within(because, base))
        if because.left is None:
            return Clause(
                f"{self.subjects.label(base, cluster)} on {say.day(day)} has no value that can be read", False
            )
        reading = self.explained.values.get(base)
        if isinstance(reading, Reading):
            label, value = self.subjects.label(base, cluster), "/".join(number_text(one) for _, one in reading.values)
            limit = self._whole_limit(because, condition, base, reading)
            if limit is None:
                label = self.subjects.label(name)
                value, limit = f"{number_text(because.left)} (of {value})", number_text(because.right)
        else:
            unit = self.subjects.unit(name)
            label, limit = self.subjects.label(name, cluster), number_text(because.right)
            value = f"{number_text(because.left)} {unit}".strip()
        if because.true:
            beside = self._earlier_than(because, base, day)
            named = f"the {label}, {value} on {say.day(day)}{beside}," if label.startswith("value of ") else ""
            named = named or f"{label} {value} on {say.day(day)}{beside}"
            text = f"{named} is {_TRUE[condition.op].format(limit)}"
        else:
            text = f"the last {label}, {value} on {say.day(day)}, is {_FALSE[condition.op].format(limit)}"
        return Clause(text, about=base, kind="value")

    def _whole_limit(self, because: Because, condition: r.Compare, base: str, reading: Reading) -> str | None:
        """`140/90`, where the rule has a limit for each half of a reading."""
        limits: dict[str, str] = {}
        for part in because.within.parts if isinstance(because.within, r.Every | r.Either) else ():
            match part:
                case r.Compare(left=r.Name(name=name), op=op, right=r.Constant(value=Decimal() as limit)):
                    given = self.explained.definition.fields.get(name)
                    if op == condition.op and isinstance(given, r.PartOf) and self.subjects.base(name) == base:
                        limits[given.cluster] = number_text(Fraction(limit))
                case _:
                    pass
        every = [limits.get(cluster) for cluster, _ in reading.values]
        return "/".join(one for one in every if one) if all(every) else None

    def _window_within(self, because: Because, base: str) -> str:
        """The window that the same rule sets for the day of a value."""
        for part in because.within.parts if isinstance(because.within, r.Every | r.Either) else ():
            match part:
                case r.Compare(left=r.Name(name=name), op=op, right=term):
                    timed = not isinstance(self.explained.definition.fields.get(name), r.Value | r.PartOf)
                    if timed and op in (">", ">=") and base in self.subjects.bases(name):
                        return self.days.window(op, term)
                case _:
                    pass
        return ""

    def _earlier_than(self, because: Because, base: str, day: date) -> str:
        """` (before 31 March 2024)`, where the same rule asks for a value that is older."""
        for part in because.within.parts if isinstance(because.within, r.Every) else ():
            match part:
                case r.Compare(left=r.Name(name=name), op="<" | "<=", right=term):
                    limit = self.explained.days.get(term)
                    timed = not isinstance(self.explained.definition.fields.get(name), r.Value | r.PartOf)
                    if timed and limit and base in self.subjects.bases(name):
                        return f" ({_relation('<=', day, limit)})"
                case _:
                    pass
        return ""

    def _tallied(self, because: Because, condition: r.Compare, name: str) -> Clause:
        """How many records there are beside how many the rule asks for."""
        given = self.explained.definition.fields[name]
        words = self.subjects.of(name)
        number, within = number_text(because.left), self.days.filter(name)
        limit = _MANY[condition.op, because.true].format(number_text(because.right)).replace("over", "more")
        limit = limit.replace("under", "fewer") if limit.endswith("under") else limit.replace("under", "fewer than")
        limit = limit.replace("more ", "more than ") if limit.startswith("more") else limit
        if isinstance(given, r.Tally) and given.thing == "clusters":
            what = f"{number} of {len(given.clusters)} listed conditions or problems are on record"
        elif words.kind == "invitation":
            what = f"{words.event} on {number} day{'' if number == '1' else 's'}"
        elif isinstance(given, r.Tally):
            thing = {"records": "record", "days": "day", "codes": "different code"}.get(given.thing, "record")
            thing += "" if number == "1" else "s"
            what = f"{number} {thing} with {words.what}"
        else:
            what = f"{number} days of {words.what}"
        return Clause(f"{what}{within} ({limit})")

    def _on_register(self, code: str, on: bool) -> Clause:
        register = next((one for one in self.explained.registers if one.definition.code == code), None)
        name = register_words(register.definition if register else self.known.registers[code])
        why = ""
        if register is not None and on:
            own = Reasons(register, self.known, _set(self.subjects), self.achievement).sentence()
            why = f" ({own})" if own else ""
        return Clause(f"the patient is on {name}{why}") if on else Clause("", about=name, kind="not on")

    def _missing_part(self, name: str, condition: r.Condition) -> Clause:
        """A part that is not met, with its latest day, if it has one."""
        days = [self._at(one)[2] for one in sorted(r.names_in(condition)) if one in self.explained.definition.fields]
        last = max((day for day in days if day), default=None)
        return Clause(f"{part_words(name, self.parts)}{f' (last on {say.day(last)})' if last else ''}", kind="part")

    def _parts(self, parts: str) -> Clause:
        """Every part that was met, with its latest day."""
        met = []
        for name, condition in self.explained.definition.parts[parts].items():
            fields = [one for one in sorted(r.names_in(condition)) if one in self.explained.definition.fields]
            last = max((day for one in fields if (day := self._at(one)[2])), default=None)
            met.append(f"{part_words(name, self.parts)}{f' on {say.day(last)}' if last else ''}")
        return Clause(f"all that is asked for is recorded: {listed(met)}", kind="parts")


def _relation(op: r.Comparison, day: date, limit: date) -> str:
    """How a day lies to a limit: `after 30 June 2024`; on the limit itself, what the comparison makes of it."""
    words = {"<": "not before", "<=": "no later than", ">": "not after", ">=": "no earlier than"}
    how = "before" if day < limit else "after" if day > limit else words.get(op, "on")
    return f"{how} {say.day(limit)}"


def _set(subjects: Subjects) -> ClusterSet:
    assert subjects.clusters is not None, "the reasons of a patient are said with the clusters of the run"
    return subjects.clusters
