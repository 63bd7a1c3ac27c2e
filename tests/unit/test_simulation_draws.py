"""What chance makes of a difference: against every possible count and its probability, by scipy's beta-binomial."""

from __future__ import annotations

from math import sqrt
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import betabinom
from tests.bad_files.command import assert_refused, contents, remit
from tests.unit.test_simulate import ABOUT, COUNTS, PENNY, PRACTICES, RETIRED

from remit.analysis.beta_binomial import BetaBinomial, fit
from remit.analysis.simulation.chances import Chances, chance_of
from remit.analysis.simulation.draws import Unit
from remit.analysis.simulation.groups import EVERYBODY, Group
from remit.analysis.simulation.results import Chance
from remit.analysis.simulation.shares import UNKNOWN
from remit.application.simulate import Request, evaluate

DRAWS = 4_000
ACHIEVED, COUNTED, HEADS = (41, 50, 3), (100, 100, 10), (10_000, 5_000, 2_000)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three practices of items 2a and 4, and two reforms."""
    home = tmp_path_factory.mktemp("home")
    files = {"practices.csv": PRACTICES, "counts.csv": COUNTS, "about.csv": ABOUT}
    for name, text in {**files, "retired.yaml": RETIRED, "penny.yaml": PENNY}.items():
        (home / name).write_text(text, encoding="utf-8")
    make(home, "run", home / "practices.csv")
    return home


def make(home: Path, name: str, practices: Path) -> None:
    words = ("--practices", practices, "--counts", home / "counts.csv", "--indicator", "2a", "--indicator", "4")
    assert remit("run", "qif-2024-25", *words, "--out", home / name).status == 0


def pence_of_2a(achieved: int, counted: int) -> int:
    """Above 35% 10p a head, above 40% 13p, above 45% 17p."""
    steps = ((45, 17), (40, 13), (35, 10))
    return next((pence for at, pence in steps if 100 * achieved > at * counted), 0)


def test_draws_come_to_what_every_possible_count_comes_to(home: Path) -> None:
    """Without 2a a practice loses what a repeat count of it would have paid: each count has its probability."""
    fitted = fit(np.array(ACHIEVED), np.array(COUNTED))
    assert isinstance(fitted, BetaBinomial)
    found = evaluate(Request(home / "run", (home / "retired.yaml",), draws=DRAWS)).simulation.reforms[0]
    middle = spread = 0.0
    for code, x, n, heads in zip(("A1", "A2", "A3"), ACHIEVED, COUNTED, HEADS, strict=True):
        counts = np.arange(n + 1)
        if np.isinf(fitted.alike):
            likely = np.array([betabinom.pmf(counts, n, 1e9 * fitted.mean, 1e9 * (1 - fitted.mean))])[0]
        else:
            likely = betabinom.pmf(counts, n, fitted.alpha + x, fitted.beta + n - x)
        lost = np.array([pence_of_2a(int(count), n) * heads for count in counts])
        loses = float(likely[lost > 0].sum())
        chance = found.chance[code]
        assert chance.loses == pytest.approx(loses, abs=4 * sqrt(loses * (1 - loses) / DRAWS) + 1e-9)
        within = likely[(-lost >= chance.low) & (-lost <= chance.high)].sum()
        assert within >= 0.95 - 4 * sqrt(0.95 * 0.05 / DRAWS)
        middle, spread = middle + float((likely * lost).sum()), spread + float((likely * lost**2).sum())
    [everybody] = [line for line in found.groups if line.group == EVERYBODY]
    assert everybody.chance is not None
    assert everybody.chance.low <= -middle <= everybody.chance.high


def test_one_practice_alone_has_no_intervals_and_the_rest_stands(home: Path, tmp_path: Path) -> None:
    one = tmp_path / "one.csv"
    one.write_text("".join(PRACTICES.splitlines(keepends=True)[:2]), encoding="utf-8")
    counts = "".join(row for row in COUNTS.splitlines(keepends=True) if row.startswith(("practice", "A1")))
    (tmp_path / "counts.csv").write_text(counts, encoding="utf-8")
    make(tmp_path, "run", one)
    result = evaluate(Request(tmp_path / "run", (home / "retired.yaml",))).simulation
    assert result.draws == 0
    assert "One practice alone" in result.no_draws
    assert result.reforms[0].everybody.sums.difference.pence == -130_000
    assert result.reforms[0].before is not None


def test_an_award_that_draws_cannot_add_up_is_refused(home: Path, tmp_path: Path) -> None:
    """A list of 10^15 at 17p a head; without draws there is no largest amount."""
    large = tmp_path / "large.csv"
    large.write_text(PRACTICES.replace("10000,10000", "999999999999999,999999999999999"), encoding="utf-8")
    (tmp_path / "counts.csv").write_text(COUNTS, encoding="utf-8")
    make(tmp_path, "run", large)
    words = ("simulate", tmp_path / "run", "--change", home / "retired.yaml")
    assert_refused(remit(*words, "--draws", "40"), "analysis.amounts-too-large")
    assert remit(*words, "--draws", "0").status == 0


def test_the_same_seed_gives_the_same_bytes_whatever_the_workers(home: Path, tmp_path: Path) -> None:
    changes = (home / "retired.yaml", home / "penny.yaml")
    for name, workers in (("one", 1), ("three", 3)):
        evaluate(Request(home / "run", changes, home / "about.csv", 60, 7, None, tmp_path / name, workers))
    evaluate(Request(home / "run", changes, home / "about.csv", 60, 8, None, tmp_path / "other"))
    one, three, other = (contents(tmp_path / name) for name in ("one", "three", "other"))
    assert one == three
    assert one["retired/practices.csv"] != other["retired/practices.csv"]
    assert {name for name in one if "/" in name} == {
        f"{reform}/{file}"
        for reform in ("retired", "penny")
        for file in ("overlay.yaml", "practices.csv", "groups.csv")
    }


def test_the_overlay_that_is_kept_pays_the_same_pence(home: Path, tmp_path: Path) -> None:
    """`remit run` by it, `remit check` and `remit diff` of it."""
    out = tmp_path / "out"
    said = remit("simulate", home / "run", "--change", home / "penny.yaml", "--draws", "0", "--out", out)
    assert said.status == 0, said.err
    overlay = out / "penny" / "overlay.yaml"
    assert remit("check", overlay).status == 0
    assert "above 45% pays 18p" in " ".join(remit("diff", "qif-2024-25", overlay).out.split())
    words = ("--practices", home / "practices.csv", "--counts", home / "counts.csv")
    items = ("--indicator", "2a", "--indicator", "4")
    assert remit("run", overlay, *words, *items, "--out", tmp_path / "again").status == 0
    kept = (out / "penny" / "practices.csv").read_text(encoding="utf-8").splitlines()
    after = {row.split(",")[0]: row.split(",")[3] for row in kept[1:]}
    totals = (tmp_path / "again" / "totals.csv").read_text(encoding="utf-8").splitlines()
    paid = {row.split(",")[0]: row.split(",")[1] for row in totals[1:]}
    assert {code: paid[code] for code in after} == after


def test_a_folder_of_another_kind_stays(home: Path) -> None:
    assert_refused(remit("simulate", home / "run", "--change", home / "penny.yaml", "--out", home / "run"), "run")


def test_the_middle_95_of_100_by_hand() -> None:
    """Of 200 draws 1 to 200, five are left out at either end: 6 to 195. Ten of -10 to 189 are below nothing."""
    assert chance_of(np.arange(1, 201)).low == 6
    assert chance_of(np.arange(1, 201)).high == 195
    assert chance_of(np.arange(-10, 190)).loses == 0.05


def test_groups_are_sums_by_draw_of_those_that_are_known() -> None:
    """A network is in a group whole, or the group has no interval; a unit that is not known is in no sum."""
    units = (Unit("A1", ("A1",)), Unit("N1", ("A2", "A3")), Unit("A4", ("A4",)))
    split, whole = Group("rurality", "x", "x"), Group("place", "p", "p")
    members = {EVERYBODY: ("A1", "A2", "A3", "A4"), split: ("A1", "A2"), whole: ("A2", "A3", "A4")}
    chances = Chances(1, 3, units, members)
    chances.add(units, np.array([[[1, 10, UNKNOWN], [2, 20, 5], [3, 30, 5]]]))
    found = chances.groups(0)
    assert split not in found
    assert (found[EVERYBODY].low, found[EVERYBODY].high) == (11, 33)
    assert (found[whole].low, found[whole].high) == (10, 30)
    assert set(chances.by_unit[0]) == {"A1", "N1"}


@pytest.mark.parametrize(
    ("counts", "chances"),
    [
        ({"A1": (50, 100), "A2": (50, 100), "A3": (5, 10)}, {"A1", "A2", "A3"}),  # all rates the same
        ({"A1": (100, 100), "A2": (100, 100), "A3": (10, 10)}, {"A1", "A2", "A3"}),  # nobody is left out
        ({"A1": (41, 100), "A2": (50, 100), "A3": (0, 0)}, {"A1", "A2", "A3"}),  # nobody to count: it pays nothing
        ({"A1": (41, 100), "A2": (50, 100)}, {"A1", "A2"}),  # not known of A3
    ],
)
def test_rates_that_do_not_differ_and_nobody_to_count(
    home: Path, tmp_path: Path, counts: dict[str, tuple[int, int]], chances: set[str]
) -> None:
    rows = ["practice_code,indicator_code,measure,value"]
    rows += [
        f"{code},2a,{n},{v}"
        for code, of in counts.items()
        for n, v in zip(("NUMERATOR", "DENOMINATOR"), of, strict=True)
    ]
    (tmp_path / "counts.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    words = ("--practices", home / "practices.csv", "--counts", tmp_path / "counts.csv", "--indicator", "2a")
    assert remit("run", "qif-2024-25", *words, "--out", tmp_path / "run").status == 0
    found = evaluate(Request(tmp_path / "run", (home / "retired.yaml",), draws=60)).simulation
    assert set(found.reforms[0].chance) == chances
    if counts.get("A3") == (0, 0):
        assert found.reforms[0].chance["A3"] == Chance(0, 0, 0.0)
    if counts["A1"] == (100, 100):
        assert found.reforms[0].chance["A1"] == Chance(-170_000, -170_000, 1.0)
