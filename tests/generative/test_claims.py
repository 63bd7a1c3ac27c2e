"""Whatever is claimed, in whatever order: each claim has one fate, and no patient's quarter is paid twice."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.checked import checked
from tests.profiles import examples

from remit.claims.adjudication import decide
from remit.claims.model import Claim, ClaimTerms, Counted, DecidedClaims, Window
from remit.core.dates import Period, SchemeYear, add_months, month_end

YEAR = SchemeYear(2025)
COUNTED: tuple[Counted, ...] = ("at the quarter's end", "days", "each")
LEVELS = ("L3", "L4")


@st.composite
def services(draw: st.DrawFn, counted: tuple[Counted, ...] = COUNTED) -> tuple[ClaimTerms, ClaimTerms]:
    """Two services that may exclude one another, counted in any of these ways."""
    shared = draw(st.sampled_from(["anticoagulation", "anticoagulation", ""]))
    return tuple(
        ClaimTerms(
            scheme,
            frozenset({*LEVELS, "INIT", "REVIEW"}),
            shared,
            LEVELS,
            draw(st.sampled_from(counted)),
            {"INIT": draw(st.integers(0, 2))},
            draw(st.booleans()),
        )
        for scheme in ("one", "two")
    )  # type: ignore[return-value]


@st.composite
def claims(draw: st.DrawFn) -> list[Claim]:
    """Few patients, practices and days, so that claims meet."""
    found = []
    some = st.sampled_from([date(2025, 3, 20) + timedelta(n * 10) for n in range(25)] + [date(2025, 6, 30)])
    for row in range(draw(st.integers(1, 12))):
        end_of = month_end(2025, draw(st.sampled_from([6, 9])))
        first = add_months(end_of.replace(day=1), -2)
        start, end = draw(st.none() | some), draw(st.none() | some)
        if start and end and end < start:
            start, end = end, start
        found.append(
            Claim(
                row,
                draw(st.sampled_from(["A1", "B2"])),
                draw(st.sampled_from(["p1", "p2"])),
                draw(st.sampled_from([*LEVELS, *LEVELS, "INIT", "REVIEW"])),
                draw(st.sampled_from(["one", "two"])),
                Period(YEAR, end_of),
                draw(st.none() | st.sampled_from([first, first + timedelta(40), end_of])),
                start,
                end,
                draw(st.sampled_from([True, True, True, False])),
            )
        )
    if draw(st.booleans()):
        found += [replace(claim, row=len(found) + n) for n, claim in enumerate(found[:3])]
    return found


@st.composite
def stays(draw: st.DrawFn) -> list[Claim]:
    """One patient's days on one level after the other in a quarter, most of which do not meet."""
    cuts = sorted(draw(st.lists(st.integers(0, 90), min_size=2, max_size=6, unique=True)))
    starts = [date(2025, 4, 1) + timedelta(n) for n in cuts]
    gaps = draw(st.lists(st.sampled_from([1, 1, 1, 0]), min_size=len(cuts), max_size=len(cuts)))
    return [
        Claim(
            row,
            draw(st.sampled_from(["A1", "B2"])),
            "p1",
            draw(st.sampled_from(LEVELS)),
            draw(st.sampled_from(["one", "two"])),
            Period(YEAR, date(2025, 6, 30)),
            start=first,
            end=following - timedelta(gap),
        )
        for row, (first, following, gap) in enumerate(zip(starts, starts[1:], gaps, strict=False))
    ]


by_days = services(("days", "days", "at the quarter's end"))
windows = st.fixed_dictionaries(
    {"A1": st.just((None, None))},
    optional={"B2": st.sampled_from([(None, None), (date(2025, 5, 11), None), (None, date(2025, 6, 29))])},
)


members = st.fixed_dictionaries(
    {"A1": st.sampled_from([(date(2025, 5, 1), None), (None, date(2025, 7, 31))])},
    optional={
        "B2": st.sampled_from([(date(2025, 7, 1), None), (date(2025, 4, 2), date(2025, 6, 30))]),
    },
)


def fates(decided: DecidedClaims) -> Counter[object]:
    return Counter((replace(d.claim, row=0), d.scheme, d.outcome, d.reason) for d in decided.decisions)


@given(claims(), services(), windows, st.integers(0, 10**6))
def test_the_order_of_rows_decides_nothing(
    found: list[Claim], terms: tuple[ClaimTerms, ClaimTerms], eligible: dict[str, Window], seed: int
) -> None:
    shuffled = random.Random(seed).sample(found, len(found))
    shuffled = [replace(claim, row=n) for n, claim in enumerate(shuffled)]
    one, other = decide(found, terms, eligible), decide(shuffled, terms[::-1], eligible)
    assert fates(one) == fates(other)
    assert one.figures == other.figures


