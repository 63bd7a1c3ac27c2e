"""Random schemes, practices and counts: valid, and as odd as the language allows."""

from __future__ import annotations

import csv
import io
import json
import random
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from remit.core.rounding import exact_text
from remit.scheme import Scheme
from remit.scheme.loader import build
from remit.scheme.source import parse_source

HEADER = {
    "practices": ("practice_code", "practice_name", "place_code", "network_code", "list_size", "weighted_list_size",
                  "joined", "left", "successor_code"),
    "counts": ("practice_code", "indicator_code", "measure", "value", "period"),
    "national": ("group_code", "register", "list_size"),
}  # fmt: skip
MODES = ("half up", "half even", "down", "up")

basis_points = st.integers(0, 10_000)
"""A rate in hundredths of a per cent."""


def percent(hundredths: int) -> str:
    return f"{hundredths // 100}.{hundredths % 100:02d}%"


def rates() -> st.SearchStrategy[Fraction]:
    """Rates as counts give them, those on a bound often."""
    of_counts = st.integers(1, 5000).flatmap(lambda of: st.integers(0, of).map(lambda n: Fraction(n, of)))
    return st.one_of(of_counts, basis_points.map(lambda n: Fraction(n, 10_000)))


@st.composite
def steps(draw: st.DrawFn) -> list[tuple[str, int]]:
    """Steps in order, each with its tenths of a penny."""
    bounds = sorted(draw(st.lists(basis_points, min_size=1, max_size=5, unique=True)))
    pays = sorted(draw(st.lists(st.integers(1, 5000), min_size=len(bounds), max_size=len(bounds), unique=True)))
    words = draw(st.lists(st.sampled_from(["above", "from"]), min_size=len(bounds), max_size=len(bounds)))
    return [
        (f"{word} {percent(at)} pays {tenths // 10}.{tenths % 10}p", tenths)
        for word, at, tenths in zip(words, bounds, pays, strict=True)
    ]


def _most(tenths: int) -> str:
    return f"{tenths // 10}.{tenths % 10}p"


@st.composite
def stepped(draw: st.DrawFn, gate: str = "") -> dict[str, Any]:
    if not gate:
        table = draw(steps())
        return {"steps": {"steps": [text for text, _ in table], "most": _most(max(t for _, t in table))}}
    marks = sorted(draw(st.lists(st.integers(1, 9_999), min_size=1, max_size=3, unique=True)))
    edges = [None, *marks, None]
    tables, most = [], 0
    for low, high in pairwise(edges):
        words = " ".join(
            ([f"from {percent(low)}"] if low is not None else [])
            + ([f"below {percent(high)}"] if high is not None else [])
        )
        table = draw(st.one_of(st.just([]), steps()))
        tables.append({"when": words, "steps": [text for text, _ in table]})
        most = max([most, *(t for _, t in table)])
    if not most:
        tables[-1]["steps"], most = ["above 50% pays 1.0p"], 10
    return {"steps": {"gate": gate, "tables": tables, "most": _most(most)}}


points = st.integers(1, 4000).map(lambda n: exact_text(Fraction(n, 100)))


@st.composite
def by_points(draw: st.DrawFn, rate: bool) -> dict[str, Any]:
    if not rate:
        return {"boolean": {"points": draw(points)}}
    low, high = sorted(draw(st.lists(basis_points, min_size=2, max_size=2, unique=True)))
    line = {"points": draw(points), "lower": percent(low), "upper": percent(high)}
    if draw(st.booleans()):
        return {"linear": line}
    at_lower = Fraction(line["points"]) * draw(st.integers(0, 100)) / 100
    return {"step_then_linear": {**line, "points_at_lower": exact_text(at_lower)}}


@st.composite
def rounding(draw: st.DrawFn) -> dict[str, str]:
    step = st.one_of(
        st.just("none"), st.tuples(st.integers(0, 4), st.sampled_from(MODES)).map(lambda p: f"{p[0]} places, {p[1]}")
    )
    named = {name: draw(step) for name in ("list", "prevalence", "points", "pounds_per_point")}
    return {**named, "pounds": f"{draw(st.integers(0, 4))} places, {draw(st.sampled_from(MODES))}"}


@st.composite
def terms(draw: st.DrawFn, of: str) -> dict[str, Any]:
    return {
        "paid_in_advance": {
            "share": percent(draw(basis_points)),
            "of": of,
            "instalments": str(draw(st.integers(1, 12))),
            "due": draw(st.sampled_from(["last day of each month", "first day of each month"])),
            "remainder": draw(st.sampled_from(["first", "last"])),
            "rounding": draw(st.sampled_from(["nearest", "down"])),
            "previous_point_value": "£171.20",
        },
        "balance": {"due": "2025-07-31"},
        "recovery": {
            "months": str(draw(st.integers(1, 12))),
            "notified": "2025-05-31",
            "remainder": draw(st.sampled_from(["first", "last"])),
        },
        "changes": {
            "joiner": draw(st.sampled_from(["whole months", "days", "full year", "nothing"])),
            "leaver": draw(st.sampled_from(["whole months", "days", "full year", "nothing"])),
            "merger": "successor",
        },
    }


