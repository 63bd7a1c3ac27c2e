"""Whatever the network and the rule: a distribution adds up to the pool, and the order of members changes nothing."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.checked import checked

from remit.core.sharing import split
from remit.payment.pools import RULES, Member, distribute

pence = st.integers(0, 200) | st.integers(0, 10**9)
amounts = st.integers(0, 10**7).map(Fraction) | st.fractions(0, 1000, max_denominator=1000)
parts = st.sampled_from([Fraction(1), Fraction(0)]) | st.integers(0, 365).map(lambda days: Fraction(days, 365))


@st.composite
def networks(draw: st.DrawFn) -> tuple[int, str, list[Member]]:
    """A pool, a rule and members who all agree and have all that the rule asks."""
    pool, rule = draw(pence), draw(st.sampled_from(RULES))
    codes = draw(st.lists(st.text("AB12", min_size=1, max_size=3), min_size=1, max_size=9, unique=True))
    members = [
        Member(code, "", draw(parts), draw(amounts), Fraction(0), 1, draw(st.integers(0, 10**7))) for code in codes
    ]
    taking = [m for m in members if m.part]
    assume(taking)
    if rule == "agreed":
        left = pool
        for n, m in enumerate(taking):
            share = left if n == len(taking) - 1 else draw(st.integers(0, left))
            left -= share
            members[members.index(m)] = Member(m.code, "", m.part, None, Fraction(share, 100), 1)
    weight = {"contribution": lambda m: m.contribution, "equal": lambda m: 1, "agreed": lambda m: 1}
    assume(any(weight.get(rule, lambda m: m.basis)(m) for m in taking))
    return pool, rule, members


@given(networks(), st.randoms(use_true_random=False))
def test_a_distribution_adds_up_in_any_order(network: tuple[int, str, list[Member]], random: object) -> None:
    pool, rule, members = network
    found = distribute(pool, rule, members, "every member")
    assert found.status == "distributed"
    given_out = [part for part in found.parts.values() if part is not None]
    assert len(given_out) == len(members)
    assert sum(given_out) == pool
    assert min(given_out) >= 0
    shuffled = list(members)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert distribute(pool, rule, shuffled, "every member") == found


@pytest.mark.checks("a member without a part")
@given(networks())
def test_who_had_no_part_gets_nothing_and_is_not_asked(network: tuple[int, str, list[Member]]) -> None:
    pool, rule, members = network
    outside = Member("Z", "", Fraction(0), assent=0)
    found = distribute(pool, rule, [*members, outside], "every member")
    assert found.parts == {**distribute(pool, rule, members, "every member").parts, "Z": 0}
    checked("a member without a part", len([m for m in members if not m.part]))
    assert all(found.parts[m.code] == 0 for m in members if not m.part)


@given(networks(), st.sampled_from([None, 0]), st.integers(0, 8))
def test_one_member_stops_it_for_all(network: tuple[int, str, list[Member]], assent: int | None, which: int) -> None:
    pool, rule, members = network
    assume(pool)
    m = [m for m in members if m.part][which % len([m for m in members if m.part])]
    members[members.index(m)] = Member(m.code, "", m.part, m.basis, m.agreed, assent, m.contribution)
    found = distribute(pool, rule, members, "every member")
    assert found.status == "blocked"
    assert set(found.parts.values()) == {None}
    assert f"{m.code} has {'not said yes' if assent is None else 'said no'}" in found.reason


@given(pence, st.integers(1, 40))
def test_equal_shares_are_within_a_penny(pool: int, count: int) -> None:
    found = distribute(pool, "equal", [Member(f"A{n:02}") for n in range(count)], "none")
    shares = [part for part in found.parts.values() if part is not None]
    assert max(shares) - min(shares) <= 1


@pytest.mark.checks("a weight of nothing")
@given(pence, st.lists(st.just(Fraction(0)) | amounts, min_size=1, max_size=12))
def test_no_part_is_a_penny_or_more_from_its_exact_share(pool: int, weights: list[Fraction]) -> None:
    assume(any(weights))
    found = split(pool, weights)
    assert sum(found) == pool
    total = sum(weights)
    assert all(abs(part - pool * weight / total) < 1 for part, weight in zip(found, weights, strict=True))
    checked("a weight of nothing", weights.count(Fraction(0)))
    assert all(part == 0 for part, weight in zip(found, weights, strict=True) if not weight)
