"""The limits of a scheme year at the penny, parts of an amount together, and limits as plain data."""

from __future__ import annotations

from typing import Any

import pytest

from remit.contract.limits import Limits
from remit.core.problems import Refused


@pytest.mark.parametrize(
    ("pence", "risk"),
    [
        (0, "low"),
        (14_999_99, "low"),
        (15_000_00, "medium"),
        (49_999_99, "medium"),
        (50_000_00, "high"),
        (-14_999_99, "low"),
        (-15_000_00, "medium"),
        (-50_000_00, "high"),
    ],
)
def test_the_risk_class_at_the_penny(pence: int, risk: str) -> None:
    assert Limits().risk(pence) == risk


@pytest.mark.parametrize(
    ("pence", "others", "finance", "together"),
    [
        (15_000_00, [], False, 15_000_00),
        (15_000_01, [], True, 15_000_01),
        (-15_000_00, [], False, 15_000_00),
        (-15_000_01, [], True, 15_000_01),
        (8_000_00, [], False, 8_000_00),
        (8_000_00, [8_000_00], True, 16_000_00),  # two parts of £8,000
        (8_000_00, [7_000_00], False, 15_000_00),
        (8_000_00, [7_000_01], True, 15_000_01),
        (1, [5_000_00, 5_000_00, 5_000_00], True, 15_000_01),
        (8_000_00, [-8_000_00], True, 16_000_00),  # one does not take off from another
        (0, [], False, 0),
    ],
)
def test_finance_is_asked_above_its_limit_whatever_the_parts(
    pence: int, others: list[int], finance: bool, together: int
) -> None:
    needed = Limits().needed(pence, others)
    assert (needed.finance, needed.together) == (finance, together)
    assert needed.tier_1
    assert not needed.tier_2


def test_tier_2_checks_what_is_approved_in_bulk_and_what_is_above_its_limit() -> None:
    assert Limits().needed(1, in_bulk=True).tier_2
    assert not Limits(tier_2_in_bulk=False).needed(1, in_bulk=True).tier_2
    above = Limits(tier_2_above=20_000_00)
    assert not above.needed(20_000_00).tier_2
    assert above.needed(20_000_01).tier_2
    assert above.needed(12_000_00, [8_000_01]).tier_2
    assert Limits(tier_2_above=0).needed(1).tier_2


def test_a_year_may_need_no_declaration_no_review_or_no_approval() -> None:
    assert Limits(needs_declaration=False).needed(5).declaration is False
    assert Limits(needs_review=False).needed(5).review is False
    assert Limits().needed(5, has_evidence=False).review is False
    assert Limits().needed(5).review is True
    none = Limits(needs_approval=False, tier_2_above=0).needed(60_000_00, in_bulk=True)
    assert (none.tier_1, none.tier_2, none.finance) == (False, False, False)


def test_limits_go_to_plain_data_and_back() -> None:
    assert Limits.from_dict({}) == Limits()
    other = Limits(finance_above=0, medium_from=5, high_from=5, tier_2_above=7, needs_review=False)
    assert Limits.from_dict(other.as_dict()) == other
    assert Limits.from_dict({"tier_2_above": None}) == Limits()
    assert Limits().as_dict() == {
        "finance_above": 15_000_00, "medium_from": 15_000_00, "high_from": 50_000_00, "tier_2_in_bulk": True,
        "tier_2_above": None, "needs_declaration": True, "needs_review": True, "needs_approval": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("data", "codes"),
    [
        ({"finance_abov": 5}, ["limit-unknown"]),
        ({"finance_above": -1}, ["limit-unreadable"]),
        ({"finance_above": 1.5}, ["limit-unreadable"]),
        ({"finance_above": True}, ["limit-unreadable"]),
        ({"finance_above": "15000"}, ["limit-unreadable"]),
        ({"finance_above": None}, ["limit-unreadable"]),
        ({"needs_review": 1}, ["setting-unreadable"]),
        ({"needs_review": None}, ["setting-unreadable"]),
        ({"medium_from": 6, "high_from": 5}, ["limits-out-of-order"]),
        ({"high_from": 14_999_99}, ["limits-out-of-order"]),
        (
            {"high_from": "x", "needs_review": "no", "tier": 2},
            ["limit-unreadable", "setting-unreadable", "limit-unknown"],
        ),
    ],
)
def test_all_that_is_wrong_is_reported_at_once(data: dict[str, Any], codes: list[str]) -> None:
    with pytest.raises(Refused) as refused:
        Limits.from_dict(data)
    assert [one.code for one in refused.value.problems] == [f"contract.{code}" for code in codes]


def test_a_name_that_is_not_known_comes_with_the_nearest() -> None:
    with pytest.raises(Refused, match="Did you mean finance_above"):
        Limits.from_dict({"finance_abov": 5})
