"""`remit simulate`: who gains and loses by hand arithmetic, in every format, and what is refused."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from tests.bad_files.command import assert_refused, contents, remit
from tests.kinds.figures_in_formats import Value, assert_in_every_format, cells

from remit.application.simulate import DigitalFirst, Request, evaluate
from remit.documents.simulation import simulation

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
A3,2a,NUMERATOR,3
A3,2a,DENOMINATOR,10
A1,4,NUMERATOR,73
A1,4,DENOMINATOR,100
A1,4,PCAS,3
A2,4,NUMERATOR,90
A2,4,DENOMINATOR,100
A2,4,PCAS,3
A3,4,NUMERATOR,8
A3,4,DENOMINATOR,10
A3,4,PCAS,0
"""
ABOUT = "practice_code,deprivation,rurality\nA1,40,urban\nA2,10,rural\n"
RETIRED = "extends: qif-2024-25\nscheme: retired\ntitle: 2a is retired\nremoved: [2a]\ntotals: {}\n"
PENNY = """extends: qif-2024-25
scheme: penny
title: A penny more
items:
  - item: 2a
    pays:
      steps: {steps: ["above 35% pays 11p [x]", "above 40% pays 14p [x]", "above 45% pays 18p [x]"], most: "£0.18"}
sources: {x: {title: a test}}
totals: {}
"""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three practices, of items 2a and 4, whose pounds are known: A1 earns 13p + 22p or so a head."""
    home = tmp_path_factory.mktemp("home")
    for name, text in {"practices": PRACTICES, "counts": COUNTS, "about": ABOUT}.items():
        (home / f"{name}.csv").write_text(text, encoding="utf-8")
    (home / "retired.yaml").write_text(RETIRED, encoding="utf-8")
    (home / "penny.yaml").write_text(PENNY, encoding="utf-8")
    given = ("--practices", home / "practices.csv", "--counts", home / "counts.csv")
    items = ("--indicator", "2a", "--indicator", "4")
    assert remit("run", "qif-2024-25", *given, *items, "--out", home / "run").status == 0
    return home / "run"


def found(run: Path, **more: object) -> dict[str, Value]:
    """Every figure of the document of both reforms."""
    home = run.parent
    given = {"about": home / "about.csv", "draws": 0, **more}
    request = Request(run, (home / "retired.yaml", home / "penny.yaml"), **given)  # type: ignore[arg-type]
    return {cell.figure: cell.value for cell in cells(simulation(evaluate(request).simulation).blocks)}


def test_who_gains_and_loses_by_hand(run: Path) -> None:
    """2a pays 13p a head to A1 (41 of 100), 17p to A2 (50 of 100) and nothing to A3 (3 of 10); 4 pays 25p, 30p and 30p.

    Without 2a A1 loses £1,300 of £3,800 and A2 £850 of £2,350; a penny more is £100 and £50.
    """
    figures = found(run)
    expected: dict[str, Value] = {
        "retired/before": 675_000, "retired/after": 460_000, "retired/difference": -215_000,
        "retired/gain": 0, "retired/lose": 2, "retired/lost": -215_000, "retired/gained": 0,
        "retired/largest": -130_000, "retired/over/5%": 2, "retired/moved": 107_500,
        "retired/per": Fraction(1_075, 4_600),  # 107,500p moved of 460,000p spent: £0.2337 for each pound
        "penny/difference": 15_000, "penny/moved": 7_500, "penny/per-new": Fraction(1, 2), "penny/largest": None,
        "retired/A1/difference": -130_000, "retired/A1/share": Fraction(-13, 38), "retired/A3/difference": 0,
        "retired/place/cannock-chase/difference": -130_000, "retired/place/cannock-chase/practices": 2,
        "retired/deprivation/1/difference": -130_000,  # A1, of 40 and 10 the more deprived
        "retired/deprivation//before": 60_000,  # A3's is not given
        "retired/rurality/rural/difference": -85_000, "retired/network/N2/lose": 1,
        "retired/list size/0/before": 60_000,
    }  # fmt: skip
    assert {name: figures[name] for name in expected} == expected


def test_contacts_behind_the_pounds_by_hand(run: Path) -> None:
    """2a is earned in full above 45%: at 46 of 100 and 5 of 10; 4 above 78%: at 79 of 100 and 8 of 10.

    A1 lacks 5 and 6, A2 nothing, A3 2 and nothing. Without 2a, A1 could earn £500 of its £1,300 again, A2 nothing.
    """
    expected: dict[str, Value] = {
        "retired/effort/reached/before": 265, "retired/effort/reached/after": 171,
        "retired/effort/each/before": 2547,  # 675,000p over 265
        "retired/effort/each/after": 2690,  # 460,000p over 171
        "retired/effort/to-all/before": 13, "retired/effort/to-all/after": 6,
        "retired/effort/to-keep/after": 0, "retired/effort/cannot/after": 2, "penny/effort/cannot/after": 0,
    }  # fmt: skip
    figures = found(run)
    assert {name: figures[name] for name in expected} == expected


def test_concentration_by_hand(run: Path) -> None:
    """38p, 47p and 30p for each of 10,000, 5,000 and 2,000 patients; then 25p, 30p and 30p.

    Gini now: 1 - (2,000 x 60 + 10,000 x (60 + 440) + 5,000 x (440 + 675)) / (17,000 x 675) = 1 - 10,695 / 11,475.
    Then 10,000 patients have £2,500 and 7,000 £2,100: 1 - (10,000 x 250 + 7,000 x (250 + 460)) / (17,000 x 460).
    The tenth with the most are 1,700 patients of 47p, and of 30p.
    """
    figures = found(run)
    assert figures["retired/concentration/gini/before"] == 1 - Fraction(10_695, 11_475)
    assert figures["retired/concentration/gini/after"] == 1 - Fraction(7_470, 7_820)
    assert figures["retired/concentration/top/before"] == Fraction(1_700 * 47, 675_000)
    assert figures["retired/concentration/top/after"] == Fraction(1_700 * 30, 460_000)


def test_a_digital_first_practice_by_hand(run: Path) -> None:
    """8,000 of 17,000 patients and half the registers: 22 of 49 for 2a (94 and 210 x 8/34), which pays 13p, and 40 of
    49 for 4, which pays 30p."""
    figures = found(run, digital_first=DigitalFirst(8_000, Fraction(1, 2)))
    assert figures["retired/profile/1/before"] == 43
    assert figures["retired/profile/1/after"] == 30


def test_every_format_has_the_figures(run: Path) -> None:
    request = Request(run, (run.parent / "retired.yaml",), run.parent / "about.csv", 40)
    expected: dict[str, Value] = {
        "retired/difference": -215_000,
        "retired/A2/after": 150_000,
        "retired/A3/share": 0,
    }
    assert_in_every_format(simulation(evaluate(request).simulation), expected)


def test_the_run_stays_as_it_was_and_the_answer_stands_first(run: Path) -> None:
    before = contents(run)
    said = remit("simulate", run, "--change", run.parent / "retired.yaml", "--draws", "40")
    assert said.status == 0, said.err
    answer = " ".join(said.out.partition("The reform at a glance")[0].split())
    assert (
        "2a is retired: £2,150.00 less would be paid, £4,600.00 after £6,750.00; of 3 practices none would gain and 2 "
        "would lose; the largest loss, £1,300.00, 34.2% of what it has now, would be that of Ash (A1)." in answer
    )
    assert "Deprivation and rurality are not known: no file about the practices was given." in said.out
    assert contents(run) == before


def test_what_does_not_fit_is_refused_with_what_to_do(run: Path, tmp_path: Path) -> None:
    missing, about = tmp_path / "missing.yaml", tmp_path / "about.csv"
    missing.write_text("extends: qif-2024-25\nremoved: [2aa]\ntotals: {}\n", encoding="utf-8")
    about.write_text("practice_code,deprivation\nA1,x\n,3\n", encoding="utf-8")
    good = run.parent / "retired.yaml"
    assert_refused(remit("simulate", run, "--change", missing), "2aa", "Did you mean 2a")
    assert_refused(remit("simulate", run, "--change", good, "--change", good), "is given twice as a reform")
    assert_refused(remit("simulate", tmp_path, "--change", good), "is not a run")
    assert_refused(
        remit("simulate", run, "--change", good, "--about", about), "about.csv:2", "about.csv:3", "2 problems"
    )


REFORM = """
reform: fixed
title: 2a retired within what is paid now
of: qif-2024-25
retire: [2a]
limits: {retired_points: 25%, largest_loss: 5%}
funding: within fixed system resources
"""
SPLIT = """
reform: frailty
title: 2a by frailty
of: qif-2024-25
stratify:
  2a:
    by: frailty
    into:
      2a-fit: {of: [none, mild], pays: {steps: {steps: ["above 45% pays 10p [x]"], most: "£0.10"}}}
      2a-frail: {of: [moderate, severe], pays: {steps: {steps: ["above 30% pays 7p [x]"], most: "£0.07"}}}
    counts: {split: {source: a guess, parts: {2a-fit: {share: 80%}, 2a-frail: {share: 20%}}}}
