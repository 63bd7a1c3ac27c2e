"""`remit compare`: what moved between two runs, in pounds by cause."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.table import Table

from remit.cli.console import Command, err, out, progress
from remit.comparison.compare import CAUSES, Comparison, Movement, PracticeMovement
from remit.comparison.compare import compare as compared
from remit.core.problems import refuse, shown_name
from remit.documents import comparison as shown
from remit.files.tables import write_table
from remit.files.whole import check_file_free, write_whole
from remit.runs import open_run


def compare(
    first: Annotated[Path, typer.Argument(metavar="DIR1", help="The run to compare from.")],
    second: Annotated[Path, typer.Argument(metavar="DIR2", help="The run to compare with it.")],
    practice: Annotated[
        list[str] | None, typer.Option("--practice", help="Only this practice, item by item; may be repeated.")
    ] = None,
    most: Annotated[int, typer.Option("--most", min=1, help="How many practices and items to show.")] = 10,
    csv: Annotated[Path | None, typer.Option("--csv", help="Write every practice and item to this file.")] = None,
    html: Annotated[Path | None, typer.Option("--html", help="Write a page to read or print to this file.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Write over files that are there.")] = False,
) -> None:
    """Show what moved between two runs: in pounds by cause, adding up exactly.

    The causes are counts, list, prevalence, definition, terms and practice, reckoned in this order, each on top of
    those before it. Whatever moved, the command ends with status 0.
    """
    if csv and html and csv.absolute() == html.absolute():
        raise refuse("cli.same-file-twice", "--csv and --html name the same file.")
    for path in filter(None, (csv, html)):
        check_file_free(path, replace)
    with err.status("Reading the runs …"):
        runs = open_run(first), open_run(second)
    with progress("Practices") as told:
        found = compared(*runs, practices=practice or (), progress=told)
    names = _names(first, second)
    if csv:
        write_whole(csv, lambda path: write_table(path, shown.COLUMNS, shown.csv_rows(found)))
    if html:
        page = shown.html(found, names)
        write_whole(html, lambda path: path.write_text(page, encoding="utf-8"))
    _report(found, names, most, detail=bool(practice) or len(found.practices) == 1)
    for path in filter(None, (csv, html)):
        out.print(f"Written to {path}.")


def _names(first: Path, second: Path) -> tuple[str, str]:
    """The folders' own names, or the paths as given where those are the same."""
    names = shown_name(first.absolute()), shown_name(second.absolute())
    return names if names[0] != names[1] else (str(first), str(second))


def _report(found: Comparison, names: tuple[str, str], most: int, detail: bool) -> None:
    out.print(f"Run 1: {names[0]}. Run 2: {names[1]}. {shown.how_many(found)}.\n")
    _by_cause(found)
    for note in (*found.notes, shown.ORDER):
        out.print(note, style="dim" if note == shown.ORDER else None)
    out.print()
    _payments(found)
    causes = shown.causes_shown(found)
    if not causes:
        out.print(f"{shown.nothing_moved(found)}\n")
    if detail:
        for p in found.practices:
            _practice(p, causes, alone=len(found.practices) == 1)
    elif causes:
        _movers(found, causes, most)
    if not detail and found.unmoved():
        out.print(f"{shown.did_not_move(found.unmoved())}\n", markup=False)
    _shares(found, most)


def _by_cause(found: Comparison) -> None:
    table = _plain_table(("Pounds by cause", ""))
    table.add_column("What is different")
    table.add_row("Run 1", shown.whole(found, 0), "", style="bold")
    for cause, amount in zip(CAUSES, found.causes, strict=True):
        table.add_row(f"  {cause}", shown.moved(found, amount), shown.what_differs(found, cause, 4))
    table.add_row("Run 2", shown.whole(found, 1), "", style="bold")
    table.add_row("Difference", shown.moved(found, found.difference), "")
    out.print(table)
    out.print()


def _payments(found: Comparison) -> None:
    table = _plain_table(("Payment", "Run 1", "Run 2", "Difference"))
    for name, (one, two, moved) in found.settled().items():
        table.add_row(shown.PAYMENTS[name], shown.summed(one), shown.summed(two), shown.summed(moved, "+"))
    out.print(table)
    out.print()


