"""A result folder appears whole or not at all."""

from __future__ import annotations

import glob
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from remit.core.problems import Place, refuse
from remit.files.beside import MADE, OLD, remove, work_beside


def check_free(folder: Path, replace: bool) -> None:
    """Refuse a folder that holds something, unless it is to be replaced and holds a run of ours."""
    place = Place(str(folder))
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise refuse("files.not-a-folder", "is not a folder.", place, "Name a new folder.")
    if not folder.exists() or not any(folder.iterdir()):
        return
    if any(folder.glob("practice=*")):
        raise refuse(
            "files.holds-records", "holds records, which nothing is written over.", place, "Name another folder."
        )
    ours = (folder / "manifest.json").is_file()
    if not ours:
        raise refuse(
            "files.holds-other-files",
            "holds files that are no run of Remit's.",
            place,
            "Name a new or an empty folder.",
        )
    if not replace:
        raise refuse("files.holds-a-run", "holds another run.", place, "Name another folder.")


@contextmanager
def whole_folder(folder: Path, replace: bool = False) -> Iterator[Path]:
    """Give a working folder beside `folder` and move it there when the block ends well; else leave no trace."""
    check_free(folder, replace)
    whole = Path(os.path.abspath(folder))
    try:
        with work_beside(whole) as home:
            check_free(folder, replace)  # one whose replacement was interrupted is back
            work = home / MADE
            work.mkdir(mode=0o755)
            work.chmod(0o755)
            yield work
            check_free(folder, replace)  # somebody may have put something there in the meantime
            put_in_place(work, whole, home / OLD)
    except OSError as error:
        raise refuse(
            "files.cannot-be-written",
            f"cannot be written: {error.strerror or error}.",
            Place(str(folder)),
            reason=error.strerror or error,
        ) from None


def put_in_place(work: Path, folder: Path, aside: Path | None = None) -> None:
    """Make a finished folder the one that is wanted, in place of any that is there. Raises OSError, all as it was.

    That stands `aside` meanwhile, or beside it, where `put_back` finds it.
    """
    if not folder.exists():
        os.replace(work, folder)
        return
    aside = aside or Path(tempfile.mkdtemp(prefix=_aside(folder), dir=folder.parent))
    try:
        os.replace(folder, aside)
        os.replace(work, folder)
    finally:  # after Ctrl-C too
        if folder.exists():
            remove(aside)
        else:
            os.replace(aside, folder)


def _aside(folder: Path) -> str:
    """How the name begins that a folder has while another is put in its place; eight letters follow."""
    return f".{folder.name}.old.remit-"


def put_back(folder: Path) -> None:
    """After a process that was ended while it put a folder in place: the old one is back, or gone where the new one is.

    Only for whoever has the folder to themselves.
    """
    for aside in sorted(folder.parent.glob(f"{glob.escape(_aside(folder))}????????")):
        if any(aside.iterdir()) and not folder.exists():
            os.replace(aside, folder)
        else:
            remove(aside)


def move(source: Path, target: Path) -> None:
    """Give a file or a folder another name, in place of any file of that name. Raises OSError."""
    os.replace(source, target)


def clear(folder: Path, keep: str) -> None:
    """Remove all that is in a folder but one file. Raises OSError."""
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name != keep:
            path.unlink()
