"""`remit spec`: an indicator as a search to build."""

from __future__ import annotations

from typing import Annotated

import typer

from remit.cli.console import Command
from remit.cli.options import Clusters, On, Rules, one_day
from remit.cli.output import Csv, Files, Html, Pdf, Replace, Xlsx, show


def spec(
    code: Annotated[str, typer.Argument(metavar="INDICATOR", help="An indicator or a register, such as HYP008.")],
    on: On = None,
    clusters: Clusters = None,
    rules: Rules = None,
    html: Html = None,
    pdf: Pdf = None,
    xlsx: Xlsx = None,
    csv: Csv = None,
    replace: Replace = False,
) -> None:
    """Print an indicator as a search specification: who counts, who is left out and why, in words and as code.

    The page has a flow chart, the code clusters with what they stand for, the fields and the rules. With it a search
    can be built by hand in a clinical system, and checked against Remit's own counts.
    """
    from remit.application.spec import SpecRequest, spec
    from remit.documents.specification import specification

    files = Files(html, pdf, xlsx, csv, replace)
    result = spec(SpecRequest(code, one_day(on), clusters, tuple(rules or ())))
    show(specification(result.definition, result.known, result.clusters, result.dates, result.elsewhen), files)


COMMANDS = (
    Command(spec, "spec", ("remit spec HYP008", "remit spec DM020 --clusters release-2024-12 --html dm020.html")),
)
