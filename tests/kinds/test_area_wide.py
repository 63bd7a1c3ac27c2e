"""The kind: an award that rests on all practices of its area, as a budget that scales awards in proportion and small
numbers that are paid at the area's average."""

from __future__ import annotations

import io
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from tests.profiles import examples
from tests.sentences.area_wide import half_up, paid_rates, reduced_in_proportion, shared_exactly
from tests.spec.language import refused
from tests.spec.run import COUNTS as COUNTS_HEAD
from tests.spec.run import lines, local

import remit
from remit.analysis.chance import chance
from remit.application.show import card_of
from remit.comparison.compare import CAUSES, compare
from remit.core.figures import NUMERATOR, FigureKey
from remit.documents.render.terminal import plain_text
from remit.documents.scheme_card.boundaries import boundary_document
from remit.documents.scheme_card.card import card
from remit.documents.statement.making import statement
from remit.documents.statement.workbook import workbook
from remit.pricing.vector import vector_plan
from remit.runs.engine import Run
from remit.runs.overview import overview
from remit.runs.what_if import otherwise
from remit.scheme.comparison import compare as compare_schemes
from remit.scheme.words_beside import words_differ

# Strathcarse, by hand before anything was run.
#
# The table's amounts of items 1 to 5 (without the bonus), in pounds:
#        item 1     item 2     item 3     item 4     item 5
#   S1   4,421.66   3,858.90   1,286.30   2,572.60   6,431.50
#   S2       0.00       0.00   1,350.00       0.00     750.00
#   S3   9,000.00   6,543.15   4,907.36   4,362.10   6,543.15
#   S4   5,383.95   1,255.00   2,259.00     753.00       0.00
#   S5   3,300.00       0.00   1,350.00   1,200.00   3,000.00
#       22,105.61 + 11,657.05 + 11,152.66 + 8,887.70 + 16,724.65 = 70,527.67
# Clause 11: 3,858.90 x 60,000 / 70,527.67 = 3,282.881938...: 3,282.88.
#
# Clause 12, with a sixth practice S6 of 1,000 patients, 900 weighted (paid as 3,000), which counts
#   item 2: 5/8; item 3: 40/100; item 4: 8/9; it has nothing under items 1 and 5.
# Fewer than 10 are in the denominators of items 2 and 4. The board's rates, all patients together:
#   item 2: (65+15+66+50+20+5) / (5x100+8)  = 221/508 = 43.50%: below 50%, nothing    (its own 62.5% would pay 25p)
#   item 4: (60+39+65+59+61+8) / (5x100+9)  = 292/509 = 57.37%: 15p x 3,000 = £450.00 (its own 88.9% would pay 40p)
# Item 3, 40%, is its own and pays nothing. With S6 the sum is 70,527.67 + 450.00 = 70,977.67, and
#   450.00 x 60,000 / 70,977.67 = 380.401...: 380.40.
TABLE = {
    "S1": (442166, 385890, 128630, 257260, 643150),
    "S2": (0, 0, 135000, 0, 75000),
    "S3": (900000, 654315, 490736, 436210, 654315),
    "S4": (538395, 125500, 225900, 75300, 0),
    "S5": (330000, 0, 135000, 120000, 300000),
}
SUM = 7052767
WEIGHTED = {
    "S1": "6431.5",
    "S2": "3000",
    "S3": "10905.25",
    "S4": "5020",
    "S5": "3000",
    "S6": "3000",
}  # clause 1's least
LISTS = {"S1": 6200, "S2": 2450, "S3": 11300, "S4": 4800, "S5": 3100}
RATES = {
    "S1": "65/100 70/100 60/100", "S2": "15/100 71/100 39/100", "S3": "66/100 75/100 65/100",
    "S4": "50/100 80/100 59/100", "S5": "20/100 72/100 61/100", "S6": "5/8 40/100 8/9",
}  # fmt: skip

