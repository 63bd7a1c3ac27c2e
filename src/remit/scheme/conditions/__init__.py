"""What a contract makes a payment hang on: each condition a few keys that read like its sentence.

`{achievement_of: "2", below: 20%}`, `{pca_rate_of: "2", above: 12%}`, `{column: deprivation, above: 35.0}`,
`{count: meetings, at_least: 2, of: 3}`, `{declared: level-2}`, `{accepted: a-scheme}`,
`{at_least: 2, of: ["2", "3", "4"], reach: top step}`, and `all: […]`, `any: […]`, `not: …` of such. A condition is
true, false, or not known, with what must be supplied.
"""

from __future__ import annotations

from remit.scheme.conditions.base import Condition, Facts, ItemFacts, Verdict
from remit.scheme.conditions.single import (
    AcceptedScheme,
    AchievementOf,
    ColumnOf,
    CountOf,
    DeclaredYes,
    PcaRateOf,
)
from remit.scheme.conditions.together import (
    BOUNDS,
    CONDITION_BRANCHES,
    AllOf,
    AnyOf,
    ManyReach,
    NoCondition,
    Not,
    When,
)

__all__ = [
    "BOUNDS",
    "CONDITION_BRANCHES",
    "AcceptedScheme",
    "AchievementOf",
    "AllOf",
    "AnyOf",
    "ColumnOf",
    "Condition",
    "CountOf",
    "DeclaredYes",
    "Facts",
    "ItemFacts",
    "ManyReach",
    "NoCondition",
    "Not",
    "PcaRateOf",
    "Verdict",
    "When",
]
