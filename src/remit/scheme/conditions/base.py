"""What every condition answers: whether it holds of one practice, or that this is not known and what to supply."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from remit.scheme.kinds.base import Reads, Strict
from remit.scheme.quantity import Quantity

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Verdict:
    """Whether a condition holds of a practice; None while that is not known.

    `because` says what is so, as a part of a sentence: `the deprivation is 22.0, not above 35.0`. Of what is not known
    it is whole sentences, which name what to supply.
    """

    holds: bool | None
    because: str


@dataclass(frozen=True)
class ItemFacts:
    """What conditions look at of an item: the counts of its achievement, and what it earns by it.

    `rate` is None while it is not known, for the reason `why`, and where nobody was there to be counted (`empty`).
    `earned` and `most` are in the unit of its kind; `met` is whether what requires it may pay, None too where it was
    not priced yet.
    """

    rate: Fraction | None
    empty: bool
    why: str
    denominator: int | None
    pcas: int | None
    earned: Fraction | None
    most: Fraction | None
    met: bool | None


class Facts(Protocol):
    """What is known of one practice or network when an item of it is priced."""

    def item(self, code: str) -> ItemFacts:
        """What it achieved of an item."""

    def column(self, name: str) -> str:
        """What the practices file has of it in a column; empty where it has nothing."""

    def figure(self, subject: str, measure: str) -> Fraction | None:
        """A figure of the counts, for the year."""


class Condition(Strict, ABC):
    """One condition. It is pure: it looks at facts, and knows nothing of practices or files."""

    @abstractmethod
    def verdict(self, facts: Facts) -> Verdict:
        """Whether it holds."""

    @abstractmethod
    def words(self) -> str:
        """The condition as a part of a sentence: `the achievement of 2 is below 20%`."""

    def rests_on(self) -> tuple[str, ...]:
        """The items that it looks at."""
        return ()

    def pca_rates_of(self) -> tuple[str, ...]:
        """The items whose personalised care adjustments it looks at."""
        return ()

    def marks_of(self, code: str) -> tuple[tuple[Fraction, bool], ...]:
        """Where on the scale of an item's achievement it begins or ceases to hold: each rate, and whether the rate
        itself is still below."""
        return ()

    def reads(self) -> tuple[Reads, ...]:
        """The figures that it reads beside those of items."""
        return ()

    def columns(self) -> tuple[str, ...]:
        """The columns of the practices file that it looks at."""
        return ()

    def parts(self) -> Iterator[tuple[Path, Condition]]:
        """The conditions within it, each with its path."""
        yield from ()

    def missing(self) -> str:
        """What the file must supply before it can be asked, or nothing."""
        return ", ".join(filter(None, (part.missing() for _, part in self.parts())))

    def faults(self) -> Iterator[tuple[Path, str]]:
        """What is wrong with its numbers taken together: (path below it, message)."""
        for path, part in self.parts():
            for below, message in part.faults():
                yield (*path, *below), message


_BOUNDS: tuple[tuple[str, str, Callable[[Fraction, Fraction], bool]], ...] = (
    ("above", "above", lambda value, bound: value > bound),
    ("at_least", "at least", lambda value, bound: value >= bound),
    ("below", "below", lambda value, bound: value < bound),
    ("at_most", "at most", lambda value, bound: value <= bound),
)


@dataclass(frozen=True)
class Bounds:
    """Between which numbers something lies. All four are optional; one is given at least."""

    given: tuple[tuple[str, Quantity], ...]

    @classmethod
    def of(cls, part: Strict) -> Bounds:
        """Those among the keys of a condition."""
        named = ((key, getattr(part, key)) for key, _, _ in _BOUNDS)
        return cls(tuple((key, bound) for key, bound in named if bound is not None))

    def hold(self, value: Fraction) -> bool:
        """Whether a number lies between them."""
        tests = {key: test for key, _, test in _BOUNDS}
        return all(tests[key](value, bound.known()) for key, bound in self.given)

    def words(self) -> str:
        """`above 35.0`, `at least 5% and below 12%`."""
        names = {key: name for key, name, _ in _BOUNDS}
        return " and ".join(f"{names[key]} {bound}" for key, bound in self.given)

    def of_value(self, value: Fraction) -> str:
        """`above 35.0`, or `not above 35.0`."""
        return self.words() if self.hold(value) else f"not {self.words()}"

    def marks(self) -> tuple[tuple[Fraction, bool], ...]:
        """Each number with whether it is itself still below."""
        known = [(key, bound.value) for key, bound in self.given]
        return tuple((value, key in ("above", "at_most")) for key, value in known if value is not None)

    def missing(self) -> str:
        """The bounds that are still required."""
        return ", ".join(key for key, bound in self.given if bound.required)

    def never(self, least: Fraction | None, most: Fraction | None) -> str:
        """Why no number from `least` to `most` lies between them; nothing where one does."""
        if self.missing():
            return ""
        known = {key: bound.known() for key, bound in self.given}
        low = max((known[key] for key in ("above", "at_least") if key in known), default=None)
        high = min((known[key] for key in ("below", "at_most") if key in known), default=None)
        open_ = {known.get("above"), known.get("below")}
        if low is not None and high is not None and (low > high or (low == high and low in open_)):
            return "no number is both"
        if most is not None and low is not None and (low > most or (low == most == known.get("above"))):
            return "it is never more"
        if least is not None and high is not None and (high < least or (high == least == known.get("below"))):
            return "it is never less"
        return ""
