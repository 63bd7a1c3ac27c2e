"""Cluster files with one mistake each: refused with place and way out, and no set is written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from tests.bad_files.command import HERE, assert_refused, remit

FOLDER = HERE / "clusters"
BROKEN = [path.name for path in sorted(FOLDER.iterdir()) if path.name != "words.yaml"]
WORDS = yaml.safe_load((FOLDER / "words.yaml").read_text(encoding="utf-8"))
NAMED = ("--name", "a", "--release", "1", "--out")


def test_every_file_has_its_words() -> None:
    assert sorted(WORDS) == BROKEN


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused(name: str, tmp_path: Path) -> None:
    said = remit("clusters", "import", FOLDER / name, *NAMED, tmp_path / "set")
    assert_refused(said, name, *WORDS[name])
    assert list(tmp_path.iterdir()) == []


def test_all_the_files_are_told_of_at_once(tmp_path: Path) -> None:
    files = [FOLDER / "latin_1.csv", FOLDER / "no_such_file.csv", FOLDER / "no_code.csv"]
    said = remit("clusters", "import", *files, *NAMED, tmp_path / "set")
    assert_refused(said, "latin_1.csv:2", "no_such_file.csv: there is no such file", "no_code.csv:2", "3 problems")


def test_two_files_of_one_cluster_are_refused(tmp_path: Path) -> None:
    for name in ("one.csv", "other.csv"):
        (tmp_path / name).write_text("cluster,code,term\nHYP_COD,38341003,Hypertensive disorder\n")
    said = remit("clusters", "import", tmp_path / "one.csv", tmp_path / "other.csv", *NAMED, tmp_path / "set")
    assert_refused(said, "other.csv:2: the cluster HYP_COD is already in one.csv.", "NAME=FILE")


def test_a_set_that_was_changed_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pcd_hyp_cod.csv").write_text("code,term\n38341003,Hypertensive disorder\n")
    assert remit("clusters", "import", tmp_path / "pcd_hyp_cod.csv", *NAMED, tmp_path / "set").status == 0
    codes = tmp_path / "set" / "clusters.csv"
    codes.write_text(codes.read_text().replace("38341003", "1201005"))
    assert_refused(remit("clusters", "list", tmp_path / "set"), "clusters.csv: was changed after its import")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "manifest.json: is empty"),
        ("[]", "manifest.json: is damaged, or not a manifest of a cluster set: it holds no keys."),
        (json.dumps({"name": "a"}), "release is missing; demonstration is missing; clusters is missing; and 2 more."),
        ("[" * 100_000, "manifest.json: is damaged, or not a manifest of a cluster set: it is not JSON"),
    ],
)
def test_a_folder_that_is_no_set_is_refused(text: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(text)
    assert_refused(remit("clusters", "list", tmp_path), words)


def test_a_set_is_not_written_over_another(tmp_path: Path) -> None:
    (tmp_path / "hyp.csv").write_text("code,term\n38341003,Hypertensive disorder\n")
    words = ("clusters", "import", tmp_path / "hyp.csv", *NAMED, tmp_path / "set")
    assert remit(*words).status == 0
    assert_refused(remit(*words), "--replace")
    assert remit(*words, "--replace").status == 0


def test_a_run_is_not_replaced_by_a_set(tmp_path: Path) -> None:
    (tmp_path / "hyp.csv").write_text("code,term\n38341003,Hypertensive disorder\n")
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / "manifest.json").write_text("{}")
    said = remit("clusters", "import", tmp_path / "hyp.csv", *NAMED, tmp_path / "run", "--replace")
    assert_refused(said, "holds files that are not a cluster set written by Remit.")


@pytest.mark.parametrize("text", ["{}", '{"clusters": []}', '{"clusters": {"HYP_COD": 3}}', "[" * 100_000])
def test_what_is_no_lock_is_refused(text: str, tmp_path: Path) -> None:
    (tmp_path / "clusters.lock").write_text(text)
    from remit.core.problems import Refused
    from remit.terminology import demonstration, verify

    with pytest.raises(Refused, match="not a lock of clusters"):
        verify(tmp_path / "clusters.lock", ["HYP_COD"], demonstration())
