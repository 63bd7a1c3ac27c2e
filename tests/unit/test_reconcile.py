"""`remit.reconcile`: seeded errors, each of which must be found and named. The other side's figures are worked by hand.

QOF 2018-19: AF007 pays 12 points on a line from 40% to 70%, BP002 15 from 50% to 90%, DM014 11 from 40% to 90%; £179.26
a point; the national average list is 8,096 in 2018-19 and 8,479 in 2019-20.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from fractions import Fraction
from pathlib import Path

import pytest
from typer.testing import CliRunner

import remit
from remit.cli.main import app
from remit.core.problems import Refused
from remit.reconciliation.layouts import recognise
from remit.reconciliation.rows import BEYOND, NOT_COMPARED, ReconciledRow, Reconciliation
from remit.reconciliation.threshold_fits import Sample, fitted
from remit.scheme.kinds import Linear

LISTS = {"A81001": 8096, "A81002": 10000, "A81003": 5000, "A81004": 12000}
AF007 = {"A81001": (55, 100), "A81002": (130, 200), "A81003": (47, 100), "A81004": (144, 240)}
BP002 = {"A81001": (70, 100), "A81002": (160, 200), "A81003": (60, 100), "A81004": (95, 100)}
DM014 = {"A81001": (65, 100), "A81002": (65, 100), "A81003": (65, 100), "A81004": (65, 100)}
ITEMS = {"AF007": AF007, "BP002": BP002, "DM014": DM014}
AF007_POINTS = {"A81001": "6.00", "A81002": "10.00", "A81003": "2.80", "A81004": "8.00"}
BP002_POINTS = {"A81001": Fraction(15, 2), "A81002": Fraction(45, 4), "A81003": Fraction(15, 4), "A81004": Fraction(15)}
LONG = "PRACTICE_CODE,INDICATOR_CODE,MEASURE,VALUE"
POINT = Fraction("179.26")
QIF = Path(__file__).parents[2] / "examples" / "qif-2024-25"


def rounded(amount: Fraction, places: int = 2) -> str:
    """Half up, in text: the tests' own rounding."""
    scaled = int(amount * 10**places + Fraction(1, 2))
    text = f"{scaled:0{places + 1}}"
    return f"{text[:-places]}.{text[-places:]}"


def bp002_pounds(code: str, size: int | None = None, over: int = 8096) -> str:
    return rounded(BP002_POINTS[code] * POINT * (LISTS[code] if size is None else size) / over)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> remit.Run:
    folder = tmp_path_factory.mktemp("run")
    practices = ["practice_code,practice_name,list_size", *(f"{code},Practice,{n}" for code, n in LISTS.items())]
    counts = ["practice_code,indicator_code,measure,value"]
    for item, figures in ITEMS.items():
        for code, (numerator, denominator) in figures.items():
            for measure, value in (("NUMERATOR", numerator), ("DENOMINATOR", denominator), ("PCAS", 10)):
                counts.append(f"{code},{item},{measure},{value}")
    for code in LISTS:
        counts += [f"{code},AF,REGISTER,100", f"{code},DM,REGISTER,500", f"{code},DM,LIST_SIZE,4800"]
    national = ["group_code,register,list_size", "AF,1200000,60000000", "DM,3000000,45000000", "*,,60000000"]
    for name, lines in (("practices", practices), ("counts", counts), ("national", national)):
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n")
    files = [folder / f"{name}.csv" for name in ("practices", "counts")]
    return remit.run("qof-england-2018-19", *files, national=folder / "national.csv")


def write(folder: Path, header: str, rows: Iterable[str]) -> Path:
    path = folder / "theirs.csv"
    path.write_text("\n".join([header, *rows]) + "\n")
    return path


def long(item: str, measure: str, values: Mapping[str, object]) -> list[str]:
    return [f"{code},{item},{measure},{value}" for code, value in values.items()]


def beyond(found: Reconciliation) -> list[ReconciledRow]:
    return [row for row in found.rows if row.status == BEYOND]


def only_cause(found: Reconciliation) -> tuple[str, str]:
    """The one cause that every row beyond tolerance is put down to."""
    causes = {(row.causes[0].name, row.causes[0].text) for row in beyond(found)}
    assert len(causes) == 1, causes
    return causes.pop()


# ---- agreement ----


