"""Kind: a code of a code system is refused, or is taken for the same text of another system.

Here is every system, and every place that a code with its system passes: the import of lists and of records, a set's
folder, its hash, locks, differences, `clusters show`, and an evaluation of a store with systems.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.bad_files.command import assert_refused, remit
from tests.faults.folders import HEADERS, imported, write_folder

from remit.core.problems import Refused
from remit.files.hashes import sha256_text
from remit.records.model import Event
from remit.records.store import Store
from remit.terminology import ClusterSet, differ, load_clusters, lock_of, read_files, verify, write_clusters
from remit.terminology.codes import check_digit_fails, wrong_with
from remit.terminology.systems import SYSTEMS, read_system

CODES = {
    "snomed": ("38341003", "999791000000106"),
    "dmd": ("19842211000001107",),
    "read2": ("C10E.", "137R.", "C10E.00"),
    "ctv3": ("X40J5", "XaJix"),
    "loinc": ("4548-4", "8480-6", "2345-7", "LA6569-3"),
    "icd10": ("I10", "I10X", "E11.9", "E119", "G20", "F00.1"),
    "opcs4": ("K40.1", "K401", "W37"),
    "cvx": ("207", "3", "03"),
    "local": ("EMISNQAB12", "a-1/b", "4548-4"),
}
NOT_OF = {
    "snomed": ("4548-4", "C10E.", "12345"),
    "dmd": ("X40J5",),
    "read2": ("38341003", "C10", "E11.9-"),
    "ctv3": ("X40J", "X40J55"),
    "loinc": ("4548", "4548-44", "-4", "E11.9"),
    "icd10": ("1E1", "e11.9", "38341003"),
    "opcs4": ("K4", "K40.12"),
    "cvx": ("2070", "x1"),
    "local": ("x" * 65,),
}
URIS = [
    ("http://snomed.info/sct", "snomed"), ("http://snomed.info/sct/999000041000000102/version/20241205", "snomed"),
    ("urn:oid:2.16.840.1.113883.6.96", "snomed"), ("https://dmd.nhs.uk", "dmd"), ("http://loinc.org", "loinc"),
    ("https://loinc.org/", "loinc"), ("urn:oid:2.16.840.1.113883.6.1", "loinc"), ("http://read.info/readv2", "read2"),
    ("http://read.info/ctv3", "ctv3"), ("http://hl7.org/fhir/sid/icd-10", "icd10"),
    ("urn:oid:2.16.840.1.113883.6.3", "icd10"), ("http://hl7.org/fhir/sid/cvx", "cvx"),
    ("urn:oid:2.16.840.1.113883.12.292", "cvx"),
]  # fmt: skip
NAMES = (
    URIS + [(name, name) for name in SYSTEMS] + [(other, name) for name, others in SYSTEMS.items() for other in others]
)


def test_every_system_is_tried() -> None:
    assert {*CODES} == {*NOT_OF} == {*SYSTEMS}


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_code_of_a_system_is_a_code(system: str) -> None:
    for code in CODES[system]:
        assert wrong_with(code, system) == "", code
        if system != "local":
            assert wrong_with(code) == "", code
    assert all(wrong_with(code, system) for code in NOT_OF[system])


def test_the_digit_behind_the_hyphen_of_a_loinc_code() -> None:
    """4548: 8 doubled is 16, 7; 4; 5 doubled is 10, 1; 4: 16, and 4 more make 20."""
    assert check_digit_fails("4548-4", "loinc") == check_digit_fails("4548-4") == ""
    assert check_digit_fails("4548-5", "loinc") == check_digit_fails("4558-4") == "loinc"
    assert check_digit_fails("4548-5", "local") == ""  # a supplier's own


def listed(folder: Path, text: str, name: str = "list.csv") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def hba1c(folder: Path, system: str, column: str = "system") -> ClusterSet:
    held, warnings = read_files(
        [f"HBA1C_COD={listed(folder, f'code,term,{column}{chr(10)}4548-4,HbA1c,{system}{chr(10)}')}"], "mine", "1"
    )
    assert not warnings
    return held


@pytest.mark.parametrize(("written", "system"), NAMES)
def test_a_list_says_its_system_as_people_write_it(tmp_path: Path, written: str, system: str) -> None:
    code = CODES[system][0]
    for spelt in (written, written.upper()):
        path = listed(tmp_path, f"code,term,code_system\n{code},a term,{spelt}\n")
        held, _ = read_files([f"A_COD={path}"], "mine", "1")
        assert held.clusters["A_COD"].systems == {code: frozenset({system})}


@pytest.mark.parametrize("text", [
    "http://hl7.org/fhir/sid/icd-10-cm", "urn:oid:2.16.840.1.113883.6.238", "http://example.org/own", "rxnorm", "http://",
])  # fmt: skip
def test_another_system_is_none_of_these(text: str) -> None:
    with pytest.raises(ValueError, match="expected snomed, dmd, read2, ctv3, loinc, icd10, opcs4, cvx or local"):
        read_system(text)


def test_an_option_says_it_of_rows_that_do_not(tmp_path: Path) -> None:
    path = listed(tmp_path, "cluster,code,term,system\nA_COD,4548-4,HbA1c,\nA_COD,E11.9,T2,ICD-10\n")
    ask = ("clusters", "import", path, "--name", "mine", "--release", "1")
    done = remit(*ask, "--system", "LOINC", "--out", tmp_path / "set")
    assert done.status == 0, done
    assert load_clusters(tmp_path / "set").clusters["A_COD"].systems == {
        "4548-4": frozenset({"loinc"}), "E11.9": frozenset({"icd10"})
    }  # fmt: skip
    refused = remit(*ask, "--system", "lionc", "--out", tmp_path / "b")
    assert_refused(refused, "--system: there is no code system 'lionc'. Did you mean loinc")


def test_a_system_with_no_name_and_a_code_of_another_are_refused_with_their_row(tmp_path: Path) -> None:
    path = listed(tmp_path, "code,system\n4548-4,lionc\n4548-4,snomed\n38341003,snomed\n")
    with pytest.raises(Refused) as refused:
        read_files([path], "mine", "1")
    said = [(problem.place.line if problem.place else None, problem.code) for problem in refused.value.problems]
    assert said == [(2, "terminology.system-unknown"), (3, "terminology.code-malformed")]
    assert (refused.value.problems[0].hint or "").startswith("Did you mean loinc")
    assert refused.value.problems[1].message == "the code '4548-4' does not have the form of SNOMED CT codes."


def test_one_text_in_two_systems_is_two_members(tmp_path: Path) -> None:
    path = listed(tmp_path, "code,term,system\nG20..,Parkinson,read2\nG20..,Hypertension,ctv3\nI10,Hypertension,\n")
    held, warnings = read_files([f"A_COD={path}"], "mine", "1")
    assert not warnings
    one = held.clusters["A_COD"]
    assert sorted(one.members()) == [("G20..", "ctv3"), ("G20..", "read2"), ("I10", "")]
    assert one.sha256 == sha256_text("G20.. ctv3\nG20.. read2\nI10\n")
    assert held.code_count == 2


def test_a_code_that_a_row_without_a_system_holds_is_of_any(tmp_path: Path) -> None:
    path = listed(tmp_path, "code,term,system\n4548-4,HbA1c,loinc\n4548-4,HbA1c,\n")
    held, _ = read_files([f"A_COD={path}"], "mine", "1")
    assert held.clusters["A_COD"].systems == {}


def test_identifiers_of_dmd_are_those_of_snomed_ct(tmp_path: Path) -> None:
    path = listed(tmp_path, "code,system\n19842211000001107,dm+d\n38341003,snomed\n")
    held, _ = read_files([f"A_COD={path}"], "mine", "1")
    both = frozenset({"snomed", "dmd"})
    assert held.systems_of(["A_COD"]) == {("A_COD", "19842211000001107"): both, ("A_COD", "38341003"): both}


def test_a_folder_keeps_systems_and_one_without_is_as_it_was(tmp_path: Path) -> None:
    held = hba1c(tmp_path, "loinc")
    write_clusters(held, tmp_path / "set")
    assert load_clusters(tmp_path / "set").clusters == held.clusters
    assert (tmp_path / "set" / "clusters.csv").read_text("utf-8").splitlines() == [
        "cluster,code,term,source,system", "HBA1C_COD,4548-4,HbA1c,list.csv,loinc"
    ]  # fmt: skip
    plain, _ = read_files([f"A_COD={listed(tmp_path, 'code,term' + chr(10) + '38341003,x' + chr(10))}"], "mine", "1")
    write_clusters(plain, tmp_path / "plain")
    assert (tmp_path / "plain" / "clusters.csv").read_text("utf-8").splitlines()[0] == "cluster,code,term,source"
    assert plain.clusters["A_COD"].sha256 == sha256_text("38341003\n")


def test_locks_and_differences_see_another_system_as_another_code(tmp_path: Path) -> None:
    loinc, local, unsaid = (hba1c(tmp_path / system, system) for system in ("loinc", "local", ""))
    assert len({one.sha256 for one in (loinc, local, unsaid)}) == 3
    lock = tmp_path / "clusters.lock"
    lock.write_text(lock_of(["HBA1C_COD"], loinc).model_dump_json(), "utf-8")
    verify(lock, ["HBA1C_COD"], loinc)
    for other in (local, unsaid):
        with pytest.raises(Refused, match="locks HBA1C_COD"):
            verify(lock, ["HBA1C_COD"], other)
    (changed,) = differ(loinc, local).changed
    assert (dict(changed.added), dict(changed.removed)) == ({"4548-4 (local)": "HbA1c"}, {"4548-4 (LOINC)": "HbA1c"})


def test_a_cluster_is_shown_with_the_systems_of_its_codes(tmp_path: Path) -> None:
    write_clusters(hba1c(tmp_path, "loinc"), tmp_path / "set")
    assert "LOINC" in remit("clusters", "show", tmp_path / "set", "HBA1C_COD").out
    found = json.loads(remit("clusters", "show", tmp_path / "set", "HBA1C_COD", "--format", "json").out)
    assert found["codes"] == [{"code": "4548-4", "term": "HbA1c", "source": "list.csv", "systems": ["loinc"]}]


@pytest.mark.parametrize("system", SYSTEMS)
def test_records_of_every_system_are_imported(tmp_path: Path, system: str) -> None:
    made = write_folder(tmp_path / "in", events=[], prescriptions=[])
    rows = [f"A1,p1,2024-05-0{n},{code},,,,,{system}" for n, code in enumerate(CODES[system], 1)]
    (made / "events.csv").write_text("\n".join([HEADERS["events"] + ",system", *rows]) + "\n", "utf-8")
    assert not imported(made, tmp_path / "store").rejected["events"]
    found = [event for patient in Store(tmp_path / "store").patients("A1") for event in patient.events]
    assert [(event.code, event.system) for event in found] == [(code, system) for code in CODES[system]]
    assert isinstance(found[0], Event)
