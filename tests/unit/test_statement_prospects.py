"""What would change an award: each expectation is hand arithmetic on QIF 2024/25 or QOF 2018-19."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from tests.spec.run import local

import remit
from remit.core.problems import Refused
from remit.documents.statement.making import statement
from remit.documents.statement.model import ItemStatement, Statement
from remit.pricing.moves import patients_for
from remit.scheme.kinds import Threshold

PRACTICES = "practice_code,practice_name,place_code,network_code,list_size,weighted_list_size\n"
COUNTS = "practice_code,indicator_code,measure,value\n"


def qif(folder: Path, counts: str, weighted: str = "10000", **settings: str) -> Statement:
    """The statement of a practice with those counts, written `1a REGISTER 84` in lines."""
    rows = "".join(f"A1,{','.join(line.split())}\n" for line in counts.strip().splitlines())
    (folder / "practices.csv").write_text(f"{PRACTICES}A1,One,cannock-chase,N1,10000,{weighted}\n")
    (folder / "counts.csv").write_text(COUNTS + rows)
    run = remit.run("qif-2024-25", folder / "practices.csv", folder / "counts.csv", settings=settings)
    return statement(run, "A1")


def item(made: Statement, code: str) -> ItemStatement:
    return next(view for view in made.items if view.code == code)


def worths(view: ItemStatement) -> list[tuple[str, int | None, int | None]]:
    return [(p.reaches, p.patients, p.pence) for p in view.prospects]


@pytest.mark.parametrize(
    ("at", "above", "of", "need"),
    [
        ("0.75", True, 10500, 79),  # 0.75% of 10,500 is 78.75
        ("0.75", True, 10000, 76),  # exactly 75, which is not above
        ("0.75", False, 10000, 75),
        ("45", True, 100, 46),
        ("100", False, 7, 7),
        ("100", True, 7, 8),  # more than there are: it cannot be reached
        ("0", True, 7, 1),
    ],
)
def test_the_fewest_patients_that_reach_a_bound(at: str, above: bool, of: int, need: int) -> None:
    assert patients_for(Threshold(Fraction(at) / 100, above, ""), of) == need


def test_a_step_ahead_is_worth_its_pence_over_the_list(tmp_path: Path) -> None:
    made = qif(tmp_path, "2a NUMERATOR 41\n2a DENOMINATOR 100")
    assert worths(item(made, "2a")) == [("above 45%", 5, 40000)]  # 46 of 100; (17p - 13p) x 10,000
    assert "by 31 March 2025" in item(made, "2a").prospects[0].text


def test_nothing_lies_beyond_the_top(tmp_path: Path) -> None:
    made = qif(tmp_path, "2a NUMERATOR 46\n2a DENOMINATOR 100")
    assert worths(item(made, "2a")) == []


def test_a_gate_brings_its_own_pence_and_those_of_the_item_behind_it(tmp_path: Path) -> None:
    made = qif(tmp_path, "1a REGISTER 60\n1a LIST_SIZE 10000\n1b NUMERATOR 39\n1b DENOMINATOR 100")
    # 76 of 10,000 is above 0.75%: 15p - 8p on 1a, and 1b at 39% moves from table b (15p) to table a (20p).
    assert worths(item(made, "1a")) == [("above 0.75%", 16, 70000 + 50000)]
    assert "+£700.00 on item 1a and +£500.00 on item 1b" in item(made, "1a").prospects[0].text
    # 1b itself: above 45% pays 20p for 15p; or, had 1a 75 of 10,000 ("from 0.75%"), 20p on the same 39%.
    assert worths(item(made, "1b")) == [("above 45%", 7, 50000), ("1a from 0.75%", 15, 50000)]


def test_below_the_gate_only_the_gate_helps(tmp_path: Path) -> None:
    made = qif(tmp_path, "1a REGISTER 49\n1a LIST_SIZE 10000\n1b NUMERATOR 39\n1b DENOMINATOR 100")
    assert item(made, "1b").award.pence == 0
    assert worths(item(made, "1b")) == [("1a from 0.5%", 1, 150000)]  # 50 of 10,000: 39% pays 15p


def test_exactly_on_a_threshold_the_operator_decides(tmp_path: Path) -> None:
    made = qif(tmp_path, "1a REGISTER 75\n1a LIST_SIZE 10000\n1b NUMERATOR 38\n1b DENOMINATOR 100")
    assert worths(item(made, "1a"))[0][:2] == ("above 0.75%", 1)  # 1a prints >0.75%, 1b >=0.75%
    assert worths(item(made, "1b")) == [("above 38%", 1, 50000), ("above 45%", 8, 110000)]


def test_an_exception_takes_a_patient_out_of_the_denominator(tmp_path: Path) -> None:
    made = qif(tmp_path, "4 NUMERATOR 777\n4 DENOMINATOR 997\n4 PCAS 100")
    change = item(made, "4").one_pca
    assert change is not None
    assert change.rate == Fraction(777, 996)  # 78.01%: above 78%, 30p for 25p
    assert change.pence == 50000
    assert "from 9.1% to 9.2%" in change.text  # 100 / 1,097 and 101 / 1,097


def test_nobody_without_the_care_leaves_nobody_to_adjust(tmp_path: Path) -> None:
    change = item(qif(tmp_path, "4 NUMERATOR 5\n4 DENOMINATOR 5"), "4").one_pca
    assert change is not None
    assert change.pence is None
    assert change.text == "Everybody who is counted has had the care."


def test_what_is_not_known_to_have_exceptions_shows_none(tmp_path: Path) -> None:
    assert item(qif(tmp_path, "1b NUMERATOR 5\n1b DENOMINATOR 9"), "1b").one_pca is None


def test_nobody_to_count_reaches_no_bound(tmp_path: Path) -> None:
    view = item(qif(tmp_path, "2a NUMERATOR 0\n2a DENOMINATOR 0"), "2a")
    assert view.award.pence == 0
    assert view.prospects == ()


def test_the_definition_that_is_not_scored_is_priced_beside(tmp_path: Path) -> None:
    counts = "CHOL002 NUMERATOR 36\nCHOL002 DENOMINATOR 100\nCHOL004 NUMERATOR 31\nCHOL004 DENOMINATOR 100"
    view = item(qif(tmp_path, counts, chol004_from="2024-12-05"), "5")
    assert view.award.pence == 100000  # CHOL004 at 31%: 10p
    assert [(o.definition, o.pence) for o in view.others] == [("CHOL002", 200000)]  # 36%: 20p


def test_a_point_on_a_line(tmp_path: Path) -> None:
    """QOF 2018-19, AF006: 12 points from 40% to 90%, list 8,096 (CPI 1), APDF 1."""
    (tmp_path / "practices.csv").write_text(f"{PRACTICES}A1,One,,,8096,\n")
    rows = ("AF,REGISTER,100", "AF006,NUMERATOR,40", "AF006,DENOMINATOR,100", "SMOK003,DECLARED,0")
    (tmp_path / "counts.csv").write_text(COUNTS + "".join(f"A1,{row}\n" for row in rows))
    (tmp_path / "national.csv").write_text("group_code,register,list_size\nAF,100,8096\n")
    run = remit.run(
        "qof-england-2018-19", tmp_path / "practices.csv", tmp_path / "counts.csv", national=tmp_path / "national.csv"
    )
    made = statement(run, "A1")
    view = item(made, "AF006")
    assert view.award.pence == 0
    # One patient above 40%: 1 / 50 of 12 points, 0.24 x £179.26 = £43.0224. All 12: £2,151.12.
    assert worths(view) == [("above 40%", 1, 4302), ("from 90%", 50, 215112)]
    assert view.prospects[1].first == 4302
    assert worths(item(made, "SMOK003")) == [("declared as done", None, 35852)]  # 2 points x £179.26
    group = next(section for section in made.sections if section.title == "Atrial fibrillation")
    assert group.register_worth == 896  # AF001's 5 points x £179.26 = £896.30; one more in 100 is a hundredth of it


def test_an_unknown_practice_is_refused_with_the_nearest_codes(tmp_path: Path) -> None:
    made = qif(tmp_path, "2a NUMERATOR 1\n2a DENOMINATOR 2")
    run = remit.run("qif-2024-25", tmp_path / "practices.csv", tmp_path / "counts.csv")
    assert made.code == "A1"
    with pytest.raises(Refused, match=r"no practice 'A2' in this run\. Did you mean A1"):
        statement(run, "A2")


FLOOR = """
items:
  - {item: C, title: A fixed sum, pays: {fixed: {pays: £500, for: taking part}}}
  - {item: D, title: Done or not, indicator: SMOK003, measure: declared, pays: {boolean: {points: 5}}}
  - {item: F, title: A floor, pays: {income_protection: {floor: 95%, of: QOF, year: 2023-24}}}
"""


def test_what_a_floor_of_all_items_takes_back_is_in_what_more_would_earn(tmp_path: Path) -> None:
    """No item is named, so the floor counts every item before it: 95% of £2,000, less the £500, is £1,400.

    Five points of £200 would earn £1,000, and the floor £1,000 less: nothing in all.
    """
    (tmp_path / "practices.csv").write_text(f"{PRACTICES}A1,One,,,6000,\n")
    counts = "C,DECLARED,1,\nA1,D,DECLARED,0,\nA1,F,HISTORIC_POUNDS,2000,2023-24\n"
    (tmp_path / "counts.csv").write_text(f"practice_code,indicator_code,measure,value,period\nA1,{counts}")
    made = statement(remit.run(local(FLOOR), tmp_path / "practices.csv", tmp_path / "counts.csv"), "A1")
    assert [item(made, code).award.pence for code in "CDF"] == [50_000, 0, 140_000]
    [declared] = item(made, "D").prospects
    assert declared.pence == 0
