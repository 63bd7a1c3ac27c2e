"""A run of a small scheme: tables in as text, rows out."""

from __future__ import annotations

import csv
import tempfile
import textwrap
from pathlib import Path

from tests.spec.language import HEAD, SOURCE

import remit
from remit.runs.several_schemes import run_claims, write_claimed_runs
from remit.scheme import Scheme
from remit.scheme.loader import build
from remit.scheme.source import parse_source

Rows = list[tuple[str, ...]]
TERMS = """
terms:
  balance: {due: 2025-07-31}
  recovery: {months: 6, notified: 2025-05-31}
  changes: {joiner: whole months, leaver: days, merger: successor}
"""
PRACTICES = "practice_code,practice_name,network_code,list_size\nA1,One,N1,6000\nA2,Two,N1,4000\n"
COUNTS = "practice_code,indicator_code,measure,value,period\n"


def local(items: str, *parts: str, terms: str = TERMS) -> Scheme:
    """A scheme that pays after the year, with these items; a point is £200."""
    given = [HEAD, SOURCE, "point: {value: £200}", terms, textwrap.dedent(items), *parts]
    return build(parse_source("\n".join(given), "a-scheme.yaml"))


def rows(files: Path, name: str, *columns: str) -> Rows:
    """Columns of a result table."""
    with (files / name).open(encoding="utf-8", newline="") as file:
        return [tuple(row[column] for column in columns) for row in csv.DictReader(file)]


def lines(text: str, columns: int) -> str:
    """A table as CSV: its cells are set apart by spaces, `-` is an empty one, and so are those left out at the end."""
    cells = [["" if cell == "-" else cell for cell in line.split()] for line in text.strip().splitlines()]
    return "".join(",".join([*line, *[""] * (columns - len(line))]) + "\n" for line in cells)


def paid(found: Scheme, counts: str, *columns: str, table: str = "award.csv", **more: object) -> Rows:
    """The rows of a result table, for counts given as practice, indicator, measure, value and period."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "practices.csv").write_text(str(more.pop("practices", PRACTICES)), encoding="utf-8")
        (folder / "counts.csv").write_text(COUNTS + lines(counts, 5), encoding="utf-8")
        run = remit.run(found, folder / "practices.csv", folder / "counts.csv", **more)  # type: ignore[arg-type]
        remit.write_run(run, folder / "out")
        return rows(folder / "out", table, *columns)


def claimed(schemes: list[Scheme], claims: str, *columns: str) -> Rows:
    """The rows of claims.csv, for claims given as practice, pseudonym, item, quarter, from and to."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "practices.csv").write_text(PRACTICES, encoding="utf-8")
        header = "practice_code,pseudonym,item,quarter,from,to\n"
        (folder / "claims.csv").write_text(header + lines(claims, 6), encoding="utf-8")
        made = run_claims(schemes, folder / "practices.csv", folder / "claims.csv")
        write_claimed_runs(made, folder / "out")
        return rows(folder / "out", "claims.csv", *columns)
