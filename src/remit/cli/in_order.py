"""A command whose options mean something by their order: `--item 4 --thresholds +3pp --item 5 --retire`."""

from __future__ import annotations

from typing import Any

from typer.core import TyperCommand

_KEY = "remit.in_order"


class InOrder(TyperCommand):
    """A command that keeps its options in the order in which they were typed."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """As typer does it."""
        values, _, order = self.make_parser(ctx).parse_args(args=list(args))
        seen: dict[str, int] = {}
        typed = []
        for option in order:
            name = str(option.name)
            given = values.get(name)
            n = seen[name] = seen.get(name, -1) + 1
            typed.append((name, given[n] if isinstance(given, list) else given))
        ctx.meta[_KEY] = tuple(typed)
        return super().parse_args(ctx, args)


def typed_in_order(ctx: Any) -> tuple[tuple[str, str], ...]:
    """The names of the parameters that were typed, with their texts, in their order."""
    found: tuple[tuple[str, str], ...] = ctx.meta[_KEY]
    return found
