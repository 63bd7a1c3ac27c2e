"""Kind: rules of one year that count another. A scheme whose year has no rules is refused until somebody names the year
whose rules to use, and then every figure says that it is provisional, wherever it goes.
"""

from __future__ import annotations

import csv
from dataclasses import replace
from importlib import resources
from pathlib import Path

import pytest
import yaml
from tests.bad_files.command import assert_refused, remit

from remit.core.dates import SchemeYear
from remit.evaluation.evaluator import Evaluator
from remit.evaluation.folder import write_evaluation
from remit.evaluation.plan import plan
from remit.evaluation.years import of_other_years
from remit.records.store import Store
from remit.rules.definitions import read_definitions, shipped
from remit.rules.years import Years
from remit.scheme import load_scheme
from remit.terminology.clusters import ClusterSet
from remit.terminology.sets import demonstration

# Indicators of QOF 2018-19 whose rules except after two invitations; that year's rule was three in 12 months.
TWO_INVITATIONS = (
    "DEM004", "AF006", "DM006", "DM012", "DM014", "SMOK002", "SMOK004", "SMOK005", "CHD005", "STIA007", "HF003",
    "DEP003",
)  # fmt: skip
OF_OTHER_YEARS = (
    "qof-england-2018-19", "qof-england-2019-20", "qof-england-2023-24", "qof-england-2025-26", "dqofh-dudley-2018-19",
    "qof-review-2018-practice", "qof-review-2018-network",
)  # fmt: skip
OF_THEIR_YEAR = ("qif-2024-25", "qif-plus-2024-25", "qof-england-2024-25")
NO_RULES = ("AST003", "DM007", "DM008", "COPD004", "HF002", "MH003", "CAN003", "OST002", "STIA008", "PAD002")
REASON = "Counted by rules of 2024-25 where there are none of 2018-19"

LOCAL = """
definitions:
  - indicator: AF006
    {years}
    title: A rule of one's own
    population: registered
    rules: [{{rule: 1, if: PAT_AGE > 40, then: Select, counts: achieved, else: Select}}]
"""
SCHEME = """
scheme: local
version: "1"
title: A local scheme
commissioner: Exampleshire ICB
year: 2018-19
achievement_date: 2019-03-31
sources: {contract: {title: The contract, standing: verified}}
source: contract
point: {value: £100}
terms: {balance: {due: 2019-06-30}}
items:
  - item: AF006
    indicator: AF006
    measure: achievement
    pays: {linear: {points: 10, lower: 0%, upper: 80%}}
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made-up people whose records go on to the end of 2018-19."""
    folder = tmp_path_factory.mktemp("people") / "store"
    said = remit("synth", "--patients", "120", "--seed", "3", "--on", "2019-03-31", "--out", folder)
    assert said.status == 0, said.err
    return folder


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def own_clusters() -> ClusterSet:
    """The codes of the demonstration as somebody's own, so that no other reason makes a figure provisional."""
    return replace(demonstration(), demonstration=False)


def evaluated(scheme: str | Path, store: Path, out: Path, *years: int, rules: Path | None = None) -> Path:
    loaded = load_scheme(str(scheme))
    known = read_definitions([rules], shipped()) if rules else shipped()
    named = tuple(SchemeYear(year) for year in years)
    made = Evaluator(loaded, Store(store), own_clusters(), known, loaded.achievement_date, None, named)
    write_evaluation(made, out, workers=1)
    return out


def test_every_rules_file_of_the_library_carries_its_years() -> None:
    for path in sorted(Path(str(resources.files("remit") / "library" / "rules")).glob("*.yaml")):
        for definition in yaml.safe_load(path.read_text(encoding="utf-8"))["definitions"]:
            assert str(Years.parse(definition["years"])) == definition["years"], (path.name, definition)


@pytest.mark.parametrize("code", TWO_INVITATIONS)
def test_2018_19_excepts_after_three_invitations_and_these_rules_after_two(code: str) -> None:
    """qof-rules.md, section 7: three invitations in 12 months to 2018-19, two since 2019-20."""
    years = shipped().indicators[code].years
    assert years is not None
    assert SchemeYear(2018) not in years
    assert code in of_other_years(plan(load_scheme("qof-england-2018-19"), shipped()).elsewhen)


def test_rules_of_2018_19_except_after_three_invitations() -> None:
    hyp006 = shipped().indicators["HYP006"]
    assert str(hyp006.years) == "2018-19"
    assert [rule.text for rule in hyp006.rules if "INVITE" in rule.text] == ["HYPINVITE_N >= 3"]


