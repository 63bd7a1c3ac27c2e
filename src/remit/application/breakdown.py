"""Break an evaluation's counts down by who the patients are, or by practice, network and place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from remit.application.inputs import read_rules
from remit.application.progress import Cancelled, OnProgress, never, reporting, silent
from remit.core import say

if TYPE_CHECKING:
    from remit.disclosure.breakdowns import Breakdown, EvaluatedCounts
    from remit.disclosure.result import BreakdownResult

By = Literal[
    "age", "sex", "ethnicity", "deprivation", "frailty", "place", "network", "practice", "pca-reason", "pca-month"
]
EXACT = "exact"
"""The policy that hides nothing: for one practice and its own figures."""


@dataclass(frozen=True)
class BreakdownRequest:
    """What to break down, and for whom: one `practice` sees its own figures, all others by a policy.

    `policy` is the name of one that ships, or a file. With no `indicator` it is all that anybody is under.
    """

    folder: Path
    by: By = "deprivation"
    indicator: str | None = None
    practice: str = ""
    policy: str = "default"


def break_down(
    request: BreakdownRequest, on_progress: OnProgress = silent, cancelled: Cancelled = never
) -> BreakdownResult:
    """The breakdown of one indicator or all. Raises Refused for what is not an evaluation, or is not in it."""
    from remit.disclosure.breakdowns import broken_down, chosen, of_practice, open_evaluation
    from remit.disclosure.policies import load_policy
    from remit.disclosure.result import BreakdownResult, by_type

    policy = load_policy(EXACT if request.practice else request.policy)
    evaluation = open_evaluation(request.folder)
    codes = chosen(evaluation, request.indicator)
    if request.practice:
        each = of_practice(evaluation, codes, request.by, request.practice, policy)
    else:
        each = broken_down(evaluation, codes, request.by, policy)
    report, done = reporting(on_progress, cancelled), []
    for one in each:
        done.append(one)
        report(len(done), len(codes))
    pcas = request.by.startswith("pca")
    breakdowns = tuple(one for one in done if one.cells or not pcas)
    return BreakdownResult(
        request.by,
        policy,
        breakdowns,
        evaluation.manifest.scheme.scheme,
        evaluation.manifest.on,
        request.practice,
        tuple(dict.fromkeys(p.provisional for p in evaluation.practices.values() if p.provisional)),
        {code: of.title for code, of in evaluation.manifest.definitions.items()},
        _reasons(evaluation, breakdowns) if request.by == "pca-reason" else {},
        by_type(breakdowns, _types(request.folder)) if pcas and request.indicator is None else (),
    )


def _reasons(evaluation: EvaluatedCounts, breakdowns: Sequence[Breakdown]) -> dict[tuple[str, str], str]:
    """Each reason in words: the rule's, where there are any and it is the rule that counted; else its category's."""
    known = read_rules()
    words = {
        (one.indicator, cell.value): say.capital(evaluation.category(one.indicator, cell.value))
        for one in breakdowns
        for cell in one.cells
    }
    for code in (one.indicator for one in breakdowns):
        definition, counted = known.where_found(code).find(code), evaluation.manifest.definitions.get(code)
        if definition and counted and definition.version == counted.version:
            for rule in definition.rules:
                for counts in (rule.counts, rule.else_counts):
                    if counts and counts.category == "pca" and rule.words:
                        words[code, counts.reason] = rule.words
    return words


def _types(folder: Path) -> dict[str, str]:
    """What type each indicator of the scheme is of, such as `process`."""
    from remit.files.tables import read_text
    from remit.scheme import thaw

    path = folder / "scheme.yaml"
    return {one.indicator: one.type for one in thaw(read_text(path), str(path)).indicators}
