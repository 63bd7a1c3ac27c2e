"""`remit what-if`: every practice of a run before and after a change of rules or figures."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from remit.cli.console import Command, progress
from remit.cli.in_order import InOrder, typed_in_order
from remit.cli.next_steps import after_what_if
from remit.cli.options import settings_of
from remit.cli.output import Csv, Files, Html, Pdf, Replace, Xlsx, show
from remit.core.problems import Problem, Refused, error

if TYPE_CHECKING:
    from remit.application.what_if import ChangeBy, Lever, WhatIfQuestion

_LEVERS: tuple[Lever, ...] = ("thresholds", "pence", "points")
_PATIENTS = r"([+−-]?)([0-9]{1,6})", "+10 or -10: patients in each practice", Fraction(1)


def what_if_(
    ctx: typer.Context,
    folder: Annotated[Path, typer.Argument(metavar="RUN", help="The folder that 'remit run' made.")],
    item: Annotated[
        list[str] | None,
        typer.Option(
            "--item", metavar="CODE", help="The changes that follow are to this item; 4,5 are two. Else to all items."
        ),
    ] = None,
    thresholds: Annotated[
        list[str] | None, typer.Option("--thresholds", metavar="+3pp", help="Move the thresholds by percentage points.")
    ] = None,
    pence: Annotated[
        list[str] | None, typer.Option("--pence", metavar="+1|2.5", help="Pay more pence a head, or so many.")
    ] = None,
    points: Annotated[
        list[str] | None, typer.Option("--points", metavar="+2|12", help="Give more points, or so many.")
    ] = None,
    retire: Annotated[bool, typer.Option("--retire", help="Leave the items out.")] = False,
    patients: Annotated[
        list[str] | None,
        typer.Option("--patients", metavar="+10", help="More patients achieved in each practice, of those who count."),
    ] = None,
    overlay: Annotated[
        list[Path] | None, typer.Option("--overlay", metavar="FILE", help="Lay a scheme file over the run's scheme.")
    ] = None,
    scheme: Annotated[
        str, typer.Option("--scheme", metavar="ID", help="Price the same counts by another year's scheme, by itself.")
    ] = "",
    setting: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="What that scheme leaves open, as DM037.lower=40%."),
    ] = None,
    save_overlay: Annotated[
        Path | None, typer.Option("--save-overlay", metavar="FILE", help="Write the change as a scheme file.")
    ] = None,
    html: Html = None,
    pdf: Pdf = None,
    xlsx: Xlsx = None,
    csv: Csv = None,
    replace: Replace = False,
) -> None:
    """Show what another rule would pay: every practice before and after, who would gain and lose, and the whole cost.

    Nothing in the run changes. Without a file to write, the practices that move most are shown.
    """
    from remit.application.what_if import Request, evaluate
    from remit.application.writing import check_files
    from remit.documents.what_if import short, what_if

    question = _question(typed_in_order(ctx))
    files = Files(html, pdf, xlsx, csv, replace)
    check_files([*files.paths, *([save_overlay] if save_overlay else [])], replace)
    request = Request(folder, question, tuple(overlay or ()), save_overlay, replace, scheme, settings_of(setting or []))
    with progress("Practices") as on_progress:
        result = evaluate(request, on_progress)
    show(what_if(result.sides, result.beside), files, short(result.sides, result.beside))
    after_what_if(folder, result, bool(files.paths), bool(question.moves or question.retired))


def _question(typed: tuple[tuple[str, str], ...]) -> WhatIfQuestion:
    """What was typed, each change with the items before it. Raises Refused with everything that cannot be read."""
    from remit.application.what_if import MorePatients, ProposedChange, WhatIfQuestion

    items: tuple[str, ...] = ()
    used = True
    moves: list[ProposedChange] = []
    retired: list[str] = []
    patients: list[MorePatients] = []
    problems: list[Problem] = []
    for name, text in typed:
        if name == "item":
            codes = tuple(code.strip() for code in text.split(",") if code.strip())
            items, used = (codes if used else (*items, *codes)), False
            continue
        if name == "retire":
            if not items:
                what = "--retire: name the items that are to be left out before it."
                problems.append(error("cli.option-missing", what, None, "Say --item CODE --retire."))
            retired += items
        elif name in (*_LEVERS, "patients"):
            shift = _shift(name, text, problems)
            if name == "patients":
                patients.append(MorePatients(int(shift.amount), items))
            moves += [ProposedChange(lever, shift, items) for lever in _LEVERS if lever == name]
        else:
            continue
        used = True
    if not used:
        what = f"--item {','.join(items)}: no change follows it."
        problems.append(error("cli.option-missing", what, None, "Say what changes, such as --thresholds +3pp."))
    if problems:
        raise Refused(problems)
    return WhatIfQuestion((), tuple(moves), tuple(dict.fromkeys(retired)), tuple(patients))


def _shift(name: str, text: str, problems: list[Problem]) -> ChangeBy:
    """A number as it was typed: with a sign by how much, without one what it becomes."""
    from remit.application.what_if import FORMS, ChangeBy, ChangeForm

    form = next((form for lever, form in FORMS.items() if lever == name), ChangeForm(*_PATIENTS))
    change = form.read(text)
    if change is None:
        what = f"--{name} {text}: expected {form.example}."
        problems.append(error("cli.value-unfit", what, option=f"--{name}", found=text))
    return change or ChangeBy(Fraction(0))


COMMANDS = (
    Command(
        what_if_,
        "what-if",
        (
            "remit what-if out/qif --item 4 --thresholds +3pp",
            "remit what-if out/qif --item 4,5 --pence +1 --item 2a --retire --html what-if.html",
            "remit what-if out/qof --item HYP008 --points 12 --save-overlay reform.yaml",
            "remit what-if out/qof --patients +10",
            "remit what-if out/qif --overlay reform.yaml --xlsx reform.xlsx",
            "remit what-if out/qof --scheme qof-england-2026-27 --set AF006.upper=95%",
        ),
        InOrder,
    ),
)
