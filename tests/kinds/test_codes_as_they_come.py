"""Kind: a damaged code is stored, is in no cluster, and its patient is on no register, unseen.

Spreadsheets, data frames and copied tables alter codes. Here is every alteration and every place where one can be met:
the import of a CSV or Parquet file, `remit clusters import`, the check of a store that an earlier version filled,
evaluate and explain. What was surely altered is rejected, here as there; what may be meant is stored and told of.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.bad_files.command import remit
from tests.faults.folders import SMALL, held, imported, rows_of, write_folder
from tests.kinds.old_stores import with_cells
from tests.kinds.test_names_of_folders import as_parquet

from remit.core.problems import Refused
from remit.records.cells import FORM
from remit.records.findings import ALTERED, CHECK_DIGIT, MISSPELT, NO_CONCEPT, NO_FORM, TERM_CODE
from remit.records.quality import check_store
from remit.records.store import Store
from remit.records.value_quality import Reading
from remit.terminology import read_files
from remit.terminology.codes import misspelt

HYP, LONG = "38341003", "1049321000000109"  # the check digits hold: both are in the demonstration's clusters

ALTERED_CODES = {
    "a point and a nought": f"{HYP}.0",
    "two places": f"{HYP}.00",
    "a point": f"{HYP}.",
    "an apostrophe before": f"'{HYP}",
    "an apostrophe behind": f"{HYP}'",
    "a back quote": f"`{HYP}",
    "a sign": f"-{HYP}",
    "an equals sign": f"={HYP}",
    "a zero-width space": f"{HYP}\u200b",
    "a byte order mark": f"\ufeff{HYP}",
    "a soft hyphen": "3834\u00ad1003",
    "a no-break space within": "3834\u00a01003",
    "a direction mark": f"\u202d{HYP}",
    "full-width digits": "".join(chr(0xFF10 + int(digit)) for digit in HYP),
    "Arabic digits": "".join(chr(0x660 + int(digit)) for digit in HYP),
    "a letter that looks like another": "C1\u041e..",  # a Cyrillic O
    "a typographic quote": f"\u2019{HYP}",
    "a term in bars": f"{HYP}|term|",
    "a term in brackets": f"{HYP}(disorder)",
    "a term behind a hyphen": f"{HYP}-Hypertension",
    "an address and a bar before": f"http://snomed.info/sct|{HYP}",
    "a system and a bar before": f"SCT|{HYP}",
    "a blank and a term": f"{HYP} |Hypertensive disorder|",
    "a system before": f"SNOMED:{HYP}",
    "an address before": f"http://snomed.info/id/{HYP}",
    "an exponent": "3.8341E+07",
    "an exponent without a sign": "3.8341e7",
    "a whole exponent": "4E+07",
    "noughts filled up before": f"0{HYP}",
    "more noughts": f"0000000{HYP}",
}
DOUBTED = {
    "rounded to fifteen digits": ("1049321000000100", CHECK_DIGIT),
    "a digit mistyped": ("38341004", CHECK_DIGIT),
    "two digits swapped": ("38314003", CHECK_DIGIT),
    "a Read code with its 00": ("G20..00", TERM_CODE),
    "a Read code with another term": ("G20..11", TERM_CODE),
    "a description's identifier": ("64176011", NO_CONCEPT),
    "a long description's identifier": ("1231871000000112", NO_CONCEPT),
    "a number for none": ("-1", NO_FORM),
    "a Read code of four with its 00": ("H33z.00", TERM_CODE),
    "words": ("Hypertensive_disorder", NO_FORM),
    "a made-up code without its number": ("demo:", NO_FORM),
    "a form of none": ("I10/2", NO_FORM),
    "a letter": ("c", NO_FORM),
}
SOUND = [
    HYP, LONG, "44054006", "999791000000106", "G20..", "G20", "C10E.", "C10F9", "XaJix", "137R.", "2469.", "1371.",
    "^ESCT123", "EMISNQAB12", "4548-4", "E11.9", "I10", "K40.1", "207", "1002", "demo:BPDEC_COD-1", "9E21.", "8E1a.",
]  # fmt: skip
"""What is a code of some system, and must be neither rejected nor told of."""


def folder(home: Path, code: str, parquet: bool = False, table: str = "events") -> Path:
    """Two records of a patient: one of a sound code, one of this."""
    quoted = '"' + code.replace('"', '""') + '"'
    rows = {
        "events": [f"A1,p1,2024-05-01,{text},,,," for text in ("1001", quoted)],
        "prescriptions": [f"A1,p1,2024-05-01,{text},28,tablet" for text in ("1001", quoted)],
    }
    made = write_folder(home, {**SMALL, "events": [], "prescriptions": [], table: rows[table]})
    if parquet:
        as_parquet(made / f"{table}.csv")
    return made


@pytest.mark.parametrize("table", ["events", "prescriptions"])
@pytest.mark.parametrize("parquet", [False, True], ids=["csv", "parquet"])
@pytest.mark.parametrize("how", ALTERED_CODES)
def test_line_4_an_altered_code_is_rejected(how: str, parquet: bool, table: str, tmp_path: Path) -> None:
    code = ALTERED_CODES[how]
    report = imported(folder(tmp_path / "in", code, parquet, table), tmp_path / "store")
    assert (report.stored[table], report.rejected[table]) == (1, 1)
    assert report.rejected_file is not None
    [row] = rows_of(report.rejected_file)[1:]
    assert row.split(",")[2:3] == ["code"]
    assert "expected a code" in row
    assert code not in row, "a reason quotes no cell"
    assert [event.code for event in held(tmp_path / "store")["A1"][0].events] == ["1001"]


@pytest.mark.parametrize("how", ALTERED_CODES)
def test_line_4_clusters_import_refuses_what_records_import_rejects(how: str, tmp_path: Path) -> None:
    (tmp_path / "hyp_cod.csv").write_text(f'code,term\n1001,A\n"{ALTERED_CODES[how]}",B\n', encoding="utf-8")
    with pytest.raises(Refused) as refused:
        read_files([tmp_path / "hyp_cod.csv"], "mine", "1")
    assert {problem.code for problem in refused.value.problems} == {"terminology.code-malformed"}


@pytest.mark.parametrize("table", ["events", "prescriptions"])
@pytest.mark.parametrize("parquet", [False, True], ids=["csv", "parquet"])
@pytest.mark.parametrize("how", DOUBTED)
def test_line_4_a_code_that_may_be_wrong_is_stored_and_told_of(
    how: str, parquet: bool, table: str, tmp_path: Path
) -> None:
    code, kind = DOUBTED[how]
    report = imported(folder(tmp_path / "in", code, parquet, table), tmp_path / "store")
    assert report.rejected.total() == 0
    assert [(told.table, told.column, told.count) for told in report.cells] == [(table, "code", 1)]
    found = {finding.code: finding for finding in check_store(Store(tmp_path / "store")).findings}
    assert (found[kind].table, found[kind].count, found[kind].about) == (table, 1, f"{code} (1)")


SAID = [("snomed", "38341003", 0), ("snomed", "C10E.", 1), ("read2", "38341003", 1), ("loinc", "4548-4", 0),
        ("loinc", "G20..", 1), ("icd10", "E11.9", 0), ("icd10", "4548-4", 1), ("local", "anything_at/all", 0),
        ("", "anything_at/all", 1), ("", "4548-4", 0)]  # fmt: skip


@pytest.mark.parametrize(("system", "code", "told"), SAID)
def test_line_4_a_code_is_of_the_form_of_the_system_that_is_said(
    system: str, code: str, told: int, tmp_path: Path
) -> None:
    made = write_folder(tmp_path / "in", events=[], prescriptions=[])
    (made / "events.csv").write_text(f"practice_code,patient_id,date,code,system\nA1,p1,2024-05-01,{code},{system}\n")
    report = imported(made, tmp_path / "store")
    assert sum(one.count for one in report.cells if one.how == FORM) == told
    found = [f.count for f in check_store(Store(tmp_path / "store")).findings if f.code == NO_FORM]
    assert found == [1] * told


@pytest.mark.parametrize("code", SOUND)
def test_line_4_a_sound_code_is_stored_in_silence(code: str, tmp_path: Path) -> None:
    report = imported(folder(tmp_path / "in", code), tmp_path / "store")
    assert (report.rejected.total(), report.cells) == (0, ())
    assert check_store(Store(tmp_path / "store")).findings == []
    (tmp_path / "hyp_cod.csv").write_text(f"code,term\n{code},A\n", encoding="utf-8")
    assert read_files([tmp_path / "hyp_cod.csv"], "mine", "1")[1] == ()


def test_line_4_a_code_in_a_column_of_numbers(tmp_path: Path) -> None:
    """Whole numbers are codes; decimals with places are stored as 38341003.00, and binary ones are not exact."""

    def as_numbers(kind: pa.DataType, name: str) -> Path:
        made = folder(tmp_path / name, HYP)
        (made / "events.csv").unlink()
        row = {"practice_code": ["A1"], "patient_id": ["p1"], "date": ["2024-05-01"]}
        code = pa.array([Decimal(HYP) if pa.types.is_decimal(kind) else int(HYP)]).cast(kind)
        pq.write_table(pa.table({**row, "code": code}), made / "events.parquet")
        return made

    for n, kind in enumerate((pa.int64(), pa.int32(), pa.uint64(), pa.decimal128(18, 0))):
        imported(as_numbers(kind, f"in{n}"), tmp_path / f"store{n}")
        assert [event.code for event in held(tmp_path / f"store{n}")["A1"][0].events] == [HYP], kind
    rows = as_numbers(pa.decimal128(20, 2), "places")
    table = pq.read_table(rows / "events.parquet")
    pq.write_table(pa.concat_tables([table, table]), rows / "events.parquet")
    with pytest.raises(Refused, match="2 of 2 rows cannot be stored") as refused:
        imported(rows, tmp_path / "store")
    assert "found a number that a spreadsheet shortened: export the codes as text" in str(refused.value)
    with pytest.raises(Refused, match="binary floating-point"):
        imported(as_numbers(pa.float64(), "binary"), tmp_path / "store")


@pytest.mark.parametrize("how", ALTERED_CODES)
def test_line_4_the_check_finds_what_an_earlier_version_stored(how: str, tmp_path: Path) -> None:
    imported(folder(tmp_path / "in", "G20.."), tmp_path / "store")
    with_cells(tmp_path / "store", "A1", "events", "code", lambda code: ALTERED_CODES[how] if code != "1001" else code)
    found = {finding.code: finding.count for finding in check_store(Store(tmp_path / "store")).findings}
    assert found == {ALTERED: 1}


RESPELT = {
    **{text: HYP for how, text in ALTERED_CODES.items()
       if how in ("a point and a nought", "two places", "an apostrophe before", "an apostrophe behind", "a back quote",
                  "a zero-width space", "a byte order mark", "a soft hyphen", "a direction mark", "full-width digits",
                  "a term in bars", "a term in brackets", "a blank and a term", "noughts filled up before")},
    "1049321000000100": LONG,  # as a spreadsheet has it, with fifteen digits
    "1049321000000110": LONG,
    "G20": "G20..", "G20..00": "G20..", "G20..11": "G20..", "C10E.00": "C10E.00x",
}  # fmt: skip


def test_line_4_another_spelling_of_a_code_that_a_cluster_has() -> None:
    known = [HYP, LONG, "G20..", "H33..00", "XE0Ub", "E11.9", "I694"]
    right = {text: code for text, code in RESPELT.items() if code in known}
    found = misspelt([*right, "44054006", "XaJix", "H33", "H33..", "zz"], known)
    expected = {**right, "H33": "H33..00", "H33..": "H33..00"}
    assert found == expected
    # Capitals are lost on the way, and ICD-10 is written with and without its point; `g20..` is another code.
    assert misspelt(["XE0UB", "E119", "I69.4", "g20.."], known) == {"XE0UB": "XE0Ub", "E119": "E11.9", "I69.4": "I694"}


def old_store(tmp_path: Path) -> Path:
    """A practice of two with hypertension, of whom one has a damaged code, as an earlier version stored it."""
    people = [f"X1,{id_},1960-06-15,F,,,," for id_ in ("good", "hurt")]
    stays = [f"X1,{id_},X1,2010-01-01," for id_ in ("good", "hurt")]
    events = [f"X1,{id_},2015-01-01,{code},,,," for id_, code in (("good", HYP), ("hurt", "1001"))]
    made = write_folder(tmp_path / "in", extracts=["2025-03,X1,2025-03-31"], practices=["X1,,Example,1000,1000,,"],
                        patients=people, registrations=stays, events=events, prescriptions=[])  # fmt: skip
    imported(made, tmp_path / "store")
    with_cells(tmp_path / "store", "X1", "events", "code", lambda code: f"{HYP}.0" if code == "1001" else code)
    return tmp_path / "store"


def test_line_4_evaluate_says_how_many_events_are_in_no_cluster(tmp_path: Path) -> None:
    store = old_store(tmp_path)
    said = remit("evaluate", "qof-england-2024-25", "--records", store, "--on", "2025-03-31", "--out", tmp_path / "out")
    assert said.status == 0, said.err
    assert (
        "1 of 2 events have a code that is in no cluster of demonstration (1); most often 38341003.0 (1)." in said.out
    )
    assert "1 events have another spelling of a code that a cluster has" in said.err.replace("\n", " ")
    counts = (tmp_path / "out" / "counts.csv").read_text()
    assert "X1,HYP,REGISTER,1," in counts


def test_line_4_explain_and_check_name_the_code(tmp_path: Path) -> None:
    store = old_store(tmp_path)
    said = remit("explain", "HYP008", "--records", store, "--patient", "hurt", "--on", "2025-03-31")
    assert "38341003.0 for 38341003 (1)" in said.err.replace("\n", " ")
    assert "evaluation.code-misspelt" in said.err
    checked = check_store(Store(store), reading=Reading(codes={"HYP_COD": [HYP]}))
    assert [f.about for f in checked.findings if f.code == MISSPELT] == ["38341003.0 for 38341003 (1)"]
    assert "38341003.0" in remit("records", "check", store).out
