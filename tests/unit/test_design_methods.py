"""The methods of a design: thresholds, lucky steps and budgets, against hand arithmetic, scipy and simulation."""

from __future__ import annotations

from fractions import Fraction
from statistics import quantiles

import numpy as np
import pytest
from scipy import integrate, stats

from remit.analysis.design.budget import BudgetItem, BudgetTooSmall, Tariff, tariff
from remit.analysis.design.health_gain import ExpectedGain, paid_for_gain
from remit.analysis.design.lucky_steps import (
    OwnRate,
    least_step,
    luck,
    lucks,
    own_rate,
    patients_needed,
    reach,
)
from remit.analysis.design.placing import Sizes, place_steps, unit_of
from remit.analysis.design.thresholds import Benchmark, Marks, achievable_benchmark, marks, quantile

CENT = Fraction(1, 100)


def percents(*numbers: int) -> list[Fraction]:
    return [Fraction(number, 100) for number in numbers]


class TestThresholds:
    def test_the_benchmark_by_hand(self) -> None:
        """400 patients: a tenth is 40. By (x + 1) / (n + 2) the order is 19/22, 46/62, 2/3, 51/102, 101/222.

        The practice of one patient, all of whom achieve, does not lead. The first two hold 80 patients: 63/80.
        """
        over, under = [18, 45, 1, 50, 100], [20, 60, 1, 100, 219]
        assert achievable_benchmark(over, under) == Benchmark(Fraction(63, 80), 2, 80)

    def test_whom_the_last_is_equal_to_is_taken_too(self) -> None:
        assert achievable_benchmark([9, 9, 50], [10, 10, 80]) == Benchmark(Fraction(18, 20), 2, 20)

    def test_the_benchmark_by_another_way(self) -> None:
        """By the published steps with floats: rank, add until a tenth of the patients, divide."""
        rng = np.random.default_rng(7)
        for _ in range(50):
            under = rng.integers(1, 400, 30)
            over = rng.binomial(under, rng.beta(4, 6, 30))
            order = np.argsort(-(over + 1) / (under + 2), kind="stable")
            held = np.cumsum(under[order])
            last = int(np.searchsorted(held, 0.1 * under.sum() - 1e-9))
            expected = over[order][: last + 1].sum() / held[last]
            found = achievable_benchmark(over.tolist(), under.tolist())
            assert float(found.rate) == pytest.approx(expected) or found.practices > last + 1

    def test_quartiles_are_a_spreadsheets(self) -> None:
        values = percents(12, 31, 40, 44, 58, 61, 90)
        for n, expected in enumerate(quantiles(values, n=4, method="inclusive"), 1):
            assert quantile(values, Fraction(n, 4)) == expected

    def test_a_practice_with_nobody_counts_for_nothing(self) -> None:
        assert marks([1, 0, 3], [2, 0, 4]) == marks([1, 3], [2, 4])
        with pytest.raises(ValueError, match="no values"):
            marks([0], [0])

    def test_all_alike(self) -> None:
        assert marks([1, 2, 3], [2, 4, 6]).alike
        assert not marks([1, 2, 4], [2, 4, 6]).alike


