"""A run in columns is the run: the same folder byte by byte, the same messages, whatever the counts are.

The way row by row says what is right here; large runs take the way in columns, and here small ones are made to. Files
of counts are those of the recorded deck (every scheme of the library: mergers, joiners, networks, missing figures), bad
ones of every kind, and a good one that is written in other ways.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from tests.bad_files.command import COUNTS, HERE, PRACTICES, contents
from tests.deck.inputs import schemes, settings, write_csv, write_inputs

from remit.core.problems import Refused
from remit.core.rounding import exact_text, pence_text, ratio_text
from remit.files.tables import CsvRows, write_table
from remit.organisation.practices import CHANGE_COLUMNS, COLUMNS
from remit.payment.instalments import shares
from remit.pricing.plan import plan_of
from remit.pricing.vector import Points
from remit.runs import Run, open_run, read_inputs, write_run
from remit.runs.columns.figures import FigureColumns
from remit.runs.columns.plain import fits, plain_practices
from remit.runs.columns.priced import ColumnPricing, shares_of
from remit.runs.columns.reading import counts_in_columns
from remit.runs.columns.result_lines import percent_text, points_text, pounds_text
from remit.runs.columns.text import cells
from remit.scheme import load_scheme
from remit.scheme.model import WHOLE_LIST
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


def made_up(folder: Path, scheme: str, seed: int, practices: int = 48) -> tuple[Path, Path]:
    """Practices and counts of every item of a scheme; some are not plain, each in another way."""
    random, loaded = np.random.default_rng(seed), load_scheme(scheme)
    year = loaded.year.begins
    people: list[list[object]] = []
    rows: list[list[object]] = []
    for n in range(practices):
        code, size = f"P{n:03d}", int(random.integers(900, 30000))
        dates = {3: (f"{year}-08-01", "", ""), 7: ("", f"{year}-12-31", ""), 11: ("", f"{year}-10-31", "P012")}.get(
            n, ("", "", "")
        )
        code = {20: "P.20", 21: "=P21", 22: "P-22"}.get(n, code)
        people.append([code, f"The {n}, Practice", "", "", size, "", *dates])
        registers = {}
        for group in loaded.groups:
            share = 1.0 if group.list == WHOLE_LIST else 0.4
            register = int(random.binomial(int(size * share), random.beta(1, 20)))
            registers[group.group] = register = 0 if random.random() < 0.03 else register
            rows += [[code, group.group, "REGISTER", register], [code, group.group, "LIST_SIZE", int(size * share)]]
        for item in loaded.items:
            if item.measure == "achievement":
                most = registers[loaded.indicator(item.item).group]
                under = int(random.binomial(most, 0.7)) * int(random.random() > 0.05)
                over = int(random.binomial(under, random.beta(9, 2)))
                over = under if random.random() < 0.05 else over
                rows += [[code, item.item, "NUMERATOR", over], [code, item.item, "DENOMINATOR", under]]
                rows += [[code, item.item, "PCAS", int(random.binomial(most - under, 0.1))]] * int(
                    random.random() < 0.9
                )
            elif item.measure == "declared":
                rows.append([code, item.item, "DECLARED", int(random.random() < 0.9)])
            elif item.measure == "register" and n % 9 == 5:
                rows.append([code, item.item, "REGISTER", int(random.integers(0, 50))])
        before = {
            30: [],
            31: [["AGREED", "500"]],
            32: [["HISTORIC_POUNDS", "70000.55"]],
            33: [["HISTORIC_POINTS", "0"]],
        }
        points = before.get(n, [["HISTORIC_POINTS", f"{random.integers(30000, 55000) / 100:.2f}"]])
        rows += [[code, "*", *row] for row in points]
        if n == 40:
            rows.append([code, "*", "PROVISIONAL", "1"])
    rows = [row for row in rows if row[0] != "P041" or random.random() > 0.02]
    rows = [[*row[:3], 99999] if row[:3] == ["P042", "CHD", "LIST_SIZE"] else row for row in rows]
    write_csv(folder / "practices.csv", (*COLUMNS, *CHANGE_COLUMNS), [list(map(str, row)) for row in people])
    write_csv(folder / "counts.csv", HEADER.split(","), [list(map(str, row)) for row in rows])
    return folder / "practices.csv", folder / "counts.csv"


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("scheme", [ENGLAND, "qof-england-2023-24"])
def test_made_up_practices_of_england(tmp_path: Path, scheme: str, seed: int) -> None:
    practices, counts = made_up(tmp_path, scheme, seed)
    assert isinstance(both_ways(tmp_path, scheme, practices, counts, national="from-run"), dict)


WILD: dict[str, tuple[tuple[int, int], str, str]] = {
    "everybody in the nation on every register": ((5, 5), "", ""),
    "one in a nation of 10^15": ((1, 10**15 - 1), "", ""),
    "a list of 10^15": ((1000, 20_000), "999999999999999", ""),
    "a list of 10^15 beside lists of groups of 10^9": ((1000, 20_000), "999999999999999", "999999999"),
    "both": ((1, 10**15 - 1), "999999999999999", "999999999"),
    "lists and registers of 10^9": ((1000, 20_000), "999999999", "999999999"),
    "denominators of 10^12": ((1000, 20_000), "", "1000000000000"),
}
"""Register and list of the nation, the list of a practice, its registers with their lists (or its denominators)."""


@pytest.mark.parametrize("everybody", [False, True])
@pytest.mark.parametrize("how", WILD)
def test_numbers_that_columns_cannot_hold(tmp_path: Path, how: str, everybody: bool) -> None:
    """One practice has them, or all: the way row by row knows no largest number."""
    nation, size, count = WILD[how]
    practices, counts = made_up(tmp_path, ENGLAND, 4, practices=20)
    kept = [row.split(",") for row in counts.read_text(encoding="utf-8").splitlines()]
    of = ("REGISTER", "LIST_SIZE") if len(count) < 12 else ("DENOMINATOR",)
    for row in kept[1:]:
        if count and row[2] in of and (everybody or row[0] == "P005"):
            row[3] = count
    counts.write_text("\n".join(map(",".join, kept)) + "\n", encoding="utf-8")
    lines_ = [line.split(",,,") for line in practices.read_text(encoding="utf-8").splitlines()]
    for line in lines_[1:]:
        if size and (everybody or line[0].startswith("P005")):
            line[1] = ",".join([size, *line[1].split(",")[1:]])
    practices.write_text("\n".join(map(",,,".join, lines_)) + "\n", encoding="utf-8")
    national = tmp_path / "national.csv"
    groups = [[group.group, *map(str, nation)] for group in load_scheme(ENGLAND).groups]
    write_csv(national, ("group_code", "register", "list_size"), groups)
    assert isinstance(both_ways(tmp_path, ENGLAND, practices, counts, national=national), dict)


def test_most_practices_of_england_are_priced_together(tmp_path: Path) -> None:
    """Otherwise the test before would compare one way with itself."""
    practices, counts = made_up(tmp_path, ENGLAND, 1)
    run = Run(read_inputs([ENGLAND], practices, counts, national="from-run", by_columns=True))
    assert fits(run)
    pricing = ColumnPricing(run)
    plain = plain_practices(run, pricing.plan, run.codes)
    priced = pricing.price(plain)
    assert 20 < len(priced.codes) < len(plain) < len(run.codes)
    assert not {"P003", "P007", "P011", "P012", "P.20", "=P21", "P030", "P040", "P041", "P042"} & {*priced.codes}


def test_an_opened_run_is_the_run(tmp_path: Path) -> None:
    practices, counts = made_up(tmp_path, ENGLAND, 3, practices=20)
    write_run(Run(read_inputs([ENGLAND], practices, counts, national="from-run", by_columns=True)), tmp_path / "one")
    write_run(open_run(tmp_path / "one"), tmp_path / "again")
    assert contents(tmp_path / "again") == contents(tmp_path / "one")


FIRST_OR_LAST: tuple[Literal["first", "last"], ...] = ("first", "last")
ROUNDED: tuple[Literal["nearest", "down"], ...] = ("nearest", "down")


def test_parts_of_an_advance() -> None:
    """`payment.instalments.shares`, of many amounts at once."""
    plan = plan_of(load_scheme(ENGLAND), {}, {})
    terms = plan.scheme.terms.advances[0]
    amounts = np.array([*range(200), 12345678, 10**12 + 7])
    for parts, remainder, rounding in product((1, 7, 12), FIRST_OR_LAST, ROUNDED):
        found = shares_of(amounts, terms.model_copy(update={"remainder": remainder, "rounding": rounding}), parts)
        assert found.tolist() == [shares(int(one), parts, remainder, rounding) for one in amounts]


def test_points_and_rates_as_text() -> None:
    random = np.random.default_rng(5)
    under = np.concatenate([random.integers(1, 5000, 3000), random.integers(1, 10**12, 3000), [1, 2, 3, 10**11]])
    over = np.concatenate([random.integers(0, 60000, 3000), random.integers(0, 10**13, 3000), [0, 1, 2, 1]])
    assert points_text([Points(over, under)]).to_pylist() == [
        exact_text(Fraction(int(a), int(b)), 2) for a, b in zip(over, under, strict=True)
    ]
    large = Points(np.array([10**30, 7], dtype=object), np.array([3, 10**25], dtype=object))
    assert points_text([large]).to_pylist() == [exact_text(Fraction(10**30, 3), 2), exact_text(Fraction(7, 10**25), 2)]
    nobody = Points(np.array([], dtype=object), np.array([], dtype=object))
    assert points_text([nobody]).type == points_text([large]).type  # and can be joined to text
    part = np.minimum(over, under)
    shown = percent_text(np.append(part, [0, -1]), np.append(under, [0, -1])).to_pylist()
    assert shown == [*(ratio_text(100 * int(a), int(b), most=6) for a, b in zip(part, under, strict=True)), None, None]
    pence = np.array([0, 5, 10, 99, 100, 101, 123456789])
    assert pounds_text(pence).to_pylist() == [pence_text(int(one)) for one in pence]


@pytest.mark.parametrize(
    "text", ["", "a", "a,b", 'a"b', "a\nb", "a\rb", "=a", "-5", "-a", "+1", "@x", "'=a", " a", "\ta", "£"]
)
def test_cells_are_written_as_rows_write_them(tmp_path: Path, text: str) -> None:
    write_table(tmp_path / "one.csv", ("a", "b"), [["", text]])
    assert (tmp_path / "one.csv").read_bytes().decode() == f"a,b\n,{cells(['plain', text])[1]}\n"


def test_a_small_run_starts_without_what_columns_need(tmp_path: Path) -> None:
    words = [
        "run",
        "qif-2024-25",
        "--practices",
        str(PRACTICES),
        "--counts",
        str(COUNTS),
        "--out",
        str(tmp_path / "out"),
    ]
    program = (
        "import sys; from remit.cli.main import main\n"
        "try: main()\nexcept SystemExit as end: assert not end.code\n"
        "assert not {'numpy', 'pyarrow'} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", program, *words], check=True, capture_output=True)


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
