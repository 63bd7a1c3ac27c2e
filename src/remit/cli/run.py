"""`remit run`: counts or claims in, a folder of results out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from remit.cli.console import ONLY_YOU, Command, out, progress, warn
from remit.cli.next_steps import after_run
from remit.cli.options import settings_of
from remit.cli.output import Files, show
from remit.core.problems import refuse, warning

if TYPE_CHECKING:
    from remit.application.run import Missing, RunResult

_SHOWN = 60


def run(
    schemes: Annotated[
        list[str], typer.Argument(metavar="ID...", help="Scheme ids or files; several run variants by place.")
    ],
    practices: Annotated[Path, typer.Option("--practices", help="CSV: practice_code, practice_name, lists …")],
    folder: Annotated[Path, typer.Option("--out", help="The folder to make.")],
    counts: Annotated[
        Path | None, typer.Option("--counts", help="CSV: practice_code, indicator_code, measure, value[, period].")
    ] = None,
    claims: Annotated[
        Path | None,
        typer.Option("--claims", help="CSV: practice_code, pseudonym, item, quarter[, date, from, to, attended]."),
    ] = None,
    national: Annotated[
        str | None, typer.Option("--national", help="CSV: group_code, register, list_size; or 'from-run'.")
    ] = None,
    assign: Annotated[
        Path | None, typer.Option("--assign", help="CSV: practice_code, scheme_id [+ scheme_id].")
    ] = None,
    every_scheme: Annotated[
        bool, typer.Option("--every-scheme", help="Every practice is in every scheme: a folder for each, and sums.")
    ] = False,
    recovery: Annotated[
        Path | None,
        typer.Option("--recovery", help="CSV: practice_code, notified[, months, reason] of recoveries."),
    ] = None,
    setting: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="NAME=VALUE", help="A parameter of the scheme; see remit show."),
    ] = None,
    period: Annotated[
        str | None, typer.Option("--period", help="Score an in-year position: a quarter 2024-Q3 or a date.")
    ] = None,
    practice: Annotated[
        list[str] | None, typer.Option("--practice", help="Only this practice; may be repeated.")
    ] = None,
    indicator: Annotated[list[str] | None, typer.Option("--indicator", help="Only this item; may be repeated.")] = None,
    ignore_unknown: Annotated[
        bool,
        typer.Option("--ignore-unknown", help="Pass over counts of indicators that the scheme does not have."),
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put this run in the place of one that nobody changed.")
    ] = False,
    errors: Annotated[int, typer.Option("--errors", min=1, help="How many row errors to show.")] = 20,
) -> None:
    """Award and pay every practice, and write a folder of results that explains itself.

    Writes achievement.csv, award.csv, payment.csv, schedule.csv, ledger.csv, totals.csv and manifest.json, and keeps
    the inputs beside them. The same inputs give the same bytes.
    """
    from remit.application.run import RunRequest
    from remit.application.run import run as run_scheme

    if counts is None and claims is None:
        what = "there is nothing to pay by: give --counts, or --claims for a scheme that pays by activity."
        raise refuse("cli.option-missing", what)
    if assign is not None and every_scheme:
        raise refuse("cli.options-together", "--assign and --every-scheme say two things: give one of them.")
    if claims is not None and (national or assign):
        what = "--national and --assign are of no use beside --claims: every practice is in every scheme."
        raise refuse("cli.options-together", what)
    request = RunRequest(
        tuple(schemes), practices, folder, counts, claims,
        national="from-run" if national == "from-run" else Path(national) if national else None,
        assign=assign,
        every_scheme=every_scheme,
        recovery=recovery,
        settings=settings_of(setting or []),
        period=period,
        practices=tuple(practice or ()),
        items=tuple(indicator or ()),
        ignore_unknown=ignore_unknown,
        replace=replace,
        errors=errors,
    )  # fmt: skip
    with progress("Practices") as on_progress:
        result = run_scheme(request, on_progress)
    _report(result)


def _report(result: RunResult) -> None:
    """The money, then what of it is not known or to be looked at, then what to do next."""
    from remit.documents.run import run_document

    for name, one in result.schemes.items():
        title = name if len(result.schemes) > 1 else ""
        show(run_document(title, one.summary, one.paid_in_advance, one.mean_weights), Files())
        for problem in one.problems:
            warn(problem)
        if one.missing:
            lines = [_worded(missing) for missing in one.missing]
            left = [f"and {len(lines) - _SHOWN} more: see award.csv"] if len(lines) > _SHOWN else []
            what = "\n  ".join(["what is still missing before all can be paid:", *lines[:_SHOWN], *left])
            warn(warning("runs.something-missing", what, missing=lines))
        after_run(one)
    claims = result.claims
    if claims:
        counts = f"{claims.counted:,} counted, {claims.refused:,} refused, {claims.held:,} held"
        out.print(f"\nClaims: {counts}. {claims.file} says why; it has rows of patients. {ONLY_YOU}", soft_wrap=True)
    if result.by_practice:
        out.print(f"\nEach practice over its schemes: {result.by_practice}", soft_wrap=True)
    for problem in result.warnings:
        warn(problem)


def _worded(missing: Missing) -> str:
    """What is missing, and the option that supplies it."""
    by_practice = ", or --recovery FILE for each practice" if missing.by_practice else ""
    if missing.setting:
        return f"{missing.what} (--set {missing.setting}{by_practice})"
    return f"{missing.what} (--national)" if missing.file == "national" else missing.what


COMMANDS = (
    Command(
        run,
        "run",
        (
            "remit run qif-2024-25 --practices practices.csv --counts counts.csv --out results",
            "remit run qif-2024-25 … --set notified=2025-06-02 --set chol004_from=2024-12-05",
            "remit run qif-2024-25 qif-plus-2024-25 … --assign variants.csv",
            "remit run qof-england-2018-19 a-local-scheme.yaml … --every-scheme",
            "remit run anticoagulation-doac-staffordshire anticoagulation-joint-staffordshire … --claims claims.csv",
            "remit run spirometry-staffordshire … --set DIAG.tariff=£45.00",
            "remit run qof-england-2018-19 … --national national.csv --period 2018-Q3",
        ),
    ),
)
