from __future__ import annotations

import os
from pathlib import Path

import pytest

from remit.core.problems import Refused
from remit.files.folders import check_free, whole_folder


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


def test_a_run_is_replaced_only_when_asked(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "manifest.json").write_text("{}")
    with pytest.raises(Refused, match="holds another run"):
        check_free(out, replace=False)
    with whole_folder(out, replace=True) as work:
        (work / "b").write_text("1")
    assert names(out) == ["b"]
    assert names(tmp_path) == ["out"]


def test_a_failed_replacement_keeps_the_old_run(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "manifest.json").write_text("{}")
    with pytest.raises(ZeroDivisionError), whole_folder(out, replace=True):
        raise ZeroDivisionError
    assert names(out) == ["manifest.json"]
    assert names(tmp_path) == ["out"]


@pytest.mark.parametrize("replace", [False, True])
def test_what_is_no_run_is_never_replaced(tmp_path: Path, replace: bool) -> None:
    (tmp_path / "thesis.doc").touch()
    with pytest.raises(Refused, match="no run of Remit's"):
        check_free(tmp_path, replace)
    with pytest.raises(Refused, match="is not a folder"):
        check_free(tmp_path / "thesis.doc", replace)


@pytest.mark.parametrize("dangling", [False, True])
def test_a_link_is_no_folder(tmp_path: Path, dangling: bool) -> None:
    target = tmp_path / "target"
    if not dangling:
        target.mkdir()
    (tmp_path / "out").symlink_to(target)
    with pytest.raises(Refused, match="is not a folder"):
        check_free(tmp_path / "out", replace=True)


def test_below_a_file_there_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Refused, match="cannot be written"), whole_folder(tmp_path / "file" / "out"):
        pass
    assert names(tmp_path) == ["file"]


def test_what_somebody_put_there_in_the_meantime_stays(tmp_path: Path) -> None:
    """The folder is looked at again before the finished one takes its place, even where a run may be replaced."""
    out = tmp_path / "out"

    def write() -> None:
        with whole_folder(out, replace=True) as work:
            (work / "a").write_text("1")
            out.mkdir()
            (out / "letter.txt").write_text("Dear")

    with pytest.raises(Refused, match="no run of Remit's"):
        write()
    assert (out / "letter.txt").read_text() == "Dear"
    assert names(tmp_path) == ["out"]
