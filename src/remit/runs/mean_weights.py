"""Prevalence weights that are not 1 on average over the nation, and why: those of registers over a part of the list.

A point is paid by a practice's whole list, and the register of a group such as "aged 50 and over" is weighed over those
people. Where the run is the nation, the mean of a weight by whole lists is then 1 less the covariance of the part of
the list with the prevalence in it: below 1 where practices with more such people have the higher prevalence among them.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from remit.core.figures import LIST_SIZE, REGISTER
from remit.core.rounding import scaled
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
            registers = inputs.counts.of_each(group.group, REGISTER, inputs.practices)
            sizes = inputs.counts.of_each(group.group, LIST_SIZE, inputs.practices)
            each = [
                (int(register), int(size), practice.list_size)
                for practice, register, size in zip(inputs.practices.values(), registers, sizes, strict=True)
                if register is not None and size and practice.list_size is not None
            ]
            people = sum(size for _, size, _ in each), sum(whole for _, _, whole in each)
            if not people[1] or sum(one for one, _, _ in each) != nation.register or people[0] != nation.list_size:
                continue
            # exact sums of thousands grow long: each is rounded to nine decimals
            weighed = sum(scaled(register * whole, size, 9, "half even") for register, size, whole in each)
            mean = Fraction(weighed, 10**9) / people[1] / nation.prevalence
            if abs(mean - 1) >= LEAST:
                yield group.group, group.list, mean
