"""Income protection: the points of an earlier year, whatever is achieved in this one.

QOF England 2024-25 fixed 32 indicators (212 points) at their 2023-24 level (managementinpractice.com, QOF 2024-25).
The achievement of such an item is the share of its points that the practice had in that year.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import ClassVar

from remit.core import say
from remit.scheme.kinds.base import Kind, Unit, WorkingLine
from remit.scheme.quantity import Points, Year


class Protected(Kind):
    """`protected: {points: 5, of: 2023-24}`, with `measure: historic`"""

    name: ClassVar[str] = "protected"
    paid_in: ClassVar[Unit] = "points"

    points: Points
    of: Year

    def most_earned(self) -> Fraction | None:
        return self.points.value

    def earned(self, rate: Fraction, gate: Fraction | None = None) -> Fraction:
        return rate * self.points.known()

    def met(self, rate: Fraction, gate: Fraction | None = None) -> bool:
        return rate > 0

    def lines(
        self, rate: Fraction, earned: Fraction, counted: str, gate: Fraction | None = None
    ) -> Iterator[WorkingLine]:
        yield WorkingLine("Points", f"{say.percent(rate)} of {self.points}", f"{say.number(earned)} points")

    def missing(self) -> str:
        return "points" if self.points.required else ""

    def words(self) -> str:
        return f"{self.points} {'point' if self.points.value == 1 else 'points'}, protected at the level of {self.of}"
