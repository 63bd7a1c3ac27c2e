"""`remit run` and `remit statement` without a command line: what the use cases return, progress, and stopping."""

from __future__ import annotations

from pathlib import Path

import pytest

from remit.application.progress import Stopped
from remit.application.run import RunRequest, run
from remit.application.statement import FilesRequest, StatementRequest, statements, write_statements
from remit.core.problems import Refused
from remit.documents.run import answer
from remit.files.names import file_names

EXAMPLE = Path(__file__).parents[2] / "examples" / "qif-2024-25"


def request(folder: Path, practices: int = 3) -> RunRequest:
    """The example's counts for so many practices."""
    head, row = (EXAMPLE / "practices.csv").read_text().splitlines()[:2]
    counts_head, *counts = (EXAMPLE / "counts.csv").read_text().splitlines()
    codes = [f"A{n}" for n in range(1, practices + 1)]
    (folder / "practices.csv").write_text("\n".join([head, *(row.replace("A1", code, 1) for code in codes)]) + "\n")
    rows = [line.replace("A1,", f"{code},", 1) for code in codes for line in counts]
    (folder / "counts.csv").write_text("\n".join([counts_head, *rows]) + "\n")
    settings = {"chol004_from": "2024-12-05"}
    return RunRequest(
        ("qif-2024-25",), folder / "practices.csv", folder / "run", folder / "counts.csv", settings=settings
    )


def test_a_run_returns_its_money_and_reports_each_practice(tmp_path: Path) -> None:
    """Three times £16,100 is £48,300, and three times £700 is £2,100: by hand, from the scheme's worked example."""
    seen: list[tuple[int, int]] = []
    result = run(request(tmp_path), lambda done, of: seen.append((done, of)))
    one = result.schemes[""]
    assert (one.summary.awarded.pence, one.summary.recovery.pence, one.codes) == (
        4_830_000,
        210_000,
        ("A1", "A2", "A3"),
    )
    assert seen == [(1, 3), (2, 3), (3, 3)]
    assert (tmp_path / "run" / "manifest.json").exists()
    assert answer(one.summary, one.paid_in_advance) == (
        "£48,300.00 is awarded to 3 practices. £50,400.00 is paid in advance. £2,100.00 is to be recovered."
    )


def test_what_is_not_known_is_said_and_is_no_0(tmp_path: Path) -> None:
    asked = request(tmp_path, 1)
    rows = [line for line in asked.counts.read_text().splitlines() if ",2a," not in line] if asked.counts else []
    (tmp_path / "counts.csv").write_text("\n".join(rows) + "\n")
    one = run(asked).schemes[""]
    assert answer(one.summary, one.paid_in_advance) == (
        "£14,800.00 is awarded so far to 1 practice; not all is known. £16,800.00 is paid in advance. Not known yet: "
        "the balance and what is to be recovered. All of it is provisional."
    )


def test_a_run_that_is_cancelled_writes_nothing(tmp_path: Path) -> None:
    seen: list[int] = []
    with pytest.raises(Stopped):
        run(request(tmp_path), lambda done, _: seen.append(done), lambda: len(seen) == 2)
    assert seen == [1, 2]
    assert not (tmp_path / "run").exists()


def test_statements_of_one_of_several_and_of_all(tmp_path: Path) -> None:
    run(request(tmp_path))
    folder = tmp_path / "run"
    assert [made.code for made in statements(StatementRequest(folder, ("A2", "A1")))] == ["A2", "A1"]
    with pytest.raises(Refused, match="the run has 3 practices"):
        statements(StatementRequest(folder))
    result = write_statements(FilesRequest(folder, {".html": tmp_path / "all"}))
    assert (result.written, result.failed) == ({tmp_path / "all": 3}, 0)
    assert sorted(path.name for path in (tmp_path / "all").iterdir()) == ["A1.html", "A2.html", "A3.html"]
    some = write_statements(FilesRequest(folder, {".csv": tmp_path / "some"}, ("A3",), "commissioner"))
    assert some.written == {tmp_path / "some": 1}
    with pytest.raises(Refused, match="A9"):
        write_statements(FilesRequest(folder, {".html": tmp_path / "none"}, ("A9",)))


def test_statements_that_are_cancelled_leave_whole_files(tmp_path: Path) -> None:
    run(request(tmp_path))
    seen: list[int] = []
    with pytest.raises(Stopped):
        write_statements(
            FilesRequest(tmp_path / "run", {".html": tmp_path / "all"}),
            lambda done, _: seen.append(done),
            lambda: len(seen) == 2,
        )
    assert sorted(path.name for path in (tmp_path / "all").iterdir()) == ["A1.html", "A2.html"]


@pytest.mark.parametrize(
    ("code", "name"),
    [("CON", "_CON"), ("nul.txt", "_nul.txt"), ("Lpt1", "_Lpt1"), ("CONWAY", "CONWAY"), ("../x", "_x")],
)
def test_no_statement_is_named_as_what_is_no_file_on_some_machine(code: str, name: str) -> None:
    """Windows takes CON.html for the console."""
    assert file_names((code,)) == {code: name}
