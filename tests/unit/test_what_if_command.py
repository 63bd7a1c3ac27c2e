"""`remit what-if`: the answer by hand arithmetic, what is not known, overlays, what is refused, and what it writes."""

from __future__ import annotations

import re
from fractions import Fraction
from pathlib import Path

import pytest
import yaml
from tests.bad_files.command import CommandResult, assert_refused, contents, remit
from tests.kinds.figures_in_formats import Value, assert_in_every_format

from remit.application.what_if import Request, evaluate
from remit.cli.what_if import _question
from remit.core.sums import Sum
from remit.documents.what_if import what_if

PRACTICES = """practice_code,practice_name,place_code,network_code,list_size,weighted_list_size
A1,Ash,cannock-chase,N1,10000,10000
A2,Birch,stafford-and-surrounds,N2,5000,5000
A3,Cedar,cannock-chase,N1,2000,2000
"""
COUNTS = """practice_code,indicator_code,measure,value
A1,2a,NUMERATOR,41
A1,2a,DENOMINATOR,100
A2,2a,NUMERATOR,50
A2,2a,DENOMINATOR,100
A1,4,NUMERATOR,73
A1,4,DENOMINATOR,100
A1,4,PCAS,3
A2,4,NUMERATOR,90
A2,4,DENOMINATOR,100
A2,4,PCAS,3
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three practices, of items 2a and 4; nobody has counted anything of A3."""
    home = tmp_path_factory.mktemp("home")
    (home / "practices.csv").write_text(PRACTICES, encoding="utf-8")
    (home / "counts.csv").write_text(COUNTS, encoding="utf-8")
    given = (
        "--practices",
        home / "practices.csv",
        "--counts",
        home / "counts.csv",
        "--indicator",
        "2a",
        "--indicator",
        "4",
    )
    assert remit("run", "qif-2024-25", *given, "--out", home / "run").status == 0
    return home / "run"


def answer(said: CommandResult) -> str:
    """What stands first, on one line."""
    assert said.status == 0, said.err
    return " ".join(said.out.partition("All together")[0].split())


def test_the_answer_by_hand(run: Path) -> None:
    """2a pays 10p above 35%, 13p above 40%, 17p above 45%. 3 points higher, A1's 41% is above 38% alone: 3p a head of
    10,000 less, £300. A2's 50% is above 48% still."""
    said = remit("what-if", run, "--item", "2a", "--thresholds", "+3pp")
    assert (
        "If the thresholds of item 2a were 3 percentage points higher, 1 of 3 practices would lose £300.00; "
        "nobody would gain." in answer(said)
    )
    assert "Not known for Cedar (A3), and in no sum here." in answer(said)
    assert "Keep this change: --save-overlay reform.yaml" in said.out


def asked(run: Path, *words: str) -> dict[str, int | None]:
    """The difference of each practice in pence, for what is typed."""
    typed = []
    for name, text in zip(words[::2], words[1::2], strict=True):
        typed.append((name, text))
    return {unit.code: unit.difference for unit in evaluate(Request(run, _question(tuple(typed)))).sides.units}


@pytest.mark.parametrize(
    ("words", "one", "two"),
    [
        (("item", "2a", "thresholds", "-2pp"), 0, 0),  # 41% is above 38% and not 43%; 50% above 43% as above 45%
        (("item", "2a", "pence", "+1"), 10_000, 5_000),  # 1p x 10,000 and x 5,000
        (("item", "2a,4", "pence", "+0.5"), 10_000, 5_000),  # half a penny twice
        (("item", "2a", "item", "4", "pence", "+0.5"), 10_000, 5_000),  # the same
        (("pence", "+0.5"), 10_000, 5_000),  # every item that has been run
        (("item", "2a", "pence", "+1", "item", "4", "pence", "-1"), 0, 0),
        (("item", "2a", "retire", ""), -130_000, -85_000),  # 13p and 17p a head
        (("item", "2a", "patients", "+5"), 40_000, 0),  # 46% is above 45%: 17p in place of 13p
        (("item", "2a", "patients", "+500"), 40_000, 0),  # never above the denominator
        (("item", "2a", "patients", "-500"), -130_000, -85_000),  # and never below nobody
        (("item", "4", "thresholds", "+10pp"), -250_000, 0),  # 73% is above none of 75, 82, 88; 90% above all
    ],
)
def test_each_change_by_hand(run: Path, words: tuple[str, ...], one: int, two: int) -> None:
    found = asked(run, *words)
    assert (found["A1"], found["A2"]) == (one, two)
    assert found["A3"] is None


