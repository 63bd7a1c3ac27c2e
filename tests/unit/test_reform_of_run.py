"""A run under a reform, to the penny: the overlay that is kept pays what the simulation says; its rules are checked.

Three practices of QIF 2024/25, items 2a and 4. 2a pays 10p above 35%, 13p above 40%, 17p above 45%; 4 pays 22p above
65%, 25p above 72%, 30p above 78%, each per head of the weighted list.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from tests.unit.made_worklists import records

import remit
from remit.analysis.simulation.funding import checks
from remit.analysis.simulation.reformed import ReformOfRun, ReformSources, reform_of_run, rules_kept, total_pence
from remit.analysis.simulation.timing import Records
from remit.core.dates import SchemeYear
from remit.core.figures import FigureKey
from remit.core.problems import Refused
from remit.records.store import Store
from remit.rules.definitions import shipped
from remit.runs.engine import Run
from remit.scheme import frozen_text, load_scheme
from remit.scheme.reform_file import load_reform
from remit.terminology.sets import demonstration

QIF, QOF = "qif-2024-25", "qof-england-2018-19"
PRACTICES = """practice_code,practice_name,place_code,network_code,list_size,weighted_list_size
A1,Ash,cannock-chase,N1,10000,10000
A2,Birch,stafford-and-surrounds,N2,5000,5000
A3,Cedar,cannock-chase,N1,2000,2001
"""
RATES = {("A1", "2a"): (41, 100), ("A2", "2a"): (50, 100), ("A3", "2a"): (3, 10),
         ("A1", "4"): (73, 100), ("A2", "4"): (90, 100), ("A3", "4"): (8, 10)}  # fmt: skip


def counts() -> str:
    rows = ["practice_code,indicator_code,measure,value"]
    for (practice, item), (numerator, denominator) in RATES.items():
        rows += [f"{practice},{item},NUMERATOR,{numerator}", f"{practice},{item},DENOMINATOR,{denominator}"]
    return "\n".join(rows) + "\n"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    (home / "practices.csv").write_text(PRACTICES, encoding="utf-8")
    (home / "counts.csv").write_text(counts(), encoding="utf-8")
    return home


def run_of(home: Path, scheme: str | Path = QIF, items: tuple[str, ...] = ("2a", "4")) -> Run:
    return remit.run(
        scheme,
        home / "practices.csv",
        home / "counts.csv",
        only_indicators=items,
        ignore_unknown=True,
    )


def reformed(home: Path, folder: Path, text: str, sources: ReformSources | None = None) -> ReformOfRun:
    run = run_of(home)
    path = folder / "reform.yaml"
    path.write_text(f"reform: mine\ntitle: Mine\nof: {QIF}\n{text}\n", encoding="utf-8")
    reform = load_reform(path, run.inputs.schemes[QIF])
    return reform_of_run(run, QIF, reform, sources or ReformSources())


def pence(run: Run) -> dict[str, int]:
    return {result.practice.code: result.awarded.pence for result in run.results()}


def test_the_base_by_hand(home: Path) -> None:
    """A1: 13p + 25p of 10,000 = £3,800; A2: 17p + 30p of 5,000 = £2,350; A3: 0 + 30p of 2,001 = £600.30 (8 of 10 is
    above 78%)."""
    assert pence(run_of(home)) == {"A1": 380_000, "A2": 235_000, "A3": 60_030}


@pytest.mark.parametrize(
    ("text", "paid"),
    [
        ('retire: ["2a"]', {"A1": 250_000, "A2": 150_000, "A3": 60_030}),
        ('pence: {"4": +1}', {"A1": 390_000, "A2": 240_000, "A3": 62_031}),
        ('pence: {"2a": +2, "4": -2}', {"A1": 380_000, "A2": 235_000, "A3": 56_028}),
        # thresholds of 2a up by 7 points: 42, 47, 52%. A1 at 41% earns nothing, A2 at 50% the second step
        ('thresholds: {"2a": +7pp}', {"A1": 250_000, "A2": 215_000, "A3": 60_030}),
        # the registered list in place of the weighted
        ("change: {heads: {column: list_size}}", {"A1": 380_000, "A2": 235_000, "A3": 60_000}),
        # item 4 by one step of 30p from 70%
        (
            'change: {items: [{item: "4", pays: {steps: {steps: ["from 70% pays 30p"], most: "£0.30"}}}]}',
            {"A1": 430_000, "A2": 235_000, "A3": 60_030},
        ),
    ],
)
def test_each_lever_pays_by_hand(home: Path, tmp_path: Path, text: str, paid: dict[str, int]) -> None:
    assert pence(reformed(home, tmp_path, text).after) == paid


def test_money_goes_to_networks_and_is_shared_out(home: Path, tmp_path: Path) -> None:
    """N1 counts as one: of 2a 44 of 110 (exactly 40%: 10p), of 4 81 of 110 (73.6%: 25p), on 12,001 weighted patients:
    35p of 12,001 = £4,200.35, shared by list: 10,000 and 2,000 of 12,000 patients. N2 is A2 alone: £2,350."""
    text = "change: {levels: [practice, network], networks: {earned_by: network, distribution: list, assent: none}}"
    of_run = reformed(home, tmp_path, text)
    assert {code: of_run.after.practice(code).pence for code in of_run.after.codes} == {
        "N1": 420_035, "A1": 350_029, "A3": 70_006, "N2": 235_000, "A2": 235_000,
    }  # fmt: skip
    assert total_pence(of_run.after) == 420_035 + 235_000, "a network's money is counted once"


@pytest.mark.parametrize(
    "text",
    [
        'retire: ["2a"]',
        'pence: {"4": +1.25}\nthresholds: {all: +1pp}',
        "pence: {all: +1}\nfunding: within fixed system resources",
        "change: {heads: {column: list_size}}",
    ],
)
def test_a_run_of_the_overlay_that_is_kept_pays_the_same_penny_by_penny(home: Path, tmp_path: Path, text: str) -> None:
    of_run = reformed(home, tmp_path, text)
    kept = tmp_path / "overlay.yaml"
    kept.write_text(of_run.reform.text(), encoding="utf-8")
    items = tuple(code for code in ("2a", "4") if any(item.item == code for item in of_run.reform.after.items))
    assert pence(run_of(home, kept, items)) == pence(of_run.after)


def test_an_item_that_becomes_several_pays_by_a_stated_split(home: Path, tmp_path: Path) -> None:
    """Item 4 of A1: 73 of 100. Split 60 and 40, the second 20 points lower: 81% of 60 is 48.6, 61% of 40 is 24.4. So 48
    and 24, and the one that is left to the 48.6: 49 (81.7%, above 78%: 15p) and 24 (60%: nothing)."""
    text = """
