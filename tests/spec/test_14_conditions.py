"""`only_if`, `reduced`, `repaid`: what a contract makes an item's pounds hang on. Expected amounts are worked out by
hand; those of two of three, of the deprivation score and of the start payment are Strathcarse's."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.spec.language import HEAD, TERMS, refused
from tests.spec.run import COUNTS, lines, local, paid

import remit
from remit.documents.scheme_card.items import conditions
from remit.pricing.full_achievement import full_achievement
from remit.runs import open_run
from remit.scheme import Scheme
from remit.scheme.comparison import compare
from remit.scheme.lint import lint
from remit.scheme.loader import build
from remit.scheme.source import Source, parse_source

HEADS = "heads: {column: weighted_list_size, called: list, at: 2024-01-01}"
STRATHCARSE = """
items:
  - item: "2"
    indicator: CHD005
    measure: achievement
    pays: {steps: {steps: [from 50% pays 25p, from 65% pays 60p], most: 60p}}
  - item: "3"
    indicator: DM020
    measure: achievement
    pays: {steps: {steps: [above 55% pays 20p, above 70% pays 45p], most: 45p}}
  - item: "4"
    indicator: AST007
    measure: achievement
    pays: {steps: {steps: [from 40% pays 15p, from 60% pays 40p], most: 40p}}
  - item: Bonus
    title: Bonus
    only_if: {at_least: 2, of: ["2", "3", "4"], reach: top step}
    pays: {fixed: {pays: £1500, for: two of three in full, declared: not asked}}
  - item: Start
    title: Start payment
    repaid: {when: {achievement_of: "2", below: 20%}}
    pays: {fixed: {pays: £1000, for: signing, declared: not asked}}
"""
PRACTICES = """practice_code,practice_name,weighted_list_size
S1,One,6431.5
S2,Two,3000
S3,Three,10905.25
S4,Four,5020
S5,Five,3000
"""
RATES = {
    "S1": (65, 70, 60),
    "S2": (15, 71, 39),
    "S3": (66, 75, 65),
    "S4": (50, 80, 59),
    "S5": (20, 72, 61),
}


def of_100(practice: str, item: str, numerator: int) -> str:
    return f"{practice} {item} NUMERATOR {numerator}\n{practice} {item} DENOMINATOR 100\n"


def strathcarse(items: str = STRATHCARSE, without: str = "") -> dict[str, dict[str, tuple[str, str]]]:
    counts = "".join(of_100(p, i, n) for p, rates in RATES.items() for i, n in zip("234", rates, strict=True))
    counts = "\n".join(line for line in counts.splitlines() if not without or not line.startswith(without))
    found = paid(
        local(items, HEADS), counts, "practice_code", "indicator_code", "pounds", "reason", practices=PRACTICES
    )
    by_item: dict[str, dict[str, tuple[str, str]]] = {}
    for practice, item, pounds, reason in found:
        by_item.setdefault(item, {})[practice] = (pounds, reason)
    return by_item


def test_a_bonus_for_two_of_three_and_a_start_payment_that_is_repaid() -> None:
    found = strathcarse()
    assert [pounds for pounds, _ in found["Bonus"].values()] == ["1500.00", "0.00", "1500.00", "0.00", "1500.00"]
    one = "Pays nothing: 1 of items 2, 3 and 4 reaches the top step (item 3), not at least 2."
    assert found["Bonus"]["S2"][1] == one
    assert [pounds for pounds, _ in found["Start"].values()] == ["1000.00", "0.00", "1000.00", "1000.00", "1000.00"]


def test_two_of_three_are_known_without_the_third() -> None:
    assert strathcarse(without="S3 4 NUM")["Bonus"]["S3"] == ("1500.00", "")
    unknown = strathcarse(without="S1 4 NUM")["Bonus"]["S1"]
    assert unknown[0] == ""
    assert unknown[1] == "Whether item 4 reaches the top step is not known. No counts: supply NUMERATOR for 4 (AST007)."
    assert strathcarse(without="S2 3 NUM")["Bonus"]["S2"][0] == "0.00"


@pytest.mark.parametrize(
    ("reach", "expected"),
    [
        ("60%", ["1500.00", "0.00", "1500.00", "0.00", "1500.00"]),
        ("above 70%", ["0.00", "0.00", "0.00", "0.00", "0.00"]),
        ("50%", ["1500.00", "0.00", "1500.00", "1500.00", "1500.00"]),
        ("met", ["1500.00", "0.00", "1500.00", "1500.00", "1500.00"]),
        ("below 66%", ["1500.00", "1500.00", "0.00", "1500.00", "1500.00"]),
    ],
)
def test_what_each_of_several_items_reaches(reach: str, expected: list[str]) -> None:
    found = strathcarse(STRATHCARSE.replace("reach: top step", f"reach: {reach}"))
    assert [pounds for pounds, _ in found["Bonus"].values()] == expected


def scheme_and_source(clause: str) -> tuple[Scheme, Source]:
    parts = [HEAD, "source: paper", "point: {value: £200}", "terms: {balance: {due: 2025-07-31}}"]
    source = parse_source("\n".join([*parts, LINE.format(clause=clause)]), "a-scheme.yaml")
    return build(source), source


LINE = """
items:
  - item: A
    indicator: CHD005
    measure: achievement
    {clause}
    pays: {{linear: {{points: 10, lower: 40%, upper: 90%}}}}
