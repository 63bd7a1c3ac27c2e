"""`remit pack`: one folder that answers what a commissioner is asked, whole, with every link leading somewhere."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from remit.application.pack import PackRequest, PackResult, evaluate
from remit.core.problems import Refused
from remit.scheme import load_scheme

ASKED = (
    "What is paid, for what, how much and when",
    "Who is counted and who is left out: cohort, business logic, code clusters",
    "What is sent, by whom, in which form: data set and claim template",
    "What it pays per head and for lists of several sizes",
    "Who decides, who verifies before it is paid, and what is kept apart",
    "What is due on which day",
    "What a practice is sent: a statement of a made-up practice",
    "Which version this is, what it rests on, and its notice",
)
"""The questions of FOI 2026/1718 (NHS Greater Manchester), and what a practice needs on day one."""


def made(folder: Path, scheme: str, **more: object) -> PackResult:
    return evaluate(PackRequest(scheme, folder, **more))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def qof(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, PackResult]:
    folder = tmp_path_factory.mktemp("pack") / "qof"
    return folder, made(folder, "qof-england-2025-26", released=date(2025, 4, 1))


def test_the_index_leads_to_every_answer_and_every_file(qof: tuple[Path, PackResult]) -> None:
    folder, result = qof
    index = (folder / "index.html").read_text(encoding="utf-8")
    assert [words for words in ASKED if words not in index] == []
    links = set(re.findall(r'href="([^"#:]+)"', index))
    assert {name for name in links if not (folder / name).is_file()} == set()
    assert set(result.files) - {"index.html"} - links == set()


def test_every_item_is_there_by_its_rules_or_as_supplied(qof: tuple[Path, PackResult]) -> None:
    rules = (qof[0] / "rules.html").read_text(encoding="utf-8")
    assert [item.item for item in load_scheme("qof-england-2025-26").items if item.item not in rules] == []


def test_the_changes_are_against_the_year_before(qof: tuple[Path, PackResult]) -> None:
    folder, result = qof
    assert result.against == "qof-england-2024-25"
    assert "635 → 564 points" in (folder / "changes.html").read_text(encoding="utf-8")
    assert "1 April 2025" in (folder / "release.html").read_text(encoding="utf-8")


def test_the_templates_are_those_of_a_run(qof: tuple[Path, PackResult]) -> None:
    rows = list(csv.DictReader(io.StringIO((qof[0] / "counts.csv").read_text(encoding="utf-8"))))
    assert {"practice_code", "indicator_code", "measure", "value"} <= set(rows[0])
    assert {row["value"] for row in rows} == {""}
    assert {"HYP008", "CHD015"} <= {row["indicator_code"] for row in rows}


def test_each_file_has_its_hash(qof: tuple[Path, PackResult]) -> None:
    folder, result = qof
    lines = (folder / "SHA256SUMS.txt").read_text(encoding="utf-8").splitlines()
    listed = {name: found for found, _, name in (line.partition("  ") for line in lines)}
    assert set(listed) == set(result.files) - {"SHA256SUMS.txt"}
    assert [n for n, found in listed.items() if sha256((folder / n).read_bytes()).hexdigest() != found] == []


def test_the_same_pack_has_the_same_bytes(qof: tuple[Path, PackResult], tmp_path: Path) -> None:
    made(tmp_path / "again", "qof-england-2025-26", released=date(2025, 4, 1))
    names = sorted(path.name for path in qof[0].iterdir())
    assert [n for n in names if (qof[0] / n).read_bytes() != (tmp_path / "again" / n).read_bytes()] == []


def test_a_scheme_with_claims_has_their_template(tmp_path: Path) -> None:
    result = made(tmp_path / "pack", "anticoagulation-doac-staffordshire")
    assert "claims.csv" in result.files
    assert result.open > 0
    release = (tmp_path / "pack" / "release.html").read_text(encoding="utf-8")
    assert "What must still be supplied" in release


def test_a_folder_that_holds_something_else_stays(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(Refused, match="holds files that are not a scheme pack"):
        made(tmp_path, "qif-2024-25", replace=True)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_pack_has_the_rules_of_its_schemes_own_year(tmp_path: Path) -> None:
    """MH012 is counted by the rules of 2026-27, and by no others."""
    made(tmp_path / "pack", "qof-england-2026-27")
    assert "MH012" in (tmp_path / "pack" / "rules.html").read_text(encoding="utf-8")


def test_the_example_meets_the_conditions_on_a_practices_row_and_the_calendar_has_the_contracts_days(
    tmp_path: Path,
) -> None:
    """Strathcarse: a deprivation score above 35.0 and a signature are asked for; payments by clause 10, the veto by
    clause 6."""
    made(tmp_path / "pack", "tests/schemes/contracts/strathcarse.yaml")
    example = (tmp_path / "pack" / "example.html").read_text(encoding="utf-8")
    calendar = (tmp_path / "pack" / "calendar.html").read_text(encoding="utf-8")
    assert (
        "£47,600.00" in example
    )  # 10,000 x (1.10 to £9,000, 60p, 45p, 40p, £1, 50p) + 1,500 + 6,000 + 50 x 12 + 1,000
    days = ("31 October 2025", "28 February 2026", "31 March 2026", "31 July 2026", "31 August 2026")
    assert [day for day in days if day not in calendar] == []
    assert "terms.recovery.notified" not in calendar
