"""Draws of what practices count, block of practices by block: drawn, priced, reduced, and nothing else kept.

    for block, result in each_block(blocks(len(standings)), work, workers=2):
        ...                       # report progress, keep the result: a later call may leave this block out

where `work(block)` draws the block's counts (`draw_block`), prices them (`pricing.vector`) and reduces them to what is
wanted (`Spread.of`, sums by draw). A block has a stream of random numbers of its own, and in it each subject: the same
seed gives the same draws in whatever order blocks are done, by however many workers, and whichever subjects are drawn
beside it. So two plans priced on the same seed meet the same counts.

A practice's own rate is Beta(alpha + x, beta + n - x) after its counts, where Beta(alpha, beta) is fitted over all
practices of the item, and its repeat count is binomial given that rate. Where the fit says that practices differ by
chance alone, it is binomial with their common mean.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from math import isinf
from typing import TypeVar
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from remit.analysis.beta_binomial import BetaBinomial, NotFitted
from remit.core.figures import DENOMINATOR, NUMERATOR, FigureKey
from remit.pricing.scenario import Standing
from remit.pricing.vector import Column

MOST_SEED = 2**64 - 1
SIZE = 128
"""Practices in a block: with a thousand draws, one figure of a block is a megabyte."""

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]
Drawn = dict[tuple[str, FigureKey], Column]
Result = TypeVar("Result")


@dataclass(frozen=True)
class Block:
    """Some practices that follow one another: the `number`th block, practices `start` up to but not `stop`."""

    number: int
    start: int
    stop: int

    @property
    def practices(self) -> slice:
        return slice(self.start, self.stop)

    def __len__(self) -> int:
        return self.stop - self.start


@dataclass(frozen=True)
class Counted:
    """The counts of one subject over all practices: (practices,); 0 of 0 where one's are not `known`."""

    numerators: Counts
    denominators: Counts
    known: NDArray[np.bool_]


def blocks(practices: int, size: int = SIZE) -> tuple[Block, ...]:
    """All practices in blocks. The draws of a seed belong to the size of the blocks."""
    starts = range(0, practices, size)
    return tuple(Block(n, start, min(start + size, practices)) for n, start in enumerate(starts))


def counted(standings: Sequence[Standing], subjects: Sequence[str]) -> dict[str, Counted]:
    """What practices counted of each subject (an item, or the definition of one), where anybody did."""
    found = {}
    for subject in subjects:
        rows = [(of.get(NUMERATOR), of.get(DENOMINATOR)) for of in (s.figures.get(subject, {}) for s in standings)]
        known = np.array([over is not None and under is not None for over, under in rows], dtype=bool)
        if known.any():
            pairs = [
                (int(over or 0), int(under or 0)) if there else (0, 0)
                for (over, under), there in zip(rows, known, strict=True)
            ]
            overs, unders = np.array(pairs, dtype=np.int64).T
            found[subject] = Counted(overs.copy(), unders.copy(), known)
    return found


def stream(seed: int, block: Block, subject: str) -> np.random.Generator:
    """The random numbers of one subject in one block."""
    key = np.array([seed, block.number], dtype=np.uint64)
    return np.random.Generator(np.random.Philox(key=key, counter=[0, 0, 0, crc32(subject.encode())]))


def draw_block(
    seed: int, block: Block, fits: Mapping[str, BetaBinomial | NotFitted], counts: Mapping[str, Counted], draws: int
) -> Drawn:
    """Repeat numerators of a block's practices, (draws, practices), by subject. A subject that could not be fitted is
    left as it stands; what a practice did not count stays unknown."""
    figures: Drawn = {}
    for subject, fit in fits.items():
        if isinstance(fit, NotFitted) or subject not in counts:
            continue
        of, part = counts[subject], block.practices
        over, under = of.numerators[part], of.denominators[part]
        random = stream(seed, block, subject)
        shape = draws, len(block)
        if isinf(fit.alike):
            rates: Floats = np.broadcast_to(np.float64(fit.mean), shape)
        else:
            rates = random.beta(fit.alpha + over, fit.beta + under - over, shape)
        known = of.known[part]
        figures[subject, NUMERATOR] = Column(random.binomial(under, rates, shape), None if known.all() else known)
    return figures


def each_block(
    of: Sequence[Block],
    work: Callable[[Block], Result],
    workers: int = 2,
    cancelled: Callable[[], bool] = lambda: False,
) -> Iterator[tuple[Block, Result]]:
    """The result of each block, in their order, by so many threads (numpy leaves them to run side by side). Blocks that
    were done before are left out of `of`. Stops after the blocks under way where it is `cancelled`."""
    if workers < 2:
        for block in of:
            if cancelled():
                return
            yield block, work(block)
        return
    with ThreadPoolExecutor(workers) as pool:
        waiting = list(reversed(of))
        busy: list[tuple[Block, Future[Result]]] = []
        try:
            while waiting or busy:
                while waiting and len(busy) < workers + 1 and not cancelled():
                    block = waiting.pop()
                    busy.append((block, pool.submit(work, block)))
                if not busy:
                    return
                block, future = busy.pop(0)
                yield block, future.result()
        finally:
            for _, future in busy:
                future.cancel()


@dataclass(frozen=True)
class Spread:
    """What draws of one amount come to for each practice: (practices,)."""

    mean: Floats
    low: Floats
    middle: Floats
    high: Floats

    @classmethod
    def of(cls, draws: Counts | Floats, part: float = 0.95) -> Spread:
        """Mean, median, and the ends of the middle `part` of draws x practices, pence."""
        ends = [(1 - part) / 2, 0.5, (1 + part) / 2]
        low, middle, high = np.quantile(draws, ends, axis=0)
        return cls(draws.mean(axis=0), low, middle, high)
