"""QIF's worked example as the command writes it: the agreed columns and figures, and the same bytes anywhere."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).parents[2] / "examples" / "qif-2024-25"
PRACTICES = """\
practice_code,practice_name,place_code,network_code,list_size,weighted_list_size
A1,Example Practice,cannock-chase,N1,10500,10000
"""
COUNTS = """\
practice_code,indicator_code,measure,value
A1,1a,REGISTER,84
A1,1a,LIST_SIZE,10500
A1,1b,NUMERATOR,39
A1,1b,DENOMINATOR,100
A1,2a,NUMERATOR,41
A1,2a,DENOMINATOR,100
A1,2b,NUMERATOR,46
A1,2b,DENOMINATOR,100
A1,3,NUMERATOR,55
A1,3,DENOMINATOR,100
A1,4,NUMERATOR,73
A1,4,DENOMINATOR,100
A1,4,PCAS,8
A1,5,NUMERATOR,36
A1,5,DENOMINATOR,100
A1,6,REGISTER,408
A1,6,LIST_SIZE,8000
"""


def remit(out: Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the example in a process of its own, somewhere, under some clock, locale and hash seed."""
    command = [
        sys.executable,
        "-c",
        "from remit.cli.main import main; main()",
        "run",
        "qif-2024-25",
        "--practices",
        os.path.relpath(EXAMPLE / "practices.csv", cwd),
        "--counts",
        str(EXAMPLE / "counts.csv"),
        "--out",
        str(out),
        "--set",
        "chol004_from=2024-12-05",
    ]
    return subprocess.run(
        command, cwd=cwd, env={**os.environ, **environment}, capture_output=True, text=True, check=True
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("golden") / "out"
    ended = remit(out, out.parent, PYTHONHASHSEED="0")
    assert "£16,100.00" in ended.stdout
    return out


def rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file, strict=True))


def test_the_example_is_the_agreed_one() -> None:
    assert (EXAMPLE / "practices.csv").read_text(encoding="utf-8") == PRACTICES
    assert (EXAMPLE / "counts.csv").read_text(encoding="utf-8") == COUNTS


def test_award(folder: Path) -> None:
    header, *found = rows(folder / "award.csv")
    assert ",".join(header) == (
        "practice_code,indicator_code,numerator,denominator,achievement,points_available,points,pounds,review,reason"
    )
    assert [",".join(row[:8]) for row in found] == [
        "A1,1a,84,10500,0.8,,,1500.00",
        "A1,1b,39,100,39,,,2000.00",
        "A1,2a,41,100,41,,,1300.00",
        "A1,2b,46,100,46,,,2300.00",
        "A1,3,55,100,55,,,2500.00",
        "A1,4,73,100,73,,,2500.00",
        "A1,5,36,100,36,,,2000.00",
        "A1,6,408,8000,5.1,,,2000.00",
    ]
    assert [row[8] for row in found] == ["", "", "", "", "", "in line", "", ""]


def test_payment(folder: Path) -> None:
    header, found = rows(folder / "payment.csv")
    assert ",".join(header[:6]) == "practice_code,status,pounds,paid_in_advance,balance,recovery"
    assert ",".join(found[:6]) == "A1,final,16100.00,16800.00,0.00,700.00"


def test_schedule(folder: Path) -> None:
    header, *found = rows(folder / "schedule.csv")
    assert ",".join(header) == "practice_code,due_date,kind,pounds"
    ends = [
        "2024-04-30",
        "2024-05-31",
        "2024-06-30",
        "2024-07-31",
        "2024-08-31",
        "2024-09-30",
        "2024-10-31",
        "2024-11-30",
        "2024-12-31",
        "2025-01-31",
        "2025-02-28",
        "2025-03-31",
    ]
    assert found[:12] == [["A1", day, "instalment", "1400.00"] for day in ends]
    assert [row[2:] for row in found[12:]] == [["recovery", "116.67"]] * 5 + [["recovery", "116.65"]]


def test_ledger(folder: Path) -> None:
    header, *found = rows(folder / "ledger.csv")
    assert ",".join(header) == "transaction,date,account,practice_code,pounds,memo"
    sums: dict[str, int] = {}
    for transaction, _, _, _, pounds, _ in found:
        sums[transaction] = sums.get(transaction, 0) + int(pounds.replace(".", ""))
    assert set(sums.values()) == {0}
    assert len(sums) == 14


def test_the_manifest_names_what_the_run_rests_on(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert [scheme["scheme"] for scheme in manifest["schemes"]] == ["qif-2024-25"]
    files = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert set(manifest["files"]) == files - {"manifest.json"}
    assert {"achievement.csv", "award.csv", "payment.csv", "schedule.csv", "ledger.csv"} <= files


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONHASHSEED": "1", "TZ": "Pacific/Auckland"},
        {"PYTHONHASHSEED": "77", "LC_ALL": "C", "COLUMNS": "20"},
        {"PYTHONHASHSEED": "random", "PYTHONOPTIMIZE": "1"},
    ],
    ids=["another time zone", "another locale", "another seed"],
)
def test_the_same_inputs_give_the_same_bytes(folder: Path, environment: dict[str, str], tmp_path: Path) -> None:
    place = tmp_path / "quite" / "another place"
    place.mkdir(parents=True)
    remit(place / "results", place, **environment)
    names = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    again = sorted(path.relative_to(place / "results") for path in (place / "results").rglob("*") if path.is_file())
    assert names == again
    assert [n for n in names if (folder / n).read_bytes() != (place / "results" / n).read_bytes()] == []


def test_no_file_holds_a_place_of_the_machine(folder: Path) -> None:
    marks = [str(folder).encode(), str(EXAMPLE).encode(), os.uname().nodename.encode() + b"."]
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert [path.name for path in files if any(mark in path.read_bytes() for mark in marks)] == []
