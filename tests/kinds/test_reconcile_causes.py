"""The kind: a cause of a difference is named only where it is proved, whatever else is looked at; else it is possible.

The bounds are held against every way to spread a unit's patients over its practices, counted out one by one.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

import remit
from remit.reconciliation.pooled import PooledUnit, pooled_cause, unit_of
from remit.reconciliation.rows import BEYOND, ReconciledRow
from remit.scheme.kinds import Linear
from remit.scoring.achievement import Achievement

LINE = Linear.model_validate({"points": "12", "lower": "40%", "upper": "70%"})
FALLS = Linear.model_validate({"points": "12", "better": "lower", "lower": "60%", "upper": "30%"})
NEAR = Fraction(5, 1000)


def splits(whole: int, parts: int, least: int) -> Iterator[tuple[int, ...]]:
    """Every way to share a number out, in falling order, each part with no less than `least`."""
    for chosen in itertools.combinations_with_replacement(range(least, whole + 1), parts):
        if sum(chosen) == whole:
            yield chosen


def spread(kind: Linear, sizes: tuple[int, ...], numerator: int) -> Iterator[Fraction]:
    """The mean points of every way to share the numerator out over practices of these sizes."""
    for achieved in itertools.product(*(range(size + 1) for size in sizes)):
        if sum(achieved) == numerator:
            earned = [kind.earned(Fraction(n, d)) for n, d in zip(achieved, sizes, strict=True)]
            yield sum(earned, Fraction(0)) / len(sizes)


def unit(kind: Linear, practices: int, numerator: int, denominator: int) -> PooledUnit:
    done = Achievement(numerator=numerator, denominator=denominator)
    found = unit_of(kind, done, practices)
    assert found
    return found


@pytest.mark.parametrize("kind", [LINE, FALLS], ids=["higher is better", "lower is better"])
@pytest.mark.parametrize("numerator", range(10))
def test_the_bounds_of_any_size_hold_every_spread(kind: Linear, numerator: int) -> None:
    """Three practices with nine patients between them."""
    seen = [mean for sizes in splits(9, 3, 1) for mean in spread(kind, sizes, numerator)]
    low, high = unit(kind, 3, numerator, 9).of_any_size()
    assert low <= min(seen)
    assert max(seen) <= high


@pytest.mark.parametrize("numerator", range(10))
def test_where_all_are_achieved_but_few_most_practices_have_full_points(numerator: int) -> None:
    """No practice is said to have counted nobody where a spread of nine patients over three gives the figure."""
    for mean in {mean for sizes in splits(9, 3, 1) for mean in spread(LINE, sizes, numerator)}:
        done = Achievement(numerator=numerator, denominator=9, rate=Fraction(numerator, 9))
        found = pooled_cause(replace(row("0"), theirs=mean), LINE, done, 3)
        assert found.name in ("non-linear points on pooled counts", "possible causes"), (mean, found)


@pytest.mark.parametrize("kind", [LINE, FALLS], ids=["higher is better", "lower is better"])
@pytest.mark.parametrize("numerator", range(0, 31, 3))
def test_the_bounds_of_one_size_hold_every_spread_and_are_reached(kind: Linear, numerator: int) -> None:
    """Three practices of ten patients; whole patients come within a point of what shares of patients could reach."""
    seen = list(spread(kind, (10, 10, 10), numerator))
    low, high = unit(kind, 3, numerator, 30).of_one_size()
    assert low <= min(seen) <= low + 1
    assert high - 1 <= max(seen) <= high


def row(points: str) -> ReconciledRow:
    return ReconciledRow("U", "AF007", "points", Fraction(points), Fraction(8), NEAR, BEYOND)


CLASSES = [
    # (points a practice, practices, numerator, denominator, class, words), each as the issue has it
    ("9.9", 10, 600, 1000, "possible causes", "more than the 9.60 that 10 practices of one size earn"),
    ("9.9", 1000, 60000, 100000, "non-linear points on pooled counts", "1000 practices of one size"),
    ("8.5", 10, 600, 1000, "non-linear points on pooled counts", "4.40 to 9.60"),
    ("10.8", 10, 600, 600, "nobody to count in some practices", "no patient was not achieved, so that 1 or more of 10"),
    ("1.5", 10, 600, 1000, "possible causes", "less than the 4.40"),  # most spreads of unequal sizes give it
    ("0.7", 10, 600, 1000, "possible causes", "earn at 60%: practices with nobody to count or other thresholds would"),
    ("12", 10, 600, 1000, "thresholds do not fit", "all 10 practices had full points at a pooled 60%, below 70%"),
    ("0", 10, 600, 1000, "thresholds do not fit", "none of 10 practices had a point at a pooled 60%, above 40%"),
    ("11.7", 10, 600, 1000, "thresholds do not fit", "more than the 11.60 that practices of any size earn"),
]  # fmt: skip


@pytest.mark.parametrize(("points", "n", "achieved", "of", "cause", "words"), CLASSES)
def test_a_class_is_named_only_where_its_test_proves_it(
    points: str, n: int, achieved: int, of: int, cause: str, words: str
) -> None:
    done = Achievement(numerator=achieved, denominator=of, rate=Fraction(achieved, of))
    found = pooled_cause(row(points), LINE, done, n)
    assert (found.name, words in found.text) == (cause, True), found


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> remit.Run:
    folder = tmp_path_factory.mktemp("run")
    codes = [f"A8100{n}" for n in range(1, 7)]
    (folder / "practices.csv").write_text(
        "practice_code,practice_name,list_size\n"
        + "".join(f"{code},P,{8000 + 100 * n}\n" for n, code in enumerate(codes))
    )
    counts = ["practice_code,indicator_code,measure,value"]
    for n, code in enumerate(codes):
        for item, achieved in (("AF007", 50 + n), ("BP002", 60 + 3 * n)):
            counts += [f"{code},{item},NUMERATOR,{achieved}", f"{code},{item},DENOMINATOR,100", f"{code},{item},PCAS,7"]
    (folder / "counts.csv").write_text("\n".join(counts) + "\n")
    return remit.run("qof-england-2018-19", folder / "practices.csv", folder / "counts.csv")


def theirs(folder: Path, lines: list[str]) -> Path:
    path = folder / "theirs.csv"
    path.write_text("PRACTICE_CODE,INDICATOR_CODE,MEASURE,VALUE\n" + "\n".join(lines) + "\n")
    return path


def many_differences(folder: Path) -> Path:
    """Points on a line from 45% in place of 40%, counts a little off, a rate rounded: each cause has its practices."""
    lines = []
    for n in range(6):
        code, rate = f"A8100{n + 1}", 50 + n
        lines.append(f"{code},AF007,POINTS,{float(Fraction(rate - 45, 25) * 12):.2f}")
        lines.append(f"{code},BP002,NUMERATOR,{(60 + 3 * n) // 5 * 5}")
        lines.append(f"{code},BP002,DENOMINATOR,100")
    return theirs(folder, lines)


@pytest.mark.parametrize("code", [f"A8100{n}" for n in range(1, 7)])
def test_no_cause_changes_with_practice(code: str, run: remit.Run, tmp_path: Path) -> None:
    file = many_differences(tmp_path)
    whole, one = remit.reconcile(run, file), remit.reconcile(run, file, practices=[code])
    assert list(one.rows) == [found for found in whole.rows if found.practice == code]
    assert [note.code for note in one.notes] == [note.code for note in whole.notes]


@pytest.mark.parametrize("item", ["AF007", "BP002"])
def test_no_cause_changes_with_indicator(item: str, run: remit.Run, tmp_path: Path) -> None:
    file = many_differences(tmp_path)
    whole, one = remit.reconcile(run, file), remit.reconcile(run, file, indicators=[item])
    assert list(one.rows) == [found for found in whole.rows if found.indicator == item]


def test_one_practice_that_some_threshold_fits_proves_no_threshold(run: remit.Run, tmp_path: Path) -> None:
    """50 of 100 earn 2.40 points on a line from 45%, which is one of several things that would give them."""
    found = remit.reconcile(run, theirs(tmp_path, ["A81001,AF007,POINTS,2.40"]))
    (differs,) = [
        one for one in found.rows if one.status == BEYOND and one.quantity == "points" and one.theirs is not None
    ]
    assert differs.cause == "possible causes"


def test_another_list_proves_no_other_day(run: remit.Run, tmp_path: Path) -> None:
    found = remit.reconcile(run, theirs(tmp_path, ["A81001,*,LIST_SIZE,8010"]))
    (differs,) = [one for one in found.rows if one.status == BEYOND and one.theirs is not None]
    assert (differs.cause, differs.causes[0].text) == (
        "possible causes", "their list is of 8010, ours of 8000: of another day, or of other people",
    )  # fmt: skip


def test_the_list_that_gives_one_figure_proves_no_list(run: remit.Run, tmp_path: Path) -> None:
    """7,813 in place of 8,000 gives the pounds of one item, as some list does for any one figure."""
    pounds = Fraction(60 - 50, 40) * 15 * Fraction("179.26") * 7813 / 8096
    found = remit.reconcile(run, theirs(tmp_path, [f"A81001,BP002,POUNDS,{float(pounds):.2f}"]))
    (differs,) = [one for one in found.rows if one.status == BEYOND and one.theirs is not None]
    assert differs.cause == "possible causes"


SCALES = [
    ("ACHIEVEMENT", [f"0.{50 + n}" for n in range(6)], "ours divided by 100: fractions in place of per cent"),
    ("POINTS", [str(Fraction(10 + n, 30) * 1200) if (10 + n) % 3 == 0 else f"{float(Fraction(10 + n, 30) * 1200):.6f}"
                for n in range(6)], "ours times 100"),
]  # fmt: skip


@pytest.mark.parametrize(("measure", "values", "words"), SCALES, ids=[measure for measure, _, _ in SCALES])
def test_another_scale_is_named_once_for_all(
    measure: str, values: list[str], words: str, run: remit.Run, tmp_path: Path
) -> None:
    found = remit.reconcile(run, theirs(tmp_path, [f"A8100{n + 1},AF007,{measure},{v}" for n, v in enumerate(values)]))
    differ = [one for one in found.rows if one.status == BEYOND and one.theirs is not None]
    assert len(differ) == 6
    assert {one.cause for one in differ} == {"another scale"}
    assert all(words in one.causes[0].text for one in differ)


def test_one_figure_that_differs_too_is_shown_on_our_scale(run: remit.Run, tmp_path: Path) -> None:
    values = ["0.50", "0.51", "0.52", "0.53", "0.54", "0.75"]
    found = remit.reconcile(
        run, theirs(tmp_path, [f"A8100{n + 1},AF007,ACHIEVEMENT,{v}" for n, v in enumerate(values)])
    )
    odd = next(one for one in found.rows if one.practice == "A81006" and one.quantity == "achievement")
    assert odd.cause == "another scale"
    assert "On our scale this figure would be 75.0, which differs too" in odd.causes[0].text


def test_figures_that_happen_to_be_small_are_no_other_scale(run: remit.Run, tmp_path: Path) -> None:
    """1 in place of 50 is 1/50 and no hundredth."""
    found = remit.reconcile(run, theirs(tmp_path, ["A81001,AF007,ACHIEVEMENT,1"]))
    assert all(one.cause != "another scale" for one in found.rows)


@pytest.mark.parametrize("mark", ["[REDACTED]", "redacted", "*", "<5", "[c]", "z"])
def test_a_mark_of_suppression_is_known(mark: str, run: remit.Run, tmp_path: Path) -> None:
    found = remit.reconcile(run, theirs(tmp_path, [f"A81001,AF007,NUMERATOR,{mark}"]))
    assert next(one for one in found.rows if one.mark == mark).cause == "suppression"


def test_a_mark_that_is_not_known_is_refused_with_the_way_to_name_it(run: remit.Run, tmp_path: Path) -> None:
    with pytest.raises(remit.core.problems.Refused, match="a column map says so under 'suppressed'"):
        remit.reconcile(run, theirs(tmp_path, ["A81001,AF007,NUMERATOR,withheld"]))