@pytest.mark.checks("a claim that is not counted")
@given(claims(), services(), windows)
def test_every_claim_has_one_fate(
    found: list[Claim], terms: tuple[ClaimTerms, ClaimTerms], eligible: dict[str, Window]
) -> None:
    decided = decide(found, terms, eligible)
    assert [d.row for d in decided.decisions] == [claim.row for claim in found]
    assert sum(decided.count(outcome) for outcome in ("counted", "refused", "held")) == len(found)
    checked("a claim that is not counted", len(found) - decided.count("counted"))
    assert all(d.reason for d in decided.decisions if d.outcome != "counted")
    counted = sum(n for figure, n in decided.figures.items() if figure.key.measure != "ACTIVITY_DAYS")
    assert counted <= decided.count("counted")


@pytest.mark.checks("a claim on its quarter's last day", "a claim on its own day")
@given(claims(), services(), members)
def test_nobody_claims_a_day_outside_the_scheme(
    found: list[Claim], terms: tuple[ClaimTerms, ClaimTerms], there: dict[str, Window]
) -> None:
    """A level of the quarter's last day on that day, what has a date on it, what has no day on the quarter's last."""
    everybody: dict[str, Window] = {"A1": (None, None), "B2": (None, None)}
    by_id = {each.scheme: each for each in terms}
    for d in decide(found, terms, everybody, there).decisions:
        joined, left = there.get(d.claim.practice, (None, None))
        if d.outcome != "counted":
            continue
        at_the_end = by_id[d.scheme].counted == "at the quarter's end" and d.claim.item in LEVELS and d.claim.attended
        if at_the_end or not (d.claim.day or d.claim.start):
            checked("a claim on its quarter's last day", (joined, left) != (None, None))
            assert (joined or date.min) <= d.claim.last <= (left or date.max)
        elif by_id[d.scheme].counted != "days" and d.claim.day:
            checked("a claim on its own day", (joined, left) != (None, None))
            assert (joined or date.min) <= d.claim.day <= (left or date.max)


@pytest.mark.checks("the days of two claims", "a level for the quarter")
@examples(3)
@given(st.tuples(claims(), services()) | st.tuples(stays(), by_days), windows)
def test_no_patients_quarter_is_paid_twice(
    claimed: tuple[list[Claim], tuple[ClaimTerms, ClaimTerms]], eligible: dict[str, Window]
) -> None:
    found, terms = claimed
    by_id = {each.scheme: each for each in terms}
    held: dict[object, list[Claim]] = defaultdict(list)
    for d in decide(found, terms, eligible).decisions:
        if d.outcome == "counted" and d.claim.attended and d.claim.item in LEVELS:
            group = by_id[d.scheme].exclusive or d.scheme
            held[d.claim.patient, d.claim.quarter, group].append(d.claim)
    for paid in held.values():
        if all(by_id[claim.scheme].counted == "days" for claim in paid):
            days = [day for claim in paid for day in _days(claim)]
            checked("the days of two claims", len(paid) > 1)
            assert len(days) == len(set(days))
        else:
            checked("a level for the quarter")
            assert len(paid) == 1


def _days(claim: Claim) -> list[date]:
    """The days of a quarter on a level, one by one."""
    quarter = [date(2025, 4, 1) + timedelta(n) for n in range(183)]
    assert claim.start is not None
    month = claim.last.month
    return [
        day
        for day in quarter
        if month - 2 <= day.month <= month and day >= claim.start and (claim.end is None or day <= claim.end)
    ]


@pytest.mark.checks("a day on a level")
@given(claims() | stays(), by_days, windows)
def test_days_paid_are_the_days_on_the_level(
    found: list[Claim], terms: tuple[ClaimTerms, ClaimTerms], eligible: dict[str, Window]
) -> None:
    decided = decide(found, terms, eligible)
    counting = {each.scheme for each in terms if each.counted == "days"}
    paid = [d.claim for d in decided.decisions if d.outcome == "counted" and d.scheme in counting]
    expected = sum(len(_days(claim)) for claim in paid if claim.attended and claim.item in LEVELS)
    checked("a day on a level", expected)
    assert sum(n for figure, n in decided.figures.items() if figure.key.measure == "ACTIVITY_DAYS") == expected


@pytest.mark.checks("an initiation")
@given(claims(), services(), windows)
def test_a_patient_who_is_claimed_once_and_never_left_is_begun_once(
    found: list[Claim], terms: tuple[ClaimTerms, ClaimTerms], eligible: dict[str, Window]
) -> None:
    """With no level that ends, nothing shows a gap."""
    open_ended = [replace(claim, start=date(2025, 3, 1), end=None) for claim in found if claim.item != "INIT"]
    found = [claim for claim in found if claim.item == "INIT"] + open_ended
    by_id = {each.scheme: each for each in terms}
    begun = Counter(
        (d.claim.patient, by_id[d.scheme].exclusive or d.scheme)
        for d in decide(found, terms, eligible).decisions
        if d.outcome == "counted" and d.claim.item == "INIT" and d.claim.attended
    )
    checked("an initiation", len(begun))
    assert all(n == 1 for n in begun.values())
