"""What goes wrong while records are evaluated: a kill, Ctrl-C, a full disk, other inputs, damaged records.

After each, what was there is there; and the same command goes on, to the same bytes as if nothing had happened.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any
from unittest import mock

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests import forks
from tests.bad_files.command import CommandResult, assert_refused, contents, remit
from tests.faults.folders import imported, write_folder

from remit.evaluation.engine.counting import DuckDB
from remit.evaluation.layout import CountedPractice
from remit.files.hashes import sha256_file
from remit.files.manifest import sealed
from remit.files.schedules import default_workers
from remit.records.store import Store
from remit.terminology.clusters import Cluster, ClusterSet
from remit.terminology.sets import demonstration, write_clusters

ROOT = Path(__file__).parents[2]
RULES = """
definitions:
  - indicator: PULSE65
    title: A local one
    population: registered
    fields: {PULSE_DAT: latest PULSERHYTHM_COD where date > (PPED - 12 months)}
    rules: [{rule: 1, if: PULSE_DAT <> Null, then: Select, counts: achieved, else: Reject, else_counts: exclusion X}]
"""


@pytest.fixture(scope="module")
def whole(store: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What an evaluation that nothing interrupts writes."""
    out = tmp_path_factory.mktemp("whole") / "out"
    assert evaluate(store, out).status == 0
    return contents(out)


def words(store: Path, out: Path, *more: object, on: str = "2025-03-31", scheme: str = "qif-2024-25") -> list[str]:
    return [*map(str, ("evaluate", scheme, "--records", store, "--on", on, "--out", out, *more))]


def evaluate(
    store: Path, out: Path, *more: object, on: str = "2025-03-31", scheme: str = "qif-2024-25"
) -> CommandResult:
    return remit(*words(store, out, *more, on=on, scheme=scheme))


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}