SCALED = "scaled_to: {budget: £60000, items: ['1', '2', '3', '4', '5'], when: over, rounding: each part half up}"
AVERAGE = "average: all patients together, of: all practices"
SMALL = f"small_numbers: {{fewer_than: 10, paid_at: average of the area, {AVERAGE}}}"
HEADS = "heads: {column: weighted_list_size, called: weighted list, at: 2024-10-01}"
ITEMS = """
items:
  - {item: '1', title: Frailty, pays: {activity: {tariff: 1p, each: penny of clause 2}}}
  - item: '2'
    indicator: CHD005
    measure: achievement
    pays: {steps: {steps: [from 50% pays 25p, from 65% pays 60p], most: 60p}}
  - item: '3'
    indicator: CHD008
    measure: achievement
    pays: {steps: {steps: [above 55% pays 20p, above 70% pays 45p], most: 45p}}
  - item: '4'
    indicator: CHD015
    measure: achievement
    pays: {steps: {steps: [from 40% pays 15p, from 60% pays 40p], most: 40p}}
  - {item: '5', title: A&E, pays: {activity: {tariff: 1p, each: penny of clause 5}}}
  - {item: '8', title: Deprivation, pays: {activity: {tariff: 1p, each: penny of clause 8}}}
"""


@dataclass
class Area:
    """An area of made-up practices, whose run can be made of other files."""

    practices: dict[str, str]
    counts: dict[str, list[str]]

    def run(self, folder: Path, *keys: str, items: str = ITEMS, **more: object) -> Run:
        """The run of these practices under a scheme with `keys`."""
        rows = "".join(f"{code},{code},{LISTS.get(code, 1000)},{size}\n" for code, size in self.practices.items())
        header = "practice_code,practice_name,list_size,weighted_list_size\n"
        (folder / "practices.csv").write_text(header + rows, encoding="utf-8")
        text = "\n".join(f"{code} {row}" for code, own in self.counts.items() for row in own)
        (folder / "counts.csv").write_text(COUNTS_HEAD + lines(text, 5), encoding="utf-8")
        scheme = local(items, HEADS, *keys)
        return remit.run(scheme, folder / "practices.csv", folder / "counts.csv", **more)  # type: ignore[arg-type]


def strathcarse(*codes: str) -> Area:
    """Practices of the table, with the sixth where it is named."""
    counts = {}
    for code in codes:
        own = TABLE.get(code, (0, 0, 0, 0, 0))
        rows = [f"1 ACTIVITY {own[0]}", f"5 ACTIVITY {own[4]}", "8 ACTIVITY 150000"]
        for item, rate in zip("234", RATES[code].split(), strict=True):
            over, under = rate.split("/")
            rows += [f"{item} NUMERATOR {over}", f"{item} DENOMINATOR {under}"]
        counts[code] = rows
    return Area({code: WEIGHTED[code] for code in codes}, counts)


FIVE, SIX = ("S1", "S2", "S3", "S4", "S5"), ("S1", "S2", "S3", "S4", "S5", "S6")


def pence(run: Run, code: str) -> list[int | None]:
    """The awards of items 1 to 5."""
    return [award.pence for award in run.practice(code).awards if award.item.item != "8"]


def test_the_table_is_what_the_items_pay_without_the_budget(tmp_path: Path) -> None:
    run = strathcarse(*FIVE).run(tmp_path)
    assert {code: tuple(pence(run, code)) for code in FIVE} == TABLE
    assert sum(sum(own) for own in TABLE.values()) == SUM


def test_clause_11_reduces_each_amount_in_proportion(tmp_path: Path) -> None:
    run = strathcarse(*FIVE).run(tmp_path, SCALED)
    for code, own in TABLE.items():
        assert pence(run, code) == [half_up(Fraction(each * 60_000_00, SUM)) for each in own]
    first = run.practice("S1")
    assert [first.awards[1].pence, first.awards[5].pence] == [328288, 150000]  # item 8 is not of the budget
    assert first.status == "final"
    assert first.pence == sum(award.pence or 0 for award in first.awards)


def test_the_statement_has_the_multiplication(tmp_path: Path) -> None:
    run = strathcarse(*FIVE).run(tmp_path, SCALED)
    view = next(view for view in statement(run, "S1").items if view.code == "2")
    line = view.lines[-1]
    assert line.label == "Budget, over 5 practices"
    assert str(line) == "£3,858.90 × £60,000.00 / £70,527.67 = £3,282.88"
    assert "£3,858.90" in str(view.lines[-2])


