"""What ./demo files adds to made-up people: figures for all that no record tells, and a page that opens everything."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from remit.application.inputs import read_clusters, read_rules
from remit.application.synth import SynthRequest, make_people
from remit.evaluation.evaluator import Evaluator
from remit.evaluation.folder import write_evaluation
from remit.records.store import Store
from remit.runs import Run, read_inputs, write_run
from remit.scheme import load_scheme

ROOT = Path(__file__).parents[2]
SCHEME = "qof-england-2024-25"
DAY = date(2025, 1, 31)


def script(name: str, *arguments: object) -> str:
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / name, *map(str, arguments)], capture_output=True, text=True, check=True
    )
    return done.stdout


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration in small: 2,000 people of three practices, evaluated, completed and priced."""
    folder = tmp_path_factory.mktemp("demo")
    make_people(SynthRequest(folder / "records", 2000, DAY, practices=3))
    evaluator = Evaluator(load_scheme(SCHEME), Store(folder / "records"), read_clusters(None), read_rules([]), DAY)
    write_evaluation(evaluator, folder / "qof-counted")
    script("demo_figures.py", SCHEME, folder / "qof-counted", folder / "qof-counts.csv")
    inputs = read_inputs(
        [SCHEME],
        folder / "qof-counted" / "practices.csv",
        folder / "qof-counts.csv",
        national="from-run",
        period=DAY.isoformat(),
    )
    for name in ("qif", "qof"):  # the page needs two runs; which schemes they are of is all one to it
        write_run(Run(inputs), folder / name)
    return folder


def test_all_76_items_are_priced_in_every_practice(folder: Path) -> None:
    import remit

    run = remit.open_run(folder / "qof")
    results = [run.practice(code) for code in run.codes]
    assert [len(result.awards) for result in results] == [76] * 3
    assert [award.item.item for result in results for award in result.awards if award.pence is None] == []
    assert all(result.settlement.advance for result in results)


def test_the_index_says_the_money_first_and_links_only_what_is_there(folder: Path) -> None:
    (folder / "area.html").write_text("<p>here</p>")
    said = script("demo_index.py", folder, "P002")
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert said.startswith("By 31 January three made-up practices have earned £")
    assert said.strip() in page
    assert 'href="area.html"' in page
    assert "worklist.html" not in page
