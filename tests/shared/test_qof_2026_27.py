"""QOF England 2026-27 in the library beside the reference table of its indicators."""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path

from remit.scheme import load_scheme
from remit.scheme.kinds import HigherOf, Linear

TABLE = "reference/data/indicators_2026-27.csv"


def test_points_and_thresholds_are_those_of_the_table_and_what_it_leaves_empty_is_asked_for(shared: Path) -> None:
    with (shared / TABLE).open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    scheme = load_scheme("qof-england-2026-27")
    expected = {row["indicator_id"]: (row["points"], row["lower_threshold"], row["upper_threshold"]) for row in rows}
    found = {}
    for item in scheme.items:
        kind = item.kind
        assert isinstance(kind, Linear | HigherOf)
        line = kind.ordinary if isinstance(kind, HigherOf) else kind
        most = kind.most_earned()
        ends = ["" if one.required else str(one.known() * 100) for one in (line.lower, line.upper)]
        found[item.item] = (str(most), *ends)
    assert found == expected
    assert len(rows) == 43
    assert sum(Fraction(row["points"]) for row in rows) == 582
    assert sum(Fraction(row["points"]) for row in rows if row["domain"] == "Clinical") == 437


def test_what_replaces_what_is_as_the_table_says(shared: Path) -> None:
    with (shared / TABLE).open(encoding="utf-8-sig", newline="") as file:
        standing = {row["indicator_id"]: row["standing"] for row in csv.DictReader(file)}
    scheme = load_scheme("qof-england-2026-27")
    stated = {code: text.partition("replaces ")[2] for code, text in standing.items() if "replaces " in text}
    assert stated.keys() == {"CD001", "CD002", "HF009", "HYP010", "HYP011", "DM037", "NDH003"}
    for code, text in stated.items():
        assert all(before in text for before in scheme.item(code).takes_place_of), code
    for code in ("AST014", "AST015"):
        assert all(
            standing[code].endswith(f"{old} renumbered because the register changed")
            for old in scheme.item(code).takes_place_of
        )
