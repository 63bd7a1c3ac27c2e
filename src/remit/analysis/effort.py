"""Effort beside income: the contacts behind what a practice earns, and those that it would take to earn more.

A contact is one patient of one indicator who is counted as achieved: a patient of two indicators is two. To earn all
of an item is to reach its highest threshold. To earn back what a change takes, a practice reaches the patients of the
items that pay most for each first, on the straight line from what it earns of an item to all of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from remit.pricing.award import Award
from remit.pricing.moves import patients_for, thresholds
from remit.scheme.kinds import CalculatedKind


@dataclass(frozen=True)
class ItemEffort:
    """One item of one practice: patients `reached`, those still `to_all`, what it earns and would earn (pence)."""

    item: str
    reached: int
    to_all: int
    pence: int
    possible: int | None = None


@dataclass
class Effort:
    """Over items or practices: contacts `reached` and still `to_all`, and the `pence` of the items that count them."""

    reached: int = 0
    to_all: int = 0
    pence: int = 0

    def add(self, items: Mapping[str, ItemEffort]) -> None:
        """Add up a practice's items."""
        for one in items.values():
            self.reached, self.to_all, self.pence = (
                self.reached + one.reached,
                self.to_all + one.to_all,
                self.pence + one.pence,
            )

    @property
    def pence_per_contact(self) -> Fraction | None:
        """The pence behind each contact; None where there are none."""
        return Fraction(self.pence, self.reached) if self.reached else None


def effort(awards: tuple[Award, ...], full: Mapping[str, int | None] = {}) -> dict[str, ItemEffort]:
    """The items that count patients who achieve them, by item; without those whose figures or pounds are not known.

    `full` has what each would pay in full.
    """
    found = {}
    for award in awards:
        item, done, kind = award.item, award.achievement, award.item.kind
        countable = item.measure == "achievement" and (kind.takes_rate or kind.uses_rate()) and not kind.missing()
        if not countable or done.numerator is None or not done.denominator or award.pence is None or award.within:
            continue
        if kind.gated_by and award.gate is None:
            continue
        those = thresholds(kind, award.gate)
        if not those:
            continue
        if kind.falls:
            most = patients_for(those[0], done.denominator) - 1
            reached, to_all = done.denominator - done.numerator, max(done.numerator - max(most, 0), 0)
        else:
            need = min(patients_for(those[-1], done.denominator), done.denominator)
            reached, to_all = done.numerator, max(need - done.numerator, 0)
        found[item.item] = ItemEffort(item.item, reached, to_all, award.pence, full.get(item.item))
    return found


def to_earn(pence: int, items: Mapping[str, ItemEffort]) -> int | None:
    """The contacts that would earn so many pence more; None where all that is left to earn does not come to it."""
    offers = [
        (one.possible - one.pence, one.to_all)
        for one in items.values()
        if one.possible is not None and one.to_all and one.possible > one.pence
    ]
    left, contacts = pence, 0
    for worth, patients in sorted(offers, key=lambda one: Fraction(one[1], one[0])):
        if left <= 0:
            break
        if worth >= left:
            return contacts + ceil(Fraction(left * patients, worth))
        left, contacts = left - worth, contacts + patients
    return contacts if left <= 0 else None


def in_full(awards: tuple[Award, ...], full: Mapping[str, Award]) -> dict[str, int | None]:
    """What each item would pay in full, where full achievement is a matter of patients."""
    return {
        award.item.item: full[award.item.item].pence
        for award in awards
        if not isinstance(award.item.kind, CalculatedKind) and award.item.item in full
    }
