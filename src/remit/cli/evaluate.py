"""`remit evaluate`, `explain` and `spec`: from records to counts, why a patient was counted, and a search to build."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import date
from enum import StrEnum
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from remit.cli.console import ONLY_YOU, Command, err, out, progress, warn
from remit.cli.left_out import left_out_warnings
from remit.cli.sizes import read_size
from remit.core.dates import Period, parse_date
from remit.core.problems import did_you_mean, refuse, warning
from remit.files.whole import check_file_free, write_whole

if TYPE_CHECKING:
    from remit.core.dates import SchemeYear
    from remit.core.problems import Problem
    from remit.documents.blocks import Block
    from remit.evaluation.folder import Evaluated
    from remit.evaluation.model import Dates
    from remit.evaluation.plan import Plan
    from remit.rules.definitions import Definitions
    from remit.rules.model import Definition
    from remit.scheme.model import Scheme
    from remit.terminology.clusters import ClusterSet

Records = Annotated[
    Path, typer.Option("--records", metavar="STORE", help="The store that 'remit records import' made.")
]
Clusters = Annotated[
    str | None, typer.Option("--clusters", metavar="SET", help="A cluster set's folder; else the demonstration's.")
]
Rules = Annotated[
    list[Path] | None, typer.Option("--rules", help="A file of registers and indicators of your own; may be repeated.")
]
RulesOf = Annotated[
    list[str] | None,
    typer.Option(
        "--rules-of",
        metavar="YEAR",
        help="Whose rules to use where there are none of the scheme's year, as 2024-25; nothing is final then. May be "
        "repeated.",
    ),
]
On = Annotated[
    str | None,
    typer.Option("--on", metavar="DATE", help="The achievement date; else the scheme's, or the records' last."),
]
Replace = Annotated[bool, typer.Option("--replace", help="Write over what is there.")]


class EngineChoice(StrEnum):
    """What counts."""

    duckdb = "duckdb"
    reference = "reference"


def evaluate(
    scheme: Annotated[str, typer.Argument(metavar="SCHEME", help="A scheme's id or file.")],
    records: Records,
    folder: Annotated[Path, typer.Option("--out", help="The folder to make.")],
    on: On = None,
    clusters: Clusters = None,
    rules: Rules = None,
    rules_of: RulesOf = None,
    practice: Annotated[
        list[str] | None, typer.Option("--practice", help="Only this practice; may be repeated.")
    ] = None,
    lock: Annotated[
        Path | None, typer.Option("--lock", help="clusters.lock: refuse clusters of other codes than it names.")
    ] = None,
    engine: Annotated[
        EngineChoice,
        typer.Option("--engine", help="What counts; the reference interpreter is slow, and says the same."),
    ] = EngineChoice.duckdb,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, max=512, help="How many processes; else one for each core.")
    ] = None,
    memory: Annotated[
        str | None,
        typer.Option("--memory", metavar="SIZE", help="All may take, as 4GB; else 1GB each. The rest goes to disk."),
    ] = None,
    replace: Replace = False,
) -> None:
    """Count every indicator of a scheme that has rules over records, patient by patient.

    Writes outcomes/ (Parquet), counts.csv and practices.csv (the inputs of 'remit run'), attrition.csv, parts.csv,
    left_out.csv (values that were not read), breakdown.parquet, scheme.yaml and manifest.json. The same records,
    scheme, clusters and date give the same bytes.

    Practices are counted on every core. Stop it with Ctrl-C, or let it be killed: the same command goes on with the
    practices that are not done, unless the records, rules, clusters or date are others. The folder appears when all
    is done; until then --replace leaves what is there.
    """
    from remit.documents.rules import inferred_rules
    from remit.evaluation.evaluator import Evaluator
    from remit.evaluation.folder import BREAKDOWN, write_evaluation
    from remit.evaluation.manifest import EvaluationManifest
    from remit.files.folders import check_free
    from remit.records.people_quality import told_of_births
    from remit.records.store import Store
    from remit.scheme import load_scheme

    if records.resolve() in (folder.resolve(), *folder.resolve().parents):
        raise refuse("cli.inside-the-store", "--out lies in the store of records.", None, "Name a folder elsewhere.")
    check_free(folder, replace, EvaluationManifest)
    with err.status("Reading the scheme and the store …") if err.is_terminal else nullcontext():
        loaded = load_scheme(scheme)
        day = day_of(loaded, on)
        known, held, years = read_rules(rules), read_clusters(clusters), years_of(rules_of)
        made = Evaluator(loaded, Store(records), held, known, day, lock, years)
    share = read_size(memory)
    with progress("Practices") as so_far:
        found = write_evaluation(made, folder, replace, practice or (), so_far, engine.value, workers or 0, share)
    store = Store(records)
    births = told_of_births(store, [code for code in store.codes if not practice or code in practice])
    _say(found, day, [*found.outside.warnings(held), *births])
    inferred = inferred_rules(found.plan.definitions().values() if found.plan else (), known)
    for said in filter(None, (*found.outside.sentences(held), inferred)):
        out.print(f"\n{said}", soft_wrap=True)
    period = "" if day == loaded.achievement_date else f" --period {day}"
    files = f"--practices {quote(str(folder / 'practices.csv'))} --counts {quote(str(folder / 'counts.csv'))}"
    out.print(
        f"\n{found.practices:,} practice{'s' if found.practices != 1 else ''}, {found.patients:,} patients. "
        f"Written to {folder}.\n"
        f"Rows of patients are in {folder / 'outcomes'}, small numbers in {folder / BREAKDOWN}. {ONLY_YOU}\n"
        f"Next: remit run {scheme} {files}{period} --out results",
        soft_wrap=True,
    )


def _say(found: Evaluated, day: date, of_codes: list[Problem]) -> None:
    """What was counted: of resuming and of practices first, then the indicators, then what is left to supply."""
    from remit.core.words import listed

    assert found.plan is not None
    if found.changed:
        what = f"the work of an interrupted run was dropped and begun anew, for {listed(found.changed)} changed since."
        warn(warning("evaluation.begun-anew", what, changed=list(found.changed)))
    if found.resumed:
        which = "1 practice was" if found.resumed == 1 else f"{found.resumed:,} practices were"
        out.print(f"{which} done already, before an interruption.")
    for why in dict.fromkeys(found.provisional.values()):
        who = [code for code, text in found.provisional.items() if text == why]
        shown = ", ".join(who[:5]) + (f" and {len(who) - 5} more" if len(who) > 5 else "")
        warn(warning("evaluation.provisional", f"provisional, {shown}: {why}", practices=who))
    if found.unregistered:
        whose = ", ".join(found.unregistered[:8]) + (" and others" if len(found.unregistered) > 8 else "")
        what = f"none of the patients of {whose} is registered there on {day}: see registrations, and registered_at."
        warn(warning("evaluation.nobody-registered", what, practices=list(found.unregistered)))
    for told in (*of_codes, *left_out_warnings(found.left_out)):
        warn(told)
    table = Table(box=None, pad_edge=False)
    words = ("Indicator", "Rules of", "Status")
    for name in ("Indicator", "Achieved", "Not achieved", "PCA", "Exclusion", "Rules of", "Status"):
        table.add_column(name, justify="left" if name in words else "right")
    for code, definition in found.plan.definitions().items():
        of = found.categories.get(code, {})
        counts = [f"{of.get(c, 0):,}" for c in ("achieved", "not_achieved", "pca", "exclusion")]
        table.add_row(code, *counts, str(definition.years or definition.version), definition.status)
    out.print(table)
    show_supplied(found.plan)


def show_supplied(plan: Plan) -> None:
    """Say what of a scheme no record can tell, reason by reason."""
    reasons: dict[str, list[str]] = {}
    for subject, why in plan.supplied.items():
        reasons.setdefault(why.removeprefix(f"{subject} "), []).append(subject)
    if reasons:
        out.print("\nNot counted, to be supplied:")
    for why, subjects in reasons.items():
        out.print(f"  {', '.join(subjects)}: {why}.", soft_wrap=True)


def explain(
    code: Annotated[str, typer.Argument(metavar="INDICATOR", help="An indicator or a register, such as HYP008.")],
    records: Records,
    patient: Annotated[str, typer.Option("--patient", help="The patient's id in the store.")],
    practice: Annotated[str | None, typer.Option("--practice", help="Whose records; else wherever the id is.")] = None,
    on: On = None,
    clusters: Clusters = None,
    rules: Rules = None,
    html: Annotated[Path | None, typer.Option("--html", help="Write a page that needs no other file.")] = None,
    replace: Replace = False,
) -> None:
    """Show an indicator's rule table with what each rule saw of a patient, which decided, and the records behind."""
    from remit.documents.rules import explanation_blocks
    from remit.evaluation.evaluator import meaning_of
    from remit.evaluation.explain import explain as explained
    from remit.evaluation.outside_clusters import outside_of
    from remit.evaluation.reference import Chart
    from remit.evaluation.workers import check_unchanged
    from remit.evaluation.years import of_another_year
    from remit.records.store import Store
    from remit.terminology.clusters import need

    known, store, held = read_rules(rules), Store(records), read_clusters(clusters)
    definition = _definition(known, code)
    needed = known.needed_clusters([definition.code])
    need(needed, held)
    codes = [practice] if practice else store.codes
    for where in codes:
        check_unchanged(store, where)
    days = [day for where in codes if (day := store.last_day(where))]
    dates = _dates(on or (max(days).isoformat() if days else None))
    meaning = meaning_of(held, needed, dates, known)
    found = [(where, one) for where in codes for one in store.patients(where) if one.id == patient]
    if not found:
        raise refuse(
            "cli.patient-unknown",
            f"there is no patient '{patient}' in {f'practice {practice}' if practice else 'the store'}.",
        )
    if len(found) > 1:
        raise refuse(
            "cli.patient-in-several-practices",
            f"patient {patient} has records in {', '.join(where for where, _ in found)}.",
            None,
            "Say --practice.",
            practices=[where for where, _ in found],
        )
    where, one = found[0]
    elsewhen = of_another_year(definition, known, dates.year)
    for told in outside_of(one).warnings(held):
        warn(told)
    blocks = list(explanation_blocks(explained(Chart(one, meaning), definition), dates, held, where, known, elsewhen))
    _show(f"{definition.code} for patient {patient}", blocks, html, replace, private=True)


