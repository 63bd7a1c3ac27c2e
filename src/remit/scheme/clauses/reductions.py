"""A share of an item's pounds where a condition holds: set or halved ("half where PCAs are above 12%"), or paid back of
what was paid in advance ("repaid in full if the practice is below 20%")."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import prod
from typing import Literal

from pydantic import Field

from remit.core import say
from remit.scheme.clauses.base import Changed, Clause, ClauseInputs
from remit.scheme.conditions import Condition, When
from remit.scheme.kinds.base import Reads, Strict, WorkingLine
from remit.scheme.kinds.figures import amount
from remit.scheme.quantity import Percent, Quantity

_WHOLE = Fraction(1)
Together = Literal["multiply", "lowest"]


class Reduction(Strict):
    """`{to: 50%, when: {pca_rate_of: "2", above: 12%}}`"""

    to: Percent = Field(description="The share of its pounds that the item still pays")
    when: When = Field(description="When it is so")
    words: str = Field(default="", description="The source's own words")


class Repayment(Strict):
    """`{when: {achievement_of: "2", below: 20%}}`"""

    when: When = Field(description="When it is repaid")
    share: Percent = Field(
        default=Quantity(_WHOLE, "per cent", "100%"), description="Which share of it; all where it is left out"
    )
    words: str = Field(default="", description="The source's own words")


class _OnCondition(Clause):
    """A clause that looks at conditions."""

    def rests_on(self) -> tuple[str, ...]:
        return tuple(code for _, when in self.conditions() for code in when.rests_on())

    def reads(self) -> tuple[Reads, ...]:
        return tuple(read for _, when in self.conditions() for read in when.reads())


@dataclass(frozen=True)
class Reduced(_OnCondition):
    """`reduced: {to: 50%, when: {…}}`, or several, of which the lowest holds or which multiply."""

    reductions: tuple[Reduction, ...]
    together: Together | None
    key = "reduced"

    def conditions(self) -> Iterator[tuple[tuple[str | int, ...], Condition]]:
        yield from (((n, "when"), one.when) for n, one in enumerate(self.reductions))

    def applied(self, pounds: Fraction | None, inputs: ClauseInputs) -> Changed:
        verdicts = [one.when.verdict(inputs.facts) for one in self.reductions]
        held = [one for one, verdict in zip(self.reductions, verdicts, strict=True) if verdict.holds]
        open_ = [one for one, verdict in zip(self.reductions, verdicts, strict=True) if verdict.holds is None]
        share = self._share(held)
        if pounds == 0 or (pounds is None and share):
            return Changed(pounds)
        if share != self._share([*held, *open_]):
            why = " ".join(dict.fromkeys(verdict.because for verdict in verdicts if verdict.holds is None))
            return Changed(None, reason=f"Whether it is reduced is not known. {why}")
        if not held:
            return Changed(pounds)
        result = Fraction(0) if pounds is None else pounds * share
        if self.together == "lowest":
            held = [min(held, key=lambda one: one.to.known())]
        becauses = [verdict.because for one, verdict in zip(self.reductions, verdicts, strict=True) if one in held]
        factors = ([] if pounds is None else [amount(pounds)]) + [str(one.to) for one in held]
        working = f"{' × '.join(factors)}, as {' and '.join(becauses)}"
        line, shares = WorkingLine("Reduced", working, amount(result)), " × ".join(str(one.to) for one in held)
        return Changed(result, line, f"Reduced to {shares}: {' and '.join(becauses)}.")

    def _share(self, held: list[Reduction]) -> Fraction:
        """The share that is left by the reductions that hold."""
        shares = [one.to.known() for one in held]
        if self.together == "lowest":
            return min(shares, default=_WHOLE)
        return prod(shares, start=_WHOLE)

    def words(self) -> str:
        parts = " and ".join(f"reduced to {one.to} where {one.when.words()}" for one in self.reductions)
        several = {"lowest": ", of several the lowest", "multiply": ", several multiplied"}
        return parts + (several[self.together] if self.together else "")

    def missing(self) -> str:
        gaps = ["share of reduced" if one.to.required else one.when.missing() for one in self.reductions]
        return ", ".join(filter(None, gaps))

    def faults(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        for n, one in enumerate(self.reductions):
            if one.to.value is not None and one.to.value >= 1:
                yield (n, "to"), f"reduced to {one.to} is not less than the whole"
            for path, message in one.when.faults():
                yield (n, "when", *path), message


@dataclass(frozen=True)
class Repaid(_OnCondition):
    """`repaid: {when: {…}}`: the item pays so much less in the end, so that what was paid in advance is recovered."""

    repayment: Repayment
    key = "repaid"

    def conditions(self) -> Iterator[tuple[tuple[str | int, ...], Condition]]:
        yield ("when",), self.repayment.when

    def applied(self, pounds: Fraction | None, inputs: ClauseInputs) -> Changed:
        share, verdict = self.repayment.share.known(), self.repayment.when.verdict(inputs.facts)
        if pounds == 0 or verdict.holds is False or (pounds is None and (share != 1 or verdict.holds is None)):
            return Changed(pounds)
        if verdict.holds is None:
            return Changed(None, reason=f"Whether it is repaid is not known. {verdict.because}")
        left = Fraction(0) if pounds is None else pounds * (1 - share)
        label = "Repaid in full" if share == 1 else "Repaid in part"
        working = f"{'all' if share == 1 else self.repayment.share} of it, as {verdict.because}"
        if pounds is not None and share != 1:
            working = f"{amount(pounds)} × ({say.percent(_WHOLE)} - {self.repayment.share}), as {verdict.because}"
        part = "" if share == 1 else f" ({self.repayment.share})"
        return Changed(left, WorkingLine(label, working, amount(left)), f"{label}{part}: {verdict.because}.")

    def words(self) -> str:
        part = "repaid in full" if self.repayment.share.value == 1 else f"{self.repayment.share} of it is repaid"
        return f"{part} where {self.repayment.when.words()}"

    def missing(self) -> str:
        return "share of repaid" if self.repayment.share.required else self.repayment.when.missing()

    def faults(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        if self.repayment.share.value == 0:
            yield ("share",), f"a share of {self.repayment.share} cannot be repaid"
        for path, message in self.repayment.when.faults():
            yield ("when", *path), message
