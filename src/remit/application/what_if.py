"""What if: a run's practices before and after a change of rules or of figures, priced by the same evaluator.

A change of rules is an overlay on the scheme, and so another plan; a change of figures is a scenario of each practice.
The run is priced again as it would be (`runs/what_if.py`) and set beside itself. What is not known stays so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from remit.application.progress import Cancelled, OnProgress, never, reporting, silent
from remit.application.what_if_rules import changed_rules, overlay_files, with_codes
from remit.comparison.before_after import BeforeAfter, PracticeGroup, PricedUnit, Sides
from remit.core.problems import Problem, Refused, error, refuse
from remit.core.words import listed
from remit.documents.what_if import question_in_words
from remit.files.whole import check_file_free, write_whole
from remit.runs import Run, open_run
from remit.runs.what_if import MorePatients, WhatIfQuestion, otherwise, with_more_patients
from remit.scheme import load_scheme
from remit.scheme.change_text import FORMS, ChangeForm
from remit.scheme.changes import ChangeBy, Lever, Moved, ProposedChange
from remit.scheme.like_for_like import LikeForLike, like_for_like
from remit.scheme.model import RATES
from remit.scheme.supply import supply

if TYPE_CHECKING:
    from remit.pricing.scenario import Change

__all__ = [
    "FORMS", "BeforeAfter", "ChangeBy", "ChangeForm", "Lever", "MorePatients", "Moved", "PracticeGroup", "PricedUnit",
    "ProposedChange", "Request", "Result", "WhatIfQuestion", "evaluate",
]  # fmt: skip


@dataclass(frozen=True)
class Request:
    """What would be otherwise in the run of a folder; overlay files are laid on first, in their order.

    `save` is the file into which the change of rules is written as an overlay.
    """

    run: Path
    question: WhatIfQuestion
    overlays: tuple[Path, ...] = ()
    save: Path | None = None
    replace: bool = False
    scheme: str = ""
    """Another year's scheme, by which the same counts are priced: the items of both, and nothing else is changed."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """What that scheme leaves open and is supplied, such as `DM037.lower`: `40%`."""


@dataclass(frozen=True)
class Result:
    """The run before and after, the overlay files that were written, and what the run was made of, by what it holds.

    With `inputs`, `settings` and `period` an overlay can be run as the run was.
    """

    sides: BeforeAfter
    written: tuple[Path, ...] = ()
    inputs: Mapping[str, Path] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)
    period: str = ""
    beside: LikeForLike | None = None


def evaluate(request: Request, on_progress: OnProgress = silent, cancelled: Cancelled = never) -> Result:
    """Price the run as it is and as it would be. Raises Refused with everything that does not fit the change."""
    if request.scheme:
        return _by_another_year(request, reporting(on_progress, cancelled))
    if request.settings:
        what = f"values are supplied to another year's scheme: {listed([*request.settings])}, and none is named."
        raise refuse("comparison.no-other-scheme", what, None, "Name that scheme, or write the values in an overlay.")
    question = replace(request.question, overlays=tuple(path.name for path in request.overlays))
    if question == WhatIfQuestion():
        hint = "Say what would be otherwise."
        raise refuse("comparison.nothing-changed", "there is no change to look at.", None, hint)
    report = reporting(on_progress, cancelled)
    before = open_run(request.run)
    question = with_codes(question, before.inputs.schemes.values())
    rules = changed_rules(before, question, request.overlays)
    figures, counted = _figures(before, question)
    files: dict[Path, str] = {}
    if request.save:
        title = question_in_words(question)
        files = overlay_files(before, request.run, rules, request.overlays, request.save, title)
        for path in files:
            check_file_free(path, request.replace)
    after = otherwise(before, rules.schemes, figures)
    sides = Sides(before, after, counted)
    codes = sides.codes()
    for n, code in enumerate(codes, 1):
        sides.add(code)
        report(n, len(codes))
    for path, text in files.items():
        write_whole(path, lambda work, text=text: work.write_text(text, encoding="utf-8"))  # type: ignore[misc]
    kept = {name: request.run / "inputs" / f"{name}.csv" for name in ("practices", "counts", "national", "recovery")}
    inputs = {name: path for name, path in kept.items() if path.exists()}
    period = str(before.inputs.period or "")
    return Result(sides.result(question, rules.moved), tuple(files), inputs, before.inputs.settings, period)


def _by_another_year(request: Request, report: OnProgress) -> Result:
    """The same counts by another year's scheme: the items of both years on both sides, and the others with why not."""
    if request.question != WhatIfQuestion() or request.overlays or request.save:
        hint = "Ask one question at a time."
        raise refuse("comparison.one-question", "another year's scheme is not laid over other changes.", None, hint)
    run, named = open_run(request.run), supply(load_scheme(request.scheme), request.settings)
    if len(run.inputs.schemes) != 1:
        names = listed(list(run.inputs.schemes))
        raise refuse("comparison.one-scheme", f"the run is of {names}: its counts are priced scheme by scheme.")
    (name, scheme), *_ = run.inputs.schemes.items()
    beside = like_for_like(scheme, named)
    if not beside.items:
        what = f"{name} and {named.scheme} have no item in common whose worth is known in both."
        raise refuse("comparison.nothing-alike", what)
    before = Run(run.inputs, (), beside.items)
    sides = Sides(before, otherwise(before, {name: beside.scheme}))
    codes = sides.codes()
    for n, code in enumerate(codes, 1):
        sides.add(code)
        report(n, len(codes))
    values = listed([f"{name} {value}" for name, value in request.settings.items()])
    question = WhatIfQuestion(another=f"{named.scheme}, with {values} supplied," if values else named.scheme)
    return Result(sides.result(question, ()), beside=beside)


def _figures(run: Run, question: WhatIfQuestion) -> tuple[Mapping[str, Change], tuple[str, ...]]:
    """Other figures by practice, and the items whose they are. Raises Refused for items that count no patients."""
    items = {item.item: item for plan in run.plans.values() for item in plan.scheme.items}
    able = [code for code, item in items.items() if item.measure in RATES]
    problems: list[Problem] = []
    many: dict[str, int] = {}
    for one in question.patients:
        codes = one.items or tuple(able)
        for code in dict.fromkeys(codes):
            many[code] = many.get(code, 0) + one.many
            if code not in able:
                pays = items[code].kind.words() if code in items else "nothing, as it is retired"
                what = f"item {code} counts no patients who achieve it: it pays {pays}."
                problems.append(error("comparison.no-patients", what, None, "Name another item.", item=code))
        if not able:
            problems.append(error("comparison.no-patients", "no item counts patients who achieve it."))
    if problems:
        raise Refused(problems)
    return with_more_patients(run, many), tuple(many)
