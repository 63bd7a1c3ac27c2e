"""Units and limits as data: how each unit is written, and which values it can have. `library/values` has the sources.

What they mean is written twice: by the interpreter (evaluation/measured.py), and for the engine and the check
(records/values.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path

from remit.files.tables import read_table

HIGHEST = Decimal("999999999999.999999")
"""As large as a value can be written."""


@dataclass(frozen=True)
class Limit:
    """The lowest and the highest value in a unit: of what a cluster holds, or of whatever is measured in the unit."""

    cluster: str
    unit: str
    lowest: Decimal
    highest: Decimal


@dataclass(frozen=True, eq=False)
class Measures:
    """Each spelling with the unit in UCUM that it stands for, and the limits. Two are one only where they are the same
    object, so that what was worked out from one is found again at once."""

    spellings: tuple[tuple[str, str], ...] = ()
    limits: tuple[Limit, ...] = ()


@cache
def shipped_measures() -> Measures:
    """The tables that ship."""
    return Measures(
        tuple((row["written"], row["ucum"]) for row in rows("units.csv")),
        tuple(
            Limit(row["cluster"], row["unit"], Decimal(row["lowest"]), Decimal(row["highest"]))
            for row in rows("limits.csv")
        ),
    )


COLUMNS = {
    "units.csv": ("ucum", "written", "standing", "source"),
    "limits.csv": ("cluster", "unit", "lowest", "highest", "standing", "source"),
}


def rows(name: str) -> list[dict[str, str]]:
    """The rows of one of the tables."""
    table = read_table(Path(str(files("remit") / "library" / "values" / name)), COLUMNS[name])
    return [dict(zip(COLUMNS[name], cells, strict=True)) for _, cells in table.rows()]
