"""Every lever of a reform file, on schemes of the library: what the scheme says after it, by hand arithmetic."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from tests.bad_files.command import HERE, remit

from remit.core.problems import Refused
from remit.scheme import Scheme, frozen_text, load_scheme, thaw
from remit.scheme.changes import laid_over
from remit.scheme.kinds import Blend, IncomeProtection, Linear, Protected, Steps
from remit.scheme.quantity import Quantity
from remit.scheme.reform_file import LoadedReform, load_reform
from remit.scheme.reform_limits import LimitCheck, checked, extent

QOF, QIF = "qof-england-2018-19", "qif-2024-25"
LIBRARY = Path(__file__).parents[2] / "src" / "remit" / "library" / "schemes"


def reform(folder: Path, of: str, text: str) -> LoadedReform:
    """A reform of a scheme of the library that says no more than this text."""
    path = folder / "reform.yaml"
    path.write_text(f"reform: mine\ntitle: Mine\nof: {of}\n{text}\n", encoding="utf-8")
    loaded = load_reform(path)
    assert frozen_text(laid_over(loaded.base, loaded.tree)) == frozen_text(loaded.after), "the overlay is the reform"
    return loaded


def number(scheme: Scheme, item: str, name: str) -> Fraction:
    found: Quantity = getattr(scheme.item(item).kind, name)
    return found.known()


def limits(loaded: LoadedReform) -> dict[str, LimitCheck]:
    return {check.name: check for check in checked(loaded)}


def test_items_are_retired(tmp_path: Path) -> None:
    after = reform(tmp_path, QOF, "retire: [AF001, CHD001]").after
    assert len(after.items) == 77 - 2
    assert after.points_available() == 559 - 5 - 4


def test_points_move_by_and_to(tmp_path: Path) -> None:
    after = reform(tmp_path, QOF, "points: {HYP006: +4, DM002: 6}").after
    assert (number(after, "HYP006", "points"), number(after, "DM002", "points")) == (24, 6)
    assert after.points_available() == 559 + 4 - 2


def test_the_move_of_all_comes_before_that_of_one(tmp_path: Path) -> None:
    after = reform(tmp_path, QOF, "points: {HYP006: 30, all: +1}").after
    assert (number(after, "HYP006", "points"), number(after, "AF006", "points")) == (30, 13)


def test_thresholds_move_by_percentage_points(tmp_path: Path) -> None:
    after = reform(tmp_path, QOF, "thresholds: {HYP006: +3pp}").after
    assert (number(after, "HYP006", "lower"), number(after, "HYP006", "upper")) == (
        Fraction(48, 100),
        Fraction(83, 100),
    )


def test_pence_move_by_the_head(tmp_path: Path) -> None:
    before, after = load_scheme(QIF), reform(tmp_path, QIF, 'pence: {"4": +1}').after
    kinds = [scheme.item("4").kind for scheme in (before, after)]
    assert isinstance(kinds[0], Steps)
    assert isinstance(kinds[1], Steps)
    assert [step.pays + Fraction(1, 100) for step in kinds[0].steps] == [step.pays for step in kinds[1].steps]


def test_a_kind_becomes_another(tmp_path: Path) -> None:
    text = """
change:
  items:
    - {item: "4", measure: achievement, pays: {linear: {points: 10, lower: 40%, upper: 90%}}}
  point: {value: "£100"}
  terms: {paid_in_advance: {of: previous achievement or agreed points}}
"""
    kind = reform(tmp_path, QIF, text).after.item("4").kind
    assert isinstance(kind, Linear)
    assert kind.earned(Fraction(65, 100)) == 5  # half way between 40% and 90%


def test_a_number_moves_in_an_item_that_the_reform_brings_in(tmp_path: Path) -> None:
    text = """
points: {NEW1: +2}
change:
  items:
    - {item: NEW1, title: New, indicator: HYP006, domain: clinical, measure: achievement, weights: [list, prevalence],
       pays: {linear: {points: 3, lower: 40%, upper: 80%}}}
