"""The seven tasks of a newcomer with --help alone, each in the number of commands that it may take.

From own counts to pounds for three practices (2), one threshold by an overlay and the pounds of both (3), why a patient
is not counted (1), a worklist for Excel (1), what is not verified (1), thresholds up by 3 points (1), the overview (1).
"""

from __future__ import annotations

import csv
import re
import shlex
from pathlib import Path

import pytest
from tests.bad_files.command import assert_refused, remit

FIGURES = {"NUMERATOR": "60", "DENOMINATOR": "80", "REGISTER": "60", "LIST_SIZE": "6000", "PCAS": "8"}
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
    """The first task, in two commands: a template for three practices, filled in, and its run as the template says."""
    monkeypatch.chdir(tmp_path)
    codes = [word for code in ("X1", "X2", "X3") for word in ("--practice", code)]
    template = remit("template", "qif-2024-25", "--out", "inputs", *codes)
    assert (template.status, template.err) == (0, "")
    assert "--set chol004_from=YYYY-MM-DD (The date on which item 5 changes from CHOL002 to CHOL004)" in template.out
    fill_in(Path("inputs/practices.csv"), PRACTICE)
    fill_in(Path("inputs/counts.csv"), FIGURES, "measure")
    command = f"{template.out.split('remit run ')[1].strip()} --set chol004_from=2024-12-05"
    run = remit("run", *shlex.split(command))
    # 60 of 80 are 75%: 1a 60/8200 = 0.73% is 8p, 1b by its table 2 20p, 2a 17p, 2b 33p, 3 34p, 4 25p, 5 30p;
    # 6 60/6000 = 1% is nothing: 167p for each of 24,000 heads.
    assert run.status == 0, run.err
    assert "£40,080.00" in run.out
    assert "no award" not in run.err
    assert re.findall(r"supply [A-Z_]+ for", run.err) == []
    return command


def test_one_threshold_by_an_overlay_and_the_pounds_of_both(qif: str) -> None:
    """In three commands. Item 4 from 72% to 76%, so that 75% pays 22p: 3p less for each of 24,000 heads, £720."""
    new = remit("new", "ours-2024-25", "--extends", "qif-2024-25", "--item", "4")
    assert new.status == 0, new.err
    assert "remit diff qif-2024-25 ours-2024-25.yaml" in new.out
    path = Path("ours-2024-25.yaml")
    text = path.read_text(encoding="utf-8")
    assert text.count("above 72% pays 25p") == 1
    path.write_text(text.replace("above 72% pays 25p", "above 76% pays 25p"), encoding="utf-8")
    named = remit(*shlex.split(next(line for line in new.out.splitlines() if "remit check" in line))[1:])
    assert "no errors" in named.out
    own = qif.replace("qif-2024-25", str(path)).replace("--out results", "--out ours")
    run = remit("run", *shlex.split(own))
    assert run.status == 0, run.err
    assert "£39,360.00" in run.out
    assert re.search(r"£720\.00", remit("compare", "results", "ours").out)
    beside = next(line for line in new.out.splitlines() if "remit what-if" in line).replace("RUN", "results")
    both = remit(*shlex.split(beside)[1:])  # or in one command, as the first names it
    assert (both.status, both.err) == (0, "")
    assert re.search(r"Pounds earned +£40,080\.00 +£39,360\.00 +−£720\.00", both.out)


def test_thresholds_up_by_three_points_and_the_change_kept(qif: str) -> None:
    """In one command: 75% is not above 72% + 3pp, so item 4 pays 22p. What it says next is copied, and agrees."""
    change = ("what-if", "results", "--item", "4", "--thresholds", "+3pp")
    said = remit(*change)
    assert (said.status, said.err) == (0, "")
    assert re.search(r"Pounds earned +£40,080\.00 +£39,360\.00 +−£720\.00", said.out)
    kept = remit(*change, *said.out.split("Keep this change: ")[1].split())
    run, compare = (shlex.split(line)[1:] for line in kept.out.splitlines() if line.startswith("  remit "))
    after = remit(*run)
    assert after.status == 0, after.err
    assert "£39,360.00" in after.out
    assert "£720.00" in remit(*compare).out


def test_the_overview_takes_one_command(qif: str) -> None:
    said = remit("overview", "results")
    assert said.status == 0, said.err
    assert "£40,080.00" in said.out
    assert "FILL IN X1 (X1)" in said.out


