"""What goes wrong while records are imported or read: a kill, a full disk, damaged files, a newer store.

After each, the store is what it was or what it was to become, and the next import is as if nothing had happened.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
import pytest
from tests import forks
from tests.bad_files.command import assert_refused, contents, remit
from tests.faults.folders import HEADERS, SMALL, held, imported, write_folder

from remit.core.problems import Refused
from remit.files.manifest import sealed
from remit.records.compacting import compact
from remit.records.quality import check_store
from remit.records.store import Store

MAY = {
    "extracts": ["2025-05,A1,2025-05-31", "2025-05,B2,2025-05-31", "2025-05,C3,2025-05-31"],
    "patients": ["A1,p1,1950-06-30,F,2025-05-02,,,", "B2,p7,2001-01-01,M,,,,", "C3,p8,2001-01-01,M,,,,"],
    "events": ["A1,p1,2025-05-01,1001,,,,", "B2,p7,2025-05-01,10 01,,,,", "C3,p8,2025-05-01,1001,1,kg,,"],
}


def child(*words: object) -> subprocess.CompletedProcess[str]:
    return forks.run(module="tests.faults.killed", words=tuple(map(str, words)), environment=dict(os.environ))


def whole(store: Path) -> dict[str, bytes]:
    """What the manifest names, and the manifest."""
    named = {*Store(store).manifest.listed(store), "manifest.json"}
    return {name: data for name, data in contents(store).items() if name in named}


@pytest.mark.slow
def test_killed_at_every_step_the_store_is_the_old_one_or_the_new_one(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("remit.records.by_code.LEAST_ROWS", 1)
    old = tmp_path / "old"
    imported(write_folder(tmp_path / "march"), old)
    may = write_folder(tmp_path / "may", MAY)
    new = tmp_path / "new"
    shutil.copytree(old, new)
    imported(may, new, "append")
    before, after, resumed, step, killed = whole(old), whole(new), 0, 0, True
    while killed:
        step += 3
        store = tmp_path / "store"
        shutil.rmtree(store, ignore_errors=True)
        shutil.copytree(old, store)
        ended = child(step, may, store, "append")
        killed = ended.returncode == -signal.SIGKILL
        assert killed or ended.returncode == 0, ended.stderr
        assert whole(store) in (before, after)
        check_store(Store(store))
        if whole(store) == before:
            report = imported(may, store, "append")
            resumed += report.resumed > 0
            assert (report.read["events"], report.stored["events"], report.rejected["events"]) == (3, 2, 1)
        assert whole(store) == after
        if not killed:
            assert contents(store).keys() - {".lock"} == contents(new).keys() - {".lock"}, "nothing is left behind"
    assert step > 20, "there were steps to be killed at"
    assert resumed > 3, "some imports went on with what was done"


@pytest.mark.slow
def test_killed_at_every_step_of_an_append_beside_and_of_compacting(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("remit.records.by_code.LEAST_ROWS", 1)
    may = write_folder(tmp_path / "may", MAY)
    stores = [tmp_path / name for name in ("old", "beside", "compacted")]
    imported(write_folder(tmp_path / "march"), stores[0])
    shutil.copytree(stores[0], stores[1])
    with monkeypatch.context() as patch:
        patch.setattr("remit.records.importing.pays", lambda *_: True)
        imported(may, stores[1], "append")
    shutil.copytree(stores[1], stores[2])
    assert compact(stores[2]).extracts == 1, "of A1: nothing of B2's can be stored, and C3 is new"
    assert [held(store) for store in stores[1:]] == [held(stores[1])] * 2
    folder: list[Path]
    for what, folder, (before, after) in ("beside", [may], stores[:2]), ("compact", [], stores[1:]):
        step, killed = 0, True
        while killed:
            step += 5
            store = tmp_path / "store"
            shutil.rmtree(store, ignore_errors=True)
            shutil.copytree(before, store)
            ended = child(what, step, *folder, store)
            killed = ended.returncode == -signal.SIGKILL
            assert killed or ended.returncode == 0, ended.stderr
            assert whole(store) in (whole(before), whole(after))
            check_store(Store(store))
            if whole(store) == whole(before):
                assert child(what, 10_000, *folder, store).returncode == 0
            assert whole(store) == whole(after), "what was left is done"
        assert contents(store).keys() - {".lock"} == contents(after).keys() - {".lock"}, "nothing is left behind"
        assert step > 10, "there were steps to be killed at"


def test_an_interrupted_import_of_something_else_is_dropped(tmp_path: Path) -> None:
    store, may = tmp_path / "store", write_folder(tmp_path / "may", MAY)
    imported(write_folder(tmp_path / "march"), store)
    assert child(16, may, store, "append").returncode == -signal.SIGKILL
    assert (store / ".import").is_dir()
    said = remit("records", "info", store)
    assert (said.status, "an import was interrupted" in said.err) == (0, True)
    other = write_folder(tmp_path / "other", {**MAY, "events": []})
    assert imported(other, store, "append").resumed == 0
    fresh = tmp_path / "fresh"
    imported(tmp_path / "march", fresh)
    imported(other, fresh, "append")
    assert contents(store) == contents(fresh)


def test_a_first_import_that_was_killed_says_so(tmp_path: Path) -> None:
    store, folder = tmp_path / "store", write_folder(tmp_path / "in")
    assert child(12, folder, store).returncode == -signal.SIGKILL
    assert_refused(remit("records", "info", store), "is not a store of records", "did not finish")
    imported(folder, store)
    assert len(held(store)["A1"]) == 2


@pytest.mark.parametrize("size", [0, 100, 1000, 1800])
@pytest.mark.parametrize("first", [True, False])
def test_a_full_disk(tmp_path: Path, size: int, first: bool) -> None:
    store, may = tmp_path / "store", write_folder(tmp_path / "may", MAY)
    if not first:
        imported(write_folder(tmp_path / "march"), store)
    before = contents(store) if store.exists() else {}
    ended = child("full", size, may, store, *([] if first else ["append"]))
    assert ended.returncode == 1, ended
    assert "Traceback" not in ended.stderr
    assert "cannot be written" in ended.stderr
    assert "Make room" in ended.stderr
    assert (contents(store) if store.exists() else {}) == before


def parquet_folder(folder: Path) -> Path:
    write_folder(folder)
    path = folder / "events.csv"
    text = pa.csv.ConvertOptions(column_types=dict.fromkeys(HEADERS["events"].split(","), pa.string()))
    pq.write_table(pa.csv.read_csv(path, convert_options=text), folder / "events.parquet")
    path.unlink()
    return folder


@pytest.mark.parametrize("share", [0, 0.1, 0.5, 0.9, 0.999])
def test_a_truncated_parquet_file_is_refused(tmp_path: Path, share: float) -> None:
    folder = parquet_folder(tmp_path / "in")
    path = folder / "events.parquet"
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    said = remit("records", "import", folder, "--store", tmp_path / "store", "--keep-ids")
    assert_refused(said, "events.parquet", "cannot be read as Parquet", "Export it again")
    assert not (tmp_path / "store").exists()


@pytest.mark.parametrize("share", [0, 0.1, 0.5, 0.9, 0.999])
def test_a_truncated_file_of_the_store_is_refused(tmp_path: Path, share: float) -> None:
    store = tmp_path / "store"
    imported(write_folder(tmp_path / "in"), store)
    [path] = (store / "practice=A1").glob("events-*.parquet")
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    assert_refused(remit("records", "check", store), path.name, "changed or damaged", "--replace")
    with pytest.raises(Refused, match="is damaged"):
        list(Store(store).patients("A1"))
    before = contents(store)
    with pytest.raises(Refused, match="was changed or damaged after the import"):
        imported(write_folder(tmp_path / "may", MAY), store, "append")
    assert contents(store) == before
    imported(tmp_path / "in", store, "replace")
    check_store(Store(store))


def test_a_flipped_byte_of_the_store_is_never_read_as_a_record(tmp_path: Path) -> None:
    store = tmp_path / "store"
    imported(write_folder(tmp_path / "in"), store)
    expected = held(store)
    [path] = (store / "practice=A1").glob("events-*.parquet")
    good = path.read_bytes()
    for n in range(0, len(good), 23):
        data = bytearray(good)
        data[n] ^= 0x41
        path.write_bytes(data)
        with pytest.raises(Refused):
            check_store(Store(store))
        try:
            found = held(store)
        except Refused:
            continue
        assert [p.id for p in found["A1"]] == [p.id for p in expected["A1"]]


def test_a_store_of_a_newer_format_is_refused(tmp_path: Path) -> None:
    store, folder = tmp_path / "store", write_folder(tmp_path / "in")
    imported(folder, store)
    path = store / "manifest.json"
    path.write_bytes(sealed({**json.loads(path.read_text()), "format": 3}))
    before = contents(store)
    words: list[list[str | Path]] = [["info", store], ["check", store],
                                     ["import", folder, "--store", store, "--keep-ids", "--replace"]]  # fmt: skip
    for command in words:
        assert_refused(remit("records", *command), "format 3", "newer Remit", "update Remit")
    assert contents(store) == before


def test_a_damaged_manifest_is_refused(tmp_path: Path) -> None:
    store = tmp_path / "store"
    imported(write_folder(tmp_path / "in"), store)
    path = store / "manifest.json"
    good = path.read_text()
    chance = random.Random(5)
    broken = [
        "",
        "{}",
        "[]",
        "null",
        '{"format": 1}',
        '{"format": "one"}',
        good[: len(good) // 2],
        good.replace("A1", ".."),
    ]
    broken += [good.replace("practice=A1/patients", "../patients"), good.replace("2025-03-31", "2025-03-32")]
    for _ in range(60):
        at = chance.randrange(len(good))
        broken.append(good[:at] + chance.choice('"{}[]:,x0') + good[at + 1 :])
    for text in broken:
        path.write_text(text)
        said = remit("records", "check", store)
        assert "Traceback" not in said.err
        assert said.status in (0, 1)
    path.write_text(good.replace("practice=A1/patients", "../patients"))
    assert_refused(remit("records", "info", store), "is damaged")


def test_two_imports_at_a_time_are_refused(tmp_path: Path) -> None:
    from remit.files.locks import locked

    store, folder = tmp_path / "store", write_folder(tmp_path / "in")
    store.mkdir()
    with locked(store, "another import."):
        said = remit("records", "import", folder, "--store", store, "--keep-ids")
        assert_refused(said, "another import")
    imported(folder, store)


def test_a_folder_that_is_something_else_is_left_alone(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "letter.txt").write_text("Dear")
    said = remit("records", "import", write_folder(tmp_path / "in"), "--store", other, "--keep-ids")
    assert_refused(said, "do not belong to a store of records")
    assert contents(other) == {"letter.txt": b"Dear"}


@pytest.mark.parametrize("seed", range(40))
def test_a_mutated_csv_is_refused_or_read_with_nothing_lost(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    folder = write_folder(tmp_path / "in", events=SMALL["events"] * 4)
    path = folder / f"{chance.choice(['events', 'patients', 'registrations', 'extracts', 'practices'])}.csv"
    data = bytearray(path.read_bytes())
    for _ in range(chance.randrange(1, 4)):
        at = chance.randrange(len(data))
        what = chance.choice([b'"', b",", b"\n", b"\r", b"\0", b"\xff", b";", b"9", b"", b'""', b"\n\n", b"\xc3"])
        data[at : at + chance.randrange(3)] = what
    path.write_bytes(data)
    store = tmp_path / "store"
    said = remit("records", "import", folder, "--store", store, "--keep-ids")
    assert "Traceback" not in said.err
    assert said.status in (0, 1)
    if said.status:
        assert not store.exists()
        return
    check_store(Store(store))
    entry = Store(store).manifest.imports[0]
    rows = [line for line in data.decode().splitlines()[1:] if line.strip()]
    if path.name != "extracts.csv":
        assert entry.read[path.stem] >= len([row for row in rows if row.strip(",")])
    for table, read in entry.read.items():
        assert read == entry.stored.get(table, 0) + entry.rejected.get(table, 0)
    listed = sum(entry.rejected.values())
    if listed:
        assert len((store / entry.rejected_file).read_text().splitlines()) == listed + 1
