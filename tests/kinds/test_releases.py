"""Kind: a cluster holds what a release no longer says, or lacks what it says: a state of a member is not its latest.

A release of reference sets comes as a Snapshot (one state of each member), a Full (every state) or a Delta (what
changed); a table of clusters may say which of its codes are active. Whatever comes, the latest state of a member holds,
and where the latest cannot be known the import is refused.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from remit.core.problems import Refused
from remit.terminology import read_files

HEADER = "id\teffectiveTime\tactive\tmoduleId\trefsetId\treferencedComponentId\n"
REFSET = "999003371000230102"
MAPPING = f"cluster_id,pcd_refset_id\nHYP_COD,{REFSET}\n"
DESCRIPTIONS = "id\teffectiveTime\tactive\tmoduleId\tconceptId\tlanguageCode\ttypeId\tterm\tcaseSignificanceId\n"
NAME = "900000000000003001"

# member, day, active, code: A stays; B is taken out, in 2024; C is taken out and put back; D comes in 2024.
STATES = [
    ("A", "20200101", "1", "38341003"),
    ("B", "20200101", "1", "59621000"),
    ("B", "20240401", "0", "59621000"),
    ("C", "20200101", "1", "1201005"),
    ("C", "20220401", "0", "1201005"),
    ("C", "20240401", "1", "1201005"),
    ("D", "20240401", "1", "73410007"),
]
NOW = {"38341003", "1201005", "73410007"}


def folder(path: Path, **files: list[tuple[str, str, str, str]]) -> list[Path]:
    (path / "mapping.csv").write_text(MAPPING)
    made = [path / "mapping.csv"]
    for name, rows in files.items():
        body = "".join(f"{m}\t{day}\t{active}\t1\t{REFSET}\t{code}\n" for m, day, active, code in rows)
        made.append(path / f"{name}.txt")
        made[-1].write_text(HEADER + body)
    return made


LATEST = [STATES[0], STATES[2], STATES[5], STATES[6]]
WAYS = {
    "a Snapshot": ({"der2_Refset_SimpleSnapshot": LATEST}, 0),
    "a Full, in order": ({"der2_Refset_SimpleFull": STATES}, 2),
    "a Full, the other way round": ({"der2_Refset_SimpleFull": STATES[::-1]}, 2),
    "a Full that is called a Snapshot": ({"der2_Refset_SimpleSnapshot": STATES}, 2),
    "a Full that is called anything": ({"refsets": STATES}, 2),
    "an older Snapshot and the Delta after it": (
        {"SimpleSnapshot": [STATES[0], STATES[1], STATES[4]], "SimpleDelta": [STATES[2], STATES[5], STATES[6]]},
        2,
    ),
    "the Delta first": (
        {"ADelta": [STATES[2], STATES[5], STATES[6]], "Snapshot": [STATES[0], STATES[1], STATES[4]]},
        2,
    ),
    "one file twice": ({"Snapshot": LATEST, "Snapshot_again": LATEST}, 0),
}


@pytest.mark.parametrize("way", WAYS)
def test_the_latest_state_of_a_member_holds(way: str, tmp_path: Path) -> None:
    files, several = WAYS[way]
    held, warnings = read_files(folder(tmp_path, **files), "national", "2024-04")
    assert set(held.clusters["HYP_COD"].codes) == NOW
    told = [one.message for one in warnings if one.code == "terminology.several-states"]
    assert told == (
        [f"{several} members have several states in these files: the latest of each is used."] * (several > 0)
    )


def test_a_code_with_two_members_is_in_while_one_of_them_is_active(tmp_path: Path) -> None:
    rows = [("A", "20200101", "0", "38341003"), ("E", "20240401", "1", "38341003")]
    held, _ = read_files(folder(tmp_path, Snapshot=rows), "national", "1")
    assert set(held.clusters["HYP_COD"].codes) == {"38341003"}


@pytest.mark.parametrize(
    "name", ["der2_Refset_SimpleDelta_GB1000230_20240401", "delta", "xder2_cRefset_SimpleMapDELTA"]
)
def test_a_delta_alone_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(Refused) as refused:
        read_files(folder(tmp_path, **{name: STATES[4:]}), "national", "1")
    [problem] = refused.value.problems
    assert problem.code == "terminology.delta-alone"
    assert "it has what one release changed, and none of the other members. Give the Snapshot" in str(problem)


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([("A", "20240401", "1", "38341003"), ("A", "20240401", "0", "38341003")], "terminology.two-states-on-a-day"),
        ([("A", "2024-04-01", "1", "38341003")], "terminology.day-unreadable"),
        ([("A", "20240431", "1", "38341003")], "terminology.day-unreadable"),
        ([("A", "20240401", "true", "38341003")], "terminology.state-unknown"),
    ],
)
def test_a_state_that_cannot_be_known_is_refused_with_its_row(
    rows: list[tuple[str, str, str, str]], code: str, tmp_path: Path
) -> None:
    with pytest.raises(Refused) as refused:
        read_files(folder(tmp_path, Snapshot=rows), "national", "1")
    found = {problem.code: problem.place.line for problem in refused.value.problems if problem.place}
    assert found[code] == len(rows) + 1


def test_the_latest_state_of_a_term_holds(tmp_path: Path) -> None:
    rows = [("1", "20240401", "0", "Old"), ("2", "20240401", "1", "New"), ("1", "20200101", "1", "Old")]
    text = "".join(f"{id_}\t{day}\t{active}\t1\t38341003\ten\t{NAME}\t{term}\t9\n" for id_, day, active, term in rows)
    (tmp_path / "descriptions.txt").write_text(DESCRIPTIONS + text)
    files = [*folder(tmp_path, Snapshot=LATEST), tmp_path / "descriptions.txt"]
    held, _ = read_files(files, "national", "1")
    assert held.clusters["HYP_COD"].codes["38341003"] == "New"


TABLES = {
    "a code list": ("code,term,active\n38341003,A,1\n59621000,B,0\n", {"38341003"}),
    "a table of clusters": ("cluster_id,code,term,active_in_refset\nHYP_COD,38341003,A,1\nHYP_COD,59621000,B,0\n",
                            {"38341003"}),
    "the later inactive": ("code,term,active,effectiveTime\n38341003,A,1,20200101\n59621000,B,1,20200101\n"
                           "59621000,B,0,20240401\n", {"38341003"}),
    "the later active": ("code,term,active,effectiveTime\n59621000,B,1,20240401\n59621000,B,0,20200101\n",
                         {"59621000"}),
}  # fmt: skip


@pytest.mark.parametrize("way", TABLES)
def test_a_table_that_says_what_is_active_is_read_so(way: str, tmp_path: Path) -> None:
    text, codes = TABLES[way]
    (tmp_path / "hyp_cod.csv").write_text(text)
    held, _ = read_files([tmp_path / "hyp_cod.csv"], "mine", "1")
    assert set(held.clusters["HYP_COD"].codes) == codes


def test_a_list_without_days_that_says_both_of_a_code_is_refused_without_a_day(tmp_path: Path) -> None:
    (tmp_path / "hyp_cod.csv").write_text("code,term,active\n38341003,H,1\n38341003,H,0\n")
    with pytest.raises(Refused) as refused:
        read_files([tmp_path / "hyp_cod.csv"], "mine", "1")
    (problem,) = refused.value.problems
    assert problem.message == "member HYP_COD 38341003 is active and inactive in one list."
