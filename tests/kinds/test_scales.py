"""Scales in pounds a head and in set sums, lower is better, and events per 1,000: by hand and from the sentence.

A fault is one of what is earned at a rate, of its pounds, of what a threshold costs to reach, or of what a file says.
"""

from __future__ import annotations

import textwrap
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.profiles import examples
from tests.sentences.scales import by_bands, in_proportion, pence, start_then_proportion
from tests.spec.language import item, kind, refused, scheme
from tests.spec.run import local, paid

from remit.analysis.without_chance import why_without_chance
from remit.pricing.full_achievement import full_achievement
from remit.pricing.plan import plan_of
from remit.scheme.boundaries import award_text, boundaries, percent_text
from remit.scheme.changes import ChangeBy, Lever, ProposedChange, Reform, levers, overlay
from remit.scheme.comparison import compare
from remit.scheme.kinds import Steps

HEADS = "heads: {column: weighted_list_size, called: weighted list, at: 2024-01-01}"
EVENTS = """
groups: [{group: AE, title: Everybody registered, list: whole}]
indicators: [{indicator: AE, title: A&E attendances, type: process, group: AE}]
"""
FRAILTY = "{linear: {per_head: £1.10, lower: 30%, upper: 70%}}"
BANDS = (
    "{steps: {better: lower, most: £1.00, "
    "steps: ['below 90 per 1,000 pays £1.00', 'below 120 per 1,000 pays 60p', 'below 150 per 1,000 pays 25p']}}"
)
STRATHCARSE = (
    "practice_code,practice_name,list_size,weighted_list_size\n"
    "S1,One,6200,6431.5\nS2,Two,2450,3000\nS3,Three,11300,10905.25\nS4,Four,4800,5020\nS5,Five,3100,3000\n"
)
"""The contract's practices; clause 1's least list of 3,000 is in the column."""


def items(pays: str, measure: str = "achievement", indicator: str = "CHD005", more: str = "") -> str:
    return item(pays, measure, indicator, more)


def counts(*rows: tuple[str, int, int]) -> str:
    return "\n".join(f"{code} A NUMERATOR {top}\n{code} A DENOMINATOR {of}" for code, top, of in rows)


def test_frailty_reviews_of_strathcarse() -> None:
    """Item 1 by hand, without its cap: S3 earns 10,905.25 × £1.10 = £11,995.775."""
    rows = paid(
        local(items(FRAILTY), HEADS),
        counts(("S1", 132, 240), ("S2", 60, 200), ("S3", 400, 500), ("S4", 69, 100), ("S5", 70, 100)),
        "pounds",
        practices=STRATHCARSE,
    )
    assert [pounds for (pounds,) in rows] == ["4421.66", "0.00", "11995.78", "5383.95", "3300.00"]


@pytest.mark.parametrize(
    ("pays", "rows", "expected"),
    [
        (
            "{steps: {steps: [from 50% pays 25p, from 65% pays 60p], most: 60p}}",
            (("S1", 65, 100), ("S2", 15, 100), ("S3", 66, 100), ("S4", 50, 100), ("S5", 20, 100)),
            ["3858.90", "0.00", "6543.15", "1255.00", "0.00"],
        ),
        (
            "{steps: {steps: [above 55% pays 20p, above 70% pays 45p], most: 45p}}",
            (("S1", 70, 100), ("S2", 71, 100), ("S3", 75, 100), ("S4", 80, 100), ("S5", 72, 100)),
            ["1286.30", "1350.00", "4907.36", "2259.00", "1350.00"],
        ),
        (
            "{steps: {steps: [from 40% pays 15p, from 60% pays 40p], most: 40p}}",
            (("S1", 60, 100), ("S2", 39, 100), ("S3", 65, 100), ("S4", 59, 100), ("S5", 61, 100)),
            ["2572.60", "0.00", "4362.10", "753.00", "1200.00"],
        ),
    ],
    ids=["item 2", "item 3", "item 4"],
)
def test_items_2_to_4_of_strathcarse(pays: str, rows: tuple[tuple[str, int, int], ...], expected: list[str]) -> None:
    found = paid(local(items(pays), HEADS), counts(*rows), "pounds", practices=STRATHCARSE)
    assert [pounds for (pounds,) in found] == expected


