"""A short run of the fuzzer: a few damaged inputs for each command. `make fuzz` is the long one."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.bad_files.command import CommandResult
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


def breaks(*words: object) -> CommandResult:
    raise KeyError("planted")


def says_nothing(*words: object) -> CommandResult:
    return CommandResult(1, "", "")


def shows_a_traceback(*words: object) -> CommandResult:
    return CommandResult(1, "", "Traceback (most recent call last)")


def leaves_something(*words: object) -> CommandResult:
    Path(str(words[-1])).write_text("half")
    return CommandResult(1, "", "refused.")


def changes_an_input(*words: object) -> CommandResult:
    next(Path(str(word)) for word in words if str(word).endswith(".csv")).write_text("changed")
    return CommandResult(1, "", "refused.")


@pytest.mark.parametrize(
    ("planted", "what"),
    [
        (breaks, "KeyError"),
        (says_nothing, "says nothing"),
        (shows_a_traceback, "a traceback"),
        (leaves_something, "is there"),
        (changes_an_input, "inputs are changed"),
    ],
)
def test_planted_faults_are_found(
    planted: Callable[..., CommandResult], what: str, world: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.fuzz.cases.remit", planted)
    found = played(Case(1, "run, claims", 1), world, tmp_path / "case")
    assert found is not None
    assert what in found.what
    assert "make fuzz SEED=1 ONLY='run, claims' CASE=1" in str(found)


def test_what_does_not_end_is_ended() -> None:
    with pytest.raises(Hang), guarded(1):
        time.sleep(60)
