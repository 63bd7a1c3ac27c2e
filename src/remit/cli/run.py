"""`remit run`: counts in, a folder of results out."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from shlex import quote
from typing import Annotated, Any

import typer
from rich.table import Table

from remit.cli.console import Command, err, out, progress, warn
from remit.core import say
from remit.core.problems import refuse, warning
from remit.core.sums import Sum
from remit.core.words import some_of
from remit.runs import Run, read_inputs, write_run
from remit.runs.folder import Summary
from remit.runs.manifest import RunManifest, RunsManifest
from remit.runs.mean_weights import in_words, mean_weights
from remit.runs.together import run_claims, write_together
from remit.scheme.supply import Open

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
    assign: Annotated[Path | None, typer.Option("--assign", help="CSV: practice_code, scheme_id.")] = None,
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
    from remit.files.folders import check_free

    check_free(folder, replace, RunManifest, RunsManifest)
    if counts is None and claims is None:
        raise refuse(
            "cli.option-missing",
            "there is nothing to pay by: give --counts, or --claims for a scheme that pays by activity.",
        )
    if claims is not None:
        if national or assign:
            raise refuse(
                "cli.options-together",
                "--national and --assign are of no use beside --claims: every practice is in every scheme.",
            )
        rest = {
            "settings": _settings(setting or []),
            "period": period,
            "recovery": recovery,
            "ignore_unknown": ignore_unknown,
            "errors": errors,
            "only_practices": practice or (),
            "only_indicators": indicator or (),
        }
        _run_claims(schemes, practices, counts, claims, folder, replace, rest)
        return
    with err.status("Reading the inputs …") if err.is_terminal else nullcontext():
        inputs = read_inputs(
            schemes,
            practices,
            counts,
            national=national if national in (None, "from-run") else Path(str(national)),
            assign=assign,
            recovery=recovery,
            settings=_settings(setting or []),
            period=period,
            ignore_unknown=ignore_unknown,
            errors=errors,
        )
    made = Run(inputs, practice or (), indicator or ())
    for problem in inputs.warnings:
        warn(problem)
    with progress("Practices") as told:
        summary = write_run(made, folder, replace, told)
    _report(summary, folder, made)


def _run_claims(
    schemes: list[str],
    practices: Path,
    counts: Path | None,
    claims: Path,
    folder: Path,
    replace: bool,
    rest: dict[str, Any],
) -> None:
    """Runs on one file of claims: each scheme's report, then what became of the claims."""
    with err.status("Reading the inputs …") if err.is_terminal else nullcontext():
        made = run_claims(schemes, practices, claims, counts, **rest)
    for problem in dict.fromkeys(problem for run in made.runs.values() for problem in run.inputs.warnings):
        warn(problem)
    with progress("Practices") as told:
        summaries = write_together(made, folder, replace, told)
    for name, run in made.runs.items():
        if len(made.runs) > 1:
            out.print(f"\n{name}", style="bold")
        _report(summaries[name], folder / name if len(made.runs) > 1 else folder, run)
    told_ = {outcome: made.decided.count(outcome) for outcome in ("counted", "refused", "held")}
    counted = ", ".join(f"{count:,} {outcome}" for outcome, count in told_.items())
    out.print(
        f"\nClaims: {counted}. See {folder / 'claims.csv'}, which only you can read: it holds rows of patients.",
        soft_wrap=True,
    )
    if told_["held"]:
        many = "claim is held" if told_["held"] == 1 else "claims are held"
        what = f"{told_['held']} {many}: nobody is paid for them until claims.csv's reasons are settled."
        warn(warning("claims.held", what, claims=told_["held"]))


def _settings(given: list[str]) -> dict[str, str]:
    settings = {}
    for text in given:
        name, equals, value = text.partition("=")
        if not equals or not value:
            raise refuse(
                "cli.value-unfit",
                f"--set {text}: expected NAME=VALUE, such as notified=2025-06-02.",
                option="--set",
                found=text,
            )
        if name.strip() in settings:
            raise refuse("cli.set-twice", f"--set: {name} is given twice.", name=name)
        settings[name.strip()] = value.strip()
    return settings