def test_attendances_of_strathcarse() -> None:
    """Item 5: 294 of 2,450 are exactly 120 per 1,000, which is not below 120; 720 of 4,800 exactly 150."""
    events = {"S1": 555, "S2": 294, "S3": 1017, "S4": 720, "S5": 200}
    found = paid(
        local(items(BANDS, "per_1000", "AE"), HEADS, EVENTS),
        "\n".join(f"{code} A NUMERATOR {count}" for code, count in events.items()),
        "pounds",
        practices=STRATHCARSE,
    )
    assert [pounds for (pounds,) in found] == ["6431.50", "750.00", "6543.15", "0.00", "3000.00"]


def test_there_may_be_more_events_than_people() -> None:
    pays = "{linear: {per_head: 90p, lower: '3,000 per 1,000', upper: '5,000 per 1,000'}}"
    found = paid(local(items(pays, "per_1000", "AE"), HEADS, EVENTS), "S1 A NUMERATOR 24800", "pounds", "reason",
                 practices=STRATHCARSE)  # fmt: skip
    assert found[0] == ("2894.18", "")  # 4,000 per 1,000, half of 90p: 6,431.5 × £0.45 = £2,894.175


def test_a_list_of_its_own_counts_before_the_practices() -> None:
    found = paid(local(items(BANDS, "per_1000", "AE"), HEADS, EVENTS), "S1 A NUMERATOR 555\nS1 A LIST_SIZE 6100",
                 "pounds", practices=STRATHCARSE)  # fmt: skip
    assert found[0] == ("3858.90",)  # 90.98 per 1,000: 60p


@pytest.mark.parametrize(
    ("rows", "expected"),
    [("", "supply NUMERATOR (the events) for A (AE)"), ("S2 A NUMERATOR 3", "supply the practice's list_size")],
)
def test_what_is_lacking_is_asked_for(rows: str, expected: str) -> None:
    practices = "practice_code,practice_name,weighted_list_size\nS2,Two,3000\n" if rows else STRATHCARSE
    rows = rows or "S1 A LIST_SIZE 6200"
    found = paid(local(items(BANDS, "per_1000", "AE"), HEADS, EVENTS), rows, "pounds", "reason", practices=practices)
    assert found[0][0] == ""
    assert expected in found[0][1]


SUMS = "practice_code,practice_name,weighted_list_size,joined\nS1,One,6431.5,\nS2,Two,3000,2024-10-01\n"


@pytest.mark.parametrize(
    ("pays", "top", "expected"),
    [
        ("{linear: {pounds: '£5,000', lower: 30%, upper: 70%}}", 50, ["2500.00", "1250.00"]),
        ("{linear: {pounds: £100, lower: 0%, upper: 90%}}", 50, ["55.56", "27.78"]),  # £55.5…, once rounded
        ("{step_then_linear: {pounds: £600, pounds_at_lower: £200, lower: 40%, upper: 80%}}", 50,
         ["300.00", "150.00"]),
        ("{steps: {paid: per practice, steps: [above 40% pays £500], most: £500}}", 50, ["500.00", "250.00"]),
        ("{step_then_linear: {per_head: 50p, per_head_at_lower: 10p, lower: 40%, upper: 80%}}", 60,
         ["1929.45", "450.00"]),
    ],
)  # fmt: skip
def test_set_sums_and_heads_take_the_share_of_the_year(pays: str, top: int, expected: list[str]) -> None:
    """S2 joined for six whole months of twelve."""
    found = paid(local(items(pays), HEADS), counts(("S1", top, 100), ("S2", top, 100)), "pounds", practices=SUMS)
    assert [pounds for (pounds,) in found] == expected


@pytest.mark.parametrize(("declared", "expected"), [(1, ("1286.30", "1500.00")), (0, ("0.00", "0.00"))])
def test_yes_or_no_pays_by_head_or_a_sum(declared: int, expected: tuple[str, str]) -> None:
    parts = """
        items:
          - {item: A, title: One, measure: declared, pays: {boolean: {per_head: 20p}}}
          - {item: B, title: Two, measure: declared, pays: {boolean: {pounds: '£1,500'}}}
    """
    rows = f"S1 A DECLARED {declared}\nS1 B DECLARED {declared}"
    found = paid(local(parts, HEADS), rows, "pounds", practices=STRATHCARSE)
    assert tuple(pounds for (pounds,) in found[:2]) == expected


