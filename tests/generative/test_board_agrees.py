"""Both engines over made-up practices: every file of both evaluations is the same, to the byte."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.bad_files.command import contents

from remit.evaluation.evaluator import Evaluator
from remit.evaluation.folder import write_evaluation
from remit.records.store import Store
from remit.rules.definitions import shipped
from remit.scheme import load_scheme
from remit.synthetic.store import make_store, store_request
from remit.terminology.sets import demonstration


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("board") / "records"
    make_store(store_request(4500, 7, date(2025, 3, 31), 3), folder, workers=1)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize(
    ("scheme", "on"), [("qof-england-2024-25", "2025-03-31"), ("qif-2024-25", "2024-12-31")], ids=["qof", "qif"]
)
def test_the_engines_write_the_same_bytes(tmp_path: Path, store: Path, scheme: str, on: str) -> None:
    made = Evaluator(load_scheme(scheme), Store(store), demonstration(), shipped(), date.fromisoformat(on))
    fast = write_evaluation(made, tmp_path / "fast", workers=1)
    slow = write_evaluation(made, tmp_path / "slow", engine="reference", workers=1)
    assert fast.categories == slow.categories
    assert sum(sum(of.values()) for of in fast.categories.values()) > 3_000
    one, other = contents(tmp_path / "fast"), contents(tmp_path / "slow")
    assert one.keys() == other.keys()
    assert [name for name in one if one[name] != other[name]] == []
