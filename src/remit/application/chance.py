"""Chance: how much of a run's payments a year of the same care could change, and what would make that less."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from remit.application.needs_analysis import check_analysis_installed
from remit.application.overview import sensitive_items
from remit.application.progress import Cancelled, OnProgress, never, reporting, silent
from remit.core.problems import Refused, did_you_mean, error, refuse
from remit.disclosure.policies import load_policy
from remit.runs import Run, open_run

if TYPE_CHECKING:
    from remit.analysis.chance import PracticeChance
    from remit.analysis.chance_result import ChanceResult, PracticeReport
    from remit.analysis.item_chance import ItemReport


@dataclass(frozen=True)
class Request:
    """The folder of a run; some of its `items` and `practices`, else all; runs of earlier years of the same practices,
    whose counts are added to the run's where years are pooled."""

    run: Path
    items: tuple[str, ...] = ()
    practices: tuple[str, ...] = ()
    earlier: tuple[Path, ...] = ()


def evaluate(request: Request, on_progress: OnProgress = silent, cancelled: Cancelled = never) -> ChanceResult:
    """Work it out for every practice. Raises Refused for an item or a practice that the run does not have, for earlier
    runs of other practices, and where scipy is not installed."""
    check_analysis_installed()
    from remit.analysis.chance import chance, totals
    from remit.analysis.chance_result import ChanceResult
    from remit.analysis.item_chance import item_reports, size_classes

    report = reporting(on_progress, cancelled)
    run = open_run(request.run)
    _check(run, request)
    found = chance(run, request.items)
    everyone = found.everyone(report=report)
    earlier = _earlier(run, request)
    items = item_reports(found, everyone, earlier or None)
    by_code = {one.code: one for one in everyone}
    named = [code for code in run.codes if code in request.practices]  # one without a chance is said to have none
    wanted = [by_code.get(code) or found.practice(code) for code in named] if named else [*everyone]
    return ChanceResult(
        tuple(dict.fromkeys(plan.scheme.title for plan in run.plans.values())), totals(found, everyone), items,
        found.without, tuple(_practices(run, wanted, items)), size_classes(everyone), sensitive_items(run),
        len(request.earlier) + 1, bool(request.practices), bool(request.items), load_policy("default").hide_up_to,
        run.counted_on,
    )  # fmt: skip


def _check(run: Run, request: Request) -> None:
    """Whether the run has what is asked for."""
    known = list(dict.fromkeys(item.item for plan in run.plans.values() for item in plan.items))
    wrong = [
        error("runs.item-unknown", f"the run has no item '{code}'.", None, did_you_mean(code, known), item=code)
        for code in request.items
        if code not in known
    ]
    wrong += [
        error(
            "runs.practice-unknown", f"there is no practice '{code}' in this run.", None, did_you_mean(code, run.codes),
            practice=code,
        )
        for code in request.practices
        if code not in run.codes
    ]  # fmt: skip
    if wrong:
        raise Refused(wrong)


def _earlier(run: Run, request: Request) -> dict[str, dict[str, tuple[int, int]]]:
    """The counts of the earlier runs together, by item and practice: of items that count the same indicator."""
    from remit.analysis.run_counts import counted_items

    together: dict[str, dict[str, tuple[int, int]]] = {}
    indicators = {item.item: item.indicators for plan in run.plans.values() for item in plan.items}
    years = {run.year}
    for folder in request.earlier:
        other = open_run(folder)
        if other.year in years or other.year > run.year:
            what = f"{folder} is of {other.year}: each run must be of a year of its own, before {run.year}."
            hint = "Name runs of the same practices in earlier years, each once."
            raise refuse("analysis.year-not-earlier", what, None, hint, run=folder)
        years.add(other.year)
        common = False
        for counts in counted_items(other, request.items)[0]:
            if not {*counts.item.indicators} & {*indicators.get(counts.code, ())}:
                continue
            by_practice = together.setdefault(counts.code, {})
            for code, over, under in zip(counts.codes, counts.over, counts.under, strict=True):
                before = by_practice.get(code, (0, 0))
                by_practice[code] = before[0] + int(over), before[1] + int(under)
                common = common or code in run.inputs.practices
        if not common:
            raise refuse(
                "comparison.nothing-in-common", f"{folder} has no practice of this run in any of its items.", None,
                "Name a run of the same practices and indicators in an earlier year.", run=folder,
            )  # fmt: skip
    return together


def _practices(run: Run, those: Sequence[PracticeChance], items: Sequence[ItemReport]) -> list[PracticeReport]:
    import numpy as np

    from remit.analysis.chance import interval
    from remit.analysis.chance_result import PracticeReport
    from remit.analysis.item_chance import fitted, own_reliability_of
    from remit.analysis.repeat_year import own_rate_earns_other

    reports = {(one.counts.scheme, one.counts.code): one for one in items}
    own: dict[tuple[str, str], dict[int, float]] = {}
    for key, one in reports.items():
        spread, here = fitted(one), one.counts.counted
        if spread and len(here):
            chances = own_rate_earns_other(one.counts.scale, spread, one.counts.over[here], one.counts.under[here])
            own[key] = dict(zip(map(int, here), map(float, np.asarray(chances)), strict=True))
    found = []
    for practice in those:
        keys = [((line.counts.scheme, line.code), line.place) for line in practice.items]
        found.append(
            PracticeReport(
                practice, run.inputs.practices[practice.code].name,
                tuple(own[key][place] for key, place in keys),
                tuple(own_reliability_of(reports[key], place) for key, place in keys), interval(practice),
            )
        )  # fmt: skip
    return found
