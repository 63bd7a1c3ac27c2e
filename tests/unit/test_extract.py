"""An extract prepared: the run and the statements are those of the command line, and others see no small number."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from remit.application import overview, statement
from remit.application.extract import FEW, Request, moved_of, overview_of, prepare
from remit.core.problems import Refused
from remit.documents.statement.formats import document
from remit.documents.stored import from_json, to_json

HEAD = "practice_code,indicator_code,measure,value\n"
PRACTICES = (
    "practice_code,practice_name,place_code,network_code,list_size,weighted_list_size\n"
    "A1,First practice,cannock-chase,N1,10500,10000\n"
    "A2,Second practice,cannock-chase,N1,5000,5000\n"
)


def counts(small: int = 5, shown: int = 41) -> str:
    """2a of A1: `small` of 6 achieved; of A2: `shown` of 100."""
    rows = (
        ("A1", "NUMERATOR", small),
        ("A1", "DENOMINATOR", 6),
        ("A2", "NUMERATOR", shown),
        ("A2", "DENOMINATOR", 100),
    )
    return HEAD + "".join(f"{code},2a,{measure},{value}\n" for code, measure, value in rows)


def request_for(folder: Path, name: str = "first", text: str | None = None) -> Request:
    home = folder / name
    home.mkdir()
    (home / "practices.csv").write_text(PRACTICES, encoding="utf-8")
    (home / "counts.csv").write_text(text or counts(), encoding="utf-8")
    files = {home / "practices.csv": "our practices.csv", home / "counts.csv": "our counts.csv"}
    members = {"A1": "First practice", "A2": "Second practice", "A3": "Third practice"}
    return Request(
        Path("qif-2024-25"), home / "practices.csv", home / "counts.csv", home / "run", date(2025, 3, 31), members,
        names=files,
    )  # fmt: skip


def test_statements_and_overview_are_those_of_the_command_line(tmp_path: Path) -> None:
    request = request_for(tmp_path)
    prepared = prepare(request)
    (own,) = statement.statements(statement.StatementRequest(request.folder, ("A1",)))
    assert prepared.practices[0].statement == to_json(document(own))
    assert prepared.practices[0].pence == own.result.pence
    found, sensitive = overview_of(prepared.frame, [one.overview for one in prepared.practices])
    shown = overview.evaluate(overview.Request((request.folder,)))
    assert found.earned == shown.runs[0].earned
    assert found.area == shown.runs[0].area
    assert sensitive == shown.sensitive
    rates = {(one.code, mark.item): mark for one in found.positions for mark in one.marks}
    assert rates["A1", "2a"].rate is None  # 5 of 6
    assert rates["A2", "2a"].rate == Fraction(41, 100)
    assert prepared.missing == ("A3",)


def test_with_a_policy_that_hides_nothing_the_overview_is_the_same_altogether(tmp_path: Path) -> None:
    request = replace(request_for(tmp_path), policy="exact")
    prepared = prepare(request)
    found, _ = overview_of(prepared.frame, [one.overview for one in prepared.practices])
    assert found == overview.evaluate(overview.Request((request.folder,))).runs[0]


def test_the_copy_for_others_has_no_small_number(tmp_path: Path) -> None:
    first, second = prepare(request_for(tmp_path)).practices
    assert "5 of 6" in first.statement
    assert "5 of 6" not in first.others_statement
    assert "83.33" not in first.others_statement
    assert FEW in first.others_statement
    assert "41 of 100" in second.others_statement
    assert from_json(first.others_statement).title == "Statement: First practice (A1)"


def test_what_moved_says_no_hidden_count_whichever_of_the_two_hides_it(tmp_path: Path) -> None:
    prepare(request_for(tmp_path))
    before = tmp_path / "first" / "run"
    later = (
        counts()
        .replace("A1,2a,NUMERATOR,5", "A1,2a,NUMERATOR,50")
        .replace("A1,2a,DENOMINATOR,6", "A1,2a,DENOMINATOR,99")
    )
    result = prepare(replace(request_for(tmp_path, "second", later), before=before))
    first, second = result.practices
    words = {one["item"]: one["explanation"] for one in json.loads(first.moved)["movements"]}
    assert "50" in words["2a"]
    others = {one["item"]: one["explanation"] for one in json.loads(first.others_moved)["movements"]}
    assert others["2a"] == "Its counts are for the practice only."
    assert _item(second.others_moved, "2a") == _item(second.moved, "2a")
    document = to_json(moved_of([first.moved], ("1", "2"), result.frame))
    assert "Delivery of diabetes 8 care processes (Type 1)" in document


def _item(moved: str, item: str) -> object:
    return next(one for one in json.loads(moved)["movements"] if one["item"] == item)


@pytest.mark.parametrize(
    ("practices", "text", "says"),
    [
        (PRACTICES.replace("A2", "Z9"), None, ["our practices.csv:3", "'Z9' is not one of this commissioner's"]),
        (PRACTICES, counts().replace("41", "forty"), ["our counts.csv:4", "forty"]),
        (PRACTICES.replace("A2", "Z9"), HEAD + "A1,2a,NUMERATOR,x\n", ["'Z9'", "our counts.csv:2"]),
    ],
)
def test_what_is_wrong_is_refused_together_by_the_names_of_the_files(
    tmp_path: Path, practices: str, text: str | None, says: list[str]
) -> None:
    request = request_for(tmp_path, text=text)
    request.practices_file.write_text(practices, encoding="utf-8")
    with pytest.raises(Refused) as refused:
        prepare(request)
    for words in says:
        assert words in str(refused.value)
    assert str(tmp_path) not in str(refused.value)
