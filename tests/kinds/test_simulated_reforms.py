"""Simulations of bad, partial and extreme inputs: what is not known is never shown as 0; every lever is reachable."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml
from tests.bad_files.command import assert_refused, contents, remit
from tests.kinds.figures_in_formats import Value, cells
from tests.unit.test_simulate import ABOUT, COUNTS, PENNY, PRACTICES, RETIRED, TO_NETWORKS

from remit import run as remit_run
from remit.analysis.simulation.blocks import blocks, stream
from remit.analysis.simulation.results import beyond
from remit.analysis.simulation.timing import check_days
from remit.analysis.simulation.work import DoneBlocks, DrawBasis
from remit.application.simulate import Request, SourceFiles, evaluate
from remit.comparison.before_after import Sides
from remit.core.problems import Refused
from remit.documents.simulation import simulation
from remit.runs.what_if import otherwise
from remit.scheme import load_scheme
from remit.scheme.reform_file import load_reform
from remit.scheme.reform_model import Timing

HEAD = "practice_code,indicator_code,measure,value\n"
REFORM = "reform: {0}\ntitle: {1}\nof: {2}\n"
DECLARED = """
change:
  items: [{item: "9", title: A plan, pays: {fixed: {pays: £500, for: a plan, per: unit}}}]
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three practices of items 2a and 4, with reforms; `plan` is of a scheme in which practices declare something."""
    home = tmp_path_factory.mktemp("home")
    files = {"practices.csv": PRACTICES, "counts.csv": COUNTS, "about.csv": ABOUT}
    reforms = {"retired.yaml": RETIRED, "penny.yaml": PENNY, "networks.yaml": TO_NETWORKS}
    for name, text in {**files, **reforms}.items():
        (home / name).write_text(text, encoding="utf-8")
    made(home, "run", COUNTS)
    return home


def made(home: Path, name: str, counts: str, *more: object) -> Path:
    (home / f"{name}.csv").write_text(counts, encoding="utf-8")
    words = ("--practices", home / "practices.csv", "--counts", home / f"{name}.csv", "--out", home / name)
    items = ("--indicator", "2a", "--indicator", "4")
    assert remit("run", "qif-2024-25", *words, *items).status == 0
    return home / name


def figures(request: Request) -> tuple[dict[str, Value], dict[str, str]]:
    """The values and the texts of a simulation's figures."""
    found = [cell for cell in cells(simulation(evaluate(request).simulation).blocks) if cell.figure]
    return {cell.figure: cell.value for cell in found}, {cell.figure: cell.text for cell in found}


def test_what_is_known_of_nobody_is_not_known_anywhere(home: Path) -> None:
    """Without counts of 2a: no gain, no loss, nothing moved, no interval, no chance; and none of them is 0."""
    rows = [row for row in COUNTS.splitlines() if ",2a," not in row]
    run = made(home, "without", "\n".join(rows) + "\n")
    values, texts = figures(Request(run, (home / "retired.yaml",), draws=40))
    names = ("gain", "lose", "gained", "lost", "largest", "moved", "per", "per-new", "over/5%", "difference")
    assert {texts[f"retired/{name}"] for name in names} == {"not known"}
    assert not [name for name in names if values[f"retired/{name}"] is not None]
    chance = [name for name in texts if name.endswith(("/low", "/high", "/loses"))]
    assert {texts[name] for name in chance} <= {"not known"}


def test_a_group_of_whom_nobody_is_known_has_no_interval(home: Path) -> None:
    """Of A3 nothing is known: the sums are of A1 and A2, and those that are A3's alone are not known."""
    rows = [row for row in COUNTS.splitlines() if not row.startswith("A3,2a")]
    run = made(home, "partly", "\n".join(rows) + "\n")
    values, texts = figures(Request(run, (home / "retired.yaml",), draws=40))
    assert texts["retired/list size/0/low"] == texts["retired/list size/0/loses"] == "not known"
    assert values["retired/low"] is not None
    assert texts["retired/lost"] == "−£2,150.00 so far"
    assert texts["retired/moved"] == "£1,075.00 so far"


def test_money_of_a_network_that_is_not_known_makes_no_difference_of_its_members(home: Path) -> None:
    """A2 and its network N2 lack counts of 4. N1 is known: £4,200 in place of £4,400 (see test_simulate)."""
    rows = [row for row in COUNTS.splitlines() if not row.startswith("A2,4")]
    run = made(home, "network", "\n".join(rows) + "\n")
    outcome = evaluate(Request(run, (home / "networks.yaml",), draws=40)).simulation.reforms[0]
    whole = outcome.sides.whole
    assert (whole.difference.pence, whole.difference.unknown > 0) == (-20_000, True)
    assert outcome.sides.networks["N2"].difference.value is None
    assert outcome.sides.networks["N1"].difference.pence == -20_000
    said = remit("simulate", run, "--change", home / "networks.yaml", "--draws", "0")
    assert "N2: Item 4: No counts: supply NUMERATOR" in " ".join(said.out.split())


