"""Requests and their limits, by hand; and what `remit foi` prints and writes."""

from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path

import pytest
from tests.bad_files.command import assert_refused, remit

from remit.catalogue import answer, load_register
from remit.catalogue.register import limits, standing

GOOD = Path(__file__).parents[1] / "bad_files" / "good_register.yaml"


def test_the_shipped_request_by_hand() -> None:
    made = answer("staffordshire", "foi-0525/1288")
    assert made.limits.reply_by == date(2025, 6, 17)
    assert made.limits.review_by == date(2025, 7, 18)
    assert made.limits.taken == (2, 10)  # 20, 21 May; then 22, 23, 27-30 May, 2 and 3 June


@pytest.mark.parametrize(
    ("on", "said"),
    [
        ("2025-05-19", "due in 20 working days"),
        ("2025-05-20", "due in 19 working days"),
        ("2025-05-21", "answered in time (working day 2)"),
        ("2025-06-18", "answered in time (working day 2)"),
    ],
)
def test_how_the_shipped_request_stood(on: str, said: str) -> None:
    register, _ = load_register("staffordshire")
    assert standing(register, register.requests[0], date.fromisoformat(on)) == said


def test_requests_without_a_reply_and_with_a_late_one() -> None:
    register, _ = load_register(GOOD)
    open_one, late = register.requests
    # received on Monday 1 September 2025: 2-5 4, 8-12 9, 15-19 14, 22-26 19, 29 September
    assert limits(register, open_one).reply_by == date(2025, 9, 29)
    assert limits(register, open_one).review_by is None
    assert standing(register, open_one, date(2025, 9, 26)) == "due in 1 working day"
    assert standing(register, open_one, date(2025, 9, 29)) == "due today"
    assert standing(register, open_one, date(2025, 9, 30)) == "no reply: overdue by 1 working day"
    # received on the same day, replied on 30 September: the 21st
    assert limits(register, late).taken == (21,)
    assert standing(register, late, date(2025, 10, 1)) == "answered late (working day 21)"
    # 20 working days from 30 September: 1-3 October 3, 6-10 8, 13-17 13, 20-24 18, 27, 28 October;
    # 28 October is proclaimed a bank holiday in this register
    assert limits(register, late).review_by == date(2025, 10, 29)


def test_the_answer_quotes_questions_and_answers(tmp_path: Path) -> None:
    said = remit("foi", "--register", GOOD, "R-2")
    assert said.status == 0, said.err
    assert "Which services are commissioned?" in said.out
    assert "2. No prescribing budget is delegated." in said.out
    assert "| Service | Prescribing scheme | Pharmacy service |" in said.out
    assert "by 29 October 2025, within 20 working days of the initial response" in said.out


def test_an_open_request_has_no_day_for_its_review() -> None:
    said = remit("foi", "--register", GOOD, "R-1")
    assert "- **Replied:** not yet" in said.out
    assert "- **Internal review:** within 20 working days of the initial response" in said.out


def test_the_page_may_be_found_and_needs_nothing_else(tmp_path: Path) -> None:
    said = remit("foi", "--commissioner", "staffordshire", "--html", tmp_path / "a.html")
    assert said.status == 0
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert "noindex" not in page
    assert re.search(r'src="|<script .|<link|url\(', page) is None
    assert page.count("<h1") == 1
    assert 'lang="en-GB"' in page


def test_the_register_as_a_list_and_as_csv(tmp_path: Path) -> None:
    said = remit("foi", "--register", GOOD, "--list", "--on", "2025-09-29")
    assert said.status == 0
    assert said.out.count("due today") == 2  # on that day neither had been answered
    assert remit("foi", "--register", GOOD, "--list", "--on", "2025-10-01", "--csv", tmp_path / "r.csv").status == 0
    with (tmp_path / "r.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(r["reference"], r["reply_by"], r["replies"], r["standing"]) for r in rows] == [
        ("R-1", "2025-09-29", "", "no reply: overdue by 2 working days"),
        ("R-2", "2025-09-29", "2025-09-30", "answered late (working day 21)"),
    ]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), "whose register?"),
        (("--register", GOOD), "the register has 2 requests. Name one: R-1, R-2."),
        (("R-3", "--register", GOOD), "there is no request 'R-3' in the register. Did you mean R-2 or R-1"),
        (("R-1", "--register", GOOD, "--on", "2025-01-01"), "--on goes with --list"),
        (("R-1", "--register", GOOD, "--list"), "--list is about all requests."),
        (("--commissioner", "derbyshire"), "there is no catalogue 'derbyshire'"),
    ],
)
def test_a_wrong_option_says_what_is_right(words: tuple[str | Path, ...], expected: str) -> None:
    assert_refused(remit("foi", *words), expected)
