"""The reference interpreter made ready to ask many patients about many days: the same answers, several times sooner.

What a patient's records are is worked out once for all days; so is what a field or a register comes to, where it names
no day. Conditions and terms are functions, made once for all patients (`prepared_rules.py`). `evaluation/reference`
says what all of it means: what is not written again here is asked of it, and generated rules and records hold the two
equal.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from remit.evaluation.kept import FieldKey, KeptChart
from remit.evaluation.model import Outcome
from remit.evaluation.prepared_rules import Prepared
from remit.evaluation.reference.conditions import Record, unseen
from remit.evaluation.reference.measured import Number
from remit.evaluation.reference.values import FieldValue, Step
from remit.records.model import Event, Registration
from remit.rules import model as r


@dataclass
class PreparedChart(KeptChart):
    """A patient under one meaning, asked by functions that are in common with all patients."""

    prepared: Prepared = field(default_factory=Prepared)
    _picks: dict[FieldKey, Event | None] = field(default_factory=dict)
    _outcomes: dict[str, Outcome | None] = field(default_factory=dict)
    _stays: dict[bool, Registration | None] = field(default_factory=dict)

    # Records.

    def events(self, clusters: Iterable[str], named: Collection[str] = ()) -> Iterator[Event]:
        key = tuple(clusters), frozenset(named)
        found = self.kept.of_clusters.get(key)
        if found is None:
            found = self.kept.of_clusters[key] = self._events(*key)
        return iter(found)

    def _events(self, clusters: tuple[str, ...], named: frozenset[str]) -> tuple[Event, ...]:
        by_cluster = self.kept.by_cluster
        if by_cluster is None:
            by_cluster = self.kept.by_cluster = self._by_cluster()
        events, last = self.patient.events, self.meaning.dates.achievement
        if len(clusters) == 1:
            places: Iterable[int] = by_cluster.get(clusters[0], ())
        else:
            places = sorted({place for name in clusters for place in by_cluster.get(name, ())})
        those = (events[place] for place in places)
        return tuple(event for event in those if event.date <= last and not unseen(event, named))

    def _by_cluster(self) -> dict[str, list[int]]:
        clusters_of = self.prepared.clusters_of(self.meaning.codes)
        by_cluster: dict[str, list[int]] = {}
        for place, event in enumerate(self.patient.events):
            for cluster in clusters_of.get(event.code, ()):
                if self.is_in(event, cluster):
                    by_cluster.setdefault(cluster, []).append(place)
        return by_cluster

    def as_read(self, event: Event, clusters: Collection[str]) -> Event:
        if event.value is None:
            return event
        key = id(event), tuple(clusters)
        if key not in self.kept.as_read:
            self.kept.as_read[key] = super().as_read(event, clusters)
        return self.kept.as_read[key]

    def read_half(self, event: Event, cluster: str, unit: str) -> Number | None:
        key = id(event), cluster, unit
        if key not in self.kept.halves:
            self.kept.halves[key] = super().read_half(event, cluster, unit)
        return self.kept.halves[key]

    def passing(
        self, name: str, clusters: tuple[str, ...], where: r.Condition | None, definition: r.Definition
    ) -> list[Event]:
        if where is None:
            return list(self.events(clusters))
        key = definition.code, name
        tested = self.kept.tested.get(key)
        if tested is None:
            seen = self.events(clusters, self.prepared.own_parts(where, name))
            tested = tuple((event, Record(self.as_read(event, clusters), None, name)) for event in seen)
            self.kept.tested[key] = tested
        holds = self.prepared.condition(where, definition)
        return [event for event, record in tested if holds(self, record)]

    # Fields.

    def value(self, name: str, definition: r.Definition) -> FieldValue:
        return self.prepared.value(name, definition)(self, None)

    def picked(self, name: str, definition: r.Definition) -> Event | None:
        if name not in definition.fields:
            return None
        picks = self.kept.picks if self.prepared.same_every_day(name, definition) else self._picks
        key = self.prepared.key(name, definition)
        if key not in picks:
            picks[key] = super().picked(name, definition)
        return picks[key]

    # Conditions.

    def holds(self, condition: r.Condition, definition: r.Definition, record: Record | None = None) -> bool:
        return self.prepared.condition(condition, definition)(self, record)

    def term(self, term: r.Term, definition: r.Definition, record: Record | None) -> FieldValue:
        return self.prepared.term(term, definition)(self, record)

    # Populations and rules.

    def registration(self, definition: r.Definition) -> Registration | None:
        at_death = self.prepared.root(definition, self.meaning.registers) == "died in the year"
        if at_death not in self._stays:
            self._stays[at_death] = super().registration(definition)
        return self._stays[at_death]

    def decide(self, definition: r.Definition, steps: list[Step] | None = None) -> tuple[r.Action, r.Rule | None, bool]:
        if steps is not None:
            return super().decide(definition, steps)
        if not self.prepared.decides_the_same_every_day(definition):
            return super().decide(definition)
        if definition.code not in self.kept.decided:
            self.kept.decided[definition.code] = super().decide(definition)
        return self.kept.decided[definition.code]

    def outcome(self, definition: r.Definition, steps: list[Step] | None = None) -> Outcome | None:
        if steps is not None:
            return super().outcome(definition, steps)
        if definition.code not in self._outcomes:
            self._outcomes[definition.code] = super().outcome(definition)
        return self._outcomes[definition.code]
