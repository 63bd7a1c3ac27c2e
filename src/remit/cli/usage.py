"""What is wrong with a command line, as a problem like any other: with a code, the nearest name, and the next step."""

from __future__ import annotations

import re
from typing import Any

import typer

from remit.core import say
from remit.core.problems import Problem, did_you_mean, error
from remit.core.words import visible

UsageError: type[Any] = typer.BadParameter.__bases__[0]
"""What is raised at a command line that does not fit; typer hands it on under no name of its own."""

_PLAIN = (
    ("Input should be a valid integer", "a whole number is expected"),
    ("Input should be a valid number", "a number is expected"),
    ("Input should be greater than or equal to", "a number is expected of at least"),
    ("Input should be less than or equal to", "a number is expected of at most"),
)
"""How a value that is none is described by the library -> as a reader would say it."""


def is_help(wrong: Any) -> bool:
    """Whether it is not a fault but the help of a command that was typed without anything."""
    return type(wrong).__name__ == "NoArgsIsHelpError"


def usage_problem(wrong: Any) -> Problem:
    """The problem behind what typer raised. What was typed is shown without the control characters in it."""
    command = wrong.ctx.command_path if wrong.ctx else "remit"
    ways = f"'{command} --help' lists what it takes."
    text = visible(wrong.message or "")
    if (option := visible(getattr(wrong, "option_name", "") or "")) and "No such option" in text:
        near = did_you_mean(option, _options(wrong.ctx))
        return error("cli.no-such-option", f"{command}: there is no option {option}.", None, f"{near} {ways}".strip())
    if unknown := re.match(r"No such command '(.*?)'", text, re.DOTALL):
        near = did_you_mean(unknown[1], sorted(_commands(wrong.ctx)))
        what = f"{command}: there is no command '{unknown[1]}'."
        return error("cli.no-such-command", what, None, f"{near} {ways.replace('what it takes', 'them')}".strip())
    name = _name(wrong)
    if type(wrong).__name__ == "MissingParameter":
        about = re.sub(r"\[/?[a-z ]+\]", "", getattr(wrong.param, "help", "") or "")
        return error("cli.option-missing", f"{command}: {name} is missing. {about}".strip(), None, ways)
    if name:
        return error("cli.value-unfit", f"{command}: {name}: {_expected(text)}", None, ways, option=name)
    return error("cli.usage", f"{command}: {text[:1].lower()}{text[1:]}", None, ways)


def _expected(text: str) -> str:
    """What a value should have been, in plain words."""
    for words, plain in _PLAIN:
        if words in text:
            return f"{text.replace(words, plain).partition(',')[0].rstrip('.')}."
    return say.sentence(text.removeprefix("Value error, "))


def _options(context: Any) -> list[str]:
    """The options of the command that was typed."""
    return [name for parameter in context.command.params for name in parameter.opts if name.startswith("--")]


def _commands(context: Any) -> list[str]:
    """The commands below the word that was typed."""
    return list(context.command.list_commands(context)) if hasattr(context.command, "list_commands") else []


def _name(wrong: Any) -> str:
    """The option or argument that it is about, as it is written in the help; '' where it is about none."""
    parameter = getattr(wrong, "param", None)
    if wrong.__dict__.get("param_hint"):
        return str(wrong.param_hint)
    if parameter is None:
        return ""
    options = [name for name in parameter.opts if name.startswith("-")]
    return str(options[-1] if options else (parameter.metavar or parameter.name.upper()).strip("[]{}."))
