"""Where practices stand: the practice's own position with its trend, an area's under consent, and both as files.

Three extracts of QIF 2024/25: item 2a of A1 is 5 of 6 (too few for others), then 50 of 99; of A2 20, 30, 41 of 100.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path

import openpyxl
import pytest
from django.test import Client
from tests.service import area, figures_in

from remit.documents.position import PracticePosition
from remit.service import clock
from remit.service.extracts.models import Extract, PracticeFigures
from remit.service.people.models import Person
from remit.service.positions import reading
from remit.service.scope import reach
from remit.service.scope.acting import acting

pytestmark = pytest.mark.one_database

AT = "/positions/QAA/qif-2024-25/"
DAYS = (date(2025, 1, 31), date(2025, 2, 28), date(2025, 3, 31))


@pytest.fixture
def extracts(board: area.Area, tmp_path: Path) -> Iterator[list[Extract]]:
    """A1 and A2 have figures of three days; A2 alone shares them."""
    figures_in.consent(board, "A2")
    version = figures_in.scheme(board)
    with clock.at(datetime.fromisoformat("2025-04-20T12:00:00+00:00")):
        found = []
        for n, (day, those) in enumerate(zip(DAYS, ((5, 20), (5, 30), (50, 41, 99)), strict=True)):
            counts = figures_in.counts(*those)
            found.append(figures_in.checked(figures_in.received(board, version, tmp_path / f"in{n}", counts, day=day)))
        yield found


def visitor(board: area.Area, role: str, code: str) -> Client:
    return area.signed_in(figures_in.someone(role, board[code]))


def seen_by(who: Person, board: area.Area, code: str) -> PracticePosition:
    with acting(reach.of_person(who, date(2025, 4, 20), True)):
        found = reading.position_of(board[code], "QAA", "qif-2024-25")
    assert found is not None
    return found


def test_a_practice_reads_its_own_year(board: area.Area, extracts: list[Extract]) -> None:
    """£16,800 in advance in twelve parts, all of them fallen due by 20 April 2025."""
    own = seen_by(figures_in.someone("practice_lead", board["A1"]), board, "A1")
    assert [one.day for one in own.figures] == list(DAYS)
    assert [one.achieved["2a"] for one in own.figures] == [Fraction(5, 6), Fraction(5, 6), Fraction(50, 99)]
    assert own.moved_since == (DAYS[1], 2)
    assert own.moved is not None
    page = visitor(board, "practice_lead", "A1").get(f"{AT}practice/A1/").content.decode()
    for words in ("£16,800.00", "Fallen due by 20 Apr 2025", "extract 3", "What moved since 28 February 2025",
                  "denominator 6 → 99", "83.3%", "50.5%", "Provisional"):  # fmt: skip
        assert words in page, words


def test_others_see_no_small_number_and_only_those_that_share(board: area.Area, extracts: list[Extract]) -> None:
    manager = figures_in.someone("contract_manager", board["QAA"])
    client = area.signed_in(manager)
    assert client.get(f"{AT}practice/A1/").status_code == 404
    assert client.get(f"{AT}practice/A2/").status_code == 200
    figures_in.consent(board, "A1", since=date(2025, 2, 1))
    shared = seen_by(manager, board, "A1")
    assert [one.day for one in shared.figures] == list(DAYS[1:])  # only the days of the consent
    assert [one.achieved.get("2a") for one in shared.figures] == [None, Fraction(50, 99)]
    page = client.get(f"{AT}practice/A1/").content.decode()
    assert "83.3%" not in page
    assert "6 → 99" not in page


def test_what_moved_of_a_day_that_was_not_shared_is_not_shown(board: area.Area, extracts: list[Extract]) -> None:
    figures_in.consent(board, "A1", since=date(2025, 3, 31))
    manager = figures_in.someone("contract_manager", board["QAA"])
    assert seen_by(manager, board, "A1").moved is None
    with acting(reach.of_person(manager, date(2025, 4, 20), True)):
        rows = {one.code: one for one in reading.positions_in(extracts[-1]).rows}
    assert rows["A1"].difference is None
    assert rows["A2"].difference == 65_000  # 41% pays 13p for each of 5,000, and 30% nothing


def test_the_area_has_a_line_for_each_and_says_who_is_missing(board: area.Area, extracts: list[Extract]) -> None:
    figures_in.consent(board, "A1")
    client = visitor(board, "contract_manager", "QAA")
    page = client.get(AT).content.decode()
    for words in ("First practice (A1)", "Second practice (A2)", "Third practice (A3)", "1 practice is not in the",
                  "28 February 2025, extract 2", "Counts"):  # fmt: skip
        assert words in page, words
    earlier = client.get(f"{AT}1/").content.decode()
    assert "31 January 2025, extract 1" in earlier
    assert client.get(f"{AT}9/").status_code == 404


def test_positions_as_files_have_the_same_pounds(board: area.Area, extracts: list[Extract]) -> None:
    client = visitor(board, "contract_manager", "QAA")
    pence = PracticeFigures.objects.get(extract=extracts[-1], practice=board["A2"]).pence
    assert pence
    text = client.get(f"{AT}3/positions.csv").content.decode("utf-8-sig")
    cells = {cell for row in csv.reader(io.StringIO(text)) for cell in row}
    assert f"{pence / 100:.2f}" in cells
    assert not any("A1" in cell for cell in cells if "Not" not in cell and "does" not in cell and "(A1)" not in cell)
    for path in (f"{AT}3/positions.xlsx", f"{AT}practice/A2/position.xlsx"):
        book = openpyxl.load_workbook(io.BytesIO(client.get(path).content))
        values = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
        assert pence / 100 in values, path
    assert client.get(f"{AT}3/positions.pdf").status_code == 404
    assert client.get(f"{AT}practice/A2/position.exe").status_code == 404


def test_an_extract_that_was_superseded_is_in_no_trend(
    board: area.Area, extracts: list[Extract], tmp_path: Path
) -> None:
    again = figures_in.received(board, extracts[0].scheme_version, tmp_path / "again", figures_in.counts(3, 41),
                                day=DAYS[0], reason="A patient was counted twice.")  # fmt: skip
    assert figures_in.checked(again).state == "accepted"
    own = seen_by(figures_in.someone("practice_lead", board["A1"]), board, "A1")
    assert [one.extract for one in own.figures] == [4, 2, 3]
    assert own.figures[0].achieved["2a"] == Fraction(1, 2)


def test_the_list_leads_to_what_somebody_may_see(board: area.Area, extracts: list[Extract]) -> None:
    assert visitor(board, "practice_viewer", "A1").get("/positions/").headers["Location"] == f"{AT}practice/A1/"
    assert visitor(board, "contract_manager", "QAA").get("/positions/").headers["Location"] == AT
    assert "nothing to show yet" in visitor(board, "practice_viewer", "A3").get("/positions/").content.decode()
    assert visitor(board, "network_manager", "NW2").get(AT).status_code == 200
