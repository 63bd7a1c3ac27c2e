"""A floor under a practice's income: what its items leave below a share of an earlier year's pounds is made up.

It pays what is missing to the floor, and nothing where the items pay as much themselves. It is how a commissioner
makes a new scheme safe to join; the sources for this library name no rate, so a file must. A practice there for a
part of the year has a floor for that part.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import ClassVar

from pydantic import Field

from remit.core.words import listed
from remit.scheme.kinds.base import CalculatedKind, Calculation, KindInputs, Reads, Unit, WorkingLine
from remit.scheme.kinds.figures import percent
from remit.scheme.kinds.working import Chain, lacking, value, whole_pounds
from remit.scheme.quantity import Percent, Year


class IncomeProtection(CalculatedKind):
    """`income_protection: {floor: 95%, of: QOF, year: 2014-15}`"""

    name: ClassVar[str] = "income_protection"
    paid_in: ClassVar[Unit] = "pounds"

    floor: Percent = Field(description="The share of the earlier year's pounds below which nobody falls")
    of: str = Field(description="What was paid in that year, in words")
    year: Year = Field(description="The earlier year")
    covers: tuple[str, ...] = Field(default=(), description="The items that count towards the floor; none named is all")

    def most_earned(self) -> Fraction | None:
        return None

    def missing(self) -> str:
        return "floor" if self.floor.required else ""

    def faults(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        for n, code in enumerate(self.covers):
            if code in self.covers[:n]:
                yield ("covers", n), f"{code} is named twice"

    def words(self) -> str:
        whose = listed(self.covers) if self.covers else "all items"
        return f"what {whose} leave below {self.floor} of what was paid for {self.of} in {self.year}"

    def rests_on(self) -> tuple[str, ...]:
        """The items that it covers. Where none is named, all that stand before it: `KindInputs.others` holds those."""
        return self.covers

    def depends_on(self, before: Sequence[str]) -> frozenset[str]:
        return frozenset(self.covers or before)

    @property
    def for_part_of_year(self) -> bool:
        return True

    def reads(self) -> tuple[Reads, ...]:
        return (Reads("HISTORIC_POUNDS", "", self.year, f"what was paid for {self.of}, in pounds"),)

    def calculate(self, inputs: KindInputs) -> Calculation:
        paid = (
            {code: inputs.others.get(code) for code in self.covers}
            if self.covers
            else {code: worth for code, worth in inputs.others.items() if not worth.within}
        )
        known = {code: worth.pounds for code, worth in paid.items() if worth is not None and worth.pounds is not None}
        unknown = [code for code in paid if code not in known]
        why = f"What {listed(unknown)} {'pays' if len(unknown) == 1 else 'pay'} is not known yet." if unknown else ""
        reason = " ".join(filter(None, (lacking(inputs, self.reads()), why)))
        if reason:
            return Calculation(None, reason=reason)
        chain = Chain(value(inputs, self.reads()[0]))
        floor = self.floor.known()
        chain.times(f"Floor: {percent(floor)} of {self.of}, {self.year}", floor, percent(floor))
        chain.for_part_of_year(inputs.share)
        total = sum(known.values(), Fraction(0))
        together = " + ".join(map(whole_pounds, known.values())) or whole_pounds(total)
        lines = [
            *chain.lines,
            WorkingLine("Paid without protection", together, whole_pounds(total) if len(known) > 1 else ""),
        ]
        short = max(chain.amount - total, Fraction(0))
        if short:
            working = f"{chain.shown} − {whole_pounds(total)}"
            lines.append(WorkingLine("Missing to the floor", working, whole_pounds(short)))
        else:
            lines.append(
                WorkingLine("Missing to the floor", f"{whole_pounds(total)} is not below {chain.shown}", "£0.00")
            )
        return Calculation(short, tuple(lines), reached="made up to the floor" if short else "not below the floor")
