"""The payment kinds: each a module of its own behind `base.Kind`.

Those that turn one rate into an award: boolean, linear, step_then_linear, steps, protected. Those that calculate from
figures of their own or from other items (`base.CalculatedKind`): activity, historic, pooled, better_of_two_years,
higher_of, change_over, own_target, gateway, quality_improvement, fixed, pot, blend, shared_savings, income_protection.
"""

from __future__ import annotations

from remit.scheme.kinds.activity import Activity
from remit.scheme.kinds.amount import PaysAmount
from remit.scheme.kinds.base import (
    CalculatedKind,
    Calculation,
    ItemWorth,
    Kind,
    KindInputs,
    Reads,
    Strict,
    Threshold,
    Unit,
    WorkingLine,
)
from remit.scheme.kinds.baseline import Baseline, OverBaseline
from remit.scheme.kinds.better_of_two_years import BetterOfTwoYears
from remit.scheme.kinds.blend import Blend
from remit.scheme.kinds.boolean import Boolean
from remit.scheme.kinds.change_over import ChangeOver
from remit.scheme.kinds.fixed import Fixed
from remit.scheme.kinds.gateway import Gateway
from remit.scheme.kinds.higher_of import HigherOf
from remit.scheme.kinds.historic import Historic
from remit.scheme.kinds.income_protection import IncomeProtection
from remit.scheme.kinds.line import OnALine
from remit.scheme.kinds.linear import Linear
from remit.scheme.kinds.own_target import OwnTarget
from remit.scheme.kinds.pooled import Pooled
from remit.scheme.kinds.pot import Pot
from remit.scheme.kinds.protected import Protected
from remit.scheme.kinds.quality_improvement import QualityImprovement
from remit.scheme.kinds.required import Required
from remit.scheme.kinds.shared_savings import SharedSavings
from remit.scheme.kinds.step_then_linear import StepThenLinear
from remit.scheme.kinds.steps import Steps, StepTable

__all__ = [
    "Activity",
    "Baseline",
    "BetterOfTwoYears",
    "Blend",
    "Boolean",
    "CalculatedKind",
    "Calculation",
    "ChangeOver",
    "Fixed",
    "Gateway",
    "HigherOf",
    "Historic",
    "IncomeProtection",
    "ItemWorth",
    "Kind",
    "KindInputs",
    "Linear",
    "OnALine",
    "OverBaseline",
    "OwnTarget",
    "PaysAmount",
    "Pooled",
    "Pot",
    "Protected",
    "QualityImprovement",
    "Reads",
    "Required",
    "SharedSavings",
    "StepTable",
    "StepThenLinear",
    "Steps",
    "Strict",
    "Threshold",
    "Unit",
    "WorkingLine",
]
