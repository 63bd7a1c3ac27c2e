"""How a scheme's rules will be worked out over records: scans, statements, fields, registers. Nothing is counted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from remit.application.inputs import achievement_date, read_clusters, read_rules
from remit.core.dates import SchemeYear
from remit.core.problems import refuse
from remit.evaluation.engine.describing import Described, describe
from remit.evaluation.engine.planning import query_plan
from remit.evaluation.evaluator import needed_clusters
from remit.evaluation.period import dates_of
from remit.evaluation.plan import Plan
from remit.evaluation.plan import plan as plan_of
from remit.evaluation.years import check_given, check_named, check_years
from remit.scheme import load_scheme
from remit.terminology.clusters import need

__all__ = ["Described", "PlanRequest", "PlanResult", "plan"]


@dataclass(frozen=True)
class PlanRequest:
    """Of which scheme, on which day, over which clusters and rules; as in an `EvaluationRequest`."""

    scheme: str
    on: date | None = None
    clusters: str | None = None
    rules: tuple[Path, ...] = ()
    rules_of: tuple[SchemeYear, ...] = ()


@dataclass(frozen=True)
class PlanResult:
    """What is counted (`counted` has what is not, too), and the steps of the work in words and as SQL."""

    scheme: str
    on: date
    counted: Plan
    registers: int
    clusters: int
    described: Described


def plan(request: PlanRequest) -> PlanResult:
    """Plan an evaluation. Raises Refused for what would stop one, but for records."""
    scheme, held = load_scheme(request.scheme), read_clusters(request.clusters)
    rules = read_rules(request.rules).of(scheme.year, *request.rules_of)
    check_named(rules, request.rules_of)
    counted = plan_of(scheme, rules, request.rules_of)
    if not counted.counted:
        raise refuse(
            "evaluation.nothing-counted",
            f"{scheme.scheme} has no item that rules over records count.",
            None,
            "Its counts are supplied.",
            scheme=scheme.scheme,
        )
    check_years(counted.elsewhen, scheme.year, request.rules_of)
    check_given(rules, counted.definitions())
    needed = needed_clusters(counted, rules)
    need(needed, held)
    dates = dates_of(scheme, achievement_date(scheme, request.on))
    indicators = list(counted.definitions().values())
    query = query_plan(indicators, rules.registers, dates)
    below = [rules.registers[code] for stage in query.stages for code in (one.code for one in stage.registers)]
    codes = {name: held.codes_of(name) for name in needed}
    described = describe(query, [*indicators, *below], rules.registers, dates, codes)
    return PlanResult(scheme.scheme, dates.achievement, counted, len(below), len(needed), described)
