"""What holds of the tests themselves: one profile, a reason for what is not measured, faults that can be put in."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from hypothesis import settings
from tests import checked, profiles

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
FAULTS = yaml.safe_load((ROOT / "tests" / "mutations.yaml").read_text(encoding="utf-8"))


def test_examples_are_counted_in_one_place() -> None:
    """Every property takes its examples and its deadline, of which there is none, from tests/profiles.py."""
    own = re.compile(r"from hypothesis import .*\bsettings\b|hypothesis\.settings|max_examples|deadline=")
    mine = {Path(__file__), ROOT / "tests" / "profiles.py"}
    assert [path.name for path in TESTS if path not in mine and own.search(path.read_text(encoding="utf-8"))] == []
    assert settings.default is not None
    assert settings.default.deadline is None


def test_in_continuous_integration_the_examples_are_the_same_each_time() -> None:
    try:
        profiles.load({"HYPOTHESIS_PROFILE": "thorough", "CI": "true"})
        assert (settings.get_current_profile_name(), settings().max_examples, settings().derandomize) == (
            "thorough", 1000, True,
        )  # fmt: skip
        assert profiles.examples(0.5).max_examples == 500
        profiles.load({})
        assert (settings().max_examples, settings().derandomize) == (30, False)
        assert profiles.examples(0.001).max_examples == 1
        with pytest.raises(SystemExit, match="quick, whole, thorough"):
            profiles.load({"HYPOTHESIS_PROFILE": "thorow"})
    finally:
        profiles.load()


def test_what_is_not_measured_has_its_reason_beside_it() -> None:
    """`# pragma: no cover - the reason`, and the same for a branch."""
    marked = re.compile(r"#\s*pragma:\s*no\s*(cover|branch)(?P<reason>.*)")
    for path in SOURCES:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            found = marked.search(line)
            assert not found or re.match(r" - \w[^#]{9,}$", found["reason"]), f"{path.name}:{number}: {line.strip()}"


def test_a_test_that_checked_nothing_fails() -> None:
    checked.begin()
    checked.checked("one", 0)
    checked.checked("two", 3)
    assert checked.unlike(["one", "two", "three"]) == "checked nothing of: one; checked nothing of: three"
    assert checked.unlike(["one"]) == "checked nothing of: one; its mark does not name: two"
    checked.begin()
    assert checked.unlike([]) == ""


@pytest.mark.parametrize("fault", FAULTS, ids=[fault["fault"] for fault in FAULTS])
def test_a_listed_fault_can_be_put_in(fault: dict[str, object]) -> None:
    """Its text is in its file once, and the tests that must notice it are there: `make mutants` runs them."""
    text = (ROOT / str(fault["file"])).read_text(encoding="utf-8")
    assert text.count(str(fault["replace"])) == 1
    noticed_by = fault["noticed_by"]
    assert isinstance(noticed_by, list)
    assert noticed_by
    for test in noticed_by:
        path, _, name = test.partition("::")
        assert f"def {name}(" in (ROOT / path).read_text(encoding="utf-8")