def test_clause_12_pays_small_numbers_at_the_boards_rate(tmp_path: Path) -> None:
    run = strathcarse(*SIX).run(tmp_path, SMALL)
    assert pence(run, "S6") == [0, 0, 0, 45000, 0]
    by_item = {award.item.item: award for award in run.practice("S6").awards}
    assert [by_item[code].achievement.rate for code in "234"] == [
        Fraction(221, 508), Fraction(40, 100), Fraction(292, 509),
    ]  # fmt: skip
    assert (by_item["2"].achievement.numerator, by_item["2"].achievement.denominator) == (5, 8)
    assert "paid at the area's average, 43.5% over 6 practices" in by_item["2"].reason
    assert {code: tuple(pence(run, code)) for code in FIVE} == TABLE


def test_rates_come_first_then_awards_then_the_budget(tmp_path: Path) -> None:
    run = strathcarse(*SIX).run(tmp_path, SMALL, SCALED)
    assert pence(run, "S6") == [0, 0, 0, 38040, 0]
    assert pence(run, "S1")[1] == half_up(Fraction(385890 * 60_000_00, 7097767))


def test_a_run_of_one_practice_rests_on_all_that_are_given(tmp_path: Path) -> None:
    area = strathcarse(*SIX)
    all_, one = area.run(tmp_path, SMALL, SCALED), area.run(tmp_path, SMALL, SCALED, only_practices=["S6"])
    item = area.run(tmp_path, SMALL, SCALED, only_indicators=["4"])
    assert one.codes == ("S6",)
    assert pence(one, "S6") == pence(all_, "S6")
    assert item.practice("S6").awards[0].pence == 38040


def test_a_practice_that_is_not_given_is_not_in_the_sum(tmp_path: Path) -> None:
    run = strathcarse("S1", "S2").run(tmp_path, SCALED)  # 18,570.96 + 2,100.00 in all
    assert pence(run, "S1") == list(TABLE["S1"])
    (line,) = run.practice("S1").awards[1].trail
    assert line.label == "Budget, over 2 practices"
    assert str(line) == "paid in full, as £20,670.96 in all is within £60,000.00 = £3,858.90"


def test_while_one_award_is_not_known_nobodys_is_final(tmp_path: Path) -> None:
    area = strathcarse(*FIVE)
    area.counts["S4"] = [row for row in area.counts["S4"] if not row.startswith("3 NUM")]
    run = area.run(tmp_path, SCALED)
    first = run.practice("S1")
    assert pence(run, "S1") == list(TABLE["S1"])  # before scaling
    assert first.status == "provisional"
    expected = (
        "Items 1, 2, 3, 4 and 5 are not final: the sum that the budget scales is not known, as these awards are not: "
    )
    assert first.reason == f"{expected}S4 (3)."


def test_what_rests_on_provisional_figures_is_not_final(tmp_path: Path) -> None:
    area = strathcarse(*FIVE)
    area.counts["S5"].append("* PROVISIONAL 1")
    run = area.run(tmp_path, SCALED)
    assert run.practice("S1").status == "provisional"
    assert "figures that are not final, of S5" in run.practice("S1").reason
    assert pence(run, "S1")[1] == 328288


def test_an_average_waits_for_every_practice_that_it_is_of(tmp_path: Path) -> None:
    area = strathcarse(*SIX)
    area.counts["S4"] = [row for row in area.counts["S4"] if not row.startswith("2 NUM")]
    award = {a.item.item: a for a in area.run(tmp_path, SMALL).practice("S6").awards}["2"]
    assert award.pence is None
    assert "The area's average is not known: S4 has no counts." in award.reason


def test_a_small_practice_needs_no_numerator_of_its_own_where_only_others_are_counted(tmp_path: Path) -> None:
    area = strathcarse(*SIX)
    area.counts["S6"] = [row for row in area.counts["S6"] if not row.startswith("4 NUM")]
    others = SMALL.replace("of: all practices", "of: practices that are not small")
    assert pence(area.run(tmp_path, others), "S6")[3] == 45000  # 284/500 = 56.8%: 15p x 3,000


