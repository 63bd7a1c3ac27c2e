"""Manifests and state files: one way to write them and one way to read them, with a strict model for each kind.

The models stand in the rooms that they belong to. What is written is JSON in the order of the model's fields: the same
model, the same bytes. What is read is exactly what the model says, of a format that this Remit knows; anything else is
refused with its place, and nothing of it is used. A folder's manifest ends with a hash of all that it says: that shows
a change by hand, and is not a signature: anyone who runs this code can make another.
"""

from __future__ import annotations

import json
import os
from abc import abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, ClassVar, NoReturn, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from remit.core.problems import Place, Refused, error, refuse
from remit.core.words import with_article
from remit.files.hashes import sha256_file, sha256_text
from remit.files.tables import read_text

MANIFEST = "manifest.json"
SEAL = "manifest_sha256"
SEVERAL = "the runs of several schemes"
_FOLDERS = {
    "partitions": "a store of records",
    "evidence_of": "a practice's evidence",
    "definitions": "an evaluation",
    "schemes": "a run",
    "runs": SEVERAL,
    "codes": "a cluster set",
    "reforms": "a simulation",
    "pack_of": "a scheme pack",
    "kept": "a folder of kept results",
}
"""What a folder is, by a key that the manifests of the others do not have."""
_MOST = 3


@dataclass(frozen=True)
class Kind:
    """A kind of manifest: what its folder is called in messages, its format's number, and the ways out.

    `name` goes after its article: "is not a run"; so does `file`: "is not a manifest of a run". `format` is 0 where
    the file has no such key. `find` says how to name the right folder, `again` how to make a sound one.
    """

    name: str
    format: int
    find: str
    again: str
    file: str


def _inside(name: str) -> str:
    """A path below the folder, and nothing that leads out of it."""
    parts = PurePosixPath(name).parts
    if not parts or parts[0] == "/" or ".." in parts or "\\" in name or ":" in name:
        raise ValueError("is not a file of the folder")
    return name


Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Files = dict[Annotated[str, AfterValidator(_inside)], Sha256]
"""The files of a folder with their hashes."""


class Part(BaseModel):
    """A part of a manifest: unknown keys are refused, no value is taken for one of another type."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)


class Written(Part):
    """What a file holds, whole."""

    kind: ClassVar[Kind]


class OfFolder(Written):
    """What a folder's manifest says. In the file its hash stands last."""

    @abstractmethod
    def listed(self, folder: Path) -> dict[str, str]:
        """Each file of the folder but the manifest, with its hash, or '' where that is not of its bytes."""


AnyPart = TypeVar("AnyPart", bound=Part)
AnyWritten = TypeVar("AnyWritten", bound=Written)
AnyOfFolder = TypeVar("AnyOfFolder", bound=OfFolder)


def encoded(value: Part, indent: int | None = 2, sort_keys: bool = False) -> bytes:
    """The bytes of a file: JSON as UTF-8 with a line end."""
    return _bytes(value.model_dump(mode="json", by_alias=True), indent, sort_keys)


def sealed(content: Mapping[str, Any], indent: int = 2) -> bytes:
    """The bytes of a folder's manifest: what it says, and the hash of that."""
    rest = {name: value for name, value in content.items() if name != SEAL}
    return _bytes({**rest, SEAL: _seal_of(rest)}, indent)


def _bytes(content: Mapping[str, Any], indent: int | None, sort_keys: bool = False) -> bytes:
    return (json.dumps(content, indent=indent, ensure_ascii=False, sort_keys=sort_keys) + "\n").encode()


def _seal_of(content: Mapping[str, Any]) -> str:
    """The hash of what a manifest says, however it is laid out."""
    return sha256_text(json.dumps(content, ensure_ascii=False, sort_keys=True))


def manifest_bytes(value: OfFolder, indent: int = 2) -> bytes:
    """The bytes of a folder's manifest."""
    return sealed(value.model_dump(mode="json", by_alias=True), indent)


