"""A text with its problems, as the pages show it."""

from __future__ import annotations

from dataclasses import dataclass

from remit.application.scheme_text import Result
from remit.core.problems import Problem

ROOM = 8
"""Empty lines below a text, to write on."""
MOST = 200
"""Problems that a page lists; of more, how many there are is said."""
_NAMES = {"error": "Error", "warning": "Warning", "note": "Note"}


@dataclass(frozen=True)
class Found:
    """A problem as it is listed: its number on the page, what it is, where, and what to do."""

    number: int
    kind: str
    severity: str
    message: str
    hint: str
    line: int
    column: int
    file: str

    @property
    def where(self) -> str:
        """`line 3, column 5`, and whose where it is not the text's own."""
        if not self.line:
            return self.file
        column = f", column {self.column}" if self.column else ""
        return f"{self.file}{', ' if self.file else ''}line {self.line}{column}"


@dataclass(frozen=True)
class Line:
    """A line of the text with what is wrong on it."""

    number: int
    text: str
    found: tuple[Found, ...] = ()


@dataclass(frozen=True)
class Editor:
    """What is wrong with a text, by severity, and its lines with some empty ones after them."""

    found: tuple[Found, ...]
    lines: tuple[Line, ...]
    summary: str

    @property
    def rows(self) -> int:
        """Lines of the box that the text is edited in."""
        return len(self.lines)


def editor(result: Result, text: str, room: int = ROOM) -> Editor:
    """A text beside what the check found in it."""
    problems = (*result.errors, *sorted(result.findings, key=lambda one: one.severity == "note"))
    listed = tuple(_listed(number, one) for number, one in enumerate(problems[:MOST], 1))
    by_line: dict[int, list[Found]] = {}
    for one in listed:
        if not one.file and one.line:
            by_line.setdefault(one.line, []).append(one)
    rows = text.replace("\r\n", "\n").split("\n")
    rows += [""] * room
    lines = tuple(Line(number, row, tuple(by_line.get(number, ()))) for number, row in enumerate(rows, 1))
    return Editor(listed, lines, summary(result))


def _listed(number: int, one: Problem) -> Found:
    place = one.place
    own = place is None or not (place.file.startswith("remit/") or place.file == "settings")
    of_file = one.message.startswith(("is ", "has ", "cannot "))  # the place before it names the file elsewhere
    message = f"The file {one.message}" if of_file else one.message[:1].upper() + one.message[1:]
    return Found(
        number, _NAMES[one.severity], one.severity, message, one.hint, place.line if place else 0,
        place.column if place else 0, "" if own else place.file if place else "",
    )  # fmt: skip


def summary(result: Result) -> str:
    """How much there is, in a sentence."""
    warnings = sum(one.severity == "warning" for one in result.findings)
    notes = len(result.findings) - warnings
    counts = ((len(result.errors), "error"), (warnings, "warning"), (notes, "note"))
    parts = [f"{many} {name}{'' if many == 1 else 's'}" for many, name in counts if many]
    text = ", ".join(parts) or "Nothing is wrong with the text"
    text += f" (the first {MOST} are listed)" if len(result.errors) + len(result.findings) > MOST else ""
    return f"{text}. It can be saved, but not submitted." if result.errors else f"{text}."
