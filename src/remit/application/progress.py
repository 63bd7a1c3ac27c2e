"""How a use case says how far it is, and how it is stopped."""

from __future__ import annotations

from collections.abc import Callable

OnProgress = Callable[[int, int], None]
"""Called with how many are done, and of how many."""

Cancelled = Callable[[], bool]
"""Asked between two pieces of work: whether to stop. What was there before stays as it was."""


class Stopped(Exception):
    """The work was stopped because it was cancelled; nothing was written."""


def silent(done: int, of: int) -> None:
    """Progress that nobody looks at."""


def never() -> bool:
    """Nobody will cancel."""
    return False


def reporting(on_progress: OnProgress, cancelled: Cancelled) -> OnProgress:
    """Progress that also stops the work, between two pieces of it, where it was cancelled."""

    def report(done: int, of: int) -> None:
        on_progress(done, of)
        if cancelled():
            raise Stopped

    return report
