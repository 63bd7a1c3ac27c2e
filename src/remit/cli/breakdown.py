"""`remit breakdown`: who is behind an evaluation's counts, with small numbers hidden from all but the practice."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from remit.application.breakdown import EXACT, BreakdownRequest, By
from remit.cli.console import Command, out, progress
from remit.cli.output import Csv, Files, Html, Pdf, Replace, Xlsx, show
from remit.core.problems import Refused, error

For = Literal["practice", "commissioner", "public"]


def breakdown(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder that 'remit evaluate' made.")],
    by: Annotated[By, typer.Option("--by", help="What to break down by.")] = "deprivation",
    indicator: Annotated[str | None, typer.Option("--indicator", metavar="CODE", help="Only this indicator.")] = None,
    audience: Annotated[For, typer.Option("--for", help="Who will see it; a practice sees its own.")] = "commissioner",
    practice: Annotated[
        str | None, typer.Option("--practice", metavar="CODE", help="The practice, with --for practice.")
    ] = None,
    policy: Annotated[
        str | None, typer.Option("--policy", metavar="NAME|FILE", help="How small numbers are hidden.")
    ] = None,
    html: Html = None,
    pdf: Pdf = None,
    xlsx: Xlsx = None,
    csv: Csv = None,
    replace: Replace = False,
) -> None:
    """Break an evaluation's counts down by who the patients are, or by practice, network and place.

    Rates have 95% intervals. For a commissioner or the public, small numbers are hidden by a stated policy, and as many
    more as keep them hidden. Exact figures are for one practice: --for practice --practice CODE.
    """
    from remit.application.breakdown import break_down
    from remit.documents.breakdown import document
    from remit.documents.breakdown_rows import as_csv, sheets
    from remit.documents.render.workbook import as_xlsx

    _check_audience(audience, practice, policy)
    files = Files(html, pdf, xlsx, csv, replace)
    own = (practice or "") if audience == "practice" else ""
    request = BreakdownRequest(folder, by, indicator, own, policy or "default")
    with progress("Breaking down") as on_progress:
        result = break_down(request, on_progress)
    show(document(result), files, xlsx=lambda: as_xlsx(sheets(result)), csv=lambda: as_csv(result))
    if files.paths:
        out.print(result.policy.words)


def _check_audience(audience: For, practice: str | None, policy: str | None) -> None:
    """Raises Refused for exact figures that would leave their practice."""
    problems = []
    if audience == "practice":
        if practice is None:
            problems.append(
                error("cli.practice-not-named", "--for practice needs the practice.", None, "Say --practice CODE.")
            )
        if policy not in (None, EXACT):
            problems.append(
                error("cli.options-together", "a practice sees its own figures exactly.", None, "Leave --policy out.")
            )
    else:
        if practice is not None:
            hint = "Say --for practice as well, and give it to nobody else; or --by practice, for all of them."
            problems.append(error("cli.options-together", "one practice's breakdown is for that practice.", None, hint))
        if policy == EXACT:
            problems.append(
                error(
                    "cli.options-together",
                    "the policy 'exact' is for a practice.",
                    None,
                    "Say --for practice --practice CODE.",
                )
            )
    if problems:
        raise Refused(problems)


COMMANDS = (
    Command(
        breakdown,
        "breakdown",
        (
            "remit breakdown evaluated --by deprivation --html gradient.html",
            "remit breakdown evaluated --by practice --indicator HYP008 --for public --csv hyp008.csv",
            "remit breakdown evaluated --by age --practice A1 --for practice",
        ),
    ),
)
