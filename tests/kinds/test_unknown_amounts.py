"""The kind: an award, an advance, a balance or a recovery that is not known, shown or summed as £0.00.

`PLACES` lists every place that shows or writes amounts of a run; in each of them the runs below have nothing that is
known to be £0.00, so that "0.00" in it is an unknown amount in disguise. Three runs are QIF's worked example:

nothing     no counts: the award is not known; the advance of £16,800.00 (80% of £2.10 x 10,000) is
provisional counts marked as provisional: £16,100.00 earned as it stands, so that £700.00 would be recovered
half        item 2a (£1,300.00) not counted: £14,800.00 are known; with nothing for 2a, £2,000.00 would be recovered

and `qof`, QOF 2018-19 without last year's points: neither award nor advance is known.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from remit.cli.main import app

EXAMPLE = Path(__file__).parents[2] / "examples" / "qif-2024-25"
HEAD = "practice_code,indicator_code,measure,value\n"
COUNTS = (EXAMPLE / "counts.csv").read_text()
RUNS = {
    "nothing": ("qif-2024-25", f"{HEAD}A1,4,PCAS,8\n"),
    "provisional": ("qif-2024-25", f"{COUNTS}A1,*,PROVISIONAL,1\n"),
    "half": ("qif-2024-25", "".join(line for line in COUNTS.splitlines(keepends=True) if ",2a," not in line)),
    "qof": ("qof-england-2018-19", f"{HEAD}A1,AF,REGISTER,200\n"),
}
SET = ("--set", "chol004_from=2024-12-05")
ZERO = re.compile(r"(?<![\d,.])0\.00(?!\d)")


def remit(*words: str | Path) -> str:
    """What a command says, as it is read: on one line."""
    said = CliRunner().invoke(app, [*map(str, words)], env={"COLUMNS": "200"})
    assert said.exit_code == 0, said.output
    return " ".join(said.stdout.split())


def inputs(practices: Path, counts: Path, out: Path) -> list[str | Path]:
    """The options of a run."""
    return ["--practices", practices, "--counts", counts, "--out", out, *(SET if "qof" not in out.parent.name else ())]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The folders of the runs, and of the worked example itself as `known`."""
    made = {}
    for name, (scheme, counts) in {**RUNS, "known": ("qif-2024-25", COUNTS)}.items():
        place = tmp_path_factory.mktemp(name)
        (place / "counts.csv").write_text(counts)
        given = inputs(EXAMPLE / "practices.csv", place / "counts.csv", place / "out")
        (place / "said").write_text(remit("run", scheme, *given))
        made[name] = place / "out"
    return made


def table(path: Path, *columns: str) -> str:
    """The cells of some columns of a CSV file."""
    with path.open(newline="") as file:
        return " ".join(row[column] for row in csv.DictReader(file) for column in columns)


def cells(path: Path, sheet: str) -> str:
    """A sheet's cells, amounts with two decimals."""
    values = (cell for row in openpyxl.load_workbook(path, data_only=True)[sheet].iter_rows() for cell in row)
    return " ".join(f"{c.value:.2f}" if isinstance(c.value, int | float) else str(c.value or "") for c in values)


def written(option: str, command: str, *folders: Path, read: Callable[[Path], str] = Path.read_text) -> str:
    """What a command writes to a file."""
    path = folders[0].parent / f"{command}{option.replace('--', '.')}"
    remit(command, *folders, option, path, "--replace")
    return read(path)


def amounts(text: str) -> str:
    """The head of a statement: what it says first, and its amounts."""
    return text.partition("Scheme")[0]


