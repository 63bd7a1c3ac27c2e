"""`remit pca`: bands and pounds by hand; the four tests, quartiles and bunching as scipy, statsmodels and numpy have
them; small numbers, what is sensitive, and input that does not fit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import reduce
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import binomtest, fisher_exact, norm
from statsmodels.stats.multitest import multipletests
from tests.bad_files.command import assert_refused, remit
from tests.kinds.figures_in_formats import Value, assert_in_every_format

from remit.analysis.bunching import bunching, last_parts, late_and_dated
from remit.analysis.pca import PcaRule, PracticePca, Test, examine, put_back, quartiles
from remit.analysis.pca_result import PcaResult
from remit.application.pca import Request, evaluate
from remit.disclosure.policies import load_policy
from remit.disclosure.practice_pcas import HiddenPcas, hidden_parts, hidden_pcas
from remit.disclosure.suppression import Group, Line, suppress
from remit.documents.blocks import Para, Table
from remit.documents.pca import pca as document
from remit.documents.pca import short
from remit.documents.pca_words import reason
from remit.runs import open_run
from remit.scoring.guard import PcaCount

PRACTICES = "practice_code,practice_name,place_code,list_size,weighted_list_size\n" + "".join(
    f"A{n},{name},cannock-chase,10000,10000\n" for n, name in enumerate(("Ash", "Birch", "Cedar", "Elder"), 1)
)
SET = ("notified=2025-06-02", "balance_due=2025-07-01", "chol004_from=2024-12-05", "evidence_reviewed=2025-06-01")
ROWS = """A1,4,NUMERATOR,600,
A1,4,DENOMINATOR,800,
A1,4,PCAS,200,
A2,4,NUMERATOR,700,
A2,4,DENOMINATOR,900,
A2,4,PCAS,100,
A2,4,DENOMINATOR,950,2023-24
A2,4,PCAS,50,2023-24
A3,4,NUMERATOR,600,
A3,4,DENOMINATOR,888,
A3,4,PCAS,112,
A4,4,NUMERATOR,0,
A4,4,DENOMINATOR,0,
A4,4,PCAS,0,
A1,1b,NUMERATOR,20,
A1,1b,DENOMINATOR,63,
A1,1b,PCAS,37,
A2,1b,NUMERATOR,20,
A2,1b,DENOMINATOR,80,
A2,1b,PCAS,20,
"""


def make_run(folder: Path, rows: str, *words: str, practices: str = PRACTICES) -> Path:
    """A run of the scheme over counts of these rows."""
    folder.mkdir(exist_ok=True)
    (folder / "practices.csv").write_text(practices, encoding="utf-8")
    text = f"practice_code,indicator_code,measure,value,period\n{rows}"
    (folder / "counts.csv").write_text(text, encoding="utf-8")
    given = ("--practices", folder / "practices.csv", "--counts", folder / "counts.csv")
    settings = [word for one in SET for word in ("--set", one)]
    said = remit("run", "qif-2024-25", *given, *settings, *words, "--out", folder / "run")
    assert said.status == 0, said.err
    return folder / "run"


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """Four practices: one far above, one that rose, one a little above, and one with nobody to count."""
    return make_run(tmp_path / "now", ROWS)


def test_bands_of_the_guard_and_their_reasons_by_hand(run: Path) -> None:
    """200 of 1,000 are 20%, 100 are 10% after 5%, 112 are 11.2%: above ICB 10.9% and England 10.61%, not by much."""
    result = evaluate(Request(run))
    four = next(item for item in result.items if item.item == "4")
    assert {one.practice: one.band for one in four.found.practices} == {"A1": "review", "A2": "review", "A3": "watch"}
    words = {one.practice: reason(one, four.found.rule, hidden=False) for one in four.found.practices}
    assert words["A1"].startswith(
        "PCA rate 20% is significantly above ICB 10.9% and England 10.61% (exact binomial, 5%)."
    )
    assert words["A2"] == (
        "PCA rate 10% is not above ICB 10.9% and England 10.61%. It rose significantly from 5% the year before, by "
        "more than 2 points."
    )
    assert "PCA rate 11.2% is above ICB 10.9% and England 10.61%, by no more than chance explains." in words["A3"]
    assert "20%" not in reason(four.found.practices[0], four.found.rule, hidden=True)


def test_the_band_is_that_of_the_statement(run: Path) -> None:
    """Without a test that is named, the guard of the scheme decides here as it does in the run."""
    four = next(item for item in evaluate(Request(run)).items if item.item == "4")
    opened = open_run(run)
    for one in four.found.practices:
        [award] = [award for award in opened.practice(one.practice).awards if award.item.item == "4"]
        assert award.review == one.band


def test_what_would_be_lost_by_hand(run: Path) -> None:
    """10.9% of 1,000 are 109: 91 go back. 600 of 800 are 75%: 25p. 600 of 891 are 67.3%: 22p. 3p x 10,000.

    112 are 3 too many; 600 of 888 are 67.6%, 600 of 891 67.3%: 22p both.
    """
    four = next(item for item in evaluate(Request(run)).items if item.item == "4")
    assert {code: (one.patients, one.pence) for code, one in four.if_counted.items()} == {
        "A1": (91, -30_000),
        "A3": (3, 0),
    }
    assert four.lost == -30_000
    assert put_back(PcaCount(109, 891), Fraction(109, 1000)) == 0
    assert put_back(PcaCount(110, 890), Fraction(109, 1000)) == 1


def test_nothing_in_the_run_changes(run: Path) -> None:
    before = {path: path.read_bytes() for path in sorted(run.rglob("*")) if path.is_file()}
    evaluate(Request(run))
    assert {path: path.read_bytes() for path in sorted(run.rglob("*")) if path.is_file()} == before


def test_every_format_has_the_same_figures(run: Path, tmp_path: Path) -> None:
    """412 PCAs of 3,000; A2 and its year before: 50 of 1,000."""
    made = document(evaluate(Request(run)))
    expected: dict[str, Value] = {
        "all/rate": Fraction(412, 3000), "all/review": 2, "all/if counted": -30_000, "item/1/review": 2,
        "item/1/watch": 1, "item/1/rate": Fraction(412, 3000), "item/1/year before": Fraction(1, 20),
        "item/1/of the same": Fraction(1, 10), "A1/1/pcas": 200, "A1/1/people": 1000, "A1/1/if counted": -30_000,
        "A2/1/before": Fraction(1, 20), "type/intermediate outcome/median": Fraction(112, 1000),
    }  # fmt: skip
    assert_in_every_format(made, expected)
    files = {ending: tmp_path / f"p.{ending}" for ending in ("html", "pdf", "xlsx", "csv")}
    words = [word for ending, path in files.items() for word in (f"--{ending}", str(path))]
    assert remit("pca", run, *words).status == 0
    assert all(path.stat().st_size for path in files.values())


def test_the_terminal_has_the_answer_first(run: Path) -> None:
    said = remit("pca", run)
    assert said.status == 0, said.err
    text = " ".join(said.out.split())
    assert "2 of 3 practices with PCAs counted are for review on item 4; 1 more is to watch." in text
    assert "No payment changes" in text


def test_of_what_is_sensitive_pounds_alone_are_shown(run: Path) -> None:
    """1b counts deaths: 37 of 100 and 20 of 100, 28.5% in all."""
    result = evaluate(Request(run))
    assert next(item for item in result.items if item.item == "1b").about
    for made in (document(result), short(result)):
        assert not {"37", "28.5%", "37%"} & set(str(made).replace("'", " ").split())


def test_of_an_item_with_two_definitions_the_one_in_force_is_looked_at(tmp_path: Path) -> None:
    """Item 5 is CHOL004 on 31 March 2025. Counts that do not say which are the item's."""
    rows = "".join(
        f"{code},{subject},{measure},{value},\n"
        for code, subject, pcas in (("A1", "CHOL002", 70), ("A1", "CHOL004", 20), ("A2", "5", 30))
        for measure, value in (("NUMERATOR", 50), ("DENOMINATOR", 100), ("PCAS", pcas))
    )
    [five] = evaluate(Request(make_run(tmp_path / "two", rows))).items
    assert {one.practice: one.count.pcas for one in five.found.practices} == {"A1": 20, "A2": 30}