"""
    assert number(reform(tmp_path, QOF, text).after, "NEW1", "points") == 5


def test_an_item_becomes_several(tmp_path: Path) -> None:
    text = """
stratify:
  DM009:
    by: frailty
    into:
      DM009-FIT: {of: [none, mild], pays: {linear: {points: 6, lower: 35%, upper: 75%}}}
      DM009-FRAIL: {of: [moderate, severe], pays: {linear: {points: 4}}}
    counts: supplied
"""
    loaded = reform(tmp_path, QOF, text)
    after = loaded.after
    assert [item.item for item in after.items if item.item.startswith("DM009")] == ["DM009-FIT", "DM009-FRAIL"]
    fit, frail = after.item("DM009-FIT"), after.item("DM009-FRAIL")
    assert (number(after, "DM009-FIT", "points"), number(after, "DM009-FIT", "upper")) == (6, Fraction(3, 4))
    # what a part does not say is as in the whole: 52 to 92 per cent
    assert (number(after, "DM009-FRAIL", "lower"), number(after, "DM009-FRAIL", "upper")) == (
        Fraction(52, 100),
        Fraction(92, 100),
    )
    assert fit.weights == frail.weights == ("list", "prevalence")
    assert after.indicator("DM009-FIT").group == "DM"
    assert after.points_available() == 559
    assert [item.item for item in extent(loaded).modified] == ["DM009"]
    assert extent(loaded).retired == extent(loaded).new == ()


def test_an_item_is_stratified_by_age_and_the_part_may_pay_otherwise(tmp_path: Path) -> None:
    text = """
stratify:
  HYP006:
    by: age
    into:
      HYP006-U80: {of: [under 80], pays: {linear: {points: 15}}}
      HYP006-80: {of: [80 and over], pays: {step_then_linear: {points: 5, points_at_lower: 1, lower: 40%, upper: 60%}}}
"""
    after = reform(tmp_path, QOF, text).after
    assert [after.item(code).kind.name for code in ("HYP006-U80", "HYP006-80")] == ["linear", "step_then_linear"]
    assert after.points_available() == 559


def test_money_goes_through_networks(tmp_path: Path) -> None:
    text = """
change:
  levels: [network]
  networks: {earned_by: network, distribution: list, assent: none}
"""
    after = reform(tmp_path, QOF, text).after
    assert after.levels == ("network",)
    assert after.networks is not None
    assert after.networks.earned_by == "network"


def test_a_blend_moves_over_the_years(tmp_path: Path) -> None:
    """Dudley: 100/0 in the first year, 50/50 in the second, 0/100 in the third."""
    shares = {"2017-18": (1, 0), "2018-19": (Fraction(1, 2), Fraction(1, 2)), "2019-20": (0, 1)}
    text = """
change:
  items:
    - {item: OLD, title: What was paid before, pays: {historic: {of: QOF, years: [2016-17], in: pounds}}}
    - {item: NEW, title: A set sum, pays: {fixed: {pays: "£1000", for: a plan}}}
    - item: MIXED
      title: From the old to the new
      pays:
        blend:
          parts:
            OLD: {2017-18: 100%, 2018-19: 50%, 2019-20: 0%}
            NEW: {2017-18: 0%, 2018-19: 50%, 2019-20: 100%}
"""
    kind = reform(tmp_path, QOF, text).after.item("MIXED").kind
    assert isinstance(kind, Blend)
    for year, (old, new) in shares.items():
        assert [share.known() for part in ("OLD", "NEW") if (share := kind.share(part, year))] == [old, new]


@pytest.mark.parametrize(("floor", "share"), [("95%", "95%"), ("{2018-19: 98%, 2019-20: 90%}", "98%")])
def test_income_is_protected_the_same_every_year_or_by_year(tmp_path: Path, floor: str, share: str) -> None:
    kind = reform(tmp_path, QOF, f"protect: {{floor: {floor}, year: 2017-18}}").after.item("PROTECTION").kind
    assert isinstance(kind, IncomeProtection)
    assert (kind.floor.text, str(kind.year)) == (share, "2017-18")


def test_an_item_is_protected_at_the_points_of_an_earlier_year(tmp_path: Path) -> None:
    text = """
