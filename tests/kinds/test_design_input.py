"""Kind: a design from what cannot be designed. Each row is refused with what is wrong and what to do, and writes
nothing; or, where the rest can be designed, is said."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.bad_files.command import assert_refused, remit
from tests.unit.designed import base_run, counts_file, practices_file

BUDGET = ("--budget", "£15,000")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return base_run(tmp_path_factory.mktemp("base"))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--item", "44", *BUDGET), ("there is no item '44' in qif-2024-25", "Did you mean 4?")),
        (("--item", "4", "--budget", "lots"), ("--budget", "expected money such as")),
        (("--item", "4", "--budget", "£0.001"), ("expected whole pence",)),
        (("--item", "4", "--budget", "£0"), ("expected whole pence, above £0",)),
        (("--item", "4", "--budget", "-£5"), ("--budget", "found '-£5'")),
        (("--item", "4", "--budget", "£999999999999"), ("pays £10,000 a head or more", "smaller budget")),
        (("--item", "4", *BUDGET, "--limit", "0%"), ("--limit 0%", "above 0% and below 100%")),
        (("--item", "4", *BUDGET, "--limit", "100%"), ("--limit 100%", "above 0% and below 100%")),
        (("--item", "4", "--budget", "£0.10"), ("is less than the steps can cost", "£0.15", "larger budget")),
        (("--item", "4", "--budget", "£1,400", "--decimals", "0"), ("the lowest step pays 1p", "£1,500.00")),
        (("--item", "4", *BUDGET, "--limit", "lots"), ("--limit lots", "a chance such as 10%")),
        (("--item", "4", *BUDGET, "--meets", "improved"), ("the improvement", "is not stated")),
        (("--item", "4", *BUDGET, "--improvement", "5"), ("--improvement 5", "5pp or 4=5pp")),
        (("--item", "4", *BUDGET, "--improvement", "1a=5pp"), ("item '1a' is not designed here",)),
        (("--item", "4", *BUDGET, "--share", "2"), ("--share 2", "an item and its share")),
        (("--item", "4", *BUDGET, "--out", "draft.txt"), ("a scheme file ends in .yaml",)),
        (BUDGET, ("name the items to design",)),
        (("--item", "1b", *BUDGET), ("item 1b can have no step", "its counts are not known")),
    ],
)
def test_what_does_not_fit_is_refused(run: Path, words: tuple[str, ...], expected: tuple[str, ...]) -> None:
    assert_refused(remit("design", run, *words), *expected)


def test_all_mistakes_of_a_line_come_together(run: Path) -> None:
    said = remit("design", run, "--budget", "lots", "--limit", "lots")
    assert_refused(said, "name the items to design", "--budget", "--limit")


@pytest.mark.parametrize(
    ("achieved", "of", "expected"),
    [
        ((500,), 1000, "only one practice counted anybody"),
        ((500, 500, 500), 1000, "all practices have the same rate"),
        ((0, 0, 0), 0, "nobody was counted in any practice"),
        ((1, 2, 2), 3, "every step up to what the best have achieved is within luck's reach"),
    ],
)
def test_base_years_without_steps(tmp_path: Path, achieved: tuple[int, ...], of: int, expected: str) -> None:
    draft = tmp_path / "draft.yaml"
    assert_refused(remit("design", base_run(tmp_path, achieved, of), "--item", "4", *BUDGET, "--out", draft), expected)
    assert not draft.exists()


def test_an_item_without_steps_leaves_the_rest(run: Path) -> None:
    said = remit("design", run, "--item", "4,1b", *BUDGET)
    assert said.status == 0
    assert "Item 1b is not in the draft: its counts are not known" in " ".join(said.out.split())
    assert "design.item-without-steps" in said.err


def test_a_base_year_must_be_named() -> None:
    assert_refused(remit("design", "--item", "4", *BUDGET), "name the base year")


def test_a_run_and_files_are_two_base_years(run: Path, tmp_path: Path) -> None:
    files = ("--practices", practices_file(tmp_path), "--counts", counts_file(tmp_path), "--year", "2024-25")
    assert_refused(remit("design", run, *files, "--item", "4", *BUDGET), "leave the files out")


def test_an_indicator_that_there_is_not(tmp_path: Path) -> None:
    files = ("--practices", practices_file(tmp_path), "--counts", counts_file(tmp_path), "--year", "2024-25")
    assert_refused(remit("design", *files, "--item", "HYP08", *BUDGET), "no indicator 'HYP08'", "HYP008")


def test_practices_without_lists(tmp_path: Path) -> None:
    practices = practices_file(tmp_path, lists=",")
    files = ("--practices", practices, "--counts", counts_file(tmp_path, item="HYP008"), "--year", "2024-25")
    assert_refused(remit("design", *files, "--item", "HYP008", *BUDGET), "practice P1", "weighted_list_size")


def test_a_file_of_gains_has_all_its_mistakes_said(run: Path, tmp_path: Path) -> None:
    path = tmp_path / "gains.csv"
    rows = ["4,many,10000,events,A source", "5,1,10000,events,A source", "4,1,0,,A source"]
    path.write_text("\n".join(["item,gain,people,what,source", *rows]) + "\n", encoding="utf-8")
    said = remit("design", run, "--item", "4", *BUDGET, "--gains", path)
    assert_refused(
        said, "gains.csv", "gain: expected", "'5' is not designed here", "listed twice (first on row 2)", "above 0",
        "what: expected text",
    )  # fmt: skip


def test_a_draft_that_is_there_stays(run: Path, tmp_path: Path) -> None:
    draft = tmp_path / "draft.yaml"
    draft.write_text("mine", encoding="utf-8")
    assert_refused(remit("design", run, "--item", "4", *BUDGET, "--out", draft), "draft.yaml")
    assert draft.read_text() == "mine"
