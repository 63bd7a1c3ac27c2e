"""`remit statement`: what a practice earned, how, and what more it could; in the terminal or as files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from remit.cli.console import Command, err, out, progress, warn
from remit.core.problems import Place, Refused, refuse
from remit.files.whole import check_file_free, write_whole
from remit.runs import Run, open_run
from remit.runs.manifest import run_manifest

if TYPE_CHECKING:
    from remit.documents.statement.model import Statement

_LONGEST = 100
"""Of a file's name: most disks take 255 bytes."""


def statement(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder that 'remit run' made.")],
    practice: Annotated[
        str | None, typer.Option("--practice", metavar="CODE", help="Whose statement; the only one's if there is one.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Every practice: the options below name folders.")] = False,
    pdf: Annotated[Path | None, typer.Option("--pdf", help="Write a PDF, tagged for screen readers (PDF/UA).")] = None,
    html: Annotated[Path | None, typer.Option("--html", help="Write a page that needs no other file.")] = None,
    xlsx: Annotated[
        Path | None, typer.Option("--xlsx", help="Write a workbook whose formulas recompute the pounds.")
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Write over files that are there.")] = False,
) -> None:
    """Show a practice's statement: each multiplication and rounding, what more could be earned, and the sources.

    It is made from the inputs that the run kept, so it can be made again at any time and says the same.
    """
    paths = {ending: path for ending, path in ((".pdf", pdf), (".html", html), (".xlsx", xlsx)) if path}
    if every and practice:
        raise refuse("cli.options-together", "--all and --practice do not go together.", None, "Leave one of them out.")
    if every and not paths:
        raise refuse(
            "cli.option-missing",
            "--all needs a folder to write to.",
            None,
            "Say --pdf FOLDER, --html FOLDER or --xlsx FOLDER.",
        )
    if not every and len({path.absolute() for path in paths.values()}) < len(paths):
        raise refuse("cli.same-file-twice", "two options name the same file.", None, "Give each its own.")
    with err.status("Reading the run …"):
        run = open_run(folder)
    if every:
        _write_all(run, folder, paths, replace)
        return
    for path in paths.values():
        check_file_free(path, replace)
    _one(run, folder, practice or _only(run), paths)


def _one(run: Run, folder: Path, practice: str, paths: dict[str, Path]) -> None:
    from remit.documents.statement.making import statement as make

    made = make(run, practice, run_manifest(folder).remit)
    lacking: set[str] = set()
    files = {path: _bytes(ending, made, lacking) for ending, path in paths.items()}
    _warn_of(lacking)
    for path, content in files.items():
        _write(path, content)
        out.print(f"Written to {path}", soft_wrap=True)
    if not paths:
        from remit.documents.statement.formats import rendered

        out.print(rendered(made))


def _write_all(run: Run, folder: Path, paths: dict[str, Path], replace: bool) -> None:
    """A file for each practice in each folder. All are looked at before the first is written.

    A practice whose file cannot be made is told, and the others are still written.
    """
    from remit.documents.statement.making import statement as make

    names = _file_names(run.codes)
    for ending, path in paths.items():
        if path.exists() and not path.is_dir():
            raise refuse("cli.not-a-folder", "is a file, and --all needs a folder.", Place(str(path)), "Name a folder.")
        for name in names.values():
            check_file_free(path / f"{name}{ending}", replace)
    made_with = run_manifest(folder).remit
    lacking: set[str] = set()
    failed: dict[Path, int] = {}
    with progress("Statements") as told:
        for n, (code, name) in enumerate(names.items(), 1):
            made = make(run, code, made_with)
            for ending, path in paths.items():
                try:
                    content = _bytes(ending, made, lacking)
                except Refused as refused:
                    failed[path] = failed.get(path, 0) + 1
                    for problem in refused.problems:
                        warn(problem)
                    continue
                _write(path / f"{name}{ending}", content)
            told(n, len(names))
    _warn_of(lacking)
    for path in dict.fromkeys(paths.values()):
        made_here = len(names) - failed.get(path, 0)
        many = f"{made_here:,} statement{'' if made_here == 1 else 's'}"
        out.print(f"{many} written to {path}", soft_wrap=True)
    if failed:
        count = sum(failed.values())
        raise refuse(
            "cli.files-not-made",
            f"{count:,} file{'' if count == 1 else 's'} could not be made; the others are written.",
            count=count,
        )


def _bytes(ending: str, made: Statement, lacking: set[str]) -> bytes:
    """The file with that ending."""
    from remit.documents.statement import formats

    if ending == ".pdf":
        return formats.as_pdf(made, lacking)
    return formats.as_xlsx(made) if ending == ".xlsx" else formats.as_html(made).encode()


def _warn_of(lacking: set[str]) -> None:
    if lacking:
        from remit.documents.render.pdf import characters_missing

        warn(characters_missing(lacking))


def _write(path: Path, content: bytes) -> None:
    write_whole(path, lambda work: work.write_bytes(content))


def _only(run: Run) -> str:
    """The run's one practice. Raises Refused where there are several."""
    if len(run.codes) == 1:
        return run.codes[0]
    some = ", ".join(run.codes[:8]) + (", …" if len(run.codes) > 8 else "")
    hint = f"Say --practice CODE, or --all with a folder. There are: {some}."
    raise refuse("cli.which-practice", f"the run has {len(run.codes):,} practices.", None, hint, count=len(run.codes))


def _file_names(codes: tuple[str, ...]) -> dict[str, str]:
    """A file name for each code: no folder, nothing hidden, not too long, no two alike where capitals do not count."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for code in codes:
        name = plain = re.sub(r"[^A-Za-z0-9._-]", "_", code).lstrip(".")[:_LONGEST] or "_"
        n = 2
        while name.casefold() in taken:
            name, n = f"{plain}-{n}", n + 1
        taken.add(name.casefold())
        names[code] = name
    return names


COMMANDS = (
    Command(
        statement,
        "statement",
        (
            "remit statement out/year-end --practice A1",
            "remit statement out/year-end --practice A1 --pdf a1.pdf --html a1.html --xlsx a1.xlsx",
            "remit statement out/year-end --all --pdf statements",
        ),
    ),
)
