"""The files of `manifests/older` were written by Remit 0.1.0, before there was one codec for them all, and before a
folder's manifest ended with its own hash. Those of `manifests/` say the same in today's format."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from remit.core.problems import Refused
from remit.core.words import with_article
from remit.evaluation.manifest import EvaluationManifest
from remit.files.hashes import sha256_text
from remit.files.manifest import (
    MANIFEST,
    OfFolder,
    Written,
    check_whole,
    decoded,
    encoded,
    kind_of,
    manifest_bytes,
    read_manifest,
    read_written,
    sealed,
)
from remit.records.manifest import Manifest
from remit.runs.manifest import RunManifest, RunsManifest, run_manifest
from remit.terminology.locks import Lock
from remit.terminology.sets import SetManifest

HERE = Path(__file__).parent / "manifests"
FOLDERS: dict[str, type[OfFolder]] = {
    "run": RunManifest,
    "runs": RunsManifest,
    "evaluation": EvaluationManifest,
    "store": Manifest,
    "synthetic": Manifest,
    "set": SetManifest,
}
KINDS: dict[str, type[Written]] = {**FOLDERS, "lock": Lock}


def folder(tmp_path: Path, name: str, **changed: Any) -> Path:
    """A folder with one of the manifests, with other values for some keys."""
    said = json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))
    (tmp_path / MANIFEST).write_bytes(sealed({**said, **changed}))
    return tmp_path


def refused(path: Path, model: type[OfFolder]) -> str:
    with pytest.raises(Refused) as said:
        read_manifest(path, model)
    return str(said.value)


@pytest.mark.parametrize("name", KINDS)
def test_what_an_earlier_remit_wrote_is_read_and_written_to_the_same_bytes(name: str) -> None:
    path = HERE / f"{name}.json"
    value = read_written(path, KINDS[name])
    if isinstance(value, OfFolder):
        assert manifest_bytes(value, indent=1 if KINDS[name] is Manifest else 2) == path.read_bytes()
        before = json.loads((HERE / "older" / f"{name}.json").read_text(encoding="utf-8"))
        now = json.loads(path.read_text(encoding="utf-8"))
        assert before == {key: said for key, said in now.items() if key != "manifest_sha256"} | _format_of(before)
    else:
        assert encoded(value) == path.read_bytes()


def _format_of(said: dict[str, Any]) -> dict[str, Any]:
    return {"format": said["format"]} if "format" in said else {}


@pytest.mark.parametrize("name", FOLDERS)
def test_a_manifest_of_before_it_had_a_hash_says_what_to_do(tmp_path: Path, name: str) -> None:
    """Nobody can tell whether it was altered, so it is not read."""
    (tmp_path / MANIFEST).write_bytes((HERE / "older" / f"{name}.json").read_bytes())
    said = refused(tmp_path, FOLDERS[name])
    older = "the hash at its end is not that" if name == "set" else "which an older Remit wrote"
    assert older in said
    assert said.lower().endswith(FOLDERS[name].kind.again.lower())


@pytest.mark.parametrize("name", FOLDERS)
@pytest.mark.parametrize("given", FOLDERS)
def test_a_folder_of_another_kind_says_what_it_is(tmp_path: Path, name: str, given: str) -> None:
    path = folder(tmp_path, given)
    if KINDS[name] is KINDS[given]:
        assert read_manifest(path, FOLDERS[name])
        return
    said = refused(path, FOLDERS[name])
    assert f"is {kind_of(path)}, not {with_article(KINDS[name].kind.name)}." in said
    assert said.startswith(f"{tmp_path}: ")


def test_the_runs_of_several_schemes_are_named(tmp_path: Path) -> None:
    path = folder(tmp_path, "runs", runs=["one-2025-26", "two-2025-26"])
    with pytest.raises(Refused) as said:
        run_manifest(path)
    inside = f"{tmp_path / 'one-2025-26'} or {tmp_path / 'two-2025-26'}"
    assert str(said.value) == f"{tmp_path}: holds the runs of several schemes. Name one: {inside}."


@pytest.mark.parametrize("name", sorted({"run", "runs", "evaluation", "store"}))
@pytest.mark.parametrize(("number", "who"), [(99, "newer"), (0, "older")])
def test_another_format_is_refused_before_anything_is_read(tmp_path: Path, name: str, number: int, who: str) -> None:
    path = folder(tmp_path, name, format=number, files="of a shape that nobody knows yet")
    assert f"is of format {number}, which a{'n' if who == 'older' else ''} {who} Remit wrote." in refused(
        path, FOLDERS[name]
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "manifest.json: is empty."),
        ("{", "it is not JSON (Expecting property name"),
        ("[" * 100_000, "it is not JSON (maximum recursion depth"),
        ("[]", "it holds no keys"),
        ("null", "it holds no keys"),
        ('{"format": 1, "format": 1}', "it is not JSON (the key 'format' is given twice)"),
        ('{"format": NaN}', "it is not JSON (NaN is not a number)"),
        ("{}", "format is missing; remit is missing; schemes is missing; and 7 more"),
    ],
)
def test_what_is_no_manifest_is_refused_with_its_place(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / MANIFEST).write_text(text, encoding="utf-8")
    said = refused(tmp_path, RunManifest)
    assert words in said
    assert said.startswith(f"{tmp_path / MANIFEST}: ")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"schemes": []}, "schemes: tuple should have at least 1 item"),
        (
            {"schemes": [{"scheme": "../x", "version": "1", "year": "2025-26", "sha256": "0" * 64}]},
            "schemes.0.scheme: ",
        ),
        ({"settings": {"a": 1}}, "settings.a: input should be a valid string"),
        ({"period": "2025-13"}, "period: "),
        ({"warnings": "one"}, "warnings: "),
        ({"format": "1"}, "format: input should be a valid integer"),
        ({"format": True}, "format: input should be a valid integer"),
        ({"files": {"../counts.csv": "0" * 64}}, "is not a file of the folder"),
        ({"files": {"/etc/passwd": "0" * 64}}, "is not a file of the folder"),
        ({"files": {"counts.csv": "0" * 63}}, "files.counts.csv: "),
        ({"author": "me"}, "author is not known"),
    ],
)
def test_what_no_remit_wrote_is_refused_with_its_keys(tmp_path: Path, changed: dict[str, Any], words: str) -> None:
    said = refused(folder(tmp_path, "run", **changed), RunManifest)
    assert "is damaged, or not a manifest of a run: " in said
    assert words in said
    assert said.endswith("Run it again.")


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path / "gone", RunManifest).startswith(f"{tmp_path / 'gone'}: there is no such folder. Give")
    assert refused(tmp_path, RunManifest).startswith(f"{tmp_path}: is not a run: it has no manifest.json. Give")
    (tmp_path / MANIFEST).mkdir()
    assert "is not a run" in refused(tmp_path, RunManifest)


def test_every_file_that_was_altered_is_told_at_once(tmp_path: Path) -> None:
    files = {name: sha256_text("as it was") for name in ("same.csv", "other.csv", "gone.csv")}
    manifest = read_manifest(folder(tmp_path, "run", files=files), RunManifest)
    (tmp_path / "same.csv").write_text("as it was")
    (tmp_path / "other.csv").write_text("as it is")
    (tmp_path / "inputs").mkdir()
    (tmp_path / "inputs" / "recovery.csv").write_text("of another")
    with pytest.raises(Refused) as said:
        check_whole(tmp_path, manifest)
    assert str(said.value).splitlines() == [
        f"{tmp_path / 'gone.csv'}: is missing from the run. Run it again.",
        f"{tmp_path / 'other.csv'}: was changed after the run. Run it again.",
        f"{tmp_path / 'inputs'}: is not a file of the run. Move it elsewhere.",
    ]


def test_a_damaged_state_file_is_none(tmp_path: Path) -> None:
    data = (HERE / "lock.json").read_bytes()
    assert decoded(data, Lock)
    for bad in (data[:-3], b"", b"\xff", b"[]", b"[" * 100_000, data.replace(b'"release"', b'"year"')):
        assert decoded(bad, Lock) is None
