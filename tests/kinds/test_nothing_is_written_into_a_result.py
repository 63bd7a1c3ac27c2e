"""Kind: a command writes into a result, which is then not as it was written.

Each way to write a file or a folder, with a name that lies in a run, in an evaluation or in a store.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.bad_files.command import assert_refused, contents, remit, run_arguments
from tests.kinds.made import given, make, words_for

from remit.records.store import Store


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run, an evaluation and a store."""
    home = given(tmp_path_factory.mktemp("made"))
    for kind in ("run", "evaluation", "imported"):
        make(kind, home, home / kind)
    return home


@pytest.mark.parametrize("inside", ["x", "award.csv", "inputs/x", "a/b/c/x"])
@pytest.mark.parametrize("there", ["run", "evaluation", "imported"])
def test_nothing_is_written_into_a_result(made: Path, there: str, inside: str) -> None:
    out = made / there / inside
    practice = Store(made / "people").codes[0]
    before = contents(made)
    run = made / "run"
    commands: tuple[tuple[str | Path, ...], ...] = (
        ("statement", run, "--practice", "A81001", "--html", out),
        ("calendar", run, "--csv", out),
        ("compare", run, run, "--csv", out),
        ("reconcile", run, run / "award.csv", "--csv", out),
        ("breakdown", made / "evaluation", "--by", "age", "--csv", out),
        ("worklist", made / "evaluation", "--records", made / "people", "--practice", practice, "--csv", out),
        ("patients", made / "evaluation", "--practice", practice, "--csv", out),
        ("spec", "HYP008", "--html", out),
        ("records", "check", made / "people", "--html", out),
        ("new", "ours-2026-27", "--out", out),
        (*run_arguments("qif-2024-25"), "--out", out),
        words_for("evaluation", made, out),
        words_for("set", made, out),
    )
    for words in commands:
        assert_refused(remit(*words, "--replace"))
        assert contents(made) == before, words
