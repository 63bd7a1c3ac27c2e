"""`remit evaluate --evidence`: what is kept of each practice, for whom, and what is refused.

The people of the worked example are those of `made_worklists`.
"""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.bad_files.command import assert_refused, contents, remit
from tests.generative.test_evidence_agrees import InMemory
from tests.unit.made_worklists import EVENTS, LOCAL, PATIENTS, WELL, code, records

from remit.application.evaluate import EvaluationRequest, evaluate
from remit.application.evidence import EvidenceExplainRequest, explanation_of, folders_of
from remit.application.explain import ExplainRequest, explain
from remit.application.synth import SynthRequest, make_people
from remit.core.problems import Refused
from remit.evaluation.evidence import open_evidence
from remit.evaluation.evidence.ages import needs_birth_date
from remit.evaluation.evidence.keeping import _check_identifies
from remit.evaluation.evidence.layout import PEOPLE
from remit.files.hashes import sha256_file
from remit.files.manifest import sealed
from remit.records.model import Patient, Registration
from remit.rules.definitions import all_that_ship, read_definitions
from remit.worklist.evaluations import read_evaluation

ON = date(2024, 12, 31)
OWN = """
definitions:
  - indicator: PULSE65
    title: A local one
    population: registered
    fields: {PULSE_DAT: latest PULSERHYTHM_COD where date > (PPED - 12 months)}
    rules: [{rule: 1, if: PULSE_DAT <> Null, then: Select, counts: achieved, else: Reject, else_counts: exclusion X}]
"""
SAID = """
high,2025-01-10,HYP_COD,,
high,2025-01-12,BP,128/78,
ok1,2024-07-01,BP,900/78,
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With `store`, and `evaluated` by the local scheme."""
    home = tmp_path_factory.mktemp("evidence")
    records(home, events=EVENTS + WELL + SAID)
    (home / "scheme.yaml").write_text(LOCAL, encoding="utf-8")
    evaluate(EvaluationRequest(str(home / "scheme.yaml"), home / "store", home / "evaluated", ON, evidence=True))
    return home


@pytest.fixture
def own(folder: Path, tmp_path: Path) -> Path:
    """A copy of the evaluation."""
    return Path(shutil.copytree(folder / "evaluated", tmp_path / "evaluated"))


def table(folder: Path, name: str) -> pa.Table:
    return pq.read_table(folder / "evaluated" / "evidence" / "A1" / name)


def test_whom_it_is_about(folder: Path) -> None:
    """HYP008 is of the ten with hypertension and CS005 of women of 25 to 49; `died` died before the day, and has no
    outcome."""
    decided = {row.patient for row in read_evaluation(folder / "evaluated").outcomes("A1")}
    assert "died" not in decided
    people = table(folder, "people.parquet").to_pylist()
    assert {one["patient_id"] for one in people} == decided
    assert {one["patient_id"]: one["ages"] for one in people}["high"] == [44, 44]  # born on 10 May 1980
    assert open_evidence(folder / "evaluated").manifest.ages_on == (ON, date(2025, 3, 31))


def test_only_records_that_the_rules_read_are_kept(folder: Path) -> None:
    """Diabetes and a learning disability are read by neither indicator; a smear by CS005 alone, and a blood pressure by
    HYP008 alone, of whom they are about. A statin is not read."""
    rows = {(row["patient_id"], row["code"]) for row in table(folder, "events.parquet").to_pylist()}
    codes = {name: code(name) for name in ("HYP_COD", "DM_COD", "LD_COD", "SMEAR_COD", "BPSYS_COD")}
    assert ("high", codes["HYP_COD"]) in rows
    assert ("high", codes["BPSYS_COD"]) in rows
    assert ("smear-old", codes["SMEAR_COD"]) in rows
    assert not {one for _, one in rows} & {codes["DM_COD"], codes["LD_COD"]}
    assert table(folder, "prescriptions.parquet").num_rows == 0


def test_no_birth_date_and_no_name_is_kept(folder: Path) -> None:
    """No column is for one, and no day of anybody is the birth date."""
    columns = {
        name for file in ("people", "events", "prescriptions") for name in table(folder, f"{file}.parquet").schema.names
    }
    assert not {name for name in columns if "birth" in name or "name" in name or name == "extract"}
    births = {line.split(",")[0]: date.fromisoformat(line.split(",")[1]) for line in PATIENTS.split()}
    for file in ("people", "events"):
        for row in table(folder, f"{file}.parquet").to_pylist():
            days = [one for value in row.values() for one in (value if isinstance(value, list) else [value])]
            assert births[row["patient_id"]] not in days
    evidence = open_evidence(folder / "evaluated")
    for id_, born in births.items():
        patient = evidence.patient(id_)
        assert patient is None or patient.born != born
    found = explanation_of(EvidenceExplainRequest(folder / "evaluated", "HYP008", "high"))
    assert "PAT_DOB" not in found.explanation.values