def test_a_funnel_of_a_few_items_says_the_same_in_words() -> None:
    """Of many practices the limits are drawn around the highest reference."""
    found = examine(RULE, _many())
    assert found.drawn is not None
    assert found.drawn.target == Fraction(109, 1000)
    low, high = found.drawn.over
    assert all(a <= b < 0.109 for a, b in pairwise(low))
    assert all(a >= b > 0.109 for a, b in pairwise(high))


# The tests beside those of scipy and statsmodels.


def _many() -> dict[str, PcaCount]:
    """Thirty practices of all sizes, some far out, each with a year before."""
    draw = np.random.default_rng(4)
    people, spread = draw.integers(20, 2000, 30), draw.choice([0.06, 0.1, 0.11, 0.13, 0.18], 30)
    return {
        f"P{n}": PcaCount(int(pcas), int(size - pcas), (int(size * 0.1) + 1, int(size * 0.9)))
        for n, (pcas, size) in enumerate(zip(draw.binomial(people, spread), people, strict=True))
    }


RULE = PcaRule({"ICB": Fraction(109, 1000), "England": Fraction(1061, 10000)}, both_ways=True)


@pytest.mark.parametrize(("side", "alternative"), [("above", "greater"), ("below", "less")])
def test_the_binomial_is_scipys_with_statsmodels_correction(side: str, alternative: str) -> None:
    counts = _many()
    sure = np.ones(len(counts), bool)
    for reference in (0.109, 0.1061):
        p = [binomtest(c.pcas, c.people, reference, alternative=alternative).pvalue for c in counts.values()]
        sure &= multipletests(p, alpha=0.05, method="fdr_bh")[0]
    found = examine(RULE, counts).practices
    assert [one.binomial == side for one in found] == list(sure)
    assert 0 < sure.sum() < 30


