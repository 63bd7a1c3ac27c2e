"""`remit catalogue`: what a commissioner commissions, how it is paid and when it is reviewed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from remit.cli.console import Command, out
from remit.cli.options import one_day
from remit.cli.output import Csv, Files, Html, Pdf, Replace, Xlsx, show
from remit.core.problems import refuse

Commissioner = Annotated[
    str | None, typer.Option("--commissioner", metavar="NAME", help="Whose: an id such as staffordshire, or the name.")
]
On = Annotated[
    str | None, typer.Option("--on", metavar="DATE", help="The day to count from, as 2026-01-31; else today.")
]


def catalogue(
    commissioner: Commissioner = None,
    file: Annotated[Path | None, typer.Option("--file", help="A catalogue file of your own.")] = None,
    service: Annotated[
        list[str] | None, typer.Option("--service", help="Only this service, by id or title; may be repeated.")
    ] = None,
    kind: Annotated[
        list[str] | None, typer.Option("--kind", help="Only services of this kind; may be repeated.")
    ] = None,
    due: Annotated[
        int | None,
        typer.Option("--due", metavar="MONTHS", help="Only reviews due within so many months, and those overdue."),
    ] = None,
    on: On = None,
    across: Annotated[
        bool,
        typer.Option("--across", help="In the terminal, a table with services across, as the commissioner prints it."),
    ] = False,
    html: Html = None,
    pdf: Pdf = None,
    xlsx: Xlsx = None,
    csv: Csv = None,
    ics: Annotated[Path | None, typer.Option("--ics", help="Write the days of the reviews as iCalendar.")] = None,
    replace: Replace = False,
) -> None:
    """Say what a commissioner commissions: at what level, how it is paid and measured, and when it is reviewed.

    Without --commissioner or --file, it lists the catalogues that ship. With --due, --csv has the reminders.
    """
    from remit.application.catalogue import CatalogueRequest, catalogues, evaluate
    from remit.application.writing import check_files, write_file
    from remit.documents import catalogue as presenter
    from remit.documents.render.csv import rows_as_csv

    if commissioner and file:
        raise refuse("cli.options-together", "--commissioner and --file do not go together.", None, "Leave one out.")
    files = Files(html, pdf, xlsx, csv, replace)
    check_files([*files.paths, *([ics] if ics else [])], replace)
    if on and due is None:
        raise refuse("cli.option-alone", "--on goes with --due.", None, "Say --due 3 too.")
    if not commissioner and not file:
        if files.paths or ics or service or kind or due is not None:
            raise refuse("cli.option-missing", "whose catalogue?", None, "Say --commissioner NAME or --file FILE.")
        show(presenter.list_of(catalogues()), files)
        return
    day = day_given(on) if due is not None else None
    request = CatalogueRequest(commissioner or "", file, tuple(service or ()), tuple(kind or ()), due, day)
    result = evaluate(request)
    if files.paths or not ics:
        show(
            presenter.document(result.catalogue, result.due),
            files,
            presenter.cards(result.catalogue, result.due, across),
            xlsx=lambda: presenter.as_xlsx(result.catalogue, result.due),
            csv=lambda: rows_as_csv(*presenter.csv_rows(result.catalogue, result.due)),
        )
    if ics:
        write_file(ics, presenter.as_icalendar(result.catalogue, result.catalogue.services))
        out.print(f"Written to {ics}.", soft_wrap=True)


def day_given(text: str | None) -> date:
    """The day given, or today."""
    return one_day(text) or date.today()  # noqa: DTZ011 - the reader's own day


COMMANDS = (
    Command(
        catalogue,
        "catalogue",
        (
            "remit catalogue --commissioner staffordshire",
            "remit catalogue --commissioner staffordshire --due 3 --on 2026-01-01 --ics reviews.ics",
            "remit catalogue --file my-catalogue.yaml --kind 'enhanced service' --pdf services.pdf",
        ),
    ),
)
