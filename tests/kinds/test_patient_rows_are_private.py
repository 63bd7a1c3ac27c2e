"""Kind: a file with rows of patients that somebody else can read. The manual's table says which there are.

Every command of that table is run under a umask that is open to all and under one that is closed even to the owner, and
so are commands that write no such file: what others can read must be what the table leaves out.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.bad_files.command import remit
from tests.fuzz.commands import make_world

MANUAL = Path(__file__).parents[2] / "docs" / "reference" / "output-files.md"
COMMANDS = {
    "records import": "records import extract --store OUT --keep-ids",
    "synth": "synth --patients 60 --practices 1 --seed 1 --years 2 --workers 1 --out OUT",
    "evaluate": "evaluate local-worklist.yaml --records store --on 2024-12-31 --out OUT --workers 1",
    "evaluate --evidence": "evaluate local-worklist.yaml --records store --on 2024-12-31 --out OUT --workers 1 "
    "--evidence",
    "evaluate --keep": "evaluate local-worklist.yaml --records store --on 2024-12-31 --out OUT/../counted --workers 1 "
    "--keep OUT",
    "run": "run local.yaml --practices local_practices.csv --set START.tariff=£5 --claims claims.csv --out OUT",
    "worklist": "worklist evaluated --records store --practice A1 --csv OUT/a.csv --xlsx OUT/a.xlsx --html OUT/a.html "
    "--pdf OUT/a.pdf",
    "patients": "patients evaluated --indicator HYP008 --csv OUT/a.csv --xlsx OUT/a.xlsx --html OUT/a.html "
    "--pdf OUT/a.pdf",
    "explain": "explain HYP008 --records store --patient ok1 --on 2024-12-31 --csv OUT/why.csv --xlsx OUT/why.xlsx "
    "--html OUT/why.html --pdf OUT/why.pdf",
}
OPEN = {
    "evaluate": {"counts.csv", "practices.csv", "manifest.json"},
    "run": {"award.csv", "payment.csv", "manifest.json"},
}
"""Files of these commands that hold no row of a patient, and that others may be given to read."""


def listed() -> dict[str, list[str]]:
    """Command -> the patterns of its files with rows of patients, as the manual has them; options as `*.html`."""
    section = MANUAL.read_text(encoding="utf-8").partition("## Files with rows of patients")[2].partition("\n## ")[0]
    found: dict[str, list[str]] = {}
    for command, files in re.findall(r"^\| `remit ([a-z -]+)`.*?\| (.+) \|$", section, re.MULTILINE):
        patterns = re.findall("`([^`]+)`", files)
        found.setdefault(command, []).extend(re.sub(r"^--([a-z]+)$", r"*.\1", one) for one in patterns)
    return found


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_world(tmp_path_factory.mktemp("private") / "world")


@contextmanager
def umask(mask: int) -> Iterator[None]:
    before = os.umask(mask)
    try:
        yield
    finally:
        os.umask(before)


def test_every_command_of_the_manual_has_a_case() -> None:
    assert listed().keys() == COMMANDS.keys()


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077], ids=oct)
@pytest.mark.parametrize("command", COMMANDS)
def test_only_their_owner_reads_rows_of_patients(command: str, mask: int, world: Path, tmp_path: Path) -> None:
    here, out = tmp_path / "world", tmp_path / "world" / "out"
    shutil.copytree(world, here)
    if "OUT/" in COMMANDS[command]:
        out.mkdir()
    with umask(mask):
        words = [word.replace("OUT", str(out)) for word in COMMANDS[command].split()]
        said = remit(*(here / word if (here / word).exists() else word for word in words))
    assert said.status == 0, said.err
    assert "nly you can read" in said.out
    private: set[Path] = set()
    for pattern in listed()[command]:
        found = [path for path in out.glob(pattern) if path.is_file()]
        assert found or pattern.startswith((".", "rejected", "unread")), f"{pattern} is nowhere"
        private |= set(found)
    modes = {path.relative_to(out).as_posix(): path.stat().st_mode & 0o777 for path in private}
    assert modes == dict.fromkeys(modes, 0o600)
    for folder in {path.parent for path in private} - {out}:
        assert folder.stat().st_mode & 0o777 == 0o700
    if mask == 0o022:
        for name in OPEN.get(command, ()):
            assert (out / name).stat().st_mode & 0o777 == 0o644


def test_work_in_progress_is_for_its_owner_alone(world: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C in the last step leaves the work folders of an evaluation and of an import."""
    here = tmp_path / "world"
    shutil.copytree(world, here)

    def stopped(*given: object) -> None:
        raise KeyboardInterrupt

    with umask(0o000):
        monkeypatch.setattr("remit.evaluation.folder.put_in_place", stopped)
        remit("evaluate", here / "local-worklist.yaml", "--records", here / "store", "--on", "2024-12-31",
              "--out", here / "counted", "--workers", "1")  # fmt: skip
        monkeypatch.setattr("remit.records.importing.write_manifest", stopped)
        said = remit("records", "import", here / "extract", "--store", here / "new", "--keep-ids")
    for folder in (here / ".counted.evaluating", here / "new" / ".import"):
        assert folder.stat().st_mode & 0o777 == 0o700
    assert f"{here / 'new' / '.import'}, and only you can read it" in said.err


def test_a_store_of_an_earlier_version_is_closed_by_the_next_import(tmp_path: Path) -> None:
    from tests.faults.folders import imported, write_folder

    store = tmp_path / "store"
    imported(write_folder(tmp_path / "in"), store)
    for path in store.rglob("*.parquet"):
        path.chmod(0o644)
    later = {"extracts": ["2025-04,A1,2025-04-30"], "patients": ["A1,p9,2000-02-29,U,,,,"]}
    imported(write_folder(tmp_path / "april", later), store, "append")
    assert {path.stat().st_mode & 0o777 for path in store.rglob("*.parquet")} == {0o600}
