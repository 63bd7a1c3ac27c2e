"""Records that cannot be read: a broken file refuses the import, a broken row is rejected with its reason."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import yaml
from tests.bad_files.command import HERE, assert_refused, remit

from remit.records.store import Store

RECORDS = HERE / "records"
REFUSED = sorted(path.name for path in (RECORDS / "refused").glob("*.csv"))
REJECTED = sorted(path.name for path in (RECORDS / "rejected").glob("*.csv"))
WORDS = yaml.safe_load((RECORDS / "refused" / "words.yaml").read_text(encoding="utf-8"))


def folder_with(broken: Path, tmp_path: Path) -> Path:
    """The good folder, with one file in the place of its own."""
    folder = tmp_path / "in"
    shutil.copytree(RECORDS / "good", folder)
    shutil.copy(broken, folder / f"{broken.name.partition('.')[0]}.csv")
    return folder


def test_every_file_has_its_words() -> None:
    assert sorted(WORDS) == REFUSED


@pytest.mark.parametrize("name", REFUSED)
def test_a_broken_file_is_refused(name: str, tmp_path: Path) -> None:
    folder, store = folder_with(RECORDS / "refused" / name, tmp_path), tmp_path / "store"
    said = remit("records", "import", folder, "--store", store, "--keep-ids")
    assert_refused(said, *WORDS[name])
    assert not store.exists()


@pytest.mark.parametrize("name", REJECTED)
def test_a_broken_row_is_rejected_and_the_others_are_stored(name: str, tmp_path: Path) -> None:
    folder, store = folder_with(RECORDS / "rejected" / name, tmp_path), tmp_path / "store"
    said = remit("records", "import", folder, "--store", store, "--keep-ids")
    assert said.status == 0, said.err
    expected = (RECORDS / "rejected" / name).with_suffix(".txt").read_text(encoding="utf-8").splitlines()
    found = (store / "rejected-000001.csv").read_text(encoding="utf-8").splitlines()
    assert sorted(found) == sorted(expected)
    assert f"{len(expected) - 1} rows were rejected" in said.err
    unread = (RECORDS / "rejected" / name).with_suffix(".unread.txt")
    assert unread.exists() == (store / "unread-000001.csv").exists()
    if unread.exists():
        cells = unread.read_text(encoding="utf-8").splitlines()
        assert (store / "unread-000001.csv").read_text(encoding="utf-8").splitlines() == cells
        assert f"{len(cells) - 1} cells could not be read, and are stored as not known" in said.err
    table = name.partition(".")[0]
    rows = len((RECORDS / "rejected" / name).read_text(encoding="utf-8").splitlines()) - 1
    assert Store(store).manifest.totals[table] == rows - (len(expected) - 1)


def test_the_good_folder_is_accepted(tmp_path: Path) -> None:
    said = remit("records", "import", RECORDS / "good", "--store", tmp_path / "store", "--keep-ids")
    assert (said.status, said.err) == (0, "")


def test_options_that_do_not_go_together(tmp_path: Path) -> None:
    command: list[str | Path] = ["records", "import", RECORDS / "good", "--store", tmp_path / "store"]
    assert_refused(remit(*command), "there is no key", "--key-file", "--keep-ids")
    assert_refused(remit(*command, "--keep-ids", "--append", "--delete"), "do not go together")
    assert_refused(remit(*command, "--keep-ids", "--key-file", tmp_path / "key"), "do not go together")
    assert_refused(
        remit("records", "import", tmp_path / "none", "--store", tmp_path / "s", "--keep-ids"), "no such folder"
    )
    assert_refused(remit("records", "import", tmp_path, "--store", tmp_path / "s", "--keep-ids"), "has no extracts.csv")
    assert_refused(remit("records", "info", tmp_path / "none"), "there is no such folder")
    assert list(tmp_path.iterdir()) == []


def test_a_table_in_two_forms_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    shutil.copytree(RECORDS / "good", folder)
    (folder / "events.parquet").write_bytes(b"PAR1")
    said = remit("records", "import", folder, "--store", tmp_path / "store", "--keep-ids")
    assert_refused(said, "holds events.csv and events.parquet")