stratify:
  "4":
    by: frailty
    into:
      4-FIT: {of: [fit], pays: {steps: {steps: ["above 65% pays 11p", "above 78% pays 15p"], most: "£0.15"}}}
      4-FRAIL: {of: [moderate], pays: {steps: {steps: ["above 65% pays 15p"], most: "£0.15"}}}
    counts:
      split: {source: an audit, parts: {4-FIT: {share: 60%}, 4-FRAIL: {share: 40%, difference: -20pp}}}
"""
    path = tmp_path / "reform.yaml"
    path.write_text(f"reform: mine\ntitle: Mine\nof: {QIF}\n{text}\n", encoding="utf-8")
    run = remit.run(QIF, home / "practices.csv", home / "counts.csv", ignore_unknown=True)
    of_run = reform_of_run(run, QIF, load_reform(path, run.inputs.schemes[QIF]))
    awards = {award.item.item: award for award in of_run.after.practice("A1").awards}
    assert (awards["4-FIT"].pence, awards["4-FRAIL"].pence) == (150_000, 0)
    assert set(of_run.counted) == {"4-FIT", "4-FRAIL"}
    assert "4-FRAIL 40% of the denominator, −20 percentage points. Source: an audit." in of_run.sentences[0]


def test_where_full_achievement_is_paid_in_advance_a_floor_needs_other_terms(home: Path, tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"reform.yaml:4:1: what full achievement of PROTECTION pays is not known"):
        reformed(home, tmp_path, "protect: {floor: 95%}")
    text = "protect: {floor: 95%}\nchange: {terms: {paid_in_advance: {of: previous achievement or agreed points}}}"
    assert reformed(home, tmp_path, text).reform.after.item("PROTECTION")


def test_the_floor_is_paid_on_what_is_paid_now(tmp_path: Path) -> None:
    run = local_run(tmp_path)
    before = pence(
        run
    )  # HYP008 30% to 50%: 41%, 50%, 30%: 5.5, 10 and 0 points at £100; CS005 60% to 80%: 65%, 100%, 100% of 10
    assert before == {"A1": 120_000, "A2": 200_000, "A3": 100_000}
    path = tmp_path / "reform.yaml"
    path.write_text(
        "reform: mine\ntitle: Mine\nof: local.yaml\npoints: {CS005: 4}\n"
        "protect: {floor: 80%}\nlimits: {largest_loss: 20%}\n",
        encoding="utf-8",
    )
    of_run = reform_of_run(run, "local", load_reform(path, run.inputs.schemes["local"]))
    # CS005 at 4 points: 2.6, 4 and 4. A1 has £810 of £1,200 (its floor is £960), A2 £1,400 of £2,000 (£1,600), A3 £400
    # of £1,000 (£800)
    assert pence(of_run.after) == {"A1": 96_000, "A2": 160_000, "A3": 80_000}
    losses = {code: 1 - Fraction(of_run.after.practice(code).awarded.pence, before[code]) for code in before}
    verdict = rules_kept(of_run, {}, {}, losses)[-1]
    assert (verdict.name, verdict.kept) == ("Largest loss", True)
    assert verdict.text == "A1 loses 20%, the largest share of a practice's own pounds; the limit is 20%."


def test_a_blend_moves_half_way_from_what_was_paid_before(tmp_path: Path) -> None:
    """OLD was £1,000; CS005 pays A1 6.5 points = £650. Half of each is £825, beside the £550 of HYP008. Of A2 and A3
    nothing is known of OLD."""
    run = local_run(tmp_path)
    path = tmp_path / "reform.yaml"
    path.write_text(
        """reform: mine
