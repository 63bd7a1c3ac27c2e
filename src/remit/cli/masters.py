"""`--on-spark [MASTER]`: an option whose value may be left out, which typer does not have."""

from __future__ import annotations

import re
from typing import Annotated, Any

import typer
from typer.core import TyperCommand

OnSpark = Annotated[
    str | None,
    typer.Option(
        "--on-spark",
        metavar="[MASTER]",
        help="Do it on Spark: of a MASTER such as spark://host:7077, or of this machine. --workers: tasks at once.",
    ),
]
Workers = Annotated[
    int | None, typer.Option("--workers", min=1, max=512, help="How many processes; else one for each core.")
]

_OPTION = "--on-spark"
_MASTER = re.compile(r"local(\[.*\])?|local-cluster\[.*\]|(spark|k8s)://.+|yarn", re.DOTALL)


class MasterOrNone(TyperCommand):
    """A command with `--on-spark`; what follows is its value only where it has the form of a master."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """As typer does it."""
        read = []
        for word, following in zip(args, [*args[1:], ""], strict=True):
            left_out = word == _OPTION and not _MASTER.fullmatch(following)
            read.append(f"{_OPTION}=" if left_out else word)
        return super().parse_args(ctx, read)
