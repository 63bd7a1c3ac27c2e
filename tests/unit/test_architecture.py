"""The two walks of the architecture page: every file that they name takes part, and they are as short as they say."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from typer.testing import CliRunner

import remit
from remit.cli.main import app

ROOT = Path(str(remit.__file__)).parent
REPOSITORY = Path(__file__).parents[2]
PAGE = (REPOSITORY / "docs" / "explanation" / "architecture.md").read_text(encoding="utf-8")
EXAMPLE = REPOSITORY / "examples" / "qif-2024-25"


def walk(heading: str) -> list[str]:
    """The files of a walk, in their order."""
    part = PAGE.partition(f"## {heading}")[2].partition("\n## ")[0]
    return re.findall(r"^\| \d+ \| `([^`]+)` \|", part, re.MULTILINE)


@pytest.fixture(scope="module")
def touched(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The files of Remit whose functions ran between `remit run` and the statement."""
    out, found = tmp_path_factory.mktemp("walk") / "run", set[str]()

    def watch(frame: FrameType, event: str, _: Any) -> None:
        if event == "call" and frame.f_code.co_name != "<module>":
            found.add(frame.f_code.co_filename)

    made = [
        "run",
        "qif-2024-25",
        "--practices",
        str(EXAMPLE / "practices.csv"),
        "--counts",
        str(EXAMPLE / "counts.csv"),
    ]
    sys.setprofile(watch)
    try:
        done = CliRunner().invoke(app, [*made, "--out", str(out)])
        shown = CliRunner().invoke(app, ["statement", str(out), "--practice", "A1", "--full"])
    finally:
        sys.setprofile(None)
    assert done.exit_code == shown.exit_code == 0, done.output + shown.output
    assert "41 / 100" in shown.output
    return {Path(name).relative_to(ROOT).as_posix() for name in found if name.startswith(str(ROOT))}


@pytest.mark.parametrize(
    ("heading", "most"),
    [
        ("A counts row, from `remit run` to its statement line", 12),
        ("A threshold, from YAML to pounds", 8),
    ],
)
def test_a_walk_names_files_that_take_part(heading: str, most: int, touched: set[str]) -> None:
    files = walk(heading)
    assert 6 < len(files) <= most
    assert [name for name in files if not (ROOT / name).is_file()] == []
    assert [name for name in files if name not in touched] == []


def test_the_page_lists_the_rooms_in_the_order_that_import_linter_holds() -> None:
    listed = re.findall(r"^([a-z]+) {2,}\S", PAGE.partition("```text\n")[2].partition("```")[0], re.MULTILINE)
    layers = re.search(r"layers = \[(.*?)\]", (REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"), re.DOTALL)
    assert layers is not None
    assert listed == re.findall(r'"([a-z]+)"', layers[1])
