"""`limits`: what several items pay a practice or network together, at most and at least."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from remit.core import say
from remit.core.rounding import scaled
from remit.scheme.agreements import Cited, Code
from remit.scheme.quantity import Money, Quantity

ALL = "all"


class Limit(Cited):
    """`{items: ["1", "2"], at_most: £9,000}`; `items: all` is the whole scheme."""

    items: Annotated[tuple[Code, ...], Field(min_length=2)] | Literal["all"] = Field(
        description="The items that the limit is of, two or more; or `all`"
    )
    at_most: Money | None = Field(default=None, description="The most that they pay together in the year")
    at_least: Money | None = Field(
        default=None, description="The least that they pay together, to a practice or network that earns anything"
    )

    @model_validator(mode="after")
    def _says_something(self) -> Limit:
        least, most = self.at_least, self.at_most
        if least is None and most is None:
            raise ValueError("a limit needs 'at_most' or 'at_least'")
        if least and most and not (least.required or most.required) and least.known() > most.known():
            raise ValueError(f"at least {least} is more than at most {most}")
        return self

    @property
    def missing(self) -> str:
        """What must be supplied before it holds, or nothing."""
        gaps = [key for key in ("at_most", "at_least") if (one := getattr(self, key)) is not None and one.required]
        return f"amount of {' and '.join(gaps)} of {self.whose}" if gaps else ""

    @property
    def whose(self) -> str:
        """`items 1 and 2`, `all items`."""
        return "all items" if self.items == ALL else f"items {say.listed(self.items)}"

    @property
    def words(self) -> str:
        """`items 1 and 2 together: at most £9,000`"""
        parts = [f"at most {self.at_most}"] if self.at_most else []
        parts += [f"at least {self.at_least} where anything is earned"] if self.at_least else []
        return f"{self.whose} together: {', '.join(parts)}"

    def pence_for(self, came_to: int) -> int:
        """What is paid of so many pence in all; nothing stays nothing."""
        most, least = _pence(self.at_most), _pence(self.at_least)
        if most is not None and came_to > most:
            return most
        return least if least is not None and 0 < came_to < least else came_to


def _pence(limit: Quantity | None) -> int | None:
    if limit is None or limit.value is None:
        return None
    return scaled(limit.value.numerator, limit.value.denominator, 2)