def write_manifest(folder: Path, value: OfFolder) -> None:
    """Write the manifest of a folder that is being made."""
    (folder / MANIFEST).write_bytes(manifest_bytes(value))


def read_manifest(folder: Path, model: type[AnyOfFolder]) -> AnyOfFolder:
    """The manifest of a folder. Raises Refused for a folder that is none of the kind, and as `read_written` does."""
    kind, place = model.kind, Place(str(folder))
    if not folder.is_dir():
        raise refuse("files.no-such-folder", "there is no such folder.", place, kind.find, kind=kind.name)
    if not (folder / MANIFEST).is_file():
        what = f"is not {with_article(kind.name)}: it has no {MANIFEST}."
        raise refuse("files.folder-of-another-kind", what, place, kind.find, kind=kind.name, found="")
    return read_written(folder / MANIFEST, model, folder)


def read_replaceable(folder: Path, model: type[AnyOfFolder]) -> AnyOfFolder:
    """As `read_manifest`, and one of an earlier Remit too, which has no hash of itself: to see what may be replaced."""
    kind = model.kind
    try:
        content = _parsed(read_text(folder / MANIFEST))
        if SEAL not in content and (content["format"] < kind.format if kind.format else True):
            format_ = {"format": kind.format} if kind.format else {}
            return model.model_validate_json(json.dumps({**content, **format_}))
    except (Refused, KeyError, TypeError, ValueError, RecursionError):
        pass  # `read_manifest` says what it is
    return read_manifest(folder, model)


def kind_of_model(model: type[OfFolder]) -> str:
    """What a folder with such a manifest is, as `kind_of` tells it."""
    return next(what for mark, what in _FOLDERS.items() if mark in model.model_fields)


def kind_of(folder: Path) -> str:
    """What a folder is by its manifest, such as "a run"; nothing where that cannot be told."""
    try:
        content = _parsed(read_text(folder / MANIFEST))
    except (Refused, ValueError, RecursionError):
        return ""
    return next((what for mark, what in _FOLDERS.items() if isinstance(content, dict) and mark in content), "")


def check_outside_results(path: Path) -> None:
    """Refuse a place within a result: with another file in it, it would not be as it was written."""
    for above in Path(os.path.abspath(path)).parents:
        if (above / MANIFEST).is_file() and (what := kind_of(above)):
            message = f"is inside {above}, which is {what} and must stay as it was written."
            raise refuse("files.inside-a-result", message, Place(str(path)), "Name a place outside it.", kind=what)


def read_written(path: Path, model: type[AnyWritten], folder: Path | None = None) -> AnyWritten:
    """What a file holds. Raises Refused where it cannot be read, is of another kind or format, or is damaged."""
    kind, place = model.kind, Place(str(folder or path))
    text = read_text(path)
    try:
        content = _parsed(text)
    except (ValueError, RecursionError) as wrong:
        raise _damaged(path, kind, [f"it is not JSON ({wrong})"]) from None
    if not isinstance(content, dict):
        raise _damaged(path, kind, ["it holds no keys"])
    other = next((what for mark, what in _FOLDERS.items() if mark in content and mark not in model.model_fields), "")
    if other:
        what = f"is {other}, not {with_article(kind.name)}."
        raise refuse("files.folder-of-another-kind", what, place, kind.find, kind=kind.name, found=other)
    number = content.get("format")
    if kind.format and type(number) is int and number != kind.format:
        newer, what = number > kind.format, f"is of format {number}, which "
        way = "update Remit." if newer else kind.again
        raise refuse(
            "files.of-another-format",
            what + ("a newer" if newer else "an older") + " Remit wrote.",
            place,
            f"This one reads format {kind.format}: {way[0].lower()}{way[1:]}",
            kind=kind.name,
            found=number,
            expected=kind.format,
        )
    seal = content.pop(SEAL, "") if issubclass(model, OfFolder) else None
    try:
        value = model.model_validate_json(text if seal is None else json.dumps(content))
    except ValidationError as wrong:
        raise _damaged(path, kind, _faults(wrong)) from None
    if seal is not None and seal != _seal_of(content):
        what = f"was changed after the {kind.name}: the hash at its end is not that of what it says."
        raise refuse("files.changed-since", what, Place(str(path)), kind.again, kind=kind.name)
    return value


