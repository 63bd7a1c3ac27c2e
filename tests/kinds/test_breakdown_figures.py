"""The kind: a figure of a breakdown differs between formats or from what the use case came to, or a hidden one shows.

Expected figures are worked out by hand from the cells below.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from html.parser import HTMLParser

import openpyxl
import pyarrow as pa
import pytest
from tests.kinds.figures_in_formats import Value, assert_in_every_format

from remit.disclosure.breakdowns import EvaluatedCounts, broken_down, of_practice
from remit.disclosure.policies import load_policy
from remit.disclosure.result import BreakdownResult, by_type
from remit.documents.blocks import Block, Cell, Document, Fold, Para, Table
from remit.documents.breakdown import TWO_RELEASES, document
from remit.documents.breakdown_findings import finding, findings
from remit.documents.breakdown_rows import COLUMNS, as_csv, sheets
from remit.documents.render.html import as_html
from remit.documents.render.terminal import plain_text
from remit.documents.render.workbook import as_xlsx
from remit.evaluation.layout import CELLS
from remit.evaluation.manifest import EvaluationManifest
from remit.organisation import Practice

# By tenth of deprivation: achieved, not achieved, PCAs.
TENTHS = {
    "1": (200, 100, 20),
    "2": (210, 90, 12),
    "3": (150, 50, 9),
    "9": (160, 40, 10),
    "10": (240, 60, 15),
}
# By sex: of sex I two people, so that the women, who are the fewer, are not shown either.
SEX = {"F": (430, 160, 30), "M": (529, 179, 36), "I": (1, 1, 0)}
# By reason of the PCA.
REASONS = {"HTMAX": ("unsuitable", 20), "BPDEC": ("chose not to", 25), "HYPINV": ("did not respond", 21)}
# Of the 1,300 in the denominator.
PARTS = {"BLOOD_PRESSURE": (1_100, 1_300), "HBA1C": (963, 1_300), "FOOT": (1_296, 1_300)}
POLICY = replace(load_policy("default"), round_denominators_to=1)


def evaluation() -> EvaluatedCounts:
    rows = []
    for dimension, values in (("deprivation", TENTHS), ("sex", SEX)):
        for value, counts in values.items():
            for category, many in zip(("achieved", "not_achieved", "pca"), counts, strict=True):
                rows.append(("A1", "DM", dimension, value, category, many))
    whole = (sum(counts) for counts in zip(*TENTHS.values(), strict=True))
    for category, many in zip(("achieved", "not_achieved", "pca"), whole, strict=True):
        rows.append(("A1", "DM", "all", "all", category, many))
    rows += [("A1", "DM", "pca_reason", reason, "pca", many) for reason, (_, many) in REASONS.items()]
    cells = pa.Table.from_pylist([dict(zip(CELLS.names, row, strict=True)) for row in rows if row[-1]], CELLS)
    manifest = EvaluationManifest.model_construct(definitions={})  # type: ignore[call-arg]  # nothing else is read
    return EvaluatedCounts(
        cells,
        {"A1": Practice("A1", name="First Surgery")},
        manifest,
        {("DM", reason): kind for reason, (kind, _) in REASONS.items()},
        {("DM", part): {"A1": counts} for part, counts in PARTS.items()},
    )


def result(by: str, practice: str = "") -> BreakdownResult:
    if practice:
        policy = load_policy("exact")
        breakdowns = tuple(of_practice(evaluation(), ["DM"], by, practice, policy))
    else:
        policy = POLICY
        breakdowns = tuple(broken_down(evaluation(), ["DM"], by, policy))
    reasons = {("DM", reason): "In words" for reason in REASONS}
    types = by_type(breakdowns, {"DM": "process"}) if by == "pca-reason" else ()
    return BreakdownResult(by, policy, breakdowns, "a-scheme", date(2025, 3, 31), practice, (), {}, reasons, types)


RESULTS = {by: (by, "") for by in ("deprivation", "sex", "pca-reason")} | {"a practice": ("sex", "A1")}


class _Tables(HTMLParser):
    """The texts of the cells of a page's tables, in their order."""

    def __init__(self) -> None:
        super().__init__()
        self.cells: list[str] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag in ("td", "th"):
            self.inside = True
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th"):
            self.inside = False

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.cells[-1] += data


