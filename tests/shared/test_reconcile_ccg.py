"""`remit reconcile` over the published results of every CCG: a run of the pooled counts beside the published points.

A class may only be named where arithmetic on the file itself says so; the tests do that arithmetic again.
"""

from __future__ import annotations

import csv
from collections import Counter
from fractions import Fraction
from pathlib import Path

import pytest
import yaml

import remit
from remit.core.problems import Refused
from remit.reconciliation.rows import BEYOND, ReconciledRow, Reconciliation

YEARS = ("2018-19", "2019-20")
Published = dict[tuple[str, str], dict[str, str]]


def published(shared: Path, year: str) -> Published:
    with (shared / f"data/qof_published/qof_ccg_achievement_{year}.csv").open(encoding="utf-8", newline="") as file:
        return {(row["ccg_code"], row["indicator_code"]): row for row in csv.DictReader(file)}


def pooled_run(shared: Path, year: str, folder: Path, scheme: str | Path = "") -> remit.Run:
    """The CCGs' counts as if each were one practice; its registers are those of the published prevalence."""
    rows = published(shared, year)
    with (shared / f"data/qof_published/qof_ccg_prevalence_{year}.csv").open(encoding="utf-8", newline="") as file:
        registers = list(csv.DictReader(file))
    lists = {row["ccg_code"]: row["list_size"] for row in registers if row["group_code"] == "AF"}
    practices = [f"{code},,{lists[code]}" for code in dict.fromkeys(code for code, _ in rows)]
    counts = []
    for (code, item), row in rows.items():
        if row["numerator"]:
            for measure, column in (("NUM", "numerator"), ("DEN", "denominator"), ("PCAS", "exceptions_or_pcas")):
                counts.append(f"{code},{item},{measure},{row[column]}")
        elif item.startswith(("CS", "SMOK", "PC002", "QI")):
            counts.append(f"{code},{item},DECLARED,1")
    counts += [f"{r['ccg_code']},{r['group_code']},REGISTER,{r['register']}" for r in registers if r["register"]]
    for name, header, lines in (
        ("practices", "practice_code,practice_name,list_size", practices),
        ("counts", "practice_code,indicator_code,measure,value", counts),
    ):
        (folder / f"{name}.csv").write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    files = (folder / "practices.csv", folder / "counts.csv")
    return remit.run(scheme or f"qof-england-{year}", *files, ignore_unknown=True)


@pytest.fixture(scope="module")
def reconciled(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Reconciliation]:
    found = {}
    for year in YEARS:
        run = pooled_run(shared, year, tmp_path_factory.mktemp(year))
        found[year] = remit.reconcile(run, shared / f"data/qof_published/qof_ccg_achievement_{year}.csv")
    return found


def points(found: Reconciliation, cause: str = "") -> list[ReconciledRow]:
    return [row for row in found.rows if row.quantity == "points" and cause in ("", row.cause)]


@pytest.mark.parametrize("year", YEARS)
def test_every_row_is_within_tolerance_or_in_a_class(
    reconciled: dict[str, Reconciliation], shared: Path, year: str
) -> None:
    found, rows = reconciled[year], published(shared, year)
    assert len(points(found)) == len(rows)
    assert sum(found.classes.values()) + found.count("within") == len(found.rows)
    assert "unexplained" not in found.classes
    assert found.share_within is not None
    for quantity in ("numerator", "denominator", "pcas"):
        assert found.count("within", quantity) == sum(row["numerator"] != "" for row in rows.values())


@pytest.mark.parametrize(
    ("year", "classes"),
    [
        (
            "2018-19",
            {
                "missing data": 191,
                "printed header error": 191,
                "yes and no pooled": 550,
                "non-linear points on pooled counts": 7619,
                "nobody to count in some practices": 196,
                "possible causes": 516,
            },
        ),
        (
            "2019-20",
            {
                "yes and no pooled": 222,
                "non-linear points on pooled counts": 5279,
                "nobody to count in some practices": 52,
                "possible causes": 188,
            },
        ),
    ],
)
def test_the_classes_are_as_the_docs_count_them(
    reconciled: dict[str, Reconciliation], year: str, classes: dict[str, int]
) -> None:
    assert reconciled[year].classes == classes


