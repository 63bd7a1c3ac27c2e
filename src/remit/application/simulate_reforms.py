"""The reforms of a simulation: each file laid over its scheme of the run, with its counts, and the overlay to keep."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from remit.analysis.simulation.behaviour import behaviour_from, years_of
from remit.analysis.simulation.central import ReformedRun
from remit.analysis.simulation.folder import OVERLAY
from remit.analysis.simulation.reformed import ReformOfRun, ReformSources, reform_of_run, rules_kept
from remit.analysis.simulation.results import ReformOutcome
from remit.analysis.simulation.timing import Records
from remit.application.inputs import read_clusters, read_rules
from remit.core.dates import SchemeYear
from remit.core.problems import Place, Problem, Refused, did_you_mean, error, refuse
from remit.core.sums import Sum
from remit.disclosure.breakdowns import open_evaluation
from remit.files.beside import NEW, work_beside
from remit.files.tables import CsvRows
from remit.records.store import Store
from remit.runs.engine import Run
from remit.runs.what_if import practices_under
from remit.scheme import frozen_text, load_scheme, scheme_ids
from remit.scheme.model import Scheme
from remit.scheme.reform_file import LoadedReform, is_reform, load_reform
from remit.scheme.source import Source, read_source
from remit.scoring.achievement import Subjects
from remit.scoring.counts import check_counts


@dataclass(frozen=True)
class SourceFiles:
    """What reforms may need beside the run: counts of the items that they bring, an evaluation of records, records to
    count at another time (with code clusters, and the years whose rules may count), and a behaviour in place of the
    files' own."""

    counts: Path | None = None
    evaluation: Path | None = None
    records: Path | None = None
    clusters: str | None = None
    behaviour: str | None = None
    rules_of: tuple[SchemeYear, ...] = ()


@dataclass(frozen=True)
class RunReform:
    """A reform with the id of the scheme in the run that it changes, and the run as it would be."""

    of_run: ReformOfRun
    scheme: str
    run: ReformedRun

    @property
    def reform(self) -> LoadedReform:
        return self.of_run.reform

    @property
    def name(self) -> str:
        return self.run.name

    def with_verdicts(self, found: ReformOutcome) -> ReformOutcome:
        """The outcome with every limit and rule of funding beside its figure."""
        before = {code: _known(group.before) for code, group in found.sides.items.items()}
        after = {code: _known(group.after) for code, group in found.sides.items.items()}
        losses = {unit.code: max(-unit.share, Fraction(0)) if unit.share is not None else None for unit in found.units}
        rules = rules_kept(self.of_run, before, after, losses)
        assumed = self.of_run.behaviour
        return replace(
            found,
            verdicts=rules,
            behaviour=assumed.sentences,
            recorded=assumed.recorded,
            evidence=assumed.evidence,
        )


def _known(total: Sum) -> int | None:
    return None if total.unknown else total.pence


def reforms_of(run: Run, paths: Sequence[Path], files: SourceFiles, beside: Path) -> list[RunReform]:
    """The run under each reform. `beside` is a path beside which there is room for work. Raises Refused with every
    mistake of all files."""
    problems = list[Problem](_twice(paths))
    loaded: list[tuple[str, LoadedReform]] = []
    for path in paths:
        try:
            loaded.append(_loaded(run, path))
        except Refused as refused:
            problems += refused.problems
    names = [reform.name for _, reform in loaded]
    for _, reform in loaded:
        if names.count(reform.name) > 1 and not problems:
            what = f"another reform is called '{reform.name}' too."
            problems.append(error("analysis.reform-twice", what, Place(str(reform.path)), "Give it another id."))
    found = []
    with _sources(files, beside) as sources:
        for name, reform in loaded:
            try:
                own = replace(sources, supplied=_supplied(run, files.counts, name, reform, loaded))
                found.append(_of_run(name, reform_of_run(run, name, reform, own)))
            except Refused as refused:
                problems += refused.problems
    if problems:
        raise Refused(dict.fromkeys(problems))
    return found


def _of_run(name: str, of_run: ReformOfRun) -> RunReform:
    reform, assumed = of_run.reform, of_run.behaviour.sentences
    changes = (*reform.file.assumes, *(text for text in of_run.sentences if text not in assumed), *of_run.warnings)
    run = ReformedRun(reform.name, reform.title, of_run.after, changes, moved=reform.moved, counted=of_run.counted)
    return RunReform(of_run, name, run)


