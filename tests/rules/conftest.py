"""Collects the YAML cases of this folder, each a test, and ends a run of them with the rules that they reach."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.rules import coverage
from tests.rules.harness import Run, differences, load_groups, runs

from remit.core.problems import Refused

HERE = Path(__file__).parent


class CaseFailed(Exception):
    """A case came out otherwise than its file says."""


class CaseFile(pytest.File):
    def collect(self) -> Iterator[pytest.Item]:
        for group in load_groups(self.path):
            for run in runs(group):
                yield CaseTest.from_parent(self, name=f"{group.of}: {run.name}", run=run)


class CaseTest(pytest.Item):
    def __init__(self, *, run: Run, **rest: object) -> None:
        super().__init__(**rest)  # type: ignore[arg-type]
        self.run = run

    def runtest(self) -> None:
        unlike = differences(self.run)
        if unlike:
            raise CaseFailed("\n".join(unlike))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None) -> str:
        if isinstance(excinfo.value, CaseFailed):
            return f"{self.path.name}: {self.name}\n{excinfo.value}"
        return str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, None, str]:
        return self.path, None, self.name


def pytest_collect_file(parent: pytest.Collector, file_path: Path) -> CaseFile | None:
    if file_path.suffix == ".yaml" and file_path.parent == HERE:
        file: CaseFile = CaseFile.from_parent(parent, path=file_path)
        return file
    return None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The report of the rules reached, whenever cases ran."""
    nodes = (getattr(report, "nodeid", "") for reports in terminalreporter.stats.values() for report in reports)
    if any("tests/rules/" in str(node) for node in nodes):
        terminalreporter.section("rules reached by cases")
        try:
            said = list(coverage.lines(coverage.reached()))
        except Refused as refused:
            said = [f"the definitions cannot be read: {refused}"]
        for line in said:
            terminalreporter.write_line(line)
