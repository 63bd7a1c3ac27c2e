"""A network's money among its members: worked by hand, to the penny."""

from __future__ import annotations

from fractions import Fraction

import pytest

from remit.core.sharing import split
from remit.payment.pools import RULES, Member, distribute


def member(code: str, **held: int | str | None) -> Member:
    """A member that was there all year and has said yes, unless `held` says otherwise."""
    numbers = {k: Fraction(v) for k, v in held.items() if k in ("part", "basis", "agreed") and v is not None}
    whole = {k: v for k, v in held.items() if k in ("assent", "contribution")}
    return Member(code, **{"assent": 1, **numbers, **whole})  # type: ignore[arg-type]


def test_a_hundred_pounds_among_three() -> None:
    """33.33 three times leaves a penny: all remainders are alike, so the first has it."""
    assert split(100_00, [Fraction(1)] * 3) == [33_34, 33_33, 33_33]
    found = distribute(100_00, "equal", [member(code) for code in ("C3", "A1", "B2")], "every member")
    assert found.parts == {"A1": 33_34, "B2": 33_33, "C3": 33_33}
    assert [str(line) for line in found.lines["A1"]] == [
        "£100.00 × 1 / 3, rounded down = £33.33",
        "£33.33 + a penny left over, as its remainder is among the largest = £33.34",
    ]
    assert [str(line) for line in found.lines["B2"]] == ["£100.00 × 1 / 3, rounded down = £33.33"]


def test_pence_left_over_go_to_the_largest_remainders() -> None:
    """10p by 1, 2 and 4 of 7: 1 3/7, 2 6/7 and 5 5/7; two pence are left, for 6/7 and 5/7."""
    assert split(10, [Fraction(1), Fraction(2), Fraction(4)]) == [1, 3, 6]


def test_fourteen_thousand_by_lists() -> None:
    """The sum of the MMR package by lists of 7,000, 8,500, 10,250 and 6,250 of 32,000: 43.75p a patient."""
    lists = {"A1": 7_000, "B2": 8_500, "C3": 10_250, "D4": 6_250}
    found = distribute(14_000_00, "list", [member(c, basis=n) for c, n in lists.items()], "none")
    assert found.parts == {"A1": 3_062_50, "B2": 3_718_75, "C3": 4_484_38, "D4": 2_734_37}
    # C3 is 4,484.375 and D4 2,734.375: one penny is left for two equal remainders, and C3 comes first
    assert sum(filter(None, found.parts.values())) == 14_000_00


def test_a_member_that_joined_in_march_counts_for_a_twelfth() -> None:
    """£250 equally among two of a whole year and one of a month: 12, 12 and 1 of 25 twelfths."""
    members = [member("A1"), member("B2"), member("C3", part="1/12")]
    found = distribute(250_00, "equal", members, "every member")
    assert found.parts == {"A1": 120_00, "B2": 120_00, "C3": 10_00}
    by_list = [member("A1", basis=1_000), member("C3", basis=6_000, part="1/12")]
    assert distribute(150_00, "list", by_list, "none").parts == {"A1": 100_00, "C3": 50_00}


def test_by_contribution_each_own_is_shown() -> None:
    members = [member("A1", contribution=300_00), member("B2", contribution=100_00)]
    found = distribute(200_00, "contribution", members, "none")
    assert found.parts == {"A1": 150_00, "B2": 50_00}
    assert [str(line) for line in found.lines["A1"]] == [
        "£200.00 × £300.00 / £400.00 = £150.00",
        "what its own achievement earned = £300.00",
    ]


@pytest.mark.parametrize("rule", RULES)
def test_a_pool_of_nothing_gives_everybody_nothing(rule: str) -> None:
    found = distribute(0, rule, [Member("A1"), Member("B2")], "every member")
    assert (found.status, found.parts) == ("distributed", {"A1": 0, "B2": 0})


def blocked(pence: int | None, rule: str, *members: Member) -> str:
    found = distribute(pence, rule, members, "every member")
    assert found.status == "blocked"
    assert set(found.parts.values()) <= {None}
    return found.reason


def test_any_member_stops_the_distribution() -> None:
    members = [member("A1"), member("B2", assent=None), member("C3"), member("B4", assent=0)]
    why = "Blocked: B2 has not said yes (add AGREED), B4 has said no (AGREED 0)."
    assert blocked(100_00, "equal", *members) == why
    assert distribute(100_00, "equal", members, "none").status == "distributed"


def test_who_was_not_a_member_is_not_asked() -> None:
    members = [member("A1", basis=5), Member("B2", part=Fraction(0))]
    assert distribute(101, "list", members, "every member").parts == {"A1": 101, "B2": 0}


def test_all_that_is_missing_is_said_at_once() -> None:
    members = [member("A1", basis=1), member("B2", assent=0), member("C3")]
    assert blocked(None, "weighted list", *members) == (
        "Blocked: the network's amount is not known yet; B2 has said no (AGREED 0); "
        "not known for B2, C3: add weighted_list_size."
    )


def test_a_basis_of_nothing_for_all() -> None:
    why = "Blocked: there is nothing to share by: it is 0 for every member (add REGISTER)."
    assert blocked(5, "register", member("A1", basis=0), member("B2", basis=0)) == why
    assert distribute(5, "register", [member("A1", basis=0), member("B2", basis=1)], "none").parts == {"A1": 0, "B2": 5}


def test_a_network_without_members() -> None:
    assert blocked(5, "equal") == "Blocked: the network has no member in the year."


def test_amounts_agreed_add_up_to_the_pool() -> None:
    exact = [member("A1", agreed="60.01"), member("B2", agreed="39.99")]
    assert distribute(100_00, "agreed", exact, "every member").parts == {"A1": 60_01, "B2": 39_99}
    assert blocked(100_01, "agreed", *exact) == (
        "Blocked: the amounts agreed add up to £100.00, £0.01 less than the pool of £100.01."
    )
    assert "£0.01 more than the pool of £99.99" in blocked(99_99, "agreed", *exact)
    assert "not known for B2: add AGREED_POUNDS" in blocked(60_01, "agreed", exact[0], member("B2"))
    assert "A1 has £0.005 entered, which is not in whole pence" in blocked(1, "agreed", member("A1", agreed="0.005"))
    late = member("B2", part=0, agreed="39.99")
    assert "B2 was not a member in the year and has £39.99" in blocked(60_01, "agreed", exact[0], late)


def test_nothing_to_share_by() -> None:
    with pytest.raises(ValueError, match="nothing to share by"):
        split(5, [Fraction(0), Fraction(0)])
