"""The cash calendar: QIF's worked example, worked by hand, and a second scheme beside it."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from icalendar import Calendar as ICalendar

import remit
from remit.core.problems import Refused
from remit.documents.calendar import as_icalendar, document, rows
from remit.documents.render.html import as_html
from remit.runs.calendar import calendar

EXAMPLE = Path(__file__).parents[2] / "examples" / "qif-2024-25"


@pytest.fixture
def qif() -> remit.Run:
    settings = {"notified": "2025-06-30", "chol004_from": "2024-12-05"}
    return remit.run("qif-2024-25", EXAMPLE / "practices.csv", EXAMPLE / "counts.csv", settings=settings)


@pytest.fixture
def qof(tmp_path: Path) -> remit.Run:
    counts = tmp_path / "counts.csv"
    counts.write_text("practice_code,indicator_code,measure,value\nA1,*,AGREED,100\n")
    return remit.run("qof-england-2018-19", EXAMPLE / "practices.csv", counts)


def test_what_comes_in_and_goes_out_by_hand(qif: remit.Run) -> None:
    made = calendar([qif], "A1")
    assert [e.pence for e in made.events] == [140000] * 12 + [-11667] * 5 + [-11665]
    assert made.events[12].day == date(2025, 7, 30)
    assert made.events[-1].day == date(2025, 12, 30)
    assert made.total == 16100_00
    assert made.months()[0] == ("2024-04", 140000, 140000)
    assert made.months()[-1] == ("2025-12", -11665, 16100_00)
    assert made.months()[12] == ("2025-04", 0, 16800_00)


def test_a_recovery_without_a_day_comes_last_and_is_named(qif: remit.Run) -> None:
    settings = {"chol004_from": "2024-12-05"}
    open_run = remit.run("qif-2024-25", EXAMPLE / "practices.csv", EXAMPLE / "counts.csv", settings=settings)
    made = calendar([open_run], "A1")
    assert [e.day for e in made.events[-6:]] == [None] * 6
    assert made.months()[-1] == ("2025-03", 140000, 16800_00)
    assert any(
        "Quality Improvement Framework (QIF) 2024/25: recovery, −£700.00" in getattr(block, "items", ())
        for block in document(made, True).blocks
    )


def test_two_schemes_stand_side_by_side_by_their_days(qif: remit.Run, qof: remit.Run) -> None:
    made = calendar([qif, qof], "A1")
    # 70% of 100 points at £179.26 and a list of 10,500 over 8,096
    assert sum(e.pence or 0 for e in made.events if e.scheme == "qof-england-2018-19") == 1627422
    assert [e.day for e in made.events if e.day] == sorted(e.day for e in made.events if e.day)


def test_one_scheme_twice_is_refused(qif: remit.Run) -> None:
    with pytest.raises(Refused, match="twice"):
        calendar([qif, qif], "A1")


def test_an_unknown_practice_is_refused(qif: remit.Run) -> None:
    with pytest.raises(Refused, match="no practice 'A2'"):
        calendar([qif], "A2")


def test_icalendar_has_the_dated_payments_and_the_same_bytes_each_time(qif: remit.Run) -> None:
    made = calendar([qif], "A1")
    data = as_icalendar(made)
    assert data == as_icalendar(calendar([qif], "A1"))
    events = ICalendar.from_ical(data).walk("VEVENT")
    assert len(events) == 18
    assert events[0].decoded("dtstart") == date(2024, 4, 30)
    assert "£1,400.00" in str(events[0]["summary"])
    assert len({str(event["uid"]) for event in events}) == 18


def test_csv_has_a_sign_for_each_direction(qif: remit.Run) -> None:
    written = list(rows(calendar([qif], "A1")))
    assert written[0][:5] == ["2024-04-30", "A1", "qif-2024-25", "instalment", "1400.00"]
    assert written[-1][4] == "-116.65"


def test_the_page_has_its_table_beside_the_chart(qif: remit.Run) -> None:
    html = as_html(document(calendar([qif], "A1"), True))
    assert 'role="img"' in html
    assert len(re.findall(r"<caption", html)) == 2
