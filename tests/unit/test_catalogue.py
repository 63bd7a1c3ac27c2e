"""Reminders at their boundaries, narrowing by service and kind, and what `remit catalogue` writes."""

from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from icalendar import Calendar as ICalendar
from tests.bad_files.command import assert_refused, contents, remit

import remit as package
from remit.catalogue import Service, load_catalogue, narrowed, reminders
from remit.catalogue.reminders import Reminder, reminder
from remit.core.problems import Refused

GOOD = Path(__file__).parents[1] / "bad_files" / "good_catalogue.yaml"


@pytest.fixture
def qif() -> Service:
    """Due for review from 1 January to 31 March 2026."""
    return load_catalogue("staffordshire").services[0]


@pytest.fixture
def spirometry() -> Service:
    """Due on one day, 30 September 2025."""
    return load_catalogue("staffordshire").services[2]


def said(found: Reminder) -> tuple[str, str]:
    return found.standing, found.said


@pytest.mark.parametrize(
    ("on", "months", "expected"),
    [
        (date(2025, 9, 30), 0, ("under way", "due today")),
        (date(2025, 10, 1), 0, ("overdue", "overdue by 1 day")),
        (date(2025, 10, 2), 12, ("overdue", "overdue by 2 days")),
        (date(2025, 6, 30), 3, ("due", "due in 92 days")),  # July 31, August 31, September 30
        (date(2025, 6, 29), 3, ("later", "due in 93 days")),
        (date(2025, 9, 29), 0, ("later", "due in 1 day")),
        (date(2025, 8, 31), 1, ("due", "due in 30 days")),  # a month after 31 August is 30 September
    ],
)
def test_a_review_on_one_day(spirometry: Service, on: date, months: int, expected: tuple[str, str]) -> None:
    assert said(reminder(spirometry, on, months)) == expected


@pytest.mark.parametrize(
    ("on", "months", "expected"),
    [
        (date(2025, 12, 31), 0, ("later", "due in 1 day")),
        (date(2025, 12, 1), 1, ("due", "due in 31 days")),
        (date(2025, 11, 30), 1, ("later", "due in 32 days")),
        (date(2026, 1, 1), 0, ("under way", "due, 89 days left")),  # 30 more in January, 28, 31
        (date(2026, 3, 31), 0, ("under way", "due today")),
        (date(2026, 4, 1), 0, ("overdue", "overdue by 1 day")),
    ],
)
def test_a_review_over_months(qif: Service, on: date, months: int, expected: tuple[str, str]) -> None:
    assert said(reminder(qif, on, months)) == expected


def test_reminders_come_in_the_order_of_their_last_days() -> None:
    found = reminders(load_catalogue("staffordshire").services, date(2026, 4, 1), 9)
    assert [r.service.service for r in found] == [
        "spirometry", "qif", "qif-plus", "anticoagulation-doac", "anticoagulation-joint",
    ]  # fmt: skip
    found = reminders(load_catalogue("staffordshire").services, date(2026, 3, 31), 9)
    assert [r.service.service for r in found] == ["spirometry", "qif", "qif-plus"]  # nine months end on 31 December


@pytest.mark.parametrize("months", [-1, 100000])
def test_months_that_are_none_are_refused(qif: Service, months: int) -> None:
    with pytest.raises(Refused, match="not a number of months"):
        reminder(qif, date(2025, 1, 1), months)


@pytest.mark.parametrize(
    "name",
    ["staffordshire", "Staffordshire and Stoke-on-Trent Integrated Care Board", "staffordshire and stoke on trent icb"],
)
def test_a_commissioner_is_found_by_its_names(name: str) -> None:
    assert load_catalogue(name).catalogue == "staffordshire"
    assert package.load_catalogue(name).catalogue == "staffordshire"


def test_a_service_is_found_by_its_id_or_title_whatever_its_capitals() -> None:
    whole = load_catalogue("staffordshire")
    assert [s.service for s in narrowed(whole, ["QIF", "joint doac warfarin"]).services] == [
        "qif",
        "anticoagulation-joint",
    ]
    assert len(narrowed(whole, (), ["Enhanced service"]).services) == 3


def test_a_catalogue_of_ones_own_may_have_any_kind() -> None:
    made = load_catalogue(GOOD)
    assert [s.kind for s in made.services] == ["prescribing incentive scheme", "community pharmacy service"]
    assert [row[0] for row in made.table()] == [
        "Service", "Delivery level", "Commissioning method", "Contracting", "Measurement", "Review schedule",
        "Support interest",
    ]  # fmt: skip


def test_more_services_than_a_page_is_wide_for_go_into_several_tables(tmp_path: Path) -> None:
    text = GOOD.read_text(encoding="utf-8")
    one = text[text.index("  - service: prescribing") : text.index("  - service: pharmacy")]
    more = "".join(
        one.replace("service: prescribing", f"service: s{n}").replace("Prescribing scheme", f"Scheme {n}")
        for n in range(7)
    )
    (tmp_path / "many.yaml").write_text(text + more, encoding="utf-8")
    said = remit(
        "catalogue", "--file", tmp_path / "many.yaml", "--html", tmp_path / "m.html", "--pdf", tmp_path / "m.pdf"
    )
    assert said.status == 0, said.err
    page = (tmp_path / "m.html").read_text(encoding="utf-8")
    assert "(1 of 2)" in page
    assert "(2 of 2)" in page


