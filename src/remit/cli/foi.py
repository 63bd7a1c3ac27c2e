"""`remit foi`: the publishable answer to a request under the Freedom of Information Act, and the register."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from remit.cli.catalogue import Commissioner, On, day_given
from remit.cli.console import Command, out, say_file
from remit.cli.output import Csv, Files, Html, Pdf, Replace, Xlsx, show
from remit.core.problems import refuse


def foi(
    reference: Annotated[
        str | None, typer.Argument(metavar="[REFERENCE]", help="Which request; the only one's if there is one.")
    ] = None,
    commissioner: Commissioner = None,
    register: Annotated[Path | None, typer.Option("--register", help="A register file of your own.")] = None,
    every: Annotated[bool, typer.Option("--list", help="List the requests and how each stands on a day.")] = False,
    on: On = None,
    html: Html = None,
    pdf: Pdf = None,
    markdown: Annotated[Path | None, typer.Option("--md", help="Write it as Markdown, which is text too.")] = None,
    xlsx: Xlsx = None,
    csv: Csv = None,
    replace: Replace = False,
) -> None:
    """Write the publishable answer to a request under the Freedom of Information Act, with its dates and limits.

    It names nobody; without a file to write, it prints the answer as Markdown. The limits are counted in the Act's
    working days: 20 for the reply, and as many as the commissioner gives to ask for a review. With --list, all the
    requests of the register are shown, or written.
    """
    from remit.application.foi import FoiRequest, answer_to, register_of
    from remit.application.writing import check_files, write_file
    from remit.documents import foi as presenter
    from remit.documents.render.csv import rows_as_csv

    if bool(commissioner) == bool(register):
        hint = "Say --commissioner NAME, or --register FILE for one of your own."
        raise refuse("cli.option-missing", "whose register?", None, hint)
    files = Files(html, pdf, xlsx, csv, replace)
    check_files([*files.paths, *([markdown] if markdown else [])], replace)
    request = FoiRequest(commissioner or "", register, reference)
    if every:
        if reference or markdown:
            hint = "Leave the request's reference and --md out."
            raise refuse("cli.options-together", "--list is about all requests.", None, hint)
        found, day = register_of(request), day_given(on)
        rows = presenter.register_rows(found, day)
        show(presenter.register_document(found, day), files, csv=lambda: rows_as_csv(presenter.REGISTER_COLUMNS, rows))
        return
    if on:
        raise refuse("cli.option-alone", "--on goes with --list.", None, "An answer is the same on every day.")
    answer = answer_to(request)
    document = presenter.document(answer)
    if files.paths:
        head, *table = answer.catalogue.table()
        show(document, files, csv=lambda: rows_as_csv(head, table))
    if not files.paths or markdown:
        from remit.documents.render.markdown import as_markdown

        text = as_markdown(document.blocks)
        if markdown is None:
            say_file(text)
            return
        write_file(markdown, text.encode())
        out.print(f"Written to {markdown}.", soft_wrap=True)


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