@pytest.mark.parametrize("year", YEARS)
def test_the_points_that_agree_are_those_that_the_pooled_rate_gives(
    reconciled: dict[str, Reconciliation], shared: Path, year: str
) -> None:
    """Reckoned again from the thresholds of the reference tables, to half a hundredth of a point for each practice."""
    with (shared / f"reference/data/indicators_{year}.csv").open(encoding="utf-8", newline="") as file:
        table = {row["indicator_id"]: row for row in csv.DictReader(file)}
    rows, agree = published(shared, year), 0
    for (_, item), row in rows.items():
        line, most = table[item], Fraction(row["max_points"])
        n, total = int(row["n_practices"]), Fraction(row["achievement_score_total"])
        if row["numerator"]:
            lower, upper = Fraction(line["lower_threshold"]), Fraction(line["upper_threshold"])
            rate = Fraction(100 * int(row["numerator"]), int(row["denominator"]))
            earned = most * min(Fraction(1), max(Fraction(0), (rate - lower) / (upper - lower)))
        else:
            earned = most
        agree += abs(total - n * earned) <= Fraction(n, 200)
    missing = sum(row.cause == "missing data" for row in points(reconciled[year]))
    known = sum(row.status == "within" for row in points(reconciled[year]))
    assert known <= agree <= known + missing


def test_the_header_of_can003_is_the_one_header_that_errs(reconciled: dict[str, Reconciliation], shared: Path) -> None:
    wrong = {
        (code, item) for (code, item), row in published(shared, "2018-19").items()
        if row["max_points_header"] != row["max_points"]
    }  # fmt: skip
    errors = {(r.practice, r.indicator) for r in reconciled["2018-19"].rows if r.cause == "printed header error"}
    assert errors == wrong
    assert {item for _, item in errors} == {"CAN003"}
    assert "printed header error" not in reconciled["2019-20"].classes


@pytest.mark.parametrize("year", YEARS)
def test_yes_and_no_pooled_is_a_whole_number_of_practices(
    reconciled: dict[str, Reconciliation], shared: Path, year: str
) -> None:
    rows = published(shared, year)
    for row in points(reconciled[year], "yes and no pooled"):
        cells = rows[row.practice, row.indicator]
        share = Fraction(cells["achievement_score_total"]) / Fraction(cells["max_points"])
        assert share.denominator == 1
        assert share < int(cells["n_practices"])


def lines(shared: Path, year: str) -> dict[str, tuple[Fraction, Fraction]]:
    """The thresholds of the reference tables, in per cent."""
    with (shared / f"reference/data/indicators_{year}.csv").open(encoding="utf-8", newline="") as file:
        return {
            row["indicator_id"]: (Fraction(row["lower_threshold"]), Fraction(row["upper_threshold"]))
            for row in csv.DictReader(file)
            if row["lower_threshold"]
        }


def of_one_size(line: tuple[Fraction, Fraction], mean: Fraction, practices: int) -> tuple[Fraction, Fraction]:
    """The least and the most shares of the points that so many practices of one size earn, by trying every spread of
    the two that are extreme: some at nothing and the rest alike, some at 100% and the rest alike."""
    lower, upper = line

    def share(rate: Fraction) -> Fraction:
        return min(Fraction(1), max(Fraction(0), (rate - lower) / (upper - lower)))

    total = mean * practices
    most = max(m * share(min(Fraction(100), total / m)) for m in range(1, practices + 1))
    least = min(
        j + (practices - j) * share((total - 100 * j) / (practices - j)) if j < practices else Fraction(j)
        for j in range(int(total / 100) + 1)
    )
    return least / practices, most / practices