class TestLuck:
    def test_to_reach_a_step_is_a_binomial_tail(self) -> None:
        """4 of 10 are needed for 40%, 5 for 41%: the step counts from its rate on."""
        assert reach(0.3, Fraction(40, 100), 10) == pytest.approx(stats.binom.sf(3, 10, 0.3))
        assert reach(0.3, Fraction(41, 100), 10) == pytest.approx(stats.binom.sf(4, 10, 0.3))
        assert reach(0.0, Fraction(0), 10) == 1.0

    def test_reach_by_hand(self) -> None:
        """Both of two patients at an own rate of a half: a quarter."""
        assert reach(Fraction(1, 2), Fraction(3, 4), 2) == pytest.approx(0.25)

    @pytest.mark.parametrize(("a", "b", "n", "step"), [(9, 16, 60, 44), (2, 3, 12, 50), (40, 70, 1500, 41)])
    def test_a_lucky_step_is_an_integral_over_the_own_rate(self, a: float, b: float, n: int, step: int) -> None:
        at = Fraction(step, 100)
        found, least = luck(OwnRate(a, b, a / (a + b)), at, n), -(-at.numerator * n // at.denominator)
        expected, _ = integrate.quad(
            lambda p: stats.beta.pdf(p, a, b) * stats.binom.sf(least - 1, n, p), 0, float(at), epsabs=1e-11, limit=200
        )
        assert found.lucky == pytest.approx(expected, abs=1e-8)
        assert found.reached == pytest.approx(stats.betabinom.sf(least - 1, n, a, b))
        assert found.below == pytest.approx(stats.beta.cdf(float(at), a, b))

    def test_the_chances_are_those_of_a_simulation(self) -> None:
        """200,000 draws of the own rate and of a year's count; four standard errors."""
        rng, draws = np.random.default_rng(3), 200_000
        for a, b, n in ((6, 9, 25), (30, 50, 300)):
            own = rng.beta(a, b, draws)
            rate = rng.binomial(n, own) / n
            steps = percents(40, 48, 60)
            found = OwnRate(a, b, a / (a + b))
            for step in steps:
                chances, at_step = luck(found, step, n), float(step)
                for chance, drawn in (
                    (chances.lucky, (own < at_step) & (rate >= at_step)),
                    (chances.unlucky, (own >= at_step) & (rate < at_step)),
                ):
                    assert chance == pytest.approx(drawn.mean(), abs=4 * (chance * (1 - chance) / draws) ** 0.5)
            at = [np.searchsorted([float(step) for step in steps], rates, side="right") for rates in (own, rate)]
            some = lucks(found, steps, n)[1]
            assert some == pytest.approx((at[1] > at[0]).mean(), abs=4 * (some * (1 - some) / draws) ** 0.5)

    @pytest.mark.parametrize("patients", [40, 900, 20_000])
    @pytest.mark.parametrize("step", [2, 30, 38, 60, 97])
    def test_what_is_left_out_of_a_sum_is_nothing(self, patients: int, step: int) -> None:
        """Steps near a practice's own counts and far from them, against scipy's own sums."""
        own = own_rate(0.36, 25.0, round(0.35 * patients), patients)
        found = luck(own, Fraction(step, 100), patients)
        least = -(-step * patients // 100)
        assert found.reached == pytest.approx(stats.betabinom.sf(least - 1, patients, own.a, own.b), abs=1e-9)
        assert found.below == pytest.approx(stats.beta.cdf(step / 100, own.a, own.b), abs=1e-12)
        assert 0 <= found.lucky <= min(found.below, found.reached) + 1e-12

    def test_a_curve_with_a_long_end_is_summed_whole(self) -> None:
        """Most practices at nought and a few far above: what is ten standard deviations away is not nothing."""
        found = luck(own_rate(0.001, 50.0), Fraction(5, 100), 1000)
        assert found.reached == pytest.approx(stats.betabinom.sf(49, 1000, 0.05, 49.95), abs=1e-10)
        assert found.reached > 0.001

    def test_where_practices_do_not_differ_all_of_a_step_above_them_is_luck(self) -> None:
        own = own_rate(0.36, float("inf"))
        chances = luck(own, Fraction(45, 100), 100)
        assert chances.lucky == chances.reached == pytest.approx(stats.binom.sf(44, 100, 0.36))
        assert chances.unlucky == 0
        assert luck(own, Fraction(30, 100), 100).lucky == 0
        assert lucks(own, percents(30, 45), 100)[1] == pytest.approx(chances.lucky)

    def test_a_practices_own_counts_narrow_its_own_rate(self) -> None:
        assert own_rate(0.4, 50, 39, 100) == OwnRate(0.4 * 50 + 39, 0.6 * 50 + 61, 0.4)


class TestDistances:
    @pytest.mark.parametrize("below", percents(5, 30, 34, 50, 92))
    @pytest.mark.parametrize("patients", [3, 12, 77, 640])
    def test_the_least_step_is_the_first_that_holds_the_limit(self, below: Fraction, patients: int) -> None:
        tried = [Fraction(n, 100) for n in range(101) if Fraction(n, 100) >= below]
        fit = [step for step in tried if stats.binom.sf(-(-step * patients // 1) - 1, patients, float(below)) <= 0.1]
        assert least_step(below, patients, 0.1, CENT) == (fit[0] if fit else None)

    def test_three_patients_are_too_few_for_any_step(self) -> None:
        """All three achieve with a chance of 0.5^3 = 12.5%, which is above 10%."""
        assert least_step(Fraction(1, 2), 3, 0.1, CENT) is None
        assert least_step(Fraction(1, 2), 4, 0.1, CENT) == Fraction(76, 100)

    @pytest.mark.parametrize(("below", "step"), [(30, 38), (50, 60), (1, 2)])
    def test_from_so_many_patients_on_the_limit_holds(self, below: int, step: int) -> None:
        rate, at = Fraction(below, 100), Fraction(step, 100)
        found = patients_needed(rate, at, 0.1)
        assert found is not None
        over = [n for n in range(1, 4 * found) if stats.binom.sf(-(-at * n // 1) - 1, n, float(rate)) > 0.1]
        assert found == over[-1] + 1

    def test_a_step_that_must_be_passed_needs_one_more_where_it_is_whole(self) -> None:
        """Above 40% of 10 is 5; from 40% of 10 on, 4. Of 12 both are 5."""
        assert reach(0.3, Fraction(40, 100), 10, above=True) == pytest.approx(stats.binom.sf(4, 10, 0.3))
        assert reach(0.3, Fraction(40, 100), 12, above=True) == reach(0.3, Fraction(40, 100), 12)
        rate, at = Fraction(30, 100), Fraction(40, 100)
        found = patients_needed(rate, at, 0.1, above=True)
        assert found is not None
        over = [n for n in range(1, 4 * found) if stats.binom.sf(at * n // 1, n, 0.3) > 0.1]
        assert found == over[-1] + 1

    def test_no_list_is_long_enough_for_a_step_that_is_no_higher(self) -> None:
        assert patients_needed(Fraction(1, 2), Fraction(1, 2), 0.1) is None
        assert patients_needed(Fraction(1, 2), Fraction(50001, 100000), 0.1) is None


class TestPlacing:
    MARKS = Marks(Fraction(26, 100), Fraction(34, 100), Fraction(42, 100), Benchmark(Fraction(53, 100), 9, 900))

    def test_with_large_denominators_the_steps_stand_at_the_marks(self) -> None:
        placed = place_steps(self.MARKS, Sizes(2000, 1000), 0.1)
        assert [step.at for step in placed.steps] == percents(34, 42, 53)
        assert not placed.left_out
        assert not any(step.moved for step in placed.steps)

    def test_with_small_ones_they_stand_higher_and_fewer(self) -> None:
        """At 20 patients and an own rate of 26%: P(8 or more) is 12.4%, P(9 or more) 5.1%. 9 of 20 is above 40%."""
        placed = place_steps(self.MARKS, Sizes(20, 10), 0.1)
        assert [step.at for step in placed.steps] == percents(41)
        assert placed.steps[0].by_luck == pytest.approx(stats.binom.sf(8, 20, 0.26))
        assert [one.mark for one in placed.left_out] == ["upper quartile", "achievable benchmark"]
        needed = placed.left_out[1].patients
        assert needed is not None
        assert stats.binom.sf(-(-53 * needed // 100) - 1, needed, 0.41) <= 0.1

    def test_the_limit_can_be_held_for_the_smallest_tenth(self) -> None:
        sizes = Sizes(2000, 30)
        assert place_steps(self.MARKS, sizes, 0.1, for_smallest=True).steps[0].at > Fraction(34, 100)
        assert place_steps(self.MARKS, sizes, 0.1).steps[0].at == Fraction(34, 100)

    def test_sizes_are_practices_own(self) -> None:
        assert Sizes.of([5, 1, 9, 7]) == Sizes(5, 1)
        assert Sizes.of(list(range(1, 21))) == Sizes(10, 2)
        assert Sizes.of([4]) == Sizes(4, 4)

    def test_small_rates_have_fine_steps(self) -> None:
        assert [unit_of(Fraction(n, 1000)) for n in (7, 43, 100)] == [Fraction(1, 10000), Fraction(1, 1000), CENT]


class TestBudget:
    def test_by_hand(self) -> None:
        """£3,000 over 10,000 heads: 30p at most, of which a third is 10p."""
        item = BudgetItem(3, Fraction(1), ((Fraction(6000), 3), (Fraction(4000), 3)))
        found = tariff({"4": item}, 300_000)
        assert found == Tariff({"4": tuple(percents(10, 20, 30))}, 0, 300_000, 0)

    def test_what_a_scheme_file_cannot_hold_is_left(self) -> None:
        """A million heads and £1: 0.0001p a head is 100p, and nothing less can be written."""
        item = BudgetItem(1, Fraction(1), ((Fraction(1_000_000), 1),))
        assert tariff({"4": item}, 150) == Tariff({"4": (Fraction(1, 1_000_000),)}, 4, 100, 50)

    def test_whole_pence_where_they_are_asked_for(self) -> None:
        item = BudgetItem(2, Fraction(1), ((Fraction(1000), 2),))
        assert tariff({"4": item}, 12_345, decimals=0) == Tariff({"4": tuple(percents(6, 12))}, 0, 12_000, 345)

    def test_a_budget_below_what_the_steps_cost(self) -> None:
        """Three steps of 1p, 2p and 3p at least, in whole pence: 3p times 1,000 heads."""
        item = BudgetItem(3, Fraction(1), ((Fraction(1000), 3),))
        assert tariff({"4": item}, 2_999, decimals=0) == BudgetTooSmall(3_000)
        assert isinstance(tariff({"4": item}, 3_000, decimals=0), Tariff)

    def test_where_no_practice_reaches_a_step_no_rate_meets_a_budget(self) -> None:
        assert tariff({"4": BudgetItem(2, Fraction(1), ((Fraction(1000), 0),))}, 100_000) == BudgetTooSmall(None)

    def test_shares(self) -> None:
        """Two items of shares 2 and 1 over the same 1,000 heads: £300 is 20p and 10p."""
        heads = ((Fraction(1000), 1),)
        items = {"a": BudgetItem(1, Fraction(2), heads), "b": BudgetItem(1, Fraction(1), heads)}
        found = tariff(items, 30_000)
        assert isinstance(found, Tariff)
        assert found.pays == {"a": (Fraction(20, 100),), "b": (Fraction(10, 100),)}


def test_pounds_for_each_unit_of_gain() -> None:
    """15 events among 10,000 people are 30 among 20,000; £6,000 for 30 is £200 each."""
    gain = ExpectedGain(Fraction(15), 10_000, "events prevented", "a source")
    [found] = paid_for_gain({"4": 600_000, "6": 1}, {"4": gain}, 20_000).values()
    assert (found.expected, found.pence_for_each) == (30, 20_000)
    assert paid_for_gain({"4": 1}, {"4": ExpectedGain(Fraction(0), 1, "", "")}, 1)["4"].pence_for_each is None
