"""The examples of each command's help can be typed: the command, its options and the required ones are real."""

from __future__ import annotations

import re
import shlex

import pytest
import typer.main

from remit.cli.app import app
from remit.cli.commands import FIRST_STEPS, GROUPS

ROOT = typer.main.get_command(app)
EXAMPLES = [
    example
    for modules in GROUPS.values()
    for module in modules
    for command in module.COMMANDS
    for example in command.examples
] + re.findall(r"remit .*", FIRST_STEPS.partition("Every command")[0])


def test_every_command_has_an_example() -> None:
    without = [c.name for ms in GROUPS.values() for m in ms for c in m.COMMANDS if not c.examples]
    assert without == []


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_is_a_command_line_of_its_command(example: str) -> None:
    """`…` stands for options that are in the example above; all others are there."""
    words = shlex.split(example)
    assert words[0] == "remit"
    command, rest = ROOT, words[1:]
    while hasattr(command, "commands"):
        assert rest[0] in command.commands, example
        command, rest = command.commands[rest[0]], rest[1:]
    options = {name: parameter for parameter in command.params for name in parameter.opts if name.startswith("-")}
    named = [word for word in rest if word.startswith("--")]
    assert [name for name in named if name not in options] == []
    shortened = "…" in rest
    given = {options[name].name for name in named}
    required = {p.name for p in command.params if p.required and any(name.startswith("-") for name in p.opts)}
    assert shortened or required <= given, example
    values = [options[name] for name in named if not getattr(options[name], "is_flag", False)]
    arguments = [word for word in rest if not word.startswith("--") and word != "…"]
    needed = sum(1 for p in command.params if p.required and not any(name.startswith("-") for name in p.opts))
    assert len(arguments) >= len(values) + needed, example
