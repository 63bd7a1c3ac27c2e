"""The PCA guard rail over a run: which practices' personalised care adjustments to look at, and why.

Nothing is withheld: what a practice would lose is worked out by the plan on other figures, and changes none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from remit.analysis.pca import OWN, TESTS, PcaRule, Test, examine, put_back, quartiles
from remit.analysis.pca_result import ExaminedItem, IfCounted, PcaDates, PcaResult, TypePca
from remit.application.needs_analysis import check_analysis_installed
from remit.application.overview import sensitive_items
from remit.application.pca_dates import dates_of_evaluation, dates_of_positions
from remit.application.progress import Cancelled, OnProgress, never, reporting, silent
from remit.core.dates import SchemeYear
from remit.core.figures import DENOMINATOR, PCAS
from remit.core.problems import Place, Refused, error, refuse
from remit.disclosure.policies import load_policy
from remit.disclosure.practice_pcas import hidden_pcas
from remit.disclosure.suppression import Policy
from remit.pricing.what_if import WhatIf
from remit.runs import Run, open_run
from remit.runs.results import MERGED
from remit.scheme import load_scheme
from remit.scheme.model import Item, Scheme
from remit.scheme.years import need_april
from remit.scoring.guard import PcaCount, pca_counts

__all__ = ["OWN", "TESTS", "PcaResult", "Request", "Test", "evaluate"]

_BENCHMARKS = "qif-2024-25"


@dataclass(frozen=True)
class Request:
    """The folder of a run; `tests` decide the band in place of each item's own. `references` are rates by whose they
    are, for items without a guard. `earlier` runs are of the year before, or of an earlier day of the same year;
    `evaluation` has the days and the reasons of the PCAs.
    """

    run: Path
    tests: tuple[Test, ...] = ()
    references: Mapping[str, Fraction] = field(default_factory=dict)
    earlier: tuple[Path, ...] = ()
    evaluation: Path | None = None
    policy: str = "default"


def evaluate(request: Request, on_progress: OnProgress = silent, cancelled: Cancelled = never) -> PcaResult:
    """Examine every item of a run that has PCAs counted. Raises Refused where none has."""
    check_analysis_installed()
    report = reporting(on_progress, cancelled)
    policy = load_policy(request.policy)
    run, earlier = open_run(request.run), [open_run(folder) for folder in request.earlier]
    need_april(run.inputs.schemes.values(), "PCAs are examined")
    _check_years(run, earlier, request.earlier)
    counted = list(_counts(run, earlier))
    if not counted:
        what = "no item of this run has PCAs counted."
        hint = "Supply counts of PCAS beside the denominators, and run again."
        raise refuse("analysis.no-pcas", what, Place(str(request.run)), hint)
    about = sensitive_items(run)
    examined = []
    for n, of in enumerate(counted, 1):
        examined.append(_examined(of, request, policy, about))
        report(n, len(counted))
    changed = _if_counted(run, examined, report)
    examined = [replace(one, if_counted=changed.get(one.item, {})) for one in examined]
    shown = [one for one in examined if not one.about]
    dates, reasons = PcaDates(), None
    if request.evaluation:
        codes = [code for of in counted if of.item.item not in about for code in of.definitions]
        dates, reasons = dates_of_evaluation(request.evaluation, codes, policy, request.policy)
    elif earlier:
        dates = dates_of_positions(run, earlier, [one.item for one in shown], policy)
    practices = run.inputs.practices
    return PcaResult(
        tuple(dict.fromkeys(plan.scheme.title for plan in run.plans.values())), tuple(examined),
        {code: practices[code].name for code in dict.fromkeys(code for of in counted for code in of.counts)},
        tuple(_types(shown, policy)), _benchmarks(), dates, policy, reasons, run.counted_on,
    )  # fmt: skip


def _check_years(run: Run, earlier: Sequence[Run], folders: Sequence[Path]) -> None:
    """Raises Refused for each run that is neither of the year before nor of an earlier day of the same year."""
    end = run.counted_on or _run_year(run).end
    wrong = [
        error(
            "analysis.year-not-earlier",
            f"{folder} is neither of the year before {_run_year(run)} nor of a day of it before {end.isoformat()}.",
            None,
            "Name a run of the same practices in the year before, or an earlier position of the same year.", run=folder,
        )
        for before, folder in zip(earlier, folders, strict=True)
        if _run_year(before) != _run_year(run).before
        and not (_run_year(before) == _run_year(run) and before.counted_on and before.counted_on < end)
    ]  # fmt: skip
    if wrong:
        raise Refused(wrong)


def _run_year(run: Run) -> SchemeYear:
    return next(iter(run.inputs.schemes.values())).year


def _examined(of: _Counted, request: Request, policy: Policy, about: Mapping[str, str]) -> ExaminedItem:
    item, listed = of.item, {code: count for code, count in of.counts.items() if code not in of.merged}
    # A guard rail's own test is over all that the run has, as on the statement.
    found = examine(_rule(item, listed, request), of.counts if item.guard else listed)
    found = replace(found, practices=tuple(one for one in found.practices if one.practice in listed))
    hidden = hidden_pcas({code: (count.pcas, count.denominator) for code, count in listed.items()}, policy)
    own = item.guard is not None
    return ExaminedItem(item.item, item.title, _type(of.scheme, item), own, found, hidden, about.get(item.item, ""))


def _benchmarks() -> dict[str, Fraction]:
    """The rates over all indicators that a scheme of the library names."""
    items = load_scheme(_BENCHMARKS).items
    return {name: rate.known() for item in items if item.guard for name, rate in item.guard.references.items()}


class _Counted(NamedTuple):
    """An item of a scheme, the definitions that its figures are of, and its PCAs by practice; of those that `merged`
    into another within the year nothing is listed: their patients are their successor's."""

    scheme: Scheme
    item: Item
    definitions: Sequence[str]
    counts: Mapping[str, PcaCount]
    merged: frozenset[str]