@pytest.mark.parametrize("scheme", OF_OTHER_YEARS)
def test_another_year_needs_the_year_named_whose_rules_to_use(scheme: str, store: Path, tmp_path: Path) -> None:
    year = str(load_scheme(scheme).year)
    for words in (("evaluate", scheme, "--records", store, "--out", tmp_path / "out"), ("plan", scheme)):
        said = remit(*words)
        assert_refused(
            said, f"no rules of {year}, the scheme's year, for ", "DEM004", "--rules-of 2024-25", "provisional"
        )
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("scheme", OF_THEIR_YEAR)
def test_rules_of_the_schemes_own_year_need_no_word(scheme: str) -> None:
    assert plan(load_scheme(scheme), shipped()).elsewhen == {}
    assert remit("plan", scheme).status == 0


@pytest.mark.parametrize("scheme", OF_OTHER_YEARS)
def test_show_says_which_rules_are_of_other_years(scheme: str) -> None:
    said = " ".join(remit("show", scheme).out.split())
    assert "Rules of other years" in said
    assert "remit evaluate --rules-of" in said
    assert "Rules of other years" not in " ".join(remit("show", "qif-2024-25").out.split())


def test_every_figure_is_provisional_and_says_so(store: Path, tmp_path: Path) -> None:
    """Clusters of one's own and records to the last day: nothing else makes these figures provisional."""
    out = evaluated("qof-england-2018-19", store, tmp_path / "out", 2024)
    practices, counts = rows(out / "practices.csv"), rows(out / "counts.csv")
    assert all(row["provisional"].startswith(REASON) for row in practices)
    marked = {row["practice_code"] for row in counts if (row["indicator_code"], row["measure"]) == ("*", "PROVISIONAL")}
    assert marked == {row["practice_code"] for row in practices}
    files = ("--practices", out / "practices.csv", "--counts", out / "counts.csv")
    assert remit("run", "qof-england-2018-19", *files, "--out", tmp_path / "run").status == 0
    payment = rows(tmp_path / "run" / "payment.csv")
    assert {row["status"] for row in payment} == {"provisional"}
    statement = remit("statement", tmp_path / "run", "--practice", practices[0]["practice_code"])
    assert "Counted by rules of 2024-25" in " ".join(statement.out.split())


def test_another_file_of_practices_makes_it_no_more_final(store: Path, tmp_path: Path) -> None:
    out = evaluated("dqofh-dudley-2018-19", store, tmp_path / "out", 2024)
    table = rows(out / "practices.csv")
    own = tmp_path / "practices.csv"
    own.write_text(
        "practice_code,practice_name,list_size\n"
        + "".join(f"{row['practice_code']},A,{row['list_size']}\n" for row in table)
    )
    files = ("--practices", own, "--counts", out / "counts.csv")
    assert remit("run", "dqofh-dudley-2018-19", *files, "--out", tmp_path / "run").status == 0
    assert {row["status"] for row in rows(tmp_path / "run" / "payment.csv")} == {"provisional"}


@pytest.mark.parametrize("command", ["worklist", "breakdown"])
def test_what_is_made_of_an_evaluation_says_so_too(command: str, store: Path, tmp_path: Path) -> None:
    out, page = tmp_path / "out", tmp_path / "page.html"
    said = remit("evaluate", "dqofh-dudley-2018-19", "--records", store, "--rules-of", "2024-25", "--out", out)
    assert said.status == 0, said.err
    assert REASON in " ".join(said.err.split())
    practice = rows(out / "practices.csv")[0]["practice_code"]
    words: tuple[str | Path, ...] = ("--by", "age", "--for", "practice")
    if command == "worklist":
        words = ("--records", store)
    said = remit(command, out, *words, "--practice", practice, "--html", page)
    assert said.status == 0, said.err
    assert REASON in page.read_text(encoding="utf-8")


def test_with_the_schemes_own_year_named_only_its_rules_count(store: Path, tmp_path: Path) -> None:
    """HYP006 is of 2018-19, its register is not; so Dudley has nothing to count from records."""
    made = plan(load_scheme("dqofh-dudley-2018-19"), shipped(), [SchemeYear(2018)])
    assert made.counted == ()
    assert made.supplied["AF006"] == "AF006 has no rules of 2018-19: counts only"
    words = ("evaluate", "dqofh-dudley-2018-19", "--records", store, "--rules-of", "2018-19", "--out", tmp_path / "o")
    assert_refused(remit(*words), "no item that rules over records count", "Supply its counts.")


