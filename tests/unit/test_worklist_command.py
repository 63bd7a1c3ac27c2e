"""`remit worklist`: its outputs, its filters, and what it refuses."""

from __future__ import annotations

import json
import re
import shutil
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader
from tests.bad_files.command import assert_refused, remit
from tests.unit.made_worklists import EVENTS, LOCAL, WELL, evaluated, records

import remit as api
from remit.application.progress import Stopped
from remit.application.worklist import WorklistChoice, WorklistRequest, make_worklist
from remit.files.manifest import sealed


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With `store`, and the evaluations `local/evaluated` and `qif/evaluated`."""
    made = tmp_path_factory.mktemp("command")
    store = records(made)
    evaluated(made / "local", store)
    evaluated(made / "qif", store, "qif-2024-25")
    return made


def asked(folder: Path, *more: str | Path, of: str = "local", practice: str = "A1") -> tuple[str | Path, ...]:
    given = ("--records", folder / "store", "--practice", practice)
    return ("worklist", folder / of / "evaluated", *given, *more)


def test_the_terminal_shows_the_first_patients(folder: Path) -> None:
    said = remit(*asked(folder, "--top", "2"))
    assert said.status == 0
    assert "Worklist: Acre Street (A1)" in said.out
    assert "invited" in said.out
    assert "smear-old" not in said.out
    assert "--top N" in said.out
    assert "As of 31 December 2024, 4 patients need care by 31 March 2025." in " ".join(said.out.split())
    assert "1 with a PCA but still in need of care, 1 declined" in " ".join(said.out.split())


def test_it_writes_four_kinds_of_file_and_none_over_another(folder: Path, tmp_path: Path) -> None:
    files = [tmp_path / f"a1.{ending}" for ending in ("csv", "xlsx", "html", "pdf")]
    options = [word for path in files for word in (f"--{path.suffix[1:]}", path)]
    said = remit(*asked(folder, *options))
    assert said.status == 0
    assert "for the practice only" in said.out
    assert [path.read_bytes()[:4] for path in files] == [b"plac", b"PK\x03\x04", b"<!do", b"%PDF"]
    assert [path.stat().st_mode & 0o077 for path in files] == [0, 0, 0, 0]
    assert_refused(remit(*asked(folder, "--csv", files[0])), "is there already")
    assert remit(*asked(folder, "--csv", files[0], "--replace")).status == 0
    assert_refused(remit(*asked(folder, "--csv", tmp_path / "x", "--html", tmp_path / "x")), "name the same file")


def test_a_pdf_for_each_kind_of_contact(folder: Path, tmp_path: Path) -> None:
    assert remit(*asked(folder, "--by-contact", "--pdf", tmp_path / "a1.pdf")).status == 0
    text = " ".join(" ".join(page.extract_text() for page in PdfReader(tmp_path / "a1.pdf").pages).split())
    assert "Nurse or HCA review (nurse or health care assistant) 3 patients" in text
    assert "Cervical screening (sample taker) 1 patient" in text
    assert "Page 1 of " in text


def test_only_one_indicator(folder: Path, tmp_path: Path) -> None:
    assert remit(*asked(folder, "--indicator", "CS005", "--csv", tmp_path / "cs.csv")).status == 0
    lines = (tmp_path / "cs.csv").read_text(encoding="utf-8").splitlines()
    assert [line.split(",")[2] for line in lines[1:]] == ["smear-old"]
    assert_refused(remit(*asked(folder, "--indicator", "CS05")), "Did you mean CS005")


def test_a_sensitive_indicator_only_where_both_are_asked_for(folder: Path) -> None:
    only = asked(folder, "--indicator", "RESPECT-DEATHS", of="qif")
    assert_refused(remit(*only), "RESPECT-DEATHS is left out of worklists: sensitive", "Say --sensitive too")
    assert remit(*only, "--sensitive").status == 0


@pytest.mark.parametrize("month", ["6", "06", "June", "jun"])
def test_a_month_by_number_or_name(folder: Path, tmp_path: Path, month: str) -> None:
    assert remit(*asked(folder, "--month", month, "--csv", tmp_path / "june.csv")).status == 0
    lines = (tmp_path / "june.csv").read_text(encoding="utf-8").splitlines()
    assert [line.split(",")[2] for line in lines[1:]] == ["invited", "high"]


@pytest.mark.parametrize("month", ["13", "0", "ju", "Junuary"])
def test_no_such_month(folder: Path, month: str) -> None:
    assert_refused(remit(*asked(folder, "--month", month)), "there is no month")


def test_a_run_prices_what_it_was_set_to(folder: Path, tmp_path: Path) -> None:
    """QIF's item 5 pays on CHOL002 or CHOL004: until chol004_from is set, neither is known."""
    source = folder / "qif" / "evaluated"
    run = api.run(
        "qif-2024-25", source / "practices.csv", source / "counts.csv", period="2024-12-31",
        settings={"chol004_from": "2024-12-05"},
    )  # fmt: skip
    api.write_run(run, tmp_path / "run")
    said = remit(*asked(folder, "--run", tmp_path / "run", of="qif"))
    assert said.status == 0
    assert "CHOL002 is left out: paid by CHOL004 now." in " ".join(said.out.split())
    assert_refused(remit(*asked(folder, "--run", tmp_path / "run")), "not on this list")