def decoded(data: bytes, model: type[AnyPart]) -> AnyPart | None:
    """What one of our own state files holds; None where it is damaged, or of another Remit."""
    try:
        _parsed(data.decode())
        return model.model_validate_json(data)
    except (ValueError, RecursionError):
        return None


def check_whole(folder: Path, manifest: OfFolder) -> None:
    """Refuse a result that is not as it was written: each file that is missing, was changed or came later, at once."""
    again, name = manifest.kind.again, manifest.kind.name
    files = manifest.listed(folder)
    problems = []
    for file in files:
        if not _is_file(folder / file):
            what = f"is missing from the {name}."
            problems.append(error("files.missing-from-folder", what, Place(str(folder / file)), again, kind=name))
    for file in changed(folder, files):
        what = f"was changed after the {name}."
        problems.append(error("files.changed-since", what, Place(str(folder / file)), again, kind=name))
    for file in not_listed(folder, files):
        what, way = f"is not a file of the {name}.", "Move it elsewhere."
        problems.append(error("files.not-listed", what, Place(str(folder / file)), way, kind=name))
    if problems:
        raise Refused(problems)


def changed(folder: Path, files: Mapping[str, str]) -> list[str]:
    """The files that are there and are not as they were written."""
    return [
        name for name, was in files.items() if was and _is_file(folder / name) and sha256_file(folder / name) != was
    ]


def not_listed(folder: Path, files: Iterable[str]) -> list[str]:
    """What a folder holds that its manifest does not list: files, links, folders of nothing that is listed."""
    listed = {MANIFEST, *files}
    within = {str(parent) for name in listed for parent in PurePosixPath(name).parents}
    unlisted = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if (name in listed and _is_file(path)) or (name in within and path.is_dir() and not path.is_symlink()):
            continue
        if path.name not in _OF_THE_DESKTOP and not any(
            str(parent) in unlisted for parent in PurePosixPath(name).parents
        ):
            unlisted.append(name)
    return unlisted


_OF_THE_DESKTOP = (".DS_Store", "Thumbs.db", "desktop.ini")
"""What systems put into a folder that somebody looks at. Nothing reads it here, and nobody misses it."""


def _is_file(path: Path) -> bool:
    """Whether a file is there itself, and no link to one."""
    return path.is_file() and not path.is_symlink()


def _parsed(text: str) -> Any:
    return json.loads(text, object_pairs_hook=_without_doubles, parse_constant=_no_number)


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object's keys. Raises ValueError for one that is given twice: which of them is meant nobody knows."""
    content = dict(pairs)
    if len(content) < len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"the key '{next(name for name in names if names.count(name) > 1)}' is given twice")
    return content


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is not a number")


def _damaged(path: Path, kind: Kind, faults: list[str]) -> Refused:
    some = "; ".join(faults[:_MOST]) + (f"; and {len(faults) - _MOST} more" if len(faults) > _MOST else "")
    message = f"is damaged, or not a {kind.file}: {some}."
    return refuse("files.manifest-damaged", message, Place(str(path)), kind.again, kind=kind.name, faults=faults)


def _faults(wrong: ValidationError) -> list[str]:
    """What is wrong, each with the keys that lead to it."""
    messages = []
    for fault in wrong.errors(include_url=False):
        where = ".".join(str(key) for key in fault["loc"]) or "the whole"
        words = {"missing": "is missing", "extra_forbidden": "is not known"}.get(fault["type"])
        messages.append(f"{where} {words}" if words else f"{where}: {fault['msg'][0].lower()}{fault['msg'][1:]}")
    return messages
