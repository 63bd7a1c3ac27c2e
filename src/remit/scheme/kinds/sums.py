"""What the kinds that pay one sum share, in pounds or in points, or a part of it."""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar, Self

from pydantic import Field, model_validator

from remit.scheme.kinds.base import CalculatedKind, Unit
from remit.scheme.quantity import Money, Points, Quantity

_NOTHING = Quantity(Fraction(0), "pounds", "£0")


class PaysSum(CalculatedKind):
    """A kind with one sum: `pays` in pounds, or `points`."""

    paid_in: ClassVar[Unit] = "pounds"
    may_pay_nothing: ClassVar[bool] = False

    pays: Money | None = Field(default=None, description="All the pounds; or give `points`")
    points: Points | None = Field(default=None, description="All the points, in place of `pays`")

    @model_validator(mode="after")
    def _one_sum(self) -> Self:
        if self.pays is not None and self.points is not None:
            raise ValueError("give either 'pays' or 'points'")
        if self.pays is None and self.points is None and not self.may_pay_nothing:
            raise ValueError("give either 'pays' or 'points'")
        return self

    @property
    def unit(self) -> Unit:
        return "pounds" if self.points is None else "points"

    @property
    def sum(self) -> Quantity:
        """All that it pays; nothing where the file gives no sum."""
        return self.pays or self.points or _NOTHING
