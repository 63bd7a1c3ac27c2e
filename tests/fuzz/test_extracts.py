"""A short run of the damaged extracts, and that a leak would be found. `make fuzz-extracts` is the long one."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.bad_files.command import CommandResult
from tests.fuzz import extracts
from tests.profiles import is_quick

CASES = 12 if is_quick() else 60


def test_no_damaged_extract_leaks_a_number(tmp_path: Path) -> None:
    found = [extracts.played(1, number, tmp_path / "case") for number in range(CASES)]
    assert [one for one in found if one] == []


@pytest.mark.parametrize("where", ["out/store/left.csv", "tmp/left", "out/612-345 6700/x"])
def test_a_planted_leak_is_found(where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def leaves(home: Path, store: Path) -> CommandResult:
        path = home / where
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"patient {extracts.OURS[0][:3]}-{extracts.OURS[0][3:]}")
        return CommandResult(1, "", "refused.")

    monkeypatch.setattr(extracts, "_imported", leaves)
    monkeypatch.setattr(extracts, "_wrong", lambda said, store, killed: "")
    found = [extracts.played(1, number, tmp_path / "case") for number in range(3)]
    assert all("an NHS number is in" in one for one in found)