def test_what_agrees_agrees(run: remit.Run, tmp_path: Path) -> None:
    rows = [
        *long("AF007", "ACHIEVED_POINTS", AF007_POINTS),
        *long("AF007", "NUMERATOR", {code: n for code, (n, _) in AF007.items()}),
        *long("AF007", "ACHIEVEMENT", {"A81001": "55.0", "A81002": "65.0%", "A81003": "47", "A81004": "60.04"}),
        *long("BP002", "POUNDS", {code: bp002_pounds(code) for code in LISTS}),
    ]
    found = remit.reconcile(run, write(tmp_path, LONG, rows))
    assert (found.agrees, found.share_within, len(found.rows)) == (True, 1, 16)


def test_a_tolerance_is_the_half_of_the_last_place_and_can_be_set(run: remit.Run, tmp_path: Path) -> None:
    file = write(tmp_path, LONG, long("AF007", "POINTS", {**AF007_POINTS, "A81001": "6.005", "A81002": "10.006"}))
    assert [row.practice for row in beyond(remit.reconcile(run, file))] == ["A81002"]
    assert remit.reconcile(run, file, tolerances={"points": "0.01"}).agrees
    assert len(beyond(remit.reconcile(run, file, tolerances={"points": 0}))) == 2


# ---- seeded errors: one thing done otherwise ----


def test_a_threshold_is_found(run: remit.Run, tmp_path: Path) -> None:
    """(A - 45) / 25 x 12 for 55, 65, 47 and 60%."""
    theirs = {"A81001": "4.80", "A81002": "9.60", "A81003": "0.96", "A81004": "7.20"}
    found = remit.reconcile(run, write(tmp_path, LONG, long("AF007", "ACHIEVED_POINTS", theirs)))
    assert len(beyond(found)) == 4
    text = "a lower threshold of 45% in place of 40% gives all 4 practices"
    assert only_cause(found) == ("thresholds", text)


def test_an_upper_threshold_is_found_from_pounds_alone(run: remit.Run, tmp_path: Path) -> None:
    """(A - 50) / 35 x 15 for 70, 80, 60 and 95%: to 85% in place of 90%."""
    points = {"A81001": Fraction(60, 7), "A81002": Fraction(90, 7), "A81003": Fraction(30, 7), "A81004": Fraction(15)}
    theirs = {code: rounded(p * POINT * LISTS[code] / 8096) for code, p in points.items()}
    found = remit.reconcile(run, write(tmp_path, LONG, long("BP002", "POUNDS", theirs)))
    text = "an upper threshold of 85% in place of 90% gives all 4 practices"
    assert only_cause(found) == ("thresholds", text)


def test_thresholds_of_another_year_are_named(run: remit.Run, tmp_path: Path) -> None:
    """HF003: 10 points from 60% to 100% in 2018-19; 6 from 60% to 92% in 2023-24."""
    counts = tmp_path / "counts.csv"
    counts.write_text(
        "practice_code,indicator_code,measure,value\nA81001,HF003,NUMERATOR,76\nA81001,HF003,DENOMINATOR,100\n"
    )
    practices = tmp_path / "practices.csv"
    practices.write_text("practice_code,practice_name,list_size\nA81001,One,8096\n")
    one = remit.run("qof-england-2018-19", practices, counts)
    found = remit.reconcile(one, write(tmp_path, LONG, ["A81001,HF003,POINTS,3.00"]))
    [row] = beyond(found)
    assert row.ours == 4
    assert row.cause == "thresholds"
    assert "as qof-england-2023-24 has it: 6 points, on a line from 60% to 92%" in row.causes[0].text


def test_the_list_of_one_practice_is_found(run: remit.Run, tmp_path: Path) -> None:
    """Theirs is calculated on 10,250 patients; the item without a prevalence weight moves in proportion."""
    points = {"BP002": Fraction(45, 4)}
    rows = long("BP002", "POUNDS", {code: bp002_pounds(code) for code in LISTS if code != "A81002"})
    rows.append(f"A81002,BP002,POUNDS,{rounded(points['BP002'] * POINT * 10250 / 8096)}")
    dm014 = Fraction(11) * 25 / 50 * POINT * 10250 / 8096 * (Fraction(500, 4800) / Fraction(3, 45))
    rows.append(f"A81002,DM014,POUNDS,{rounded(dm014)}")
    found = remit.reconcile(run, write(tmp_path, LONG, rows), practices=["A81002"])
    assert len(beyond(found)) == 2
    text = "a list of 10250 in place of 10000 gives the pounds of 2 items that differ"
    assert only_cause(found) == ("list date", text)
    assert [(len(f.rows), f.where) for f in found.findings()] == [(2, "A81002: BP002, DM014")]