def tables(blocks: tuple[Block, ...]) -> Iterator[Table]:
    for block in blocks:
        if isinstance(block, Table):
            yield block
        elif isinstance(block, Fold):
            yield from tables(block.blocks)


def figures(of: Document) -> dict[str, Cell]:
    cells = [cell for table in tables(of.blocks) for row in table.rows for cell in row.cells if isinstance(cell, Cell)]
    found = {cell.figure: cell for cell in cells if cell.figure}
    assert len(found) == len([cell for cell in cells if cell.figure]), "a figure's id is there once"
    return found


@pytest.mark.parametrize("case", RESULTS)
def test_every_format_has_the_same_figures(case: str) -> None:
    shown = result(*RESULTS[case])
    made = document(shown)
    expected = figures(made)
    assert expected
    page = _Tables()
    page.feed(as_html(made))
    texts = [str(text) for table in tables(made.blocks) for text in (
        *(column.title for column in table.columns), *(cell for row in table.rows for cell in row.cells))]  # fmt: skip
    assert [" ".join(cell.split()) for cell in page.cells] == [" ".join(text.split()) for text in texts]
    terminal = plain_text(made.blocks, 200)
    assert [cell.text for cell in expected.values() if cell.text not in terminal] == []
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(sheets(shown))))
    found = {}
    for figure, text, place in book["Figures"].iter_rows(min_row=2, values_only=True):
        sheet, _, at = str(place).rpartition("!")
        found[figure] = (text, book[sheet.strip("'")][at].value)
    assert {figure: text for figure, (text, _) in found.items()} == {f: cell.text for f, cell in expected.items()}
    for figure, (_, value) in found.items():
        exact = expected[figure].value
        assert not isinstance(exact, date)
        assert value == (pytest.approx(float(exact)) if exact is not None else expected[figure].text)


HAND: dict[str, dict[str, Value]] = {
    "deprivation": {
        "DM/1/numerator": 200, "DM/1/achievement": Fraction(2, 3), "DM/10/denominator": 300, "DM/10/pcas": 15,
        "DM/gap of tenths/gap": Fraction(40, 3), "DM/all/denominator": 1300, "DM/part FOOT/numerator": None,
    },
    "sex": {"DM/M/numerator": 529, "DM/F/denominator": None, "DM/I/achievement": None, "DM/together/denominator": 592},
    "pca-reason": {"DM/HTMAX/pcas": 20, "DM/all/pcas": 66, "type process/rate": Fraction(66, 1366)},
    "a practice": {"DM/I/denominator": 2, "DM/F/achievement": Fraction(430, 590), "DM/all/excluded": 0},
}  # fmt: skip


@pytest.mark.parametrize("case", HAND)
def test_figures_worked_out_by_hand_are_in_every_format(case: str) -> None:
    assert_in_every_format(document(result(*RESULTS[case])), HAND[case])


def csv_rows(of: BreakdownResult) -> dict[tuple[str, str], dict[str, str]]:
    rows = list(csv.DictReader(io.StringIO(as_csv(of).decode())))
    assert tuple(rows[0]) == COLUMNS
    return {(row["breakdown"], row["value"]): row for row in rows}


@pytest.mark.parametrize("case", RESULTS)
def test_the_csv_has_them_too(case: str) -> None:
    shown = result(*RESULTS[case])
    keys = {"together": "together", "deprivation-fifth": "fifth ", "pca-category": "category ", "part": "part "}
    cells = figures(document(shown))
    columns = ("numerator", "denominator", "achievement", "low", "high", "pcas", "excluded")
    compared = 0
    for (of, value), row in csv_rows(shown).items():
        if of in ("gap", "indicator-type"):
            continue
        key = value if of == "together" else f"{keys.get(of, '')}{value}"
        for column in columns:
            cell = cells.get(f"DM/{key}/{column}")
            exact = cell.value if cell else None
            if isinstance(exact, Fraction):
                assert cell is not None
                assert f"{float(row[column]):.1f}" == cell.text.rstrip("%")
            else:
                assert row[column] == ("" if exact is None else str(exact)), (of, value, column)
            compared += exact is not None
    assert compared == len([c for f, c in cells.items() if c.value is not None and "gap" not in f and "type" not in f])


