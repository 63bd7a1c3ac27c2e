"""What a reform file says: a change of one scheme that somebody proposes, with its limits, its funding and its timing.

The models mirror the file key by key, as those of `model.py` do. What of it is a change of rules becomes an overlay of
the scheme (`reform_file.py`); limits, funding, timing and behaviour are about what the change would do.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema, model_validator

from remit.scheme.agreements import Code, Id
from remit.scheme.change_text import FORMS
from remit.scheme.changes import ChangeBy, Lever
from remit.scheme.kinds import Strict
from remit.scheme.quantity import Day, Money, Percent, Year

ALL_ITEMS = "all"
"""In place of a code: every item that has such a number."""

FIXED = "within fixed system resources"
NEW_FUNDING = "new indicators need new funding"
NEW_MONEY = "new money"
FundingRule = Literal["within fixed system resources", "new indicators need new funding", "new money"]


def _change(lever: Lever) -> Any:
    """A change of a number as a lever writes it."""
    form = FORMS[lever]

    def read(raw: Any) -> ChangeBy:
        change = form.read(str(raw))
        if change is None:
            raise ValueError(f"expected {form.example}; found '{raw}'")
        return change

    described = {"type": ["string", "number"], "description": f"Such as {form.example}"}
    return (BeforeValidator(read), PlainSerializer(str), WithJsonSchema(described))


PointsChange = Annotated[ChangeBy, *_change("points")]
ThresholdsChange = Annotated[ChangeBy, *_change("thresholds")]
PenceChange = Annotated[ChangeBy, *_change("pence")]


class PartShare(Strict):
    """Which share of an item's denominator a part is, and how far its achievement is from the whole item's."""

    share: Percent = Field(description="Its share of the item's denominator in every practice")
    difference: ThresholdsChange | None = Field(
        default=None, description="Achievement of the part less that of the whole item, such as -3pp"
    )


class Split(Strict):
    """A stated split of an item's counts among its parts."""

    source: str = Field(min_length=1, description="Where the shares and differences are from, in words")
    parts: dict[Code, PartShare] = Field(min_length=2, description="By the part's code")


class CountsOf(Strict):
    """Where the counts of an item's parts come from: supplied, from records, or by a stated split."""

    way: Literal["supplied", "records", "split"] = Field(
        description="`supplied` as counts of the new items, `records` from an evaluation, or `split` by stated shares"
    )
    split: Split | None = Field(default=None, description="The stated shares, with their source")

    @model_validator(mode="before")
    @classmethod
    def _short(cls, raw: Any) -> Any:
        if isinstance(raw, str):
            if raw not in ("supplied", "records"):
                raise ValueError("expected supplied, records, or 'split:' with its source and its parts")
            return {"way": raw}
        if isinstance(raw, dict) and "way" not in raw:
            return {"way": "split", **raw}
        return raw


class StratifiedPart(Strict):
    """One part of a stratified item: whom it counts, and what it pays; the rest is as in the item."""

    of: tuple[str, ...] = Field(min_length=1, description="The values of the breakdown that it counts")
    title: str = Field(default="", description="Its title; else the item's, with whom it counts")
    pays: dict[str, Any] = Field(min_length=1, description="As of an item, laid over what the whole item pays")


class Stratification(Strict):
    """An item that becomes several, each for some of its patients and with points and thresholds of its own."""

    by: Literal["frailty", "age", "sex", "ethnicity", "deprivation"] = Field(
        description="The breakdown by which patients are divided"
    )
    into: dict[Code, StratifiedPart] = Field(min_length=2, description="By the code of the new item")
    counts: CountsOf | None = Field(
        default=None, description="Where the parts' counts come from; there is no default, a simulation asks for it"
    )


class Protect(Strict):
    """Income protection: no practice is paid less than a share of what it was paid before.

    Without a year, that is what the scheme before the reform pays it, which a simulation works out from its run.
    """

    floor: Percent | dict[str, Percent] = Field(description="The share, or by scheme year, such as 2019-20: 98%")
    of: str = Field(default="the scheme before the reform", description="What was paid before, in words")
    year: Year | None = Field(
        default=None, description="The year of the pounds that it is a share of; they are supplied with the counts"
    )