@pytest.mark.parametrize(("nobody", "expected"), [("", 45000), (", nobody: paid nothing", 0)])
def test_nobody_in_the_denominator(nobody: str, expected: int, tmp_path: Path) -> None:
    area = strathcarse(*SIX)
    area.counts["S6"][-2:] = ["4 NUMERATOR 0", "4 DENOMINATOR 0"]
    run = area.run(tmp_path, SMALL.replace("all practices}", f"all practices{nobody}}}"))
    assert pence(run, "S6")[3] == expected
    assert statement(run, "S6")


@pytest.mark.parametrize("few", [9, 10])
def test_exactly_so_many_is_not_few(few: int, tmp_path: Path) -> None:
    run = strathcarse(*SIX).run(tmp_path, SMALL.replace("10", str(few)))
    assert pence(run, "S6")[3] == {9: 120000, 10: 45000}[few]  # 8/9 = 88.9%: 40p x 3,000


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("scaled_to: {budget: £6, items: [B], when: over, rounding: each part half up}", "there is no item 'B'"),
        ("scaled_to: {budget: £6, items: [], when: over, rounding: each part half up}", "items"),
        ("scaled_to: {budget: £0, items: all, when: over, rounding: each part half up}", "expected more than 0"),
        ("scaled_to: {budget: £6, items: all, when: over}", "rounding"),
        ("scaled_to: {budget: £6, items: all, when: sometimes, rounding: each part half up}", "when"),
        (SMALL.replace("10", "0"), "no denominator is below it"),
        (SMALL.replace("10", "required"), "a number is needed here"),
        (SMALL.replace(", of: all practices", ""), "of"),
        (SMALL.replace("practices}", "practices, items: [B]}"), "there is no item 'B'"),
        (SMALL.replace("10", "1").replace("practices}", "practices, nobody: paid nothing}"), "the rule does nothing"),
    ],
)
def test_what_cannot_be_meant_is_refused_where_it_stands(keys: str, expected: str) -> None:
    problems = refused(keys)
    assert any(expected in problem for problem in problems), problems
    assert all("a-scheme.yaml:" in problem for problem in problems), problems


@pytest.mark.parametrize(("budget", "doubted"), [("£60000", False), ("£6000", True)])
def test_a_budget_is_set_beside_its_sources_words(budget: str, doubted: bool) -> None:
    words = "words: If the sum due under items 1 to 5 to all practices is over £60000"
    scheme = local(ITEMS, HEADS, SCALED.replace("£60000", budget).replace("up}", f"up, {words}}}"))
    assert any(path[0] == "scaled_to" for path, _, _ in words_differ(scheme)) == doubted


def small_counts() -> st.SearchStrategy[dict[str, tuple[int, int]]]:
    one = st.integers(0, 14).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
    return st.lists(one, min_size=1, max_size=5).map(lambda all_: {f"P{n}": each for n, each in enumerate(all_)})


LINE = """
items:
  - {item: L, indicator: CHD005, measure: achievement, pays: {linear: {points: 20, lower: 20%, upper: 80%}}}
"""


@examples(0.3)
@given(small_counts(), st.booleans(), st.booleans(), st.integers(100, 9_000_00), st.booleans(), st.booleans())
def test_generated_areas(
    tmp_path_factory: pytest.TempPathFactory,
    counts: dict[str, tuple[int, int]],
    together: bool,
    small_count: bool,
    budget: int,
    always: bool,
    exactly: bool,
) -> None:
    average = "all patients together" if together else "mean of the practices' rates"
    of = "all practices" if small_count else "practices that are not small"
    small = f'small_numbers: {{fewer_than: 7, paid_at: average of the area, average: "{average}", of: {of}}}'
    rounding = "largest remainder" if exactly else "each part half up"
    pounds = f"£{budget // 100}.{budget % 100:02}"
    scaled = (
        f"scaled_to: {{budget: {pounds}, items: all, when: {'always' if always else 'over'}, rounding: {rounding}}}"
    )
    area = Area(
        dict.fromkeys(counts, "1000"),
        {code: [f"L NUMERATOR {x}", f"L DENOMINATOR {n}"] for code, (x, n) in counts.items()},
    )
    run = area.run(tmp_path_factory.mktemp("area"), small, scaled, items=LINE)
    rates = paid_rates(counts, 7, together, small_count)
    found = {code: run.practice(code).awards[0].pence for code in counts}
    if None in rates.values():
        assert all(found[code] is None for code in counts if rates[code] is None)
        return
    due = dict[str, int]()
    for code, rate in rates.items():
        assert rate is not None
        share = min(max((rate - Fraction(1, 5)) / Fraction(3, 5), Fraction(0)), Fraction(1))
        due[code] = half_up(share * 20 * 200 * 100)
    expected = reduced_in_proportion(due, budget, always)
    whole = sum(due.values())
    if exactly and whole and (always or whole > budget):
        expected = shared_exactly(due, budget)
        assert sum(each or 0 for each in found.values()) == budget
    assert found == expected


