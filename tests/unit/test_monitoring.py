"""Indicators that are watched: the fall in percentage points against the tolerance, and one verdict a practice."""

from __future__ import annotations

from fractions import Fraction

import pytest
from tests.figures import key
from tests.spec.run import local

from remit.core.figures import Figures
from remit.core.problems import Refused
from remit.scoring.monitoring import verdict, watched

ITEMS = "items: [{item: A, title: A, pays: {fixed: {pays: £1, for: it}}}]"
SCHEME = local(ITEMS, "monitoring: {indicators: [CHD005], against: 2016-17, tolerance: 5%}")


def held(now: int, of: int, before: int, of_before: int) -> Figures:
    then = {key("NUMERATOR", "2016-17"): before, key("DENOMINATOR", "2016-17"): of_before}
    return {key("NUMERATOR"): now, key("DENOMINATOR"): of, **then}


@pytest.mark.parametrize(("now", "before", "within"), [(75, 80, True), (74, 80, False), (90, 80, True), (80, 80, True)])
def test_a_fall_of_the_tolerance_itself_is_within_it(now: int, before: int, within: bool) -> None:
    counted = held(now, 100, before, 100)
    (found,) = watched(SCHEME, {"CHD005": counted})
    assert (found.within, found.change) == (within, Fraction(now - before, 100))


def test_what_lacks_is_named() -> None:
    (found,) = watched(SCHEME, {"CHD005": {key("NUMERATOR"): 1, key("DENOMINATOR"): 2}})
    assert (found.now, found.within) == (Fraction(1, 2), None)
    assert found.reason == "Supply NUMERATOR of 2016-17 and DENOMINATOR of 2016-17 for CHD005."


def test_nobody_counted_has_no_rate() -> None:
    counted = held(0, 0, 1, 2)
    (found,) = watched(SCHEME, {"CHD005": counted})
    assert (found.now, found.change, found.within) == (None, None, None)


def test_a_list_that_is_still_required_watches_nothing() -> None:
    assert watched(local(ITEMS, "monitoring: {indicators: required, count: 25}"), {}) == ()


JUDGED = "monitoring: {indicators: [A1, B2, C3], against: 2016-17, tolerance: 5%, significance: LEVEL}"


def judged(level: str, **counts: tuple[int, int, int, int]) -> tuple[str, int | None, str]:
    scheme = local(ITEMS, JUDGED.replace("LEVEL", level))
    found = verdict(scheme, watched(scheme, {code: held(*four) for code, four in counts.items()}))
    assert found is not None
    return found.finding, found.significantly, found.words


def test_a_fall_is_significant_by_fishers_exact_test_by_hand() -> None:
    """Of 4 this year 4 missed, of 4 before none: of the 70 ways to choose the 4 who are missed among 8, one: 1/70 is
    1.43%. With 3 missed this year and 1 before, (16 + 1) / 70 = 24.3%."""
    scheme = local(ITEMS, "monitoring: {indicators: [A1, B2], against: 2016-17, significance: 1.42%}")
    of = {"A1": held(0, 4, 4, 4), "B2": held(1, 4, 3, 4)}
    assert [one.significant for one in watched(scheme, of)] == [False, False]
    scheme = local(ITEMS, "monitoring: {indicators: [A1, B2], against: 2016-17, significance: 1.43%}")
    assert [one.significant for one in watched(scheme, of)] == [True, False]
    scheme = local(ITEMS, "monitoring: {indicators: [A1, B2], against: 2016-17, significance: 24.3%}")
    assert [one.significant for one in watched(scheme, of)] == [True, True]


def test_one_verdict_a_practice() -> None:
    """A1 lies 8 points below on 100 (chance about 10%), B2 on 1,000 (far below 1%), C3 is as it was."""
    small, large, same = (72, 100, 80, 100), (720, 1000, 800, 1000), (80, 100, 80, 100)
    assert judged("5%", A1=small, B2=large, C3=same) == (
        "to be looked at", 1,
        "Of 3 indicators 2 lie more than 5 points below 2016-17, 1 of them significantly (at 5%): to be looked at.",
    )  # fmt: skip
    assert judged("5%", A1=small, B2=same, C3=same) == (
        "may be chance", 0,
        "Of 3 indicators 1 lies more than 5 points below 2016-17, not significantly (at 5%): may be chance.",
    )  # fmt: skip
    assert judged("5%", A1=same, B2=same, C3=same) == (
        "within the tolerance", 0,
        "Of 3 indicators none lies more than 5 points below 2016-17: within the tolerance.",
    )  # fmt: skip


def test_what_is_not_known_is_never_within() -> None:
    small, same = (72, 100, 80, 100), (80, 100, 80, 100)
    assert judged("5%", A1=same, B2=same) == (
        "not known yet", 0,
        "Of 3 indicators none lies more than 5 points below 2016-17: not known yet. 1 cannot be compared yet.",
    )  # fmt: skip
    assert judged("required", A1=small, B2=same, C3=same) == (
        "to be looked at", None,
        "Of 3 indicators 1 lies more than 5 points below 2016-17: to be looked at. "
        "Whether significantly is not known: set monitoring.significance.",
    )  # fmt: skip


def test_without_tolerance_and_level_there_is_no_verdict() -> None:
    scheme = local(ITEMS, "monitoring: {indicators: [A1], against: 2016-17}")
    assert verdict(scheme, watched(scheme, {"A1": held(1, 2, 2, 2)})) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("indicators: [A1], significance: 5%", "Say 'against'"),
        ("indicators: [A1], against: 2016-17, significance: 0%", "above 0% and below 100%"),
        ("indicators: [A1], against: 2016-17, significance: 100%", "above 0% and below 100%"),
    ],
)
def test_a_level_that_says_nothing_is_refused(text: str, says: str) -> None:
    with pytest.raises(Refused) as refused:
        local(ITEMS, f"monitoring: {{{text}}}")
    assert any(says in one.message or says in (one.hint or "") for one in refused.value.problems)