class Timing(Strict):
    """When achievement is measured, and over which window."""

    window: Literal["12 months", "15 months"] | None = Field(
        default=None, description="How far back the rules look, where they look back 12 or 15 months"
    )
    year_end: Day | None = Field(default=None, description="A different day, the same for every practice")
    staggered: tuple[Day, ...] = Field(
        default=(), description="Days that practices are given in turn, in the order of their codes"
    )
    rolling: Literal["quarter ends"] | None = Field(
        default=None, description="The mean of the achievements at the four quarter ends"
    )

    @model_validator(mode="after")
    def _one_day(self) -> Timing:
        named = [self.year_end is not None, bool(self.staggered), self.rolling is not None]
        if sum(named) > 1:
            raise ValueError("give one of year_end, staggered and rolling: they say on which day, each in its own way")
        if not any(named) and self.window is None:
            raise ValueError("give window, year_end, staggered or rolling")
        if len(self.staggered) == 1:
            raise ValueError("staggered needs two days or more; for one day write year_end")
        return self


class Funding(Strict):
    """What the reform may cost, as a rule that is checked."""

    rule: FundingRule = Field(description="What the reform may cost")
    amount: Money | None = Field(default=None, description="The new money, of the rule 'new money'")

    @model_validator(mode="before")
    @classmethod
    def _short(cls, raw: Any) -> Any:
        return {"rule": raw} if isinstance(raw, str) else raw

    @model_validator(mode="after")
    def _amount_fits(self) -> Funding:
        if (self.rule == NEW_MONEY) != (self.amount is not None):
            raise ValueError("'amount' belongs to the rule 'new money', and that rule needs it")
        return self


class Limits(Strict):
    """How far the reform may go, each a share that is checked and reported."""

    retired_points: Percent | None = Field(default=None, description="At most so much of the points retired")
    retired_indicators: Percent | None = Field(default=None, description="At most so many of the indicators retired")
    modified_points: Percent | None = Field(default=None, description="At most so much of the points modified")
    modified_indicators: Percent | None = Field(default=None, description="At most so many of the indicators modified")
    largest_loss: Percent | None = Field(
        default=None, description="No practice loses more than this of its pounds; a simulation checks it"
    )


class Pull(Strict):
    """That practices below a threshold move towards it. How strongly, no source here says: you give it."""

    strength: Percent = Field(
        description="The share of the patients missing to the threshold that practices would reach"
    )
    source: str = Field(min_length=1, description="Where the strength is from, in words")


class Behaviour(Strict):
    """What practices would do differently because of the reform. What is not named is not assumed."""

    decline_after_retirement: str | None = Field(
        default=None, description="What is recorded of a retired item falls, by these figures"
    )
    pull_towards_threshold: Pull | None = Field(
        default=None, description="Practices below a threshold move towards it, as strongly as you say"
    )


class ReformFile(Strict):
    """A reform of one scheme."""

    reform: Id = Field(description="The reform's id")
    title: str = Field(min_length=1, description="What it does, in a few words")
    of: str = Field(description="The scheme that it changes: an id, or a file")
    about: str = Field(default="", description="Why, in a sentence or two")
    retire: tuple[Code, ...] = Field(default=(), description="Items that are left out")
    points: dict[Code, PointsChange] = Field(default_factory=dict, description="By item or `all`: +4, -2 or 6")
    thresholds: dict[Code, ThresholdsChange] = Field(default_factory=dict, description="By item or `all`: +3pp")
    pence: dict[Code, PenceChange] = Field(default_factory=dict, description="By item or `all`: +1 or 2.5")
    change: dict[str, Any] = Field(default_factory=dict, description="Any other keys of a scheme file, as an overlay")
    stratify: dict[Code, Stratification] = Field(default_factory=dict, description="By the item that becomes several")
    protect: Protect | None = Field(default=None, description="A floor under each practice's income")
    timing: Timing | None = Field(default=None, description="When achievement is measured")
    funding: Funding | None = Field(default=None, description="What it may cost")
    limits: Limits = Field(default=Limits(), description="How far it may go")
    behaviour: Behaviour = Field(default=Behaviour(), description="What practices would do differently")
    assumes: tuple[str, ...] = Field(default=(), description="What else it rests on, in sentences with their sources")

    def moves(self) -> Mapping[Lever, Mapping[str, ChangeBy]]:
        """The changes by lever, then by item."""
        return {"thresholds": self.thresholds, "pence": self.pence, "points": self.points}
