"""What somebody sends is kept only where it is of the type that is expected and identifies no patient.

The numbers are made up: each has the check digit of an NHS number, and begins with 999, which belongs to nobody.
"""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from pathlib import Path

import pytest

from remit.application.identifying import check_upload
from remit.application.identifying_rows import headed_as
from remit.core.nhs_numbers import has_check_digit
from remit.core.problems import Refused
from remit.documents.blocks import Para
from remit.documents.render.pdf import page_as_pdf

NUMBER = "9990000018"
COUNTS = b"practice_code,indicator_code,measure,value\nA1,2a,NUMERATOR,41\n"
SPACED = f"{NUMBER[:3]} {NUMBER[3:6]} {NUMBER[6:]}"


def test_the_number_of_these_tests_has_its_check_digit() -> None:
    assert has_check_digit(NUMBER)


def refused(path: Path, content: bytes, name: str = "ours.csv", expected: tuple[str, ...] = ("csv",)) -> Refused:
    path = path / "sent"
    path.write_bytes(content)
    with pytest.raises(Refused) as raised:
        check_upload(path, name, expected)  # type: ignore[arg-type]
    text = json.dumps([[str(one), dict(one.data)] for one in raised.value.problems], default=str)
    assert NUMBER not in text
    assert SPACED not in text
    assert str(path.parent) not in text
    assert all(one.place is None or one.place.file == name for one in raised.value.problems)
    return raised.value


def workbook(cells: str = "", shared: str = "", more: dict[str, bytes] | None = None) -> bytes:
    """A workbook of one sheet, as its parts."""
    sheet = f'<worksheet xmlns="x"><sheetData>{cells}</sheetData></worksheet>'
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
        if shared:
            archive.writestr("xl/sharedStrings.xml", f"<sst>{shared}</sst>")
        for name, content in (more or {}).items():
            archive.writestr(name, content)
    return made.getvalue()


def test_the_mark_of_a_provisional_count_is_nobodys_number(tmp_path: Path) -> None:
    """6229862743 has the check digit of an NHS number: it is part of the mark that an evaluation wrote."""
    head = b"practice_code,indicator_code,measure,value,period,provisional\n"
    path = tmp_path / "counts.csv"
    path.write_bytes(head + b"P007,CHOL002,PCAS,0,2024-12-31,cffe0f6229862743\n")
    check_upload(path, "counts.csv", ("csv",))
    refused(tmp_path, head + b"P008,CHOL002,PCAS,0,2024-12-31,cffe0f6229862743\n")  # of another row


def test_counts_are_taken(tmp_path: Path) -> None:
    for content in (COUNTS, b"\xef\xbb\xbf" + COUNTS, COUNTS.replace(b"\n", b"\r\n")):
        (tmp_path / "sent").write_bytes(content)
        check_upload(tmp_path / "sent", "counts.csv")


OTHERS = {
    "zip": workbook(),
    "gzip": gzip.compress(COUNTS),
    "pdf": b"%PDF-1.7\n1 0 obj",
    "page": b"<!doctype html><title>counts</title>",
    "page after a space": b"  \n<html><script>alert(1)</script>",
    "picture": b"\x89PNG\r\n\x1a\n" + COUNTS,
    "old workbook": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "utf-16": COUNTS.decode().encode("utf-16"),
    "utf-16 without its mark": COUNTS.decode().encode("utf-16-le"),
    "nul": COUNTS + b"\x00",
    "latin-1": COUNTS + "A1,2a,NUMERATOR,Ann\xe9\n".encode("latin-1"),
    "archive at the end": COUNTS + workbook(),
    "pdf further on": COUNTS + b"%PDF-1.4\n",
    "archive over two blocks": COUNTS + b"A1,2a,NUMERATOR,1\n" * 60_000 + b"PK\x05\x06" + b"0" * 18,
    "one endless line": b"a" * (3 << 20),
    "nothing": b"",
    "program": b"\x7fELF\x02",
}


@pytest.mark.parametrize("kind", OTHERS)
def test_another_type_is_refused_by_its_content(tmp_path: Path, kind: str) -> None:
    assert refused(tmp_path, OTHERS[kind]).problems


@pytest.mark.parametrize("text", [NUMBER, SPACED, SPACED.replace(" ", "-"), f"patient {NUMBER} seen", f"{NUMBER}.0"])
def test_an_nhs_number_in_a_cell_is_refused_with_its_row_and_column(tmp_path: Path, text: str) -> None:
    found = refused(tmp_path, COUNTS + f"A1,2a,{text},3\n".encode())
    (one,) = found.problems
    assert one.code == "disclosure.nhs-number"
    assert one.place
    assert (one.place.line, one.place.column) == (3, 3)