change:
  items:
    - {item: DM002, measure: historic, pays: {protected: {points: 8, of: 2017-18}}}
"""
    assert isinstance(reform(tmp_path, QOF, text).after.item("DM002").kind, Protected)


def test_the_list_is_another(tmp_path: Path) -> None:
    text = """
change:
  weights: {list: {list: {column: weighted_list_size, at: 2018-07-01}}}
"""
    before, weights = load_scheme(QOF).weights, reform(tmp_path, QOF, text).after.weights
    assert weights.list
    assert before.list
    assert (weights.list.list.column, str(weights.list.list.at)) == ("weighted_list_size", "2018-07-01")
    assert weights.list.over == before.list.over


def test_a_reform_file_is_read_as_the_scheme_that_its_overlay_makes(tmp_path: Path) -> None:
    loaded = load_reform(HERE / "good_reform.yaml")
    kept = tmp_path / "overlay.yaml"
    kept.write_text(loaded.text(), encoding="utf-8")
    assert frozen_text(load_scheme(kept)) == frozen_text(load_scheme(HERE / "good_reform.yaml"))
    assert load_scheme(kept).scheme == "qof-england-2018-19-fewer-and-frailty"
    said = remit("check", kept, "--no-notes")
    assert said.status == 0, said.out


def test_the_reform_of_2019_20_breaks_the_quarter_in_both_readings() -> None:
    """28 of 77 indicators and 175 of 559 points were retired (gponline 1524369): 36% and 31%, above 25%."""
    found = limits(load_reform(LIBRARY / "qof-england-2019-20.yaml", load_scheme(QOF)))
    assert found["retired_indicators"].words == "28 of 77 indicators"
    assert found["retired_points"].words == "175 of 559 points"
    assert [round(float(found[name].share or 0) * 100) for name in ("retired_indicators", "retired_points")] == [36, 31]


@pytest.mark.parametrize(("most", "holds"), [("25%", False), ("35%", True)])
def test_a_limit_is_checked(tmp_path: Path, most: str, holds: bool) -> None:
    """175 of 559 points is 31.3%."""
    codes = [item.item for item in extent(load_reform(LIBRARY / "qof-england-2019-20.yaml", load_scheme(QOF))).retired]
    text = f"retire: [{', '.join(codes)}]\nlimits: {{retired_points: {most}}}"
    check = limits(reform(tmp_path, QOF, text))["retired_points"]
    assert (check.part, check.whole, check.holds) == (175, 559, holds)
    assert limits(reform(tmp_path, QOF, text))["retired_indicators"].holds is None  # it sets no such limit


def test_a_scheme_without_points_is_measured_in_pence_a_head(tmp_path: Path) -> None:
    """Item 4 of QIF pays at most 30p of £2.10, which is a seventh: 14.2857…%."""
    check = limits(reform(tmp_path, QIF, 'retire: ["4"]\nlimits: {retired_points: 15%}'))["retired_points"]
    assert (check.words, check.unit, check.share) == ("30 of 210 pence a head", "pence a head", Fraction(1, 7))
    assert check.holds


def test_the_check_says_how_far_a_reform_goes(tmp_path: Path) -> None:
    path = tmp_path / "reform.yaml"
    path.write_text(
        f"reform: mine\ntitle: Mine\nof: {QOF}\nretire: [SMOK002, HYP006]\n"
        "limits: {retired_points: 5%}\nfunding: within fixed system resources\n",
        encoding="utf-8",
    )
    said = remit("check", path, "--strict")
    assert said.status == 1
    assert "warning: Points retired: 45 of 559 points (8.1%); the limit is 5%." in said.out
    assert "note: Indicators retired: 2 of 77 indicators (2.6%)." in said.out
    assert "Funding (within fixed system resources): checked when the reform is simulated." in said.out


def test_the_check_knows_which_figures_of_behaviour_there_are(tmp_path: Path) -> None:
    path = tmp_path / "reform.yaml"
    path.write_text(
        f"reform: mine\ntitle: Mine\nof: {QOF}\nbehaviour: {{decline_after_retirement: lester-2011}}\n",
        encoding="utf-8",
    )
    said = remit("check", path)
    assert said.status == 1
    assert "4:39: there are no figures 'lester-2011'. Did you mean lester-2010?" in said.err


def test_a_what_if_takes_the_rules_of_a_reform(tmp_path: Path) -> None:
    example = LIBRARY.parents[3] / "examples" / "qif-2024-25"
    given = ("--practices", example / "practices.csv", "--counts", example / "counts.csv")
    assert remit("run", QIF, *given, "--out", tmp_path / "run").status == 0
    for of, status in ((QIF, 0), (QOF, 1)):
        path = tmp_path / f"{of}.yaml"
        path.write_text(f"reform: mine\ntitle: Mine\nof: {of}\nthresholds: {{all: +1pp}}\n", encoding="utf-8")
        said = remit("what-if", tmp_path / "run", "--overlay", path)
        assert said.status == status, said.err
    assert "is laid over 'qof-england-2018-19', and the run is of qif-2024-25" in said.err


def test_a_plain_overlay_is_a_reform_without_limits(tmp_path: Path) -> None:
    path = tmp_path / "overlay.yaml"
    path.write_text(
        f'scheme: fewer\nextends: {QOF}\nversion: "1"\ntitle: Fewer\ntotals: {{}}\nremoved: [AF001]\n', encoding="utf-8"
    )
    loaded = load_reform(path)
    assert (loaded.name, loaded.title, loaded.file.of) == ("fewer", "Fewer", QOF)
    assert loaded.after.points_available() == 554
    assert {check.holds for check in checked(loaded)} == {None}


def test_a_reform_is_laid_on_the_scheme_as_a_run_keeps_it(tmp_path: Path) -> None:
    kept = thaw(frozen_text(load_scheme(QOF)), "kept.yaml")
    path = tmp_path / "reform.yaml"
    path.write_text(f"reform: mine\ntitle: Mine\nof: {QOF}\nretire: [AF001]\n", encoding="utf-8")
    assert load_reform(path, kept).after.points_available() == 554


def test_a_part_with_steps_of_its_own_pays_at_most_what_they_pay(tmp_path: Path) -> None:
    """Item 4 pays 30p at most; its parts' own steps pay 20p and 10p, and nobody says so twice."""
    text = """
stratify:
  "4":
    by: frailty
    into:
      4-FIT: {of: [none recorded, fit, mild], pays: {steps: {steps: [above 65% pays 16p, above 78% pays 20p]}}}
      4-FRAIL: {of: [moderate, severe], pays: {steps: {steps: [above 50% pays 10p]}}}
    counts: supplied
"""
    after = reform(tmp_path, QIF, text).after
    assert [after.item(code).kind.most_earned() for code in ("4-FIT", "4-FRAIL")] == [
        Fraction(20, 100),
        Fraction(1, 10),
    ]
    stated = text.replace("above 78% pays 20p]", "above 78% pays 20p], most: 25p")
    with pytest.raises(Refused, match="the most is 25p, but the highest step pays 20p"):
        reform(tmp_path, QIF, stated)
    wrong = text.replace("above 50% pays 10p", "above 50% pays ten pence")
    with pytest.raises(Refused, match="ten pence"):
        reform(tmp_path, QIF, wrong)
