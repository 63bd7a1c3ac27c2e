"""Catalogues and registers with one mistake each: refused with place and way out, and nothing is written."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from tests.bad_files.command import HERE, assert_refused, remit

FOLDERS = ("catalogues", "foi")
BROKEN = [(f, path.name) for f in FOLDERS for path in sorted((HERE / f).iterdir()) if path.name != "words.yaml"]
WORDS = {f: yaml.safe_load((HERE / f / "words.yaml").read_text(encoding="utf-8")) for f in FOLDERS}


def test_every_file_has_its_words() -> None:
    assert {(folder, name) for folder, words in WORDS.items() for name in words} == set(BROKEN)


@pytest.mark.parametrize(("folder", "name"), BROKEN, ids=[f"{folder}/{name}" for folder, name in BROKEN])
def test_a_broken_file_is_refused(folder: str, name: str, tmp_path: Path) -> None:
    path = HERE / folder / name
    words: list[str | Path] = ["foi", "R-2", "--register", path] if folder == "foi" else ["catalogue", "--file", path]
    said = remit(*words, "--html", tmp_path / "page.html")
    assert_refused(said, name, *WORDS[folder][name])
    assert list(tmp_path.iterdir()) == []


def test_an_address_in_the_catalogue_keeps_the_answer_back(tmp_path: Path) -> None:
    catalogue = (HERE / "good_catalogue.yaml").read_text(encoding="utf-8")
    (tmp_path / "good_catalogue.yaml").write_text(catalogue.replace("On savings", "Ask a.person@mail.example"))
    (tmp_path / "register.yaml").write_text((HERE / "good_register.yaml").read_text(encoding="utf-8"))
    said = remit("foi", "R-2", "--register", tmp_path / "register.yaml")
    assert_refused(said, "good_catalogue.yaml:17:18: 'a.person@mail.example' looks like a person's e-mail address")
