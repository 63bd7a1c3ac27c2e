"""`remit records import`: a folder of records into a store."""

from __future__ import annotations

from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated

import typer

from remit.cli.console import ONLY_YOU, Command, out, progress, say_stopped, warn
from remit.cli.options import Clusters
from remit.cli.output import Files, show
from remit.core.problems import refuse

if TYPE_CHECKING:
    from remit.application.records import Mode


def import_(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="extracts.csv, and a CSV or Parquet for each table.")
    ],
    store: Annotated[
        Path, typer.Option("--store", metavar="STORE", help="The store to fill; made if it is not there.")
    ],
    key_file: Annotated[
        Path | None,
        typer.Option("--key-file", metavar="FILE", help="The key that turns NHS numbers into pseudonyms."),
    ] = None,
    keep_ids: Annotated[bool, typer.Option("--keep-ids", help="Keep ids as they are: for made-up patients.")] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put the extract in place of all the store has of its practices.")
    ] = False,
    append: Annotated[bool, typer.Option("--append", help="Add a later extract to those of the store.")] = False,
    correct: Annotated[
        bool, typer.Option("--correct", help="Put the extract in place of the one of the same id.")
    ] = False,
    delete: Annotated[bool, typer.Option("--delete", help="Remove the extracts that extracts.csv names.")] = False,
    clusters: Clusters = None,
) -> None:
    """Import a folder of records into a store: all of it, or nothing.

    An import that was interrupted leaves the store as it was; started again, it goes on with the practices not done.
    Rows that cannot be stored go, with their file, number and reason, into a file in the store.
    """
    from remit.application.records import ImportRequest, import_records, laid_aside_in
    from remit.documents.records import imported

    given: dict[Mode, bool] = {"replace": replace, "append": append, "correct": correct, "delete": delete}
    modes = [mode for mode, wanted in given.items() if wanted]
    if len(modes) > 1:
        raise refuse(
            "cli.options-together", f"--{modes[0]} and --{modes[1]} do not go together.", None, "Give one of them."
        )
    request = ImportRequest(folder, store, key_file, keep_ids, modes[0] if modes else "add", clusters)
    try:
        with progress("Importing") as on_progress:
            result = import_records(request, on_progress)
    except KeyboardInterrupt:
        ids = "Ids are as they were" if keep_ids else "Pseudonyms stand for NHS numbers"
        where = f"{ids} in what is laid aside in {laid_aside_in(store)}, and only you can read it."
        say_stopped(f"the store is as it was. The same command goes on from here. {where}")
        raise typer.Exit(130) from None
    report = result.report
    if report.resumed:
        out.print(
            f"Went on with an interrupted import: {report.resumed:,} of {report.practices:,} practices were done."
        )
    if report.mode == "delete":
        out.print(f"Removed extracts of {report.practices:,} practices from {store}", soft_wrap=True)
    else:
        show(imported(report), Files())
        out.print(f"Stored in {store}. Its files hold rows of patients. {ONLY_YOU}", soft_wrap=True)
        out.print(f"Next: remit records check {quote(str(store))}", soft_wrap=True)
    for problem in result.warnings:
        warn(problem)


COMMANDS = (
    Command(
        import_,
        "import",
        (
            "remit records import extract-2025-03 --store records --key-file ../key",
            "remit records import extract-2025-04 --store records --key-file ../key --append",
            "remit records import made-up --store records --keep-ids",
        ),
    ),
)