@pytest.mark.parametrize("year", YEARS)
def test_no_class_says_more_than_the_rows_own_arithmetic(
    reconciled: dict[str, Reconciliation], shared: Path, year: str
) -> None:
    """Unequal size is not said inside what practices of one size earn; nobody to count only where it must be so."""
    rows, thresholds = published(shared, year), lines(shared, year)
    for row in points(reconciled[year]):
        cells = rows[row.practice, row.indicator]
        if row.cause not in (
            "non-linear points on pooled counts",
            "nobody to count in some practices",
            "possible causes",
        ):
            continue
        numerator, denominator, n = int(cells["numerator"]), int(cells["denominator"]), int(cells["n_practices"])
        earned = Fraction(cells["achievement_score_total"]) / Fraction(cells["max_points"])
        near = row.tolerance / Fraction(cells["max_points"])
        must = n - (denominator - numerator) - earned > near * n
        assert (row.cause == "nobody to count in some practices") == must, row
        least, most = of_one_size(thresholds[row.indicator], Fraction(100 * numerator, denominator), n)
        if not must:
            inside = least - near <= earned / n <= most + near
            assert (row.cause == "non-linear points on pooled counts") == inside, row


@pytest.mark.parametrize("year", YEARS)
def test_where_all_patients_are_achieved_nothing_is_put_down_to_size(
    reconciled: dict[str, Reconciliation], shared: Path, year: str
) -> None:
    rows, seen = published(shared, year), 0
    for row in points(reconciled[year]):
        cells = rows[row.practice, row.indicator]
        if cells["numerator"] and cells["numerator"] == cells["denominator"] and row.status == BEYOND:
            seen += 1
            assert row.cause == "nobody to count in some practices", row
    assert seen


@pytest.mark.parametrize("year", YEARS)
def test_no_threshold_of_the_library_is_said_not_to_fit(reconciled: dict[str, Reconciliation], year: str) -> None:
    """All rows of DM006 and of the others fit: some spread of practices gives each of them."""
    assert reconciled[year].verdicts == ()
    assert "thresholds do not fit" not in reconciled[year].classes


@pytest.mark.parametrize("code", ["00L", "07L", "15M"])
def test_no_cause_of_a_ccg_changes_with_practice(
    reconciled: dict[str, Reconciliation], shared: Path, tmp_path: Path, code: str
) -> None:
    run = pooled_run(shared, "2019-20", tmp_path)
    one = remit.reconcile(run, shared / "data/qof_published/qof_ccg_achievement_2019-20.csv", practices=[code])
    assert list(one.rows) == [row for row in reconciled["2019-20"].rows if row.practice == code]
    assert one.rows


def overlay(folder: Path, item: str, **changes: str) -> Path:
    """The scheme of 2018-19 with one item's line changed."""
    scheme = remit.load_scheme("qof-england-2018-19")
    old = scheme.item(item)
    line = {name: str(getattr(old.kind, name)) for name in ("points", "lower", "upper")} | changes
    path = folder / f"{item.casefold()}.yaml"
    part = {
        "scheme": f"qof-{item.casefold()}", "version": "1", "title": "One line changed", "extends": scheme.scheme,
        "items": [{"item": item, "indicator": item, "domain": old.domain, "measure": "achievement",
                   "weights": list(old.weights), "pays": {"linear": line}}],
    }  # fmt: skip
    path.write_text(yaml.safe_dump(part), encoding="utf-8")
    return path


def test_hf004_does_not_fit_60_to_100(shared: Path, tmp_path: Path) -> None:
    """Practices of many CCGs all have full points at a pooled rate below 100%: the upper threshold cannot be that."""
    run = pooled_run(shared, "2018-19", tmp_path, overlay(tmp_path, "HF004", lower="60%", upper="100%"))
    file = shared / "data/qof_published/qof_ccg_achievement_2018-19.csv"
    found = remit.reconcile(run, file, indicators=["HF004"])
    full = [
        code for (code, item), row in published(shared, "2018-19").items()
        if item == "HF004" and Fraction(row["achievement_score_total"]) == 9 * int(row["n_practices"])
        and row["numerator"] != row["denominator"]
    ]  # fmt: skip
    unfit = [row for row in points(found, "thresholds do not fit") if "had full points" in row.causes[0].text]
    assert sorted(row.practice for row in unfit) == sorted(full)
    assert full
    assert found.verdicts[0].startswith(f"HF004: {len(full)} of 191 units cannot be, with 9 points, on a line from 60%")


