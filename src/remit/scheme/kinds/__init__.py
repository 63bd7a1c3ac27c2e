"""The payment kinds: each a module of its own behind `base.Kind`.

To come with the local schemes: activity, block, gateway, blend, pool.
"""

from __future__ import annotations

from remit.scheme.kinds.base import Bound, Kind, Strict, Unit
from remit.scheme.kinds.boolean import Boolean
from remit.scheme.kinds.linear import Linear
from remit.scheme.kinds.protected import Protected
from remit.scheme.kinds.required import Required
from remit.scheme.kinds.step_then_linear import StepThenLinear
from remit.scheme.kinds.steps import Steps, StepTable

__all__ = [
    "Boolean",
    "Bound",
    "Kind",
    "Linear",
    "Protected",
    "Required",
    "StepTable",
    "StepThenLinear",
    "Steps",
    "Strict",
    "Unit",
]