def _report(summary: Summary, folder: Path, made: Run) -> None:
    if summary.items_without_counts:
        what = f"{summary.items_without_counts} of {summary.items} items have no award yet: award.csv says why."
        warn(warning("runs.items-without-award", what, items=summary.items_without_counts, of=summary.items))
    if summary.items_without_pounds:
        what = f"{summary.items_without_pounds} of {summary.items} items have an award but no pounds: "
        what += "award.csv says what to supply."
        warn(warning("runs.items-without-pounds", what, items=summary.items_without_pounds, of=summary.items))
    for (item, why), codes in summary.waits.items():
        what = f"item {item} of {some_of(codes)} has pounds that are not final: {why}."
        warn(warning("runs.items-not-final", what, item=item, practices=codes, reason=why))
    _missing(summary, made)
    if summary.blocked:
        what = f"{summary.blocked} of {summary.networks} networks are blocked: payment.csv says why."
        warn(warning("runs.networks-blocked", what, networks=summary.blocked, of=summary.networks))
    if summary.reviews:
        items = "1 item is" if summary.reviews == 1 else f"{summary.reviews:,} items are"
        what = f"{items} to be reviewed: see the column review of award.csv."
        warn(warning("runs.items-to-review", what, items=summary.reviews))
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column()
    table.add_column(justify="right")
    ahead = summary.advanced.pence or any(plan.scheme.terms.paid_in_advance for plan in made.plans.values())
    rows = [
        ("Networks", f"{summary.networks:,}" if summary.networks else ""),
        ("Practices", f"{summary.practices:,}"),
        ("of which provisional", f"{summary.provisional:,}"),
    ]
    sums = [
        ("Pounds awarded", summary.awarded),
        ("… with APDF at 1", summary.at_one),
        ("Paid in instalments", summary.advanced if ahead else None),
        ("Paid on activity", summary.on_activity if summary.on_activity.pence or summary.on_activity.unknown else None),
        ("Balance to pay", summary.balance),
        ("To recover", summary.recovery),
    ]
    for name, value in rows:
        if value:
            table.add_row(name, value)
    for name, total in sums:
        if total is not None:
            table.add_row(name, *_so_far(total))
    out.print(table)
    for one in mean_weights(made.standings):
        out.print(f"\n{in_words(*one)}", style="dim")
    first = f" --practice {quote(made.codes[0])}" if made.codes else ""
    out.print(f"\nWritten to {folder}. Next: remit statement {quote(str(folder))}{first}", soft_wrap=True)


def _missing(summary: Summary, made: Run) -> None:
    """All that is still missing, in one message: what the schemes leave open, then what the counts lack."""
    lines = [f"{one.name}: {one.about} ({_given(one)})" for one in made.open_inputs()]
    lines += [f"{name}: {about} (--set {name}=…)" for name, about in made.open_parameters()]
    lines += [f"the national figures of {', '.join(groups)} (--national)" for groups in [_no_nation(made)] if groups]
    local = any(kind.by_figures for kind in made.kinds()) or summary.networks
    for reason, codes in summary.missing.items():
        if local:
            lines.append(f"{some_of(codes)}: {reason}")
    if lines:
        shown = lines[:_SHOWN] + ([f"and {len(lines) - _SHOWN} more: see award.csv"] if len(lines) > _SHOWN else [])
        what = "\n  ".join(["what is still missing before all can be paid:", *shown])
        warn(warning("runs.something-missing", what, missing=lines))


def _given(one: Open) -> str:
    plan = ", or --recovery FILE for each practice" if one.path[:2] == ("terms", "recovery") else ""
    return f"--set {one.example}{plan}"


def _no_nation(made: Run) -> list[str]:
    """The groups of indicators that are weighed, and whose register and list in the nation nobody gave."""
    found: dict[str, None] = {}
    for plan in made.plans.values():
        prevalence = plan.scheme.weights.prevalence
        known = {*made.inputs.national, *(prevalence.national if prevalence else ())}
        for code in plan.codes:
            if {"prevalence", "target_population"} & set(plan.lines[code].item.weights):
                found |= dict.fromkeys({plan.measurer(code).group} - known)
    return list(found)


def _so_far(total: Sum) -> list[str]:
    """What is known of an amount; where that is not all of it, of how many practices and networks it is not."""
    if not total.unknown:
        return [say.money(total.pence)]
    of = f"not complete for {total.unknown:,} of {total.unknown + total.known:,}"
    return [say.so_far(total), of]


COMMANDS = (
    Command(
        run,
        "run",
        (
            "remit run qif-2024-25 --practices practices.csv --counts counts.csv --out results",
            "remit run qif-2024-25 … --set notified=2025-06-02 --set chol004_from=2024-12-05",
            "remit run qif-2024-25 qif-plus-2024-25 … --assign variants.csv",
            "remit run anticoagulation-doac-staffordshire anticoagulation-joint-staffordshire … --claims claims.csv",
            "remit run spirometry-staffordshire … --set DIAG.tariff=£45.00",
            "remit run qof-england-2018-19 … --national national.csv --period 2018-Q3",
        ),
    ),
)