def test_the_days_are_in_the_diary(tmp_path: Path) -> None:
    path = tmp_path / "reviews.ics"
    assert remit("catalogue", "--commissioner", "staffordshire", "--service", "qif", "--service", "spirometry",
                 "--ics", path).status == 0  # fmt: skip
    entries = [(e.decoded("dtstart"), str(e["summary"])) for e in ICalendar.from_ical(path.read_bytes()).walk("VEVENT")]
    assert entries == [
        (date(2026, 1, 1), "Review begins: Quality Improvement Framework"),
        (date(2026, 3, 31), "Last day of review: Quality Improvement Framework"),
        (date(2025, 9, 30), "Review due: Spirometry service"),
    ]


def test_reminders_in_every_file_and_the_same_bytes_twice(tmp_path: Path) -> None:
    for folder in (tmp_path / "one", tmp_path / "two"):
        files = [w for e in ("csv", "xlsx", "pdf", "html", "ics") for w in (f"--{e}", folder / f"due.{e}")]
        said = remit("catalogue", "--commissioner", "staffordshire", "--due", "1", "--on", "2026-04-01", *files)
        assert said.status == 0, said.err
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    with (tmp_path / "one" / "due.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(r["service"], r["standing"], r["days"], r["on"]) for r in rows] == [
        ("spirometry", "overdue", "183", "2026-04-01"),  # October 31, 30, 31, 31, 28, 31 and 1 April
        ("qif", "overdue", "1", "2026-04-01"),
        ("qif-plus", "overdue", "1", "2026-04-01"),
    ]
    sheet = openpyxl.load_workbook(tmp_path / "one" / "due.xlsx")["Reviews due"]
    assert [cell.value for cell in sheet["F"]] == [
        "Standing",
        "overdue by 183 days",
        "overdue by 1 day",
        "overdue by 1 day",
    ]
    assert "1 April 2026" in (tmp_path / "one" / "due.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("width", ["80", "120"])
def test_the_terminal_breaks_no_word(width: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", width)
    words = {word for row in load_catalogue("staffordshire").table() for cell in row for word in cell.split()}
    for more in ((), ("--across",)):
        said = remit("catalogue", "--commissioner", "staffordshire", *more)
        assert said.status == 0
        head = set() if more else {"1.", "List", "of", "ICB", "Commissioned", "services"}
        assert words - set(said.out.replace(":", " ").split()) <= head


def test_nothing_due_is_said() -> None:
    said = remit("catalogue", "--commissioner", "staffordshire", "--due", "0", "--on", "2025-01-01")
    assert said.status == 0
    assert "No review is overdue or due within 0 months of 1 January 2025." in said.out


def test_without_a_commissioner_the_catalogues_are_listed() -> None:
    said = remit("catalogue")
    assert said.status == 0
    assert "staffordshire  Staffordshire and Stoke-on-Trent Integrated Care Board" in said.out


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--commissioner", "stafordshire"), "there is no catalogue 'stafordshire'. Did you mean staffordshire"),
        (("--commissioner", "staffordshire", "--service", "spiro"), "no service 'spiro' in the catalogue. Did you"),
        (("--commissioner", "staffordshire", "--kind", "enhanced"), "no kind 'enhanced'. Did you mean enhanced"),
        (
            ("--commissioner", "staffordshire", "--kind", "prescribing incentive scheme"),
            "no such service is of the kind prescribing incentive scheme. The catalogue has: quality incentive scheme",
        ),
        (("--commissioner", "staffordshire", "--due", "3", "--on", "2025-02-30"), "there is no such day as 2025-02-30"),
        (("--commissioner", "staffordshire", "--due", "-1"), "not a number of months"),
        (("--commissioner", "staffordshire", "--on", "2025-02-28"), "--on goes with --due"),
        (("--commissioner", "staffordshire", "--file", "x.yaml"), "do not go together"),
        (("--kind", "enhanced service"), "whose catalogue?"),
        (("--file", "missing.yaml"), "missing.yaml: there is no such file"),
    ],
)  # fmt: skip
def test_a_wrong_option_says_what_is_right(words: tuple[str, ...], expected: str) -> None:
    assert_refused(remit("catalogue", *words), expected)


def test_no_file_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("kept")
    words = ("catalogue", "--commissioner", "staffordshire", "--html", tmp_path / "a.html", "--csv", tmp_path / "a.csv")
    assert_refused(remit(*words), "is there already")
    assert contents(tmp_path) == {"a.csv": b"kept"}
    assert remit(*words, "--replace").status == 0
    assert_refused(
        remit(*words[:3], "--csv", tmp_path / "b", "--html", tmp_path / "b"), "two options name the same file"
    )


def test_the_files_of_the_docs_are_good(tmp_path: Path) -> None:
    page = (GOOD.parents[2] / "docs" / "how-to" / "catalogue-and-foi.md").read_text(encoding="utf-8")
    texts = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    for name, text in zip(("my-catalogue.yaml", "my-register.yaml"), texts, strict=True):
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert remit("catalogue", "--file", tmp_path / "my-catalogue.yaml").status == 0
    said = remit("foi", "--register", tmp_path / "my-register.yaml")
    assert said.status == 0, said.err
    # 16-18 September 3, 21-25 8, to 2 October 13, 5-9 18, 12-16 23, 19-23 28, 26-30 33, 2-6 November 38, 9, 10
    assert "by 10 November 2026, within 40 working days" in said.out