@st.composite
def schemes(draw: st.DrawFn, per_head: bool | None = None) -> Scheme:
    """A scheme of up to five items, in money by head or in points with weights."""
    heads = draw(st.booleans()) if per_head is None else per_head
    items: list[dict[str, Any]] = []
    for n in range(draw(st.integers(1, 5))):
        measure = draw(
            st.sampled_from(
                ["achievement", "prevalence"] if heads else ["achievement", "prevalence", "register", "declared"]
            )
        )
        item: dict[str, Any] = {"item": f"I{n}", "indicator": f"X{n}", "measure": measure}
        if heads:
            gate = f"I{draw(st.integers(0, n - 1))}" if n and draw(st.booleans()) else ""
            item["pays"] = draw(stepped(gate))
        else:
            item["pays"] = draw(by_points(measure in ("achievement", "prevalence")))
            item["weights"] = draw(st.sampled_from([[], ["list"], ["list", "prevalence"], ["prevalence"]]))
        items.append(item)
    basis = {"column": "weighted_list_size", "called": "list", "at": "2024-01-01"}
    tree = {
        "scheme": "made",
        "version": "1",
        "title": "made",
        "commissioner": "nobody",
        "year": "2024-25",
        "achievement_date": "2025-03-31",
        "sources": {"made": {"title": "made up", "standing": "verified"}},
        "source": "made",
        "rounding": draw(rounding()),
        "terms": draw(terms("award for full achievement" if heads else "previous achievement or agreed points")),
        "groups": [{"group": f"G{n}", "title": "g", "list": "whole"} for n in range(2)],
        "indicators": [
            {"indicator": f"X{n}", "title": "x", "type": "process", "group": f"G{n % 2}", "spellings": [f"OLD-X{n}"]}
            for n in range(len(items))
        ],
        "items": items,
    }
    if heads:
        tree["heads"] = basis
    else:
        tree["point"] = {"value": f"£{draw(st.integers(1, 40_000)) / 100:.2f}"}
        tree["weights"] = {
            "list": {
                "list": {**basis, "column": "list_size"},
                "over": str(draw(st.integers(1, 12_000))),
                "over_at": "2024-01-01",
            },
            "prevalence": {"basis": "group", "at": "2025-03-31"},
        }
    return build(parse_source(json.dumps(tree), "made.yaml"))


@dataclass
class Made:
    """The rows of a run's inputs, to be written as they are or in another order."""

    scheme: Scheme
    practices: list[list[str]]
    counts: list[list[str]]
    national: list[list[str]] = field(default_factory=list)

    def write(self, folder: Path, seed: int | None = None) -> dict[str, Path]:
        """Write the inputs, with `seed` in some other order of rows; give the arguments of `remit.run`."""
        paths = {}
        for name in ("practices", "counts", "national"):
            rows = list(getattr(self, name))
            if seed is not None:
                random.Random(seed).shuffle(rows)
            text = io.StringIO()
            csv.writer(text).writerows([HEADER[name], *rows])
            paths[name] = folder / f"{name}.csv"
            paths[name].write_text(text.getvalue(), encoding="utf-8", newline="")
        return paths


@st.composite
def practices(draw: st.DrawFn, most: int = 4, changes: bool = True) -> list[list[str]]:
    rows = []
    days = st.dates(min_value=_day("2023-12-01"), max_value=_day("2025-06-30")).map(str)
    count = draw(st.integers(1, most))
    names = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
    for n in range(count):
        size = draw(st.integers(0, 20_000))
        weighted = exact_text(Fraction(draw(st.integers(0, 20_000_000)), 1000))
        joined = left = successor = ""
        if changes and draw(st.integers(0, 3)) == 0:
            joined, left = sorted([draw(days), draw(days)])
            joined, left = draw(st.sampled_from([(joined, ""), ("", left), (joined, left)]))
            if left and n and draw(st.booleans()):
                successor = "P0"
        if n == 0:
            left = ""
        rows.append([f"P{n}", draw(names), "", "", str(size), weighted, joined, left, successor])
    return rows


def _day(text: str) -> Any:
    from datetime import date

    return date.fromisoformat(text)


@st.composite
def inputs(draw: st.DrawFn, scheme: st.SearchStrategy[Scheme] | None = None, changes: bool = True) -> Made:
    """A scheme with practices and counts, some of which may be missing."""
    made = draw(scheme or schemes())
    rows = draw(practices(changes=changes))
    counts = []
    for code, *_ in rows:
        for item in made.items:
            if draw(st.integers(0, 9)) == 0:
                continue
            if item.measure == "achievement":
                of = draw(st.integers(0, 400))
                counts.append([code, item.item, "DENOMINATOR", str(of), ""])
                counts.append([code, item.item, "NUMERATOR", str(draw(st.integers(0, of))), ""])
                if draw(st.booleans()):
                    counts.append([code, item.item, "PCAS", str(draw(st.integers(0, 90))), ""])
            elif item.measure == "declared":
                counts.append([code, item.item, "DECLARED", str(draw(st.integers(0, 1))), ""])
            elif item.measure == "prevalence":
                of = draw(st.integers(0, 400))
                counts.append([code, item.item, "LIST_SIZE", str(of), ""])
                counts.append([code, item.item, "REGISTER", str(draw(st.integers(0, of))), ""])
        for group in made.groups:
            of = draw(st.integers(1, 9000))
            counts.append([code, group.group, "REGISTER", str(draw(st.integers(0, of))), ""])
            counts.append([code, group.group, "LIST_SIZE", str(of), ""])
        if draw(st.booleans()):
            counts.append(
                [
                    code,
                    "*",
                    draw(st.sampled_from(["AGREED", "HISTORIC_POINTS", "HISTORIC_POUNDS"])),
                    f"{draw(st.integers(0, 60_000)) / 100:.2f}",
                    "",
                ]
            )
    national = [
        [group.group, str(draw(st.integers(1, 900))), "10000"] for group in made.groups if draw(st.integers(0, 3))
    ]
    return Made(made, rows, counts, national)