def test_the_national_average_of_the_other_january_is_found(run: remit.Run, tmp_path: Path) -> None:
    theirs = {code: bp002_pounds(code, over=8479) for code in LISTS}
    found = remit.reconcile(run, write(tmp_path, LONG, long("BP002", "POUNDS", theirs)))
    name, text = only_cause(found)
    assert name == "list date"
    assert text.startswith("with the national average list of 2019-20, 8479 at 2019-01-01, in place of 8096")


def test_the_value_of_a_point_of_another_year_is_found(run: remit.Run, tmp_path: Path) -> None:
    """£187.74, the value of 2019-20."""
    theirs = {c: rounded(p * Fraction("187.74") * LISTS[c] / 8096) for c, p in BP002_POINTS.items()}
    found = remit.reconcile(run, write(tmp_path, LONG, long("BP002", "POUNDS", theirs)))
    assert only_cause(found)[0] == "value of a point"
    assert "£187.74 a point, the value of 2019-20" in only_cause(found)[1]


def test_a_list_index_rounded_to_two_places_is_found(run: remit.Run, tmp_path: Path) -> None:
    """10,000 / 8,096 = 1.2352 becomes 1.24; 0.6176 becomes 0.62; 1.4822 becomes 1.48."""
    index = {"A81001": "1", "A81002": "1.24", "A81003": "0.62", "A81004": "1.48"}
    theirs = {code: rounded(BP002_POINTS[code] * POINT * Fraction(index[code])) for code in LISTS}
    found = remit.reconcile(run, write(tmp_path, LONG, long("BP002", "POUNDS", theirs)))
    assert len(beyond(found)) == 3
    assert only_cause(found) == ("rounding", "with the list index rounded to 2 places")


def test_points_rounded_before_the_pounds_are_found(run: remit.Run, tmp_path: Path) -> None:
    """66 of 91 is 72.527%: 8.447802 points, and 8.45 x £179.26 = £1,514.75 in place of £1,514.35."""
    counts, practices = tmp_path / "counts.csv", tmp_path / "practices.csv"
    header = "practice_code,indicator_code,measure,value\n"
    counts.write_text(header + "A81001,BP002,NUMERATOR,66\nA81001,BP002,DENOMINATOR,91\n")
    practices.write_text("practice_code,practice_name,list_size\nA81001,One,8096\n")
    one = remit.run("qof-england-2018-19", practices, counts)
    found = remit.reconcile(one, write(tmp_path, LONG, ["A81001,BP002,POUNDS,1514.75"]))
    [row] = beyond(found)
    assert row.ours == Fraction("1514.35")
    assert (row.causes[0].name, row.causes[0].text) == ("rounding", "with points rounded to 2 places")


def test_prevalence_over_the_whole_list_is_found(run: remit.Run, tmp_path: Path) -> None:
    """(500 / list) / (3,000,000 / 60,000,000) in place of (500 / 4,800) / (3,000,000 / 45,000,000)."""
    theirs = {
        code: rounded(Fraction(11, 2) * POINT * size / 8096 * Fraction(500, size) / Fraction(3, 60))
        for code, size in LISTS.items()
    }
    found = remit.reconcile(run, write(tmp_path, LONG, long("DM014", "POUNDS", theirs)))
    assert only_cause(found) == ("prevalence basis", "with prevalence over the whole registered list")


def test_a_prevalence_weight_left_out_is_found(run: remit.Run, tmp_path: Path) -> None:
    theirs = {code: rounded(Fraction(11, 2) * POINT * size / 8096) for code, size in LISTS.items()}
    found = remit.reconcile(run, write(tmp_path, LONG, long("DM014", "POUNDS", theirs)))
    assert only_cause(found) == ("prevalence basis", "without the prevalence weight")


def test_other_counts_are_named_and_what_follows_from_them(run: remit.Run, tmp_path: Path) -> None:
    """58 of 100 is (58 - 40) / 30 x 12 = 7.2 points."""
    rows = ["A81001,AF007,NUMERATOR,58", "A81001,AF007,DENOMINATOR,100", "A81001,AF007,ACHIEVEMENT,58.0"]
    found = remit.reconcile(run, write(tmp_path, LONG, [*rows, "A81001,AF007,POINTS,7.20"]), practices=["A81001"])
    assert [(row.quantity, row.cause) for row in beyond(found)] == [
        ("numerator", "counts"), ("achievement", "counts"), ("points", "counts"),
    ]  # fmt: skip
    assert [row.causes[0].text for row in beyond(found)] == [
        "their numerator is 58, ours 55",
        "their counts, 58 of 100, give it",
        "their counts give it: AF007 numerator 58, ours 55",
    ]


