"""What a newcomer does with --help alone: from own counts to pounds, one threshold changed, what is not verified."""

from __future__ import annotations

import csv
import re
import shlex
from pathlib import Path

import pytest
from tests.bad_files.command import assert_refused, remit

FIGURES = {"NUMERATOR": "60", "DENOMINATOR": "80", "REGISTER": "60", "LIST_SIZE": "6000"}
PRACTICE = {"weighted_list_size": "8000", "list_size": "8200", "place_code": "cannock-chase"}


def fill_in(path: Path, values: dict[str, str], by: str = "") -> None:
    """Fill a file's empty cells: `value` by the measure of its row, or each column by its name."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row |= {"value": values[row[by]]} if by else {name: text for name, text in values.items() if name in row}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture
def qif(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The first two commands: a template for three practices, filled in, and its run as the template names it."""
    monkeypatch.chdir(tmp_path)
    codes = [word for code in ("X1", "X2", "X3") for word in ("--practice", code)]
    said = remit("template", "qif-2024-25", "--out", "inputs", *codes)
    assert said.status == 0, said.err
    fill_in(Path("inputs/practices.csv"), PRACTICE)
    fill_in(Path("inputs/counts.csv"), FIGURES, "measure")
    command = said.out.split("remit run ")[1].strip()
    run = remit("run", *shlex.split(command))
    assert run.status == 0, run.err
    # 60 of 80 are 75%: 1a 60/8200 = 0.73% is 8p, 1b by its table 2 20p, 2a 17p, 2b 33p, 3 34p, 4 25p; 6 60/6000 = 1%
    # is nothing: 137p for each of 24,000 heads. Item 5 waits for chol004_from.
    assert "£32,880.00" in run.out
    return command


def test_one_threshold_is_changed_and_the_pounds_of_both_are_seen(qif: str) -> None:
    """Three commands more: item 4 from 72% to 76%, so that 75% pays 22p: 3p less for each of 24,000 heads, £720."""
    said = remit("new", "ours-2024-25", "--extends", "qif-2024-25", "--item", "4")
    assert said.status == 0, said.err
    assert "remit diff qif-2024-25 ours-2024-25.yaml" in said.out
    path = Path("ours-2024-25.yaml")
    text = path.read_text(encoding="utf-8")
    assert text.count("above 72% pays 25p") == 1
    path.write_text(text.replace("above 72% pays 25p", "above 76% pays 25p"), encoding="utf-8")
    assert "no errors" in remit("check", path).out
    own = qif.replace("qif-2024-25", str(path)).replace("--out results", "--out ours")
    run = remit("run", *shlex.split(own))
    assert run.status == 0, run.err
    assert "£32,160.00" in run.out
    assert re.search(r"£720\.00", remit("compare", "results", "ours").out)


def test_a_file_that_is_named_without_its_ending_is_found_for_the_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    remit("new", "ours-2024-25")
    assert_refused(remit("show", "ours-2024-25"), "A file is named with its ending: ours-2024-25.yaml.")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--extends", "qif-2024-25", "--item", "44"), "there is no item '44' in qif-2024-25. Did you mean 4?"),
        (("--item", "4"), "--item goes with --extends"),
    ],
)
def test_an_item_to_change_is_one_of_the_other_scheme(
    words: tuple[str, ...], expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert_refused(remit("new", "ours-2024-25", *words), expected)
    assert list(tmp_path.iterdir()) == []


def test_what_is_unverified_takes_one_command() -> None:
    said = remit("show", "qof-england-2018-19", "--unverified")
    flat = " ".join(said.out.split())
    assert (said.status, said.err) == (0, "")
    assert "Of 194 numbers, 91 are unverified and 16 are inferred." in flat
    assert "AF007 40% to 70%" in flat
    assert "Compare it with the source." in flat
    assert "Clinical: 65 items" not in flat
