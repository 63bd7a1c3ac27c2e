"""Maps of an area: the published layouts, the own table, what is wrong with one and where, what a newer one changes."""

from datetime import date
from pathlib import Path

import pytest

from remit.application.practice_map import Request, evaluate
from remit.core.problems import Refused
from remit.organisation.area_changes import Standing, changes
from remit.organisation.area_checks import OpenDays, check_memberships
from remit.organisation.area_map import AreaMap, DatedMembership, MapListSize, MapOrganisation, Merger

DAY = date(2024, 4, 1)
OF_2019 = (
    "NAT_CODE,STP_ODS_CODE,STP_NAME,CCG_ODS_CODE,CCG_NAME,PCN_ODS_CODE,PCN_NAME,PRACTICE_CODE,PRACTICE_NAME",
    "ENG,{commissioner},Area {commissioner},{place},Place {place},{network},Network {network},{practice},Practice",
)
OF_2022 = (
    "ICB_ODS_CODE,ICB_NAME,SUB_ICB_ODS_CODE,SUB_ICB_NAME,PCN_ODS_CODE,PCN_NAME,PRACTICE_CODE,PRACTICE_NAME",
    "{commissioner},Area {commissioner},{place},Place {place},{network},Network {network},{practice},Practice",
)
OF_2023 = (
    "PRACTICE_CODE,PRACTICE_NAME,PCN_ODS_CODE,PCN_NAME,CCG_ODS_CODE,CCG_NAME,STP_ODS_CODE,STP_NAME",
    "{practice},Practice,{network},Network {network},{place},Place {place},{commissioner},Area {commissioner}",
)
ROWS = (
    ("QAA", "01A", "U1", "A1"),
    ("QAA", "01B", "U1", "A2"),
    ("QAA", "01B", "U2", "A3"),
    ("QAA", "01B", "U", "A4"),
    ("QAA", "01B", "U3", "A5"),
    ("QBB", "02A", "U3", "B1"),
    ("QBB", "02A", "U3", "B2"),
)


def written(folder: Path, layout: tuple[str, str], rows: tuple[tuple[str, str, str, str], ...] = ROWS) -> Path:
    names = ("commissioner", "place", "network", "practice")
    lines = [layout[1].format(**dict(zip(names, row, strict=True))) for row in rows]
    path = folder / "map.csv"
    path.write_text("\n".join([layout[0], *lines]) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("layout", [OF_2019, OF_2022, OF_2023], ids=["2019-20", "2022-23", "2023-24"])
def test_each_published_layout_gives_the_same_area(tmp_path: Path, layout: tuple[str, str]) -> None:
    result = evaluate(Request(written(tmp_path, layout)))
    area = result.areas["QAA"]
    assert {(one.member, one.parent) for one in area.memberships} == {
        ("01A", "QAA"), ("01B", "QAA"), ("A1", "01A"), ("A2", "01B"), ("A3", "01B"), ("A4", "01B"), ("A5", "01B"),
        ("A1", "U1"), ("A2", "U1"), ("A3", "U2"), ("U1", "QAA"), ("U2", "01B"),
    }  # fmt: skip
    assert area.elsewhere == {"B1": "QBB", "B2": "QBB"}
    [warning] = result.warnings
    assert warning.message == (
        "network U3 belongs to QBB, where most of its practices are; without a network here: A5."
    )
    assert {one.parent for one in result.areas["QBB"].memberships if one.member == "U3"} == {"02A"}


def test_ccgs_are_folded_into_their_icb(tmp_path: Path) -> None:
    fold = tmp_path / "ccg_to_icb.csv"
    fold.write_text("CCG Code,ICB Code,ICB NAME\n02A,QCC,New area\n01A,QAA,Area QAA\n", encoding="utf-8")
    areas = evaluate(Request(written(tmp_path, OF_2019), (), fold)).areas
    assert set(areas) == {"QAA", "QCC"}
    assert areas["QCC"].organisations["QCC"].name == "New area"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({3: "A1,,U1,Network,01A,Place,QAA,Area"}, ["map.csv:4: PRACTICE_NAME: empty."]),
        (
            {3: "A1,Practice,U1,Network,01A,Place,QAA,Area"},
            ["map.csv:4: practice A1 is listed twice (first on row 2)."],
        ),
        (
            {2: ",Practice,U1,N,01A,P,QAA,A", 4: "A9,Practice,U1,N,01A,P,QBB,A"},
            ["map.csv:3: PRACTICE_CODE: empty.", "map.csv:5: place 01A is in QBB here, and in QAA before."],
        ),
        ({2: "A9,Practice,A1,N,01B,P,QAA,A"}, ["map.csv:3: A1 is a network here, and a practice elsewhere"]),
    ],
)
def test_every_problem_has_its_row(tmp_path: Path, change: dict[int, str], words: list[str]) -> None:
    path = written(tmp_path, OF_2023)
    lines = path.read_text().splitlines()
    for number, line in change.items():
        lines[number] = line
    path.write_text("\n".join(lines) + "\n")
    with pytest.raises(Refused) as refused:
        evaluate(Request(path))
    found = [str(problem).replace(f"{tmp_path}/", "") for problem in refused.value.problems]
    assert [any(one.startswith(word) for one in found) for word in words] == [True] * len(words), found


def test_an_unknown_commissioner_has_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="Did you mean QBB or QAA"):
        evaluate(Request(written(tmp_path, OF_2023), ("QAB",)))


OWN = """code,name,kind,parent,since,until,successor,successor_day,list_size,list_size_day
QAA,Area,commissioner,,,,,,,
PL1,Place,place,QAA,2020-04-01,,,,,
NW1,Network,network,PL1,2020-04-01,,,,,
A1,First,practice,NW1,2020-04-01,2024-09-30,A2,2024-10-01,8000,2024-01-01
A2,Second,practice,NW1,,,,,9000,
"""