def test_what_the_change_does_not_touch_need_not_be_known(run: Path, tmp_path: Path) -> None:
    """A practice whose item 4 nobody counted: the difference of 2a is known, and its award is so far."""
    (tmp_path / "practices.csv").write_text(PRACTICES, encoding="utf-8")
    (tmp_path / "counts.csv").write_text(COUNTS.partition("A1,4,")[0], encoding="utf-8")
    given = ("--practices", tmp_path / "practices.csv", "--counts", tmp_path / "counts.csv")
    assert remit("run", "qif-2024-25", *given, "--out", tmp_path / "run").status == 0
    [unit] = [
        unit
        for unit in evaluate(Request(tmp_path / "run", _question((("item", "2a"), ("pence", "+1"))))).sides.units
        if unit.code == "A1"
    ]
    assert (unit.difference, unit.before, unit.share) == (10_000, Sum(130_000, 0, 1), None)


def test_an_overlay_that_is_kept_says_the_same_when_it_is_laid_on_again(run: Path, tmp_path: Path) -> None:
    before, keep = contents(run), tmp_path / "reform.yaml"
    said = remit(
        "what-if", run, "--item", "2a", "--thresholds", "+3pp", "--item", "4", "--retire", "--save-overlay", keep
    )
    assert said.status == 0, said.err
    tree = yaml.safe_load(keep.read_text(encoding="utf-8"))
    assert (tree["extends"], tree["removed"]) == ("qif-2024-25", ["4"])
    assert tree["items"][0]["pays"]["steps"]["steps"][0] == "above 38% pays 10p [what-if]"
    assert remit("check", keep).status == 0
    again = remit("what-if", run, "--overlay", keep)
    figures = [re.findall(r"−?£[0-9,.]+", one.out.partition("By item")[0]) for one in (said, again)]
    assert figures[0] == figures[1]
    assert "If reform.yaml were in force, " in answer(again)
    assert contents(run) == before, "the run does not change"


def test_a_change_on_an_overlay_is_kept_on_top_of_it(run: Path, tmp_path: Path) -> None:
    first, second = tmp_path / "first.yaml", tmp_path / "below" / "second.yaml"
    second.parent.mkdir()
    assert remit("what-if", run, "--item", "2a", "--pence", "+1", "--save-overlay", first).status == 0
    words = ("--overlay", first, "--item", "2a", "--pence", "+1", "--save-overlay", second)
    assert remit("what-if", run, *words).status == 0
    assert yaml.safe_load(second.read_text(encoding="utf-8"))["extends"] == "../first.yaml"
    assert "15p" in second.read_text(encoding="utf-8"), "13p and twice a penny"


REFUSED: list[tuple[tuple[str, ...], tuple[str, ...]]] = [
    ((), ("there is no change to look at", "--item 4 --thresholds +3pp")),
    (("--item", "HYP", "--thresholds", "+3pp", "--item", "44", "--pence", "+1"), ("'HYP'", "'44'", "2 problems")),
    (
        ("--thresholds", "3", "--pence", "x", "--patients", "1.5"),
        ("+3pp", "+1, -0.5 or 2.5", "+10 or -10", "3 problems"),
    ),
    (("--item", "4"), ("--item 4: no change follows it.",)),
    (("--retire",), ("name the items",)),
    (("--item", "4", "--points", "+1"), ("item 4 has no points: it has thresholds and pence a head.", "--overlay")),
    (("--item", "4", "--pence", "20"), ("22p, 25p and 30p", "such as +1")),
    (("--item", "4", "--pence", "-23"), ("22p would be below 0", "at most 22p")),
    (("--points", "+1"), ("no item of qif-2024-25 has points",)),
    (("--patients", "+1", "--save-overlay", "keep.yaml"), ("only patients are otherwise", "--save-overlay")),
]