def test_pcas_counted_in_the_denominator_are_found(run: remit.Run, tmp_path: Path) -> None:
    """55 of 100 with 10 PCAs: 110, and 50%."""
    rows = ["A81001,AF007,DENOMINATOR,110", "A81001,AF007,ACHIEVEMENT,50.0"]
    found = remit.reconcile(run, write(tmp_path, LONG, rows), practices=["A81001"])
    assert {row.cause for row in beyond(found)} == {"definition version"}
    assert beyond(found)[0].causes[0].text == "their denominator counts the 10 PCAs in"


def test_a_rate_rounded_to_a_whole_per_cent_is_found(run: remit.Run, tmp_path: Path) -> None:
    """66 of 91 is 72.53%; as 73% it is (73 - 50) / 40 x 15 = 8.625 points."""
    counts, practices = tmp_path / "counts.csv", tmp_path / "practices.csv"
    header = "practice_code,indicator_code,measure,value\n"
    counts.write_text(header + "A81001,BP002,NUMERATOR,66\nA81001,BP002,DENOMINATOR,91\n")
    practices.write_text("practice_code,practice_name,list_size\nA81001,One,8096\n")
    one = remit.run("qof-england-2018-19", practices, counts)
    rows = ["A81001,BP002,ACHIEVEMENT,73", "A81001,BP002,POINTS,8.625"]
    found = remit.reconcile(one, write(tmp_path, LONG, rows))
    assert only_cause(found) == ("rounding", "with achievement rounded to 0 places of a per cent")


def test_what_nothing_gives_is_unexplained(run: remit.Run, tmp_path: Path) -> None:
    theirs = {**AF007_POINTS, "A81001": "5.31"}
    found = remit.reconcile(run, write(tmp_path, LONG, long("AF007", "POINTS", theirs)))
    assert only_cause(found)[0] == "unexplained"


# ---- seeded errors: a month, a figure, a definition ----

EXTRACT = "QUALITY_SERVICE,NAME,ORG_CODE,ACH_DATE,IND_CODE,FIELD_NAME,VALUE,DEFAULT_VALUES_USED"


def extract(code: str, day: str, item: str, field: str, value: object) -> str:
    return f"QOF1819,Quality and Outcomes Framework 2018/19,{code},{day},{item},{field},{value},None"


def test_a_missing_month_is_found(run: remit.Run, tmp_path: Path) -> None:
    """A81003's last figures are those of February: 44 of 98, in place of 47 of 100 in March."""
    rows = []
    for code, (numerator, denominator) in AF007.items():
        for day, n, d in (("20190228", numerator - 3, denominator - 2), ("20190331", numerator, denominator)):
            if (code, day) != ("A81003", "20190331"):
                rows += [extract(code, day, "AF007", "Numerator", n), extract(code, day, "AF007", "Denominator", d)]
    found = remit.reconcile(run, write(tmp_path, EXTRACT, rows))
    assert found.layout == "cqrs-values"
    assert {(row.practice, row.cause) for row in beyond(found)} == {("A81003", "missing month")}
    assert "theirs is of 2019-02-28, ours of 2019-03-31" in beyond(found)[0].causes[0].text
    assert any(
        "1 practice has no figures of 2019-03-31, which others have: A81003" in note.message for note in found.notes
    )


def test_the_extract_of_the_national_calculator_is_read(run: remit.Run, tmp_path: Path) -> None:
    """Registers count for the register's own indicator; PCA fields add up where the reference says which they are."""
    fields = (("Numerator", 55), ("Denominator", 100), ("AFIBPCADEC", 6), ("AFIBPCAPU", 4), ("REG1_DAT3", 7))
    rows = [extract("A81001", "31/03/2019", "AF007", field, value) for field, value in fields]
    rows += [extract("A81001", "20190331", item, "Atrial Fibrillation Register", 100) for item in ("AF001", "AF007")]
    reference = tmp_path / "PCA_REFERENCE.csv"
    kinds = {"AFIBPCADEC": "PCA", "AFIBPCAPU": "PCA", "REG1_DAT3": "Exclusion"}
    lines = [f"{field},{field},words,{kind},General" for field, kind in kinds.items()]
    reference.write_text("\n".join(["SHORT_NAME,NAME,DESCRIPTION,TYPE,GENERAL_SPECIFIC", *lines]) + "\n")
    file = write(tmp_path, EXTRACT, rows)
    found = remit.reconcile(run, file, practices=["A81001"], pca_reference=reference)
    assert found.agrees
    shown = [(row.indicator, row.quantity, row.theirs) for row in found.rows]
    assert shown == [
        ("AF001", "register", 100), ("AF007", "numerator", 55), ("AF007", "denominator", 100), ("AF007", "pcas", 10),
    ]  # fmt: skip
    assert any("2 figures were passed over" in note.message for note in found.notes)


