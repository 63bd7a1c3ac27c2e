"""`remit check`: are these schemes, indicators and rules right, and what would a careful reader ask about them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Literal

import typer

from remit.cli.console import Command, out, say_json, say_problems
from remit.cli.layout import grid, print_plain
from remit.cli.wording import way_out, worded
from remit.core.problems import Place, Problem, Refused, did_you_mean, refuse
from remit.scheme.lint import RULES, lint
from remit.scheme.loader import build, find, read_indicators, read_with_bases, scheme_ids
from remit.scheme.source import read_source

_SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True)
class Checked:
    """One file: its errors, or what lint found."""

    path: Path
    errors: tuple[Problem, ...] = ()
    findings: tuple[Problem, ...] = ()


def check(
    files: Annotated[
        list[str] | None,
        typer.Argument(metavar="PATH|ID...", help="Files of schemes, indicators or rules, folders of them, or ids."),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="End with status 1 on warnings too.")] = False,
    ignore: Annotated[
        list[str] | None, typer.Option("--ignore", metavar="RULE", help="Leave a rule out; may be repeated.")
    ] = None,
    notes: Annotated[bool, typer.Option("--notes/--no-notes", help="Show notes beside errors and warnings.")] = True,
    form: Annotated[Literal["text", "json"], typer.Option("--format", help="How to print.")] = "text",
    rules: Annotated[bool, typer.Option("--rules", help="List the rules and leave.")] = False,
) -> None:
    """Check files of schemes, indicators and rules: every error with its line and column, then warnings and notes.

    A warning asks whether the file says what was meant; a note says what a run will need or rest on.
    Ends with status 1 if there are errors.
    """
    if rules:
        rows = [[code.name, code.severity, code.about] for code in RULES.values()]
        print_plain(out, [grid(("Rule", "left"), ("Level", "left"), ("When", "left"), rows=rows)])
        return
    if not files:
        raise refuse(
            "cli.option-missing",
            "name the files to check.",
            None,
            "remit check my-scheme.yaml, or an id of 'remit schemes'.",
        )
    left_out = set(ignore or ())
    for name in left_out - set(RULES):
        raise refuse(
            "cli.rule-unknown", f"--ignore: there is no rule '{name}'.", None, did_you_mean(name, RULES), name=name
        )
    paths, missing = _paths(files)
    of_rules = _rules_checked([path for path in paths if _has_rules(path)])
    checked = [*missing, *(of_rules.get(path) or _checked(path, left_out, notes) for path in paths)]
    found = list(dict.fromkeys(finding for one in checked for finding in one.findings))
    errors = list(dict.fromkeys(problem for one in checked for problem in one.errors))
    warnings = [finding for finding in found if finding.severity == "warning"]
    if form == "json":
        say_json(_data(checked, errors, found))
    else:
        say_problems(_nearer(problem) for problem in errors)
        for finding in found:
            style = "yellow" if finding.severity == "warning" else ""
            out.print(worded(_nearer(finding), style, after=finding.severity), soft_wrap=True)
        typer.echo(_summary(len(checked), len(errors), len(warnings), len(found) - len(warnings), notes))
    if errors or (strict and warnings):
        raise typer.Exit(1)


def _paths(files: Sequence[str]) -> tuple[list[Path], list[Checked]]:
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
            missing.append(Checked(Path(name), refused.problems))
    return list(paths), missing


def _has_rules(path: Path) -> bool:
    """Whether a file is one of registers and indicators over records; one that cannot be read is told of later."""
    try:
        keys = read_source(path).tree.keys()
    except Refused:
        return False
    return "definitions" in keys and "scheme" not in keys


def _rules_checked(paths: Sequence[Path]) -> dict[Path, Checked]:
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
    return {path: Checked(path, tuple(errors)) for path, errors in found.items()}


def _checked(path: Path, left_out: set[str], notes: bool) -> Checked:
    try:
        keys = read_source(path).tree.keys()
        if "scheme" not in keys and keys & {"indicators", "groups"}:
            read_indicators(path)
            return Checked(path)
        source = read_with_bases(path)
        found = lint(build(source), source)
    except Refused as refused:
        return Checked(path, refused.problems)
    shown = (one for one in found if one.code not in left_out and (notes or one.severity == "warning"))
    return Checked(path, (), tuple(shown))


def _near(place: Place) -> Place:
    """A place by the shortest name: below the folder one is in, or inside the library that ships."""
    path = Path(place.file)
    if path.is_absolute():
        for folder, name in ((Path.cwd(), ""), (find(scheme_ids()[0]).parents[2], "remit/")):
            if path.is_relative_to(folder):
                return Place(f"{name}{path.relative_to(folder)}", place.line, place.column)
    return place


def _nearer(problem: Problem) -> Problem:
    return replace(problem, place=_near(problem.place)) if problem.place else problem


def _summary(files: int, errors: int, warnings: int, notes: int, show_notes: bool) -> str:
    parts = [_counted(errors, "error")]
    if warnings or notes or not errors:
        parts += [_counted(warnings, "warning"), *([_counted(notes, "note")] if show_notes else [])]
    return f"{_counted(files, 'file')} checked: {', '.join(parts)}"


def _counted(count: int, what: str) -> str:
    return f"{count or 'no'} {what}{'' if count == 1 else 's'}"


def _data(checked: Sequence[Checked], errors: Sequence[Problem], found: Sequence[Problem]) -> dict[str, object]:
    def lines() -> Iterator[dict[str, object]]:
        for problem in (*errors, *found):
            message = f"{problem.message} {way_out(problem)}".strip()
            said = {"level": problem.severity, "code": problem.code, "message": message, "data": dict(problem.data)}
            yield {**said, **_place(problem.place)}

    return {"files": [str(_near(Place(str(one.path))).file) for one in checked], "problems": list(lines())}


def _place(place: Place | None) -> dict[str, object]:
    if place is None:
        return {"file": None, "line": None, "column": None}
    near = _near(place)
    return {"file": near.file, "line": near.line or None, "column": near.column or None}


COMMANDS = (
    Command(
        check,
        "check",
        (
            "remit check my-scheme.yaml",
            "remit check schemes/ --strict --ignore lint.labels-not-proportional",
            "remit check qif-2024-25 qif-plus-2024-25",
            "remit check my-rules.yaml",
            "remit check --rules",
        ),
    ),
)
