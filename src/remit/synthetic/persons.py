"""The people of a practice: when they were born, registered, left or died, where they live, what they lean to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from remit.synthetic.area import MadeUpPractice
from remit.synthetic.chance import Flags, Floats, Ints, chosen, mixed, share_below, stream
from remit.synthetic.tables import People, area, people

NEVER = np.int64(10**7)
"""A day so late that it never comes."""
YEAR = 365.25
EPOCH = date(1970, 1, 1).toordinal()
_OWN = 0.6
"""How much of being reached is the person's own, in every year. Assumed."""


@dataclass(frozen=True)
class Run:
    """What a store is made from: the seed, the last day (days since 1970), and how many years of history."""

    seed: int
    last: int
    years: int

    @property
    def first(self) -> int:
        return self.last - 365 * self.years

    @property
    def last_day(self) -> date:
        return date.fromordinal(self.last + EPOCH)


@dataclass
class Persons:
    """A practice's people, a column for each fact; days are counted from 1970."""

    run: Run
    practice: MadeUpPractice
    born: Ints
    age: Floats
    """On the run's last day, whether alive or not."""
    female: Flags
    sex: Ints
    decile: Ints
    """1 to 10; 0 where it is not recorded. What is drawn from deprivation uses `deprived`."""
    deprived: Floats
    """-1 the least, 1 the most deprived tenth."""
    ethnicity: Ints
    ethnicity_known: Flags
    factors: dict[str, Floats]
    reached: Floats
    """Standard normal: how well the practice reaches each person in each year back from the last (people x years)."""
    review: Ints
    """The day of each person's review in each year."""
    joined: Ints
    left: Ints
    died: Ints
    has: dict[str, Flags] = field(default_factory=dict)
    """Who has a condition or trait now."""
    onset: dict[str, Ints] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return len(self.born)

    @property
    def until(self) -> Ints:
        """The last day that each one's record covers."""
        return np.minimum(np.minimum(self.left, self.died), self.run.last)

    def reached_as_a_rule(self) -> Floats:
        """How well the practice reaches each person over the years, of variance 1."""
        lasting = area().quality ** 2 + _OWN**2
        variance = lasting + (1 - lasting) / self.run.years
        return np.asarray(self.reached.mean(axis=1) / variance**0.5)

    def draw(self, *names: object) -> np.random.Generator:
        """The stream for something drawn of this practice."""
        return stream(self.run.seed, self.practice.number, *names)


def make_persons(run: Run, practice: MadeUpPractice) -> Persons:
    """Draw the people of a practice."""
    table = people()
    draw = stream(run.seed, practice.number, "people")
    n = practice.patients
    age = _ages(draw, n, practice.age_tilt, table)
    born = run.last - np.floor(age * YEAR).astype(np.int64)
    female = draw.random(n) < table.women
    sex = np.where(female, 0, 1)
    unusual = list(table.other_sexes.values())
    odd = chosen(draw, [1 - sum(unusual), *unusual], n)
    sex = np.where(odd > 0, odd + 1, sex).astype(np.int64)
    decile = np.clip(np.round(5.5 - practice.deprived + 2.0 * draw.standard_normal(n)), 1, 10).astype(np.int64)
    deprived = (5.5 - decile) / 4.5
    ethnicity = chosen(draw, [group.share for group in table.ethnicity], n)
    known = draw.random(n) >= table.missing["ethnicity"]
    factors: dict[str, Floats] = {name: draw.standard_normal(n) for name in ("metabolic", "frailty", "mind", "lungs")}
    reached = _reached(draw, n, run.years, practice, deprived)
    review = _reviews(draw, n, run)
    died = _deaths(draw, run, age, deprived, factors["frailty"], table)
    left = _departures(draw, run, age, died, table)
    died, left = (np.where(day > born, day, NEVER) for day in (died, left))  # nobody goes who was not yet there
    joined = _arrivals(draw, run, born, np.minimum(left, died), table)
    shown = np.where(draw.random(n) < table.missing["deprivation"], 0, decile)
    return Persons(
        run, practice, born, age, female, sex, shown, deprived, ethnicity, known, factors, reached, review,
        joined, left, died,
    )  # fmt: skip


def _ages(draw: np.random.Generator, n: int, tilt: float, table: People) -> Floats:
    starts = np.array(list(table.ages), dtype=float)
    weights = np.array(list(table.ages.values())) * np.exp(tilt * (starts - 38) / 20)
    band = chosen(draw, weights.tolist(), n)
    ages = starts[band] + 5 * draw.random(n)
    old = band == len(starts) - 1
    return np.where(old, starts[-1] + draw.exponential(2.2, n).clip(0, 14), ages)


def _reached(draw: np.random.Generator, n: int, years: int, practice: MadeUpPractice, deprived: Floats) -> Floats:
    """The practice's part, the person's own and the year's: together of variance 1 over an area."""
    quality = area().quality
    own = _OWN * draw.standard_normal(n) - 0.1 * deprived
    rest = (1 - quality**2 - _OWN**2) ** 0.5
    return np.asarray(practice.quality * quality + own[:, None] + rest * draw.standard_normal((n, years)))


def _reviews(draw: np.random.Generator, n: int, run: Run) -> Ints:
    """About the same time of every year for each person: a month either way."""
    own = draw.integers(0, 365, n)
    back = (own[:, None] + draw.integers(-30, 31, (n, run.years))) % 365
    return run.last - 365 * np.arange(run.years) - back


def _deaths(draw: np.random.Generator, run: Run, age: Floats, deprived: Floats, frailty: Floats, table: People) -> Ints:
    law = table.mortality
    window = table.years_of_the_departed
    chance = law["level"] * np.exp(law["growth"] * age + np.log(law["deprived"]) / 2 * deprived)
    share = share_below(mixed([(-law["lean"], frailty)], draw.standard_normal(len(age))))
    dies = share < np.minimum(chance * window, 0.7)
    day = run.last - draw.integers(0, 365 * window, len(age))
    return np.where(dies, day, NEVER)


def _departures(draw: np.random.Generator, run: Run, age: Floats, died: Ints, table: People) -> Ints:
    window = table.years_of_the_departed
    by_age = np.interp(age, list(table.moves_by_age), list(table.moves_by_age.values()))
    leaves = draw.random(len(age)) < table.moves_out * window * by_age / 1.25
    day = run.last - draw.integers(1, 365 * window, len(age))
    return np.where(leaves & (died == NEVER), day, NEVER)


def _arrivals(draw: np.random.Generator, run: Run, born: Ints, end: Ints, table: People) -> Ints:
    """The first day on the list: since birth for some, else so long ago that the half have come in `half_life`."""
    n = len(born)
    last = np.minimum(end, run.last)
    mean = table.joined["half_life"] / 0.6931 * 365
    back = draw.exponential(mean, n).astype(np.int64)
    birth = (draw.random(n) < table.joined["from_birth"]) & (last - born < 40 * 365)
    start = np.where(birth, born + draw.integers(1, 60, n), last - back)
    start = np.maximum(start, born + 1)
    start = np.where(start < run.last - 100 * 365, run.last - 100 * 365, start)
    return np.minimum(np.maximum(start, born), last)


def ids(persons: Persons) -> pa.Array:
    """`P012-004711`: the practice, and the number of the person in it."""
    numbers = pc.utf8_lpad(pa.array(np.arange(1, persons.count + 1)).cast(pa.string()), width=6, padding="0")
    return pc.binary_join_element_wise(pa.scalar(persons.practice.code), numbers, "-")