@contextmanager
def _sources(files: SourceFiles, beside: Path) -> Iterator[ReformSources]:
    """What is read once for all reforms."""
    evaluation = open_evaluation(files.evaluation) if files.evaluation else None
    behaviour = behaviour_from(files.behaviour) if files.behaviour else None
    if files.records is None:
        yield ReformSources(None, evaluation, None, behaviour)
        return
    with work_beside(beside) as home:
        (home / NEW).mkdir()
        records = Records(Store(files.records), read_clusters(files.clusters), read_rules(), home / NEW, files.rules_of)
        yield ReformSources(None, evaluation, records, behaviour)


def _supplied(
    run: Run, path: Path | None, name: str, reform: LoadedReform, loaded: Sequence[tuple[str, LoadedReform]]
) -> Mapping[str, Subjects] | None:
    """The counts of the items that a reform brings, by practice; rows of items of the other reforms are theirs."""
    if path is None:
        return None
    _, assigned = practices_under(run.inputs, {**run.inputs.schemes, name: reform.after})
    scheme_of = {code: reform.after for code, of in assigned.items() if of == name}
    others = [other.after for _, other in loaded if other is not reform]
    return check_counts(CsvRows(path), scheme_of, elsewhere=others).figures


def _twice(paths: Sequence[Path]) -> Iterator[Problem]:
    for n, path in enumerate(paths):
        if any(path.resolve() == other.resolve() for other in paths[:n]):
            what, way = "is given twice as a reform.", "Give each reform once."
            yield error("analysis.reform-twice", what, Place(str(path)), way)


def _loaded(run: Run, path: Path) -> tuple[str, LoadedReform]:
    """A reform, and the scheme of the run that it changes."""
    source = read_source(path)
    name = _scheme_of(run, source, path)
    reform = load_reform(path, run.inputs.schemes[name])
    _check_behaviour(reform, source)
    if reform.after.year != reform.base.year:
        what = f"is of {reform.after.year}, and the run is of {reform.base.year}."
        raise refuse("comparison.other-year", what, Place(str(path)), "Name a reform of the run's year.")
    return name, reform


def _check_behaviour(reform: LoadedReform, source: Source) -> None:
    """That there are the figures which the file names. Raises Refused at their place in it."""
    named = reform.file.behaviour.decline_after_retirement
    if named:
        try:
            years_of(named)
        except Refused as refused:
            place = source.place(("behaviour", "decline_after_retirement"))
            raise Refused([replace(one, place=place) for one in refused.problems]) from None


def _scheme_of(run: Run, source: Source, path: Path) -> str:
    """The scheme of the run that a file changes: by `of` or `extends`, through files in between."""
    names = tuple(run.inputs.schemes)
    over = source.tree.get("of" if is_reform(source) else "extends")
    if over in names:
        return str(over)
    if isinstance(over, str) and over.endswith((".yaml", ".yml")):
        below = path.parent / over
        return _scheme_of(run, read_source(below), below)
    if over is None and (len(names) == 1 or source.tree.get("scheme") in names):
        return names[0] if len(names) == 1 else str(source.tree["scheme"])
    shown = over or source.tree.get("scheme") or path.name
    what = f"is of '{shown}', and the run is of {' and '.join(names)}."
    hint = did_you_mean(str(shown), names) or f"Write the id {names[0]}."
    raise refuse("comparison.overlay-of-another", what, Place(str(path)), hint, extends=str(shown))


def overlay_files(one: RunReform) -> dict[str, str]:
    """The reform as a scheme file that can be checked, run and attached to an approval, with its base where that is
    not a scheme of the library."""
    reform = one.reform
    if reform.whole or not _says_all(reform):
        return {OVERLAY: frozen_text(reform.after)}
    if one.scheme in scheme_ids() and frozen_text(load_scheme(one.scheme)) == frozen_text(reform.base):
        return {OVERLAY: reform.text(one.scheme)}
    base = f"scheme-{one.scheme}.yaml"
    return {OVERLAY: reform.text(base), base: frozen_text(reform.base)}


def _says_all(reform: LoadedReform) -> bool:
    """Whether the overlay laid over the base is all of the reform: not where files lie in between."""
    source = read_source(reform.path)
    return is_reform(source) or source.tree.get("extends") in (reform.base.scheme, None)


def identity(after: Run, base: Run) -> Iterator[str]:
    """What tells a reformed run from another on the same base, piece by piece: its schemes, and figures that differ."""
    schemes: dict[str, Scheme] = dict(after.inputs.schemes)
    yield from (frozen_text(scheme) for scheme in schemes.values())
    for code, figures in after.inputs.counts.figures.items():
        if figures is not base.inputs.counts.figures.get(code):
            yield f"{code} {sorted((s, str(k), str(v)) for s, of in figures.items() for k, v in of.items())}"
