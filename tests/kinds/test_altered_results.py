"""Kind: a result that was altered after it was written is read as though it were whole.

Everything that may be altered, in each kind of result, beside every command that opens one: files added, changed, lost
or linked, each key of the manifest. The hash in a manifest is no signature: it shows what was changed by hand.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.bad_files.command import CommandResult, assert_refused, remit
from tests.kinds.made import SCHEME, given, make

from remit.files.manifest import sealed
from remit.records.store import Store

RUN, EVALUATION = "run", "evaluation"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A result of each kind that is opened again, and what they are made from."""
    home = given(tmp_path_factory.mktemp("made"))
    for kind in (RUN, EVALUATION, "claimed", "several"):
        make(kind, home, home / "results" / kind)
    return home


def opened(kind: str, home: Path, folder: Path) -> Iterator[CommandResult]:
    """What each command says that opens such a result."""
    there = folder.parent
    whole = home / "results" / RUN
    practice = Store(home / "people").codes[0]
    if kind != EVALUATION:
        code = next(line for line in (folder / "inputs" / "practices.csv").read_text("utf-8").splitlines()[1:])[:6]
        yield remit("statement", folder, "--practice", code)
        yield remit("calendar", folder)
        yield remit("compare", whole, folder)
        yield remit("compare", folder, whole)
        yield remit("reconcile", folder, folder / "award.csv")
        again = ("--practices", folder / "inputs" / "practices.csv", "--counts", folder / "inputs" / "counts.csv")
        yield remit("run", SCHEME, *again, "--out", there / "again")
        return
    yield remit("breakdown", folder, "--by", "age")
    yield remit("worklist", folder, "--records", home / "people", "--practice", practice)
    yield remit("patients", folder, "--practice", practice)
    yield remit(*run_of(folder, there / "again"))
    elsewhere = there / "elsewhere.csv"
    shutil.copy(folder / "practices.csv", elsewhere)
    yield remit("run", SCHEME, "--practices", elsewhere, "--counts", folder / "counts.csv", "--out", there / "again")


def run_of(folder: Path, out: Path) -> tuple[str | Path, ...]:
    """The run that an evaluation's counts go into."""
    practices, counts = folder / "practices.csv", folder / "counts.csv"
    return ("run", SCHEME, "--practices", practices, "--counts", counts, "--out", out)


def add(name: str, text: str) -> Callable[[Path], None]:
    def touch(folder: Path) -> None:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")

    return touch


def change(name: str) -> Callable[[Path], None]:
    def touch(folder: Path) -> None:
        (folder / name).write_bytes((folder / name).read_bytes() + b"\n")

    return touch


