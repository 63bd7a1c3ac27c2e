"""Indicators that are watched: the fall in percentage points against the tolerance."""

from __future__ import annotations

from fractions import Fraction

import pytest
from tests.figures import key
from tests.spec.run import local

from remit.core.figures import Figures
from remit.scoring.monitoring import watched

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
