"""A scheme file to begin with: of some kinds, or laid over another scheme."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from remit.core.dates import SchemeYear
from remit.core.problems import Problem, Refused
from remit.files.whole import check_file_free, write_whole
from remit.scheme import load_scheme
from remit.scheme.lint import lint
from remit.scheme.loader import build, read_with_bases
from remit.scheme.template import KindOfScheme, Naming, kinds_of_scheme, new_text, overlay_text

__all__ = ["KindOfScheme", "NewRequest", "NewResult", "evaluate", "kinds"]

_YEAR = re.compile(r"(20\d\d-\d\d)$")


@dataclass(frozen=True)
class NewRequest:
    """The new scheme's id and the file to write; its kinds, or the scheme that it is laid over and the items to change.

    Its year is the one given, else the one that its id ends with, else that of the scheme below, else `this_year`.
    """

    scheme: str
    file: Path
    this_year: SchemeYear
    kinds: tuple[str, ...] = ()
    extends: str | None = None
    items: tuple[str, ...] = ()
    title: str = ""
    commissioner: str = ""
    year: SchemeYear | None = None
    replace: bool = False


@dataclass(frozen=True)
class NewResult:
    """The file that was written, and what of another year still holds in it."""

    file: Path
    warnings: tuple[Problem, ...] = ()


def kinds() -> tuple[KindOfScheme, ...]:
    """The kinds of scheme that there are, the usual one first."""
    return tuple(kinds_of_scheme().values())


def evaluate(request: NewRequest) -> NewResult:
    """Write the file. Raises Refused, and writes nothing, where it cannot be."""
    path = request.file
    if request.extends:
        base = load_scheme(request.extends)
        naming = _naming(request, base.year)
        text = overlay_text(naming, request.extends, _beside(request.extends, path), request.items)
    else:
        text = new_text(_naming(request, None), request.kinds)
    check_file_free(path, request.replace)
    write_whole(path, lambda work: work.write_text(text, encoding="utf-8"))
    return NewResult(path, _of_another_year(path) if request.extends else ())


def _naming(request: NewRequest, base: SchemeYear | None) -> Naming:
    ending = _YEAR.search(request.scheme)
    year = request.year
    with suppress(ValueError):  # `2024-99` at the end of an id is no year
        year = year or (SchemeYear.parse(ending[1]) if ending else None)
    return Naming(
        request.scheme, year or base or request.this_year, request.title, request.commissioner, request.file.name
    )


def _of_another_year(path: Path) -> tuple[Problem, ...]:
    with suppress(Refused):  # what is still wrong with it, a check says
        source = read_with_bases(path)
        return tuple(one for one in lint(build(source), source) if one.code == "lint.of-another-year")
    return ()


def _beside(base: str, path: Path) -> str:
    """How a file names the one that it extends: an id, or a path from the folder of its own."""
    return Path(os.path.relpath(base, path.parent)).as_posix() if Path(base).is_file() else base