title: Mine
of: local.yaml
change:
  items:
    - {item: OLD, title: What was paid before, pays: {historic: {of: QOF, years: [2023-24], in: pounds}}}
    - item: MIXED
      title: Half way
      pays: {blend: {parts: {OLD: {2024-25: 50%, 2025-26: 0%}, CS005: {2024-25: 50%, 2025-26: 100%}}}}
""",
        encoding="utf-8",
    )
    key = FigureKey("HISTORIC_POUNDS", SchemeYear.parse("2023-24"))
    sources = ReformSources(supplied={"A1": {"OLD": {key: 1000}}})
    of_run = reform_of_run(run, "local", load_reform(path, run.inputs.schemes["local"]), sources)
    assert of_run.after.practice("A1").awarded.pence == 82_500 + 55_000
    assert of_run.after.practice("A2").awarded.unknown
    assert "The figures of OLD are as supplied." in of_run.sentences
    without = reform_of_run(run, "local", load_reform(path, run.inputs.schemes["local"]))
    assert "No figures of OLD were supplied: what the reform pays for it is not known." in without.sentences


def local_run(folder: Path) -> Run:
    """The three practices in a scheme of points: HYP008 at the counts of 2a, CS005 at those of 4."""
    (folder / "local.yaml").write_text(_LOCAL, encoding="utf-8")
    (folder / "practices.csv").write_text(PRACTICES, encoding="utf-8")
    text = counts().replace(",2a,", ",HYP008,").replace(",4,", ",CS005,")
    (folder / "counts.csv").write_text(text, encoding="utf-8")
    return remit.run(folder / "local.yaml", folder / "practices.csv", folder / "counts.csv")


_LOCAL = """
scheme: local
version: "1"
title: A local scheme
commissioner: Exampleshire ICB
year: 2024-25
achievement_date: 2025-03-31
sources: {contract: {title: The contract, standing: verified}}
source: contract
point: {value: £100}
terms: {balance: {due: 2025-06-30}}
items:
  - {item: HYP008, indicator: HYP008, measure: achievement, pays: {linear: {points: 10, lower: 30%, upper: 50%}}}
  - {item: CS005, indicator: CS005, measure: achievement, pays: {linear: {points: 10, lower: 60%, upper: 80%}}}