rates = st.fractions(0, 1, max_denominator=500)
amounts = st.integers(1, 20_000).map(lambda n: Fraction(n, 100))


def percent(rate: Fraction) -> str:
    return f"{float(rate * 100):g}%"


steps_of_percent = st.integers(0, 100).map(lambda n: Fraction(n, 100))


@examples(1)
@given(st.lists(steps_of_percent, min_size=2, max_size=2, unique=True), amounts, amounts, rates, st.booleans())
def test_a_line_earns_what_its_sentence_says(
    ends: list[Fraction], amount: Fraction, start: Fraction, rate: Fraction, begins: bool
) -> None:
    lower, upper = ends
    better = "lower" if upper < lower else "higher"
    start = min(start, amount)
    line = f"better: {better}, lower: {percent(lower)}, upper: {percent(upper)}"
    if begins:
        one = kind(f"{{step_then_linear: {{per_head: £{float(amount):.2f}, "
                   f"per_head_at_lower: £{float(start):.2f}, {line}}}}}")  # fmt: skip
        assert one.earned(rate) == start_then_proportion(rate, lower, upper, start, amount)
    else:
        one = kind(f"{{linear: {{pounds: £{float(amount):.2f}, {line}}}}}")
        assert one.earned(rate) == in_proportion(rate, lower, upper, amount)


@st.composite
def bands(draw: st.DrawFn) -> list[tuple[Fraction, bool, Fraction]]:
    ends = sorted(draw(st.lists(st.integers(1, 4_000), min_size=1, max_size=4, unique=True)))
    pays = sorted(draw(st.lists(st.integers(1, 900), min_size=len(ends), max_size=len(ends), unique=True)))[::-1]
    return [(Fraction(at, 1000), draw(st.booleans()), Fraction(p, 100)) for at, p in zip(ends, pays, strict=True)]


def of_bands(some: list[tuple[Fraction, bool, Fraction]]) -> Steps:
    phrases = [
        f"'{'up to' if up_to else 'below'} {int(at * 1000)} per 1,000 pays {int(pays * 100)}p'"
        for at, up_to, pays in some
    ]
    text = f"{{steps: {{better: lower, most: {int(some[0][2] * 100)}p, steps: [{', '.join(phrases)}]}}}}"
    found = scheme(EVENTS, items=items(text, "per_1000", "AE")).items[0].kind
    assert isinstance(found, Steps)
    return found


@examples(1)
@given(bands(), st.integers(0, 20_000), st.integers(1, 9_000))
def test_bands_earn_what_their_sentence_says(
    some: list[tuple[Fraction, bool, Fraction]], events: int, people: int
) -> None:
    steps = of_bands(some)
    rate = Fraction(events, people)
    assert steps.earned(rate) == by_bands(rate, some)
    for at, _, _ in some:
        assert steps.earned(at) == by_bands(at, some)
    assert steps.met(rate) == (by_bands(rate, some) > 0)