def test_figures_of_one_side_only_are_missing_data(run: remit.Run, tmp_path: Path) -> None:
    rows = ["A81001,AF007,POINTS,6.00", "A81001,AF006,POINTS,12.00", "A81002,AF007,POINTS,", "A81003,BP002,POINTS,3.75"]
    found = remit.reconcile(run, write(tmp_path, LONG, rows))
    said = {(row.practice, row.indicator): row.causes[0].text for row in beyond(found)}
    assert {row.cause for row in beyond(found)} == {"missing data"}
    assert said["A81002", "AF007"] == "the file's cell is empty"
    assert said["A81003", "AF007"] == "the file has no row of this indicator for this practice"
    assert said["A81001", "AF006"].startswith("ours is not known: No counts")
    assert said["A81004", "*"] == "the file has no row of this practice"


def test_suppressed_figures_are_not_compared_unless_ours_cannot_be_so_small(run: remit.Run, tmp_path: Path) -> None:
    rows = ["A81001,AF007,NUMERATOR,*", "A81001,AF007,PCAS,<5", "A81001,AF007,DENOMINATOR,z"]
    found = remit.reconcile(run, write(tmp_path, LONG, rows), practices=["A81001"])
    assert {row.cause for row in found.rows} == {"suppression"}
    assert [(row.quantity, row.status) for row in found.rows] == [
        ("numerator", NOT_COMPARED), ("denominator", NOT_COMPARED), ("pcas", BEYOND),
    ]  # fmt: skip
    assert found.rows[2].causes[0].text == "the file holds '<5', and ours is 10"


def test_counts_rounded_to_five_are_seen(run: remit.Run, tmp_path: Path) -> None:
    rows = [f"{c},AF007,NUMERATOR,{n // 5 * 5}" for c, (n, _) in AF007.items()]
    rows += [f"{c},AF007,DENOMINATOR,{d}" for c, (_, d) in AF007.items()]
    rows += [f"{c},BP002,NUMERATOR,{n}" for c, (n, _) in BP002.items()]
    found = remit.reconcile(run, write(tmp_path, LONG, rows))
    assert only_cause(found) == ("rounding", "every count of the file is a multiple of 5")


@pytest.fixture(scope="module")
def qif(tmp_path_factory: pytest.TempPathFactory) -> remit.Run:
    counts = tmp_path_factory.mktemp("qif") / "counts.csv"
    text = (QIF / "counts.csv").read_text().replace("A1,5,", "A1,CHOL002,")
    counts.write_text(text + "A1,CHOL004,NUMERATOR,42\nA1,CHOL004,DENOMINATOR,120\n")
    return remit.run("qif-2024-25", QIF / "practices.csv", counts, settings={"chol004_from": "2025-06-01"})


def test_another_definition_is_found(qif: remit.Run, tmp_path: Path) -> None:
    """CHOL002 is 36 of 100 and pays 20p; CHOL004 is 42 of 120, 35%, and pays 10p on 10,000 heads."""
    rows = ["A1,5,NUMERATOR,42", "A1,5,DENOMINATOR,120", "A1,5,ACHIEVEMENT,35.0", "A1,5,POUNDS,1000.00"]
    found = remit.reconcile(qif, write(tmp_path, LONG, rows))
    assert [(row.quantity, row.cause, row.causes[0].text) for row in beyond(found)] == [
        ("numerator", "definition version", "theirs is that of CHOL004"),
        ("denominator", "definition version", "theirs is that of CHOL004"),
        ("achievement", "definition version", "theirs is that of CHOL004"),
        ("pounds", "definition version", "as CHOL004 counts it"),
    ]


def test_another_step_is_found(qif: remit.Run, tmp_path: Path) -> None:
    """1b at 39% pays 20p on 10,000 heads with a palliative care rate of 0.8%; below 0.75% it would pay 15p."""
    found = remit.reconcile(qif, write(tmp_path, LONG, ["A1,1b,POUNDS,1500.00"]))
    texts = {cause.text for row in beyond(found) for cause in row.causes if cause.name == "thresholds"}
    assert "theirs is what the step 'above 30% pays 15p' pays where the gate is from 0.75%" in texts
    assert "theirs is what the step 'above 38% pays 15p' pays where the gate is from 0.5% below 0.75%" in texts