def test_what_has_the_form_of_an_nhs_number_is_not_kept() -> None:
    store = InMemory(
        [Patient("9434765919", "A1", date(1980, 1, 1), "F", None, (Registration("A1", date(2010, 1, 1)),))]
    )
    with pytest.raises(Refused) as refused:
        _check_identifies("A1", store.table("A1", "patients"), ["patient_id"])
    assert refused.value.problems[0].code == "evaluation.evidence-identifies"
    assert "9434765919" not in str(refused.value.problems)


def test_what_somebody_should_look_at(folder: Path) -> None:
    """A diagnosis and a reading after the day, and a value that nobody can have."""

    def flags(patient: str) -> set[tuple[str, str]]:
        found = explanation_of(EvidenceExplainRequest(folder / "evaluated", "HYP008", patient))
        return {(str(one.event.date), one.why) for one in found.explanation.flags}

    late = "after the achievement date"
    assert flags("high") == {("2025-01-10", late), ("2025-01-12", late)}
    assert flags("ok1") == {("2024-07-01", "value not read: nobody can have it")}
    assert flags("declined") == set()


def test_the_last_reading_is_said(folder: Path) -> None:
    def last(patient: str) -> str:
        return str(explanation_of(EvidenceExplainRequest(folder / "evaluated", "HYP008", patient)).last)

    assert last("high") == "150/95 on 12 May 2024"
    assert last("ok3") == "128/78 on 3 Jun 2024"


def test_without_evidence_the_same_bytes_are_written(folder: Path, tmp_path: Path) -> None:
    scheme = str(folder / "scheme.yaml")
    evaluate(EvaluationRequest(scheme, folder / "store", tmp_path / "plain", ON))
    plain, with_it = contents(tmp_path / "plain"), contents(folder / "evaluated")
    assert {name for name in with_it if not name.startswith("evidence/")} == set(plain)
    assert [name for name in plain if plain[name] != with_it[name]] == ["manifest.json"]
    assert b"evidence" not in plain["manifest.json"]


def test_any_number_of_workers_and_either_engine_write_the_same_bytes(tmp_path: Path) -> None:
    make_people(SynthRequest(tmp_path / "store", 90, date(2025, 3, 31), practices=3, years=2, seed=3, workers=1))
    ways = {"one": {"workers": 1}, "three": {"workers": 3}, "reference": {"workers": 1, "engine": "reference"}}
    for name, way in ways.items():
        request = EvaluationRequest("qif-2024-25", tmp_path / "store", tmp_path / name, evidence=True, **way)  # type: ignore[arg-type]
        evaluate(request)
    assert len([name for name in contents(tmp_path / "one") if name.endswith("people.parquet")]) == 3
    assert contents(tmp_path / "three") == contents(tmp_path / "one") == contents(tmp_path / "reference")


def files() -> list[str]:
    return ["clusters.json", "events.parquet", "manifest.json", "outcomes/practice=A1.parquet", "people.parquet",
            "prescriptions.parquet", "scheme.yaml"]  # fmt: skip


def test_its_files(folder: Path) -> None:
    assert sorted(contents(folder / "evaluated" / "evidence" / "A1")) == files()


@pytest.mark.parametrize("name", files())
def test_a_changed_file_is_named(name: str, own: Path, folder: Path) -> None:
    path = own / "evidence" / "A1" / name
    path.write_bytes(
        path.read_bytes().replace(b"A1", b"A2", 1) if name == "manifest.json" else path.read_bytes() + b" "
    )
    why = ["explain", "HYP008", "--patient", "high", "--evidence"]
    for where in (own, own / "evidence" / "A1"):
        assert_refused(remit(*why, where), Path(name).name)
    assert_refused(remit("patients", own, "--indicator", "HYP008"), Path(name).name)


def test_a_file_that_is_gone_or_was_added_is_named(own: Path) -> None:
    why = ["explain", "HYP008", "--patient", "high", "--evidence", str(own / "evidence" / "A1")]
    (own / "evidence" / "A1" / "notes.txt").write_text("Call them")
    assert_refused(remit(*why), "notes.txt")
    (own / "evidence" / "A1" / "notes.txt").unlink()
    (own / "evidence" / "A1" / "people.parquet").unlink()
    assert_refused(remit(*why), "people.parquet")


def test_evidence_of_another_evaluation_in_its_place_is_found(own: Path, folder: Path, tmp_path: Path) -> None:
    """Whole by itself, and not what the evaluation wrote."""
    scheme = str(folder / "scheme.yaml")
    evaluate(EvaluationRequest(scheme, folder / "store", tmp_path / "other", date(2024, 11, 30), evidence=True))
    shutil.rmtree(own / "evidence")
    shutil.copytree(tmp_path / "other" / "evidence", own / "evidence")
    assert open_evidence(own / "evidence" / "A1").practice == "A1"
    assert_refused(remit("explain", "HYP008", "--patient", "high", "--evidence", own), "manifest.json", "was changed")


