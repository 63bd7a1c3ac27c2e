"""`remit spec`: an indicator as a search to build."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from remit.application.inputs import read_clusters, read_rules
from remit.cli.console import Command, out
from remit.cli.explain import dates_of_day, definition_of, show
from remit.cli.options import Clusters, On, Replace, Rules
from remit.files.whole import check_file_free, write_whole


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

    known, held = read_rules(rules or ()), read_clusters(clusters)
    definition, dates = definition_of(known, code), dates_of_day(on) if on else None
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
        show(f"{definition.code}: {definition.title}", blocks, html, replace)


COMMANDS = (
    Command(spec, "spec", ("remit spec HYP008", "remit spec DM020 --clusters release-2024-12 --html dm020.html")),
)
