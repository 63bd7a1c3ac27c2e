"""The guard rail on PCAs against figures worked out by hand: small binomial tails, and bands that follow from them."""

from __future__ import annotations

from tests.figures import held

from remit.scheme.model import PcaGuard
from remit.scoring.guard import PcaCount, bands, pca_counts


def guard(**more: object) -> PcaGuard:
    given = {"references": {"ICB": "50%"}, "significance": "5%", "increase_points": "2%", **more}
    return PcaGuard.model_validate(given)


def band(of: PcaCount, by: PcaGuard | None = None) -> str:
    return bands(by or guard(), {"A1": of})["A1"].band


def test_a_rate_is_pcas_over_pcas_and_what_is_left() -> None:
    """8 PCAs and 100 left: 8 / 108, not 8 / 100."""
    assert PcaCount(8, 100).rate.as_integer_ratio() == (2, 27)


def test_four_of_four_heads_are_one_in_sixteen_and_five_of_five_one_in_thirty_two() -> None:
    """The chance of as many or more at a true rate of a half: 1/16 = 6.25% is not below 5%, 1/32 = 3.125% is."""
    assert band(PcaCount(4, 0)) == "watch"
    assert band(PcaCount(5, 0)) == "review"


def test_at_the_reference_or_below_a_rate_is_in_line() -> None:
    assert band(PcaCount(50, 50)) == "in line"
    assert band(PcaCount(0, 10)) == "in line"  # this guard looks above alone
    assert band(PcaCount(51, 49)) == "watch"


def test_review_needs_every_reference() -> None:
    two = guard(references={"ICB": "50%", "England": "99%"})
    assert band(PcaCount(5, 0), two) == "watch"
    assert band(PcaCount(9, 1), two) == "watch"


def test_a_guard_that_looks_both_ways_finds_a_rate_below_too() -> None:
    """None of five heads is 1/32 = 3.125%, below 5%; none of four 1/16 = 6.25%, not below it."""
    both = guard(looks="both ways")
    assert band(PcaCount(0, 5), both) == "review"
    assert band(PcaCount(0, 4), both) == "in line"
    assert band(PcaCount(5, 0), both) == "review"
    assert band(PcaCount(4, 0), both) == "watch"
    assert "significantly below ICB 50%" in bands(both, {"A1": PcaCount(0, 5)})["A1"].reason


def test_a_guard_that_looks_both_ways_needs_every_reference_on_the_same_side() -> None:
    """None of five is far below 99%, and 1/32 at 50%; at 1% it is as expected. 50 of 100 lies between 1% and 99%."""
    assert band(PcaCount(0, 5), guard(looks="both ways", references={"ICB": "50%", "England": "99%"})) == "review"
    assert band(PcaCount(0, 5), guard(looks="both ways", references={"ICB": "50%", "England": "1%"})) == "in line"
    assert band(PcaCount(50, 50), guard(looks="both ways", references={"ICB": "1%", "England": "99%"})) == "watch"


def test_many_practices_make_one_chance_less_telling() -> None:
    """1/32 among two practices is 1/16 after Benjamini and Hochberg's correction; with both at 1/32 it stays 1/32."""
    alone = bands(guard(), {"A1": PcaCount(5, 0), "B2": PcaCount(0, 5)})
    assert {code: found.band for code, found in alone.items()} == {"A1": "watch", "B2": "in line"}
    both = bands(guard(), {"A1": PcaCount(5, 0), "B2": PcaCount(5, 0)})
    assert {found.band for found in both.values()} == {"review"}


def test_a_rise_is_for_review_when_it_is_sure_and_large() -> None:
    low = guard(references={"ICB": "90%"})
    assert band(PcaCount(50, 50, previous=(10, 90)), low) == "review"
    assert band(PcaCount(2, 8, previous=(1, 9)), low) == "watch"
    assert band(PcaCount(10, 90, previous=(50, 50)), low) == "in line"


def test_a_sure_but_small_rise_is_watched_only() -> None:
    """10% to 11% of a hundred thousand is no chance, and less than two points."""
    low = guard(references={"ICB": "90%"})
    assert band(PcaCount(11_000, 89_000, previous=(10_000, 90_000)), low) == "watch"


def test_a_chance_at_the_level_itself_is_not_below_it() -> None:
    """Four of four heads are 1/16, which is 6.25%: at that level watched, a millionth above it for review."""
    assert band(PcaCount(4, 0), guard(significance="6.25%")) == "watch"
    assert band(PcaCount(4, 0), guard(significance="6.2501%")) == "review"


def test_a_rise_of_the_points_themselves_is_not_above_them() -> None:
    """10% to 12% of a hundred thousand is no chance, and two points: watched. One more is above: for review."""
    low, before = guard(references={"ICB": "90%"}), (10_000, 90_000)
    assert band(PcaCount(12_000, 88_000, previous=before), low) == "watch"
    assert band(PcaCount(12_001, 87_999, previous=before), low) == "review"


def test_the_same_rate_as_the_year_before_is_no_rise() -> None:
    assert band(PcaCount(10, 90, previous=(10, 90)), guard(references={"ICB": "90%"})) == "in line"


def test_as_many_as_none_or_more_is_sure_at_any_rate() -> None:
    """Nobody of one: the chance of none or more is 1, and not that of one or more, 1%."""
    assert band(PcaCount(0, 1), guard(references={"ICB": "1%"})) == "in line"


def test_a_rises_chance_at_the_level_itself_is_not_below_it() -> None:
    """One of one after none of one: of the two patients with one PCA between them, the later has it once in two."""
    rise = PcaCount(1, 0, previous=(0, 1))
    assert band(rise, guard(references={"ICB": "100%"}, significance="50%")) == "watch"
    assert band(rise, guard(references={"ICB": "100%"}, significance="50.01%")) == "review"


def test_reasons_name_the_rate_and_what_it_is_held_against() -> None:
    found = bands(guard(), {"A1": PcaCount(5, 0)})["A1"]
    assert "100%" in found.reason
    assert "ICB 50%" in found.reason
    assert "5%" in found.reason


def test_the_order_of_practices_never_matters() -> None:
    counts = {f"P{n}": PcaCount(n % 7, 5 + n % 3) for n in range(30)}
    assert bands(guard(), counts) == bands(guard(), dict(reversed(counts.items())))


def test_only_practices_with_both_figures_are_held_against_anything() -> None:
    figures = {
        "A1": {"4": held(PCAS=8, DENOMINATOR=100)},
        "B2": {"4": held(DENOMINATOR=100)},
        "C3": {"4": held(PCAS=0, DENOMINATOR=0)},
        "D4": {"5": held(PCAS=8, DENOMINATOR=100)},
    }
    before = {"A1": {"4": held(PCAS=1, DENOMINATOR=9)}}
    assert dict(pca_counts(figures, before, "4")) == {"A1": PcaCount(8, 100, previous=(1, 9))}
