"""`make calibration`: do the laboratory's intervals and alarms hold as stated, on 1,000 simulated areas?

Writes docs/explanation/calibration.md from page.md beside this file. Nothing is tuned to what comes out: a claim that
does not hold is said not to. `--areas 50` tries fewer, and then writes nothing.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean, median, quantiles
from string import Template

from areas import PRACTICES, SHAPES, Shape, area
from checks import CLAIMS, outcomes
from estimates import Estimated, estimated, true_reliability
from tally import Claim, Outcome, Tally, tally

from remit.analysis.beta_binomial import BetaBinomial, fit

HERE = Path(__file__).resolve().parent
PAGE = HERE.parents[1] / "docs" / "explanation" / "calibration.md"
AREAS, SEED, WORKERS = 1000, 1, 2


@dataclass(frozen=True)
class OfArea:
    """What came of one area; `estimate` is None where it could not be fitted."""

    shape: str
    outcomes: tuple[Outcome, ...]
    estimate: Estimated | None


def of_area(number: int) -> OfArea:
    """Simulate one area and check it: its shape is by turns."""
    shape = SHAPES[number % len(SHAPES)]
    made = area(shape, number, SEED)
    spread = fit(made.over, made.under)
    if not isinstance(spread, BetaBinomial):
        return OfArea(shape.name, (), None)
    return OfArea(shape.name, tuple(outcomes(made, spread)), estimated(made, spread))


def simulated(areas: int, workers: int = WORKERS) -> list[OfArea]:
    """So many areas, in their order whatever the number of workers."""
    if workers == 1:
        return [of_area(number) for number in range(areas)]
    with ProcessPoolExecutor(workers) as pool:
        return list(pool.map(of_area, range(areas), chunksize=5))


def tallies(found: Sequence[OfArea], claim: Claim) -> dict[str, Tally]:
    """One claim over all areas, and by shape."""
    by_shape = {shape.name: [one for one in found if one.shape == shape.name] for shape in SHAPES}
    made = {}
    for name, those in {"all": list(found), **by_shape}.items():
        one = tally(outcome for of in those for outcome in of.outcomes if outcome.claim == claim.key)
        if one is not None:
            made[name] = one
    return made


def per_cent(value: float, places: int = 2) -> str:
    """In per cent."""
    return f"{100 * value:.{places}f}%"


def claim_rows(found: Sequence[OfArea], part: str) -> Iterator[str]:
    """The claims of a part over all areas, then each shape where it differs from what is stated."""
    for claim in CLAIMS:
        if claim.part != part:
            continue
        for name, one in tallies(found, claim).items():
            words = f"**{claim.words}**" if name == "all" else f"… {name}"
            yield (
                f"| {words} | {one.trials:,} | {per_cent(one.stated)} | {per_cent(one.true)} | "
                f"{per_cent(one.error)} | {one.verdict(claim.bound)} |"
            )


def estimate_rows(found: Sequence[OfArea]) -> Iterator[str]:
    """By shape: reliability estimated beside the true one, and what the network said to be needed truly gives."""
    for shape in SHAPES:
        held = [one.estimate for one in found if one.shape == shape.name and one.estimate]
        at_needed = [one.at_needed for one in held if one.at_needed is not None]
        yield (
            f"| {shape.name} | {true_reliability(shape, shape.middle):.2f} | "
            f"{middle([one.reliability for one in held])} | {middle(at_needed) if at_needed else '–'} | "
            f"{len(held) - len(at_needed)} of {len(held)} |"
        )


def middle(values: Sequence[float]) -> str:
    """The median, and where nine in ten lie."""
    if len(values) < 2:
        return f"{fmean(values):.2f}"
    ends = quantiles(values, n=20, method="inclusive")
    return f"{median(values):.2f} ({ends[0]:.2f} to {ends[-1]:.2f})"


def shape_rows() -> Iterator[str]:
    """How each shape is made."""
    for shape in SHAPES:
        yield f"| {shape.name} | {made_of(shape)} | {shape.middle} |"


def made_of(shape: Shape) -> str:
    """The own rates of a shape, in words."""
    if shape.alike == float("inf"):
        return f"all {per_cent(shape.mean, 0)}"
    first = f"Beta with mean {per_cent(shape.mean, 0)} and alpha + beta {shape.alike:g}"
    return first if shape.beside is None else f"{first}; a third with mean {per_cent(shape.beside, 0)}"


def not_as_stated(found: Sequence[OfArea]) -> list[str]:
    """The claims that do not hold over all areas, or in one shape, by more than three errors; in words."""
    lines = []
    for claim in CLAIMS:
        wrong = {name: one for name, one in tallies(found, claim).items() if one.verdict(claim.bound).startswith("**")}
        if wrong:
            where = "; ".join(
                f"{'over all' if name == 'all' else name}, {per_cent(one.true)} where {per_cent(one.stated)} is stated"
                for name, one in wrong.items()
            )
            lines.append(f"- {claim.words[0].upper()}{claim.words[1:]}: {where}.")
    return lines


def page(found: Sequence[OfArea]) -> str:
    """The page with every figure filled in."""
    every = [(claim, name, one) for claim in CLAIMS for name, one in tallies(found, claim).items()]
    held = sum(one.verdict(claim.bound) == "as stated" for claim, _, one in every)
    near = sum("within 3" in one.verdict(claim.bound) for claim, _, one in every)
    parts = {f"{part}_rows": "\n".join(claim_rows(found, part)) for part in dict.fromkeys(c.part for c in CLAIMS)}
    figures = {
        "areas": f"{len(found):,}", "each": f"{len(found) // len(SHAPES):,}", "practices": str(PRACTICES),
        "shape_rows": "\n".join(shape_rows()), "estimate_rows": "\n".join(estimate_rows(found)),
        "rows": str(len(every)), "held": str(held), "near": str(near), "beyond": str(len(every) - held - near),
        "not_as_stated": "\n".join(not_as_stated(found)) or "- Nothing.", **parts,
    }  # fmt: skip
    return Template((HERE / "page.md").read_text(encoding="utf-8")).substitute(figures)


def main(arguments: Sequence[str] | None = None) -> int:
    """Simulate, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--areas", type=int, default=AREAS)
    parser.add_argument("--workers", type=int, default=WORKERS)
    chosen = parser.parse_args(arguments)
    found = simulated(chosen.areas, chosen.workers)
    if chosen.areas == AREAS:
        PAGE.write_text(page(found), encoding="utf-8")
        print("Written: docs/explanation/calibration.md.")
    for claim in CLAIMS:
        for name, one in tallies(found, claim).items():
            text = f"{one.verdict(claim.bound):24} stated {per_cent(one.stated):>7} true {per_cent(one.true):>7}"
            print(f"{text} error {per_cent(one.error)}  {claim.key}, {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
