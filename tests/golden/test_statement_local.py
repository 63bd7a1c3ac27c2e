"""Statements of local schemes, as a practice manager and a network manager read them. The figures are hand arithmetic
on `local.py`."""

from __future__ import annotations

import io
import re
from pathlib import Path

import openpyxl
import pypdf
import pytest
from tests.golden.local import (
    ACTIVITY,
    ACTIVITY_COUNTS,
    BLEND,
    BLEND_COUNTS,
    NETWORK,
    NETWORK_COUNTS,
    run_of,
)
from tests.golden.test_statement_workbook import recalculator

from remit.documents.statement.formats import as_html, as_pdf, as_text, as_xlsx
from remit.documents.statement.making import statement
from remit.documents.statement.model import Statement
from remit.runs import Run


def flat(made: Statement) -> str:
    return " ".join(as_text(made, 200).split())


def network(folder: Path, earned_by: str = "practice", counts: str = NETWORK_COUNTS) -> Run:
    return run_of(folder, NETWORK.replace("EARNED", earned_by), counts)


# a gateway, a block, activity


@pytest.mark.parametrize(
    "words",
    [
        "You were paid £32,313.86 in the year and £5,400.00 quarter by quarter for what was delivered, and earned "
        "£46,292.33. £8,578.47 is paid to you as the balance, on a day that is not set yet.",
        "FG The foundation gateway 2 of 2 elements £500.00 £500.00 passed",
        "Requires FG, which is met.",
        "Prevalence index £40,800.3366 × 0.99 = £40,392.333234",
        "Pounds £40,392.333234 = £40,392.33 (2 places, half up)",
        "SPI Spirometry 140, 120 of them paid £5,400.00 £5,400.00 at most 100 a quarter",
        "Q1 100 × £45.00 (120 claimed; at most 100 a quarter) = £4,500.00",
        "is paid 30 days after its end, in full, without setting off what was paid in advance: £4,500.00 on 30 July",
        "30 July 2025 Activity £4,500.00",
        "Day of the balance not in the sources",
    ],
)
def test_a_scheme_of_a_gateway_a_block_and_activity(tmp_path: Path, words: str) -> None:
    assert words in flat(statement(run_of(tmp_path, ACTIVITY, ACTIVITY_COUNTS), "A1"))


def test_what_is_not_opened_pays_nothing_and_says_why(tmp_path: Path) -> None:
    text = flat(statement(run_of(tmp_path, ACTIVITY, ACTIVITY_COUNTS), "A2"))
    assert "FG The foundation gateway 1 of 2 elements nothing £0.00" in text
    assert "BLOCK Historic block nothing £0.00 without FG" in text
    assert "BLOCK: Pays nothing: FG is not met." in text
    assert "Requires FG, which is not met." in text


def test_nothing_to_gain_is_said_where_no_achievement_is_measured(tmp_path: Path) -> None:
    made = statement(run_of(tmp_path, ACTIVITY, ACTIVITY_COUNTS), "A1")
    assert "What more could be earned" not in as_html(made)
    assert "<svg" not in as_html(made)
    assert "not rounded: compared with the thresholds" not in as_html(made)


def test_nothing_in_advance_is_said_plainly(tmp_path: Path) -> None:
    text = flat(statement(run_of(tmp_path, BLEND, BLEND_COUNTS), "A1"))
    assert (
        "Nothing is paid in advance. All that was earned is paid after the year. The balance is due on 30 June" in text
    )
    assert "Paid in advance nothing" in text
    assert "Instalments" not in text


# paid within another


def test_what_is_paid_within_another_is_shown_and_not_added_up(tmp_path: Path) -> None:
    made = statement(run_of(tmp_path, BLEND, BLEND_COUNTS), "A1")
    text = flat(made)
    for words in (
        "You earned £75,000.00.",
        "POOL Historic income £100,000.00 within ALT",
        "BP1 Blood pressure controlled 65% (65 of 100) 6 of 12 points within LTCF 25 more: from 90% +£9,375.00",
        "ADM1 Emergency admissions 7.5% (75 of 1,000) 10 of 20 points within LTCF 25 fewer: up to 5% +£15,625.00",
        "Points (10% − 75 / 1,000) / (10% − 5%) × 20 = 10 points (not rounded)",
        "Paid from the pot £100,000.00 × 16 / 32 = £50,000.00",
        "Paid within ALT, and not by itself",
        "Total 16 of 32 points £75,000.00",
        # 6 more points of 32 in a pot of 100,000, half of it: 9,375; 10 more: 15,625.
        "From 90%: all 12 points. 25 more patients achieved (90 of 100): +£9,375.00 on ALT, the first of them +£375.00",
        "Up to 5%: all 20 points. 25 fewer patients in the numerator (50 of 1,000): +£15,625.00 on ALT",
    ):
        assert words in text


def test_the_workbook_follows_through_pot_and_blend(tmp_path: Path) -> None:
    path = tmp_path / "a1.xlsx"
    path.write_bytes(as_xlsx(statement(run_of(tmp_path, BLEND, BLEND_COUNTS), "A1")))
    cells = recalculator(path)
    assert cells()["ITEMS!N10"] == 75000
    assert cells(items_d6=90)["ITEMS!N10"] == 75000 + 9375
    assert cells(items_d7=50)["ITEMS!N10"] == 75000 + 15625
    assert cells(items_d7=100)["ITEMS!N10"] == 75000 - 15625  # exactly 10% earns nothing
    workings = openpyxl.load_workbook(path)["Workings"]
    rows = [[cell.value for cell in row] for row in workings.iter_rows(min_row=4)]
    assert ["LTCF", "Paid from the pot", "£100,000.00 × 16 / 32", "£50,000.00"] in rows


