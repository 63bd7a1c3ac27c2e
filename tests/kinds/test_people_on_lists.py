"""Kind: somebody is on a list who is not, or on two: both practices are paid, or nobody looks.

A later extract no longer has who left, and appended it still counts them; two practices both have an open stay of one
person; a stay begins before its patient is born. Here is every way, with the check, the import,
both engines and what they count.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.bad_files.command import remit
from tests.faults.folders import imported, write_folder

from remit.evaluation.reference import registration_on
from remit.records.findings import GONE, TWO_LISTS, UNBORN
from remit.records.model import Patient, Registration
from remit.records.quality import check_store
from remit.records.store import Store

HYP = "38341003"


def found(store: Path, code: str, on: date | None = None) -> dict[tuple[str, str], int]:
    findings = check_store(Store(store), on=on).findings
    return {(f.practice, f.table): f.count for f in findings if f.code == code}


# A person on two lists.

LISTS = {
    "open at both": (("2010-01-01", "", ""), ("2015-01-01", "", ""), True),
    "left one the day before": (("2010-01-01", "2014-12-31", ""), ("2015-01-01", "", ""), False),
    "left one on the day": (("2010-01-01", "2025-03-31", ""), ("2015-01-01", "", ""), True),
    "left one a day too early": (("2010-01-01", "2025-03-30", ""), ("2015-01-01", "", ""), False),
    "comes to one on the day": (("2010-01-01", "", ""), ("2025-03-31", "", ""), True),
    "comes to one on the next day": (("2010-01-01", "", ""), ("2025-04-01", "", ""), False),
    "dead at one": (("2010-01-01", "", "2025-03-30"), ("2015-01-01", "", ""), False),
    "died on the day": (("2010-01-01", "", "2025-03-31"), ("2015-01-01", "", ""), True),
}
Stay = tuple[str, str, str]


def two_practices(folder: Path, one: Stay, other: Stay) -> Path:
    """A person with a stay (start, end, death) in each of two practices, and one more in each."""
    rows = {"A1": one, "B2": other}
    return write_folder(
        folder,
        extracts=[f"2025-03,{code},2025-03-31" for code in rows],
        practices=[f"{code},,Example,1000,1000,," for code in rows],
        patients=[row for code, (_, _, died) in rows.items()
                  for row in (f"{code},both,1950-01-01,F,{died},,,", f"{code},of-{code},1950-01-01,F,,,,")],
        registrations=[row for code, (start, end, _) in rows.items()
                       for row in (f"{code},both,{code},{start},{end}", f"{code},of-{code},{code},2000-01-01,")],
        events=[f"{code},both,2020-01-01,{HYP},,,," for code in rows],
        prescriptions=[],
    )  # fmt: skip


@pytest.mark.parametrize("on", [None, date(2025, 3, 31)])
@pytest.mark.parametrize("way", LISTS)
def test_line_5_a_person_on_two_lists_is_a_finding(way: str, on: date | None, tmp_path: Path) -> None:
    one, other, both = LISTS[way]
    imported(two_practices(tmp_path / "in", one, other), tmp_path / "store")
    expected = {("A1", "registrations"): 1, ("B2", "registrations"): 1} if both else {}
    assert found(tmp_path / "store", TWO_LISTS, on) == expected
    narrow = check_store(Store(tmp_path / "store"), on=on, practices=["A1"]).findings
    told = [f.about for f in narrow if f.code == TWO_LISTS]
    assert told == (["on 2025-03-31 also at B2 (1)"] if both else [])


def test_line_5_the_list_of_another_practice_in_one_partition_is_no_second_list(tmp_path: Path) -> None:
    """Somebody's history of a practice before, told by the extract of the one of today."""
    made = two_practices(tmp_path / "in", ("2010-01-01", "", ""), ("2015-01-01", "2024-01-01", ""))
    with (made / "registrations.csv").open("a") as file:
        file.write("A1,both,B2,2001-01-01,\n")
    imported(made, tmp_path / "store")
    assert found(tmp_path / "store", TWO_LISTS) == {}


def test_line_5_the_import_tells_of_two_lists(tmp_path: Path) -> None:
    made = two_practices(tmp_path / "in", ("2010-01-01", "", ""), ("2015-01-01", "", ""))
    said = remit("records", "import", made, "--store", tmp_path / "store", "--keep-ids")
    told = " ".join(said.err.split())
    assert "1 patient is on the lists of several practices on 2025-03-31 (A1, B2), and counts at each." in told


# Who is gone from a later extract.


def extract(folder: Path, name: str, last: str, people: str, events: list[str]) -> Path:
    ids = people.split()
    return write_folder(
        folder,
        extracts=[f"{name},X1,{last}"],
        practices=["X1,,Example,1000,1000,,"],
        patients=[f"X1,{id_},1960-06-15,F,,,," for id_ in ids],
        registrations=[f"X1,{id_},X1,2010-01-01," for id_ in ids],
        events=events,
        prescriptions=[f"X1,{id_},2024-06-01,319996000,28,tablet" for id_ in ids],
    )


def of(id_: str, day: str, code: str = HYP) -> str:
    return f"X1,{id_},{day},{code},,,,"


