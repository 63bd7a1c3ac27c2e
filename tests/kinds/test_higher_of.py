"""The higher of two scales, one on improvement over the practice's own baseline: by hand, and against the sentence.

18 points: the ordinary scale from 89% to 96% (a percentage point is 18/7 points); improvement from 5 to 18 percentage
points (a percentage point is 18/13 points).
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given as forall
from hypothesis import strategies as st
from tests.figures import brought
from tests.profiles import examples
from tests.sentences.own_baseline import higher_of_two_scales
from tests.spec.run import local, paid

from remit.core.problems import Refused
from remit.scheme.boundaries import boundaries
from remit.scheme.kinds import Calculation
from remit.scheme.kinds.higher_of import HigherOf
from remit.scheme.supply import open_inputs, supply

SAID: dict[str, Any] = {
    "years": ["2024-25", "2025-26"],
    "baseline": "mean of the rates",
    "pcas": "left out",
    "without": "ordinary scale alone",
    "missing_year": "leave the year out",
    "nobody": "leave the year out",
    "merged": "counts added",
}
Counts = tuple[int, int]


def kind(points: str = "18", ordinary: tuple[str, str] = ("89%", "96%"), **said: Any) -> HigherOf:
    improvement = {"lower": "5 points", "upper": "18 points", **SAID, **said}
    raw = {"lower": ordinary[0], "upper": ordinary[1]}
    return HigherOf.model_validate({"points": points, "ordinary": raw, "improvement": improvement})


def priced(how: HigherOf, this: Counts, *years: Counts | None, pcas: tuple[int, ...] = ()) -> Calculation:
    figures: dict[tuple[str, str, str], Fraction] = {}
    for year, counts in zip(("2024-25", "2025-26"), years, strict=False):
        if counts is not None:
            figures["", "NUMERATOR", year] = Fraction(counts[0])
            figures["", "DENOMINATOR", year] = Fraction(counts[1])
    for year, count in zip(("2024-25", "2025-26", ""), pcas, strict=False):
        figures["", "PCAS", year] = Fraction(count)
    rate = Fraction(*this) if this[1] else None
    return how.calculate(brought("VI001", "2026-27", figures, rate, *this, this[1] == 0))


EIGHTY = ((80, 100), (80, 100))
CASES: dict[str, tuple[Counts, tuple[Counts | None, ...], str, str]] = {
    # case: this year, the two years of the baseline, the points, what is reached
    "improvement pays more: 8 up of 13 beyond 5": ((88, 100), EIGHTY, "54/13", "improvement"),
    "the mean of two rates that differ, not of their counts": (
        (90, 100), ((160, 200), (84, 100)), "54/13", "improvement"),
    "the ordinary scale pays more": ((92, 100), ((88, 100), (90, 100)), "54/7", "ordinary scale"),
    "baseline above the ordinary upper threshold": ((97, 100), ((97, 100), (98, 100)), "18", "ordinary scale"),
    "baseline above it, and a fall to the middle of the line": (
        (925, 1000), ((98, 100), (98, 100)), "9", "ordinary scale"),
    "result below the ordinary lower threshold but improved": ((60, 100), ((40, 100), (48, 100)), "198/13",
                                                                "improvement"),
    "result below it and not improved": ((60, 100), EIGHTY, "0", "both scales pay the same"),
    "improvement of exactly 5 points": ((85, 100), EIGHTY, "0", "both scales pay the same"),
    "improvement of a hair more than 5": ((85001, 100000), EIGHTY, "18/13000", "improvement"),
    "improvement of exactly 18": ((68, 100), ((50, 100), (50, 100)), "18", "improvement"),
    "improvement of more than 18": ((80, 100), ((50, 100), (50, 100)), "18", "improvement"),
    "both scales pay all": ((96, 100), ((70, 100), (70, 100)), "18", "both scales pay the same"),
    # 90% is 1/7 of the ordinary line; 6 6/7 up is 1/7 of 13 beyond 5
    "both scales equal on their lines": ((90, 100), ((582, 700), (582, 700)), "18/7", "both scales pay the same"),
    "nobody this year": ((0, 0), EIGHTY, "0", ""),
    "one baseline year missing": ((88, 100), (None, (80, 100)), "54/13", "improvement"),
    "nobody in one baseline year": ((88, 100), ((0, 0), (80, 100)), "54/13", "improvement"),
    "nobody in both baseline years": ((88, 100), ((0, 0), (0, 0)), "0", "ordinary scale"),
    "no baseline at all": ((92, 100), (None, None), "54/7", "ordinary scale"),
    "one year missing and nobody in the other": ((92, 100), (None, (0, 0)), "54/7", "ordinary scale"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_by_hand(case: str) -> None:
    this, years, points, reached = CASES[case]
    found = priced(kind(), this, *years)
    assert (found.earned, found.reached) == (Fraction(points), reached), found.reason


KEYS: dict[str, tuple[dict[str, Any], Counts, tuple[Counts | None, ...], tuple[int, ...], str]] = {
    # case: the keys, this year, the baseline, PCAs of its years and of this one, the points
    # 244 / 300 = 81 1/3%; 8 2/3 up, 3 2/3 of 13 beyond 5
    "counts together": ({"baseline": "counts together"}, (90, 100), ((160, 200), (84, 100)), (), "66/13"),
    "half of the points": ({"share": "50%"}, (88, 100), EIGHTY, (), "27/13"),
    "cut off at 20% of the points": ({"most": "20%"}, (88, 100), EIGHTY, (), "18/5"),
    "at least 90% must be achieved": ({"at_least": "90%"}, (88, 100), EIGHTY, (), "0"),
    "at least 88% is achieved": ({"at_least": "88%"}, (88, 100), EIGHTY, (), "54/13"),
    # 80/125 = 64% in both years, 88/110 = 80%: 16 up, 11 of 13 beyond 5
    "PCAs are counted": ({"pcas": "counted"}, (88, 100), EIGHTY, (25, 25, 10), "198/13"),
    "a year of 9 is too few": ({"fewest": "10"}, (88, 100), ((1, 9), (80, 100)), (), "54/13"),
    "a year of 10 is enough": ({"fewest": "10"}, (88, 100), ((0, 10), (80, 100)), (), "18"),
    "one year missing leaves no baseline": ({"missing_year": "no baseline"}, (88, 100), (None, (0, 9)), (), "0"),
    "nobody in one leaves no baseline": ({"nobody": "no baseline"}, (88, 100), ((0, 0), (0, 9)), (), "0"),
    "one year alone needs no way to put years together": (
        {"years": ["2024-25"], "baseline": "required"}, (88, 100), ((80, 100),), (), "54/13"),
}  # fmt: skip


@pytest.mark.parametrize("case", KEYS)
def test_each_key_by_hand(case: str) -> None:
    said, this, years, pcas, points = KEYS[case]
    found = priced(kind(**said), this, *years, pcas=pcas)
    assert found.earned == Fraction(points), found.reason


OPEN: dict[str, tuple[dict[str, Any], Counts, tuple[Counts | None, ...], str]] = {
    # case: the keys, this year, the baseline, what is asked for
    "no baseline, and the rule is open": (
        {"without": "required"}, (88, 100), (None, None),
        "There is no baseline (VI001 has no counts of 2024-25 and 2025-26): supply NUMERATOR and DENOMINATOR of its "
        "years, or say what holds without one (VI001.improvement.without)."),
    "no baseline, and the counts must come": (
        {"without": "supply the counts"}, (88, 100), (None, None),
        "There is no baseline (VI001 has no counts of 2024-25 and 2025-26): supply NUMERATOR and DENOMINATOR of its "
        "years."),
    "nobody in both years, and the rule is open": (
        {"without": "required"}, (88, 100), ((0, 0), (0, 0)),
        "There is no baseline (nobody was in the denominator of VI001 in 2024-25 and 2025-26): supply NUMERATOR and "
        "DENOMINATOR of its years, or say what holds without one (VI001.improvement.without)."),
    "one year missing, and the rule is open": (
        {"missing_year": "required"}, (88, 100), (None, (80, 100)),
        "Supply NUMERATOR and DENOMINATOR for VI001, period 2024-25 (baseline). Where there are none, say what holds: "
        "VI001.improvement.missing_year."),
    "nobody in one year, and the rule is open": (
        {"nobody": "required"}, (88, 100), ((0, 0), (80, 100)),
        "In the baseline, nobody was in the denominator of VI001 in 2024-25: say what holds: "
        "VI001.improvement.nobody."),
    "more achieved than eligible": (
        {}, (88, 100), ((81, 80), (80, 100)),
        "NUMERATOR 81 is above DENOMINATOR 80 for VI001, period 2024-25: correct one of them."),
    "PCAs are counted and not supplied": (
        {"pcas": "counted"}, (88, 100), EIGHTY,
        "Supply PCAS for VI001, period 2024-25. Supply PCAS for VI001, period 2025-26."),
}  # fmt: skip


@pytest.mark.parametrize("case", OPEN)
def test_what_is_open_is_asked_for_and_never_guessed(case: str) -> None:
    said, this, years, reason = OPEN[case]
    found = priced(kind(**said), this, *years)
    assert (found.earned, found.reason) == (None, reason)


def test_where_improvement_could_not_pay_more_the_award_is_known_without_a_baseline() -> None:
    found = priced(kind(without="required"), (96, 100), None, None)
    assert (found.earned, found.met) == (18, True)
    assert found.reason == "Improvement could not pay more, whatever the baseline."
    assert priced(kind(without="required"), (5, 100), None, None).earned == 0  # at most 5 points up


@pytest.mark.parametrize(
    ("said", "missing"),
    [
        ({"upper": "required"}, "upper threshold of improvement"),
        ({"lower": "required", "share": "required"},
         "lower threshold of improvement, share for improvement"),
        ({"most": "required"}, "most for improvement"),
        ({"years": "required", "baseline": "mean of the rates"}, "baseline years"),
        ({"baseline": "required"}, "way to put the baseline's years together"),
        ({"pcas": "required"}, "rule for PCAs in the baseline"),
        ({"fewest": "required"}, "fewest patients of a baseline year"),
        ({"without": "required", "missing_year": "required", "nobody": "required", "merged": "required"}, ""),
    ],
)  # fmt: skip
def test_a_number_that_is_required_is_named(said: dict[str, Any], missing: str) -> None:
    assert kind(**said).missing() == missing


def test_the_working_is_one_that_a_calculator_repeats() -> None:
    found = priced(kind(), (90, 100), (160, 200), (84, 100))
    assert [(line.label, str(line)) for line in found.lines] == [
        ("Ordinary scale", "(90 / 100 − 89%) / (96% − 89%) × 18 = 2.571428571429 points"),
        ("Baseline, 2024-25 and 2025-26", "(160 / 200 + 84 / 100) / 2 = 82%"),
        ("Change", "90 / 100 − (160 / 200 + 84 / 100) / 2 = 8 percentage points"),
        ("Improvement scale", "(8 − 5) / (18 − 5) × 18 = 4.153846153846 points"),
        ("The higher of the two", "the higher of 2.571428571429 and 4.153846153846 = 4.153846153846 points"),
    ]


def test_decimals_that_do_not_end_are_carried_on_as_their_sum() -> None:
    found = priced(kind(baseline="counts together"), (90, 100), (160, 200), (84, 100))
    text = "((90 / 100 − ((160 + 84) / (200 + 100))) × 100 − 5) / (18 − 5) × 18"
    assert found.lines[3].working == text


counts = st.integers(1, 400).flatmap(lambda below: st.tuples(st.integers(0, below), st.just(below)))
cuts = st.lists(st.integers(0, 100), min_size=2, max_size=2, unique=True).map(sorted)


@forall(
    this=counts, years=st.lists(counts, min_size=2, max_size=2), points=st.integers(1, 40), ordinary=cuts,
    improvement=cuts, share=st.integers(1, 100), together=st.booleans(),
)  # fmt: skip
@examples(2)
def test_it_is_as_the_sentence_says(
    this: Counts, years: list[Counts], points: int, ordinary: list[int], improvement: list[int], share: int,
    together: bool,
) -> None:  # fmt: skip
    how = kind(
        str(points),
        (f"{ordinary[0]}%", f"{ordinary[1]}%"),
        lower=f"{improvement[0]} points",
        upper=f"{improvement[1]} percentage points",
        share=f"{share}%",
        baseline="counts together" if together else "mean of the rates",
    )
    expected = higher_of_two_scales(
        this,
        years,
        Fraction(points),
        (Fraction(ordinary[0], 100), Fraction(ordinary[1], 100)),
        (Fraction(improvement[0], 100), Fraction(improvement[1], 100)),
        Fraction(share, 100),
        together,
    )
    found = priced(how, this, *years)
    assert found.earned == expected
    assert found.met == (Fraction(*this) > Fraction(ordinary[0], 100) or expected > 0)


ITEM = """
items:
  - item: VI001
    title: A vaccination
    indicator: CHD005
    measure: achievement
    pays:
      higher_of:
        points: 18
        ordinary: {lower: 89%, upper: 96%}
        improvement:
          lower: 5 points
          upper: 18 points
          years: [2022-23, 2023-24]
          baseline: mean of the rates
          pcas: left out
          MORE