def test_another_practices_counts_move_everybodys_award_and_comparing_says_so(tmp_path: Path) -> None:
    area = strathcarse(*FIVE)
    one = area.run(tmp_path, SCALED)
    area.counts["S4"][0] = "1 ACTIVITY 0"  # 5,383.95 less in the sum: 65,143.72
    two = area.run(tmp_path, SCALED)
    moved = next(one_ for one_ in compare(one, two).practices if one_.code == "S1")
    item = next(one_ for one_ in moved.movements if one_.item == "2")
    after = half_up(Fraction(385890 * 60_000_00, SUM - 538395))
    assert item.pence == (328288, after)
    assert dict(zip(CAUSES, item.causes, strict=True)) == dict.fromkeys(CAUSES, 0) | {"terms": after - 328288}
    assert "£65,143.72" in item.explanation
    assert any("what all practices together come to" in what for _, what in compare(one, two).changes)


def test_a_what_if_scales_everybody_anew(tmp_path: Path) -> None:
    run = strathcarse(*FIVE).run(tmp_path, SCALED)
    doubled = otherwise(run, {}, {"S4": {("1", FigureKey("ACTIVITY")): 2 * 538395}})
    assert pence(doubled, "S1")[1] == half_up(Fraction(385890 * 60_000_00, SUM + 538395))


def test_what_one_practice_would_earn_keeps_the_factor(tmp_path: Path) -> None:
    run = strathcarse(*FIVE).run(tmp_path, SCALED)
    change = {("3", NUMERATOR): 71}  # above 70%: 45p in place of 20p x 6,431.5
    worth, parts, _ = run.what_if(run.practice("S1")).worth(change, ["3"])
    before, after = (half_up(Fraction(amount * 60_000_00, SUM)) for amount in (128630, 289418))
    assert (worth, parts) == (after - before, {"3": after - before})


def test_many_practices_at_once_are_priced_as_one_by_one(tmp_path: Path) -> None:
    run = strathcarse(*SIX).run(tmp_path, SMALL, SCALED)
    plan = next(iter(run.plans.values()))
    whole = vector_plan(plan, [run.standing(code) for code in SIX]).price().items
    for n, code in enumerate(SIX):
        assert [int(whole[item].pence[n]) for item in "12345"] == pence(run, code)


def test_nothing_is_said_of_a_next_step_that_small_numbers_do_not_pay(tmp_path: Path) -> None:
    run = strathcarse(*SIX).run(tmp_path, SMALL, SCALED)
    for view in statement(run, "S6").items:
        assert not (view.code in "24" and (view.prospects or view.one_pca))


def test_a_budget_may_be_supplied_with_the_run(tmp_path: Path) -> None:
    area, open_ = strathcarse(*FIVE), SCALED.replace("£60000", "required")
    waiting = area.run(tmp_path, open_).practice("S1")
    assert "set scaled_to.budget" in waiting.reason
    assert waiting.awards[1].pence == 385890
    supplied = area.run(tmp_path, open_, settings={"scaled_to.budget": "£60,000"})
    assert pence(supplied, "S1")[1] == 328288


def test_what_was_possible_is_by_the_budget_too(tmp_path: Path) -> None:
    run = strathcarse(*FIVE).run(tmp_path, SCALED)
    position = next(one for one in overview(run, lambda done, of: None).positions if one.code == "S4")
    marks = {mark.item: mark for mark in position.marks}
    assert marks["2"].possible == half_up(Fraction(5020 * 60 * 60_000_00, SUM))  # 60p x 5,020
    assert marks["3"].possible == marks["3"].pence  # 45p already