def test_another_weighted_list_is_found(qif: remit.Run, tmp_path: Path) -> None:
    """QIF's example is £16,100 on 10,000 heads; 10,120.5 heads give 1.205% more on every item."""
    pence = {"1a": 15, "1b": 20, "2a": 13, "2b": 23, "3": 25, "4": 25, "5": 20, "6": 20}
    rows = [f"A1,{item},POUNDS,{rounded(Fraction(p, 100) * Fraction('10120.5'))}" for item, p in pence.items()]
    file = write(tmp_path, LONG, ["A1,*,LIST_SIZE,10500", *rows])
    found = remit.reconcile(qif, file)
    assert only_cause(found)[0] == "list date"
    assert "a weighted list of 10120.5 in place of 10000" in only_cause(found)[1]


def test_steps_have_no_points_to_compare(qif: remit.Run, tmp_path: Path) -> None:
    found = remit.reconcile(qif, write(tmp_path, LONG, ["A1,1a,POINTS,5"]))
    assert [row.status for row in found.rows] == [NOT_COMPARED]


# ---- whose file it is ----


def test_a_file_without_a_year_is_known_by_its_indicators(run: remit.Run, tmp_path: Path) -> None:
    """AF007 is of both years; AST008 to CHD008 of 2019-20 and not of 2018-19."""
    new = ("CS005", "CS006", "DM019", "DM020", "HYP003")
    file = write(tmp_path, LONG, [f"A81001,{item},NUMERATOR,5" for item in ("AF007", *new)])
    with pytest.raises(Refused, match="states no year, and 6 of its 6 indicators are those of qof-england-2019-20, 1 "):
        remit.reconcile(run, file)
    found = remit.reconcile(run, file, ignore_unknown=True, practices=["A81001"])
    assert any("it looks like a file of 2019-20" in note.message for note in found.notes)


def test_rows_of_other_years_and_units_are_left_out_and_counted(run: remit.Run, tmp_path: Path) -> None:
    rows = [f"{code},AF007,POINTS,{points},2018-19" for code, points in AF007_POINTS.items()]
    rows += ["A81001,AF007,POINTS,1,2017-18", "B81001,AF007,POINTS,1,2018-19"]
    found = remit.reconcile(run, write(tmp_path, f"{LONG},YEAR", rows))
    assert found.agrees
    assert "1 of the file's 5 codes are not in the run, and left out: B81001." in found.notes[0].message
    assert any("of 2017-18, another year" in note.message for note in found.notes)


@pytest.mark.parametrize(
    ("header", "layout"),
    [
        ("PRACTICE_CODE,INDICATOR_CODE,MEASURE,VALUE", "nhs-long"),
        ("QUALITY_SERVICE,NAME,ORG_CODE,ACH_DATE,IND_CODE,FIELD_NAME,VALUE,DEFAULT_VALUES_USED", "cqrs-values"),
        ("QUALITY_SERVICE,ORG_CODE,ACH_DATE,IND_CODE,POINTS,APPROVED", "cqrs-points"),
        ("PRACTICE_CODE,GROUP_CODE,REGISTER,PATIENT_LIST_TYPE,PRACTICE_LIST_SIZE", "nhs-prevalence"),
        ("year,ccg_code,n_practices,indicator_code,max_points_header,achievement_score_total,numerator", "nhs-pooled"),
        ("practice_code,indicator_code,numerator,denominator,achievement,points_available,points,pounds", "table"),
    ],
)
def test_a_layout_is_known_by_its_header(header: str, layout: str, tmp_path: Path) -> None:
    assert recognise(write(tmp_path, header, [])).layout == layout


def test_a_runs_own_award_table_agrees_with_it(run: remit.Run, tmp_path: Path) -> None:
    remit.write_run(run, tmp_path / "out")
    found = remit.reconcile(tmp_path / "out", tmp_path / "out" / "award.csv")
    assert found.agrees
    assert found.count("within", "points") == 20  # the three items and two registers of four practices


# ---- a clinical system's export ----


