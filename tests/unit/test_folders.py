from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from remit.core.problems import Refused
from remit.files.folders import check_free, whole_folder
from remit.files.hashes import sha256_file
from remit.files.manifest import sealed
from remit.runs.manifest import RunManifest


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def _fail(out: Path, error: Exception) -> None:
    with whole_folder(out) as work:
        (work / "a").write_text("1")
        raise error


def test_a_folder_appears_when_the_block_ends(tmp_path: Path) -> None:
    out = tmp_path / "deep" / "out"
    with whole_folder(out) as work:
        (work / "a").write_text("1")
        assert not out.exists()
    assert names(out) == ["a"]
    assert names(out.parent) == ["out"]


def test_it_leaves_no_trace_when_the_block_fails(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        _fail(tmp_path / "out", ZeroDivisionError())
    assert names(tmp_path) == []


def test_a_full_disk_is_a_refusal_and_leaves_no_trace(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="No space left on device"):
        _fail(tmp_path / "out", OSError(28, os.strerror(28)))
    assert names(tmp_path) == []


def test_an_empty_folder_is_used(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with whole_folder(tmp_path / "out") as work:
        (work / "a").write_text("1")
    assert names(tmp_path / "out") == ["a"]
    assert names(tmp_path) == ["out"]


def made(out: Path) -> Path:
    """A folder as a run leaves it, though of no practice."""
    out.mkdir()
    said = json.loads((Path(__file__).parent / "manifests" / "run.json").read_text(encoding="utf-8"))
    (out / "award.csv").write_text("practice_code\n")
    (out / "manifest.json").write_bytes(sealed({**said, "files": {"award.csv": sha256_file(out / "award.csv")}}))
    return out


def test_a_run_is_replaced_only_when_asked(tmp_path: Path) -> None:
    out = made(tmp_path / "out")
    with pytest.raises(Refused, match="holds another run"):
        check_free(out, False, RunManifest)
    with whole_folder(out, True, RunManifest) as work:
        (work / "b").write_text("1")
    assert names(out) == ["b"]
    assert names(tmp_path) == ["out"]


def test_a_failed_replacement_keeps_the_old_run(tmp_path: Path) -> None:
    out = made(tmp_path / "out")
    with pytest.raises(ZeroDivisionError), whole_folder(out, True, RunManifest):
        raise ZeroDivisionError
    assert names(out) == ["award.csv", "manifest.json"]
    assert names(tmp_path) == ["out"]


@pytest.mark.parametrize("replace", [False, True])
def test_what_is_no_run_is_never_replaced(tmp_path: Path, replace: bool) -> None:
    (tmp_path / "thesis.doc").touch()
    with pytest.raises(Refused, match="not a run written by Remit"):
        check_free(tmp_path, replace, RunManifest)
    with pytest.raises(Refused, match="is not a folder"):
        check_free(tmp_path / "thesis.doc", replace, RunManifest)


@pytest.mark.parametrize("dangling", [False, True])
def test_a_link_is_no_folder(tmp_path: Path, dangling: bool) -> None:
    target = tmp_path / "target"
    if not dangling:
        target.mkdir()
    (tmp_path / "out").symlink_to(target)
    with pytest.raises(Refused, match="is not a folder"):
        check_free(tmp_path / "out", True, RunManifest)


def test_below_a_file_there_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Refused, match="cannot be written"), whole_folder(tmp_path / "file" / "out"):
        pass
    assert names(tmp_path) == ["file"]


def test_what_somebody_put_there_in_the_meantime_stays(tmp_path: Path) -> None:
    """The folder is looked at again before the finished one takes its place, even where a run may be replaced."""
    out = tmp_path / "out"

    def write() -> None:
        with whole_folder(out, True, RunManifest) as work:
            (work / "a").write_text("1")
            out.mkdir()
            (out / "letter.txt").write_text("Dear")

    with pytest.raises(Refused, match="not a run written by Remit"):
        write()
    assert (out / "letter.txt").read_text() == "Dear"
    assert names(tmp_path) == ["out"]
