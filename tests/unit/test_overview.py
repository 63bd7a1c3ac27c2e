"""`remit overview`: the answer and figures by hand, sensitive items in pounds, a page that leads to statements."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest
from tests.bad_files.command import assert_refused, remit
from tests.deck import inputs as deck
from tests.kinds.figures_in_formats import Value, assert_in_every_format

from remit.application.overview import Request, evaluate, sensitive_items
from remit.core.sums import Sum
from remit.documents.blocks import Cell, Document, Fold, Table
from remit.documents.overview import overview as document
from remit.runs import open_run

PRACTICES = """practice_code,practice_name,place_code,network_code,list_size,weighted_list_size
A1,Ash,cannock-chase,N1,10000,10000
A2,Birch,stafford-and-surrounds,N2,5000,5000
"""
COUNTS = """practice_code,indicator_code,measure,value
A1,2a,NUMERATOR,41
A1,2a,DENOMINATOR,100
A1,1b,NUMERATOR,46
A1,1b,DENOMINATOR,100
A1,1a,REGISTER,80
A1,1a,LIST_SIZE,10000
A2,2a,NUMERATOR,50
A2,2a,DENOMINATOR,100
A2,1a,REGISTER,20
A2,1a,LIST_SIZE,5000
"""
SET = ("notified=2025-06-02", "balance_due=2025-07-01", "chol004_from=2024-12-05", "evidence_reviewed=2025-06-01")


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """Two practices; of A2 nobody counted 1b, and of both nothing else is known."""
    (tmp_path / "practices.csv").write_text(PRACTICES, encoding="utf-8")
    (tmp_path / "counts.csv").write_text(COUNTS, encoding="utf-8")
    given = ("--practices", tmp_path / "practices.csv", "--counts", tmp_path / "counts.csv")
    words = [word for one in SET for word in ("--set", one)]
    narrowed = [word for item in ("1a", "1b", "2a") for word in ("--indicator", item)]
    assert remit("run", "qif-2024-25", *given, *words, *narrowed, "--out", tmp_path / "run").status == 0
    return tmp_path / "run"


def test_pounds_earned_of_those_possible_by_hand(run: Path) -> None:
    """A1: 1a at 0.8% pays 15p, 1b at 46% 26p, 2a at 41% 13p: 54p x 10,000. A2: 1a at 0.4% nothing, 2a at 50% 17p.

    Possible are 15p + 26p + 17p = 58p a head: £5,800 and £2,900.
    """
    [found] = evaluate(Request((run,))).runs
    one, two = found.positions
    assert (one.earned, one.possible, one.share) == (Sum(540_000, 1, 0), 580_000, Fraction(54, 58))
    assert (two.earned, two.possible, two.share) == (Sum(85_000, 0, 1), 290_000, None)
    assert [(mark.item, mark.pence, mark.possible, mark.known, mark.full) for mark in one.marks] == [
        ("1a", 150_000, 150_000, True, True),
        ("1b", 260_000, 260_000, True, True),
        ("2a", 130_000, 170_000, True, False),
    ]
    assert [(mark.item, mark.pence, mark.known) for mark in two.marks] == [
        ("1a", 0, True),
        ("1b", None, False),
        ("2a", 85_000, True),
    ]
    assert [(line.item, line.full, line.nothing, line.not_known) for line in found.items] == [
        ("1a", 1, 1, 0),
        ("1b", 1, 0, 1),
        ("2a", 1, 0, 0),
    ]
    assert (found.earned, found.possible) == (Sum(625_000, 1, 1), Sum(870_000, 2, 0))


def test_the_answer_comes_first_and_says_what_is_not_known(run: Path) -> None:
    said = remit("overview", run)
    text = " ".join(said.out.split())
    assert said.status == 0, said.err
    assert "2 practices earned £6,250.00 so far of £8,700.00 possible" in text
    assert "the pounds of 1 item are not known for all of them." in text
    assert "(71.8%)" not in text, "a share of what is not known is no share"


def cells(found: Document) -> dict[str, Cell]:
    """Every figure of a document's tables, by its id."""
    kept: dict[str, Cell] = {}
    for block in [part for one in found.blocks for part in (one.blocks if isinstance(one, Fold) else (one,))]:
        for row in block.rows if isinstance(block, Table) else ():
            for cell in row.cells:
                if isinstance(cell, Cell) and cell.figure:
                    assert cell.figure not in kept
                    kept[cell.figure] = cell
    return kept


