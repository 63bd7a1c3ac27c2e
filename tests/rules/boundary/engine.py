"""What the engine says of people, definition by definition, as the interpreter's `decided` says it of one."""

from __future__ import annotations

from collections.abc import Iterable

from tests.generative.test_engines_agree import given_to

from remit.evaluation.engine.planning import query_plan
from remit.evaluation.engine.practice import Engine
from remit.evaluation.model import Dates
from remit.evaluation.plan import members
from remit.records.model import Patient
from remit.rules import model as r
from remit.rules.definitions import Definitions

CommandResult = tuple[int, bool, r.Counts] | bool | None
"""Of an indicator the rule, its side and what it counts as, None outside the population; of a register who is on it."""


def engine_says(
    people: list[Patient], codes: Iterable[str], known: Definitions, dates: Dates
) -> dict[str, list[CommandResult]]:
    """Of each definition what becomes of each of the people, in their order. The ids of the people differ."""
    asked = {code: known.find(code) for code in codes}
    indicators = {
        code: members(f"on {code}", one) if one.is_register else one for code, one in asked.items() if one is not None
    }
    names = known.needed_clusters(asked)
    used = {event.code for patient in people for event in patient.events}
    clusters = {name: frozenset({name} | {c for c in used if name in c.split("/")}) for name in names}
    plan = query_plan(indicators.values(), known.registers, dates)
    engine = Engine(plan, clusters)
    (found,) = engine.run([given_to(engine, "A1", people)])
    engine.close()
    said: dict[str, list[CommandResult]] = {}
    for at, decision in enumerate(plan.indicators):
        register = decision.code.startswith("on ")
        branches = [decision.branches[code] if code >= 0 else None for code in found.codes[at]]
        said[decision.code.removeprefix("on ")] = [
            branch is not None if register else branch and (branch.rule, branch.branch, branch.counts)
            for branch in branches
        ]
    return said
