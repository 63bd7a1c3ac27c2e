"""Commands that cannot be carried out: unknown names, files that are none, folders that cannot be written."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.bad_files.command import COUNTS, PRACTICES, assert_refused, contents, remit, run_arguments

REMIT = (sys.executable, "-c", "from remit.cli.main import main; main()")


@pytest.mark.parametrize(
    ("scheme", "words"),
    [
        ("qif-2024", "there is no scheme 'qif-2024'. Did you mean qif-2024-25"),
        ("QIF-2024-25", "Did you mean qif-2024-25"),
        ("qof-2018-19", "qof-england-2018-19"),
        ("zzz", "'remit schemes' lists them"),
        ("", "there is no scheme ''"),
        ("missing.yaml", "missing.yaml: there is no such scheme file"),
        ("../up/missing.yaml", "there is no such scheme file"),
    ],
)
def test_an_unknown_scheme_names_the_nearest(scheme: str, words: str, tmp_path: Path) -> None:
    assert_refused(remit(*run_arguments(scheme), "--out", tmp_path / "out"), words)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--set", "chol004=2024-12-05"), "there is no parameter 'chol004'. Did you mean chol004_from?"),
        (("--set", "chol004_from=soon"), "--set chol004_from: expected a date written as 2025-03-31, found 'soon'"),
        (("--set", "joiners=some"), "--set joiners: 'some' is none of whole months, days, full year, nothing"),
        (("--set", "joiners"), "--set joiners: expected NAME=VALUE"),
        (("--set", "joiners="), "expected NAME=VALUE"),
        (("--set", "joiners=days", "--set", "joiners=nothing"), "joiners is given twice"),
        (("--period", "2023-Q3"), "the period 2023-Q3 is in 2023-24, and qif-2024-25 covers 2024-25"),
        (("--period", "yesterday"), "the period: expected a year 2024-25, a quarter 2024-Q3 or a date"),
        (("--period", "2024-Q1"), "there are no counts for 2024-Q1"),
        (("--practice", "A81009"), "there is no practice 'A81009' in this run. Did you mean"),
        (("--indicator", "2c"), "there is no item '2c' in qif-2024-25. Did you mean 2b or 2a?"),
        (("--national", "missing.csv"), "missing.csv: there is no such file"),
        (("--assign", "missing.csv"), "missing.csv: there is no such file"),
        (("--recovery", "missing.csv"), "missing.csv: there is no such file"),
        (("--practices", "missing.csv"), "missing.csv: there is no such file"),
        (("--counts", "missing.csv"), "missing.csv: there is no such file"),
    ],
)
def test_a_wrong_option_says_what_is_right(more: tuple[str, ...], words: str, tmp_path: Path) -> None:
    assert_refused(remit(*run_arguments("qif-2024-25"), "--out", tmp_path / "out", *more), words)
    assert list(tmp_path.iterdir()) == []


def test_a_misspelt_file_names_its_neighbour(tmp_path: Path) -> None:
    (tmp_path / "counts.csv").write_text("x")
    words = remit(*run_arguments("qif-2024-25", counts=tmp_path / "cuonts.csv"), "--out", tmp_path / "out")
    assert_refused(words, "there is no such file. Did you mean counts.csv?")


@pytest.mark.parametrize("option", ["practices", "counts", "national", "assign", "recovery"])
def test_a_folder_is_no_file(option: str, tmp_path: Path) -> None:
    given = run_arguments("qif-2024-25")
    assert_refused(remit(*given, f"--{option}", tmp_path, "--out", tmp_path / "out"), str(tmp_path), "Is a directory")
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_breaks_while_it_is_read(tmp_path: Path) -> None:
    said = remit(*run_arguments("qif-2024-25", counts=Path("/proc/self/mem")), "--out", tmp_path / "out")
    assert_refused(said, "/proc/self/mem: cannot be read: Input/output error.")


@pytest.fixture
def common() -> Iterator[Path]:
    """A folder that every user may read and nobody but its owner may write to, with the good inputs in it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for good in (PRACTICES, COUNTS, PRACTICES.parent / "good_scheme.yaml"):
            shutil.copyfile(good, folder / good.name)
        folder.chmod(0o555)
        yield folder
        folder.chmod(0o755)