def test_a_practice_by_item_shows_rates_and_of_what_is_sensitive_pounds_alone(run: Path) -> None:
    """1b counts deaths: neither its rate nor a count of it stands anywhere."""
    found = evaluate(Request((run,)))
    assert {"1b"} <= set(sensitive_items(open_run(run)))
    made = cells(document(found.runs, found.sensitive))
    assert (made["A1/2a/rate"].text, made["A1/2a/rate"].value) == ("41%", Fraction(41, 100))
    assert (made["A1/1b/pounds"].text, made["A1/1b/pounds"].value) == ("£2,600.00", 260_000)
    assert made["A2/1b/pounds"].text == "?"
    assert "A1/1b/rate" not in made
    assert "46%" not in str(document(found.runs, found.sensitive))


def test_every_format_has_the_same_figures(run: Path, tmp_path: Path) -> None:
    """5,400 of 5,800 are 27/29; A2 was counted at 50 of 100; nobody knows what A2's 1b pays."""
    found = evaluate(Request((run,)))
    expected: dict[str, Value] = {
        "all/earned": 625_000, "all/possible": 870_000, "A1/earned": 540_000, "A1/possible": 580_000,
        "A1/share": Fraction(27, 29), "A2/share": None, "A2/unknown": 1, "A2/2a/rate": Fraction(1, 2),
        "A1/1b/pounds": 260_000, "A2/1b/pounds": None, "item/2a/full": 1, "item/1a/nothing": 1,
    }  # fmt: skip
    assert_in_every_format(document(found.runs, found.sensitive), expected)
    files = {ending: tmp_path / f"o.{ending}" for ending in ("html", "pdf", "xlsx", "csv")}
    words = [word for ending, path in files.items() for word in (f"--{ending}", str(path))]
    assert remit("overview", run, *words).status == 0
    assert all(path.stat().st_size for path in files.values())


def test_the_page_leads_to_a_statement_of_each_practice(run: Path, tmp_path: Path) -> None:
    folder = tmp_path / "overview"
    said = remit("overview", run, "--out", folder)
    assert said.status == 0, said.err
    page = (folder / "overview.html").read_text(encoding="utf-8")
    links = set(re.findall(r'href="(statements/[^"]+)"', page))
    assert {folder / link for link in links} == {folder / "statements" / f"{code}.html" for code in ("A1", "A2")}
    assert all((folder / link).is_file() for link in links)
    again = remit("overview", run, "--out", folder)
    assert_refused(again, "is there already", "--replace")
    assert remit("overview", run, "--out", folder, "--replace").status == 0


def test_two_runs_stand_below_each_other_with_figures_of_their_own(run: Path, tmp_path: Path) -> None:
    found = evaluate(Request((run, run)))
    made = cells(document(found.runs, found.sensitive))
    assert made["1/A1/earned"].value == made["2/A1/earned"].value == 540_000


def test_what_is_not_a_run_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert_refused(remit("overview", tmp_path / "empty"), "remit run")


def test_what_is_paid_in_another_item_is_not_shown_as_nothing(tmp_path: Path) -> None:
    """Dudley's pot is paid in the blend alone: its own line names that item, and has no £0.00."""
    deck.write_inputs("dqofh-dudley-2017-18", tmp_path)
    given = ("--practices", tmp_path / "practices-1.csv", "--counts", tmp_path / "counts-1.csv", "--ignore-unknown")
    settings = deck.settings("dqofh-dudley-2017-18")
    assert remit("run", "dqofh-dudley-2017-18", *given, *settings, "--out", tmp_path / "run").status == 0
    found = evaluate(Request((tmp_path / "run",)))
    lines = {line.item: (line.within, line.nothing) for line in found.runs[0].items}
    assert (lines["POOL"], lines["LTCF"]) == (("DQOFH", 0), ("DQOFH", 0))
    assert "item/POOL/earned" not in cells(document(found.runs, found.sensitive))


