"""The kind: what is still to be said decides what is paid, so nothing is final before it is said.

A table of what can be open while an item has pounds: the definition that counts under the item's own number are of, and
the rate that a guard rail looks at. Each is said on the screen, stands in the results, and keeps it from being final.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner

from remit.cli.main import app

PRACTICES = "practice_code,practice_name,place_code,list_size,weighted_list_size\nA1,A,cannock-chase,10500,10000\n"
ALL_BUT_5 = """\
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
A1,6,REGISTER,408
A1,6,LIST_SIZE,8000
"""
NUMBER = "A1,5,NUMERATOR,36\nA1,5,DENOMINATOR,100\n"
BY_DEFINITION = "A1,CHOL004,NUMERATOR,36\nA1,CHOL004,DENOMINATOR,100\n"
DAY = ("--set", "chol004_from=2024-12-05")


def run(folder: Path, counts: str, *words: str) -> tuple[str, dict[str, str], dict[str, dict[str, str]]]:
    """What the screen says, the row of payment.csv, and the rows of award.csv by item."""
    (folder / "practices.csv").write_text(PRACTICES)
    (folder / "counts.csv").write_text(f"practice_code,indicator_code,measure,value\n{counts}")
    command = ["run", "qif-2024-25", "--practices", str(folder / "practices.csv"), "--counts"]
    ended = CliRunner().invoke(app, [*command, str(folder / "counts.csv"), "--out", str(folder / "out"), *words])
    assert ended.exit_code == 0, ended.output
    rows = {name: list(csv.DictReader((folder / "out" / f"{name}.csv").open())) for name in ("payment", "award")}
    return " ".join(ended.output.split()), rows["payment"][0], {row["indicator_code"]: row for row in rows["award"]}


@pytest.mark.parametrize(
    ("counts", "words", "status", "item", "said"),
    [
        pytest.param(ALL_BUT_5 + BY_DEFINITION, DAY, "final", "5", "", id="all is said"),
        pytest.param(
            ALL_BUT_5 + NUMBER, DAY, "final", "5", "for item 5 do not say whether they are of CHOL002 or CHOL004",
            id="counts under the number, and the day is given",
        ),
        pytest.param(
            ALL_BUT_5 + NUMBER, (), "provisional", "5",
            "item 5 of A1 has pounds that are not final: set chol004_from to say whether it is counted as CHOL002 or",
            id="counts under the number, and the day is open",
        ),
        pytest.param(
            ALL_BUT_5.replace("A1,4,PCAS,8\n", "") + BY_DEFINITION, DAY, "provisional", "4",
            "item 4 of A1 has pounds that are not final: supply PCAS for its guard rail", id="the guard is not known",
        ),
    ],
)  # fmt: skip
def test_what_is_open_is_said_and_nothing_is_final(
    tmp_path: Path, counts: str, words: tuple[str, ...], status: str, item: str, said: str
) -> None:
    """The pounds are those of the worked example, 161p x 10,000, whatever is open."""
    screen, payment, award = run(tmp_path, counts, *words)
    assert said in screen
    assert payment["status"] == status
    assert payment["pounds"] == "16100.00"
    if status == "final":
        assert payment["recovery"] == "700.00"  # 80% of 2.10 x 10,000, less what was earned
    else:
        assert payment["recovery"] == ""
        assert f"Item {item} is not final: " in payment["reason"]
    assert bool(award["5"]["reason"]) == (counts.endswith(NUMBER))


def test_a_count_under_an_items_number_is_said_on_the_screen_and_not_final_where_a_choice_of_definition_is_open(
    tmp_path: Path,
) -> None:
    screen, payment, award = run(tmp_path, ALL_BUT_5 + NUMBER)
    assert "chol004_from" in screen
    assert payment["status"] == "provisional"
    assert "CHOL002 or CHOL004" in payment["reason"]
    assert award["5"]["pounds"] == "2000.00"


def test_nobody_in_the_denominator_needs_no_guard(tmp_path: Path) -> None:
    counts = ALL_BUT_5.replace("A1,4,NUMERATOR,73\nA1,4,DENOMINATOR,100\nA1,4,PCAS,8\n", "A1,4,NUMERATOR,0\n")
    screen, payment, award = run(tmp_path, counts + "A1,4,DENOMINATOR,0\n" + BY_DEFINITION, *DAY)
    assert "not final" not in screen
    assert (payment["status"], award["4"]["pounds"]) == ("final", "0.00")


def test_qif_item_4_the_guard_looks_both_ways_and_an_unknown_guard_is_not_final(tmp_path: Path) -> None:
    """None of 100 people left out at 10.9% and 10.61%: 0.891^100 is one in 100,000. The pounds are the same."""
    counts = ALL_BUT_5.replace("A1,4,PCAS,8", "A1,4,PCAS,0") + BY_DEFINITION
    _, payment, award = run(tmp_path, counts, *DAY)
    assert (award["4"]["review"], award["4"]["pounds"], payment["status"]) == ("review", "2500.00", "final")
    assert "significantly below ICB 10.9%, England 10.61%" in award["4"]["reason"]
