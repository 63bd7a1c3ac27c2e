"""A reform simulated on an area, beside what it would do to the repeat of the year.

Every fourth area, as each prices four runs. The second item has counts of its own, drawn as the area's are.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from areas import Area, Counts, area
from tally import Claim, Outcome

import remit
from remit.analysis.simulation.chances import Chances
from remit.analysis.simulation.draws import Draws
from remit.analysis.simulation.groups import EVERYBODY
from remit.runs.api import run
from remit.runs.engine import Run
from remit.runs.what_if import otherwise

HERE = Path(__file__).resolve().parent
EVERY, DRAWS, STATED = 4, 400, 0.95
OTHER = 1_000_000
"""Added to an area's number for the second item's counts."""

CLAIMS = (
    Claim(
        "reform-practice",
        "at least 95% of practices' changes, in a repeat of the year, lie in their intervals",
        "reform",
        "at least",
    ),
    Claim("reform-total", "95% of the changes of all practices together lie in theirs", "reform"),
    Claim("reform-loses", "the chance that a practice loses", "reform"),
)


@cache
def _schemes() -> tuple[Any, Any]:
    return remit.load_scheme(HERE / "two-items.yaml"), remit.load_scheme(HERE / "reform.yaml")


def reform_outcomes(of: Area) -> Iterator[Outcome]:
    """What the simulation states of the change of each practice and of all, beside the repeat's change."""
    if of.number % EVERY:
        return
    other = area(of.shape, of.number + OTHER, of.seed, len(of.under))
    lists = np.maximum(of.under, other.under) * 40
    this = {"ONE001": (of.over, of.under), "TWO001": (other.over, other.under)}
    repeat = {"ONE001": (of.again, of.under), "TWO001": (other.again, other.under)}
    scheme, reformed = _schemes()
    before = _run(scheme, lists, this)
    after = otherwise(before, {scheme.scheme: reformed})
    draws = Draws(before, [after], of.number + 1, DRAWS, [()])
    chances = Chances(1, DRAWS, draws.units, {EVERYBODY: draws.codes})
    for block in draws.blocks:
        chances.add(draws.units_of[block.number], draws.work(block))
    base, changed = (_pence(_run(one, lists, repeat)) for one in (scheme, reformed))
    hits, losses, stated = 0, 0, 0.0
    for code, chance in chances.by_unit[0].items():
        change = changed[code] - base[code]
        hits += chance.low <= change <= chance.high
        losses += change < 0
        stated += chance.loses
    many = len(chances.by_unit[0])
    yield Outcome("reform-practice", hits, STATED * many, many)
    yield Outcome("reform-loses", losses, stated, many)
    whole, total = chances.groups(0)[EVERYBODY], sum(changed.values()) - sum(base.values())
    yield Outcome("reform-total", float(whole.low <= total <= whole.high), STATED, 1)


def _run(scheme: Any, lists: Counts, items: dict[str, tuple[Counts, Counts]]) -> Run:
    codes = [f"X{n:03d}" for n in range(len(lists))]
    practices = [
        {"practice_code": code, "practice_name": "", "list_size": str(size), "weighted_list_size": str(size)}
        for code, size in zip(codes, lists, strict=True)
    ]
    counts = [
        {"practice_code": code, "indicator_code": item, "measure": measure, "value": str(value)}
        for item, of in items.items()
        for measure, values in zip(("NUMERATOR", "DENOMINATOR"), of, strict=True)
        for code, value in zip(codes, values, strict=True)
    ]
    return run(scheme, remit.dict_rows("practices", practices), remit.dict_rows("counts", counts))


def _pence(done: Run) -> dict[str, int]:
    return {result.practice.code: sum(award.pence or 0 for award in result.awards) for result in done.results()}
