"""Errors and warnings as values: each has a stable code, a place, data and a way out, and all are reported together.

A loader collects `Problem`s and raises one `Refused` with all of them; nothing else is raised at a user. What stands
here says nothing of who asks: a front end finds the code and the data, and words the way out in its own terms.
Each room declares its codes once, in its `codes.py`.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, TypeAlias

from remit.core.nhs_numbers import without_nhs_numbers

Severity = Literal["error", "warning", "note"]
Hint: TypeAlias = "str | Callable[[], str]"
"""What to do about a problem; or how that is found, where finding it takes long and the problem may not be shown."""
Datum: TypeAlias = "str | int | bool | tuple[Datum, ...] | None"


@dataclass(frozen=True)
class Code:
    """A kind of problem: its stable name `room.what-is-wrong`, and what it means and what to do, in plain words."""

    name: str
    severity: Severity
    about: str


def declared(
    room: str,
    errors: Mapping[str, str],
    warnings: Mapping[str, str] | None = None,
    notes: Mapping[str, str] | None = None,
) -> tuple[Code, ...]:
    """A room's codes, by severity: `what-is-wrong` -> what it means and what to do."""
    kinds: tuple[tuple[Severity, Mapping[str, str]], ...] = (
        ("error", errors),
        ("warning", warnings or {}),
        ("note", notes or {}),
    )
    return tuple(Code(f"{room}.{name}", severity, about) for severity, those in kinds for name, about in those.items())


class Data(Mapping[str, Datum]):
    """What a problem is about, for programs: texts, whole numbers, yes or no, and lists of them. It never changes.

    Whatever is no such thing (a path, a date, an exact number) is held as its text.
    """

    __slots__ = ("_values",)

    def __init__(self, **data: object) -> None:
        self._values = {name: _plain(value) for name, value in data.items()}

    def __getitem__(self, name: str) -> Datum:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __hash__(self) -> int:
        return hash(tuple(self._values.items()))

    def __repr__(self) -> str:
        return f"Data({', '.join(f'{name}={value!r}' for name, value in self._values.items())})"


def _plain(value: object) -> Datum:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, list | tuple | set | frozenset):
        return tuple(_plain(one) for one in (sorted(value, key=str) if isinstance(value, set | frozenset) else value))
    return str(value)


SUPPLIED_AS = "the supplied "
"""Before the name of what was supplied with a run, in the place of a mistake in it."""


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
    """One thing that is wrong: its code, what it is, where, what to do about it, and the same as data."""

    code: str
    message: str
    place: Place | None = None
    hint: str = ""
    data: Data = field(default_factory=Data)
    severity: Severity = "error"

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


def problem(
    code: str, message: str, place: Place | None, hint: str, data: Mapping[str, object], severity: Severity = "error"
) -> Problem:
    """A problem; the names that a hint suggests are its data too, as `nearest`.

    It quotes cells, files and folders, and may be shown or logged anywhere: no NHS number stands in it.
    """
    if isinstance(hint, Suggestion) and hint.names:
        data = {**data, "nearest": hint.names}
    if code.startswith(_OF_CODES):
        return Problem(code, message, place, str(hint), Data(**data), severity)
    where = replace(place, file=without_nhs_numbers(place.file)) if place else None
    shown = Data(**{name: _shown(_plain(value)) for name, value in data.items()})
    return Problem(code, without_nhs_numbers(message), where, without_nhs_numbers(str(hint)), shown, severity)


def _shown(value: Datum) -> Datum:
    if isinstance(value, tuple):
        return tuple(map(_shown, value))
    return without_nhs_numbers(value) if isinstance(value, str) else value


_OF_CODES = ("terminology.", "rules.")
"""Problems of lists of clinical codes: these hold no patient, and one in eleven codes of ten digits looks like one."""


def error(code: str, message: str, place: Place | None = None, hint: str = "", **data: object) -> Problem:
    """Something that is wrong, to be refused together with others."""
    return problem(code, message, place, hint, data)


def warning(code: str, message: str, place: Place | None = None, hint: str = "", **data: object) -> Problem:
    """Something that a reader should know, and that stops nothing."""
    return problem(code, message, place, hint, data, "warning")


def refuse(code: str, message: str, place: Place | None = None, hint: str = "", **data: object) -> Refused:
    """A refusal for a single problem, to be raised by the caller."""
    return Refused([problem(code, message, place, hint, data)])


class Collector:
    """Gathers problems up to `limit`, counts the rest, and refuses once, at the end."""

    def __init__(self, limit: int = 20) -> None:
        self.limit = limit
        self.total = 0
        self.problems: list[Problem] = []

    def add(self, code: str, message: str, place: Place | None = None, hint: Hint = "", **data: object) -> None:
        """One more that is wrong. A hint that is yet to be found is found only for a problem that is kept."""
        self.total += 1
        if not self.full:
            self.problems.append(problem(code, message, place, hint() if callable(hint) else hint, data))

    @property
    def full(self) -> bool:
        """Whether what comes now is counted and not kept."""
        return len(self.problems) >= self.limit

    def take(self, one: Problem) -> None:
        """One more, as it was found elsewhere."""
        self.total += 1
        if not self.full:
            self.problems.append(one)

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


class Suggestion(str):
    """A hint that names what may have been meant, and keeps those names for a program."""

    __slots__ = ("names",)
    names: tuple[str, ...]

    def __new__(cls, text: str, names: Iterable[str] = ()) -> Suggestion:
        """The words, and the names in them."""
        suggestion = super().__new__(cls, text)
        suggestion.names = tuple(names)
        return suggestion


def did_you_mean(name: str, names: Iterable[str]) -> Suggestion:
    """`Did you mean A or B?`, or the whole list when nothing is near and the list is short; never the name itself."""
    every = sorted(names) if isinstance(names, Set) else names  # a set has another order in each process
    names = [known for known in every if known != name]
    close = nearest(name, names)
    if close:
        return Suggestion(f"Did you mean {' or '.join(close)}?", close)
    return Suggestion(f"Expected one of: {', '.join(names)}." if 0 < len(names) <= 12 else "")


def shown_name(path: Path | str) -> str:
    """A file's own name: what goes into a result, which holds no folder of the machine that made it."""
    return Path(path).name
