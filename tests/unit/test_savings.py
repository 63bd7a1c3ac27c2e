"""`remit savings`: chances and pounds beside sums over every pair of years and numpy's draws, the kind's own pounds,
vetoes by hand, and input that does not fit."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import nbinom, norm, poisson, skellam
from tests.bad_files.command import assert_refused, remit
from tests.kinds.figures_in_formats import Value, assert_in_every_format
from tests.spec.run import COUNTS, local

import remit as engine
from remit.analysis.savings import Activity, drawn_growth, odds, paid_by, size_needed, spread_of
from remit.analysis.veto import blocked
from remit.application.savings import Request, evaluate
from remit.documents.savings import answer
from remit.documents.savings import savings as document
from remit.scheme.kinds.shared_savings import SharedSavings

TENTH = Fraction(1, 10)
RULES = (
    {"share": "50%"},
    {"share": "30%", "minimum_rate": "2%"},
    {"share": "50%", "growth": "3%", "corridor": "5%"},
    {"share": "50%", "minimum_rate": "10%", "most": "£400"},
    {"share": "50%", "growth_down": "4%", "corridor": "1%", "most_of_expected": "8%", "list_adjusted": "true"},
)


def kind(rule: dict[str, str]) -> SharedSavings:
    return SharedSavings.model_validate(rule)


@cache
def every_pair(rule: int, years: int) -> np.ndarray:
    """What the kind pays for each baseline and each year, in pounds."""
    paid = paid_by(kind(RULES[rule]), Fraction(150))
    return np.array([[float(paid(Fraction(a, years), b)) for b in range(60)] for a in range(140)])


@pytest.mark.parametrize("years", [1, 3])
@pytest.mark.parametrize("spread", [1.0, 2.5])
@pytest.mark.parametrize("rule", RULES)
def test_the_odds_are_the_sum_over_every_pair_of_years(rule: dict[str, str], spread: float, years: int) -> None:
    """120 patients x 1/10 = 12 a year, each £150: every baseline with every year, each paid by the kind itself."""
    mean = 12.0
    grown = mean * {"growth": 1.03, "growth_down": 0.96}.get(next((k for k in rule if "growth" in k), ""), 1.0)
    found = odds(kind(rule), Activity(TENTH, Fraction(150), spread), 120, Fraction(1, 4), years)

    def weights(m: float) -> np.ndarray:
        counts = np.arange(140)
        return poisson(m).pmf(counts) if spread == 1 else nbinom(m / (spread - 1), 1 / spread).pmf(counts)

    before = weights(mean * years)
    table = every_pair(RULES.index(rule), years)
    for cut, chance, pounds in (
        (0.0, found.paid_for_nothing, found.pounds_for_nothing),
        (0.25, found.paid_for_saving, found.pounds_for_saving),
    ):
        after = weights(grown * (1 - cut))[:60]
        assert chance == pytest.approx(before @ (table > 0) @ after, abs=1e-6)
        assert pounds == pytest.approx(before @ table @ after, rel=1e-5)
    assert found.missed == pytest.approx(1 - found.paid_for_saving)


def test_a_large_group_is_as_numpys_draws_and_the_normal_curve() -> None:
    """30,000 x 1/10 = 3,000 a year; a saving of 2% is 60, and the difference of two years has a variance of 6,000."""
    found = odds(kind({"share": "50%", "minimum_rate": "2%"}), Activity(TENTH, Fraction(150)), 30_000, Fraction(1, 20))
    draw = np.random.default_rng(7)
    before, after = draw.poisson(3000, 400_000), draw.poisson(3000, 400_000)
    pays = (before - after) / before >= 0.02
    assert found.paid_for_nothing == pytest.approx(pays.mean(), abs=4 * 0.5 / 400_000**0.5)
    pounds = np.where(pays, 75.0 * (before - after), 0)
    assert found.pounds_for_nothing == pytest.approx(pounds.mean(), abs=4 * pounds.std() / 400_000**0.5)
    assert found.paid_for_nothing == pytest.approx(norm.sf(60 / 6000**0.5), abs=0.005)
    assert found.expected_cost == 450_000


@pytest.mark.parametrize("patients", [3_000, 10_000, 30_000])
def test_by_chance_alone_the_odds_of_a_large_group_are_skellams(patients: int) -> None:
    """Half a saving, however small: paid where this year's count is below the year before's, which is a difference of
    two Poisson counts (scipy's Skellam distribution). A year that is equal is not paid."""
    mean = patients / 4
    found = odds(kind({"share": "50%"}), Activity(Fraction(1, 4), Fraction(150)), patients, Fraction(1, 20))
    assert found.paid_for_nothing == pytest.approx(skellam.sf(0, mean, mean), abs=2e-5)
    assert found.paid_for_saving == pytest.approx(skellam.sf(0, mean, mean * 0.95), abs=2e-4)


def test_the_mean_of_years_of_a_large_group_is_the_sum_over_every_baseline() -> None:
    """2,250 in three years: every baseline with every year below its third, as scipy's Poisson has them."""
    found = odds(kind({"share": "50%"}), Activity(Fraction(1, 4), Fraction(150)), 3_000, Fraction(0), years=3)
    every = np.arange(1900, 2600)
    below = poisson(750).cdf(-(-every // 3) - 1)
    assert found.paid_for_nothing == pytest.approx(float(poisson(2250).pmf(every) @ below), abs=2e-5)


def test_without_a_minimum_rate_size_is_no_help() -> None:
    """Half of the groups that saved nothing spend less than the year before, however large they are."""
    rule, activity = kind({"share": "50%"}), Activity(Fraction(1, 4), Fraction(150))
    for size in (5_000, 100_000):
        assert odds(rule, activity, size, Fraction(1, 20)).paid_for_nothing == pytest.approx(0.5, abs=0.01)
    assert size_needed(rule, activity, Fraction(1, 20), 1, 0.05, 0.2, 60_000) is None


def test_the_size_that_is_needed_is_the_smallest() -> None:
    rule, activity = kind({"share": "50%", "minimum_rate": "2%"}), Activity(Fraction(1, 4), Fraction(150))
    size = size_needed(rule, activity, Fraction(1, 20), 1, 0.05, 0.2, 1_000_000)
    assert size is not None
    assert odds(rule, activity, size, Fraction(1, 20)).paid_for_nothing <= 0.05
    assert odds(rule, activity, size - 1000, Fraction(1, 20)).paid_for_nothing > 0.05
    # By the normal curve 0.02 = 1.645 x sqrt(2 / n), so n = 13,528 a year, of 54,112 patients.
    assert size == pytest.approx(54_112, rel=0.03)


def test_another_populations_growth_of_endless_size_is_no_chance() -> None:
    """Of a very large population only the group's own years vary, so that it is as the year before."""
    rule, activity = kind({"share": "50%", "minimum_rate": "2%"}), Activity(TENTH, Fraction(150))
    exact = odds(rule, activity, 5_000, Fraction(1, 20))
    drawn = drawn_growth(rule, activity, 5_000, 500_000_000, seed=3, draws=1000)
    assert drawn.chance == pytest.approx(exact.paid_for_nothing, abs=4 * drawn.error)
    assert drawn.pounds == pytest.approx(exact.pounds_for_nothing, abs=4 * drawn.pounds_error)
    assert drawn_growth(rule, activity, 5_000, 500_000_000, seed=3, draws=50) == drawn_growth(
        rule, activity, 5_000, 500_000_000, seed=3, draws=50
    )


def test_variance_over_mean_by_hand() -> None:
    """90 and 110 around 100: (10^2 + 10^2) / 100 = 2, of one degree. 200 and 200: 0 of one. Together 2 / 2 = 1."""
    assert spread_of([[(1000, 90), (1000, 110)]]) == 2
    assert spread_of([[(1000, 90), (1000, 110)], [(500, 200), (500, 200)]]) == 1
    assert spread_of([[(1000, 90)]]) is None


def test_a_veto_by_hand() -> None:
    """0.95 to the fifth is 0.7737809375. Who has said yes has said so; one no blocks for sure."""
    yes = Fraction(95, 100)
    assert blocked([None] * 5, yes) == 1 - Fraction(7737809375, 10**10)
    assert blocked([1, 1, None], yes) == Fraction(5, 100)
    assert blocked([1, 1], yes) == 0
    assert blocked([None, 0], yes) == 1


# Whole, as it is used.

ITEMS = """
items:
  - item: OUT
    title: First outpatient appointments
    pays: {shared_savings: {share: 50%, minimum_rate: 2%}}
"""
NETWORKS = "networks: {earned_by: network, distribution: equal, assent: every member}"
PRACTICES = (
    "practice_code,practice_name,place_code,network_code,list_size,level\n"
    "N1,North,,,,network\nA1,One,,N1,6000,\nA2,Two,,N1,4000,\n"
)


def make_run(folder: Path) -> Path:
    """A network of two, of which one has said yes: a baseline of £100,000, £90,000 spent."""
    (folder / "practices.csv").write_text(PRACTICES, encoding="utf-8")
    rows = "N1,OUT,BASELINE_POUNDS,100000,\nN1,OUT,ACTUAL_POUNDS,90000,\nA1,*,AGREED,1,\n"
    (folder / "counts.csv").write_text(COUNTS + rows, encoding="utf-8")
    run = engine.run(local(ITEMS, NETWORKS), folder / "practices.csv", folder / "counts.csv")
    engine.write_run(run, folder / "run")
    return folder / "run"


def test_a_runs_group_and_its_pool(tmp_path: Path) -> None:
    """Half of £10,000 is £5,000; £100,000 at £150 are 667 appointments, of 10,000 patients 1 / 15 each. One member has
    still to say: 5% of £5,000 is £250."""
    request = Request(str(make_run(tmp_path)), price=Fraction(150), rate=Fraction(1, 15), sizes=(10_000,))
    result = evaluate(request)
    assert result.noise is not None
    [group] = result.noise.groups
    assert (group.code, group.pence, group.odds.patients) == ("N1", 500_000, 10_000)
    assert group.odds == result.noise.sizes[0]
    [pool] = result.pools
    assert (pool.answers, pool.pence, pool.chance, pool.lost) == ((1, None), 500_000, Fraction(1, 20), 25_000)
    made = document(result)
    chance = Fraction(round(group.odds.paid_for_nothing * 10_000), 10_000)
    expected: dict[str, Value] = {
        "group/N1/paid": 500_000, "pool/0/pool": 500_000, "pool/0/chance": Fraction(1, 20), "pool/0/lost": 25_000,
        "group/N1/paid for nothing": chance, "veto/5/95%": Fraction(2262, 10_000), "all/price": 15_000,
    }  # fmt: skip
    assert_in_every_format(made, expected)


def test_every_file_is_written_and_the_answer_is_first(tmp_path: Path) -> None:
    words = ("savings", "--share", "50%", "--activity", "250", "--price", "£150", "--patients", "5000")
    files = {ending: tmp_path / f"s.{ending}" for ending in ("html", "pdf", "xlsx", "csv")}
    said = remit(*words, *[word for ending, path in files.items() for word in (f"--{ending}", str(path))])
    assert said.status == 0, said.err
    assert all(path.stat().st_size for path in files.values())
    text = " ".join(remit(*words).out.split())
    assert "The chance that a group of 5,000 patients is paid although it saved nothing is 50%" in text


def test_yearly_figures_give_what_is_not_given(tmp_path: Path) -> None:
    """400 of 2,000 patient-years, at £200 each; 90 and 110 vary twice as much as chance."""
    path = tmp_path / "years.csv"
    path.write_text(
        "group_code,year,patients,activity,pounds\nG1,2022,500,90,18000\nG1,2023,500,110,22000\n"
        "G2,2022,500,100,20000\nG2,2023,500,100,20000\n",
        encoding="utf-8",
    )
    result = evaluate(Request(rule={"share": "50%"}, figures=path, sizes=(1000,)))
    assert result.noise is not None
    assert result.noise.activity == Activity(Fraction(1, 5), Fraction(200), 1.0)
    assert "from 2 groups over 4 years of figures" in result.noise.origin


def test_a_pool_alone_says_what_a_veto_costs(tmp_path: Path) -> None:
    folder = make_run(tmp_path)
    items = "items:\n  - {item: A, title: A, pays: {fixed: {pays: £100, for: a plan}}}"
    rows = "N1,A,DECLARED,1,\n"
    (folder.parent / "counts.csv").write_text(COUNTS + rows, encoding="utf-8")
    run = engine.run(local(items, NETWORKS), folder.parent / "practices.csv", folder.parent / "counts.csv")
    engine.write_run(run, folder.parent / "pool")
    result = evaluate(Request(str(folder.parent / "pool"), assent=Fraction(9, 10)))
    assert result.noise is None
    assert answer(result) == (
        "If each member says yes with a chance of 90%, £19.00 of £100.00 in 1 pool is blocked on average."
    )


# Input that does not fit.


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "there is no rule to explore"),
        (("--share", "50%"), "how much activity a patient has in a year is not known"),
        (("--share", "50%"), "the price of each is not known"),
        (("--share", "half", "--activity", "1", "--price", "£1"), "share"),
        (("--minimum-rate", "2%", "--activity", "1", "--price", "£1"), "share: it must be given"),
        (("qif-2024-25",), "pays no share of a saving, and has no networks"),
        (("--share", "50%", "--activity", "many", "--price", "cheap"), "--activity: expected a number"),
        (("--share", "50%", "--activity", "many", "--price", "cheap"), "--price: expected money"),
        (("--share", "50%", "--spread", "0.5"), "--spread: expected 1 or more"),
        (("--share", "0%", "--activity", "1", "--price", "£1"), "share: expected more than 0%"),
        (
            ("--share", "50%", "--activity", "99999999999", "--price", "£1"),
            "is 99,999,999,999, and more than 1,000,000",
        ),
        (("--share", "50%", "--activity", "1", "--price", "£1", "--spread", "1000000"), "is 1,000,000, and more than"),
    ],
)
def test_what_does_not_fit_is_said(words: tuple[str, ...], said: str) -> None:
    assert_refused(remit("savings", *words), said)