def test_the_areas_own_table(tmp_path: Path) -> None:
    path = tmp_path / "area.csv"
    path.write_text(OWN, encoding="utf-8")
    area = evaluate(Request(path, ("QAA",))).areas["QAA"]
    assert area.memberships[2] == DatedMembership("A1", "NW1", date(2020, 4, 1), date(2024, 9, 30))
    assert area.mergers == (Merger("A1", "A2", date(2024, 10, 1)),)
    assert area.lists == (MapListSize("A1", 8000, date(2024, 1, 1)), MapListSize("A2", 9000, None))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("practice,NW1,2020", "practise,NW1,2020", "area.csv:5: kind: expected"),
        (
            "practice,NW1,2020",
            "practice,NW9,2020",
            "area.csv:5: parent NW9 of A1 is not in the file. Did you mean NW1?",
        ),
        ("network,PL1", "network,A1", "area.csv:4: a network (NW1) cannot belong to a practice (A1)."),
        ("2024-09-30", "2019-09-30", "area.csv:5: A1: until 2019-09-30 is before since 2020-04-01."),
        ("2024-09-30", "30.9.2024", "area.csv:5: until: expected a date"),
        ("A2,2024-10-01", "A9,2024-10-01", "area.csv:5: successor A9 of A1 is not in the file."),
        ("A2,2024-10-01", "A2,", "area.csv:5: A1: successor_day is empty."),
        ("A2,2024-10-01", "NW1,2024-10-01", "area.csv:5: A1 cannot be merged into NW1"),
        ("8000", "eight", "area.csv:5: list_size: "),
        ("QAA,Area,commissioner", "QAB,Area,commissioner", "area.csv:3: parent QAA of PL1 is not in the file."),
        ("A2,Second", "A1,Second", "area.csv:6: A1 has another name or kind than on row 5."),
    ],
)
def test_what_is_wrong_with_the_own_table(tmp_path: Path, old: str, new: str, words: str) -> None:
    path = tmp_path / "area.csv"
    path.write_text(OWN.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(Refused) as refused:
        evaluate(Request(path, ("QAA",)))
    found = [str(problem).replace(f"{tmp_path}/", "") for problem in refused.value.problems]
    assert any(one.startswith(words) for one in found), found


def test_another_header_is_refused_with_what_is_expected(tmp_path: Path) -> None:
    path = tmp_path / "other.csv"
    path.write_text("practice,list\nA1,3\n", encoding="utf-8")
    with pytest.raises(Refused, match="code, name, kind, parent"):
        evaluate(Request(path))


ORGANISATIONS = {
    code: MapOrganisation(code, f"The {code}", kind)
    for code, kind in (("QAA", "commissioner"), ("N1", "network"), ("N2", "network"), ("A1", "practice"))
}


def test_names_that_differ_in_capitals_alone_are_one_name() -> None:
    there = Standing(ORGANISATIONS, (), dict.fromkeys(ORGANISATIONS, "QAA"))
    louder = {code: MapOrganisation(code, one.name.upper(), one.kind) for code, one in ORGANISATIONS.items()}
    assert changes(there, AreaMap("QAA", louder, ()), DAY).is_empty


def test_two_maps_of_one_day_are_refused() -> None:
    rows = (DatedMembership("A1", "N1", DAY),)
    there = Standing(ORGANISATIONS, rows, dict.fromkeys(ORGANISATIONS, "QAA"))
    wanted = AreaMap("QAA", ORGANISATIONS, (DatedMembership("A1", "N2"),))
    with pytest.raises(Refused, match="A1 joined N1 on 1 April 2024"):
        changes(there, wanted, DAY)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([("A1", "N1", "2024-04-01", None), ("A1", "N2", "2024-10-01", None)], "two networks"),
        ([("A1", "N1", "2024-04-01", "2024-10-01"), ("A1", "N2", "2024-10-01", None)], "two networks"),
        ([("A1", "N1", "2024-04-01", "2024-09-30"), ("A1", "N2", "2024-10-01", None)], ""),
        ([("A1", "N1", "2024-04-01", None), ("A1", "QAA", "2024-04-01", None)], ""),
        ([("A1", "N1", "2024-04-01", None), ("A1", "N1", "2024-05-01", None)], "N1 twice"),
        ([("N1", "A1", "2024-04-01", None)], "a network \\(N1\\) cannot belong to a practice"),
        ([("N1", "N1", "2024-04-01", None)], "cannot belong to itself"),
        ([("A1", "N1", "2024-04-01", "2024-03-31")], "would leave N1 on 31 March 2024, before it joins"),
        ([("A1", "N3", "2024-04-01", None)], "N3 closes on 30 June 2024"),
        ([("A1", "N3", "2024-04-01", "2024-06-30")], ""),
        ([("A1", "N4", "2024-04-01", None)], "N4 opens on 1 July 2024"),
    ],
)
def test_what_cannot_be(rows: list[tuple[str, str, str, str | None]], words: str) -> None:
    days = {code: OpenDays(one.kind) for code, one in ORGANISATIONS.items()}
    days |= {"N3": OpenDays("network", closed=date(2024, 6, 30)), "N4": OpenDays("network", date(2024, 7, 1))}
    dated = [
        DatedMembership(member, parent, date.fromisoformat(since), date.fromisoformat(until) if until else None)
        for member, parent, since, until in rows
    ]
    if not words:
        check_memberships(days, dated)
        return
    with pytest.raises(Refused, match=words):
        check_memberships(days, dated)
