"""Kind: something stands where a result is to be written, or was left there by a process that is no more.

Every option that writes is tried on a link that leads nowhere and on what a killed process left; names that no disk
takes on every command that makes names of its own.
"""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import Never

import pytest
from tests.bad_files.command import COUNTS, PRACTICES, contents, remit, run_arguments
from tests.kinds.hostile import make_world, ran, substituted

from remit.core.problems import Refused
from remit.files.folders import whole_folder
from remit.files.locks import locked
from remit.files.whole import write_whole

RUN = "run scheme.yaml --practices practices.csv --counts counts.csv --set START.tariff=£5"
EVALUATED = "local/evaluated --records store --practice A1"
WRITES = {
    "run --out": f"{RUN} --out new/x",
    "statement --html": "statement one --practice CODE --html new/x",
    "statement --xlsx": "statement one --practice CODE --xlsx new/x",
    "statement --pdf": "statement one --practice CODE --pdf new/x",
    "statement --all": "statement one --all --html new/x",
    "calendar --csv": "calendar one --csv new/x",
    "calendar --ics": "calendar one --ics new/x",
    "calendar --html": "calendar one --html new/x",
    "area --csv": "area one --csv new/x",
    "area --html": "area one --html new/x",
    "area --pdf": "area one --pdf new/x",
    "compare --csv": "compare one two --csv new/x",
    "compare --html": "compare one two --html new/x",
    "reconcile --csv": "reconcile one theirs.csv --ignore-unknown --csv new/x",
    "reconcile --html": "reconcile one theirs.csv --ignore-unknown --html new/x",
    "breakdown --csv": "breakdown local/evaluated --by practice --csv new/x",
    "breakdown --html": "breakdown local/evaluated --by practice --html new/x",
    "breakdown --xlsx": "breakdown local/evaluated --by practice --xlsx new/x",
    "worklist --csv": f"worklist {EVALUATED} --csv new/x",
    "worklist --html": f"worklist {EVALUATED} --html new/x",
    "worklist --xlsx": f"worklist {EVALUATED} --xlsx new/x",
    "worklist --pdf": f"worklist {EVALUATED} --pdf new/x",
    "patients --csv": "patients local/evaluated --practice A1 --csv new/x",
    "patients --html": "patients local/evaluated --practice A1 --html new/x",
    "patients --xlsx": "patients local/evaluated --practice A1 --xlsx new/x",
    "patients --pdf": "patients local/evaluated --practice A1 --pdf new/x",
    "evaluate --out": "evaluate qif-2024-25 --records store --on 2024-12-31 --out new/x",
    "explain --html": "explain HYP008 --records store --patient ok1 --on 2024-12-31 --html new/x",
    "spec --html": "spec HYP008 --html new/x",
    "spec --pdf": "spec HYP008 --pdf new/x",
    "template --out": "template scheme.yaml --practices practices.csv --out new/x",
    "new --out": "new made-2025-26 --kind points --year 2025-26 --out new/x.yaml",
    "schema --out": "schema --out new/x",
    "catalogue --csv": "catalogue --file good_catalogue.yaml --csv new/x",
    "catalogue --ics": "catalogue --file good_catalogue.yaml --ics new/x",
    "catalogue --html": "catalogue --file good_catalogue.yaml --html new/x",
    "catalogue --xlsx": "catalogue --file good_catalogue.yaml --xlsx new/x",
    "catalogue --pdf": "catalogue --file good_catalogue.yaml --pdf new/x",
    "foi --md": "foi R-2 --register good_register.yaml --md new/x",
    "foi --html": "foi R-2 --register good_register.yaml --html new/x",
    "foi --csv": "foi R-2 --register good_register.yaml --csv new/x",
    "foi --pdf": "foi R-2 --register good_register.yaml --pdf new/x",
    "foi --list --csv": "foi --register good_register.yaml --list --csv new/x --on 2026-01-01",
    "clusters lock --out": "clusters lock qif-2024-25 --out new/x",
    "records check --html": "records check store --html new/x",
    "records check --pdf": "records check store --pdf new/x",
    "records check --xlsx": "records check store --xlsx new/x",
    "records check --csv": "records check store --csv new/x",
    "synth --out": "synth --patients 40 --practices 1 --seed 1 --out new/x",
}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_world(tmp_path_factory.mktemp("world"))


