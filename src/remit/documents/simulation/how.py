"""How a simulation was worked out, folded away: pricing, draws, groups, effort, concentration."""

from __future__ import annotations

from collections.abc import Iterator

from remit.analysis.simulation.results import Simulation, beyond
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
            f"Chance: the year's counts were drawn {results.draws:,} times with random numbers (seed "
            f"{results.seed}). A practice's own rate is drawn first: Beta(alpha + achieved, beta + not achieved), "
            "with alpha and beta fitted over the run's practices. Its count is then drawn at that rate (binomial; "
            "together a beta-binomial: Adams, The Reliability of Provider Profiling, RAND TR-653). Every reform is "
            "priced on the same draws as the base. Lists, registers, declarations and personalised care adjustments "
            "stay as they are."
        )
        yield (
            "From and to hold the middle 95 of 100 draws of a difference. In the draws extreme rates are nearer to the "
            "others than this year, so the exact difference may lie near an end, or beyond it."
        )
        left = beyond(results.draws)
        yield (
            f"Of {results.draws:,} draws the {left:,} lowest and the {left:,} highest are left out. Another seed gives "
            "somewhat other ends, the more so the fewer draws there are: for figures that are to last, ask for 1,000 "
            "draws or more."
        )
    if results.attributes.fifths_given:
        yield f"Fifths of deprivation are those in {results.attributes.file}; 1 is the most deprived."
    elif results.attributes.file and results.attributes.without_deprivation < results.attributes.practices:
        yield (
            "Each fifth of deprivation has about as many of the run's practices, by their scores: 1 is the most "
            "deprived, and practices with the same score are in the same fifth. They are fifths of these practices, "
            "not of England."
        )
    yield (
        "To earn back what it loses, a practice first makes the contacts that pay most for each. Each contact of an "
        "indicator is taken to pay the same, from what is earned now up to all of it; with steps it may take more."
    )
    yield (
        "The Gini coefficient is 1 minus twice the area under the Lorenz curve (trapezoids). Each practice's pounds "
        "are spread evenly over its registered patients."
    )
