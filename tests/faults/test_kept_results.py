"""`remit evaluate --keep`: a later evaluation gives what it gives without, or says why it begins anew; and whatever
goes wrong, what was kept is what one of the two kept."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
from pathlib import Path

import pytest
from tests.bad_files.command import assert_refused, contents, remit
from tests.faults.folders import imported
from tests.faults.test_evaluate_faults import RULES, evaluate, fewer_codes, killed_or_full, words

from remit.files.locks import locked

THEN, NOW = "2024-12-31", "2025-03-31"
ONLY_NEW = "Of 3 of 3 practices only what is new was read."


@pytest.fixture(scope="module")
def whole(store: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What an evaluation writes that goes on from nothing."""
    out = tmp_path_factory.mktemp("whole") / "out"
    assert evaluate(store, out).status == 0
    return contents(out)


@pytest.fixture(scope="module")
def december(store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What is kept of December."""
    folder = tmp_path_factory.mktemp("december")
    said = evaluate(store, folder / "out", "--keep", folder / "kept", on=THEN)
    assert said.status == 0
    assert "only what is new" not in said.out
    assert "read again" not in said.err
    return folder / "kept"


@pytest.fixture
def kept(december: Path, tmp_path: Path) -> Path:
    """The same, to write to."""
    shutil.copytree(december, tmp_path / "kept")
    return tmp_path / "kept"


def days(kept: Path) -> set[str]:
    return {one["on"] for one in json.loads((kept / "manifest.json").read_bytes())["kept"].values()}


def test_a_later_day_goes_on(store: Path, whole, kept: Path, tmp_path: Path) -> None:
    said = evaluate(store, tmp_path / "out", "--keep", kept)
    assert ONLY_NEW in said.out
    assert contents(tmp_path / "out") == whole
    assert days(kept) == {NOW}
    assert len(list(kept.glob("*.arrow"))) == 3  # those of December are gone
    again = evaluate(store, tmp_path / "again", "--keep", kept)
    assert ONLY_NEW in again.out
    assert contents(tmp_path / "again") == whole


def test_evidence_is_the_same_beside_it(store: Path, kept: Path, tmp_path: Path) -> None:
    assert evaluate(store, tmp_path / "out", "--evidence").status == 0
    said = evaluate(store, tmp_path / "kept-too", "--evidence", "--keep", kept)
    assert ONLY_NEW in said.out
    assert contents(tmp_path / "kept-too") == contents(tmp_path / "out")


def test_some_practices_leave_what_is_kept_of_others(store: Path, kept: Path, tmp_path: Path) -> None:
    code = json.loads((store / "manifest.json").read_bytes())["partitions"].keys()
    first = min(code)
    said = evaluate(store, tmp_path / "one", "--keep", kept, "--practice", first)
    assert "Of 1 of 1 practice only what is new was read." in said.out
    assert days(kept) == {THEN, NOW}
    assert ONLY_NEW in evaluate(store, tmp_path / "all", "--keep", kept).out


def begun_anew(store: Path, kept: Path, tmp_path: Path, why: str, *more: object, on: str = NOW) -> None:
    """It says why it reads all records, and comes to what it comes to without what was kept."""
    said = evaluate(store, tmp_path / "out", "--keep", kept, *more, on=on)
    assert said.status == 0, said.err
    assert f"were read again: {why}. [evaluation.all-read-again]" in said.err
    assert "only what is new" not in said.out
    assert evaluate(store, tmp_path / "without", *more, on=on).status == 0
    assert contents(tmp_path / "out") == contents(tmp_path / "without")
    assert days(kept) == {on}


def test_an_earlier_day_begins_anew(store: Path, kept: Path, tmp_path: Path) -> None:
    begun_anew(store, kept, tmp_path, "the day is before that of the earlier evaluation", on="2024-09-30")


def test_other_clusters_begin_anew(store: Path, kept: Path, tmp_path: Path) -> None:
    begun_anew(store, kept, tmp_path, "the code clusters changed", "--clusters", fewer_codes(tmp_path / "mine"))


def test_other_rules_begin_anew(store: Path, tmp_path: Path) -> None:
    local, kept = tmp_path / "rules.yaml", tmp_path / "kept"
    local.write_text(RULES)
    assert evaluate(store, tmp_path / "then", "--keep", kept, "--rules", local, on=THEN).status == 0
    local.write_text(RULES.replace("12 months", "9 months"))
    begun_anew(store, kept, tmp_path, "the rules changed", "--rules", local)


INDEX = """
  - register: EFI_FIT_REG
    years: 2024-25
    title: A frailty of one's own
    population: registered
    fields: {PULSE_DAT: latest PULSERHYTHM_COD, PULSE_VAL: lowest value of PULSERHYTHM_COD on PULSE_DAT}
    rules: [{rule: 1, if: PULSE_DAT <> Null, then: Select, else: Reject}]
"""


def test_other_rules_of_frailty_begin_anew(store: Path, tmp_path: Path) -> None:
    """No count rests on them, and patients are broken down by them."""
    local, kept = tmp_path / "rules.yaml", tmp_path / "kept"
    levels = ("FIT", "MILD", "MODERATE", "SEVERE")
    each = [INDEX.replace("EFI_FIT_REG", f"EFI_{level}_REG") for level in levels]
    local.write_text(f"definitions:{''.join(each)}")
    assert evaluate(store, tmp_path / "then", "--keep", kept, "--rules", local, on=THEN).status == 0
    local.write_text(local.read_text().replace("PULSE_DAT <> Null", "PULSE_VAL > 100"))
    begun_anew(store, kept, tmp_path, "the rules changed", "--rules", local)


def test_records_written_anew_are_read_anew(store: Path, kept: Path, tmp_path: Path) -> None:
    own, given = tmp_path / "store", tmp_path / "in"
    shutil.copytree(store, own)
    shutil.copytree(store.parent / "in", given)
    imported(given, own, "replace")
    assert ONLY_NEW in evaluate(own, tmp_path / "same", "--keep", kept).out  # the same rows, and so the same bytes
    events = (given / "events.csv").read_text().splitlines()
    (given / "events.csv").write_text("\n".join([events[0], *events[2:]]) + "\n")
    imported(given, own, "replace")
    said = evaluate(own, tmp_path / "out", "--keep", kept)
    assert "were read again: the files of its records were written anew." in said.err
    assert "Of 2 of 3 practices only what is new was read." in said.out
    assert evaluate(own, tmp_path / "without").status == 0
    assert contents(tmp_path / "out") == contents(tmp_path / "without")


@pytest.mark.parametrize("how", ["cut", "changed", "gone", "unnamed"])
def test_what_is_damaged_is_not_used(store: Path, kept: Path, tmp_path: Path, how: str) -> None:
    if how == "unnamed":
        (kept / "manifest.json").unlink()
    for path in kept.glob("*.arrow") if how != "unnamed" else ():
        data = path.read_bytes()
        if how == "gone":
            path.unlink()
        else:
            path.write_bytes(data[:-9] if how == "cut" else data[:400] + bytes([data[400] ^ 1]) + data[401:])
    begun_anew(store, kept, tmp_path, "what was kept is damaged or lost")


def test_a_changed_manifest_is_refused_and_left(store: Path, kept: Path, tmp_path: Path) -> None:
    path = kept / "manifest.json"
    path.write_bytes(path.read_bytes().replace(THEN.encode(), b"2024-12-30"))
    before = contents(kept)
    assert_refused(evaluate(store, tmp_path / "out", "--keep", kept), "manifest.json")
    assert contents(kept) == before
    assert not (tmp_path / "out").exists()


def test_a_folder_that_holds_anything_else_is_refused(store: Path, kept: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "notes.txt").write_text("mine")
    assert_refused(evaluate(store, tmp_path / "out", "--keep", other), "is not a folder of kept results")
    (kept / "notes.txt").write_text("mine")
    assert_refused(evaluate(store, tmp_path / "out", "--keep", kept), "holds other files too.")
    assert (kept / "notes.txt").read_text() == "mine"


def test_files_that_another_program_wrote_are_not_taken_for_ours(store: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "survey.arrow").write_text("mine")
    assert_refused(evaluate(store, tmp_path / "out", "--keep", other), "is not a folder of kept results")
    assert (other / "survey.arrow").read_text() == "mine"


@pytest.mark.parametrize("full", [False, True])
def test_it_may_be_on_another_disk(
    store: Path, whole, kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, full: bool
) -> None:
    before, renamed = {*os.listdir(kept)}, os.replace

    def other_disk(source: Path, target: Path) -> None:
        if Path(target).parent == kept != Path(source).parent:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        renamed(source, target)

    def no_room(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "replace", other_disk)
    if full:
        with monkeypatch.context() as context:
            context.setattr(shutil, "copyfileobj", no_room)
            assert_refused(evaluate(store, tmp_path / "out", "--keep", kept), "No space left on device")
        assert {*os.listdir(kept)} == before
    assert evaluate(store, tmp_path / "out", "--keep", kept).status == 0
    assert contents(tmp_path / "out") == whole
    assert days(kept) == {NOW}
    assert ONLY_NEW in evaluate(store, tmp_path / "again", "--keep", kept).out
    assert all(path.stat().st_mode & 0o077 == 0 for path in kept.glob("*.arrow"))


def test_nothing_is_kept_of_a_practice_that_has_left_the_store(store: Path, kept: Path, tmp_path: Path) -> None:
    own, gone = tmp_path / "store", tmp_path / "gone"
    shutil.copytree(store, own)
    gone.mkdir()
    header, first, *_ = (store.parent / "in" / "extracts.csv").read_text().splitlines()
    (gone / "extracts.csv").write_text(f"{header}\n{first}\n")
    imported(gone, own, "delete")
    assert "Of 2 of 2 practices only what is new was read." in evaluate(own, tmp_path / "out", "--keep", kept).out
    assert len(json.loads((kept / "manifest.json").read_bytes())["kept"]) == len(list(kept.glob("*.arrow"))) == 2


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("store/kept", "lies in the store of records."), ("store", "is the store of records."),
        ("out/kept", "lies in the folder to make."), (".", "holds the store of records."),
    ],
)  # fmt: skip
def test_it_has_a_folder_of_its_own(store: Path, tmp_path: Path, where: str, said: str) -> None:
    shutil.copytree(store, tmp_path / "store")
    before = contents(tmp_path / "store")
    found = evaluate(tmp_path / "store", tmp_path / "out", "--keep", tmp_path / where)
    assert_refused(found, said, "Name a folder of its own with --keep.")
    assert contents(tmp_path / "store") == before


@pytest.mark.parametrize("more", [["--engine", "reference"], ["--on-spark"]])
def test_nothing_else_keeps(store: Path, tmp_path: Path, more: list[str]) -> None:
    said = evaluate(store, tmp_path / "out", "--keep", tmp_path / "kept", *more)
    assert_refused(said, "kept for the DuckDB engine of this machine alone", "Leave out --keep")
    assert not (tmp_path / "kept").exists()


def test_two_do_not_keep_in_one_folder_at_once(store: Path, kept: Path, tmp_path: Path) -> None:
    with locked(kept, "taken"):
        said = evaluate(store, tmp_path / "out", "--keep", kept)
    assert_refused(said, "another evaluation keeps its results there.", "Wait until it ends.")


@pytest.mark.slow
def test_killed_at_any_step_what_is_kept_is_of_one_day(store: Path, whole, december: Path, tmp_path: Path) -> None:
    step, killed, seen = 2, True, set()
    while killed:
        step += 9
        home = tmp_path / str(step)
        shutil.copytree(december, home / "kept")
        said = killed_or_full("kill", step, words(store, home / "out", "--keep", home / "kept"))
        killed = said.status == -signal.SIGKILL
        assert killed or said.status == 0, said.err
        (day,) = days(home / "kept")
        seen.add(day)
        out = home / "out"
        if killed and not out.exists():
            again = evaluate(store, out, "--keep", home / "kept")
            assert again.status == 0, (step, again.err)
            assert "read again" not in again.err
        assert contents(out) == whole, step
        assert ONLY_NEW in evaluate(store, home / "later", "--keep", home / "kept").out
        assert contents(home / "later") == whole
        shutil.rmtree(home)
    assert seen == {THEN, NOW}


def test_a_full_disk_leaves_what_was_kept(store: Path, kept: Path, tmp_path: Path) -> None:
    before = contents(kept)
    assert killed_or_full("full", 2000, words(store, tmp_path / "out", "--keep", kept)).status == 1
    assert {name: data for name, data in contents(kept).items() if name != ".lock"} == {
        name: data for name, data in before.items() if name != ".lock"
    }
    assert ONLY_NEW in evaluate(store, tmp_path / "out", "--keep", kept).out


def test_only_its_owner_may_read_what_is_kept(december: Path) -> None:
    assert december.stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in december.glob("*.arrow"))


def test_the_command_says_what_keeping_does() -> None:
    said = remit("evaluate", "--help")
    assert "--keep" in said.out
