"""Indicators of an item by the day from which each holds: another definition takes over, or one has another code."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from remit.scheme.agreements import Code
from remit.scheme.kinds import Strict


class DatedIndicator(Strict):
    """An indicator that takes over on a date: a day, or the name of a date parameter.

    One that `renumbers` another is the same indicator under another code: counts under either are taken.
    """

    use: Code
    from_: str = Field(alias="from", description="A date, or the name of a parameter of type date")
    renumbers: Code | None = Field(default=None, description="An earlier code of the same indicator, no other one")


def renumbered(dated: Sequence[DatedIndicator]) -> dict[str, str]:
    """The codes that an indicator had before, each with the code that it has at last."""
    latest: dict[str, str] = {}
    for one in reversed(dated):
        if one.renumbers:
            latest[one.renumbers] = latest.get(one.use, one.use)
    return latest


def check_renumbers(dated: Sequence[DatedIndicator]) -> None:
    """Raises ValueError where one renumbers what does not stand before it."""
    before: list[str] = []
    for one in dated:
        if one.renumbers and one.renumbers not in before:
            raise ValueError(f"'renumbers' names an indicator that stands before {one.use} in this item's list")
        before.append(one.use)
