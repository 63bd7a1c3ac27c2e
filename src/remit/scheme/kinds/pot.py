"""A pot of money, paid by the share of its items' points that was earned.

The items are scored by points and paid within the pot, not by themselves: a practice that earns 80 of 100 points is
paid 80% of the money. The money is the file's, or that of an earlier item (`of`): Dudley rolls what was paid for
QOF, DES and LIS "into the pot for the QOF alternative scheme" ([S004] p64) and pays its framework's half on
achievement.

An item named under `of` only says how large the pot is. It is not paid within the pot: it still pays by itself,
unless another item pays it, as a blend of both does. Money of the file's own is for the whole year; a practice
there for a part of it has that part of the pot. That of an earlier item is for its part of the year already.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from remit.core.rounding import exact_text
from remit.core.words import listed
from remit.scheme.kinds.base import CalculatedKind, Calculation, ItemWorth, KindInputs, Reads, Unit, WorkingLine
from remit.scheme.kinds.working import Chain, whole_pounds
from remit.scheme.quantity import Money


class Pot(CalculatedKind):
    """`pot: {money: £100,000, items: [BP002, CS002]}`, or `of: POOL` in place of `money`"""

    name: ClassVar[str] = "pot"
    paid_in: ClassVar[Unit] = "pounds"

    money: Money | None = Field(default=None, description="What the pot holds for each practice or network")
    of: str | None = Field(default=None, description="In place of money: the earlier item whose pounds it holds")
    of_pays: Literal["nothing", "by itself"] | None = Field(
        default=None,
        description="With `of`, unless one blend pays both: whether that item only says how large the pot is and pays "
        "`nothing`, or is paid `by itself` beside the pot",
    )
    items: tuple[str, ...] = Field(min_length=1, description="The items whose points share it out, paid within it")

    @model_validator(mode="after")
    def _either(self) -> Pot:
        if (self.money is None) == (self.of is None):
            raise ValueError("give either 'money' or 'of', the item whose pounds the pot holds")
        if self.of_pays is not None and self.of is None:
            raise ValueError("'of_pays' goes with 'of'")
        return self

    def most_earned(self) -> Fraction | None:
        return self.money.value if self.money is not None else None

    def missing(self) -> str:
        return "money" if self.money is not None and self.money.required else ""

    def faults(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        for n, code in enumerate(self.items):
            if code in self.items[:n]:
                yield ("items", n), f"{code} is named twice"
        if self.of in self.items:
            yield ("of",), f"{self.of} cannot both fill the pot and be paid from it"

    def words(self) -> str:
        if self.money is not None:
            pot = "a pot of a size that no source gives" if self.money.required else f"a pot of {self.money}"
        else:
            pot = f"a pot of what {self.of} comes to"
            if self.of_pays:
                pot += f" ({self.of} pays {self.of_pays})" if self.of_pays == "nothing" else " (paid by itself as well)"
        return f"{pot}, paid by the share of the points of {listed(self.items)} that is earned"

    def rests_on(self) -> tuple[str, ...]:
        return (*self.items, self.of) if self.of is not None else self.items

    def pays_for(self) -> tuple[str, ...]:
        return (*self.items, self.of) if self.of is not None and self.of_pays == "nothing" else self.items

    def reads(self) -> tuple[Reads, ...]:
        return ()

    def calculate(self, inputs: KindInputs) -> Calculation:
        money = self.money.known() if self.money is not None else _pounds(inputs.others.get(self.of or ""))
        points = [_points(inputs.others.get(code)) for code in self.items]
        unknown = [code for code, one in zip(self.items, points, strict=True) if one is None]
        others = [code for code in self.items if code in inputs.others and inputs.others[code].unit != "points"]
        if others:
            pays = "does not pay" if len(others) == 1 else "do not pay"
            return Calculation(
                None, reason=f"{listed(others)} {pays} by points: the pot of {inputs.item} cannot count it."
            )
        why = [f"The pounds of {self.of}, which the pot holds, are not known yet."] if money is None else []
        if unknown:
            why.append(f"The points of {listed(unknown)} are not known yet, by which the pot is paid.")
        if money is None or unknown:
            return Calculation(None, reason=" ".join(why))
        scored = [one for one in points if one is not None]
        earned, most = (sum(parts, Fraction(0)) for parts in zip(*scored, strict=True))
        if not most:
            return Calculation(None, reason=f"The items of {inputs.item} have no points, by which the pot is paid.")
        chain = Chain(money)
        if self.money is not None:
            chain.for_part_of_year(inputs.share)
        earned_text, most_text = exact_text(earned), exact_text(most)
        added = WorkingLine("Points earned", " + ".join(exact_text(one) for one, _ in scored), earned_text)
        of_most = WorkingLine("Points available", " + ".join(exact_text(one) for _, one in scored), most_text)
        start = WorkingLine(
            "The pot", f"what {self.of} comes to" if self.of else "set by the scheme", whole_pounds(money)
        )
        chain.times("Paid from the pot", earned / most, f"{_typed(earned)} / {most_text}")
        counted = f"{earned_text} of {most_text} points"
        return Calculation(
            chain.amount, (start, added, of_most, *chain.lines), rate=earned / most, counted=counted, met=earned > 0
        )


def _pounds(worth: ItemWorth | None) -> Fraction | None:
    return worth.pounds if worth is not None else None


def _points(worth: ItemWorth | None) -> tuple[Fraction, Fraction] | None:
    """What was earned and what could be; None where either is not known."""
    if worth is None or worth.earned is None or worth.most is None:
        return None
    return worth.earned, worth.most


def _typed(points: Fraction) -> str:
    """Points as a reader is to type them: as a fraction in brackets, where their decimals do not end."""
    text = exact_text(points)
    return text if Fraction(text) == points else f"({points.numerator} / {points.denominator})"
