"""The reforms of a simulation: each file laid over its scheme of the run, with its limits, and the overlay to keep."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from remit.analysis.simulation.central import ReformedRun
from remit.analysis.simulation.folder import OVERLAY
from remit.analysis.simulation.results import Verdict
from remit.core import say
from remit.core.problems import Place, Problem, Refused, did_you_mean, error, refuse
from remit.runs.engine import Run
from remit.runs.what_if import otherwise
from remit.scheme import frozen_text, load_scheme, scheme_ids
from remit.scheme.model import Scheme
from remit.scheme.reform_file import LoadedReform, is_reform, load_reform
from remit.scheme.reform_limits import checked
from remit.scheme.source import Source, read_source


@dataclass(frozen=True)
class RunReform:
    """A reform with the id of the scheme in the run that it changes, and the run as it would be."""

    reform: LoadedReform
    scheme: str
    run: ReformedRun

    @property
    def name(self) -> str:
        return self.run.name


def reforms_of(run: Run, paths: Sequence[Path]) -> list[RunReform]:
    """The run under each reform. Raises Refused with every mistake of all files."""
    found, problems = list[RunReform](), list[Problem](_twice(paths))
    for path in paths:
        try:
            found.append(_reform_of(run, path))
        except Refused as refused:
            problems += refused.problems
    names = [one.name for one in found]
    for one in found:
        if names.count(one.name) > 1 and not problems:
            what = f"another reform is called '{one.name}' too."
            problems.append(error("analysis.reform-twice", what, Place(str(one.reform.path)), "Give it another id."))
    if problems:
        raise Refused(dict.fromkeys(problems))
    return found


def _twice(paths: Sequence[Path]) -> Iterator[Problem]:
    for n, path in enumerate(paths):
        if any(path.resolve() == other.resolve() for other in paths[:n]):
            what, way = "is given twice as a reform.", "Give each reform once."
            yield error("analysis.reform-twice", what, Place(str(path)), way)


def _reform_of(run: Run, path: Path) -> RunReform:
    source = read_source(path)
    name = _scheme_of(run, source, path)
    reform = load_reform(path, run.inputs.schemes[name])
    if reform.after.year != reform.base.year:
        what = f"is of {reform.after.year}, and the run is of {reform.base.year}."
        raise refuse("comparison.other-year", what, Place(str(path)), "Name a reform of the run's year.")
    after = otherwise(run, {name: reform.after})
    reformed = ReformedRun(
        reform.name, reform.title, after, reform.file.assumes, moved=reform.moved, verdicts=tuple(_verdicts(reform))
    )
    return RunReform(reform, name, reformed)


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


def _verdicts(reform: LoadedReform) -> Iterator[Verdict]:
    for check in checked(reform):
        share = f" ({say.percent(check.share, 1)})" if check.share is not None else ""
        limit = f"; the limit is {say.percent(check.limit)}" if check.limit is not None else ""
        yield Verdict(check.title, check.holds, check.why or f"{check.words}{share}{limit}.")


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
