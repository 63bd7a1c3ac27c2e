"""The practices of a board: how large each is, where it lies, and how its care and its patients differ."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from remit.synthetic.chance import Ints, stream
from remit.synthetic.tables import Board, board

LARGEST = 60_000
"""Patients of one practice at most: what the numbers that order its events have room for."""


@dataclass(frozen=True)
class Practice:
    """A made-up practice: its number from 1, how many people its records hold, and what sets it apart."""

    number: int
    patients: int
    place: str
    network: str
    quality: float
    """Standard deviations above the middle, of a normal curve."""
    age_tilt: float
    deprived: float
    """How many tenths its patients' homes lie below the middle."""
    digits: int = 3

    @property
    def code(self) -> str:
        return f"P{self.number:0{self.digits}d}"

    @property
    def name(self) -> str:
        return f"Example Practice {self.number}"


def usual_practices(patients: int) -> int:
    """As many as the whole board has for its patients, and at least three."""
    table = board()
    return max(3, round(patients * table.practices / table.patients))


def practices(seed: int, patients: int, count: int) -> list[Practice]:
    """The practices of a board of that many patients in all."""
    table = board()
    sizes = _sizes(stream(seed, "sizes"), patients, count, table)
    places = _places(count, table)
    networks = _networks(places, max(1, round(count * table.networks / table.practices)), table)
    digits = max(3, len(str(count)))
    draw = stream(seed, "practices")
    made = []
    for n in range(count):
        quality, tilt, deprived = draw.standard_normal(3)
        place = table.places[places[n]]
        made.append(
            Practice(
                n + 1, int(sizes[n]), place.code, networks[n], float(quality), float(tilt) * table.age_tilt,
                place.deprived + float(deprived) * table.deprivation_spread, digits,
            )
        )  # fmt: skip
    return made


def _sizes(draw: np.random.Generator, patients: int, count: int, table: Board) -> Ints:
    """Sizes whose logarithms are normal, that add up exactly: the remainders go to the largest ones first."""
    share = np.maximum(np.exp(draw.standard_normal(count) * table.spread), table.smallest)
    share = np.minimum(share, 4.0) / np.minimum(share, 4.0).sum()
    sizes = np.maximum(1, np.floor(share * patients).astype(np.int64))
    order = np.argsort(-sizes, kind="stable")
    sizes[order[: patients - int(sizes.sum())]] += 1
    while sizes.sum() > patients:  # where there are hardly more patients than practices
        sizes[int(np.argmax(sizes))] -= 1
    return np.asarray(sizes)


def _places(count: int, table: Board) -> list[int]:
    """Which place each practice is in: a smaller board takes from every place in turn, as each has practices."""
    due = np.zeros(len(table.places))
    weights = np.array([place.practices for place in table.places]) / table.practices
    found = []
    for _ in range(count):
        due += weights
        found.append(int(np.argmax(due)))
        due[found[-1]] -= 1
    return found


def _networks(places: list[int], count: int, table: Board) -> list[str]:
    """The practices of a place stand next to each other in networks: none reaches over two places, if it can be so."""
    order = sorted(range(len(places)), key=lambda n: (places[n], n))
    found = [""] * len(places)
    for rank, n in enumerate(order):
        found[n] = f"N{rank * count // len(places) + 1:02d}"
    return found
