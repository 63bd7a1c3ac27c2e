"""`tiers`, `most_per_1000`: prices by how many there were, and caps by the list, of what is paid for each activity."""

from __future__ import annotations

from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.spec.language import refused
from tests.spec.run import local, paid

from remit.core.dates import SchemeYear
from remit.core.figures import FigureKey, quarters
from remit.core.problems import Refused
from remit.scheme.kinds import Activity, KindInputs

VISITS = "items: [{{item: A, title: Visits, pays: {{activity: {{{pays}, each: visit}}}}}}]"
TWO = "tiers: [£12.00 for the first 50, £9.00 after]"


def awarded(pays: str, *by_quarter: int, practice: str = "A1") -> tuple[str, str]:
    counts = "\n".join(f"{practice} A ACTIVITY {many} 2024-Q{n}" for n, many in enumerate(by_quarter, 1))
    found = paid(local(VISITS.format(pays=pays)), counts, "practice_code", "pounds", "reason")
    return next((row[1], row[2]) for row in found if row[0] == practice)


@pytest.mark.parametrize(
    ("pays", "by_quarter", "pounds"),
    [
        # £12.00 for each of the first 50 visits, £9.00 for each after; at most £1,500 (Strathcarse, clause 7)
        (f"{TWO}, most: £1500", (0, 0, 40, 35), "825.00"),
        (f"{TWO}, most: £1500", (0, 0, 20, 10), "360.00"),
        (f"{TWO}, most: £1500", (0, 0, 90, 80), "1500.00"),
        (f"{TWO}, most: £1500", (0, 0, 50, 1), "609.00"),
        ("tiers: [£3 for the first 2, £2 for the next 3, £0 after]", (1, 2, 9, 0), "12.00"),
        # at most four tests per 1,000 registered patients, rounded down: of 6,000 that is 24
        ("tariff: £10, most_per_1000: 4", (20, 20), "240.00"),
        ("tariff: £10, most_per_1000: 4, most_per_year: 10", (20, 20), "100.00"),
        ("tariff: £10, most_per_1000: {count: 1, rounded: up}", (20,), "60.00"),
        (f"{TWO}, most_per_1000: 10", (30, 40), "690.00"),
    ],
)
def test_what_is_paid(pays: str, by_quarter: tuple[int, ...], pounds: str) -> None:
    assert awarded(pays, *by_quarter)[0] == pounds


@pytest.mark.parametrize(("rounded", "visits"), [("down", 16), ("up", 17), ("half up", 17)])
def test_a_part_of_one_is_rounded_as_it_says(rounded: str, visits: int) -> None:
    lists = "practice_code,practice_name,network_code,list_size\nA1,One,N1,4129\n"  # 4 × 4.129 = 16.516
    scheme = local(VISITS.format(pays=f"tariff: £1, most_per_1000: {{count: 4, rounded: {rounded}}}"))
    assert paid(scheme, "A1 A ACTIVITY 99", "pounds", practices=lists) == [(f"{visits}.00",)]


def test_without_the_list_the_cap_is_asked_for() -> None:
    lists = "practice_code,practice_name,network_code,list_size\nA1,One,N1,\n"
    scheme = local(VISITS.format(pays="tariff: £1, most_per_1000: 4"))
    with pytest.raises(Refused, match="practice A1 has no list_size, which the scheme pays by"):
        paid(scheme, "A1 A ACTIVITY 99", "pounds", practices=lists)


@given(st.lists(st.integers(0, 90), min_size=4, max_size=4), st.integers(1, 60), st.integers(0, 30_000))
def test_it_is_the_sentence(claims: list[int], first: int, size: int) -> None:
    """ "£12 for each of the first so many, £9 for each after, at most four per 1,000": visit by visit."""
    pays = f"tiers: [£12.00 for the first {first}, £9.00 after], most_per_1000: 4"
    kind = local(VISITS.format(pays=pays)).items[0].kind
    assert isinstance(kind, Activity)
    year = SchemeYear.parse("2024-25")
    figures = {("", FigureKey("ACTIVITY", q)): Fraction(n) for q, n in zip(quarters(year), claims, strict=True)}
    inputs = KindInputs("A", year, figures, lists={"list": Fraction(size)})
    visits = min(sum(claims), floor(Fraction(4 * size, 1000)))
    assert kind.calculate(inputs).earned == sum(12 if n < first else 9 for n in range(visits))


@pytest.mark.parametrize(
    ("pays", "says"),
    [
        ("tariff: £1, tiers: [£2 for the first 3, £1 after]", "give either 'tariff' or 'tiers'"),
        ("most: £1", "give either 'tariff' or 'tiers'"),
        ("tiers: [£2 for the first 3]", "the last price, and it alone, is for what comes 'after'"),
        ("tiers: [£1 after]", "there are two prices or more"),
        ("tiers: [£2 for the next 3, £1 after]", "the first price is for 'the first'"),
        ("tiers: [£2 for the first 3, £1 after, £2 after]", "the last price, and it alone"),
        ("tiers: [£2 for the first none, £1 after]", "whole number"),
        ("tiers: [£2 for 3, £1 after]", "expected a price such as '£12.00 for the first 50'"),
        ("tiers: [£2 for the first 0, £1 after]", "is for none"),
    ],
)
def test_what_prices_cannot_say(pays: str, says: str) -> None:
    assert says in " ".join(refused(items=VISITS.format(pays=pays)))
