"""Collects the YAML cases of this folder: each is a test, which fails with a line for all that came out otherwise."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.schemes.harness import Case, differences, load_cases


class CaseFailed(Exception):
    """A case came out otherwise than its file says."""


class CaseFile(pytest.File):
    def collect(self) -> Iterator[pytest.Item]:
        for case in load_cases(self.path.read_text(encoding="utf-8")):
            yield CaseTest.from_parent(self, name=case.name, case=case)


class CaseTest(pytest.Item):
    def __init__(self, *, case: Case, **rest: object) -> None:
        super().__init__(**rest)  # type: ignore[arg-type]
        self.case = case

    def runtest(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            unlike = differences(self.case, Path(folder))
        if unlike:
            raise CaseFailed("\n".join(unlike))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None) -> str:
        if isinstance(excinfo.value, CaseFailed):
            return f"{self.path.name}: {self.case.name}\n{excinfo.value}"
        return str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, None, str]:
        return self.path, None, self.case.name


def pytest_collect_file(parent: pytest.Collector, file_path: Path) -> CaseFile | None:
    if file_path.suffix == ".yaml" and file_path.parent == Path(__file__).parent:
        file: CaseFile = CaseFile.from_parent(parent, path=file_path)
        return file
    return None