def test_a_column_map_reads_rows_by_indicator(run: remit.Run, tmp_path: Path) -> None:
    mapping = tmp_path / "map.yaml"
    mapping.write_text(
        "practice: Site\nindicator: Measure name\ndate: Run on\n"
        "columns: {Achieved: numerator, Eligible: denominator, '%': achievement, Pts: points}\n"
        "indicators: {Anticoagulation in AF: AF007}\npractices: {North Surgery: A81001}\n"
        "suppressed: [withheld]\n"
    )
    rows = ["North Surgery,Anticoagulation in AF,55,withheld,55.0%,6.00,31/03/2019"]
    file = write(tmp_path, "Site,Measure name,Achieved,Eligible,%,Pts,Run on", rows)
    found = remit.reconcile(run, file, columns=mapping, practices=["A81001"])
    assert [(row.quantity, row.status) for row in found.rows] == [
        ("numerator", "within"), ("denominator", NOT_COMPARED), ("achievement", "within"), ("points", "within"),
    ]  # fmt: skip


def test_a_column_map_reads_one_row_for_a_practice(run: remit.Run, tmp_path: Path) -> None:
    mapping = tmp_path / "map.yaml"
    mapping.write_text(
        "practice_code: A81002\nas_at: 2019-03-31\n"
        "columns:\n  AF7 top: AF007 numerator\n  AF7 bottom: AF007 denominator\n  BP pounds: BP002 pounds\n"
    )
    pounds = bp002_pounds("A81002")
    thousands = f"£{pounds[:-6]},{pounds[-6:]}"
    file = write(tmp_path, "AF7 top,AF7 bottom,BP pounds", [f'131,200,"{thousands}"'])
    found = remit.reconcile(run, file, columns=mapping, practices=["A81002"])
    assert [(row.indicator, row.quantity, row.cause) for row in beyond(found)] == [("AF007", "numerator", "counts")]
    assert found.count("within") == 2


# ---- results pooled over practices ----

POOLED = "year,ccg_code,n_practices,indicator_code,max_points_header,achievement_score_total,numerator,denominator"


@pytest.fixture(scope="module")
def ccg(tmp_path_factory: pytest.TempPathFactory) -> remit.Run:
    folder = tmp_path_factory.mktemp("ccg")
    (folder / "practices.csv").write_text("practice_code,practice_name,list_size\n07M,A CCG,100000\n")
    counts = ["practice_code,indicator_code,measure,value", "07M,AF,REGISTER,900"]
    for item, (n, d) in {"AF007": (600, 1000), "BP002": (800, 1000), "CAN003": (700, 1000)}.items():
        counts += [f"07M,{item},NUMERATOR,{n}", f"07M,{item},DENOMINATOR,{d}"]
    (folder / "counts.csv").write_text("\n".join(counts) + "\n")
    return remit.run("qof-england-2018-19", folder / "practices.csv", folder / "counts.csv")


@pytest.mark.parametrize(
    ("row", "cause", "words"),
    [
        # 60% of a line from 40% to 70% is 8 of 12 points; two practices at 40% and 80% earn 0 and 12: 6 each
        # ten of one size: at most 8 at 75% and 2 at nothing, 96 points; at least 3 at 100% and 7 at 3/7, 36 and 8
        (
            "AF007,12,60,600,1000",
            "non-linear points on pooled counts",
            "10 practices of one size with a mean of 60% earn 4.40 to 9.60",
        ),
        ("AF007,12,120,600,1000", "thresholds do not fit", "all 10 practices had full points at a pooled 60%"),
        ("AF007,12,0,600,1000", "thresholds do not fit", "none of 10 practices had a point at a pooled 60%"),
        ("AF007,12,85,600,1000", "non-linear points on pooled counts", "earn 4.40 to 9.60 points each"),
        ("AF007,12,100,600,1000", "possible causes", "more than the 9.60 that 10 practices of one size earn at 60%"),
        # one of the ten at least is at 60% or below, and has 8 points at most: 9 x 12 + 8 = 116 points
        ("AF007,12,117,600,1000", "thresholds do not fit", "more than the 11.60 that practices of any size earn"),
        ("AF007,12,30,600,1000", "possible causes", "less than the 4.40 that 10 practices of one size earn at 60%"),
        (
            "AF007,12,108,600,600",
            "nobody to count in some practices",
            "no patient was not achieved, so that 1 or more",
        ),
        (
            "AF007,12,84,598,600",
            "nobody to count in some practices",
            "2 patients in all were not achieved, so that 1 or",
        ),
        ("AF001,5,45,,", "yes and no pooled", "9 of 10 practices earned the 5 points"),
    ],
)
def test_pooled_points_are_explained(ccg: remit.Run, row: str, cause: str, words: str, tmp_path: Path) -> None:
    file = write(tmp_path, POOLED, [f"2018-19,07M,10,{row}"])
    found = next(row for row in beyond(remit.reconcile(ccg, file)) if row.quantity == "points")
    assert (found.cause, words in found.causes[0].text) == (cause, True), found.causes