"""
RULES = "without: ordinary scale alone, missing_year: leave the year out, nobody: leave the year out"
BASE = """
    A1 VI001 NUMERATOR    88
    A1 VI001 DENOMINATOR 100
    A1 VI001 NUMERATOR    80 2022-23
    A1 VI001 DENOMINATOR 100 2022-23
    A1 VI001 NUMERATOR    80 2023-24
    A1 VI001 DENOMINATOR 100 2023-24
"""


def scheme_text(more: str = "merged: counts added") -> str:
    lines = [one.strip() for one in f"{RULES}, {more}".split(",") if one.strip()]
    return ITEM.replace("MORE", "\n          ".join(lines))


@pytest.mark.parametrize(
    ("amount", "pounds", "last"),
    [
        ("per_head: £1.30", "1800.00", "£0.30 a head"),  # 3 of 13 of £1.30 for 6,000 people
        ("pounds: £1,300", "300.00", "£300.00"),
    ],
)
def test_it_may_pay_by_the_head_or_a_set_sum(amount: str, pounds: str, last: str) -> None:
    text = scheme_text().replace("points: 18", amount)
    heads = "heads: {column: list_size, called: list, at: 2024-04-01}"
    practices = "practice_code,practice_name,list_size\nA1,One,6000\n"
    assert paid(local(text, heads), BASE, "pounds", practices=practices) == [(pounds,)]
    how = local(text, heads).items[0].kind
    assert isinstance(how, HigherOf)
    figures = {
        ("", m, f"20{y}-{y + 1}"): Fraction(v) for y in (22, 23) for m, v in (("NUMERATOR", 80), ("DENOMINATOR", 100))
    }
    found = how.calculate(brought("VI001", "2024-25", figures, Fraction(88, 100), 88, 100))
    assert found.lines[-1].result == last


def test_a_run_pays_it() -> None:
    """54/13 points at £200 are £830.769…; A2 supplied nothing."""
    found = paid(local(scheme_text()), BASE, "practice_code", "points", "pounds")
    assert found[0] == ("A1", "4.153846153846", "830.77")
    assert found[1][2] == ""


MERGED = """practice_code,practice_name,list_size,successor_code,left,joined
A1,One,6000,,,
A2,Two,6000,A1,2024-09-30,
"""
GONE = """
    A2 VI001 NUMERATOR    30 2022-23
    A2 VI001 DENOMINATOR 100 2022-23
    A2 VI001 NUMERATOR    50 2023-24
    A2 VI001 DENOMINATOR 100 2023-24
