"""Stepped money per weighted head: the highest step reached pays, once. A gate may choose the table of steps.

The operators are as the source prints them: `above 0.75%` is >, `from 0.75%` is >=. QIF 2024/25 uses both.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise
from typing import ClassVar

from pydantic import Field, model_validator

from remit.core import say
from remit.core.rounding import exact_text
from remit.scheme.kinds.base import Kind, Strict, Threshold, Unit, WorkingLine
from remit.scheme.quantity import Money, RangePhrase, Standing, Step, StepPhrase


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
        return _threshold(step) if step else "none"

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
            yield WorkingLine(
                "Thresholds", ", ".join(f"{say.per_head(step.pays)} {_threshold(step)}" for step in steps)
            )
            best = self.step_reached(rate, gate)
            paid = f"{_threshold(best)}: {say.per_head(best.pays)} a head" if best else "none: nothing is paid"
            yield WorkingLine("Reached", paid)

    def faults(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        if self.steps:
            yield from _faults_of(self.steps, ("steps",))
        for n, table in enumerate(self.tables):
            yield from _faults_of(table.steps, ("tables", n, "steps"))
            for m, other in enumerate(self.tables[:n]):
                if _overlap(table, other):
                    yield (
                        ("tables", n, "when"),
                        f"'{table.when.text}' overlaps '{other.when.text}' (table {m + 1})",
                    )
        yield from self._gaps()
        every = [step.pays for step in self.steps] + [s.pays for table in self.tables for s in table.steps]
        if every and not self.most.required and max(every) != self.most.known():
            top = exact_text(max(every) * 100)
            yield ("most",), f"the most is {self.most}, but the highest step pays {top}p"

    def _gaps(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        marks = sorted({b for t in self.tables for b in (t.when.low, t.when.high) if b is not None})
        inside = [(low + high) / 2 for low, high in zip([Fraction(0), *marks], [*marks, Fraction(1)], strict=True)]
        for rate in sorted([*marks, *inside]):
            if self.tables and not any(table.when.holds(rate) for table in self.tables):
                yield ("tables",), f"no table says what holds at a gate of {exact_text(rate * 100)}%"
                return

    def words(self) -> str:
        if self.tables:
            return f"stepped, by the achievement of {self.gate}; at most {self.most} per weighted head"
        return "; ".join(step.text for step in self.steps)


def _threshold(step: Step) -> str:
    return f"{'above' if step.above else 'from'} {say.percent(step.at)}"


def _faults_of(steps: Sequence[Step], path: tuple[str | int, ...]) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for n in range(1, len(steps)):
        before, after = steps[n - 1], steps[n]
        if after.at < before.at or (after.at == before.at and not (after.above and not before.above)):
            yield (*path, n), f"the steps are out of order or overlap: '{after.text}' follows '{before.text}'"
        elif after.pays <= before.pays:
            yield (
                (*path, n),
                f"a higher step pays no more than the one below: '{after.text}' follows '{before.text}'",
            )


def _overlap(one: StepTable, other: StepTable) -> bool:
    marks = [b for t in (one, other) for b in (t.when.low, t.when.high) if b is not None]
    edges = sorted({Fraction(0), Fraction(1), *marks})
    middles = [(low + high) / 2 for low, high in pairwise(edges)]
    return any(one.when.holds(rate) and other.when.holds(rate) for rate in [*edges, *middles])
