"""Shared savings and pools explored: what a rule pays for noise and misses, which size is enough, what a veto costs.

The rule is an item of a scheme or of a run, or is given key by key. Pounds come from the payment kind itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from pydantic import ValidationError

from remit.analysis.savings import Activity, drawn_growth, odds, size_needed
from remit.analysis.savings_result import GroupOdds, NoiseOdds, RuleOdds, SavingsResult
from remit.analysis.veto import Veto, blocked
from remit.application.needs_analysis import check_analysis_installed
from remit.application.progress import Cancelled, OnProgress, never, reporting, silent
from remit.application.savings_figures import activity_of
from remit.core import say
from remit.core.figures import FigureKey
from remit.core.problems import Problem, Refused, did_you_mean, error, refuse
from remit.runs import Run, open_run
from remit.runs.networks import NETWORK
from remit.scheme import load_scheme
from remit.scheme.kinds import Kind
from remit.scheme.kinds.shared_savings import SharedSavings
from remit.scheme.model import Scheme
from remit.scheme.quantity import Quantity

__all__ = ["Request", "SavingsResult", "evaluate"]

_GENERAL = (2, 3, 4, 5, 6, 8, 10), (Fraction(80, 100), Fraction(90, 100), Fraction(95, 100), Fraction(99, 100))
_YEARS = (1, 2, 3, 5)
_RATES = tuple(Fraction(n, 100) for n in (0, 1, 2, 3, 5))
"""Minimum rates and corridors that are tried, beside the rule's own."""
_RUN = "manifest.json"


@dataclass(frozen=True)
class Request:
    """A scheme, its file or a run's folder (`source`) and an item; `rule` has keys of the payment kind that stand in
    place of the item's, or are the whole rule where no source is given.

    `rate` is the activity of a patient in a year, `price` pounds for each, `spread` its variance over its mean, or
    `figures` a file of yearly figures. `sizes` are patients of a group; the first stands for all where one is needed.
    `saving` is a true one, of 0 to 1. `years` are the years of the baseline. `others` are the patients of another
    population. `assent` is how likely a member says yes.
    """

    source: str = ""
    item: str = ""
    rule: Mapping[str, str] = field(default_factory=dict)
    rate: Fraction | None = None
    price: Fraction | None = None
    spread: Fraction | None = None
    figures: Path | None = None
    sizes: tuple[int, ...] = (30_000, 5_000, 10_000, 50_000, 100_000, 300_000)
    saving: Fraction = Fraction(5, 100)
    years: int = 1
    others: int = 1_000_000
    assent: Fraction = Fraction(95, 100)
    false: Fraction = Fraction(5, 100)
    missed: Fraction = Fraction(20, 100)
    most: int = 2_000_000
    seed: int = 1


def evaluate(request: Request, on_progress: OnProgress = silent, cancelled: Cancelled = never) -> SavingsResult:
    """Explore a rule and its pools. Raises Refused where there is neither, or where figures are missing."""
    check_analysis_installed()
    report = reporting(on_progress, cancelled)
    run = open_run(Path(request.source)) if request.source and (Path(request.source) / _RUN).exists() else None
    schemes = [plan.scheme for plan in run.plans.values()] if run else []
    if request.source and not run:
        schemes = [load_scheme(request.source)]
    item, kind = _kind(request, schemes)
    vetoed = any(scheme.networks and scheme.networks.assent == "every member" for scheme in schemes)
    pools = tuple(_pools(run, request.assent)) if run and vetoed else ()
    noise = _noise(request, run, item, kind, report) if kind else None
    members, chances = _GENERAL
    every = dict.fromkeys((*chances, request.assent))
    general = {(n, yes): blocked([None] * n, yes) for n in members for yes in sorted(every)}
    title = "; ".join(dict.fromkeys(scheme.title for scheme in schemes)) or "a rule of your own"
    return SavingsResult(title, noise, pools, general, request.assent, vetoed)


def _kind(request: Request, schemes: list[Scheme]) -> tuple[str, SharedSavings | None]:
    """The item's code and its rule, with what was given in place of its own keys; no rule where a scheme has pools."""
    if not schemes:
        if not request.rule:
            what = "there is no rule to explore."
            raise refuse("analysis.no-savings", what, None, "Name a scheme or a run, or give the share that is paid.")
        return "", _valid(dict(request.rule))
    items = {item.item: item for scheme in schemes for item in scheme.items if isinstance(item.kind, SharedSavings)}
    if request.item and request.item not in items:
        what = f"item {request.item} of {schemes[0].scheme} does not pay a share of a saving."
        raise refuse("analysis.no-savings", what, None, did_you_mean(request.item, items), item=request.item)
    if len(items) > 1 and not request.item:
        what = f"several items pay a share of a saving: {', '.join(items)}."
        raise refuse("analysis.no-savings", what, None, "Name one of these items.", items=list(items))
    if not items:
        if not any(scheme.networks for scheme in schemes):
            what = f"{schemes[0].scheme} pays no share of a saving, and has no networks."
            raise refuse("analysis.no-savings", what, None, "Name a different scheme, or give the share that is paid.")
        return "", None
    item = items[request.item] if request.item else next(iter(items.values()))
    return item.item, _valid({**_keys(item.kind), **request.rule})