def test_a_seeded_count_and_a_missing_row_are_found(shared: Path, tmp_path: Path) -> None:
    run = pooled_run(shared, "2019-20", tmp_path)
    text = (shared / "data/qof_published/qof_ccg_achievement_2019-20.csv").read_text(encoding="utf-8").splitlines()
    kept = [line for line in text if not line.startswith("2019-20,02P,") or ",CHD005," not in line]
    n = next(n for n, line in enumerate(kept) if line.startswith("2019-20,07L,") and ",AF007," in line)
    kept[n] = kept[n].replace(",1508,1663,", ",1500,1663,")
    file = tmp_path / "seeded.csv"
    file.write_text("\n".join(kept) + "\n", encoding="utf-8")
    found = remit.reconcile(run, file)
    assert len(text) - len(kept) == 1
    counts = [(r.practice, r.indicator, r.quantity) for r in found.rows if r.cause == "counts" and r.status == BEYOND]
    assert counts == [("07L", "AF007", "numerator")]
    missing = Counter((row.practice, row.indicator) for row in found.rows if row.cause == "missing data")
    assert list(missing) == [("02P", "CHD005")]


def test_a_file_of_the_wrong_year_or_level_is_said_to_be_so(shared: Path, tmp_path: Path) -> None:
    run = pooled_run(shared, "2018-19", tmp_path)
    folder = shared / "data/qof_published"
    with pytest.raises(Refused, match=r"is of 2019-20 \(year 2019-20\), and the run is of 2018-19"):
        remit.reconcile(run, folder / "qof_ccg_achievement_2019-20.csv")
    with pytest.raises(Refused, match=r"is of practices \(E83027, .*and the run is of CCGs or sub-ICB locations"):
        remit.reconcile(run, folder / "qof_practice_prevalence_2018-19.csv")


@pytest.fixture
def run_2023_24(tmp_path: Path) -> remit.Run:
    counts, practices = tmp_path / "counts.csv", tmp_path / "practices.csv"
    figures = (("NUMERATOR", 80), ("DENOMINATOR", 100), ("PCAS", 5))
    lines = [f"A10001,{item},{m},{v}" for item in ("AF006", "AF008") for m, v in figures]
    lines = ["practice_code,indicator_code,measure,value", *lines, "A10001,AF,REGISTER,100"]
    counts.write_text("\n".join(lines) + "\n")
    practices.write_text("practice_code,practice_name,list_size\nA10001,One,8000\n")
    return remit.run("qof-england-2023-24", practices, counts)


@pytest.mark.parametrize(
    ("name", "quantities"),
    [("INDICATOR_VALUES", {"numerator", "denominator", "pcas"}), ("INDICATOR_ACHIEVED_POINTS", {"points"})],
)
def test_the_official_layouts_are_read(shared: Path, run_2023_24: remit.Run, name: str, quantities: set[str]) -> None:
    """Their values are blank as published: every figure that the run has is then missing on their side."""
    folder = shared / "data/qof_indicators"
    found = remit.reconcile(
        run_2023_24, folder / f"nhsd_qof2324_{name}.csv", pca_reference=folder / "nhsd_qof2324_PCA_REFERENCE.csv"
    )
    assert {row.cause for row in found.rows} == {"missing data"}
    assert {row.quantity for row in found.rows if row.indicator == "AF008"} == quantities


def test_last_years_achievement_is_known_by_its_indicators(shared: Path, run_2023_24: remit.Run) -> None:
    """The official sample of the year before states no year; AF007, AST006 and others ended with it."""
    with pytest.raises(Refused, match="it looks like a file of another year"):
        remit.reconcile(run_2023_24, shared / "data/qof_indicators/nhsd_qof2324_PREVIOUS_ACHIEVEMENTS_PCAS.csv")
