"""Files that a front end has made: whole or not there, and never over what is there unasked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from remit.core.problems import refuse
from remit.files.whole import check_file_free, write_whole


def check_files(paths: Sequence[Path], replace: bool) -> None:
    """Raises Refused where a file is there already and is not to be replaced, or where one is named twice."""
    if len({path.resolve() for path in paths}) < len(paths):
        raise refuse("cli.same-file-twice", "two options name the same file.", None, "Give each its own.")
    for path in paths:
        check_file_free(path, replace)


def write_file(path: Path, content: bytes, private: bool = False) -> None:
    """Write the whole file; a `private` one is readable by its owner alone."""
    write_whole(path, lambda work: work.write_bytes(content), private)
