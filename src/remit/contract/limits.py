"""The limits of a scheme year: what an amount needs before it is paid, and its risk class. Amounts are pence.

The defaults are CQRS Local's: finance approves above £15,000; risk is low below £15,000, medium to £49,999.99, high
from £50,000; what tier 1 approves in bulk is checked by tier 2.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any

from remit.core.problems import Collector, did_you_mean


class Risk(StrEnum):
    """How much hangs on a decision."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


@dataclass(frozen=True)
class Needed:
    """What is needed before an amount is paid; `together` is the amount that was held against the limits, in pence."""

    declaration: bool
    review: bool
    tier_1: bool
    tier_2: bool
    finance: bool
    together: int = 0


@dataclass(frozen=True)
class Limits:
    """What a scheme year asks for. Amounts above `finance_above` and `tier_2_above` (None: no such limit) need more.

    `needs_declaration`, `needs_review` and `needs_approval` are off where a year is set "no declaration required", "no
    review" or "no approval required". Without approval, finance is not asked either.
    """

    finance_above: int = 1_500_000
    medium_from: int = 1_500_000
    high_from: int = 5_000_000
    tier_2_in_bulk: bool = True
    tier_2_above: int | None = None
    needs_declaration: bool = True
    needs_review: bool = True
    needs_approval: bool = True

    def risk(self, pence: int) -> Risk:
        """The risk class of an amount, a negative one by its size."""
        size = abs(pence)
        if size >= self.high_from:
            return Risk.HIGH
        return Risk.MEDIUM if size >= self.medium_from else Risk.LOW

    def needed(
        self, pence: int, others: Iterable[int] = (), in_bulk: bool = False, has_evidence: bool = True
    ) -> Needed:
        """What an amount needs, together with `others`.

        These are all the amounts of the same practice and scheme year that are approved or wait, so that no limit is
        avoided by parts. Negative amounts count by their size. `has_evidence`: something is declared that no record
        shows, so that there is evidence to review.
        """
        together = abs(pence) + sum(map(abs, others))
        bulk = in_bulk and self.tier_2_in_bulk
        above = self.tier_2_above is not None and together > self.tier_2_above
        return Needed(
            declaration=self.needs_declaration,
            review=self.needs_review and has_evidence,
            tier_1=self.needs_approval,
            tier_2=self.needs_approval and (bulk or above),
            finance=self.needs_approval and together > self.finance_above,
            together=together,
        )

    def as_dict(self) -> dict[str, int | bool | None]:
        """As plain data, by name."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> Limits:
        """From plain data; what is left out is as the defaults have it. Raises Refused with all that is wrong."""
        problems, default = Collector(), cls()
        known = {one.name: getattr(default, one.name) for one in fields(cls)}
        for name, value in data.items():
            if name not in known:
                message = f"'{name}' is not a limit or a setting of a scheme year."
                problems.add("contract.limit-unknown", message, None, did_you_mean(name, known), name=name)
            elif isinstance(known[name], bool):
                if not isinstance(value, bool):
                    message = f"{name} is {value!r}; expected true or false."
                    problems.add("contract.setting-unreadable", message, None, "", name=name, value=value)
            elif not (_is_pence(value) or (name == "tier_2_above" and value is None)):
                message = f"{name} is {value!r}; expected whole pence, 0 or more."
                problems.add("contract.limit-unreadable", message, None, "", name=name, value=value)
        both: dict[str, Any] = {**known, **data}
        medium, high = both["medium_from"], both["high_from"]
        if _is_pence(medium) and _is_pence(high) and high < medium:
            message = f"high_from ({high}) is below medium_from ({medium})."
            problems.add("contract.limits-out-of-order", message, None, "", medium_from=medium, high_from=high)
        problems.refuse_if_any()
        return cls(**both)


def _is_pence(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
