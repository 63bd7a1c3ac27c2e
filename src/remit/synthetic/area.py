"""The practices of an area (an ICB): how large each is, where it lies, and how its care and its patients differ."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from remit.synthetic.chance import Ints, stream
from remit.synthetic.tables import Area, area

LARGEST = 60_000
"""Patients of one practice at most: what the numbers that order its events have room for."""


@dataclass(frozen=True)
class MadeUpPractice:
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
    """As many practices as the whole area has for that many patients, and at least three."""
    table = area()
    return max(3, round(patients * table.practices / table.patients))


def practices(seed: int, patients: int, count: int) -> list[MadeUpPractice]:
    """The practices of an area of that many patients in all."""
    table = area()
    sizes = _sizes(stream(seed, "sizes"), patients, count, table)
    places = _places(count, table)
    networks = _networks(places, max(1, round(count * table.networks / table.practices)), table)
    digits = max(3, len(str(count)))
    draw = stream(seed, "practices")
    result = []
    for n in range(count):
        quality, tilt, deprived = draw.standard_normal(3)
        place = table.places[places[n]]
        result.append(
            MadeUpPractice(
                n + 1, int(sizes[n]), place.code, networks[n], float(quality), float(tilt) * table.age_tilt,
                place.deprived + float(deprived) * table.deprivation_spread, digits,
            )
        )  # fmt: skip
    return result


def _sizes(draw: np.random.Generator, patients: int, count: int, table: Area) -> Ints:
    """Sizes whose logarithms are normal, that add up exactly: the remainders go to the largest ones first."""
    share = np.maximum(np.exp(draw.standard_normal(count) * table.spread), table.smallest)
    share = np.minimum(share, 4.0) / np.minimum(share, 4.0).sum()
    sizes = np.maximum(1, np.floor(share * patients).astype(np.int64))
    order = np.argsort(-sizes, kind="stable")
    sizes[order[: patients - int(sizes.sum())]] += 1
    while sizes.sum() > patients:  # where there are hardly more patients than practices
        sizes[int(np.argmax(sizes))] -= 1
    return np.asarray(sizes)


def _places(count: int, table: Area) -> list[int]:
    """Which place each practice is in: a smaller area takes from every place in turn, in proportion to its
    practices."""
    due = np.zeros(len(table.places))
    weights = np.array([place.practices for place in table.places]) / table.practices
    result = []
    for _ in range(count):
        due += weights
        result.append(int(np.argmax(due)))
        due[result[-1]] -= 1
    return result


def _networks(places: list[int], count: int, table: Area) -> list[str]:
    """The practices of a place stand next to each other in networks: none reaches over two places, if it can be so."""
    order = sorted(range(len(places)), key=lambda n: (places[n], n))
    names = [""] * len(places)
    for rank, n in enumerate(order):
        names[n] = f"N{rank * count // len(places) + 1:02d}"
    return names
