"""`remit check`: are these schemes, reforms, indicators and rules right, and what would a careful reader ask?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from remit.cli.console import Command, out, say_json, say_plain, say_problems
from remit.cli.worded import way_out, worded
from remit.core.problems import Place, Problem, refuse

if TYPE_CHECKING:
    from remit.application.check import CheckResult


def check(
    files: Annotated[
        list[str] | None,
        typer.Argument(metavar="PATH|ID...", help="Files of schemes, reforms, indicators or rules, folders, or ids."),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="End with status 1 on warnings too.")] = False,
    ignore: Annotated[
        list[str] | None, typer.Option("--ignore", metavar="RULE", help="Leave a rule out; may be repeated.")
    ] = None,
    notes: Annotated[bool, typer.Option("--notes/--no-notes", help="Show notes beside errors and warnings.")] = True,
    form: Annotated[Literal["text", "json"], typer.Option("--format", help="How to print.")] = "text",
    rules: Annotated[bool, typer.Option("--rules", help="List the rules and leave.")] = False,
) -> None:
    """Check files of schemes, reforms, indicators and rules: every error with its place, then warnings and notes.

    A warning asks whether the file says what was meant; a note says what a run will need or rest on.
    Ends with status 1 if there are errors.
    """
    from remit.application.check import RULES, CheckRequest, evaluate

    if rules:
        from remit.documents.problems import code_list
        from remit.documents.render.terminal import rendered_blocks

        say_plain(rendered_blocks([code_list("The rules of the check", RULES.values())]))
        return
    if not files:
        hint = "remit check my-scheme.yaml, or an id of 'remit schemes'."
        raise refuse("cli.option-missing", "name the files to check.", None, hint)
    result = evaluate(CheckRequest(tuple(files), frozenset(ignore or ()), notes))
    if form == "json":
        say_json(_data(result))
    else:
        say_problems(result.errors)
        for finding in result.findings:
            style = "yellow" if finding.severity == "warning" else ""
            out.print(worded(finding, style, after=finding.severity), soft_wrap=True)
        typer.echo(_summary(result, notes))
    if result.errors or (strict and result.warnings):
        raise typer.Exit(1)


def _summary(result: CheckResult, show_notes: bool) -> str:
    errors, warnings = len(result.errors), result.warnings
    notes = len(result.findings) - warnings
    parts = [_counted(errors, "error")]
    if warnings or notes or not errors:
        parts += [_counted(warnings, "warning"), *([_counted(notes, "note")] if show_notes else [])]
    return f"{_counted(len(result.files), 'file')} checked: {', '.join(parts)}"


def _counted(count: int, what: str) -> str:
    return f"{count or 'no'} {what}{'' if count == 1 else 's'}"


def _data(result: CheckResult) -> dict[str, object]:
    problems = [_problem(problem) for problem in (*result.errors, *result.findings)]
    return {"files": list(result.files), "problems": problems}


def _problem(problem: Problem) -> dict[str, object]:
    message = f"{problem.message} {way_out(problem)}".strip()
    stated = {"level": problem.severity, "code": problem.code, "message": message, "data": dict(problem.data)}
    return {**stated, **_place(problem.place)}


def _place(place: Place | None) -> dict[str, object]:
    if place is None:
        return {"file": None, "line": None, "column": None}
    return {"file": place.file, "line": place.line or None, "column": place.column or None}


COMMANDS = (
    Command(
        check,
        "check",
        (
            "remit check my-scheme.yaml",
            "remit check schemes/ --strict --ignore lint.labels-not-proportional",
            "remit check qif-2024-25 qif-plus-2024-25",
            "remit check my-rules.yaml",
            "remit check reform.yaml",
            "remit check --rules",
        ),
    ),
)
