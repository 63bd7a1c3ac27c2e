"""`remit records`: fill a store with patient records, say what is in it, and check it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import RenderableType
from rich.text import Text

from remit.cli.console import ONLY_YOU, Command, out, progress, say_stopped, warn
from remit.cli.layout import facts, grid, heading, indented, print_plain
from remit.cli.left_out import value_warnings
from remit.core import say
from remit.core.dates import parse_date
from remit.core.problems import refuse, warning
from remit.core.words import agreed
from remit.files.tables import read_table
from remit.files.whole import check_file_free, write_whole

if TYPE_CHECKING:
    from remit.records.import_state import Mode, Report
    from remit.records.quality import Quality

StoreFolder = Annotated[Path, typer.Argument(metavar="STORE", help="The folder that an import made.")]

Clusters = Annotated[
    str | None, typer.Option("--clusters", metavar="SET", help="A cluster set's folder; else the demonstration's.")
]
Rules = Annotated[
    list[Path] | None, typer.Option("--rules", help="A file of registers and indicators of your own; may be repeated.")
]

GROUP = "records"
HELP = "Fill a store with patient records, say what is in it, and check it."


def import_(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="extracts.csv, and a CSV or Parquet for each table.")
    ],
    store: Annotated[
        Path, typer.Option("--store", metavar="STORE", help="The store to fill; made if it is not there.")
    ],
    key_file: Annotated[
        Path | None,
        typer.Option("--key-file", metavar="FILE", help="The key that turns NHS numbers into pseudonyms."),
    ] = None,
    keep_ids: Annotated[bool, typer.Option("--keep-ids", help="Keep ids as they are: for made-up patients.")] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="Put the extract in place of all that is held of its practices.")
    ] = False,
    append: Annotated[bool, typer.Option("--append", help="Add a later extract to what is held.")] = False,
    correct: Annotated[
        bool, typer.Option("--correct", help="Put the extract in place of the one of the same id.")
    ] = False,
    delete: Annotated[bool, typer.Option("--delete", help="Remove the extracts that extracts.csv names.")] = False,
    clusters: Clusters = None,
) -> None:
    """Import a folder of records into a store: all of it, or nothing.

    An import that was interrupted leaves the store as it was; started again, it goes on with the practices not done.
    Rows that cannot be stored go, with their file, number and reason, into a file in the store.
    """
    from remit.application.inputs import read_clusters
    from remit.records.importing import import_records
    from remit.records.manifest import WORK
    from remit.records.people_quality import told_on_import
    from remit.records.store import Store

    said: dict[Mode, bool] = {"replace": replace, "append": append, "correct": correct, "delete": delete}
    modes = [mode for mode, wanted in said.items() if wanted]
    if len(modes) > 1:
        raise refuse(
            "cli.options-together", f"--{modes[0]} and --{modes[1]} do not go together.", None, "Say one of them."
        )
    mode: Mode = modes[0] if modes else "add"
    held = read_clusters(clusters)
    try:
        with progress("Importing") as told:
            report = import_records(folder, store, key_file=key_file, keep_ids=keep_ids, mode=mode, progress=told)
    except KeyboardInterrupt:
        ids = "Ids are as they were" if keep_ids else "Pseudonyms stand for NHS numbers"
        where = f"{ids} in what is laid aside in {store / WORK}, and only you can read it."
        say_stopped(f"the store is as it was. The same command goes on from here. {where}")
        raise typer.Exit(130) from None
    _print_report(report, store)
    if report.mode != "delete":
        for odd in (*told_on_import(Store(store)), *value_warnings(store, held)):
            warn(odd)


def _print_report(report: Report, store: Path) -> None:
    if report.resumed:
        out.print(
            f"Went on with an interrupted import: {report.resumed:,} of {report.practices:,} practices were done."
        )
    if report.mode == "delete":
        out.print(f"Removed extracts of {report.practices:,} practices from {store}", soft_wrap=True)
        return
    numbers = ("Read", "right"), ("Stored", "right"), ("Rejected", "right")
    rows = [
        (table, f"{read:,}", f"{report.stored[table]:,}", f"{report.rejected[table]:,}")
        for table, read in report.read.items()
    ]
    print_plain(out, [grid(("Table", "left"), *numbers, rows=rows)])
    out.print(f"Stored in {store}. Its files hold rows of patients. {ONLY_YOU}", soft_wrap=True)
    for doubt in report.doubts:
        warn(doubt)
    if report.rejected_file:
        rejected = sum(report.rejected.values())
        were = agreed("row{ was|s were} rejected", rejected)
        what = f"{rejected:,} {were}: {report.rejected_file} says which and why."
        warn(warning("records.rows-rejected", what, rows=rejected, file=report.rejected_file.name))
    _warn_of_cells(report)
    if report.gone:
        gone = ", ".join(f"{count:,} {agreed(_GONE[table], count)}" for table, count in report.gone.items())
        what = f"the new extract no longer has {gone} that an earlier one had. They still count."
        warn(warning("records.gone-from-latest", what, None, "If it is a whole extract, import it with --replace."))
    if report.looks_real:
        what = f"{report.looks_real:,} {agreed(_LOOK_REAL, report.looks_real)}"
        warn(warning("records.ids-look-real", what, None, "Then import them with a key.", ids=report.looks_real))


_LOOK_REAL = (
    "id{ that was kept is a valid NHS number. Is it of a real patient"
    "|s that were kept are valid NHS numbers. Are they of real patients}?"
)
_GONE = {
    "patients": "patient{|s}",
    "registrations": "open stay{|s}",
    "events": "event{|s}",
    "prescriptions": "prescription{|s}",
}


def _warn_of_cells(report: Report) -> None:
    """What is stored otherwise than it was written, by column."""
    from remit.records.cells import NOTES, UNREAD

    for how, meaning in NOTES.items():
        found = [cells for cells in report.cells if cells.how == how]
        if not found:
            continue
        shown = ", ".join(f"{cells.table}.{cells.column} {cells.count:,}" for cells in found)
        total = sum(cells.count for cells in found)
        cells_ = agreed(f"{total:,} cell{{|s}}", total)
        if how == UNREAD and report.unread_file:
            what = f"{cells_} {agreed(meaning, total)} ({shown}): {report.unread_file} says which and why."
            warn(warning("records.cells-unread", what, cells=total, file=report.unread_file.name))
        else:
            what = f"{cells_} {agreed(meaning, total)}: {shown}."
            warn(warning("records.cells-otherwise", what, cells=total, how=how))


def info(folder: StoreFolder) -> None:
    """Say what is in a store: its practices, their extracts, how many rows, and how ids are kept."""
    from remit.records.manifest import is_unfinished
    from remit.records.store import Store

    store = Store(folder)
    manifest = store.manifest
    key = manifest.identity.get("key")
    days = [partition.last_day for partition in manifest.partitions.values()]
    rejected = [str(store.folder / e.rejected_file) for e in manifest.imports if e.rejected_file]
    whole: list[tuple[str, str | Text]] = [
        ("Store", str(folder)),
        ("Practices", f"{len(days):,}"),
        (
            "Last day",
            "none" if not days else f"{min(days)}" if min(days) == max(days) else f"{min(days)} to {max(days)}",
        ),
        ("Ids", f"pseudonyms, made with the key of fingerprint {key}" if key else "kept as they were"),
        ("Imports", f"{len(manifest.imports):,}"),
        *((name.capitalize(), f"{rows:,}") for name, rows in manifest.totals.items() if name != "practices"),
        *([("Rejected rows", "\n".join(rejected))] if rejected else []),
    ]
    numeric = ("Patients", "Registrations", "Events", "Prescriptions")
    rows = [
        [code, str(p.last_day), ", ".join(e.id for e in p.extracts), *[f"{p.rows(n.lower()):,}" for n in numeric]]
        for code, p in sorted(manifest.partitions.items())
    ]
    columns = ("Practice", "left"), ("Last day", "right"), ("Extracts", "left"), *((n, "right") for n in numeric)
    if is_unfinished(store.folder):
        what = "an import was interrupted, and the store is as it was before."
        warn(warning("records.import-interrupted", what, None, "Give its command again to go on with it."))
    print_plain(out, [facts(whole), heading("Practices"), indented(grid(*columns, rows=rows))])


def check(
    folder: StoreFolder,
    on: Annotated[
        str | None,
        typer.Option("--on", metavar="DATE", help="The achievement date: who stops before it is provisional."),
    ] = None,
    codes: Annotated[
        list[Path] | None,
        typer.Option("--codes", metavar="FILE", help="A CSV whose column `code` holds known codes; may be repeated."),
    ] = None,
    bounds: Annotated[
        Path | None,
        typer.Option("--bounds", metavar="FILE", help="Possible values: a CSV of unit, lowest, highest and code."),
    ] = None,
    clusters: Clusters = None,
    rules: Rules = None,
    practice: Annotated[
        list[str] | None, typer.Option("--practice", metavar="CODE", help="Only this practice; may be repeated.")
    ] = None,
    html: Annotated[Path | None, typer.Option("--html", help="Write the report as a page.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Write over a page that is there.")] = False,
) -> None:
    """Check that a store is as it was written, and report on the quality of its data.

    A file that is missing, damaged or out of order is an error. What is odd in the data is a finding: it is kept,
    counted and shown. What can be a value, and in which unit one is read, is told by the clusters and the rules.
    """
    from remit.application.inputs import read_clusters, read_rules
    from remit.records.quality import check_store, read_bounds
    from remit.records.store import Store
    from remit.records.value_quality import reading_of

    if html:
        check_file_free(html, replace)
    try:
        day = parse_date(on) if on else None
    except ValueError as error:
        raise refuse("cli.value-unfit", f"--on: {error}.", option="--on", reason=error) from None
    known = {code for file in codes for code in _codes(file)} if codes else None
    limits = read_bounds(bounds) if bounds else []
    with progress("Checking") as told:
        reading = reading_of(read_rules(rules or ()), read_clusters(clusters))
        quality = check_store(Store(folder), known, limits, day, practice or (), told, reading)
    print_plain(out, _shown(quality))
    if html:
        from remit.documents import records as shown
        from remit.documents.render.html import page

        text = page(shown.TITLE, list(shown.blocks(quality)))
        write_whole(html, lambda work: work.write_text(text, encoding="utf-8"))
        out.print(f"\nWritten to {html}", soft_wrap=True)


def _codes(path: Path) -> list[str]:
    return [code for _, (code, _) in read_table(path, ("code",), ("term",)).rows() if code]


def _shown(quality: Quality) -> list[RenderableType]:
    from remit.documents import records as shown

    parts: list[RenderableType] = [
        Text(shown.lead(quality), style="bold"),
        Text(shown.SOUND),
        facts(list(shown.facts(quality))),
    ]
    for kind, findings in quality.by_kind():
        where = f" in {many:,} of {len(quality.practices):,} practices" if (many := shown.practices(findings)) else ""
        counted = f"{shown.total(findings):,}{where}"
        parts.append(Text.assemble(f"\n{say.capital(kind)}", ("  " + counted, "dim")))
        findings = sorted(findings, key=lambda found: -found.count)
        rows = [(f.practice or "–", f.table, f"{f.count:,}", f.about) for f in findings[:5]]
        columns = ("Practice", "left"), ("Table", "left"), ("Count", "right"), ("What", "left")
        parts.append(indented(grid(*columns, rows=rows, head=False, wide="What")))
        if len(findings) > len(rows):
            parts.append(
                indented(Text(f"… and {len(findings) - len(rows):,} more: --practice narrows, --html shows all."))
            )
    if quality.findings:
        parts.append(Text(f"\n{shown.KEPT}", style="dim"))
    return parts


COMMANDS = (
    Command(
        import_,
        "import",
        (
            "remit records import extract-2025-03 --store records --key-file ../key",
            "remit records import extract-2025-04 --store records --key-file ../key --append",
            "remit records import made-up --store records --keep-ids",
        ),
    ),
    Command(info, "info", ("remit records info records",)),
    Command(
        check,
        "check",
        (
            "remit records check records --on 2025-03-31",
            "remit records check records --codes clusters.csv --html quality.html",
        ),
    ),
)
