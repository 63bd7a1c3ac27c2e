"""How schemes differ. Of neighbouring years of QOF, the comparison reads as the summary of changes that was published.

2019-20: 28 indicators (175 points) retired, 15 new (101), 74 points for quality improvement. 2024-25: 32 protected (212
points), of which 19 registers (81) already were. 2025-26: these 212 retired, 71 of them removed and 141 moved to nine
cardiovascular indicators, from 81 points to 222.
"""

from __future__ import annotations

import json

import pytest
from tests.bad_files.command import remit

from remit.documents.blocks import Para, Table
from remit.documents.scheme_difference import difference
from remit.scheme import Scheme, load_scheme
from remit.scheme.comparison import SchemeComparison, compare
from remit.scheme.loader import build
from remit.scheme.source import parse_source


def shipped(before: str, after: str) -> SchemeComparison:
    return compare(load_scheme(before), load_scheme(after))


def changed(text: str, before: str, after: str) -> Scheme:
    assert before in text
    return build(parse_source(text.replace(before, after, 1), "changed.yaml"))


@pytest.fixture(scope="module")
def qif_text() -> str:
    from remit.scheme import frozen_text

    return frozen_text(load_scheme("qif-2024-25"))


def test_qif_plus_is_one_more_item_and_more_pounds() -> None:
    found = shipped("qif-2024-25", "qif-plus-2024-25")
    assert found.summary() == "1 new item; £2.10 → £4.00 per weighted patient"
    assert (found.retired, found.changed, found.same) == ((), (), 8)
    totals = {change.name: (change.before, change.after) for change in found.sections["totals"]}
    assert totals == {"most": ("£2.10", "£4.00"), "points": ("64", "121"), "items": ("8", "9")}


def test_2019_20_retired_28_indicators_and_recycled_their_points() -> None:
    assert shipped("qof-england-2018-19", "qof-england-2019-20").summary() == (
        "28 retired = 175 points; 15 new = 101 points; quality improvement 4 = 74 points; £179.26 → £187.74 a point"
    )


def test_2024_25_protected_32_indicators_of_which_19_registers_were_protected_already() -> None:
    found = shipped("qof-england-2023-24", "qof-england-2024-25")
    assert found.summary() == (
        "32 protected = 212 points, of which 19 = 81 already were; 2 items replaced by a successor; "
        "£213.43 → £220.62 a point"
    )
    assert [(c.before.item, c.after.item) for c in found.changed if c.replaced] == [
        ("CHOL001", "CHOL003"),
        ("CHOL002", "CHOL004"),
    ]


def test_2025_26_removed_71_points_and_moved_141_to_nine_cardiovascular_indicators() -> None:
    found = shipped("qof-england-2024-25", "qof-england-2025-26")
    parts = found.summary().split("; ")
    assert parts[:2] == ["32 retired = 212 points, all of them protected", "71 points removed"]
    moved, _, codes = parts[2].partition(": ")
    assert moved == "141 points moved to 9 items (81 → 222)"
    assert sorted(codes.split(", ")) == sorted(
        ["CHD015", "CHD016", "CHOL003", "CHOL004", "DM036", "HYP008", "HYP009", "STIA014", "STIA015"]
    )
    assert parts[3:] == ["4 items replaced by a successor", "635 → 564 points", "£220.62 → £225.49 a point"]
    assert not found.new


def test_2026_27_makes_12_indicators_9_and_moves_18_points_from_cholesterol() -> None:
    """By hand: DM037 4 to 10, NDH003 18 to 20, DM034 4 to 8 and DM035 2 to 8 are the 18 points that CHOL003 loses."""
    found = shipped("qof-england-2025-26", "qof-england-2026-27")
    assert found.summary() == (
        "2 new = 18 points; 18 points moved from CHOL003 to 4 items (28 → 46): DM037, NDH003, DM034, DM035; "
        "12 items replaced by 9; 10 changed items; 564 → 582 points; £225.49 → £227.95 a point; "
        "5 items wait for what must be looked up: AF006, VI001, VI002, VI003, DM037"
    )
    merged = {change.after.item: [item.item for item in change.befores] for change in found.changed if change.others}
    assert merged == {"CD001": ["CHD015", "STIA014"], "CD002": ["CHD016", "STIA015"], "HF009": ["HF003", "HF006"]}
    assert all(change.gain == 0 for change in found.changed if change.others)
    assert not found.retired


def test_2026_27_reads_as_a_colleague_says_it() -> None:
    document = difference(shipped("qof-england-2025-26", "qof-england-2026-27"))
    tables = [block for block in document.blocks if isinstance(block, Table)]
    lines = [" ".join(" ".join(map(str, row.cells)).split()) for table in tables for row in table.rows]
    said = "\n".join([*lines, *(block.text for block in document.blocks if isinstance(block, Para))])
    for words in (
        "CHD015 + STIA014 → CD001 33 + 8 → 41 points, 40% to 90% Two registers are one",
        "12 points, 40% to 90% → 40% to (95% or 90%)",
        "38 → 20 points (−18)",
        "The register begins at age 5",
        "STIA007 Ticagrelor counts too.",
        "79 in NICE's IND249",
        "£127,176.36 £132,666.90",
        "DM037: lower threshold 40%: My Practice Manager, preparation guide 35%: medicus-suite",
        "What no report says of VI001, VI002 and VI003: fewest patients of a year of improvement; share",
        "'remit show qof-england-2026-27' names the documents that decide",
    ):
        assert words in said, words