def test_years_are_named_together() -> None:
    """DEP003 is of 2021-22 alone, AF006 of 2024-25 alone."""
    scheme = load_scheme("qof-england-2018-19")
    one = plan(scheme, shipped(), [SchemeYear(2024)])
    assert one.supplied["DEP003"] == "DEP003 has no rules of 2018-19 or 2024-25: counts only"
    assert "AF006" in one.definitions()
    both = plan(scheme, shipped(), [SchemeYear(2024), SchemeYear(2021)])
    assert {"DEP003", "AF006", "HYP006"} <= set(both.definitions())


@pytest.mark.parametrize(
    ("named", "message"),
    [("2030-31", "there are no rules of 2030-31"), ("2024", "expected a year written as 2024-25, found '2024'")],
)
def test_a_year_that_is_none_is_refused(named: str, message: str, store: Path, tmp_path: Path) -> None:
    words = ("evaluate", "dqofh-dudley-2018-19", "--records", store, "--rules-of", named, "--out", tmp_path / "o")
    assert_refused(remit(*words), message, "--rules-of")


@pytest.mark.parametrize(
    ("years", "others", "reason"),
    [
        ("years: 2018-19", (), ""),
        ("version: 2018-19", (), ""),
        ("years: 2012-13 to 2020-21", (), ""),
        ("years: 2019-20", (2019,), "Counted by rules of 2019-20 where there are none of 2018-19"),
        ("version: v9", (), "The rules of AF006 do not say for which years they hold"),
    ],
)
def test_rules_of_ones_own_carry_their_years(
    years: str, others: tuple[int, ...], reason: str, store: Path, tmp_path: Path
) -> None:
    rules, scheme = tmp_path / "rules.yaml", tmp_path / "local.yaml"
    rules.write_text(LOCAL.format(years=years))
    scheme.write_text(SCHEME)
    out = evaluated(scheme, store, tmp_path / "out", *others, rules=rules)
    said = {row["provisional"] for row in rows(out / "practices.csv")}
    assert all(text.startswith(reason) if reason else text == "" for text in said), said


def test_explain_and_spec_say_that_the_rules_are_of_another_year(store: Path) -> None:
    """AF006 is of 2024-25; asked for on a day of 2018-19 the specification and the explanation say so."""
    specified = " ".join(remit("spec", "AF006", "--on", "2019-03-31").out.split())
    assert "are not of 2018-19: what changed between the years is not in them." in specified
    assert "Holds for 2024-25 " in specified
    patient = Store(store).patients(Store(store).codes[0])
    first = next(iter(patient)).id
    words = ("explain", "AF006", "--records", store, "--patient", first, "--on", "2019-03-31")
    explained = " ".join(remit(*words).out.split())
    assert "are not of 2018-19: what changed between the years is not in them." in explained
    assert "are not of" not in remit("spec", "AF006", "--on", "2025-03-31").out


@pytest.mark.parametrize("code", [*NO_RULES, "dm007"])
@pytest.mark.parametrize("command", ["spec", "explain"])
def test_an_indicator_without_rules_is_not_shown_as_its_groups_register(command: str, code: str, store: Path) -> None:
    words = ("--records", store, "--patient", "p") if command == "explain" else ()
    said = remit(command, code, *words)
    assert_refused(said, f"there are no rules over records for '{code}'", "is counts only: its counts are supplied")


@pytest.mark.parametrize(("code", "register"), [("CKD005", "CKD_REG"), ("PC001", "PALCARE_REG"), ("AF001", "AFIB_REG")])
def test_an_indicator_that_is_a_register_is_shown_as_it(code: str, register: str) -> None:
    said = remit("spec", code)
    assert said.status == 0
    assert said.out.startswith(f"{register}:")


def test_the_notes_of_rules_stand_in_spec() -> None:
    """That the eight processes and their 12 months are the National Diabetes Audit's; and who is on the register."""
    said = " ".join(remit("spec", "DM8CP-TYPE1").out.split())
    assert (
        "QIF does not list the eight processes or their window: these are those of the National Diabetes Audit" in said
    )
    for code in ("DM8CP-TYPE1", "DM8CP-TYPE2"):
        assert "aged 17 and over" in " ".join(remit("spec", code).out.split())


@pytest.mark.parametrize("code", sorted([*shipped().indicators, *shipped().registers]))
def test_each_note_stands_in_its_specification(code: str) -> None:
    note = shipped().texts[code].note
    if note:
        assert " ".join(note.split()) in " ".join(remit("spec", code).out.split())
