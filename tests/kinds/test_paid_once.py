"""The kind: the same money is paid once. Where an item takes another's pounds, the file says which of the two is paid.

A table of the places where money could be paid twice, each with what the file is told, and beside it the same file as
it is right, with the pounds worked out by hand.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.bad_files.command import remit as command
from tests.spec.language import HEAD, SOURCE
from tests.spec.run import TERMS, local, paid

from remit.core.problems import Refused

FULL = "{item: FULL, title: The money, pays: {fixed: {pays: £1000, for: it}}}"
AF = "indicator: AF006, measure: achievement"
LINE = f"{{item: LINE, title: A line, {AF}, pays: {{linear: {{points: 10, lower: 0%, upper: 100%}}}}}}"
POT = "{item: POT, title: The pot, pays: {pot: {of: FULL, items: [LINE]}}}"
COUNTS = """
    A1 FULL DECLARED 1
    A1 E1 DECLARED 1
    A1 E2 DECLARED 0
    A1 AF006 NUMERATOR 40
    A1 AF006 DENOMINATOR 100
    A1 QOF HISTORIC_POUNDS 600 2023-24
    A1 DES HISTORIC_POUNDS 400 2023-24
    A1 FLOOR HISTORIC_POUNDS 2000 2023-24
    A1 FLOOR2 HISTORIC_POUNDS 2000 2023-24
