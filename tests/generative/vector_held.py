"""Many draws of figures of practices, priced by the vector evaluator and cell by cell by the exact one."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np

from remit.core.figures import DECLARED, DENOMINATOR, LIST_SIZE, NUMERATOR, REGISTER, FigureKey
from remit.pricing.award import Award
from remit.pricing.evaluator import price
from remit.pricing.plan import PricingPlan
from remit.pricing.scenario import Standing
from remit.pricing.vector import Column, Prices, vector_plan

Cell = tuple[str, FigureKey]
WHOLE = (NUMERATOR, DENOMINATOR, REGISTER, LIST_SIZE, DECLARED)


def drawn_figures(
    standings: Sequence[Standing], draws: int, seed: int, share: float = 0.6, unknown: bool = True
) -> dict[Cell, Column]:
    """Other values, draw by draw, of some of the figures that the practices have; some of them not known."""
    rng = random.Random(seed)
    cells = sorted({(s, k) for one in standings for s, of in one.figures.items() for k in of if _whole(k)}, key=str)
    figures: dict[Cell, Column] = {}
    for cell in cells:
        if rng.random() > share:
            continue
        own = [int(one.figures.get(cell[0], {}).get(cell[1], 0)) for one in standings]
        most = [1 if cell[1].measure in ("DECLARED", "EVIDENCED") else max(2 * n, 3) for n in own]
        shape = (draws, len(standings)) if rng.random() < 0.9 else (len(standings),)
        random_ = np.random.default_rng(rng.getrandbits(32))
        values = random_.integers(0, np.array(most) + 1, shape)
        known = random_.random(shape) > 0.1 if unknown and rng.random() < 0.3 else None
        figures[cell] = Column(values, known)
    for (subject, key), column in figures.items():  # no more counted than are there
        if key == NUMERATOR and (subject, DENOMINATOR) not in figures:
            below = np.array([int(one.figures.get(subject, {}).get(DENOMINATOR, 0)) for one in standings])
            figures[subject, key] = Column(np.minimum(column.values, below), column.known)
        elif key == NUMERATOR and figures[subject, DENOMINATOR].values.ndim <= column.values.ndim:
            below = figures[subject, DENOMINATOR].values
            figures[subject, key] = Column(np.minimum(column.values, below), column.known)
    return figures


def _whole(key: FigureKey) -> bool:
    return key in WHOLE or key.measure in ("DECLARED", "EVIDENCED", "ACTIVITY", "DID_NOT_ATTEND", "ACTIVITY_DAYS")


def standing_in(standing: Standing, n: int, draw: int, figures: dict[Cell, Column]) -> Standing:
    """The `n`th practice in a draw."""
    changed = {subject: dict(of) for subject, of in standing.figures.items()}
    for (subject, key), column in figures.items():
        at = (draw, n) if column.values.ndim == 2 else n
        if column.known is not None and not column.known[at if column.known.ndim == 2 else n]:
            changed.get(subject, {}).pop(key, None)
        else:
            changed.setdefault(subject, {})[key] = int(column.values[at])
    return replace(standing, figures=changed)


def held(
    plan: PricingPlan,
    standings: Sequence[Standing],
    figures: dict[Cell, Column],
    draws: int,
    before: dict[Cell, Column] | None = None,
) -> Counter[str]:
    """Compare every cell: its pence, whether it is known, its points. What was compared, counted. The same plan prices
    other figures `before`, which must leave no trace."""
    vector = vector_plan(plan, standings)
    if before is not None:
        vector.price(before, points=True)
    prices = vector.price(figures, points=True)
    totals = vector.totals(figures)
    seen: Counter[str] = Counter()
    for code, item in prices.items.items():
        if code not in vector.without_vector_form:
            seen["with a form"] += item.pence.size
            seen["priced exactly"] += item.exact
    for n, standing in enumerate(standings):
        for draw in range(draws):
            awards = price(plan, standing_in(standing, n, draw, figures)).awards
            for award in awards:
                _same(award, prices, n, draw, f"{award.item.item} {award.item.kind!r} practice {n} draw {draw}")
                seen["cells"] += 1
                seen[award.item.kind.name] += 1
            paid = [award.pence for award in awards if not award.within]
            row = draw if totals[0].shape[0] > 1 else 0
            all_known = totals[1] is None or bool(np.broadcast_to(totals[1], totals[0].shape)[row, n])
            assert totals[0][row, n] == sum(pence or 0 for pence in paid)
            assert all_known == (None not in paid)
    return seen


def _same(award: Award, prices: Prices, n: int, draw: int, where: str) -> None:
    item = prices.items[award.item.item]
    shape = item.pence.shape
    at = (draw, n) if len(shape) == 2 else (n,)
    known = item.known is None or bool(np.broadcast_to(item.known, shape)[at])
    pence = int(item.pence[at]) if known else None
    assert pence == award.pence, where
    if item.points is not None:
        over, under = (np.broadcast_to(part, shape)[at] for part in (item.points.over, item.points.under))
        there = item.points.known is None or bool(np.broadcast_to(item.points.known, shape)[at])
        assert (Fraction(int(over), int(under)) if there else None) == award.earned, where