def spec(
    code: Annotated[str, typer.Argument(metavar="INDICATOR", help="An indicator or a register, such as HYP008.")],
    on: On = None,
    clusters: Clusters = None,
    rules: Rules = None,
    html: Annotated[Path | None, typer.Option("--html", help="Write a page that needs no other file.")] = None,
    pdf: Annotated[Path | None, typer.Option("--pdf", help="Write a PDF, tagged for screen readers.")] = None,
    replace: Replace = False,
) -> None:
    """Print an indicator as a search specification: population, clusters, fields, rules, dates, version, rationale.

    With it a search can be built by hand in a clinical system, and checked against Remit's own counts.
    """
    from remit.documents.rules import spec_blocks
    from remit.evaluation.years import of_another_year

    known, held = read_rules(rules), read_clusters(clusters)
    definition, dates = _definition(known, code), _dates(on) if on else None
    elsewhen = of_another_year(definition, known, dates.year) if dates else ""
    blocks = list(spec_blocks(definition, known, held, dates, elsewhen))
    if pdf is not None:
        from remit.documents.render.pdf import page_as_pdf

        check_file_free(pdf, replace)
        title = f"{definition.code}: {definition.title}"
        made = page_as_pdf(title, title, blocks, definition.code, landscape=True)
        write_whole(pdf, lambda path: path.write_bytes(made))
        out.print(f"Written to {pdf}.", soft_wrap=True)
    if pdf is None or html is not None:
        _show(f"{definition.code}: {definition.title}", blocks, html, replace)