@contextmanager
def without_privileges() -> Iterator[None]:
    """As a user who is not root: root is one to whom every file is open."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


def run_of(common: Path) -> list[str | Path]:
    """The run of the good inputs in the common folder; done once before, so that all of Remit is loaded."""
    words = run_arguments(common / "good_scheme.yaml", common / PRACTICES.name, common / COUNTS.name)
    with tempfile.TemporaryDirectory() as name:
        assert remit(*words, "--ignore-unknown", "--out", Path(name) / "out").status == 0
    return words


def test_an_unreadable_file(common: Path) -> None:
    words = run_of(common)
    (common / COUNTS.name).chmod(0o000)
    with without_privileges():
        said = remit(*words, "--out", common / "out")
    assert_refused(said, f"{COUNTS.name}: cannot be read: Permission denied")


def test_row_errors_come_together_with_their_numbers_up_to_a_limit(tmp_path: Path) -> None:
    counts = tmp_path / "counts.csv"
    rows = [f"A81001,2a,NUMERATOR,-{n}" for n in range(1, 101)]
    counts.write_text("\n".join(["practice_code,indicator_code,measure,value", *rows]), encoding="utf-8")
    said = remit(*run_arguments("qif-2024-25", counts=counts), "--out", tmp_path / "out")
    assert_refused(
        said, "counts.csv:2: ", "counts.csv:21: ", "… and 80 more", "--errors", "100 problems; nothing was written."
    )
    assert "counts.csv:22" not in said.err
    said = remit(*run_arguments("qif-2024-25", counts=counts), "--out", tmp_path / "out", "--errors", "100")
    assert_refused(said, "counts.csv:101: ", "100 problems")
    assert "more" not in said.err.replace("0 or more", "")


def test_unknown_indicators_may_be_passed_over_and_are_counted(tmp_path: Path) -> None:
    counts = tmp_path / "counts.csv"
    counts.write_text(COUNTS.read_text() + "A81001,AF001,REGISTER,5\nA81001,2a,ACHIEVED_POINTS,4.5\n", encoding="utf-8")
    assert_refused(
        remit(*run_arguments("qif-2024-25", counts=counts), "--out", tmp_path / "out"), "AF001", "--ignore-unknown"
    )
    said = remit(*run_arguments("qif-2024-25", counts=counts), "--ignore-unknown", "--out", tmp_path / "out")
    assert said.status == 0
    assert "1 row of counts was passed over: indicator AF001 is not in qif-2024-25" in said.err
    assert "1 row of counts was passed over: measure ACHIEVED_POINTS is not needed" in said.err


def test_an_output_folder_that_holds_something_else_is_never_touched(tmp_path: Path) -> None:
    (tmp_path / "thesis.doc").write_text("years of work")
    for more in ((), ("--replace",)):
        said = remit(*run_arguments("qif-2024-25"), "--out", tmp_path, *more)
        assert_refused(said, "holds files that are not a run written by Remit", "Name a new or an empty folder")
    assert contents(tmp_path) == {"thesis.doc": b"years of work"}


def test_an_output_folder_that_holds_another_run_is_kept(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert remit(*run_arguments("qif-2024-25"), "--out", out).status == 0
    before = contents(tmp_path)
    assert_refused(remit(*run_arguments("qif-plus-2024-25"), "--out", out), "holds another run", "--replace")
    assert contents(tmp_path) == before
    assert remit(*run_arguments("qif-plus-2024-25"), "--out", out, "--replace").status == 0
    assert "inputs/scheme-qif-plus-2024-25.yaml" in contents(out)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("place", ["file/out", "file"])
def test_an_output_folder_that_cannot_be_made(place: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert_refused(remit(*run_arguments("qif-2024-25"), "--out", tmp_path / place), str(tmp_path / place))
    assert contents(tmp_path) == {"file": b"x"}


def test_an_unwritable_place(common: Path) -> None:
    words = run_of(common)
    before = contents(common)
    with without_privileges():
        said = remit(*words, "--ignore-unknown", "--out", common / "out")
    assert_refused(said, "out: cannot be written: Permission denied")
    assert contents(common) == before
    assert len(list(common.iterdir())) == 3


def command(*words: str | Path, **more: object) -> subprocess.CompletedProcess[str]:
    """Remit in a process of its own."""
    return subprocess.run([*REMIT, *map(str, words)], capture_output=True, text=True, check=False, **more)  # type: ignore[call-overload]


@pytest.mark.parametrize("old", [False, True], ids=["new folder", "another run there"])
def test_a_disk_that_is_full_leaves_no_trace(old: bool, tmp_path: Path) -> None:
    """No file may grow beyond 2,000 bytes, which is as a full disk: the scheme's own file does not fit."""
    out = tmp_path / "out"
    if old:
        assert remit(*run_arguments("qif-2024-25"), "--out", out).status == 0
    before = contents(tmp_path)
    ended = command(
        *run_arguments("qif-2024-25"), "--out", out, "--replace",
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000)),
        env={**os.environ, "COVERAGE_PROCESS_CONFIG": ""},  # which has no room either to write what it measured
    )  # fmt: skip
    assert (ended.returncode, ended.stdout) == (1, "")
    assert "out: cannot be written: File too large." in ended.stderr
    assert "Traceback" not in ended.stderr
    assert contents(tmp_path) == before
    assert [path.name for path in tmp_path.iterdir()] == (["out"] if old else [])


def test_a_refusal_in_a_process_of_its_own(tmp_path: Path) -> None:
    ended = command("run", "qif-2024", "--practices", PRACTICES, "--counts", COUNTS, "--out", tmp_path / "out")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith("there is no scheme 'qif-2024'. Did you mean qif-2024-25")


def test_a_reader_that_went_away_is_no_error_of_the_run(tmp_path: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as gone:
        words = [*REMIT, *map(str, run_arguments("qif-2024-25")), "--out", str(tmp_path / "out")]
        ended = subprocess.run(words, stdout=gone, stderr=subprocess.PIPE, text=True, check=False)
    assert "Traceback" not in ended.stderr
    assert "payment.csv" in contents(tmp_path / "out")
