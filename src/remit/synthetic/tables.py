"""The tables from which people and their care are drawn, as typed models. A key that is not known is an error."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

Share = Annotated[float, Field(ge=0, le=1)]
"""A share of people, 0 to 1."""

EVERYBODY = "everybody"


class Table(BaseModel):
    """A part of a file: frozen, and strict about its keys."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PlaceRow(Table):
    """A place: its code, how many practices of the whole area it has, and how deprived it is (0 is the middle)."""

    code: str
    practices: int
    deprived: float


class Area(Table):
    """The whole area (an ICB). A smaller one is scaled down from it."""

    practices: int
    networks: int
    patients: int
    spread: float
    """The standard deviation of the logarithm of a practice's size."""
    smallest: float
    """The smallest practice, as a share of the mean."""
    quality: float
    """How far a practice's care lies above or below the middle, as one standard deviation of a patient's chance."""
    age_tilt: float
    deprivation_spread: float
    places: tuple[PlaceRow, ...]


class Ethnicity(Table):
    """A group: its share of those who have one recorded, its letter, and the cluster of the coded entry."""

    letter: str
    share: float
    give: str
    diabetes: float = 1.0


class People(Table):
    """Who is in the records."""

    ages: dict[int, float]
    """Share of the list, by the first age of each band of five years."""
    women: Share
    other_sexes: dict[str, float]
    mortality: dict[str, float]
    years_of_the_departed: int
    moves_out: float
    """Share of a list that leaves for another practice in a year."""
    moves_by_age: dict[int, float]
    joined: dict[str, float]
    attendance: float
    """How evenly people come: each one's rate of ordinary entries is drawn from a gamma of this shape and mean 1."""
    ethnicity: tuple[Ethnicity, ...]
    missing: dict[str, float]
    flags: dict[str, float]
    faults: dict[str, float]


class Resolved(Table):
    """People who had it and are over it: as a share of those who have it, and the code that says so."""

    share: float
    give: str


class Condition(Table):
    """A condition: how many have it, who, what it goes with, and which codes say so.

    `percent` is of the people whose ages the register's list has (`aged`). `ages` is how frequent it is at an age
    against others, straight lines between. `women` and `deprived` are ratios: women to men, the most deprived tenth
    to the least. `leans` says how much it goes with a factor: metabolic, frailty, mind or lungs.
    """

    percent: float
    adjust: float = 1.0
    """What makes up for those who died or left, and for diagnoses that a register's rules do not count."""
    aged: tuple[int, int] = (0, 120)
    only: tuple[int, int] | None = None
    ages: dict[int, float]
    women: float = 1.0
    deprived: float = 1.0
    diabetes_like: bool = False
    leans: dict[Literal["metabolic", "frailty", "mind", "lungs"], float] = {}
    among: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    give: dict[str, float] = {}
    """Cluster expressions with weights; none for what only other tables refer to."""
    episodes: dict[str, float] = {"": 1.0}
    later: float = 0.0
    """Chance of a second entry of the diagnosis some time after."""
    begins: Literal["age", "recently"] = "age"
    within: float = 3.0
    resolved: Resolved | None = None
    source: str


class Value(Table):
    """How a value is drawn: about a mean, with a part that a person keeps; or a choice of numbers by weight."""

    mean: float = 0
    sd: float = 0
    low: float = 0
    high: float = 1e6
    decimals: int = 0
    unit: str = ""
    keeps: Share = 0.6
    """The share of the variance that is the person's own, in every year."""
    like: str = ""
    """The value whose personal part this one has: HbA1c is one thing whoever measures it."""
    skew: bool = False
    """Whether the logarithm is what is normal."""
    leans: dict[Literal["metabolic", "frailty"], float] = {}
    age: float = 0.0
    """What a decade of life beyond 50 adds to the mean."""
    of: dict[float, float] = {}


class Who(Table):
    """Whom a row is about: anybody with one of `of`, and none of `without`, of an age and sex."""

    of: tuple[str, ...] = (EVERYBODY,)
    without: tuple[str, ...] = ()
    ages: tuple[int, int] = (0, 120)
    sex: Literal["F", "M", ""] = ""


class Care(Who):
    """Something recorded of a share of people in each `every` years, or `once`.

    `leans` is how much it goes with a patient's being reached by the practice in that year: near 1 for a review,
    below 0 for what is recorded of those who are not reached.
    """

    give: tuple[str, ...]
    share: Share
    every: int = 1
    leans: float = 0.6
    when: Literal["review", "any", "after onset", "once"] = "any"
    after: tuple[int, int] = (0, 365)
    """Days after the beginning, for `after onset`."""
    each: Share = 1.0
    """The chance of each cluster of `give` where there are several."""
    value: str = ""
    times: dict[int, float] = {1: 1.0}
    gap: tuple[int, int] = (7, 60)
    episode: str = ""
    recent: int = 0
    """Only in the last so many years; 0 is all."""
    apart: Share = 0.0
    """The share of what follows the first of `give` that is entered up to 40 days before, or 10 days after it."""
    upto: date | None = None
    """For `once`: the last day on which it was entered, some time in the five years before."""


class Pressure(Who):
    """Blood pressure: two halves of one reading."""

    share: Share
    every: int = 1
    leans: float = 0.6
    when: Literal["review", "any"] = "review"
    systolic: tuple[float, float]
    diastolic: tuple[float, float]
    keeps: Share = 0.45
    home: Share = 0.0


class Medicine(Who):
    """A medicine issued again and again to a share of people."""

    give: dict[str, float]
    share: Share
    days: int
    quantity: int
    unit: str = "tablet"
    leans: float = 0.4
    group: str = ""
    """Rows of one group share their draw: nobody has two of them."""
    trait: str = ""
    """What those who are on it are called in other rows; several names are separated by blanks."""
    starts: tuple[int, int] = (0, 90)
    stopped: Share = 0.02


class Ordinary(Who):
    """What is recorded of everybody and read by no cluster: so many a year, of so many kinds."""

    name: str
    yearly: float
    kinds: int = 1
    by_age: float = 0.0
    """How much more of it a decade beyond 40 brings, as a share."""
    value: str = ""
    prescribed: bool = False
    quantity: int = 28


class CareTables(Table):
    """All that care is drawn from."""

    care: tuple[Care, ...]
    pressure: tuple[Pressure, ...]
    medicines: tuple[Medicine, ...]
    ordinary: tuple[Ordinary, ...]
    values: dict[str, Value]


_HERE = Path(__file__).parent


@cache
def area() -> Area:
    """The area's table."""
    return Area.model_validate(_read("area.yaml"))


@cache
def people() -> People:
    """The people's table."""
    return People.model_validate(_read("people.yaml"))


@cache
def conditions() -> dict[str, Condition]:
    """The conditions by name, in the order in which they are drawn."""
    return {name: Condition.model_validate(row) for name, row in _read("conditions.yaml").items()}


@cache
def care() -> CareTables:
    """What care is recorded, and what else."""
    rows = [row for group in _read("care.yaml").values() for row in group]
    halves = {"care": [row for row in rows if "systolic" not in row], "pressure": [r for r in rows if "systolic" in r]}
    return CareTables.model_validate({**halves, **_read("medicines.yaml"), **_read("values.yaml")})


def _read(name: str) -> dict[str, Any]:
    text = (_HERE / name).read_text(encoding="utf-8")
    table: dict[str, Any] = yaml.load(text, yaml.CSafeLoader)
    return table