def _keys(kind: Kind) -> dict[str, str]:
    """A rule key by key, as a file has it."""
    keys = {}
    for name in SharedSavings.model_fields:
        value = getattr(kind, name)
        if isinstance(value, Quantity):
            keys[name] = "required" if value.required else value.text
        elif isinstance(value, bool):
            keys[name] = "true" if value else "false"
    return keys


def _valid(keys: dict[str, str]) -> SharedSavings:
    """The rule. Raises Refused with everything that cannot be read, or that is still to be supplied."""
    try:
        kind = SharedSavings.model_validate(keys)
    except ValidationError as wrong:
        problems: list[Problem] = []
        for one in wrong.errors():
            name = ".".join(map(str, one["loc"])).replace("_", " ") or "the rule"
            reason = str(one["msg"]).removeprefix("Value error, ")
            what = f"{name}: {'it must be given' if one['type'] == 'missing' else reason}."
            problems.append(error("analysis.savings-rule-unfit", what, None, "Correct it.", key=name))
        raise Refused(problems) from None
    faults = [f"{str(path[0]).replace('_', ' ')}: {reason}" if path else reason for path, reason in kind.faults()]
    if kind.missing() or faults:
        what = f"the {kind.missing()} must be supplied." if kind.missing() else f"{'; '.join(faults)}."
        raise refuse("analysis.savings-rule-unfit", what, None, "Give it.", key=kind.missing())
    return kind


def _other_rules(kind: SharedSavings) -> Iterator[tuple[str, Fraction, bool, SharedSavings]]:
    """The rule with other minimum rates, and with other corridors; its own among them."""
    keys = _keys(kind)
    for key, own in (("minimum_rate", kind.minimum_rate), ("corridor", kind.corridor)):
        rest = {name: text for name, text in keys.items() if name != key}
        mine = own.known() if own else Fraction(0)
        for value in sorted({*_RATES, mine}):
            more = {key: say.percent(value)} if value else {}
            yield key, value, value == mine, kind if value == mine else _valid({**rest, **more})


def _noise(request: Request, run: Run | None, item: str, kind: SharedSavings, report: OnProgress) -> NoiseOdds:
    rate, price, spread, origin = activity_of(request.rate, request.price, request.spread, request.figures, run, item)
    activity = Activity(rate, price, float(spread))
    sizes = sorted(dict.fromkeys(request.sizes))
    groups = list(_groups(run, item, activity)) if run else []
    every = sorted({*_YEARS, request.years})
    rules = list(_other_rules(kind))
    steps, done = len(sizes) + len(every) + len(groups) + len(rules) + 2, 0
    by_size, by_years, by_group, by_rule = [], {}, [], []
    for size in sizes:
        by_size.append(odds(kind, activity, size, request.saving, request.years))
        report(done := done + 1, steps)
    for years in every:
        by_years[years] = odds(kind, activity, request.sizes[0], request.saving, years)
        report(done := done + 1, steps)
    for code, name, pence, patients in groups:
        by_group.append(GroupOdds(code, name, pence, odds(kind, activity, patients, request.saving, request.years)))
        report(done := done + 1, steps)
    for key, value, own, other in rules:
        found = odds(other, activity, request.sizes[0], request.saving, request.years)
        by_rule.append(RuleOdds(key, value, own, found))
        report(done := done + 1, steps)
    drawn = drawn_growth(kind, activity, request.sizes[0], request.others, request.saving, request.seed)
    report(done := done + 1, steps)
    false, missed = float(request.false), float(request.missed)
    needed = size_needed(kind, activity, request.saving, request.years, false, missed, request.most)
    report(done + 1, steps)
    return NoiseOdds(
        item, kind.words(), activity, origin, request.years, tuple(by_size), by_years, drawn, request.others, needed,
        request.most, request.false, request.missed, tuple(by_group), tuple(by_rule),
    )  # fmt: skip


def _groups(run: Run, item: str, activity: Activity) -> list[tuple[str, str, int | None, int]]:
    """Those with a baseline of the item: code, name, what it is paid, and the patients that such a baseline has."""
    groups = []
    for code in run.codes:
        baseline = run.inputs.counts.of(code).get(item, {}).get(FigureKey("BASELINE_POUNDS"))
        if baseline:
            awards = {award.item.item: award.pence for award in run.practice(code).awards}
            patients = max(1, round(Fraction(baseline) / activity.price / activity.rate))
            groups.append((code, run.inputs.practices[code].name, awards.get(item), patients))
    return groups


def _pools(run: Run, assent: Fraction) -> list[Veto]:
    """Each network's pool, and how likely one of its members blocks it."""
    pools = []
    for code in run.codes:
        if run.inputs.practices[code].level != NETWORK or not run.inputs.scheme_of(code).networks:
            continue
        result = run.practice(code)
        if result.pool:
            taking = [one for one, part in result.pool.parts_of_year.items() if part != 0]
            answers = tuple(result.pool.assents[one] for one in taking)
            name = run.inputs.practices[code].name or code
            pools.append(Veto(name, answers, result.pool.pence, blocked(answers, assent)))
    return pools
