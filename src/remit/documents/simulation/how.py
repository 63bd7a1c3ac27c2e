"""How a simulation was worked out, folded away: pricing, draws, groups, effort, concentration."""

from __future__ import annotations

from collections.abc import Iterator

from remit.analysis.simulation.results import Simulation
from remit.documents.blocks import Bullets, Fold


def how(results: Simulation) -> Fold:
    """In sentences."""
    return Fold("How this was worked out", (Bullets(tuple(_sentences(results))),))


def _sentences(results: Simulation) -> Iterator[str]:
    yield (
        "Both sides are priced from the inputs that the run kept, by the rules that price a run: each practice, then "
        "the networks' money and its parts. 'remit run' with the reform's overlay pays the same pence."
    )
    if results.draws:
        yield (
            f"Chance: the year's counts were drawn {results.draws:,} times (seed {results.seed}). Each practice has a "
            "rate of its own, Beta(alpha + achieved, beta + not achieved) with alpha and beta fitted over the run's "
            "practices, and a draw of its count is binomial given that rate (beta-binomial; Adams, The Reliability of "
            "Provider Profiling, RAND TR-653). Every reform is priced on the same draws as the base. Lists, registers, "
            "declarations and personalised care adjustments stay as they are."
        )
        yield (
            "From and to hold 95 of 100 draws of a difference. They are about the middle of the draws, in which "
            "extreme rates are nearer to the others, so the exact difference may lie near an end, or beyond it."
        )
    if results.attributes.fifths_given:
        yield f"Fifths of deprivation are those that {results.attributes.file} gives; 1 is the most deprived."
    elif results.attributes.file and results.attributes.without_deprivation < results.attributes.practices:
        yield (
            "Fifths of deprivation hold equally many of the run's practices, by their scores: 1 is the most deprived, "
            "and practices of one score are in one fifth. They are fifths of these practices, not of England."
        )
    yield (
        "To earn back what it loses, a practice makes the contacts that pay most for each first, on the straight line "
        "from what it earns of an indicator to all of it: with steps, it may take more."
    )
    yield (
        "The Gini coefficient is 1 less twice the area under the Lorenz curve, by trapezoids, where each practice's "
        "pounds are spread evenly over its registered patients."
    )
