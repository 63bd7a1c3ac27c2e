"""What the commands share: consoles, progress, and how problems are printed.

Nothing that a file, an option or the name of a folder holds is obeyed by the terminal: neither as markup nor as a
control character.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import typer
from rich.console import Console, ConsoleOptions, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.segment import Segment
from typer.core import TyperCommand

from remit.cli.worded import worded
from remit.core.problems import Problem, Refused, error
from remit.core.words import visible


class PlainConsole(Console):
    """A console that shows what it is given, and obeys none of it. It is as wide as the terminal is when it prints."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._width = self._height = None  # what COLUMNS said when it was made need not hold when it prints

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """As rich renders it, with a sign for each control character."""
        for segment in super().render(renderable, options):
            text = segment.text
            shown = text if segment.control or text.isprintable() else visible(text)
            yield segment if shown == text else Segment(shown, segment.style)


out = PlainConsole(highlight=False, markup=False, emoji=False, soft_wrap=False)
err = PlainConsole(stderr=True, highlight=False, markup=False, emoji=False, soft_wrap=True)


ONLY_YOU = "Only you can read them."
"""What is said of files with rows of patients, where they are named."""


@dataclass(frozen=True)
class Command:
    """A command: its function, its name, the examples that stand below its help, and how it is read where that is not
    as usual."""

    function: Callable[..., Any]
    name: str
    examples: tuple[str, ...] = ()
    cls: type[TyperCommand] | None = None

    @property
    def epilog(self) -> str:
        return (
            "\n\n".join(["[bold]Examples[/bold]", *(f"  {example}" for example in self.examples)])
            if self.examples
            else ""
        )


def say_json(value: object) -> None:
    """A value as JSON to standard output: what would be obeyed is escaped, and is the same text when it is read."""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    if visible(text) != text:
        text = "".join(c if visible(c) == c else json.dumps(c)[1:-1] for c in text)
    typer.echo(text)


def say_file(text: str) -> None:
    """What a file would hold, to standard output: as it is where it goes into one, without controls on a terminal."""
    typer.echo(visible(text) if sys.stdout.isatty() else text, nl=False)


def say_plain(part: RenderableType) -> None:
    """Print, without the blanks that fill lines up to the width."""
    with out.capture() as captured:
        out.print(part)
    for line in captured.get().rstrip().splitlines():
        out.file.write(f"{line.rstrip()}\n")


def say_problem(problem: Problem, *, again: bool = False) -> None:
    """One problem to standard error, with its code; `again` leaves out what to do, which is said above."""
    err.print(worded(problem, "red" if err.is_terminal else "", again=again))


def say_problems(problems: Iterable[Problem]) -> None:
    """Problems on a line each. What to do about one that comes again, on another row of its file, is said once."""
    seen: set[tuple[str, str, str]] = set()
    for problem in problems:
        same = (problem.place.file if problem.place else "", problem.message, problem.hint)
        say_problem(problem, again=same in seen)
        seen.add(same)


def say_error(text: str) -> None:
    """A line about problems, to standard error, as it is."""
    err.print(text, style="red" if err.is_terminal else None)


def say_stopped(what: str) -> None:
    """That the user stopped a command, and what became of its work."""
    say_problem(error("cli.stopped", f"Stopped; {what}"))


def warn(problem: Problem) -> None:
    """A warning to standard error, with its code."""
    err.print(worded(problem, "yellow" if err.is_terminal else "", before="warning"))


def say_warning(text: str) -> None:
    """A line about warnings, to standard error."""
    err.print(f"warning: {text}", style="yellow" if err.is_terminal else None)


def print_refused(refused: Refused) -> None:
    """Every problem on a line of its own, then how many there were."""
    say_problems(refused.problems)
    left = refused.total - len(refused.problems)
    if left > 0:
        say_error(f"… and {left} more. --errors shows more of them.")
    if refused.total > 1:
        say_error(f"{refused.total} problems; nothing was written.")


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """A progress bar on standard error, where that is a terminal; told by (done, of)."""
    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=err, transient=True, disable=not err.is_terminal) as bar:
        task = bar.add_task(what, total=None)

        def told(done: int, of: int) -> None:
            bar.update(task, completed=done, total=of)

        yield told