REFUSED = {
    "another practice": (("HYP008", "--patient", "high", "--practice", "B2"), "B2"),
    "nobody": (("HYP008", "--patient", "nobody"), "nobody"),
    "who has no outcome": (("HYP008", "--patient", "died"), "store of records"),
    "another indicator": (("CHOL003", "--patient", "high"), "CHOL003"),
    "no indicator": (("HYP999", "--patient", "high"), "HYP999"),
    "a day too": (("HYP008", "--patient", "high", "--on", "2024-12-31"), "--on"),
    "a store too": (("HYP008", "--patient", "high", "--records", "store"), "--records"),
}


@pytest.mark.parametrize(("given", "word"), REFUSED.values(), ids=list(REFUSED))
def test_what_is_refused(given: tuple[str, ...], word: str, folder: Path) -> None:
    assert_refused(remit("explain", *given, "--evidence", folder / "evaluated"), word)


def test_without_a_store_and_evidence_nothing_is_explained() -> None:
    assert_refused(remit("explain", "HYP008", "--patient", "high"), "--records", "--evidence")


def test_each_practice_has_a_folder_that_opens_by_itself(folder: Path, tmp_path: Path) -> None:
    [(practice, path)] = folders_of(folder / "evaluated").items()
    assert (practice, path) == ("A1", folder / "evaluated" / "evidence" / "A1")
    copied = shutil.copytree(path, tmp_path / "elsewhere" / "x")
    assert open_evidence(copied).practice == "A1"


@pytest.mark.parametrize("name", ["../A1", "/tmp", "..", "", "a/b"])
def test_no_manifest_leads_out_of_the_folder(name: str, own: Path) -> None:
    manifest = json.loads((own / "manifest.json").read_text())
    manifest["evidence"] = {"A1": name}
    (own / "manifest.json").write_bytes(sealed(manifest))
    assert_refused(remit("explain", "HYP008", "--patient", "high", "--evidence", own), "evidence.A1")
    inner = own / "evidence" / "A1"
    manifest = json.loads((inner / "manifest.json").read_text())
    manifest["evidence_of"] = name
    (inner / "manifest.json").write_bytes(sealed(manifest))
    assert_refused(remit("explain", "HYP008", "--patient", "high", "--evidence", inner), "evidence_of")


@pytest.mark.parametrize("change", [{"ages": [44]}, {"ages": [44, 60]}, {"ages": None}, {"registered_to": []}])
def test_people_that_do_not_fit_together_are_refused(change: dict[str, object], own: Path) -> None:
    """Of a folder that was made whole again after the change."""
    inner = own / "evidence" / "A1"
    rows = [{**row, **change} for row in pq.read_table(inner / "people.parquet").to_pylist()]
    pq.write_table(pa.Table.from_pylist(rows, schema=PEOPLE), inner / "people.parquet")
    manifest = json.loads((inner / "manifest.json").read_text())
    manifest["files"]["people.parquet"] = sha256_file(inner / "people.parquet")
    (inner / "manifest.json").write_bytes(sealed(manifest))
    found = remit("explain", "HYP008", "--patient", "high", "--evidence", inner)
    assert_refused(found, "people.parquet", "does not fit together")


def test_a_practice_of_whom_nobody_was_decided(tmp_path: Path) -> None:
    store = records(tmp_path / "made", patients="died,1950-01-10,M,2020-07-01,", events="died,2015-01-10,HYP_COD,,")
    evaluate(EvaluationRequest("qif-2024-25", store, tmp_path / "out", ON, evidence=True))
    evidence = open_evidence(tmp_path / "out")
    assert pq.read_metadata(evidence.folder / "people.parquet").num_rows == 0
    assert pq.read_metadata(evidence.folder / "events.parquet").num_rows == 0
    assert evidence.patient("died") is None


def test_an_evaluation_without_evidence_says_so(folder: Path, tmp_path: Path) -> None:
    evaluate(EvaluationRequest(str(folder / "scheme.yaml"), folder / "store", tmp_path / "plain", ON))
    found = remit("explain", "HYP008", "--patient", "high", "--evidence", tmp_path / "plain")
    assert_refused(found, "without evidence")
    with pytest.raises(Refused):
        folders_of(tmp_path / "plain")
    assert_refused(remit("explain", "HYP008", "--patient", "high", "--evidence", folder / "store"), "store of records")


def test_evidence_is_no_evaluation(folder: Path) -> None:
    found = remit("breakdown", folder / "evaluated" / "evidence" / "A1")
    assert_refused(found, "a practice's evidence, not an evaluation")


