"""A loop or an `if` may check nothing at all, and its test passes. Such a test counts what it checked:

    @pytest.mark.checks("a level's days")
    def test_...():
        for day in days:
            checked("a level's days")
            assert ...

and fails where any of what its mark names was checked in no example.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

_times: Counter[str] = Counter()


def checked(what: str, times: int = 1) -> None:
    """Count what is about to be asserted, or was."""
    _times[what] += times


def begin() -> None:
    """Before a test: nothing is checked yet."""
    _times.clear()


def unlike(named: Collection[str]) -> str:
    """After a test: what its mark names and it never checked, or the other way round. Nothing where all is well."""
    found = [f"checked nothing of: {what}" for what in named if not _times[what]]
    return "; ".join(found + [f"its mark does not name: {what}" for what in sorted(_times) if what not in named])
