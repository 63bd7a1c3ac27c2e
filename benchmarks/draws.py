"""A thousand draws of what all England counts, each priced under two schemes, beside plain numpy on the same draws.

`make bench-draws`, or `python benchmarks/draws.py [DRAWS] [WORKERS]`. The input is made in a temporary folder
(`make_input.py`): 6,900 practices x 77 indicators of QOF 2018-19. The second scheme has the thresholds of every other
indicator two percentage points higher, those of the rest as much lower. What counts is the processor time of each step,
as the threads themselves measure it, the time on the wall for the whole, and the memory of the process at its peak.
docs/explanation/speed.md says what it showed.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from time import perf_counter, thread_time
from typing import Any

import numpy as np
from numpy.typing import NDArray

import remit
from remit.analysis.beta_binomial import fit
from remit.analysis.simulation.blocks import Block, Counted, Drawn, Spread, blocks, counted, draw_block, each_block
from remit.core.figures import DECLARED, DENOMINATOR, LIST_SIZE, NUMERATOR, REGISTER
from remit.pricing.plan import PricingPlan, plan_of
from remit.pricing.scenario import Standing
from remit.pricing.vector import vector_plan
from remit.scheme import load_scheme
from remit.scheme.changes import ChangeBy, ProposedChange, Reform, laid_over, overlay
from remit.scheme.kinds import Linear

HERE = Path(__file__).resolve().parent
SCHEME, SEED, MOVED = "qof-england-2018-19", 1, Fraction(2, 100)
GOAL_PRICED, GOAL_WHOLE, GOAL_BYTES, GOAL_RATIO = 60, 180, 4e9, 3
Floats = NDArray[np.float64]
Totals = Callable[[PricingPlan, Sequence[Standing], Drawn], tuple[NDArray[Any], int]]


@dataclass
class Summary:
    """What is kept of a block: each practice's spread under both schemes, its gain, and the block's sums by draw."""

    before: Spread
    after: Spread
    gain: Floats
    gains: Floats
    nation: NDArray[Any]
    exact: int
    seconds: dict[str, float] = field(default_factory=dict)


def remit_totals(plan: PricingPlan, standings: Sequence[Standing], figures: Drawn) -> tuple[NDArray[Any], int]:
    """Pence of all items, draws x practices, by the vector evaluator."""
    pence, _, exact = vector_plan(plan, standings).totals(figures)
    return pence, exact


def numpy_totals(plan: PricingPlan, standings: Sequence[Standing], figures: Drawn) -> tuple[NDArray[Any], int]:
    """The same in floats, as an analyst would write it: no unknown, nobody outside the year, no exact penny."""

    def column(subject: str, key: Any) -> Floats:
        return np.array([one.figures[subject][key] for one in standings], dtype=np.float64)

    assert plan.point_value is not None
    cpi = np.array([one.practice.list_size for one in standings]) / 8096
    total: Floats = np.zeros((next(iter(figures.values())).values.shape[0], len(standings)))
    for item in plan.items:
        code, kind, group = item.item, item.kind, plan.measurer(item.item).group
        weight = cpi * float(plan.point_value)
        if {"prevalence", "target_population"} & set(item.weights):
            national = float(plan.weigher.national[group].prevalence)
            weight = weight * (column(group, REGISTER) / column(group, LIST_SIZE) / national)
        most = float(kind.most_earned() or 0)
        if isinstance(kind, Linear):
            lower, upper, below = float(kind.lower.known()), float(kind.upper.known()), column(code, DENOMINATOR)
            over = figures[code, NUMERATOR].values
            rate = np.divide(over, below, out=np.zeros(over.shape), where=below > 0)
            points = np.clip((rate - lower) / (upper - lower), 0, 1) * most
        else:
            kept = column(code, DECLARED) if item.measure == "declared" else column(group, REGISTER)
            points = (kept > 0) * most
        total += np.floor(points * weight * 100 + 0.5)
    return total, 0


def work(
    block: Block, plans: tuple[PricingPlan, PricingPlan], standings: Sequence[Standing], fits: Mapping[str, Any],
    counts: Mapping[str, Counted], draws: int, totals: Totals,
) -> Summary:  # fmt: skip
    """Draw, price under both schemes, sum up; with the processor seconds of each."""
    start = thread_time()
    figures = draw_block(SEED, block, fits, counts, draws)
    drawn = thread_time()
    (before, one), (after, other) = (totals(plan, standings[block.practices], figures) for plan in plans)
    priced = thread_time()
    gain = after - before
    summary = Summary(
        Spread.of(before), Spread.of(after), gain.mean(axis=0), (gain > 0).mean(axis=0),
        np.stack([before.sum(axis=1), after.sum(axis=1)]), one + other,
    )  # fmt: skip
    summary.seconds = {"draw": drawn - start, "price": priced - drawn, "sum up": thread_time() - priced}
    return summary


@dataclass
class Measured:
    """The steps of all blocks together: processor seconds, time on the wall, and what came out."""

    seconds: dict[str, float]
    wall: float
    nation: NDArray[Any]
    exact: int
    losers: int

    @property
    def counted(self) -> float:
        """What pricing and summaries took."""
        return self.seconds["price"] + self.seconds["sum up"]


def measure(one: Callable[[Block], Summary], of: Sequence[Block], workers: int) -> Measured:
    """Go through all blocks."""
    start, seconds, exact, losers = perf_counter(), {"draw": 0.0, "price": 0.0, "sum up": 0.0}, 0, 0
    nation: Any = 0
    for _, summary in each_block(of, one, workers):
        nation, exact = nation + summary.nation, exact + summary.exact
        losers += int((summary.gain < 0).sum())
        for name, took in summary.seconds.items():
            seconds[name] += took
    return Measured(seconds, perf_counter() - start, nation, exact, losers)


def main() -> int:
    """Make the input, go through it in both ways, compare, and say whether the goals are met."""
    draws = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    workers = int(sys.argv[2]) if len(sys.argv) > 2 else 2
    with tempfile.TemporaryDirectory(prefix="remit-bench-") as temporary:
        data = Path(temporary)
        subprocess.run([sys.executable, HERE / "make_input.py", data], check=True)
        start = perf_counter()
        names = ("practices", "counts", "national")
        run = remit.run(load_scheme(SCHEME), **{name: data / f"{name}.csv" for name in names})
        plan = run.plans[SCHEME]
        standings = [run.standing(code) for code in run.codes]
    able = [i.item for i in plan.items if isinstance(i.kind, Linear) and i.kind.upper.known() + MOVED <= 1]
    up, down = (ProposedChange("thresholds", ChangeBy(by), tuple(able[n::2])) for n, by in enumerate((MOVED, -MOVED)))
    reform = Reform((up, down))
    other = plan_of(laid_over(plan.scheme, overlay(plan.scheme, reform).tree), {}, plan.weigher.national)
    counts = counted(standings, [item.item for item in plan.items if item.measure == "achievement"])
    fits = {subject: fit(of.numerators, of.denominators) for subject, of in counts.items()}
    ready = perf_counter() - start
    print(f"{len(standings):,} practices, {len(plan.items)} items, {draws:,} draws, {workers} workers.", flush=True)
    every = blocks(len(standings))
    given = ((plan, other), standings, fits, counts, draws)
    ours = measure(lambda block: work(block, *given, remit_totals), every, workers)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    plain = measure(lambda block: work(block, *given, numpy_totals), every, workers)
    return _report(ready, ours, plain, peak, 2 * draws * len(standings) * len(plan.items))


def _report(ready: float, ours: Measured, plain: Measured, peak: float, cells: int) -> int:
    print("\nprocessor seconds       draw    price   sum up")
    for name, of in (("Remit", ours), ("numpy", plain)):
        print(f"{name:20}" + "".join(f"{of.seconds[step]:9.2f}" for step in ("draw", "price", "sum up")))
    whole, ratio = ready + ours.wall, ours.counted / plain.counted
    print(
        f"\nReading, checking and fitting: {ready:.1f} s on the wall; drawing, pricing, summing up: {ours.wall:.1f} s."
    )
    print(f"{whole:.1f} s in all, {peak / 1e9:.2f} GB at the peak (goals: {GOAL_WHOLE} s and 4 GB).")
    print(f"Pricing and summaries: {ours.counted:.1f} s of processor time (goal: {GOAL_PRICED} s), which is")
    print(f"{ratio:.2f} times numpy's {plain.counted:.1f} s (goal: {GOAL_RATIO}).")
    print(f"The exact evaluator priced {ours.exact:,} of {cells:,} cells.")
    apart = np.abs(ours.nation - plain.nation)
    print(
        f"The nation's totals are up to {apart.max():,.0f} pence from numpy's in a draw, {apart.mean():.1f} on average."
    )
    print(f"{ours.losers:,} practices lose on average under the second scheme.")
    met = ours.counted <= GOAL_PRICED and whole <= GOAL_WHOLE and peak < GOAL_BYTES and ratio <= GOAL_RATIO
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
