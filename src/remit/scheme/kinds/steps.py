"""Stepped money per weighted head: the highest step reached pays, once. A gate may choose the table of steps.

The operators are as the source prints them: `above 0.75%` is >, `from 0.75%` is >=. QIF 2024/25 uses both. Where lower
is better, `below 90 per 1,000` is < and `up to 15%` is <=; the steps stand in the order of their thresholds all the
same, so that the best is the first. With `paid: per practice` each step pays a set sum.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import ClassVar, Literal

from pydantic import Field, model_validator

from remit.core import say
from remit.core.rounding import exact_text
from remit.scheme.kinds.base import Kind, Strict, Threshold, Unit, WorkingLine
from remit.scheme.quantity import Money, RangePhrase, Standing, Step, StepPhrase

Fault = tuple[tuple[str | int, ...], str]
"""Where below a kind something is wrong, and what."""


class StepTable(Strict):
    """The steps that hold while the gate's achievement is in a range; no steps pay nothing."""

    when: RangePhrase
    steps: tuple[StepPhrase, ...] = ()
    words: str = ""
    source: str | None = None
    standing: Standing | None = None
    note: str = ""


class Steps(Kind):
    """`steps: {steps: [above 0.5% pays 8p, …], most: 15p}`, or `gate: 1a` and `tables: [{when: …, steps: […]}]`."""

    name: ClassVar[str] = "steps"
    paid_in: ClassVar[Unit] = "pounds per weighted head"

    most: Money
    paid: Literal["per head", "per practice"] = Field(
        default="per head",
        description="Whether a step pays pounds for each head of the list of `heads`, or a set sum to the practice",
    )
    better: Literal["higher", "lower"] = Field(
        default="higher",
        description="Whether a higher achievement earns more (`above`, `from`), or a lower one (`below`, `up to`)",
    )
    steps: tuple[StepPhrase, ...] = ()
    gate: str | None = Field(default=None, description="The item whose achievement chooses the table")
    tables: tuple[StepTable, ...] = ()

    @model_validator(mode="after")
    def _either(self) -> Steps:
        if bool(self.steps) == bool(self.tables):
            raise ValueError("give either 'steps', or 'gate' with 'tables'")
        if bool(self.gate) != bool(self.tables):
            raise ValueError("'gate' and 'tables' go together")
        return self

    @property
    def unit(self) -> Unit:
        return "pounds" if self.paid == "per practice" else self.paid_in

    @property
    def falls(self) -> bool:
        return self.better == "lower"

    @property
    def every_step(self) -> tuple[Step, ...]:
        """All steps, of every table."""
        return (*self.steps, *(step for table in self.tables for step in table.steps))

    @property
    def rates_per(self) -> int:
        return next((step.per for step in self.every_step), 100)

    @property
    def gated_by(self) -> str:
        return self.gate or ""

    def most_earned(self) -> Fraction | None:
        return self.most.value

    def table(self, gate: Fraction | None) -> Sequence[Step]:
        """The steps that hold: the only ones, or those of the table for the gate's rate (none: nothing is paid)."""
        if not self.tables:
            return self.steps
        if gate is None:
            raise ValueError("a gated item needs its gate's achievement")
        return next((table.steps for table in self.tables if table.when.holds(gate)), ())

    def step_reached(self, rate: Fraction, gate: Fraction | None = None) -> Step | None:
        """The step that pays; None where none is reached, or the gate's achievement is not known."""
        if self.gate and gate is None:
            return None
        return max((step for step in self.table(gate) if step.reached(rate)), key=lambda step: step.pays, default=None)

    def tables_at(self, gate: Fraction | None) -> tuple[StepTable, ...]:
        """The table that holds at the gate's achievement, or all of them where none is known to."""
        table = self.table_at(gate)
        return (table,) if table else self.tables

    def table_at(self, gate: Fraction | None) -> StepTable | None:
        """The table that holds at the gate's achievement."""
        return None if gate is None else next((table for table in self.tables if table.when.holds(gate)), None)

    def earned(self, rate: Fraction, gate: Fraction | None = None) -> Fraction:
        best = Fraction(0)
        if self.falls:
            return next((step.pays for step in self.table(gate) if step.reached(rate)), best)
        for step in self.table(gate):
            if not step.reached(rate):
                break
            best = step.pays
        return best

    def met(self, rate: Fraction, gate: Fraction | None = None) -> bool:
        return self.step_reached(rate, gate) is not None

    def thresholds(self, gate: Fraction | None = None) -> tuple[Threshold, ...]:
        return tuple(Threshold(step.at, step.above, step.text) for step in self.table(gate))

    def reached(self, rate: Fraction, gate: Fraction | None = None) -> str:
        step = self.step_reached(rate, gate)
        return step.threshold if step else "none"

    def lines(
        self, rate: Fraction, earned: Fraction, counted: str, gate: Fraction | None = None
    ) -> Iterator[WorkingLine]:
        if self.gate and gate is not None:
            table = self.table_at(gate)
            holds = f"{table.when.text}" if table else "in no table"
            if table and not table.steps:
                holds += ", where nothing is paid"
            yield WorkingLine(f"Gate {self.gate}", f"{self.gate} stands at {say.percent(gate)}: {holds}")
        steps = self.table(gate)
        if steps:
            yield WorkingLine("Thresholds", ", ".join(f"{self.shown(step.pays)} {step.threshold}" for step in steps))
            best = self.step_reached(rate, gate)
            head = "" if self.unit == "pounds" else " a head"
            paid = f"{best.threshold}: {self.shown(best.pays)}{head}" if best else "none: nothing is paid"
            yield WorkingLine("Reached", paid)

    def shown(self, amount: Fraction) -> str:
        """What a step pays: `15p` or `£1.05` a head, `£500.00`."""
        return say.pounds(amount) if self.unit == "pounds" else say.per_head(amount)

    def faults(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        if self.steps:
            yield from self._faults_of(self.steps, ("steps",))
        for n, table in enumerate(self.tables):
            yield from self._faults_of(table.steps, ("tables", n, "steps"))
            for m, other in enumerate(self.tables[:n]):
                if _overlap(table, other):
                    yield (
                        ("tables", n, "when"),
                        f"'{table.when.text}' overlaps '{other.when.text}' (table {m + 1})",
                    )
        yield from self._gaps()
        every = [step.pays for step in self.every_step]
        if every and not self.most.required and max(every) != self.most.known():
            top = f"{exact_text(max(every) * 100)}p" if self.unit != "pounds" else self.shown(max(every))
            yield ("most",), f"the most is {self.most}, but the highest step pays {top}"

    def _faults_of(self, steps: Sequence[Step], path: tuple[str | int, ...]) -> Iterator[Fault]:
        """Steps that read the wrong way, mix per 1,000 and per cent, are out of order, or pay no more than worse."""
        for n, step in enumerate(steps):
            if step.falls != self.falls:
                ways = "lower is better: write 'below' or 'up to'"
                if step.falls:
                    ways = "'below' and 'up to' go with 'better: lower'"
                yield (*path, n), f"'{step.text}' reads the wrong way: {ways}"
                return
            if step.per != self.rates_per:
                yield (*path, n), f"'{step.text}' is not written as the other steps are, per {self.rates_per:,}"
                return
        for n, (before, after) in enumerate(pairwise(steps), 1):
            if after.at < before.at or (after.at == before.at and not (after.above and not before.above)):
                yield (*path, n), f"the steps are out of order or overlap: '{after.text}' follows '{before.text}'"
            elif self.falls and after.pays >= before.pays:
                worse = "lower is better, but a step further up pays no less"
                yield (*path, n), f"{worse}: '{after.text}' follows '{before.text}'"
            elif not self.falls and after.pays <= before.pays:
                yield (
                    (*path, n),
                    f"a higher step pays no more than the one below: '{after.text}' follows '{before.text}'",
                )

    def _gaps(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        marks = sorted({b for t in self.tables for b in (t.when.low, t.when.high) if b is not None})
        inside = [(low + high) / 2 for low, high in zip([Fraction(0), *marks], [*marks, Fraction(1)], strict=True)]
        for rate in sorted([*marks, *inside]):
            if self.tables and not any(table.when.holds(rate) for table in self.tables):
                yield ("tables",), f"no table says what holds at a gate of {exact_text(rate * 100)}%"
                return

    def words(self) -> str:
        if self.tables:
            unit = "" if self.unit == "pounds" else " per weighted head"
            return f"stepped, by the achievement of {self.gate}; at most {self.most}{unit}"
        text = "; ".join(step.text for step in self.steps)
        return f"{text}, to each practice" if self.unit == "pounds" else text


def _overlap(one: StepTable, other: StepTable) -> bool:
    marks = [b for t in (one, other) for b in (t.when.low, t.when.high) if b is not None]
    edges = sorted({Fraction(0), Fraction(1), *marks})
    middles = [(low + high) / 2 for low, high in pairwise(edges)]
    return any(one.when.holds(rate) and other.when.holds(rate) for rate in [*edges, *middles])
