"""Draws by blocks of practices: the same bytes whatever the workers, the order and what else is drawn."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest

from remit.analysis.beta_binomial import BetaBinomial, NotFitted
from remit.analysis.simulation.blocks import Block, Counted, Spread, blocks, draw_block, each_block
from remit.core.figures import NUMERATOR


def counted(over: list[int], under: list[int], known: list[bool] | None = None) -> Counted:
    there = np.ones(len(over), dtype=bool) if known is None else np.array(known)
    return Counted(np.array(over, dtype=np.int64), np.array(under, dtype=np.int64), there)


COUNTS = {"A": counted([10, 0, 50, 7], [20, 0, 50, 700]), "B": counted([1, 2, 3, 4], [9, 9, 9, 9])}
FITS: dict[str, BetaBinomial | NotFitted] = {"A": BetaBinomial(0.5, 20.0, 4), "B": BetaBinomial(0.3, inf, 4)}


def test_blocks_cover_everyone_once() -> None:
    assert [(b.number, b.start, b.stop) for b in blocks(300, 128)] == [(0, 0, 128), (1, 128, 256), (2, 256, 300)]
    assert blocks(0) == ()


@pytest.mark.parametrize("workers", [1, 2, 3])
def test_the_same_draws_whatever_the_workers(workers: int) -> None:
    def work(block: Block) -> bytes:
        figures = draw_block(7, block, FITS, COUNTS, 50)
        return b"".join(figures[subject, NUMERATOR].values.tobytes() for subject in ("A", "B"))

    found = {block.number: drawn for block, drawn in each_block(blocks(4, 2), work, workers)}
    assert found == {block.number: work(block) for block in reversed(blocks(4, 2))}
    assert found[0] != found[1]


def test_a_subject_draws_the_same_beside_others() -> None:
    block = Block(0, 0, 4)
    alone = draw_block(7, block, {"B": FITS["B"]}, COUNTS, 50)["B", NUMERATOR].values
    assert (alone == draw_block(7, block, FITS, COUNTS, 50)["B", NUMERATOR].values).all()
    assert (alone != draw_block(8, block, FITS, COUNTS, 50)["B", NUMERATOR].values).any()


def test_the_mean_of_the_draws_is_that_of_the_model() -> None:
    """Beta(10 + x, 10 + n - x): of 10 in 20 the mean is 20 x 20/40 = 10, of 7 in 700 it is 700 x 17/720 = 16.5."""
    drawn = draw_block(1, Block(0, 0, 4), FITS, COUNTS, 20_000)
    a, b = drawn["A", NUMERATOR].values, drawn["B", NUMERATOR].values
    assert a.mean(axis=0) == pytest.approx([10, 0, 50 * 60 / 70, 700 * 17 / 720], abs=0.2)
    assert b.mean(axis=0) == pytest.approx([2.7] * 4, abs=0.06)
    assert (a[:, 1] == 0).all()


def test_what_was_not_counted_stays_unknown_and_what_was_not_fitted_as_it_stands() -> None:
    counts = {"A": counted([5, 0], [9, 0], [True, False]), "C": counted([1, 1], [2, 2])}
    drawn = draw_block(1, Block(0, 0, 2), {"A": FITS["A"], "C": NotFitted("too few")}, counts, 10)
    assert set(drawn) == {("A", NUMERATOR)}
    known = drawn["A", NUMERATOR].known
    assert known is not None
    assert known.tolist() == [True, False]


def test_a_stop_leaves_what_was_done() -> None:
    done: list[int] = []
    for block, _ in each_block(blocks(10, 1), lambda block: block.number, 2, cancelled=lambda: len(done) >= 3):
        done.append(block.number)
    assert done == list(range(len(done)))
    assert 3 <= len(done) <= 6


def test_the_spread_of_draws() -> None:
    spread = Spread.of(np.arange(0, 101).reshape(101, 1))
    shown = [spread.mean[0], spread.low[0], spread.middle[0], spread.high[0]]
    assert shown == pytest.approx([50, 2.5, 50, 97.5])
