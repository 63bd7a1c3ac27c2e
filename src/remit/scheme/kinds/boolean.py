"""All or nothing: a register that is kept, or something that is declared, earns all that it pays."""

from __future__ import annotations

from fractions import Fraction
from typing import ClassVar

from remit.scheme.kinds.amount import PaysAmount
from remit.scheme.kinds.base import Unit


class Boolean(PaysAmount):
    """`boolean: {points: 5}`, `{per_head: 20p}` or `{pounds: £1,500}`"""

    name: ClassVar[str] = "boolean"
    paid_in: ClassVar[Unit] = "points"
    takes_rate: ClassVar[bool] = False

    def earned(self, rate: Fraction, gate: Fraction | None = None) -> Fraction:
        return self.amount.known() if rate else Fraction(0)

    def met(self, rate: Fraction, gate: Fraction | None = None) -> bool:
        return bool(rate)

    def missing(self) -> str:
        return self.paid_as.replace("_", " ") if self.amount.required else ""

    def words(self) -> str:
        return f"{self.in_words()}, all or nothing"
