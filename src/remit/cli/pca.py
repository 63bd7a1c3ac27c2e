"""`remit pca`: which practices' personalised care adjustments to look at, and why."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from remit.cli.console import Command, progress
from remit.cli.output import Csv, Files, Html, Pdf, Replace, Xlsx, show
from remit.core.problems import Problem, Refused, did_you_mean, error

if TYPE_CHECKING:
    from remit.application.pca import Test

_RATE = re.compile(r"(?P<name>[^=]{1,60})=(?P<rate>[0-9]{1,3}(?:\.[0-9]{1,6})?)%?", re.ASCII)


def pca(
    folder: Annotated[Path, typer.Argument(metavar="RUN", help="The folder that 'remit run' made.")],
    test: Annotated[
        list[str] | None,
        typer.Option(
            "--test",
            metavar="point|binomial|funnel|rise",
            help="The test that decides the band; may be repeated. If left out: the item's guard rail, or binomial.",
        ),
    ] = None,
    reference: Annotated[
        list[str] | None,
        typer.Option(
            "--reference",
            metavar="NAME=RATE",
            help="A rate to compare with, for items without a guard rail. If left out: this run's rate.",
        ),
    ] = None,
    earlier: Annotated[
        list[Path] | None,
        typer.Option("--with", metavar="RUN", help="A run of the year before, or of an earlier day of this year."),
    ] = None,
    evaluation: Annotated[
        Path | None,
        typer.Option("--evaluation", metavar="FOLDER", help="An evaluation of the same practices, for when and why."),
    ] = None,
    policy: Annotated[
        str | None, typer.Option("--policy", metavar="NAME|FILE", help="How small numbers are hidden.")
    ] = None,
    html: Html = None,
    pdf: Pdf = None,
    xlsx: Xlsx = None,
    csv: Csv = None,
    replace: Replace = False,
) -> None:
    """Show which practices' rates of personalised care adjustments (PCAs) to look at, and why.

    Four tests stand side by side. A band (in line, watch, review) is a reason to look. No payment changes.
    """
    from remit.application.pca import Request, evaluate
    from remit.documents.pca import pca as document
    from remit.documents.pca import short

    files = Files(html, pdf, xlsx, csv, replace)
    problems: list[Problem] = []
    tests, rates = _tests(test or [], problems), _rates(reference or [], problems)
    if problems:
        raise Refused(problems)
    request = Request(folder, tests, rates, tuple(earlier or ()), evaluation, policy or "default")
    with progress("Practices") as on_progress:
        result = evaluate(request, on_progress)
    show(document(result), files, short(result), whole=lambda: document(result, every_row=True))


def _tests(texts: list[str], problems: list[Problem]) -> tuple[Test, ...]:
    """The tests that are to decide, each once."""
    from remit.application.pca import TESTS

    for text in texts:
        if text not in TESTS:
            what = f"--test {text}: expected one of {', '.join(TESTS)}."
            hint = did_you_mean(text, TESTS)
            problems.append(error("cli.value-unfit", what, None, hint, option="--test", found=text))
    return tuple(test for test in TESTS if test in texts)


def _rates(texts: list[str], problems: list[Problem]) -> dict[str, Fraction]:
    """The rates by whose they are."""
    rates: dict[str, Fraction] = {}
    for text in texts:
        match = _RATE.fullmatch(text.strip())
        if not match or Fraction(match["rate"]) > 100:
            what = f"--reference {text}: expected whose rate it is and the rate, such as England=10.61%."
            problems.append(error("cli.value-unfit", what, option="--reference", found=text))
        elif match["name"].strip() in rates:
            what = f"--reference {match['name'].strip()}: its rate is given twice."
            problems.append(error("cli.value-unfit", what, option="--reference", found=text))
        else:
            rates[match["name"].strip()] = Fraction(match["rate"]) / 100
    return rates


COMMANDS = (
    Command(
        pca,
        "pca",
        (
            "remit pca out/qif",
            "remit pca out/qof --reference England=10.61% --html pca.html",
            "remit pca out/qof --test funnel --test rise --with out/qof-before",
            "remit pca out/qif --evaluation evaluated --pdf pca.pdf",
        ),
    ),
)
