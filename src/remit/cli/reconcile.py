"""`remit reconcile`: a published or exported file beside a run, and why they differ."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from remit.cli.console import Command, progress, warn
from remit.cli.output import Csv, Files, Html, Pdf, Replace, Xlsx, show
from remit.core.problems import refuse

DIFFERS = 3
"""The exit status when a figure is beyond its tolerance: 1 is a refusal, 2 a wrong command line."""


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
    html: Html = None,
    pdf: Pdf = None,
    xlsx: Xlsx = None,
    csv: Csv = None,
    replace: Replace = False,
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
    from remit.application.reconcile import COLUMNS, ReconcileRequest
    from remit.application.reconcile import reconcile as reconciled
    from remit.documents import reconciliation as presenter
    from remit.documents.render.csv import rows_as_csv

    files = Files(html, pdf, xlsx, csv, replace)
    request = ReconcileRequest(
        folder,
        file,
        columns,
        layout,
        _tolerances(tolerance or []),
        tuple(practice or ()),
        tuple(indicator or ()),
        pca_reference,
        ignore_unknown,
        errors,
    )
    with progress("Practices") as on_progress:
        result = reconciled(request, on_progress)
    for problem in result.notes:
        warn(problem)
    show(presenter.short(result, most, detail=bool(practice)), Files())
    if files.paths:
        show(presenter.document(result), files, csv=lambda: rows_as_csv(COLUMNS, result.csv_rows()))
    if not result.agrees:
        raise typer.Exit(DIFFERS)


def _tolerances(texts: list[str]) -> dict[str, str]:
    tolerances = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            what = f"--tolerance {text}: expected QUANTITY=NUMBER, such as points=0.01."
            raise refuse("cli.value-unfit", what, option="--tolerance", found=text)
        tolerances[name.strip()] = value.strip()
    return tolerances


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