def test_all_are_counted_and_twenty_are_said(tmp_path: Path) -> None:
    found = refused(tmp_path, COUNTS + f"A1,2a,{NUMBER},3\n".encode() * 50)
    assert (len(found.problems), found.total) == (20, 50)


@pytest.mark.parametrize(
    ("head", "what"),
    [
        ("Surname", "a name"), ("first name", "a name"), ("Patient_Name", "a name"), ("DOB", "a birth date"),
        ("Date of birth", "a birth date"), ("patient-birth-date", "a birth date"), ("Post code", "an address"),
        ("address_line_1", "an address"), ("NHS No.", "an NHS number"), ("patient_id", "a patient"),
        ("practice_name", ""), ("practice_postcode", ""), ("value", ""), ("period", ""), ("list_size", ""),
        ("network_code", ""), ("place_code", ""), ("joined", ""), ("title", ""),
    ],
)  # fmt: skip
def test_columns_are_known_by_their_heads(head: str, what: str) -> None:
    assert headed_as(head) == what


def test_a_column_of_names_is_refused_with_its_place(tmp_path: Path) -> None:
    (one,) = refused(tmp_path, b"practice_code,Surname,value\nA1,Smith,3\n").problems
    assert one.place
    assert (one.code, one.place.line, one.place.column) == ("disclosure.column-of-patients", 1, 2)
    assert "Smith" not in str(one)


XLSX = ("xlsx",)


@pytest.mark.parametrize(
    ("cells", "shared"),
    [
        (f'<row r="4"><c r="C4"><v>{NUMBER}</v></c></row>', ""),
        (f'<row r="4"><c r="C4"><v>{int(NUMBER) / 1e9!r}E9</v></c></row>', ""),
        (f'<row r="4"><c r="C4" t="inlineStr"><is><t>{SPACED}</t></is></c></row>', ""),
        (
            '<row r="4"><c r="C4" t="s"><v>0</v></c></row>',
            f"<si><r><t>{SPACED[:5]}</t></r><r><t>{SPACED[5:]}</t></r></si>",
        ),
    ],
)
def test_an_nhs_number_in_a_workbook_is_refused_with_its_sheet_and_cell(
    tmp_path: Path, cells: str, shared: str
) -> None:
    one = refused(tmp_path, workbook(cells, shared), "evidence.xlsx", XLSX).problems[0]
    assert "sheet sheet1, row 4, column 3" in one.message


def test_a_workbook_with_nothing_of_patients_is_taken(tmp_path: Path) -> None:
    (tmp_path / "sent").write_bytes(workbook('<row r="1"><c r="A1"><v>41</v></c></row>'))
    check_upload(tmp_path / "sent", "evidence.xlsx", ("xlsx",))


HOSTILE = {
    "bomb": workbook("<row/>" * 8_000_000),
    "billion laughs": workbook(
        more={"xl/sharedStrings.xml": b'<!DOCTYPE x [<!ENTITY a "aaaa">]><sst><si>&a;</si></sst>'}
    ),
    "nested": workbook("<c>" * 5000 + "</c>" * 5000),
    "macro": workbook(more={"xl/vbaProject.bin": b"x"}),
    "files inside": workbook(more={"xl/embeddings/other.zip": b"x"}),
    "no workbook": b"PK\x03\x04" + b"0" * 200,
    "many parts": workbook(more={f"xl/part{n}.xml": b"" for n in range(2100)}),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_workbook_is_refused_within_the_limits(tmp_path: Path, kind: str) -> None:
    assert refused(tmp_path, HOSTILE[kind], "evidence.xlsx", XLSX).problems


def pdf(text: str) -> bytes:
    return page_as_pdf("Evidence", "", (Para("First line."), Para(text)), "evidence")


def test_an_nhs_number_in_a_pdf_is_refused_with_its_page(tmp_path: Path) -> None:
    one = refused(tmp_path, pdf(f"Seen: {SPACED}."), "evidence.pdf", ("pdf",)).problems[0]
    assert one.code == "disclosure.nhs-number"
    assert "page 1" in one.message


def test_a_pdf_with_nothing_of_patients_is_taken(tmp_path: Path) -> None:
    (tmp_path / "sent").write_bytes(pdf("41 of 100 patients."))
    check_upload(tmp_path / "sent", "evidence.pdf", ("pdf",))


def test_an_encrypted_and_a_broken_pdf_are_refused(tmp_path: Path) -> None:
    from pypdf import PdfWriter

    writer = PdfWriter(io.BytesIO(pdf("Counts.")))
    writer.encrypt("secret", algorithm="RC4-128")
    made = io.BytesIO()
    writer.write(made)
    assert "encrypted" in str(refused(tmp_path, made.getvalue(), "evidence.pdf", ("pdf",)))
    assert refused(tmp_path, b"%PDF-1.7\nnothing", "evidence.pdf", ("pdf",)).problems
