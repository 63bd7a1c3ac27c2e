"""A run in columns is the run: the same folder byte by byte, the same messages, whatever the counts are.

The way row by row says what is right here; large runs take the way in columns, and here small ones are made to. Files
of counts are those of the recorded deck (every scheme of the library: mergers, joiners, networks, missing figures), bad
ones of every kind, and a good one that is written in other ways.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.bad_files.command import HERE, PRACTICES, contents
from tests.deck.inputs import schemes, settings, write_inputs

from remit.core.problems import Refused
from remit.files.tables import CsvRows
from remit.runs import Run, read_inputs, write_run
from remit.runs.columns.figures import FigureColumns
from remit.runs.columns.reading import counts_in_columns
from remit.scheme import load_scheme
from remit.scoring.counts import check_counts

BAD = sorted(path.name for path in (HERE / "counts").glob("*.csv"))
ENGLAND = "qof-england-2018-19"


def run_into(
    folder: Path, by_columns: bool, scheme: str | Path, practices: Path, counts: Path, **more: object
) -> dict[str, bytes] | list[str]:
    """What a run writes, with its warnings; or everything that it is refused for."""
    try:
        inputs = read_inputs([scheme], practices, counts, by_columns=by_columns, **more)  # type: ignore[arg-type]
    except Refused as refused:
        return [str(problem) for problem in refused.problems] + [str(refused.total)]
    summary = write_run(Run(inputs), folder)
    said = "\n".join([*map(str, inputs.warnings), repr(summary)])
    return {**contents(folder), "warnings": said.encode()}


def both_ways(tmp_path: Path, *given: object, **more: object) -> Mapping[str, bytes] | list[str]:
    """What the two ways give, which is the same."""
    rows = run_into(tmp_path / "rows", False, *given, **more)  # type: ignore[arg-type]
    columns = run_into(tmp_path / "columns", True, *given, **more)  # type: ignore[arg-type]
    if isinstance(rows, list) or isinstance(columns, list):
        assert columns == rows
    else:
        assert columns.keys() == rows.keys()
        assert [name for name in rows if columns[name] != rows[name]] == []
    return rows


@pytest.mark.parametrize("scheme", sorted(name for name, entry in schemes().items() if "claims" not in entry))
def test_every_scheme_of_the_library(tmp_path: Path, scheme: str) -> None:
    write_inputs(scheme, tmp_path)
    given = dict(word.split("=", 1) for word in settings(scheme)[1::2])
    national = "from-run" if schemes()[scheme].get("national") == "from-run" else None
    for turn in (1, 2):
        folder = tmp_path / str(turn)
        folder.mkdir()
        files = tmp_path / f"practices-{turn}.csv", tmp_path / f"counts-{turn}.csv"
        both_ways(folder, scheme, *files, national=national, settings=given)


@pytest.mark.parametrize("name", BAD)
def test_bad_counts_are_refused_in_the_same_words(tmp_path: Path, name: str) -> None:
    both_ways(tmp_path, "qif-2024-25", PRACTICES, HERE / "counts" / name)


GOOD = [
    ["A1", "AF001", "REGISTER", "86"], ["A1", "AF006", "NUMERATOR", "32"], ["A1", "AF006", "DENOMINATOR", "49"],
    ["A1", "AF006", "PCAS", "2"], ["A1", "*", "HISTORIC_POINTS", "501.25"], ["A2", "AF", "REGISTER", "120"],
    ["A2", "AF006", "NUMERATOR", "0"], ["A2", "AF006", "DENOMINATOR", "0"], ["A2", "PC002", "DECLARED", "1"],
    ["A2", "*", "HISTORIC_POINTS", "480"],
]  # fmt: skip
HEADER = "practice_code,indicator_code,measure,value"


def lines(*rows: str, header: str = HEADER, end: str = "\n") -> str:
    """The good rows and some more as a file."""
    return end.join([header, *map(",".join, GOOD), *rows, ""])


WRITTEN: dict[str, str] = {
    "as it is": lines(),
    "without a last line end": lines().rstrip("\n"),
    "with the line ends of Windows": lines(end="\r\n"),
    "with those of old machines": lines(end="\r"),
    "with blank lines": lines("", "A1,AF007,NUMERATOR,3", "", ""),
    "with empty rows": lines(",,,"),
    "with a blank after a comma": lines("A1, AF007,NUMERATOR,3"),
    "with quotes": lines('A1,"AF007",NUMERATOR,3'),
    "with a mark before a cell": lines("A1,'AF007,NUMERATOR,3"),
    "with other spellings": lines("A1,af-007,den,30", "A1,Af_007,NUM,3"),
    "with capitals in the header": lines(header="Practice_Code,INDICATOR CODE,Measure,Value"),
    "with a column that is not read": lines(header=f"{HEADER},note").replace("86", "86,x"),
    "with a period column that is empty": "\n".join(
        f"{line}," for line in lines(header=f"{HEADER},period").split("\n")[:-1]
    ).replace("period,", "period"),
    "with leading zeros": lines("A1,AF007,NUMERATOR,003", "A1,AF007,DENOMINATOR,0030"),
    "with a sign": lines("A1,AF007,NUMERATOR,+3"),
    "negative": lines("A1,AF007,NUMERATOR,-3"),
    "in hexadecimal": lines("A1,AF007,NUMERATOR,0x1F"),
    "with an exponent": lines("A1,AF007,NUMERATOR,1e3"),
    "with decimals": lines("A1,AF007,NUMERATOR,3.0"),
    "not available": lines("A1,AF007,NUMERATOR,NA"),
    "not filled in": lines("A1,AF007,NUMERATOR,"),
    "of a measure that is not needed": lines("A1,AF007,ACHIEVED_POINTS,3"),
    "of a measure that is not used for it": lines("A1,PC002,NUMERATOR,3"),
    "given twice": lines("A1,AF001,REGISTER,86"),
    "given twice by group and spelling": lines("A2,af,REGISTER,120"),
    "of an unknown indicator": lines("A1,XX999,REGISTER,86"),
    "of an unknown practice": lines("A9,AF001,REGISTER,86"),
    "of the year before": "\n".join([f"{HEADER},period", "A1,*,HISTORIC_POINTS,500,2017-18", "A1,AF001,REGISTER,7,"]),
    "of the achievement date": "\n".join([f"{HEADER},period", "A1,AF001,REGISTER,7,2019-03-31"]),
    "provisional": "\n".join([f"{HEADER},provisional", "A1,AF001,REGISTER,7,0123456789abcdef"]),
    "a numerator that is above": lines("A1,AF007,NUMERATOR,31", "A1,AF007,DENOMINATOR,30"),
    "people that are above the register": lines("A1,AF007,NUMERATOR,3", "A1,AF007,DENOMINATOR,300"),
    "a register that is above the list": lines("A2,AF001,REGISTER,999999"),
    "larger than is calculated with": lines("A1,AF007,NUMERATOR,1234567890123456"),
    "of fifteen digits": lines("A1,AF007,NUMERATOR,3", "A1,AF007,DENOMINATOR,123456789012345"),
    "twice the points": lines().replace("501.25", "1501.25"),
    "a row too long": lines("A1,AF007,NUMERATOR,3,4"),
    "a row too short": lines("A1,AF007,NUMERATOR"),
    "a first row too long": "\n".join([HEADER, "A1,AF001,REGISTER,7,9", "A1,AF007,NUMERATOR,3,9", ""]),
    "nothing": f"{HEADER}\n",
    "letters of other languages": lines("Ä1,AF001,REGISTER,7"),
}
"""Counts of two practices of QOF 2018-19, and what else may stand in such a file."""


@pytest.mark.parametrize("how", WRITTEN)
def test_counts_however_they_are_written(tmp_path: Path, how: str) -> None:
    counts, practices = tmp_path / "counts.csv", tmp_path / "practices.csv"
    counts.write_bytes(WRITTEN[how].encode())
    practices.write_text(
        'practice_code,practice_name,list_size\nA1,"Alder, and Ash",8412\nA2,=Birch,6120\n', encoding="utf-8"
    )
    both_ways(tmp_path, ENGLAND, practices, counts)


PLAIN = (
    "as it is", "with the line ends of Windows", "with blank lines", "with other spellings", "with leading zeros",
    "with capitals in the header", "people that are above the register", "with a period column that is empty",
    "of fifteen digits",
)  # fmt: skip


@pytest.mark.parametrize("how", PLAIN)
def test_what_is_plainly_right_is_read_in_columns(tmp_path: Path, how: str) -> None:
    """Otherwise the tests here would compare one way with itself."""
    counts, scheme = tmp_path / "counts.csv", load_scheme(ENGLAND)
    counts.write_bytes(WRITTEN[how].encode())
    scheme_of = dict.fromkeys(("A1", "A2"), scheme)
    read, rows = counts_in_columns(CsvRows(counts), scheme_of), check_counts(CsvRows(counts), scheme_of)
    assert read is not None
    assert isinstance(read.figures, FigureColumns)
    assert dict(read.figures) == dict(rows.figures)
    assert read.figures["A1"]["AF001"] == rows.figures["A1"]["AF001"]