def lose(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


def link(name: str) -> Callable[[Path], None]:
    def touch(folder: Path) -> None:
        (folder / name).rename(folder.parent / "moved")
        (folder / name).symlink_to(folder.parent / "moved")

    return touch


def say(seal: bool = False, **keys: Any) -> Callable[[Path], None]:
    """Other values for keys of the manifest."""

    def touch(folder: Path) -> None:
        path = folder / "manifest.json"
        said = {**json.loads(path.read_text(encoding="utf-8")), **keys}
        path.write_bytes(sealed(said) if seal else json.dumps(said).encode())

    return touch


RECOVERY = "practice_code,notified,months,reason\nA1,2025-06-02,24,forged\n"
FILES = {
    RUN: ("award.csv", "payment.csv", "ledger.csv", "inputs/counts.csv", "inputs/practices.csv"),
    EVALUATION: ("counts.csv", "practices.csv", "attrition.csv", "parts.csv", "scheme.yaml", "breakdown.parquet"),
}
ALTERED: dict[str, dict[str, Callable[[Path], None]]] = {
    RUN: {
        "a forged recovery.csv": add("inputs/recovery.csv", RECOVERY),
        "an unlisted assign.csv": add("inputs/assign.csv", "practice_code,scheme_id\nA1,other\n"),
        "an unlisted national.csv": add("inputs/national.csv", "group_code,register,list_size\nHYP,1,2\n"),
        "a file of no name that is read": add("inputs/notes.txt", "mine"),
        "a table that the run has none of": add("claims.csv", "practice_code\n"),
        "settings": say(settings={"chol004_from": "2024-12-05"}),
        "only": say(only={"practices": ["A1"], "items": ["2a"]}),
        "period": say(period="2024-Q3"),
        "national": say(national=["run"]),
        "warnings": say(warnings=["none"]),
        "the Remit that wrote it": say(remit="9.9"),
        "no file is listed": say(files={}),
        "no file is listed, and the hash says so": say(True, files={}),
        **{f"{name} changed": change(name) for name in FILES[RUN]},
        "a file lost": lose("payment.csv"),
        "a link": link("payment.csv"),
    },
    EVALUATION: {
        "an unlisted file": add("final.csv", "x"),
        "on": say(on="2024-12-31"),
        "supplied": say(supplied={"X": "nothing"}),
        "no file is listed": say(files={}),
        "no file is listed, and the hash says so": say(True, files={}),
        **{f"{name} changed": change(name) for name in FILES[EVALUATION]},
        "outcomes changed": lambda folder: change(f"outcomes/{next((folder / 'outcomes').iterdir()).name}")(folder),
        "a file lost": lose("attrition.csv"),
        "a link": link("counts.csv"),
    },
}


@pytest.mark.parametrize(("kind", "how"), [(kind, how) for kind, hows in ALTERED.items() for how in hows])
def test_an_altered_result_is_refused_by_whatever_opens_it(made: Path, tmp_path: Path, kind: str, how: str) -> None:
    folder = tmp_path / "out"
    shutil.copytree(made / "results" / kind, folder)
    ALTERED[kind][how](folder)
    for said in opened(kind, made, folder):
        assert_refused(said, str(folder))
    assert not (tmp_path / "again").exists()


@pytest.mark.parametrize("kind", [RUN, EVALUATION])
def test_a_whole_one_is_opened_by_all_of_them(made: Path, tmp_path: Path, kind: str) -> None:
    folder = tmp_path / "out"
    shutil.copytree(made / "results" / kind, folder)
    (folder / ".DS_Store").write_bytes(b"\0")  # what a desktop leaves is read by nobody
    for said in opened(kind, made, folder):
        assert said.status == 0 or "compared with itself" in said.err, said
        shutil.rmtree(tmp_path / "again", ignore_errors=True)


@pytest.mark.parametrize("name", ["award.csv", "inputs/counts.csv", "claims.csv"])
def test_each_run_of_several_is_compared(made: Path, tmp_path: Path, name: str) -> None:
    for kind, inside in (("claimed", ""), ("several", "anticoagulation-doac-staffordshire/")):
        folder = tmp_path / kind
        shutil.copytree(made / "results" / kind, folder)
        if not (folder / f"{inside}{name}").is_file():
            continue
        change(f"{inside}{name}")(folder)
        assert_refused(remit("statement", folder / inside, "--practice", "A1"), "was changed after the run")


def test_an_unlisted_assign_is_no_traceback_even_where_the_manifest_lists_it(made: Path, tmp_path: Path) -> None:
    """Whoever makes the hashes anew is told what cannot be."""
    from remit.files.hashes import sha256_file

    for name, text in (
        ("assign.csv", "practice_code,scheme_id\nA1,other\n"),
        ("assign.csv", "practice_code,scheme_id\nZ9,qif-2024-25\n"),
        ("recovery.csv", "practice_code,notified,months,reason\nA1,soon,24,\n"),
        ("recovery.csv", "practice_code,notified,months,reason\nA1,2025-06-02,many,\n"),
        ("national.csv", "group_code,register,list_size\nHYP,one,2\n"),
    ):
        folder = tmp_path / "out"
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(made / "results" / RUN, folder)
        add(f"inputs/{name}", text)(folder)
        files = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["files"]
        say(True, files={**files, f"inputs/{name}": sha256_file(folder / "inputs" / name)})(folder)
        assert_refused(remit("statement", folder, "--practice", "A1"), name)


VALUES: tuple[Any, ...] = (None, True, -1, 10**20, "x", "", [], {}, [None], {"x": None}, "2024-13", "../x")


@pytest.mark.slow
@pytest.mark.parametrize("kind", [RUN, EVALUATION])
def test_a_wrong_type_in_a_manifest_is_no_traceback(made: Path, tmp_path: Path, kind: str) -> None:
    """Each key, and each key below, with values of every type; the hash made anew, so that it is looked at."""
    folder = tmp_path / "out"
    shutil.copytree(made / "results" / kind, folder)
    said = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    tried = 0
    for path in paths(said):
        for value in VALUES[tried % 3 :: 3] if len(path) > 1 else VALUES:
            (folder / "manifest.json").write_bytes(sealed(put(said, path, value)))
            found = next(opened(kind, made, folder))
            assert found.status in (0, 1), (path, value, found)
            assert "Traceback" not in found.err
            tried += 1
    assert tried > 100


def paths(said: Any, above: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Every place in a manifest, but for the names and hashes of files."""
    items = said.items() if isinstance(said, dict) else enumerate(said) if isinstance(said, list) else ()
    for key, below in items:
        yield (*above, key)
        if len(above) < 2 and key != "files":
            yield from paths(below, (*above, key))


def put(said: Any, path: tuple[str | int, ...], value: Any) -> Any:
    first, *rest = path
    new = put(said[first], tuple(rest), value) if rest else value
    if isinstance(said, dict):
        return {**said, first: new}
    return [new if at == first else one for at, one in enumerate(said)]


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "\x00", '{"a": 1, "a": 2}', "[" * 10_000])
def test_an_unreadable_manifest_says_so(made: Path, tmp_path: Path, text: str) -> None:
    """It is not told to be no evaluation: it is the manifest that cannot be read."""
    folder = tmp_path / "out"
    shutil.copytree(made / "results" / EVALUATION, folder)
    (folder / "manifest.json").write_text(text, encoding="utf-8")
    for said in list(opened(EVALUATION, made, folder))[:2]:
        assert_refused(said, str(folder / "manifest.json"))


def bent(store: Path) -> None:
    """A byte of the events, where Parquet has its data."""
    [path] = store.glob("practice=*/events-*.parquet")
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def test_changed_records_are_refused_by_whatever_reads_them(made: Path, tmp_path: Path) -> None:
    store = tmp_path / "people"
    shutil.copytree(made / "people", store)
    practice = Store(store).codes[0]
    patient = next(Store(store).patients(practice)).id
    bent(store)
    commands: tuple[tuple[str | Path, ...], ...] = (
        ("explain", "HYP008", "--records", store, "--patient", patient),
        ("explain", "HYP008", "--records", store, "--patient", patient, "--practice", practice),
        ("evaluate", SCHEME, "--records", store, "--out", tmp_path / "out"),
        ("evaluate", SCHEME, "--records", store, "--out", tmp_path / "out", "--engine", "reference"),
        ("worklist", made / "results" / EVALUATION, "--records", store, "--practice", practice),
        ("records", "check", store),
    )
    for words in commands:
        assert_refused(remit(*words), "changed")


def test_changed_records_do_not_become_sound_by_a_later_extract(made: Path, tmp_path: Path) -> None:
    """An import writes what is held anew, with a hash of its own."""
    from tests.faults.folders import write_folder

    store = make("imported", made, tmp_path / "store")
    path = next(store.glob("practice=A1/events-*.parquet"))
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    later = write_folder(
        tmp_path / "may", {"extracts": ["2025-05,A1,2025-05-31"], "patients": ["A1,p1,1950-06-30,F,,,,"]}
    )
    said = remit("records", "import", later, "--store", store, "--keep-ids", "--append")
    assert_refused(said, path.name, "was changed or damaged after the import")


@pytest.mark.parametrize("key", ["last_day", "sha256", "rows"])
def test_a_store_whose_manifest_was_edited_is_refused(made: Path, tmp_path: Path, key: str) -> None:
    """With a later last day the counts would be final."""
    store = tmp_path / "people"
    shutil.copytree(made / "people", store)
    path = store / "manifest.json"
    text = path.read_text(encoding="utf-8")
    at = text.index(f'"{key}": ') + len(key) + 4
    digit = next(n for n in range(at, len(text)) if text[n].isdigit())
    path.write_text(text[:digit] + str((int(text[digit]) + 1) % 10) + text[digit + 1 :], encoding="utf-8")
    assert_refused(remit("records", "info", store), "manifest.json: was changed after the store of records")
