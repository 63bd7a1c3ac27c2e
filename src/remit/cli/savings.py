"""`remit savings`: how much of a shared saving is chance, and what a veto costs."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Annotated

import typer

from remit.cli.console import Command, progress
from remit.cli.output import Csv, Files, Html, Pdf, Replace, Xlsx, show
from remit.core import exact
from remit.core.problems import Problem, Refused, error


def savings(
    source: Annotated[
        str | None, typer.Argument(metavar="[SCHEME|RUN]", help="A scheme, its file, or a folder 'remit run' made.")
    ] = None,
    item: Annotated[
        str | None, typer.Option("--item", metavar="CODE", help="The item, where several share savings.")
    ] = None,
    share: Annotated[
        str | None, typer.Option("--share", metavar="50%", help="The share of a saving that is paid.")
    ] = None,
    growth: Annotated[
        str | None, typer.Option("--growth", metavar="2%", help="How much the baseline grows in a year.")
    ] = None,
    minimum_rate: Annotated[
        str | None, typer.Option("--minimum-rate", metavar="2%", help="The smallest saving that is paid.")
    ] = None,
    corridor: Annotated[
        str | None, typer.Option("--corridor", metavar="1%", help="The first part of a saving, which is not shared.")
    ] = None,
    most: Annotated[
        str | None, typer.Option("--most", metavar="£50,000", help="The most that is paid to a group.")
    ] = None,
    activity: Annotated[
        str | None, typer.Option("--activity", metavar="N", help="Activity a year for 1,000 patients.")
    ] = None,
    price: Annotated[
        str | None, typer.Option("--price", metavar="£150", help="What one unit of activity costs.")
    ] = None,
    spread: Annotated[
        str | None, typer.Option("--spread", metavar="1.5", help="Variance over mean, year to year: 1 is chance alone.")
    ] = None,
    figures: Annotated[
        Path | None,
        typer.Option("--figures", metavar="FILE", help="Yearly figures, to take activity, price and spread from."),
    ] = None,
    patients: Annotated[
        list[int] | None,
        typer.Option("--patients", min=1, max=10_000_000, help="Patients of a group; may be repeated."),
    ] = None,
    saving: Annotated[str, typer.Option("--saving", metavar="5%", help="The true saving to look for.")] = "5%",
    years: Annotated[int, typer.Option("--years", min=1, max=20, help="Years that the baseline is the mean of.")] = 1,
    assent: Annotated[str, typer.Option("--assent", metavar="95%", help="The chance that one member agrees.")] = "95%",
    seed: Annotated[int, typer.Option("--seed", min=0, help="The same seed gives the same random draws.")] = 1,
    html: Html = None,
    pdf: Pdf = None,
    xlsx: Xlsx = None,
    csv: Csv = None,
    replace: Replace = False,
) -> None:
    """Show how often a rule for shared savings pays for chance alone or misses a true saving, and what a veto costs.

    The rule is an item of a scheme or run, or is given by --share, --growth, --minimum-rate, --corridor and --most.
    """
    from remit.application.needs_analysis import check_analysis_installed

    check_analysis_installed()
    from remit.application.savings import Request, evaluate
    from remit.documents.savings import savings as document
    from remit.documents.savings import short

    files = Files(html, pdf, xlsx, csv, replace)
    problems: list[Problem] = []

    def read(name: str, text: str | None, how: Callable[[str], Fraction]) -> Fraction | None:
        try:
            return None if text is None else how(text)
        except ValueError as wrong:
            problems.append(error("cli.value-unfit", f"--{name}: {wrong}.", option=f"--{name}", found=text))
            return None

    rate, cost = read("activity", activity, exact.number), read("price", price, exact.money)
    variance, saved = read("spread", spread, exact.number), read("saving", saving, exact.percent)
    yes = read("assent", assent, exact.percent)
    if variance is not None and variance < 1:
        problems.append(error("cli.value-unfit", "--spread: expected 1 or more.", option="--spread", found=spread))
    if problems:
        raise Refused(problems)
    given = {"share": share, "growth": growth, "minimum_rate": minimum_rate, "corridor": corridor, "most": most}
    defaults = Request()
    request = Request(
        source or "", item or "", {key: value for key, value in given.items() if value is not None},
        None if rate is None else rate / 1000, cost, variance, figures, tuple(patients or defaults.sizes),
        defaults.saving if saved is None else saved, years, assent=defaults.assent if yes is None else yes, seed=seed,
    )  # fmt: skip
    with progress("Sizes") as on_progress:
        result = evaluate(request, on_progress)
    show(document(result), files, short(result))


COMMANDS = (
    Command(
        savings,
        "savings",
        (
            "remit savings --share 50% --activity 250 --price £150",
            "remit savings --share 50% --minimum-rate 2% --figures years.csv --html savings.html",
            "remit savings ours.yaml --item SAVING --activity 250 --price £150 --years 3",
            "remit savings out/networks --price £150 --assent 90%",
        ),
    ),
)