def test_the_finding_comes_first_with_its_interval() -> None:
    """200 of 300 is 0.6115 to 0.7176 by Wilson, 240 of 300 is 0.7511 to 0.8413. So the gap of 0.1333 goes down by the
    root of 0.0489^2 + 0.0509^2, to 0.0627, and up by that of 0.0413^2 + 0.0552^2, to 0.2023."""
    [one] = result("deprivation").breakdowns
    ends = "66.7% in the most deprived tenth, 80.0% in the least"
    assert finding(one) == f"{ends}: a gap of 13.3 percentage points (95% interval 6.3 to 20.2)."
    assert document(result("deprivation")).blocks[1] == Para(finding(one), "lead")


def test_fifths_are_the_sums_of_their_tenths() -> None:
    """Tenths 1 and 2 are 410 of 600; 9 and 10 are 400 of 500. The gap is 80.0 - 68.3. Tenth 4 has nobody."""
    cells = figures(document(result("deprivation")))
    assert (cells["DM/fifth 1/numerator"].value, cells["DM/fifth 1/denominator"].value) == (410, 600)
    assert cells["DM/fifth 2/denominator"].value == 200
    assert cells["DM/gap of fifths/gap"].text == "11.7"
    assert "DM/fifth 3/denominator" not in cells


def test_a_row_that_is_hidden_does_not_take_a_whole_sex_with_it() -> None:
    """Two of sex I hide, and the 590 women with them; women and sex I together are all 1,300 less the 708 men."""
    cells = figures(document(result("sex")))
    assert {cells[f"DM/{sex}/denominator"].text for sex in "FI"} == {"*"}
    together = [cells[f"DM/together/{of}"].value for of in ("numerator", "denominator", "pcas")]
    assert together == [960 - 529, 1_300 - 708, 66 - 36]
    [one] = result("sex").breakdowns
    assert one.together is not None
    assert one.together.name == "Female and Indeterminate together"


def test_what_is_hidden_has_no_value_and_no_interval() -> None:
    for case in RESULTS.values():
        for name, cell in figures(document(result(*case))).items():
            assert cell.value is not None or cell.text in ("*", "–"), name
            if name.endswith("/achievement") and cell.value is None:
                ends = [figures(document(result(*case)))[name.replace("achievement", end)] for end in ("low", "high")]
                assert [end.value for end in ends] == [None, None]


def test_pcas_come_in_the_three_categories_of_the_review() -> None:
    of = result("pca-reason")
    assert [cell.name for cell in of.breakdowns[0].above] == [
        "care described in the indicator unsuitable for the patient",
        "patient chose not to receive care",
        "patient did not respond to offers of care",
    ]
    assert finding(of.breakdowns[0]) == "66 PCAs: 25 chose not to; 21 did not respond; 20 unsuitable."
    assert [(one.name, one.pcas, one.denominator) for one in of.types] == [("process", 66, 1_300)]


def test_a_part_is_hidden_where_few_are_without_it_or_few_differ_from_the_whole() -> None:
    """960 of 1,300 achieve the whole. 4 have no foot check; 963 have HbA1c, of whom 3 do not achieve the whole."""
    cells = figures(document(result("deprivation")))
    shown = {part: cells[f"DM/part {part}/numerator"].text for part in PARTS}
    assert shown == {"BLOOD_PRESSURE": "1,100", "HBA1C": "*", "FOOT": "*"}


def test_a_practice_is_named_and_nothing_of_it_is_hidden() -> None:
    [by_practice] = broken_down(evaluation(), ["DM"], "practice", POLICY)
    assert by_practice.cells[0].name == "First Surgery (A1)"
    own = figures(document(result("sex", "A1")))
    assert own["DM/I/denominator"].value == 2
    assert json.dumps([cell.text for cell in own.values()]).count("*") == 0


def test_the_page_says_that_two_releases_can_be_subtracted() -> None:
    assert TWO_RELEASES in plain_text(document(result("sex")).blocks, 400)
    assert TWO_RELEASES not in plain_text(document(result("sex", "A1")).blocks, 400)


def test_what_several_indicators_come_to_is_said_of_the_largest() -> None:
    one = result("deprivation").breakdowns[0]
    two = replace(one, indicator="HYP", cells=one.cells[:2])
    both = replace(result("deprivation"), breakdowns=(one, two))
    assert findings(both).startswith("Achievement is lower in the most deprived tenth than in the least under 1 of 1")
    assert "The largest gap is that of DM: 66.7%" in findings(both)