OLD = [
    of("gone", "2015-01-01"),
    of("stays", "2015-01-01"),
    of("mended", "2015-01-01"),
    of("mended", "2024-11-01", "1001"),
]
NEW = [of("stays", "2015-01-01"), of("mended", "2015-01-01")]


def appended(tmp_path: Path, people: str, events: list[str]) -> Path:
    store = tmp_path / "store"
    imported(extract(tmp_path / "old", "2024-12", "2024-12-31", "gone stays mended", OLD), store)
    imported(extract(tmp_path / "new", "2025-03", "2025-03-31", people, events), store, "append")
    return store


def test_line_5_who_is_gone_is_told_by_the_import_and_found_by_the_check(tmp_path: Path) -> None:
    """One patient, one open stay; an event of the patients who are there, and neither of who is gone."""
    store = tmp_path / "store"
    imported(extract(tmp_path / "old", "2024-12", "2024-12-31", "gone stays mended", OLD), store)
    new = extract(tmp_path / "new", "2025-03", "2025-03-31", "stays mended", NEW)
    said = remit("records", "import", new, "--store", store, "--keep-ids", "--append")
    assert said.status == 0
    told = said.err.replace("\n", " ")
    assert "no longer has 1 patient, 1 open stay, 1 event that an earlier one had. They still count." in told
    assert "--replace" in told
    assert found(store, GONE) == {("X1", "patients"): 1, ("X1", "registrations"): 1, ("X1", "events"): 1}
    assert (
        "In an earlier extract, and no longer in the latest  3 in 1 of 1 practices"
        in remit("records", "check", store).out
    )


GONE_WAYS = {
    "nobody and nothing": ("gone stays mended", OLD, {}),
    "a new record": ("gone stays mended", [*OLD, of("stays", "2025-02-01")], {}),
    "the only record of one": ("gone stays mended", [row for row in OLD if "stays" not in row],
                               {("X1", "events"): 1}),
    "an extract of new records alone": ("gone stays mended", [of("stays", "2025-02-01")], {}),
    "a patient without records": ("stays mended", OLD[1:], {("X1", "patients"): 1, ("X1", "registrations"): 1}),
}  # fmt: skip


@pytest.mark.parametrize("way", GONE_WAYS)
def test_line_5_what_is_gone(way: str, tmp_path: Path) -> None:
    people, events, expected = GONE_WAYS[way]
    assert found(appended(tmp_path, people, events), GONE) == expected


def test_line_5_a_record_that_two_extracts_have_twice_is_not_gone(tmp_path: Path) -> None:
    store = tmp_path / "store"
    imported(extract(tmp_path / "old", "2024-12", "2024-12-31", "a", [of("a", "2015-01-01")] * 2), store)
    imported(extract(tmp_path / "new", "2025-03", "2025-03-31", "a", [of("a", "2015-01-01")]), store, "append")
    assert found(store, GONE) == {}


def test_line_5_replaced_nobody_is_gone(tmp_path: Path) -> None:
    store = tmp_path / "store"
    imported(extract(tmp_path / "old", "2024-12", "2024-12-31", "gone stays mended", OLD), store)
    imported(extract(tmp_path / "new", "2025-03", "2025-03-31", "stays mended", NEW), store, "replace")
    assert found(store, GONE) == {}


# Before birth.

BIRTHS = {"the day before": ("2025-03-30", 1), "the day": ("2025-03-31", 1), "the day after": ("2025-04-01", 0)}


@pytest.mark.parametrize("engine", ["duckdb", "reference"])
@pytest.mark.parametrize("born", BIRTHS)
def test_line_5_nobody_is_on_a_list_before_birth(born: str, engine: str, tmp_path: Path) -> None:
    """On the list since 2010 and born around the achievement date: the list holds somebody from birth on."""
    day, listed = BIRTHS[born]
    made = write_folder(
        tmp_path / "in",
        extracts=["2025-03,X1,2025-03-31"],
        practices=["X1,,Example,1000,1000,,"],
        patients=[f"X1,young,{day},F,,,,", "X1,old,1960-01-01,F,,,,"],
        registrations=["X1,young,X1,2010-01-01,", "X1,old,X1,2010-01-01,"],
        events=[of("young", "2020-01-01"), of("old", "2020-01-01")],
        prescriptions=[],
    )
    imported(made, tmp_path / "store")
    said = remit("evaluate", "qof-england-2024-25", "--records", tmp_path / "store", "--on", "2025-03-31",
                 "--out", tmp_path / "out", "--engine", engine)  # fmt: skip
    assert said.status == 0, said.err
    counts = (tmp_path / "out" / "counts.csv").read_text()
    assert f"X1,HYP,LIST_SIZE,{1 + listed}," in counts
    assert f"X1,HYP,REGISTER,{1 + listed}," in counts
    assert found(tmp_path / "store", UNBORN)["X1", "registrations"] == 1


def test_line_5_the_dead_and_the_unborn_are_on_no_list() -> None:
    stay = (Registration("A1", date(2000, 1, 1)),)
    one = Patient("p", "A1", date(2010, 5, 1), "F", date(2020, 5, 1), stay)
    days = [date(2010, 4, 30), date(2010, 5, 1), date(2020, 5, 1), date(2020, 5, 2)]
    assert [registration_on(one, day) is not None for day in days] == [False, True, True, False]