def test_points_printed_in_a_header_are_checked_against_what_was_paid(ccg: remit.Run, tmp_path: Path) -> None:
    """CAN003 has 6 points; where the header prints 12, no unit earned more than 6 a practice."""
    rows = ["2018-19,07M,10,CAN003,12,60,700,1000"]
    found = remit.reconcile(ccg, write(tmp_path, POOLED, rows), indicators=["CAN003"])
    header = next(row for row in beyond(found) if row.quantity == "points_available")
    assert (header.theirs, header.ours, header.cause) == (12, 6, "printed header error")


# ---- thresholds that would fit ----


def test_nothing_fits_figures_that_no_line_gives() -> None:
    line = Linear.model_validate({"points": "12", "lower": "40%", "upper": "70%"})
    odd = [
        Sample(Fraction(55, 100), Fraction(3), Fraction(1, 200)),
        Sample(Fraction(60, 100), Fraction(2), Fraction(1, 200)),
    ]
    assert fitted(line, odd) == ""


def test_other_points_fit() -> None:
    """10 points in place of 12: half way up the line is 5, and the top 10."""
    line = Linear.model_validate({"points": "12", "lower": "40%", "upper": "70%"})
    samples = [Sample(Fraction(rate, 100), Fraction(points), Fraction(1, 200)) for rate, points in ((55, 5), (80, 10))]
    assert fitted(line, samples) == "10 points in place of 12 gives all 2 practices"


def test_both_thresholds_fit() -> None:
    """From 45% to 65%: 50% earns a quarter, 60% three quarters."""
    line = Linear.model_validate({"points": "12", "lower": "40%", "upper": "70%"})
    samples = [Sample(Fraction(rate, 100), Fraction(points), Fraction(1, 200)) for rate, points in ((50, 3), (60, 9))]
    assert fitted(line, samples) == "thresholds of 45% to 65% in place of 40% to 70% gives all 2 practices"


# ---- the command ----


def test_the_command_says_by_its_status_whether_they_agree(run: remit.Run, tmp_path: Path) -> None:
    remit.write_run(run, tmp_path / "out")
    good = write(tmp_path, LONG, long("AF007", "POINTS", AF007_POINTS))
    assert CliRunner().invoke(app, ["reconcile", str(tmp_path / "out"), str(good)]).exit_code == 0
    bad = write(tmp_path, LONG, long("AF007", "POINTS", {**AF007_POINTS, "A81001": "5.31"}))
    files = {name: tmp_path / "report" / f"rows.{name}" for name in ("csv", "html")}
    words = ["reconcile", str(tmp_path / "out"), str(bad), "--csv", str(files["csv"]), "--html", str(files["html"])]
    said = CliRunner().invoke(app, words)
    assert said.exit_code == 3
    assert "0.005 points" in said.output
    assert "A81001 AF007 points: theirs 5.31, ours 6.00, −0.69" in said.output
    with files["csv"].open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["status"] for row in rows] == ["beyond", "within", "within", "within"]
    assert (rows[0]["difference"], rows[0]["cause"], rows[0]["file_row"]) == ("-0.69", "unexplained", "2")
    page = files["html"].read_text(encoding="utf-8")
    assert "3 of 4 figures (75.0%) agree within tolerance." in page
    assert "http" not in page.replace("http://www.w3.org", "")
    again = CliRunner().invoke(app, words)
    assert isinstance(again.exception, Refused)
    before = files["csv"].read_bytes()
    assert CliRunner().invoke(app, [*words, "--replace"]).exit_code == 3
    assert files["csv"].read_bytes() == before


def test_nothing_in_a_page_is_taken_for_markup(run: remit.Run, tmp_path: Path) -> None:
    from remit.documents.reconciliation import document
    from remit.documents.render.html import as_html

    path = tmp_path / "<b>theirs</b>.csv".replace("/", "")
    path.write_text(f"{LONG}\nA81001,AF007,POINTS,<5\nA81002,AF007,POINTS,1.11\n")
    page = as_html(document(remit.reconcile(run, path)))
    assert "<b>" not in page
    assert "&lt;b&gt;" in page
