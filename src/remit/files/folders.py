"""A result folder appears whole or not at all."""

from __future__ import annotations

import errno
import glob
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from remit.core.problems import Place, Refused, refuse
from remit.core.words import with_article
from remit.files.beside import NEW, OLD, remove, work_beside
from remit.files.hashes import sha256_file
from remit.files.locks import LOCK
from remit.files.manifest import (
    OfFolder,
    changed,
    check_outside_results,
    kind_of,
    kind_of_model,
    not_listed,
    read_replaceable,
)
from remit.files.private import private_folder
from remit.files.whole import synced


def check_free(folder: Path, replace: bool, *kinds: type[OfFolder]) -> None:
    """Refuse a folder that holds something, unless it is to be replaced and holds a result of one of the kinds.

    A result is what its manifest lists, as it was written, and nothing else: what somebody added or changed stays.
    """
    place, name = Place(str(folder)), kinds[0].kind.name if kinds else "result"
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise refuse("files.not-a-folder", "is not a folder.", place, "Name a new folder.")
    check_outside_results(folder)
    if not folder.exists() or not any(folder.iterdir()):
        return
    if any(folder.glob("practice=*")):
        raise refuse(
            "files.holds-records", "holds records. Remit never writes over records.", place, "Name another folder."
        )
    model = next((kind for kind in kinds if kind_of(folder) == kind_of_model(kind)), None)
    if model is None:
        what = f"holds files that are not {with_article(name)} written by Remit."
        raise refuse("files.holds-other-files", what, place, "Name a new or an empty folder.", kind=name)
    if not replace:
        raise refuse("files.holds-a-run", f"holds another {name}.", place, "Name another folder.", kind=name)
    check_replaceable(folder, model)


def check_replaceable(folder: Path, model: type[OfFolder], ours: Iterable[str] = ()) -> None:
    """Refuse to replace a result that is not whole as it was written; files called `ours` may stand in it too."""
    place, name = Place(str(folder)), model.kind.name
    try:
        files = read_replaceable(folder, model).listed(folder)
    except Refused as refused:
        what = f"does not hold {with_article(name)} that can be replaced: {refused.problems[0].message}"
        raise refuse("files.not-replaceable", what, place, _BY_HAND, kind=name) from None
    for how, files_ in (
        ("not part of it", not_listed(folder, [*files, *ours])),
        ("not as they were written", changed(folder, files)),
    ):
        if files_:
            more = f" and {len(files_) - _MOST} more" if len(files_) > _MOST else ""
            what = f"holds files that are {how}, beside or in the {name}: {', '.join(files_[:_MOST])}{more}."
            raise refuse("files.not-replaceable", what, place, _BY_HAND, kind=name, files=files_)


_BY_HAND = "Name another folder, or move what you want to keep and remove this one yourself."
_MOST = 5


@contextmanager
def whole_folder(folder: Path, replace: bool = False, *kinds: type[OfFolder]) -> Iterator[Path]:
    """Give a working folder beside `folder` and move it there when the block ends well; else leave no trace."""
    check_free(folder, replace, *kinds)
    whole = Path(os.path.abspath(folder))
    try:
        with work_beside(whole) as home:
            check_free(folder, replace, *kinds)  # one whose replacement was interrupted is back
            work = home / NEW
            work.mkdir(mode=0o755)
            work.chmod(0o755)
            yield work
            check_free(folder, replace, *kinds)  # somebody may have put something there in the meantime
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
    for aside in sorted(folder.parent.glob(glob.escape(_aside(folder)) + "[a-z0-9_]" * 8)):  # as mkdtemp names it
        if any(aside.iterdir()) and not folder.exists():
            os.replace(aside, folder)
        else:
            remove(aside)


def work_folder(work: Path, *names: str) -> None:
    """Make the folder of work in progress, or take up one that a run left; only its owner may look into it.

    Raises Refused for anybody else's.

    `names` are those of all that a run puts there.
    """
    private_folder(work)
    if {path.name for path in work.iterdir()} - {LOCK, *names}:
        what = "holds files that Remit did not write. This run would work in that folder."
        raise refuse("files.holds-other-files", what, Place(str(work)), "Move it elsewhere.", kind="work in progress")


def move(source: Path, target: Path) -> None:
    """Give a file or a folder another name, in place of any file of that name. Raises OSError."""
    os.replace(source, target)


def bring(source: Path, target: Path) -> None:
    """Move a file that only its owner may read, from another disk too: there it is copied, unless the same is there
    already, and nothing of it is left where that fails. Raises OSError."""
    try:
        move(source, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        if target.is_file() and sha256_file(target) == sha256_file(source):
            return
        try:
            with source.open("rb") as file, synced(target) as copy:
                shutil.copyfileobj(file, copy)
        except OSError:
            target.unlink(missing_ok=True)
            raise


def clear(folder: Path, keep: str) -> None:
    """Remove all that is in a folder but one file. Raises OSError."""
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        elif path.name != keep:
            path.unlink()
