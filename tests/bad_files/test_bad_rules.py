"""Rule files with one mistake each: refused with place and way out, all mistakes at once, and nothing is written."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import ModuleType

import pytest
import yaml
from tests.bad_files.command import HERE, assert_refused, remit

from remit.rules import checking, condition_checks, definitions, parse
from remit.rules import checks as checked
from remit.rules import syntax_hints as hints

FOLDER = HERE / "rules"
WORDS = yaml.safe_load((FOLDER / "words.yaml").read_text(encoding="utf-8"))
BROKEN = sorted(path.name for path in FOLDER.glob("*.yaml") if path.name != "words.yaml")


def test_every_file_has_its_words() -> None:
    assert sorted(WORDS) == BROKEN


def test_the_file_without_a_mistake_is_read() -> None:
    said = remit("spec", "MY-1", "--rules", HERE / "good_rules.yaml")
    assert (said.status, said.err) == (0, "")
    assert "My indicator" in said.out


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused(name: str, tmp_path: Path) -> None:
    said = remit("spec", "MY-1", "--rules", FOLDER / name, "--html", tmp_path / "page.html")
    assert_refused(said, name, *WORDS[name])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", BROKEN)
def test_remit_check_says_the_same_of_a_broken_file(name: str) -> None:
    said = remit("check", FOLDER / name)
    assert (said.status, "the key 'scheme' is missing" in said.err) == (1, False)
    assert [word for word in WORDS[name] if word not in said.err] == []


def test_remit_check_reads_rules_beside_schemes_and_indicators(tmp_path: Path) -> None:
    """Several files of rules are read together; what is right is right, and each mistake is told once, at its file."""
    good, names = HERE / "good_rules.yaml", ("qof-england-2024-25", HERE / "good_rules.yaml")
    assert remit("check", *names, "--no-notes").out.startswith("2 files checked: no errors")
    other = tmp_path / "other.yaml"
    register = re.search(r"register: (\w+)", good.read_text(encoding="utf-8"))
    assert register is not None
    population = f"    population: {register[1]}\n"
    head = "definitions:\n  - indicator: MY-2\n    title: Another\n"
    rules = "    fields: {A_DAT: latest A_COD}\n    rules: [{rule: 1, if: A_DAT <> Null, then: Select, else: Select}]\n"
    other.write_text(f"{head}{population}{rules}", encoding="utf-8")
    assert remit("check", good, other).status == 0
    assert f"there is no register '{register[1]}'" in remit("check", other).err
    other.write_text(f"{head}{population}{rules}".replace("latest", "latets"), encoding="utf-8")
    said = remit("check", good, other, "--format", "json")
    assert said.status == 1
    assert [one["file"] for one in json.loads(said.out)["problems"]] == [str(other)]


def test_a_file_differs_from_the_good_one_in_little() -> None:
    good = set((HERE / "good_rules.yaml").read_text(encoding="utf-8").splitlines())
    for name in BROKEN:
        lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
        assert sum(line not in good for line in lines) <= 6, name


def test_each_advice_is_met_by_a_broken_file() -> None:
    told = " ".join(word for words in WORDS.values() for word in words)
    assert [advice for _, advice in hints._MISTAKES if advice not in told] == []


_REFUSAL = re.compile(r"(?:\.add\(\s*\"[a-z.-]+\",|yield [^\n]*|ValueError\(|Unclear\()[^\"]*?f?\"((?:[^\"\\]|\\.)*)\"")


@pytest.mark.parametrize("module", [checking, checked, condition_checks, definitions, parse])
def test_each_refusal_is_met_by_a_broken_file(module: ModuleType) -> None:
    source = Path(str(module.__file__)).read_text(encoding="utf-8")
    told = " ".join(word for words in WORDS.values() for word in words)
    refusals = [re.split(r"\{[^{}]*\}+", text) for text in _REFUSAL.findall(source)]
    parts = {max((part.strip(" :'") for part in pieces), key=len) for pieces in refusals}
    assert parts
    assert sorted(part for part in parts if part not in told) == []
