"""Prices that change with how much was done, and caps that go by the list: parts of what activity pays.

`£12.00 for each of the first 50 visits, £9.00 for each after`; `at most four tests per 1,000 registered patients,
rounded down`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, WithJsonSchema, model_validator

from remit.core import exact
from remit.core.rounding import scaled
from remit.scheme.kinds.base import Strict
from remit.scheme.quantity import Patients

_FORM = re.compile(r"(\S+) (?:for the (first|next) (\S+)|after)")
_EXAMPLE = "£12.00 for the first 50"


@dataclass(frozen=True)
class Tier:
    """One price: for so many, or for all that come after (None)."""

    price: Fraction
    many: int | None
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class InTier:
    """Of what was done in a part of the year, how many were paid at a tier's price."""

    tier: Tier
    many: Fraction


def _tier(raw: Any) -> Tier:
    if isinstance(raw, Tier):
        return raw
    match = _FORM.fullmatch(str(raw).strip())
    if not match:
        raise ValueError(f"expected a price such as '{_EXAMPLE}', '£10.00 for the next 100' or '£9.00 after'")
    many = exact.whole(match[3].replace(",", "")) if match[3] else None
    if many == 0:
        raise ValueError(f"'{raw}' is for none")
    return Tier(exact.money(match[1]), many, str(raw).strip())


def _in_order(tiers: tuple[Tier, ...]) -> tuple[Tier, ...]:
    for n, tier in enumerate(tiers):
        first = tier.text.startswith(f"{tier.text.split(' ', 1)[0]} for the first")
        if tier.many is not None and first != (n == 0):
            raise ValueError(f"'{tier}': the first price is for 'the first', and those behind it for 'the next'")
        if (tier.many is None) != (n == len(tiers) - 1):
            raise ValueError(
                "the last price, and it alone, is for what comes 'after': '£9.00 after' ('£0 after' for none)"
            )
    if len(tiers) < 2:
        raise ValueError("there are two prices or more; for one, give 'tariff'")
    return tiers


_Phrase = Annotated[
    Tier,
    BeforeValidator(_tier),
    PlainSerializer(str),
    WithJsonSchema({"type": "string", "examples": [_EXAMPLE, "£9.00 after"]}),
]


Tiers = Annotated[tuple[_Phrase, ...], AfterValidator(_in_order)]


def paid_by(tiers: tuple[Tier, ...], before: Fraction, many: Fraction) -> Iterator[InTier]:
    """How many of `many` are paid at which price, where `before` were paid already in the year."""
    for tier in tiers:
        if tier.many is None:
            yield InTier(tier, many)
            return
        here = min(max(tier.many - before, Fraction(0)), many)
        before, many = max(before - tier.many, Fraction(0)), many - here
        if here:
            yield InTier(tier, here)
        if not many:
            return


class PerThousand(Strict):
    """`most_per_1000: 4`, or `{count: 4, of: weighted list, rounded: down}`"""

    count: Patients = Field(description="How many for each 1,000; it may have decimals")
    of: Literal["list", "weighted list"] = Field(
        default="list", description="The practice's list of people, or weighted"
    )
    rounded: Literal["down", "up", "half up"] = Field(default="down", description="How a part of one is rounded")

    @model_validator(mode="before")
    @classmethod
    def _number(cls, raw: Any) -> Any:
        """A number alone, or a number with its source, is the count."""
        return raw if isinstance(raw, dict) and "value" not in raw else {"count": raw}

    def __str__(self) -> str:
        whom = "patients" if self.of == "list" else "weighted patients"
        return f"{self.count} a year for each 1,000 {whom}, rounded {self.rounded}"

    def cap(self, size: Fraction) -> int:
        """How many, for a list of this size."""
        exactly = self.count.known() * size / 1000
        return scaled(exactly.numerator, exactly.denominator, 0, self.rounded)