def test_the_workbook_settles_what_was_paid_on_activity(tmp_path: Path) -> None:
    path = tmp_path / "a1.xlsx"
    path.write_bytes(as_xlsx(statement(run_of(tmp_path, ACTIVITY, ACTIVITY_COUNTS), "A1")))
    found = {row[0].value: row[1].value for row in openpyxl.load_workbook(path, data_only=True)["Summary"].iter_rows()}
    assert found["Paid on activity"] == 5400
    assert found["Balance to pay"] == 8578.47
    assert recalculator(path)()["ITEMS!N8"] == 46292.33


# networks


def test_a_member_sees_its_contribution_beside_the_others(tmp_path: Path) -> None:
    text = flat(statement(network(tmp_path), "A2"))
    for words in (
        "You are paid through network N1, which earned £3,120.00. Your part of it is £1,456.00, shared out by "
        "registered list.",
        "Part of the pool £3,120.00 × 7,000 / 15,000 = £1,456.00",
        "Acre Street (A1) £1,200.00 38.46% Brook Road (A2), this practice £1,920.00 61.54% Church Lane (A3) £0.00 0%",
        "£3,120.00 is to be reinvested: care that the practices give together.",
        "What each item adds to the network's pool",
    ):
        assert words in text


def test_a_member_sees_nothing_of_the_others_but_what_they_contribute(tmp_path: Path) -> None:
    made = statement(network(tmp_path), "A2")
    shown = as_html(made) + "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(as_pdf(made))).pages)
    shown += str(
        [[c.value for c in row] for sheet in openpyxl.load_workbook(io.BytesIO(as_xlsx(made))) for row in sheet]
    )
    assert "1,200" in shown  # the contribution of A1
    for other in ("1,040", "65 of 100", "65%", "5,000", "5000", "624"):  # A1's part, counts and list, A3's part
        assert not re.search(rf"(?<![\d.]){other}", shown), other
    assert made.members == {}


def test_a_network_sees_pool_rule_members_and_parts(tmp_path: Path) -> None:
    text = flat(statement(network(tmp_path), "N1"))
    for words in (
        "You earned £3,120.00. £3,120.00 is paid to you as the balance, on 30 June 2026. It is shared out to your "
        "three members by registered list.",
        "Acre Street (A1) £1,200.00 38.46% 5,000 yes £1,040.00",
        "Brook Road (A2) £1,920.00 61.54% 7,000 yes £1,456.00",
        "Church Lane (A3) £0.00 0% 3,000 yes £624.00",
        "Together £3,120.00 100% £3,120.00",
    ):
        assert words in text


def test_a_blocked_pool_says_whose_assent_is_missing(tmp_path: Path) -> None:
    counts = NETWORK_COUNTS.replace("A2,*,AGREED,1,\n", "").replace("A3,*,AGREED,1,", "A3,*,AGREED,0,")
    run = network(tmp_path, counts=counts)
    why = "A2 has not said yes, A3 has said no."
    text = flat(statement(run, "N1"))
    assert f"It is not shared out to your members yet. {why}" in text
    assert f"Status Blocked. {why}" in text
    assert "Brook Road (A2) £1,920.00 61.54% 7,000 not said not yet" in text
    assert "Church Lane (A3) £0.00 0% 3,000 no not yet" in text
    member = flat(statement(run, "A1"))
    assert f"It is not shared out yet. {why}" in member
    assert "Your part of the pool not known" in member


def test_a_network_that_is_counted_as_one(tmp_path: Path) -> None:
    run = network(tmp_path, "network")
    # 175 of 300 is 58.33%: (175/300 - 0.4) / 0.5 x 12 = 4.4 points = 880.
    text = flat(statement(run, "N1"))
    assert "BP1 Blood pressure controlled 58.33% (175 of 300) 4.4 of 12 £880.00 95 more: from 90% +£1,520.00" in text
    # 95 more patients earn the other 7.6 points, 1,520; one more 0.08 points, 16.
    assert "95 more patients achieved (270 of 300): +£1,520.00, the first of them +£16.00" in text
    member = flat(statement(run, "A2"))
    assert "Acre Street (A1) 65 37.14% Brook Road (A2), this practice 80 45.71% Church Lane (A3) 30 17.14%" in member
    assert "What was counted of this practice" in member
    assert "80% (80 of 100)" in member
    assert "What more could be earned" not in member


@pytest.mark.parametrize("code", ["N1", "A1"])
def test_every_form_of_a_network_statement_can_be_made(tmp_path: Path, code: str) -> None:
    made = statement(network(tmp_path), code)
    assert as_pdf(made).startswith(b"%PDF")
    assert "Network" in openpyxl.load_workbook(io.BytesIO(as_xlsx(made))).sheetnames
    if code == "N1":
        path = tmp_path / "n1.xlsx"
        path.write_bytes(as_xlsx(made))
        assert recalculator(path)()["NETWORK!D8"] == 3120
