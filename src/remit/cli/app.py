"""The commands together, and how they end. A refusal is printed as plain lines; no traceback is shown."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer

from remit.cli.commands import FIRST_STEPS, Commands
from remit.cli.console import print_refused, say_problem
from remit.cli.usage import UsageError, is_help, usage_problem
from remit.core.problems import Refused, error


class Group(Commands):
    """The commands; what is wrong with a command line is a problem with a code, as all else that is wrong."""

    def make_context(self, *given: Any, **named: Any) -> Any:
        """As typer makes it."""
        with _as_a_problem():
            return super().make_context(*given, **named)

    def invoke(self, *given: Any, **named: Any) -> Any:
        """As typer does it."""
        with _as_a_problem():
            return super().invoke(*given, **named)


@contextmanager
def _as_a_problem() -> Iterator[None]:
    try:
        yield
    except UsageError as wrong:
        if is_help(wrong):
            raise
        say_problem(usage_problem(wrong))
        raise typer.Exit(2) from None


app = typer.Typer(
    cls=Group,
    name="remit",
    help="Primary-care incentive schemes as files: from counts or records to exact points, pounds, instalments and "
    "statements.",
    epilog=FIRST_STEPS,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        import remit

        typer.echo(f"remit {remit.__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Show the version."),
) -> None:
    pass


def run() -> None:
    """Run the command that was typed, and say how it ended."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # where a terminal has no £, the figures are shown all the same
    try:
        app(prog_name="remit")
    except Refused as refused:
        print_refused(refused)
        sys.exit(1)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except SystemExit as end:
        stopped = end.__context__.__cause__ if end.__context__ else None
        if isinstance(stopped, KeyboardInterrupt):  # typer ends with 130 and says nothing
            say_problem(error("cli.stopped", str(stopped) or "Stopped; nothing was written."))
        raise
    except RecursionError:
        what = "Something in the files rests on too many others in a row:"
        say_problem(error("cli.too-deep", f"{what} write it out more plainly."))
        sys.exit(1)
    except MemoryError:
        what = "There is not enough memory for this run: narrow it with --practice, or use a larger machine."
        say_problem(error("cli.out-of-memory", what))
        sys.exit(1)
    except OSError as failed:
        name = f"{failed.filename}: " if failed.filename else ""
        say_problem(error("cli.system", f"{name}{failed.strerror or failed}."))
        sys.exit(1)
