"""Options that several commands share, and how their text is read."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from remit.core.dates import parse_date
from remit.core.problems import refuse

if TYPE_CHECKING:
    from remit.core.dates import SchemeYear

DEMONSTRATION = "demonstration"
"""The cluster set that ships, by its name."""

Records = Annotated[
    Path, typer.Option("--records", metavar="STORE", help="The store that 'remit records import' made.")
]
Clusters = Annotated[
    str | None, typer.Option("--clusters", metavar="SET", help="A cluster set's folder; else the demonstration's.")
]
Rules = Annotated[
    list[Path] | None, typer.Option("--rules", help="A file of registers and indicators of your own; may be repeated.")
]
RulesOf = Annotated[
    list[str] | None,
    typer.Option(
        "--rules-of",
        metavar="YEAR",
        help="Whose rules to use where there are none of the scheme's year, as 2024-25; nothing is final then. May be "
        "repeated.",
    ),
]
On = Annotated[
    str | None,
    typer.Option("--on", metavar="DATE", help="The achievement date; else the scheme's, or the records' last."),
]
Replace = Annotated[bool, typer.Option("--replace", help="Write over what is there.")]


def years_of(texts: list[str] | None) -> tuple[SchemeYear, ...]:
    """The years of --rules-of."""
    from remit.core.dates import SchemeYear

    try:
        return tuple(dict.fromkeys(SchemeYear.parse(text) for text in texts or ()))
    except ValueError as error:
        raise refuse("cli.value-unfit", f"--rules-of: {error}.", option="--rules-of", reason=error) from None


def one_day(text: str | None, option: str = "--on") -> date | None:
    """The day of an option, or None where it is not given."""
    if text is None:
        return None
    try:
        return parse_date(text)
    except ValueError as error:
        raise refuse("cli.value-unfit", f"{option}: {error}.", option=option, reason=error) from None


def settings_of(options: list[str]) -> dict[str, str]:
    """The parameters of --set. Raises Refused for one without a value, and for one that is given twice."""
    settings = {}
    for text in options:
        name, equals, value = text.partition("=")
        if not equals or not value:
            what = f"--set {text}: expected NAME=VALUE, such as notified=2025-06-02."
            raise refuse("cli.value-unfit", what, option="--set", found=text)
        if name.strip() in settings:
            raise refuse("cli.set-twice", f"--set: {name} is given twice.", name=name)
        settings[name.strip()] = value.strip()
    return settings


def read_size(text: str | None) -> int:
    """A size such as 4GB or 1.5 GB, in bytes; 0 where none is given."""
    if text is None:
        return 0
    match = re.fullmatch(r"([0-9]{1,6}(?:\.[0-9]{1,3})?) ?([MGT])B?", text.strip(), re.ASCII | re.IGNORECASE)
    size = int(Fraction(match[1]) * {"M": 10**6, "G": 10**9, "T": 10**12}[match[2].upper()]) if match else 0
    if size < 200_000_000:
        raise refuse(
            "cli.value-unfit",
            f"--memory {text}: expected a size of at least 200MB, as 4GB or 1.5GB.",
            option="--memory",
            found=text,
        )
    return size
