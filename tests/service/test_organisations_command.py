"""`remit organisations` in a data folder of its own: import, show, merge, and what is refused."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.one_database

MAP = """PRACTICE_CODE,PRACTICE_NAME,PCN_ODS_CODE,PCN_NAME,CCG_ODS_CODE,CCG_NAME,STP_ODS_CODE,STP_NAME
A1,First practice,U1,First network,01A,First place,QAA,First area
A2,Second practice,U,UNALLOCATED,01A,First place,QAA,First area
B1,Other practice,U2,Other network,02A,Other place,QBB,Other area
"""


def remit(data: Path, *typed: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("REMIT_", "DJANGO_"))}
    command = [sys.executable, "-m", "remit.cli.main", "organisations", *typed, "--data", str(data)]
    return subprocess.run(command, capture_output=True, text=True, env={**kept, "COLUMNS": "100"}, check=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("organisations")
    (folder / "map.csv").write_text(MAP, encoding="utf-8")
    return folder


def test_a_map_is_shown_applied_and_read_again(folder: Path) -> None:
    data, typed = folder / "data", ("import", str(folder / "map.csv"), "--from", "2024-04-01")
    shown = remit(data, *typed, "--commissioner", "QAA")
    assert shown.returncode == 0, shown.stderr
    assert "First practice (A1), practice, in First place (01A) and First network (U1)" in shown.stdout
    assert "Nothing was changed." in shown.stdout
    assert remit(data, "show").stdout.startswith("No commissioner is set up yet.")
    applied = remit(data, *typed, "--yes")
    assert (applied.returncode, applied.stdout.splitlines()[-1]) == (0, "Applied."), applied.stderr
    assert remit(data, "show").stdout == "QAA  First area\nQBB  Other area\n"
    tree = remit(data, "show", "QAA", "--on", "2024-04-01").stdout
    assert "1 place, 1 network, 2 practices." in tree
    assert "not known" in tree
    again = remit(data, *typed, "--yes")
    assert "The map changes nothing." in again.stdout
    merged = remit(
        data, "merge", "QAA", "--into", "QCC", "--name", "One area", "--from", "2027-04-01", "--reason", "They merge."
    )
    assert merged.returncode == 0, merged.stderr
    assert "1 place" in remit(data, "show", "QCC", "--on", "2027-04-01").stdout
    assert "0 places" in remit(data, "show", "QAA", "--on", "2027-04-01").stdout
    assert "there is no organisation QZZ" in remit(data, "show", "QZZ").stderr


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (("import", "map.csv", "--from", "1.4.2024"), "--from: expected a date"),
        (("import", "map.csv", "--from", "2024-04-01", "--commissioner", "QAB"), "there is no commissioner QAB"),
        (("show", "QZZ"), "no deployment has its data in it"),
    ],
)
def test_what_cannot_be_used_is_refused(folder: Path, typed: tuple[str, ...], words: str) -> None:
    typed = tuple(str(folder / "map.csv") if one == "map.csv" else one for one in typed)
    done = remit(folder / "other", *typed)
    assert done.returncode != 0
    assert words in done.stderr
    assert "Traceback" not in done.stderr