LOCAL = """scheme: local
version: "1"
title: Local scheme
commissioner: Exampleshire
year: 2024-25
achievement_date: 2025-03-31
sources: {s: {title: a letter, standing: verified}}
source: s
terms: {changes: {joiner: full year, leaver: full year, merger: required}}
items:
  - {item: PLAN, title: A plan, pays: {fixed: {pays: £500, for: a plan, per: unit}}}
"""


def test_what_a_network_declares_can_be_supplied(tmp_path: Path) -> None:
    """Only a network can say what it declares. A1 and A2 have £500 each now; of the networks, N1 has."""
    (tmp_path / "local.yaml").write_text(LOCAL, encoding="utf-8")
    (tmp_path / "practices.csv").write_text(
        PRACTICES.replace("cannock-chase", "").replace("stafford-and-surrounds", "")
    )
    (tmp_path / "counts.csv").write_text(HEAD + "A1,PLAN,DECLARED,1\nA2,PLAN,DECLARED,1\nA3,PLAN,DECLARED,0\n")
    words = ("--practices", tmp_path / "practices.csv", "--counts", tmp_path / "counts.csv")
    said = remit("run", tmp_path / "local.yaml", *words, "--out", tmp_path / "run")
    assert said.status == 0, said.err
    (tmp_path / "reform.yaml").write_text(TO_NETWORKS.replace("qif-2024-25", "local"), encoding="utf-8")
    unknown = remit("simulate", tmp_path / "run", "--change", tmp_path / "reform.yaml", "--draws", "0")
    assert "N1: Item PLAN: Supply DECLARED" in " ".join(unknown.out.split())
    (tmp_path / "declared.csv").write_text(HEAD + "N1,PLAN,DECLARED,1\nN2,PLAN,DECLARED,0\n", encoding="utf-8")
    request = Request(
        tmp_path / "run", (tmp_path / "reform.yaml",), draws=0, sources=SourceFiles(tmp_path / "declared.csv")
    )
    whole = evaluate(request).simulation.reforms[0].sides.whole
    assert (whole.before.pence, whole.after.pence) == (100_000, 50_000)


def test_counts_that_the_run_has_otherwise_are_named(home: Path, tmp_path: Path) -> None:
    counts = tmp_path / "counts.csv"
    counts.write_text(HEAD + "A1,4,NUMERATOR,73\nA2,4,NUMERATOR,60\nA2,4,DENOMINATOR,100\n", encoding="utf-8")
    request = Request(home / "run", (home / "penny.yaml",), draws=0, sources=SourceFiles(counts))
    [outcome] = evaluate(request).simulation.reforms
    assert any("The counts of 4 that were supplied differ from the run's in 1 practice" in t for t in outcome.changes)
    counts.write_text(HEAD + "A1,4,NUMERATOR,73\n", encoding="utf-8")
    [same] = evaluate(request).simulation.reforms
    assert not any("differ from the run's" in text for text in same.changes)


def test_of_a_run_of_some_items_all_can_be_retired(home: Path, tmp_path: Path) -> None:
    """What is left is nothing, and not the other items of the scheme."""
    (tmp_path / "all.yaml").write_text(REFORM.format("all", "All", "qif-2024-25") + "retire: [2a, 4]\n")
    whole = evaluate(Request(home / "run", (tmp_path / "all.yaml",), draws=0)).simulation.reforms[0].sides.whole
    assert (whole.after.pence, whole.after.unknown, whole.difference.pence) == (0, 0, -675_000)


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (("--digital-first", "9000"), ("--digital-first needs --registers", "no source has a number")),
        (("--registers", "30"), ("--registers goes with --digital-first",)),
        (("--clusters", "x"), ("--clusters goes with --records",)),
    ],
)
def test_an_option_that_means_nothing_alone_is_refused(
    home: Path, words: tuple[str, ...], parts: tuple[str, ...]
) -> None:
    before = contents(home / "run")
    assert_refused(remit("simulate", home / "run", "--change", home / "retired.yaml", *words), *parts)
    assert contents(home / "run") == before


@pytest.mark.parametrize("words", [("--seed", str(2**64)), ("--workers", "65"), ("--draws", "-1")])
def test_a_number_beyond_what_can_be_drawn_is_refused(home: Path, words: tuple[str, str]) -> None:
    said = remit("simulate", home / "run", "--change", home / "retired.yaml", *words)
    assert (said.status, said.out) == (2, "")
    assert words[0] in said.err