def test_the_card_the_boundaries_and_a_comparison_of_schemes_say_it() -> None:
    scheme = local(ITEMS, HEADS, SMALL, SCALED)
    shown = [
        " ".join(plain_text(document.blocks, 200).split())
        for document in (card(card_of(scheme)), boundary_document(scheme))
    ]
    assert "for items 1, 2, 3, 4 and 5 of all practices, which are scaled in proportion" in shown[0]
    assert "fewer than 10 patients in the denominator of any item" in shown[0]
    assert "before the budget that all practices share" in shown[0]
    assert "With few patients in the denominator of 2, 3 and 4, the area's average is the rate." in shown[1]
    other = local(ITEMS, HEADS, SMALL.replace("10", "12"), SCALED.replace("£60000", "£70000"))
    changed = {(part.name, part.after) for part in compare_schemes(scheme, other).sections["the area"]}
    assert {name for name, _ in changed} == {"scaled to", "small numbers"}
    assert any("£70000" in after for _, after in changed)


def test_no_chance_is_stated_of_a_small_number_and_that_of_others_is_scaled(tmp_path: Path) -> None:
    found = chance(strathcarse(*SIX).run(tmp_path, SMALL, SCALED))
    assert {one.code for one in found.practice("S6").items} == {"3"}
    assert {one.code for one in found.practice("S3").items} == {"2", "3", "4"}
    whole = SUM + 45000
    each = float(Fraction(490736 * 60_000_00, whole) / Fraction("0.45"))  # pence for a pound a head of item 3
    assert found.paid("S3")["3"].worth == pytest.approx(each, rel=1e-4)


def with_dates(area: Area, folder: Path, *keys: str, **dates: str) -> Run:
    """The run where some practices joined, left or merged: `joined,left,successor_code` by practice."""
    header = "practice_code,practice_name,list_size,weighted_list_size,joined,left,successor_code\n"
    rows = (f"{c},{c},{LISTS.get(c, 1000)},{size},{dates.get(c, ',,')}\n" for c, size in area.practices.items())
    area.run(folder)
    (folder / "practices.csv").write_text(header + "".join(rows), encoding="utf-8")
    return remit.run(local(ITEMS, HEADS, *keys), folder / "practices.csv", folder / "counts.csv")


def test_a_practice_of_part_of_the_year_is_in_the_sum_with_what_it_is_due(tmp_path: Path) -> None:
    run = with_dates(strathcarse(*FIVE), tmp_path, SCALED, S4="2024-10-01,,")
    # Items 2, 3 and 4 of S4 for six of twelve months: 627.50, 1,129.50, 376.50; activity is not shared by the year.
    whole = SUM - (125500 + 225900 + 75300) // 2
    assert pence(run, "S4")[1:4] == [half_up(Fraction(each * 60_000_00, whole)) for each in (62750, 112950, 37650)]
    assert pence(run, "S1")[1] == half_up(Fraction(385890 * 60_000_00, whole))


def test_a_practice_that_merged_is_in_the_sum_and_the_average_with_its_successor(tmp_path: Path) -> None:
    area = strathcarse(*SIX)
    area.counts["S2"] = []
    run = with_dates(area, tmp_path, SMALL, S2=",2024-09-30,S4")
    by_item = {award.item.item: award for award in run.practice("S6").awards}
    assert by_item["2"].achievement.rate == Fraction(221 - 15, 508 - 100)
    average = by_item["2"].achievement.average
    assert average is not None
    assert average.practices == 5


def test_the_workbook_has_the_line_and_the_areas_rate(tmp_path: Path) -> None:
    run = strathcarse(*SIX).run(tmp_path, SMALL, SCALED)
    book = load_workbook(io.BytesIO(workbook(statement(run, "S6"))))
    cells = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert "£450.00 × £60,000.00 / £70,977.67" in cells
    assert any(cell.startswith("0.5736738703") for cell in cells)  # 292 / 509
    assert "380.4" in cells
