"""The cases of dirty records beside the checkout: 03, 05, 10, 12, 16 and 17, as their READMEs say they must end."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pytest
from tests.bad_files.command import CommandResult, remit
from tests.faults.folders import held, rows_of


class Ended(NamedTuple):
    """How a case ended: what the import, the check and the evaluation said, and the counts."""

    imported: CommandResult
    checked: str
    evaluated: str
    counts: dict[tuple[str, str], int]


@pytest.fixture
def case(shared: Path):
    """The folder of a case by its number."""
    return lambda number: next((shared / "cases").glob(f"{number:02}-*"))


def played(store: Path, *imports: tuple[Path, tuple[str | Path, ...]]) -> Ended:
    for folder, options in imports:
        said = remit("records", "import", folder, "--store", store, *options)
        assert said.status == 0, said.err
    checked = remit("records", "check", store, "--on", "2025-03-31")
    out = store.parent / "counted"
    evaluated = remit("evaluate", "qof-england-2024-25", "--records", store, "--on", "2025-03-31", "--out", out)
    assert evaluated.status == 0, evaluated.err
    rows = [line.split(",") for line in (out / "counts.csv").read_text().splitlines()]
    counts = {(row[1], row[2]): int(row[3]) for row in rows if row[1] in ("HYP", "DM", "HYP008", "DM020")}
    return Ended(said, checked.out, " ".join((evaluated.out + evaluated.err).split()), counts)


def test_case_03_a_placeholder_makes_no_person_of_two(case, tmp_path: Path) -> None:
    """Of three rows of patients two are of nobody: one person is on the list, and has nothing of theirs."""
    folder = case(3)
    (tmp_path / "key").write_bytes((folder / "key").read_bytes())
    ended = played(tmp_path / "store", (folder / "extract", ("--key-file", tmp_path / "key")))
    assert (ended.counts["HYP", "LIST_SIZE"], ended.counts["HYP", "REGISTER"]) == (1, 0)
    assert ended.counts["HYP008", "NUMERATOR"] == 0
    [one] = held(tmp_path / "store")["X1"]
    assert (one.born.year, one.events) == (1960, ())
    reasons = {row.split(",", 3)[3] for row in rows_of(tmp_path / "store" / "rejected-000001.csv")[1:]}
    assert reasons == {"is what systems write where no NHS number is known: it is nobody's own"}
    assert "Row that an import rejected  8" in ended.checked


def test_case_05_mangled_codes_are_rejected_or_told_of(case, tmp_path: Path) -> None:
    """Five people have altered codes, three rows each; the rounded one of the seventh is stored and named."""
    ended = played(tmp_path / "store", (case(5) / "extract", ("--keep-ids",)))
    lost = rows_of(tmp_path / "store" / "rejected-000001.csv")[1:]
    assert [line.split(",")[1] for line in lost] == [str(row) for row in range(5, 20)]
    assert "events.code 1" in ended.imported.err
    assert "Row that an import rejected  15" in ended.checked
    assert "1049321000000100 for 1049321000000109 (1)" in ended.checked
    assert "1049321000000100 for 1049321000000109 (1)" in ended.evaluated
    assert "1 of 6 events have a code that is in no cluster" in ended.evaluated


def test_case_10_whoever_the_later_extract_no_longer_has_is_found(case, tmp_path: Path) -> None:
    """`gone` with an open stay, and the two halves of the blood pressure that was taken out of `mended`."""
    later = (case(10) / "extract-2025-03", ("--keep-ids", "--append"))
    ended = played(tmp_path / "store", (case(10) / "extract-2024-12", ("--keep-ids",)), later)
    told = " ".join(ended.imported.err.split())
    assert "no longer has 1 patient, 1 open stay, 2 events that an earlier one had" in told
    assert "In an earlier extract, and no longer in the latest  4 in 1 of 1 practices" in ended.checked


@pytest.mark.parametrize(
    ("name", "register"), [("extract-open-stays-end-9999", (3, 3)), ("extract-dates-with-time", (3, 3))]
)
def test_case_12_no_table_is_lost(case, name: str, register: tuple[int, int], tmp_path: Path) -> None:
    ended = played(tmp_path / "store", (case(12) / name, ("--keep-ids",)))
    assert (ended.counts["HYP", "LIST_SIZE"], ended.counts["HYP", "REGISTER"]) == register
    assert not list((tmp_path / "store").glob("rejected-*"))


def test_case_12_where_a_table_is_lost_the_status_says_so(case, tmp_path: Path) -> None:
    """The same with days that cannot be read."""
    folder = tmp_path / "in"
    folder.mkdir()
    for path in (case(12) / "extract-dates-with-time").iterdir():
        (folder / path.name).write_text(path.read_text().replace("2015-01-01 00:00:00", "01/01/2015"))
    said = remit("records", "import", folder, "--store", tmp_path / "store", "--keep-ids")
    assert (said.status, said.out) == (1, "")
    assert "3 of 3 rows cannot be stored" in said.err
    assert not (tmp_path / "store").exists()


def test_case_16_a_diagnosis_without_a_day_has_one_way(case, tmp_path: Path) -> None:
    """Both have hypertension and a reading of 130/80 in the year: both are on the register and achieved."""
    ended = played(tmp_path / "store", (case(16) / "extract", ("--keep-ids",)))
    assert (ended.counts["HYP", "LIST_SIZE"], ended.counts["HYP", "REGISTER"]) == (2, 2)
    assert ended.counts["HYP008", "NUMERATOR"] == 2
    first, no_day = held(tmp_path / "store")["X1"]
    assert first.events == no_day.events
    assert "Day that is not known  2" in ended.checked
    assert "Dated before birth" not in ended.checked


def test_case_17_no_optional_cell_loses_the_patient(case, tmp_path: Path) -> None:
    ended = played(tmp_path / "store", (case(17) / "extract", ("--keep-ids",)))
    assert (ended.counts["HYP", "LIST_SIZE"], ended.counts["HYP", "REGISTER"]) == (7, 7)
    told = " ".join(ended.imported.err.split())
    assert "events.episode 1, patients.deprivation_decile 1, patients.flags 1, patients.sex 2" in told
    people = {one.id: one for one in held(tmp_path / "store")["X1"]}
    assert (people["decile-3.0"].deprivation, people["decile-NA"].deprivation) == (3, None)
    assert (people["sex-1"].sex, people["sex-Male"].sex) == ("M", "M")
    assert people["flag-with-blank"].flags == {"accessible-information"}
    assert people["episode-First"].events[0].episode == "first"
