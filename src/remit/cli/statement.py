"""`remit statement`: what a practice earned, how, and what more it could; in the terminal or as files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from remit.cli.console import Command, out, progress, warn
from remit.cli.output import Csv, Files, Full, Html, Pdf, Replace, show
from remit.core.problems import Place, refuse
from remit.documents.statement import Recipient

if TYPE_CHECKING:
    from remit.application.statement import Ending, FilesRequest, StatementRequest


def statement(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder that 'remit run' made.")],
    practice: Annotated[
        list[str] | None,
        typer.Option("--practice", metavar="CODE", help="Whose statement; may be repeated. The only one's if one."),
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Every practice: the options below name folders.")] = False,
    html: Html = None,
    pdf: Pdf = None,
    xlsx: Annotated[
        Path | None, typer.Option("--xlsx", help="Write a workbook whose formulas recompute the pounds.")
    ] = None,
    csv: Csv = None,
    recipient: Annotated[
        Recipient,
        typer.Option("--for", help="Whose copy. A commissioner's has no counts that could tell of a person."),
    ] = "practice",
    full: Full = False,
    replace: Replace = False,
) -> None:
    """Show a practice's statement: what it earned, how, what more it could earn, and what all of it rests on.

    It is made from the inputs that the run kept, so it can be made again at any time and says the same.
    """
    from remit.application.statement import FilesRequest, StatementRequest

    paths: dict[Ending, Path | None] = {".html": html, ".pdf": pdf, ".xlsx": xlsx, ".csv": csv}
    into = {ending: path for ending, path in paths.items() if path}
    if every and practice:
        raise refuse("cli.options-together", "--all and --practice do not go together.", None, "Leave one of them out.")
    if every and not into:
        raise refuse(
            "cli.option-missing",
            "--all needs a folder to write to.",
            None,
            "Say --pdf FOLDER, --html FOLDER or --xlsx FOLDER.",
        )
    if into and (every or len(practice or ()) > 1):
        _into_folders(FilesRequest(folder, into, tuple(practice or ()), recipient, replace))
    else:
        request = StatementRequest(folder, tuple(practice or ()), recipient)
        _one_by_one(request, Files(html, pdf, xlsx, csv, replace), full)


def _one_by_one(request: StatementRequest, files: Files, full: bool) -> None:
    from remit.application.statement import statements
    from remit.documents.statement.formats import as_xlsx, document

    with progress("Reading the run") as on_progress:
        made = statements(request, on_progress)
    for one in made:
        show(document(one), files, xlsx=lambda one=one: as_xlsx(one), full=full)  # type: ignore[misc]


def _into_folders(request: FilesRequest) -> None:
    from remit.application.statement import write_statements

    for path in request.into.values():
        if path.exists() and not path.is_dir():
            what = "is a file, and a folder is needed for several practices."
            raise refuse("cli.not-a-folder", what, Place(str(path)), "Name a folder.")
    with progress("Statements") as on_progress:
        result = write_statements(request, on_progress)
    for problem in result.warnings:
        warn(problem)
    for path, count in result.written.items():
        out.print(f"{count:,} statement{'' if count == 1 else 's'} written to {path}", soft_wrap=True)
    if result.failed:
        files = f"{result.failed:,} file{'' if result.failed == 1 else 's'}"
        what = f"{files} could not be made; the others are written."
        raise refuse("cli.files-not-made", what, count=result.failed)


COMMANDS = (
    Command(
        statement,
        "statement",
        (
            "remit statement out/year-end --practice A1",
            "remit statement out/year-end --practice A1 --pdf a1.pdf --html a1.html --xlsx a1.xlsx",
            "remit statement out/year-end --all --pdf statements",
        ),
    ),
)
