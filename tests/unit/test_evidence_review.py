"""Evidence review is a dated step before "final": source 000, 3.2."""

from __future__ import annotations

from pathlib import Path

import pytest

import remit
from remit.core.problems import Refused
from remit.documents.blocks import Facts
from remit.documents.statement.making import statement
from remit.documents.statement.terms import terms_blocks

EXAMPLE = Path(__file__).parents[2] / "examples" / "qif-2024-25"
HEAD = "practice_code,practice_name,place_code,network_code,list_size,weighted_list_size"


def _run(folder: Path, cells: list[str], **settings: str) -> remit.Run:
    """QIF's example for as many practices as there are cells of `evidence_reviewed`."""
    head, *rows = (EXAMPLE / "counts.csv").read_text().splitlines()
    counts, practices = [head], [f"{HEAD},evidence_reviewed"]
    for n, cell in enumerate(cells, 1):
        counts += [row.replace("A1,", f"A{n},", 1) for row in rows]
        practices.append(f"A{n},A{n},cannock-chase,N1,10500,10000,{cell}")
    (folder / "counts.csv").write_text("\n".join(counts) + "\n")
    (folder / "practices.csv").write_text("\n".join(practices) + "\n")
    settings["chol004_from"] = "2025-04-01"
    return remit.run("qif-2024-25", folder / "practices.csv", folder / "counts.csv", settings=settings)


def test_a_practice_whose_evidence_is_not_reviewed_is_not_final(tmp_path: Path) -> None:
    run = _run(tmp_path, ["2025-05-14", "no", ""])
    assert [run.practice(code).status for code in run.codes] == ["final", "provisional", "provisional"]
    assert run.practice("A2").reason == run.practice("A3").reason == "Its evidence has not been reviewed."
    assert run.practice("A3").settlement.recovery is None


def test_the_review_of_all_is_one_setting(tmp_path: Path) -> None:
    run = _run(tmp_path, ["", "no"], evidence_reviewed="2025-05-14")
    assert [run.practice(code).status for code in run.codes] == ["final", "provisional"]


def test_the_step_and_its_day_survive_the_folder(tmp_path: Path) -> None:
    from remit.runs.folder import write_run

    write_run(_run(tmp_path, ["2025-05-14", ""]), tmp_path / "out")
    run = remit.open_run(tmp_path / "out")
    assert [run.practice(code).status for code in run.codes] == ["final", "provisional"]


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        ("2025-05-14", "on 14 May 2025"),
        ("no", "not yet: until then nothing is final"),
        ("", "the day is not given: set evidence_reviewed"),
    ],
)
def test_the_statement_says_when(tmp_path: Path, cell: str, said: str) -> None:
    blocks = terms_blocks(statement(_run(tmp_path, [cell]), "A1"))
    facts = dict(row for block in blocks if isinstance(block, Facts) for row in block.rows)
    assert facts["Evidence reviewed"] == said


def test_a_review_before_the_end_or_after_its_settlement_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused) as early:
        _run(tmp_path, ["2025-03-30"])
    assert [problem.code for problem in early.value.problems] == ["settings.review-before-the-end"]
    with pytest.raises(Refused) as late:
        _run(tmp_path, [""], evidence_reviewed="2025-05-14", balance_due="2025-05-01", notified="2025-05-13")
    assert [problem.code for problem in late.value.problems] == ["settings.before-the-review"] * 2
