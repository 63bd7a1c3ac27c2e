"""`remit reconcile`: a published or exported file beside a run, and why they differ."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from remit.cli.console import Command, err, out, progress, warn
from remit.core.problems import refuse
from remit.documents.reconciliation import html as page_of
from remit.documents.reconciliation import share_text, tolerance_text
from remit.files.tables import write_table
from remit.files.whole import check_file_free, write_whole
from remit.reconciliation.reconcile import reconcile as reconciled
from remit.reconciliation.rows import BEYOND, CAUSES, COLUMNS, NOT_COMPARED, WITHIN, Reconciliation, Row, figure_text
from remit.runs import open_run

DIFFERS = 3
"""The exit status when a row is beyond its tolerance: 1 is a refusal, 2 a wrong command line."""


def reconcile(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The run: the folder that 'remit run' made.")],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The other side's CSV: published, or exported.")],
    columns: Annotated[
        Path | None, typer.Option("--map", help="A YAML file that says which column of FILE holds what.")
    ] = None,
    layout: Annotated[
        str | None, typer.Option("--layout", help="The layout of FILE, where its header does not tell it.")
    ] = None,
    tolerance: Annotated[
        list[str] | None,
        typer.Option("--tolerance", metavar="QUANTITY=NUMBER", help="Such as points=0.01; may be repeated."),
    ] = None,
    practice: Annotated[
        list[str] | None, typer.Option("--practice", help="Only this practice, row by row; may be repeated.")
    ] = None,
    indicator: Annotated[list[str] | None, typer.Option("--indicator", help="Only this item; may be repeated.")] = None,
    most: Annotated[int, typer.Option("--most", min=0, help="How many of the largest differences to show.")] = 10,
    csv: Annotated[Path | None, typer.Option("--csv", help="Write every row to this file.")] = None,
    html: Annotated[Path | None, typer.Option("--html", help="Write a page to read or print to this file.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Write over files that are there.")] = False,
    pca_reference: Annotated[
        Path | None, typer.Option("--pca-reference", help="PCA_REFERENCE.csv: which fields of an extract are PCAs.")
    ] = None,
    ignore_unknown: Annotated[
        bool, typer.Option("--ignore-unknown", help="Pass over indicators that the run's scheme does not have.")
    ] = False,
    errors: Annotated[int, typer.Option("--errors", min=1, help="How many row errors to show.")] = 20,
) -> None:
    """Set a file beside a run: theirs, ours, the difference and its most likely cause.

    Ends with status 0 when every figure that both sides have is within its tolerance, 3 when one is not, and 1 when the
    file cannot be used. Neither side is changed.
    """
    if csv and html and csv.absolute() == html.absolute():
        raise refuse("cli.same-file-twice", "--csv and --html name the same file.")
    for path in filter(None, (csv, html)):
        check_file_free(path, replace)
    with err.status("Reading the run …"):
        run = open_run(folder)
    with progress("Practices") as told:
        found = reconciled(
            run,
            file,
            layout=layout,
            columns=columns,
            tolerances=_tolerances(tolerance or []),
            practices=practice or (),
            indicators=indicator or (),
            ignore_unknown=ignore_unknown,
            pca_reference=pca_reference,
            errors=errors,
            progress=told,
        )
    if csv:
        write_whole(csv, lambda path: write_table(path, COLUMNS, found.csv_rows()))
    if html:
        page = page_of(found)
        write_whole(html, lambda path: path.write_text(page, encoding="utf-8"))
    _report(found, most, detail=bool(practice))
    for path in filter(None, (csv, html)):
        out.print(f"Written to {path}.")
    if not found.agrees:
        raise typer.Exit(DIFFERS)


def _tolerances(given: list[str]) -> dict[str, str]:
    found = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals:
            raise refuse(
                "cli.value-unfit",
                f"--tolerance {text}: expected QUANTITY=NUMBER, such as points=0.01.",
                option="--tolerance",
                found=text,
            )
        found[name.strip()] = value.strip()
    return found


def _report(found: Reconciliation, most: int, detail: bool) -> None:
    out.print(f"{found.file} ({found.layout}) beside a run of {found.scheme}, {found.year}.")
    for problem in found.notes:
        warn(problem)
    out.print()
    _quantities(found)
    if found.classes:
        _classes(found)
    for text in found.verdicts:
        out.print(text)
    if detail:
        for row in (row for row in found.rows if row.status == BEYOND):
            _difference(row)
    else:
        _findings(found, most)
    if found.agrees:
        out.print("Within tolerance.", style="bold")


def _quantities(found: Reconciliation) -> None:
    table = Table(box=None, pad_edge=False)
    table.add_column("Figures", no_wrap=True)
    for name in ("within", "beyond", "not compared", "share within", "tolerance"):
        table.add_column(name, justify="right", no_wrap=True)
    for quantity in found.quantities():
        counts = [found.count(status, quantity) for status in (WITHIN, BEYOND, NOT_COMPARED)]
        share = share_text(counts[0], counts[0] + counts[1])
        table.add_row(
            quantity.replace("_", " "), *(f"{n:,}" for n in counts), share, tolerance_text(found.tolerances, quantity)
        )
    counts = [found.count(status) for status in (WITHIN, BEYOND, NOT_COMPARED)]
    table.add_row("all", *(f"{n:,}" for n in counts), share_text(counts[0], counts[0] + counts[1]), "", style="bold")
    out.print(table)
    out.print()


def _classes(found: Reconciliation) -> None:
    table = Table(box=None, pad_edge=False)
    table.add_column("Most likely cause", no_wrap=True)
    table.add_column("figures", justify="right", no_wrap=True)
    table.add_column("share", justify="right", no_wrap=True)
    table.add_column("that is")
    beyond = found.count(BEYOND)
    for cause, count in found.classes.items():
        table.add_row(cause, f"{count:,}", share_text(count, beyond), CAUSES[cause])
    out.print(table)
    out.print()


def _findings(found: Reconciliation, most: int) -> None:
    """What was found, each once, with the largest difference that it explains."""
    findings = found.findings()
    if findings and most:
        out.print("What was found, the largest differences first", style="bold")
    for finding in findings[:most]:
        count = len(finding.rows)
        alike = f" (the largest of {count:,}, {finding.where})" if count > 1 else ""
        _difference(finding.rows[0], alike)
    hidden = sum(len(finding.rows) for finding in findings[most:])
    if hidden:
        out.print(f"\n… and {hidden:,} more figures: --most shows more of them, --csv FILE has every row.")


def _difference(row: Row, alike: str = "") -> None:
    theirs, ours = (figure_text(row.quantity, value) or "none" for value in (row.theirs, row.ours))
    difference = row.difference
    by = "" if difference is None else f", {'+' if difference > 0 else ''}{figure_text(row.quantity, difference)}"
    what = f"{row.practice} {row.indicator} {row.quantity.replace('_', ' ')}"
    out.print(f"{what}: theirs {row.mark or theirs}, ours {ours}{by}{alike}")
    for cause in row.causes[:3]:
        out.print(f"    {cause.name}: {cause.text}", style="dim")
    if len(row.causes) > 3:
        out.print(f"    or {len(row.causes) - 3} other causes that give the same", style="dim")


COMMANDS = (
    Command(
        reconcile,
        "reconcile",
        (
            "remit reconcile out/2018-19 achievement.csv",
            "remit reconcile out/2018-19 achievement.csv --tolerance points=0.01 --csv rows.csv --html page.html",
            "remit reconcile out/year-end export.csv --map map.yaml --practice A81001",
        ),
    ),
)
