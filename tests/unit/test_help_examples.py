"""The examples of each command's help can be typed: the command, its options and the required ones are real."""

from __future__ import annotations

import re
import shlex
from importlib import import_module
from typing import Any

import pytest
import typer.main

from remit.cli.app import app
from remit.cli.commands import FIRST_STEPS, PLACES

ROOT = typer.main.get_command(app)
MODULES = {place.module: import_module(f"remit.cli.{place.module}") for place in PLACES.values()}
COMMANDS = [command for module in MODULES.values() for command in module.COMMANDS]
EXAMPLES = [example for command in COMMANDS for example in command.examples]
EXAMPLES += re.findall(r"remit .*", FIRST_STEPS.partition("Every command")[0])


def test_every_command_has_an_example() -> None:
    assert [command.name for command in COMMANDS if not command.examples] == []


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_is_a_command_line_of_its_command(example: str) -> None:
    """`…` stands for options that are in the example above; all others are there."""
    words = shlex.split(example)
    assert words[0] == "remit"
    command: Any = ROOT
    rest = words[1:]
    while hasattr(command, "get_command"):
        command, rest = command.get_command(None, rest[0]), rest[1:]
        assert command is not None, example
    options = {name: parameter for parameter in command.params for name in parameter.opts if name.startswith("-")}
    named = [word for word in rest if word.startswith("--")]
    assert [name for name in named if name not in options] == []
    shortened = "…" in rest
    given = {options[name].name for name in named}
    required = {p.name for p in command.params if p.required and any(name.startswith("-") for name in p.opts)}
    assert shortened or required <= given, example
    values = [options[name] for name in named if _takes_a_value(options[name])]
    arguments = [word for word in rest if not word.startswith("--") and word != "…"]
    needed = sum(1 for p in command.params if p.required and not any(name.startswith("-") for name in p.opts))
    assert len(arguments) >= len(values) + needed, example


def _takes_a_value(option: Any) -> bool:
    """Whether something must follow an option; what stands in brackets in the help may be left out."""
    return not getattr(option, "is_flag", False) and not str(option.metavar or "").startswith("[")
