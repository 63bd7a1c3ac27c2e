"""`remit design`: thresholds, steps and rates for a scheme, from a base year and a budget."""

from __future__ import annotations

from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from remit.cli.console import Command, out, progress, warn
from remit.cli.output import Csv, Files, Full, Html, Pdf, Replace, Xlsx, show
from remit.cli.typed_numbers import by_item, number, pence
from remit.core.dates import SchemeYear
from remit.core.problems import Problem, Refused, error, refuse

if TYPE_CHECKING:
    from remit.application.design import BaseFiles


def design_(
    run: Annotated[Path | None, typer.Argument(metavar="RUN", help="The folder of the base year's run.")] = None,
    item: Annotated[
        list[str] | None, typer.Option("--item", metavar="CODE", help="The items to design, such as 4 or 4,5.")
    ] = None,
    budget: Annotated[str, typer.Option("--budget", metavar="£250,000", help="The money for these items.")] = "",
    limit: Annotated[
        str, typer.Option("--limit", metavar="10%", help="Highest chance to climb a step by luck.")
    ] = "10%",
    smallest: Annotated[
        bool, typer.Option("--smallest", help="Keep to the limit for the smallest tenth of practices too.")
    ] = False,
    meets: Annotated[
        Literal["full", "baseline", "improved"], typer.Option("--meets", help="Which achievement uses up the budget.")
    ] = "full",
    improvement: Annotated[
        list[str] | None,
        typer.Option(
            "--improvement", metavar="5pp|4=5pp", help="How much more practices achieve, for --meets improved."
        ),
    ] = None,
    share: Annotated[
        list[str] | None,
        typer.Option("--share", metavar="4=2", help="An item's share of the money beside the others' 1."),
    ] = None,
    decimals: Annotated[
        int, typer.Option("--decimals", min=0, max=4, help="Decimals of a penny in the pay per patient.")
    ] = 4,
    gains: Annotated[
        Path | None, typer.Option("--gains", metavar="FILE", help="A file of expected health gains.")
    ] = None,
    practices: Annotated[Path | None, typer.Option("--practices", help="A file of practices, in place of RUN.")] = None,
    counts: Annotated[Path | None, typer.Option("--counts", help="A file of counts, in place of RUN.")] = None,
    year: Annotated[str | None, typer.Option("--year", help="The year of the files, and of the draft.")] = None,
    file: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write the draft as a scheme file.")
    ] = None,
    html: Html = None,
    pdf: Pdf = None,
    xlsx: Xlsx = None,
    csv: Csv = None,
    replace: Replace = False,
    full: Full = False,
) -> None:
    """Propose steps and pence for a scheme, from a base year and a budget, with what luck would do to them.

    The base year is a run, or a file of practices and one of counts. Each practice is shown with what it would be paid.
    """
    from remit.application.design import Aims, Request, evaluate
    from remit.application.writing import check_files
    from remit.documents.design import design, short

    problems: list[Problem] = []
    base = _base(run, practices, counts, year)
    items = tuple(dict.fromkeys(code.strip() for text in item or () for code in text.split(",") if code.strip()))
    if not items:
        problems.append(error("cli.option-missing", "name the items to design.", None, "Such as --item 4."))
    amount = pence(budget, problems)
    most = (
        number(
            "--limit",
            limit,
            r"([0-9]{1,2}(?:\.[0-9]{1,3})?)%",
            "a chance such as 10%, above 0% and below 100%",
            problems,
        )
        / 100
    )
    more = by_item(
        "--improvement", improvement, r"([0-9]{1,3}(?:\.[0-9]{1,4})?) ?pp", "5pp or 4=5pp", problems, alone=True
    )
    shares = by_item("--share", share, r"([1-9][0-9]{0,3})", "4=2: an item and its share", problems)
    if file and file.suffix not in (".yaml", ".yml"):
        what = f"--out {file}: a scheme file ends in .yaml."
        problems.append(error("cli.value-unfit", what, option="--out", found=file))
    if problems:
        raise Refused(problems)
    files = Files(html, pdf, xlsx, csv, replace)
    check_files([*files.paths, *([file] if file else [])], replace)
    improvements = {code: one / 100 for code, one in more.items()}
    aims = Aims(amount, most, smallest, meets, improvements, shares, decimals)
    request = Request(base, items, aims, gains, "", "", _year(year), file, replace)
    with progress("Items") as on_progress:
        result = evaluate(request, on_progress)
    for warning in result.warnings:
        warn(warning)
    show(design(result.proposal), files, short(result.proposal), full=full)
    if file:
        name = quote(str(file))
        out.print(f"The draft is written to {file}. Next: remit check {name}", soft_wrap=True)
    else:
        out.print("Write the draft as a scheme file: --out FILE.yaml", style="dim")


def _base(run: Path | None, practices: Path | None, counts: Path | None, year: str | None) -> Path | BaseFiles:
    from remit.application.design import BaseFiles

    if run and (practices or counts):
        raise refuse("cli.options-together", "a run has its own practices and counts: leave the files out.")
    if run:
        return run
    chosen = _year(year)
    if practices and counts and chosen:
        return BaseFiles(practices, counts, chosen)
    what = "name the base year: a run's folder, or --practices, --counts and --year."
    raise refuse("cli.option-missing", what, None, "Such as: remit design out/qif --item 4 --budget £250,000.")


def _year(text: str | None) -> SchemeYear | None:
    try:
        return SchemeYear.parse(text) if text else None
    except ValueError as wrong:
        raise refuse("cli.value-unfit", f"--year: {wrong}.", option="--year", found=text) from None


COMMANDS = (
    Command(
        design_,
        "design",
        (
            "remit design out/qif --item 1b --budget £322,000",
            "remit design out/qif --item 4,5 --budget £600,000 --improvement 5pp --out draft.yaml",
            "remit design out/qif --item 4 --budget £300,000 --limit 5% --smallest --html design.html",
            "remit design --practices p.csv --counts c.csv --year 2024-25 --item HYP008 --budget £300,000",
        ),
    ),
)
