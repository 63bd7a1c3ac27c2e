"""Are these schemes, reforms, indicators and rules right, and what would a careful reader ask about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from remit.core.problems import Place, Problem, Refused, did_you_mean, refuse
from remit.scheme.lint import RULES, lint
from remit.scheme.loader import build, find, read_indicators, read_with_bases, scheme_ids
from remit.scheme.reform_file import is_reform, load_reform
from remit.scheme.reform_limits import findings as reform_findings
from remit.scheme.source import Source, read_source

__all__ = ["RULES", "CheckRequest", "CheckResult", "evaluate"]

_SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True)
class CheckRequest:
    """Files of schemes, reforms, indicators or rules, folders, or ids; rules to leave out; whether notes count."""

    files: tuple[str, ...]
    left_out: frozenset[str] = frozenset()
    notes: bool = True


@dataclass(frozen=True)
class CheckResult:
    """The files, each once, by their shortest names; what is wrong with them, and what lint found, each once."""

    files: tuple[str, ...]
    errors: tuple[Problem, ...] = ()
    findings: tuple[Problem, ...] = ()

    @property
    def warnings(self) -> int:
        """How many findings are warnings; the others are notes."""
        return sum(finding.severity == "warning" for finding in self.findings)


@dataclass(frozen=True)
class _Checked:
    """One file: its errors, or what lint found."""

    path: Path
    errors: tuple[Problem, ...] = ()
    findings: tuple[Problem, ...] = ()


def evaluate(request: CheckRequest) -> CheckResult:
    """Everything wrong with the files together. Raises Refused only for a rule to leave out that there is not."""
    for name in sorted(request.left_out - set(RULES)):
        hint = did_you_mean(name, RULES)
        raise refuse("cli.rule-unknown", f"there is no rule '{name}'.", None, hint, name=name)
    paths, missing = _paths(request.files)
    of_rules = _rules_checked([path for path in paths if _has_rules(path)])
    checked = [*missing, *(of_rules.get(path) or _checked(path, request) for path in paths)]
    errors = dict.fromkeys(_nearer(problem) for one in checked for problem in one.errors)
    findings = dict.fromkeys(_nearer(finding) for one in checked for finding in one.findings)
    files = tuple(_near(Place(str(one.path))).file for one in checked)
    return CheckResult(files, tuple(errors), tuple(findings))


def _paths(files: Sequence[str]) -> tuple[list[Path], list[_Checked]]:
    """The files meant, each once: folders hold all their YAML files. Those that are not there come as errors."""
    paths: dict[Path, None] = {}
    missing = []
    for name in files:
        try:
            if Path(name).is_dir():
                inside = sorted(path for path in Path(name).rglob("*") if path.suffix in _SUFFIXES)
                if not inside:
                    raise refuse("cli.folder-without-yaml", "there is no YAML file in this folder.", Place(name))
                paths.update(dict.fromkeys(inside))
            else:
                paths[Path(name) if Path(name).is_file() else find(name)] = None
        except Refused as refused:
            missing.append(_Checked(Path(name), refused.problems))
    return list(paths), missing


def _has_rules(path: Path) -> bool:
    """Whether a file is one of registers and indicators over records; one that cannot be read is reported later."""
    try:
        keys = read_source(path).tree.keys()
    except Refused:
        return False
    return "scheme" not in keys and bool(keys & {"definitions", "given"})


def _rules_checked(paths: Sequence[Path]) -> dict[Path, _Checked]:
    """Files of rules, read together and beside those that ship: they may ask after each other's registers."""
    from remit.rules.definitions import all_that_ship, read_definitions

    found: dict[Path, list[Problem]] = {path: [] for path in paths}
    try:
        if paths:
            read_definitions(paths, all_that_ship())
    except Refused as refused:
        for problem in refused.problems:
            where = Path(problem.place.file) if problem.place else paths[0]
            found[where if where in found else paths[0]].append(problem)
    return {path: _Checked(path, tuple(errors)) for path, errors in found.items()}


def _checked(path: Path, request: CheckRequest) -> _Checked:
    try:
        own = read_source(path)
        keys = own.tree.keys()
        if "scheme" not in keys and keys & {"indicators", "groups"}:
            read_indicators(path)
            return _Checked(path)
        if is_reform(own):
            found = _of_reform(path, own)
        else:
            source = read_with_bases(path)
            found = lint(build(source), source)
    except Refused as refused:
        return _Checked(path, refused.problems)
    wanted = (one for one in found if request.notes or one.severity == "warning")
    return _Checked(path, (), tuple(one for one in wanted if one.code not in request.left_out))


def _of_reform(path: Path, source: Source) -> list[Problem]:
    """How far a reform goes. Raises Refused for figures of behaviour that there are not, too."""
    from remit.analysis.simulation.behaviour import years_of

    reform = load_reform(path)
    named = reform.file.behaviour.decline_after_retirement
    try:
        if named:
            years_of(named)
    except Refused as refused:
        place = source.place(("behaviour", "decline_after_retirement"))
        raise Refused([replace(one, place=place) for one in refused.problems]) from None
    return reform_findings(reform, source)


def _nearer(problem: Problem) -> Problem:
    return replace(problem, place=_near(problem.place)) if problem.place else problem


def _near(place: Place) -> Place:
    """A place by the shortest name: below the folder one is in, or inside the library that ships."""
    path = Path(place.file)
    if path.is_absolute():
        for folder, name in ((Path.cwd(), ""), (find(scheme_ids()[0]).parents[2], "remit/")):
            if path.is_relative_to(folder):
                return Place(f"{name}{path.relative_to(folder)}", place.line, place.column)
    return place