def test_a_template_that_nobody_filled_in_is_refused_with_every_figure_and_its_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    remit("template", "qif-2024-25", "--out", "inputs", "--practice", "X1", "--practice", "X2")
    words = ("run", "qif-2024-25", "--practices", "inputs/practices.csv", "--counts", "inputs/counts.csv", "--out", "o")
    said = remit(*words)
    assert_refused(
        said, "inputs/practices.csv:2: practice X1 has no weighted_list_size", "practices.csv:3: practice X2"
    )
    for row, code in ((2, "X1"), (20, "X2")):  # 18 rows each
        figures = (
            "1a REGISTER, 1b NUMERATOR and DENOMINATOR, 2a NUMERATOR and DENOMINATOR, 2b NUMERATOR and DENOMINATOR, "
        )
        figures += "3 NUMERATOR and DENOMINATOR, 4 NUMERATOR, DENOMINATOR and PCAS, CHOL002 NUMERATOR and DENOMINATOR, "
        figures += "CHOL004 NUMERATOR and DENOMINATOR, 6 REGISTER and LIST_SIZE"
        assert f"counts.csv:{row}: {code} has no value yet for {figures} (rows {row} to {row + 17})." in said.err
    assert "Fill in the column weighted_list_size." in said.err
    assert said.err.count("Fill in the column value, or remove the rows that stay empty.") == 2
    fill_in(Path("inputs/practices.csv"), PRACTICE)
    said = remit(*words)
    assert_refused(said, "counts.csv:2: X1 has no value yet for 1a REGISTER", "counts.csv:20: X2", "2 problems")
    assert not Path("o").exists()


def test_what_of_a_template_is_still_empty_is_named_and_the_rest_is_paid(
    qif: str,
) -> None:
    path = Path("inputs/counts.csv")
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = [n for n, line in enumerate(lines, 1) if line.startswith("X2,2")]
    for n in (rows[0], rows[2]):
        lines[n - 1] = lines[n - 1].replace(",60,", ",,").replace(",80,", ",,")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    said = remit("run", *shlex.split(qif.replace("--out results", "--out part")))
    assert said.status == 0
    named = f"counts.csv:{rows[0]}: X2 has no value yet for 2a NUMERATOR, 2b NUMERATOR (rows {rows[0]} and {rows[2]})"
    assert named in said.err
    assert "X2: No counts: supply NUMERATOR for 2a (DM8CP-TYPE1) and 2b (DM8CP-TYPE2)." in said.err
    statement = remit("statement", "part", "--practice", "X2")
    assert "Nothing is known yet of 2a, 2b: what is missing is listed below." in statement.out


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made-up people and who of them is counted under QOF, each as its help has it."""
    folder = tmp_path_factory.mktemp("people")
    store = folder / "people"
    made = remit("synth", "--patients", "800", "--practices", "1", "--seed", "1", "--on", "2025-01-31", "--out", store)
    assert made.status == 0, made.err
    counted = ("--records", store, "--on", "2025-01-31", "--out", folder / "counted")
    assert f"remit evaluate qif-2024-25 --records {store} --on 2025-01-31" in made.out
    assert remit("evaluate", "qif-2024-25", *counted).status == 0
    return folder


def test_why_a_patient_is_not_counted_takes_one_command(people: Path) -> None:
    """For whoever has the id; who has none finds it, with the command to copy, in the list of patients."""
    listed = remit("patients", people / "counted", "--indicator", "HYP008", "--category", "pca")
    assert listed.status == 0, listed.err
    words = shlex.split(
        listed.out.split("Why one of them: remit ")[1].splitlines()[0].replace("STORE", str(people / "people"))
    )
    said = remit(*words)
    assert (said.status, said.err) == (0, "")
    assert "Not in the denominator: " in said.out
    unknown = remit("explain", "HYP008", "--records", people / "people", "--patient", "4711")
    assert_refused(unknown, "'remit patients EVALUATION --practice CODE' lists them.")


def test_a_worklist_for_excel_takes_one_command(people: Path) -> None:
    path = people / "worklist.xlsx"
    said = remit("worklist", people / "counted", "--records", people / "people", "--practice", "P001", "--xlsx", path)
    assert said.status == 0, said.err
    assert path.read_bytes()[:2] == b"PK"
    assert "It has rows of patients: only you can read it." in " ".join(said.out.split())


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