def begun(how: str, amount: float, given: list[str]) -> subprocess.Popen[str]:
    """The command in a process group of its own."""
    command = [sys.executable, "-m", "tests.faults.killed_evaluation", how, str(amount), *given]
    return subprocess.Popen(
        command, cwd=ROOT, env=_environment(), text=True, start_new_session=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def killed_or_full(how: str, amount: float, given: list[str]) -> CommandResult:
    """The command, killed at a step or on a full disk, to its end."""
    words = (how, str(amount), *given)
    said = forks.run(module="tests.faults.killed_evaluation", words=words, environment=_environment())
    return CommandResult(said.returncode, said.stdout, said.stderr)


def ended(process: subprocess.Popen[str]) -> CommandResult:
    out, err = process.communicate(timeout=120)
    return CommandResult(process.returncode, out, err)


def done(out: Path) -> list[str]:
    """The practices that are done, of an evaluation under way."""
    return sorted(path.stem for path in out.parent.glob(f".{out.name}.evaluating/done/*.json"))


def beside(out: Path) -> list[str]:
    """What stands beside the folder."""
    return sorted(path.name for path in out.parent.iterdir() if path.name != out.name)


def until(met: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.02)


def children(process: int) -> list[int]:
    """The processes that one began, and that are still there."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = path.read_text().rpartition(") ")[2].split()[:2]
        except OSError:
            continue
        if int(parent) == process and state != "Z":
            found.append(int(path.parent.name))
    return found


def is_there(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2][0] != "Z"
    except OSError:
        return False


def workers_of(process: int) -> list[int]:
    """Its worker processes, without the one that tracks resources."""
    return [one for one in children(process) if b"spawn_main" in Path(f"/proc/{one}/cmdline").read_bytes()]


needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked up in /proc")


# Killed.


@pytest.mark.slow
@pytest.mark.parametrize("first", [True, False])
def test_killed_at_every_step_and_started_again(tmp_path: Path, store: Path, whole, first: bool) -> None:
    old = tmp_path / "old"
    assert evaluate(store, old, on="2024-12-31").status == 0
    before = {} if first else contents(old)
    resumed, step, killed = set(), 0 if first else 1, True  # the two together: at two of three steps
    while killed:
        step += 3
        out = tmp_path / str(step) / "out"
        if not first:
            shutil.copytree(old, out)
        said = killed_or_full("kill", step, words(store, out, "--replace"))
        killed = said.status == -signal.SIGKILL
        assert killed or said.status == 0, said.err
        there = contents(out) if out.exists() else {}
        if not there and not first:  # between its two renames the old one stands aside
            [aside] = out.parent.glob(".out.old.*")
            assert contents(aside) == before
        else:
            assert there in (before, whole), step
        if killed:
            already = done(out)
            said = evaluate(store, out, "--replace")
            assert said.status == 0, (step, said.err)
            told = [line.partition(" practice")[0] for line in said.out.splitlines() if "done already" in line]
            assert told == ([str(len(already))] if already and there != whole else []), (step, said.out)
            resumed.add(len(already))
        assert contents(out) == whole, step
        assert beside(out) == []
    assert step > 20, "there were steps to be killed at"
    assert {0, 3} <= resumed, "some runs went on with what was done"


@needs_proc
def test_the_parent_of_workers_is_killed(tmp_path: Path, store: Path, whole) -> None:
    out = tmp_path / "out"
    process = begun("slow", 1, words(store, out, "--workers", 2))
    until(lambda: done(out))
    those = workers_of(process.pid)
    assert len(those) == 2
    process.kill()
    ended(process)
    until(lambda: not any(map(is_there, those)))
    assert not out.exists()
    already = len(done(out))
    assert 0 < already < 3
    said = evaluate(store, out)
    assert (said.status, "done already, before an interruption" in said.out) == (0, True)
    assert contents(out) == whole
    assert beside(out) == []


@needs_proc
def test_a_worker_is_killed(tmp_path: Path, store: Path, whole) -> None:
    out = tmp_path / "out"
    process = begun("slow", 1, words(store, out, "--workers", 2))
    until(lambda: done(out))
    those = workers_of(process.pid)
    os.kill(those[0], signal.SIGKILL)
    said = ended(process)
    assert_refused(said, "a worker process was ended by the system", "--workers", "The same evaluation continues")
    until(lambda: not any(map(is_there, those)))
    assert not out.exists()
    assert evaluate(store, out, "--workers", 2).status == 0
    assert contents(out) == whole
    assert beside(out) == []


# Stopped by hand.


@pytest.mark.parametrize("many", [1, 2])
def test_ctrl_c_says_how_far_it_is(tmp_path: Path, store: Path, whole, many: int) -> None:
    out = tmp_path / "out"
    process = begun("slow", 1, words(store, out, "--workers", many))
    until(lambda: done(out))
    os.killpg(process.pid, signal.SIGINT)
    said = ended(process)
    already = len(done(out))  # what a worker has begun it finishes
    assert 0 < already < 3 or many == 2
    assert said.status == 130
    assert said.err.strip().splitlines() == [
        f"Stopped. {already} of 3 practices are done: the same command goes on from there. [cli.stopped]"
    ]
    assert not out.exists()
    assert evaluate(store, out).status == 0
    assert contents(out) == whole
    assert beside(out) == []


@needs_proc
def test_ctrl_c_while_workers_begin(tmp_path: Path, store: Path) -> None:
    """They have not come to their own code, and say nothing all the same."""
    out = tmp_path / "out"
    process = begun("slow", 0, words(store, out, "--workers", 2))
    until(lambda: workers_of(process.pid))
    os.killpg(process.pid, signal.SIGINT)
    said = ended(process)
    assert (said.status, "Traceback" in said.err) == (130, False), said.err
    assert said.err.startswith("Stopped.")


@needs_proc
def test_what_ignores_ctrl_c_from_the_start_ignores_it_while_workers_begin_too(tmp_path: Path, store: Path) -> None:
    """nohup, and a shell that begins it in the background, say so; a worker that begins is no exception."""
    out = tmp_path / "out"
    process = begun("nohup", 0, words(store, out, "--workers", 2))
    until(lambda: b"evaluate" in Path(f"/proc/{process.pid}/cmdline").read_bytes() and _ignores_ctrl_c(process.pid))
    while process.poll() is None:
        os.killpg(process.pid, signal.SIGINT)
        time.sleep(0.001)
    said = ended(process)
    assert (said.status, "Stopped" in said.err) == (0, False), said.err
    assert out.exists()


def _ignores_ctrl_c(process: int) -> bool:
    [ignored] = re.findall(r"SigIgn:\s*(\w+)", Path(f"/proc/{process}/status").read_text())
    return bool(int(ignored, 16) >> (signal.SIGINT - 1) & 1)


def test_ctrl_c_within_a_statement_of_duckdb(tmp_path: Path, store: Path) -> None:
    """DuckDB says RuntimeError where it was interrupted."""
    stopped = mock.Mock(side_effect=RuntimeError("Query interrupted"))
    out = tmp_path / "out"
    with mock.patch("remit.evaluation.engine.practice.Engine.run", stopped):
        said = evaluate(store, out)
    assert said.status == 130
    assert said.err.strip() == "Stopped. 0 of 3 practices are done: the same command goes on from there. [cli.stopped]"
    assert beside(out) == []


# A full disk.


@pytest.mark.parametrize("size", [0, 100, 2000, 6000, 8000])
@pytest.mark.parametrize("first", [True, False])
def test_a_full_disk(tmp_path: Path, store: Path, whole, size: int, first: bool) -> None:
    out = tmp_path / "out"
    if not first:
        assert evaluate(store, out, on="2024-12-31").status == 0
    before = contents(out) if out.exists() else {}
    said = killed_or_full("full", size, words(store, out, "--replace"))
    assert_refused(
        said, "cannot be written: ", "Make room on the disk. The same evaluation then continues from what is done."
    )
    assert (contents(out) if out.exists() else {}) == before
    assert evaluate(store, out, "--replace").status == 0
    assert contents(out) == whole
    assert beside(out) == []


def test_a_full_disk_loses_nothing_that_is_done(tmp_path: Path, store: Path, whole) -> None:
    out = tmp_path / "out"
    interrupted(store, out)
    assert len(done(out)) == 2
    for size in (0, 100, 2000):
        killed_or_full("full", size, words(store, out))
        assert len(done(out)) == 2
    said = evaluate(store, out)
    assert said.out.startswith("2 practices were done already, before an interruption.")
    assert contents(out) == whole


def interrupted(store: Path, out: Path, *more: object, **named: str) -> None:
    """An evaluation that stops when two of the three practices are done."""
    count = DuckDB.practices

    def until_the_third(self: DuckDB, *given: Any) -> Iterator[CountedPractice]:
        yield from islice(count(self, *given), 2)
        raise KeyboardInterrupt

    with mock.patch.object(DuckDB, "practices", until_the_third):
        said = evaluate(store, out, *more, **named)
    assert (said.status, len(done(out))) == (130, 2), said.err


def test_a_replacement_that_fails_leaves_the_old_folder(tmp_path: Path, store: Path, whole) -> None:
    out = tmp_path / "out"
    assert evaluate(store, out, on="2024-12-31").status == 0
    before, replace = contents(out), os.replace

    def no_room(source: Path, target: Path) -> None:
        if Path(target) == out and Path(source).name == "whole":
            raise OSError(28, "No space left on device")
        replace(source, target)

    with mock.patch("remit.files.folders.os.replace", no_room):
        assert_refused(evaluate(store, out, "--replace"), "cannot be written: No space left on device", "Make room")
    assert contents(out) == before
    assert beside(out) == [".out.evaluating"]
    said = evaluate(store, out, "--replace")
    assert said.out.startswith("3 practices were done already, before an interruption.")
    assert contents(out) == whole
    assert beside(out) == []


def test_what_came_into_its_place_in_the_meantime_stays(tmp_path: Path, store: Path) -> None:
    out = tmp_path / "out"
    count = DuckDB.practices

    def beside_another(self: DuckDB, *given: Any) -> Iterator[CountedPractice]:
        out.mkdir(exist_ok=True)
        (out / "letter.txt").write_text("Dear")
        return count(self, *given)

    with mock.patch.object(DuckDB, "practices", beside_another):
        assert_refused(evaluate(store, out), "not an evaluation written by Remit")
    assert contents(out) == {"letter.txt": b"Dear"}


# Of other inputs.


def fewer_codes(folder: Path) -> Path:
    """The demonstration's clusters, with one code less, under a release of its own."""
    held = demonstration()
    clusters = dict(held.clusters)
    one = clusters["HYP_COD"]
    clusters["HYP_COD"] = Cluster(one.name, dict(list(one.codes.items())[1:]))
    write_clusters(ClusterSet("mine", "1", True, clusters), folder)
    return folder


def version_two(path: Path) -> Path:
    """The scheme as another version of it."""
    text = (ROOT / "src/remit/library/schemes/qif-2024-25.yaml").read_text(encoding="utf-8")
    assert '\nversion: "1"\n' in text
    path.write_text(text.replace('\nversion: "1"\n', '\nversion: "2"\n'), encoding="utf-8")
    return path


def test_work_of_other_inputs_is_begun_anew(tmp_path: Path, store: Path) -> None:
    mine = fewer_codes(tmp_path / "mine")
    local = tmp_path / "local.yaml"
    local.write_text(RULES)
    changes: dict[str, tuple[list[object], dict[str, str]]] = {
        "the code clusters": (["--clusters", mine], {}),
        "the rules": (["--rules", local], {}),
        "the achievement date": ([], {"on": "2024-12-31"}),
        "the choice of practices": (["--practice", "X1", "--practice", "X2"], {}),
        "the scheme": ([], {"scheme": str(version_two(tmp_path / "two.yaml"))}),
        "what counts": (["--engine", "reference"], {}),
    }
    for what, (more, named) in changes.items():
        out, fresh = tmp_path / "out", tmp_path / "fresh"
        interrupted(store, out)
        said = evaluate(store, out, *more, **named)
        assert said.status == 0, said.err
        told = f"warning: the work of an interrupted run was dropped and begun anew, for {what} changed since."
        told += " [evaluation.begun-anew]"
        assert told in said.err.splitlines(), what
        assert "done already" not in said.out
        assert evaluate(store, fresh, *more, **named).status == 0
        assert contents(out) == contents(fresh), what
        shutil.rmtree(out)
        shutil.rmtree(fresh)


def test_what_is_edited_in_the_meantime_is_read_anew(tmp_path: Path, store: Path) -> None:
    """A rules file and a cluster set keep their names, and are others all the same."""
    local, mine, out, fresh = tmp_path / "local.yaml", tmp_path / "mine", tmp_path / "out", tmp_path / "fresh"
    local.write_text(RULES)
    write_clusters(ClusterSet("mine", "1", True, demonstration().clusters), mine)
    given = ["--rules", local, "--clusters", mine]
    interrupted(store, out, *given)
    local.write_text(RULES.replace("12 months", "9 months"))
    shutil.rmtree(mine)
    fewer_codes(mine)
    said = evaluate(store, out, *given)
    assert "for the code clusters and the rules changed since." in said.err
    assert evaluate(store, fresh, *given).status == 0
    assert contents(out) == contents(fresh)


def test_records_that_were_imported_again(tmp_path: Path) -> None:
    """Other rows of one practice; and then the same rows of an extract that covers another day."""
    store, out, fresh = tmp_path / "store", tmp_path / "out", tmp_path / "fresh"
    three = {
        "extracts": [f"2025-03,{code},2025-03-31" for code in ("A1", "B2", "C3")],
        "patients": [f"{code},p1,1950-06-30,F,,,," for code in ("A1", "B2", "C3")],
        "registrations": [f"{code},p1,{code},2001-01-01," for code in ("A1", "B2", "C3")],
        "events": [f"{code},p1,2024-05-01,38341003,,,," for code in ("A1", "B2", "C3")],
    }
    changes = {"patients": [*three["patients"], "A1,p2,1950-06-30,F,,,,"],
               "extracts": [row.replace("2025-03-31", "2025-03-30") for row in three["extracts"]]}  # fmt: skip
    for n, (name, rows) in enumerate(changes.items()):
        imported(write_folder(tmp_path / f"in{n}", three), store, "replace" if n else "add")
        interrupted(store, out)
        imported(write_folder(tmp_path / f"other{n}", {**three, name: rows}), store, "replace")
        said = evaluate(store, out)
        assert "begun anew, for the records changed since." in said.err, name
        assert evaluate(store, fresh).status == 0
        assert contents(out) == contents(fresh)
        shutil.rmtree(out)
        shutil.rmtree(fresh)


def test_work_that_is_damaged_is_done_again(tmp_path: Path, store: Path, whole) -> None:
    out = tmp_path / "out"
    work = tmp_path / ".out.evaluating"
    for damaged, left in (("of.json", 0), ("done/X1.json", 1), ("outcomes/practice=X2.parquet", 1),
                          ("cells/X1.parquet", 1)):  # fmt: skip
        interrupted(store, out)
        path = work / damaged
        path.write_bytes(path.read_bytes()[:-40])
        said = evaluate(store, out)
        assert said.status == 0, said.err
        assert ("the work folder itself changed since" in said.err) == (damaged == "of.json")
        assert ("1 practice was done already" in said.out) == (left == 1)
        assert contents(out) == whole
        shutil.rmtree(out)


# Two at a time.


def test_two_runs_into_one_folder(tmp_path: Path, store: Path, whole) -> None:
    out = tmp_path / "out"
    process = begun("slow", 1, words(store, out))
    until(lambda: done(out))
    assert_refused(evaluate(store, out), "another run is making out.", "Wait until it ends.")
    said = ended(process)
    assert said.status == 0, said.err
    assert contents(out) == whole
    assert beside(out) == []


@pytest.mark.skipif(sys.platform == "win32", reason="the race is made in fcntl, by which a lock is taken elsewhere")
def test_a_lock_whose_holder_has_just_ended(tmp_path: Path, store: Path) -> None:
    """It took its work folder with it: another must not go on in what is no longer there."""
    out = tmp_path / "out"
    work = tmp_path / ".out.evaluating"
    import fcntl

    def taken_away(*given: object) -> None:
        shutil.rmtree(work)

    with mock.patch.object(fcntl, "flock", taken_away):
        assert_refused(evaluate(store, out), "another run is making out.")


# Records that are damaged, or are few.


def events_of(store: Path, code: str = "X2") -> Path:
    [path] = (store / f"practice={code}").glob("events-*.parquet")
    return path


@pytest.fixture
def own(store: Path, tmp_path: Path) -> Path:
    """A store to be damaged."""
    shutil.copytree(store, tmp_path / "store")
    return tmp_path / "store"


def said_of(path: Path, store: Path) -> None:
    """Make the manifest say of a file what it is now: nobody can tell that it was changed."""
    manifest = store / "manifest.json"
    said = json.loads(manifest.read_text())
    for table in said["partitions"][path.parent.name.partition("=")[2]]["tables"].values():
        if table["file"].endswith(path.name):
            table["sha256"] = sha256_file(path)
    manifest.write_bytes(sealed(said))


@pytest.mark.parametrize("engine", ["duckdb", "reference"])
@pytest.mark.parametrize("many", [1, 2])
def test_damaged_and_missing_files_are_refused(tmp_path: Path, own: Path, whole, engine: str, many: int) -> None:
    out = tmp_path / "out"
    path = events_of(own)
    good = path.read_bytes()
    given = ["--engine", engine, "--workers", many]
    for bad in (good[:-1], good[: len(good) // 2], b"", None):
        path.unlink() if bad is None else path.write_bytes(bad)
        said = evaluate(own, out, *given)
        assert_refused(said, "the events of practice X2 were changed or lost", path.name, "remit records check")
        assert not out.exists()
    path.write_bytes(good)
    said = evaluate(own, out, *given)
    assert said.status == 0, said.err
    assert "done already" in said.out
    assert contents(out) == whole


@pytest.mark.parametrize("table", ["events", "patients", "registrations"])
@pytest.mark.parametrize("engine", ["duckdb", "reference"])
def test_files_that_are_no_parquet_though_the_manifest_knows_them(
    tmp_path: Path, own: Path, engine: str, table: str
) -> None:
    out = tmp_path / "out"
    [path] = (own / "practice=X2").glob(f"{table}-*.parquet")
    good = path.read_bytes()
    other = pa.table({"patient_id": ["X2-0001"], "date": ["soon"]})
    for bad in (b"", b"PAR1", b"garbage" * 99, good[:-9] + b"PAR1", good[:4] + b"\0" * 400 + good[404:], other):
        if isinstance(bad, bytes):
            path.write_bytes(bad)
        else:
            pq.write_table(bad, path)
        said_of(path, own)
        said = evaluate(own, out, "--engine", engine)
        assert_refused(said, "X2")
        assert not out.exists()


def flipped(good: bytes) -> Iterator[bytes]:
    for n in range(4, len(good), max(1, len(good) // 60)):
        yield good[:n] + bytes([good[n] ^ 0x5A]) + good[n + 1 :]


@pytest.mark.slow
def test_a_flipped_byte_is_no_traceback(tmp_path: Path, own: Path) -> None:
    """Whatever DuckDB finds in a file of another codec or with broken pages, it is a refusal that names the practice;
    or it is read, where the byte is of no consequence."""
    path, out = events_of(own), tmp_path / "out"
    refused = 0
    for bad in flipped(path.read_bytes()):
        path.write_bytes(bad)
        said_of(path, own)
        said = evaluate(own, out, "--replace", "--practice", "X2")
        assert (said.status, "Traceback" in said.err) in ((0, False), (1, False)), said.err
        refused += said.status
        if said.status:
            assert "X2" in said.err
    assert refused > 10


def test_every_error_of_duckdb_is_a_refusal(tmp_path: Path, store: Path) -> None:
    import duckdb

    for name in ("IOException", "InvalidInputException", "ConversionException", "OutOfRangeException",
                 "InternalException", "FatalException", "SerializationException", "OutOfMemoryException"):  # fmt: skip
        error = getattr(duckdb, name)("No space left on device")
        with mock.patch("remit.evaluation.engine.practice.Engine.run", mock.Mock(side_effect=error)):
            said = evaluate(store, tmp_path / "out")
        assert_refused(said, "practice X1", "No space left on device", "make room")
    assert beside(tmp_path / "out") == []


def test_practices_with_hardly_any_records(tmp_path: Path) -> None:
    """No events, no registrations, nothing but patients: both engines count them, and alike."""
    codes = ("NE", "NP", "NR", "PO", "ALL")
    tables = {
        "extracts": [f"2025-03,{code},2025-03-31" for code in codes],
        "practices": ["ALL,2024-04-01,All Surgery,9000,9100.25,cannock-chase,"],
        "patients": [f"{code},p{n},19{n}0-06-30,F,,,," for code in codes for n in range(4, 8)],
        "registrations": [f"{code},p{n},{code},2001-01-01," for code in ("NE", "NP", "ALL") for n in range(4, 8)],
        "events": [f"{code},p{n},2024-05-01,38341003,,,," for code in ("NP", "NR", "ALL") for n in range(4, 8)],
        "prescriptions": [f"{code},p{n},2024-04-30,319996000,28,tablet" for code in ("NE", "ALL") for n in (4, 5)],
    }
    store = tmp_path / "store"
    imported(write_folder(tmp_path / "in", tables), store)
    assert not any("prescriptions" in Store(store).partition(code).tables for code in ("NP", "NR", "PO"))
    assert not any("events" in Store(store).partition(code).tables for code in ("NE", "PO"))
    said = evaluate(store, tmp_path / "out")
    assert said.status == 0, said.err
    assert "none of the patients of NR, PO is registered there" in said.err
    assert evaluate(store, tmp_path / "slow", "--engine", "reference").status == 0
    assert contents(tmp_path / "out") == contents(tmp_path / "slow")


# With the evidence of each outcome.


@pytest.fixture(scope="module")
def with_evidence(store: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What an evaluation that keeps evidence, and that nothing interrupts, writes."""
    out = tmp_path_factory.mktemp("evidence") / "out"
    assert evaluate(store, out, "--evidence").status == 0
    return contents(out)


@pytest.mark.slow
def test_killed_at_every_step_while_evidence_is_kept(tmp_path: Path, store: Path, with_evidence) -> None:
    step, killed = 1, True
    while killed:
        step += 5
        out = tmp_path / str(step) / "out"
        said = killed_or_full("kill", step, words(store, out, "--evidence"))
        killed = said.status == -signal.SIGKILL
        assert killed or said.status == 0, said.err
        assert not out.exists() or contents(out) == with_evidence, step
        assert evaluate(store, out, "--evidence", *(["--replace"] if out.exists() else [])).status == 0, step
        assert contents(out) == with_evidence, step
        assert beside(out) == []
    assert step > 20, "there were steps to be killed at"


def test_stopped_in_the_last_step_while_evidence_is_kept(tmp_path: Path, store: Path, with_evidence) -> None:
    """Every practice's folder stands where it belongs already; it is taken up from there."""
    out = tmp_path / "out"
    with mock.patch("remit.evaluation.folder.put_in_place", mock.Mock(side_effect=KeyboardInterrupt)):
        assert evaluate(store, out, "--evidence").status == 130
    assert not out.exists()
    assert all(path.stat().st_mode & 0o077 == 0 for path in tmp_path.glob(".out.evaluating"))
    said = evaluate(store, out, "--evidence")
    assert said.out.startswith("3 practices were done already, before an interruption.")
    assert contents(out) == with_evidence
    assert beside(out) == []


def test_evidence_that_was_cut_off_is_kept_anew(tmp_path: Path, store: Path, with_evidence) -> None:
    out = tmp_path / "out"
    interrupted(store, out, "--evidence")
    path = min(tmp_path.glob(".out.evaluating/evidence/*/events.parquet"))
    path.write_bytes(path.read_bytes()[:-10])
    said = evaluate(store, out, "--evidence")
    assert said.out.startswith("1 practice was done already, before an interruption.")
    assert contents(out) == with_evidence


def test_with_evidence_the_work_without_it_is_begun_anew(tmp_path: Path, store: Path, whole, with_evidence) -> None:
    for first, second, wanted in (((), ("--evidence",), with_evidence), (("--evidence",), (), whole)):
        out = tmp_path / str(len(first)) / "out"
        interrupted(store, out, *first)
        said = evaluate(store, out, *second)
        assert "begun anew, for whether evidence is kept changed since" in said.err
        assert contents(out) == wanted
        assert beside(out) == []


@pytest.mark.parametrize("size", [100, 2000, 8000])
def test_a_full_disk_while_evidence_is_kept(tmp_path: Path, store: Path, with_evidence, size: int) -> None:
    out = tmp_path / "out"
    said = killed_or_full("full", size, words(store, out, "--evidence"))
    assert_refused(said, "cannot be written: ")
    assert not out.exists()
    assert evaluate(store, out, "--evidence").status == 0
    assert contents(out) == with_evidence
    assert beside(out) == []


# Memory.


@pytest.mark.slow
def test_little_memory(tmp_path: Path) -> None:
    """300,000 events in 200 MB: what does not fit goes to the disk, and nothing of it is left there."""
    store, out = tmp_path / "store", tmp_path / "out"
    people = [f"p{n:05}" for n in range(20_000)]
    codes = sorted(code for name in ("HYP_COD", "DM_COD", "CHD_COD") for code in demonstration().codes_of(name))
    tables = {
        "extracts": ["2025-03,A1,2025-03-31"],
        "patients": [f"A1,{who},1950-06-30,F,,,," for who in people],
        "registrations": [f"A1,{who},A1,2001-01-01," for who in people],
        "events": [f"A1,{who},2024-05-{n + 1:02},{codes[n % len(codes)]},{n},mmHg,," for who in people
                   for n in range(15)],
    }  # fmt: skip
    imported(write_folder(tmp_path / "in", tables), store)
    assert evaluate(store, out, "--memory", "200MB", "--workers", 1).status == 0
    assert evaluate(store, tmp_path / "roomy").status == 0
    assert contents(out) == contents(tmp_path / "roomy")
    assert not list(tmp_path.glob(".*"))


def test_too_little_memory_for_a_practice_is_refused(tmp_path: Path, store: Path) -> None:
    run = DuckDB.__init__

    def narrow(self: DuckDB, *given: object) -> None:
        run(self, *given)  # type: ignore[arg-type]
        self.engine.connection.execute("SET memory_limit = '100KiB'")

    with mock.patch.object(DuckDB, "__init__", narrow):
        said = evaluate(store, tmp_path / "out", "--memory", "200MB")
    assert_refused(said, "practice X1 does not fit in memory: ", "--memory", "--workers")
    assert beside(tmp_path / "out") == []


def test_so_many_workers_as_have_enough_of_the_memory() -> None:
    with mock.patch("remit.files.schedules.os.sched_getaffinity", return_value=set(range(16))):
        assert [default_workers(gigabytes * 10**9) for gigabytes in (1, 4, 100)] == [2, 10, 16]
        for machine, workers in ((64, 16), (8, 6), (1, 1)):
            with mock.patch("remit.files.schedules._machine", lambda machine=machine: machine * 10**9):
                assert default_workers() == workers
    assert default_workers(200_000_000) == 1
