"""Who may do what: `core` and `contract` are pure, and `files` alone touches the disk in the ways easily got wrong.

import-linter holds which room may import which; this holds what a module may use of the standard library.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import remit

SRC = Path(remit.__file__).parent
MODULES = {path.relative_to(SRC).as_posix(): path for path in sorted(SRC.rglob("*.py"))}
PURE = {
    "__future__", "bisect", "calendar", "collections", "contextlib", "dataclasses", "datetime", "decimal", "difflib",
    "enum", "fractions", "functools", "itertools", "math", "operator", "re", "typing", "unicodedata", "remit",
}  # fmt: skip
READING = {
    "open",
    "read_text",
    "read_bytes",
    "write_text",
    "exists",
    "is_file",
    "is_dir",
    "iterdir",
    "glob",
    "stat",
    "resolve",
}
SERVICE = {
    "csv": {
        "service/declarations/views.py", "service/demonstration/figures.py", "service/demonstration/setting_up.py",
        "service/organisations/views.py",
        "service/register/views/listing.py",
    },
    "tempfile": {
        "service/audit/views.py", "service/declarations/changed.py", "service/declarations/pricing.py",
        "service/organisations/importing.py", "service/register/pricing.py", "service/web/uploads.py",
    },
}  # fmt: skip
"""In the service: a CSV that goes to a browser and is no file of Remit's, and what waits on disk for one request."""
OWN = {"csv": {"files/tables.py", "application/identifying_rows.py", "application/payment_file.py",
               "application/declared_figures.py"} | SERVICE["csv"],
       "tempfile": {"files/"} | SERVICE["tempfile"], "fcntl": set[str](), "filelock": {"files/"},
       "multiprocessing": {"files/"},
       "pyarrow.csv": {"records/source.py", "runs/columns/reading.py"}}  # fmt: skip
"""What is imported nowhere else. pyarrow's reader gives a board's records, and a run's counts from 400,000 rows on, as
columns, many times as fast as rows of text could be; `files`, which whoever pays without a database rests on, does
without pyarrow. Headers, encoding and lines of records are checked by `files` before; counts that pyarrow's reader
finds anything odd in are read again by `files`, whose words every refusal has. An upload is looked through for
patients' numbers row by row, whatever table it is, before `files` reads it as the one that it should be."""
CALLS = {"os.replace", "os.rename", "os.renames", "os.fsync", "os.remove", "shutil.rmtree", "shutil.move",
         "shutil.copytree", "os.removedirs"}  # fmt: skip


CALLS_OF_SERVICE = {
    ("service/demonstration/figures.py", "shutil.rmtree"): "made-up figures, once they are received",
    ("service/declarations/evidence.py", "os.fsync"): "a file that was sent is on the disk before its row is committed",
    ("service/extracts/checking.py", "os.replace"): "a checked extract takes its place, before its row is committed",
    ("service/extracts/files.py", "os.fsync"): "an upload is on the disk before its row is committed",
    ("service/extracts/files.py", "shutil.rmtree"): "an upload that no row names",
    ("service/register/files.py", "os.fsync"): "a scheme's file is on the disk before it is read",
    ("service/register/pricing.py", "shutil.rmtree"): "figures that were laid out for one comparison",
    ("service/serving/web.py", "shutil.rmtree"): "uploads that were cut off, before the first request is taken",
    ("service/serving/restore_moves.py", "os.fsync"): "a restore is on the disk before it takes the old one's place",
    ("service/serving/restore_moves.py", "shutil.rmtree"): "what a restore took the place of",
}
"""Of the service, each with its reason: its tests kill it in the midst of each."""


def imports(path: Path) -> Iterator[str]:
    """The modules that a module imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
            yield from (f"{node.module}.{name.name}" for name in node.names)


def uses(path: Path) -> Iterator[str]:
    """The dotted names that a module uses."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield f"{node.value.id}.{node.attr}"


def in_room(name: str, rooms: set[str]) -> bool:
    return any(name == room or (room.endswith("/") and name.startswith(room)) for room in rooms)


def test_there_are_modules_to_look_at() -> None:
    assert len(MODULES) > 200
    assert {"core/problems.py", "files/tables.py", "records/source.py"} <= MODULES.keys()
    assert "csv" in set(imports(MODULES["files/tables.py"]))
    assert "os.replace" in set(uses(MODULES["files/folders.py"]))


@pytest.mark.parametrize("name", [name for name in MODULES if name.startswith(("core/", "contract/"))])
def test_core_and_contract_are_pure(name: str) -> None:
    path = MODULES[name]
    names_files = {"pathlib"} if name in ("core/problems.py", "core/rows.py") else set()  # for a file's own name
    assert {module.partition(".")[0] for module in imports(path)} <= PURE | names_files
    tree = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    named = {node.id for node in tree if isinstance(node, ast.Name)}
    named |= {node.attr for node in tree if isinstance(node, ast.Attribute)}
    assert named & READING == set()


@pytest.mark.parametrize("module", OWN)
def test_what_is_imported_in_one_place_alone(module: str) -> None:
    found = {name for name, path in MODULES.items() if module in set(imports(path))}
    assert {name for name in found if not in_room(name, OWN[module])} == set()


def test_nobody_but_files_replaces_syncs_or_removes() -> None:
    found = {(name, used) for name, path in MODULES.items() for used in uses(path) if used in CALLS}
    assert {one for one in found if not one[0].startswith("files/")} == CALLS_OF_SERVICE.keys()
