"""What a card is made of, beside the scheme itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from remit.pricing.full_achievement import FullAchievement
from remit.scheme.model import Scheme


@dataclass(frozen=True)
class Coverage:
    """Which items can be counted from records, by how sure their rules are; and which are counts only.

    `other_years` says that some are counted by rules of another year.
    """

    by_status: Mapping[str, tuple[str, ...]]
    counts_only: tuple[str, ...] = ()
    other_years: bool = False


@dataclass(frozen=True)
class SchemeCard:
    """A scheme, what full achievement pays, what records can count, and the names of its and its variants' places."""

    scheme: Scheme
    worth: FullAchievement
    coverage: Coverage
    places: Mapping[str, str]