"""


@pytest.mark.parametrize(
    ("rule", "counts", "points", "reason"),
    [
        # (110/200 + 130/200) / 2 = 60%: 28 up, all
        ("merged: counts added", BASE + GONE, "18.00", ""),
        ("merged: own counts", BASE + GONE, "4.153846153846", ""),
        ("merged: no baseline", BASE + GONE, "0.00", "or others merged into the practice): the ordinary scale alone"),
        ("merged: counts added", BASE, "", "NUMERATOR of 2022-23 for VI001 is given for A1, and not for A2"),
        ("merged: required", BASE + GONE, "", "set VI001.improvement.merged"),
        ("", BASE + GONE, "", "A2 has merged into A1, and the sources do not say what its baseline then is"),
    ],
)
def test_after_a_merger(rule: str, counts: str, points: str, reason: str) -> None:
    changes = "changes: {joiner: full year, leaver: full year, merger: successor}"
    terms = f"terms: {{{changes}}}"
    found = paid(local(scheme_text(rule), terms=terms), counts, "practice_code", "points", "reason", practices=MERGED)
    row = next(one for one in found if one[0] == "A1")
    assert row[1] == points
    assert reason in row[2]


def test_every_open_number_and_rule_is_supplied_by_its_name() -> None:
    text = ITEM.replace("MORE", "share: required").replace("[2022-23, 2023-24]", "required")
    scheme = local(text.replace("18 points", "required"))
    names = [one.name for one in open_inputs(scheme) if one.name.startswith("VI001")]
    below = ("years", "missing_year", "nobody", "merged", "upper", "share", "without")
    assert names == [f"VI001.improvement.{name}" for name in below]
    given = supply(scheme, {
        "VI001.improvement.years": "2022-23, 2023-24", "VI001.improvement.upper": "18 points",
        "VI001.improvement.share": "100%", "VI001.improvement.without": "ordinary scale alone",
    })  # fmt: skip
    assert paid(given, BASE, "practice_code", "points")[0] == ("A1", "4.153846153846")


def test_while_a_number_is_open_the_item_names_what_to_supply() -> None:
    found = paid(local(scheme_text().replace("18 points", "required")), BASE, "points", "pounds", "reason")[0]
    assert found == ("", "", "The upper threshold of improvement of VI001 must be supplied: no source gives that.")


BAD: dict[str, tuple[str, str, str]] = {
    "lower above upper": ("upper: 18 points", "upper: 4 points",
                          "the upper threshold 4 points is not above the lower, 5 points"),
    "ordinary lower above upper": ("upper: 96%", "upper: 80%", "the upper threshold 80% is not above the lower, 89%"),
    "a year twice": ("[2022-23, 2023-24]", "[2023-24, 2023-24]", "2023-24 is listed twice"),
    "a year that is not before the scheme's": (
        "[2022-23, 2023-24]", "[2023-24, 2024-25]",
        "the baseline's year 2024-25 is not before the scheme's, 2024-25"),
    "per cent for percentage points": ("lower: 5 points", "lower: 5%", "expected percentage points"),
    "an unknown rule": ("pcas: left out", "pcas: forgotten", "pcas"),
    "no register": ("measure: achievement", "measure: register", "pays on achievement, not on register"),
    "more for improvement than there is": (
        "pcas: left out", "pcas: left out\n          share: 50%\n          most: 60%",
                                           "improvement is cut off at 60%, and its share is only 50%"),
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_bad_values_are_refused_at_their_line(case: str) -> None:
    before, after, words = BAD[case]
    text = scheme_text()
    assert before in text
    with pytest.raises(Refused) as caught:
        local(text.replace(before, after))
    [problem] = caught.value.problems
    assert words in problem.message
    assert problem.place is not None
    assert problem.place.line


def test_both_scales_stand_in_the_table_of_boundaries() -> None:
    [found] = boundaries(local(scheme_text()))
    assert [table.when for table in found.tables] == ["on the ordinary scale", "for improvement"]
    start, full = found.tables[1].boundaries
    assert [edge.threshold.at for edge in (start, full)] == [Fraction(5, 100), Fraction(18, 100)]
    assert (start.at.earned, full.at.earned) == (0, 18)
    assert start.above is not None
    assert start.above.earned == Fraction(18, 1300)  # 0.01 of 13 percentage points
    assert all(edge.of_change for edge in (start, full))


def test_a_run_names_a_rule_only_where_its_case_arises() -> None:
    """The rule for mergers is open, and nobody merged."""
    found = paid(local(scheme_text("")), BASE, "practice_code", "points")
    assert found[0] == ("A1", "4.153846153846")
