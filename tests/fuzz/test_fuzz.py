"""A short run of the fuzzer: a few damaged inputs for each command. `make fuzz` is the long one."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from tests.fuzz.cases import Case, Hang, guarded, played
from tests.fuzz.commands import COMMANDS, make_world
from tests.profiles import EXAMPLES, is_quick

CASES = 3 if is_quick() else EXAMPLES["quick"]
"""For each command. The seed is fixed: a change is not refused for what it happened to meet first."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_world(tmp_path_factory.mktemp("fuzz") / "world")


@pytest.mark.parametrize("command", COMMANDS)
def test_damaged_inputs_are_taken_or_refused_in_plain_words(command: str, world: Path, tmp_path: Path) -> None:
    """No traceback, no hang, no changed figure without a word."""
    found = [played(Case(1, command, number), world, tmp_path / "case") for number in range(CASES)]
    assert [str(one) for one in found if one] == []


def test_a_case_is_the_same_each_time() -> None:
    one, other = (Case(1, "run", 7).random.random() for _ in range(2))
    assert one == other != Case(2, "run", 7).random.random()


def test_what_does_not_end_is_ended() -> None:
    with pytest.raises(Hang), guarded(1):
        time.sleep(60)