Runs = dict[str, Path]
PLACES: dict[str, Callable[[Runs, str], str]] = {
    "run, on the screen": lambda runs, name: (runs[name].parent / "said").read_text(),
    "payment.csv": lambda runs, name: table(
        runs[name] / "payment.csv", "pounds", "paid_in_advance", "balance", "recovery"
    ),
    "totals.csv": lambda runs, name: table(runs[name] / "totals.csv", "pounds"),
    "ledger.csv": lambda runs, name: table(runs[name] / "ledger.csv", "pounds"),
    "schedule.csv": lambda runs, name: table(runs[name] / "schedule.csv", "pounds"),
    "statement, on the screen": lambda runs, name: amounts(remit("statement", runs[name])),
    "statement --html": lambda runs, name: amounts(written("--html", "statement", runs[name])),
    "statement --xlsx, Summary": lambda runs, name: written(
        "--xlsx", "statement", runs[name], read=lambda path: cells(path, "Summary").partition("What the pounds")[0]
    ),
    "statement --xlsx, Schedule": lambda runs, name: written(
        "--xlsx", "statement", runs[name], read=lambda path: cells(path, "Schedule")
    ),
    "calendar, on the screen": lambda runs, name: remit("calendar", runs[name]),
    "calendar --practice": lambda runs, name: remit("calendar", runs[name], "--practice", "A1"),
    "calendar --csv": lambda runs, name: written("--csv", "calendar", runs[name]),
    "calendar --html": lambda runs, name: written("--html", "calendar", runs[name]),
    "calendar --ics": lambda runs, name: written("--ics", "calendar", runs[name]),
    "area, on the screen": lambda runs, name: remit("area", runs[name]),
    "area --csv": lambda runs, name: written("--csv", "area", runs[name]),
    "compare, Payment": lambda runs, name: payment_of(remit("compare", runs[name], runs["known"])),
    "compare --csv, not compared": lambda runs, name: not_compared(
        written("--csv", "compare", runs[name], runs["known"])
    ),
    "compare --html, not compared": lambda runs, name: written(
        "--html", "compare", runs[name], runs["known"]
    ).partition("<h2>Not compared</h2>")[2],
}


def payment_of(text: str) -> str:
    """The row of the balance of run 1, whose balance is not known."""
    return text.partition("Balance to pay")[2].split("£")[0]


def not_compared(text: str) -> str:
    """Pounds, difference and causes of the rows that a run does not know."""
    rows = csv.DictReader(text.splitlines())
    return " ".join(
        " ".join(cell for name, cell in row.items() if name not in ("pounds_2", "explanation"))
        for row in rows
        if "not compared" in row["explanation"]
    )


def every() -> list[tuple[str, str]]:
    return [(place, name) for place in PLACES for name in RUNS]


@pytest.mark.parametrize(("place", "name"), every())
def test_never_0_pounds_for_unknown(runs: Runs, place: str, name: str) -> None:
    assert not ZERO.search(PLACES[place](runs, name)), PLACES[place](runs, name)


def test_the_summary_of_a_run_says_what_is_not_known(runs: Runs) -> None:
    said = (runs["nothing"].parent / "said").read_text()
    assert "Pounds awarded not known yet not complete for 1 of 1" in said
    assert "Paid in instalments £16,800.00 Balance to pay not known yet" in said
    half = (runs["half"].parent / "said").read_text()
    assert "Pounds awarded £14,800.00 so far not complete for 1 of 1" in half


def test_a_run_of_several_practices_sums_what_is_known_and_says_of_how_many_it_is_not(tmp_path: Path) -> None:
    rows = (EXAMPLE / "practices.csv").read_text()
    (tmp_path / "practices.csv").write_text(rows + rows.splitlines()[1].replace("A1", "B2", 1) + "\n")
    given = inputs(tmp_path / "practices.csv", EXAMPLE / "counts.csv", tmp_path / "out")
    said = remit("run", "qif-2024-25", *given)
    assert "Pounds awarded £16,100.00 so far not complete for 1 of 2" in said
    assert "To recover £700.00 so far not complete for 1 of 2" in said
    assert table(tmp_path / "out" / "totals.csv", "practice_code", "pounds") == "A1 16100.00 B2  * 16100.00"


def test_a_provisional_statement_says_what_is_known(runs: Runs) -> None:
    said = remit("statement", runs["provisional"])
    assert "You are paid £16,800.00 in the year. You have earned £16,100.00 as it stands." in said
    assert "This statement is provisional. If this were final, £700.00 would be recovered." in said
    assert "missing" not in amounts(said)  # nothing is