def test_a_run_on_other_counts(folder: Path, tmp_path: Path) -> None:
    source = folder / "local" / "evaluated"
    text = (source / "counts.csv").read_text(encoding="utf-8")
    counts = re.sub(r"HYP008,NUMERATOR,5,([^,\n]*),.*", r"HYP008,NUMERATOR,6,\1,", text)  # our own figure: no mark
    (tmp_path / "counts.csv").write_text(counts, encoding="utf-8")
    run = api.run(source / "scheme.yaml", source / "practices.csv", tmp_path / "counts.csv", period="2024-12-31")
    api.write_run(run, tmp_path / "run")
    refused = remit(*asked(folder, "--run", tmp_path / "run"))
    assert_refused(refused, "the run has NUMERATOR 6 of HYP008", "5. Run local-worklist on the counts", "--run")


def test_a_run_of_another_period(folder: Path, tmp_path: Path) -> None:
    """Counts of a day within the year are of a period: a run without it has scored none of them."""
    source = folder / "local" / "evaluated"
    run = api.run(source / "scheme.yaml", source / "practices.csv", source / "counts.csv")
    api.write_run(run, tmp_path / "run")
    refused = remit(*asked(folder, "--run", tmp_path / "run"))
    assert_refused(refused, "the run is of the whole year", "Run local-worklist with --period 2024-12-31")


# What is refused.


def test_no_evaluation(folder: Path, tmp_path: Path) -> None:
    given = ("--records", folder / "store", "--practice", "A1")
    own = folder / "local" / "evaluated"
    store_is_none = remit("worklist", own, "--records", own, "--practice", "A1")
    assert_refused(store_is_none, "is an evaluation, not a store of records", "'remit synth'")
    for other, what in ((own, "is an evaluation, not a run"), (folder / "store", "is a store of records, not a run")):
        assert_refused(remit(*asked(folder, "--run", other)), what, "remit run --out")
    assert_refused(remit("worklist", tmp_path / "nowhere", *given), "there is no such folder", "remit evaluate --out")
    assert_refused(
        remit("worklist", folder / "store", *given), "is a store of records, not an evaluation", "remit evaluate --out"
    )


def test_a_plan_of_a_day_outside_the_year() -> None:
    """As an evaluation would refuse it."""
    assert_refused(
        remit("plan", "qif-2024-25", "--on", "2020-01-01"), "--on 2020-01-01 is not in qif-2024-25's year", ""
    )


def test_a_practice_that_is_not_in_it(folder: Path) -> None:
    assert_refused(remit(*asked(folder, practice="A2")), "there is no practice 'A2' in the evaluation", "A1")


