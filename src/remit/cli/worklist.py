"""`remit worklist`: who still needs care, patient by patient, in the order of what one contact would close."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from remit.application.inputs import read_clusters, read_rules
from remit.cli.console import ONLY_YOU, Command, err, out, warn
from remit.cli.options import Clusters, Records, Replace, Rules
from remit.core.problems import did_you_mean, refuse
from remit.documents.worklist.words import MONTHS
from remit.files.whole import check_file_free, write_whole

if TYPE_CHECKING:
    from remit.runs import Run
    from remit.worklist.build import Wanted
    from remit.worklist.model import Worklist

_ON_SCREEN = 20
Runs = Annotated[
    list[Path] | None,
    typer.Option(
        "--run", metavar="DIR", help="A run of one of the schemes, for values that were set; may be repeated."
    ),
]
Top = Annotated[
    int | None,
    typer.Option("--top", min=1, metavar="N", help="Only the first patients with gaps; 20 in the terminal."),
]


def worklist(
    folders: Annotated[
        list[Path], typer.Argument(metavar="DIR…", help="The folders that 'remit evaluate' made, one for each scheme.")
    ],
    practice: Annotated[str, typer.Option("--practice", metavar="CODE", help="Whose list. It is for them only.")],
    records: Records,
    run: Runs = None,
    clusters: Clusters = None,
    rules: Rules = None,
    indicator: Annotated[
        list[str] | None, typer.Option("--indicator", metavar="CODE", help="Only this indicator; may be repeated.")
    ] = None,
    month: Annotated[
        str | None,
        typer.Option("--month", metavar="MONTH", help="Only those born in this month, then those whose month is past."),
    ] = None,
    ahead: Annotated[
        int, typer.Option("--ahead", min=0, max=24, help="Months to look ahead for records that leave their window.")
    ] = 3,
    sensitive: Annotated[
        bool, typer.Option("--sensitive", help="Show deaths, ReSPECT and what tells of a learning disability too.")
    ] = False,
    top: Top = None,
    csv: Annotated[Path | None, typer.Option("--csv", help="Write a table, one row for each patient.")] = None,
    xlsx: Annotated[Path | None, typer.Option("--xlsx", help="Write a workbook to filter and to print.")] = None,
    html: Annotated[Path | None, typer.Option("--html", help="Write a page that needs no other file.")] = None,
    pdf: Annotated[Path | None, typer.Option("--pdf", help="Write a PDF to print, tagged for screen readers.")] = None,
    replace: Replace = False,
) -> None:
    """List the patients of a practice who still need care, with every gap across all schemes.

    First come those for whom one contact would bring most. What one more patient is worth is priced by the engine at
    the present achievement: nothing beyond the top step. Excepted patients stay in sight, apart from who declined.
    """
    from remit.worklist.build import Wanted

    paths = {ending: path for ending, path in ((".csv", csv), (".xlsx", xlsx), (".html", html), (".pdf", pdf)) if path}
    if len({path.absolute() for path in paths.values()}) < len(paths):
        raise refuse("cli.same-file-twice", "two options name the same file.", None, "Give each its own.")
    for path in paths.values():
        check_file_free(path, replace)
    shown = top or (0 if paths else _ON_SCREEN)
    wanted = Wanted(practice, tuple(dict.fromkeys(indicator or ())), _month(month), ahead, sensitive, shown)
    with err.status("Reading the records …") if err.is_terminal else nullcontext():
        listed = _list(folders, records, run or [], clusters, rules, wanted)
    for ending, path in paths.items():
        content = _MAKERS[ending](listed)
        _write(path, content)
        out.print(f"Written to {path}", soft_wrap=True)
    if not paths:
        from remit.documents.render.terminal import rendered_blocks
        from remit.documents.worklist.page import short_blocks

        out.print(rendered_blocks(short_blocks(listed)))
        for line in _more(listed, wanted):
            out.print(line, style="dim")
    else:
        out.print(
            f"These files hold one row for each patient: they are for the practice only. {ONLY_YOU}", soft_wrap=True
        )


def _more(listed: Worklist, wanted: Wanted) -> Iterator[str]:
    """How to see what the list on the screen leaves out."""
    if listed.hidden:
        yield "The other patients: --top N, or --xlsx, --html, --pdf and --csv, show them."
    if not wanted.month:
        yield "One month of birth: --month lists it."
    if not wanted.sensitive:
        yield "What was left out because it was not asked for: --sensitive shows it."


def _write(path: Path, content: bytes) -> None:
    write_whole(path, lambda work: work.write_bytes(content), private=True)


def _list(
    folders: list[Path], records: Path, runs: list[Path], clusters: str | None, rules: list[Path] | None, wanted: Wanted
) -> Worklist:
    from remit.records.store import Store
    from remit.worklist.actions import actions
    from remit.worklist.build import Made
    from remit.worklist.build import worklist as make
    from remit.worklist.evaluated import read_evaluation

    evaluations = [read_evaluation(folder) for folder in folders]
    made = Made(
        evaluations, Store(records), read_clusters(clusters), read_rules(rules or ()), actions(),
        _runs(runs, [one.scheme.scheme for one in evaluations], wanted.practice),
    )  # fmt: skip
    return make(made, wanted)


def _runs(folders: list[Path], schemes: list[str], practice: str) -> dict[str, Run]:
    """The runs by their scheme. Raises Refused for one of a scheme that is not on the list."""
    from remit.runs import open_run

    found: dict[str, Run] = {}
    for folder in folders:
        run = open_run(folder)
        name = run.inputs.assigned.get(practice, next(iter(run.inputs.schemes)))
        if name not in schemes:
            raise refuse(
                "cli.run-not-of-the-list",
                f"--run {folder} is of {name}, which is not on this list.",
                None,
                f"It is of {schemes[0]}.",
                run=folder,
                scheme=name,
            )
        if name in found:
            raise refuse("cli.scheme-twice", f"two of the runs are of {name}.", None, "Name one of them.", scheme=name)
        found[name] = run
    return found


def _month(text: str | None) -> int:
    """`5`, `05`, `May` or `may` as a month; 0 where none is asked for."""
    if text is None:
        return 0
    if text.isascii() and text.isdigit() and 1 <= int(text) <= 12:
        return int(text)
    named = [n for n, name in enumerate(MONTHS, 1) if len(text) >= 3 and name.casefold().startswith(text.casefold())]
    if len(named) == 1:
        return named[0]
    raise refuse(
        "cli.value-unfit",
        f"--month: there is no month '{text}'.",
        None,
        did_you_mean(text, MONTHS) or "Say 1 to 12.",
        option="--month",
        found=text,
    )


def _csv(listed: Worklist) -> bytes:
    from remit.documents.worklist.csv import as_csv

    return as_csv(listed).encode()


def _xlsx(listed: Worklist) -> bytes:
    from remit.documents.worklist.xlsx import as_xlsx

    return as_xlsx(listed)


def _html(listed: Worklist) -> bytes:
    from remit.documents.worklist.page import as_html

    return as_html(listed).encode()


def _pdf(listed: Worklist) -> bytes:
    from remit.documents.render.pdf import characters_missing
    from remit.documents.worklist.page import as_pdf

    lacking: set[str] = set()
    made = as_pdf(listed, lacking)
    if lacking:
        warn(characters_missing(lacking))
    return made


_MAKERS: dict[str, Callable[[Worklist], bytes]] = {".csv": _csv, ".xlsx": _xlsx, ".html": _html, ".pdf": _pdf}

COMMANDS = (
    Command(
        worklist,
        "worklist",
        (
            "remit worklist evaluated --records store --practice A1",
            "remit worklist qif qof --records store --practice A1 --xlsx a1.xlsx --pdf a1.pdf",
            "remit worklist evaluated --records store --practice A1 --month may --indicator HYP008",
        ),
    ),
)
