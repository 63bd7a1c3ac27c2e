"""The kind: achievement is measured on another day than the year's last, and the payment period is asked for.

Rules look at windows that end with the payment period ("in the 12 months up to its end"). Where the day moves and the
period stays, a window ends after the day on which all is seen. Whoever counts records asks: `evaluate`, `plan`.
"""

from __future__ import annotations

import json
import runpy
from datetime import date
from pathlib import Path

import pytest
from tests.bad_files.command import remit as command

from remit.core.problems import Refused
from remit.evaluation.period import dates_of
from remit.records.importing import import_records
from remit.scheme import load_scheme
from remit.scheme.loader import read_with_bases

EXAMPLE = Path(__file__).parents[2] / "examples" / "qif-from-records" / "make_records.py"
MOVED = """
scheme: qif-moved
extends: qif-2024-25
version: "1"
achievement_date: 2024-12-31
"""


def scheme(folder: Path, text: str, name: str = "moved.yaml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def test_the_year_is_the_period_where_its_last_day_is_measured() -> None:
    found = dates_of(load_scheme("qif-2024-25"))
    assert (found.achievement, found.start, found.end) == (date(2025, 3, 31), date(2024, 4, 1), date(2025, 3, 31))
    on = dates_of(load_scheme("qif-2024-25"), date(2024, 12, 31))  # a position within the year moves nothing else
    assert (on.achievement, on.start, on.end) == (date(2024, 12, 31), date(2024, 4, 1), date(2025, 3, 31))


def test_a_moved_day_asks_for_the_period(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="does not say over which payment period"):
        dates_of(load_scheme(scheme(tmp_path, MOVED)))


@pytest.mark.parametrize(("first", "last"), [("2024-01-01", "2024-12-31"), ("2024-04-01", "2025-03-31")])
def test_the_period_that_a_file_gives_is_the_one(first: str, last: str, tmp_path: Path) -> None:
    given = scheme(tmp_path, f"{MOVED}payment_period: {{from: {first}, to: {last}}}\n")
    found = dates_of(load_scheme(given))
    assert (str(found.achievement), str(found.start), str(found.end)) == ("2024-12-31", first, last)


def test_a_file_that_moves_the_day_again_is_asked_again(tmp_path: Path) -> None:
    scheme(tmp_path, f"{MOVED}payment_period: {{from: 2024-01-01, to: 2024-12-31}}\n")
    again = "scheme: qif-again\nextends: moved.yaml\nversion: '1'\nachievement_date: 2024-10-31\n"
    assert load_scheme(scheme(tmp_path, again, "again.yaml")).period() is None


def test_the_day_lies_in_the_period(tmp_path: Path) -> None:
    wrong = scheme(tmp_path, f"{MOVED}payment_period: {{from: 2024-04-01, to: 2024-11-30}}\n")
    with pytest.raises(Refused, match="2024-12-31 is not in the payment period, 2024-04-01 to 2024-11-30"):
        load_scheme(wrong)


def test_check_and_show_say_that_it_is_open(tmp_path: Path) -> None:
    moved = scheme(tmp_path, MOVED)
    assert read_with_bases(moved).tree["achievement_date"] == "2024-12-31"
    said = command("check", moved)
    assert said.status == 0
    assert "[lint.payment-period-open]" in said.out
    assert "not stated: records cannot be counted until it is" in " ".join(command("show", moved).out.split())


def test_evaluate_asks_and_then_counts_over_the_period(tmp_path: Path) -> None:
    runpy.run_path(str(EXAMPLE))["main"](tmp_path / "csv")
    import_records(tmp_path / "csv", tmp_path / "store", keep_ids=True)
    moved = scheme(tmp_path, MOVED)
    said = command("evaluate", moved, "--records", tmp_path / "store", "--out", tmp_path / "out")
    assert said.status == 1
    assert "[evaluation.payment-period-open]" in said.err
    assert not (tmp_path / "out").exists()
    given = scheme(tmp_path, f"{MOVED}payment_period: {{from: 2024-01-01, to: 2024-12-31}}\n")
    assert command("evaluate", given, "--records", tmp_path / "store", "--out", tmp_path / "out").status == 0
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["payment_period"] == {"from": "2024-01-01", "to": "2024-12-31"}
    assert manifest["on"] == "2024-12-31"
