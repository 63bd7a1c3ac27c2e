"""The kind: a sentence or a heading of a statement, a comparison or a calendar that says a thing twice or says what is
not so. Each place has a case."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from icalendar import Calendar
from typer.testing import CliRunner

import remit
from remit.cli.main import app
from remit.comparison.compare import compare
from remit.core import say
from remit.documents.blocks import Facts
from remit.documents.statement.formats import as_text
from remit.documents.statement.layout import layout
from remit.documents.statement.making import statement

EXAMPLE = Path(__file__).parents[2] / "examples" / "qif-2024-25"
COUNTS = "practice_code,indicator_code,measure,value\nA1,AF,REGISTER,200\nA1,PAD,REGISTER,40\n"


def run(folder: Path, scheme: str, national: str | Path = "") -> remit.Run:
    (folder / "counts.csv").write_text(COUNTS)
    given = {"national": national} if national else {}
    return remit.run(scheme, EXAMPLE / "practices.csv", folder / "counts.csv", ignore_unknown=True, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("title", "place", "shown"),
    [
        ("Quality and Outcomes Framework (QOF), England, 2024-25", "England", None),
        ("Quality and Outcomes Framework (QOF), Wales, 2018-19", "Wales", None),
        ("NHS England", "England", None),
        (
            "Quality Improvement Framework (QIF) 2024/25",
            "England",
            "Quality Improvement Framework (QIF) 2024/25, England",
        ),
        ("The Englander scheme", "England", "The Englander scheme, England"),
    ],
)
def test_a_heading_says_england_once(title: str, place: str, shown: str | None) -> None:
    assert say.with_place(title, place) == (shown or title)


def test_a_statement_says_england_once(tmp_path: Path) -> None:
    made = statement(run(tmp_path, "qof-england-2024-25"), "A1")
    [scheme] = [
        text for block in layout(made) if isinstance(block, Facts) for name, text in block.rows if name == "Scheme"
    ][:1]
    assert str(scheme).count("England") == 1
    assert "England, 2024-25, England" not in as_text(made)


@pytest.mark.parametrize("scheme", ["qof-england-2024-25", "qif-2024-25", "tqa-scotland-2016-17"])
def test_show_says_the_nation_once(scheme: str) -> None:
    said = " ".join(CliRunner().invoke(app, ["show", scheme], env={"COLUMNS": "200"}).stdout.split())
    assert "England, England" not in said
    assert "NHS England (England)" not in said


def test_compare_names_a_group_that_one_run_lacks_as_a_definition(tmp_path: Path) -> None:
    """PAD has a group in 2018-19; 2025-26 has none, so that no national figure of it is another one."""
    nation = tmp_path / "national.csv"
    nation.write_text("group_code,register,list_size\nAF,2000,100000\nPAD,500,100000\n")
    other = tmp_path / "other.csv"
    other.write_text("group_code,register,list_size\nAF,2000,100000\n")
    one, two = run(tmp_path, "qof-england-2018-19", nation), run(tmp_path, "qof-england-2025-26", other)
    found = compare(one, two)
    assert not [text for cause, text in found.changes if cause == "prevalence" and "PAD" in text]
    assert ("definition", "group PAD in run 1 only") in found.changes


def test_compare_says_where_a_national_figure_is_missing(tmp_path: Path) -> None:
    nation = tmp_path / "national.csv"
    nation.write_text("group_code,register,list_size\nAF,2000,100000\nPAD,500,100000\n")
    other = tmp_path / "other.csv"
    other.write_text("group_code,register,list_size\nAF,2500,100000\n")
    one, two = run(tmp_path, "qof-england-2018-19", nation), run(tmp_path, "qof-england-2018-19", other)
    changes = [text for cause, text in compare(one, two).changes if cause == "prevalence"]
    assert sorted(changes) == ["national figures of AF", "national figures of PAD in run 1 only"]


def test_reviews_have_alarms(tmp_path: Path) -> None:
    path = tmp_path / "reviews.ics"
    given = ["--commissioner", "staffordshire", "--due", "3", "--on", "2026-01-01", "--ics", str(path)]
    assert CliRunner().invoke(app, ["catalogue", *given]).exit_code == 0
    events = Calendar.from_ical(path.read_bytes()).walk("VEVENT")
    assert events
    for event in events:
        alarms = event.walk("VALARM")
        assert [alarm.decoded("trigger") for alarm in alarms] == [-timedelta(days=28), -timedelta(days=7)]
        assert all(str(alarm["description"]) == str(event["summary"]) for alarm in alarms)