def target(name: str, folder: Path) -> Path:
    return folder / ("x.yaml" if name == "new --out" else "x")


@pytest.mark.parametrize("name", WRITES)
def test_a_dangling_link_as_output_is_not_replaced(name: str, world: Path, tmp_path: Path) -> None:
    """It stays a link, what it leads to is not made, and nothing else is written."""
    link = target(name, tmp_path)
    link.symlink_to(tmp_path / "elsewhere")
    for more in ((), ("--replace",)) if name not in ("new --out", "schema --out", "template --out") else ((),):
        said = remit(*substituted(WRITES[name], world, tmp_path), *more)
        assert said.status == 1, said
        assert str(link) in said.err
        assert link.is_symlink()
        assert [path.name for path in tmp_path.iterdir()] == [target(name, tmp_path).name]


@pytest.mark.parametrize("name", WRITES)
def test_the_same_commands_write_where_nothing_is(name: str, world: Path, tmp_path: Path) -> None:
    said = remit(*substituted(WRITES[name], world, tmp_path))
    assert said.status in (0, 3), said.err
    assert [path.name for path in tmp_path.iterdir()] == [target(name, tmp_path).name]


# Long names.


def test_a_300_character_practice_code_stops_no_statement(tmp_path: Path) -> None:
    """`statement --all` writes one for each: names of files are shortened, and no two are alike."""
    long, other = "A" * 300, "A" * 299 + "B"
    practices, counts = tmp_path / "p.csv", tmp_path / "c.csv"
    practices.write_text(PRACTICES.read_text().replace("A81001", long).replace("A81002", other))
    counts.write_text(COUNTS.read_text().replace("A81001", long).replace("A81002", other))
    ran(tmp_path, *run_arguments("qif-2024-25", practices, counts), "--out", tmp_path / "out")
    said = ran(tmp_path, "statement", tmp_path / "out", "--all", "--html", tmp_path / "html")
    assert "2 statements written" in said.out
    texts = [path.read_text(encoding="utf-8") for path in sorted((tmp_path / "html").iterdir())]
    assert sorted((long in text, other in text) for text in texts) == [(False, True), (True, False)]


@pytest.mark.parametrize("name", ["run --out", "statement --html", "calendar --csv", "synth --out", "evaluate --out"])
def test_a_name_that_no_disk_takes_is_refused_in_plain_words(name: str, world: Path, tmp_path: Path) -> None:
    words = substituted(WRITES[name], world, tmp_path)
    said = remit(*(word if word != tmp_path / "x" else tmp_path / ("x" * 300) for word in words))
    assert (said.status, "Traceback" in said.err) == (1, False)
    assert "too long" in said.err
    assert list(tmp_path.iterdir()) == []


# What a killed process left.