def _show(title: str, blocks: list[Block], html: Path | None, replace: bool, private: bool = False) -> None:
    if html is None:
        from remit.documents.render.terminal import rendered_blocks

        out.print(rendered_blocks(blocks))
        return
    from remit.documents.render.html import page

    check_file_free(html, replace)
    write_whole(html, lambda path: path.write_text(page(title, blocks), encoding="utf-8"), private)
    only = " It holds a patient's records: only you can read it." if private else ""
    out.print(f"Written to {html}.{only}", soft_wrap=True)


def day_of(scheme: Scheme, on: str | None) -> date:
    """The achievement date that was asked for, else the scheme's. Raises Refused for one outside its year."""
    day = one_day(on) or scheme.achievement_date
    if not scheme.year.start <= day <= scheme.year.end:
        raise refuse(
            "cli.day-outside-year",
            f"--on {day} is not in {scheme.scheme}'s year, {scheme.year}.",
            day=day,
            scheme=scheme.scheme,
        )
    return day


def years_of(texts: list[str] | None) -> tuple[SchemeYear, ...]:
    """The years of --rules-of."""
    from remit.core.dates import SchemeYear

    try:
        return tuple(dict.fromkeys(SchemeYear.parse(text) for text in texts or ()))
    except ValueError as error:
        raise refuse("cli.value-unfit", f"--rules-of: {error}.", option="--rules-of", reason=error) from None


