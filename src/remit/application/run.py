"""To run a scheme: counts or claims in, a folder of results out, and what it came to in a few figures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Literal

from remit.application.progress import Cancelled, OnProgress, never, reporting, silent
from remit.core.problems import Problem, warning
from remit.core.words import listed, some_of
from remit.files.folders import check_free
from remit.files.tables import CsvRows
from remit.runs import Run, read_inputs, write_run
from remit.runs.folder import RunSummary
from remit.runs.manifest import RunManifest, RunsManifest
from remit.runs.mean_weights import mean_weights
from remit.runs.origins import check_origins
from remit.runs.several_schemes import run_claims, write_claimed_runs
from remit.runs.side_by_side import (
    FILE,
    SideBySide,
    assigned_to,
    names_several,
    run_side_by_side,
    write_side_by_side,
)
from remit.scheme import load_scheme

__all__ = ["ClaimsResult", "Missing", "RunRequest", "RunResult", "RunSummary", "SchemeResult", "run"]

_FOR_AN_ITEM = re.compile(r"(.*: supply [A-Z_ ,and()0-9a-z]*? for )([^ .,]+(?: \([^)]*\))?)\.")
"""A reason that asks for an item's figures: what it asks for, and the item."""


@dataclass(frozen=True)
class RunRequest:
    """What to run: schemes by id or file, and where the figures are. With `claims`, every practice is in every scheme.

    With `every_scheme` that is so for counts too; without it, each is in the one of its place or of `assign`, which may
    name several. `national` is a file, or `from-run`; `period` a quarter or a day, where an in-year position is wanted.
    `practices` and `items` narrow the run to some of them.
    """

    schemes: tuple[str, ...]
    practices_file: Path
    folder: Path
    counts: Path | None = None
    claims: Path | None = None
    national: Path | Literal["from-run"] | None = None
    assign: Path | None = None
    recovery: Path | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    period: str | None = None
    practices: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    every_scheme: bool = False
    ignore_unknown: bool = False
    replace: bool = False
    errors: int = 20


@dataclass(frozen=True)
class Missing:
    """Something that must be supplied before all can be paid, and how: a setting with an example of it, or a file.

    `by_practice` says that a recovery can be set for each practice in its own file too.
    """

    what: str
    setting: str = ""
    file: Literal["", "national"] = ""
    by_practice: bool = False


@dataclass(frozen=True)
class SchemeResult:
    """What the run of one scheme, or of variants of one, came to."""

    folder: Path
    summary: RunSummary
    codes: tuple[str, ...]
    paid_in_advance: bool
    missing: tuple[Missing, ...]
    mean_weights: tuple[tuple[str, str, Fraction], ...]
    """(group, its people, the mean of its weight), where that is not 1."""
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class ClaimsResult:
    """How many claims there are of each outcome, and the file that says which."""

    counted: int
    refused: int
    held: int
    file: Path


@dataclass(frozen=True)
class RunResult:
    """Each scheme's result by its id (one, of no name, where there are counts alone), and what became of claims."""

    schemes: dict[str, SchemeResult]
    warnings: tuple[Problem, ...]
    claims: ClaimsResult | None = None
    by_practice: Path | None = None
    """The sums of each practice over its schemes, where practices may be in several."""


def run(request: RunRequest, on_progress: OnProgress = silent, cancelled: Cancelled = never) -> RunResult:
    """Award and pay every practice, and write the folder, whole or not at all.

    Raises Refused with every problem of the inputs, and Stopped where it was cancelled between two practices.
    """
    check_free(request.folder, request.replace, RunManifest, RunsManifest)
    report = reporting(on_progress, cancelled)
    if request.claims is not None:
        return _on_claims(request, request.claims, report)
    several = request.every_scheme or (request.assign is not None and names_several(CsvRows(request.assign)))
    return _side_by_side(request, report) if several else _on_counts(request, report)


def _side_by_side(request: RunRequest, report: OnProgress) -> RunResult:
    """Each scheme's run over the practices that are in it, side by side in one folder."""
    nation = None if request.national in (None, "from-run") else Path(request.national or "")
    counts = request.counts or Path()
    check_origins([request.practices_file, counts, nation, request.assign, request.recovery])
    assigned = assigned_to(CsvRows(request.assign), request.errors) if request.assign else None
    loaded = {name: load_scheme(name) for name in dict.fromkeys(request.schemes)}
    by_id = {one.scheme: one for one in loaded.values()}
    for name in dict.fromkeys(name for names in (assigned or {}).values() for name in names):
        if name not in loaded:
            loaded[name] = by_id.get(name) or load_scheme(name)
    if assigned:
        assigned = {code: tuple(loaded[name].scheme for name in names) for code, names in assigned.items()}
    schemes = [loaded[name] for name in request.schemes]
    ids = {scheme.scheme for scheme in schemes}
    schemes += {one.scheme: one for one in loaded.values() if one.scheme not in ids}.values()
    given = SideBySide(
        CsvRows(request.practices_file),
        CsvRows(counts),
        CsvRows(nation) if nation else None,
        request.national == "from-run",
        CsvRows(request.recovery) if request.recovery else None,
        request.settings,
        request.period,
        request.ignore_unknown,
        request.errors,
        request.practices,
        request.items,
    )
    runs = run_side_by_side(schemes, given, assigned)
    summaries = write_side_by_side(runs, request.folder, request.replace, report)
    results = {name: _result(summaries[name], request.folder / name, each) for name, each in runs.items()}
    warnings = dict.fromkeys(problem for each in runs.values() for problem in each.inputs.warnings)
    return RunResult(results, tuple(warnings), by_practice=request.folder / FILE)