"""


def one(clause: str, counts: str, column: str = ",,") -> tuple[str, str]:
    practices = "practice_code,practice_name,list_size,deprivation,area,accepted\nA1,One,6000,"
    rows = paid(local(LINE.format(clause=clause)), counts, "pounds", "reason", practices=f"{practices}{column}\n")
    return rows[0][0], rows[0][1]


FULL = of_100("A1", "A", 90)


@pytest.mark.parametrize(
    ("denominator", "pcas", "expected"),
    [(88, 12, "2000.00"), (87, 13, "1000.00"), (880, 120, "2000.00"), (879, 121, "1000.00"), (100, 0, "2000.00")],
)
def test_half_of_an_item_where_pcas_are_above_12_percent(denominator: int, pcas: int, expected: str) -> None:
    counts = f"A1 A NUMERATOR {denominator}\nA1 A DENOMINATOR {denominator}\nA1 A PCAS {pcas}"
    assert one("reduced: {to: 50%, when: {pca_rate_of: A, above: 12%}}", counts)[0] == expected


def test_pcas_that_were_not_counted_leave_the_pounds_open() -> None:
    pounds, reason = one("reduced: {to: 50%, when: {pca_rate_of: A, above: 12%}}", FULL)
    assert pounds == ""
    assert reason == "Whether it is reduced is not known. The PCA rate of item A is not known: supply PCAS for A."
    assert one("reduced: {to: 50%, when: {pca_rate_of: A, above: 12%}}", of_100("A1", "A", 20)) == ("0.00", "")


@pytest.mark.parametrize(("together", "expected"), [("multiply", "800.00"), ("lowest", "1000.00")])
def test_several_reductions_multiply_or_the_lowest_holds(together: str, expected: str) -> None:
    both = "reduced: [{to: 50%, when: {pca_rate_of: A, above: 5%}}, {to: 80%, when: {column: area, is: City}}]"
    clause = f"{both}\n    several_reductions: {together}"
    assert one(clause, f"{FULL}A1 A PCAS 10", ",city,")[0] == expected
    assert one(clause, f"{FULL}A1 A PCAS 5", ",city,")[0] == "1600.00"
    assert one(clause, f"{FULL}A1 A PCAS 10", ",rural,")[0] == "1000.00"


@pytest.mark.parametrize(
    ("clause", "column", "counts", "expected", "reason"),
    [
        ("{column: deprivation, above: 35.0}", "38.2,,", FULL, "2000.00", ""),
        (
            "{column: deprivation, called: deprivation score, above: 35.0}", "22.0,,", FULL, "0.00",
            "Pays nothing: the deprivation score is 22.0, not above 35.0.",
        ),
        ("{column: deprivation, above: 35.0}", "35.0,,", FULL, "0.00", "not above 35.0"),
        ("{column: deprivation, at_least: 35.0}", "35.0,,", FULL, "2000.00", ""),
        ("{column: deprivation, above: 35.0}", ",,", FULL, "", "fill in the column deprivation"),
        ("{column: deprivation, above: 35.0}", "high,,", FULL, "", "correct 'high'"),
        ("{column: deprivation, above: 35.0}", "22.0,,", "A1 A PCAS 1", "0.00", "Pays nothing"),
        ("{column: area, is: Rural}", ",rural,", FULL, "2000.00", ""),
        ("{not: {column: area, is: rural}}", ",rural,", FULL, "0.00", "Pays nothing: the area is 'rural'."),
        ("{accepted: other-scheme}", ",,qif+other-scheme", FULL, "2000.00", ""),
        ("{accepted: other-scheme}", ",,none", FULL, "0.00", "Pays nothing: other-scheme is not accepted."),
        ("{accepted: other-scheme}", ",,", FULL, "", "fill in the column accepted"),
        ("{count: meetings, at_least: 2, of: 3}", ",,", f"{FULL}A1 meetings ACTIVITY 2", "2000.00", ""),
        (
            "{count: meetings, at_least: 2, of: 3}", ",,", f"{FULL}A1 meetings ACTIVITY 1", "0.00",
            "Pays nothing: the number of meetings is 1 of 3, not at least 2.",
        ),
        ("{count: meetings, at_least: 2, of: 3}", ",,", f"{FULL}A1 meetings ACTIVITY 4", "", "there are 3: correct it"),
        ("{count: meetings, at_least: 2}", ",,", FULL, "", "Supply ACTIVITY for meetings (meetings)."),
        ("{achievement_of: A, at_least: 90%}", ",,", FULL, "2000.00", ""),
        ("{achievement_of: A, above: 90%}", ",,", FULL, "0.00", "the achievement of item A is 90%, not above 90%"),
        (
            "{all: [{column: area, is: city}, {column: deprivation, above: 5}]}", ",rural,", FULL, "0.00",
            "Pays nothing: the area is 'rural', not 'city'.",
        ),
        ("{any: [{column: area, is: city}, {column: deprivation, above: 5}]}", ",city,", FULL, "2000.00", ""),
        ("{any: [{column: area, is: city}, {column: deprivation, above: 5}]}", "5,rural,", FULL, "0.00", "and the dep"),
        ("{any: [{column: area, is: city}, {column: deprivation, above: 5}]}", ",rural,", FULL, "", "column depri"),
    ],
)  # fmt: skip
def test_an_item_pays_only_if(clause: str, column: str, counts: str, expected: str, reason: str) -> None:
    pounds, said = one(f"only_if: {clause}", counts, column)
    assert pounds == expected
    assert reason in said
    assert bool(reason) == bool(said)


@pytest.mark.parametrize(("share", "expected"), [("", "0.00"), (", share: 100%", "0.00"), (", share: 30%", "1400.00")])
def test_an_item_is_repaid_in_full_or_in_part(share: str, expected: str) -> None:
    assert one(f"repaid: {{when: {{column: area, is: city}}{share}}}", FULL, ",city,")[0] == expected
    assert one(f"repaid: {{when: {{column: area, is: city}}{share}}}", FULL, ",rural,")[0] == "2000.00"


def test_what_requires_an_item_whose_condition_does_not_hold_is_not_paid() -> None:
    items = LINE.format(clause="only_if: {column: area, is: city}") + (
        "  - {item: B, title: After, requires: [A], pays: {fixed: {pays: £5, for: it, declared: not asked}}}\n"
    )
    practices = "practice_code,practice_name,list_size,area\nA1,One,6000,rural\nA2,Two,6000,city\n"
    found = paid(local(items), FULL + of_100("A2", "A", 90), "pounds", "reason", practices=practices)
    assert [pounds for pounds, _ in found] == ["0.00", "0.00", "2000.00", "5.00"]
    assert found[1][1] == "Pays nothing: A is not met."


@pytest.mark.parametrize(
    ("clause", "expected"),
    [
        ("only_if: {column: deprivation}", "item A, only_if: say between which numbers"),
        ("only_if: {colum: deprivation, above: 3}", "unknown key 'colum'"),
        ("only_if: {column: area, is: city, above: 3}", "give either 'is' or a bound"),
        ("only_if: {column: area, count: meetings}", "give exactly one condition"),
        ("only_if: {achievement_of: B, above: 3%}", "item A rests on 'B', which is not an earlier item"),
        ("only_if: {at_least: 1, of: [A], reach: met}", "item A cannot ask what it reaches itself"),
        ("only_if: {achievement_of: A, above: 100%}", "this never holds, as it is never more"),
        ("only_if: {achievement_of: A, below: 0%}", "this never holds, as it is never less"),
        ("only_if: {column: deprivation, above: 5, at_most: 5}", "this never holds, as no number is both"),
        ("only_if: {count: meetings, at_least: 4, of: 3}", "this never holds, as it is never more"),
        ("only_if: {at_least: 3, of: [B, C], reach: top step}", "at least 3 of 2: this never holds"),
        ("only_if: {at_least: 1, of: [B, C], reach: top}", "expected 'top step', 'met', a rate such as 60%"),
        ("reduced: {to: 100%, when: {column: area, is: city}}", "reduced to 100% is not less than the whole"),
        (
            "reduced: [{to: 5%, when: {column: area, is: city}}, {to: 4%, when: {column: area, is: rural}}]",
            "say with 'several_reductions' whether several multiply, or the lowest holds",
        ),
        ("several_reductions: lowest", "there are not several reductions"),
        ("repaid: {when: {column: area, is: city}, share: 0%}", "a share of 0% cannot be repaid"),
        ("repaid: {when: {column: area, is: city}, share: 101%}", "expected a percentage of 0% to 100%"),
        ("only_if: {all: [{pca_rate_of: A, below: 3%}, {achievement_of: A}]}", "item A, only_if all 2: say between"),
        ("only_if: {not: {pca_rate_of: AA, below: 3%}}", "item A asks for the rate of AA, which has no achievement"),
        ("eligible: {column: area, is: city}", "What contracts call 'eligible' is written with 'only_if'"),
    ],
)
def test_a_bad_condition_is_refused_at_its_line(clause: str, expected: str) -> None:
    found = " ".join(refused(items=LINE.format(clause=clause)))
    assert expected in found
    assert "a-scheme.yaml:" in found


def test_what_is_repaid_without_an_advance_is_asked_about() -> None:
    found = scheme_and_source("repaid: {when: {column: area, is: city}}")
    [doubt] = [one for one in lint(*found) if one.code == "lint.repaid-not-advanced"]
    assert doubt.message.startswith("A is repaid, and nothing of it is paid in advance")


def test_an_advance_that_nobody_knows_names_the_items() -> None:
    ahead = TERMS.replace("previous achievement or agreed points", "award for full achievement")
    message = " ".join(refused(terms=ahead))
    assert "every item pays by head or a set sum, and A does not." in message


def test_a_column_that_the_file_lacks_is_refused_with_the_nearest() -> None:
    items = LINE.format(clause="only_if: {column: deprivaton, above: 35.0}")
    with pytest.raises(Exception, match="there is no column deprivaton") as caught:
        paid(local(items), FULL, "pounds", practices="practice_code,practice_name,list_size,deprivation\nA1,One,1,2\n")
    assert "Did you mean deprivation?" in str(caught.value)


def test_a_scheme_pays_only_with_another() -> None:
    """Nothing of it where the other one is not accepted; the item's own condition holds beside."""
    only = "only_with: [qif-2024-25]"
    found = local(LINE.format(clause="only_if: {column: area, is: city}"), only)
    rows = "practice_code,practice_name,area,accepted\n"
    practices = f"{rows}A1,One,city,qif-2024-25\nA2,Two,city,none\nA3,Three,rural,QIF-2024-25\nA4,Four,city,\n"
    counts = "".join(of_100(code, "A", 90) for code in ("A1", "A2", "A3", "A4"))
    awards = paid(found, counts, "pounds", "reason", practices=practices)
    assert awards[:3] == [
        ("2000.00", ""),
        ("0.00", "Pays nothing: qif-2024-25 is not accepted."),
        ("0.00", "Pays nothing: the area is 'rural', not 'city'."),
    ]
    assert awards[3][0] == ""
    with pytest.raises(Exception, match="there is no column accepted"):
        paid(local(LINE.format(clause=""), only), FULL, "pounds")