KILLED = """
import os, signal, sys
from remit.files import whole, folders
from pathlib import Path
if sys.argv[1] == "file":
    whole.write_whole(Path(sys.argv[2]), lambda work: (work.write_text("half"), os.kill(os.getpid(), signal.SIGKILL)))
with folders.whole_folder(Path(sys.argv[2])) as work:
    (work / "half").write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def killed(what: str, path: Path) -> None:
    ended = subprocess.run([sys.executable, "-c", KILLED, what, str(path)], check=False)
    assert ended.returncode == -signal.SIGKILL
    assert [left.name for left in path.parent.iterdir() if left.name.startswith(".")], "it left something"


@pytest.mark.parametrize("name", sorted(set(WRITES) - {"evaluate --out", "synth --out", "statement --all"}))
def test_what_a_killed_process_left_is_taken_away_by_the_next(name: str, world: Path, tmp_path: Path) -> None:
    """`run` killed leaves no `.o.XXXX` for ever: nor does any other command that writes."""
    out = tmp_path / "x/counts.csv" if name == "template --out" else target(name, tmp_path)
    out.parent.mkdir(exist_ok=True)
    killed("folder" if name == "run --out" else "file", out)
    said = remit(*substituted(WRITES[name], world, tmp_path))
    assert said.status in (0, 3), said.err
    assert list(tmp_path.rglob(".*")) == []


def test_work_of_a_process_that_is_there_is_left_alone(tmp_path: Path) -> None:
    with whole_folder(tmp_path / "out") as first:
        (first / "a").write_text("first")
        with pytest.raises(ZeroDivisionError), whole_folder(tmp_path / "out"):
            raise ZeroDivisionError
        assert (first / "a").read_text() == "first"
    assert contents(tmp_path) == {"out/a": b"first"}


def test_what_several_killed_processes_left_is_taken_away_at_once(tmp_path: Path) -> None:
    """Two that worked side by side, and a third that worked beside them on the same."""
    for number in ("", "-2", "-3"):
        work = tmp_path / f".out.remit{number}" / "made"
        work.mkdir(parents=True)
        (work / "half").write_text("half")
    with whole_folder(tmp_path / "out") as made:
        (made / "a").write_text("1")
    assert contents(tmp_path) == {"out/a": b"1"}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("name", [".out.remit", ".out.remit-2", ".out.backup", ".out.old.20250101", ".out.old.remit-"])
def test_what_is_named_like_work_and_is_none_stays(name: str, tmp_path: Path) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / name / "thesis.doc").write_text("years of work")
    with whole_folder(tmp_path / "out") as work:
        (work / "a").write_text("1")
    assert contents(tmp_path) == {f"{name}/thesis.doc": b"years of work", "out/a": b"1"}


@pytest.mark.parametrize("sort", ["file", "link"])
def test_a_file_or_a_link_that_is_named_like_work_stays(sort: str, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "made").write_text("years of work")
    if sort == "link":
        (tmp_path / ".out.remit").symlink_to(kept)
    else:
        (tmp_path / ".out.remit").write_text("years of work")
    write_whole(tmp_path / "out", lambda work: work.write_text("1"))
    assert (kept / "made").read_text() == "years of work"
    assert (tmp_path / ".out.remit").exists()
    assert (tmp_path / "out").read_text() == "1"


def stands_aside(out: Path) -> None:
    """As a process leaves it that is killed between the two steps of a replacement."""
    aside = out.with_name(f".{out.name}.remit") / "old"
    aside.mkdir(parents=True)
    (aside / "manifest.json").write_text("{}")


def test_a_replacement_that_was_killed_between_its_two_steps_brings_the_old_one_back(tmp_path: Path) -> None:
    """The old run stands aside, and the new one is not in its place: the next `run` finds the old one there."""
    stands_aside(tmp_path / "out")
    with pytest.raises(Refused, match="holds files that are not a result"), whole_folder(tmp_path / "out"):
        pass
    assert contents(tmp_path) == {"out/manifest.json": b"{}"}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_what_stands_aside_beside_the_new_one_is_taken_away(tmp_path: Path) -> None:
    write_whole(tmp_path / "out/b", lambda work: work.write_text("new"))
    stands_aside(tmp_path / "out")
    with pytest.raises(Refused), whole_folder(tmp_path / "out"):
        (tmp_path / "out/c").touch()
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["b"]


def test_a_disk_without_locks_is_written_to_all_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each process has a name of its own there, and nothing of another's is taken away."""

    def without(folder: Path, message: str) -> Never:
        raise NotImplementedError

    monkeypatch.setattr("remit.files.beside.locked", without)
    for number in ("", "-2"):
        (tmp_path / f".out.remit{number}/made").mkdir(parents=True)
    write_whole(tmp_path / "out", lambda work: work.write_text("1"))
    assert sorted(path.name for path in tmp_path.iterdir()) == [".out.remit", ".out.remit-2", "out"]


def test_work_that_another_process_holds_stays(tmp_path: Path) -> None:
    home = tmp_path / ".out.remit"
    with locked(home, "another is at work."):
        (home / "made").write_text("theirs")
        write_whole(tmp_path / "out", lambda work: work.write_text("1"))
        assert (home / "made").read_text() == "theirs"
        assert sorted(path.name for path in tmp_path.iterdir()) == [".out.remit", "out"]
