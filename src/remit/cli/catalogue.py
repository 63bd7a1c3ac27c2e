"""`remit catalogue`: what a commissioner commissions, how it is paid and when it is reviewed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from remit.catalogue import Catalogue, catalogue_ids, load_catalogue
from remit.catalogue import narrowed as narrow
from remit.catalogue import reminders as reminded
from remit.catalogue.loader import read_catalogue, with_services
from remit.catalogue.model import ROWS, Service, cell
from remit.cli.console import Command, out, warn
from remit.cli.layout import grid, indented, print_plain
from remit.core import say
from remit.core.dates import parse_date
from remit.core.problems import refuse
from remit.files.tables import write_table
from remit.files.whole import check_file_free, write_whole

if TYPE_CHECKING:
    from remit.documents.catalogue import Due

Commissioner = Annotated[
    str | None, typer.Option("--commissioner", metavar="NAME", help="Whose: an id such as staffordshire, or the name.")
]
On = Annotated[str | None, typer.Option("--on", metavar="DATE", help="The day to reckon from, as 2026-01-31 (today).")]
Replace = Annotated[bool, typer.Option("--replace", help="Write over files that are there.")]
Writer = Callable[[Path], object]


def catalogue(
    commissioner: Commissioner = None,
    file: Annotated[Path | None, typer.Option("--file", help="A catalogue file of your own.")] = None,
    service: Annotated[
        list[str] | None, typer.Option("--service", help="Only this service, by id or title; may be repeated.")
    ] = None,
    kind: Annotated[
        list[str] | None, typer.Option("--kind", help="Only services of this kind; may be repeated.")
    ] = None,
    due: Annotated[
        int | None,
        typer.Option("--due", metavar="MONTHS", help="Only reviews due within so many months, and those overdue."),
    ] = None,
    on: On = None,
    across: Annotated[
        bool,
        typer.Option("--across", help="In the terminal, a table with services across, as the commissioner prints it."),
    ] = False,
    csv: Annotated[Path | None, typer.Option("--csv", help="Write the table as CSV; with --due the reminders.")] = None,
    xlsx: Annotated[Path | None, typer.Option("--xlsx", help="Write a workbook.")] = None,
    pdf: Annotated[Path | None, typer.Option("--pdf", help="Write a PDF, tagged for screen readers (PDF/UA).")] = None,
    html: Annotated[Path | None, typer.Option("--html", help="Write a page that needs no other file.")] = None,
    ics: Annotated[Path | None, typer.Option("--ics", help="Write the days of the reviews as iCalendar.")] = None,
    replace: Replace = False,
) -> None:
    """Say what a commissioner commissions: at what level, how it is paid and measured, and when it is reviewed.

    Without --commissioner or --file, it lists the catalogues that ship.
    """
    if commissioner and file:
        raise refuse(
            "cli.options-together", "--commissioner and --file do not go together.", None, "Leave one of them out."
        )
    files = free_files((csv, xlsx, pdf, html, ics), replace)
    if on and due is None:
        raise refuse("cli.option-alone", "--on goes with --due.", None, "Say --due 3 too.")
    if not commissioner and not file:
        if files or service or kind or due is not None:
            raise refuse("cli.option-missing", "whose catalogue?", None, "Say --commissioner NAME or --file FILE.")
        _list_catalogues()
        return
    whole = read_catalogue(file) if file else load_catalogue(commissioner or "")
    made = narrow(whole, service or (), kind or ())
    found = _due(made, due, on)
    if found:
        made = with_services(made, [r.service for r in found.found])
    if not files:
        print_plain(out, _shown(made, found, across), crop=not across)
        return
    for path, write in _catalogue_writers(made, found, {".csv": csv, ".xlsx": xlsx, ".pdf": pdf, ".html": html,
                                                        ".ics": ics}):  # fmt: skip
        write_whole(path, write)
        out.print(f"Written to {path}", soft_wrap=True)


def day_given(text: str | None) -> date:
    """The day given, or today."""
    if text is None:
        return date.today()  # noqa: DTZ011 - the reader's own day
    try:
        return parse_date(text)
    except ValueError as error:
        raise refuse("cli.value-unfit", f"--on: {error}.", option="--on", reason=error) from None


def _due(made: Catalogue, months: int | None, on: str | None) -> Due | None:
    from remit.documents.catalogue import Due

    if months is None:
        return None
    day = day_given(on)
    return Due(day, months, tuple(reminded(made.services, day, months)))


def free_files(paths: Iterable[Path | None], replace: bool) -> list[Path]:
    """The files to write, each looked at before the first is written."""
    files = [path for path in paths if path]
    if len({path.absolute() for path in files}) < len(files):
        raise refuse("cli.same-file-twice", "two options name the same file.", None, "Give each its own.")
    for path in files:
        check_file_free(path, replace)
    return files


def _catalogue_writers(made: Catalogue, due: Due | None, wanted: dict[str, Path | None]) -> list[tuple[Path, Writer]]:
    """Everything is made before the first file is written."""
    from remit.documents import catalogue as shown
    from remit.documents.render.html import page
    from remit.documents.render.pdf import page_as_pdf

    blocks, title = list(shown.blocks(made, due)), f"{made.title}: {made.commissioner}"
    lacking: set[str] = set()
    table = (shown.REMINDER_COLUMNS, list(shown.reminder_rows(due))) if due else (made.table()[0], made.table()[1:])
    foot = f"{made.commissioner}, {made.title}"
    makers: dict[str, Callable[[], bytes]] = {
        ".xlsx": lambda: shown.as_xlsx(made, due),
        ".pdf": lambda: page_as_pdf(title, foot, blocks, "the catalogue", landscape=True, lacking=lacking),
        ".html": lambda: page(title, blocks).encode(),
        ".ics": lambda: shown.as_icalendar(made, made.services),
    }
    writers: list[tuple[Path, Writer]] = []
    for ending, path in wanted.items():
        if path and ending == ".csv":
            writers.append((path, lambda work: write_table(work, *table)))
        elif path:
            writers.append((path, bytes_writer(makers[ending]())))
    warn_of_characters(lacking)
    return writers


def bytes_writer(content: bytes) -> Writer:
    """Fills a file with what is already made."""
    return lambda work: work.write_bytes(content)


def warn_of_characters(lacking: set[str]) -> None:
    """A warning where the PDF's fonts lack characters."""
    if lacking:
        from remit.documents.render.pdf import characters_missing

        warn(characters_missing(lacking))


