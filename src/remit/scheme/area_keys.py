"""What a scheme says of all practices of its area together: a budget that scales their awards, and whose numbers are
too small to be paid on their own.

A practice's pounds are then known only when all practices' are. `pricing/area_wide.py` works that out.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from remit.core.words import listed
from remit.scheme.agreements import Cited, Code
from remit.scheme.limits import ALL
from remit.scheme.quantity import Count, Money

Items = Literal["all"] | Annotated[tuple[Code, ...], Field(min_length=1)]
"""Items by their codes, or all."""


class ScaledTo(Cited):
    """A budget for the awards of all practices: each is multiplied by budget / sum.

    `when: over` scales only where the sum is over the budget, `always` shares a fixed pot in proportion.
    """

    budget: Money
    items: Items = Field(description="The items whose awards are scaled, or `all`")
    when: Literal["over", "always"] = Field(description="`over`: only a sum over the budget is scaled; or `always`")
    rounding: Literal["each part half up", "largest remainder"] = Field(
        description="How the parts become pence: `each part half up` may miss the budget by pence, `largest remainder` "
        "adds up to it exactly"
    )
    words: str = ""

    def names(self, code: str) -> bool:
        """Whether it scales an item."""
        return self.items == ALL or code in self.items

    def in_words(self) -> str:
        """The rule in a sentence, without its budget."""
        which = "all items" if self.items == ALL else f"item{'s'[: len(self.items) > 1]} {listed(list(self.items))}"
        when = "if they come to more" if self.when == "over" else "whatever they come to"
        how = "each rounded half up" if self.rounding == "each part half up" else "by largest remainder, to the penny"
        return f"for {which} of all practices, which are scaled in proportion {when}, {how}"


class SmallNumbers(Cited):
    """Whose denominator is too small to be paid on its own rate, and which rate it is paid at instead.

    The average is of `all patients together` or the `mean of the practices' rates`, over `all practices` or only the
    `practices that are not small`.
    """

    fewer_than: Count = Field(description="A denominator below this is small")
    paid_at: Literal["average of the area"]
    average: Literal["all patients together", "mean of the practices' rates"]
    of: Literal["all practices", "practices that are not small"]
    nobody: Literal["paid at the average", "paid nothing"] = Field(
        default="paid at the average", description="What holds where nobody at all is in the denominator"
    )
    items: Items = Field(
        default="all", description="Of the scheme: for which items; `all` are those that are paid by a rate of patients"
    )
    words: str = ""

    def is_small(self, denominator: int | None) -> bool:
        """Whether a practice with so many patients is paid at the average."""
        if denominator is None or denominator >= self.fewer_than.known():
            return False
        return denominator > 0 or self.nobody == "paid at the average"

    def in_words(self, fewer: str = "") -> str:
        """The rule in a sentence; `fewer` is its number as it is shown."""
        which = "any item" if self.items == ALL else listed(list(self.items))
        whose = "of all practices" if self.of == "all practices" else "of the practices that are not small"
        rate = "the rate of all patients together" if self.average == "all patients together" else "the mean rate"
        nobody = "" if self.nobody == "paid at the average" else "; with nobody to count nothing is paid"
        small = f"fewer than {fewer or self.fewer_than} patients in the denominator of {which}"
        return f"a practice with {small} is paid at {rate}, {whose}{nobody}"