change: {sources: {x: {title: a test}}}
"""


def test_limits_and_funding_are_judged_on_the_pounds(run: Path, tmp_path: Path) -> None:
    """Item 4 alone pays £6,750 in place of £4,600: A2 has 1,500 x 675 / 460 = £2,201 or so,
    6.3% less than £2,350."""
    (tmp_path / "fixed.yaml").write_text(REFORM, encoding="utf-8")
    outcome = evaluate(Request(run, (tmp_path / "fixed.yaml",), draws=0)).simulation.reforms[0]
    verdicts = {one.name: (one.kept, one.text) for one in outcome.verdicts}
    assert verdicts["Within fixed system resources"] == (True, "It costs what is paid now, to the penny.")
    assert verdicts["Largest loss"][0] is False
    assert "A2 loses 6.3%" in verdicts["Largest loss"][1]
    assert outcome.sides.whole.difference.pence == 0


def test_an_item_that_becomes_several_is_priced_in_a_run_of_some_items_too(run: Path, tmp_path: Path) -> None:
    """A1: 33 of 80 and 8 of 20 (41% and 40%): 7p of 10,000. A2: 50% of both: 17p of 5,000. A3: 30% or less of 8 and
    2: nothing, or 7p of 2,000 where one of the two is achieved."""
    (tmp_path / "split.yaml").write_text(SPLIT, encoding="utf-8")
    outcome = evaluate(Request(run, (tmp_path / "split.yaml",), draws=40)).simulation.reforms[0]
    after = {unit.code: unit.after.pence for unit in outcome.units}
    assert after["A1"] == 250_000 + 70_000
    assert after["A2"] == 150_000 + 85_000
    assert set(outcome.chance) == {"A1", "A2", "A3"}
    assert any("Source: a guess" in text for text in outcome.changes)


def test_behaviour_is_named_with_its_sources_and_nothing_is_assumed_unasked(run: Path) -> None:
    def words(*more: str) -> str:
        said = remit("simulate", run, "--change", run.parent / "retired.yaml", "--draws", "0", *more)
        assert said.status == 0, said.err
        return " ".join(said.out.split())

    page = run.parent / "page.html"
    words("--html", str(page))
    assert "Nobody is assumed to behave differently" in page.read_text(encoding="utf-8")
    words("--html", str(page), "--replace", "--behaviour", "decline-after-retirement=lester-2010")
    text = page.read_text(encoding="utf-8")
    assert "Lester et al 2010" in text
    assert "Kontopantelis et al 2014" in text
    wrong = remit("simulate", run, "--change", run.parent / "retired.yaml", "--behaviour", "wishes")
    assert_refused(wrong, "'wishes' names no behaviour", "lester-2010")


TO_NETWORKS = """
reform: to-networks
title: Paid to networks as one
of: qif-2024-25
change:
  networks: {earned_by: network, distribution: list, assent: none}
  levels: [practice, network]