def _movers(found: Comparison, causes: list[int], most: int) -> None:
    """The items and the practices that moved most."""
    items = sorted((m for m in found.items().values() if m.moved), key=lambda m: -abs(m.difference or 0))
    rows = [[m.item, *_amounts(m, causes), found.titles[m.item]] for m in items[:most]]
    _table(f"Items that moved: {len(items)}", ["Item", *_heads(causes), "Title"], rows)
    movers = found.movers()
    named = [(p, f"{p.name} ({p.note})" if p.note else p.name) for p in movers[:most]]
    rows = [[p.code, *_amounts(p, causes), name] for p, name in named]
    _table(f"{shown.whose(movers)} that moved: {len(movers):,}", ["Practice", *_heads(causes), "Name"], rows)
    more = f"--most {most * 10} shows more of them. " if max(len(items), len(movers)) > most else ""
    out.print(f"{more}--practice {movers[0].code} shows why, item by item; --csv FILE has them all.")


def _shares(found: Comparison, most: int) -> None:
    """The parts of networks' money that moved."""
    moved = found.shares()
    if not moved:
        return
    rows = [
        [p.code, *(shown.money(part) or shown.NOT_KNOWN for part in (one, two)), shown.signed(p.share_moved), p.name]
        for p in moved[:most]
        for one, two in [p.share]
    ]
    title = f"Parts of a network's money that moved: {len(moved):,}"
    _table(title, ["Practice", "Run 1", "Run 2", "Difference", "Name"], rows)


def _practice(p: PracticeMovement, causes: list[int], alone: bool) -> None:
    """One practice, item by item, and under it why; items that moved for the same reasons stand together."""
    rows = [[m.item, *_amounts(m, causes)] for m in p.movements]
    title = " ".join(filter(None, [p.code, p.name, f"({p.note})" if p.note else ""]))
    _table(title, ["Item", *_heads(causes)], [*rows, ["Sum", *_amounts(p, causes)]], words=False)
    reasons: dict[str, list[str]] = {}
    for m in p.movements:
        reasons.setdefault(m.explanation, []).append(m.item)
    for text, items in reasons.items():
        if text:
            out.print(f"{', '.join(items)}: {text}")
    for name, label in () if alone else shown.PAYMENTS.items():
        one, two = getattr(p, name)
        if one != two:
            known = [shown.NOT_KNOWN if amount is None else shown.money(amount) for amount in (one, two)]
            out.print(f"{label}: {' → '.join(known)}")
    out.print()


def _plain_table(names: Sequence[str]) -> Table:
    """The first column holds words, the others amounts."""
    table = Table(box=None, pad_edge=False)
    for n, name in enumerate(names):
        table.add_column(name, justify="right" if n else "left", no_wrap=True)
    return table


def _heads(causes: list[int]) -> list[str]:
    return ["Run 1", "Run 2", "Difference", *(CAUSES[n] for n in causes)]


def _amounts(moved: Movement | PracticeMovement, causes: list[int]) -> list[str]:
    if isinstance(moved, Movement):
        pounds = [shown.amount(moved, 0), shown.amount(moved, 1)]
    else:
        pounds = [shown.whole(moved, 0), shown.whole(moved, 1)]
    by_cause = [shown.signed(moved.causes[n]) if moved.causes[n] else "–" for n in causes]
    return [*pounds, "–" if moved.difference == 0 else shown.signed(moved.difference), *by_cause]


def _table(title: str, heads: list[str], rows: list[list[str]], words: bool = True) -> None:
    """Amounts are never cut, even where the terminal is narrower; `words` in the last column take what is left."""
    widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
    rest = sum(widths[:-1]) + 2 * (len(widths) - 1)
    if words:
        widths[-1] = min(widths[-1], max(out.width - rest, 16))
    table = Table(box=None, pad_edge=False, width=rest + widths[-1])
    for n, (head, width) in enumerate(zip(heads, widths, strict=True)):
        justify: Literal["left", "right"] = "left" if n == 0 or (words and n == len(heads) - 1) else "right"
        table.add_column(head, justify=justify, width=width, no_wrap=True, overflow="ellipsis")
    for row in rows:
        table.add_row(*row, style="bold" if row[0] == "Sum" else None)
    out.print(title, style="bold")
    out.print(table, crop=False, soft_wrap=out.width < rest + widths[-1])
    out.print()


COMMANDS = (
    Command(
        compare,
        "compare",
        (
            "remit compare out/first out/second",
            "remit compare out/first out/second --practice A1",
            "remit compare out/2024-25 out/2025-26 --csv moved.csv --html moved.html",
        ),
    ),
)
