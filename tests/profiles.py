"""How many examples a property is tried on, for every test of this tree. tests/conftest.py loads one of these.

HYPOTHESIS_PROFILE names it: `quick` (`./test quick`), `whole` (where nothing is named) or `thorough` (`make deep`,
`make agreement`). No example has a deadline: a busy machine is not a fault. Where CI is set, and in `quick`, the same
examples are tried each time: a change is not refused for an example that it happened to meet first.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from hypothesis import HealthCheck, Phase, settings

EXAMPLES = {"quick": 10, "whole": 30, "thorough": 1000}
QUIET = (HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much)


def load(environment: Mapping[str, str] = os.environ) -> None:
    """Make the profile that is named the one of every property. Raises SystemExit for a name that is none."""
    name = environment.get("HYPOTHESIS_PROFILE", "whole")
    if name not in EXAMPLES:
        raise SystemExit(f"HYPOTHESIS_PROFILE is {name}. It can be {', '.join(EXAMPLES)}.")
    for each, many in EXAMPLES.items():
        settings.register_profile(
            each,
            max_examples=many,
            deadline=None,
            derandomize=each == "quick" or bool(environment.get("CI")),
            print_blob=True,
            suppress_health_check=QUIET,
        )
    settings.load_profile(name)


def examples(times: float, *meant: HealthCheck) -> settings:
    """So many times the examples of the profile: below 1 for a property that is slow, above it for one that is quick.

    A decorator. No test names a number of its own, so that each grows and shrinks with the profile. `meant`: what a
    property does on purpose, as to use one fixture for all of its examples.
    """
    many = max(1, round(times * EXAMPLES[settings.get_current_profile_name()]))
    return settings(max_examples=many, suppress_health_check=[*QUIET, *meant])


def machine(times: float, steps: int) -> settings:
    """The same for a state machine, with the most steps that one example has."""
    return settings(examples(times), stateful_step_count=steps, suppress_health_check=list(HealthCheck))


def the_same(many: int) -> settings:
    """So many examples, the same each time and in every profile: for what asks which things are ever made at all."""
    return settings(
        max_examples=many, derandomize=True, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip


def is_quick() -> bool:
    """Whether there are too few examples to ask whether each thing was met in one of them."""
    return settings.get_current_profile_name() == "quick"
