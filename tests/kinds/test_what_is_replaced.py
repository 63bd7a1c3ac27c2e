"""Kind: a command removes what it did not write.

Every command that puts a folder in the place of another, beside everything that may stand there: only a result of the
very kind, with nothing in it that its manifest does not list and nothing that was changed since, is ever replaced.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.bad_files.command import assert_refused, contents, remit
from tests.faults.folders import write_folder
from tests.kinds.made import KINDS, given, make, words_for

from remit.files.manifest import sealed


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A result of each kind, by the kind's name, and what they are made from."""
    home = given(tmp_path_factory.mktemp("made"))
    for kind in (*KINDS, "imported"):
        make(kind, home, home / "results" / kind)
    return home


def everything(folder: Path) -> dict[str, object]:
    """Files by their bytes; links and folders by their names too."""
    names = {str(path.relative_to(folder)): path.is_symlink() for path in folder.rglob("*")}
    return {**names, **contents(folder)}


def stays(kind: str, home: Path, out: Path) -> None:
    """The command refuses, with and without --replace, and nothing is other than before."""
    before = everything(out.parent)
    for how in ((), ("--replace",)):
        assert_refused(remit(*words_for(kind, home, out), *how))
        assert everything(out.parent) == before


def web(out: Path) -> None:
    (out / "src").mkdir(parents=True)
    (out / "manifest.json").write_text('{"name": "a web application"}', encoding="utf-8")
    (out / "src" / "a.js").write_text("code", encoding="utf-8")


def looks_like(mark: str) -> Callable[[Path], None]:
    def write(out: Path) -> None:
        out.mkdir(parents=True)
        (out / "manifest.json").write_text(json.dumps({mark: [], "files": {}, "format": 2}), encoding="utf-8")
        (out / "a.js").write_text("code", encoding="utf-8")

    return write


def text(name: str, said: str) -> Callable[[Path], None]:
    def write(out: Path) -> None:
        out.mkdir(parents=True)
        (out / name).write_text(said, encoding="utf-8")

    return write


OTHERS: dict[str, Callable[[Path], None]] = {
    "a web application": web,
    **{f"a manifest with {mark}": looks_like(mark) for mark in ("schemes", "definitions", "runs", "codes", "name")},
    "an empty manifest": text("manifest.json", "{}"),
    "no JSON": text("manifest.json", "schemes"),
    "a letter": text("letter.txt", "Dear"),
    "a hidden file": text(".env", "KEY=1"),
    "a cluster table": text("clusters.csv", "cluster,code\n"),
    "a data lake": text("practice=A1", "x"),
}


@pytest.mark.parametrize("other", OTHERS)
@pytest.mark.parametrize("kind", KINDS)
def test_nothing_of_others_is_replaced(made: Path, tmp_path: Path, kind: str, other: str) -> None:
    out = tmp_path / "home" / "out"
    OTHERS[other](out)
    stays(kind, made, out)


@pytest.mark.parametrize("there", [*KINDS, "imported"])
@pytest.mark.parametrize("kind", KINDS)
def test_only_a_result_of_the_same_kind_is_replaced(made: Path, tmp_path: Path, kind: str, there: str) -> None:
    out = tmp_path / "home" / "out"
    shutil.copytree(made / "results" / there, out)
    runs = {"run", "claimed", "several"}
    if kind == there or {kind, there} <= runs:
        assert_refused(remit(*words_for(kind, made, out)), "--replace")
        assert remit(*words_for(kind, made, out), "--replace").status == 0
        assert contents(out).keys() - {".lock"} == contents(made / "results" / kind).keys() - {".lock"}
        assert [path.name for path in out.parent.iterdir()] == ["out"]
    else:
        stays(kind, made, out)


def added(name: str) -> Callable[[Path], None]:
    def add(out: Path) -> None:
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).write_text("mine", encoding="utf-8")

    return add


def link(out: Path) -> None:
    (out / "elsewhere").symlink_to(out.parent)


def changed(out: Path) -> None:
    [path, *_] = sorted(p for p in out.rglob("*") if p.suffix in (".csv", ".parquet"))
    path.write_bytes(path.read_bytes().replace(b"38341003", b"38341004") + b"\n")


