"""Simulate reforms of a run's scheme: who gains and loses, by how much, and how much of that is chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from remit.analysis.simulation.central import ReformedRun, central
from remit.analysis.simulation.groups import Group, groups
from remit.analysis.simulation.profiles import DigitalFirst, profiles
from remit.analysis.simulation.results import Attributes, Simulation
from remit.application.progress import Cancelled, OnProgress, never, reporting, silent
from remit.application.what_if_rules import changed_rules
from remit.core.problems import Place, Problem, Refused, error
from remit.files.tables import CsvRows
from remit.organisation.attributes import PracticeAttributes, check_attributes, without_unknown
from remit.runs import open_run
from remit.runs.what_if import WhatIfQuestion, otherwise

if TYPE_CHECKING:
    from remit.runs.engine import Run

__all__ = ["DigitalFirst", "Request", "Result", "evaluate"]


@dataclass(frozen=True)
class Request:
    """The run that is the base, and the reform files, each laid over its scheme by itself.

    `draws` are how often the year's counts are drawn; 0 for exact figures alone. `about` is a file of the practices'
    attributes.
    """

    run: Path
    changes: tuple[Path, ...]
    about: Path | None = None
    draws: int = 200
    seed: int = 1
    digital_first: DigitalFirst | None = None


@dataclass(frozen=True)
class Result:
    """What was found, and what to know of it."""

    simulation: Simulation
    warnings: tuple[Problem, ...] = field(default=())


def evaluate(request: Request, on_progress: OnProgress = silent, cancelled: Cancelled = never) -> Result:
    """Price the run as it is and under each reform. Raises Refused with everything that does not fit."""
    report = reporting(on_progress, cancelled)
    run = open_run(request.run)
    _check_once(request.changes)
    reforms = _reforms(run, request.changes)
    about, warnings = _attributes(run, request.about)
    members = _members(run, about)
    found = []
    for outcome, reform in zip(central(run, reforms, members, report), reforms, strict=True):
        found.append(replace(outcome, profiles=profiles(run, outcome, reform.after, request.digital_first)))
    practices = [run.inputs.practices[code] for code in run.codes]
    given = Attributes(
        request.about.name if request.about else "",
        len(practices),
        sum(not _deprived(about.get(one.code)) for one in practices),
        sum(not about.get(one.code, PracticeAttributes()).rurality for one in practices),
        any(one.fifth for one in about.values()),
    )
    titles = tuple(dict.fromkeys(plan.scheme.title for plan in run.plans.values()))
    simulation = Simulation(titles, tuple(found), 0, request.seed, given, "", run.counted_on)
    return Result(simulation, tuple(warnings))


def _check_once(paths: Sequence[Path]) -> None:
    """Raises Refused where a file is given twice."""
    problems = []
    for n, path in enumerate(paths):
        if any(path.resolve() == other.resolve() for other in paths[:n]):
            what, way = "is given twice as a reform.", "Give each reform once."
            problems.append(error("analysis.reform-twice", what, Place(str(path)), way))
    if problems:
        raise Refused(problems)


def _reforms(run: Run, paths: Sequence[Path]) -> list[ReformedRun]:
    """The run under each reform. Raises Refused with every mistake of all files."""
    found, problems = [], list[Problem]()
    for path in paths:
        try:
            rules = changed_rules(run, WhatIfQuestion(), (path,))
            title = next(iter(rules.schemes.values())).title
            found.append(ReformedRun(path.stem, title, otherwise(run, rules.schemes)))
        except Refused as refused:
            problems += refused.problems
    if problems:
        raise Refused(dict.fromkeys(problems))
    return found


def _attributes(run: Run, path: Path | None) -> tuple[Mapping[str, PracticeAttributes], list[Problem]]:
    if path is None:
        return {}, []
    return without_unknown(check_attributes(CsvRows(path)), frozenset(run.codes), path.name)


def _deprived(about: PracticeAttributes | None) -> bool:
    return about is not None and (about.deprivation is not None or about.fifth is not None)


def _members(run: Run, about: Mapping[str, PracticeAttributes]) -> dict[Group, tuple[str, ...]]:
    names = {code: name for plan in run.plans.values() for code, name in plan.scheme.places.items()}
    return groups([run.inputs.practices[code] for code in run.codes], about, names)