def test_sensitive_indicators_are_explained_only_on_request(folder: Path, tmp_path: Path) -> None:
    """RESPECT's population died in the year."""
    evaluate(EvaluationRequest("qif-2024-25", folder / "store", tmp_path / "out", ON, evidence=True))
    known = all_that_ship()
    dead = [row for row in read_evaluation(tmp_path / "out").outcomes("A1") if row.patient == "died"]
    assert dead, "who died in the year"
    code_ = dead[0].code
    why = ["explain", code_, "--evidence", str(tmp_path / "out"), "--patient", "died"]
    assert known.root(known.indicators[code_]) == "died in the year"
    assert_refused(remit(*why), "--sensitive")
    said = remit(*why, "--sensitive")
    assert said.status == 0
    wanted = explain(ExplainRequest(code_, folder / "store", "died", on=ON, sensitive=True))
    found = explanation_of(EvidenceExplainRequest(tmp_path / "out", code_, "died", sensitive=True))
    assert found.explanation.because == wanted.explanation.because


def test_rules_of_your_own_come_with_it(tmp_path: Path) -> None:
    """The file of rules is gone, and the folder alone explains."""
    store = records(tmp_path / "made")
    (tmp_path / "own.yaml").write_text(OWN)
    request = EvaluationRequest(
        "qif-2024-25", store, tmp_path / "out", ON, rules=(tmp_path / "own.yaml",), evidence=True
    )
    evaluate(request)
    wanted = explain(ExplainRequest("PULSE65", store, "high", on=ON, rules=(tmp_path / "own.yaml",)))
    shutil.move(tmp_path / "out" / "evidence" / "A1", tmp_path / "alone")
    (tmp_path / "own.yaml").unlink()
    shutil.rmtree(store)
    found = explanation_of(EvidenceExplainRequest(tmp_path / "alone", "PULSE65", "high"))
    assert found.explanation.lines == wanted.explanation.lines
    assert found.known.indicators["PULSE65"].title == "A local one"
    assert remit("patients", tmp_path / "alone", "--indicator", "PULSE65").status == 0


def test_rules_that_changed_since_are_refused(folder: Path, tmp_path: Path) -> None:
    evidence = open_evidence(folder / "evaluated")
    patient = evidence.patient("high")
    assert patient is not None
    path = tmp_path / "own.yaml"
    path.write_text(OWN.replace("PULSE65", "HYP008"))
    evidence.__dict__["known"] = read_definitions([path], all_that_ship())
    with pytest.raises(Refused) as refused:
        evidence.explanation(evidence.known.indicators["HYP008"], patient)
    assert refused.value.problems[0].code == "evaluation.evidence-of-other-rules"


@pytest.mark.parametrize(
    ("asks", "needs"),
    [
        ("PAT_AGE > 65", False), ("age on PPED > 65", False), ("age on (PPSD - 3 months) > 65", False),
        ("age on DEATH_DAT > 65", False), ("PULSE_DAT < (PAT_DOB + 18 months)", True), ("age on PULSE_DAT > 65", True),
        ("age on REG_DAT > 65", True),
    ],
)  # fmt: skip
def test_which_rules_need_a_birth_date(asks: str, needs: bool, tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(OWN.replace("if: PULSE_DAT <> Null", f"if: {asks}"))
    known = read_definitions([path], all_that_ship())
    assert needs_birth_date(known.indicators["PULSE65"], known) == needs


def test_no_rule_that_ships_needs_a_birth_date() -> None:
    known = all_that_ship()
    every = [*known.indicators.values(), *known.registers.values()]
    assert [one.code for one in every if needs_birth_date(one, known)] == []


def test_an_evaluation_lists_each_file_with_its_hash(folder: Path) -> None:
    evaluation = read_evaluation(folder / "evaluated")
    of_it = {name: sha256 for name, sha256 in evaluation.manifest.files.items() if name.startswith("evidence/A1/")}
    assert sorted(name.removeprefix("evidence/A1/") for name in of_it) == files()
    assert {name: sha256_file(folder / "evaluated" / name) for name in of_it} == of_it
    assert evaluation.has_evidence


def test_the_command_says_where_it_is_and_how_to_ask_it(folder: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    said = remit(
        "evaluate", folder / "scheme.yaml", "--records", folder / "store", "--on", str(ON), "--out", out, "--evidence"
    )
    assert said.status == 0, said.err
    assert f"what the rules read of them in {out / 'evidence'}" in said.out
    listed = remit("patients", out, "--indicator", "HYP008")
    assert f"remit explain HYP008 --evidence {out} --practice A1 --patient " in listed.out
    why = remit("explain", "HYP008", "--evidence", out, "--practice", "A1", "--patient", "high")
    assert why.status == 0
    assert "150/95" in why.out
