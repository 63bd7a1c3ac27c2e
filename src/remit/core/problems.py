"""Errors as values: each problem has a place and a way out, and all are reported together.

A loader collects `Problem`s and raises one `Refused` with all of them; nothing else is raised at a user.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, order=True)
class Place:
    """Where something is: a file or another source by its name, and in it a line and column (from 1) or a row."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        numbers = [str(n) for n in (self.line, self.column) if n]
        return ":".join([self.file, *numbers])


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong: what, where, and what to do about it."""

    message: str
    place: Place | None = None
    hint: str = ""

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        hint = f" {self.hint}" if self.hint else ""
        return f"{where}{self.message}{hint}"


class Refused(Exception):
    """The input cannot be used. Carries every problem that was found, `total` when some were left out."""

    def __init__(self, problems: Iterable[Problem], total: int | None = None) -> None:
        self.problems = tuple(problems)
        self.total = total if total is not None else len(self.problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type[Refused], tuple[tuple[Problem, ...], int]]:
        """As it goes from one process to another."""
        return Refused, (self.problems, self.total)


def refuse(message: str, place: Place | None = None, hint: str = "") -> Refused:
    """A refusal for a single problem, to be raised by the caller."""
    return Refused([Problem(message, place, hint)])


class Collector:
    """Gathers problems up to `limit`, counts the rest, and refuses once, at the end."""

    def __init__(self, limit: int = 20) -> None:
        self.limit = limit
        self.total = 0
        self.problems: list[Problem] = []

    def add(self, message: str, place: Place | None = None, hint: str = "") -> None:
        self.total += 1
        if len(self.problems) < self.limit:
            self.problems.append(Problem(message, place, hint))

    def refuse_if_any(self) -> None:
        """Raise `Refused` with everything gathered, if there is anything."""
        if self.total:
            in_order = sorted(self.problems, key=lambda problem: problem.place or Place(""))
            raise Refused(in_order, self.total)


def nearest(name: str, names: Iterable[str], most: int = 3) -> list[str]:
    """The known names that look most like `name`, best first, whatever their capitals."""
    known = {known.casefold(): known for known in sorted(names, reverse=True)}
    alike = 0.5 if len(name) <= 3 else 0.55  # `2c` shares one letter of two with `2a`
    close = difflib.get_close_matches(name.casefold(), known, n=most, cutoff=alike)
    begins = name.casefold()[:3]
    if not close and len(begins) == 3:
        close = [other for other in sorted(known) if other.startswith(begins)][:most]
    return [known[match] for match in close]


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """`Did you mean A or B?`, or the whole list when nothing is near and the list is short."""
    names = list(names)
    close = nearest(name, names)
    if close:
        return f"Did you mean {' or '.join(close)}?"
    return f"Expected one of: {', '.join(names)}." if 0 < len(names) <= 12 else ""


def shown_name(path: Path | str) -> str:
    """A file's own name: what goes into a result, which holds no folder of the machine that made it."""
    return Path(path).name
