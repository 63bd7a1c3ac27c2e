"""Reform files with one mistake each: refused with place and way out, whichever command reads them."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from tests.bad_files.command import HERE, assert_refused, remit

from remit.core.problems import Refused
from remit.scheme.reform_file import load_reform
from remit.scheme.schema import schema

FOLDER = HERE / "reforms"
WORDS = yaml.safe_load((FOLDER / "words.yaml").read_text(encoding="utf-8"))
BROKEN = sorted(path.name for path in FOLDER.glob("*.yaml") if path.name != "words.yaml")


def test_every_file_has_its_words() -> None:
    assert sorted(WORDS) == BROKEN


def test_the_file_without_a_mistake_is_read_and_fits_the_schema() -> None:
    from jsonschema import Draft202012Validator

    from remit.scheme.source import read_source

    path = HERE / "good_reform.yaml"
    assert load_reform(path).name == "fewer-and-frailty"
    tree = read_source(path).tree
    assert [error.message for error in Draft202012Validator(schema("reform")).iter_errors(tree)] == []


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused(name: str) -> None:
    with pytest.raises(Refused) as refused:
        load_reform(FOLDER / name)
    text = str(refused.value)
    for words in WORDS[name]:
        assert words in text
    assert all(problem.place for problem in refused.value.problems)


@pytest.mark.parametrize("name", BROKEN)
def test_no_command_that_reads_it_goes_on(name: str) -> None:
    assert remit("check", FOLDER / name).status == 1
    assert_refused(remit("diff", "qif-2024-25", FOLDER / name), name)


def test_all_mistakes_are_said_at_once(tmp_path: Path) -> None:
    path = tmp_path / "reform.yaml"
    path.write_text(
        "reform: broken\ntitle: Many\nof: qif-2024-25\nretire: [99]\nchange: {headz: {}, title: x}\n"
        "protect: {floor: {2019-20: 95%}, year: 2018-19}\n",
        encoding="utf-8",
    )
    with pytest.raises(Refused) as refused:
        load_reform(path)
    assert [problem.place.line for problem in refused.value.problems if problem.place] == [4, 5, 5, 6]