def _on_counts(request: RunRequest, report: OnProgress) -> RunResult:
    inputs = read_inputs(
        request.schemes,
        request.practices_file,
        request.counts,
        national=request.national,
        assign=request.assign,
        recovery=request.recovery,
        settings=request.settings,
        period=request.period,
        ignore_unknown=request.ignore_unknown,
        errors=request.errors,
    )
    priced = Run(inputs, request.practices, request.items)
    summary = write_run(priced, request.folder, request.replace, report)
    return RunResult({"": _result(summary, request.folder, priced)}, tuple(inputs.warnings))


def _on_claims(request: RunRequest, claims: Path, report: OnProgress) -> RunResult:
    together = run_claims(
        request.schemes,
        request.practices_file,
        claims,
        request.counts,
        settings=request.settings,
        period=request.period,
        recovery=request.recovery,
        ignore_unknown=request.ignore_unknown,
        errors=request.errors,
        only_practices=request.practices,
        only_indicators=request.items,
    )
    summaries = write_claimed_runs(together, request.folder, request.replace, report)
    several = len(together.runs) > 1
    results = {
        name: _result(summaries[name], request.folder / name if several else request.folder, each)
        for name, each in together.runs.items()
    }
    warnings = dict.fromkeys(problem for each in together.runs.values() for problem in each.inputs.warnings)
    counts = {outcome: together.decided.count(outcome) for outcome in ("counted", "refused", "held")}
    outcomes = ClaimsResult(**counts, file=request.folder / "claims.csv")
    if outcomes.held:
        many = "claim is held" if outcomes.held == 1 else "claims are held"
        what = f"{outcomes.held} {many}: nobody is paid for them until claims.csv's reasons are settled."
        warnings[warning("claims.held", what, claims=outcomes.held)] = None
    return RunResult(results, tuple(warnings), outcomes)


def _result(summary: RunSummary, folder: Path, priced: Run) -> SchemeResult:
    return SchemeResult(
        folder,
        summary,
        priced.codes,
        any(plan.scheme.terms.paid_in_advance is not None for plan in priced.plans.values()),
        tuple(_missing(summary, priced)),
        tuple(mean_weights(priced.standings)),
        tuple(_problems(summary)),
    )


def _problems(summary: RunSummary) -> Iterator[Problem]:
    """What of a run is not final, or is to be looked at."""
    if summary.items_without_counts:
        what = f"{summary.items_without_counts} of {summary.items} items have no award yet: award.csv says why."
        yield warning("runs.items-without-award", what, items=summary.items_without_counts, of=summary.items)
    if summary.items_without_pounds:
        what = f"{summary.items_without_pounds} of {summary.items} items have an award but no pounds: "
        what += "award.csv says what to supply."
        yield warning("runs.items-without-pounds", what, items=summary.items_without_pounds, of=summary.items)
    for (item, why), codes in summary.waits.items():
        what = f"item {item} of {some_of(codes)} has pounds that are not final: {why}."
        yield warning("runs.items-not-final", what, item=item, practices=codes, reason=why)
    if summary.blocked:
        what = f"{summary.blocked} of {summary.networks} networks are blocked: payment.csv says why."
        yield warning("runs.networks-blocked", what, networks=summary.blocked, of=summary.networks)
    if summary.reviews:
        items = "1 item is" if summary.reviews == 1 else f"{summary.reviews:,} items are"
        what = f"{items} to be reviewed: see the column review of award.csv."
        yield warning("runs.items-to-review", what, items=summary.reviews)


def _missing(summary: RunSummary, priced: Run) -> Iterator[Missing]:
    """All that is still missing: what the schemes leave open, then what the counts lack."""
    for one in priced.open_inputs():
        if one.in_a_case and not any(one.name in reason for reason in summary.missing):
            continue
        yield Missing(f"{one.name}: {one.in_words}", one.example, by_practice=one.path[:2] == ("terms", "recovery"))
    for name, about in priced.open_parameters():
        yield Missing(f"{name}: {about}", f"{name}=…")
    if groups := _without_national(priced):
        yield Missing(f"the national figures of {', '.join(groups)}", file="national")
    own = {name for plan in priced.plans.values() for name in plan.scheme.parameters}
    for reason, codes in _grouped(summary.missing):
        settings = [name for name in re.findall(r"\bset (\w+)", reason) if name in own]
        yield Missing(f"{some_of(codes)}: {reason}", f"{settings[0]}=…" if settings else "")


def _grouped(missing: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, Sequence[str]]]:
    """Reasons with the practices that they hold for: those that differ by the item alone are one, with every item."""
    found: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for reason, codes in missing.items():
        words = _FOR_AN_ITEM.fullmatch(reason)
        found.setdefault((words[1] if words else reason, tuple(codes)), []).append(words[2] if words else "")
    for (reason, practices), items in found.items():
        yield f"{reason}{listed(items)}." if any(items) else reason, practices


def _without_national(priced: Run) -> list[str]:
    """The groups of indicators that are weighed, and whose register and list in the nation nobody gave."""
    groups: dict[str, None] = {}
    for plan in priced.plans.values():
        prevalence = plan.scheme.weights.prevalence
        known = {*priced.inputs.national, *(prevalence.national if prevalence else ())}
        for code in plan.codes:
            if {"prevalence", "target_population"} & set(plan.lines[code].item.weights):
                groups |= dict.fromkeys({plan.measurer(code).group} - known)
    return list(groups)
