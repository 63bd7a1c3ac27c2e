"""`remit foi`: the publishable answer to a request under the Freedom of Information Act, and the register."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import RenderableType
from rich.text import Text

from remit.catalogue import Answer, Register, answer, load_register
from remit.catalogue.register import known_on, limits, standing
from remit.cli.catalogue import (
    Commissioner,
    On,
    Replace,
    Writer,
    bytes_writer,
    day_given,
    free_files,
    marked,
    warn_of_characters,
)
from remit.cli.console import Command, out, say_file
from remit.cli.layout import facts, print_plain
from remit.core import say
from remit.core.problems import refuse
from remit.files.tables import write_table
from remit.files.whole import write_whole


def foi(
    reference: Annotated[
        str | None, typer.Argument(metavar="[REFERENCE]", help="Which request; the only one's if there is one.")
    ] = None,
    commissioner: Commissioner = None,
    register: Annotated[Path | None, typer.Option("--register", help="A register file of your own.")] = None,
    every: Annotated[bool, typer.Option("--list", help="List the requests and how each stands on a day.")] = False,
    on: On = None,
    html: Annotated[Path | None, typer.Option("--html", help="Write the answer as a page to publish.")] = None,
    pdf: Annotated[Path | None, typer.Option("--pdf", help="Write it as PDF, tagged for screen readers.")] = None,
    markdown: Annotated[Path | None, typer.Option("--md", help="Write it as Markdown, which is text too.")] = None,
    csv: Annotated[Path | None, typer.Option("--csv", help="Write its table as CSV; with --list the register.")] = None,
    replace: Replace = False,
) -> None:
    """Write the publishable answer to a request under the Freedom of Information Act, with its dates and limits.

    It names nobody; without a file to write, it prints the answer as Markdown. The limits are counted in the Act's
    working days: 20 for the reply, and as many as the commissioner gives to ask for a review.
    """
    if bool(commissioner) == bool(register):
        raise refuse(
            "cli.option-missing",
            "whose register?",
            None,
            "Say --commissioner NAME, or --register FILE for one of your own.",
        )
    paths = {".html": html, ".pdf": pdf, ".md": markdown, ".csv": csv}
    files = free_files(paths.values(), replace)
    source = str(register) if register else (commissioner or "")
    if register and not source.endswith((".yaml", ".yml")):
        source = str(register.absolute())
    if every:
        if reference or html or pdf or markdown:
            raise refuse(
                "cli.options-together", "--list goes with --csv and --on alone.", None, "Leave the others out."
            )
        _list_register(load_register(source)[0], day_given(on), csv)
        return
    if on:
        raise refuse("cli.option-alone", "--on goes with --list.", None, "An answer is the same on every day.")
    made = answer(source, reference)
    for path, write in _answer_writers(made, paths):
        write_whole(path, write)
        out.print(f"Written to {path}", soft_wrap=True)
    if not files:
        from remit.documents.foi import blocks
        from remit.documents.render.markdown import as_markdown

        say_file(as_markdown(blocks(made)))


def _answer_writers(made: Answer, wanted: dict[str, Path | None]) -> list[tuple[Path, Writer]]:
    from remit.documents import foi as shown
    from remit.documents.render.html import page
    from remit.documents.render.markdown import as_markdown
    from remit.documents.render.pdf import page_as_pdf

    blocks, title = list(shown.blocks(made)), shown.title(made)
    lacking: set[str] = set()
    head, *rows = made.catalogue.table()
    foot = f"{made.register.commissioner}, {made.request.reference}"
    makers: dict[str, Callable[[], Writer]] = {
        ".html": lambda: bytes_writer(page(title, blocks, public=True).encode()),
        ".pdf": lambda: bytes_writer(page_as_pdf(title, foot, blocks, "the answer", lacking=lacking)),
        ".md": lambda: bytes_writer(as_markdown(blocks).encode()),
        ".csv": lambda: lambda work: write_table(work, head, rows),
    }
    writers = [(path, makers[ending]()) for ending, path in wanted.items() if path]
    warn_of_characters(lacking)
    return writers


def _list_register(register: Register, on: date, csv: Path | None) -> None:
    from remit.documents import foi as shown

    if csv:
        write_whole(csv, lambda work: write_table(work, shown.REGISTER_COLUMNS, shown.register_rows(register, on)))
        out.print(f"Written to {csv}", soft_wrap=True)
        return
    parts: list[RenderableType] = [Text(register.commissioner, style="bold"), Text(f"Requests, as on {say.day(on)}")]
    for whole in register.requests:
        request = known_on(whole, on)
        found = limits(register, request)
        replies = say.listed([say.day(reply.sent) for reply in request.replies]) or "not yet"
        rows: list[tuple[str, str | Text]] = [
            ("Received", say.day(request.received)),
            ("Reply due by", say.day(found.reply_by)),
            ("Replied", replies),
            *([("Review until", say.day(found.review_by))] if found.review_by else []),
            ("Standing", marked(standing(register, whole, on))),
        ]
        parts += [Text.assemble("\n", (request.reference, "bold"), f"  {request.about}"), facts(rows)]
    print_plain(out, parts)


COMMANDS = (
    Command(
        foi,
        "foi",
        (
            "remit foi FOI-0525/1288 --commissioner staffordshire --html answer.html --pdf answer.pdf",
            "remit foi --register my-register.yaml --list --on 2026-01-31",
        ),
    ),
)
