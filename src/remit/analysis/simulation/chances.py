"""Draws reduced, block by block, to an interval and a chance of loss, for each unit and each group, per reform."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from remit.analysis.simulation.draws import Unit
from remit.analysis.simulation.groups import Group
from remit.analysis.simulation.results import Chance, beyond
from remit.analysis.simulation.shares import UNKNOWN, Pence


def chance_of(differences: Pence) -> Chance:
    """Of the draws of one difference: the ends of the middle 95 of 100 as draws that were met, and the share of
    losses."""
    ordered = np.sort(differences)
    left = beyond(len(ordered))
    loses = float((differences < 0).mean())
    return Chance(int(ordered[left]), int(ordered[-1 - left]), loses)


class Chances:
    """Chance under way: blocks are added in any order."""

    def __init__(self, reforms: int, draws: int, units: Sequence[Unit], members: Mapping[Group, Sequence[str]]) -> None:
        self.by_unit: list[dict[str, Chance]] = [{} for _ in range(reforms)]
        self._sums = {group: np.zeros((reforms, draws), dtype=np.int64) for group in members}
        self._groups, partly = _groups_of(units, members)
        self._known = [dict.fromkeys(members, 0) for _ in range(reforms)]
        self._whole = members.keys() - partly

    def add(self, units: Sequence[Unit], differences: Pence) -> None:
        """A block: reforms x draws x units."""
        for n, of_reform in enumerate(differences):
            for m, unit in enumerate(units):
                column = of_reform[:, m]
                if (column == UNKNOWN).any():
                    continue  # as in the exact figures, it is in no sum
                self.by_unit[n][unit.code] = chance_of(column)
                for group in self._groups.get(unit.code, ()):
                    self._sums[group][n] += column
                    self._known[n][group] += 1

    def groups(self, reform: int) -> dict[Group, Chance]:
        """The groups that consist of whole units, of which one at least is known."""
        known = self._known[reform]
        return {g: chance_of(sums[reform]) for g, sums in self._sums.items() if g in self._whole and known[g]}


def _groups_of(
    units: Sequence[Unit], members: Mapping[Group, Sequence[str]]
) -> tuple[dict[str, list[Group]], set[Group]]:
    """The groups to which each unit belongs with all of its practices; and those that a unit is partly in."""
    of_practice: dict[str, list[Group]] = {}
    for group, codes in members.items():
        for code in codes:
            of_practice.setdefault(code, []).append(group)
    of_unit, partly = {}, set[Group]()
    for unit in units:
        times = Counter(group for code in unit.practices for group in of_practice.get(code, ()))
        of_unit[unit.code] = [group for group, n in times.items() if n == len(unit.practices)]
        partly |= {group for group, n in times.items() if n < len(unit.practices)}
    return of_unit, partly