@pytest.mark.parametrize("seed", [0, 1, 2**63 - 1, 2**63, 2**64 - 1])
def test_every_seed_draws(seed: int) -> None:
    """Each seed has draws of its own, and the same ones each time."""
    [block] = blocks(3)
    one, again = (stream(seed, block, "2a").integers(0, 2**60, 5) for _ in range(2))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, stream(seed ^ 1, block, "2a").integers(0, 2**60, 5))


BASIS = DrawBasis(remit="1", numpy="2", run="a" * 64, reforms=(("one", "b" * 64), ("two", "c" * 64)), seed=1, draws=40)


@pytest.mark.parametrize(
    ("other", "changed"),
    [
        ({}, []),
        ({"reforms": (("two", "c" * 64), ("one", "b" * 64))}, ["the reforms"]),  # a block has them in their order
        ({"reforms": (("one", "b" * 64),)}, ["the reforms"]),
        ({"seed": 2}, ["the seed"]),
        ({"run": "d" * 64, "draws": 41}, ["the run", "the number of draws"]),
    ],
)
def test_draws_of_an_interrupted_simulation_are_taken_up_only_where_all_is_the_same(
    tmp_path: Path, other: dict[str, object], changed: list[str]
) -> None:
    begun = DoneBlocks(tmp_path)
    assert begun.take_up(BASIS) == []
    begun.write(0, np.array([[[5]]], dtype=np.int64))
    again = DoneBlocks(tmp_path)
    assert again.take_up(BASIS.model_copy(update=other)) == changed
    assert (again.read(0) is None) == bool(changed)