def test_days_that_differ(folder: Path, tmp_path: Path) -> None:
    other = evaluated(tmp_path, folder / "store", "qif-2024-25", date(2025, 1, 31))
    assert_refused(remit(*asked(folder, other)), "is of 2025-01-31", "Evaluate both on one day")


def test_one_scheme_twice(folder: Path) -> None:
    assert_refused(remit(*asked(folder, folder / "local" / "evaluated")), "two of the folders are evaluations of local")


def test_another_store(folder: Path, tmp_path: Path) -> None:
    other = records(tmp_path, events=EVENTS + WELL + "high,2024-07-01,PULSERHYTHM_COD,,\n")
    given = ("worklist", folder / "local" / "evaluated", "--records", other, "--practice", "A1")
    assert_refused(remit(*given), "holds other records of A1", "evaluate again")


def test_records_that_were_changed(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder / "store", tmp_path / "store")
    [path] = (tmp_path / "store").glob("practice=A1/events-*.parquet")
    path.write_bytes(path.read_bytes() + b" ")
    given = ("worklist", folder / "local" / "evaluated", "--records", tmp_path / "store", "--practice", "A1")
    assert_refused(remit(*given), "the events of practice A1 were changed or lost")


def test_an_evaluation_that_was_changed(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder / "local", tmp_path / "local")
    given = ("worklist", tmp_path / "local" / "evaluated", "--records", folder / "store", "--practice", "A1")
    counts = tmp_path / "local" / "evaluated" / "counts.csv"
    counts.write_text(counts.read_text(encoding="utf-8").replace(",5,", ",6,"), encoding="utf-8")
    assert_refused(remit(*given), "was changed after the evaluation")
    scheme = tmp_path / "local" / "evaluated" / "scheme.yaml"
    scheme.write_text(LOCAL.replace("points: 10", "points: 20"), encoding="utf-8")
    assert_refused(remit(*given), "scheme.yaml: was changed after the evaluation")


def test_other_clusters(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder / "local", tmp_path / "local")
    path = tmp_path / "local" / "evaluated" / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["clusters"]["clusters"]["HYP_COD"]["sha256"] = "0" * 64
    path.write_bytes(sealed(manifest))
    given = ("worklist", tmp_path / "local" / "evaluated", "--records", folder / "store", "--practice", "A1")
    assert_refused(remit(*given), "has other codes for HYP_COD", "Say --clusters as for the evaluation")
    path.write_text("{}", encoding="utf-8")
    assert_refused(remit(*given), "is damaged")


def test_rules_that_are_other_ones(folder: Path, tmp_path: Path) -> None:
    """Own rules of the same version under which an outcome would be another."""
    rules = tmp_path / "rules.yaml"
    rules.write_text(
        "definitions:\n  - indicator: CS005\n    version: 2024-25\n    title: Other\n    population: CS_REG\n"
        "    fields: {SMEAR_DAT: latest SMEAR_COD}\n"
        "    rules: [{rule: 1, if: SMEAR_DAT <> Null, then: Select, else: Select, counts: achieved}]\n",
        encoding="utf-8",
    )
    assert_refused(remit(*asked(folder, "--rules", rules)), "rules of CS005 do not give the outcomes", "--rules")


# What it does, without a terminal.


def request(folder: Path) -> WorklistRequest:
    return WorklistRequest((folder / "local" / "evaluated",), folder / "store", WorklistChoice("A1"))


def test_how_far_it_is_is_said_in_patients_from_the_start(folder: Path) -> None:
    reports: list[tuple[int, int]] = []
    result = make_worklist(request(folder), lambda done, of: reports.append((done, of)))
    assert [entry.patient for entry in result.of("gap")] == ["invited", "ageing", "high", "smear-old"]
    assert reports[0][0] == 0
    assert reports[-1][0] == reports[-1][1] > 10


def test_it_is_stopped_between_two_patients(folder: Path) -> None:
    with pytest.raises(Stopped):
        make_worklist(request(folder), cancelled=lambda: True)