def test_every_mistake_of_the_yearly_figures_is_said_at_once(tmp_path: Path) -> None:
    path = tmp_path / "years.csv"
    path.write_text(
        "group_code,year,patients,activity,pounds\nG1,2022,0,90,18000\nG1,2022,500,1,2\nG2,2022,500,x,-1\n",
        encoding="utf-8",
    )
    said = remit("savings", "--share", "50%", "--figures", path)
    assert_refused(said, ":2:", "at least one patient", ":3:", "listed twice", ":4:", "activity", "pounds")


def test_other_minimum_rates_and_corridors_stand_beside_the_rules_own(tmp_path: Path) -> None:
    """The odds of another rule are those of a rule that has it; a higher minimum rate pays less for nothing and misses
    more."""
    request = Request(
        rule={"share": "50%", "minimum_rate": "2.5%"}, rate=Fraction(1, 4), price=Fraction(150), sizes=(30_000,)
    )
    result = evaluate(request)
    noise = result.noise
    assert noise is not None
    rates = {one.value: one for one in noise.rules if one.key == "minimum_rate"}
    assert [float(value) for value in rates] == [0, 0.01, 0.02, 0.025, 0.03, 0.05]
    assert [value for value, one in rates.items() if one.own] == [Fraction(1, 40)]
    activity = Activity(Fraction(1, 4), Fraction(150))
    other = odds(kind({"share": "50%", "minimum_rate": "3%"}), activity, 30_000, Fraction(1, 20))
    assert rates[Fraction(3, 100)].odds == other
    falling = [one.odds.paid_for_nothing for one in rates.values()]
    assert falling == sorted(falling, reverse=True)
    corridors = {one.value: one for one in noise.rules if one.key == "corridor"}
    both = kind({"share": "50%", "minimum_rate": "2.5%", "corridor": "1%"})
    assert corridors[Fraction(1, 100)].odds == odds(both, activity, 30_000, Fraction(1, 20))
    at = Fraction(round(other.paid_for_nothing * 10_000), 10_000)
    assert_in_every_format(document(result), {"minimum_rate/3%/paid for nothing": at})


def test_another_populations_growth_misses_a_saving_as_often_as_the_year_before_does() -> None:
    """Of a very large population only the group's own years vary: what is missed, and paid, is as with the year
    before."""
    rule, activity = kind({"share": "50%", "minimum_rate": "2%"}), Activity(TENTH, Fraction(150))
    exact = odds(rule, activity, 5_000, Fraction(1, 20))
    drawn = drawn_growth(rule, activity, 5_000, 500_000_000, Fraction(1, 20), seed=3)
    assert drawn.missed == pytest.approx(exact.missed, abs=4 * drawn.missed_error)
    assert drawn.pounds_for_saving == pytest.approx(exact.pounds_for_saving, abs=4 * drawn.pounds_for_saving_error)
