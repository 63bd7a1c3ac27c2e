"""`remit worklist`: who still needs care, patient by patient, in the order of what one contact would close."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from remit.cli.console import Command, out, progress
from remit.cli.options import Clusters, Records, Rules
from remit.cli.output import Csv, Files, Html, Pdf, Replace, Xlsx, show
from remit.core.dates import MONTHS
from remit.core.problems import did_you_mean, refuse

if TYPE_CHECKING:
    from remit.application.worklist import Worklist

_ON_SCREEN = 20


def worklist(
    folders: Annotated[
        list[Path], typer.Argument(metavar="DIR…", help="The folders that 'remit evaluate' made, one for each scheme.")
    ],
    practice: Annotated[str, typer.Option("--practice", metavar="CODE", help="Whose list. It is for them only.")],
    records: Records,
    run: Annotated[
        list[Path] | None,
        typer.Option(
            "--run", metavar="DIR", help="A run of one of the schemes, for values that were set; may be repeated."
        ),
    ] = None,
    clusters: Clusters = None,
    rules: Rules = None,
    indicator: Annotated[
        list[str] | None, typer.Option("--indicator", metavar="CODE", help="Only this indicator; may be repeated.")
    ] = None,
    month: Annotated[
        str | None,
        typer.Option("--month", metavar="MONTH", help="Only those born in this month, then those whose month is past."),
    ] = None,
    ahead: Annotated[
        int, typer.Option("--ahead", min=0, max=24, help="Months to look ahead for care that expires.")
    ] = 3,
    sensitive: Annotated[
        bool, typer.Option("--sensitive", help="Show deaths, ReSPECT and what tells of a learning disability too.")
    ] = False,
    top: Annotated[
        int | None,
        typer.Option("--top", min=1, metavar="N", help="Only the first patients to call; 20 in the terminal."),
    ] = None,
    by_contact: Annotated[
        bool, typer.Option("--by-contact", help="In the PDF, a list for each kind of contact, such as a review.")
    ] = False,
    csv: Csv = None,
    xlsx: Xlsx = None,
    html: Html = None,
    pdf: Pdf = None,
    replace: Replace = False,
) -> None:
    """List the patients of a practice who still need care: whom to call, for what, by when, and worth how much.

    Each patient has one row, with the care that every scheme asks for. First come those for whom one contact brings
    most. Patients with a personalised care adjustment (PCA) stay in sight, apart from those who declined.
    """
    from remit.application.worklist import WorklistChoice, WorklistRequest, make_worklist
    from remit.documents.worklist.csv import as_csv
    from remit.documents.worklist.page import page, short
    from remit.documents.worklist.paper import paper
    from remit.documents.worklist.xlsx import as_xlsx

    files = Files(html, pdf, xlsx, csv, replace)
    shown = top or (0 if files.paths else _ON_SCREEN)
    wanted = WorklistChoice(practice, tuple(dict.fromkeys(indicator or ())), _month(month), ahead, sensitive, shown)
    request = WorklistRequest(tuple(folders), records, wanted, tuple(run or ()), clusters, tuple(rules or ()))
    with progress("Patients") as on_progress:
        result = make_worklist(request, on_progress)
    show(
        page(result), files, short(result), xlsx=lambda: as_xlsx(result),
        csv=lambda: as_csv(result).encode(), paper=lambda: paper(result, by_contact),
    )  # fmt: skip
    for line in ["The list is for the practice only."] if files.paths else _more(result):
        out.print(line, style="dim", soft_wrap=True)


def _more(result: Worklist) -> Iterator[str]:
    """How to see what the list on the screen leaves out."""
    if result.hidden:
        yield "The other patients: --top N, or --xlsx, --html, --pdf and --csv, show them."
    if not result.month:
        yield "One month of birth: --month lists it."
    if not result.sensitive:
        yield "What was left out because it was not asked for: --sensitive shows it."


def _month(text: str | None) -> int:
    """`5`, `05`, `May` or `may` as a month; 0 where none is asked for."""
    if text is None:
        return 0
    if text.isascii() and text.isdigit() and 1 <= int(text) <= 12:
        return int(text)
    named = [n for n, name in enumerate(MONTHS, 1) if len(text) >= 3 and name.casefold().startswith(text.casefold())]
    if len(named) == 1:
        return named[0]
    raise refuse(
        "cli.value-unfit",
        f"--month: there is no month '{text}'.",
        None,
        did_you_mean(text, MONTHS) or "Say 1 to 12.",
        option="--month",
        found=text,
    )


COMMANDS = (
    Command(
        worklist,
        "worklist",
        (
            "remit worklist evaluated --records store --practice A1",
            "remit worklist qif qof --records store --practice A1 --xlsx a1.xlsx --pdf a1.pdf",
            "remit worklist evaluated --records store --practice A1 --month may --indicator HYP008",
        ),
    ),
)
