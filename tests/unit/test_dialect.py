"""SQL is written in `dialect`, `scan`, `supply` and `value_limits`, and of the service where its check lets it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import remit
from remit.evaluation.engine import dialect, scan, supply, value_limits
from remit.service.scope import listed

SOURCES = Path(remit.__file__).parent
DIALECT = Path(dialect.__file__)
SCAN = Path(scan.__file__)
SUPPLY = Path(supply.__file__)
LIMITS = Path(value_limits.__file__)
WORDS = re.compile(
    r"\b(SELECT|DISTINCT|FROM|JOIN|WHERE|GROUP BY|ORDER BY|UNION|VALUES|EXISTS|FILTER|EXCLUDE|USING|CASE|WHEN|THEN|ELSE"
    r"|END|CAST|COALESCE|BETWEEN|INTERVAL|IS NULL|IS NOT|AND|OR|TRUE|FALSE|NULL|CREATE|INSERT|TEMP|DROP|PRAGMA|SET"
    r"|BIGINT|HUGEINT|TINYINT|VARCHAR|DECIMAL)\b"
    r"|\b(list_\w+|read_parquet|coalesce|greatest|least|count|sum|min|max|year|month|day)\("
)


def texts(source: str) -> Iterator[str]:
    """Every text of a module, pieces of f-strings too, but no docstring."""
    tree = ast.parse(source)
    alone = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in alone:
            yield node.value


def words(path: Path) -> list[str]:
    return [match[0] for text in texts(path.read_text(encoding="utf-8")) for match in WORDS.finditer(text)]


@pytest.mark.parametrize("room", ["evaluation", "records", "terminology", "worklist", "disclosure", "synthetic"])
def test_sql_stands_in_four_modules(room: str) -> None:
    """Records are read and written as Parquet by pyarrow, and need none."""
    modules = [path for path in sorted((SOURCES / room).rglob("*.py")) if path not in (DIALECT, SCAN, SUPPLY, LIMITS)]
    assert len(modules) > 2
    assert {str(path.relative_to(SOURCES)): found for path in modules if (found := words(path))} == {}


def test_nor_is_there_any_elsewhere() -> None:
    """Rules, help and spreadsheets have ANDs of their own, so only whole statements are looked for."""
    modules = [path for path in SOURCES.rglob("*.py") if path not in (DIALECT, SCAN, SUPPLY, LIMITS)]
    found = {path.relative_to(SOURCES) for path in modules if {"SELECT", "read_parquet("} & {*words(path)}}
    assert {path for path in found if path.parts[0] != "service" and path.parts[-2] != "migrations"} == set()


def test_in_the_service_it_stands_where_the_scopes_check_lets_it() -> None:
    """Its rows are read by Django's managers, and what sends SQL beside them is listed with its reason."""
    service = SOURCES / "service"
    found = {
        path.relative_to(service).as_posix()
        for path in service.rglob("*.py")
        if {"SELECT", "read_parquet("} & {*words(path)} and path.parent.name != "migrations"
    }
    texts = {"audit/triggers.py", "scope/conditions.py", "scope/listed.py"}  # hold SQL, and send none
    assert found - texts <= listed.SQL.keys()


def test_the_scan_sees_sql() -> None:
    found = [*words(DIALECT), *words(SCAN)]
    assert len(found) > 200
    assert {"SELECT", "CASE", "CAST", "JOIN", "IS NULL", "AND", "coalesce(", "PRAGMA"} <= {*found}
    source = '"""SELECT"""\ndef f():\n    """CAST"""\n    return f"{x} IS NULL", "-- SELECT"'
    assert sorted(texts(source)) == [" IS NULL", "-- SELECT"]
