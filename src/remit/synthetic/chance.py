"""Chance: a stream of random numbers for each thing that is drawn, and the normal curve.

Each stream is seeded by the run's seed, the practice and the name of what is drawn, so that a practice is the same
whichever process makes it and in whatever order, and a new row in a table leaves the other rows as they were.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from statistics import NormalDist
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.signedinteger[Any]]
Floats = npt.NDArray[np.floating[Any]]
Flags = npt.NDArray[np.bool_]

_NORMAL = NormalDist()
_Z = np.linspace(-6, 6, 1201)
_SHARE = np.array([_NORMAL.cdf(z) for z in _Z])


def stream(*names: object) -> np.random.Generator:
    """The stream of that name: the same names give the same numbers."""
    digest = hashlib.sha256("\x1f".join(map(str, names)).encode()).digest()
    return np.random.Generator(np.random.PCG64(int.from_bytes(digest[:16], "big")))


def below(share: float) -> float:
    """The point of the normal curve below which that share lies."""
    return _NORMAL.inv_cdf(min(max(share, 1e-9), 1 - 1e-9))


def share_below(z: Floats) -> Floats:
    """The share of the normal curve below each point, to about five digits."""
    return np.asarray(np.interp(z, _Z, _SHARE))


def chosen(draw: np.random.Generator, weights: Sequence[float], size: int) -> Ints:
    """Positions drawn by weight."""
    edges = np.cumsum(np.asarray(weights, dtype=float))
    return np.asarray(np.searchsorted(edges, draw.random(size) * edges[-1], side="right"))


def mixed(loadings: Sequence[tuple[float, Floats]], noise: Floats) -> Floats:
    """A standard normal number for each person that leans on others: the rest of its variance is noise."""
    total = noise * max(0.0, 1 - sum(weight**2 for weight, _ in loadings)) ** 0.5
    for weight, factor in loadings:
        total = total + weight * factor
    return np.asarray(total)
