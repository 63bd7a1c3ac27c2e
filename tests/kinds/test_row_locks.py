"""Kind: a row that is locked for one writer at a time, in whose way is every other row that points at it.

PostgreSQL's FOR UPDATE waits for whoever adds a row with a foreign key to it, and they for it: whoever released a
payment run while a practice agreed to a recovery plan had a deadlock. FOR NO KEY UPDATE keeps out other writers alone.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SERVICE = Path(__file__).parents[2] / "src/remit/service"
LOCKING = sorted(path for path in SERVICE.rglob("*.py") if "select_for_update" in path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", LOCKING, ids=lambda path: path.relative_to(SERVICE).as_posix())
def test_a_lock_keeps_out_other_writers_alone(path: Path) -> None:
    calls = [
        node
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "select_for_update"
    ]
    assert calls
    for call in calls:
        assert "no_key" in {one.arg for one in call.keywords}, f"{path.name}, line {call.lineno}: say no_key=True"
