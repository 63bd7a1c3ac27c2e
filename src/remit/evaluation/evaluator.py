"""An evaluation made ready: a scheme, a store, clusters, rules and a day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

import pyarrow as pa

from remit.core.dates import SchemeYear
from remit.core.problems import did_you_mean, refuse
from remit.evaluation.frailty import FRAILTY_CLUSTERS, can_tell_frailty, can_tell_index, index_clusters
from remit.evaluation.model import Dates, Meaning
from remit.evaluation.period import dates_of
from remit.evaluation.plan import Plan, plan
from remit.evaluation.years import check_given, check_named, check_years, why_provisional
from remit.records.store import Store
from remit.rules.definitions import Definitions, registers_of
from remit.scheme import Scheme
from remit.terminology.clusters import ClusterSet, need
from remit.terminology.locks import verify

PRACTICES = (
    "practice_code", "practice_name", "place_code", "network_code", "list_size", "weighted_list_size", "provisional",
)  # fmt: skip
DEMONSTRATION = "Counted on the demonstration code clusters, which no final payment can rest on."


def meaning_of(cluster_set: ClusterSet, names: Iterable[str], dates: Dates, known: Definitions) -> Meaning:
    """What definitions are read with: the codes of some clusters of a set, with their systems where it says them."""
    needed = sorted(set(names))
    codes = {name: cluster_set.codes_of(name) for name in needed}
    return Meaning(dates, codes, known.registers, cluster_set.systems_of(needed))


def needed_clusters(plan: Plan, known: Definitions) -> set[str]:
    """The clusters that a plan's definitions read, with those of every register that they rest on."""
    clusters: set[str] = set()
    for definition in plan.definitions().values():
        clusters |= definition.clusters() | known.needed_clusters(registers_of(definition))
    return clusters


@dataclass(frozen=True)
class Evaluator:
    """A scheme made ready to be evaluated over a store on a day.

    `rules_of` are the years whose rules count where there are none of the scheme's year; nothing is final then.
    """

    scheme: Scheme
    store: Store
    clusters: ClusterSet
    known: Definitions
    on: date
    lock: Path | None = None
    rules_of: tuple[SchemeYear, ...] = ()

    def __post_init__(self) -> None:
        """The rules are those of the scheme's year, or of the years that are named."""
        object.__setattr__(self, "known", self.known.of(self.scheme.year, *self.rules_of))

    @cached_property
    def codes_of_clusters(self) -> pa.Array:
        """Every code that a cluster of the set has, whether a rule reads it or not."""
        codes = {code for cluster in self.clusters.clusters.values() for code in cluster.codes}
        return pa.array(sorted(codes), pa.string())

    @cached_property
    def plan(self) -> Plan:
        """What is counted, and what is to be supplied."""
        return plan(self.scheme, self.known, self.rules_of)

    def needed(self, plan: Plan) -> set[str]:
        """The clusters that a plan's definitions read, with those of every register that they rest on."""
        return needed_clusters(plan, self.known)

    def ready(self) -> tuple[Plan, Meaning]:
        """The plan and the meaning.

        Raises Refused for rules of another year than the scheme's where none is named, for values that rules leave to
        be given, and for clusters that are needed and missing, all at once.
        """
        counted = self.plan
        check_named(self.known, self.rules_of)
        check_years(counted.elsewhen, self.scheme.year, self.rules_of)
        check_given(self.known, counted.definitions())
        needed = self.needed(counted)
        need(needed, self.clusters)
        if self.lock:
            verify(self.lock, needed, self.clusters)
        return counted, meaning_of(self.clusters, needed | self.frailty(), dates_of(self.scheme, self.on), self.known)

    def frailty(self) -> set[str]:
        """The clusters by which patients are broken down by frailty; none where the set lacks one of the coded three.

        Those of the electronic frailty index too, where the set has all of them.

        No count rests on them: they are neither needed nor locked.
        """
        filled = {name for name, cluster in self.clusters.clusters.items() if cluster.codes}
        if not can_tell_frailty(filled):
            return set()
        registers = self.known.registers
        return {*FRAILTY_CLUSTERS.values(), *(index_clusters(registers) if can_tell_index(filled, registers) else ())}

    def practices(self, only: Sequence[str]) -> list[str]:
        """The practices to evaluate. Raises Refused for one that the store does not have."""
        codes = self.store.codes
        for code in only:
            if code not in codes:
                raise refuse(
                    "evaluation.practice-unknown",
                    f"there is no practice '{code}' in the store.",
                    None,
                    did_you_mean(code, codes),
                    practice=code,
                )
        return [code for code in codes if not only or code in only]

    def why_provisional(self, practice: str) -> str:
        """Why a practice's counts cannot be final, or nothing."""
        why = [DEMONSTRATION] if self.clusters.demonstration else []
        if other := why_provisional(self.plan.elsewhen, self.scheme.year, self.rules_of):
            why.append(other)
        last = self.store.last_day(practice)
        if last is not None and last < self.on:
            why.append(f"Its records end on {last}, before {self.on}: what was done after that is not counted.")
        return " ".join(why)

    def practice_row(self, code: str) -> list[str]:
        """The practice as `remit run` reads it: its lists as they were on the days that the scheme names."""
        scheme = self.scheme
        on = scheme.weights.list.list.at if scheme.weights.list else scheme.heads.at if scheme.heads else self.on
        heads_on = scheme.heads.at if scheme.heads else on
        row, heads = self.store.practice(code, on), self.store.practice(code, heads_on)
        size = "" if row.list_size is None else str(row.list_size)
        weighted = "" if heads.weighted_list_size is None else format(heads.weighted_list_size.normalize(), "f")
        return [code, row.name, row.place, row.network, size, weighted, self.why_provisional(code)]
