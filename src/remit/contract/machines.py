"""Every machine of the year of a scheme, for what shows or checks them all."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from remit.contract import (
    adjustment,
    appeal,
    books,
    claim,
    declaration,
    improvement_cycle,
    information_request,
    network_achievement,
    participation,
    payment_run,
    recovery_plan,
    verification,
)
from remit.contract.machine import Machine, Party

_IN_THE_SERVICE = (participation, declaration, payment_run, recovery_plan, adjustment, books)
_LATER = (claim, network_achievement, improvement_cycle, appeal, verification, information_request)


def _machine(module: Any) -> Machine[StrEnum, StrEnum, Party]:
    found: Machine[StrEnum, StrEnum, Party] = module.MACHINE
    return found


IN_THE_SERVICE = tuple(map(_machine, _IN_THE_SERVICE))
"""Those of an offer, declarations and money."""
LATER = tuple(map(_machine, _LATER))
"""Those that nothing uses yet."""
