"""Prevalence weights that are not 1 on average over the nation, and why: those of registers over a part of the list.

A point is paid by a practice's whole list, and the register of a group such as "aged 50 and over" is weighed over those
people. Where the run is the nation, the mean of a weight by whole lists is then 1 less the covariance of the part of
the list with the prevalence in it: below 1 where practices with more such people have the higher prevalence among them.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from remit.core.figures import LIST_SIZE, REGISTER
from remit.runs.standings import Standings
from remit.scheme.model import WHOLE_LIST

LEAST = Fraction(1, 200)
"""The least distance from 1 that is worth a word."""


def mean_weights(standings: Standings) -> Iterator[tuple[str, str, Fraction]]:
    """(group, its people, the mean of its weight by whole lists) where that is not 1 and the run is the nation."""
    inputs = standings.inputs
    for plan in standings.plans.values():
        if plan.resolved.prevalence_basis != "group":
            continue
        for group in plan.scheme.groups:
            nation = inputs.national.get(group.group)
            if nation is None or group.list == WHOLE_LIST:
                continue
            registers = sizes = lists = 0
            weighed = Fraction(0)
            for code, practice in inputs.practices.items():
                figures = inputs.counts.of(code).get(group.group, {})
                register, size = figures.get(REGISTER), figures.get(LIST_SIZE)
                if register is None or not size or practice.list_size is None:
                    continue
                registers, sizes, lists = registers + int(register), sizes + int(size), lists + practice.list_size
                weighed += round(practice.list_size * Fraction(register, size), 9)  # exact sums of thousands grow long
            if not lists or registers != nation.register or sizes != nation.list_size:
                continue
            mean = weighed / lists / nation.prevalence
            if abs(mean - 1) >= LEAST:
                yield group.group, group.list, mean