def test_a_provisional_statement_names_what_is_missing(runs: Runs) -> None:
    said = remit("statement", runs["half"])
    assert "£14,800.00 of your award is known so far." in said
    assert "What is missing: the pounds of item 2a." in said
    assert "If this were final, with nothing for what is missing, £2,000.00 would be recovered." in said
    assert "2a: Missing: the numerator and the denominator for 2a (DM8CP-TYPE1)." in said
    assert "Total £14,800.00 so far" in said


def test_what_is_missing_is_named_in_the_practices_words(runs: Runs) -> None:
    said = remit("statement", runs["qof"])
    assert "Last year's points are missing, and no points were agreed." in said
    assert not re.search(r"HISTORIC_POINTS|HISTORIC_POUNDS|AGREED|DENOMINATOR|NUMERATOR|[Ss]upply [A-Z]", said)


def test_the_calendar_does_not_drop_provisional_runs_in_silence(runs: Runs) -> None:
    said = remit("calendar", runs["provisional"])
    assert "Receipts £16,800.00 so far Recoveries not known Net £16,800.00 so far" in said
    assert "(QIF) 2024/25: balance or recovery of 1 practice (A1); it is in no sum here" in said
    rows = list(csv.DictReader(written("--csv", "calendar", runs["provisional"]).splitlines()))
    assert [row["pounds"] for row in rows if row["kind"] == "balance or recovery"] == [""]
    points = remit("calendar", runs["qof"])
    assert "Receipts not known Recoveries not known Net not known" in points
    assert "2018-19: instalment of 1 practice (A1)" in points


def test_a_balance_that_is_not_known_stands_on_its_day(tmp_path: Path) -> None:
    (tmp_path / "counts.csv").write_text(f"{HEAD}A1,4,PCAS,8\n")
    given = inputs(EXAMPLE / "practices.csv", tmp_path / "counts.csv", tmp_path / "out")
    remit("run", "qif-2024-25", *given, "--set", "balance_due=2025-07-31")
    text = written("--ics", "calendar", tmp_path / "out")
    assert "DTSTART;VALUE=DATE:20250731" in text
    assert "Amount not known yet: balance or recovery" in text.replace("\r\n ", "")


def test_compare_does_not_count_unknown_as_nothing(runs: Runs) -> None:
    said = remit("compare", runs["half"], runs["known"])
    assert "1 award has no pounds in run 1, and is not compared (in run 2: £1,300.00)." in said
    assert "Run 1 £14,800.00" in said
    assert "Difference £0.00" in said  # of what both know
    none = remit("compare", runs["nothing"], runs["nothing"])
    assert "Run 1 not known" in none
    assert "Difference not known" in none
    assert "No award moved of those that both runs know, because no award is known in both." in none
    assert "Balance to pay not known £0.00 not known" in said
    assert "To recover not known £700.00 not known" in said


def test_practices_that_did_not_move_stand_in_compare(tmp_path: Path) -> None:
    rows = (EXAMPLE / "practices.csv").read_text()
    (tmp_path / "practices.csv").write_text(rows + rows.splitlines()[1].replace("A1", "B2", 1) + "\n")
    counts = COUNTS + COUNTS.split("\n", 1)[1].replace("A1,", "B2,")
    for name, text in (("one", counts), ("two", counts.replace("A1,1b,NUMERATOR,39", "A1,1b,NUMERATOR,1"))):
        (tmp_path / f"{name}.csv").write_text(text)
        remit("run", "qif-2024-25", *inputs(tmp_path / "practices.csv", tmp_path / f"{name}.csv", tmp_path / name))
    assert "Practices that did not move: 1 (B2)." in remit("compare", tmp_path / "one", tmp_path / "two")
    page = tmp_path / "page.html"
    remit("compare", tmp_path / "one", tmp_path / "two", "--html", page)
    assert "Practices that did not move: 1 (B2)." in page.read_text()
