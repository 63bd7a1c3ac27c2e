"""`remit breakdown`: who is behind an evaluation's counts, with small numbers hidden from all but the practice."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from remit.cli.console import Command, out
from remit.core.problems import Refused, error, refuse
from remit.files.whole import check_file_free, write_whole

if TYPE_CHECKING:
    from remit.disclosure.breakdowns import Breakdown, Evaluation
    from remit.disclosure.suppression import Policy

By = Literal[
    "age", "sex", "ethnicity", "deprivation", "frailty", "place", "network", "practice", "pca-reason", "pca-month"
]
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
    csv: Annotated[Path | None, typer.Option("--csv", help="Write a table; what is hidden is named.")] = None,
    xlsx: Annotated[Path | None, typer.Option("--xlsx", help="Write a workbook.")] = None,
    html: Annotated[Path | None, typer.Option("--html", help="Write a page with charts and tables.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Write over files that are there.")] = False,
) -> None:
    """Break an evaluation's counts down by who the patients are, or by practice, network and place.

    For a commissioner or the public, small numbers are hidden by a stated policy, and as many more as keep them hidden.
    Exact figures are for one practice: --for practice --practice CODE.
    """
    from remit.disclosure.breakdowns import broken_down, of_practice, open_evaluation, wanted

    stated = _policy(audience, practice, policy)
    paths = [path for path in (csv, xlsx, html) if path]
    if len({path.absolute() for path in paths}) < len(paths):
        raise refuse("cli.same-file-twice", "two options name the same file.", None, "Give each its own.")
    for path in paths:
        check_file_free(path, replace)
    made = open_evaluation(folder)
    codes = wanted(made, indicator)
    if audience == "practice" and practice:
        found = list(of_practice(made, codes, by, practice, stated))
    else:
        found = list(broken_down(made, codes, by, stated))
    if by.startswith("pca"):
        found = [one for one in found if one.cells]
    _write(found, stated, by, practice or "", made, csv, xlsx, html)


def _policy(audience: For, practice: str | None, named: str | None) -> Policy:
    """The policy for an audience. Raises Refused for exact figures that would leave their practice."""
    from remit.disclosure.policies import EXACT, load_policy

    problems = []
    if audience == "practice":
        if practice is None:
            problems.append(
                error("cli.practice-not-named", "--for practice needs the practice.", None, "Say --practice CODE.")
            )
        if named not in (None, EXACT):
            problems.append(
                error("cli.options-together", "a practice sees its own figures exactly.", None, "Leave --policy out.")
            )
    else:
        if practice is not None:
            hint = "Say --for practice as well, and give it to nobody else; or --by practice, for all of them."
            problems.append(error("cli.options-together", "one practice's breakdown is for that practice.", None, hint))
        if named == EXACT:
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
    return load_policy(EXACT if audience == "practice" else named or "default")


def _write(
    found: list[Breakdown], policy: Policy, by: str, practice: str, made: Evaluation,
    csv: Path | None, xlsx: Path | None, html: Path | None,
) -> None:  # fmt: skip
    from remit.core import say
    from remit.documents import breakdown as told
    from remit.documents.render.html import page
    from remit.documents.render.terminal import rendered_blocks
    from remit.files.tables import write_table

    facts = [("Scheme", made.manifest.scheme.scheme), ("As of", say.day(made.manifest.on))]
    facts += [("Provisional", why) for why in dict.fromkeys(p.provisional for p in made.practices.values()) if why]
    titles = {code: said.title for code, said in made.manifest.definitions.items()}
    blocks = list(told.blocks(found, policy, by, practice, facts, titles))
    if csv:
        write_whole(csv, lambda path: write_table(path, told.COLUMNS, told.rows(found, policy)))
    if xlsx:
        book = told.workbook(found, policy)
        write_whole(xlsx, lambda path: path.write_bytes(book))
    if html:
        text = page(told.title(by, practice), blocks)
        write_whole(html, lambda path: path.write_text(text, encoding="utf-8"))
    for path in (csv, xlsx, html):
        if path:
            out.print(f"Written to {path}.", soft_wrap=True)
    if csv or xlsx or html:
        out.print(policy.words)
    else:
        out.print(rendered_blocks(blocks))


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
