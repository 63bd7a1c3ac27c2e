"""Every specification of the rule language holds, and the manual prints them as they are."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.spec.rules.harness import Case, Spec, chapters, found

from remit.rules.definitions import read_definitions

CASES = [
    pytest.param(spec, case, id=f"{name}: {spec.title} {n}")
    for name, chapter in chapters()
    for spec in chapter.specs
    for n, case in enumerate(spec.told, 1)
]


@pytest.mark.parametrize(("spec", "case"), CASES)
def test_the_language_means_what_its_manual_says(spec: Spec, case: Case, tmp_path: Path) -> None:
    assert found(spec, case, tmp_path) == case.is_


MANUAL = Path(__file__).parents[3] / "docs" / "reference" / "rule-language.md"


def test_the_file_that_the_manual_shows_is_read(tmp_path: Path) -> None:
    shown = MANUAL.read_text(encoding="utf-8").split("```yaml\n")[1].split("```")[0]
    (tmp_path / "rules.yaml").write_text(shown, encoding="utf-8")
    known = read_definitions([tmp_path / "rules.yaml"])
    assert list(known.registers) == ["HYP_REG"]
    assert [rule.number for rule in known.indicators["HYP-EXAMPLE"].rules] == [1, 2, 3]


def test_the_manual_is_current() -> None:
    script = Path(__file__).parents[3] / "scripts" / "rule_manual.py"
    said = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stdout + said.stderr
