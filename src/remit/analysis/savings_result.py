"""What an exploration of shared savings and pools came to: all that a document of it shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from remit.analysis.savings import Activity, Drawn, Odds
from remit.analysis.veto import Veto


@dataclass(frozen=True)
class GroupOdds:
    """A practice or network of a run: what it is paid, in pence, and the odds of its size. `name` may be empty."""

    code: str
    name: str
    pence: int | None
    odds: Odds


@dataclass(frozen=True)
class RuleOdds:
    """The odds of a rule with another `key` (`minimum_rate` or `corridor`), of 0 to 1; `own` where it is the rule's."""

    key: str
    value: Fraction
    own: bool
    odds: Odds


@dataclass(frozen=True)
class NoiseOdds:
    """One rule explored: `words` are the kind's own, `origin` says where the activity is from.

    `sizes` are the odds by size, `years` those of one size with a baseline of so many years, `drawn` against another
    population's growth of so many patients (`others`), `rules` those of the same size where the rule has another
    minimum rate or corridor. `needed` is the smallest group that is paid for nothing no more
    often than `false`, and missed no more often than `missed`.
    """

    item: str
    words: str
    activity: Activity
    origin: str
    baseline_years: int
    sizes: tuple[Odds, ...]
    years: Mapping[int, Odds]
    drawn: Drawn
    others: int
    needed: int | None
    most: int
    false: Fraction
    missed: Fraction
    groups: tuple[GroupOdds, ...] = ()
    rules: tuple[RuleOdds, ...] = ()


@dataclass(frozen=True)
class SavingsResult:
    """What was explored: a rule's odds, if there is one; a run's pools, and pools of so many members in general.

    `assent` is the chance that a member says yes; `vetoed` whether the scheme lets one member block a pool.
    """

    title: str
    noise: NoiseOdds | None
    pools: tuple[Veto, ...]
    general: Mapping[tuple[int, Fraction], Fraction]
    assent: Fraction
    vetoed: bool