def altered_manifest(out: Path) -> None:
    said = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    (out / "manifest.json").write_text(json.dumps({**said, "author": "me"}), encoding="utf-8")


def newer(out: Path) -> None:
    said = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    (out / "manifest.json").write_bytes(sealed({**said, "format": 99}))


def of_an_earlier_remit(out: Path) -> None:
    """As it was written before manifests had a hash of themselves."""
    for path in [out / "manifest.json", *out.glob("*/manifest.json")]:
        said = json.loads(path.read_text(encoding="utf-8"))
        del said["manifest_sha256"]
        if "format" in said:
            said["format"] -= 1
        path.write_text(json.dumps(said), encoding="utf-8")


TOUCHED: dict[str, Callable[[Path], None]] = {
    **{
        f"with {name}": added(name) for name in ("notes.txt", "inputs/mine.csv", ".git/config", "a/b/c.docx", ".hidden")
    },
    "with a folder of nothing": lambda out: (out / "plans").mkdir(),
    "with a link": link,
    "with a file that was changed": changed,
    "with a manifest that was changed": altered_manifest,
    "of a newer format": newer,
}


@pytest.mark.parametrize("how", TOUCHED)
@pytest.mark.parametrize("kind", KINDS)
def test_a_result_that_somebody_touched_is_not_replaced(made: Path, tmp_path: Path, kind: str, how: str) -> None:
    out = tmp_path / "home" / "out"
    shutil.copytree(made / "results" / kind, out)
    TOUCHED[how](out)
    stays(kind, made, out)


@pytest.mark.parametrize("kind", KINDS)
def test_what_an_earlier_remit_wrote_is_replaced_while_it_is_whole(made: Path, tmp_path: Path, kind: str) -> None:
    """`./demo files` writes over what it made before an update."""
    out = tmp_path / "home" / "out"
    shutil.copytree(made / "results" / kind, out)
    of_an_earlier_remit(out)
    added("notes.txt")(out)
    stays(kind, made, out)
    (out / "notes.txt").unlink()
    assert remit(*words_for(kind, made, out), "--replace").status == 0


@pytest.mark.parametrize("kind", KINDS)
def test_what_the_desktop_left_does_not_keep_a_result(made: Path, tmp_path: Path, kind: str) -> None:
    out = tmp_path / "home" / "out"
    shutil.copytree(made / "results" / kind, out)
    (out / ".DS_Store").write_bytes(b"\0")
    assert remit(*words_for(kind, made, out), "--replace").status == 0


@pytest.mark.parametrize("kind", ["evaluation", "synthetic"])
def test_a_folder_that_is_called_as_work_in_progress_stays(made: Path, tmp_path: Path, kind: str) -> None:
    work = tmp_path / {"evaluation": ".out.evaluating", "synthetic": ".out.making"}[kind]
    work.mkdir()
    (work / "thesis.doc").write_text("mine", encoding="utf-8")
    assert_refused(remit(*words_for(kind, made, tmp_path / "out")), str(work))
    assert contents(tmp_path) == {f"{work.name}/thesis.doc": b"mine"}


LAKE = ("practice=A1/part-00000.parquet", "practice=A1/events-1.parquet", "practice=A1/sub/events-000001.parquet",
        "practice=A1/visits-000001.parquet", "practice=A1/a-b.parquet")  # fmt: skip


@pytest.mark.parametrize("name", LAKE)
@pytest.mark.parametrize("store", [False, True])
def test_an_import_removes_no_parquet_of_others(tmp_path: Path, name: str, store: bool) -> None:
    """A folder that is no store is refused; in a store, what no import wrote stays."""
    out, folder = tmp_path / "store", write_folder(tmp_path / "in")
    words = ("records", "import", folder, "--keep-ids", "--store", out)
    if store:
        assert remit(*words).status == 0
    (out / name).parent.mkdir(parents=True, exist_ok=True)
    (out / name).write_bytes(b"mine")
    (out / "rejected-mine.csv").write_bytes(b"mine")
    said = remit(*words, "--replace")
    assert said.status == (0 if store else 1), said
    assert (out / name).read_bytes() == (out / "rejected-mine.csv").read_bytes() == b"mine"