def _list_catalogues() -> None:
    rows = [
        (made.catalogue, made.commissioner, str(len(made.services))) for made in map(load_catalogue, catalogue_ids())
    ]
    columns = ("Catalogue", "left"), ("Commissioner", "left"), ("Services", "right")
    print_plain(out, [grid(*columns, rows=rows)])


def _shown(made: Catalogue, due: Due | None, across: bool) -> Iterable[RenderableType]:
    """The catalogue in the terminal."""
    yield Text(made.commissioner, style="bold")
    yield Text(f"{made.title}, {say.day(made.as_at)}")
    if due and not due.found:
        yield Text(f"\n{due.nothing}")
        return
    if due:
        yield Text(f"\n{due.title}\n", style="bold")
        rows = [(r.service.title, r.service.review.printed, marked(r.said)) for r in due.found]
        yield grid(("Service", "left"), ("Review", "left"), ("Standing", "left"), rows=rows)
    if across:
        yield Text()
        yield _table(made.table())
    else:
        for service in made.services:
            yield from _card(made, service)
    if made.about:
        yield Text(f"\n{made.about}", style="dim")


def marked(said: str) -> Text:
    """How something stands; what is overdue stands out."""
    return Text(said, style="bold red" if "overdue" in said else "")


def _card(made: Catalogue, service: Service) -> Iterable[RenderableType]:
    """One service: its title, what Remit calls it, and each answer beside its head."""
    scheme = f", scheme {service.scheme}" if service.scheme else ""
    if service.scheme and service.scheme_inferred:
        scheme += f" (inferred: {say.clean(service.scheme_inferred)})"
    yield Text(f"\n{service.title}", style="bold")
    yield indented(Text(f"{service.service}: {service.kind}{scheme}", style="dim"))
    rows = [(Text(getattr(made.heads, row), style="dim"), cell(service, row)) for row in ROWS if row != "title"]
    yield indented(grid(("head", "left"), ("answer", "left"), rows=rows, head=False, wide="answer"))


def _table(rows: list[list[str]]) -> Table:
    """The table as printed. No word is broken: where the terminal is narrower, its lines run over."""
    least = [max(len(word) for text in column for word in text.split()) for column in zip(*rows, strict=True)]
    room = max(out.width, sum(least) + 2 * len(least))
    table = Table(
        box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, padding=(0, 2, 0, 0), show_lines=True, width=room
    )
    for name, width in zip(rows[0], least, strict=True):
        table.add_column(Text(name), min_width=width, vertical="top")
    for row in rows[1:]:
        table.add_row(*map(Text, row))
    return table


COMMANDS = (
    Command(
        catalogue,
        "catalogue",
        (
            "remit catalogue --commissioner staffordshire",
            "remit catalogue --commissioner staffordshire --due 3 --on 2026-01-01 --ics reviews.ics",
            "remit catalogue --file my-catalogue.yaml --kind 'enhanced service' --pdf services.pdf",
        ),
    ),
)