@pytest.mark.parametrize("way", [1, -1])
def test_an_item_and_its_successor_are_one_change_either_way_round(way: int) -> None:
    found = shipped(*["qof-england-2024-25", "qof-england-2025-26"][::way])
    pairs = {(c.before.item, c.after.item)[::way] for c in found.changed if c.replaced}
    assert pairs == {("DM033", "DM036"), ("DM022", "DM034"), ("DM023", "DM035"), ("AST011", "AST012")}
    asthma = next(c for c in found.changed if "AST012" in (c.before.item, c.after.item))
    assert {("item", "AST011", "AST012"), ("item", "AST012", "AST011")} & {
        (c.name, c.before, c.after) for c in asthma.changes
    }


def test_points_that_no_source_gives_are_not_counted_as_removed() -> None:
    found = shipped("qof-england-2018-19", "qof-review-2018-practice")
    assert found.summary() == (
        "6 retired = 59 points; 5 new items; 3 quality improvement items; 559 → 500 points; "
        "what 8 items are worth is not known; 5 items wait for what must be looked up: DM-REVIEW, DM-HBA1C, DM-BP, "
        "DM-CHOL, DM-FRAIL"
    )


def test_the_way_back_swaps_what_is_new_and_what_is_retired() -> None:
    there = shipped("qof-england-2018-19", "qof-england-2019-20")
    back = shipped("qof-england-2019-20", "qof-england-2018-19")
    assert (there.retired, there.new) == (back.new, back.retired)
    assert len(there.changed) == len(back.changed)


def test_a_scheme_does_not_differ_from_itself() -> None:
    found = shipped("qif-2024-25", "qif-2024-25")
    assert (found.none, found.summary()) == (True, "No difference")


@pytest.mark.parametrize(
    ("before", "after", "name", "was", "now"),
    [
        ("above 40% pays 20p", "above 41% pays 20p", "steps", "above 40% pays 20p; ", "above 41% pays 20p; "),
        ("indicator: HYP008\n  measure", "indicator: CHD005\n  measure", "indicator", "HYP008", "CHD005"),
        ("label_points: '9'", "label_points: '8'", "label points", "9", "8"),
        ("value: 10.61%", "value: 10.5%", "guard", "England 10.61%", "England 10.5%"),
    ],
)
def test_what_changed_in_an_item_is_named(
    qif_text: str, before: str, after: str, name: str, was: str, now: str
) -> None:
    text = qif_text.replace("  points: '64'\n", "")
    found = compare(load_scheme("qif-2024-25"), changed(text, before, after))
    assert len(found.changed) == 1
    change = next(one for one in found.changed[0].changes if one.name == name)
    assert (was in change.before, now in change.after) == (True, True)


@pytest.mark.parametrize(
    ("before", "after", "section", "name", "now"),
    [
        ("share: ", "share: 70% # ", "terms", "paid in advance", "70% of award for full achievement"),
        ("months: '6'", "months: '3'", "terms", "recovery", "in at most 3 months from notified"),
        ("pounds: 2 places, half up", "pounds: 0 places, half up", "rounding", "pounds", "0 places, half up"),
        ("at: '2024-01-01'", "at: '2024-04-01'", "money", "paid by", "normalised weighted list size at 2024-04-01"),
    ],
)
def test_what_changed_elsewhere_is_in_its_section(
    qif_text: str, before: str, after: str, section: str, name: str, now: str
) -> None:
    text = qif_text.replace("share:\n      value: 80%\n      source: qif-2024-25\n", "share: 80%\n")
    found = compare(load_scheme("qif-2024-25"), changed(text, before, after))
    assert [(change.name, change.after) for change in found.sections[section]] == [(name, now)]
    assert not found.changed


def test_the_command_prints_the_sentence_first_and_ends_well() -> None:
    said = remit("diff", "qif-2024-25", "qif-plus-2024-25")
    assert (said.status, said.err) == (0, "")
    title, _, first, *_ = said.out.splitlines()
    assert (title, first) == (
        "qif-plus-2024-25 beside qif-2024-25",
        "1 new item; £2.10 → £4.00 per weighted patient.",
    )
    assert "8 items are the same." in said.out
    assert remit("diff", "qif-2024-25", "qif-2024-25").out.splitlines()[2] == "No difference."


def test_the_command_gives_the_same_as_data() -> None:
    said = remit("diff", "qif-2024-25", "qif-plus-2024-25", "--format", "json")
    data = json.loads(said.out)
    assert data["new"] == [
        {
            "item": "remainder",
            "title": "The further indicators of QIF Plus, which the source does not list",
            "most": "1.9",
            "unit": "pounds per weighted head",
            "label_points": "57",
        }
    ]
    assert data["offered to"][-1] == {"what": "stoke-on-trent", "before": None, "after": "Stoke-on-Trent"}
