"""Kind: the machine that Remit runs on changes what it writes: language, time zone, umask, hash seed, workers.

Each command that writes files is run beside a plain run of itself under each of these, and must write the same bytes.
"""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.deck.inputs import settings, write_inputs

SOURCES = Path(__file__).parents[2] / "src" / "remit"
RUN = """
import locale, os, sys
os.umask(int(os.environ.pop("UMASK", "022"), 8))
try:
    locale.setlocale(locale.LC_ALL, "")  # as a program does that uses Remit
except locale.Error:
    pass  # the machine does not have that language
from remit.cli.main import main
main()
"""
SCHEME = "qif-2024-25"
WAYS = {
    "in German, far east, closed to others": {
        "LC_ALL": "de_DE.UTF-8", "LANGUAGE": "de", "TZ": "Pacific/Auckland", "PYTHONHASHSEED": "4711", "UMASK": "077",
        "COLUMNS": "40",
    },
    "in no language, half an hour apart, open to all": {
        "LC_ALL": "C", "TZ": "Asia/Kolkata", "PYTHONHASHSEED": "random", "UMASK": "000", "FORCE_COLOR": "1",
    },
}  # fmt: skip


def written(folder: Path, way: dict[str, str]) -> dict[str, bytes]:
    """What the commands that write a run, its statements and its calendar leave in a folder."""
    folder.mkdir(parents=True)
    write_inputs(SCHEME, folder)
    environment = {**os.environ, "PYTHONHASHSEED": "0", **way}

    def remit(*words: str) -> None:
        ended = subprocess.run(
            [sys.executable, "-c", RUN, *words],
            cwd=folder, env=environment, check=False,
            capture_output=True, text=True, encoding="utf-8", errors="replace",
        )  # fmt: skip
        assert ended.returncode == 0, ended.stderr

    given = ["--practices", "practices-1.csv", "--counts", "counts-1.csv"]
    remit("run", SCHEME, *given, *settings(SCHEME), "--out", "out")
    remit("statement", "out", "--practice", "A1", "--html", "A1.html")
    remit("statement", "out", "--practice", "A1", "--xlsx", "A1.xlsx")
    remit("statement", "out", "--practice", "A1", "--pdf", "A1.pdf")
    remit("calendar", "out", "--html", "calendar.html")
    remit("calendar", "out", "--ics", "calendar.ics")
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return written(tmp_path_factory.mktemp("plain") / "in", {})


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_the_same_inputs_give_the_same_bytes_on_any_machine(way: str, plain: dict[str, bytes], tmp_path: Path) -> None:
    german = tmp_path / "de_DE.UTF-8"
    if shutil.which("localedef"):
        subprocess.run(["localedef", "-i", "de_DE", "-f", "UTF-8", str(german)], capture_output=True, check=False)
    found = written(tmp_path / "quite another" / "plâce=1", {**WAYS[way], "LOCPATH": str(tmp_path)})
    assert sorted(found) == sorted(plain)
    assert [name for name in plain if plain[name] != found[name]] == []


@pytest.mark.slow
def test_the_same_records_give_the_same_bytes_with_any_number_of_workers(tmp_path: Path) -> None:
    from tests.bad_files.command import remit

    def counted(workers: str) -> dict[str, bytes]:
        """What an evaluation of 600 made-up people writes, and a run of its counts, with so many workers."""
        folder = tmp_path / workers
        folder.mkdir()
        people, day = str(folder / "people"), ["--on", "2025-03-31"]
        make = ["synth", "--patients", "600", "--practices", "4", "--seed", "1", *day, "--out", people]
        assert remit(*make, "--workers", workers).status == 0
        out = folder / "counted"
        asked = ["evaluate", SCHEME, "--records", people, *day, "--out", str(out), "--workers", workers]
        assert remit(*asked).status == 0
        of = ["--practices", str(out / "practices.csv"), "--counts", str(out / "counts.csv")]
        assert remit("run", SCHEME, *of, "--out", str(folder / "run")).status == 0
        return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}

    alone = counted("1")
    found = counted("3")
    assert sorted(found) == sorted(alone)
    assert [name for name in alone if alone[name] != found[name]] == []


LOCAL = ("setlocale", "strftime", "strptime", "localtime")
"""What the language or the time zone of the machine decides."""
ALLOWED = {
    ("cli/new.py", "localtime"),
    ("service/audit/views.py", "localtime"), ("service/clock.py", "localtime"),
    ("service/money/journal.py", "localtime"),
    ("service/register/at_server.py", "localtime"), ("service/web/words.py", "localtime"),
}  # fmt: skip
"""The year that a new file is of where none is named: the one that it is for its author. In the service Django's own of
that name, which takes the zone of the settings and not that of the machine."""


def test_no_date_is_written_in_the_language_of_the_machine() -> None:
    """`{day:%B}` writes the month in the language that a program which uses Remit has set."""
    found = set()
    for path in sorted(SOURCES.rglob("*.py")):
        name = path.relative_to(SOURCES).as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute | ast.Name | ast.alias):
                word = getattr(node, "attr", "") or getattr(node, "id", "") or getattr(node, "name", "")
                if word in LOCAL or ast.unparse(node).startswith(("calendar.month_", "calendar.day_")):
                    found.add((name, word))
            if isinstance(node, ast.FormattedValue) and node.format_spec is not None:
                spec = ast.unparse(node.format_spec)
                if any(f"%{letter}" in spec for letter in "aAbBcxXpn"):
                    found.add((name, spec))
    assert found <= ALLOWED, found - ALLOWED