def test_so_much_a_weighted_head_where_a_score_is_high() -> None:
    """Strathcarse, clause 8: 50p x 6,431.5 is 3,215.75, 50p x 5,020 is 2,510, and 35.0 is not above 35.0."""
    items = """
items:
  - item: "8"
    title: Deprivation
    only_if: {column: deprivation, called: deprivation score, above: 35.0}
    pays: {fixed: {pays: 50p, per: weighted head, for: practices in deprived areas, declared: not asked}}
"""
    scores = ("38.2", "22.0", "35.0", "41.7", "36.0")
    rows = [f"{line},{score}" for line, score in zip(PRACTICES.splitlines()[1:], scores, strict=True)]
    practices = "\n".join([f"{PRACTICES.splitlines()[0]},deprivation", *rows]) + "\n"
    found = paid(local(items, HEADS), "S1 * HISTORIC_POINTS 0", "pounds", practices=practices)
    assert found == [("3215.75",), ("0.00",), ("0.00",), ("2510.00",), ("1500.00",)]
    assert full_achievement(local(items, HEADS), 5020).pence == 2510_00


def test_what_two_schemes_make_a_payment_hang_on_is_compared_and_shown() -> None:
    before, after = (
        local(LINE.format(clause=clause))
        for clause in (
            "",
            "only_if: {column: area, is: city}\n    reduced: {to: 50%, when: {pca_rate_of: A, above: 12%}}",
        )
    )
    [change] = compare(before, after).changed
    assert [(one.name, one.before, one.after) for one in change.changes] == [
        ("only if", "–", "the area is 'city'"),
        ("reduced", "–", "reduced to 50% where the PCA rate of item A is above 12%"),
    ]
    assert list(conditions(change.after)) == [
        "paid only if the area is 'city'", "reduced to 50% where the PCA rate of item A is above 12%",
    ]  # fmt: skip


def test_a_run_folder_keeps_the_columns_that_conditions_name(tmp_path: Path) -> None:
    found = local(LINE.format(clause="only_if: {column: deprivation, above: 35.0}"))
    (tmp_path / "practices.csv").write_text("practice_code,practice_name,other,deprivation\nA1,One,x,36\nA2,Two,y,35\n")
    (tmp_path / "counts.csv").write_text(COUNTS + lines(FULL + of_100("A2", "A", 90), 5))
    remit.write_run(remit.run(found, tmp_path / "practices.csv", tmp_path / "counts.csv"), tmp_path / "out")
    head = (tmp_path / "out" / "inputs" / "practices.csv").read_text().splitlines()[0]
    assert head.endswith(",deprivation")
    assert "other" not in head
    again = open_run(tmp_path / "out")
    assert [again.practice(code).pence for code in ("A1", "A2")] == [2000_00, 0]
