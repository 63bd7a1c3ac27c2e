"""What the commands share: consoles, progress, and how problems are printed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from remit.cli.wording import worded
from remit.core.problems import Problem, Refused, error

out = Console(highlight=False, soft_wrap=False)
err = Console(stderr=True, highlight=False, soft_wrap=True)


@dataclass(frozen=True)
class Command:
    """A command: its function, its name and the examples that stand below its help."""

    function: Callable[..., Any]
    name: str
    examples: tuple[str, ...] = ()

    @property
    def epilog(self) -> str:
        return (
            "\n\n".join(["[bold]Examples[/bold]", *(f"  {example}" for example in self.examples)])
            if self.examples
            else ""
        )


def say_problem(problem: Problem) -> None:
    """One problem to standard error, with its code."""
    err.print(worded(problem, "red" if err.is_terminal else ""))


def say_error(text: str) -> None:
    """A line about problems, to standard error, as it is."""
    err.print(text, markup=False, style="red" if err.is_terminal else None)


def say_stopped(what: str) -> None:
    """That the user stopped a command, and what became of its work."""
    say_problem(error("cli.stopped", f"Stopped; {what}"))


def warn(problem: Problem) -> None:
    """A warning to standard error, with its code."""
    err.print(worded(problem, "yellow" if err.is_terminal else "", before="warning"))


def say_warning(text: str) -> None:
    """A line about warnings, to standard error."""
    err.print(f"warning: {text}", markup=False, style="yellow" if err.is_terminal else None)


def print_refused(refused: Refused) -> None:
    """Every problem on a line of its own, then how many there were."""
    for problem in refused.problems:
        say_problem(problem)
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