def test_intervals_that_rest_on_some_of_the_items_say_so(home: Path, tmp_path: Path) -> None:
    """A plan that practices declare is not drawn, and 2a is."""
    text = REFORM.format("plan", "A plan", "qif-2024-25") + "retire: [2a]\n" + DECLARED
    (tmp_path / "plan.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "plan.csv").write_text(HEAD + "".join(f"A{n},9,DECLARED,1\n" for n in (1, 2, 3)), encoding="utf-8")
    request = Request(home / "run", (tmp_path / "plan.yaml",), draws=40, sources=SourceFiles(tmp_path / "plan.csv"))
    [outcome] = evaluate(request).simulation.reforms
    words = "The intervals rest on the counts of 1 of the 2 items whose pounds may change"
    assert any(text.startswith(words) for text in outcome.not_drawn)
    alone = evaluate(replace(request, changes=(home / "retired.yaml",), sources=SourceFiles())).simulation.reforms[0]
    assert alone.not_drawn == ()


@pytest.mark.parametrize(("draws", "left"), [(40, 1), (79, 1), (80, 2), (200, 5), (1_000, 25)])
def test_how_many_draws_lie_beyond_an_end(draws: int, left: int) -> None:
    assert beyond(draws) == left


def test_recorded_counts_that_are_small_are_not_shown(home: Path, tmp_path: Path) -> None:
    """2a has 94 of 210. With 3 of 10 achieved in all, 3 and 7 could be read off."""
    few = [row.replace(",41", ",0").replace(",50", ",0").replace("2a,DENOMINATOR,100", "2a,DENOMINATOR,0") for row in
           COUNTS.splitlines()]  # fmt: skip
    run = made(home, "few", "\n".join(few) + "\n")
    sources = SourceFiles(behaviour="decline-after-retirement=lester-2010")
    shown = evaluate(Request(home / "run", (home / "retired.yaml",), draws=0, sources=sources)).simulation.reforms[0]
    assert [(one.before, one.denominator) for one in shown.recorded] == [(94, 210)]
    hidden = evaluate(Request(run, (home / "retired.yaml",), draws=0, sources=sources)).simulation.reforms[0]
    assert hidden.recorded == ()
    assert any("Of 2a no counts are shown" in text for text in hidden.behaviour)


def test_fifths_that_are_given_of_some_leave_the_others_not_given(home: Path, tmp_path: Path) -> None:
    about = tmp_path / "about.csv"
    about.write_text("practice_code,deprivation,deprivation_fifth\nA1,10,\nA2,20,3\n", encoding="utf-8")
    found = evaluate(Request(home / "run", (home / "retired.yaml",), about, draws=0)).simulation
    assert (found.attributes.fifths_given, found.attributes.without_deprivation) == (True, 2)


def test_contacts_of_a_practice_that_are_few_are_not_shown(home: Path, tmp_path: Path) -> None:
    """Of 2a and 4, A3 has 3 and 8 achieved, and lacks 2 of 2a to earn all; A1 has 41 and 73, and lacks 5 and 6."""
    _, texts = figures(Request(home / "run", (home / "penny.yaml",), draws=0))
    assert texts["penny/A1/contacts/reached"] == "114"
    assert texts["penny/A3/contacts/reached"] == "11"
    assert texts["penny/A3/contacts/to-all/before"] == "1 to 7"
    folder = tmp_path / "kept"
    evaluate(Request(home / "run", (home / "penny.yaml",), draws=0, folder=folder))
    header, *rows = (folder / "penny" / "practices.csv").read_text(encoding="utf-8").splitlines()
    at = header.split(",").index("contacts")
    assert [row.split(",")[at : at + 2] for row in rows] == [["114", "11"], ["140", "0"], ["11", "*"]]


QOF_PARTS = """reform: parts
title: Parts
of: qof-england-2018-19
stratify:
  DM009:
    by: frailty
    into:
      DM009-FIT: {of: [none recorded, fit, mild], pays: {linear: {points: 6}}}
      DM009-FRAIL: {of: [moderate, severe], pays: {linear: {points: 4}}}
    counts: supplied
"""
QOF_REGISTER = """reform: register
title: Another list of diabetes
of: qof-england-2018-19
change:
  groups: [{group: DM, title: Diabetes, list: whole, source: review}]
  sources: {review: {title: a test}}
"""


@pytest.mark.parametrize(
    ("text", "touched"),
    [
        (QOF_PARTS, {"DM009", "DM009-FIT", "DM009-FRAIL"}),  # indicators that are new are those of the parts alone
        (QOF_REGISTER, None),  # a group that is another: all that may rest on it
    ],
)
def test_a_change_touches_what_rests_on_it(tmp_path: Path, text: str, touched: set[str] | None) -> None:
    (tmp_path / "reform.yaml").write_text(text, encoding="utf-8")
    reform = load_reform(tmp_path / "reform.yaml")
    (tmp_path / "practices.csv").write_text(PRACTICES, encoding="utf-8")
    (tmp_path / "counts.csv").write_text(HEAD + "A1,DM009,NUMERATOR,7\nA1,DM009,DENOMINATOR,9\n", encoding="utf-8")
    run = remit_run(reform.base.scheme, tmp_path / "practices.csv", tmp_path / "counts.csv")
    [found] = Sides(run, otherwise(run, {reform.base.scheme: reform.after})).touched.values()
    assert set(found) == (touched or {item.item for item in reform.base.items})


@pytest.mark.parametrize("timing", ["year_end: 2035-03-31", "staggered: [2025-03-31, 2015-03-31]"])
def test_a_day_of_no_year_near_the_schemes_is_refused(timing: str) -> None:
    with pytest.raises(Refused, match="more than a year from 31 March 2025"):
        check_days(Timing.model_validate(yaml.safe_load(timing)), load_scheme("qif-2024-25"))


def test_a_scaling_of_what_is_partly_known_says_so(home: Path, tmp_path: Path) -> None:
    (tmp_path / "fixed.yaml").write_text(
        REFORM.format("fixed", "Fixed", "qif-2024-25") + 'pence: {"4": +1}\nfunding: within fixed system resources\n',
        encoding="utf-8",
    )
    run = made(home, "partly-fixed", "\n".join(r for r in COUNTS.splitlines() if not r.startswith("A3,2a")) + "\n")
    words = "Not all that is paid is known"
    [partly] = evaluate(Request(run, (tmp_path / "fixed.yaml",), draws=0)).simulation.reforms
    [whole] = evaluate(Request(home / "run", (tmp_path / "fixed.yaml",), draws=0)).simulation.reforms
    assert any(text.startswith(words) for text in partly.changes)
    assert not any(text.startswith(words) for text in whole.changes)


def test_every_mistake_of_every_reform_is_said_at_its_place(home: Path, tmp_path: Path) -> None:
    """The figures of a behaviour, an item, a limit: each file's line, all at once."""
    start = REFORM.format("one", "One", "qif-2024-25")
    (tmp_path / "one.yaml").write_text(start + "behaviour: {decline_after_retirement: nope}\n", encoding="utf-8")
    (tmp_path / "two.yaml").write_text(start.replace("one", "two") + "retire: [2z]\n", encoding="utf-8")
    (tmp_path / "three.yaml").write_text(start + "limits: {largest_loss: -3%}\n", encoding="utf-8")
    files = [word for name in ("one", "two", "three") for word in ("--change", tmp_path / f"{name}.yaml")]
    said = remit("simulate", home / "run", *files, "--draws", "0")
    assert_refused(said, "one.yaml:4:", "there are no figures 'nope'", "two.yaml:4:", "three.yaml:4:", "3 problems")