def test_the_chance_is_scipys() -> None:
    for one in examine(RULE, _many()).practices:
        assert one.chance == pytest.approx(
            binomtest(one.count.pcas, one.count.people, 0.109, alternative="greater").pvalue, rel=1e-9
        )


def test_a_rise_is_scipys_fisher_and_more_than_two_points() -> None:
    some = False
    for one in examine(RULE, _many()).practices:
        count, (pcas, left) = one.count, one.count.previous or (0, 0)
        p = fisher_exact([[count.pcas, count.denominator], [pcas, left]], alternative="greater").pvalue
        large = count.pcas / count.people - pcas / (pcas + left) > 0.02
        assert one.rise is bool(p < 0.05 and large)
        some |= one.rise
    assert some


def test_the_funnel_is_spiegelhalters_by_his_formulas() -> None:
    """z winsorised at 10%, phi their mean square, tau2 by moments, limits of 99.8% on z with tau2, one by one."""
    counts = _many()
    beyond = []
    for t in (0.109, 0.1061):
        se = [(t * (1 - t) / c.people) ** 0.5 for c in counts.values()]
        z = [(c.pcas / c.people - t) / s for c, s in zip(counts.values(), se, strict=True)]
        low, high = np.percentile(z, 10), np.percentile(z, 90)
        phi = sum(min(max(one, low), high) ** 2 for one in z) / 30
        w = [s**-2 for s in se]
        tau2 = max(0.0, (30 * phi - 29) / (sum(w) - sum(one**2 for one in w) / sum(w)))
        beyond.append([a * s / (s**2 + tau2) ** 0.5 for a, s in zip(z, se, strict=True)])
    limit = norm.ppf(0.999)
    expected = [
        "above" if min(z) > limit else "below" if max(z) < -limit else "within" for z in zip(*beyond, strict=True)
    ]
    assert [one.funnel for one in examine(RULE, counts).practices] == expected


def test_quartiles_are_numpys() -> None:
    rates = [count.rate for count in _many().values()]
    found = quartiles(rates)
    assert found is not None
    expected = np.quantile([float(rate) for rate in rates], [0.25, 0.5, 0.75])
    assert [float(found.low), float(found.median), float(found.high)] == pytest.approx(list(expected))


@pytest.mark.parametrize(
    ("chosen", "bands"),
    [
        (("point",), {"A": "review", "B": "review", "C": "watch"}),
        (("binomial",), {"A": "review", "B": "watch", "C": "watch"}),
        (("rise",), {"A": "watch", "B": "watch", "C": "review"}),
        (("point", "rise"), {"A": "review", "B": "review", "C": "review"}),
    ],
)
def test_the_tests_that_are_chosen_decide(chosen: tuple[Test, ...], bands: dict[str, str]) -> None:
    """A: 20% of 1,000. B: 11.2%. C: 10% after 5%, which another test finds where it does not decide."""
    counts = {"A": PcaCount(200, 800), "B": PcaCount(112, 888), "C": PcaCount(100, 900, (50, 950))}
    found = examine(PcaRule(RULE.references, chosen), counts)
    assert {one.practice: one.band for one in found.practices} == bands


# Input that does not fit, or that is at an end.


def _one(found: tuple[PracticePca, ...]) -> PracticePca:
    [one] = found
    return one


def test_one_practice_has_no_funnel_and_no_others() -> None:
    found = examine(RULE, {"A": PcaCount(200, 800)})
    assert (_one(found.practices).funnel, _one(found.practices).binomial) == (None, "above")
    assert found.no_funnel
    assert found.quartiles is None
    alone = examine(PcaRule({}), {"A": PcaCount(200, 800)})
    assert _one(alone.practices).binomial is None
    assert "nothing to be compared with" in reason(_one(alone.practices), alone.rule, hidden=False)


