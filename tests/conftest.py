"""What every test stands on: one Hypothesis profile, and a count of what was checked where a test may check nothing."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from tests import checked, profiles

profiles.load()


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Iterator[None]:
    """Fail a test that checked nothing of what `@pytest.mark.checks` names, but where ten examples may by chance."""
    checked.begin()
    result = yield
    if profiles.is_quick():
        return result
    unlike = checked.unlike([what for mark in pyfuncitem.iter_markers("checks") for what in mark.args])
    if unlike:
        pytest.fail(f"{pyfuncitem.name} {unlike}", pytrace=False)
    return result


def pytest_sessionfinish() -> None:
    """Under `make coverage`, write what was measured: pytest-xdist gives a worker ten seconds to end, and no more."""
    coverage = sys.modules.get("coverage")
    measured = coverage.Coverage.current() if coverage else None
    if measured:
        measured.save()