"""


def items(*lines: str) -> str:
    return "\n".join(["items:", *(f"  - {line}" for line in lines)])


def blend(code: str, **parts: str) -> str:
    shares = ", ".join(f"{part}: {share}" for part, share in parts.items())
    return f"{{item: {code}, title: Both, pays: {{blend: {{parts: {{{shares}}}}}}}}}"


def floor(code: str, covers: str = "") -> str:
    named = f", covers: [{covers}]" if covers else ""
    return (
        f"{{item: {code}, title: Floor, pays: {{income_protection: {{floor: 100%, of: QOF, year: 2023-24{named}}}}}}}"
    )


def pooled(code: str, streams: str, more: str = "") -> str:
    return f"{{item: {code}, title: Pooled{more}, pays: {{pooled: {{streams: {{{streams}}}, year: 2023-24}}}}}}"


OTHER = "{item: OTHER, title: Other, pays: {fixed: {pays: £100, for: it}}}"
TWICE = {
    "what fills a pot is paid by itself as well": (
        [FULL, LINE, POT], "FULL is paid by itself, and its pounds are paid from the pot of POT as well"),
    "what fills a pot is paid within a blend, and the pot is not": (
        [FULL, OTHER, LINE, POT, blend("BLEND", FULL="50%", OTHER="50%")],
        "FULL is paid within BLEND, and its pounds are paid from the pot of POT as well"),
    "the pot is within a blend, and what fills it is not": (
        [FULL, OTHER, LINE, POT, blend("BLEND", POT="50%", OTHER="50%")],
        "FULL is paid by itself, and its pounds are paid from the pot of POT as well"),
    "two pots of the same money": (
        [FULL, LINE, POT.replace("of: FULL", "of: FULL, of_pays: nothing"), LINE.replace("LINE", "LINE2"),
         POT.replace("POT", "POT2").replace("LINE", "LINE2")],
        "FULL is paid within POT, and its pounds are paid from the pot of POT2 as well"),
    "the same money sizes two pots": (
        [FULL, LINE, POT.replace("of: FULL", "of: FULL, of_pays: nothing"), LINE.replace("LINE", "LINE2"),
         POT.replace("POT", "POT2").replace("LINE", "LINE2").replace("of: FULL", "of: FULL, of_pays: nothing")],
        "item FULL is paid within POT and within POT2"),
    "an item in two blends": (
        [FULL, blend("BLEND", FULL="100%"), blend("BLEND2", FULL="100%")],
        "item FULL is paid within BLEND and within BLEND2"),
    "an item in a pot and in a blend": (
        ["{item: FULL, title: F, indicator: SMOK003, measure: declared, pays: {boolean: {points: 5}}}",
         "{item: POT, title: P, pays: {pot: {money: £5, items: [FULL]}}}", blend("BLEND", FULL="100%")],
        "item FULL is paid within POT and within BLEND"),
    "two floors under the same item": (
        [FULL, floor("FLOOR", "FULL"), floor("FLOOR2", "FULL")],
        "what FULL leaves below a floor is made up by FLOOR and by FLOOR2 as well"),
    "a floor under one item and a floor under more": (
        [FULL, OTHER, floor("FLOOR", "FULL"), floor("FLOOR2", "FULL, OTHER")],
        "what FULL leaves below a floor is made up by FLOOR and by FLOOR2 as well"),
    "a floor that counts more than is paid": (
        [FULL, OTHER, blend("BLEND", FULL="50%", OTHER="50%"), floor("FLOOR", "FULL, BLEND")],
        "item FLOOR covers FULL, which is paid within BLEND and not by itself: name BLEND"),
    "a floor of all items before the last": (
        [floor("FLOOR"), FULL], "item FLOOR covers all items, but FULL stands after it"),
    "two items pay one stream": (
        [pooled("ONE", "QOF: QOF, DES: DES"), pooled("TWO", "QOF: QOF")],
        "the pounds of QOF (2023-24) are paid by ONE and by TWO"),
}  # fmt: skip
ONCE = {
    # what it is: (items, what each pays in order)
    "of_pays: nothing": ([FULL, LINE, POT.replace("of: FULL", "of: FULL, of_pays: nothing")], "0 0 400"),
    "of_pays: by itself": ([FULL, LINE, POT.replace("of: FULL", "of: FULL, of_pays: by itself")], "1000 0 400"),
    "one blend of both": ([FULL, LINE, POT, blend("BLEND", FULL="50%", POT="50%")], "0 0 0 700"),
    "one blend within another": (
        [FULL, LINE, POT, blend("IN", POT="100%"), blend("BLEND", FULL="50%", IN="50%")], "0 0 0 0 700"),
    "a floor under the floor": ([FULL, floor("FLOOR", "FULL"), floor("FLOOR2", "FULL, FLOOR")], "1000 1000 0"),
    "a floor of all items that stands last": ([FULL, floor("FLOOR")], "1000 1000"),
    "each stream once": ([pooled("ONE", "QOF: QOF"), pooled("TWO", "DES: DES")], "600 400"),
    "a stream behind one of two conditions": (
        ["{item: G1, title: G, pays: {gateway: {elements: {E1: e}}}}",
         "{item: G2, title: G, pays: {gateway: {elements: {E2: e}}}}",
         pooled("ONE", "QOF: QOF", ", requires: [G1]"), pooled("TWO", "QOF: QOF", ", requires: [G2]")], "0 0 600 0"),
}  # fmt: skip


@pytest.mark.parametrize("case", TWICE)
def test_money_that_would_be_paid_twice_is_refused(case: str) -> None:
    lines, told = TWICE[case]
    with pytest.raises(Refused) as refused:
        local(items(*lines))
    assert told in " ".join(problem.message for problem in refused.value.problems)


@pytest.mark.parametrize("case", ONCE)
def test_the_same_file_put_right_pays_it_once(case: str) -> None:
    lines, pounds = ONCE[case]
    rows = paid(local(items(*lines)), COUNTS, "practice_code", "pounds", ignore_unknown=True)
    assert [float(row[1] or 0) for row in rows if row[0] == "A1"] == [float(text) for text in pounds.split()]


def test_of_pays_goes_with_of() -> None:
    with pytest.raises(Refused, match="'of_pays' goes with 'of'"):
        local(items(LINE, "{item: POT, title: P, pays: {pot: {money: £5, of_pays: nothing, items: [LINE]}}}"))


def in_advance(share: str, of: str) -> str:
    ahead = f"paid_in_advance: {{share: {share}, of: {of}, instalments: 12, due: last day of each month}}"
    return TERMS.replace("terms:", f"terms:\n  {ahead}")


IN_ADVANCE = in_advance("80%", "award for full achievement")
NOT_KNOWN = {
    # kinds whose most nobody knows before the year has ended
    "activity": "{item: IT, title: It, pays: {activity: {tariff: £10}}}",
    "fixed, per head": "{item: IT, title: It, pays: {fixed: {pays: £1, per: head, for: it}}}",
    "pot of an item": POT.replace("of: FULL", "of: FULL, of_pays: by itself").replace("POT", "IT"),
    "blend": blend("IT", FULL="100%"),
    "historic": "{item: IT, title: It, pays: {historic: {of: QOF, years: [2023-24], in: pounds}}}",
    "pooled": pooled("IT", "QOF: QOF"),
    "shared_savings": "{item: IT, title: It, pays: {shared_savings: {share: 50%}}}",
    "income_protection": floor("IT"),
}  # fmt: skip


@pytest.mark.parametrize("kind", NOT_KNOWN)
def test_an_advance_of_the_full_award_beside_what_nobody_knows_in_advance_is_refused(kind: str) -> None:
    lines = [FULL, *([LINE] if kind.startswith("pot") else []), NOT_KNOWN[kind]]
    with pytest.raises(Refused) as refused:
        local(items(*lines), terms=IN_ADVANCE)
    assert [problem.code for problem in refused.value.problems] == ["scheme.advance-unknown"]
    assert "what full achievement of IT pays" in refused.value.problems[0].message


@pytest.mark.parametrize("most", ["most: £500", "most_per_year: 50", "most_per_quarter: 20"])
def test_a_cap_makes_the_full_award_known(most: str) -> None:
    assert local(items(f"{{item: IT, title: It, pays: {{activity: {{tariff: £10, {most}}}}}}}"), terms=IN_ADVANCE)


def test_what_is_paid_as_it_is_delivered_is_not_paid_in_advance_as_well() -> None:
    """80% of the £100 in twelve parts; thirty activities at £10, of at most a hundred, after their quarter."""
    terms = IN_ADVANCE.replace("terms:", "terms:\n  paid_on_activity: {days: 30}")
    lines = (OTHER, "{item: IT, title: It, pays: {activity: {tariff: £10, most_per_year: 100}}}")
    counts = "A1 OTHER DECLARED 1\nA1 IT ACTIVITY 30 2024-Q1"
    columns = ("practice_code", "status", "pounds", "paid_in_advance", "balance", "recovery")
    [row] = [r for r in paid(local(items(*lines), terms=terms), counts, *columns, table="payment.csv") if r[0] == "A1"]
    assert row == ("A1", "final", "400.00", "80.00", "20.00", "0.00")


ASPIRATION = in_advance("70%", "previous achievement or agreed points")
BLOCKS = in_advance("required", "blocks")
WEIGHTS = "weights: {list: {list: {column: list_size, called: list, at: 2024-04-01}, over: 6000, over_at: 2024-04-01}}"
DECLARED = "{item: IT, title: It, indicator: SMOK003, measure: declared, pays: {boolean: {points: 5}}}"


@pytest.mark.parametrize(
    ("terms", "line", "reason"),
    [
        (ASPIRATION, DECLARED, "Last year's points are missing"),
        (BLOCKS, OTHER.replace("OTHER", "IT"), "The share paid in advance is not known"),
        (IN_ADVANCE.replace("80%", "required"), OTHER.replace("OTHER", "IT"), "The share paid in advance is not known"),
    ],
)
def test_who_cannot_be_settled_is_not_final(terms: str, line: str, reason: str) -> None:
    """The award is known and the advance is not: no balance can be worked out, so nobody would be paid."""
    found = local(items(line), WEIGHTS, terms=terms)
    columns = ("practice_code", "status", "pounds", "paid_in_advance", "balance", "reason")
    [row] = [row for row in paid(found, "A1 IT DECLARED 1", *columns, table="payment.csv") if row[0] == "A1"]
    assert row[1] == "provisional"
    assert row[3:5] == ("", "")
    assert reason in row[5]


HISTORIC = "{{item: {0}, title: H, pays: {{historic: {{of: QOF, years: [{1}], in: pounds}}}}}}"
ASKED = {
    "two items on one achievement": ([LINE, LINE.replace("LINE", "LINE2")], True),
    "two items on the pounds of one year": ([HISTORIC.format("H1", "2022-23"), HISTORIC.format("H2", "2022-23")], True),
    "another year": ([HISTORIC.format("H1", "2022-23"), HISTORIC.format("H2", "2021-22")], False),
    "another indicator": ([LINE, LINE.replace("LINE", "LINE2").replace("AF006", "AF007")], False),
    "another condition": (
        ["{item: G1, title: G, pays: {gateway: {elements: {E1: e}}}}", LINE,
         LINE.replace("item: LINE,", "item: LINE2, requires: [G1],")], False),
}  # fmt: skip


@pytest.mark.parametrize("case", ASKED)
def test_check_asks_whether_the_same_counts_are_meant_to_pay_twice(case: str, tmp_path: Path) -> None:
    lines, asked = ASKED[case]
    path = tmp_path / "a-scheme.yaml"
    path.write_text("\n".join([HEAD, SOURCE, "point: {value: £200}", TERMS, items(*lines)]), encoding="utf-8")
    said = command("check", path)
    assert said.status == 0
    assert ("[lint.paid-twice]" in said.out) is asked
