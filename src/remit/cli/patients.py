"""`remit patients`: who is in which category of an indicator."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from remit.cli.console import Command, out
from remit.cli.options import Rules
from remit.cli.output import Csv, Files, Html, Pdf, Replace, Xlsx, show
from remit.core.problems import did_you_mean, refuse

if TYPE_CHECKING:
    from remit.application.patients import Category

T = TypeVar("T")


def patients(
    evaluation: Annotated[
        Path,
        typer.Argument(
            metavar="EVALUATION", help="The folder that 'remit evaluate' made, or one practice's evidence in it."
        ),
    ],
    indicator: Annotated[
        list[str] | None, typer.Option("--indicator", metavar="CODE", help="Only this indicator; may be repeated.")
    ] = None,
    category: Annotated[
        list[str] | None,
        typer.Option(
            "--category",
            metavar="CATEGORY",
            help="Only these: achieved, not_achieved, pca, exclusion; or denominator, population. May be repeated.",
        ),
    ] = None,
    rule: Annotated[
        list[int] | None, typer.Option("--rule", metavar="N", help="Only whom this rule decided; may be repeated.")
    ] = None,
    practice: Annotated[
        str,
        typer.Option("--practice", metavar="CODE", help="Whose patients. Needed where there are several."),
    ] = "",
    sensitive: Annotated[
        bool,
        typer.Option("--sensitive", help="Show deaths, ReSPECT, DNACPR and what tells of a learning disability too."),
    ] = False,
    rules: Rules = None,
    html: Html = None,
    pdf: Pdf = None,
    xlsx: Xlsx = None,
    csv: Csv = None,
    replace: Replace = False,
) -> None:
    """List the patients of a practice whom an indicator counts, excludes or takes out by a PCA, with the rule.

    For the practice only. --csv writes the outcome of every patient under every indicator, or under those you name.
    """
    from remit.application.patients import PatientChoice, PatientsRequest, list_patients
    from remit.documents import patients as documents

    files = Files(html, pdf, xlsx, csv, replace)
    wanted = PatientChoice(practice, _unique(indicator), _categories(category), _unique(rule), sensitive)
    result = list_patients(PatientsRequest(evaluation, wanted, tuple(rules or ())))
    document, short = documents.patients(result), documents.patients_in_short(result)
    show(document, files, short=short, csv=lambda: documents.outcomes_csv(result))
    first = next((one for one in result.decided if one.rows), None)
    if first:
        who = f"--practice {quote(result.practice)} --patient {quote(first.rows[0].patient)}"
        too = " --sensitive" if sensitive else ""
        from_records = f"--records STORE {who} --on {result.evaluation.on}"
        kept = f"--evidence {quote(str(evaluation))} {who}"
        what = f"{first.definition.code} {kept if result.evaluation.has_evidence else from_records}{too}"
        out.print(f"Why one of them: remit explain {what}", style="dim", soft_wrap=True)
    if not files.paths:
        out.print("Every patient: --csv, --html, --xlsx or --pdf.", style="dim")
        if result.left_out:
            out.print("Sensitive indicators: --sensitive.", style="dim")


def _unique(given: Sequence[T] | None) -> tuple[T, ...]:
    return tuple(dict.fromkeys(given or ()))


def _categories(names: list[str] | None) -> tuple[Category, ...]:
    """The categories of --category: `not achieved` is `not_achieved`."""
    from remit.application.patients import CATEGORIES

    by_name: dict[str, Category] = {name: name for name in CATEGORIES}
    for name in names or ():
        if _plain(name) not in by_name:
            what, hint = f"--category: there is no category '{name}'.", did_you_mean(_plain(name), by_name)
            raise refuse("cli.value-unfit", what, None, hint, option="--category", found=name)
    return _unique([by_name[_plain(name)] for name in names or ()])


def _plain(name: str) -> str:
    return name.strip().casefold().replace(" ", "_").replace("-", "_")


COMMANDS = (
    Command(
        patients,
        "patients",
        (
            "remit patients evaluated --indicator HYP008 --category pca",
            "remit patients evaluated --practice A1 --indicator HYP008 --category exclusion --html excluded.html",
            "remit patients evaluated --practice A1 --csv outcomes.csv",
        ),
    ),
)