def test_where_all_rates_are_equal_nobody_is_out() -> None:
    counts = {f"P{n}": PcaCount(10, 90) for n in range(5)}
    found = examine(PcaRule({"all": Fraction(1, 10)}), counts)
    assert {(one.band, one.funnel) for one in found.practices} == {("in line", "within")}
    none = examine(PcaRule({"all": Fraction(0)}), {f"P{n}": PcaCount(0, 90) for n in range(5)})
    assert {(one.band, one.funnel) for one in none.practices} == {("in line", None)}


def test_a_run_without_pcas_is_refused(tmp_path: Path) -> None:
    run = make_run(tmp_path / "none", "A1,4,NUMERATOR,600,\nA1,4,DENOMINATOR,800,\n")
    assert_refused(remit("pca", run), "no item of this run has PCAs counted", "analysis.no-pcas")


def test_all_that_is_typed_wrong_is_said_at_once(run: Path) -> None:
    said = remit("pca", run, "--test", "binomal", "--reference", "England", "--reference", "ICB=101%")
    assert_refused(said, "--test binomal", "binomial", "--reference England", "ICB=101%")


def test_one_practice_of_a_run_is_shown(tmp_path: Path) -> None:
    practices = (
        "practice_code,practice_name,place_code,list_size,weighted_list_size\nA1,Ash,cannock-chase,10000,10000\n"
    )
    rows = "A1,3,NUMERATOR,600,\nA1,3,DENOMINATOR,800,\nA1,3,PCAS,200,\n"
    said = remit("pca", make_run(tmp_path / "one", rows, practices=practices))
    assert said.status == 0, said.err
    assert "nothing to be compared with" in " ".join(said.out.split())


# When in the year.


def test_the_last_month_and_quarter_of_a_year_by_hand() -> None:
    month, quarter = last_parts(date(2024, 4, 1), date(2025, 3, 31))
    assert (month.first, month.even) == (date(2025, 3, 1), Fraction(31, 365))
    assert (quarter.first, quarter.even) == (date(2025, 1, 1), Fraction(90, 365))
    assert last_parts(date(2024, 4, 1), date(2024, 5, 31))[1].even == 1


def test_bunching_is_scipys_binomial_with_statsmodels_correction() -> None:
    rows = [("A", "2024-06", 80), ("A", "2025-03", 20), ("B", "2024-06", 92), ("B", "2025-03", 8), ("C", "2023-03", 5)]
    rows += [("B", "no date", 7)]
    month, _ = last_parts(date(2024, 4, 1), date(2025, 3, 31))
    counts = late_and_dated(rows, month)
    assert counts == {"A": (20, 100), "B": (8, 100)}
    found = bunching(counts, month.even, Fraction(5, 100))
    p = [binomtest(late, 100, 31 / 365, alternative="greater").pvalue for late in (20, 8)]
    assert [one.chance for one in found.values()] == pytest.approx(p)
    assert [one.bunched for one in found.values()] == list(multipletests(p, method="fdr_bh")[0]) == [True, False]


def test_an_earlier_day_of_the_year_says_what_was_recorded_since(run: Path, tmp_path: Path) -> None:
    """A1 had 80 of its 200 by the end of December, A3 90 of 112: 120 and 22 of 312 since, 90 days of 365."""
    rows = "".join(
        f"{code},4,{measure},{value},2024-12-31\n"
        for code, pcas in (("A1", 80), ("A3", 90))
        for measure, value in (("NUMERATOR", 500), ("DENOMINATOR", 900), ("PCAS", pcas))
    )
    december = make_run(tmp_path / "december", rows, "--period", "2024-12-31")
    [part] = evaluate(Request(run, earlier=(december,))).dates.parts
    assert part.part.even == Fraction(90, 365)
    assert {code: (one.late, one.dated) for code, one in part.practices.items()} == {"A1": (120, 200), "A3": (22, 112)}
    assert [one.bunched for one in part.practices.values()] == [True, False]
    [december_page] = [str(document(evaluate(Request(december))))]
    assert "On the counts of 31 December 2024, as though the year had ended so." in december_page
    assert "as though the year had ended so" not in str(document(evaluate(Request(run))))


def test_a_run_of_neither_the_year_before_nor_an_earlier_day_is_refused(run: Path, tmp_path: Path) -> None:
    """The run itself, and another of the whole of the same year, say nothing of days and nothing of the year before."""
    again = make_run(tmp_path / "again", ROWS)
    refused = remit("pca", run, "--with", run, "--with", again)
    assert_refused(refused, f"{run} is neither", f"{again} is neither", "the year before", "earlier position")


