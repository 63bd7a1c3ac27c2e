"""Numbers as they are typed: pounds, shares, and numbers by item. What cannot be read is a problem, and all come
together."""

from __future__ import annotations

import re
from fractions import Fraction

from remit.core import exact
from remit.core.problems import Problem, error


def pence(text: str, problems: list[Problem]) -> int:
    """A budget, such as `£250,000` or `250000`, in whole pence."""
    try:
        amount = exact.money(f"£{text}" if text[:1].isdigit() and not text.endswith("p") else text) * 100
    except ValueError as wrong:
        problems.append(error("cli.value-unfit", f"--budget: {wrong}.", option="--budget", found=text))
        return 0
    if amount.denominator > 1 or amount < 1:
        what = f"--budget {text}: expected whole pence, above £0."
        problems.append(error("cli.value-unfit", what, option="--budget", found=text))
    return int(amount)


def number(name: str, text: str, pattern: str, example: str, problems: list[Problem]) -> Fraction:
    """A number above 0, as the first group of a pattern has it."""
    match = re.fullmatch(pattern, text.strip().removeprefix("+"), re.ASCII)
    if not match or not Fraction(match[1]):
        problems.append(error("cli.value-unfit", f"{name} {text}: expected {example}.", option=name, found=text))
        return Fraction(1)
    return Fraction(match[1])


def by_item(
    name: str, typed: list[str] | None, pattern: str, example: str, problems: list[Problem], alone: bool = False
) -> dict[str, Fraction]:
    """Numbers by item, each `CODE=number`; one that may stand `alone`, without a code, is that of all other items."""
    found: dict[str, Fraction] = {}
    for text in typed or ():
        code, _, amount = text.rpartition("=")
        if not (code or alone):
            problems.append(error("cli.value-unfit", f"{name} {text}: expected {example}.", option=name, found=text))
        found[code.strip()] = number(name, amount, pattern, example, problems)
    return found