@pytest.mark.parametrize(("words", "told"), REFUSED, ids=[" ".join(words) or "nothing" for words, _ in REFUSED])
def test_what_does_not_fit_is_refused_with_what_to_do(run: Path, words: tuple[str, ...], told: tuple[str, ...]) -> None:
    assert_refused(remit("what-if", run, *words), *told)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            "scheme: mine\nextends: qof-england-2024-25\n",
            ("laid over 'qof-england-2024-25'", "Did you mean qif-2024-25?"),
        ),
        ("extends: qif-2024-25\nitems: [{item: '4', measure: mesure}]\n", ("'mesure'", "over.yaml:2")),
        ("extends: nothing-there\n", ("nothing-there",)),
    ],
)
def test_an_overlay_that_does_not_fit_is_refused_at_its_place(
    run: Path, text: str, told: tuple[str, ...], tmp_path: Path
) -> None:
    (tmp_path / "over.yaml").write_text(text, encoding="utf-8")
    assert_refused(remit("what-if", run, "--overlay", tmp_path / "over.yaml"), *told)


def test_an_overlay_without_extends_is_laid_over_the_runs_scheme(run: Path, tmp_path: Path) -> None:
    (tmp_path / "over.yaml").write_text("removed: ['4']\ntotals: {}\n", encoding="utf-8")
    said = remit("what-if", run, "--overlay", tmp_path / "over.yaml")
    assert "If over.yaml were in force, 2 of 3 practices would lose £4,000.00 in all" in answer(said)


def test_every_format_has_each_practice_those_that_do_not_move_too(run: Path, tmp_path: Path) -> None:
    """A1 earns 13p + 25p a head of 10,000, A2 17p + 30p of 5,000; 300 of 3,800 are 3/38."""
    sides = evaluate(Request(run, _question((("item", "2a"), ("thresholds", "+3pp"))))).sides
    expected: dict[str, Value] = {
        "A1/before": 380_000, "A1/after": 350_000, "A1/difference": -30_000, "A1/share": Fraction(-3, 38),
        "A2/before": 235_000, "A2/after": 235_000, "A2/difference": 0, "A2/share": Fraction(0),
        "A3/difference": None, "whole/difference": -30_000, "item/2a/lose": 1, "item/2a/gain": 0,
    }  # fmt: skip
    assert_in_every_format(what_if(sides), expected)
    files = {ending: tmp_path / f"w.{ending}" for ending in ("html", "pdf", "xlsx", "csv")}
    words = [word for ending, path in files.items() for word in (f"--{ending}", str(path))]
    assert remit("what-if", run, "--item", "2a", "--thresholds", "+3pp", *words).status == 0
    assert all(path.stat().st_size for path in files.values())


@pytest.mark.parametrize("option", ["--html", "--pdf", "--xlsx", "--csv"])
def test_a_change_is_not_kept_where_a_page_is_written(option: str, run: Path, tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    kept = tmp_path / "below" / ".." / "same"
    said = remit("what-if", run, "--pence", "+1", option, tmp_path / "same", "--save-overlay", kept)
    assert_refused(said, "two options name the same file")
    assert not (tmp_path / "same").exists()


BLENDED = """scheme: blended
version: "1"
title: Two items, paid half each
commissioner: An ICB
year: 2024-25
achievement_date: 2025-03-31
sources:
  paper: {title: The paper, published: "2024", standing: verified}
source: paper
terms: {balance: {due: 2025-07-31}}
items:
  - {item: ONE, title: One, pays: {fixed: {pays: £100, for: it, declared: not asked}}}
  - {item: TWO, title: Two, pays: {fixed: {pays: £50, for: it, declared: not asked}}}
  - {item: BOTH, title: Both, pays: {blend: {parts: {ONE: 50%, TWO: 50%}}}}
"""


def test_items_that_were_paid_within_one_that_is_retired_are_paid_by_themselves(tmp_path: Path) -> None:
    (tmp_path / "blended.yaml").write_text(BLENDED, encoding="utf-8")
    (tmp_path / "practices.csv").write_text("practice_code,practice_name,list_size\nA1,Ash,1000\n", encoding="utf-8")
    (tmp_path / "counts.csv").write_text(
        "practice_code,indicator_code,measure,value\nA1,*,AGREED,1\n", encoding="utf-8"
    )
    given = ("--practices", tmp_path / "practices.csv", "--counts", tmp_path / "counts.csv")
    said = remit("run", tmp_path / "blended.yaml", *given, "--out", tmp_path / "run")
    assert said.status == 0, said.err
    found = evaluate(Request(tmp_path / "run", _question((("item", "BOTH"), ("retire", ""))))).sides
    assert found is not None
    [unit] = found.units
    assert (unit.before.pence, unit.after.pence, unit.difference) == (7500, 15000, 7500), unit.reason