@pytest.mark.parametrize(
    ("pays", "measure", "expected"),
    [
        ("{linear: {points: 3, per_head: 9p, lower: 1%, upper: 2%}}", "achievement", "give exactly one of"),
        ("{linear: {lower: 1%, upper: 2%}}", "achievement", "give exactly one of"),
        ("{step_then_linear: {per_head: 9p, points_at_lower: 1, lower: 1%, upper: 2%}}", "achievement",
         "with 'per_head' goes 'per_head_at_lower', and no other"),
        ("{step_then_linear: {points: 9, points_at_lower: 1, lower: 1%, upper: 2%, better: lower}}", "achievement",
         "lower is better, but the upper threshold 2% is not below the lower, 1%"),
        ("{step_then_linear: {pounds: £9, pounds_at_lower: £10, lower: 1%, upper: 2%}}", "achievement",
         "more at the lower threshold than the £9 in all"),
        ("{linear: {points: 9, lower: 1%, upper: '90 per 1,000'}}", "achievement",
         "one threshold is per 1,000 and the other per cent"),
        ("{linear: {points: 9, lower: '9 per 1,000', upper: '90 per 1,000'}}", "achievement",
         "has thresholds per 1,000, and its measure is 'achievement': write 'measure: per_1000'"),
        ("{linear: {points: 9, lower: 9%, upper: 90%}}", "per_1000", "counts events per 1,000 people"),
        ("{steps: {steps: [below 9% pays 3p], most: 3p}}", "achievement",
         "'below 9% pays 3p' reads the wrong way: 'below' and 'up to' go with 'better: lower'"),
        ("{steps: {better: lower, steps: [above 9% pays 3p], most: 3p}}", "achievement",
         "'above 9% pays 3p' reads the wrong way: lower is better: write 'below' or 'up to'"),
        ("{steps: {better: lower, steps: [below 9% pays 3p, below 20% pays 4p], most: 4p}}", "achievement",
         "lower is better, but a step further up pays no less"),
        ("{steps: {better: lower, steps: [below 20% pays 4p, below 9% pays 3p], most: 4p}}", "achievement",
         "the steps are out of order or overlap"),
        ("{steps: {better: lower, steps: [below 9% pays 4p, 'below 120 per 1,000 pays 3p'], most: 4p}}", "achievement",
         "is not written as the other steps are"),
        ("{steps: {paid: per practice, steps: [above 9% pays £500], most: £400}}", "achievement",
         "the most is £400, but the highest step pays £500.00"),
        ("{steps: {steps: ['above 9 pays 3p'], most: 3p}}", "achievement", "'below 90 per 1,000 pays £1.00'"),
        ("{boolean: {points: 1, pounds: £3}}", "declared", "give exactly one of"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said_at_its_line(pays: str, measure: str, expected: str) -> None:
    found = refused(EVENTS, items=items(pays, measure, "AE"))
    assert any(expected in one and one.startswith("a-scheme.yaml:") for one in found), found


def test_full_achievement_counts_every_unit() -> None:
    parts = """
        items:
          - item: A
            indicator: CHD005
            measure: achievement
            pays: {linear: {per_head: £1.10, lower: 30%, upper: 70%}}
          - {item: B, title: Two, measure: declared, pays: {boolean: {pounds: £500}}}
          - {item: C, title: Three, measure: declared, pays: {boolean: {points: 2}}}
    """
    found = local(parts, HEADS)
    assert full_achievement(found, 10_000).pence == 1_100_000 + 50_000 + 40_000
    assert found.most_per_head() == Fraction(11, 10)
    assert found.most_in_pounds() == 500


@pytest.mark.parametrize(
    ("sums", "expected"),
    [
        ("{of: [A, B], per_head: £1.35}", ""),
        ("{of: [A, B], per_head: £1.30}", "items A and B come to £1.35 a head, not £1.30"),
        ("{of: [C], pounds: £500}", ""),
        ("{of: [C, A], pounds: £500}", "item A pays by head, and has no most in pounds: leave it out"),
        ("{of: [A, Z], per_head: £1.10}", "there is no item 'Z'"),
        ("{of: [A, A], per_head: £2.20}", "the item A is added up twice"),
        ("{of: [A], per_head: £1.10, points: 3}", "give exactly one of"),
        ("{of: [A], per_head: required}", "a number is needed here"),
        ("{of: [D], points: 3}", "item D comes to 2 points, not 3"),
    ],
)
def test_some_items_add_up_in_the_contracts_unit(sums: str, expected: str) -> None:
    parts = """
        items:
          - item: A
            indicator: CHD005
            measure: achievement
            pays: {linear: {per_head: £1.10, lower: 30%, upper: 70%}}
          - {item: B, indicator: CHD007, measure: achievement, pays: {steps: {steps: [above 5% pays 25p], most: 25p}}}
          - {item: C, title: Three, pays: {activity: {tariff: £5, most: £500}}}
          - {item: D, title: Four, measure: declared, pays: {boolean: {points: 2}}}
    """
    given = textwrap.dedent(parts)
    if not expected:
        assert scheme(f"totals: {{sums: [{sums}]}}", items=given, terms=PLAIN).totals.sums
    else:
        found = refused(f"totals: {{sums: [{sums}]}}", items=given, terms=PLAIN)
        assert any(expected in one for one in found), found


PLAIN = """
terms:
  balance: {due: 2025-07-31}
  recovery: {months: 6, notified: 2025-05-31}
  changes: {joiner: days, leaver: days, merger: successor}
"""


def test_boundaries_of_bands_are_per_1000() -> None:
    found = next(boundaries(scheme(EVENTS, items=items(BANDS, "per_1000", "AE"))))
    sides = [
        (f"{edge.operator} {percent_text(edge.threshold.at, edge.per)}", *(
            award_text(side.earned, found.unit) for side in (edge.below, edge.at, edge.above) if side))
        for edge in found.tables[0].boundaries
    ]  # fmt: skip
    assert sides == [
        ("< 90.00 per 1,000", "100p", "60p", "60p"),
        ("< 120.00 per 1,000", "60p", "25p", "25p"),
        ("< 150.00 per 1,000", "25p", "nothing", "nothing"),
    ]


def test_the_sentence_rounds_as_the_clause_does() -> None:
    assert pence(Fraction("4421.65625")) == 442166


NETWORKS = "networks: {earned_by: network, distribution: equal, assent: none}"


def test_a_network_is_counted_as_one_over_the_lists_of_its_members() -> None:
    """300 + 700 events over 6,000 + 4,000 people are 100 per 1,000, which pays the network £500, £250 to each."""
    pays = (
        "{steps: {better: lower, paid: per practice, most: £900, "
        "steps: ['below 90 per 1,000 pays £900', 'below 120 per 1,000 pays £500']}}"
    )
    found = local(items(pays, "per_1000", "AE"), EVENTS, NETWORKS)
    assert paid(found, "A1 A NUMERATOR 300\nA2 A NUMERATOR 700", "practice_code", "pounds",
                table="distribution.csv") == [("A1", "250.00"), ("A2", "250.00")]  # fmt: skip


def overlaid(pays: str, measure: str, lever: Lever, by: str, indicator: str = "AE") -> str:
    """What the item pays once a lever is moved."""
    found = scheme(EVENTS, items=items(pays, measure, indicator))
    reform = Reform((ProposedChange(lever, ChangeBy(Fraction(by))),))
    return str(overlay(found, reform).tree["items"][0]["pays"])


def test_levers_move_pence_on_a_line_and_thresholds_per_1000() -> None:
    line = "{step_then_linear: {per_head: 50p, per_head_at_lower: 10p, lower: 40%, upper: 80%}}"
    moved = overlaid(line, "achievement", "pence", "0.05")
    assert "'per_head': '55p [what-if]'" in moved
    assert "'per_head_at_lower': '15p [what-if]'" in moved
    assert "below 100 per 1,000 pays 100p [what-if]" in overlaid(BANDS, "per_1000", "thresholds", "0.01")
    events = "{linear: {pounds: £300, lower: '1,500 per 1,000', upper: '2,500 per 1,000'}}"
    assert levers(scheme(EVENTS, items=items(events, "per_1000", "AE")).items[0].kind).keys() == {"thresholds"}


def test_a_comparison_says_what_a_line_pays_and_what_items_add_up_to() -> None:
    sums = "totals: {{sums: [{{of: [A], per_head: £{}}}]}}"
    one, two = (
        scheme(
            sums.format(most), items=items(f"{{linear: {{per_head: £{most}, lower: 30%, upper: 70%}}}}"), terms=PLAIN
        )
        for most in ("1.10", "1.20")
    )
    found = compare(one, two)
    assert [(part.name, part.before, part.after) for part in found.changed[0].changes] == [
        ("per head", "£1.10", "£1.20")
    ]
    assert [(part.name, part.after) for part in found.sections["totals"]] == [("per head of A", "£1.20")]


def test_no_chance_is_stated_for_events() -> None:
    plan = plan_of(scheme(EVENTS, items=items(BANDS, "per_1000", "AE")), {}, {})
    assert why_without_chance(plan.lines["A"]) == "It is not paid by a rate of patients."


def test_an_item_per_1000_chooses_no_table() -> None:
    parts = textwrap.dedent("""
        items:
          - item: A
            indicator: AE
            measure: per_1000
            pays: {linear: {points: 2, lower: 1 per 1000, upper: 9 per 1000}}
          - item: B
            indicator: CHD005
            measure: achievement
            pays: {steps: {most: 5p, gate: A, tables: [{when: from 1%, steps: [above 5% pays 5p]}, {when: below 1%}]}}
    """)
    assert any("the gate 'A' is not an earlier item with a rate" in one for one in refused(EVENTS, items=parts))
