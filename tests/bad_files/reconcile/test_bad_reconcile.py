"""Files that `remit reconcile` cannot use: each is refused with its place and the way out, and nothing is written."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from tests.bad_files.command import assert_refused, remit, run_arguments

HERE = Path(__file__).parent
GOOD = ("export.csv", "good_map.yaml")
BROKEN = sorted(p.name for p in HERE.iterdir() if p.suffix in (".csv", ".yaml") and p.name not in (*GOOD, "words.yaml"))
WORDS = yaml.safe_load((HERE / "words.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run") / "qif"
    assert remit(*run_arguments("qif-2024-25"), "--out", folder).status == 0
    return folder


def arguments(name: str) -> list[str | Path]:
    return [HERE / "export.csv", "--map", HERE / name] if name.endswith(".yaml") else [HERE / name]


def test_every_file_has_its_words() -> None:
    assert sorted(WORDS) == BROKEN


@pytest.mark.parametrize("name", BROKEN)
def test_a_file_that_cannot_be_used_is_refused(name: str, run: Path, tmp_path: Path) -> None:
    said = remit("reconcile", run, *arguments(name), "--csv", tmp_path / "rows.csv", "--html", tmp_path / "page.html")
    assert_refused(said, name if name.endswith(".csv") else "", *WORDS[name])
    assert list(tmp_path.iterdir()) == []


def test_the_map_and_the_export_that_they_were_made_from_are_accepted(run: Path) -> None:
    said = remit("reconcile", run, *arguments("good_map.yaml"), "--practice", "A81001")
    assert said.status == 0, said.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--tolerance", "point=0.1"), "--tolerance: there is no quantity 'point'. Did you mean points"),
        (("--tolerance", "points"), "--tolerance points: expected QUANTITY=NUMBER"),
        (("--tolerance", "points=-1"), "the tolerance points=-1: expected a number of 0 or more"),
        (("--tolerance", "points=1e400"), "expected a number of 0 or more"),
        (("--practice", "A81009"), "there is no practice 'A81009' in this run"),
        (("--indicator", "1c"), "there is no item '1c' in this run. Did you mean"),
        (("--layout", "nhs-lang"), "--layout: there is no layout 'nhs-lang'. Did you mean nhs-long"),
        (("--layout", "nhs-long"), "is not laid out as nhs-long"),
        (
            ("--layout", "nhs-long", "--map", HERE / "good_map.yaml"),
            "Leave --layout or --map out.",
        ),
        (("--map", "missing.yaml"), "missing.yaml: there is no such file"),
        (("--csv", "same", "--html", "same"), "two options name the same file"),
        (("--csv", HERE / "export.csv"), "export.csv: is there already. Name another file, or say --replace"),
        (("--html", HERE), "is a folder. Name a file"),
    ],
)
def test_options_that_do_not_fit_are_refused(words: tuple[str, ...], said: str, run: Path) -> None:
    file = HERE / ("export.csv" if "nhs-long" in words else "numerator_above.csv")
    assert_refused(remit("reconcile", run, file, *words), said)


def test_a_folder_that_is_no_run_is_refused(tmp_path: Path) -> None:
    assert_refused(remit("reconcile", tmp_path, HERE / "export.csv"), "is not a run: it has no manifest.json")


def test_row_errors_come_together_up_to_a_limit(run: Path, tmp_path: Path) -> None:
    file = tmp_path / "many.csv"
    rows = "".join(f"A81001,1b,NUMERATOR,{n}.5,2025-03-{n + 1:02}\n" for n in range(30))
    file.write_text("PRACTICE_CODE,INDICATOR_CODE,MEASURE,VALUE,DATE\n" + rows, encoding="utf-8")
    said = remit("reconcile", run, file, "--errors", "5")
    assert_refused(said, "many.csv:2:", "many.csv:6:", "… and 25 more", "30 problems; nothing was written")