"""


# Funding.


def test_within_fixed_resources_the_pence_are_scaled_to_the_same_total(home: Path, tmp_path: Path) -> None:
    """A penny more for item 4 costs £170.01 on £6,750.30. All pence are scaled by about 6750.30 / 6920.31."""
    of_run = reformed(home, tmp_path, 'pence: {"4": +1}\nfunding: within fixed system resources')
    scaled = of_run.scaled
    assert scaled is not None
    assert scaled.unscaled - total_pence(run_of(home)) == 17_001
    assert abs(float(scaled.factor) - 675_030 / 692_031) < 1e-6
    assert total_pence(of_run.after) - total_pence(run_of(home)) == scaled.remainder
    assert abs(scaled.remainder) <= 1  # the nearest that pence with four decimals come to
    assert "So that it costs what is paid now, the pence a head of" in scaled.sentence
    verdict = next(
        rule
        for rule in rules_kept(of_run, {"x": 675_030}, {"x": 675_030 + scaled.remainder}, {})
        if "fixed" in rule.name
    )
    assert verdict.kept


def test_within_fixed_resources_the_value_of_a_point_is_scaled(tmp_path: Path) -> None:
    run = local_run(tmp_path)
    path = tmp_path / "reform.yaml"
    path.write_text(
        "reform: mine\ntitle: Mine\nof: local.yaml\nretire: [CS005]\nfunding: within fixed system resources\n",
        encoding="utf-8",
    )
    of_run = reform_of_run(run, "local", load_reform(path, run.inputs.schemes["local"]))
    # 42 points at £100 become 15.5 points: £4,200 / 15.5 = £270.967741…; 5.5 and 10 of them are £1,490.32 and £2,709.68
    assert of_run.reform.after.point is not None
    assert of_run.reform.after.point.value.text.startswith("£270.96")
    assert pence(of_run.after) == {"A1": 149_032, "A2": 270_968, "A3": 0}
    assert of_run.scaled is not None
    assert of_run.scaled.remainder == 0
    assert "the value of a point goes from £100 to £270.96" in of_run.scaled.sentence
    assert "The total is then the same to the penny." in of_run.scaled.sentence
    assert "title: Scaled from £100 a point, so that all practices together" in of_run.reform.text()


FIXED, NEW = "within fixed system resources", "new indicators need new funding"
POUND = '{rule: new money, amount: "£1"}'


@pytest.mark.parametrize(
    ("funding", "before", "after", "kept", "words"),
    [
        (FIXED, {"4": 100}, {"4": 100}, True, "It costs what is paid now, to the penny."),
        (FIXED, {"4": 100}, {"4": 101}, False, "It costs £0.01 more than is paid now."),
        (POUND, {"4": 100}, {"4": 200}, True, "£1.00 more than is paid now; the new money is £1.00."),
        (POUND, {"4": 100}, {"4": 201}, False, "£1.01 more than is paid now"),
        (NEW, {"4": 100}, {"4": 100, "N": 50}, True, "New items pay £0.50; the items that were there pay no more"),
        (NEW, {"4": 100}, {"4": 99, "N": 50}, False, "the items that were there pay £0.01 less than now."),
        (NEW, {"4": None}, {"4": 99}, None, "Not checked: what 4 pays is not known."),
    ],
)
def test_funding_is_checked(
    tmp_path: Path,
    funding: str,
    before: dict[str, int | None],
    after: dict[str, int | None],
    kept: bool | None,
    words: str,
) -> None:
    path = tmp_path / "reform.yaml"
    path.write_text(f"reform: mine\ntitle: Mine\nof: {QIF}\nfunding: {funding}\n", encoding="utf-8")
    check = checks(load_reform(path), before, after)[0]
    assert check.holds is kept
    assert words in check.sentence


def test_another_timing_is_counted_from_records_and_named(tmp_path: Path) -> None:
    people = "june,1980-01-10,M,,\nwinter,1980-01-10,M,,\nnever,1950-01-10,M,,\n"
    readings = (
        "june,2015-01-10,HYP_COD,,\njune,2024-06-15,BP,128/78,\nwinter,2015-01-10,HYP_COD,,\n"
        "winter,2024-02-12,BP,128/78,\nnever,2015-01-10,HYP_COD,,\n"
    )
    store = Store(records(tmp_path / "records", people, readings, last_day="2025-03-31"))
    scheme = tmp_path / "local.yaml"
    scheme.write_text(_LOCAL, encoding="utf-8")
    (tmp_path / "practices.csv").write_text(
        "practice_code,practice_name,list_size,weighted_list_size\nA1,Ash,3,3\n", encoding="utf-8"
    )
    (tmp_path / "counts.csv").write_text(
        "practice_code,indicator_code,measure,value\nA1,HYP008,NUMERATOR,1\nA1,HYP008,DENOMINATOR,3\n", encoding="utf-8"
    )
    run = remit.run(scheme, tmp_path / "practices.csv", tmp_path / "counts.csv")
    path = tmp_path / "reform.yaml"
    path.write_text("reform: mine\ntitle: Mine\nof: local.yaml\ntiming: {window: 15 months}\n", encoding="utf-8")
    reform = load_reform(path, run.inputs.schemes["local"])
    with pytest.raises(Refused, match="that needs the records"):
        reform_of_run(run, "local", reform)
    sources = ReformSources(records=Records(store, demonstration(), shipped(), tmp_path / "work"))
    of_run = reform_of_run(run, "local", reform, sources)
    awards = {award.item.item: award.pence for award in of_run.after.practice("A1").awards}
    assert awards["HYP008"] == 100_000  # 2 of 3 is above 50%: all 10 points; 1 of 3 earns 10/3 of a point of 10
    assert of_run.sentences[0].startswith("Success is looked for over 15 months in HYP008.")


def test_a_reform_of_nothing_is_the_scheme(home: Path, tmp_path: Path) -> None:
    of_run = reformed(home, tmp_path, "")
    assert frozen_text(of_run.reform.after) == frozen_text(load_scheme(QIF))
    assert pence(of_run.after) == pence(run_of(home))
