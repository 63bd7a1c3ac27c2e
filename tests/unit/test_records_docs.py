"""docs/reference/records.md says what the code does: every column, how it is stored, every finding and bound."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from remit.records.findings import KINDS
from remit.records.layout import EXTRACTS, TABLES
from remit.records.measures import rows

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "reference" / "records.md").read_text(encoding="utf-8")
DIAGRAM = (DOCS / "reference" / "figures" / "records.svg").read_text(encoding="utf-8")
STORED = {"string": "text", "date32[day]": "date", "decimal128(18, 6)": "decimal(18, 6)"}


def test_every_column_stands_in_its_table() -> None:
    for layout in TABLES:
        section = PAGE.partition(f"### `{layout.name}`\n")[2].partition("\n#")[0]
        rows = re.findall(r"^\| `(\w+)`( \(required\))? \| (.+?) \| (.+) \|$", section, re.MULTILINE)
        assert rows == [
            (c.name, " (required)" if c.required else "", STORED.get(str(c.type), "whole number"), c.about)
            for c in layout.columns
        ]
    assert [name for name in EXTRACTS if f"| `{name}` |" not in PAGE] == []


def test_every_column_stands_in_the_diagram() -> None:
    words = re.findall(r">(\w+)</text>", DIAGRAM)
    for layout in TABLES:
        start = words.index(layout.name)
        drawn = words[start : start + 2 * len(layout.columns) + 3]
        assert [name for name in (*layout.names, "extract") if name not in drawn] == []


def test_every_finding_and_limit_is_explained() -> None:
    found = re.findall(r"^\| ([^|]+) \| ([^|]+) \|", PAGE, re.MULTILINE)
    assert [kind for kind in KINDS.values() if kind not in {name for name, _ in found}] == []
    limits = [f"| {b['cluster']} | `{b['unit']}` | {b['lowest']} | {b['highest']} |" for b in rows("limits.csv")]
    assert [limit for limit in limits if limit not in PAGE] == []
    assert [row for row in rows("units.csv") if f"`{row['written']}`" not in PAGE] == []


@pytest.mark.parametrize("name", ["units.csv", "limits.csv"])
def test_every_row_has_a_standing_and_a_source(name: str) -> None:
    assert {row["standing"] for row in rows(name)} <= {"verified", "inferred", "assumed"}
    assert [row for row in rows(name) if not row["source"].strip()] == []


def test_the_how_to_shows_the_headers_that_the_import_reads() -> None:
    page = (DOCS / "how-to" / "import-records.md").read_text(encoding="utf-8")
    for layout in TABLES:
        assert f"{layout.name}.csv " in page
        ordinary = [name for name in layout.names if name not in layout.optional]
        assert ",".join(("practice_code", *ordinary)) in page
        named = re.search(rf"^{layout.name}\.csv +… (.+)$", page, re.MULTILINE)
        assert (named[1].split(",") if named else []) == [*layout.optional]