def one_day(text: str | None) -> date | None:
    """The day of an option, or None where it is not given."""
    if text is None:
        return None
    try:
        return parse_date(text)
    except ValueError as error:
        raise refuse("cli.value-unfit", f"--on: {error}.", option="--on", reason=error) from None


def _dates(on: str | None) -> Dates:
    """The year that a day is in; without one, the last year that has ended."""
    from remit.core.dates import SchemeYear
    from remit.evaluation.model import Dates

    day = one_day(on)
    if day is None:
        today = date.today()  # noqa: DTZ011 - the day where the user is
        year = SchemeYear(today.year - 1 if today.month >= 4 else today.year - 2)
        return Dates.of_year(year)
    try:
        return Dates.of_year(Period.parse(day.isoformat()).year, day)
    except ValueError:
        raise refuse(
            "cli.value-unfit", f"--on: {day} is in no year that can be reckoned with.", option="--on", found=day
        ) from None


def read_rules(rules: list[Path] | None) -> Definitions:
    """The registers and indicators that ship, with those of the files given."""
    from remit.rules.definitions import all_that_ship, read_definitions

    return read_definitions(rules, all_that_ship()) if rules else all_that_ship()


def read_clusters(reference: str | None) -> ClusterSet:
    """The cluster set that is named, or the demonstration's."""
    from remit.terminology.sets import demonstration, load_clusters

    return load_clusters(reference) if reference else demonstration()


def _definition(known: Definitions, code: str) -> Definition:
    """The rules of an indicator or a register. Raises Refused where there are none, of a known one too."""
    from remit.evaluation.plan import indicator_of, register_of

    for one in (code, code.upper()):
        if found := known.find(one) or register_of(one, known):
            return found
    indicator = indicator_of(code.upper())
    if indicator is None:
        way = did_you_mean(code, [*known.indicators, *known.registers]) or "Without rules it is counts only."
    else:
        way = f"{indicator.indicator} ({indicator.title}) is counts only: its counts are supplied."
        register = next((one for one in known.registers.values() if one.group == indicator.group), None)
        way += f" {register.code} is the register of its group." if register else ""
    raise refuse(
        "cli.indicator-without-rules", f"there are no rules over records for '{code}'.", None, way, indicator=code
    )


COMMANDS = (
    Command(
        evaluate,
        "evaluate",
        (
            "remit evaluate qif-2024-25 --records store --on 2025-03-31 --out evaluated",
            "remit evaluate qof-england-2024-25 --records store --clusters release-2024-12 --out evaluated",
            "remit evaluate qof-england-2024-25 --records store --out evaluated --workers 4 --memory 6GB",
            "remit evaluate qif-2024-25 --records store --practice X1 --engine reference --out checked",
        ),
    ),
    Command(
        explain,
        "explain",
        (
            "remit explain HYP008 --records store --patient 4711 --on 2025-03-31",
            "remit explain DM020 --records store --patient 4711 --html why.html",
        ),
    ),
    Command(spec, "spec", ("remit spec HYP008", "remit spec DM020 --clusters release-2024-12 --html dm020.html")),
)
