"""What the parts of a scheme must add up to, as its source prints it: checked when the file is read, never paid."""

from __future__ import annotations

from pydantic import Field, model_validator

from remit.scheme.agreements import Cited, Code
from remit.scheme.quantity import Count, Money, Points, Quantity


class SumOfItems(Cited):
    """`{of: ["1", "2"], per_head: £1.70}`: what some items pay in full, in the contract's own unit."""

    of: tuple[Code, ...] = Field(min_length=1, description="The items that are added up")
    per_head: Money | None = Field(default=None, description="Pounds for each head, of items that pay by the head")
    points: Points | None = Field(default=None, description="Points, of items that pay points or print them")
    pounds: Money | None = Field(default=None, description="Pounds, of items that pay set sums or up to a cap")

    @model_validator(mode="after")
    def _one_amount(self) -> SumOfItems:
        if sum(amount is not None for amount in (self.per_head, self.points, self.pounds)) != 1:
            raise ValueError("give exactly one of 'per_head', 'points' and 'pounds'")
        return self

    @property
    def paid_as(self) -> str:
        """The key of its amount: `per_head`, `points` or `pounds`."""
        return "per_head" if self.per_head is not None else "points" if self.points is not None else "pounds"

    @property
    def amount(self) -> Quantity:
        """What they must come to."""
        amount: Quantity = getattr(self, self.paid_as)
        return amount


class Totals(Cited):
    """What the parts must add up to: a check, not a payment."""

    most: Money | None = None
    points: Points | None = None
    items: Count | None = None
    domains: dict[str, Points] = Field(default_factory=dict)
    items_of: dict[str, Count] = Field(default_factory=dict, description="How many items a domain has")
    tagged: dict[str, Count] = Field(default_factory=dict, description="How many items have a tag")
    sums: tuple[SumOfItems, ...] = Field(
        default=(), description="What some of the items add up to, each sum in pounds a head, points or pounds"
    )
