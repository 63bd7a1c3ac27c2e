"""No scheme that ships says a sentence by a trick: in another unit, over another list, by made-up items."""

from __future__ import annotations

from collections import Counter

import pytest

from remit.scheme import Scheme, load_scheme, scheme_ids
from remit.scheme.kinds import Boolean, Required

SCHEMES = scheme_ids()


@pytest.fixture(params=SCHEMES)
def scheme(request: pytest.FixtureRequest) -> Scheme:
    return load_scheme(request.param)


def test_a_point_is_worth_a_point_and_not_a_penny(scheme: Scheme) -> None:
    """90 points at a penny each would be a line in pence."""
    value = scheme.point.value.value if scheme.point else None
    assert value is None or value > 1


def test_points_are_weighed_by_a_list_as_practices_have_it(scheme: Scheme) -> None:
    """Over an average list of 1 points would be so much a head."""
    by_list = scheme.weights.list
    assert by_list is None or by_list.over.value is None or by_list.over.value > 1000


def test_what_counts_heads_says_which(scheme: Scheme) -> None:
    """A part that nobody has sized is in pounds, and not in pounds a head of no list."""
    per_head = [item.item for item in scheme.items if item.kind.unit == "pounds per weighted head"]
    assert scheme.heads or not per_head


def test_no_sum_is_made_of_items_for_each_way_to_earn_it(scheme: Scheme) -> None:
    """Two of three targets would be an item for each pair of them, alike but for what they rest on."""
    bare = [item for item in scheme.items if isinstance(item.kind, Boolean | Required) and item.measure is None]
    alike = Counter((item.title, item.kind.words()) for item in bare)
    assert [title for (title, _), many in alike.items() if many > 1] == []
    assert max(len(item.requires) for item in scheme.items) <= 1