def _counts(run: Run, earlier: list[Run]) -> Iterator[_Counted]:
    """The PCAs of each item that has any counted, by practice, with those of the year before where they are given."""
    for name, plan in run.plans.items():
        codes = [code for code in run.codes if run.inputs.assigned[code] == name]
        settled_there = [code for code in codes if run.inputs.practices[code].merged_in(plan.scheme.year)]
        merged = frozenset(settled_there if plan.resolved.merger.value else ())
        for item in plan.items:
            if item.measure != "achievement":
                continue
            those: dict[str, PcaCount] = {}
            subjects = {code: _subject(run, item, code) for code in codes}
            for subject in dict.fromkeys(subjects.values()):
                counts = pca_counts(run.inputs.counts.figures, run.inputs.counts.previous, subject)
                those |= {code: count for code, count in counts if subjects.get(code) == subject}
            for before in earlier:
                if _run_year(before) == _run_year(run).before:
                    those = {code: _with_previous(before, subjects[code], count, code) for code, count in those.items()}
            if those.keys() - merged:
                used = {subjects[code] for code in those}
                definitions = [code for code in item.indicators if code in used] or [*item.indicators]
                yield _Counted(plan.scheme, item, definitions, those, merged)


def _subject(run: Run, item: Item, code: str) -> str:
    """Under what a practice's figures of an item are: of one with several definitions, the one that is in force."""
    if len(item.indicators) < 2:
        return item.item
    practice, figures = run.inputs.practices[code], run.inputs.counts.of(code)
    definition = run.standings.plan(code).measurer(item.item).achievement(practice, figures).definition
    return definition if PCAS in figures.get(definition, {}) else item.item


def _with_previous(before: Run, subject: str, count: PcaCount, code: str) -> PcaCount:
    """The count with that of the same item in the run of the year before, where it has none yet."""
    figures = before.inputs.counts.of(code).get(subject, {})
    if count.previous or PCAS not in figures or not figures[PCAS] + figures.get(DENOMINATOR, 0):
        return count
    return replace(count, previous=(int(figures[PCAS]), int(figures.get(DENOMINATOR, 0))))


def _rule(item: Item, counts: Mapping[str, PcaCount], request: Request) -> PcaRule:
    """The item's own guard; without one, the rates that were given, or that of the run's practices together."""
    guard = item.guard
    if guard is None:
        references, own = dict(request.references), False
        if not references and len(counts) > 1:
            people = sum(count.people for count in counts.values())
            references, own = {OWN: Fraction(sum(count.pcas for count in counts.values()), people)}, True
        return PcaRule(references, request.tests or ("binomial",), own=own)
    rise = guard.increase_points
    own_tests: tuple[Test, ...] = ("binomial", "rise") if rise else ("binomial",)
    return PcaRule(
        {name: rate.known() for name, rate in guard.references.items()}, request.tests or own_tests,
        guard.significance.known(), rise.known() if rise else PcaRule.rise, guard.looks == "both ways",
    )  # fmt: skip


def _type(scheme: Scheme, item: Item) -> str:
    return scheme.indicator(item.indicators[0]).type if item.indicators else "type not stated"


def _if_counted(run: Run, examined: list[ExaminedItem], report: OnProgress) -> dict[str, dict[str, IfCounted]]:
    """By item and practice, of those with PCAs above the highest reference: what another figure would pay."""
    back: dict[str, dict[str, int]] = {}
    for one in examined:
        highest = one.found.rule.highest
        for practice in one.found.practices if highest is not None else ():
            if patients := put_back(practice.count, highest or Fraction(0)):
                back.setdefault(practice.practice, {})[one.item] = patients
    changed: dict[str, dict[str, IfCounted]] = {}
    for n, (code, items) in enumerate(back.items(), 1):
        result = run.practice(code)
        price = None if result.status == MERGED or result.through_network else run.what_if(result)
        for item, patients in items.items():
            pence = _priced(price, item, patients) if price and item not in result.parts else None
            changed.setdefault(item, {})[code] = IfCounted(patients, pence)
        report(n, len(back))
    return changed


def _priced(price: WhatIf, item: str, patients: int) -> int | None:
    """What so many patients more in the denominator, and fewer PCAs, would change in pence, by the plan."""
    holders = price.holder(item, DENOMINATOR), price.holder(item, PCAS)
    if holders[0] is None or holders[1] is None:
        return None
    change = {
        (holders[0], DENOMINATOR): int(price.figures[holders[0]][DENOMINATOR]) + patients,
        (holders[1], PCAS): int(price.figures[holders[1]][PCAS]) - patients,
    }
    return price.worth(change, price.touched(change))[0]


def _types(examined: list[ExaminedItem], policy: Policy) -> Iterator[TypePca]:
    """Each type of indicator: PCAs over all, and the quartiles of the practices' rates over the type's items."""
    for name in dict.fromkeys(one.type for one in examined):
        those = [one for one in examined if one.type == name]
        sums: dict[str, tuple[int, int]] = {}
        for practice in (practice for one in those for practice in one.found.practices):
            pcas, size = sums.get(practice.practice, (0, 0))
            sums[practice.practice] = pcas + practice.count.pcas, size + practice.count.denominator
        hidden = hidden_pcas(sums, policy)
        rates = [Fraction(pcas, pcas + size) for pcas, size in sums.values()]
        yield TypePca(
            name, len(those), sum(pcas for pcas, _ in sums.values()), sum(sum(both) for both in sums.values()),
            quartiles(rates) if not hidden.practices or len(rates) >= 10 else None, hidden.whole,
        )  # fmt: skip
