"""What the fields of a definition came to for one patient, in words: `blood pressure 154/84 was recorded on …`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction

from remit.core import say
from remit.documents.indicator.clauses import Clause, number_text
from remit.documents.indicator.days import Days
from remit.documents.indicator.subjects import Subjects
from remit.evaluation.explain import Explanation, Record
from remit.evaluation.reasons import Because
from remit.evaluation.reference import Reading
from remit.records.model import OPEN_DAY
from remit.rules import model as r
from remit.terminology.clusters import ClusterSet


class Findings:
    """The fields of one explanation in words."""

    def __init__(self, explained: Explanation, clusters: ClusterSet, achievement: date) -> None:
        self.explained, self.achievement = explained, achievement
        self.subjects = Subjects(explained.definition, clusters)
        self.days = Days(self.subjects, explained.days)

    def _at(self, name: str) -> tuple[str, str, date | None]:
        """The field that holds the day of a field, the cluster of its record, and the day."""
        value = self.explained.values.get(name)
        day = value.day if isinstance(value, Reading) else value if isinstance(value, date) else None
        bases = self.subjects.bases(name)
        if day is None and isinstance(self.explained.definition.fields.get(name), r.Value | r.PartOf):
            return self._at(bases[0])
        own = next((base for base in bases if self._day(base) == day), bases[0])
        records = self.explained.behind.get(own, ())
        return own, next((record.cluster for record in records if record.event.date == day), ""), day

    def _day(self, base: str) -> date | None:
        value = self.explained.values.get(base)
        return value.day if isinstance(value, Reading) else value if isinstance(value, date) else None

    def _happened(self, name: str) -> str:
        """`home blood pressure monitoring was declined on 28 April 2024`."""
        own, cluster, day = self._at(name)
        event, given = self.subjects.event(own, cluster), self.explained.definition.fields.get(name)
        if day and isinstance(given, r.EndOf):
            ends = "still lasts" if day == OPEN_DAY else f"ends on {say.day(day)}"
            return f"the {self.subjects.of(name).noun} {ends}"
        if day and isinstance(given, r.Supply):
            return f"{self.subjects.of(name).what} is not supplied from {say.day(day)} on"
        first = self._first_invitation(own)
        if first and day:
            return f"{event} on {say.day(first)} and again on {say.day(day)}"
        value = self._value_of(own, day)
        if value and event.endswith(" was recorded"):
            event = f"{event.removesuffix(' was recorded')} {value} was recorded"
        return f"{event} on {say.day(day)}" if day else event

    def _value_of(self, name: str, day: date | None) -> str:
        """The value of the record that a field picked: `31.2 kg/m2`."""
        reading = self.explained.values.get(name)
        if isinstance(reading, Reading):
            return "/".join(number_text(one) for _, one in reading.values)
        events = [one.event for one in self.explained.behind.get(name, ()) if one.event.date == day]
        event = next((one for one in events if one.value is not None), None)
        if event is None or event.value is None or self.subjects.of(name).kind not in ("value", "mixed"):
            return ""
        unit = "" if event.unit in self.subjects.of(name).what else event.unit
        return f"{event.comparator}{say.number(Fraction(event.value))} {unit}".strip()

    def _first_invitation(self, name: str) -> date | None:
        """The invitation that a second one follows."""
        field = self.explained.definition.fields.get(name)
        where = r.filter_of(field) if isinstance(field, r.Pick) else None
        if where is None or self.subjects.of(name).kind != "invitation":
            return None
        before = [other for other in r.names_in(where) if other in self.explained.definition.fields]
        return next((day for other in before if isinstance(day := self.explained.values.get(other), date)), None)

    def _none(self, name: str, window: str = "") -> Clause:
        subject = self.subjects.of(name)
        within = f"{self.days.filter(name)}{f' {window}' if window else ''}" or f" by {say.day(self.achievement)}"
        within = self.days.limits(name) + within
        if self._since(name):
            return Clause(f"no {subject.noun} since then", True, name, alone=f"no {subject.noun}{within}")
        return Clause(f"no {subject.noun}{within}", True, name, what=(subject.kind, subject.what, within))

    def _since(self, name: str) -> bool:
        """Whether a field looks for what came after the day of another field that is known."""
        given = self.explained.definition.fields.get(self.subjects.base(name))
        match given:
            case r.Pick(where=r.Compare(left=r.OwnPart(part="date"), op=">" | ">=", right=r.Name(name=other))):
                return other in self.explained.definition.fields and isinstance(self.explained.values.get(other), date)
            case _:
                return False

    def _recorded(self, because: Because, term: r.Term) -> Clause:
        """Whether there is a record at all."""
        while isinstance(term, r.Shift):
            term = term.term
        if not isinstance(term, r.Name):
            return Clause("what the rule asks for is not known", True)
        there = because.true != (isinstance(because.condition, r.IsNull) and because.condition.absent)
        own = self._at(term.name)[0]
        return Clause(self._happened(term.name), about=own, kind="day") if there else self._none(term.name)

    def records(self) -> Iterator[Record]:
        """The records of the fields that the deciding parts name."""
        for because in self.explained.because:
            for name in sorted(r.names_in(because.condition)):
                for base in self.subjects.bases(name):
                    yield from self.explained.behind.get(base, ())

    def seen(self, names: Sequence[str]) -> list[str]:
        """What the fields and facts that a rule names came to, each once."""
        own = [name for name in names if name not in r.DATES and name in self.explained.values]
        absent = [name for name in own if self.explained.values[name] is None]
        rest = [name for name in own if not self._rests_on(name, absent)]
        if absent and len(rest) == 1 and rest[0] in absent:
            return ["no such record"]
        return list(dict.fromkeys(text for name in rest for text in self._seen(name)))

    def _rests_on(self, name: str, absent: list[str]) -> bool:
        """Whether a field looks for what follows a record that is not there, or is the value of one."""
        given = self.explained.definition.fields.get(name)
        return given is not None and any(other in absent for other in r.names_of(given) if other != name)

    def _seen(self, name: str) -> Iterator[str]:
        given, value = self.explained.definition.fields.get(name), self.explained.values.get(name)
        if name == "PAT_AGE":
            yield f"aged {number_text(value)}"
        elif name in ("PAT_SEX", "PAT_DOB"):
            yield f"{'sex' if name == 'PAT_SEX' else 'born on'} {number_text(value)}"
        elif isinstance(given, r.Tally | r.Supply):
            yield f"{number_text(value)} of {self.subjects.of(name).what}"
        elif isinstance(given, r.Value) and value is not None:
            own, cluster, day = self._at(name)
            yield f"{self.subjects.label(own, cluster)} {number_text(value)} {given.unit}".strip() + (
                f" on {say.day(day)}" if day else ""
            )
        elif isinstance(given, r.PartOf | r.Value):
            return
        elif isinstance(value, Reading) or self._at(name)[2] is not None:
            yield self._happened(name)
        else:
            absent = self._none(name)
            yield absent.alone or absent.text
