"""`remit statement`."""

from __future__ import annotations

from remit.cli.console import Command

COMMANDS: tuple[Command, ...] = ()