funding: {rule: new money, amount: £100}
"""


def test_money_that_goes_to_networks_is_no_new_money(run: Path, tmp_path: Path) -> None:
    """N1 as one has 44 of 110 for 2a, 40%, which pays 10p, and 81 of 110 for 4, which pays 25p: 35p of 12,000 heads,
    £4,200 in place of £4,400; N2 is A2, £2,350 as before. By lists A1 has 5/6 of it, £3,500, and A3 £700."""
    (tmp_path / "networks.yaml").write_text(TO_NETWORKS, encoding="utf-8")
    found = evaluate(Request(run, (tmp_path / "networks.yaml",), draws=60)).simulation
    [outcome] = found.reforms
    whole = outcome.sides.whole
    assert (whole.before.pence, whole.after.pence, whole.difference.pence) == (675_000, 655_000, -20_000)
    assert {unit.code: unit.difference for unit in outcome.units} == {"A1": -30_000, "A2": 0, "A3": 10_000}
    assert [(one.name, one.kept) for one in outcome.verdicts if one.name == "New money"] == [("New money", True)]
    chances = {(line.group.dimension, line.group.key): line.chance for line in outcome.groups}
    assert chances["network", "N1"] is not None
    assert chances["list size", "0"] is not None, "A3 has its part of each draw's pool"
    assert not any("out money is not drawn" in text for text in outcome.not_drawn)


def test_the_example_of_the_page_says_what_the_page_says(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    example, page = root / "examples" / "simulate", root / "docs" / "how-to" / "simulate.md"
    given = ("--practices", example / "practices.csv", "--counts", example / "counts.csv")
    items = ("--indicator", "2a", "--indicator", "4")
    assert remit("run", "qif-2024-25", *given, *items, "--out", tmp_path / "run").status == 0
    changes = ("--change", example / "2a-retired.yaml", "--change", example / "2a-higher.yaml")
    said = remit("simulate", tmp_path / "run", *changes, "--about", example / "practices-about.csv", "--draws", "40")
    assert said.status == 0, said.err
    answers = " ".join(said.out.partition("The reforms side by side")[0].split()).partition("2024/25 ")[2]
    quoted = [line[1:] for line in page.read_text(encoding="utf-8").splitlines() if line.startswith(">")]
    assert answers == " ".join(" ".join(quoted).split())