def test_where_a_statement_of_any_run_is_there_nothing_is_written(run: Path, tmp_path: Path) -> None:
    """Of two runs, a statement of the second: the first run's are not written either."""
    into = tmp_path / "board"
    (into / "statements" / "2").mkdir(parents=True)
    (into / "statements" / "2" / "A2.html").write_text("mine")
    said = remit("overview", run, run, "--out", into)
    assert_refused(said, "is there already")
    assert [path.name for path in into.rglob("*.html")] == ["A2.html"]


OWN = """
scheme: own
extends: qif-2024-25
version: "1"
title: Own
totals: {}
groups: [{group: CHECKS, title: Health checks, list: whole}]
indicators:
  - {indicator: HC, title: Health checks of people with a learning disability, type: process, group: CHECKS}
items:
  - item: HC
    indicator: HC
    measure: achievement
    pays: {steps: {steps: [above 50% pays 10p], most: 10p}}
"""


def test_an_item_that_says_what_it_counts_is_sensitive_without_rules(run: Path, tmp_path: Path) -> None:
    """As a statement has it: by the words of its title. 30 of 50 patients."""
    (tmp_path / "own.yaml").write_text(OWN, encoding="utf-8")
    with (tmp_path / "counts.csv").open("a", encoding="utf-8") as file:
        file.write("A1,HC,NUMERATOR,30\nA1,HC,DENOMINATOR,50\n")
    given = ("--practices", tmp_path / "practices.csv", "--counts", tmp_path / "counts.csv", "--indicator", "HC")
    said = remit("run", tmp_path / "own.yaml", *given, "--ignore-unknown", "--out", tmp_path / "own")
    assert said.status == 0, said.err
    found = evaluate(Request((tmp_path / "own",)))
    assert found.sensitive["HC"] == "learning disability"
    assert "60%" not in str(document(found.runs, found.sensitive))


def test_what_a_network_earns_as_one_is_in_no_members_cell_as_nothing(tmp_path: Path) -> None:
    """The MMR package pays a network £7,000 for signing up; a member's share of it stands with its pounds."""
    scheme = "nis-tower-hamlets"
    deck.write_inputs(scheme, tmp_path)
    given = ("--practices", tmp_path / "practices-1.csv", "--counts", tmp_path / "counts-1.csv")
    said = remit("run", scheme, *given, *deck.settings(scheme), "--ignore-unknown", "--out", tmp_path / "run")
    assert said.status == 0, said.err
    found = evaluate(Request((tmp_path / "run",)))
    made = cells(document(found.runs, found.sensitive))
    assert "A1/MMR-START/pounds" not in made
    assert made["A1/possible"].text == "by network"
    member = next(one for one in found.runs[0].positions if one.code == "A1")
    assert [(mark.item, mark.within, mark.possible) for mark in member.marks] == [
        ("MMR-START", "N1", None), ("MMR", "N1", None)]  # fmt: skip


def test_a_position_within_the_year_says_its_day(tmp_path: Path) -> None:
    """Counts of the second quarter: in the overview and in a what-if."""
    (tmp_path / "practices.csv").write_text(PRACTICES, encoding="utf-8")
    head, *rows = COUNTS.splitlines()
    text = "\n".join([f"{head},period", *(f"{row},2024-25-Q2" for row in rows)])
    (tmp_path / "counts.csv").write_text(f"{text}\n", encoding="utf-8")
    given = ("--practices", tmp_path / "practices.csv", "--counts", tmp_path / "counts.csv", "--period", "2024-25-Q2")
    assert remit("run", "qif-2024-25", *given, "--out", tmp_path / "run").status == 0
    for words in (("overview",), ("what-if", "--pence", "+1")):
        said = remit(words[0], tmp_path / "run", *words[1:])
        assert "On the counts of 30 September 2024, as though the year had ended so." in " ".join(said.out.split())
