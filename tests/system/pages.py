"""The pages that a browser looks at: made once by the commands themselves, on made-up people and the worked example.

A command that can write a page has a line in `PAGES`.
"""

from __future__ import annotations

import contextlib
import csv
from pathlib import Path

import duckdb
from filelock import FileLock
from tests.bad_files.command import remit
from tests.kinds.every_block import document

from remit.documents.render.html import as_html

EXAMPLE = Path(__file__).parents[2] / "examples" / "qif-2024-25"

_DUE = "--set chol004_from=2024-12-05"
_OF_EXAMPLE = "--practices {example}/practices.csv --counts {example}/counts.csv"
_OF_THREE = "--practices {examples}/simulate/practices.csv --counts {examples}/simulate/counts.csv"
_REFORMS = "--change {examples}/simulate/2a-retired.yaml --change {examples}/simulate/2a-higher.yaml"
_ABOUT = "--about {examples}/simulate/practices-about.csv"

MADE_BEFORE = (
    "synth --patients 900 --practices 2 --seed 1 --out store",
    "evaluate qif-2024-25 --records store --out counted",
    "evaluate qof-england-2024-25 --records store --out counts",
    f"run qif-2024-25 --practices counted/practices.csv --counts counted/counts.csv {_DUE} --out qif",
    "run qof-england-2024-25 --practices counts/practices.csv --counts counts/counts.csv --national from-run --out qof",
    f"run qif-2024-25 {_OF_EXAMPLE} --out example",
    f"run qif-2024-25 {_OF_EXAMPLE} {_DUE} --out later",
    f"run qif-2024-25 {_OF_THREE} --indicator 2a --indicator 4 --out three",
)
"""What the pages are made from."""

PAGES = {
    "statement-qif": "statement qif --practice P002",
    "statement-qof": "statement qof --practice P002",
    "statement-example": "statement example --practice A1",
    "worklist": "worklist counted counts --records store --practice P002 --run qif --run qof",
    "breakdown": "breakdown counts --by deprivation --indicator HYP008",
    "breakdown-by-age": "breakdown counts --by age",
    "compare": "compare example later",
    "reconcile": "reconcile example theirs.csv",
    "calendar": "calendar example --practice A1",
    "area": "area example qif",
    "catalogue": "catalogue --commissioner staffordshire",
    "catalogue-due": "catalogue --commissioner staffordshire --due 3 --on 2026-01-01",
    "foi": "foi FOI-0525/1288 --commissioner staffordshire",
    "spec": "spec HYP008",
    "explain": "explain HYP008 --records store --practice P002 --patient {patient}",
    "records-check": "records check store --on 2025-03-31",
    "show": "show qif-2024-25",
    "show-qof": "show qof-england-2025-26 --patients 12000",
    "show-boundaries": "show qif-2024-25 --boundaries",
    "schemes": "schemes",
    "diff": "diff qof-england-2024-25 qof-england-2025-26",
    "overview": "overview qif qof",
    "overview-example": "overview example",
    "patients": "patients counts --indicator HYP008 --practice P002",
    "what-if": "what-if example --item 4 --thresholds +3pp",
    "simulate": f"simulate three {_REFORMS} {_ABOUT}",
    "simulate-qof": "simulate qof --change {examples}/reform-2019-20/qof-2025-26-as-a-reform.yaml --draws 40",
    "chance": "chance three",
    "chance-of-one": "chance three --practice A2",
    "pca": "pca qof --evaluation counts",
    "savings": "savings --share 50% --minimum-rate 2% --activity 250 --price £150",
    "design": "design qif --item 3,4,2b --budget £5,000",
}
"""A page's name, and the command that writes it."""

EVERY_BLOCK = "every-block"
"""The made-up document that has every kind of block."""


def made(shared: Path) -> Path:
    """The folder with all pages; made by the first that asks, however many processes run the tests."""
    folder = shared / "pages"
    with FileLock(shared / "pages.lock"):
        if not (folder / "done").exists():
            folder.mkdir(exist_ok=True)
            _make(folder)
            (folder / "done").touch()
    return folder


def _make(folder: Path) -> None:
    with contextlib.chdir(folder):
        for line in MADE_BEFORE:
            _ran(line)
        _write_theirs()
        for name, line in PAGES.items():
            _ran(f"{line} --html {name}.html")
        Path(f"{EVERY_BLOCK}.html").write_text(as_html(document(40)), encoding="utf-8")


def _ran(line: str) -> None:
    if "{patient}" in line:
        line = line.replace("{patient}", _patient())
    words = line.replace("{example}", str(EXAMPLE)).replace("{examples}", str(EXAMPLE.parent)).split()
    said = remit(*words)  # `reconcile` has status 1 where figures are apart
    assert Path(words[-1]).exists(), f"remit {line}\n{said.err}"


def _write_theirs() -> None:
    """The other side's file: the example's counts, one of them wrong."""
    with (EXAMPLE / "counts.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    value = rows[0].index("value")
    rows[1][value] = str(int(rows[1][value]) + 1)
    with Path("theirs.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [["PRACTICE_CODE", "INDICATOR_CODE", "MEASURE", "VALUE"], *(row[:4] for row in rows[1:])]
        )


def _patient() -> str:
    """The first patient of P002 whom HYP008 counts."""
    outcomes = Path("counts", "outcomes", "practice=P002.parquet")
    sql = f"select min(patient_id) from '{outcomes}' where indicator_code = 'HYP008' and category = 'achieved'"
    row = duckdb.connect().execute(sql).fetchone()
    assert row is not None
    return str(row[0])