def test_a_rate_that_is_not_shown_has_no_place_among_those_that_are(run: Path) -> None:
    """By the point rule A1 (20%) and A3 (11.2%) are for review. Were A1's rate hidden, its place would tell that it is
    the higher one."""
    result = evaluate(Request(run, tests=("point",)))
    hidden = replace(result, items=tuple(replace(one, hidden=HiddenPcas(frozenset({"A1"}))) for one in result.items))

    def order(of: PcaResult) -> list[str]:
        [table] = [one for one in document(of).blocks if isinstance(one, Table) and one.caption.startswith("Bands")]
        return [str(row.cells[0])[-3:-1] for row in table.rows if "review" in str(row.cells[2])]

    assert (order(result), order(hidden)) == (["A1", "A3"], ["A3", "A1"])


def test_without_days_it_is_not_known(run: Path) -> None:
    text = str(document(evaluate(Request(run))))
    assert "Not known: counts have no dates." in text
    assert "Not known: counts have no reasons." in text


# Small numbers.


def test_small_numbers_and_those_that_would_tell_them_are_hidden() -> None:
    """3 is small; with the whole of 66 shown, another has to go with it. Nobody of a hundred is no small number."""
    counts = {"A": (3, 100), "B": (20, 100), "C": (43, 100), "D": (0, 100)}
    hidden = hidden_pcas(counts, load_policy("default"))
    assert "A" in hidden.practices
    assert len(hidden.practices) >= 2
    assert "D" not in hidden.practices
    assert not hidden_pcas(counts, load_policy("exact")).practices


def test_either_part_of_a_year_hides_the_other() -> None:
    """3 of 50 in March; 47 of 50, which leaves 3."""
    counts = {"A": (3, 50), "B": (47, 50), "C": (20, 60), "D": (25, 70)}
    assert {"A", "B"} <= hidden_parts(counts, load_policy("default")).practices


def test_a_hidden_rate_stands_nowhere(tmp_path: Path) -> None:
    """3 of 103 are 2.9%; every practice of the item has a reason without a number."""
    pcas = {"A1": 3, "A2": 20, "A3": 43, "A4": 51}
    rows = "".join(
        f"{code},3,NUMERATOR,60,\n{code},3,DENOMINATOR,100,\n{code},3,PCAS,{many},\n" for code, many in pcas.items()
    )
    text = str(document(evaluate(Request(make_run(tmp_path / "few", rows)))))
    assert "2.9%" not in text
    assert "of small numbers, not shown" in text


def test_the_quick_way_hides_as_the_policy_does() -> None:
    """Where small numbers protect each other, no more is hidden than each for itself: as `suppress` has it."""
    policy = load_policy("default")
    draw = np.random.default_rng(5)
    for many in (4, 6, 12, 40):
        for _ in range(15):
            counts = {f"P{n}": (int(pcas), 100) for n, pcas in enumerate(draw.integers(0, 30, many))}
            groups = {
                code: Group(size, 0, pcas, frozenset({"denominator", "pcas"})) for code, (pcas, size) in counts.items()
            }
            whole = reduce(Group.__add__, groups.values())
            expected = suppress(whole, {"practice": Line(groups, insiders=True)}, policy)
            assert hidden_pcas(counts, policy).practices == {
                code for code in groups if expected.measures_of("practice", code)
            }


def test_who_merged_into_another_within_the_year_is_not_listed(tmp_path: Path) -> None:
    """Cedar's 112 of 1,000 are to watch; once it has merged into Elder in October, its patients are Elder's."""
    merged = PRACTICES.replace("list_size", "left,successor_code,list_size", 1).replace(
        ",10000,10000", ",,,10000,10000"
    )
    merged = merged.replace("A3,Cedar,cannock-chase,,", "A3,Cedar,cannock-chase,2024-09-30,A4")
    before = evaluate(Request(make_run(tmp_path / "before", ROWS)))
    after = evaluate(Request(make_run(tmp_path / "after", ROWS, "--set", "mergers=successor", practices=merged)))
    bands = [
        {one.practice: one.band for item in result.items if item.item == "4" for one in item.found.practices}
        for result in (before, after)
    ]
    assert bands == [{"A1": "review", "A2": "review", "A3": "watch"}, {"A1": "review", "A2": "review"}]
    assert all("A3" not in item.if_counted for item in after.items)


def test_funnels_of_fewer_than_ten_practices_say_so(run: Path) -> None:
    said = [block.text for block in document(evaluate(Request(run))).blocks if isinstance(block, Para)]
    assert said.count("How practices differ is judged from 3 of them: take the funnels' solid limits as rough.") == 1
